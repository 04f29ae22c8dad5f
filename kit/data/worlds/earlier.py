"""The record of an earlier trial of letters, which misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.data.citation import Citation
from kit.data.worlds.inclination import come, lean, respond, settle

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MOST = 1200  # people in the record
TREND = 0.03  # that year everybody was more likely to come, by this share
CHOSEN_AFTER_COMING, CHOSEN_OTHERWISE = 0.85, 0.1


def trial(
    margins: dict[tuple[str, str], int],
    n: int,
    baseline: float,
    effect: float,
    rng: np.random.Generator,
    cited: Citation,
) -> pd.DataFrame:
    """Return the record of an earlier trial, in which staff chose who got the new letter.

    They gave it first to people who had come the year before, and in that year the check-up could
    be had for longer. So two comparisons mislead: those who got the letter came more often anyway,
    and everybody came more often than the year before.

    Returns
    -------
    DataFrame
        citizen_id, sex, age, last_year (1 came the year before), letter (1 got the new letter),
        attended. ``.attrs["truth"]``: ``ate`` (of the letter, for these people), ``trend``,
        ``treated_vs_untreated`` and ``before_after`` (what the misleading comparisons show; the
        first is None if nobody, or everybody, got the letter).
    """
    import numpy as np

    people, latent = settle(margins, n, rng)
    inclination = lean(latent, baseline, rng)
    last_year = come(inclination, rng)
    trend = min(TREND, 1 - max(baseline, baseline + effect))
    raised = 1 - (1 - inclination) * (1 - baseline - trend) / (1 - baseline)
    usual = come(np.round(raised, 9), rng)
    new = respond(usual, inclination, effect, rng)
    chosen = np.where(last_year == 1, CHOSEN_AFTER_COMING, CHOSEN_OTHERWISE)
    letter = (rng.random(n) < chosen).astype("int64")
    attended = np.where(letter == 1, new, usual)
    people = people.drop(columns="neighbourhood")
    people["last_year"], people["letter"], people["attended"] = last_year, letter, attended
    both = 0 < letter.sum() < n
    people.attrs["citation"] = cited
    people.attrs["truth"] = {
        "ate": float((new - usual).mean()),
        "trend": float(usual.mean() - last_year.mean()),
        "treated_vs_untreated": (
            float(attended[letter == 1].mean() - attended[letter == 0].mean()) if both else None
        ),
        "before_after": float(attended.mean() - last_year.mean()),
    }
    return people
