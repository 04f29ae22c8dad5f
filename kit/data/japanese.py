"""Values as Japanese offices write them: full-width digits, △ for minus, eras.

Nothing here guesses quietly. What cannot be read is refused, with where it stands and how to write
it instead.
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.errors import DataError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

# What a statistical table writes where there is no number, after NFKC and in lower case: nil or not
# applicable (-), not available (...), secret (x, also the Greek chi some tables use, ***).
MISSING = frozenset(
    {"", "-", "−", "‐", "–", "—", "―", "ー", "...", "..", "・・・", "*", "**", "***", "x", "χ"}
    | {"na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "<na>"}
)
_MINUS = "-−‐–△▲"
_NUMBER = re.compile(r"(?P<sign>[-−‐–△▲+]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?")


def number(text: object) -> int | float | None:
    """Return the number that a cell of a Japanese table means.

    Parameters
    ----------
    text : str, int or float
        The cell: digits of any width, thousands commas, ``△`` ``▲`` ``−`` for minus. Numbers are
        returned as they are.

    Returns
    -------
    int, float or None
        A whole number as int; None where the table says that there is none (``-`` ``…`` ``***``
        ``X`` and their kin). Some surveys write ``-`` for zero: the notes of the table tell.

    Raises
    ------
    DataError
        If it is neither: the text is not guessed at.

    Examples
    --------
    >>> [number(cell) for cell in ("１，２３４", "△5", "▲１．５", "…", "X", 7)]
    [1234, -5, -1.5, None, None, 7]
    """
    if text is None or (isinstance(text, float) and math.isnan(text)):
        return None
    if isinstance(text, int | float) and not isinstance(text, bool):
        return text
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))
    if plain.casefold() in MISSING:
        return None
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise DataError(
            say("「{text}」は数として読めません。", text=shown(text)),
            hint=say("単位や注の印を取りのぞいてから読んでください。例: 1,234、△5"),
        )
    sign = -1 if found["sign"] and found["sign"] in _MINUS else 1
    whole = found["whole"].replace(",", "")
    return sign * (float(whole + found["part"]) if found["part"] else int(whole))


def numbers(column: Iterable[object]) -> pd.Series:
    """Return a column of text as numbers.

    Parameters
    ----------
    column : Series or iterable
        Cells as :func:`number` reads them.

    Returns
    -------
    Series
        ``int64``; ``float64`` where some are missing or have decimals. The index is kept.

    Raises
    ------
    DataError
        If a cell cannot be read: the first is named with its row, and how many more there are.

    Examples
    --------
    >>> numbers(["１，２３４", "△5"]).tolist(), numbers(["1", "…"]).isna().sum().item()
    ([1234, -5], 1)
    """
    import pandas as pd

    cells = column if isinstance(column, pd.Series) else pd.Series(list(column), dtype=object)
    made: list[int | float | None] = []
    wrong: list[tuple[int, DataError]] = []
    for row, cell in enumerate(cells, start=1):
        try:
            made.append(number(cell))
        except DataError as error:
            wrong.append((row, error))
    if wrong:
        row, first = wrong[0]
        more = say("ほかに {count} か所あります。", count=len(wrong) - 1) if wrong[1:] else ""
        name = cells.name if cells.name is not None else "?"
        raise DataError(
            first.message + more,
            where=say("列「{column}」、データの {row} 行目", column=name, row=row),
            hint=first.hint,
        )
    whole = bool(made) and all(isinstance(one, int) and abs(one) < 2**63 for one in made)
    return pd.Series(made, index=cells.index, name=cells.name, dtype="int64" if whole else float)


# ---- eras


@dataclass(frozen=True)
class _Era:
    name: str
    letter: str
    first: datetime.date
    last: datetime.date


# The day of change counts for both 明治/大正 and 大正/昭和 (the decrees renamed the day itself);
# 昭和 ended on 7 January 1989 and 平成 on 30 April 2019 (元号を改める政令).
_ERAS = (
    _Era("明治", "M", datetime.date(1868, 1, 25), datetime.date(1912, 7, 30)),
    _Era("大正", "T", datetime.date(1912, 7, 30), datetime.date(1926, 12, 25)),
    _Era("昭和", "S", datetime.date(1926, 12, 25), datetime.date(1989, 1, 7)),
    _Era("平成", "H", datetime.date(1989, 1, 8), datetime.date(2019, 4, 30)),
    _Era("令和", "R", datetime.date(2019, 5, 1), datetime.date.max),
)
_GREGORIAN = 1873  # Japan took over the Gregorian calendar with 明治6年
_YEAR = r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])?(?:西暦)?(?P<year>元|\d{1,4})"
_FORMS = tuple(
    re.compile(_YEAR + rest, re.IGNORECASE)
    for rest in (
        r"年?",
        r"(?P<fiscal>年度)",
        r"年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?",
        r"(?P<mark>[./-])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?",
    )
)


@dataclass(frozen=True)
class When:
    """A day, a month, a year or a fiscal year.

    Parameters
    ----------
    start, end : datetime.date
        Its first and its last day.
    grain : {"day", "month", "year", "fiscal-year"}
        How much of it was written. A year is the whole calendar year: 令和元年 is 2019.
    """

    start: datetime.date
    end: datetime.date
    grain: str

    @property
    def year(self) -> int:
        """The year written: the calendar year, or the one a fiscal year (April–March) begins in."""
        return self.start.year

    @property
    def fiscal_year(self) -> int:
        """The fiscal year it belongs to; for a calendar year, the one that begins in it."""
        late = self.grain in ("year", "fiscal-year") or self.start.month >= 4
        return self.start.year if late else self.start.year - 1


def era(text: str) -> When:
    """Return what a Japanese date, month, year or fiscal year means.

    Parameters
    ----------
    text : str
        ``令和5年4月1日``, ``令和5年度``, ``平成31（2019）年``, ``R5.4.1``, ``H30/4/1``,
        ``2023年度``, ``2023-04-01`` …, digits of any width, 元 for the first year.

    Returns
    -------
    When
        Its first and last day, and how much was written.

    Raises
    ------
    DataError
        If it is no date, or lies outside its era: the hint says it in the right one. A fiscal year
        may be told in either era it touches (平成31年度 and 令和元年度 are both 2019).

    Examples
    --------
    >>> era("令和元年５月１日").start, era("H31.4.30").start
    (datetime.date(2019, 5, 1), datetime.date(2019, 4, 30))
    >>> fiscal = era("令和5年度")
    >>> fiscal.year, fiscal.end
    (2023, datetime.date(2024, 3, 31))
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))
    beside = re.search(r"\(([^()]*)\)", plain)  # 平成31（2019）年度
    if beside:
        plain = plain.replace(beside[0], "", 1)
    found = _parts(plain)
    count = 1 if found.get("year") == "元" else int(found.get("year") or 0)
    name = (found.get("era") or "").upper()
    named = next((one for one in _ERAS if name in (one.name, one.letter)), None)
    if not count or (named is None and count < 1000) or count > 3000:
        raise _no_date(text)
    year = count if named is None else named.first.year - 1 + count
    when = _span(text, year, found.get("month"), found.get("day"), fiscal="fiscal" in found)
    if named:
        _within(text, when, named)
    if beside:
        _agree(text, when, plain, beside[1])
    return when


def _parts(plain: str) -> dict[str, str]:
    """Return the parts of a date that are written; none for what is no date."""
    for form in _FORMS:
        if found := form.fullmatch(plain):
            return {name: part for name, part in found.groupdict().items() if part}
    return {}


def _no_date(text: object) -> DataError:
    return DataError(
        say("「{text}」は日付や年として読めません。", text=shown(text)),
        hint=say("例: 令和5年4月1日、令和5年度、R5.4.1、2023-04-01"),
    )


def _span(text: str, year: int, month: str | None, day: str | None, *, fiscal: bool) -> When:
    try:
        if fiscal:
            return When(datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31), "fiscal-year")
        if month is None:
            return When(datetime.date(year, 1, 1), datetime.date(year, 12, 31), "year")
        if day is None:
            first = datetime.date(year, int(month), 1)
            length = calendar.monthrange(year, int(month))[1]
            return When(first, first.replace(day=length), "month")
        only = datetime.date(year, int(month), int(day))
        return When(only, only, "day")
    except ValueError:
        raise _no_date(text) from None


def _within(text: str, when: When, named: _Era) -> None:
    """Refuse what lies wholly outside the era it is told in."""
    if when.grain in ("day", "month") and when.year < _GREGORIAN:
        raise DataError(
            say("「{text}」は旧暦の日付なので、今の暦に直せません。", text=shown(text)),
            hint=say("明治6年（1873年）より前は、年だけで書いてください。"),
        )
    if when.start <= named.last and when.end >= named.first:
        return
    raise DataError(
        say("「{text}」という時はありません。{era}の外です。", text=shown(text), era=named.name),
        hint=say("{right} のことですか。", right=_told(when)),
    )


def _told(when: When) -> str:
    """Say a moment in the era it began in (the one it ended in, where it began before them all)."""
    home = [e for e in _ERAS if e.first <= when.start] or [_ERAS[0]]
    count = when.year - home[-1].first.year + 1
    text = f"{home[-1].name}{'元' if count == 1 else count}年"
    if when.grain == "fiscal-year":
        return text + "度"
    if when.grain in ("day", "month"):
        text += f"{when.start.month}月"
    return text + (f"{when.start.day}日" if when.grain == "day" else "")


def _agree(text: str, when: When, plain: str, beside: str) -> None:
    """Refuse 平成31（2018）年: the two ways of saying the year must mean the same one."""
    other = beside.removesuffix("年度").removesuffix("年")
    if not _parts(other) or era(other).year != when.year:
        raise DataError(
            say("「{text}」の、かっこの外と中が合いません。", text=shown(text)),
            hint=say("{outside} は {year} 年です。", outside=plain, year=when.year),
        )


def shown(text: object) -> str:
    """Return `text` as it may stand in a message: one line, at most 40 characters."""
    plain = "".join(char if char.isprintable() else "?" for char in str(text).strip())
    return plain if len(plain) <= 40 else plain[:40] + "…"
