"""Axes and legends: calendar ticks in the reader's language, titles that lie flat."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from kit.chart.columns import Steps
from kit.chart.frame import PLOT_WIDTH, TITLE_EM, halo, reach, records
from kit.chart.text import Style, short_names, width, wrap
from kit.chart.theme import NUMBER_FONTS, TEXT_SIZE
from kit.language import spaced

LINE = TEXT_SIZE + 3
LEGEND_ROW = TEXT_SIZE + 7
SIDE_EM = 9
ABOVE_EM = 25


def y_axis(title: str, style: Style, top: float = 0.0) -> alt.Axis:
    """Return a vertical axis of numbers."""
    # Japanese set sideways is hard to read: the title lies flat above the axis.
    return alt.Axis(
        title=wrap(title, TITLE_EM).split("\n"),
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=-34,
        titleY=-14,
        **style.axis(top),
        tickCount=6,
        domain=False,
        ticks=False,
        labelPadding=6,
    )


def x_axis(steps: Steps, title: str) -> tuple[str, alt.Axis, alt.Scale | None, Any]:
    """Return the type, axis, scale and sort of a line chart's horizontal axis."""
    common: dict[str, Any] = {"title": wrap(title, 40).split("\n"), "grid": False}
    if steps.kind == "order":
        names = list(dict.fromkeys(v for v in steps.values if v is not None))
        axis = alt.Axis(**common, labelAngle=0, labelOverlap="greedy", labelPadding=6)
        return "N", axis, alt.Scale(padding=0.5), names
    if steps.kind == "number":
        if steps.year:
            suffix = "" if spaced() else " + '年'"
            axis = alt.Axis(
                **common,
                format="d",
                labelExpr=f"datum.label{suffix}",
                tickMinStep=1,
                tickCount=10,
                labelOverlap="parity",
                labelSeparation=8,
            )
        else:
            axis = alt.Axis(**common, format=",.12~g", tickCount=8)
        return "Q", axis, alt.Scale(domain=_ends(steps), nice=False), None
    known = [v for v in steps.values if v is not None]
    return "T", alt.Axis(**common, **_calendar(min(known), max(known))), None, None


def _ends(steps: Steps) -> list[float]:
    known = [v for v in steps.values if v is not None]
    if steps.year and min(known) == max(known):
        return [known[0] - 1, known[0] + 1]
    return reach(known)


def _calendar(first: pd.Timestamp, last: pd.Timestamp) -> dict[str, Any]:
    """Return tick marks and labels of a time axis in the current language."""
    english = spaced()
    days = (last - first).days

    def written(pattern: str) -> str:
        return f"timeFormat(datum.value, '{pattern}')"

    year = written("%Y" if english else "%Y年")
    if days > 3 * 366:
        step = max(1, round(days / 365 / 9))
        interval = alt.TimeIntervalStep(interval="year", step=step)
        return {"tickCount": interval, "labelExpr": year, "labelOverlap": "parity"}
    if days > 75:
        step = next(s for s in (1, 2, 3, 6) if days / 30 / s <= 13)
        interval = alt.TimeIntervalStep(interval="month", step=step)
        label, fresh = written("%b" if english else "%-m月"), "month(datum.value) == 0"
    else:
        step = next(s for s in (1, 2, 7, 14) if days / s <= 12)
        interval = alt.TimeIntervalStep(
            interval="week" if step >= 7 else "day", step=max(1, step // 7)
        )
        if step < 7:
            interval = alt.TimeIntervalStep(interval="day", step=step)
        label, fresh = written("%b %-d" if english else "%-m/%-d"), "false"
    # The year stands under the first tick and under each January.
    expression = f"datum.index == 0 || {fresh} ? [{label}, {year}] : {label}"
    return {"tickCount": interval, "labelExpr": expression, "labelOverlap": "parity"}


def top_of(values: Iterable[float | None]) -> float:
    """Return the largest distance from zero among `values`."""
    return max((abs(v) for v in values if v is not None), default=0.0)


def legend_for(
    names: Sequence[str], *, y_title: str = "", alone: bool = False, dashes: bool = False
) -> alt.Legend | None:
    """Return a legend between title and plot; none for a single series unless `alone`.

    Vega sets a legend with ``orient="top"`` above the chart's title, so the place is counted out.

    Parameters
    ----------
    y_title : str
        The axis title it must stand clear of.
    dashes : bool
        Show pieces of line rather than shapes.
    """
    if len(names) < 2 and not alone:
        return None
    widest = max(width(name) for name in names) * TEXT_SIZE + (64 if dashes else 48)
    columns = max(1, int((PLOT_WIDTH + 40) // widest))
    below = 14 + (TEXT_SIZE + 4) * (wrap(y_title, TITLE_EM).count("\n") + 1) if y_title else 0
    rows = math.ceil(len(names) / columns)
    return alt.Legend(
        orient="none",
        direction="horizontal",
        legendX=0,
        legendY=-(below + LEGEND_ROW * rows + 6),
        offset=below + 8,  # for a page that sets it on top after all
        columns=columns,
        symbolOpacity=1,
        symbolType="stroke" if dashes else alt.Undefined,
        symbolSize=500 if dashes else alt.Undefined,
    )


@dataclass(frozen=True)
class Names:
    """Where the names of a chart of rows stand: beside the marks, or above them if long."""

    y: alt.Y
    written: tuple[alt.Chart, ...]
    height: float
    shorts: dict[str, str]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        band: float,
        *,
        above: bool | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> Names:
        """Lay out `names`.

        Parameters
        ----------
        band : float
            Height of a row's marks in pixels.
        above : bool, optional
            Above the marks rather than beside them; None where a name is too long for the side.
        notes : mapping of str to str, optional
            What to write at the other end of the line above a row.
        """
        if above is None:
            above = max(map(width, names)) > SIDE_EM
        if not above:
            return cls._beside(names, band)
        shorts = dict(zip(names, short_names(names, ABOVE_EM, lines=2), strict=True))
        notes = notes or {}
        # A note stands on the name's last line if there is room for it on a phone, else below.
        blocks = {
            name: short if _share_a_line(short, notes.get(name, "")) else f"{short}\n"
            for name, short in shorts.items()
        }
        label = max(block.count("\n") + 1 for block in blocks.values()) * LINE + 5
        step = label + band + 12
        scale = alt.Scale(
            domain=list(shorts.values()),
            paddingInner=1 - band / step,
            paddingOuter=label / step / 2,
            align=1,  # all the room outside the rows lies above the first
        )
        y = alt.Y("name:N", scale=scale, axis=None)
        rows = records(
            {
                "name": shorts[name],
                "lift": -4 - block.count("\n") * LINE,
                "note": notes.get(name, ""),
            }
            for name, block in blocks.items()
        )
        top = alt.Y("name:N", scale=scale, axis=None, bandPosition=0)
        base = alt.Chart(rows)
        written = halo(
            base.encode(x=alt.XValue(0), y=top, text=alt.Text("name:N")),
            align="left",
            baseline="bottom",
            dy=alt.ExprRef("datum.lift"),
            fontSize=TEXT_SIZE,
            lineHeight=LINE,
        )
        if notes:
            written += halo(
                base.encode(x=alt.XValue("width"), y=top, text=alt.Text("note:N")),
                align="right",
                baseline="bottom",
                dy=-4,
                font=NUMBER_FONTS,
            )
        height = label + step * len(shorts) - (step - band)
        return cls(y, tuple(written), height, shorts)

    @classmethod
    def _beside(cls, names: Sequence[str], band: float) -> Names:
        shorts = dict(zip(names, short_names(names, SIDE_EM, lines=1), strict=True))
        scale = alt.Scale(domain=list(shorts.values()), paddingInner=0.28, paddingOuter=0.14)
        y = alt.Y("name:N", scale=scale, axis=None)
        written = (
            alt.Chart(records({"name": short} for short in shorts.values()))
            .mark_text(align="right", baseline="middle", dx=-10, fontSize=TEXT_SIZE)
            .encode(x=alt.XValue(0), y=y, text=alt.Text("name:N"))
        )
        return cls(y, (written,), band / 0.72 * len(shorts), shorts)


def _share_a_line(name: str, note: str) -> bool:
    return not note or width(name.rsplit("\n", 1)[-1]) + width(note) + 1 <= ABOVE_EM
