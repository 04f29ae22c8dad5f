"""Chances that differ between people, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

STEPS = 60  # halvings of an interval of 60: finer than a double can tell


def chances(lean: np.ndarray, target: float) -> np.ndarray:
    """Return the chances of people who lean differently, with mean `target`.

    A logistic model, p = 1 / (1 + exp(−(a + lean))); a is found by bisection.

    Parameters
    ----------
    lean : ndarray
        Log-odds of each person, up to a constant; few different values.
    target : float
        Mean of the chances, between 0 and 1 (both excluded).

    Returns
    -------
    ndarray
        Chances, rounded to nine digits, so that the last bit of a platform's exp() decides nothing.

    Examples
    --------
    >>> import numpy as np
    >>> chances(np.array([0.0, 0.0, 1.0]), 0.4).round(3).tolist()
    [0.32, 0.32, 0.561]
    >>> float(chances(np.array([0.0, 0.0, 1.0]), 0.4).mean().round(6))
    0.4
    """
    import numpy as np

    different, whose, people = np.unique(np.round(lean, 9), return_inverse=True, return_counts=True)
    low, high = -30.0 - different[-1], 30.0 - different[0]
    for _ in range(STEPS):
        middle = (low + high) / 2
        reached = (people / (1 + np.exp(-(middle + different)))).sum() / people.sum()
        low, high = (middle, high) if reached < target else (low, middle)
    return np.round(1 / (1 + np.exp(-(low + different))), 9)[whose]


def pick(
    mixes: Sequence[Sequence[float]], which: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return one outcome for each person, by the chances of the mix that is theirs.

    Parameters
    ----------
    mixes : sequence of sequences of float
        Chances of the outcomes 0, 1, …; each mix adds up to one.
    which : ndarray
        Number of the mix of each person.
    rng : Generator

    Examples
    --------
    >>> import numpy as np
    >>> from kit.data.worlds.draws import streams
    >>> pick([[1, 0, 0], [0, 0, 1]], np.array([0, 1, 1]), streams(1, "example")[0]).tolist()
    [0, 2, 2]
    """
    import numpy as np

    bounds = np.cumsum(mixes, axis=1)[:, :-1].round(9)
    drawn = rng.random(len(which))
    picked = np.zeros(len(which), dtype="int64")
    for bound in bounds.T:  # one outcome after the other: a table of all is large
        picked += drawn >= bound[which]
    return picked


def words(known: Sequence[str], which: np.ndarray) -> pd.Series:
    """Return a column of words by their numbers.

    Examples
    --------
    >>> import numpy as np
    >>> words(("paper", "web"), np.array([1, 0])).tolist()
    ['web', 'paper']
    """
    import numpy as np
    import pandas as pd

    return pd.Series(np.array(known, dtype=object)[which], dtype="str")
