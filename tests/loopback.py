"""A real HTTP server on this machine that answers as e-Stat, CKAN and file hosts do, faults included.

The answers have the documented shapes: e-Stat API 3.0 (``GET_STATS_DATA`` with one thing sent bare
and several as a list, ``NEXT_KEY`` for the next page, a refusal with HTTP 403 and status 100) and
CKAN's action API (``success``, ``result``, ``error.__type``). The numbers are made up.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Respond = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One request being answered."""

    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as the test has arranged; 404 for everything else."""
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.site.requests.append(self.path)
        respond = self.server.site.pages.get(unquote(parts.path), missing)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            respond(self)

    def reply(
        self, body: bytes = b"", status: int = 200, kind: str = "text/csv", **headers: str
    ) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, said: Any, status: int = 200) -> None:
        """Send a whole answer in JSON."""
        body = json.dumps(said, ensure_ascii=False).encode()
        self.reply(body, status, "application/json;charset=utf-8")

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a visitor who hung up, or who spoke TLS to a server that does not."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@dataclass
class Site:
    """A server, what it answers at each path, and what it has been asked.

    Parameters
    ----------
    address : str
        ``http://127.0.0.1:<port>``.
    pages : dict
        Path to what answers there.
    requests : list of str
        Every request so far, with its query.
    sent : int
        Bytes of endless bodies handed to the network.
    """

    address: str
    pages: dict[str, Respond] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    sent: int = 0

    def serve(self, path: str, respond: Respond | bytes, kind: str = "text/csv") -> str:
        """Answer at `path` with a body, or as `respond` does; return the address."""
        if isinstance(respond, bytes):
            body = respond
            self.pages[path] = lambda exchange: exchange.reply(body, kind=kind)
        else:
            self.pages[path] = respond
        return self.address + path


@contextlib.contextmanager
def site() -> Iterator[Site]:
    """Run a server on a free port of 127.0.0.1 inside a ``with`` block."""
    server = _Server(("127.0.0.1", 0), Exchange)
    server.site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# ---- faults


def missing(exchange: Exchange) -> None:
    """Answer 404 with a page."""
    exchange.reply(b"<!DOCTYPE html><title>404</title>", 404, "text/html")


def failing(status: int) -> Respond:
    """Answer with an error of the server's."""
    return lambda exchange: exchange.reply(b"oops", status, "text/plain")


def in_turn(*responses: Respond) -> Respond:
    """Answer the first time in the first way, and so on; the last way stays."""
    left = list(responses)
    return lambda exchange: (left.pop(0) if len(left) > 1 else left[0])(exchange)


def body(content: bytes, kind: str = "text/csv") -> Respond:
    """Answer with a whole body."""
    return lambda exchange: exchange.reply(content, kind=kind)


def silent(seconds: float) -> Respond:
    """Say nothing for a while, then hang up."""

    def respond(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.close_connection = True

    return respond


def dripping(pieces: int, pause: float) -> Respond:
    """Send one byte at a time, each soon enough to pass for alive."""

    def respond(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Type", "text/csv")
        exchange.send_header("Content-Length", str(pieces))
        exchange.end_headers()
        for _ in range(pieces):
            exchange.wfile.write(b"1")
            exchange.wfile.flush()
            time.sleep(pause)

    return respond


def truncated(content: bytes, said: int) -> Respond:
    """Promise `said` bytes and hang up after fewer."""

    def respond(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Type", "text/csv")
        exchange.send_header("Content-Length", str(said))
        exchange.end_headers()
        exchange.wfile.write(content)
        exchange.close_connection = True

    return respond


def cut_chunks(content: bytes) -> Respond:
    """Send one chunk of a chunked body and hang up before the last."""

    def respond(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Type", "text/csv")
        exchange.send_header("Transfer-Encoding", "chunked")
        exchange.end_headers()
        exchange.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
        exchange.close_connection = True

    return respond


def huge(megabytes: int, *, said: bool) -> Respond:
    """Send a very long table, telling its length beforehand or not."""

    def respond(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Type", "text/csv")
        if said:
            exchange.send_header("Content-Length", str(megabytes * 1_000_000))
        exchange.end_headers()
        exchange.close_connection = True
        piece = b"a,b\n" * 25_000
        for _ in range(megabytes * 10):
            exchange.wfile.write(piece)
            exchange.server.site.sent += len(piece)

    return respond


def redirect(target: str) -> Respond:
    """Send the visitor elsewhere."""
    return lambda exchange: exchange.reply(b"", 302, Location=target)


# ---- e-Stat

_CLASSES = [
    {
        "@id": "tab",
        "@name": "表章項目",
        "CLASS": {"@code": "020", "@name": "人口", "@level": "", "@unit": "人"},
    },
    {
        "@id": "area",
        "@name": "地域",
        "CLASS": [
            {"@code": "13101", "@name": "千代田区", "@level": "2", "@parentCode": "13000"},
            {"@code": "13201", "@name": "八王子市", "@level": "2", "@parentCode": "13000"},
            {"@code": "13362", "@name": "利島村", "@level": "2", "@parentCode": "13000"},
        ],
    },
    {
        "@id": "time",
        "@name": "時間軸（調査年）",
        "CLASS": {"@code": "2020000000", "@name": "2020年", "@level": "1"},
    },
]
_VALUES = [("13101", "1001"), ("13201", "-20.5"), ("13362", "***")]


def estat_refusal(status: int, message: str) -> dict[str, Any]:
    """Return what e-Stat says instead of a table."""
    result = {"STATUS": status, "ERROR_MSG": message, "DATE": "2026-07-01T09:00:00.000+09:00"}
    return {"GET_STATS_DATA": {"RESULT": result, "PARAMETER": {"LANG": "J", "DATA_FORMAT": "J"}}}


def estat_page(
    values: list[tuple[str, str]], first: int, total: int, following: int | None
) -> dict[str, Any]:
    """Return one page of a table as e-Stat sends it; a single value comes bare."""
    cells = [
        {"@tab": "020", "@area": area, "@time": "2020000000", "@unit": "人", "$": value}
        for area, value in values
    ]
    said = {"TOTAL_NUMBER": total, "FROM_NUMBER": first, "TO_NUMBER": first + len(values) - 1}
    return {
        "GET_STATS_DATA": {
            "RESULT": {
                "STATUS": 0,
                "ERROR_MSG": "正常に終了しました。",
                "DATE": time.strftime(f"%Y-%m-%dT%H:%M:%S.{time.monotonic_ns() % 1000:03d}+09:00"),
            },
            "PARAMETER": {"LANG": "J", "STATS_DATA_ID": "0003448237", "DATA_FORMAT": "J"},
            "STATISTICAL_DATA": {
                "RESULT_INF": said | ({"NEXT_KEY": following} if following else {}),
                "TABLE_INF": {
                    "@id": "0003448237",
                    "STAT_NAME": {"@code": "00200521", "$": "国勢調査"},
                    "GOV_ORG": {"@code": "00200", "$": "総務省"},
                    "TITLE": {"@no": "1", "$": "男女別人口"},
                    "SURVEY_DATE": 202010,
                },
                "CLASS_INF": {"CLASS_OBJ": _CLASSES},
                "DATA_INF": {
                    "NOTE": {"@char": "***", "$": "公表されない数値"},
                    "VALUE": cells[0] if len(cells) == 1 else cells,
                },
            },
        }
    }


def estat(app_id: str, per_page: int = 10) -> Respond:
    """Answer as e-Stat's ``getStatsData`` to the holder of `app_id`."""

    def respond(exchange: Exchange) -> None:
        asked = exchange.query
        if asked.get("appId") != app_id:
            told = f"認証に失敗しました。アプリケーションIDを確認して下さい。{asked.get('appId')}"
            return exchange.send_json(estat_refusal(100, told), 403)
        if asked["statsDataId"] != "0003448237":
            return exchange.send_json(estat_refusal(102, "統計表IDが不正です。"))
        areas = asked.get("cdArea", "13101,13201,13362").split(",")
        values = [(area, value) for area, value in _VALUES if area in areas]
        if not values:
            told = "正常に終了しましたが、該当データはありませんでした。"
            return exchange.send_json(estat_refusal(1, told))
        first = int(asked.get("startPosition", 1))
        following = first + per_page if first + per_page <= len(values) else None
        page = values[first - 1 : first - 1 + per_page]
        return exchange.send_json(estat_page(page, first, len(values), following))

    return respond


# ---- CKAN


def ckan(datasets: dict[str, dict[str, Any]]) -> Respond:
    """Answer as CKAN's ``package_show`` for these datasets."""

    def respond(exchange: Exchange) -> None:
        help_ = exchange.server.site.address + "/api/3/action/help_show?name=package_show"
        found = datasets.get(exchange.query["id"])
        if found is None:
            error = {"__type": "Not Found Error", "message": "Not found"}
            return exchange.send_json({"help": help_, "success": False, "error": error}, 404)
        return exchange.send_json({"help": help_, "success": True, "result": found})

    return respond
