"""Markdown's rules where Japanese needs others: line breaks and emphasis without blanks, and
blocks of Japanese in the materials of another language."""

from __future__ import annotations

import re
import unicodedata

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

# As kit.catalogue marks a block that has no translation; JupyterLab reads it as HTML.
_LANGUAGE = re.compile(r'<div lang="([A-Za-z-]+)">')
_MARKS = ("em_open", "em_close", "strong_open", "strong_close")


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _stop(character: str) -> bool:
    return character in "、。，．・：；？！「」『』（）〔〕［］｛｝〈〉《》【】…―～"


def join(before: str, after: str) -> bool:
    """Say whether a line break between these two texts is dropped rather than made a space.

    Examples
    --------
    >>> join("受診率を", "上げる"), join("対象は", "4,000人"), join("です。", "2020年")
    (True, False, True)
    """
    if not before or not after:
        return False
    last, first = before[-1], after[0]
    return (_wide(last) and _wide(first)) or _stop(last) or _stop(first)


def close_gaps(state: StateCore) -> None:
    """Drop line breaks between Japanese characters, and blanks beside their emphasis.

    A rule for markdown-it's core: it changes the ``inline`` tokens' children in place.
    """
    for token in state.tokens:
        children = token.children
        if token.type != "inline" or not children:
            continue
        for at, child in enumerate(children):
            before = next((c.content for c in reversed(children[:at]) if c.content), "")
            after = next((c.content for c in children[at + 1 :] if c.content), "")
            if child.type == "softbreak" and join(before, after):
                child.type, child.content = "text", ""
            elif child.type in _MARKS:
                _close_up(children, at)


def _close_up(children: list[Token], at: int) -> None:
    """Drop the blank between a Japanese word and its emphasis: it was only there for Markdown."""
    outside, inside = (at - 1, at + 1) if children[at].nesting == 1 else (at + 1, at - 1)
    if not (0 <= outside < len(children) and 0 <= inside < len(children)):
        return
    word, emphasised = children[outside], children[inside].content
    if word.type != "text" or not emphasised:
        return
    if children[at].nesting == 1 and word.content.endswith(" "):
        bare = word.content.rstrip(" ")
        if bare and _wide(bare[-1]) and _wide(emphasised[0]):
            word.content = bare
    elif children[at].nesting == -1 and word.content.startswith(" "):
        bare = word.content.lstrip(" ")
        if bare and _wide(bare[0]) and _wide(emphasised[-1]):
            word.content = bare


def emphasis(state: StateInline, silent: bool) -> bool:
    """Read ``*`` and ``_`` as CommonMark does, but take Japanese marks like letters.

    CommonMark 6.2 closes no emphasis between 」 and a letter, so that ``**「効果」**は`` would
    show its asterisks: Japanese has no blanks to tell an opening mark from a closing one.
    """
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    before = state.src[state.pos - 1] if state.pos else " "
    end = state.pos + scanned.length
    after = state.src[end] if end < len(state.src) else " "
    japanese = marker == "*" and (_wide(before) or _wide(after))
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open or (japanese and not after.isspace()),
                close=scanned.can_close or (japanese and not before.isspace()),
            )
        )
    state.pos = end
    return True


def marked(state: StateCore) -> None:
    """Say of each block between ``<div lang="…">`` and ``</div>`` which language it is in.

    A rule for markdown-it's core: the blocks get the attribute, and the two lines go.
    """
    kept: list[Token] = []
    language, skipped = "", 0
    for at, token in enumerate(state.tokens):
        words = state.tokens[at + 1].content if token.type == "paragraph_open" else ""
        opening = _LANGUAGE.fullmatch(words)
        if skipped:
            skipped -= 1
        elif opening or (language and words == "</div>"):
            language, skipped = (opening[1] if opening else ""), 2  # the words, and their end
        else:
            if language and token.level == 0 and token.nesting >= 0:
                token.attrSet("lang", language)
            kept.append(token)
    state.tokens = kept
