"""PDF as Typst writes it → its text, page by page, and what is said in its metadata.

Typst writes every object plainly and gives each font a table back to Unicode, so a few patterns
read it in milliseconds. A PDF of another make may not be readable this way: then that is said.
"""

from __future__ import annotations

import re
import zlib

from kit.language import say
from kit.lint.document import LABEL, PROSE, TITLE, Block, Document, Picture

_OBJECT = re.compile(rb"(\d+) 0 obj\b")
_LENGTH = re.compile(rb"/Length (\d+)\b(?! 0 R)")
_STRING = rb"\((?:[^\\()]|\\.|\((?:[^\\()]|\\.|\((?:[^\\()]|\\.)*\))*\))*\)|<[0-9A-Fa-f\s]*>"
_STRINGS = re.compile(_STRING, re.DOTALL)
_TEXT = re.compile(
    rb"/(?P<font>\S+)\s+[-\d.]+\s+Tf\b|(?P<many>\[(?:" + _STRING + rb"|[-\d.\s])*\])\s*TJ"
    rb"|(?P<one>" + _STRING + rb")\s*(?:Tj|')",
    re.DOTALL,
)
_TEXT_OBJECT = re.compile(rb"\bBT\b(.*?)\bET\b", re.DOTALL)
# Japanese goes on after the end of a line, or of a change of style, as if there were none.
_LINE_END = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[(.*?)\])", re.DOTALL
)
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_NAMED = re.compile(rb"/(\S+?)\s+(\d+) 0 R")
_SAID = re.compile(
    rb"/(Title|Author|Subject|Keywords|Creator|Producer|Alt|T)\s*(" + _STRING + rb")", re.DOTALL
)
_LANG = re.compile(rb"/Lang\s*\((.*?)\)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}


def read(data: bytes, file: str = "") -> Document:
    """Return the document that a PDF is.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its path.
    """
    document = Document(file)
    objects = dict(_objects(data))
    if not data.startswith(b"%PDF") or not objects:
        document.unreadable = say("PDF ではありません。")
        return document
    if b"/Encrypt" in data[-2048:] or any(b"/ObjStm" in body for body, _ in objects.values()):
        document.unreadable = say("Typst の作る形ではない PDF なので、中の文字を読めません。")
        return document
    fonts = _Fonts(objects)
    catalogue = next((body for body, _ in objects.values() if b"/Type/Catalog" in body), b"")
    found = _LANG.search(catalogue)
    document.language = found[1].decode("latin-1") if found else ""
    _metadata(document, objects)
    pages = [(n, body) for n, (body, _) in objects.items() if re.search(rb"/Type/Page\b", body)]
    for number, (_, body) in enumerate(pages, start=1):
        place = say("{n} ページ", n=number)
        text = _page_text(body, objects, fonts, document, place)
        if text.strip():
            document.blocks.append(Block(place, text, document.language, PROSE, text))
    if pages and not any(block.kind == PROSE for block in document.blocks):
        document.unreadable = say("文字がひとつも読めません。")
    return document


def _objects(data: bytes) -> list[tuple[int, tuple[bytes, bytes]]]:
    """Return number → (dictionary, decoded stream) of every object; pictures are left packed."""
    found = []
    at = 0
    while head := _OBJECT.search(data, at):
        start = head.end()
        end = data.find(b"endobj", start)
        if end < 0:
            break
        stream = data.find(b"stream", start, end)
        body, content = data[start:end], b""
        length = _LENGTH.search(data, start, stream) if stream > 0 else None
        if length:
            body = data[start:stream]
            begin = stream + len(b"stream")
            begin += 2 if data[begin : begin + 2] == b"\r\n" else 1
            packed = data[begin : begin + int(length[1])]
            end = data.find(b"endobj", begin + len(packed))
            content = packed if b"/Filter" not in body else _unpacked(body, packed)
        found.append((int(head[1]), (body, content)))
        at = end if end > 0 else len(data)
    return found


def _unpacked(body: bytes, packed: bytes) -> bytes:
    if b"/Image" in body or b"FlateDecode" not in body or b"/FontFile" in body:
        return b""
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return b""


class _Fonts:
    """What each font's glyphs mean."""

    def __init__(self, objects: dict[int, tuple[bytes, bytes]]) -> None:
        self.objects = objects
        self.read: dict[int, _Table] = {}

    def named(self, holder: bytes) -> dict[bytes, _Table]:
        """Return font name → glyph → text, for the resources of a page or a form."""
        resources = holder
        if pointer := re.search(rb"/Resources (\d+) 0 R", holder):
            resources = self.objects.get(int(pointer[1]), (b"", b""))[0]
        if pointer := re.search(rb"/Font (\d+) 0 R", resources):
            fonts = self.objects.get(int(pointer[1]), (b"", b""))[0]
        else:
            inline = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
            fonts = inline[1] if inline else b""
        return {m[1]: self.table(int(m[2])) for m in _NAMED.finditer(fonts)}

    def table(self, number: int) -> _Table:
        if number not in self.read:
            body = self.objects.get(number, (b"", b""))[0]
            pointer = re.search(rb"/ToUnicode (\d+) 0 R", body)
            source = self.objects.get(int(pointer[1]), (b"", b""))[1] if pointer else b""
            self.read[number] = _to_unicode(source)
        return self.read[number]


class _Table(dict[int, str]):
    """Glyph → text; of a glyph that is not in it nothing is known."""

    def __missing__(self, glyph: int) -> str:
        return ""


def _to_unicode(source: bytes) -> _Table:
    table = _Table()
    for kind, section in _SECTION.findall(source):
        if kind == b"char":
            for code, text in _PAIR.findall(section):
                table[int(code, 16)] = _utf16(text)
            continue
        for first, last, start, listed in _RANGE.findall(section):
            codes = range(int(first, 16), int(last, 16) + 1)
            texts = re.findall(rb"<([0-9A-Fa-f]+)>", listed)
            for offset, code in enumerate(codes):
                if texts:
                    table[code] = _utf16(texts[min(offset, len(texts) - 1)])
                else:
                    base = _utf16(start)
                    table[code] = base[:-1] + chr(ord(base[-1]) + offset)
    return table


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")


def _page_text(
    page: bytes,
    objects: dict[int, tuple[bytes, bytes]],
    fonts: _Fonts,
    document: Document,
    place: str,
) -> str:
    found = re.search(rb"/Contents\s*(\[[^\]]*\]|\d+ 0 R)", page)
    parts = []
    for number in re.findall(rb"(\d+) 0 R", found[1]) if found else ():
        content = objects.get(int(number), (b"", b""))[1]
        parts.append(_shown(content, fonts.named(page), document, place))
    return "".join(parts)


def _shown(content: bytes, fonts: dict[bytes, _Table], document: Document, place: str) -> str:
    """Return the text that a content stream shows, a line a text object."""
    text: list[str] = []
    table = _Table()
    for shown in _TEXT_OBJECT.findall(content):
        for match in _TEXT.finditer(shown):
            if match["font"]:
                table = fonts.get(match["font"], _Table())
                continue
            strings = _STRINGS.findall(match["many"] or match["one"])
            # Two bytes a glyph: read as UTF-16, a glyph's number is a character to replace.
            glyphs = b"".join(map(_bytes, strings)).decode("utf-16-be", "surrogatepass")
            if "\0" in glyphs:
                document.boxes.append(place)
            text.append(glyphs.translate(table))
        text.append("\n")
    return _LINE_END.sub("", "".join(text))


def _bytes(string: bytes) -> bytes:
    """Return what a PDF string stands for.

    Examples
    --------
    >>> _bytes(b"<0041>"), _bytes(rb"(a\\051\\n)")
    (b'\\x00A', b'a)\\n')
    """
    if string.startswith(b"<"):
        digits = re.sub(rb"\s", b"", string[1:-1]).decode("ascii")
        return bytes.fromhex(digits + "0" * (len(digits) % 2))
    inside = string[1:-1]
    if b"\\\\" not in inside:
        inside = inside.replace(b"\\000", b"\0")  # every other byte of most text
    if b"\\" not in inside:
        return inside
    return _ESCAPE.sub(
        lambda m: bytes([int(m[1], 8) & 255]) if m[1].isdigit() else _ESCAPED.get(m[1], m[1]),
        inside,
    )


def _said(string: bytes) -> str:
    raw = _bytes(string)
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")


def _metadata(document: Document, objects: dict[int, tuple[bytes, bytes]]) -> None:
    for body, content in objects.values():
        if b"/Type/Metadata" in body:
            document.written.append(("XMP", content.decode("utf-8", "replace")))
            continue
        # Text of the page itself is in the blocks; fonts and pictures say nothing.
        for name, string in _SAID.findall(body):
            text = _said(string)
            key = name.decode("ascii")
            document.written.append((key, text))
            if key == "Title" and b"/Author" in body:
                document.blocks.append(Block("Title", text, document.language, TITLE, text))
            elif key == "Subject":
                document.blocks.append(Block("Subject", text, document.language, LABEL, text))
            elif key == "Alt":
                document.pictures.append(Picture("Alt", text))
                document.blocks.append(Block("Alt", text, document.language, LABEL, text))
        if b"/URI" in body or b"/F(" in body:
            document.written.append(("URI", body.decode("latin-1")))
