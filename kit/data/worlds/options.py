"""Further kinds of parameters a world is asked for: a number, a switch, one of several, a seed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from kit.data.worlds.asked import whole
from kit.errors import ParameterError
from kit.language import say


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
                "{name} は {low} から {high} までの数です（単位: {unit}）。",
                name=name, low=low, high=high, unit=unit,
            ),
            where=f"{name} = {value!r}"[:80],
        ) from None  # fmt: skip


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
            where=f"{name} = {value!r}"[:80],
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
        where=f"{name} = {value!r}"[:80],
        hint=say("近いもの: {names}", names=", ".join(near))
        if near
        else say("あるもの: {names}", names=", ".join(known)),
    )
