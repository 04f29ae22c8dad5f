"""The numbers a world is asked for, looked at before anything is drawn."""

from __future__ import annotations

from typing import Any

from kit.errors import ParameterError
from kit.language import say

_TOO_LARGE = 10**12


def whole(value: Any, name: str) -> int:
    """Return a parameter as a whole number.

    Raises
    ------
    ParameterError
        If it is not one, or has more than twelve digits.
    """
    try:
        if isinstance(value, bool | str | bytes) or int(value) != value:
            raise ValueError
        if abs(int(value)) >= _TOO_LARGE:
            raise ParameterError(
                say("{name} が大きすぎます。12 けたまでの整数にしてください。", name=name),
                where=f"{name} = …",
            )
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(
            say("{name} には整数を入れてください。", name=name), where=f"{name} = {value!r}"[:80]
        ) from None


def share(value: Any, name: str, low: float, high: float) -> float:
    """Return a parameter as a share between `low` and `high`.

    Raises
    ------
    ParameterError
        If it is not a number, or outside; 22 where 0.22 is meant is told so.
    """
    try:
        if isinstance(value, bool | str | bytes):
            raise ValueError
        number = float(value)
        if not low <= number <= high:
            raise ValueError
        return number
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(
            say(
                "{name} は {low} から {high} の割合です（22％は 0.22 と書きます）。",
                name=name,
                low=low,
                high=high,
            ),
            where=f"{name} = {value!r}"[:80],
        ) from None
