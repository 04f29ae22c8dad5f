"""The world "waiting-times": a counter changes how it works; do people wait less?

**Who lives there.** Residents of 18 and over, each visiting the counter once. Sex and age follow the
municipality's margins (:mod:`kit.data.worlds.people`). The offices are invented: 1 changes; 2, with
`comparison`, does not.

**How long they wait (invented).** The mean of a week is a level, a straight trend, a season and what is
left over: a first-order autoregression with correlation `rho` and standard deviation `noise`, in each
office its own. The season has two waves a year (sines and cosines of w/52 and 2w/52) and is highest
around the turn of the fiscal year; week 1 is the first week of April. Within a week a visitor waits
that mean times a positive factor with mean one, larger on Mondays: the mean of a week's visits is the
week's mean to within rounding (0.1 minutes a visitor, carried over to the next).

**What the change does (invented).** From week `change` on it adds `level` minutes at once and `slope`
minutes for every week since (segmented regression; Wagner et al. 2002). `shock` adds minutes in every
office from the same week on: something else happened, and a single series cannot tell it from the
change.

**What intervals do.** In 1,000 towns of 104 weeks, with the right regression, intervals that say 95 %
covered the level change in 94 % (ordinary least squares) and 87 % (Newey–West, 4 lags) with rho 0, in
81 % and 82 % with rho 0.4, and in 61 % and 73 % with rho 0.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds.asked import counted, measured, seeded, switch
from kit.data.worlds.draws import streams
from kit.data.worlds.observed import PARAGRAPH, Observed, enough
from kit.data.worlds.people import draw
from kit.data.worlds.told import cited
from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "waiting-times"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
YOUNGEST = 18
YEAR = 52  # weeks
LEVELS = (30.0, 26.0)  # minutes in week 1 without season: office 1, office 2
SHORTEST = 2.0  # minutes: no week's mean may fall below
COSINES, SINES = (1.0, 0.5), (-0.2, -0.1)  # of one and of two waves a year, in parts of `season`
WEEKDAYS = (1.25, 1.0, 0.9, 0.9, 1.05)  # Monday to Friday


@dataclass(eq=False, repr=False)
class Waiting(Observed):
    """A simulated town whose counter changed in one week.

    Attributes
    ----------
    weeks : DataFrame
        One row an office and week: office, week, month (4 = April), after (1 from the change on),
        since (weeks since the change; 0 before it), visits, minutes (mean wait).
    """

    _weeks: pd.DataFrame

    def __post_init__(self) -> None:
        super().__post_init__()
        self._weeks.attrs["citation"] = self.citation

    @property
    def weeks(self) -> pd.DataFrame:
        return self._weeks.copy()


def make(
    municipality: object = "13201",
    weeks: int = 104,
    change: int = 66,
    visits: int = 40,
    level: float = -6,
    slope: float = -0.05,
    trend: float = 0.05,
    season: float = 4,
    rho: float = 0.4,
    noise: float = 2,
    comparison: bool = False,
    shock: float = 0,
    seed: int = 1,
) -> Waiting:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has.
    weeks : int
        Weeks recorded, 16 to 520.
    change : int
        The first week with the new way of working; at least 8 before it, and 8 from it on.
    visits : int
        Visits recorded a week and office, 1 to 10,000.
    level : float
        What the change adds at once, −60 to 60 minutes.
    slope : float
        What it adds each week after that, −2 to 2 minutes.
    trend : float
        What a week adds anyway, −2 to 2 minutes.
    season : float
        Height of the season, 0 to 30 minutes.
    rho : float
        Correlation of what is left over with the week before, 0 to 0.95.
    noise : float
        Its standard deviation, 0 to 20 minutes.
    comparison : bool
        Whether office 2 is recorded too.
    shock : float
        What happens in every office from the same week on, −60 to 60 minutes.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Waiting
        ``people`` (visits): citizen_id, sex, age (years), office, week, weekday (1 Monday to 5),
        minutes. ``potential``: y_without, y_with (minutes; equal before the change and in office 2).
        ``truth`` (minutes): ``level``, ``slope`` (a week), ``effect_by_week`` (week →),
        ``effect_mean`` (over the weeks after), ``effect_last`` (last week); what misleads, in
        office 1 as seen: ``before_after``, ``without_season`` (the level change of a segmented
        regression that leaves the season out), ``without_trend`` (one that has the season alone
        and a level); ``single_series`` (``level`` + ``shock``: all one series can find).

    Raises
    ------
    ParameterError
        If a parameter is out of range, or a week's mean wait would fall below 2 minutes; a
        LimitError if more visits are asked for than people live there.

    Examples
    --------
    >>> world = make("八王子市", seed=2)
    >>> world.truth["level"], round(world.truth["effect_last"], 2)
    (-6.0, -7.9)
    """
    import numpy as np
    import pandas as pd

    place, seed = find(municipality), seeded(seed)
    weeks, visits = counted(weeks, "weeks", 16, 520), counted(visits, "visits", 1, 10_000)
    change = counted(change, "change", 9, weeks - 7)
    minutes, weekly = say("分"), say("分／週")
    level = measured(level, "level", -60, 60, minutes)
    slope, trend = (
        measured(value, name, -2, 2, weekly) for value, name in ((slope, "slope"), (trend, "trend"))
    )
    season, noise = (
        measured(season, "season", 0, 30, minutes),
        measured(noise, "noise", 0, 20, minutes),
    )
    rho = measured(rho, "rho", 0, 0.95, say("相関"))
    shock = measured(shock, "shock", -60, 60, minutes)
    offices = 1 + switch(comparison, "comparison")
    n = offices * weeks * visits
    enough(place, n, "weeks × visits × offices", fewest=16, youngest=YOUNGEST)

    key = (NAME, VERSION, place.code, weeks, visits, offices, seed)
    who, leftover, waiting = streams(3, *key)
    week = np.arange(1, weeks + 1)
    since = np.maximum(week - change, 0)
    after = week >= change
    effect = np.round(np.where(after, level + slope * since, 0.0), 6)
    common = trend * (week - 1) + season * seasonal(week) + shock * after
    rest = np.stack([autoregression(leftover, weeks, rho) for _ in range(offices)])
    mean = np.round(np.array(LEVELS)[:offices, None] + common + noise * rest, 6)
    applies = np.arange(offices)[:, None] == 0
    _long_enough(mean, mean + effect * applies)

    people = draw(place, n, who, youngest=YOUNGEST)
    people["office"] = np.repeat(np.arange(1, offices + 1), weeks * visits)
    people["week"] = np.tile(np.repeat(week, visits), offices)
    people["weekday"], factor = visitors(waiting, offices * weeks, visits)
    y_without, y_with = (
        to_tenths(factor * m.reshape(-1, 1)) for m in (mean, mean + effect * applies)
    )
    people["minutes"] = y_with.ravel() / 10

    series = _weeks(y_with.reshape(offices, weeks, visits), week, after, since)
    seen = series.loc[series["office"] == 1, "minutes"].to_numpy()
    truth = {
        "level": level,
        "slope": slope,
        "effect_by_week": dict(zip(week[after].tolist(), effect[after].tolist(), strict=True)),
        "effect_mean": float(effect[after].mean()),
        "effect_last": float(effect[-1]),
        "single_series": level + shock,
        "before_after": float(seen[after].mean() - seen[~after].mean()),
        "without_season": coefficient(seen, after, [week, since]),
        "without_trend": coefficient(seen, after, harmonics(week)),
    }
    return Waiting(
        NAME,
        place,
        people,
        truth,
        cited(NAME, "窓口の待ち時間（模擬）", "Waiting times (simulated)", place.code),
        lambda: _story(place.name, truth, weeks, change, comparison),
        pd.DataFrame({"y_without": y_without.ravel() / 10, "y_with": y_with.ravel() / 10}),
        series,
    )


def harmonics(week: np.ndarray) -> list[np.ndarray]:
    """Return the columns a regression needs for the season: cosine and sine, once and twice a year.

    Examples
    --------
    >>> import numpy as np
    >>> [float(column[0]) for column in harmonics(np.array([53]))]
    [1.0, 0.0, 1.0, 0.0]
    """
    import numpy as np

    turn = 2 * np.pi * ((week - 1) % YEAR) / YEAR
    return [np.round(wave(k * turn), 9) for k in (1, 2) for wave in (np.cos, np.sin)]


def seasonal(week: np.ndarray) -> np.ndarray:
    """Return the season of each week, in parts of its height; it adds up to zero over a year."""
    once_cos, once_sin, twice_cos, twice_sin = harmonics(week)
    made: np.ndarray = (
        COSINES[0] * once_cos + SINES[0] * once_sin + COSINES[1] * twice_cos + SINES[1] * twice_sin
    )
    return made


def autoregression(rng: np.random.Generator, length: int, rho: float) -> np.ndarray:
    """Return a stationary first-order autoregression with standard deviation one.

    u₁ ~ N(0, 1), uₜ = ρ uₜ₋₁ + √(1 − ρ²) εₜ (Box & Jenkins 1970).

    Examples
    --------
    >>> import numpy as np
    >>> u = autoregression(np.random.default_rng(1), 20_000, 0.4)
    >>> round(float(np.corrcoef(u[1:], u[:-1])[0, 1]), 1)
    0.4
    """
    import numpy as np

    made = rng.standard_normal(length)
    made[1:] *= (1 - rho * rho) ** 0.5
    for t in range(1, length):
        made[t] += rho * made[t - 1]
    return np.round(made, 9)


def visitors(rng: np.random.Generator, weeks: int, visits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each visit's weekday, and its wait in parts of the week's mean (mean one a week).

    Waits within a day vary like a gamma distribution of shape 4: half the mean, in standard
    deviations.
    """
    import numpy as np

    weekday = np.sort(rng.integers(1, 6, (weeks, visits)), axis=1)
    factor = np.round(rng.standard_gamma(4.0, weekday.shape), 6) * np.array(WEEKDAYS)[weekday - 1]
    factor += 0.05  # nobody is served before coming in
    return weekday.ravel(), factor / factor.mean(axis=1, keepdims=True)


def to_tenths(minutes: np.ndarray) -> np.ndarray:
    """Return minutes in whole tenths, the rest of each carried over to the next in its row.

    Examples
    --------
    >>> import numpy as np
    >>> to_tenths(np.array([[1.04, 1.04, 1.04]])).tolist()
    [[10, 11, 10]]
    """
    import numpy as np

    reached = np.floor(np.round(10 * np.cumsum(minutes, axis=1) + 0.5, 6)).astype("int64")
    return np.diff(reached, axis=1, prepend=0)


def coefficient(y: np.ndarray, after: np.ndarray, others: list[np.ndarray]) -> float:
    """Return the least-squares coefficient of `after`, given a constant and `others`."""
    import numpy as np

    x = np.column_stack([after.astype(float), np.ones(len(y)), *others])
    return float(np.linalg.lstsq(x, y, rcond=None)[0][0])


def _long_enough(*means: np.ndarray) -> None:
    shortest = min(float(m.min()) for m in means)
    if shortest < SHORTEST:
        raise ParameterError(
            say(
                "平均の待ち時間が{shortest:.1f}分になる週があります。{least:g}分より短くはできません。",
                shortest=shortest, least=SHORTEST,
            ),
            where="level, slope, trend, season, noise, shock",
            hint=say("待ち時間の減り方や季節の波を小さくしてください。"),
        )  # fmt: skip


def _weeks(
    tenths: np.ndarray, week: np.ndarray, after: np.ndarray, since: np.ndarray
) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    offices, weeks, visits = tenths.shape
    return pd.DataFrame(
        {
            "office": np.repeat(np.arange(1, offices + 1), weeks),
            "week": np.tile(week, offices),
            "month": np.tile((week - 1) % YEAR * 12 // YEAR + 3, offices) % 12 + 1,
            "after": np.tile(after.astype("int64"), offices),
            "since": np.tile(since, offices),
            "visits": visits,
            "minutes": (tenths.sum(axis=2) / (10 * visits)).ravel(),
        }
    )


def _story(town: str, truth: dict[str, Any], weeks: int, change: int, comparison: bool) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちです。窓口（架空）の待ち時間を、4月の最初の週から{weeks}週、分で記録しました。"
        "第{change}週に、窓口のやり方を変えました。来るのは18歳以上の住民で、年齢と性別の割合は実際の統計に合わせました。"
        "待ち時間と、その変化は作りもので、{town}の実際の窓口のようすではありません。",
        town=town, weeks=weeks, change=change,
    )  # fmt: skip
    if comparison:
        told += PARAGRAPH + say("窓口2は、やり方を変えていません。")
    told += PARAGRAPH + say(
        "待ち時間には、もともとの増減、季節の波、前の週とのつながりがあります。前後の平均をくらべると、本当の効果の平均とは{gap:+.1f}分ずれます。",
        gap=truth["before_after"] - truth["effect_mean"],
    )
    if shock := truth["single_series"] - truth["level"]:
        told += PARAGRAPH + say(
            "同じ週に別の出来事もあり、どの窓口の待ち時間も{shock:+.1f}分変わりました。",
            shock=shock,
        )
    return told
