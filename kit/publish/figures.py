"""A chart as a page shows it: title, picture, words, source, and its numbers as a table."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from kit.errors import CourseError
from kit.language import say
from kit.publish import drawing
from kit.publish.japanese import join

TABLE_ROWS = 100
_NUMBER = re.compile(r"^[-−+±]?[\d,.]+\s?\D{0,4}$")
Room = tuple[float, float]


class Figure:
    """One chart of a notebook.

    Parameters
    ----------
    spec : mapping
        A Vega 5 specification.
    about : mapping
        ``description`` (str), ``table`` (``columns``, ``rows``) and ``source`` (str), as
        :mod:`kit.chart` writes them into the output's metadata.
    prefix : str
        Put before every id.

    Raises
    ------
    CourseError
        If nothing says in words what the chart shows.
    """

    def __init__(self, spec: Mapping[str, Any], about: Mapping[str, Any], *, prefix: str) -> None:
        self.spec: Mapping[str, Any] = json.loads(spec) if isinstance(spec, str) else spec
        lines, subtitle = drawing.title_of(self.spec)
        self.title = _joined_lines(lines)
        self.source = str(about.get("source") or "")
        # A drawing that says its source itself would say it twice here.
        below = _joined_lines(subtitle)
        self.subtitle = "" if below == self.source else below
        self.words = about.get("description") or self.spec.get("description") or ""
        self.table = about.get("table") or {}
        self.prefix = prefix
        if not self.words:
            raise CourseError(
                say("図に説明がありません。"),
                hint=say("kit.chart の関数で描くと、説明はデータから作られます。"),
            )

    def html(self, room: Room | None = None) -> Markup:
        """Return the ``<figure>``, laid out for `room` (CSS pixels) where it will be scaled up.

        Raises
        ------
        CourseError
            If Vega cannot draw the chart.
        """
        head, prefix = "", self.prefix
        if self.title:
            small = f"<small>{html.escape(self.subtitle)}</small>" if self.subtitle else ""
            title = html.escape(self.title)
            head = f'<figcaption id="{prefix}title">{title}{small}</figcaption>'
        foot = f'<p class="words" id="{prefix}words">{html.escape(self.words)}</p>'
        if self.source:
            foot += f'<p class="source">{html.escape(self.source)}</p>'
        foot += _data_table(self.table, self.title or say("図のデータ"))
        return Markup(f'<figure class="chart">{head}{self._drawn(room)}{foot}</figure>')

    def _drawn(self, room: Room | None) -> str:
        spec, title, prefix = self.spec, self.title, self.prefix
        label = html.escape(title or say("図"))
        name = f'aria-labelledby="{prefix}title"' if title else f'aria-label="{label}"'
        name = f'role="img" {name} aria-describedby="{prefix}words"'
        wide = (drawing.fit(spec, *room) if room else None) or drawing.draw(spec, source=False)
        narrow = drawing.fit(spec, drawing.PHONE)
        if narrow is None:
            # Too small to read on a phone: it scrolls sideways in its own box instead.
            svg = wide.svg(prefix=prefix, attributes=name)
            return f'<div class="drawing fixed" tabindex="0" role="group" aria-label="{label}">{svg}</div>'
        if narrow == wide:
            return f'<div class="drawing">{wide.svg(prefix=prefix, attributes=name)}</div>'
        both = wide.svg(prefix=prefix, attributes=f'class="wide" {name}')
        both += narrow.svg(prefix=f"{prefix}n-", attributes=f'class="narrow" {name}')
        return f'<div class="drawing">{both}</div>'


def _joined_lines(lines: Sequence[str]) -> str:
    """Return lines that were broken for a picture as the one line they were."""
    text = ""
    for line in lines:
        text += ("" if not text or join(text, line) else " ") + line
    return text


def _data_table(table: Mapping[str, Any], caption: str) -> str:
    columns, rows = table.get("columns", []), table.get("rows", [])
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in columns)
    body = "".join(_row(row) for row in rows[:TABLE_ROWS])
    left = len(rows) - TABLE_ROWS
    more = say("ほかに {count} 行あります。", count=left) if left > 0 else ""
    more = f"<p>{html.escape(more)}</p>" if more else ""
    label = html.escape(caption)
    return (
        f'<details class="data"><summary>{html.escape(say("数字を表で見る"))}</summary>'
        f'<div class="table" role="group" aria-label="{label}" tabindex="0"><table>'
        f"<caption>{label}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{more}</details>"
    )


def _row(row: Sequence[Any]) -> str:
    first, *others = (_figure(value) for value in row)
    cells = "".join(
        f'<td class="number">{html.escape(text)}</td>'
        if _NUMBER.match(text)
        else f"<td>{html.escape(text)}</td>"
        for text in others
    )
    return f'<tr><th scope="row">{html.escape(first)}</th>{cells}</tr>'


def _figure(value: Any) -> str:
    """Return a value of a data table as people write it.

    Examples
    --------
    >>> [_figure(v) for v in (31204, 0.2183333, 2020, None, "八王子市", 12.0)]
    ['31,204', '0.2183', '2020', '', '八王子市', '12']
    """
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        # A year is not a quantity: four digits stay together.
        return f"{value:.0f}" if 1900 <= value <= 2100 else f"{value:,.0f}"
    return str(value)
