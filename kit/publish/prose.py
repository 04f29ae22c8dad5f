"""Markdown → safe HTML, set as Japanese is set.

Raw HTML in a notebook is shown as text, never run. Formulas become MathML, so that a page reads
aloud and needs no script.
"""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from kit.errors import CourseError
from kit.language import current, say, spaced
from kit.publish import ink, japanese

# latex2mathml sets these without their columns and keeps the "&" as a letter.
_BROKEN = re.compile(
    r"\\begin\{(?:aligned|alignedat|align|alignat|eqnarray|split|gather|multline)\*?\}"
)
_CJK_LETTERS = re.compile(r"<mi>([぀-ヿ㐀-鿿々ー])</mi>(?:<mi>[぀-ヿ㐀-鿿々ー]</mi>)*")
_LAST_LEVEL = 6
# What may be a heading: it counts in the outline of the page.
_HEADING = re.compile(r"^[\s>*+\-\d.)]*(?:#|=+\s*$|-+\s*$)", re.MULTILINE)


@dataclass(frozen=True)
class Heading:
    """A heading as a table of contents names it."""

    level: int
    text: str
    anchor: str


@dataclass
class Outline:
    """The headings of one page, kept in order: one ``h1``, and no level left out.

    Parameters
    ----------
    top : int
        The highest level that Markdown may use here (2 where the page has its own ``h1``).

    Examples
    --------
    >>> outline = Outline(top=2)
    >>> [outline.level(wanted) for wanted in (1, 2, 4, 3, 2)]
    [2, 2, 3, 3, 2]
    """

    top: int = 1
    headings: list[Heading] = field(default_factory=list)
    _last: int = 0

    def __post_init__(self) -> None:
        self._last = self.top - 1

    def level(self, wanted: int) -> int:
        """Return the level a heading gets that asks for level `wanted`, and remember it."""
        self._last = min(max(wanted, self.top), self._last + 1, _LAST_LEVEL)
        return self._last

    def anchor(self, stem: str) -> str:
        """Return an id made from `stem` that no heading of the page has yet."""
        taken = {heading.anchor for heading in self.headings}
        number = 1
        name = stem
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        return name


def parser() -> MarkdownIt:
    """Return the one Markdown parser of the kit: CommonMark with tables and formulas, no HTML.

    In English it curls quotation marks, because our typeface draws a straight one as a closing
    one, and leaves apostrophes straight, because it sets a curly one with a gap after it.

    Beyond the stock tokens it gives ``math_inline``, ``math_inline_double``, ``math_block`` and
    ``amsmath``; drops line breaks between Japanese characters; turns a paragraph directly above a
    table (no blank line between) into ``caption_open``, ``inline``, ``caption_close`` inside the
    table; and ``[ ]`` at the beginning of a list item into ☐.

    Examples
    --------
    >>> [t.type for t in parser().parse("表の題\\n| 年 |\\n|---|\\n| 1 |")][:4]
    ['table_open', 'caption_open', 'inline', 'caption_close']
    """
    return _parser(spaced())


def _straight_apostrophes(state: StateCore) -> None:
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "text":
                token.content = token.content.replace("’", "'").replace("‘", "'")


@cache
def _parser(english: bool) -> MarkdownIt:
    options = {"html": False, "typographer": english, "quotes": "“”‘’"}
    markdown = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    if english:
        markdown.enable("smartquotes")
        markdown.core.ruler.push("kit_apostrophes", _straight_apostrophes)
    dollarmath_plugin(markdown, allow_space=False, allow_digits=False, double_inline=True)
    amsmath_plugin(markdown)
    markdown.inline.ruler.at("emphasis", japanese.emphasis)
    markdown.core.ruler.push("kit_languages", japanese.marked)
    markdown.core.ruler.push("kit_captions", _captions)
    markdown.core.ruler.push("kit_headers", _header_cells)
    markdown.core.ruler.push("kit_tasks", _tasks)
    markdown.core.ruler.push("kit_lines", japanese.close_gaps)
    markdown.core.ruler.push("kit_headings", _headings)
    for name in ("math_inline", "math_inline_double", "math_block", "math_block_label", "amsmath"):
        markdown.add_render_rule(name, _render_formula)
    markdown.add_render_rule("fence", _render_fence)
    markdown.add_render_rule("image", _render_image)
    markdown.add_render_rule("table_open", _render_table_open)
    markdown.add_render_rule("table_close", _render_table_close)
    return markdown


def html(
    text: str,
    *,
    outline: Outline | None = None,
    anchor: str = "",
    attachments: Mapping[str, Mapping[str, str]] | None = None,
) -> Markup:
    """Return Markdown `text` as HTML that cannot run anything.

    Parameters
    ----------
    text : str
        Markdown. HTML in it is shown as it is written.
    outline : Outline, optional
        The page's outline: heading levels are fitted to it, and its ``headings`` grow.
    anchor : str
        Stem of the headings' ids, usually the cell's id, which is the same in every language.
    attachments : mapping, optional
        A cell's attachments: file name to ``{media type: base64}``.

    Raises
    ------
    CourseError
        If a formula cannot be set.

    Examples
    --------
    >>> str(html("受診率を\\n上げる<b>"))
    '<p>受診率を上げる&lt;b&gt;</p>\\n'
    >>> str(html("## 問い", outline=Outline(top=2), anchor="ask"))
    '<h2 id="ask">問い</h2>\\n'
    """
    if not attachments and not _HEADING.search(text):
        return _once(text, current())  # the same in every form
    env: MutableMapping[str, Any] = {"anchor": anchor, "attachments": attachments or {}}
    if outline is not None:
        env["outline"] = outline
    return Markup(parser().render(text, env))


@lru_cache(maxsize=1024)
def _once(text: str, language: str) -> Markup:
    return Markup(_parser(spaced(language)).render(text, {"attachments": {}}))


@lru_cache(maxsize=1024)
def _line(text: str, language: str) -> Markup:
    return Markup(_parser(spaced(language)).renderInline(text, {"attachments": {}}))


def inline(text: str) -> Markup:
    """Return one line of Markdown (a title, a question, an option) as HTML without a block.

    Examples
    --------
    >>> print(inline("差は **4** ポイント<b>"))
    差は <strong>4</strong> ポイント&lt;b&gt;
    """
    return _line(text, current())


def plain(token: Token) -> str:
    """Return the words of an ``inline`` token without markup."""
    words: list[str] = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        else:
            words.append(child.content)
    return "".join(words).strip()


@cache
def formula(latex: str, *, block: bool = False) -> Markup:
    """Return a LaTeX formula as MathML, with the LaTeX itself as its ``alttext``.

    Raises
    ------
    CourseError
        If the formula does not parse, uses a command the converter does not know, or lines up
        its rows with ``&`` (write one formula a row instead).

    Examples
    --------
    >>> print(formula("n"))
    <math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" alttext="n"><mrow><mi>n</mi></mrow></math>
    """
    from latex2mathml.converter import convert

    source = latex.strip()
    if _BROKEN.search(source):
        raise CourseError(
            say("数式の行を & でそろえることはできません。"),
            where=source,
            hint=say("1 行を 1 つの数式に分けて書いてください。"),
        )
    try:
        mathml = convert(source, display="block" if block else "inline")
    except Exception as error:
        raise CourseError(
            say("数式を読めません: {error}", error=type(error).__name__), where=source
        ) from error
    unknown = re.search(r">(\\[A-Za-z]+)<", mathml)
    if unknown:
        raise CourseError(
            say("数式の命令 {command} は使えません。", command=unknown[1]), where=source
        )
    # Japanese words come out letter by letter as variables: they are words.
    mathml = _CJK_LETTERS.sub(
        lambda run: f"<mtext>{re.sub('</?mi>', '', run[0])}</mtext>",
        mathml,
    )
    opening, rest = mathml.split(">", 1)
    return Markup(f'{opening} alttext="{html_text.escape(source)}">{rest}')


# --- what happens between parsing and rendering -------------------------------------------------


def _captions(state: StateCore) -> None:
    tokens = state.tokens
    at = 3
    while at < len(tokens):
        above, table = tokens[at - 3], tokens[at]
        touching = (
            table.type == "table_open"
            and above.type == "paragraph_open"
            and above.level == table.level
            and above.map is not None
            and table.map is not None
            and above.map[1] == table.map[0]
        )
        if touching:
            opening = Token("caption_open", "caption", 1, level=table.level + 1, block=True)
            closing = Token("caption_close", "caption", -1, level=table.level + 1, block=True)
            table.meta["caption"] = plain(tokens[at - 2]) or tokens[at - 2].content
            tokens[at - 3 : at + 1] = [table, opening, tokens[at - 2], closing]
        at += 1


def _header_cells(state: StateCore) -> None:
    for at, token in enumerate(state.tokens):
        if token.type != "th_open":
            continue
        if state.tokens[at + 1].content.strip():
            token.attrSet("scope", "col")
        else:  # a header cell without words heads nothing
            token.tag = state.tokens[at + 2].tag = "td"


_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def _tasks(state: StateCore) -> None:
    """Give a list of things to tick its boxes: signs, for there is nothing to click on paper."""
    item = None
    for token in state.tokens:
        if token.type == "list_item_open":
            item = token
        elif token.type == "inline" and item is not None and token.children:
            first = token.children[0]
            box = _BOXES.get(first.content[:4]) if first.type == "text" else None
            if box:
                first.content = box + first.content[4:]
                item.attrSet("class", "task")
            item = None


def _headings(state: StateCore) -> None:
    outline: Outline | None = state.env.get("outline")
    if outline is None:
        return
    for at, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        level = outline.level(int(token.tag[1]))
        token.tag = state.tokens[at + 2].tag = f"h{level}"
        name = outline.anchor(state.env.get("anchor") or "section")
        token.attrSet("id", name)
        outline.headings.append(Heading(level, plain(state.tokens[at + 1]), name))


# --- renderer rules: bound to the renderer by markdown-it, hence `self` ---------------------------


def _render_formula(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: Any, env: Any
) -> str:
    token = tokens[idx]
    block = token.type != "math_inline"
    if not block and re.search("[、。]", token.content):
        raise CourseError(
            say("金額の $ が数式の始まりに読めます。"),
            where=f"${token.content}$",
            hint=say("\\$ と書いてください。"),
        )
    mathml = formula(token.content, block=block)
    if token.type in ("math_inline", "math_inline_double"):
        return str(mathml)
    return f'<div class="formula">{mathml}</div>\n'


def _render_fence(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: Any, env: Any
) -> str:
    token = tokens[idx]
    return ink.code(token.content.rstrip("\n"), token.info.strip().split(" ")[0] or "text")


def _render_image(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: Any, env: Any
) -> str:
    token = tokens[idx]
    source = str(token.attrGet("src") or "")
    alt = html_text.escape(token.content)
    if source.startswith("attachment:"):
        bundle = env["attachments"].get(source.removeprefix("attachment:"), {})
        for media in ("image/png", "image/jpeg", "image/gif"):
            if media in bundle:
                source = f"data:{media};base64,{''.join(bundle[media].split())}"
    if source.startswith("data:image/"):
        return f'<img src="{html_text.escape(source)}" alt="{alt}">'
    # A page asks no other host for anything: a picture elsewhere becomes a link to it.
    return f'<a href="{html_text.escape(source)}">{alt or html_text.escape(source)}</a>'


def _columns(tokens: Sequence[Token], idx: int) -> int:
    count = 0
    for token in tokens[idx:]:
        count += token.type == "th_open"
        if token.type == "thead_close":
            break
    return count


def _render_table_open(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: Any, env: Any
) -> str:
    label = html_text.escape(tokens[idx].meta.get("caption") or say("表"))
    # Up to three columns fold on a phone; more scroll sideways inside their own box.
    focusable = ' tabindex="0"' if _columns(tokens, idx) > 3 else ""
    language = f' lang="{spoken}"' if (spoken := tokens[idx].attrGet("lang")) else ""
    return f'<div class="table" role="group" aria-label="{label}"{language}{focusable}><table>\n'


def _render_table_close(
    self: RendererHTML, tokens: Sequence[Token], idx: int, options: Any, env: Any
) -> str:
    return "</table></div>\n"
