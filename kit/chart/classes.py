"""Values put into a few classes, each with a colour that is lighter or darker than its neighbours."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kit.chart.text import Style, width
from kit.chart.theme import INK
from kit.errors import KitError
from kit.language import say

# One hue, told apart by lightness alone (L* 94, 77, 59, 38, 17): the order holds on a grey print
# and under every colour-vision deficiency. INK or white stands ≥ 4.5:1 on each.
RAMP = ("#E5EFFE", "#96C0FF", "#518EE8", "#1A57AD", "#03285B")
# Fewer classes lie further apart.
_STEPS = {1: (1,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
MOST = len(RAMP)
SPAN_EM = 11  # longer numbers would run out of the key


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG 2.2).

    Examples
    --------
    >>> luminance("#FFFFFF"), luminance("#000000")
    (1.0, 0.0)
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    Examples
    --------
    >>> contrast("#FFFFFF", "#000000")
    21.0
    """
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Return the ink, dark or white, that reads better on `colour`.

    Examples
    --------
    >>> ink_on("#E5EFFE"), ink_on("#03285B")
    ('#1A1A1A', '#FFFFFF')
    """
    return max((INK, "#FFFFFF"), key=lambda ink: contrast(ink, colour))


@dataclass(frozen=True)
class Band:
    """One class: its colour, the range as the legend says it, and how many values it holds."""

    colour: str
    says: str
    count: int


@dataclass(frozen=True)
class Classes:
    """How values are put into classes.

    Parameters
    ----------
    cuts : tuple of float
        A value belongs to the class after the last cut that it reaches.
    bands : tuple of Band
        From the lowest to the highest.
    """

    cuts: tuple[float, ...]
    bands: tuple[Band, ...]

    def colour(self, value: float) -> str:
        """Return the colour of `value`."""
        return self.bands[bisect.bisect_right(self.cuts, value)].colour


def classify(values: Iterable[float], style: Style, breaks: Sequence[float] | None) -> Classes:
    """Put `values` into classes.

    Parameters
    ----------
    values : iterable of float
        At least one.
    style : Style
        How the legend writes them.
    breaks : sequence of float, optional
        The first value of the second class, of the third, …: one to four, rising. None makes five
        classes of about as many values each; equal values stay together, so there may be fewer.

    Raises
    ------
    KitError
        If `breaks` are not one to four rising numbers.

    Examples
    --------
    >>> made = classify([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Style(",d"), None)
    >>> [band.count for band in made.bands], made.colour(1.0)
    ([2, 2, 2, 2, 2], '#E5EFFE')
    >>> len(classify([7, 7, 7], Style(",d"), None).bands)
    1
    """
    ordered = sorted(values)
    cuts = _quantile_cuts(ordered) if breaks is None else _given(breaks)
    groups: list[list[float]] = [[] for _ in range(len(cuts) + 1)]
    for value in ordered:
        groups[bisect.bisect_right(cuts, value)].append(value)
    if breaks is None:
        said = _spans([(group[0], group[-1]) for group in groups], style.bare)
    else:
        said = _between(cuts, style.bare)
    colours = [RAMP[step] for step in _STEPS[len(groups)]]
    return Classes(
        cuts,
        tuple(
            Band(colour, says, len(group))
            for colour, says, group in zip(colours, said, groups, strict=True)
        ),
    )


def _quantile_cuts(ordered: Sequence[float]) -> tuple[float, ...]:
    """Return the values at which a new fifth begins; equal values are never parted."""
    count, parts = len(ordered), min(MOST, len(set(ordered)))
    starts = [ordered[math.ceil(count * part / parts)] for part in range(1, parts)]
    return tuple(cut for cut in dict.fromkeys(starts) if cut > ordered[0])


def _given(breaks: Sequence[float]) -> tuple[float, ...]:
    try:
        cuts = tuple(float(cut) for cut in breaks)
    except (TypeError, ValueError):
        cuts = ()
    rising = all(low < high for low, high in itertools.pairwise(cuts))
    if not (1 <= len(cuts) < MOST and rising and all(map(math.isfinite, cuts))):
        raise KitError(
            say("breaks には、区切りの数を小さい順に 1～{most} 個書いてください。", most=MOST - 1),
            where=f"breaks = {breaks!r}"[:80],
            hint=say("例: {examples}", examples="breaks=[10, 20, 30]"),
        )
    return cuts


def _spans(ends: Sequence[tuple[float, float]], style: Style) -> list[str]:
    """Write the lowest and the highest value of each class."""
    for finer in (style, _finer(style, 1), _finer(style, 2)):
        written = [(finer.show(low), finer.show(high)) for low, high in ends]
        if all(high != low for (_, high), (low, _) in itertools.pairwise(written)):
            break  # no two classes seem to share a value
    if max(width(low + high) for low, high in written) > SPAN_EM:
        brief = _brief(style)
        written = [(brief.show(low), brief.show(high)) for low, high in ends]
    return [
        low if low == high else say("{left}～{right}", left=low, right=high)
        for low, high in written
    ]


def _between(cuts: Sequence[float], style: Style) -> list[str]:
    """Write where each class begins and the next one does."""
    if style.format.endswith("d") and any(cut != int(cut) for cut in cuts):
        style = replace(style, format=",.6g")  # counts may be parted at 2.5
    shown = [style.show(cut) for cut in cuts]
    if any(width(low + high) > SPAN_EM for low, high in itertools.pairwise(shown)):
        shown = [_brief(style).show(cut) for cut in cuts]
    return [
        say("{high}未満", high=shown[0]),
        *(
            say("{low}以上{high}未満", low=low, high=high)
            for low, high in itertools.pairwise(shown)
        ),
        say("{low}以上", low=shown[-1]),
    ]


def _finer(style: Style, digits: int) -> Style:
    longer = re.sub(r"\.(\d+)", lambda found: f".{int(found[1]) + digits}", style.format)
    return replace(style, format=longer)


def _brief(style: Style) -> Style:
    return replace(style, format=".3g")
