"""What a roll-out in waves did, and what methods find of it when there is no noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def group_time(
    noise_free: np.ndarray, true: np.ndarray, cohort: np.ndarray, each: int
) -> pd.DataFrame:
    """Return the table of group-time effects: the truth, and what a comparison of means finds.

    Parameters
    ----------
    noise_free, true : ndarray
        Expected share in time, and what the roll-out changed of it: months × districts.
    cohort : ndarray
        Month of opening of each district; 0 never.
    each : int
        Forms a month and district.

    Returns
    -------
    DataFrame
        cohort, period, since, forms, att, did, as in :class:`kit.data.worlds.rollout.Rollout`.
    """
    import numpy as np
    import pandas as pd

    rows = []
    for g in np.unique(cohort[cohort > 0]).tolist():
        mine = cohort == g
        for t in range(g, len(true) + 1):
            others = (cohort == 0) | (cohort > t)
            moved = noise_free[t - 1] - noise_free[g - 2]
            did = moved[mine].mean() - moved[others].mean() if others.any() else np.nan
            att = true[t - 1, mine].mean()
            # Rounded, so that the order in which a platform adds up cannot be seen.
            told = (round(float(att), 12), round(float(did), 12))
            rows.append((g, t, t - g, int(mine.sum()) * each, *told))
    return pd.DataFrame(rows, columns=["cohort", "period", "since", "forms", "att", "did"])


def averages(table: pd.DataFrame) -> dict[str, Any]:
    """Return the truth in one number, by wave and month, by wave, and by months since opening.

    Parameters
    ----------
    table : DataFrame
        As :func:`group_time` returns it.

    Returns
    -------
    dict
        As told in :func:`kit.data.worlds.rollout.make`.
    """
    import numpy as np

    cohort, period, since, forms, att, did = (table[name].to_numpy() for name in table)
    seen = ~np.isnan(did)

    def mean(values: np.ndarray, chosen: np.ndarray) -> float:
        return float(np.average(values[chosen], weights=forms[chosen]))

    def by(key: np.ndarray) -> dict[int, float]:
        return {int(one): mean(att, key == one) for one in np.unique(key)}

    return {
        "att": mean(att, forms > 0),
        "att_by_cohort": by(cohort),
        "att_by_event_time": by(since),
        "att_by_cohort_period": {
            int(g): dict(zip(period[cohort == g].tolist(), att[cohort == g].tolist(), strict=True))
            for g in np.unique(cohort)
        },
        "did": mean(did, seen) if seen.any() else None,
        "att_comparable": mean(att, seen) if seen.any() else None,
    }


def mislead(
    seen: np.ndarray, noise_free: np.ndarray, open_: np.ndarray, ever: np.ndarray
) -> dict[str, Any]:
    """Return what the methods find that do not look at who is compared with whom.

    The static two-way fixed-effects coefficient is Σ D̃Y / Σ D̃², with D̃ the indicator of being open
    less its means by month and by district (Frisch & Waugh 1933).

    Examples
    --------
    >>> import numpy as np
    >>> open_ = np.array([[0, 0], [1, 0], [1, 1]], dtype=bool)
    >>> y = np.array([[0, 0], [1, 0], [4, 1]], dtype=float)
    >>> round(mislead(y, y, open_, open_.any(axis=0))["twfe"], 9)
    -0.5
    """
    d = open_.astype(float)
    left = d - d.mean(axis=0) - d.mean(axis=1, keepdims=True) + d.mean()
    scale = float((left**2).sum())
    before, after = seen[~open_ & ever], seen[open_]
    return {
        "twfe": float((left * noise_free).sum()) / scale if scale > 1e-12 else None,
        "twfe_seen": float((left * seen).sum()) / scale if scale > 1e-12 else None,
        "negative_weights": float((left[open_] < -1e-12).mean()),
        "before_after": float(after.mean() - before.mean()),
        "treated_vs_untreated": float(after.mean() - seen[~open_].mean()),
    }
