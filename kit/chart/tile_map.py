"""The tile map: 62 equal tiles, each with its name, so that no island is too small to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from kit import places
from kit.chart.classes import Classes, ink_on
from kit.chart.frame import tip
from kit.chart.layout import islands, mainland, tile_name
from kit.chart.map_key import (
    EDGE,
    EMPTY,
    GAP,
    WIDTH,
    box,
    hatched,
    island_box,
    key,
    key_height,
    layer,
    together,
)
from kit.chart.shapes import Point, rectangle
from kit.chart.text import width
from kit.chart.theme import AXIS, INK, fonts
from kit.chart.towns import TownValues
from kit.errors import KitError
from kit.language import say, spaced
from kit.places import Municipality

COLUMNS, ROWS = 12, 6
STEP_X, STEP_Y = (WIDTH - 2 * EDGE) / COLUMNS, 50
SPACE = 1.5  # between two tiles
ISLAND_COLUMN = 7
KEY_WIDE = (ISLAND_COLUMN - 0.5) * STEP_X
BOX_HEAD, BOX_PAD = 24, 4
BOX_TALL = BOX_HEAD + 2 * STEP_Y + BOX_PAD
NAME_SIZE, ROMAN_SIZE, VALUE_SIZE = 13.0, 11.3, 12.0
LINE_HEIGHT = 1.08
VALUE_EM = (STEP_X - SPACE - 2) / VALUE_SIZE


def draw(
    towns: TownValues,
    classes: Classes,
    chosen: Sequence[Municipality],
    show_values: bool | None,
) -> Any:
    """Return the tile map without its title."""
    below = EDGE + ROWS * STEP_Y + GAP
    written = _written(towns, show_values)
    tiles = [
        _tile(town, corner, towns, classes, written.get(town, ""))
        for town, corner in _corners(below).items()
    ]
    marked = {town.code for town in chosen}
    parts = [
        *island_box(
            (EDGE + ISLAND_COLUMN * STEP_X - BOX_PAD, below),
            (5 * STEP_X + 2 * BOX_PAD, BOX_TALL),
            say("島の位置は実際と違います。"),
        ),
        layer(_boxes(tiles))
        .mark_rect(stroke=AXIS, strokeWidth=0.8)
        .encode(fill=alt.Fill("fill:N", scale=None, legend=None), tooltip=alt.Tooltip("tip:N")),
        *hatched(
            [rectangle(t["x"], t["y"], t["x2"], t["y2"])] for t in tiles if t["fill"] == EMPTY
        ),
        *_outlines(box for box in _boxes(tiles) if box["code"] in marked),
        *_words(tiles),
        *key(towns, classes, (EDGE, below), wide=KEY_WIDE),
    ]
    height = below + max(BOX_TALL, key_height(towns, classes, wide=KEY_WIDE))
    return together(parts, height)


def _corners(below: float) -> dict[Municipality, Point]:
    """Return the upper left corner of every tile; the islands stand in their box."""
    found: dict[str, Point] = {
        code: (EDGE + column * STEP_X, EDGE + row * STEP_Y)
        for code, (column, row) in mainland().items()
    }
    for code, (column, row) in islands().items():
        left = EDGE + (ISLAND_COLUMN + column) * STEP_X
        found[code] = left, below + BOX_HEAD + row * STEP_Y
    return {town: found[town.code] for town in places.all_()}


def _tile(
    town: Municipality, corner: Point, towns: TownValues, classes: Classes, written: str
) -> dict[str, Any]:
    value = towns.values[town]
    return {
        **box(*corner, STEP_X - SPACE, STEP_Y - SPACE),
        "code": town.code,
        "fill": EMPTY if value is None else classes.colour(value),
        "tip": tip(town.name, {towns.style.title(towns.heads[1]): towns.style.show(value)}),
        "name": tile_name(town),
        "written": written,
    }


def _outlines(boxes: Iterable[Mapping[str, Any]]) -> list[alt.Chart]:
    """Return thick frames outside the tiles to bring out, so that no name is touched."""
    rows = [
        {"x": b["x"] - 1.5, "y": b["y"] - 1.5, "x2": b["x2"] + 1.5, "y2": b["y2"] + 1.5}
        for b in boxes
    ]
    frame = layer(rows)
    return [
        frame.mark_rect(fillOpacity=0, stroke="white", strokeWidth=5),
        frame.mark_rect(fillOpacity=0, stroke=INK, strokeWidth=3),
    ]


def _boxes(tiles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept = ("x", "y", "x2", "y2", "code", "fill", "tip")
    return [{name: tile[name] for name in kept} for tile in tiles]


def _written(towns: TownValues, show_values: bool | None) -> dict[Municipality, str]:
    """Return the numbers on the tiles: where all fit, unless asked otherwise.

    Raises
    ------
    KitError
        If they were asked for and one does not fit: a number cut off would be a wrong number.
    """
    if show_values is False:
        return {}
    style = towns.style.bare
    numbers = {town: style.show(value) for town, value in towns.known.items()}
    longest = max(numbers.values(), key=width)
    if width(longest) <= VALUE_EM:
        return {town: numbers.get(town, "—") for town in towns.values}
    if show_values is None:
        return {}
    raise KitError(
        say("値「{value}」がタイルに入りません。", value=longest),
        where="show_values=True",
        hint=say("format= で桁を減らすか、「千人」「億円」のような大きな単位に直してください。"),
    )


def name_size() -> float:
    """Return how large the names on the tiles are: romanised ones are longer."""
    return ROMAN_SIZE if spaced() else NAME_SIZE


def _words(tiles: Sequence[Mapping[str, Any]]) -> list[alt.Chart]:
    """Return names and numbers: every line is placed by itself, the whole in the middle."""
    size = name_size()
    rows = []
    for tile in tiles:
        lines = [(word, size) for word in tile["name"]]
        lines += [(tile["written"], VALUE_SIZE)] if tile["written"] else []
        y = (tile["y"] + tile["y2"] - LINE_HEIGHT * sum(high for _, high in lines)) / 2
        for word, high in lines:
            rows.append(
                {
                    "x": round((tile["x"] + tile["x2"]) / 2, 1),
                    "y": round(y + LINE_HEIGHT * high / 2, 1),
                    "word": word,
                    "size": high,
                    "ink": ink_on(tile["fill"]),
                    "fill": tile["fill"],
                    "tip": tile["tip"],
                }
            )
            y += LINE_HEIGHT * high
    # In a tile the fixed face takes less room than the proportional one: eight letters to a line.
    text: dict[str, Any] = {
        "align": "center",
        "baseline": "middle",
        "font": fonts("ja"),
        "fontSize": alt.ExprRef("datum.size"),
    }
    halo = layer(row for row in rows if row["fill"] == EMPTY)
    ink = alt.Color("ink:N", scale=None, legend=None)
    return [
        halo.mark_text(**text, stroke="white", strokeWidth=4, color="white").encode(
            text=alt.Text("word:N")
        ),
        layer(rows)
        .mark_text(**text)
        .encode(text=alt.Text("word:N"), color=ink, tooltip=alt.Tooltip("tip:N")),
    ]
