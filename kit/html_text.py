"""What an HTML fragment says, as Markdown: its paragraphs, lists and tables."""

from __future__ import annotations

from html.parser import HTMLParser

from kit.language import say

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("dd", "dl", "dt", "li", "ol", "ul")
_BOXES = ("article", "blockquote", "div", "fieldset", "figcaption", "figure", "legend", "section")
_BLOCKS = frozenset(("p", *_HEADINGS, *_LISTS, *_BOXES))
_SILENT = frozenset(("button", "script", "select", "style", "template", "textarea"))


def text_of(html: str) -> str:
    """Return the words of an HTML fragment as Markdown; a drawing is what its label says.

    Examples
    --------
    >>> print(text_of("<p>文</p><table><tr><th>町<th>人<tr><td>甲<td>1|2</table>"))
    文
    <BLANKLINE>
    | 町 | 人 |
    | --- | --- |
    | 甲 | 1\\|2 |
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return "\n\n".join(reader.blocks).replace("\n\n- ", "\n- ")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.words = ""
        self.mark = ""
        self.rows: list[list[str]] | None = None  # of the table we are in
        self.silent = 0
        self.drawing = 0
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            label = dict(attrs).get("aria-label")
            self.words += f"{say('図')}: {label}" if label and not self.drawing else ""
            self.drawing += 1
        elif tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.end_block()
            self.rows = []
        elif tag in ("tr", "td", "th") and self.rows is not None:
            self._end_cell()
            self.rows.extend([[]] if tag == "tr" else [])
            self.in_cell = tag != "tr"
        elif tag in _BLOCKS:
            self.end_block()
            self.mark = "- " if tag == "li" else ""
        elif tag == "br":
            self.words += " "

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.drawing = max(0, self.drawing - 1)
        elif tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "caption" and self.rows is not None:
            self.blocks.append(f"**{_line(self.words)}**")
            self.words = ""
        elif tag == "table" and self.rows is not None:
            self._end_table()
        elif tag in _BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.drawing:
            self.words += data

    def end_block(self) -> None:
        if self.rows is not None:  # inside a cell
            self.words += " "
            return
        if words := _line(self.words):
            self.blocks.append(self.mark + words)
        self.words = self.mark = ""

    def _end_cell(self) -> None:
        if self.in_cell and self.rows:
            self.rows[-1].append(_line(self.words).replace("|", "\\|"))
        self.words, self.in_cell = "", False

    def _end_table(self) -> None:
        self._end_cell()
        rows = [row for row in self.rows or [] if row]
        self.rows = None
        if rows:
            head, *body = rows
            lines = [head, ["---"] * len(head), *body]
            self.blocks.append("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _line(text: str) -> str:
    return " ".join(text.split())
