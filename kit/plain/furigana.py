"""Furigana: a Japanese text, cut so that every run of kanji has its reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kit.plain.analyser import Word, words
from kit.plain.counters import Piece, numbers
from kit.plain.kana import KANJI, NUMERAL_OR_KANJI, RUN, align, ascii_digits
from kit.plain.readings import Entry, Names, Pairs, lexicon, pairs

_FREE = re.compile(b"\\x00+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text and the reading that stands above it, or None.

    Kana and marks have none; nor has a kanji that no dictionary knows.
    """

    base: str
    reading: str | None = None


def parts(text: str, names: Names = ()) -> tuple[Part, ...]:
    """Cut `text` so that every run of kanji carries its reading.

    Parameters
    ----------
    text : str
        Plain text, a sentence or a paragraph of it.
    names : mapping or iterable of (str, str), optional
        Words or phrases and how they are read *here*; they go before everything else.

    Returns
    -------
    tuple of Part
        Their bases together are `text`.

    Raises
    ------
    KitError
        If the analyser is not installed, or a word of `names` cannot have its reading.

    Examples
    --------
    >>> [(part.base, part.reading) for part in parts("1人に送った")]
    [('1人', 'ひとり'), ('に', None), ('送', 'おく'), ('った', None)]
    >>> parts("一日に", {"一日に": "いちにちに"})[0]
    Part(base='一日', reading='いちにち')
    """
    return _parts(text, pairs(names))


def unread(text: str, names: Names = ()) -> tuple[str, ...]:
    """Return the kanji of `text` whose reading nobody knows.

    Examples
    --------
    >>> unread("三鷹市")
    ()
    """
    return tuple(
        part.base for part in parts(text, names) if part.reading is None and KANJI.search(part.base)
    )


@lru_cache(maxsize=50_000)
def _parts(text: str, names: Pairs) -> tuple[Part, ...]:
    if not KANJI.search(text):
        return (Part(text),) if text else ()
    found = words(text)
    known = list(_known(ascii_digits(text), found, names))
    pieces = [piece for _, _, inside in known for piece in inside]
    pieces.extend(_analysed(text, found, [(start, end) for start, end, _ in known]))
    return tuple(_cut(text, sorted(pieces)))


def _cut(text: str, pieces: list[Piece]) -> Iterator[Part]:
    at = 0
    for start, end, reading in pieces:
        yield from _without(text[at:start])
        yield Part(text[start:end], reading)
        at = end
    yield from _without(text[at:])


def _without(text: str) -> Iterator[Part]:
    at = 0
    for run in RUN.finditer(text):
        if run.start() > at:
            yield Part(text[at : run.start()])
        yield Part(run[0])
        at = run.end()
    if text[at:]:
        yield Part(text[at:])


class _Edges:
    """Where the words of the plain analysis begin and end."""

    def __init__(self, text: str, found: list[Word]) -> None:
        self.whole = {(word.start, word.end) for word in found}
        # Amid the kanji of a word → what is left of that word.
        self.left = {
            at: text[at : word.end]
            for word in found
            for at in range(word.start + 1, word.end)
            if KANJI.match(text, at - 1) and KANJI.match(text, at)
        }

    def fits(self, start: int, end: int) -> bool:
        """Say whether a word may stand here: 小平 is no town in 最小平均."""
        return start not in self.left and end not in self.left

    def counts(self, end: int) -> bool:
        """Say whether a counter may end here: in 5分立って, but not in 2行動."""
        return not RUN.fullmatch(self.left.get(end, ""))


def _known(text: str, found: list[Word], names: Pairs) -> Iterator[tuple[int, int, list[Piece]]]:
    """Yield the stretches whose readings the dictionaries or the number words give, in order."""
    entries = lexicon(names)
    counted = {ways[0][0]: ways for ways in numbers(text)}
    edges = _Edges(text, found)
    at = 0
    while at < len(text):
        ways = [
            *_listed(text, at, entries.get(text[at], ()), edges),
            *((False, end, way) for _, end, way in counted.get(at, ()) if edges.counts(end)),
        ]
        if ways:
            _, end, pieces = max(ways, key=lambda way: way[:2])
            yield at, end, pieces
            at = end
        else:
            at += 1


def _listed(
    text: str, at: int, entries: tuple[Entry, ...], edges: _Edges
) -> Iterator[tuple[bool, int, list[Piece]]]:
    """Yield the entries that stand at a place: whether by hand, where they end, their pieces."""
    for one in entries:
        if not text.startswith(one.written, at):
            continue
        end = at + len(one.written)
        if one.alone:
            beside = text[at - 1 : at] + text[end : end + 1]
            fits = (at, end) in edges.whole and not NUMERAL_OR_KANJI.search(beside)
        else:
            fits = one.hand or edges.fits(at, end)
        if fits:
            yield one.hand, end, [(at + a, at + b, reading) for a, b, reading in one.pieces]


def _analysed(text: str, found: list[Word], known: list[tuple[int, int]]) -> Iterator[Piece]:
    """Yield the readings of the words outside the `known` stretches."""
    taken = bytearray(len(text))
    for start, end in known:
        taken[start:end] = b"\x01" * (end - start)
    for number, word in enumerate(found):
        if not KANJI.search(word.written):
            continue
        if not any(taken[word.start : word.end]):
            before = found[number - 1] if number else None
            after = found[number + 1] if number + 1 < len(found) else None
            yield from _word(word, before, after)
            continue
        for rest in _FREE.finditer(taken, word.start, word.end):
            for piece in words(text[slice(*rest.span())]):
                yield from _word(replace(piece, start=piece.start + rest.start()), None, None)


def _word(word: Word, before: Word | None, after: Word | None) -> Iterator[Piece]:
    reading = _in_context(word, before, after) or word.reading
    pieces = align(word.written, reading) if reading else None
    if pieces is not None:
        for start, end, kana in pieces:
            yield word.start + start, word.start + end, kana
    elif reading:
        yield word.start, word.end, reading
    else:
        yield from _characters(word.written, word.start)


def _characters(text: str, start: int) -> Iterator[Piece]:
    """Read kanji one by one: what is left where no dictionary has the word."""
    for at, char in enumerate(text, start=start):
        if KANJI.match(char) and (reading := _character(char)):
            yield at, at + 1, reading


@cache
def _character(kanji: str) -> str | None:
    """Return how a kanji is read alone; one that is no word, as in the verb it begins."""
    for ending in ("", *_ENDINGS):
        first = words(kanji + ending)[0]
        pieces = align(first.written, first.reading) if first.reading else None
        if pieces and first.written == kanji + ending:
            return pieces[0][2]
    return None


_ENDINGS = (
    "る",
    "う",
    "く",
    "す",
    "つ",
    "む",
    "ぶ",
    "ぐ",
    "い",
    "しい",
    "える",
    "てる",
    "ける",
    "める",
)
# 何 is なん before these and in front of a counter, なに elsewhere.
_NAN = frozenset(("の", "だ", "です", "でしょう", "でも", "ら", "曜日", *"度時年月日千百万"))


def _in_context(word: Word, before: Word | None, after: Word | None) -> str | None:
    """Return the reading that the words around ask for, where UniDic's own choice is a toss-up."""
    beside = before is not None and before.end == word.start and KANJI.match(before.written[-1])
    if word.written == "日" and word.reading == "ひ" and beside:
        return "び"  # 作成日
    if word.written == "何":
        return "なん" if after and after.written in _NAN else "なに"
    if word.written.startswith("行っ") and word.lemma in ("行く", "行う"):
        doing = before is not None and before.written == "を"
        return "おこなっ" if doing else "いっ"
    return None
