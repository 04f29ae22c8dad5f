"""A small table that people can read and screen readers can walk through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from kit.ask.look import card
from kit.errors import KitError
from kit.language import say

Format = str | Callable[[Any], str]
LINE = "#767676"


@dataclass(frozen=True)
class Table:
    """A table ready to show; made by :func:`html_table`.

    Parameters
    ----------
    caption : str
        What it shows.
    columns : tuple of str
        The headings.
    rows : tuple of tuple of str
        What each cell shows; ``""`` where nothing is known.
    numeric : tuple of bool
        Which columns hold numbers.
    omitted : int
        Rows left out at the end.
    waiting : bool
        The exercise above is not yet written.
    """

    caption: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: tuple[bool, ...] = ()
    omitted: int = 0
    waiting: bool = False

    def _repr_html_(self) -> str:
        if self.waiting:
            return card("blank", say("これから"), _waiting())
        caption = escape(self.caption)
        head = "".join(
            f'<th scope="col" style="{_cell(number)};border-bottom:2px solid {LINE}">'
            f"{escape(column)}</th>"
            for column, number in zip(self.columns, self.numeric, strict=True)
        )
        body = "".join(f"<tr>{self._row(row)}</tr>" for row in self.rows)
        if not self.rows:
            body = (
                f'<tr><td colspan="{max(1, len(self.columns))}">'
                f"{escape(say('行がありません。'))}</td></tr>"
            )
        rest = f'<p class="kit-note">{escape(self._rest())}</p>' if self.omitted else ""
        return (
            f'<div class="kit-table" role="group" aria-label="{caption}" tabindex="0" '
            'style="overflow-x:auto;margin:1em 0">'
            '<table style="border-collapse:collapse;line-height:1.5">'
            f'<caption style="text-align:left;font-weight:bold;padding:0.3em 0">{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}</div>"
        )

    def _row(self, row: tuple[str, ...]) -> str:
        cells = []
        for place, (text, number) in enumerate(zip(row, self.numeric, strict=True)):
            style = f"{_cell(number)};border-bottom:1px solid {LINE}"
            shown = escape(text) if text else _nothing()
            if place == 0:
                cells.append(f'<th scope="row" style="{style};font-weight:normal">{shown}</th>')
            else:
                cells.append(f'<td style="{style}">{shown}</td>')
        return "".join(cells)

    def _rest(self) -> str:
        return say("ほかに {count:,} 行あります。", count=self.omitted)

    def __repr__(self) -> str:
        if self.waiting:
            return _waiting()
        lines = [self.caption, "\t".join(self.columns)]
        lines += ["\t".join(text or "—" for text in row) for row in self.rows]
        return "\n".join(lines + ([self._rest()] if self.omitted else []))


def _waiting() -> str:
    return say("まだ書かれていません。上のセルを書くと、ここに表が出ます。")


def _nothing() -> str:
    return f'<span role="img" aria-label="{escape(say("データなし"))}">—</span>'


def _cell(number: bool) -> str:
    # A page keeps styles, not a notebook's style sheet.
    side = "right" if number else "left"
    digits = ";font-variant-numeric:tabular-nums;white-space:nowrap" if number else ""
    return f"text-align:{side};padding:0.3em 0.7em;vertical-align:top{digits}"


def html_table(
    frame: Any,
    *,
    caption: str,
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    limit: int = 30,
) -> Table:
    """Return `frame` as a table with caption, headings and readable numbers.

    Parameters
    ----------
    frame : DataFrame, Series, or what a DataFrame can be made of
        What to show. An index with a name, or of names, becomes the first column.
    caption : str
        What the table shows.
    labels : mapping of str to str, optional
        Column to heading.
    formats : mapping of str to str or callable, optional
        Column to format spec such as ``".1%"``, or a function that returns the text. Otherwise
        whole numbers have thousands separators (years have not), others about three digits.
    limit : int
        Rows shown; the rest are counted below.

    Raises
    ------
    KitError
        If `frame` is no table, or `labels` or `formats` name a column it does not have.

    Examples
    --------
    >>> shown = html_table({"町": ["甲", "乙"], "人口": [12345, None]}, caption="人口")
    >>> shown.rows
    (('甲', '12,345'), ('乙', ''))
    >>> '<th scope="row"' in shown._repr_html_()
    True
    """
    import pandas as pd

    from kit.chart.text import clean

    if frame is ...:
        return Table(clean(caption), waiting=True)
    data = frame.to_frame() if isinstance(frame, pd.Series) else frame
    try:
        data = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
    except (ValueError, TypeError) as error:
        raise KitError(
            say("表（DataFrame）を渡してください。"), where=" ".join(str(error).split())[:120]
        ) from None
    if _says_something(data.index):
        data = data.reset_index()
    labels, formats = dict(labels or {}), dict(formats or {})
    for name in (*labels, *formats):
        if name not in data.columns:
            raise KitError(
                say("表に「{name}」という列がありません。", name=name),
                hint=say("ある列: {columns}", columns=", ".join(map(str, data.columns))),
            )
    shown = data.head(max(0, limit))
    cells, numeric = [], []
    for place, name in enumerate(data.columns):
        texts, number = _column(list(shown.iloc[:, place]), formats.get(name))
        cells.append(texts)
        numeric.append(number)
    rows = tuple(zip(*cells, strict=True)) if cells else ()
    return Table(
        caption=clean(caption),
        columns=tuple(clean(labels.get(name, name)) for name in data.columns),
        rows=rows,
        numeric=tuple(numeric),
        omitted=len(data) - len(shown),
    )


def _says_something(index: Any) -> bool:
    if any(name is not None for name in index.names):
        return True
    return not (index.inferred_type == "integer" or len(index) == 0)


def _column(values: list[Any], format: Format | None) -> tuple[list[str], bool]:
    """Return how the values of one column are shown, and whether they are numbers."""
    from kit.chart.columns import missing, numbers
    from kit.chart.text import Style, clean, style_for

    try:
        amounts = numbers(values, "")
        is_number = any(a is not None for a in amounts) and not any(
            isinstance(v, bool) or type(v).__name__ == "bool_" for v in values
        )
    except KitError:
        amounts, is_number = [], False
    if callable(format):
        return ["" if missing(v) else clean(format(v)) for v in values], is_number
    if is_number:
        known = [a for a in amounts if a is not None]
        years = all(a == int(a) and 1850 <= a <= 2200 for a in known)
        style = Style("d") if years and format is None else style_for(amounts, format=format)
        return ["" if a is None else style.show(a) for a in amounts], True
    return ["" if missing(v) else clean(_moment(v)) for v in values], False


def _moment(value: Any) -> Any:
    midnight = hasattr(value, "normalize") and hasattr(value, "date") and value == value.normalize()
    return value.date() if midnight else value
