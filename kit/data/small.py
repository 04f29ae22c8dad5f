"""Small towns: rates that never divide by zero, and counts that give nobody away.

A village of 170 people has one birth in a year, and none the next: a rate of it says nothing, and a
count of two in a table of consultations says who.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 10  # counts below this stay unsaid unless the author knows better


def rate(part: Any, whole: Any, *, per: float = 1, fewest: float = 0) -> pd.Series:
    """Return ``part / whole``, missing where it would say nothing.

    Parameters
    ----------
    part, whole : Series or array-like of numbers
        Events, and the people (or cases) they happened to; two Series must have the same index.
    per : float
        1 for a share, 1000 for "per 1,000 people".
    fewest : float
        Missing too where `whole` is below this: one event more would move the rate too far.

    Returns
    -------
    Series
        ``float64``; missing where `whole` is zero, missing or below `fewest`, or `part` is missing.

    Raises
    ------
    ParameterError
        If the two do not belong together, or are not numbers.

    Examples
    --------
    >>> rate([3, 0, 1], [1500, 0, 170], per=1000, fewest=1000).tolist()
    [2.0, nan, nan]
    """
    top, bottom = _numbers(part, "part"), _numbers(whole, "whole")
    if len(top) != len(bottom) or not top.index.equals(bottom.index):
        raise ParameterError(
            say("割る数と割られる数の行が合いません。"),
            where="rate(part, whole)",
            hint=say("同じ表の列どうしを渡してください。"),
        )
    enough = (bottom > 0) & (bottom >= fewest)
    return (top / bottom.where(enough)) * per


def _numbers(values: Any, name: str) -> pd.Series:
    import pandas as pd

    given = values if isinstance(values, pd.Series) else pd.Series(values)
    try:
        return given.astype("float64")
    except (TypeError, ValueError):
        raise ParameterError(
            say("数でない値があります。"),
            where=f"{name}=",
            hint=say("数の列を渡してください。"),
        ) from None


def hide_small(counts: Any, *, fewest: int = FEWEST, total_shown: bool = True) -> pd.Series:
    """Return counts of people with the small ones left out.

    A count from 1 to ``fewest - 1`` is hidden (primary suppression); zero says that nobody is there
    and stays. Where exactly one is hidden and the total stands beside the table, subtraction would
    bring it back, so the smallest other count above zero goes with it (secondary suppression;
    Willenborg & de Waal 2001, chapter 3). For crossed tables with totals both ways this is not
    enough.

    Parameters
    ----------
    counts : Series or array-like of int
        People, in the rows of one table that add up to its total.
    fewest : int
        The smallest count shown.
    total_shown : bool
        Whether readers see the total.

    Returns
    -------
    Series
        ``float64``, missing where hidden.

    Raises
    ------
    ParameterError
        If a count is negative or not a number.

    Examples
    --------
    >>> hide_small([120, 3, 45, 0]).tolist()
    [120.0, nan, nan, 0.0]
    """
    kept = _numbers(counts, "counts")
    if (kept < 0).any():
        raise ParameterError(
            say("人数に負の数があります。"),
            where="hide_small(counts)",
            hint=say("数えなおした人数の列を渡してください。"),
        )
    hidden = (kept > 0) & (kept < fewest)
    if total_shown and hidden.sum() == 1:
        others = kept[~hidden & (kept > 0)]
        if len(others):
            hidden[others.idxmin()] = True
    return kept.where(~hidden)
