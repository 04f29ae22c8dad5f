"""Charts of two axes: lines and dots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from kit.chart import describe
from kit.chart.axes import legend_for, top_of, x_axis, y_axis
from kit.chart.columns import Columns, Steps, source_line
from kit.chart.frame import (
    PLOT_WIDTH,
    caption,
    chosen_names,
    few_enough,
    finish,
    halo,
    level,
    nothing,
    reach,
    records,
    survives_blanks,
    tip,
)
from kit.chart.text import Style, clean, short_names, style_for, wrap
from kit.chart.theme import COLOURS, DASHES, INK, MUTED, SHAPES, TEXT_SIZE

HEIGHT = 300
MARKED_STEPS = 40  # with more steps than this, points would hide the line
LEGEND_EM = 20

Point = tuple[str, Any, float | None]
Dot = tuple[str, str, float, float]


@survives_blanks
def lines(
    frame: Any,
    *,
    x: str,
    y: str,
    series: str | None = None,
    title: str,
    unit: str = "",
    source: Any = None,
    labels: Mapping[str, str] | None = None,
    format: str | None = None,
    highlight: str | Iterable[str] | None = None,
    reference: float | None = None,
    reference_label: str = "",
    zero: bool = False,
) -> alt.LayerChart:
    """Draw lines over time, over a number, or over names in the order given.

    Parameters
    ----------
    frame : DataFrame
        Long: one row a point; at most 5,000.
    x, y : str
        Columns. A missing `y` breaks the line.
    series : str, optional
        Column that names the lines: up to six; with `highlight` up to six of many, the others
        turn grey.
    reference, reference_label : float, str
        A level to compare with, drawn as a dashed line.
    zero : bool
        Begin the vertical axis at zero.
    title, unit, source, labels, format
        As in :func:`kit.chart.bars`; `unit` and `format` are those of `y`.

    Raises
    ------
    KitError
        No such column, values that are not numbers, too many lines or rows, no source.

    Examples
    --------
    >>> drawn = lines({"年": [2020, 2021], "件数": [10, 30]}, x="年", y="件数", title="相談",
    ...               unit="件", source="模擬データ")
    >>> drawn.usermeta["kit"]["table"]["rows"][0][1]
    '10件'
    """
    title, line = clean(title), source_line(source, frame)
    data = Columns.of(frame, labels)
    heads = [data.label(c) for c in ([series, x, y] if series else [x, y])]
    steps, amounts = Steps.of(list(data.column(x)), data.label(x)), data.numbers(y)
    groups = data.names(series) if series else [""] * len(data)
    rows: list[Point] = [
        (group, step, amount)
        for group, step, amount in zip(groups, steps.values, amounts, strict=True)
        if step is not None
    ]
    if steps.kind != "order":
        rows.sort(key=lambda row: row[1])
    if not any(amount is not None for *_, amount in rows):
        return nothing(title, line, heads)
    kinds = list(dict.fromkeys(groups))
    wanted = chosen_names(highlight)
    chosen = [kind for kind in kinds if kind in wanted]
    few_enough(chosen or kinds, len(COLOURS))
    at = level(reference)
    style = style_for(amounts, unit=unit, format=format)
    chart = _draw_lines(
        rows,
        steps,
        chosen or kinds,
        style,
        titles=(data.label(x), style.title(data.label(y))),
        reference=at,
        note=caption(reference_label, at, style),
        zero=zero,
    )
    told = [
        (kind, [(s, a) for g, s, a in rows if g == kind and a is not None])
        for kind in [*chosen, *(k for k in kinds if k not in chosen)]
    ]
    return finish(
        chart,
        title=title,
        source=line,
        description=describe.lines(title, (data.label(x), data.label(y)), steps, told, style),
        table=describe.table(
            heads, [[*([g] if series else []), steps.show(s), style.show(a)] for g, s, a in rows]
        ),
    )


def _draw_lines(
    rows: Sequence[Point],
    steps: Steps,
    shown: Sequence[str],
    style: Style,
    *,
    titles: tuple[str, str],
    reference: float | None,
    note: str,
    zero: bool,
) -> Any:
    shorts = dict(zip(shown, short_names(shown, LEGEND_EM, lines=1), strict=True))
    kind, axis, scale, order = x_axis(steps, titles[0])
    if steps.kind == "order":
        names = list(dict.fromkeys(v for v in steps.values if v is not None))
        room = max(3.0, PLOT_WIDTH / len(names) / TEXT_SIZE - 0.5)
        tidy = dict(zip(names, short_names(names, room, lines=3), strict=True))
        order = list(tidy.values())
    x = alt.X(f"step:{kind}", axis=axis, sort=order, scale=scale or alt.Undefined)
    amounts = [amount for *_, amount in rows]
    y_scale = alt.Scale(domain=reach([*amounts, reference], zero=zero), nice=True, zero=zero)
    y = alt.Y("value:Q", axis=y_axis(titles[1], style, top_of(amounts)), scale=y_scale)

    def record(group: str, step: Any, amount: float | None) -> dict[str, Any]:
        at = step
        if steps.kind == "time":
            at = step.strftime("%Y-%m-%dT%H:%M:%S")
        elif steps.kind == "order":
            at = tidy[step]
        return {
            "step": at,
            "value": amount,
            "series": shorts.get(group, group),
            "tip": tip(group, {titles[0]: steps.show(step), titles[1]: style.show(amount)}),
        }

    data = records(record(*row) for row in rows if row[0] in shorts)
    rest = [record(*row) for row in rows if row[0] not in shorts]
    domain = list(shorts.values())
    marked = len({row[1] for row in rows}) <= MARKED_STEPS
    legend = legend_for(domain, y_title=titles[1], alone=bool(rest), dashes=not marked)

    def scaled(channel: Any, values: Sequence[Any]) -> Any:
        choices = alt.Scale(domain=domain, range=list(values[: len(domain)]))
        return channel("series:N", scale=choices, legend=legend, sort=domain)

    parts: list[alt.Chart] = []
    if rest:
        grey = alt.Chart(records(rest)).mark_line(color=MUTED, strokeWidth=1, opacity=0.6)
        parts.append(
            grey.encode(x=x, y=y, detail=alt.Detail("series:N"), tooltip=alt.Tooltip("tip:N"))
        )
    if marked:
        # One layer a line: a dash scale would show in the legend, around each point.
        for name, ink, dash in zip(domain, COLOURS, DASHES, strict=False):
            own = alt.FieldEqualPredicate(field="series", equal=name)
            line = alt.Chart(data).transform_filter(own)
            parts.append(line.mark_line(color=ink, strokeDash=dash).encode(x=x, y=y))
        base = alt.Chart(data).encode(x=x, y=y, tooltip=alt.Tooltip("tip:N"))
        dot = base.mark_point(size=65, opacity=1)
        parts.append(dot.encode(color=scaled(alt.Color, COLOURS), shape=scaled(alt.Shape, SHAPES)))
    else:
        base = alt.Chart(data).encode(x=x, y=y, tooltip=alt.Tooltip("tip:N"))
        parts.append(
            base.mark_line().encode(
                color=scaled(alt.Color, COLOURS), strokeDash=scaled(alt.StrokeDash, DASHES)
            )
        )
    if reference is not None:
        line = alt.Chart(records([{"at": reference, "note": note}]))
        parts.insert(0, line.mark_rule(strokeDash=[5, 4], color=INK).encode(y=alt.Y("at:Q")))
        words = line.encode(x=alt.XValue("width"), y=alt.Y("at:Q"), text=alt.Text("note:N"))
        parts.extend(halo(words, align="right", baseline="bottom", dy=-4))
    return alt.layer(*parts, width=PLOT_WIDTH, height=HEIGHT)


@survives_blanks
def dots(
    frame: Any,
    *,
    x: str,
    y: str,
    series: str | None = None,
    title: str,
    source: Any = None,
    labels: Mapping[str, str] | None = None,
    x_unit: str = "",
    y_unit: str = "",
    x_format: str | None = None,
    y_format: str | None = None,
    name: str | None = None,
    highlight: str | Iterable[str] | None = None,
) -> alt.LayerChart:
    """Draw a scatter of two columns.

    Parameters
    ----------
    frame : DataFrame
        One row a dot; at most 5,000.
    x, y : str
        Columns of numbers; rows without either are left out and counted in the description.
    series : str, optional
        Column of up to six groups, each with its colour and shape.
    name : str, optional
        Column that names the dots (in the tooltip and the table).
    highlight : str or iterable of str, optional
        Names to bring out and write beside their dot.
    title, source, labels
        As in :func:`kit.chart.bars`.
    x_unit, y_unit, x_format, y_format : str
        Units and number formats of the two axes.

    Raises
    ------
    KitError
        As in :func:`lines`.

    Examples
    --------
    >>> drawn = dots({"a": [1, 2], "b": [3, None]}, x="a", y="b", title="散布", source="模擬データ")
    >>> len(drawn.usermeta["kit"]["table"]["rows"])
    1
    """
    title, line = clean(title), source_line(source, frame)
    data = Columns.of(frame, labels)
    heads = [data.label(c) for c in (name, series, x, y) if c]
    names = data.names(name) if name else [""] * len(data)
    groups = data.names(series) if series else [""] * len(data)
    every = list(zip(names, groups, data.numbers(x), data.numbers(y), strict=True))
    rows: list[Dot] = [(n, g, a, b) for n, g, a, b in every if a is not None and b is not None]
    if not rows:
        return nothing(title, line, heads)
    kinds = list(dict.fromkeys(group for _, group, _, _ in rows))
    few_enough(kinds, len(COLOURS))
    xs, ys = [row[2] for row in rows], [row[3] for row in rows]
    x_style = style_for(xs, unit=x_unit, format=x_format)
    y_style = style_for(ys, unit=y_unit, format=y_format)
    titles = (x_style.title(data.label(x)), y_style.title(data.label(y)))
    return finish(
        _draw_dots(rows, kinds, chosen_names(highlight), (x_style, y_style), titles),
        title=title,
        source=line,
        description=describe.dots(
            title,
            (data.label(x), xs, x_style),
            (data.label(y), ys, y_style),
            len(every) - len(rows),
        ),
        table=describe.table(
            heads,
            [
                [*([n] if name else []), *([g] if series else []), x_style.show(a), y_style.show(b)]
                for n, g, a, b in rows
            ],
        ),
    )


def _draw_dots(
    rows: Sequence[Dot],
    kinds: Sequence[str],
    chosen: set[str],
    styles: tuple[Style, Style],
    titles: tuple[str, str],
) -> Any:
    shorts = dict(zip(kinds, short_names(kinds, LEGEND_EM, lines=1), strict=True))
    domain = list(shorts.values())
    many = len(rows) > 400
    middle = sum(reach([row[2] for row in rows])) / 2
    quiet = bool(chosen) and len(kinds) == 1

    def record(name: str, group: str, a: float, b: float) -> dict[str, Any]:
        return {
            "x": a,
            "y": b,
            "note": wrap(name, 14, lines=2),
            "right": a > middle,
            "series": shorts[group],
            "tip": tip(
                " ".join(filter(None, (name, group))),
                {titles[0]: styles[0].show(a), titles[1]: styles[1].show(b)},
            ),
        }

    data = records(record(*row) for row in rows)
    ticks = styles[0].axis(top_of(row[2] for row in rows))
    axis = alt.Axis(title=wrap(titles[0], 40).split("\n"), **ticks, tickCount=8)
    x = alt.X("x:Q", axis=axis, scale=alt.Scale(domain=reach([r[2] for r in rows], pad=0.04)))
    y_scale = alt.Scale(domain=reach([r[3] for r in rows], pad=0.04), nice=True, zero=False)
    y = alt.Y(
        "y:Q", axis=y_axis(titles[1], styles[1], top_of(row[3] for row in rows)), scale=y_scale
    )
    legend = legend_for(domain, y_title=titles[1])

    def scaled(channel: Any, values: Sequence[Any]) -> Any:
        choices = alt.Scale(domain=domain, range=list(values[: len(domain)]))
        return channel("series:N", scale=choices, legend=legend, sort=domain)

    inks = [MUTED] if quiet else COLOURS
    cloud = alt.Chart(data).mark_point(size=24 if many else 70, opacity=0.4 if many else 0.75)
    parts = [
        cloud.encode(
            x=x,
            y=y,
            tooltip=alt.Tooltip("tip:N"),
            color=scaled(alt.Color, inks),
            shape=scaled(alt.Shape, SHAPES),
        )
    ]
    told = [record(*row) for row in rows if row[0] in chosen]
    if told:
        picked = alt.Chart(records(told)).encode(x=x, y=y, tooltip=alt.Tooltip("tip:N"))
        parts.append(
            picked.mark_point(size=150, opacity=1, color=COLOURS[0], stroke=INK, strokeWidth=1.5)
        )
        words = picked.encode(text=alt.Text("note:N"))
        parts.extend(
            halo(
                words,
                baseline="middle",
                align=alt.ExprRef("datum.right ? 'right' : 'left'"),
                dx=alt.ExprRef("datum.right ? -11 : 11"),
            )
        )
    return alt.layer(*parts, width=PLOT_WIDTH, height=HEIGHT + 40)
