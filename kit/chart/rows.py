"""Charts of one row a name: bars, and estimates with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from kit.chart import describe
from kit.chart.axes import Names, legend_for, top_of
from kit.chart.columns import BAR_LIMIT, Columns, source_line
from kit.chart.frame import (
    caption,
    chosen_names,
    few_enough,
    finish,
    level,
    nothing,
    reach,
    records,
    survives_blanks,
    tip,
)
from kit.chart.text import Style, clean, short_names, style_for
from kit.chart.theme import AXIS, COLOURS, FILLS, INK, MUTED, NUMBER_FONTS
from kit.errors import KitError
from kit.language import say

WIDTH = 480

Bar = tuple[str, str, float | None]
Row = tuple[str, float | None, float | None, float | None]


@survives_blanks
def bars(
    frame: Any,
    *,
    category: str,
    value: str,
    title: str,
    unit: str = "",
    source: Any = None,
    sort: str | Sequence[str] | None = None,
    highlight: str | Iterable[str] | None = None,
    colour: str | None = None,
    labels: Mapping[str, str] | None = None,
    format: str | None = None,
) -> alt.LayerChart:
    """Draw horizontal bars from zero, one row a category.

    Parameters
    ----------
    frame : DataFrame
        One row a bar; at most 100.
    category, value : str
        Columns: the names, and the lengths.
    title : str
        What the chart says.
    unit : str
        Unit of `value`, shown with every number.
    source : Citation or str, optional
        Where the numbers come from; None takes ``frame.attrs["citation"]``.
    sort : {"descending", "ascending"} or sequence of str, optional
        By value, or names in the order wanted; None keeps the frame's order.
    highlight : str or iterable of str, optional
        Categories to bring out; names that are not there are passed over, so that a chart holds
        for every municipality.
    colour : str, optional
        Column that splits each category into up to four groups.
    labels : mapping of str to str, optional
        What a reader sees instead of column names.
    format : str, optional
        Number format such as ``".1%"`` or ``",d"``.

    Raises
    ------
    KitError
        No such column, values that are not numbers, a category twice, too many bars, no source.

    Examples
    --------
    >>> drawn = bars({"町": ["甲", "乙"], "人口": [3, 5]}, category="町", value="人口",
    ...              title="人口", unit="人", source="模擬データ", sort="descending")
    >>> drawn.usermeta["kit"]["table"]["rows"]
    [['乙', '5人'], ['甲', '3人']]
    """
    title, line = clean(title), source_line(source, frame)
    data = Columns.of(frame, labels)
    heads = [data.label(c) for c in ([category, colour, value] if colour else [category, value])]
    names, amounts = data.names(category), data.numbers(value)
    groups = data.names(colour) if colour else [""] * len(data)
    if not any(amount is not None for amount in amounts):
        return nothing(title, line, heads)
    _no_twins(list(zip(names, groups, strict=True)), data.label(category))
    kinds = list(dict.fromkeys(groups))
    few_enough(kinds, len(FILLS))
    order = _order(names, amounts, sort)
    _not_too_many(len(order))
    style = style_for(amounts, unit=unit, format=format)
    chosen = chosen_names(highlight)
    rows = sorted(
        zip(names, groups, amounts, strict=True),
        key=lambda row: (order.index(row[0]), kinds.index(row[1])),
    )
    spoken = [describe.pair(name, group) for name, group, _ in rows]
    return finish(
        _draw_bars(rows, order, kinds, style, style.title(data.label(value)), chosen),
        title=title,
        source=line,
        description=describe.bars(title, spoken, [a for *_, a in rows], style, sorted(chosen)),
        table=describe.table(
            heads, [[n, *([g] if colour else []), style.show(a)] for n, g, a in rows]
        ),
    )


def _no_twins(keys: Sequence[tuple[str, str]], label: str) -> None:
    twins = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
    if twins:
        raise KitError(
            say("「{label}」に同じ名前が 2 行以上あります。", label=label),
            where=" ".join(twins[0]).strip(),
            hint=say("groupby で 1 行にまとめるか、colour= で分ける列を指定してください。"),
        )


def _not_too_many(count: int) -> None:
    if count > BAR_LIMIT:
        raise KitError(
            say("行が多すぎます（{count} 行、上限 {limit} 行）。", count=count, limit=BAR_LIMIT),
            hint=say("nlargest(30, …) などでしぼってから図にしてください。"),
        )


def _order(
    names: Sequence[str], amounts: Sequence[float | None], sort: str | Sequence[str] | None
) -> list[str]:
    order = list(dict.fromkeys(names))
    if sort is None:
        return order
    if not isinstance(sort, str):
        wanted = {clean(name): place for place, name in enumerate(sort)}
        return sorted(order, key=lambda name: wanted.get(name, len(wanted)))
    if sort not in ("ascending", "descending"):
        raise KitError(
            say("sort に「{sort}」は使えません。", sort=clean(sort)),
            hint=say("使えるもの: {choices}", choices='"descending", "ascending", […]'),
        )
    total = dict.fromkeys(order, 0.0)
    known = {name for name, amount in zip(names, amounts, strict=True) if amount is not None}
    for name, amount in zip(names, amounts, strict=True):
        total[name] += amount or 0.0
    sign = 1 if sort == "ascending" else -1
    return sorted(order, key=lambda name: (name not in known, sign * total[name]))


def _draw_bars(
    rows: Sequence[Bar],
    order: Sequence[str],
    kinds: Sequence[str],
    style: Style,
    axis_title: str,
    chosen: set[str],
) -> Any:
    groups = dict(zip(kinds, short_names(kinds, 24, lines=1), strict=True))
    grouped = len(kinds) > 1
    names = Names.of(order, 20 * len(kinds) if grouped else 21)
    data = records(
        {
            "name": names.shorts[name],
            "full": name,
            "group": groups[group],
            "value": amount,
            "at": amount or 0.0,
            "shown": style.show(amount),
            "tip": tip(" ".join(filter(None, (name, group))), {axis_title: style.show(amount)}),
            "ink": MUTED if chosen and name not in chosen else COLOURS[0],
        }
        for name, group, amount in rows
    )
    amounts = [amount for *_, amount in rows if amount is not None]
    domain = reach(amounts, zero=True)
    if set(amounts) == {0.0}:
        domain = [0.0, 1.0]
    if domain[0] < 0:  # room for the numbers beside negative bars
        domain[0] -= (domain[1] - domain[0]) * 0.16
    x = alt.X(
        "value:Q",
        axis=alt.Axis(title=axis_title, **style.axis(top_of(domain)), tickCount=5),
        scale=alt.Scale(domain=domain, nice=domain[0] == 0),
    )
    shared: dict[str, Any] = {"y": names.y}
    if grouped:
        domain_of = list(groups.values())
        legend = legend_for(domain_of)
        shared["yOffset"] = alt.YOffset("group:N", sort=domain_of)
        outline = alt.Scale(domain=domain_of, range=list(COLOURS[: len(kinds)]))
        fill = alt.Scale(domain=domain_of, range=list(FILLS[: len(kinds)]))
        ink: dict[str, Any] = {
            "fill": alt.Fill("group:N", scale=fill, sort=domain_of, legend=legend),
            "stroke": alt.Stroke("group:N", scale=outline, sort=domain_of, legend=legend),
        }
        if chosen:
            ink["opacity"] = alt.condition(
                alt.FieldOneOfPredicate(field="full", oneOf=sorted(chosen)),
                alt.value(1.0),
                alt.value(0.45),
            )
    else:
        ink = {"color": alt.Color("ink:N", scale=None, legend=None)}
    base = alt.Chart(data)
    drawn = base.mark_bar(strokeWidth=1.5).encode(
        x=x, tooltip=alt.Tooltip("tip:N"), **shared, **ink
    )
    written = base.mark_text(
        baseline="middle",
        font=NUMBER_FONTS,
        align=alt.ExprRef("datum.at < 0 ? 'right' : 'left'"),
        dx=alt.ExprRef("datum.at < 0 ? -5 : 5"),
    ).encode(x=alt.X("at:Q"), text=alt.Text("shown:N"), **shared)
    parts = [drawn, written, *names.written]
    if domain[0] < 0:
        zero = alt.Chart(records([{"at": 0}])).mark_rule(color=AXIS)
        parts.append(zero.encode(x=alt.X("at:Q")))
    return alt.layer(*parts, width=WIDTH, height=names.height)


@survives_blanks
def intervals(
    frame: Any,
    *,
    label: str,
    estimate: str,
    low: str,
    high: str,
    title: str,
    unit: str = "",
    source: Any = None,
    reference: float | None = None,
    reference_label: str = "",
    labels: Mapping[str, str] | None = None,
    format: str | None = None,
    highlight: str | Iterable[str] | None = None,
) -> alt.LayerChart:
    """Draw estimates with their confidence intervals, one row each.

    Parameters
    ----------
    frame : DataFrame
        One row an estimate; at most 100.
    label, estimate, low, high : str
        Columns: the row's name, the point, and the two ends.
    reference, reference_label : float, str
        The value of "no difference", drawn as a dashed line.
    title, unit, source, labels, format, highlight
        As in :func:`bars`.

    Raises
    ------
    KitError
        As in :func:`bars`; also where an interval's low end is above its high end.

    Examples
    --------
    >>> drawn = intervals({"推定": ["差"], "値": [0.04], "下": [0.01], "上": [0.07]},
    ...                   label="推定", estimate="値", low="下", high="上", format=".1%",
    ...                   title="効果", reference=0, source="模擬データ")
    >>> drawn.usermeta["kit"]["table"]["rows"]
    [['差', '4.0%', '1.0%', '7.0%']]
    """
    title, line = clean(title), source_line(source, frame)
    data = Columns.of(frame, labels)
    heads = [data.label(c) for c in (label, estimate, low, high)]
    triples = [data.numbers(c) for c in (estimate, low, high)]
    rows: list[Row] = list(zip(data.names(label), *triples, strict=True))
    if not any(None not in row[1:] for row in rows):
        return nothing(title, line, heads)
    _not_too_many(len(rows))
    _no_twins([(row[0], "") for row in rows], data.label(label))
    for name, _, left, right in rows:
        if left is not None and right is not None and left > right:
            raise KitError(
                say("区間の下の端が上の端より大きくなっています。"),
                where=f"{name}: {left} > {right}",
            )
    at = level(reference)
    style = style_for([v for triple in triples for v in triple], unit=unit, format=format)
    axis_title = style.title(data.label(estimate))
    return finish(
        _draw_intervals(rows, style, axis_title, at, reference_label, chosen_names(highlight)),
        title=title,
        source=line,
        description=describe.intervals(title, rows, style, at, clean(reference_label)),
        table=describe.table(heads, [[n, *(style.show(v) for v in rest)] for n, *rest in rows]),
    )


def _draw_intervals(
    rows: Sequence[Row],
    style: Style,
    axis_title: str,
    reference: float | None,
    reference_label: str,
    chosen: set[str],
) -> Any:
    notes = {
        name: say(
            "{estimate} ({low}～{high})",
            estimate=style.show(estimate),
            low=style.bare.show(low),
            high=style.bare.show(high),
        )
        if None not in (estimate, low, high)
        else say("データなし")
        for name, estimate, low, high in rows
    }
    names = Names.of(list(notes), 22, above=True, notes=notes)
    known = [row for row in rows if None not in row[1:]]
    data = records(
        {
            "name": names.shorts[name],
            "estimate": estimate,
            "low": low,
            "high": high,
            "tip": tip(name, {axis_title: notes[name]}),
            "ink": MUTED if chosen and name not in chosen else COLOURS[0],
        }
        for name, estimate, low, high in known
    )
    ends = [v for _, *values in known for v in values]
    scale = alt.Scale(domain=reach([*ends, reference], pad=0.06), nice=False)
    axis = alt.Axis(title=axis_title, **style.axis(top_of(ends)), tickCount=5)
    ink = alt.Color("ink:N", scale=None, legend=None)
    base = alt.Chart(data).encode(y=names.y, color=ink, tooltip=alt.Tooltip("tip:N"))
    span = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", axis=axis, scale=scale), x2=alt.X2("high:Q")
    )
    caps = [
        base.mark_tick(thickness=2.5, size=13, orient="vertical", opacity=1).encode(
            x=alt.X(f"{end}:Q")
        )
        for end in ("low", "high")
    ]
    point = base.mark_point(filled=True, size=120, shape="diamond", opacity=1).encode(
        x=alt.X("estimate:Q")
    )
    parts = [span, *caps, point, *names.written]
    if reference is not None:
        line = alt.Chart(
            records([{"at": reference, "note": caption(reference_label, reference, style)}])
        )
        parts.insert(0, line.mark_rule(strokeDash=[5, 4], color=INK).encode(x=alt.X("at:Q")))
        parts.append(
            line.mark_text(baseline="bottom", dy=-6).encode(
                x=alt.X("at:Q"), y=alt.YValue(0), text=alt.Text("note:N")
            )
        )
    return alt.layer(*parts, width=WIDTH, height=names.height)
