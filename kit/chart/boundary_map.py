"""The boundary map: real, simplified shapes, all at one scale; the islands are moved near."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

import altair as alt

from kit import places
from kit.chart.classes import Classes, ink_on
from kit.chart.frame import tip
from kit.chart.map_key import (
    EDGE,
    EMPTY,
    GAP,
    WIDTH,
    geography,
    hatched,
    island_box,
    key,
    key_height,
    layer,
    together,
)
from kit.chart.shapes import Point, Ring, room_for, spans
from kit.chart.text import width, wrap
from kit.chart.theme import AXIS, INK, TEXT_SIZE, fonts
from kit.chart.towns import TownValues
from kit.language import current, say, spaced
from kit.places import Municipality

PARALLEL = 35.7  # degrees north: where the mainland keeps its true proportions
ISLAND_ROWS = (
    ("大島", "利島", "新島", "神津島", "三宅"),
    ("御蔵島", "八丈", "青ヶ島", "小笠原"),
)
# Points on the inhabited islands of the municipalities that have two: 新島 and 式根島, 父島 and
# 母島. Of the others the largest island is drawn.
TWO_ISLANDS = {
    "新島": ((139.26, 34.38), (139.21, 34.325)),
    "小笠原": ((142.215, 27.08), (142.16, 26.65)),
}
APART = {"小笠原"}  # 50 km from each other: set side by side
NAME_SIZE, ISLAND_NAME = 11.0, 12.0
BOX_PAD, BETWEEN, NAME_ROW = 8.0, 12.0, 18.0
HEAD_LINE = TEXT_SIZE + 2

Shape = list[list[Point]]


@dataclass(frozen=True)
class Sheet:
    """Every shape and every name in its place, in pixels.

    Parameters
    ----------
    shapes : mapping of str to list of rings
        By code.
    names : mapping of str to (x, y)
        Where a name fits inside its shape, or stands under its island.
    box : (left, top, wide, high)
        Around the islands.
    note : str
        What the box says.
    """

    shapes: Mapping[str, Shape]
    names: Mapping[str, Point]
    box: tuple[float, float, float, float]
    note: str


def draw(towns: TownValues, classes: Classes, chosen: Sequence[Municipality]) -> Any:
    """Return the boundary map without its title."""
    sheet = _sheet(current())
    left, top, wide, high = sheet.box
    heading = towns.style.title(towns.heads[1])
    fills = {
        town: EMPTY if value is None else classes.colour(value)
        for town, value in towns.values.items()
    }
    drawn = [
        _feature(
            sheet.shapes[town.code],
            fill=fill,
            tip=tip(town.name, {heading: towns.style.show(towns.values[town])}),
        )
        for town, fill in fills.items()
    ]
    key_wide = left - EDGE - GAP
    parts = [
        *island_box((left, top), (wide, high), sheet.note),
        alt.Chart(geography(drawn))
        .mark_geoshape(stroke=AXIS, strokeWidth=0.8, strokeJoin="round")
        .encode(fill=alt.Fill("fill:N", scale=None, legend=None), tooltip=alt.Tooltip("tip:N")),
        *hatched(sheet.shapes[town.code] for town, fill in fills.items() if fill == EMPTY),
        *_outlines([_feature(sheet.shapes[town.code]) for town in chosen]),
        *_names(sheet, fills, chosen),
        *key(towns, classes, (EDGE, top), wide=key_wide),
    ]
    height = top + max(high, key_height(towns, classes, wide=key_wide))
    return together(parts, height)


def credit() -> str:
    """Return the line that a map with these boundaries must carry."""
    from kit.data.citation import pick
    from kit.data.packages import table_of

    return pick(table_of("boundaries")[0], "credit")


def _feature(shape: Shape, **fields: Any) -> dict[str, Any]:
    polygons = [[ring] for ring in shape]
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        **fields,
    }


def _outlines(features: Sequence[Mapping[str, Any]]) -> list[alt.Chart]:
    if not features:
        return []
    base = alt.Chart(geography(features))
    line: dict[str, Any] = {"filled": False, "strokeJoin": "round"}
    return [
        base.mark_geoshape(**line, stroke="white", strokeWidth=6),
        base.mark_geoshape(**line, stroke=INK, strokeWidth=3),
    ]


def _names(
    sheet: Sheet, fills: Mapping[Municipality, str], chosen: Sequence[Municipality]
) -> list[alt.Chart]:
    """Return the names that fit, those of the islands, and those brought out."""
    rows = []
    for town, fill in fills.items():
        spot = sheet.names.get(town.code)
        ink, under = ("", "") if town.is_island else (ink_on(fill), fill)
        if spot is None and town in chosen:
            spot, ink, under = _above(sheet.shapes[town.code]), INK, EMPTY
        if spot:
            rows.append(
                {
                    "x": round(spot[0], 1),
                    "y": round(spot[1], 1),
                    "word": _name(town),
                    "size": ISLAND_NAME if town.is_island else NAME_SIZE,
                    "ink": ink or INK,
                    "halo": under or EMPTY,
                }
            )
    text: dict[str, Any] = {
        "align": "center",
        "baseline": "middle",
        "font": fonts("ja"),
        "fontSize": alt.ExprRef("datum.size"),
    }
    colour = alt.Color("ink:N", scale=None, legend=None)
    around = alt.Stroke("halo:N", scale=None, legend=None)
    base = layer(rows)
    return [
        base.mark_text(**text, strokeWidth=3).encode(text=alt.Text("word:N"), stroke=around),
        base.mark_text(**text).encode(text=alt.Text("word:N"), color=colour),
    ]


def _name(town: Municipality) -> str:
    return town.name_en.rsplit(" ", 1)[0] if spaced() else town.name_ja[:-1]


def _wide(town: Municipality, size: float) -> float:
    return width(_name(town)) * size


def _above(shape: Shape) -> Point:
    """Return where a name stands that has no room inside: it must not cover the colour."""
    xs, ys = zip(*max(shape, key=_area), strict=True)
    return (min(xs) + max(xs)) / 2, min(ys) - NAME_SIZE


@lru_cache(maxsize=4)
def _sheet(language: str) -> Sheet:
    """Lay out shapes and names in `language`: the same for every map."""
    rings = _degrees()
    towns = {town.code: town for town in places.all_()}
    corners = [
        p for code, shape in rings.items() if not towns[code].is_island for r in shape for p in r
    ]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    scale = (WIDTH - 2 * EDGE) / (east - west) / math.cos(math.radians(PARALLEL))
    origin = (west, max(y for _, y in corners))
    shapes = {
        code: _moved(_flat(shape, scale, PARALLEL, origin), EDGE, EDGE)
        for code, shape in rings.items()
        if not towns[code].is_island
    }
    names = {
        code: spot
        for code, shape in shapes.items()
        if (spot := room_for(shape, _wide(towns[code], NAME_SIZE) + 3, NAME_SIZE + 1))
    }
    top = max(y for shape in shapes.values() for ring in shape for _, y in ring) + GAP
    isles, under, box, note = _islands(rings, scale, top)
    return Sheet(shapes | isles, names | under, box, note)


def _islands(
    rings: Mapping[str, Shape], scale: float, top: float
) -> tuple[dict[str, Shape], dict[str, Point], tuple[float, float, float, float], str]:
    """Set the islands in two rows, right-aligned, their names below them."""
    rows = [
        [(town, _island(town, rings[town.code], scale)) for town in map(places.find, names)]
        for names in ISLAND_ROWS
    ]
    cells = [
        [max(_size(shape)[0], _wide(town, ISLAND_NAME)) for town, shape in row] for row in rows
    ]
    wide = max(sum(row) + BETWEEN * (len(row) - 1) for row in cells) + 2 * BOX_PAD
    left = WIDTH - wide - 1
    note = wrap(
        say("住民のいる島だけを、同じ縮尺のまま近くに移しています。島の位置は実際と違います。"),
        (wide - BOX_PAD) / (TEXT_SIZE - 1),
    )
    shapes: dict[str, Shape] = {}
    names: dict[str, Point] = {}
    y = top + BOX_PAD + HEAD_LINE * (note.count("\n") + 1) + 4
    for row, widths in zip(rows, cells, strict=True):
        tall = max(_size(shape)[1] for _, shape in row)
        spare = (wide - 2 * BOX_PAD - sum(widths)) / (len(row) - 1)
        x = left + BOX_PAD
        for (town, shape), cell in zip(row, widths, strict=True):
            across, down = _size(shape)
            shapes[town.code] = _moved(shape, x + (cell - across) / 2, y + tall - down)
            names[town.code] = x + cell / 2, y + tall + NAME_ROW / 2
            x += cell + spare
        y += tall + NAME_ROW + BOX_PAD
    return shapes, names, (left, top, wide, y - top), note


def _island(town: Municipality, rings: Shape, scale: float) -> Shape:
    """Return the inhabited islands of `town` in pixels from their own upper left corner."""
    key = town.name_ja[:-1]
    kept = [_around(rings, spot) for spot in TWO_ISLANDS.get(key, ())] or [max(rings, key=_area)]
    parts = [[ring] for ring in kept] if key in APART else [kept]
    shape: Shape = []
    x = 0.0
    for part in parts:
        north = max(y for ring in part for _, y in ring)
        placed = _flat(part, scale, north, (min(lng for ring in part for lng, _ in ring), north))
        shape += _moved(placed, x, 0)
        x += _size(placed)[0] + BETWEEN / 2
    return shape


def _around(rings: Shape, spot: Point) -> list[Point]:
    return next(ring for ring in rings if any(a <= spot[0] <= b for a, b in spans([ring], spot[1])))


def _degrees() -> dict[str, Shape]:
    """Return the rings of the dataset by code, in degrees."""
    from kit.data.packages import load

    table = load("boundaries")
    rows = zip(table["code"], table["ring"], table["longitude"], table["latitude"], strict=True)
    shapes: dict[str, Shape] = {}
    for (code, _), corners in groupby(rows, key=lambda row: row[:2]):
        shapes.setdefault(code, []).append([(lng, lat) for *_, lng, lat in corners])
    return shapes


def _flat(shape: Shape, scale: float, parallel: float, origin: Point) -> Shape:
    """Project degrees to pixels from `origin` (equirectangular, true at `parallel`)."""
    across = scale * math.cos(math.radians(parallel))
    return [
        [((x - origin[0]) * across, (origin[1] - y) * scale) for x, y in ring] for ring in shape
    ]


def _moved(shape: Shape, right: float, down: float) -> Shape:
    """Shift `shape`; corners are rounded to a tenth of a pixel, and those that fall together once."""
    moved = []
    for ring in shape:
        points = [(round(x + right, 1), round(y + down, 1)) for x, y in ring]
        moved.append([point for point, _ in groupby(points)])
    return moved


def _size(shape: Shape) -> Point:
    xs, ys = zip(*(point for ring in shape for point in ring), strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def _area(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2
