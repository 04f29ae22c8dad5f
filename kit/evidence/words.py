"""Differences as a sentence says them: sign, figures, unit."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kit.language import say, spaced


def amount(value: float, unit: str) -> str:
    """Return a signed difference with its unit, as a sentence would say it.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     amount(.039, "share"), amount(-1250, "yen")
    ('+3.9 ポイント', '−1,250 円')
    """
    return with_unit(signed(scaled(value, unit), unit), unit)


def unit_name(unit: str) -> str:
    """Return the word for a unit on an axis; shares are shown in percentage points."""
    names = {
        "share": say("ポイント"),
        "yen": say("円"),
        "hours": say("時間数"),
        "minutes": say("分"),
        "count": say("件"),
    }
    return names.get(unit, unit)


def signed(value: float, unit: str = "") -> str:
    """Return `value` with its sign (a true minus), rounded as its unit is usually read."""
    text = plain(abs(value), unit)
    if not any(digit in text for digit in "123456789"):
        return text
    return ("+" if value > 0 else "−") + text


def sentences(*parts: str) -> str:
    """Join whole sentences as the current language does: Japanese without spaces."""
    return (" " if spaced() else "").join(part for part in parts if part)


def scaled(value: float, unit: str) -> float:
    return 100 * value if unit == "share" else value


def plain(value: float, unit: str) -> str:
    if not math.isfinite(value):
        return "∞" if value > 0 else str(value)
    if unit == "share":
        return f"{value:.1f}"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    # Three significant digits say as much as such an estimate knows.
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def with_unit(number: str, unit: str) -> str:
    name = unit_name(unit)
    return say("{number} {unit}", number=number, unit=name) if name else number


def quoted(names: Iterable[str]) -> str:
    """Return names in quotation marks, one after the other."""
    between = ", " if spaced() else ""
    return between.join(say("「{name}」", name=name) for name in names)
