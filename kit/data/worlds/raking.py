"""A table that keeps the pattern of one and the totals of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.errors import DataError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np

ROUNDS = 500
CLOSE = 1e-6  # people


def rake(start: np.ndarray, margins: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Fit a table to margins by iterative proportional fitting (Deming & Stephan 1940).

    Each margin in turn scales its cells so that they add up to its totals, until all hold at once. The
    result has the totals asked for and the odds ratios of `start`; a cell that is zero stays zero.

    Parameters
    ----------
    start : ndarray
        The pattern: not negative, of any shape.
    margins : sequence of (labels, totals)
        `labels` has the shape of `start` and says which total a cell belongs to (0, 1, …); `totals`
        is one-dimensional.

    Returns
    -------
    ndarray
        The fitted table, in the shape of `start`.

    Raises
    ------
    DataError
        If no table has all these margins.

    Examples
    --------
    >>> import numpy as np
    >>> rows, columns = np.indices((2, 2))
    >>> start = np.array([[1.0, 2.0], [2.0, 1.0]])
    >>> fitted = rake(start, [(rows, np.array([30, 20])), (columns, np.array([10, 40]))])
    >>> fitted.sum(axis=1).round(4).tolist(), fitted.sum(axis=0).round(4).tolist()
    ([30.0, 20.0], [10.0, 40.0])
    >>> round(float(fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0])), 4)
    0.25
    """
    import numpy as np

    table = np.array(start, dtype=float)
    off = float("inf")
    for _ in range(ROUNDS):
        off = 0.0
        for labels, totals in margins:
            sums = np.bincount(labels.ravel(), weights=table.ravel(), minlength=len(totals))
            off = max(off, float(np.abs(sums - totals).max()))
            factor = np.divide(totals, sums, out=np.zeros(len(totals)), where=sums > 0)
            table *= factor[labels]
        if off < CLOSE:
            return table
    raise DataError(
        say("周辺合計がたがいに合わず、表を作れません（{off:.1f}人のちがい）。", off=off),
        where="rake()",
        hint=say("合計どうしが同じ人数か、0 のマスに人がいないか、確かめてください。"),
    )
