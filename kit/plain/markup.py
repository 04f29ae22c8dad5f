"""Furigana in whole pages and in notebook cells.

Pages get ``<ruby>``. A Markdown cell cannot: JupyterLab's sanitiser (4.6: the ``allowedTags`` of
``apputils``) drops ``ruby`` and ``rt`` and leaves 漢字かんじ. It does let a table's caption through,
and a caption above a one-cell table inside a line is what ruby looks like.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from functools import cache

from kit.plain.kana import KANJI
from kit.plain.readings import Names, Pairs, pairs
from kit.plain.weave import REFERENCE, Bit, Write, bits, ruby, weave

__all__ = ["html", "markdown"]

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|<[!?][^>]*>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?<![^\s\"'/])(lang|translate|class)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I
)
_READING = re.compile(r"</?ruby>|<rt>[^<]*(?:</rt>)?")
_CAPTIONED = re.compile(
    r'<span><span style="display:table-cell">([^<]*)</span>'
    r'<span style="display:table-caption;[^"]*">[^<]*</span></span>'
)
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "data", "del", "dfn", "em", "font", "i", "ins"),
        *("label", "mark", "output", "q", "s", "small", "span", "strong", "sub", "sup", "time"),
        *("u", "var", "wbr"),
    )
)
_CODE = frozenset(("code", "kbd", "samp"))
# Left alone from their first tag to their last, whatever is between.
_WITHIN_A_LINE = frozenset(("svg", "math", "ruby"))
_CLOSED = _WITHIN_A_LINE | {
    *("head", "pre", "select", "template", "script", "style", "textarea", "title"),
    *("xmp", "iframe", "noembed", "noframes"),
}
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("track", "wbr"),
    )
)
# Elements that end where the next of their kind begins.
_ENDED_BY = {"td": ("td", "th"), "th": ("td", "th"), "tr": ("td", "th", "tr")}
_ENDED_BY |= {name: (name,) for name in ("p", "li", "option")}
_ENDED_BY |= dict.fromkeys(("dt", "dd"), ("dt", "dd"))
_CONTEXT = 60  # of code inside a sentence, so much is read with it


@dataclass(frozen=True, slots=True)
class _Open:
    """An element we are in: whether its text is left alone, and whether it is in Japanese."""

    name: str
    silent: bool = False
    foreign: bool = False


def html(page: str, names: Names = (), *, captions: bool = False, language: str = "ja") -> str:
    """Return an HTML page or fragment with furigana on every kanji of its text.

    Left as they are: code, formulas, drawings, form options, the head, existing ruby, text in
    another language (``lang``), and what is marked ``translate="no"`` or ``class="no-ruby"``.

    Parameters
    ----------
    page : str
        HTML. Without the tags put in, the result is `page` to the letter.
    names : mapping or iterable of (str, str), optional
        Words and how they are read here.
    captions : bool, optional
        Whether the page is an output in a notebook: JupyterLab sanitises those nobody has trusted.
    language : str, optional
        Only what is in this language, or in one of its variants.

    Raises
    ------
    KitError
        If the analyser is not installed, or a word of `names` cannot have its reading.

    Examples
    --------
    >>> html('<p>1人に<b>送った</b></p><code>表</code>')
    '<p><ruby>1人<rt>ひとり</rt></ruby>に<b><ruby>送<rt>おく</rt></ruby>った</b></p><code>表</code>'
    """
    return _Page(pairs(names), _captioned if captions else ruby, language).read(page)


def without_readings(text: str) -> str:
    """Return a page or a notebook's Markdown as :func:`html` and :func:`markdown` found it.

    Examples
    --------
    >>> without_readings('<ruby>人<rt>ひと</rt>口<rt>くち</ruby> ' + markdown("表を"))
    '人口 表を'
    """
    text = _CAPTIONED.sub(r"\1", text)
    return _READING.sub("", text) if "<rt>" in text else text


class _Page:
    def __init__(self, names: Pairs, write: Write, language: str) -> None:
        self.names = names
        self.write = write
        self.language = language
        self.done: list[str] = []
        self.run: list[Bit] = []
        self.open = [_Open("")]

    def read(self, page: str) -> str:
        at = 0
        while at < len(page):
            tag = _TAG.search(page, at)
            self._text(page[at : tag.start() if tag else len(page)])
            if tag is None:
                break
            at = tag.end()
            name = (tag["name"] or "").lower()
            if name in _CLOSED and not (tag["close"] or tag[0].endswith("/>")):
                at = _end(name, page, at)
                if name not in _WITHIN_A_LINE:
                    self._end_run()
                self.run.append(Bit(page[tag.start() : at]))
            else:
                self._tag(tag, name)
        self._end_run()
        return "".join(self.done)

    def _text(self, raw: str) -> None:
        if not raw:
            return
        inside = self.open[-1]
        if not (inside.silent or inside.foreign):
            self.run.extend(bits(raw))
        elif inside.name in _CODE and len(raw) <= _CONTEXT and self.run:
            self.run.append(Bit(raw, entities.unescape(raw), frozen=True))
        else:
            self.run.append(Bit(raw))

    def _tag(self, tag: re.Match[str], name: str) -> None:
        if not name or name in _INLINE or name in _CODE:
            self.run.append(Bit(tag[0]))
        else:
            self._end_run()
            self.done.append(tag[0])
        if not name:
            return
        if tag["close"]:
            for depth in range(len(self.open) - 1, 0, -1):
                if self.open[depth].name == name:
                    del self.open[depth:]
                    break
            return
        while self.open[-1].name in _ENDED_BY.get(name, ()):
            self.open.pop()
        if name not in _VOID:
            self.open.append(self._opened(name, tag["attributes"]))

    def _opened(self, name: str, attributes: str) -> _Open:
        above = self.open[-1]
        silent, foreign = above.silent or name in _CODE or name == "option", above.foreign
        for found in _ATTRIBUTE.finditer(attributes):
            value = (found[2] or found[3] or found[4] or "").lower()
            match found[1].lower():
                case "lang":
                    foreign = not value.startswith(self.language)
                case "translate":
                    silent = silent or value == "no"
                case "class":
                    silent = silent or "no-ruby" in value.split()
        return _Open(name, silent, foreign)

    def _end_run(self) -> None:
        if self.run:
            self.done.append(weave(self.run, self.names, self.write))
            self.run = []


def _end(name: str, page: str, at: int) -> int:
    """Return where the element `name`, whose first tag ends at `at`, is over; nested ones count."""
    depth = 1
    for tag in _ends(name).finditer(page, at):
        depth += -1 if tag["close"] else not tag[0].endswith("/>")
        if depth == 0:
            return tag.end()
    return len(page)


@cache
def _ends(name: str) -> re.Pattern[str]:
    # Only a drawing can hold another; in a script, a first tag is no tag.
    close = "/?" if name in _WITHIN_A_LINE else "/"
    return re.compile(rf"<(?P<close>{close}){name}(?=[\s/>])[^>]*>", re.IGNORECASE)


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# What is no text, or not only text, in Markdown.
_MARK = re.compile(
    r"(?P<blank>\n[ \t]*\n)"
    r"|(?P<definition>(?:(?<=\n)|\A) {0,3}\[[^\]\n]+\]:[^\n]*)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)(?P<code>(?:(?!\n[ \t]*\n).)*?[^`])(?P=ticks)(?!`)"
    r"|\$\$.+?\$\$|\$[^$\s](?:[^$\n]*[^$\s])?\$(?![0-9])"
    r"|\{\{.*?\}\}|\{%.*?%\}"
    r"|!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?"
    r"|(?<=\])\([^)]*\)|(?<=\])\[[^\]]*\]"
    r"|<[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>]*>|https?://[!-;=?-~]+"
    rf"|(?P<tag>{_TAG.pattern})"
    r"|\*\*|(?<![*\s])\*(?!\*)|\*(?![*\s])"
    rf"|(?P<reference>{REFERENCE.pattern})",
    re.DOTALL,
)
_LINE_ENDS = re.compile(r"([\n|])")  # of a line, or of a cell in a table
_STRONG = {"**": "strong", "*": "em"}


def markdown(source: str, names: Names = ()) -> str:
    """Return a notebook's Markdown with furigana on every kanji of its text.

    Left as they are: code, formulas, placeholders, HTML tags, addresses, pictures.

    Parameters
    ----------
    source : str
        The source of a cell.
    names : mapping or iterable of (str, str), optional
        Words and how they are read here.

    Returns
    -------
    str
        Markdown. Emphasis is written as HTML, because ``**`` does not open before a tag amid kanji
        (CommonMark 6.2, left-flanking delimiter runs).

    Examples
    --------
    >>> print(markdown("`表`の**数**").replace(' style="', "\\n")[:57])
    `表`の<strong><span><span
    display:table-cell">数</span><span
    """
    own, done, prose, fence = pairs(names), [], "", ""
    for line in source.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            done.append(line)
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            done += [_prose(prose, own), line]
            prose, fence = "", mark[1]
        else:
            prose += line
    return "".join([*done, _prose(prose, own)])


def _prose(source: str, names: Pairs) -> str:
    done: list[str] = []
    run: list[Bit] = []
    at = 0
    while mark := _MARK.search(source, at):
        if mark.start() > at:
            run.append(Bit(source[at : mark.start()], source[at : mark.start()]))
        at = mark.end()
        name = (mark["name"] or "").lower()
        if name in _CLOSED | _CODE and not (mark["close"] or mark[0].endswith("/>")):
            at = _end(name, source, at)
        raw = source[mark.start() : at]
        if mark["blank"]:
            done += [_lines(run, names), raw]
            run = []
        elif mark["escape"]:
            run.append(Bit(raw, raw[1]))
        elif mark["reference"]:
            run.extend(bits(raw))
        elif mark["code"]:
            run.append(Bit(raw, mark["code"][:_CONTEXT], frozen=True))
        else:
            run.append(Bit(raw))
    run.append(Bit(source[at:], source[at:]))
    return "".join([*done, _lines(run, names)])


def _lines(run: list[Bit], names: Pairs) -> str:
    """Return one paragraph, list or table with furigana."""
    if not KANJI.search("".join(bit.text for bit in run if not bit.frozen)):
        return "".join(bit.raw for bit in run)
    opened: dict[str, int] = {}
    for at, bit in enumerate(run):
        if bit.text or bit.raw not in _STRONG:
            continue
        if bit.raw not in opened:
            opened[bit.raw] = at
            continue
        tag = _STRONG[bit.raw]
        run[opened.pop(bit.raw)], run[at] = Bit(f"<{tag}>"), Bit(f"</{tag}>")
    found: list[str] = []
    line: list[Bit] = []
    for bit in run:
        ends = _LINE_ENDS.split(bit.text) if bit.raw == bit.text and not bit.frozen else [bit.text]
        if len(ends) == 1:
            line.append(bit)
            continue
        for text in ends:
            if _LINE_ENDS.fullmatch(text):
                found += [weave(line, names, _captioned), text]
                line = []
            elif text:
                line.append(Bit(text, text))
    return "".join([*found, weave(line, names, _captioned)])


def _captioned(base: str, reading: str) -> str:
    return (
        f'<span><span style="display:table-cell">{base}</span><span style="display:table-caption;'
        f'font-size:50%;line-height:1.2;text-align:center;white-space:nowrap">{reading}</span></span>'
    )
