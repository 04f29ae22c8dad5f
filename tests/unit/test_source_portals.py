"""e-Stat and CKAN as they answer: tables, refusals, oddities, and an id nobody gets to see."""

from __future__ import annotations

import io
import logging
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import loopback
import pandas as pd
import pytest
from loopback import Site
from source_room import (
    APP_ID,
    FALLBACK,
    FAULTS,
    TABLE,
    hurried,
    quiet,
    refused,
    running,
    silence,
    workbook,
)

from kit.data import sources
from kit.data.sources import address
from kit.errors import KitError, ParameterError

FIXTURES = (quiet, running, silence)  # pytest finds them by their being here


# ---- e-Stat


@pytest.fixture
def portal(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    site.serve("/rest/3.0/app/json/getStatsData", loopback.estat(APP_ID))
    monkeypatch.setenv("ESTAT_ADDRESS", site.address + "/rest/3.0/app/json")
    monkeypatch.setenv("ESTAT_APP_ID", APP_ID)
    return site


def test_codes_of_estat_become_names(portal: Site) -> None:
    frame = sources.estat("0003448237")
    assert frame["area"].tolist() == ["千代田区", "八王子市", "利島村"]
    assert frame["area_code"].tolist() == ["13101", "13201", "13362"]
    assert set(frame["tab"]) == {"人口"} and set(frame["unit"]) == {"人"}
    assert frame["value"].tolist()[:2] == [1001, -20.5] and frame["value"].isna().tolist()[2]
    assert frame["mark"].tolist() == ["", "", "***"]
    assert frame.attrs["labels"] == {"tab": "表章項目", "area": "地域", "time": "時間軸（調査年）"}
    assert frame.attrs["marks"] == {"***": "公表されない数値"}
    line = frame.attrs["citation"].line("ja")
    assert "総務省「国勢調査 男女別人口」" in line
    source = frame.attrs["citation"].sources[0]
    assert "保証されたものではありません" in source.note and source.known == "not-seen"


def test_a_table_of_several_pages_is_one_table(portal: Site) -> None:
    whole = sources.estat("0003448237")
    portal.serve("/rest/3.0/app/json/getStatsData", loopback.estat(APP_ID, per_page=1))
    paged = sources.estat("0003448237", max_age_hours=0)
    assert len(portal.requests) == 4 and paged.equals(whole)
    # the clock in each answer does not make it another content
    assert paged.attrs["snapshot"]["sha256"] == whole.attrs["snapshot"]["sha256"]


def test_a_broken_chain_of_pages_ends(portal: Site) -> None:
    page = loopback.estat_page([("13101", "1")], 1, 9, following=1)
    portal.serve("/rest/3.0/app/json/getStatsData", lambda e: e.send_json(page))
    refused(lambda: sources.estat("0003448237"), "終わりません", "filters")
    assert len(portal.requests) == 1


def test_filters_are_asked_for_and_checked(portal: Site) -> None:
    frame = sources.estat("0003448237", filters={"area": ["13201", "13362"], "lvTab": "1"})
    assert len(frame) == 2 and "cdArea=13201%2C13362&lvTab=1" in portal.requests[0]
    assert len(sources.estat("0003448237", filters={"area": "13201"})) == 1
    refused(
        lambda: sources.estat("0003448237", filters={"area": "99999"}),
        "条件に合うデータ",
        "filters",
    )
    for name in ("town", "appId", "cat16", "callback"):
        with pytest.raises(ParameterError, match=name):
            sources.estat("0003448237", filters={name: "1"})


@pytest.mark.parametrize("stats_id", ["3448237", "", "00034482371", "abcdefghij", 3448237, None])
def test_a_table_id_has_ten_digits(portal: Site, stats_id: str) -> None:
    with pytest.raises(ParameterError, match="10 桁"):
        sources.estat(stats_id)
    assert portal.requests == []


def test_a_missing_app_id_is_told(portal: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTAT_APP_ID", " ")
    refused(lambda: sources.estat("0003448237"), "ESTAT_APP_ID", "ノートブックには書かない")
    assert portal.requests == []


ODD: dict[str, tuple[loopback.Respond, str]] = {
    "parameter": (lambda e: e.send_json(loopback.estat_refusal(102, "不正です。")), "102: 不正です"),
    "database": (lambda e: e.send_json(loopback.estat_refusal(300, "混雑")), "300: 混雑"),
    "no table": (lambda e: e.send_json(loopback.estat_refusal(0, "")), "仕様書"),
    "other JSON": (lambda e: e.send_json({"hello": 1}), "仕様書"),
    "list": (lambda e: e.send_json([1]), "仕様書"),
    "half": (loopback.body(b'{"GET_STATS_DATA": {', "application/json"), "途中で切れています"),
    "maintenance": (loopback.body(b"<html>", "text/html"), "ウェブページ"),
    "500": (loopback.failing(500), "HTTP 500"),
    "no values": (lambda e: e.send_json(loopback.estat_page([], 1, 0, None)), "条件に合うデータ"),
    "no classes": (
        lambda e: e.send_json({"GET_STATS_DATA": {
            "RESULT": {"STATUS": 0}, "STATISTICAL_DATA": {"DATA_INF": {"VALUE": {"$": "1"}}}}}),
        "仕様書",
    ),
}  # fmt: skip


@pytest.mark.parametrize("answer", ODD)
def test_an_odd_answer_of_estat_is_told(portal: Site, answer: str) -> None:
    respond, said = ODD[answer]
    portal.serve("/rest/3.0/app/json/getStatsData", respond)
    refused(lambda: sources.estat("0003448237"), said)
    with pytest.warns(sources.SourceNotice):
        assert len(sources.estat("0003448237", fallback="municipalities")) == 62


def test_an_expired_app_id_is_told_with_the_next_step(
    portal: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESTAT_APP_ID", "f" * 40)
    refused(lambda: sources.estat("0003448237"), "受けつけませんでした", "期限切れ")
    with pytest.warns(sources.SourceNotice, match="期限切れ"):
        frame = sources.estat("0003448237", fallback=FALLBACK)
    assert frame.attrs["snapshot"]["origin"] == "packaged"


def everything_said(ask: Callable[[], pd.DataFrame], logged: io.StringIO, folder: Path) -> str:
    """Return whatever a call shows, logs, stores or hands back."""
    parts: list[str] = []
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            frame = ask()
            parts += [repr(frame.attrs), frame.to_csv(), repr(sources.snapshots())]
        except KitError as error:
            chain: BaseException | None = error
            while chain is not None:
                parts += [str(chain), repr(chain.__dict__), *traceback.format_exception(chain)]
                chain = chain.__cause__ or chain.__context__
    parts += [str(one.message) for one in seen]
    for path in folder.rglob("*"):
        parts.append(str(path))
        if path.is_file():
            parts.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(parts) + logged.getvalue()


@pytest.mark.parametrize("app_id", [APP_ID, "0123+/= odd?key"])
@pytest.mark.parametrize("fault", ["none", "500", "time-out", "hangs up", "truncated", "redirect",
                                   "echo", "closed"])  # fmt: skip
def test_the_app_id_is_written_nowhere(
    portal: Site, fault: str, app_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESTAT_APP_ID", app_id)
    monkeypatch.setenv("KIT_SNAPSHOTS", str(tmp_path / "snapshots.jsonl"))
    if fault == "closed":
        monkeypatch.setenv("ESTAT_ADDRESS", "http://127.0.0.1:9")
    elif fault == "redirect":
        back = loopback.redirect(f"http://localhost:1/?appId={app_id}")
        portal.serve("/rest/3.0/app/json/getStatsData", back)
    elif fault == "echo":
        page = loopback.estat_page([("13101", "1")], 1, 1, None)
        page["GET_STATS_DATA"]["STATISTICAL_DATA"]["TABLE_INF"]["@id"] = app_id
        portal.serve("/rest/3.0/app/json/getStatsData", lambda e: e.send_json(page))
    elif fault != "none":
        hurried(fault, monkeypatch)
        portal.serve("/rest/3.0/app/json/getStatsData", FAULTS[fault][0])
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        said = everything_said(lambda: sources.estat("0003448237"), logged, tmp_path)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert "0003448237" in said
    spellings = {app_id, *address.secrets(f"?appId={app_id}"), app_id.replace("+", "%2B")[:10]}
    assert not [one for one in spellings if one in said]
    assert "HTTP connection" in logged.getvalue()  # the log was listening …
    if fault in ("none", "500", "redirect"):
        assert "appId=***" in logged.getvalue()  # … when the whole address went by


# ---- CKAN


def listing(site: Site, **more: Any) -> dict[str, Any]:
    """Return a dataset as Tokyo's catalogue describes one."""
    return {
        "name": "t131000d0000000001",
        "title": "試験の統計表",
        "license_id": "CC-BY-4.0",
        "license_title": "クリエイティブ・コモンズ 表示（CC BY）",
        "license_url": "https://creativecommons.org/licenses/by/4.0/deed.ja",
        "organization": {"name": "t131000", "title": "試験都"},
        "resources": [
            {"id": "r0", "name": "説明", "format": "PDF", "url": f"{site.address}/a.pdf"},
            {"id": "r1", "name": "表（Excel）", "format": "XLSX", "url": f"{site.address}/a.xlsx"},
            {"id": "r2", "name": "表（CSV）", "format": "csv", "url": "/a.csv"},
        ],
        **more,
    }


@pytest.fixture
def catalogue(site: Site) -> Site:
    site.serve("/a.csv", TABLE)
    site.serve("/a.xlsx", workbook(表=[["町"], ["檜原村"]]))
    site.serve("/api/3/action/package_show", loopback.ckan({"towns": listing(site)}))
    return site


def test_the_csv_file_of_a_dataset_is_read_with_its_licence(catalogue: Site) -> None:
    frame = sources.ckan(catalogue.address, "towns")
    assert frame["市区町村"].tolist() == ["八王子市", "檜原村"]
    source = frame.attrs["citation"].sources[0]
    assert (source.publisher, source.title) == ("試験都", "試験の統計表")
    assert (source.licence, source.known) == ("クリエイティブ・コモンズ 表示（CC BY）", "seen")
    assert source.path.endswith("/dataset/towns") and "deed.ja" in source.note
    assert frame.attrs["snapshot"]["url"] == catalogue.address + "/a.csv"
    assert catalogue.requests[0] == "/api/3/action/package_show?id=towns"


@pytest.mark.parametrize("resource", ["表（Excel）", "r1", 2])
def test_a_file_may_be_chosen_by_name_id_or_place(catalogue: Site, resource: str | int) -> None:
    assert sources.ckan(catalogue.address, "towns", resource=resource)["町"].tolist() == ["檜原村"]


def test_without_a_stated_licence_none_is_claimed(catalogue: Site) -> None:
    bare = listing(catalogue, license_id="", license_title=None, organization=None, author=None)
    catalogue.serve("/api/3/action/package_show", loopback.ckan({"towns": bare}))
    source = sources.ckan(catalogue.address, "towns").attrs["citation"].sources[0]
    assert source.known == "not-seen" and "未確認" in source.licence


@pytest.mark.parametrize(
    ("dataset", "resource", "said", "hint"),
    [
        ("cities", None, "「cities」がありません", "アドレスの最後"),
        ("towns", "表", "resource=", "2. 表（Excel） (XLSX)"),
        ("towns", 4, "resource=", "3. 表（CSV）"),
        ("towns", 0, "resource=", "表（CSV）"),
        ("towns", "説明", "PDF のファイル", "CSV か Excel"),
        ("empty", None, "読めるファイル", "どんなファイルがあるか"),
        ("twins", "双子", "ひとつに決まりません", "1. 双子"),
    ],
)
def test_a_file_that_is_not_there_is_told(
    catalogue: Site, dataset: str, resource: str | int | None, said: str, hint: str
) -> None:
    twin = {"name": "双子", "format": "CSV", "url": "/a.csv"}
    known = {
        "towns": listing(catalogue),
        "empty": listing(catalogue, resources=[]),
        "twins": listing(catalogue, resources=[twin, twin]),
    }
    catalogue.serve("/api/3/action/package_show", loopback.ckan(known))
    refused(lambda: sources.ckan(catalogue.address, dataset, resource=resource), said, hint)


@pytest.mark.parametrize(
    ("respond", "said"),
    [
        (loopback.missing, "CKAN"),
        (loopback.body(b'{"success": true, "result": []}', "application/json"), "CKAN"),
        (loopback.body(b"[1]", "application/json"), "CKAN"),
        (loopback.body(b'{"success": true', "application/json"), "途中で切れています"),
        (loopback.failing(500), "HTTP 500"),
    ],
)
def test_what_is_no_catalogue_is_told(site: Site, respond: loopback.Respond, said: str) -> None:
    site.serve("/api/3/action/package_show", respond)
    refused(lambda: sources.ckan(site.address, "towns"), said)
    with pytest.warns(sources.SourceNotice):
        assert len(sources.ckan(site.address, "towns", fallback="municipalities")) == 62


def test_a_dataset_missing_today_may_be_there_tomorrow(catalogue: Site, tmp_path: Path) -> None:
    refused(lambda: sources.ckan(catalogue.address, "cities"), "がありません")
    assert not (tmp_path / "cache").exists()
    answer = loopback.ckan({"cities": listing(catalogue)})
    catalogue.serve("/api/3/action/package_show", answer)
    assert len(sources.ckan(catalogue.address, "cities")) == 2


def test_a_private_dataset_is_told(site: Site) -> None:
    error = {"success": False, "error": {"__type": "Authorization Error", "message": "denied"}}
    site.serve("/api/3/action/package_show", lambda e: e.send_json(error, 403))
    refused(lambda: sources.ckan(site.address, "towns"), "公開されていません")


def test_a_catalogue_has_a_known_name_or_an_address() -> None:
    with pytest.raises(ParameterError, match="tokio") as raised:
        sources.ckan("tokio", "towns")
    assert "tokyo" in str(raised.value.hint) and "https://" in str(raised.value.hint)
    assert sources.CATALOGUES["tokyo"].startswith("https://catalog.data.metro.tokyo")


def test_a_catalogue_seen_before_is_read_offline(
    catalogue: Site, request: pytest.FixtureRequest
) -> None:
    sources.ckan(catalogue.address, "towns")
    request.getfixturevalue("no_sockets")
    with sources.offline():
        assert len(sources.ckan(catalogue.address, "towns")) == 2
