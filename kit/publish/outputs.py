"""What a cell put out, as nodes: charts, tables, sentences. See :mod:`kit.publish.nodes`."""

from __future__ import annotations

import base64
import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from nbformat import NotebookNode

from kit.language import say
from kit.publish import drawing
from kit.publish.clean import DROP
from kit.publish.nodes import Node, markdown, plain, printable, words

VEGA = "application/vnd.vega.v5+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
ROWS = 25  # of a table; a page holds no more beside its text
LINES = 40  # of printed text

_VOID = frozenset(["br", "col", "hr", "img", "input", "wbr"])
_SILENT = frozenset(
    ("button", "head", "math", "option", "script", "select", "style", "svg", "template", "textarea")
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_FLOW = _HEADINGS.union(
    ("address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt"),
    ("fieldset", "figcaption", "figure", "footer", "form", "header", "html", "legend", "li"),
    ("main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul"),
)
_STRONG = _HEADINGS.union(("b", "strong", "summary", "legend", "dt", "figcaption"))
# A part of the screen that says what can be done there says nothing on paper.
_WIDGETS = frozenset(
    (
        "kit-panel",
        "kit-quiz",
        "kit-form",
        "kit-cards",
        "kit-finish",
        "kit-journey",
        "kit-logic-model",
    )
)
_ROOM = re.compile(r"[＿\s]*＿[＿\s]*")
_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)
_DATA = re.compile(r"^data:image/(png|jpeg|gif);base64,(.+)$", re.DOTALL)


def cell(source: NotebookNode) -> list[Node]:
    """Return what a code cell put out, in order."""
    return [node for output in source.get("outputs", ()) for node in shown(output)]


def shown(output: Mapping[str, Any]) -> list[Node]:
    """Return one output as nodes.

    A widget shows its static fallback; what only a screen could show is left out.

    Examples
    --------
    >>> shown({"output_type": "stream", "name": "stdout", "text": "22%"})
    [{'kind': 'code', 'text': '22%'}]
    """
    kind = output["output_type"]
    if kind == "stream":
        return _printed(output["text"]) if output["name"] == "stdout" else []
    if kind == "error":
        return _printed(f"{output['ename']}: {output['evalue']}")
    data = output.get("data", {})
    if VEGA in data or "image/png" in data:
        return [_chart(data, output.get("metadata", {}))]
    if "text/html" in data:
        return from_html(_joined(data["text/html"]))
    if "text/markdown" in data:
        return markdown(_joined(data["text/markdown"]))
    if WIDGET in data:
        return []
    text = _joined(data.get("text/plain", ""))
    return [] if text.strip() in ("None", "Ellipsis") else _printed(text)


def from_html(source: str) -> list[Node]:
    """Return the text, tables and pictures of an HTML fragment as blocks.

    Examples
    --------
    >>> from_html("<p>受診率は<b>22%</b></p><script>x()</script>")[0]["children"][1]["kind"]
    'strong'
    """
    drawings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        drawings.append(match[0])
        return f'<img src="svg:{len(drawings) - 1}">'

    builder = _Builder(drawings)
    builder.feed(_SVG.sub(keep, source))
    builder.close()
    return list(builder.root.blocks())


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _printed(text: str | list[str]) -> list[Node]:
    # Colour codes of a terminal are no text.
    bare = printable(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", _joined(text))).strip("\n")
    lines = bare.split("\n")
    if len(lines) > LINES:
        lines = [*lines[:LINES], say("（あと {count} 行）", count=len(lines) - LINES)]
    return [{"kind": "code", "text": "\n".join(lines)}] if bare.strip() else []


def _chart(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Node:
    about = metadata.get("kit", {})
    alt = about.get("description") or _joined(data.get("text/plain", "")) or say("図")
    if VEGA not in data:
        return _picture(base64.b64decode(_joined(data["image/png"])), "png", alt)
    spec = json.loads(data[VEGA]) if isinstance(data[VEGA], str) else data[VEGA]
    title, subtitle = drawing.title_of(spec)
    source = str(about.get("source") or "")
    # The kit's charts say their source under the title; on paper it stands below the picture.
    if _packed(subtitle) == _packed([source]):
        subtitle = []
    svg = drawing.draw(spec, source=False).svg(prefix="", attributes="")
    return {
        "kind": "figure",
        "title": words(" ".join(title)),
        "subtitle": words(" ".join(subtitle)),
        "picture": _picture(svg.encode(), "svg", alt),
        "source": words(source),
    }


def _packed(lines: Sequence[str]) -> str:
    return re.sub(r"\s", "", "".join(lines))


class _Element:
    """An HTML element, as far as a printed page cares."""

    def __init__(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[_Element | str] = []

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def find(self, *tags: str) -> Iterator[_Element]:
        for child in self.children:
            if isinstance(child, _Element):
                if child.tag in tags:
                    yield child
                else:
                    yield from child.find(*tags)

    def blocks(self) -> Iterator[Node]:
        """Yield the element's content as blocks; loose words between blocks become paragraphs."""
        run: list[Node] = []
        for child in self.children:
            if isinstance(child, _Element) and (child.tag in _FLOW or child.picture):
                yield from _paragraph(run)
                run = []
                yield from child.block()
            else:
                run.extend(_inline(child))
        yield from _paragraph(run)

    def block(self) -> Iterator[Node]:
        if self.picture:
            yield self.picture
        elif "kit-quiz" in self.classes or ("kit-cards" in self.classes and any(self.find("ol"))):
            yield _question(self)
        elif "kit-chart" in self.classes and any(image.picture for image in self.find("img")):
            yield _figure(self)
        elif self.tag == "table":
            yield from _table(self)
        elif self.tag in ("ul", "ol"):
            items = [list(item.blocks()) for item in self.find("li")]
            yield {"kind": "list", "ordered": self.tag == "ol", "start": 1, "items": items}
        elif self.tag == "pre":
            yield from _printed(self.text())
        elif self.tag == "blockquote":
            yield {"kind": "quote", "children": list(self.blocks())}
        elif self.tag in _STRONG and not any(self.find("p", "ul", "ol", "table")):
            # A heading inside an output is no heading of the document.
            yield from _paragraph([{"kind": "strong", "children": _trim(self.inline())}])
        else:
            yield from self.blocks()

    def inline(self) -> list[Node]:
        return [node for child in self.children for node in _inline(child)]

    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    picture: Node | None = None


class _Builder(HTMLParser):
    def __init__(self, drawings: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.drawings = drawings
        self.root = _Element("body", {})
        self.open = [self.root]
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, dict(attrs))
        if self.silent or tag in _SILENT or self._only_on_screen(element):
            if tag not in _VOID:
                self.silent.append(tag)
            return
        if tag == "img":
            element.picture = self._picture(element.attributes)
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            while tag in self.silent and self.silent.pop() != tag:
                pass
        elif any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.open[-1].children.append(data)

    def _only_on_screen(self, element: _Element) -> bool:
        classes = element.classes
        inside = any(_WIDGETS.intersection(around.classes) for around in self.open)
        return DROP in classes or "kit-blank" in classes or ("kit-note" in classes and inside)

    def _picture(self, attributes: Mapping[str, str | None]) -> Node | None:
        source, alt = attributes.get("src") or "", attributes.get("alt") or ""
        if source.startswith("svg:"):
            svg = self.drawings[int(source[4:])]
            label = re.search(r'aria-label="([^"]*)"', svg) or re.search(r"<title>([^<]*)<", svg)
            return _picture(svg.encode(), "svg", label[1] if label else say("図"))
        data = _DATA.match(source)
        if data:
            ending = {"jpeg": "jpg"}.get(data[1], data[1])
            return _picture(base64.b64decode(data[2]), ending, alt or say("図"))
        return None


def _picture(content: bytes, ending: str, alt: str) -> Node:
    return {"kind": "picture", "bytes": content, "format": ending, "alt": printable(alt)}


def _inline(part: _Element | str) -> list[Node]:
    if isinstance(part, str):
        text = printable(re.sub(r"\s+", " ", part))
        return [{"kind": "text", "text": text}] if text else []
    if part.tag == "br":
        return [{"kind": "break"}]
    if part.tag == "input":
        marks = ("checkbox", "radio")
        return words("□ ") if part.attributes.get("type") in marks else []
    if part.tag in ("code", "kbd", "samp"):
        return [{"kind": "code", "text": printable(part.text())}]
    if part.tag == "span" and _ROOM.fullmatch(part.text()):
        return [{"kind": "room", "lines": 1 + sum(1 for _ in part.find("br"))}]
    inner = part.inline()
    if part.tag in ("strong", "b"):
        return [{"kind": "strong", "children": inner}]
    if part.tag in ("em", "i"):
        return [{"kind": "emphasis", "children": inner}]
    if part.tag == "a":
        href = part.attributes.get("href") or ""
        return [{"kind": "link", "href": href, "children": inner}]
    return inner


def _trim(nodes: list[Node]) -> list[Node]:
    """Drop the white space at the ends of a run."""
    nodes = [dict(node) for node in nodes]
    if nodes and nodes[0]["kind"] == "text":
        nodes[0]["text"] = nodes[0]["text"].lstrip()
    if nodes and nodes[-1]["kind"] == "text":
        nodes[-1]["text"] = nodes[-1]["text"].rstrip()
    return [node for node in nodes if node.get("text") != ""]


def _paragraph(run: list[Node]) -> Iterable[Node]:
    children = _trim(run)
    if any(node["kind"] == "room" for node in children):
        return children if len(children) == 1 else [{"kind": "paragraph", "children": children}]
    return [{"kind": "paragraph", "children": children}] if plain(children).strip() else []


def _figure(chart: _Element) -> Node:
    """Return a chart that stands in HTML; its title must not be left behind on another page."""
    parts = {name: part for part in chart.find("div") for name in part.classes}

    def said(name: str) -> list[Node]:
        return words(parts[name].text().strip()) if name in parts else []

    return {
        "kind": "figure",
        "title": said("kit-chart-title"),
        "subtitle": [],
        "picture": next(image.picture for image in chart.find("img") if image.picture),
        "source": said("kit-chart-source"),
    }


def _question(quiz: _Element) -> Node:
    """Return what is asked, with a box before each thing to choose or to put in order."""
    title = next(quiz.find("legend", "figcaption"), _Element("legend", {}))
    letters = string.ascii_uppercase if "kit-quiz" in quiz.classes else ""
    options = [_trim(item.inline()) for item in quiz.find("li")]
    return {
        "kind": "question",
        "prompt": _trim(title.inline()),
        "options": [
            {"letter": letters[at : at + 1], "text": text} for at, text in enumerate(options)
        ],
    }


def _table(table: _Element) -> Iterator[Node]:
    heads = [row for part in table.find("thead") for row in part.find("tr")]
    rows = [row for row in table.find("tr") if row not in heads]
    if not heads and rows and not any(rows[0].find("td")):
        heads = [rows.pop(0)]
    head = _cells(heads[-1]) if heads else []
    body = [_cells(row) for row in rows]
    width = max((len(row) for row in [head, *body]), default=0)
    if width == 0:
        return
    captions = [_trim(caption.inline()) for caption in table.find("caption")]
    caption = captions[0] if captions else []
    if not head:
        # Nothing says what its columns are: it is no table, but terms and what is said of them.
        yield {"kind": "terms", "caption": caption, "rows": [_padded(row, width) for row in body]}
        return
    yield {
        "kind": "table",
        "caption": caption,
        "head": _padded(head, width),
        "rows": [_padded(row, width) for row in body[:ROWS]],
        "align": [_alignment([row[at] for row in body if at < len(row)]) for at in range(width)],
    }
    if len(body) > ROWS:
        yield from _paragraph(words(say("（あと {count} 行）", count=len(body) - ROWS)))


def _cells(row: _Element) -> list[list[Node]]:
    cells: list[list[Node]] = []
    for cell in row.find("td", "th"):
        cells.append(_trim(cell.inline()))
        span = cell.attributes.get("colspan") or ""
        cells.extend([] for _ in range(int(span) - 1 if re.fullmatch("[1-9]", span) else 0))
    return cells


def _padded(row: list[list[Node]], width: int) -> list[list[Node]]:
    return row + [[] for _ in range(width - len(row))]


def _alignment(column: list[list[Node]]) -> str:
    texts = [plain(cell).strip() for cell in column]
    numbers = [bool(re.match(r"^[-−+△▲¥$]?[\d.,]+", text)) for text in texts if text]
    return "right" if numbers and all(numbers) else "left"
