"""The world "job-programme": people choose a job training themselves; do they earn more afterwards?

**Who lives there.** Residents of 20 to 59 who look for (better) work. Sex and age follow the
municipality's margins (:mod:`kit.data.worlds.people`).

**Who they are (invented).** Years of schooling; whether they had a job last year and what they earned
in it (万円 a year; more with schooling, in middle age and, as pay is, for men; nothing without a job);
the distance to the training centre.

**Who takes part (invented).** A logistic model: those with less pay and no job, women, the younger, the
better schooled and those who live near take part more (`taking` of all do). With `overlap` "poor" all
this counts three times as much, and some people have hardly any like them on the other side. `hidden` is
the strength of a trait nobody records (call it drive): one standard deviation of it multiplies the odds of
taking part by exp(`hidden`) and adds `DRIVE` · `hidden` 万円 to pay whether or not one takes part.

**What they earn the year after (invented).** Pay without the training is linear in what is recorded, so
regression has a fair chance; it drifts back to the mean, so that people who had a bad year earn more
the next, training or not. The training adds `effect` 万円 on average over everybody: more to those who
earned less, so participants gain more than others would have (ATT > ATE).

**What methods find.** ``treated_vs_untreated`` shows a loss where there is a gain, because those who
take part earned less; ``before_after`` shows too large a gain, because they had a bad year (Ashenfelter
1978). Adjusting for what is recorded finds the truth if `hidden` is 0, and otherwise misses it by
``hidden_bias``: what the adjustment makes of the part of pay that drive brings (regression in either
group, averaged over everyone; Lin 2013; omitted variables bias).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds.asked import measured, one_of, seeded, share, whole
from kit.data.worlds.chances import chances
from kit.data.worlds.draws import streams
from kit.data.worlds.observed import PARAGRAPH, Observed
from kit.data.worlds.people import draw, fits
from kit.data.worlds.told import cited
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "job-programme"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
YOUNGEST, OLDEST, FEWEST = 20, 59, 60
OVERLAP = {"fine": 1.0, "poor": 3.0}  # how much what is recorded counts
SCHOOLING = (9, 12, 14, 16)  # years
OLDER_SCHOOLING, YOUNGER_SCHOOLING = (
    (0.1, 0.5, 0.2, 0.2),
    (0.03, 0.37, 0.22, 0.38),
)  # from 45; to 44
FARTHEST = 15.0  # km
RECORDED = ("female", "age", "schooling", "had_job", "pay_before", "distance")
DRIVE = 30  # 万円 a year for one standard deviation, at full strength
CHANCE = 35  # 万円 a year: standard deviation of all else
TILT = 0.5  # how much more (or less) of `effect` people gain who earned 200 万円 less (or more)


@dataclass(eq=False, repr=False)
class Programme(Observed):
    """A simulated town in which people chose for themselves.

    Attributes
    ----------
    chosen : DataFrame
        How people came to take part, for the reveal: propensity (true chance, given everything),
        drive (the trait nobody records, standard deviations).
    """

    _chosen: pd.DataFrame

    @property
    def chosen(self) -> pd.DataFrame:
        return self._chosen.copy()


def make(
    municipality: object = "13201",
    n: int = 4000,
    effect: float = 24,
    taking: float = 0.3,
    hidden: float = 0.0,
    overlap: str = "fine",
    seed: int = 1,
) -> Programme:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has.
    n : int
        People looking for work, from 60 to the number of 20–59-year-olds.
    effect : float
        What the training adds to pay on average, −100 to 100 (万円 a year).
    taking : float
        Share who take part, 0.05 to 0.8.
    hidden : float
        Strength of the trait nobody records, 0 (none) to 2.
    overlap : {"fine", "poor"}
        Whether there are people alike on both sides.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Programme
        ``people``: citizen_id, sex, age (years), schooling (years), had_job (1 last year),
        pay_before (万円, last year), distance (km), training (1 took part), pay (万円, the year
        after). ``potential``: y_without, y_with. ``truth`` (万円 a year): ``ate`` (all), ``att``
        (those who took part), ``atc`` (the others); as seen ``treated_vs_untreated`` and
        ``before_after`` (among those who took part); ``hidden_bias`` (of adjusting for everything
        recorded); ``taking`` (share who took part).

    Raises
    ------
    ParameterError
        If a parameter is out of range; a LimitError if more people are asked for than live there.

    Examples
    --------
    >>> truth = make("檜原村", n=600).truth
    >>> bool(truth["treated_vs_untreated"] < 0 < truth["ate"] < truth["att"] < truth["before_after"])
    True
    """
    import numpy as np
    import pandas as pd

    place, n, seed = find(municipality), whole(n, "n"), seeded(seed)
    effect = measured(effect, "effect", -100, 100, say("万円"))
    taking = share(taking, "taking", 0.05, 0.8)
    hidden = measured(hidden, "hidden", 0, 2, say("強さ"))
    overlap = one_of(overlap, "overlap", tuple(OVERLAP))
    fits(place, n, fewest=FEWEST, youngest=YOUNGEST, oldest=OLDEST)

    who, past, choosing, future = streams(4, NAME, VERSION, place.code, n, seed)
    people = biographies(draw(place, n, who, youngest=YOUNGEST, oldest=OLDEST), past)
    recorded = design(people)
    drive = np.round(past.standard_normal(n), 6)
    propensity = chances(OVERLAP[overlap] * inclination(recorded) + hidden * drive, taking)
    training = choosing.random(n) < propensity
    lifted = DRIVE * hidden * drive
    y_without, y_with = pays(recorded, lifted, effect, future)
    people["training"] = training.astype("int64")
    people["pay"] = np.where(training, y_with, y_without)

    pay, gain = people["pay"].to_numpy(), y_with - y_without
    both = 0 < training.sum() < n
    truth = {
        "ate": float(gain.mean()),
        "att": float(gain[training].mean()) if training.any() else None,
        "atc": float(gain[~training].mean()) if not training.all() else None,
        "treated_vs_untreated": float(pay[training].mean() - pay[~training].mean())
        if both
        else None,
        "before_after": float((pay - people["pay_before"].to_numpy())[training].mean())
        if training.any()
        else None,
        "hidden_bias": adjusted(lifted, training, recorded) if both else None,
        "taking": float(training.mean()),
    }
    return Programme(
        NAME,
        place,
        people,
        truth,
        cited(NAME, "自分で選んだ職業訓練（模擬）", "A job training (simulated)", place.code),
        lambda: _story(place.name, truth, n),
        pd.DataFrame({"y_without": y_without, "y_with": y_with}),
        pd.DataFrame({"propensity": propensity, "drive": drive}),
    )


def biographies(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add schooling, last year's job and pay, and distance, as drawn by `rng`."""
    import numpy as np

    age, female = people["age"].to_numpy(), (people["sex"] == "female").to_numpy()
    luck, n = rng.random(len(people)), len(people)
    old, young = (
        np.searchsorted(np.cumsum(shares)[:-1].round(9), luck, side="right")
        for shares in (OLDER_SCHOOLING, YOUNGER_SCHOOLING)
    )
    schooling = np.array(SCHOOLING)[np.where(age >= 45, old, young)]
    had_job = rng.random(n) < 0.5 + 0.02 * (schooling - 12) + 0.1 * ~female
    typical = 190 + 14 * (schooling - 12) + 3 * np.minimum(age - 20, 25) + 40 * ~female
    earned = np.maximum(np.round(typical + 70 * rng.standard_normal(n)), 30)
    people["schooling"] = schooling.astype("int64")
    people["had_job"] = had_job.astype("int64")
    people["pay_before"] = np.where(had_job, earned, 0).astype("int64")
    people["distance"] = np.round(FARTHEST * np.maximum(rng.random(n), rng.random(n)), 1)
    return people


def design(people: pd.DataFrame) -> np.ndarray:
    """Return what is recorded of people as the columns of a regression (`RECORDED`)."""
    import numpy as np

    made = np.empty((len(people), len(RECORDED)))
    made[:, 0] = people["sex"] == "female"
    for place, name in enumerate(RECORDED[1:], start=1):
        made[:, place] = people[name]
    return made


def inclination(recorded: np.ndarray) -> np.ndarray:
    """Return the log-odds of taking part by what is recorded (`RECORDED`), up to a constant."""
    female, age, schooling, had_job, pay, distance = recorded.T
    made: np.ndarray = (
        0.3 * female
        - 0.02 * (age - 40)
        + 0.06 * (schooling - 13)
        - 0.3 * had_job
        - 0.3 * (pay - 150) / 100
        - 0.06 * (distance - 10)
    )
    return made


def pays(
    recorded: np.ndarray, lifted: np.ndarray, effect: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return pay the year after, 万円, without and with the training, to 0.1 and never negative.

    Parameters
    ----------
    recorded : ndarray
        Columns as in `RECORDED`.
    lifted : ndarray
        What drive adds, 万円.
    effect : float
        Mean over everybody.
    rng : Generator
        Everything else that makes pay differ.
    """
    import numpy as np

    female, age, schooling, had_job, before, _ = recorded.T
    plain = (
        130 + 0.5 * before + 20 * had_job + 8 * (schooling - 12) + 0.8 * (age - 40) - 12 * female
    )
    without = np.round(plain + lifted + CHANCE * rng.standard_normal(len(lifted)), 1)
    gain = np.round(effect * (1 - TILT * (before - before.mean()) / 200), 1)
    return np.maximum(without, 0), np.round(np.maximum(without + gain, 0), 1)


def adjusted(y: np.ndarray, training: np.ndarray, recorded: np.ndarray) -> float:
    """Return the difference between two regressions on `recorded`, averaged over everyone.

    One regression for those who took part, one for the others (Lin 2013).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(8.0)[:, None]
    >>> taking = np.array([0, 0, 1, 0, 1, 0, 1, 1], dtype=bool)
    >>> round(adjusted(3 * x[:, 0] + 5 * taking, taking, x), 9)
    5.0
    """
    import numpy as np

    # In standard units the normal equations are as good as the data, and a hundred times smaller.
    x = (recorded - recorded.mean(axis=0)) / np.maximum(recorded.std(axis=0), 1e-9)
    means = []
    for group in (training, ~training):
        columns = np.column_stack([np.ones(int(group.sum())), x[group]])
        line = np.linalg.lstsq(columns.T @ columns, columns.T @ y[group], rcond=None)[0]
        means.append(float(line[0]))  # what it says of somebody average in everything
    return means[0] - means[1]


def _story(town: str, truth: dict[str, Any], n: int) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちです。仕事をさがす20～59歳の{n:,}人のうち、希望した人が職業訓練を受けます。"
        "結果は、次の年の収入（万円／年）です。年齢と性別の割合は実際の統計に合わせました。"
        "学歴、収入、訓練を受けるかどうか、訓練の効果は作りもので、{town}の実際のようすではありません。",
        town=town, n=n,
    )  # fmt: skip
    if truth["treated_vs_untreated"] is None:
        return told
    told += PARAGRAPH + say(
        "訓練を受けたのは、前の年の収入が少なかった人たちです。だから受けた人と受けなかった人をそのままくらべると、本当の平均とは{gap:+.0f}万円ずれます。前後をくらべると{before:+.0f}万円ずれます。",
        gap=truth["treated_vs_untreated"] - truth["ate"],
        before=truth["before_after"] - truth["att"],
    )
    if truth["hidden_bias"]:
        told += PARAGRAPH + say(
            "記録にない「意欲」も、訓練を受けるかどうかと収入の両方を動かします。記録にあるものをすべてそろえても、{bias:+.0f}万円ずれが残ります。",
            bias=truth["hidden_bias"],
        )
    return told
