"""Intervals for counts, made for small numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np


def newcombe_interval(
    count_1: int, n_1: int, count_0: int, n_0: int, level: float = 0.95
) -> tuple[float, float]:
    """Return Newcombe's (1998, method 10) interval for a difference of two shares.

    Examples
    --------
    >>> [round(end, 4) for end in newcombe_interval(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    if not (0 <= count_1 <= n_1 and 0 <= count_0 <= n_0 and min(n_1, n_0) > 0):
        raise ParameterError(
            say("件数は 0 以上、人数以下で書いてください。"),
            where=f"{count_1}/{n_1}, {count_0}/{n_0}",
        )
    low, high = newcombe(count_1 / n_1, n_1, count_0 / n_0, n_0, level)
    return float(low), float(high)


def newcombe(
    share_1: Any, n_1: float, share_0: Any, n_0: float, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same for arrays of shares; the two Wilson (1927) limits are squared together."""
    import numpy as np

    low_1, high_1 = wilson(share_1, n_1, level)
    low_0, high_0 = wilson(share_0, n_0, level)
    gap = np.asarray(share_1, dtype=float) - share_0
    down = np.sqrt((share_1 - low_1) ** 2 + (high_0 - share_0) ** 2)
    up = np.sqrt((high_1 - share_1) ** 2 + (share_0 - low_0) ** 2)
    return gap - down, gap + up


def wilson(share: Any, n: float, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's (1927) score interval for shares of `n`.

    Examples
    --------
    >>> [round(float(end), 3) for end in wilson(4 / 5, 5)]
    [0.376, 0.964]
    """
    import numpy as np
    from scipy.special import ndtri

    p, z = np.asarray(share, dtype=float), float(ndtri(1 - (1 - level) / 2))
    middle, reach = 2 * n * p + z**2, z * np.sqrt(z**2 + 4 * n * p * (1 - p))
    return (middle - reach) / (2 * (n + z**2)), (middle + reach) / (2 * (n + z**2))
