"""What a builder reads from a frame: checked columns, and where the numbers come from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from kit.chart.text import clean
from kit.errors import KitError
from kit.language import current, date_text, say

ROW_LIMIT = 5_000
BAR_LIMIT = 100


@dataclass(frozen=True)
class Columns:
    """A frame about to be drawn.

    Parameters
    ----------
    frame : DataFrame
        Index levels that are named are columns too.
    labels : mapping of str to str
        What a reader sees instead of a column's name; a table of the kit's own brings its.
    """

    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any, labels: Mapping[str, str] | None = None) -> Columns:
        """Take anything that a DataFrame can be made of."""
        try:
            frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        except (ValueError, TypeError) as error:
            raise KitError(
                say("図にする表（DataFrame）を渡してください。"), where=clean(error)[:120]
            ) from None
        names = [n for n in frame.index.names if n is not None and n not in frame.columns]
        if names:
            frame = frame.reset_index(level=names)
        if len(frame) > ROW_LIMIT:
            raise KitError(
                say(
                    "行が多すぎて図にできません（{rows:,} 行、上限 {limit:,} 行）。",
                    rows=len(frame),
                    limit=ROW_LIMIT,
                ),
                hint=say("groupby で集計するか、sample で一部を取り出してから図にしてください。"),
            )
        return cls(frame, {**_headings(frame), **(labels or {})})

    def __len__(self) -> int:
        return len(self.frame)

    def label(self, name: str) -> str:
        """Return what a reader sees for column `name`."""
        return clean(self.labels.get(name, name))

    def column(self, name: str) -> pd.Series[Any]:
        """Return column `name`.

        Raises
        ------
        KitError
            If there is none, listing those that are.
        """
        if name not in self.frame.columns:
            raise KitError(
                say("表に「{name}」という列がありません。", name=clean(name)),
                hint=say(
                    "ある列: {columns}", columns=", ".join(clean(c) for c in self.frame.columns)
                ),
            )
        found = self.frame[name]
        return found.iloc[:, 0] if isinstance(found, pd.DataFrame) else found

    def names(self, name: str) -> list[str]:
        """Return column `name` as one-line texts; a missing one is said to be missing."""
        cells = ("" if missing(value) else clean(value) for value in self.column(name))
        return [cell or say("（名前なし）") for cell in cells]

    def numbers(self, name: str) -> list[float | None]:
        """Return column `name` as numbers; what is missing or infinite is None.

        Raises
        ------
        KitError
            If it holds something that is not a number.
        """
        return numbers(self.column(name), self.label(name))


def _headings(frame: pd.DataFrame) -> dict[str, str]:
    """Return the labels of the dataset a frame was loaded from."""
    cited = frame.attrs.get("citation")
    if not hasattr(cited, "name"):
        return {}
    from kit.data.packages import headings

    return headings(cited.name)


def missing(value: Any) -> bool:
    """Return whether `value` stands for nothing known."""
    return value is None or value is pd.NA or value is pd.NaT or value != value


def numbers(values: Iterable[Any], label: str) -> list[float | None]:
    """Return `values` as floats; what is missing or infinite is None."""
    result: list[float | None] = []
    for value in values:
        if missing(value):
            result.append(None)
            continue
        try:
            if isinstance(value, (str, bytes)):
                raise TypeError
            number = float(value)
        except (TypeError, ValueError):
            raise KitError(
                say("列「{label}」に数でない値があります。", label=label),
                where=repr(value)[:60],
                hint=say("pd.to_numeric で数に直してから図にしてください。"),
            ) from None
        result.append(number if math.isfinite(number) else None)
    return result


def source_line(source: Any, *places: Any) -> str:
    """Return the sentence that says where the numbers come from.

    Parameters
    ----------
    source : Citation, str or None
        None: the citation that the data carries (``attrs["citation"]``).
    *places : object
        Where to look for it, first match wins.

    Raises
    ------
    KitError
        If nobody says.
    """
    if source is None:
        for place in places:
            source = getattr(place, "attrs", {}).get("citation")
            if source is not None:
                break
    line = source.line(current()) if hasattr(source, "line") else source
    if not isinstance(line, str) or not line.strip():
        raise KitError(
            say("この図には出典がありません。"),
            hint=say(
                'source= に出典を書いてください。例: source="模擬データ"、source=world.citation'
            ),
        )
    return clean(line)


Kind = Literal["time", "number", "order"]


@dataclass(frozen=True)
class Steps:
    """The horizontal axis of a line chart: times, numbers, or names in the order given."""

    kind: Kind
    values: list[Any]
    year: bool = False

    @classmethod
    def of(cls, values: Sequence[Any], label: str) -> Steps:
        """Find out which of the three `values` are."""
        series = pd.Series(list(values))
        known = [v for v in series if not missing(v)]
        if known and all(isinstance(v, (dt.date, pd.Timestamp, pd.Period)) for v in known):
            return cls("time", [None if missing(v) else _timestamp(v) for v in series])
        if known and all(not isinstance(v, (str, bytes, pd.Interval)) for v in known):
            steps = numbers(series, label)
            years = all(v is None or (v == int(v) and 1850 <= v <= 2200) for v in steps)
            return cls("number", steps, years)
        return cls("order", [None if missing(v) else clean(v) for v in series])

    def show(self, value: Any) -> str:
        """Return one step in words."""
        if value is None:
            return say("データなし")
        if self.kind == "time":
            return self._date(value)
        if self.kind == "order":
            return str(value)
        if self.year:
            return say("{year}年", year=int(value))
        return f"{value:,.10g}".replace("-", "−")

    @cached_property
    def grain(self) -> Literal["year", "month", "day"]:
        """The coarsest calendar unit that tells all the times apart."""
        times = [v for v in self.values if v is not None]
        if all(t.month == 1 and t.day == 1 for t in times):
            return "year"
        return "month" if all(t.day == 1 for t in times) else "day"

    def _date(self, value: pd.Timestamp) -> str:
        return date_text(value.date(), self.grain)


def _timestamp(value: Any) -> pd.Timestamp:
    stamp = value.to_timestamp() if isinstance(value, pd.Period) else pd.Timestamp(value)
    return stamp.tz_localize(None) if stamp.tzinfo is not None else stamp
