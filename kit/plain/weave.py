"""Furigana woven into marked-up text: what is read stays one text, the marks stay in their places."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kit.plain.furigana import parts
from kit.plain.kana import KANJI
from kit.plain.readings import Pairs

Write = Callable[[str, str], str]  # (what is written, how it is read) → markup
REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")


def ruby(base: str, reading: str) -> str:
    """Return `base` with its reading above, in HTML.

    Examples
    --------
    >>> ruby("漢字", "かんじ")
    '<ruby>漢字<rt>かんじ</rt></ruby>'
    """
    return f"<ruby>{base}<rt>{reading}</rt></ruby>"


class Bit(NamedTuple):
    """A piece of a run of text as it stands in the source.

    ``text`` is what it adds to what is read: nothing for a tag. A ``frozen`` one is read with the
    rest (the 3 of a 3 set as code), but gets no furigana.
    """

    raw: str
    text: str = ""
    frozen: bool = False


def bits(raw: str) -> list[Bit]:
    """Return a stretch of HTML text as bits; each character reference is one of its own.

    Examples
    --------
    >>> [bit.text for bit in bits("A&amp;B")]
    ['A', '&', 'B']
    """
    if "&" not in raw:
        return [Bit(raw, raw)]
    found, at = [], 0
    for reference in REFERENCE.finditer(raw):
        if reference.start() > at:
            found.append(Bit(raw[at : reference.start()], raw[at : reference.start()]))
        found.append(Bit(reference[0], html.unescape(reference[0])))
        at = reference.end()
    if raw[at:]:
        found.append(Bit(raw[at:], raw[at:]))
    return found


def weave(run: Sequence[Bit], names: Pairs, write: Write) -> str:
    """Return the bits of one run, with furigana.

    Parameters
    ----------
    run : sequence of Bit
        Text that belongs together: a paragraph, a cell of a table.
    names : tuple of (str, str)
        See :func:`kit.plain.readings.pairs`.
    write : callable
        Makes the markup of a word and its reading.

    Examples
    --------
    >>> weave([Bit("1", "1"), Bit("<b>"), Bit("人", "人"), Bit("</b>")], (), ruby)
    '1<b><ruby>人<rt>ひとり</rt></ruby></b>'
    """
    return _weave(tuple(run), names, write)


@lru_cache(maxsize=20_000)
def _weave(run: tuple[Bit, ...], names: Pairs, write: Write) -> str:
    text = "".join(bit.text for bit in run)
    if not KANJI.search(text):
        return "".join(bit.raw for bit in run)
    return "".join(_woven(run, text, names, write))


@dataclass(slots=True)
class _Char:
    """One character that is read: its source, the marks before it, whether it may get furigana."""

    raw: str
    text: str
    frozen: bool
    marks: str = ""


def _woven(run: tuple[Bit, ...], text: str, names: Pairs, write: Write) -> list[str]:
    if all(bit.text == bit.raw and not bit.frozen for bit in run):
        return [
            part.base if part.reading is None else write(part.base, part.reading)
            for part in parts(text, names)
        ]
    chars, marks = _characters(run)
    found, at = [], 0
    for part in parts(text, names):
        inside = chars[at : at + len(part.base)]
        at += len(part.base)
        stretches = _stretches(inside)
        kanji = [s for s in stretches if not s[0].frozen and any(KANJI.match(c.text) for c in s)]
        for stretch in stretches:
            found.append(stretch[0].marks)
            raw = "".join(char.raw for char in stretch)
            if part.reading is None or stretch not in kanji:
                found.append(raw)
            elif len(kanji) == 1:
                found.append(write(raw, part.reading))
            else:  # a word with marks amid its kanji: each piece as it is read alone
                found += _alone(stretch, names, write)
    return [*found, marks]


def _alone(chars: Sequence[_Char], names: Pairs, write: Write) -> list[str]:
    """Return characters without marks between them, read without what is around them."""
    found, at = [], 0
    for part in parts("".join(char.text for char in chars), names):
        raw = "".join(char.raw for char in chars[at : at + len(part.base)])
        found.append(raw if part.reading is None else write(raw, part.reading))
        at += len(part.base)
    return found


def _characters(run: tuple[Bit, ...]) -> tuple[list[_Char], str]:
    """Return the characters of a run, and the marks after the last of them."""
    chars: list[_Char] = []
    marks = ""
    for bit in run:
        if not bit.text:
            marks += bit.raw
            continue
        if bit.raw == bit.text:
            new = [_Char(char, char, bit.frozen) for char in bit.text]
        else:  # a reference, or frozen: its source stands at its first character, whole
            new = [_Char("", char, bit.frozen) for char in bit.text]
            new[0].raw = bit.raw
        new[0].marks, marks = marks, ""
        chars.extend(new)
    return chars, marks


def _stretches(chars: list[_Char]) -> list[list[_Char]]:
    """Cut characters where marks stand between them, or where frozen ones begin or end."""
    found: list[list[_Char]] = []
    for char in chars:
        if found and not char.marks and char.frozen == found[-1][-1].frozen:
            found[-1].append(char)
        else:
            found.append([char])
    return found
