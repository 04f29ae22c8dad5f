"""What a map reads from a frame: one value, or none, for each of the 62 municipalities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit import places
from kit.chart.columns import Columns, missing
from kit.chart.text import Style, style_for
from kit.errors import KitError, PlaceError
from kit.language import say
from kit.places import Municipality


@dataclass(frozen=True)
class TownValues:
    """The values of a map.

    Parameters
    ----------
    values : mapping of Municipality to float or None
        All 62, in the order of their codes; None where nothing is known.
    heads : tuple of (str, str)
        What a reader sees instead of the two columns' names.
    style : Style
        How the values are written.
    """

    values: Mapping[Municipality, float | None]
    heads: tuple[str, str]
    style: Style

    @classmethod
    def of(
        cls,
        frame: Any,
        municipality: str,
        value: str,
        labels: Mapping[str, str] | None,
        unit: str,
        format: str | None,
    ) -> TownValues:
        """Read one value a municipality from `frame`.

        Raises
        ------
        KitError
            No such column, values that are not numbers, a municipality that nobody can mean, or
            one with two rows.
        """
        data = Columns.of(frame, labels)
        column, amounts = data.column(municipality), data.numbers(value)
        # The table holds names, whatever the frame holds.
        heads = (say("区市町村"), data.label(value))
        found: dict[Municipality, float | None] = {}
        lines: dict[Municipality, int] = {}
        for line, (typed, amount) in enumerate(zip(column, amounts, strict=True), start=1):
            town = _meant(typed, line, municipality)
            if town in found:
                raise _twice(town, lines[town], line)
            found[town], lines[town] = amount, line
        values = {town: found.get(town) for town in places.all_()}
        known = [amount for amount in found.values() if amount is not None]
        style = style_for(known, unit=unit, format=format) if known else Style(",d", unit)
        return cls(values, heads, style)

    @property
    def known(self) -> dict[Municipality, float]:
        """The municipalities with a value."""
        return {town: value for town, value in self.values.items() if value is not None}

    @property
    def rows(self) -> list[list[str]]:
        """The table behind the map: name and value of all 62."""
        return [[town.name, self.style.show(value)] for town, value in self.values.items()]


def _meant(typed: Any, line: int, column: str) -> Municipality:
    # A column of codes with gaps is one of floats in pandas: 13101.0.
    whole = isinstance(typed, float) and typed.is_integer()
    try:
        return places.find("" if missing(typed) else int(typed) if whole else typed)
    except PlaceError as error:
        raise KitError(
            error.message,
            where=say("{row} 行目、列 {column}", row=line, column=column),
            hint=error.hint,
        ) from None


def _twice(town: Municipality, first: int, second: int) -> KitError:
    return KitError(
        say("「{town}」の行が 2 つ以上あります。地図には 1 つずつの値が要ります。", town=town.name),
        where=say("{first} 行目と {second} 行目", first=first, second=second),
        hint=say(
            'ひとつの時点を選ぶか（load(…, vintage="latest") など）、groupby で 1 行にまとめてください。'
        ),
    )


def chosen_towns(highlight: Any) -> list[Municipality]:
    """Return the municipalities to bring out: one or several, as :func:`kit.places.find` reads.

    Raises
    ------
    PlaceError
        If nobody can mean one of them.

    Examples
    --------
    >>> [town.code for town in chosen_towns(["八王子", 13104])]
    ['13201', '13104']
    """
    if highlight is None:
        return []
    several = isinstance(highlight, Iterable) and not isinstance(highlight, str)
    towns = [places.find(one) for one in (highlight if several else [highlight])]
    return list(dict.fromkeys(towns))
