"""Large and small amounts as people say them: 約1億2,300万円, 約8時間, 3年に1件."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kit.language import say, spaced


def rounded(value: float, digits: int = 3) -> float:
    """Return `value` to `digits` significant figures: an estimate should not look counted.

    Examples
    --------
    >>> rounded(13796.2), rounded(0.04567), rounded(0)
    (13800.0, 0.0457, 0.0)
    """
    if value == 0 or not math.isfinite(value):
        return float(value)
    return float(round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def joined(*sentences: str) -> str:
    """Return sentences one after the other, with a space where the language wants one."""
    return (" " if spaced() else "").join(part for part in sentences if part)


def listed(parts: Iterable[str]) -> str:
    """Return parts one after the other, divided as the language divides them.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     listed(["住民票", "戸籍"])
    '住民票、戸籍'
    """
    return (", " if spaced() else "、").join(parts)


def _number(value: float) -> str:
    shown = rounded(value)
    return f"{shown:,.0f}" if abs(shown) >= 100 or shown == int(shown) else f"{shown:,.3g}"


def _large(value: float) -> str:
    """Return a number in the units of the current language: 万, 億, 兆 or million, billion."""
    units = (
        ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))
        if spaced()
        else ((1e12, "兆"), (1e8, "億"), (1e4, "万"))
    )
    shown = rounded(value)
    for size, unit in units:
        if abs(shown) >= size:
            return f"{_number(shown / size)}{unit}"
    return _number(shown)


def count(value: float | None) -> str:
    """Return a yearly number of cases as a sentence would say it.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     [count(13796.2), count(0.31), count(0), count(None)]
    ['年に約13,800件', '年に1件未満（約3年に1件）', '年に0件', '年に何件か分かりません']
    """
    if value is None:
        return say("年に何件か分かりません")
    if value == 0:
        return say("年に0件")
    if value < 0.001:
        return say("年に0.001件未満")
    if value < 0.95:
        return say("年に1件未満（約{years}年に1件）", years=_number(round(1 / value)))
    shown = round(rounded(value))
    return say("年に約1件") if shown == 1 else say("年に約{number}件", number=f"{shown:,}")


def hours(value: float | None) -> str:
    """Return hours, or minutes where there is less than one.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     [hours(47012), hours(2_058_000), hours(0.4), hours(0), hours(None)]
    ['約4.7万時間', '約206万時間', '約24分', '0時間', '分かりません']
    """
    if value is None:
        return say("分かりません")
    if value == 0:
        return say("0時間")
    if abs(value) < 1:
        return say("約{number}分", number=_number(value * 60))
    return say("約{number}時間", number=_large(value))


def minutes(value: float) -> str:
    """Return minutes as hours and minutes from two hours on.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     [minutes(95.4), minutes(250.2), minutes(0.25)]
    ['95分', '4時間10分', '0.25分']
    """
    if abs(value) < 1 and value:
        return say("{number}分", number=_number(value))
    if abs(value) < 120:
        return say("{number}分", number=f"{value:.0f}")
    whole, rest = divmod(round(value), 60)
    return say("{hours}時間{minutes}分", hours=whole, minutes=rest)


def yen(value: float | None) -> str:
    """Return an amount of yen in large units.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     [yen(117_530_000), yen(2543), yen(0)]
    ['約1.18億円', '約2,540円', '0円']
    >>> with using("en"):
    ...     "118 million" in yen(117_530_000)
    True
    """
    if value is None:
        return say("分かりません")
    if value == 0:
        return say("0円")
    return say("約{number}円", number=_large(value))


def share(value: float | None) -> str:
    """Return a share as a percentage; small ones keep a decimal.

    Examples
    --------
    >>> [share(0.384), share(0.004), share(0.0), share(None)]
    ['38%', '0.4%', '0%', '–']
    """
    if value is None:
        return "–"
    return f"{value:.1%}" if 0 < abs(value) < 0.01 else f"{value:.0%}"
