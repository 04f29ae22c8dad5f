"""What both maps share: the key to the classes, the box around the islands, plain pixel layers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from kit.chart.classes import Classes
from kit.chart.frame import records
from kit.chart.shapes import Point, Ring, hatching, rectangle
from kit.chart.text import wrap
from kit.chart.theme import AXIS, INK, SOFT_INK, TEXT_SIZE, fonts
from kit.chart.towns import TownValues
from kit.language import say

WIDTH = 578  # 598 with the padding: a phone 390 px wide shows it at 0.6
EDGE = 6  # room for an outline beside the outermost tile
GAP = 16  # between the mainland and what stands below it
SWATCH = (26, 16)
ROW, TITLE_LINE = 21, TEXT_SIZE + 4
EMPTY = "#FFFFFF"  # under the hatching of what has no data
HATCH = "#9A9A9A"
HATCH_GAP = 6.0

Row = Mapping[str, Any]


def layer(rows: Iterable[Row]) -> alt.Chart:
    """Return an empty layer of `rows` placed by their own pixels ``x``, ``y``, ``x2``, ``y2``."""
    rows = list(rows)
    keys = rows[0].keys() if rows else set()
    across: dict[str, Any] = {"x": alt.X("x:Q", scale=None, axis=None)}
    across["y"] = alt.Y("y:Q", scale=None, axis=None)
    if "x2" in keys:
        across |= {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    return alt.Chart(records(rows)).encode(**across)


def box(left: float, top: float, wide: float, high: float) -> dict[str, float]:
    """Return the pixels of a rectangle."""
    ends = {"x": left, "y": top, "x2": left + wide, "y2": top + high}
    return {name: round(pixels, 1) for name, pixels in ends.items()}


def geography(features: Iterable[Row]) -> alt.InlineData:
    """Return GeoJSON features in pixels as inline data."""
    text = json.dumps(list(features), ensure_ascii=False, separators=(",", ":"))
    return alt.InlineData(values=text, format=alt.DataFormat(type="json"))


def hatched(areas: Iterable[Sequence[Ring]]) -> list[alt.Chart]:
    """Return the hatching of `areas` without data, as one path; no layer if there are none."""
    lines = [
        [(round(x, 1), round(y, 1)) for x, y in line]
        for rings in areas
        for line in hatching(rings, HATCH_GAP)
    ]
    if not lines:
        return []
    drawn = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": lines}}
    shape = alt.Chart(geography([drawn]))
    return [shape.mark_geoshape(filled=False, stroke=HATCH, strokeWidth=1)]


def together(parts: Sequence[Any], height: float) -> Any:
    """Return the layers as one picture whose shapes are in pixels already."""
    flat = alt.Projection(type="identity", scale=1, translate=[0, 0])
    return alt.layer(*parts, projection=flat).properties(width=WIDTH, height=height)


def island_box(corner: Point, size: Point, note: str) -> list[alt.Chart]:
    """Return the frame that sets the islands apart, and the `note` that says so."""
    (left, top), (wide, high) = corner, size
    frame = layer([box(left, top, wide, high)]).mark_rect(
        fillOpacity=0, stroke=AXIS, strokeWidth=1, strokeDash=[4, 3]
    )
    words = layer([{"x": left + 6, "y": top + 6, "note": note}])
    return [
        frame,
        words.mark_text(
            align="left",
            baseline="top",
            fontSize=TEXT_SIZE - 1,
            lineHeight=TEXT_SIZE + 2,
            color=SOFT_INK,
        ).encode(text=alt.Text("note:N")),
    ]


def key(towns: TownValues, classes: Classes, corner: Point, *, wide: float) -> list[Any]:
    """Return the key: a swatch, the range and the number of municipalities of each class.

    Parameters
    ----------
    corner : (float, float)
        Its upper left corner.
    wide : float
        Its width in pixels.
    """
    left, top = corner
    title = _title(towns, wide)
    below = top + (title.count("\n") + 1) * TITLE_LINE + 4
    absent = len(towns.values) - len(towns.known)
    lines = [
        (band.colour, say("{range}（{count}）", range=band.says, count=band.count))
        for band in classes.bands
    ]
    if absent:
        lines.append(("", say("{range}（{count}）", range=say("データなし"), count=absent)))
    rows: list[dict[str, Any]] = [
        {"fill": fill or EMPTY, "says": words, **box(left, below + ROW * place, *SWATCH)}
        for place, (fill, words) in enumerate(lines)
    ]
    text: dict[str, Any] = {"align": "left", "color": INK}
    empty = [rectangle(r["x"], r["y"], r["x2"], r["y2"]) for r in rows[len(classes.bands) :]]
    note = say("（ ）は区市町村の数")
    return [
        layer([{"x": left, "y": top, "title": title}])
        .mark_text(**text, baseline="top", fontSize=TEXT_SIZE, lineHeight=TITLE_LINE)
        .encode(text=alt.Text("title:N")),
        layer(rows)
        .mark_rect(stroke=AXIS, strokeWidth=0.8)
        .encode(fill=alt.Fill("fill:N", scale=None, legend=None)),
        *hatched([[ring] for ring in empty]),
        layer({"x": r["x2"] + 8, "y": (r["y"] + r["y2"]) / 2, "says": r["says"]} for r in rows)
        .mark_text(**text, baseline="middle", fontSize=TEXT_SIZE, font=fonts("ja"))
        .encode(text=alt.Text("says:N")),
        layer([{"x": left, "y": below + ROW * len(rows) + 2, "note": note}])
        .mark_text(align="left", color=SOFT_INK, baseline="top", fontSize=TEXT_SIZE - 1)
        .encode(text=alt.Text("note:N")),
    ]


def key_height(towns: TownValues, classes: Classes, *, wide: float) -> float:
    """Return how high the key is."""
    rows = len(classes.bands) + (len(towns.known) < len(towns.values))
    return (_title(towns, wide).count("\n") + 1) * TITLE_LINE + 4 + ROW * rows + TEXT_SIZE + 2


def _title(towns: TownValues, wide: float) -> str:
    return wrap(towns.style.title(towns.heads[1]), wide / TEXT_SIZE, lines=2)
