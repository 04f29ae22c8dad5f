"""Waiting lines: what queueing theory expects of a counter, and an exact simulation of one."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, NamedTuple

from kit.data.worlds.asked import counted, measured
from kit.language import say

if TYPE_CHECKING:
    import numpy as np


class Served(NamedTuple):
    """What happened to each visitor, in order of arrival.

    Parameters
    ----------
    start : ndarray
        Minute service began; NaN for those who left.
    wait : ndarray
        Minutes until service began, or until they left.
    counter : ndarray
        Which counter, from 1; 0 for those who left.
    """

    start: np.ndarray
    wait: np.ndarray
    counter: np.ndarray


def erlang_c(counters: int, load: float) -> float:
    """Return the probability that a visitor has to wait (Erlang's C formula).

    Poisson arrivals, exponential service times, one line for all counters, nobody leaves, for ever
    (M/M/c). Computed by the recursion of Erlang's B, B(k) = a B(k−1) / (k + a B(k−1)), and
    C = c B / (c − a (1 − B)).

    Parameters
    ----------
    counters : int
        Counters, c; at least 1.
    load : float
        Offered load a in erlangs: arrivals per minute × mean service time in minutes.

    Returns
    -------
    float
        Between 0 and 1; 1 where the load is as large as the number of counters, or larger.

    Raises
    ------
    ParameterError
        If the number of counters is not a whole one from 1 to 100,000, or the load not a number
        from 0 to a million.

    References
    ----------
    Erlang, A. K. (1917). Solution of some problems in the theory of probabilities of significance
    in automatic telephone exchanges.

    Examples
    --------
    >>> round(erlang_c(4, 3.2), 4), round(erlang_c(5, 3.2), 4), round(erlang_c(10, 8), 3)
    (0.5964, 0.2886, 0.409)
    """
    counters = counted(counters, "counters", 1, 100_000)
    load = measured(load, "load", 0, 1_000_000, say("アーラン"))
    if load >= counters:
        return 1.0
    blocked = 1.0
    for counter in range(1, counters + 1):
        blocked = load * blocked / (counter + load * blocked)
    return counters * blocked / (counters - load * (1 - blocked))


def mean_wait(counters: int, load: float, minutes: float, variation: float = 1.0) -> float:
    """Return the mean wait of all visitors, those who do not wait among them.

    C(c, a) · s / (c − a) for exponential service times (M/M/c; Erlang 1917), times (1 + v²) / 2 for
    others (M/G/c): exact for one counter (Pollaczek 1930, Khintchine 1932), an approximation for more
    (Lee & Longton 1959).

    Parameters
    ----------
    counters, load
        As in :func:`erlang_c`.
    minutes : float
        Mean service time s, 0 to 100,000.
    variation : float
        Standard deviation of the service times over their mean, v; 0 to 100.

    Returns
    -------
    float
        Minutes; infinite where the load is as large as the number of counters, or larger.

    Examples
    --------
    >>> round(mean_wait(4, 3.2, 6), 2), round(mean_wait(5, 3.2, 6), 2)
    (4.47, 0.96)
    """
    chance = erlang_c(counters, load)
    minutes = measured(minutes, "minutes", 0, 100_000, say("分"))
    variation = measured(variation, "variation", 0, 100, say("倍"))
    if load >= counters:
        return math.inf
    return chance * minutes / (counters - load) * (1 + variation**2) / 2


def serve(
    arrival: np.ndarray,
    minutes: np.ndarray,
    counters: int,
    *,
    day: np.ndarray | None = None,
    patience: np.ndarray | None = None,
) -> Served:
    """Serve visitors first come, first served, at several counters with one line.

    Exact: whoever is first in line goes to the counter that has been free for longest, or else the
    one that is free first (Kiefer & Wolfowitz 1955). Someone whose patience ends before leaves, and
    takes no counter's time.

    Parameters
    ----------
    arrival : ndarray
        Minute of arrival, in order.
    minutes : ndarray
        Time each needs at the counter.
    counters : int
        At least 1.
    day : ndarray
        Day of each visit, in order; each day begins with all counters free. One day when left out.
    patience : ndarray, optional
        Minutes each would wait; for ever when left out.

    Examples
    --------
    >>> import numpy as np
    >>> served = serve(np.array([0.0, 1.0, 2.0]), np.array([5.0, 5.0, 5.0]), 2)
    >>> served.start.tolist(), served.counter.tolist()
    ([0.0, 1.0, 5.0], [1, 2, 1])
    """
    import numpy as np

    number = len(arrival)
    start, wait = np.full(number, np.nan), np.empty(number)
    counter = np.zeros(number, dtype="int64")
    days = [0] * number if day is None else day.tolist()
    limits = [math.inf] * number if patience is None else patience.tolist()
    free: list[tuple[float, int]] = []
    today = None
    visits = zip(days, arrival.tolist(), minutes.tolist(), limits, strict=True)
    for visitor, (date, came, needed, limit) in enumerate(visits):
        if date != today:
            today = date
            free = [(0.0, which) for which in range(1, counters + 1)]  # a heap: already in order
        since, which = free[0]
        begins = max(came, since)
        if begins - came > limit:
            wait[visitor] = limit
            continue
        heapq.heapreplace(free, (round(begins + needed, 6), which))
        start[visitor], wait[visitor], counter[visitor] = begins, begins - came, which
    return Served(np.round(start, 3), np.round(wait, 3), counter)
