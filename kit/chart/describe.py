"""The description of a chart, computed from its data: it cannot go stale with the municipality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from kit.chart.columns import Steps
from kit.chart.text import Style
from kit.language import say, spaced
from kit.places import Municipality

ROWS_SPOKEN = 6
TABLE_LIMIT = 200


def together(parts: Sequence[str]) -> str:
    """Join a list of names as the current language does."""
    return (", " if spaced() else "、").join(parts)


def pair(name: str, group: str) -> str:
    """Return the name of one bar of a group."""
    return (", " if spaced() else "・").join(part for part in (name, group) if part)


def sentences(*parts: str) -> str:
    """Join whole sentences as the current language does; empty ones are left out."""
    return (" " if spaced() else "").join(p for p in parts if p)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the table behind a chart; a long one is cut and says by how much (``omitted``)."""
    result: dict[str, Any] = {
        "columns": list(columns),
        "rows": [list(row) for row in rows[:TABLE_LIMIT]],
    }
    if len(rows) > TABLE_LIMIT:
        result["omitted"] = len(rows) - TABLE_LIMIT
    return result


def bars(
    title: str,
    names: Sequence[str],
    values: Sequence[float | None],
    style: Style,
    highlighted: Sequence[str] = (),
) -> str:
    """Describe bars: all of them if they are few, else the ends, and the place of the one meant."""
    known = [(n, v) for n, v in zip(names, values, strict=True) if v is not None]
    head = say("横棒グラフ「{title}」。", title=title)
    if not known:
        return sentences(head, say("表示できる値がありません。"))
    ranked = sorted(known, key=lambda pair: -pair[1])
    if len(names) <= ROWS_SPOKEN:
        items = [say("{name}は{value}", name=n, value=style.show(v)) for n, v in known]
        body = say("{items}です。", items=together(items))
    elif ranked[0][1] == ranked[-1][1]:
        shared = style.show(ranked[0][1])
        body = say("{count}項目すべてが{value}です。", count=len(known), value=shared)
    else:
        body = say(
            "{count}項目のうち、最も大きいのは「{top}」の{top_value}、"
            "最も小さいのは「{low}」の{low_value}です。",
            count=len(known),
            top=ranked[0][0],
            top_value=style.show(ranked[0][1]),
            low=ranked[-1][0],
            low_value=style.show(ranked[-1][1]),
        )
    places = []
    if len(names) > ROWS_SPOKEN:
        for name, value in known:
            if name in highlighted:
                place = 1 + sum(other > value for _, other in known)
                places.append(
                    say(
                        "「{name}」は{value}で、大きい方から{place}番目です。",
                        name=name,
                        value=style.show(value),
                        place=place,
                    )
                )
    absent = len(names) - len(known)
    gap = say("値のない項目が{count}件あります。", count=absent) if absent else ""
    return sentences(head, body, *places, gap)


def lines(
    title: str,
    labels: tuple[str, str],
    steps: Steps,
    series: Sequence[tuple[str, list[tuple[Any, float]]]],
    style: Style,
) -> str:
    """Describe lines: where each begins and ends, and its highest point."""
    head = say("折れ線グラフ「{title}」。", title=title)
    series = [(name, points) for name, points in series if points]
    if not series:
        return sentences(head, say("表示できる値がありません。"))
    told = [
        _one_line(name or labels[1], points, steps, style, labels[0])
        for name, points in series[:ROWS_SPOKEN]
    ]
    if len(series) > ROWS_SPOKEN:
        told.append(say("ほかに{count}本の線があります。", count=len(series) - ROWS_SPOKEN))
    return sentences(head, *told)


def _one_line(
    name: str, points: list[tuple[Any, float]], steps: Steps, style: Style, axis: str
) -> str:
    (first, start), (last, end) = points[0], points[-1]
    values = {
        "name": name,
        "first": steps.show(first),
        "start": style.show(start),
        "last": steps.show(last),
        "end": style.show(end),
    }
    if len(points) == 1:
        return say("「{name}」は{first}に{start}です。", **values)
    if steps.kind != "time" and not steps.year:
        body = (
            say("「{name}」は「{first}」で{start}、「{last}」で{end}です。", **values)
            if steps.kind == "order"
            else say(
                "「{name}」は{axis}が{first}のとき{start}、{last}のとき{end}です。",
                axis=axis,
                **values,
            )
        )
    elif style.show(start) == style.show(end):
        body = say("「{name}」は{first}も{last}も{start}です。", **values)
    elif end > start:
        body = say("「{name}」は{first}の{start}から{last}の{end}に増えました。", **values)
    else:
        body = say("「{name}」は{first}の{start}から{last}の{end}に減りました。", **values)
    at, top = max(points, key=lambda point: point[1])
    if top > max(start, end):
        peak = say("最も高いのは{at}の{top}です。", at=steps.show(at), top=style.show(top))
        return sentences(body, peak)
    return body


def dots(
    title: str,
    x: tuple[str, list[float], Style],
    y: tuple[str, list[float], Style],
    left_out: int,
) -> str:
    """Describe a scatter: how many, how far, and whether the two go together."""
    (x_label, xs, x_style), (y_label, ys, y_style) = x, y
    head = say("散布図「{title}」。", title=title)
    if not xs:
        return sentences(head, say("表示できる値がありません。"))
    reach = say(
        "点は{count:,}個。横軸の{x}は{x_low}から{x_high}、縦軸の{y}は{y_low}から{y_high}です。",
        count=len(xs),
        x=x_label,
        x_low=x_style.show(min(xs)),
        x_high=x_style.show(max(xs)),
        y=y_label,
        y_low=y_style.show(min(ys)),
        y_high=y_style.show(max(ys)),
    )
    r = correlation(xs, ys)
    if r is None:
        trend = ""
    elif r >= 0.3:
        trend = say("横軸が大きいほど縦軸も大きい傾向です（相関係数{r:.2f}）。", r=r)
    elif r <= -0.3:
        trend = say("横軸が大きいほど縦軸は小さい傾向です（相関係数{r:.2f}）。", r=r)
    else:
        trend = say("はっきりした直線の傾向は見えません（相関係数{r:.2f}）。", r=r)
    gap = say("値がない{count}件は除きました。", count=left_out) if left_out else ""
    return sentences(head, reach, trend, gap)


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return Pearson's correlation, or None where it says nothing (under 5 points, no spread).

    Examples
    --------
    >>> round(correlation([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]), 3)
    1.0
    """
    n = len(xs)
    if n < 5:
        return None
    x_mean, y_mean = math.fsum(xs) / n, math.fsum(ys) / n
    xx = math.fsum((x - x_mean) ** 2 for x in xs)
    yy = math.fsum((y - y_mean) ** 2 for y in ys)
    if xx == 0 or yy == 0:
        return None
    xy = math.fsum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True))
    return xy / math.sqrt(xx) / math.sqrt(yy)


def histogram(
    title: str,
    values: Sequence[float],
    fullest: tuple[str, int],
    style: Style,
    reference: float | None,
    reference_label: str,
    left_out: int,
) -> str:
    """Describe a histogram: reach, middle, the fullest bin, and the share beyond the reference."""
    head = say("ヒストグラム「{title}」。", title=title)
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    body = say(
        "{count:,}個の値は{low}から{high}、中央値は{middle}です。"
        "最も多いのは{bin}で{most:,}個です。",
        count=len(ordered),
        low=style.show(ordered[0]),
        high=style.show(ordered[-1]),
        middle=style.show(middle),
        bin=fullest[0],
        most=fullest[1],
    )
    mark = ""
    if reference is not None:
        beyond = sum(value >= reference for value in ordered)
        mark = say(
            "縦線「{label}」は{at}にあり、それ以上の値は{beyond:,}個（{share:.1%}）です。",
            label=reference_label,
            at=style.show(reference),
            beyond=beyond,
            share=beyond / len(ordered),
        )
    gap = say("値がない{count}件は除きました。", count=left_out) if left_out else ""
    return sentences(head, body, mark, gap)


def intervals(
    title: str,
    rows: Sequence[tuple[str, float | None, float | None, float | None]],
    style: Style,
    reference: float | None,
    reference_label: str,
) -> str:
    """Describe estimates with their intervals, and which of them reach the reference."""
    head = say("推定値と区間の図「{title}」。", title=title)
    known = [row for row in rows if None not in row[1:]]
    if not known:
        return sentences(head, say("表示できる値がありません。"))
    told = [
        say(
            "「{name}」は{estimate}（区間{low}から{high}）です。",
            name=name,
            estimate=style.show(estimate),
            low=style.bare.show(low),
            high=style.bare.show(high),
        )
        for name, estimate, low, high in known[:ROWS_SPOKEN]
    ]
    if len(known) > ROWS_SPOKEN:
        told.append(say("ほかに{count}行あります。", count=len(known) - ROWS_SPOKEN))
    if reference is not None:
        across = [n for n, _, low, high in known if low <= reference <= high]  # type: ignore[operator]
        at = reference_label or style.show(reference)
        if across and len(across) <= ROWS_SPOKEN:
            told.append(
                say("区間が「{at}」をまたぐのは{names}です。", at=at, names=together(across))
            )
        elif across:
            told.append(say("区間が「{at}」をまたぐのは{count}行です。", at=at, count=len(across)))
        else:
            told.append(say("区間が「{at}」をまたぐものはありません。", at=at))
    return sentences(head, *told)


def municipalities(
    head: str,
    values: Mapping[Municipality, float | None],
    style: Style,
    highlighted: Sequence[Municipality] = (),
) -> str:
    """Describe a map: the ends, the middle, the three regions, and the place of the one meant."""
    known = {town: value for town, value in values.items() if value is not None}
    ordered = sorted(known.values())
    if len(known) == 1:
        [(town, value)] = known.items()
        body = say(
            "値があるのは{name}だけで、{value}です。", name=town.name, value=style.show(value)
        )
    elif ordered[0] == ordered[-1]:
        body = say(
            "値のある{count}区市町村は、すべて{value}です。",
            count=len(known), value=style.show(ordered[0]),
        )  # fmt: skip
    else:
        body = say(
            "値のある{count}区市町村のうち、最も大きいのは{top}の{top_value}、"
            "最も小さいのは{low}の{low_value}、中央値は{middle}です。",
            count=len(known),
            top=_holders(known, ordered[-1]),
            top_value=style.show(ordered[-1]),
            low=_holders(known, ordered[0]),
            low_value=style.show(ordered[0]),
            middle=style.show(median(ordered)),
        )
    told = [_place_of(town, known, style) for town in highlighted]
    return sentences(head, body, _by_region(known, style), *told, _unknown(values))


def _holders(known: Mapping[Municipality, float], value: float) -> str:
    towns = [town.name for town, other in known.items() if other == value]
    if len(towns) <= 3:
        return together(towns)
    return say("{name}など{count}区市町村", name=towns[0], count=len(towns))


def _by_region(known: Mapping[Municipality, float], style: Style) -> str:
    """Say what the eye sees first on the map: how the parts of Tokyo differ."""
    names = {"wards": say("23区"), "tama": say("多摩"), "islands": say("島しょ")}
    middles = [
        say("{name}が{value}", name=name, value=style.show(median(values)))
        for region, name in names.items()
        if len(values := [v for town, v in known.items() if town.region == region]) >= 3
    ]
    if len(middles) < 2 or len(set(known.values())) == 1:
        return ""
    return say("地域ごとの中央値は、{items}です。", items=together(middles))


def _place_of(town: Municipality, known: Mapping[Municipality, float], style: Style) -> str:
    if town not in known:
        return say("「{name}」の値はありません。", name=town.name)
    place = 1 + sum(other > known[town] for other in known.values())
    return say(
        "「{name}」は{value}で、大きい方から{place}番目です。",
        name=town.name,
        value=style.show(known[town]),
        place=place,
    )


def _unknown(values: Mapping[Municipality, float | None]) -> str:
    towns = [town.name for town, value in values.items() if value is None]
    if not towns:
        return ""
    if len(towns) <= ROWS_SPOKEN:
        return say("データがないのは{names}です。", names=together(towns))
    return say("データがない区市町村が{count}あります。", count=len(towns))
