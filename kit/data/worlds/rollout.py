"""The world "online-rollout": districts open online applications one after another.

**Who lives there.** Residents of 18 and over whose form is due once in the months simulated, the same
number in every district and month. Sex and age follow the municipality's margins
(:mod:`kit.data.worlds.people`). The districts are invented and have numbers for names.

**How they behave (invented).** A form comes back in time with a probability that is the sum of a level
of the district, a season and a slow rise common to all. Districts that open early had higher levels
before (`ADVANTAGE`), so comparing districts with and without misleads; the rise makes comparing
before and after mislead. Trends are parallel, unless `pretrend` lets early districts rise faster.

**What going online does (invented).** e months after opening it adds
(`effect` + `growth` · e) · (1 + `heterogeneity` · s) to the share that comes back in time, with s from
+1 in the first wave down to −1 in the last. As many people are changed as these shares say, to within
one a wave and month, younger people first; so the truth is exact for these people.

**What methods find.** ``did`` compares with districts not yet open, from the month before opening on
(group-time effects; Callaway & Sant'Anna 2021, simple aggregation). ``twfe`` is the coefficient of the
static two-way fixed-effects regression: it takes districts opened earlier for a comparison group and
so weights some effects negatively (Goodman-Bacon 2021; de Chaisemartin & D'Haultfœuille 2020). Both
are given without noise, as functions of this very world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds.asked import counted, measured, seeded, share
from kit.data.worlds.draws import streams
from kit.data.worlds.observed import PARAGRAPH, Observed, enough
from kit.data.worlds.people import draw
from kit.data.worlds.staggered import averages, group_time, mislead
from kit.data.worlds.told import cited
from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "online-rollout"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
YOUNGEST = 18
LEVEL, ADVANTAGE, SPREAD = 0.36, 0.08, 0.04  # share in time; of the first wave; between districts
RISE = 0.002  # a month, everywhere
# April to March: fewer forms come back in time in the busy months around the new fiscal year.
SEASON = (-0.03, -0.01, 0.0, 0.01, -0.02, 0.01, 0.02, 0.02, 0.0, 0.01, 0.01, -0.02)
LOWEST, HIGHEST = 0.02, 0.98  # of any district's share
LIKES_ONLINE = 60  # years of age that count as much as all the chance there is


@dataclass(eq=False, repr=False)
class Rollout(Observed):
    """A simulated town whose districts go online in waves.

    Attributes
    ----------
    panel : DataFrame
        One row a district and month: district, period (1, 2, … months), cohort (the month it
        opened; 0 never), online (1 open), forms (due), applied (in time), rate (their share).
    effects : DataFrame
        The truth by wave and month, for the reveal: cohort, period, since (months since opening),
        forms, att, and did (what comparing with districts not yet open finds without noise; NaN
        where none is left).
    """

    _panel: pd.DataFrame
    _effects: pd.DataFrame

    def __post_init__(self) -> None:
        super().__post_init__()
        self._panel.attrs["citation"] = self.citation

    @property
    def panel(self) -> pd.DataFrame:
        return self._panel.copy()

    @property
    def effects(self) -> pd.DataFrame:
        return self._effects.copy()


def make(
    municipality: object = "13201",
    units: int = 24,
    periods: int = 24,
    each: int = 50,
    waves: int = 3,
    never: int = 6,
    effect: float = 0.04,
    growth: float = 0.01,
    heterogeneity: float = 0.5,
    pretrend: float = 0.0,
    seed: int = 1,
) -> Rollout:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has.
    units, periods : int
        Districts (2 to 500) and months (3 to 120).
    each : int
        Forms due in each district and month, each of another resident.
    waves, never : int
        Groups of districts that open together, at even distances in time, and districts that do
        not open at all (0: all do in the end).
    effect, growth : float
        What being online adds to the share in time in the month of opening, and what each month
        since then adds to that: −0.5 to 0.5.
    heterogeneity : float
        How much more the first wave gains than the middle one, and the last one less: −1 to 1.
    pretrend : float
        What the first wave rises a month faster than districts that never open; later waves in
        proportion: −0.05 to 0.05. Not zero, it breaks parallel trends.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Rollout
        ``people``: citizen_id, sex, age (years), district, period, online (1 the district was
        open), applied (1 in time). ``potential``: y_without, y_with (in time if the district had
        never opened; with the roll-out as it was). ``truth`` (shares): ``att`` (mean over all forms
        due where it was open), ``att_by_cohort``, ``att_by_cohort_period`` (cohort → period →),
        ``att_by_event_time``; ``did`` and ``att_comparable`` (noise-free group-time differences,
        and the truth of the same waves and months; both None if nothing can be compared), ``twfe``
        (noise-free), ``twfe_seen`` (from ``panel``), ``negative_weights`` (share of open
        district-months that two-way fixed effects weight negatively), ``before_after`` and
        ``treated_vs_untreated`` (as seen), ``cohorts`` (cohort → districts).

    Raises
    ------
    ParameterError
        If a parameter is out of range, or shares would leave 2 to 98 %; a LimitError if more people
        are needed than live there.

    Examples
    --------
    >>> world = make("八王子市", units=2, periods=3, each=100, waves=2, never=0,
    ...              effect=0.05, growth=0.15, heterogeneity=0)
    >>> round(world.truth["att"], 3), round(world.truth["twfe"], 3)
    (0.1, -0.025)
    """
    import numpy as np
    import pandas as pd

    place, seed = find(municipality), seeded(seed)
    units, periods = counted(units, "units", 2, 500), counted(periods, "periods", 3, 120)
    each, never = counted(each, "each", 1, 1_000_000), counted(never, "never", 0, units - 1)
    waves = counted(waves, "waves", 1, min(units - never, periods - 1))
    effect, growth = share(effect, "effect", -0.5, 0.5), share(growth, "growth", -0.5, 0.5)
    heterogeneity = measured(heterogeneity, "heterogeneity", -1, 1, say("倍"))
    pretrend = share(pretrend, "pretrend", -0.05, 0.05)
    n = units * periods * each
    enough(place, n, "units × periods × each", fewest=60, youngest=YOUNGEST)

    key = (NAME, VERSION, place.code, units, periods, each, waves, never, seed)
    who, districts, replies = streams(3, *key)
    one_by_one = np.arange(units)
    wave = districts.permutation(
        np.where(one_by_one < units - never, one_by_one % waves, waves)  # the last is "never"
    )
    opening = np.append(1 + (np.arange(1, waves + 1) * periods + waves) // (waves + 1), 0)
    cohort = opening[wave]
    period = np.arange(1, periods + 1)[:, None]
    since = np.where(cohort > 0, period - cohort, -1)  # periods × units; negative: not open

    lead = 1 - wave / waves  # 1 in the first wave, 0 in districts that never open
    level = LEVEL + ADVANTAGE * lead + SPREAD * districts.uniform(-1, 1, units)
    season = np.resize(SEASON, periods)[:, None]
    without = np.round(level + season + (RISE + pretrend * lead) * (period - 1), 9)
    ahead = (waves - 1 - 2.0 * wave.astype(float)) / max(waves - 1, 1)  # from +1 to −1
    gain = np.round((effect + growth * since) * (1 + heterogeneity * ahead), 9) * (since >= 0)
    _inside(without, without + gain)

    people = draw(place, n, who, youngest=YOUNGEST)
    people["district"] = np.tile(np.repeat(np.arange(1, units + 1), each), periods)
    people["period"] = np.repeat(np.arange(1, periods + 1), units * each)
    people["online"] = np.repeat((since >= 0).ravel(), each).astype("int64")
    extra = changed(gain * each, wave, districts)
    y_without, y_with = reply(without, extra, people["age"].to_numpy(), replies)
    people["applied"] = y_with.ravel()
    potential = pd.DataFrame({"y_without": y_without.ravel(), "y_with": y_with.ravel()})

    rate, plain = (y.sum(axis=1).reshape(periods, units) / each for y in (y_with, y_without))
    true = rate - plain
    table = group_time(without + true, true, cohort, each)
    truth = {
        **averages(table),
        **mislead(rate, without + true, since >= 0, cohort > 0),
        "cohorts": {int(g): int((cohort == g).sum()) for g in np.unique(cohort)},
    }
    return Rollout(
        NAME,
        place,
        people,
        truth,
        cited(
            NAME, "オンライン申請の広がり（模擬）", "Online applications (simulated)", place.code
        ),
        lambda: _story(place.name, truth, units, periods),
        potential,
        _panel(rate, cohort, each),
        table,
    )


def _inside(*shares: np.ndarray) -> None:
    low, high = min(s.min() for s in shares), max(s.max() for s in shares)
    if low < LOWEST or high > HIGHEST:
        raise ParameterError(
            say(
                "期限までに申請する人の割合が {low:.0%} から {high:.0%} になります。{lowest:.0%} から {highest:.0%} の間に収まりません。",
                low=low, high=high, lowest=LOWEST, highest=HIGHEST,
            ),
            where="effect, growth, heterogeneity, pretrend, periods",
            hint=say("効果や月数を小さくしてください。"),
        )  # fmt: skip


def changed(expected: np.ndarray, wave: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how many people are changed in each month and district (systematic rounding).

    Parameters
    ----------
    expected : ndarray
        Months × districts, not whole; alike within a wave.
    wave : ndarray
        The wave of each district.
    rng : Generator
        Where in a wave the rounding starts, a month.

    Returns
    -------
    ndarray
        Whole numbers, which add up to the expected ones to within one a wave and month.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> int(changed(np.full((1, 10), 2.5), np.zeros(10, dtype=int), rng).sum())
    25
    """
    import numpy as np

    whole = np.zeros(expected.shape, dtype="int64")
    for one in np.unique(wave):
        members = np.flatnonzero(wave == one)
        start = rng.random((len(expected), 1))
        ends = np.cumsum(expected[:, members], axis=1)
        reached = np.floor(np.round(np.hstack([start, start + ends]), 6))
        whole[:, members] = np.diff(reached, axis=1)
    return whole


def reply(
    without: np.ndarray, extra: np.ndarray, age: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return who applies in time without and with the roll-out: one row a month and district."""
    import numpy as np

    cells = without.size
    first = (rng.random((cells, age.size // cells)) < without.reshape(-1, 1)).astype("int64")
    # In line: who applies anyway, then the others; online draws the young before the old.
    eager = rng.random(first.shape) - age.reshape(first.shape) / LIKES_ONLINE
    line = np.lexsort((-eager, -first), axis=1)
    second = np.empty_like(first)
    wanted = first.sum(axis=1, keepdims=True) + extra.reshape(-1, 1)
    np.put_along_axis(second, line, np.arange(first.shape[1])[None, :] < wanted, axis=1)
    return first, second


def _panel(rate: np.ndarray, cohort: np.ndarray, each: int) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    periods, units = rate.shape
    period = np.tile(np.arange(1, periods + 1), units)
    opened = np.repeat(cohort, periods)
    return pd.DataFrame(
        {
            "district": np.repeat(np.arange(1, units + 1), periods),
            "period": period,
            "cohort": opened.astype("int64"),
            "online": ((opened > 0) & (period >= opened)).astype("int64"),
            "forms": each,
            "applied": np.round(rate.T.ravel() * each).astype("int64"),
            "rate": rate.T.ravel(),
        }
    )


def _story(town: str, truth: dict[str, Any], units: int, periods: int) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちです。18歳以上の住民に、{periods}か月のうち一度ずつ申請の期限が来ます。"
        "{units}の地区（架空）が、順番にオンライン申請を始めます。結果は、期限までに申請した人の割合です。"
        "年齢と性別の割合は実際の統計に合わせました。申請のようすとオンライン申請の効果は作りもので、{town}の実際の申請のようすではありません。",
        town=town, units=units, periods=periods,
    )  # fmt: skip
    if truth["twfe"] is None:
        return told
    gaps = {name: 100 * (truth[name] - truth["att"]) for name in ("before_after", "twfe")}
    return (
        told
        + PARAGRAPH
        + say(
            "効果は、始めた時期や、始めてからの月数によって変わることがあります。本当の平均とくらべると、前後比較は{before_after:+.1f}ポイント、"
            "地区と月の固定効果だけの回帰（TWFE）は{twfe:+.1f}ポイントずれます。",
            **gaps,
        )
    )
