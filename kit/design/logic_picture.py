"""A logic model as a picture, with the words and the tables behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.chart.text import wrap
from kit.chart.theme import AXIS, COLOURS, INK, SOFT_INK
from kit.design import wording
from kit.design.logic import COLUMNS, Arrow, Box, LogicModel, columns
from kit.design.logic_look import named
from kit.language import say, spaced

# All in pixels: one unit of the chart's scales is one pixel.
_WIDE, _GAP, _BETWEEN = 126, 36, 16
_PAD, _LINE, _SMALL, _HEAD = 8, 15, 14, 34
_ARROW_ROOM = 15  # between two arrows at one side of a box
_CHANGES = ("outcomes", "impact")  # of people and places, not of ours


@dataclass(frozen=True)
class _Placed:
    """A box with its place: left, top, height, and its words broken into lines."""

    box: Box
    left: float
    top: float
    height: float
    text: str
    indicator: str

    @property
    def right(self) -> float:
        return self.left + _WIDE

    @property
    def bottom(self) -> float:
        return self.top + self.height


def picture(model: LogicModel) -> Any:
    """Draw `model`: see :meth:`kit.design.logic.LogicModel.picture`."""
    import altair as alt

    from kit.chart import figure

    placed, height = _place(model)
    width = len(COLUMNS) * _WIDE + (len(COLUMNS) - 1) * _GAP
    x = alt.Scale(domain=[0, width], nice=False, zero=False)
    y = alt.Scale(domain=[0, height], nice=False, zero=False, reverse=True)

    def at(x_field: str, y_field: str) -> dict[str, Any]:
        return {
            "x": alt.X(f"{x_field}:Q", scale=x, axis=None),
            "y": alt.Y(f"{y_field}:Q", scale=y, axis=None),
        }

    layers = [
        *_lines(model, placed, at),
        *_boxes(placed, at),
        _headings(at),
        *_numbers(model, placed, at),
    ]
    chart = alt.layer(*layers).properties(width=width, height=height)
    return figure(
        chart,
        title=model.title or say("ロジックモデル：何が、どうつながって、何を変えるのか"),
        description=_description(model),
        table=tables(model)[0] if model.boxes else {"columns": [], "rows": []},
        source=_source(model),
    )


def _source(model: LogicModel) -> str:
    notes = [say("作成者の考えをまとめた図です。青い箱は、相手とまちの変化です。")]
    if any(not arrow.reason.strip() for arrow in model.arrows):
        notes.append(say("点線の矢印には、まだ理由がありません。"))
    return wording.joined(*notes)


# --- places -------------------------------------------------------------------------------------


def _place(model: LogicModel) -> tuple[dict[str, _Placed], float]:
    """Return where each box stands, by its key, and how high the picture is."""
    stacks = []
    for number, column in enumerate(COLUMNS):
        left = number * (_WIDE + _GAP)
        stacks.append([_sized(model, box, left) for box in model.of(column)])
    heights = [sum(p.height + _BETWEEN for p in stack) - _BETWEEN for stack in stacks]
    room = max(80.0, *heights)
    placed = {}
    for stack, height in zip(stacks, heights, strict=True):
        top = _HEAD + _BETWEEN + (room - height) / 2
        for one in stack:
            placed[one.box.key] = _Placed(
                one.box, one.left, top, one.height, one.text, one.indicator
            )
            top += one.height + _BETWEEN
    return placed, _HEAD + room + 2 * _BETWEEN


def _sized(model: LogicModel, box: Box, left: float) -> _Placed:
    # Latin letters run a little wider than the half em they are counted as.
    em = 8.0 if spaced() else 9.0
    text = wrap(box.text, em, lines=7) if box.text.strip() else "…"
    indicator = ""
    if box.indicator.strip():
        indicator = wrap(say("指標：{indicator}", indicator=box.indicator), em, lines=4)
    words = 2 * _PAD + _LINE * (text.count("\n") + 1)
    if indicator:
        words += 4 + _SMALL * (indicator.count("\n") + 1)
    ends = max(
        sum(arrow.start == box.key for arrow in model.arrows),
        sum(arrow.end == box.key for arrow in model.arrows),
    )
    return _Placed(box, left, 0, max(words, _ARROW_ROOM * (ends + 1)), text, indicator)


# --- boxes --------------------------------------------------------------------------------------


def _boxes(placed: dict[str, _Placed], at: Any) -> list[Any]:
    import altair as alt

    from kit.chart.frame import records

    rows = [
        {
            "left": p.left,
            "right": p.right,
            "top": p.top,
            "bottom": p.bottom,
            "from": p.left + _PAD,
            "down": p.top + _PAD,
            "foot": p.top + _PAD + _LINE * (p.text.count("\n") + 1) + 4,
            "text": p.text,
            "indicator": p.indicator,
            "change": p.box.column in _CHANGES,
        }
        for p in placed.values()
    ]
    if not rows:
        return []
    base = alt.Chart(records(rows))
    boxes = base.mark_rect(cornerRadius=4, strokeWidth=1.5).encode(
        **at("left", "top"),
        x2="right:Q",
        y2="bottom:Q",
        fill=alt.condition("datum.change", alt.value("#E6EEFF"), alt.value("#FFFFFF")),
        stroke=alt.condition("datum.change", alt.value(COLOURS[0]), alt.value(AXIS)),
    )
    words = [
        base.mark_text(
            align="left", baseline="top", fontSize=size, lineHeight=line, color=colour
        ).encode(**at("from", place), text=f"{field}:N")
        for field, place, size, line, colour in (
            ("text", "down", 12, _LINE, INK),
            ("indicator", "foot", 11, _SMALL, SOFT_INK),
        )
    ]
    return [boxes, *words]


def _headings(at: Any) -> Any:
    import altair as alt

    from kit.chart.frame import records

    rows = [
        {"x": number * (_WIDE + _GAP) + _WIDE / 2, "y": _HEAD / 2, "text": name}
        for number, (name, _) in enumerate(columns().values())
    ]
    return (
        alt.Chart(records(rows))
        .mark_text(fontSize=13, fontWeight="bold", color=INK)
        .encode(**at("x", "y"), text="text:N")
    )


# --- arrows -------------------------------------------------------------------------------------


def _lines(model: LogicModel, placed: dict[str, _Placed], at: Any) -> list[Any]:
    """Draw the arrows, below the boxes."""
    import altair as alt

    from kit.chart.frame import records

    points, heads = [], []
    for number, (arrow, way) in enumerate(_ways(model, placed)):
        reasoned = bool(arrow.reason.strip())
        points += [
            {"arrow": number, "order": order, "x": px, "y": py, "reasoned": reasoned}
            for order, (px, py) in enumerate(way)
        ]
        (bx, _), (x, y) = way[-2:]
        shape = "triangle-right" if bx < x else "triangle-left"
        heads.append({"x": x + (-4 if bx < x else 4), "y": y, "shape": shape})
    if not points:
        return []
    lines = (
        alt.Chart(records(points))
        .mark_line(strokeWidth=1.5, color=SOFT_INK)
        .encode(
            **at("x", "y"),
            detail="arrow:N",
            order="order:Q",
            strokeDash=alt.StrokeDash(
                "reasoned:N",
                scale=alt.Scale(domain=[True, False], range=[[1, 0], [4, 3]]),
                legend=None,
            ),
        )
    )
    return [
        lines,
        *(
            alt.Chart(records(rows))
            .mark_point(shape=shape, filled=True, size=70, color=SOFT_INK, opacity=1)
            .encode(**at("x", "y"))
            for shape in ("triangle-right", "triangle-left")
            if (rows := [head for head in heads if head["shape"] == shape])
        ),
    ]


def _numbers(model: LogicModel, placed: dict[str, _Placed], at: Any) -> list[Any]:
    """Write each arrow's number where it starts: the table says its reason."""
    import altair as alt

    from kit.chart.frame import halo, records

    rows = []
    for number, (_, way) in enumerate(_ways(model, placed), start=1):
        (x, y), (after, _) = way[:2]
        rows.append({"x": x + (9 if after >= x else -9), "y": y, "text": str(number)})
    if not rows:
        return []
    chart = alt.Chart(records(rows)).encode(**at("x", "y"), text="text:N")
    return halo(chart, fontSize=11, fontWeight="bold")


Point = tuple[float, float]


def _ways(model: LogicModel, placed: dict[str, _Placed]) -> list[tuple[Arrow, list[Point]]]:
    """Return each arrow with the points of its line."""
    return [
        (arrow, _way(arrow, model, placed))
        for arrow in model.arrows
        if {arrow.start, arrow.end} <= set(placed)
    ]


def _way(arrow: Arrow, model: LogicModel, placed: dict[str, _Placed]) -> list[Point]:
    start, end = placed[arrow.start], placed[arrow.end]
    leaving = sorted(
        (a for a in model.arrows if a.start == arrow.start), key=lambda a: placed[a.end].top
    )
    coming = sorted(
        (a for a in model.arrows if a.end == arrow.end), key=lambda a: placed[a.start].top
    )
    y0 = start.top + start.height * (leaving.index(arrow) + 1) / (len(leaving) + 1)
    y1 = end.top + end.height * (coming.index(arrow) + 1) / (len(coming) + 1)
    if end.left == start.left:  # a loop beside the column
        return _curve((start.right, y0), (end.right, y1), bulge=_GAP * 0.9)
    if end.left < start.left:
        return _curve((start.left, y0), (end.right, y1))
    stops: list[Point] = [(start.right, y0)]
    first = COLUMNS.index(start.box.column) + 1
    for number in range(first, COLUMNS.index(end.box.column)):
        left = number * (_WIDE + _GAP)
        straight = y0 + (y1 - y0) * (left - start.right) / (end.left - start.right)
        free = _free(straight, [p for p in placed.values() if p.left == left])
        stops += [(left, free), (left + _WIDE, free)]
    stops.append((end.left, y1))
    # Curves in the gaps between columns, straight past a column.
    way: list[Point] = []
    for a, b in zip(stops[::2], stops[1::2], strict=True):
        way += _curve(a, b)
    return way


def _free(y: float, stack: list[_Placed]) -> float:
    """Return the height nearest to `y` at which a line passes a column without touching a box."""
    if not any(p.top - 4 < y < p.bottom + 4 for p in stack):
        return y
    middles = [p.bottom + _BETWEEN / 2 for p in stack] + [stack[0].top - _BETWEEN / 2]
    return min(middles, key=lambda middle: abs(middle - y))


def _curve(start: Point, end: Point, *, bulge: float = 0.0) -> list[Point]:
    """Return points of a cubic Bézier curve that leaves and arrives level."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    c0, c1 = (x0 + bulge, x1 + bulge) if bulge else (middle, middle)
    points = []
    for step in range(13):
        t = step / 12
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        x = a * x0 + b * c0 + c * c1 + d * x1
        points.append((round(x, 1), round((a + b) * y0 + (c + d) * y1, 1)))
    return points


# --- words --------------------------------------------------------------------------------------


def tables(model: LogicModel) -> list[Any]:
    """Return the model as tables: see :meth:`kit.design.logic.LogicModel.tables`."""
    import pandas as pd

    boxes = pd.DataFrame(
        [
            (columns()[column][0], " ".join(box.text.split()), box.indicator, box.source)
            for column in COLUMNS
            for box in model.of(column)
        ],
        columns=[say("列"), say("箱の内容"), say("指標"), say("データの出どころ")],
    )
    arrows = pd.DataFrame(
        [
            (
                str(number),
                say("{start} → {end}", start=start, end=end),
                " ".join(arrow.reason.split()),
            )
            for number, arrow in enumerate(model.arrows, start=1)
            for start, end in [(named(model.box(arrow.start)), named(model.box(arrow.end)))]
        ],
        columns=[say("矢印"), say("つながり"), say("そう言える理由")],
    )
    return [boxes, arrows]


def _description(model: LogicModel) -> str:
    """Say in words what the picture shows: columns, boxes, arrows."""
    if not model.boxes:
        names = wording.listed(name for name, _ in columns().values())
        return say("左から{columns}の5つの列。まだ箱がない。", columns=names)
    parts = [
        say(
            "左から右へ5つの列。箱が{boxes}個、矢印が{arrows}本ある。",
            boxes=len(model.boxes),
            arrows=len(model.arrows),
        )
    ]
    for column, (name, _) in columns().items():
        boxes = model.of(column)
        if boxes:
            texts = wording.listed(named(box) for box in boxes)
            parts.append(say("{column}：{boxes}。", column=name, boxes=texts))
        else:
            parts.append(say("{column}：まだない。", column=name))
    for arrow in model.arrows[:20]:
        values = {"start": named(model.box(arrow.start)), "end": named(model.box(arrow.end))}
        parts.append(say("「{start}」から「{end}」へ。", **values))
    return wording.joined(*parts)
