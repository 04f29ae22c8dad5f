"""Whatever a server does wrong is told with the next step, and nothing of it is kept."""

from __future__ import annotations

import gzip
import socket
import time
from pathlib import Path

import loopback
import pytest
from loopback import Site
from source_room import FALLBACK, FAULTS, TABLE, hurried, quiet, refused, running, silence, workbook

from kit.data import sources
from kit.data.sources import sheets
from kit.errors import DataError

FIXTURES = (quiet, running, silence)  # pytest finds them by their being here


# ---- faults of the server


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_the_next_step_and_nothing_is_kept(
    site: Site, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    respond, said, asked = FAULTS[fault]
    hurried(fault, monkeypatch)
    url = site.serve("/fault", respond)
    began = time.monotonic()
    error = refused(lambda: sources.csv(url), said)
    assert time.monotonic() - began < 10  # the dripping server would take 20 s
    assert url in str(error.where) and len(site.requests) == asked
    assert type(error) is DataError and error.__cause__ is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("fault", ["time-out", "500", "truncated", "PDF", "login", "open quote"])
def test_a_fault_falls_back_to_the_packaged_table(
    site: Site, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(fault, monkeypatch)
    respond, said, _ = FAULTS[fault]
    with pytest.warns(sources.SourceNotice, match="municipalities") as seen:
        frame = sources.csv(site.serve("/fault", respond), fallback=FALLBACK)
    assert len(frame) == 62 and said in str(seen[0].message)
    snapshot = frame.attrs["snapshot"]
    assert snapshot["origin"] == "packaged" and len(snapshot["sha256"]) == 64
    assert snapshot["note"] == str(seen[0].message)
    assert snapshot["url"] == "datasets/municipalities/municipalities.csv"
    assert frame.attrs["citation"].name == "municipalities"


@pytest.mark.parametrize("status", [500, 502, 429])
def test_a_server_that_stumbles_once_is_asked_again(site: Site, status: int) -> None:
    stumble = loopback.in_turn(loopback.failing(status), loopback.body(TABLE))
    assert len(sources.csv(site.serve("/a.csv", stumble))) == 2
    assert len(site.requests) == 2


@pytest.mark.parametrize("said", [True, False])
def test_a_body_of_200_megabytes_is_not_downloaded(site: Site, said: bool) -> None:
    url = site.serve("/huge.csv", loopback.huge(200, said=said))
    refused(lambda: sources.csv(url, limit_mb=2), "上限 2 MB", "limit_mb")
    assert site.sent < 20_000_000 and len(site.requests) == 1
    if said:
        refused(lambda: sources.csv(url), "上限 50 MB")
        assert site.sent < 20_000_000


def test_a_small_packed_answer_that_unpacks_to_much_is_refused(site: Site) -> None:
    packed = gzip.compress(b"a,b\n" * 1_000_000)
    url = site.serve("/a.csv", lambda e: e.reply(packed, Content_Encoding="gzip"))
    assert len(packed) < 100_000
    refused(lambda: sources.csv(url, limit_mb=1), "大きすぎます")


def test_nobody_there_is_told(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    refused(lambda: sources.csv(f"http://127.0.0.1:{port}/a.csv"), "つながりませんでした")


def test_a_proxy_or_a_certificate_that_fails_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypted = site.address.replace("http:", "https:")
    refused(lambda: sources.csv(encrypted), "証明書", "情報システムの担当")
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    refused(lambda: sources.csv("http://www.example.jp/a.csv"), "プロキシ", "HTTPS_PROXY")


def test_a_redirect_is_followed(site: Site) -> None:
    site.serve("/new.csv", TABLE)
    assert len(sources.csv(site.serve("/old.csv", loopback.redirect("/new.csv")))) == 2


def test_a_key_is_not_carried_to_another_host(site: Site) -> None:
    with loopback.site() as other:
        target = other.serve("/a.csv", TABLE).replace("127.0.0.1", "localhost")
        url = site.serve("/a.csv", loopback.redirect(target))
        refused(lambda: sources.csv(f"{url}?token=abcdef123456"), "安全ではない")
        assert other.requests == []


# ---- damaged workbooks


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "古い形"),
        (TABLE, "Excel のファイルとして"),
        (workbook(a=[["x"], [1]])[:800], "Excel のファイルとして"),
        (b"PK\x05\x06" + b"\0" * 18, "Excel のファイルとして"),
        (workbook(a=[["x"]]), "行がありません"),
        (workbook(a=[]), "見出しがありません"),
    ],
)
def test_a_workbook_that_is_none_is_told(site: Site, content: bytes, said: str) -> None:
    refused(lambda: sources.excel(site.serve("/a.xlsx", content, "application/zip")), said)


def test_a_workbook_with_damaged_bytes_is_told(site: Site) -> None:
    content = bytearray(workbook(a=[["x"], *[[n] for n in range(500)]]))
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[at : at + 40] = b"\xff" * 40
    refused(lambda: sources.excel(site.serve("/a.xlsx", bytes(content))), "Excel のファイルとして")


def test_a_workbook_that_unpacks_to_much_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(sheets, "_UNPACKED", 100)
    refused(
        lambda: sources.excel(site.serve("/a.xlsx", workbook(a=[["x"], [1]]))), "Excel のファイル"
    )
