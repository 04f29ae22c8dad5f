"""What the tests of live sources share: an empty cache, a server, faults, and no internet."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import loopback
import openpyxl
import pytest
from loopback import Site

from kit.data.sources import fetch
from kit.errors import DataError

APP_ID = "0123456789abcdef0123456789abcdef01234567"
TABLE = "市区町村,人口\n八王子市,１２３\n檜原村,△5\n".encode()
FALLBACK = ("municipalities", "municipalities")


@pytest.fixture(name="quiet_room", autouse=True)
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, a short patience, and no setting of this machine's."""
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "cache"))
    for name in ("KIT_OFFLINE", "ESTAT_APP_ID", "ESTAT_ADDRESS", "KIT_SNAPSHOTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(fetch, "PATIENCE", fetch.Patience(5.0, 5.0, 20.0, pause=0.0))


def hurried(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose patience soon where the fault is slowness; everywhere else a busy machine has time."""
    if fault == "time-out":
        monkeypatch.setattr(fetch, "PATIENCE", fetch.Patience(5.0, 0.15, 20.0, pause=0.0))
    if fault == "dripping":
        monkeypatch.setattr(fetch, "PATIENCE", fetch.Patience(5.0, 0.15, 1.5, pause=1.0))


@pytest.fixture(name="site")
def running() -> Iterator[Site]:
    """A server of this test's own."""
    with loopback.site() as one:
        yield one


@pytest.fixture(name="no_sockets")
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no connection can be opened unnoticed."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def refused(ask: Callable[[], object], message: str, hint: str = "") -> DataError:
    """Return the error of a call that must end in a whole one: what, where, what next."""
    with pytest.raises(DataError, match=message) as raised:
        ask()
    assert raised.value.hint and hint in raised.value.hint
    assert raised.value.where
    return raised.value


def workbook(**sheets: list[list[Any]]) -> bytes:
    """Return an Excel file with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FAULTS: dict[str, tuple[loopback.Respond, str, int]] = {
    # what the server does: (how, what is said, requests made)
    "time-out": (loopback.silent(0.4), "時間内に", 2),
    "dripping": (loopback.dripping(400, 0.05), "時間内に", 1),
    "500": (loopback.failing(500), "HTTP 500", 2),
    "503": (loopback.failing(503), "HTTP 503", 2),
    "429": (loopback.failing(429), "混んでいます", 2),
    "404": (loopback.missing, "HTTP 404", 1),
    "403": (loopback.failing(403), "断られました", 1),
    "truncated": (loopback.truncated(TABLE, len(TABLE) + 100), "途中で切れました", 2),
    "cut chunks": (loopback.cut_chunks(TABLE), "途中で切れました", 2),
    "hangs up": (loopback.silent(0.0), "つながりませんでした", 2),
    "broken gzip": (
        lambda e: e.reply(b"not gzip at all", Content_Encoding="gzip"), "途中で切れました", 2,
    ),
    "picture": (loopback.body(b"\x89PNG\r\n", "image/png"), "image/png", 1),
    "PDF": (loopback.body(b"%PDF-1.7", "application/pdf"), "application/pdf", 1),
    "JSON": (loopback.body(b"{}", "application/json; charset=utf-8"), "application/json", 1),
    "page": (loopback.body(b"\n<!DOCTYPE html><p>moved", "text/html"), "ウェブページ", 1),
    "page called CSV": (loopback.body(b"\xef\xbb\xbf<HTML><p>moved"), "ウェブページ", 1),
    "login": (
        loopback.body(b'<html><form><input name=u><input type="password"></form>', "text/html"),
        "ログイン画面", 1,
    ),
    "login called CSV": (
        loopback.body(b"<!doctype html><input type='password'>"), "ログイン画面", 1,
    ),
    "empty": (loopback.body(b""), "空のファイル", 1),
    "header only": (loopback.body(b"a,b\n"), "行がありません", 1),
    "open quote": (loopback.body(b'a,b\n1,"2\n3,4\n'), "引用符", 1),
    "zip called CSV": (loopback.body(b"PK\x03\x04rest"), "Excel か zip", 1),
    "binary": (loopback.body(b"\x00\x01\x02\x03"), "文字のファイルではありません", 1),
    "no known encoding": (loopback.body(b"a,b\n\xff\xff,1\n"), "読めないところ", 1),
    "too many redirects": (loopback.redirect("/fault"), "転送が", 5),
    "redirect to a file": (loopback.redirect("file:///etc/hosts"), "安全ではない", 1),
    "redirect to a password": (loopback.redirect("http://u:p@127.0.0.1/"), "安全ではない", 1),
}  # fmt: skip
