"""The parameters a world is asked for, looked at before anything is drawn."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
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
            say("{name} には整数を入れてください。", name=name), where=_shown(value, name)
        ) from None


def share(value: Any, name: str, low: float, high: float) -> float:
    """Return a parameter as a share between `low` and `high`.

    Raises
    ------
    ParameterError
        If it is not a number, or outside; 22 where 0.22 is meant is told so.
    """
    number = _between(value, low, high)
    if number is None:
        raise ParameterError(
            say(
                "{name} は {low} から {high} の割合です（22％は 0.22 と書きます）。",
                name=name,
                low=low,
                high=high,
            ),
            where=_shown(value, name),
        )
    return number


def seeded(value: Any) -> int:
    """Return a seed: a whole number, not negative.

    Raises
    ------
    ParameterError
        If it is not one.

    Examples
    --------
    >>> seeded(7)
    7
    """
    seed = whole(value, "seed")
    if seed < 0:
        raise ParameterError(
            say("seed には 0 以上の整数を入れてください。"), where=f"seed = {seed}"[:80]
        )
    return seed


def counted(value: Any, name: str, low: int, high: int) -> int:
    """Return a parameter as a whole number between `low` and `high`.

    Raises
    ------
    ParameterError
        If it is not one, or outside.

    Examples
    --------
    >>> counted(4, "counters", 1, 50)
    4
    """
    number = whole(value, name)
    if not low <= number <= high:
        raise ParameterError(
            say("{name} は {low:,} から {high:,} までの整数です。", name=name, low=low, high=high),
            where=f"{name} = {number}"[:80],
        )
    return number


def measured(value: Any, name: str, low: float, high: float, unit: str) -> float:
    """Return a parameter as a number between `low` and `high`, in a unit people are told.

    Raises
    ------
    ParameterError
        If it is not a number, or outside.

    Examples
    --------
    >>> measured("6", "minutes", 0.1, 120, "分")
    Traceback (most recent call last):
    kit.errors.ParameterError: minutes は 0.1 から 120 までの数です（単位: 分）。
      minutes = '6'
    """
    number = _between(value, low, high)
    if number is None:
        raise ParameterError(
            say(
                "{name} は {low} から {high} までの数です（単位: {unit}）。",
                name=name, low=low, high=high, unit=unit,
            ),
            where=_shown(value, name),
        )  # fmt: skip
    return number


def _between(value: Any, low: float, high: float) -> float | None:
    """Return a number within limits, or None for anything else."""
    if isinstance(value, bool | str | bytes):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if low <= number <= high else None


def switch(value: Any, name: str) -> bool:
    """Return a parameter that is on or off.

    Raises
    ------
    ParameterError
        If it is anything but True or False.

    Examples
    --------
    >>> switch(True, "hidden")
    True
    """
    if not isinstance(value, bool):
        raise ParameterError(
            say("{name} には True か False を入れてください。", name=name),
            where=_shown(value, name),
        )
    return value


def one_of(value: Any, name: str, known: Sequence[str]) -> str:
    """Return a parameter that is one of several words.

    Raises
    ------
    ParameterError
        If it is none of them; the hint names the nearest, or all.

    Examples
    --------
    >>> one_of("lognormal", "service", ("exponential", "lognormal"))
    'lognormal'
    """
    if isinstance(value, str) and value in known:
        return value
    near = difflib.get_close_matches(str(value)[:60], known, n=3, cutoff=0.4)
    raise ParameterError(
        say("{name} に使えない言葉です。", name=name),
        where=_shown(value, name),
        hint=say("近いもの: {names}", names=", ".join(near))
        if near
        else say("あるもの: {names}", names=", ".join(known)),
    )


def _shown(value: Any, name: str) -> str:
    """Return a parameter as somebody typed it, cut to a line."""
    try:
        return f"{name} = {value!r}"[:80]
    except ValueError:  # Python does not write whole numbers of thousands of digits
        return f"{name} = …"
