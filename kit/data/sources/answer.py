"""What a server said, and whether it is what was wanted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kit.errors import DataError
from kit.language import say

_NO_TABLE = ("image/", "audio/", "video/", "font/")
_OTHER = {"application/pdf", "application/json", "application/xml", "text/xml"}
_PAGE = ("text/html", "application/xhtml+xml")
_HEAD = 4096
_PASSWORD = (b'type="password"', b"type='password'", b"type=password")


@dataclass(frozen=True)
class Answer:
    """What a server said.

    Parameters
    ----------
    url : str
        Where the answer came from in the end, without secrets.
    status : int
        HTTP status.
    media : str
        Content type in lower case, without its parameters; empty where the server did not say.
    content : bytes
        The body.
    """

    url: str
    status: int
    media: str
    content: bytes

    def table(self) -> bytes:
        """Return the body if it can be a table.

        Raises
        ------
        DataError
            If there is none, or it is a web page, a login screen or another kind of file.

        Examples
        --------
        >>> Answer("https://www.example.jp/a.csv", 200, "text/csv", b"a,b").table()
        b'a,b'
        """
        hint = say("CSV か Excel のファイルそのもののアドレスか、確かめてください。")
        self._found()
        self._no_page(hint)
        if self.media.startswith(_NO_TABLE) or self.media in _OTHER:
            raise DataError(
                say("表ではないもの（{kind}）が返ってきました。", kind=self.media),
                where=self.url,
                hint=hint,
            )
        if not self.content.strip():
            raise DataError(say("空のファイルが返ってきました。"), where=self.url, hint=hint)
        return self.content

    def json(self) -> Any:
        """Return the JSON that the body holds, whatever the status.

        Raises
        ------
        DataError
            If it is a web page, or no whole JSON.
        """
        again = say(
            "少し待って、もう一度実行してください。続くときは、サイトのお知らせを見てください。"
        )
        self._no_page(again)
        try:
            return json.loads(self.content.decode("utf-8-sig"))
        except ValueError:
            raise DataError(
                say("返ってきた答えが JSON ではないか、途中で切れています。"),
                where=self.url,
                hint=again,
            ) from None

    def _found(self) -> None:
        if self.status in (401, 403):
            raise DataError(
                say("読むことを断られました（HTTP {status}）。", status=self.status),
                where=self.url,
                hint=say("だれでも読めるファイルか、ブラウザーで開いて確かめてください。"),
            )
        if self.status >= 300:
            raise DataError(
                say("ファイルがありません（HTTP {status}）。", status=self.status),
                where=self.url,
                hint=say("アドレスが変わっていないか、公表元のページで確かめてください。"),
            )

    def _no_page(self, hint: str) -> None:
        head = self.content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if not head.startswith((b"<!doctype html", b"<html")) and not (
            self.media in _PAGE and head.startswith(b"<")
        ):
            return
        if any(field in self.content.lower() for field in _PASSWORD):
            raise DataError(
                say("データではなく、ログイン画面のようなページが返ってきました。"),
                where=self.url,
                hint=say(
                    "ログインのいらないアドレスを使ってください。"
                    "庁内の回線なら、外への接続に手続きがいるか確かめてください。"
                ),
            )
        raise DataError(
            say("データではなく、ウェブページが返ってきました。"), where=self.url, hint=hint
        )
