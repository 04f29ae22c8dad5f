"""Maps of Tokyo's 62 municipalities: equal tiles, or real boundaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kit.chart import describe
from kit.chart.classes import Classes, classify
from kit.chart.columns import source_line
from kit.chart.frame import finish, nothing, survives_blanks
from kit.chart.text import clean
from kit.chart.towns import TownValues, chosen_towns
from kit.language import say
from kit.places import Municipality

Drawing = Callable[[TownValues, Classes, Sequence[Municipality]], Any]


@survives_blanks
def tiles(
    frame: Any,
    *,
    value: str,
    title: str,
    municipality: str = "code",
    unit: str = "",
    source: Any = None,
    highlight: Any = None,
    breaks: Sequence[float] | None = None,
    show_values: bool | None = None,
    labels: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Any:
    """Draw a tile map: every municipality of Tokyo as a tile of the same size.

    A large mountain village and a small island weigh the same to the eye, every name can be read,
    and no boundary licence applies. Position follows the real map as far as equal tiles can.

    Parameters
    ----------
    frame : DataFrame
        One row a municipality, in any order; those that are not in it are shown as without data.
    value : str
        Column of numbers. Shares, rates and densities suit a map; of counts it shows hardly more
        than where many people live.
    title : str
        What the map says.
    municipality : str
        Column of codes or names: anything :func:`kit.places.find` understands.
    unit : str
        Unit of `value`, shown with every number.
    source : Citation or str, optional
        Where the numbers come from; None takes ``frame.attrs["citation"]``.
    highlight : str, int, Municipality or several of them, optional
        Municipalities to outline; the description tells their values and places.
    breaks : sequence of float, optional
        Where the second, third … class begins: one to four rising numbers. None makes up to five
        classes of about as many municipalities each.
    show_values : bool, optional
        Write the number on each tile; None does so if all of them fit.
    labels : mapping of str to str, optional
        What a reader sees instead of column names.
    format : str, optional
        Number format such as ``".1%"`` or ``",d"``.

    Raises
    ------
    KitError
        No such column, values that are not numbers, a municipality nobody can mean or one with two
        rows, breaks that do not rise, numbers asked for that do not fit, no source.

    Examples
    --------
    >>> drawn = tiles({"code": ["13104", "13201"], "v": [0.2, 0.3]}, value="v", format=".0%",
    ...               title="題", source="模擬データ")
    >>> table = drawn.usermeta["kit"]["table"]
    >>> len(table["rows"]), table["rows"][3]
    (62, ['新宿区', '20%'])
    """
    from kit.chart import tile_map

    def draw(towns: TownValues, classes: Classes, chosen: Sequence[Municipality]) -> Any:
        return tile_map.draw(towns, classes, chosen, show_values)

    title = clean(title)
    head = say(
        "タイル地図「{title}」。東京都の区市町村を、同じ大きさのタイルで並べています。", title=title
    )
    towns = TownValues.of(frame, municipality, value, labels, unit, format)
    return _map(
        towns, draw, title, head, source_line(source, frame), chosen_towns(highlight), breaks
    )


@survives_blanks
def boundaries(
    frame: Any,
    *,
    value: str,
    title: str,
    municipality: str = "code",
    unit: str = "",
    source: Any = None,
    highlight: Any = None,
    breaks: Sequence[float] | None = None,
    labels: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Any:
    """Draw the same map with real boundaries (simplified, as of 1 January 2021).

    The eye weighs what it shows by area: use it where distance or neighbourhood matters, and
    :func:`tiles` otherwise. The credit of the boundaries follows the source by itself.

    Parameters
    ----------
    frame, value, title, municipality, unit, source, highlight, breaks, labels, format
        As in :func:`tiles`.

    Raises
    ------
    KitError
        As in :func:`tiles`; also where the boundaries are missing or damaged.

    Examples
    --------
    >>> drawn = boundaries({"code": ["13104", "13201"], "v": [0.2, 0.3]}, value="v",
    ...                    format=".0%", title="題", source="模擬データ")
    >>> "国土数値情報" in drawn.usermeta["kit"]["source"]
    True
    """
    from kit.chart import boundary_map

    title = clean(title)
    head = say("境界の地図「{title}」。島の位置は実際と違います。", title=title)
    towns = TownValues.of(frame, municipality, value, labels, unit, format)
    line = f"{source_line(source, frame)} / {boundary_map.credit()}"
    return _map(towns, boundary_map.draw, title, head, line, chosen_towns(highlight), breaks)


def _map(
    towns: TownValues,
    draw: Drawing,
    title: str,
    head: str,
    line: str,
    chosen: Sequence[Municipality],
    breaks: Sequence[float] | None,
) -> Any:
    """Classify, draw and describe."""
    if not towns.known:
        return nothing(title, line, towns.heads)
    classes = classify(towns.known.values(), towns.style, breaks)
    return finish(
        draw(towns, classes, chosen),
        title=title,
        source=line,
        description=describe.municipalities(head, towns.values, towns.style, chosen),
        table=describe.table(towns.heads, towns.rows),
    )
