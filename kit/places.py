"""The 62 municipalities of Tokyo, and what a person may type to mean one."""

from __future__ import annotations

import csv
import difflib
import operator
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from kit.errors import DataError, PlaceError
from kit.house import home
from kit.language import say, spaced

KINDS = ("ward", "city", "town", "village")
_COLUMNS = ("code", "code6", "name_ja", "kana", "name_en", "kind", "region")
_SUFFIXES = {
    "ward": ("区", "く", " city", " ward", "-ku", "-ku city"),
    "city": ("市", "し", " city", "-shi", "-shi city"),
    "town": ("町", "まち", "ちょう", " town", "-machi", "-cho"),
    "village": ("村", "むら", " village", "-mura"),
}
# 青ヶ島 is typed with a small or a large ケ.
_SMALL_KE = str.maketrans({"ヶ": "け", "ケ": "け", "ゖ": "け", "ヵ": "か"})
_LONGEST = 60


@dataclass(frozen=True)
class Municipality:
    """One of Tokyo's municipalities.

    Parameters
    ----------
    code, code6 : str
        Five digits, and six with the check digit.
    name_ja, kana, name_en : str
        Names with their suffix: 八王子市, はちおうじし, Hachioji City.
    kind : str
        ``ward``, ``city``, ``town`` or ``village``.
    region : str
        ``wards``, ``tama`` or ``islands``.

    Examples
    --------
    >>> town = find("八王子")
    >>> town.name_ja, town.code, town.slug, town.is_island
    ('八王子市', '13201', '13201-hachioji', False)
    """

    code: str
    code6: str
    name_ja: str
    kana: str
    name_en: str
    kind: str
    region: str

    @property
    def name(self) -> str:
        """The name in the current language."""
        return self.name_en if spaced() else self.name_ja

    @property
    def slug(self) -> str:
        """An ASCII name for folders and links; the code in front keeps it unique."""
        return f"{self.code}-{self.name_en.rsplit(' ', 1)[0].lower()}"

    @property
    def is_island(self) -> bool:
        """Whether it is one of the island municipalities."""
        return self.region == "islands"

    def __str__(self) -> str:
        return self.name


@cache
def all_() -> tuple[Municipality, ...]:
    """Return every municipality, in the order of their codes.

    Raises
    ------
    DataError
        If the list in ``datasets/municipalities`` is missing or damaged.

    Examples
    --------
    >>> len(all_()), all_()[0].name_ja, all_()[-1].name_ja
    (62, '千代田区', '小笠原村')
    """
    path = home() / "datasets" / "municipalities" / "municipalities.csv"
    again = say("git checkout -- datasets で元に戻すか、build.py で作り直してください。")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(
                    say("区市町村の表に列 {columns} がありません。", columns=", ".join(missing)),
                    where=str(path),
                    hint=again,
                )
            places = []
            for row in reader:
                town = Municipality(**{name: row[name] or "" for name in _COLUMNS})
                if town.kind not in KINDS or check_digit(town.code) != town.code6[-1:]:
                    raise DataError(
                        say("区市町村の表の {line} 行目が壊れています。", line=reader.line_num),
                        where=str(path),
                        hint=again,
                    )
                places.append(town)
    except FileNotFoundError:
        raise DataError(say("区市町村の表がありません。"), where=str(path), hint=again) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            say("区市町村の表を読めません: {error}", error=error), where=str(path), hint=again
        ) from None
    return tuple(sorted(places, key=lambda town: town.code))


def check_digit(code: str) -> str | None:
    """Return the check digit of a five-digit code; None for anything else.

    Weights 6, 5, 4, 3, 2; eleven minus the remainder by eleven, last digit (総務省 全国地方公共団体
    コード仕様).

    Examples
    --------
    >>> check_digit("13201"), check_digit("13104"), check_digit("x")
    ('2', '1', None)
    """
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return str(11 - total % 11)[-1]


def find(typed: object) -> Municipality:
    """Return the municipality that `typed` means.

    Parameters
    ----------
    typed : str or int
        A code of five or six digits, a name in Japanese, kana or English, with or without its
        suffix (市, -shi, City …), in any case and width. A :class:`Municipality` is returned as it
        is.

    Raises
    ------
    PlaceError
        If nothing fits, or more than one; the hint names the nearest three.

    Examples
    --------
    >>> [find(t).code for t in ("八王子", "はちおうじし", "HACHIOJI", 13201, "１３２０１２")]
    ['13201', '13201', '13201', '13201', '13201']
    """
    if isinstance(typed, Municipality):
        return typed
    text = _as_text(typed)
    key = _key(text)
    if not key:
        raise PlaceError(
            say("区市町村が書かれていません。"),
            hint=say("例: 八王子市、13201"),
        )
    found = _keys().get(key) or _labels().get(key, ())
    if len(found) == 1:
        return found[0]
    if found:
        raise PlaceError(
            say("「{typed}」にあたる区市町村が、ひとつに決まりません。", typed=_shown(text)),
            hint=say("どちらですか: {places}", places=_listed(found)),
        )
    _refuse_wrong_check_digit(key)
    raise PlaceError(
        say("「{typed}」という区市町村は東京都にありません。", typed=_shown(text)),
        hint=say("近いもの: {places}", places=_listed(nearest(text))),
    )


def nearest(typed: str, count: int = 3) -> tuple[Municipality, ...]:
    """Return the municipalities whose code or name looks most like `typed`, the nearest first.

    Examples
    --------
    >>> nearest("八玉子市")[0].name_ja
    '八王子市'
    """
    key = _key(typed)[:_LONGEST]
    score: dict[Municipality, float] = dict.fromkeys(all_(), 0.0)
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(key)
    for candidate, places in _keys().items():
        matcher.set_seq1(candidate)
        ratio = matcher.ratio()
        for place in places:
            score[place] = max(score[place], ratio)
    return tuple(sorted(score, key=lambda place: (-score[place], place.code))[:count])


def _as_text(typed: object) -> str:
    if isinstance(typed, str):
        return typed
    try:
        if isinstance(typed, bool) or (number := operator.index(typed)) < 0:  # type: ignore[arg-type]
            raise TypeError
        return str(number)
    except (TypeError, ValueError):
        raise PlaceError(
            say("区市町村は、名前かコードで書いてください。"),
            where=type(typed).__name__,
            hint=say("例: 八王子市、13201"),
        ) from None


def _key(text: str) -> str:
    """Fold `text`: width, case, katakana, macrons, spaces and marks no longer matter."""
    folded = unicodedata.normalize("NFKC", text[: 4 * _LONGEST]).casefold().translate(_SMALL_KE)
    letters = []
    for char in unicodedata.normalize("NFC", folded):
        if "ァ" <= char <= "ヴ":
            char = chr(ord(char) - 0x60)
        elif char.isalpha() and not "぀" <= char <= "ヿ":
            char = unicodedata.normalize("NFD", char)[0]  # ō → o
        if char.isalnum():
            letters.append(char)
    key = "".join(letters)
    for prefix in ("東京都", "西多摩郡"):
        key = key.removeprefix(prefix) or key
    return key


@cache
def _keys() -> dict[str, tuple[Municipality, ...]]:
    return _index(_spellings)


@cache
def _labels() -> dict[str, tuple[Municipality, ...]]:
    return _index(_label)


def _index(
    spell: Callable[[Municipality], Iterator[str]],
) -> dict[str, tuple[Municipality, ...]]:
    keys: dict[str, set[Municipality]] = {}
    for place in all_():
        for text in spell(place):
            keys.setdefault(_key(text), set()).add(place)
    return {key: tuple(sorted(found, key=lambda p: p.code)) for key, found in keys.items()}


def _spellings(place: Municipality) -> Iterator[str]:
    ending = place.name_ja[-1]
    kanji = place.name_ja[:-1]
    kana_endings = [s for s in _SUFFIXES[place.kind] if place.kana.endswith(s)]
    kana = place.kana.removesuffix(kana_endings[0]) if kana_endings else place.kana
    roman = place.name_en.rsplit(" ", 1)[0]
    yield from (place.code, place.code6, kanji, kanji + ending, kana, roman, place.name_en)
    yield from (name + suffix for name in (kana, roman) for suffix in _SUFFIXES[place.kind])
    if "ヶ" in kanji:
        yield from (kanji.replace("ヶ", "が"), kanji.replace("ヶ", "が") + ending)


def _label(place: Municipality) -> Iterator[str]:
    # our own lists say 「八王子市 13201」: what is copied back must be understood
    for name in (place.name_ja, place.name_en, place.slug.partition("-")[2]):
        yield from (f"{name} {place.code}", f"{place.code} {name}")
    for name in (place.name_en, place.name_en.rsplit(" ", 1)[0]):
        yield f"{name}, Tokyo"


def _refuse_wrong_check_digit(key: str) -> None:
    if len(key) == 6 and key.isascii() and key.isdigit():
        meant = _keys().get(key[:5], ())
        if meant:
            raise PlaceError(
                say("コード {typed} の検査数字（6桁目）が合いません。", typed=key),
                hint=say("{code} は {places} です。", code=meant[0].code6, places=_listed(meant))
                + " "
                + say("近いもの: {places}", places=_listed(nearest(key))),
            )


def _shown(text: str) -> str:
    plain = "".join(char if char.isprintable() else "?" for char in text.strip())
    return plain if len(plain) <= 40 else plain[:40] + "…"


def _listed(places: tuple[Municipality, ...]) -> str:
    return " / ".join(f"{place.name} {place.code}" for place in places)
