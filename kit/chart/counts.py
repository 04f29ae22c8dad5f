"""Histograms: counted here, so that a hundred thousand values draw like ten."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from kit.chart import describe
from kit.chart.axes import top_of, y_axis
from kit.chart.columns import missing, numbers, source_line
from kit.chart.frame import (
    PLOT_WIDTH,
    caption,
    finish,
    level,
    nothing,
    reach,
    records,
    survives_blanks,
    tip,
)
from kit.chart.text import Style, clean, style_for, wrap
from kit.chart.theme import COLOURS, INK
from kit.language import say

HEIGHT = 280
WHOLE_RANGE = 30


@dataclass(frozen=True)
class Bins:
    """Counts between `edges`; where `whole`, each bin is one whole number."""

    edges: list[float]
    counts: list[int]
    whole: bool

    def name(self, index: int, style: Style) -> str:
        """Return what bin `index` holds."""
        left, right = self.edges[index], self.edges[index + 1]
        if self.whole:
            return style.show((left + right) / 2)
        return say("{left}～{right}", left=style.show(left), right=style.show(right))


def count(values: Sequence[float], wanted: int | None = None) -> Bins:
    """Count `values` in equal bins with round edges.

    Parameters
    ----------
    values : sequence of float
        At least one.
    wanted : int, optional
        About how many bins.

    Examples
    --------
    >>> count([1, 2, 2, 3])
    Bins(edges=[0.5, 1.5, 2.5, 3.5], counts=[1, 2, 1], whole=True)
    >>> count([0.1, 0.2, 0.25, 0.4], 3).edges
    [0.1, 0.2, 0.3, 0.4]
    """
    low, high = min(values), max(values)
    if wanted is None and high - low <= WHOLE_RANGE and all(v == int(v) for v in values):
        edges = [low - 0.5 + i for i in range(int(high - low) + 2)]
        return Bins(edges, _counted(values, edges), True)
    if low == high:
        left, right = reach([low])
        return Bins([left, right], [len(values)], False)
    about = wanted or min(40, max(8, round(math.sqrt(len(values)))))
    step = _round_step((high - low) / max(1, about))
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    edges = [float(f"{i * step:.12g}") for i in range(first, last + 1)]
    return Bins(edges, _counted(values, edges), False)


def _round_step(rough: float) -> float:
    power = 10 ** math.floor(math.log10(rough))
    return next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough * 0.999)


def _counted(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    import numpy as np

    within = np.clip(np.asarray(values, dtype=float), edges[0], edges[-1])
    return [int(n) for n in np.histogram(within, bins=np.asarray(edges))[0]]


def _flat(values: Any) -> Iterable[Any]:
    ravel = getattr(values, "ravel", None)
    if hasattr(values, "ndim") and values.ndim != 1 and ravel is not None:
        return list(ravel())
    if hasattr(values, "ndim") and values.ndim == 2:
        return list(values.to_numpy().ravel())
    return list(values)


@survives_blanks
def histogram(
    values: Any,
    *,
    title: str,
    label: str = "",
    unit: str = "",
    source: Any = None,
    format: str | None = None,
    bins: int | None = None,
    reference: float | None = None,
    reference_label: str = "",
) -> alt.LayerChart:
    """Draw how often values fall into equal bins.

    Parameters
    ----------
    values : array-like of float
        Any number of them. What is missing is left out, and said so.
    label : str
        What the values are (the horizontal axis); a Series' name if not given.
    bins : int, optional
        About how many; chosen from the data if not given.
    reference, reference_label : float, str
        A value to mark; the description says what share lies at or beyond it.
    title, unit, source, format
        As in :func:`kit.chart.bars`.

    Raises
    ------
    KitError
        Values that are not numbers, no source.

    Examples
    --------
    >>> drawn = histogram([1, 2, 2, 3], title="回数", source="模擬データ", reference=2.5)
    >>> drawn.usermeta["kit"]["table"]["rows"]
    [['1', '1'], ['2', '2'], ['3', '1']]
    """
    title, line = clean(title), source_line(source, values)
    own_name = getattr(values, "name", None)
    label = clean(label or ("" if missing(own_name) else own_name)) or say("値")
    every = numbers(_flat(values), label)
    known = [v for v in every if v is not None]
    heads = [label, say("個数")]
    if not known:
        return nothing(title, line, heads)
    at = level(reference)
    style = style_for(known, unit=unit, format=format)
    counted = count(known, bins)
    edge_style = style if counted.whole else style_for(counted.edges, unit=unit, format=format)
    fullest = max(range(len(counted.counts)), key=counted.counts.__getitem__)
    return finish(
        _draw(counted, edge_style, style.title(label), at, caption(reference_label, at, style)),
        title=title,
        source=line,
        description=describe.histogram(
            title,
            known,
            (counted.name(fullest, edge_style), counted.counts[fullest]),
            style,
            at,
            clean(reference_label) or say("基準"),
            len(every) - len(known),
        ),
        table=describe.table(
            heads,
            [[counted.name(i, edge_style), f"{n:,}"] for i, n in enumerate(counted.counts)],
        ),
    )


def _draw(counted: Bins, style: Style, axis_title: str, reference: float | None, note: str) -> Any:
    edges = counted.edges
    data = records(
        {
            "left": left,
            "right": right,
            "count": n,
            "tip": tip("", {axis_title: counted.name(i, style), say("個数"): f"{n:,}"}),
        }
        for i, (left, right, n) in enumerate(zip(edges, edges[1:], counted.counts, strict=False))
    )
    axis = alt.Axis(
        title=wrap(axis_title, 40).split("\n"),
        **style.axis(top_of(edges)),
        tickCount=8,
        grid=False,
        tickMinStep=1 if counted.whole else alt.Undefined,
    )
    domain = reach([edges[0], edges[-1], reference])
    parts: list[alt.Chart] = [
        alt.Chart(data)
        .mark_bar(color=COLOURS[0], stroke="white", strokeWidth=1, binSpacing=0)
        .encode(
            x=alt.X("left:Q", bin="binned", axis=axis, scale=alt.Scale(domain=domain, nice=False)),
            x2=alt.X2("right:Q"),
            y=alt.Y("count:Q", axis=y_axis(say("個数"), Style(",d")), scale=alt.Scale(zero=True)),
            tooltip=alt.Tooltip("tip:N"),
        )
    ]
    if reference is not None:
        line = alt.Chart(records([{"at": reference, "note": note}])).encode(x=alt.X("at:Q"))
        side: Any = "right" if reference > sum(domain) / 2 else "left"
        parts.append(line.mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 4]))
        parts.append(
            line.mark_text(align=side, baseline="bottom", dy=-5).encode(
                y=alt.YValue(0), text=alt.Text("note:N")
            )
        )
    return alt.layer(*parts, width=PLOT_WIDTH, height=HEIGHT)
