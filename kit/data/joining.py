"""Put tables side by side and keep their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit import places
from kit.data.packages import MUNICIPALITY, NAME
from kit.errors import DataError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table by municipality with the towns' names in front, in the current language.

    Parameters
    ----------
    frame : DataFrame
        With a column ``code``, as :func:`kit.data.load` returns it.

    Returns
    -------
    DataFrame
        The same rows with a column ``name`` after ``code``; the citation stays.

    Raises
    ------
    DataError
        If there is no column ``code``.
    PlaceError
        If a code is nobody's.

    Examples
    --------
    >>> from kit.data import load
    >>> from kit.language import using
    >>> with using("en"):
    ...     named(load("municipalities", "age-structure"))["name"].iloc[0]
    'Chiyoda City'
    """
    _has(frame, MUNICIPALITY, "named(frame)")
    names = {code: places.find(code).name for code in frame[MUNICIPALITY].unique()}
    made = frame.drop(columns=NAME, errors="ignore")
    made.insert(made.columns.get_loc(MUNICIPALITY) + 1, NAME, made[MUNICIPALITY].map(names))
    return made


def join(left: pd.DataFrame, right: pd.DataFrame, on: str | list[str] = MUNICIPALITY) -> Any:
    """Return two tables side by side, the sources of both in the citation.

    Parameters
    ----------
    left, right : DataFrame
        Every row of `left` stays; `right` has one row at most for each value of `on`.
    on : str or list of str
        The columns both have in common.

    Returns
    -------
    DataFrame
        Missing values where `right` has no such row.

    Raises
    ------
    DataError
        If a column is missing, or `right` has two rows for one value of `on`.

    Examples
    --------
    >>> from kit.data import load
    >>> towns = load("municipalities", columns=["code", "population"])
    >>> both = join(load("municipalities", "age-structure"), towns)
    >>> len(both), both.attrs["citation"].name
    (620, 'municipalities')
    """
    keys = [on] if isinstance(on, str) else list(on)
    for frame in (left, right):
        for key in keys:
            _has(frame, key, "join(left, right)")
    doubled = right[right.duplicated(keys)]
    if len(doubled):
        raise DataError(
            say("右の表に、同じ {keys} の行がいくつもあります。", keys="・".join(keys)),
            where=f"join(…, on={on!r}): {doubled[keys].iloc[0].tolist()}",
            hint=say("vintage= や絞りこみで、1 つの時点だけにしてください。"),
        )
    made = left.merge(right, on=keys, how="left", suffixes=("", "_right"))
    cited = [f.attrs["citation"] for f in (left, right) if f.attrs.get("citation")]
    if cited:
        made.attrs["citation"] = cited[0] if len(cited) == 1 else cited[0] + cited[1]
    return made


def _has(frame: pd.DataFrame, column: str, where: str) -> None:
    if column not in frame:
        raise DataError(
            say("表に列「{column}」がありません。", column=column),
            where=where,
            hint=say("ある列: {columns}", columns=", ".join(map(str, frame.columns))[:200]),
        )
