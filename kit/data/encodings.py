"""Text in the encodings Japanese offices publish in."""

from __future__ import annotations

import codecs
import re

from kit.data.japanese import shown
from kit.errors import DataError, ParameterError
from kit.language import say

_MEANINGLESS = re.compile("[\uf8f0-\uf8f3]")
_HALF_WIDTH = re.compile("[｡-ﾟ]")


def read_text(content: bytes, encoding: str | None = None) -> str:
    """Return the text of a file, whatever Japanese encoding it is in.

    Parameters
    ----------
    content : bytes
        The file.
    encoding : str, optional
        What it is said to be in. Left out, it is found: a byte order mark, ISO-2022-JP's escapes,
        UTF-8, then cp932 (Excel's Shift_JIS) or EUC-JP, whichever reads more like Japanese.

    Returns
    -------
    str
        Without a byte order mark.

    Raises
    ------
    DataError
        If the bytes are not text in it, with the line they stop being it.
    ParameterError
        If there is no such encoding.

    Examples
    --------
    >>> read_text("八王子市".encode("cp932")), read_text("八王子市".encode("utf-8-sig"))
    ('八王子市', '八王子市')
    """
    if encoding is not None:
        return _decoded(content, _python_name(encoding))
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, name)
    if b"\0" in content:
        raise DataError(
            say("文字のファイルではありません。"),
            hint=say("Excel のファイルなら sources.excel で読んでください。"),
        )
    if b"\x1b$" in content:
        return _decoded(content, "iso2022_jp")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        read = [_tried(content, "cp932"), _tried(content, "euc_jp")]
        texts = [text for text in read if text is not None]
    if not texts:
        return _decoded(content, "utf-8")  # tells the line
    return min(texts, key=_oddness)


def _python_name(encoding: str) -> str:
    try:
        "a".encode(encoding)
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError, TypeError):
        raise ParameterError(
            say("「{encoding}」という文字コードはありません。", encoding=shown(encoding)),
            where="encoding",
            hint=say("使えるもの: {names}", names="utf-8, cp932, euc_jp, utf-16"),
        ) from None
    # What calls itself Shift_JIS was written by Windows, which has more characters.
    return {"shift_jis": "cp932", "utf-8": "utf-8-sig"}.get(name, name)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            say(
                "{line} 行目に、文字コード {name} では読めないところがあります。",
                line=line, name=name,
            ),
            hint=say("encoding= で文字コードを選んでください。例: cp932、utf-8、euc_jp"),
        ) from None  # fmt: skip


def _tried(content: bytes, name: str) -> str | None:
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        return None
    # Python's cp932 has a character for bytes that mean nothing in Shift_JIS.
    return None if _MEANINGLESS.search(text) else text


def _oddness(text: str) -> int:
    # EUC-JP read as cp932 turns into half-width katakana.
    return len(_HALF_WIDTH.findall(text))
