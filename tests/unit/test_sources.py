"""Live sources over real HTTP on loopback: what arrives, what is kept, and what a run learns."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import loopback
import pandas as pd
import pytest
from loopback import Site
from source_room import APP_ID, FALLBACK, TABLE, quiet, refused, running, silence, workbook

from kit import language, run
from kit.data import sources
from kit.data.sources import store
from kit.errors import DataError, ParameterError

FIXTURES = (quiet, running, silence)  # pytest finds them by their being here


# ---- files as they come


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"])
def test_a_csv_file_is_read_in_its_encoding_as_text(site: Site, encoding: str) -> None:
    url = site.serve("/a.csv", "町,人口\r\n八王子市,１２３\r\n檜原村,△5\r\n".encode(encoding))
    frame = sources.csv(url)
    assert frame.to_dict("list") == {"町": ["八王子市", "檜原村"], "人口": ["１２３", "△5"]}
    assert (frame.dtypes.astype(str) == "str").all()
    assert sources.numbers(frame["人口"]).tolist() == [123, -5]


def test_leading_zeros_and_words_like_na_stay(site: Site) -> None:
    url = site.serve("/a.csv", b'code,name\n013,NA\n"01,4","two\nlines"\n')
    assert sources.csv(url)["code"].tolist() == ["013", "01,4"]
    assert sources.csv(url)["name"].tolist() == ["NA", "two\nlines"]


def test_rows_above_the_header_are_left_out(site: Site) -> None:
    url = site.serve("/a.csv", "第1表 人口,,\n\n町,人口,人口,\nA,1,2,\n\n注) 模擬,,,\n".encode())
    frame = sources.csv(url, header_row=3)
    assert list(frame.columns) == ["町", "人口", "人口.1"]
    assert frame.iloc[:, 0].tolist() == ["A", "注) 模擬"]
    refused(lambda: sources.csv(url), "見出しより列の多い行", "header_row")
    refused(lambda: sources.csv(url, header_row=2), "列の見出しがありません", "header_row")
    refused(lambda: sources.csv(url, header_row=99), "列の見出しがありません", "header_row")


def test_a_tab_may_divide_the_cells(site: Site) -> None:
    url = site.serve("/a.tsv", b"a\tb\n1\t2,3\n")
    assert sources.csv(url, separator="\t")["b"].tolist() == ["2,3"]


def test_a_packed_answer_is_unpacked(site: Site) -> None:
    packed = gzip.compress(TABLE)
    url = site.serve("/a.csv", lambda e: e.reply(packed, Content_Encoding="gzip"))
    assert len(sources.csv(url)) == 2


def test_an_excel_sheet_is_read_as_a_person_sees_it(site: Site) -> None:
    import datetime

    rows = [["町", "人口", "割合", "日"], ["八王子市", 123.0, 0.25, datetime.datetime(2023, 4, 1)],
            ["檜原村", None, "△5", datetime.datetime(2023, 4, 1, 9, 30)]]  # fmt: skip
    url = site.serve("/a.xlsx", workbook(表1=[["x"], ["y"]], 表2=rows))
    frame = sources.excel(url, sheet="表2")
    assert frame.values.tolist() == [
        ["八王子市", "123", "0.25", "2023-04-01"], ["檜原村", "", "△5", "2023-04-01 09:30:00"],
    ]  # fmt: skip
    assert sources.excel(url, sheet=2).equals(frame)
    assert sources.excel(url)["x"].tolist() == ["y"]
    refused(lambda: sources.excel(url, sheet="表３"), "シート「表３」", "表2")
    refused(lambda: sources.excel(url, sheet=3), "シート「3」", "表1")


def test_a_table_carries_its_citation_and_its_snapshot(site: Site) -> None:
    frame = sources.csv(site.serve("/町.csv", TABLE), publisher="試験市", licence="CC BY 4.0")
    source = frame.attrs["citation"].sources[0]
    assert (source.publisher, source.title, source.known) == ("試験市", "町.csv", "second-hand")
    assert source.date.endswith("日に取得") and "CC BY 4.0" in frame.attrs["citation"].line("ja")
    snapshot = frame.attrs["snapshot"]
    assert snapshot["origin"] == "live" and snapshot["bytes"] == len(TABLE) and not snapshot["note"]
    assert store.sealed(snapshot["sha256"]) == TABLE
    assert sources.snapshots()[-1] == snapshot
    unlicensed = sources.csv(site.serve("/b.csv", TABLE)).attrs["citation"].sources[0]
    assert (unlicensed.publisher, unlicensed.known) == ("127.0.0.1", "not-seen")
    assert "未確認" in unlicensed.licence


# ---- copies


def test_a_copy_of_today_saves_the_server_a_request(site: Site) -> None:
    url = site.serve("/a.csv", TABLE)
    first, again = sources.csv(url), sources.csv(url)
    assert len(site.requests) == 1 and again.equals(first)
    assert [f.attrs["snapshot"]["origin"] for f in (first, again)] == ["live", "cache"]
    assert not again.attrs["snapshot"]["note"]
    assert sources.csv(url, max_age_hours=0).attrs["snapshot"]["origin"] == "live"
    assert len(site.requests) == 2


def test_an_earlier_copy_takes_the_place_of_a_server_that_fails(site: Site) -> None:
    url = site.serve("/a.csv", TABLE)
    fetched = sources.csv(url).attrs["snapshot"]["fetched_at"]
    site.serve("/a.csv", loopback.failing(500))
    with pytest.warns(sources.SourceNotice, match=r"HTTP 500.*に取得した控えを使います"):
        frame = sources.csv(url, max_age_hours=0, fallback=FALLBACK)
    assert frame.attrs["snapshot"] | {"note": ""} == {
        "origin": "cache", "url": url, "sha256": store.describe(url, TABLE).sha256,
        "bytes": len(TABLE), "fetched_at": fetched, "note": "",
    }  # fmt: skip


def test_a_page_instead_of_the_table_does_not_replace_the_copy(site: Site) -> None:
    url = site.serve("/a.csv", TABLE)
    sources.csv(url)
    site.serve("/a.csv", b"<html>moved", "text/html")
    for _ in range(2):
        with pytest.warns(sources.SourceNotice, match="ウェブページ"):
            assert len(sources.csv(url, max_age_hours=0)) == 2


def test_a_damaged_copy_is_noticed_and_fetched_again(site: Site, tmp_path: Path) -> None:
    url = site.serve("/a.csv", TABLE)
    path = tmp_path / "cache" / "content" / sources.csv(url).attrs["snapshot"]["sha256"]
    path.write_bytes(TABLE.replace(b"5", b"6"))
    assert sources.csv(url)["人口"].tolist() == ["１２３", "△5"]
    assert len(site.requests) == 2 and path.read_bytes() == TABLE
    path.unlink()
    assert len(sources.csv(url)) == 2 and path.read_bytes() == TABLE


def test_a_damaged_list_of_copies_is_no_copy(site: Site, tmp_path: Path) -> None:
    url = site.serve("/a.csv", TABLE)
    sources.csv(url)
    (path,) = (tmp_path / "cache" / "latest").iterdir()
    for damage in ("", "[]", "{}", path.read_text("utf-8")[:-20], '{"url": 1}'):
        path.write_text(damage, encoding="utf-8")
        assert sources.csv(url).attrs["snapshot"]["origin"] == "live"
    outside = json.loads(path.read_text("utf-8")) | {"sha256": "../latest/" + path.name}
    path.write_text(json.dumps(outside), encoding="utf-8")
    assert sources.csv(url).attrs["snapshot"]["origin"] == "live"


def test_a_copy_from_the_future_is_not_believed(site: Site, tmp_path: Path) -> None:
    url = site.serve("/a.csv", TABLE)
    sources.csv(url)
    (path,) = (tmp_path / "cache" / "latest").iterdir()
    record = json.loads(path.read_text("utf-8")) | {"fetched_at": "2999-01-01T00:00:00+00:00"}
    path.write_text(json.dumps(record), encoding="utf-8")
    assert sources.csv(url).attrs["snapshot"]["origin"] == "live"


def test_the_same_content_is_stored_once(site: Site, tmp_path: Path) -> None:
    for path in ("/a.csv", "/b.csv"):
        sources.csv(site.serve(path, TABLE))
    assert len(list((tmp_path / "cache" / "content").iterdir())) == 1
    assert len(list((tmp_path / "cache" / "latest").iterdir())) == 2


def test_a_cache_that_cannot_be_written_does_not_stop_the_class(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "file"))
    with pytest.warns(sources.SourceNotice, match="保存できませんでした"):
        frame = sources.csv(site.serve("/a.csv", TABLE))
    assert frame.attrs["snapshot"]["origin"] == "live"


def _fetch(url: str, times: int) -> None:
    for _ in range(times):
        assert len(sources.csv(url, max_age_hours=0)) == 2


@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_processes_that_fetch_at_once_do_not_disturb_each_other(site: Site, tmp_path: Path) -> None:
    url = site.serve("/a.csv", TABLE)
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_fetch, args=(url, 8)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert sources.csv(url).attrs["snapshot"]["origin"] == "cache"
    assert len(list((tmp_path / "cache").rglob("*.*"))) == 1  # the list; nothing half written
    assert len(list((tmp_path / "cache" / "content").iterdir())) == 1


# ---- a wanted checksum


def test_a_checksum_pins_the_content(site: Site) -> None:
    url = site.serve("/a.csv", TABLE)
    digest = store.describe(url, TABLE).sha256
    assert sources.csv(url, sha256=f"sha256:{digest.upper()}").attrs["snapshot"]["origin"] == "live"
    site.serve("/a.csv", TABLE + "町田市,9\n".encode())
    assert len(sources.csv(url, max_age_hours=0)) == 3
    assert len(sources.csv(url, sha256=digest)) == 2  # the pinned copy is still here


def test_another_content_than_the_pinned_is_refused(site: Site, tmp_path: Path) -> None:
    url = site.serve("/a.csv", TABLE)
    now = store.describe(url, TABLE).sha256
    refused(lambda: sources.csv(url, sha256="0" * 64), "sha256 のものと違います", now)
    assert not (tmp_path / "cache").exists()
    with pytest.warns(sources.SourceNotice, match="違います"):
        assert len(sources.csv(url, sha256="0" * 64, fallback=FALLBACK)) == 62


# ---- offline


def test_offline_no_connection_is_ever_opened(
    site: Site, monkeypatch: pytest.MonkeyPatch, no_sockets: None
) -> None:
    monkeypatch.setenv("KIT_OFFLINE", "1")
    monkeypatch.setenv("ESTAT_APP_ID", APP_ID)
    url = site.serve("/a.csv", TABLE)
    asks: list[Callable[..., pd.DataFrame]] = [
        lambda **more: sources.csv(url, **more),
        lambda **more: sources.excel(url, **more),
        lambda **more: sources.estat("0003448237", address=site.address, **more),
        lambda **more: sources.ckan(site.address, "towns", **more),
        lambda **more: sources.ckan("tokyo", "towns", **more),
    ]
    for ask in asks:
        refused(ask, "オフライン", "KIT_OFFLINE")
        with pytest.warns(sources.SourceNotice, match="オフライン"):
            assert len(ask(fallback="municipalities")) == 62
    assert site.requests == []


@pytest.mark.parametrize(
    ("value", "is_off"), [("1", True), ("true", True), ("0", False), ("", False)]
)
def test_the_switch_is_read_as_people_write_it(
    value: str, is_off: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_OFFLINE", value)
    assert sources.is_offline() is is_off


def test_offline_a_copy_is_used_whatever_its_age(site: Site) -> None:
    url = site.serve("/a.csv", TABLE)
    sources.csv(url)
    with sources.offline():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert len(sources.csv(url)) == 2
        with pytest.warns(sources.SourceNotice, match="オフライン"):
            assert len(sources.csv(url, max_age_hours=0)) == 2
    assert len(site.requests) == 1 and not sources.is_offline()


# ---- mistakes of the caller


@pytest.mark.parametrize(
    "url",
    ["", "a.csv", "/etc/hosts", "file:///etc/hosts", "ftp://example.jp/a.csv", "https://", None,
     "http://[broken/", "https://user:secret-word@example.jp/a.csv", "https://example.jp:port/",
     "https://example.jp/" + "a" * 3000],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything(url: str, no_sockets: None) -> None:
    with pytest.raises(ParameterError) as raised:
        sources.csv(url, fallback=FALLBACK)
    assert raised.value.hint and "secret-word" not in str(raised.value)


@pytest.mark.parametrize(
    "options",
    [{"sha256": "abc"}, {"limit_mb": 0}, {"limit_mb": "5"}, {"limit_mb": float("nan")},
     {"max_age_hours": -1}, {"max_age_hours": "1"}, {"header_row": 0}, {"header_row": "1"},
     {"separator": ""}, {"separator": ",,"}, {"separator": '"'}, {"separator": None},
     {"encoding": "japanese"}, {"fallback": 5}, {"fallback": ("a", "b", "c")}],
)  # fmt: skip
def test_an_argument_that_cannot_be_meant_is_told(site: Site, options: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        sources.csv(site.serve("/a.csv", TABLE), **options)
    assert raised.value.hint and raised.value.where == next(iter(options))


def test_a_wrong_fallback_is_told_while_the_source_still_works(site: Site) -> None:
    url = site.serve("/a.csv", TABLE)
    for fallback in ("municipality", ("municipalities", "towns")):
        with pytest.raises(DataError, match=r"データ|表") as raised:
            sources.csv(url, fallback=fallback)
        assert "municipalities" in str(raised.value.hint) or "近い" in str(raised.value.hint)
    assert site.requests == []


# ---- secrets in addresses


def test_keys_in_an_address_are_used_and_not_shown(site: Site, tmp_path: Path) -> None:
    url = site.serve("/a.csv", TABLE) + "?api_key=verysecret&page=2&X-Amz-Signature=alsosecret"
    frame = sources.csv(url)
    assert "api_key=verysecret" in site.requests[0]
    assert frame.attrs["snapshot"]["url"].endswith("?api_key=***&page=2&X-Amz-Signature=***")
    stored = "".join(p.read_text("utf-8") + p.name for p in tmp_path.rglob("*") if p.is_file())
    assert "secret" not in stored + repr(frame.attrs)


# ---- what a run keeps


def test_a_run_learns_what_its_notebook_read(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "snapshots.jsonl"
    assert sources.noted(notes) == []
    monkeypatch.chdir(tmp_path)
    url = site.serve("/a.csv", TABLE)
    with sources.noted_in(Path(notes.name)):
        monkeypatch.chdir("/")  # as a kernel works elsewhere
        first, second = sources.csv(url), sources.csv(url)
    sources.csv(url)
    assert sources.noted(notes) == [first.attrs["snapshot"], second.attrs["snapshot"]]
    assert run._once(sources.noted(notes)) == [first.attrs["snapshot"]]


def test_messages_are_in_the_language_of_the_room(site: Site) -> None:
    with language.using("en"):
        frame = sources.csv(site.serve("/a.csv", TABLE))
    source = frame.attrs["citation"].sources[0]
    assert "年" in source.date and "年" not in source.date_en
