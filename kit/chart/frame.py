"""What every chart of the kit carries: title, description, table, source; and ``figure`` itself."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec

import altair as alt
from altair.utils import schemapi

from kit.chart import describe
from kit.chart.columns import Columns, numbers, source_line
from kit.chart.text import Style, clean, style_for, wrap
from kit.chart.theme import GRID, INK, SOFT_INK, TEXT_SIZE
from kit.errors import KitError
from kit.language import say

P = ParamSpec("P")
PLOT_WIDTH = 560
TITLE_EM = 36
SOURCE_EM = 50


def finish(
    chart: Any, *, title: str, source: str, description: str, table: Mapping[str, Any]
) -> Any:
    """Return `chart` with its title, and with what the renderer needs in ``usermeta["kit"]``."""
    told = {"title": title, "description": description, "table": table, "source": source}
    properties: dict[str, Any] = {"description": description, "usermeta": {"kit": told}}
    if title or source:
        # The colours stand here too: from the configuration a dark Lab would take them away.
        properties["title"] = alt.TitleParams(
            color=INK,
            subtitleColor=SOFT_INK,
            text=wrap(title, TITLE_EM).split("\n"),
            subtitle=wrap(source, SOURCE_EM).split("\n") if source else alt.Undefined,
        )
    # `properties` would copy the whole chart, data and all; this one is nobody else's yet.
    for name, value in properties.items():
        chart[name] = value
    return chart


def notice(title: str, message: str, *, source: str, columns: Sequence[str] = ()) -> alt.LayerChart:
    """Return a card with a sentence where a chart has nothing to show."""
    note = (
        alt.Chart(records([{"note": wrap(message, 34)}]))
        .mark_text(fontSize=TEXT_SIZE + 1, color=SOFT_INK, align="center")
        .encode(text=alt.Text("note:N"))
    )
    card = alt.layer(note, view=alt.ViewConfig(stroke=GRID, strokeDash=[4, 4]))
    return finish(
        card.properties(width=PLOT_WIDTH - 60, height=90),
        title=title,
        source=source,
        description=describe.sentences(
            say("図「{title}」。", title=title) if title else "", message
        ),
        table=describe.table(columns, []),
    )


def nothing(title: str, source: str, columns: Sequence[str]) -> alt.LayerChart:
    """Return the card of a chart without data."""
    return notice(title, say("表示できるデータがありません。"), source=source, columns=columns)


def waiting(title: object) -> alt.LayerChart:
    """Return the card of a chart whose exercise is not yet written."""
    return notice(
        clean(title) if isinstance(title, str) else "",
        say("まだ書かれていません。上のセルを書くと、ここに図が出ます。"),
        source="",
    )


def survives_blanks(builder: Callable[P, Any]) -> Callable[P, Any]:
    """Let a builder wait, rather than fail, where an exercise still says ``...``.

    What a builder puts together is known to be sound, so altair's schema checks, half of its
    time, are left out: a panel redraws at every move.
    """

    @functools.wraps(builder)
    def build(*args: P.args, **kwargs: P.kwargs) -> Any:
        if any(value is ... for value in (*args, *kwargs.values())):
            return waiting(kwargs.get("title"))
        with schemapi.debug_mode(False):
            return builder(*args, **kwargs)

    return build


def chosen_names(highlight: str | Iterable[str] | None) -> set[str]:
    """Return the names to bring out."""
    if highlight is None:
        return set()
    return {clean(highlight)} if isinstance(highlight, str) else {clean(h) for h in highlight}


def few_enough(groups: Sequence[str], limit: int) -> None:
    """Raise a KitError where there are more groups than an eye can tell apart."""
    if len(groups) > limit:
        raise KitError(
            say(
                "見分けられるのは {limit} 系列までです（いまは {count} 系列）。",
                limit=limit,
                count=len(groups),
            ),
            hint=say("見せたい系列にしぼってから図にしてください。"),
        )


def level(reference: Any) -> float | None:
    """Return a reference value as a number, or None."""
    return None if reference is None else numbers([reference], "reference")[0]


def caption(label: str, reference: float | None, style: Style) -> str:
    """Return what is written beside a reference line: its label and its value."""
    text = clean(label)
    if text and not reference:
        return wrap(text, 30)  # 「差なし」 says where zero is
    value = style.show(reference)
    return wrap(f"{text} {value}" if text else value, 30)


def reach(values: Iterable[float | None], *, zero: bool = False, pad: float = 0.0) -> list[float]:
    """Return an axis domain around `values`; equal values get room on both sides.

    Examples
    --------
    >>> reach([5, 5]), reach([2, 4], zero=True), reach([0, 10], pad=0.1)
    ([4.5, 5.5], [0.0, 4.0], [-1.0, 11.0])
    """
    known = [float(v) for v in values if v is not None]
    if zero:
        known.append(0.0)
    low, high = min(known), max(known)
    if low == high:
        room = abs(low) / 10 or 1.0
        return [low - room, high + room]
    room = (high - low) * pad
    return [low - room, high + room]


def records(rows: Iterable[Mapping[str, Any]]) -> alt.InlineData:
    """Return rows as inline data under field names of our own: no user's text is ever a field.

    They travel as one text: altair copies every cell of a list again for each layer.
    """
    text = json.dumps([dict(row) for row in rows], ensure_ascii=False, allow_nan=False)
    return alt.InlineData(values=text, format=alt.DataFormat(type="json"))


def tip(heading: str, told: Mapping[str, str]) -> dict[str, str]:
    """Return what is shown under the pointer, as data: a text in it is never an expression.

    Examples
    --------
    >>> tip("甲", {"人口": "3人"})
    {'title': '甲', '人口': '3人'}
    """
    return ({"title": heading} if heading else {}) | dict(told)


def halo(chart: alt.Chart, **mark: Any) -> list[alt.Chart]:
    """Return a text layer twice, a white outline below, so that it reads over marks."""
    mark = {"fontSize": TEXT_SIZE - 1, **mark}
    below = chart.mark_text(**mark, stroke="white", strokeWidth=4, color="white")
    return [below, chart.mark_text(**mark, color=INK)]


def figure(
    chart: Any, *, title: str, description: str, table: Any = None, source: Any = None
) -> Any:
    """Give any altair chart what every chart here has: title, description, table, source.

    Parameters
    ----------
    chart : altair chart
        An author's own.
    title, description : str
        The description says in words what the picture shows: compute it from the data.
    table : DataFrame or mapping, optional
        The numbers behind it (or ``{"columns": […], "rows": [[…]]}``); None takes the chart's.
    source : Citation or str, optional
        None: the citation of `table` or of the chart's data.

    Raises
    ------
    KitError
        No description, no source, or more than 5,000 rows in the chart.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> towns = pd.DataFrame({"t": ["甲", "乙"], "v": [1, 2]})
    >>> drawn = figure(alt.Chart(towns).mark_bar().encode(x="v:Q", y="t:N"), title="二つの町",
    ...                description="乙は甲の二倍です。", source="模擬データ")
    >>> drawn.usermeta["kit"]["table"]["rows"]
    [['甲', '1'], ['乙', '2']]
    """
    if any(given is ... for given in (chart, title, description, table, source)):
        return waiting(title)
    if not str(description or "").strip():
        raise KitError(
            say("図の説明がありません。"),
            hint=say("description= に、図から読みとれることを文で書いてください。"),
        )
    data = getattr(chart, "data", None)
    line = source_line(source, table, data)
    has_frame = hasattr(data, "columns")
    if has_frame:
        Columns.of(data)
    behind = table if table is not None else (data if has_frame else {"columns": [], "rows": []})
    if isinstance(behind, Mapping) and {"columns", "rows"} <= set(behind):
        cells = dict(behind)
    else:
        cells = _cells(Columns.of(behind))
    return finish(
        _bare(chart),
        title=clean(title),
        source=line,
        description=clean(description),
        table=describe.table(cells["columns"], cells["rows"]),
    )


def _cells(data: Columns) -> dict[str, Any]:
    shown = []
    for column in data.frame.columns:
        values = list(data.column(column))
        try:
            amounts = numbers(values, str(column))
            style = style_for(amounts)
            shown.append([style.show(a) for a in amounts])
        except KitError:
            shown.append([clean(v) for v in values])
    return {
        "columns": [data.label(c) for c in data.frame.columns],
        "rows": [list(row) for row in zip(*shown, strict=True)],
    }


def _bare(chart: Any) -> Any:
    """Return a copy whose parts no longer carry a description of their own."""
    copy = chart.copy(deep=True)
    parts = [copy]
    while parts:
        part = parts.pop()
        for name in ("layer", "hconcat", "vconcat", "concat"):
            inner = part._kwds.get(name)
            if isinstance(inner, list):
                parts.extend(inner)
                for piece in inner:
                    piece._kwds.pop("usermeta", None)
    return copy
