"""Readings that are known beforehand: of places, of words of this trade, and a workshop's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kit import places
from kit.errors import KitError
from kit.language import say
from kit.plain.kana import KANJI, READING, align, ascii_digits, hiragana

Names = Mapping[str, str] | Iterable[tuple[str, str]]
Pairs = tuple[tuple[str, str], ...]
# Without 市 or 区 these are everyday words as well: 国立 is mostly こくりつ.
_EVERYDAY = frozenset(("国立", "中央"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase whose reading is known.

    ``pieces`` are from, to and reading of each run of kanji in it. ``hand`` marks a correction by
    hand, which holds wherever the words stand; ``alone`` a kanji that is so read by itself only.
    """

    written: str
    pieces: tuple[tuple[int, int, str], ...]
    hand: bool = False
    alone: bool = False


def entry(
    written: str, reading: str, *, where: str, hand: bool = False, alone: bool = False
) -> Entry:
    """Return the entry for `written`, read as `reading`.

    Raises
    ------
    KitError
        If there is no kanji in `written`, `reading` is not kana, or they do not fit together.

    Examples
    --------
    >>> entry("取り組み", "とりくみ", where="example").pieces
    ((0, 1, 'と'), (2, 3, 'く'))
    """
    where = f"{where}: {written}"
    if not KANJI.search(written):
        raise KitError(
            say("「{word}」には漢字がありません。", word=written),
            where=where,
            hint=say("漢字のある言葉だけに、読みを付けてください。"),
        )
    kana = hiragana(reading)
    # Marks inside a phrase (、 for one) stand in both.
    if not READING.fullmatch("".join(char for char in kana if char not in written)):
        raise KitError(
            say(
                "「{word}」の読み「{reading}」を、かなで書いてください。",
                word=written,
                reading=reading,
            ),
            where=where,
            hint=say("例: {example}", example='"檜原" = "ひのはら"'),
        )
    pieces = align(written, kana)
    if pieces is None:
        raise KitError(
            say("「{word}」と読み「{reading}」が合いません。", word=written, reading=reading),
            where=where,
            hint=say(
                "言葉の中のかなは、読みにも同じ順で書いてください。例: {example}",
                example='"取り組み" = "とりくみ"',
            ),
        )
    return Entry(ascii_digits(written), tuple(pieces), hand, alone)


def pairs(names: Names) -> Pairs:
    """Return `names` in a form that can be a key, sorted.

    Examples
    --------
    >>> pairs({"檜原": "ひのはら"})
    (('檜原', 'ひのはら'),)
    """
    return tuple(sorted(names.items() if isinstance(names, Mapping) else names))


@lru_cache(maxsize=64)
def lexicon(names: Pairs) -> Mapping[str, tuple[Entry, ...]]:
    """Return all entries by their first character, a workshop's own (`names`) and longer ones first.

    Raises
    ------
    KitError
        Naming the word whose reading cannot be used.
    """
    own = [entry(word, reading, where="[readings]", hand=True) for word, reading in names]
    found: dict[str, list[Entry]] = {}
    for one in (*own, *_house()):
        found.setdefault(one.written[0], []).append(one)
    return {
        first: tuple(sorted(entries, key=lambda one: (not one.hand, -len(one.written))))
        for first, entries in found.items()
    }


@cache
def _house() -> tuple[Entry, ...]:
    """Return the places of Tokyo and the words of ``readings.toml``."""
    path = Path(__file__).with_name("readings.toml")
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KitError(say("読みの表を読めません: {error}", error=error), where=path.name) from None
    words = [
        entry(word, reading, where=f"{path.name} [{table}]", alone=table == "alone")
        for table, rows in listed.items()
        for word, reading in rows.items()
    ]
    return (*words, *_towns())


def _towns() -> Iterable[Entry]:
    for town in places.all_():
        yield entry(town.name_ja, town.kana, where="municipalities.csv")
        bare = town.name_ja[:-1]
        ending = {"ward": "く", "city": "し"}.get(town.kind, "")
        if not ending:
            ending = next(kana for kana in ("まち", "むら") if town.kana.endswith(kana))
        if len(bare) > 1 and bare not in _EVERYDAY:
            yield entry(bare, town.kana.removesuffix(ending), where="municipalities.csv")
