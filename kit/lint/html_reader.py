"""HTML → what its readers read, block by block, with the language each says it is in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from html.parser import HTMLParser

from kit.lint.document import (
    CELL,
    CODE,
    DRAWING,
    FORMULA,
    HEADING,
    LABEL,
    PROSE,
    TITLE,
    Block,
    Document,
    Picture,
    words,
)
from kit.plain.markup import without_readings

_VOID = words("area base br col embed hr img input link meta source track wbr")
_INLINE = words("""a abbr b bdi bdo button cite code data del dfn em i ins kbd label mark output q s samp
    small span strong sub sup time u var wbr ruby rp rt tspan mi mn mo mrow mtext msub msup
    msubsup mfrac msqrt mover munder munderover mstyle mspace mpadded""")
_KINDS = {
    "pre": CODE,
    "math": FORMULA,
    "svg": DRAWING,
    "td": CELL,
    "th": CELL,
    "title": TITLE,
    **{f"h{n}": HEADING for n in range(1, 7)},
}
# What is inside these keeps their kind.
_HOLDERS = frozenset((CODE, FORMULA, DRAWING, CELL))
_SILENT = frozenset(("style", "script", "annotation", "template"))
_SAID = ("alt", "aria-label", "title", "placeholder")


_SVG = re.compile(r"(<svg\b[^>]*>)(.*?)</svg>", re.DOTALL | re.IGNORECASE)
_SVG_TEXT = re.compile(
    r"<(?:text|title|desc)\b[^>]*>(.*?)</(?:text|title|desc)>|aria-label=\"([^\"]*)\"", re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")


def read(source: str, file: str = "") -> Document:
    """Return the document that a page is.

    Parameters
    ----------
    source : str
        HTML, whole or a part.
    file : str
        Its path.

    Examples
    --------
    >>> page = read('<html lang="ja"><h1>題</h1><p>文<code>x</code></p>')
    >>> page.language, [(b.kind, b.text, b.bare) for b in page.blocks]
    ('ja', [('heading', '題', '題'), ('prose', '文x', '文')])
    """
    reader = _Reader(file)
    reader.feed(_SVG.sub(_without_drawing, without_readings(source)))
    reader.close()
    reader.flush()
    reader.document.written.append(("", source))
    return reader.document


def _without_drawing(svg: re.Match[str]) -> str:
    """Return an SVG with its words only, and a mark that tells its drawing from others: thousands
    of strokes are nothing to read."""
    texts = [_TAG.sub("", text) for pair in _SVG_TEXT.findall(svg[2]) for text in pair if text]
    mark = hashlib.sha256(svg[2].encode()).hexdigest()
    return f'{svg[1]}<desc data-drawn="{mark}">{" ".join(texts)}</desc></svg>'


class _Reader(HTMLParser):
    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document(file)
        # Each open element: its tag, its language, its kind of text.
        self.open: list[tuple[str, str, str]] = []
        self.place = ""
        self.words: list[str] = []
        self.bare: list[str] = []
        self.silent = 0
        self.coded = 0
        self.figure: _Figure | None = None

    # -- events ----------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        _, language, kind = self.open[-1] if self.open else ("", "", PROSE)
        own = said.get("lang", language)
        if tag not in _INLINE or own != language:
            self.flush()
        if "id" in said:
            self.place = f"#{said['id']}"
        if tag == "html":
            self.document.language = own
        if kind not in _HOLDERS:
            kind = _KINDS.get(tag, PROSE if tag not in _INLINE else kind)
        self._note(tag, said, own)
        self.silent += tag in _SILENT
        self.coded += tag == "code"
        if tag not in _VOID:
            self.open.append((tag, own, kind))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open:
            return
        if self.open[-1][0] != tag and not any(called == tag for called, *_ in self.open):
            return
        while self.open:
            called, language, _ = self.open[-1]
            outer = self.open[-2][1] if len(self.open) > 1 else ""
            if called not in _INLINE or language != outer:
                self.flush()
            self.open.pop()
            self.silent -= called in _SILENT
            self.coded -= called == "code"
            if called == "figure" and self.figure:
                self._close_figure()
            if called == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.words.append(data)
        if not self.coded:
            self.bare.append(data)

    def flush(self) -> None:
        """End the block of text being read."""
        text = "".join(self.words)
        bare = "".join(self.bare)
        self.words, self.bare = [], []
        if not text.strip() or self.silent:
            return
        _, language, kind = self.open[-1] if self.open else ("", "", PROSE)
        text = text.strip() if kind == CODE else " ".join(text.split())
        self.document.blocks.append(Block(self.place, text, language, kind, bare))
        if self.figure:
            self.figure.heard(text, kind, self.open)

    # -- pictures --------------------------------------------------------------------------------

    def _note(self, tag: str, said: dict[str, str], language: str) -> None:
        for name in _SAID:
            if said.get(name):
                self.document.blocks.append(
                    Block(self.place, said[name], language, LABEL, said[name])
                )
        if tag == "meta" and said.get("name") in ("description", "author", "generator", "keywords"):
            self.document.blocks.append(
                Block(self.place, said.get("content", ""), language, LABEL, said.get("content", ""))
            )
        if tag == "figure" and "chart" in said.get("class", "").split():
            self.figure = _Figure(self.place)
        if self.figure:
            self.figure.drawn += said.get("data-drawn", "")
            self.figure.classes.append(said.get("class", ""))
            if tag == "tr":
                self.figure.rows += 1
        elif tag == "img" and said.get("alt"):
            drawn = hashlib.sha256(said.get("src", "").encode()).hexdigest()
            self.document.pictures.append(Picture(self.place, said["alt"], drawn=drawn))
        elif tag == "svg" and said.get("role") == "img" and said.get("aria-label"):
            self.document.pictures.append(Picture(self.place, said["aria-label"]))

    def _close_figure(self) -> None:
        assert self.figure
        self.document.pictures.append(self.figure.picture())
        self.figure = None


class _Figure:
    """A chart being read: its description, its data table, what tells its drawing from others."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.words = ""
        self.cells: list[str] = []
        self.rows = 0
        self.more = False
        self.drawn = ""
        self.classes: list[str] = []

    def heard(self, text: str, kind: str, open: Sequence[tuple[str, str, str]]) -> None:
        tags = [tag for tag, *_ in open]
        if kind == CELL:
            self.cells.append(text)
        elif tags[-1:] == ["p"] and self.classes[-1:] == ["words"]:
            self.words = text
        elif tags[-1:] == ["p"] and "details" in tags:
            self.more = True  # 「ほかに … 行あります。」 below the table

    def picture(self) -> Picture:
        rows = max(0, self.rows - 1)
        return Picture(
            self.place,
            self.words,
            tuple(self.cells),
            rows,
            whole=not self.more,
            drawn=self.drawn,
        )
