"""Markdown as a tree of plain nodes, for forms that are not HTML.

A node is a ``dict`` with a ``kind``. A template walks the tree and knows each kind; text stays
text all the way, so nothing that an author or a participant wrote can become code of the template.

Blocks: ``heading`` (level, children), ``paragraph`` (children), ``list`` (ordered, start, items),
``quote`` (children), ``code`` (text), ``table`` (caption, head, rows, align), ``rule``,
``formula`` (tree, alt, display), ``picture`` (bytes, format, alt); from outputs (see
:mod:`kit.publish.outputs`) also ``figure`` (title, subtitle, picture, source), ``terms`` (caption,
rows), ``question`` (prompt, options).
Inline: ``text`` (text), ``strong``, ``emphasis``, ``strike`` (children), ``code`` (text),
``link`` (href, children), ``break``, ``formula``, ``room`` (lines, to write on).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markdown_it.token import Token

from kit.publish import prose
from kit.publish.formula import formula

Node = dict[str, Any]
Attachments = Mapping[str, Mapping[str, str]]

_SPANS = {"strong": "strong", "em": "emphasis", "s": "strike"}
_LISTS = ("bullet_list_open", "ordered_list_open")
_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_COMBINING = re.compile(r"\w[\u0300-\u036f\u3099\u309a]+")
# Signs the fonts lack, said with ones they have; and marks nobody sees.
_STAND_INS = str.maketrans(
    {
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
        **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
        **dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009", " "),
        **dict.fromkeys("\u200a\u202f\u205f\u00a0\t", " "),
        **dict.fromkeys("\u2028\u2029\r", "\n"),
        **dict.fromkeys("✕✖✗✘❌", "×"),
        **dict.fromkeys("✔✅", "✓"),
        "\u2011": "-",
        "☐": "□",
        "☑": "■",
        "⭐": "★",
    }
)


def markdown(text: str, *, attachments: Attachments | None = None) -> list[Node]:
    """Return the blocks of a Markdown `text`.

    HTML in it stays text, and lines that break between Japanese characters are joined without a
    space (see :func:`kit.publish.prose.parser`).

    Parameters
    ----------
    text : str
        Markdown.
    attachments : mapping, optional
        A cell's attachments: file name to ``{media type: base64}``.

    Raises
    ------
    CourseError
        If a formula cannot be set.

    Examples
    --------
    >>> [node["kind"] for node in markdown("**受診率**は\\n22％です。")[0]["children"]]
    ['strong', 'text']
    >>> markdown("<b>x</b>")[0]["children"]
    [{'kind': 'text', 'text': '<b>x</b>'}]
    """
    return _Reader(prose.parser().parse(text), attachments or {}).blocks()


def inline(text: str) -> list[Node]:
    """Return the inline nodes of one line of Markdown: a title, a quiz option, a table cell.

    Examples
    --------
    >>> inline("前後比較では **わかりません**")[1]["kind"]
    'strong'
    """
    token = prose.parser().parseInline(text)[0]
    return _Reader([], {}).inline(token.children or [])


def words(text: str) -> list[Node]:
    """Return `text` as one inline node, every mark in it kept as it is written.

    Examples
    --------
    >>> words("*a*")
    [{'kind': 'text', 'text': '*a*'}]
    """
    return [{"kind": "text", "text": printable(text)}]


def plain(nodes: Iterable[Node]) -> str:
    """Return the text of `nodes` without their marks.

    Examples
    --------
    >>> plain(markdown("# 一つ\\n\\n**二つ**"))
    '一つ 二つ'
    """
    return " ".join(part for part in (_plain(node) for node in nodes) if part)


def printable(text: str) -> str:
    """Return `text` with the signs no font here has said in others, and unseen marks left out.

    か followed by a combining ゛ (as file names on a Mac have it) becomes が; the compatibility
    characters of people's names stay as they are, which NFC as a whole would not do.

    Examples
    --------
    >>> printable("か\\u3099☐\\x1b\\ufe0f")
    'が□'
    """
    text = _COMBINING.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    text = text.translate(_STAND_INS)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")


def _plain(node: Node) -> str:
    for key in ("text", "alt"):
        if key in node:
            return str(node[key])
    if node["kind"] == "list":
        return " ".join(plain(item) for item in node["items"])
    if node["kind"] in ("table", "terms"):
        return " ".join(plain(c) for row in (node.get("head", ()), *node["rows"]) for c in row)
    if node["kind"] == "question":
        return plain(
            part for o in [node["prompt"], *(o["text"] for o in node["options"])] for part in o
        )
    separator = " " if node["kind"] == "quote" else ""
    return separator.join(_plain(child) for child in node.get("children", ()))


class _Reader:
    """The flat token stream of markdown-it, read as a tree."""

    def __init__(self, tokens: Sequence[Token], attachments: Attachments) -> None:
        self.tokens = iter(tokens)
        self.attachments = attachments

    def until(self, closing: str) -> Iterator[Token]:
        for token in self.tokens:
            if token.type == closing:
                return
            yield token

    def blocks(self, closing: str = "") -> list[Node]:
        nodes: list[Node] = []
        for token in self.until(closing):
            node = self.block(token)
            if node is not None:
                nodes.append(node)
        return nodes

    def block(self, token: Token) -> Node | None:
        if token.type == "heading_open":
            level = int(token.tag[1])
            return {"kind": "heading", "level": level, "children": self.content("heading_close")}
        if token.type == "paragraph_open":
            return _paragraph(self.content("paragraph_close"))
        if token.type in _LISTS:
            return self.items(token)
        if token.type == "blockquote_open":
            return {"kind": "quote", "children": self.blocks("blockquote_close")}
        if token.type in ("fence", "code_block"):
            return {"kind": "code", "text": printable(token.content.rstrip("\n"))}
        if token.type == "table_open":
            return self.table()
        if token.type == "hr":
            return {"kind": "rule"}
        if token.type in ("math_block", "math_block_label", "amsmath"):
            return formula(token.content, display=True)
        return None

    def content(self, closing: str) -> list[Node]:
        return [
            node
            for token in self.until(closing)
            if token.type == "inline"
            for node in self.inline(token.children or [])
        ]

    def items(self, opening: Token) -> Node:
        items = [
            _ticked(self.blocks("list_item_close"))
            for token in self.until(opening.type.replace("open", "close"))
            if token.type == "list_item_open"
        ]
        return {
            "kind": "list",
            "ordered": opening.type == "ordered_list_open",
            "start": int(opening.attrs.get("start", 1)),
            "items": items,
        }

    def table(self) -> Node:
        rows: list[list[list[Node]]] = []
        align: list[str] = []
        caption: list[Node] = []
        for token in self.until("table_close"):
            if token.type == "caption_open":
                caption = self.content("caption_close")
            elif token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if len(rows) == 1:
                    style = str(token.attrs.get("style", ""))
                    align.append(style.removeprefix("text-align:") or "left")
                rows[-1].append(self.content(token.type.replace("open", "close")))
        if not any(rows[0]):
            return {"kind": "terms", "caption": caption, "rows": rows[1:]}
        return {
            "kind": "table",
            "caption": caption,
            "head": rows[0],
            "rows": rows[1:],
            "align": align,
        }

    def inline(self, tokens: Sequence[Token]) -> list[Node]:
        stack: list[list[Node]] = [[]]
        links: list[str] = []
        for token in tokens:
            here = stack[-1]
            if token.type.endswith("_open"):
                stack.append([])
                links.append(str(token.attrs.get("href", "")))
            elif token.type.endswith("_close"):
                children, href = stack.pop(), links.pop()
                stack[-1].append(_span(token.type.removesuffix("_close"), children, href))
            elif token.type == "hardbreak":
                here.append({"kind": "break"})
            elif token.type == "code_inline":
                here.append({"kind": "code", "text": printable(token.content)})
            elif token.type.startswith("math_inline"):
                display = token.type == "math_inline_double"
                here.append(formula(token.content, display=display))
            elif token.type == "image":
                self.picture(here, token)
            else:
                _add(here, " " if token.type == "softbreak" else token.content)
        return stack[0]

    def picture(self, here: list[Node], token: Token) -> None:
        name = str(token.attrs.get("src", "")).removeprefix("attachment:")
        for media, ending in _PICTURES.items():
            data = self.attachments.get(name, {}).get(media)
            if data:
                here.append(
                    {
                        "kind": "picture",
                        "bytes": base64.b64decode(data),
                        "format": ending,
                        "alt": printable(token.content),
                    }
                )
                return
        # A picture that lives elsewhere is not fetched: its words stand for it.
        _add(here, token.content)


def _paragraph(children: list[Node]) -> Node:
    if len(children) == 1:
        only = children[0]
        if only["kind"] == "picture" or (only["kind"] == "formula" and only["display"]):
            return only
    return {"kind": "paragraph", "children": children}


def _ticked(item: list[Node]) -> list[Node]:
    """Turn the ``[ ]`` of a task list into a box to tick."""
    children = item[0].get("children", []) if item else []
    if children and children[0]["kind"] == "text":
        text = re.sub(r"^\[ \] ", "□ ", children[0]["text"])
        children[0]["text"] = re.sub(r"^\[[xX]\] ", "■ ", text)
    return item


def _span(kind: str, children: list[Node], href: str) -> Node:
    if kind == "link":
        return {"kind": "link", "href": href, "children": children}
    return {"kind": _SPANS[kind], "children": children}


def _add(nodes: list[Node], text: str) -> None:
    text = printable(text)
    if nodes and nodes[-1]["kind"] == "text":
        nodes[-1]["text"] += text
    elif text:
        nodes.append({"kind": "text", "text": text})
