"""The world "residents": everybody who lives in a municipality, or in all Tokyo, one row a person.

**Who lives there (real margins, 2020 census).** Sex, age and living alone. The table sex × year of age ×
(alone / with others) of each municipality is fitted by iterative proportional fitting (Deming &
Stephan 1940) to its people by sex and year of age (:mod:`kit.data.population`; those of unknown age
are shared out over the ages of their sex, so that everybody is there, as in the count of households)
and to its one-person households of people under 65, and of 65 and over. The start is a table of ones,
with zeros where nobody under 18 lives alone: how living alone differs by sex and age within these two
groups is not published with the margins, so it does not differ here. The fit is rounded to whole
people by largest remainders within the margins, so that they hold exactly. Fewer people than everyone
are the same town, smaller: each margin in proportion, to within one person. Of all Tokyo, fewer are a
systematic sample (Madow 1949) of everyone, ordered by municipality, living, sex and age.

**Who lives with whom (invented).** There are as many households as the census counts. In each of those
with several people an adult drawn by lot lives with one other person; the rest join by lot. The mean
size is right; families are not to be found here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kit.data.packages import load
from kit.data.population import BLOCKS, LIFETIME, SEXES, allot, by_age, find, members
from kit.data.worlds.asked import seeded, whole
from kit.data.worlds.draws import streams
from kit.data.worlds.people import shares
from kit.data.worlds.raking import rake
from kit.data.worlds.told import cited
from kit.data.worlds.world import World
from kit.errors import LimitError, ParameterError
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "residents"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST = 20
ADULT, ELDERLY = 18, 65  # years of age
LIVING = ("alone", "with_others")


def make(municipality: object = "13201", n: int | None = None, seed: int = 1) -> World:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose people; ``"tokyo"`` for all 62 municipalities together.
    n : int, optional
        People, from 20 a municipality to everyone; everyone when left out.
    seed : int
        Another number, another order and other households; not negative.

    Returns
    -------
    World
        ``people``: citizen_id, code (of the municipality), sex, age (years; 99 stands for older ones
        too), living (``"alone"`` or ``"with_others"``), household_id. Text is categorical and numbers
        are small, so that all Tokyo takes 12 bytes a person. ``truth``, of these very people: ``n``,
        ``women``, ``under_15`` and ``over_64`` (shares), ``mean_age``, ``alone`` (share of people),
        ``alone_over_64`` (share of those of 65 and over), ``households``, ``one_person`` (share of
        households), ``household_size`` (mean).

    Raises
    ------
    ParameterError
        If a parameter is out of range, or `n` is more than live there.

    Examples
    --------
    >>> town = make("青ヶ島村")
    >>> len(town.people), town.truth["households"], int((town.people["living"] == "alone").sum())
    (169, 118, 90)
    """
    place, seed = find(municipality), seeded(seed)
    towns = members(place)
    most = sum(_people(town) for town in towns)
    n = _number(place, n, FEWEST * len(towns), most)
    if len(towns) == 1:
        plans = [_plan(place, n)]
    else:
        plans = [_plan(town, _people(town)) for town in towns]
        if n < most:
            plans = _thin(plans, n, *streams(1, NAME, VERSION, place.code, n, seed))
    return World(
        NAME,
        place,
        _rows(plans, n, seed),
        _truth(plans),
        cited(NAME, "住民（模擬）", "Residents (simulated)", place.code),
        lambda: _story(place, n),
    )


def _number(place: Municipality, n: int | None, fewest: int, most: int) -> int:
    if n is None:
        return most
    n = whole(n, "n")
    hint = say("{fewest:,} から {most:,} まで選べます。", fewest=fewest, most=most)
    if n > most:
        raise LimitError(
            say("{town}の人口は{most:,}人です（2020年国勢調査）。", town=place.name, most=most),
            where=f"n = {n}"[:80],
            hint=hint,
        )
    if n < fewest:
        raise ParameterError(
            say("人数は {fewest:,} 人以上にしてください。", fewest=fewest),
            where=f"n = {n}"[:80],
            hint=hint,
        )
    return n


def _people(town: Municipality) -> int:
    return int(by_age(town.code, everyone=True).sum())


# ---- the margins


@dataclass(frozen=True)
class _Plan:
    """Whole people of a municipality by sex × year of age × living; households of several people."""

    code: str
    cells: np.ndarray
    shared: int


def _plan(town: Municipality, count: int) -> _Plan:
    """Round the fitted table of a municipality to `count` people."""
    import numpy as np

    homes, total = _homes()[town.code], _people(town)
    people = shares(town, count, everyone=True)
    chance = _alone()[town.code]
    given = allot(count, [homes.single, homes.single_elderly, total - homes.alone])
    alone = np.zeros_like(people)
    for ages, wanted in ((slice(ELDERLY), given[0]), (slice(ELDERLY, None), given[1])):
        possible = int(people[:, ages][chance[:, ages] > 0].sum())
        weights = np.zeros(people.shape)
        weights[:, ages] = (people * chance)[:, ages]
        alone += _round(min(int(wanted), possible), weights)
    cells = np.stack([alone, people - alone], axis=-1)
    return _Plan(town.code, cells, _shared(cells, homes.shared * count / total))


def _thin(plans: Sequence[_Plan], n: int, rng: np.random.Generator) -> list[_Plan]:
    """Return the plans of a systematic sample of `n` people."""
    import numpy as np

    # Living outermost, so that each municipality keeps its share of people living alone.
    cells = np.concatenate([np.moveaxis(plan.cells, -1, 0).ravel() for plan in plans])
    reached = np.concatenate([[0], np.cumsum(cells)]) * n
    most = int(reached[-1]) // n
    # In whole numbers: the i-th person is number ⌈(start + i · most) / n⌉ of everyone.
    taken = np.diff((reached + int(rng.integers(most))) // most)
    drawn = np.moveaxis(taken.reshape(len(plans), len(LIVING), len(SEXES), LIFETIME), 1, -1)
    return [
        _Plan(plan.code, some, _shared(some, plan.shared * some.sum() / plan.cells.sum()))
        for plan, some in zip(plans, drawn, strict=True)
    ]


def _round(n: int, weights: np.ndarray) -> np.ndarray:
    """Share out `n` people by largest remainders: by sex and block of ages, then by year."""
    import numpy as np

    blocks = [part for row in weights for part in (row[a:b] for a, b in pairwise(BLOCKS))]
    sizes = allot(n, [block.sum() for block in blocks]).tolist()
    given = [allot(size, block) for size, block in zip(sizes, blocks, strict=True)]
    return np.concatenate(given).reshape(weights.shape)


def _shared(cells: np.ndarray, wanted: float) -> int:
    """Return how many households of several people there are: each with an adult and one more."""
    others = cells[..., LIVING.index("with_others")]
    people, adults = int(others.sum()), int(others[:, ADULT:].sum())
    # A village of all Tokyo may send one person whose household stays at home.
    return max(min(round(wanted), people // 2, adults), min(people, 1))


@dataclass(frozen=True)
class _Homes:
    """Households of a municipality: of one person under 65, of one of 65 and over, of several."""

    single: int
    single_elderly: int
    shared: int

    @property
    def alone(self) -> int:
        return self.single + self.single_elderly


@lru_cache(maxsize=1)
def _homes() -> dict[str, _Homes]:
    homes = {}
    for row in load("municipalities").itertuples(index=False):
        every, one = int(row.households), int(row.households_single)
        elderly = int(row.households_single_65_over)
        homes[row.code] = _Homes(one - elderly, elderly, every - one)
    return homes


@lru_cache(maxsize=1)
def _alone() -> dict[str, np.ndarray]:
    """Return the share living alone by sex and year of age (2 × 100), fitted to every municipality."""
    import numpy as np

    homes = _homes()
    people = np.stack([by_age(code, everyone=True) for code in homes])
    start = np.ones((*people.shape, len(LIVING)))
    start[:, :, :ADULT, LIVING.index("alone")] = 0
    axes: list[np.ndarray] = list(np.indices(start.shape))
    town, sex, age, living = axes
    by_age_and_sex = (town * len(SEXES) + sex) * LIFETIME + age
    by_living = (town * 2 + (age >= ELDERLY)) * len(LIVING) + living
    singles = np.array([(home.single, home.single_elderly) for home in homes.values()])
    of_group = np.add.reduceat(people.sum(axis=1), [0, ELDERLY], axis=1)
    totals = np.stack([singles, of_group - singles], axis=-1)
    fitted = rake(start, [(by_age_and_sex, people.ravel()), (by_living, totals.ravel())])
    alone = fitted[..., LIVING.index("alone")]
    # Rounded, so that the last bit of a platform's sums cannot move anyone.
    share = np.round(np.divide(alone, people, out=np.zeros(alone.shape), where=people > 0), 9)
    return dict(zip(homes, share, strict=True))


# ---- the people


def _rows(plans: Sequence[_Plan], n: int, seed: int) -> pd.DataFrame:
    """Return one row a person: municipality by municipality, within each in an order left to chance."""
    import numpy as np
    import pandas as pd

    columns = {
        "code": np.empty(n, dtype="int8"),
        "sex": np.empty(n, dtype="int8"),
        "age": np.empty(n, dtype="uint8"),
        "living": np.empty(n, dtype="int8"),
        "household_id": np.empty(n, dtype="int32"),
    }
    row, household = 0, 1
    for number, plan in enumerate(plans):
        count = int(plan.cells.sum())
        (rng,) = streams(1, NAME, VERSION, plan.code, count, seed)
        here = {name: column[row : row + count] for name, column in columns.items()}
        kinds = np.indices(plan.cells.shape, dtype="uint8").reshape(plan.cells.ndim, -1)
        cell = np.repeat(np.arange(plan.cells.size, dtype="uint16"), plan.cells.ravel())
        rng.shuffle(cell)
        here["code"][:] = number
        for name, kind in zip(("sex", "age", "living"), kinds, strict=True):
            here[name][:] = kind[cell]
        homes = _join(here["living"], here["age"], plan.shared, rng)
        here["household_id"][:] = household + homes
        row, household = row + count, household + int(homes.max(initial=-1)) + 1
    codes = [plan.code for plan in plans]
    return pd.DataFrame(
        {
            "citizen_id": np.arange(1, n + 1, dtype="int32"),
            "code": pd.Categorical.from_codes(columns["code"], codes),
            "sex": pd.Categorical.from_codes(columns["sex"], list(SEXES)),
            "age": columns["age"],
            "living": pd.Categorical.from_codes(columns["living"], list(LIVING)),
            "household_id": columns["household_id"],
        },
        copy=False,
    )


def _join(living: np.ndarray, age: np.ndarray, shared: int, rng: np.random.Generator) -> np.ndarray:
    """Return the household of each person, from 0. Rows are in an order left to chance."""
    import numpy as np

    together = living == LIVING.index("with_others")
    singles = len(living) - int(together.sum())
    number = rng.permutation(np.arange(singles + shared, dtype="int32"))
    home = np.empty(len(living), dtype="int32")
    home[~together] = number[:singles]
    if shared:
        # An adult first, then one more; whoever is left joins one of these households by lot.
        adults = np.flatnonzero(together & (age >= ADULT))
        first = adults[:shared] if len(adults) else np.flatnonzero(together)[:shared]
        home[first] = number[singles:]
        together[first] = False
        rest = np.flatnonzero(together)
        home[rest[:shared]] = number[singles:][: len(rest)]
        lots = rng.integers(0, shared, size=max(0, len(rest) - shared), dtype="int32")
        home[rest[shared:]] = number[singles:][lots]
    return home


def _truth(plans: Sequence[_Plan]) -> dict[str, Any]:
    import numpy as np

    cells = np.sum([plan.cells for plan in plans], axis=0)
    n, ages = int(cells.sum()), cells.sum(axis=(0, 2))
    alone = cells[..., LIVING.index("alone")].sum(axis=0)
    elderly, singles = int(ages[ELDERLY:].sum()), int(alone.sum())
    households = singles + sum(plan.shared for plan in plans)
    return {
        "n": n,
        "women": float(cells[SEXES.index("female")].sum() / n),
        "under_15": float(ages[:15].sum() / n),
        "over_64": elderly / n,
        "mean_age": float((ages * np.arange(LIFETIME)).sum() / n),
        "alone": singles / n,
        "alone_over_64": float(alone[ELDERLY:].sum() / elderly) if elderly else None,
        "households": households,
        "one_person": singles / households,
        "household_size": n / households,
    }


def _story(place: Municipality, n: int) -> str:
    return say(
        "{town}と同じ人口構成の模擬のまちです。住民{n:,}人が、1人1行で並んでいます。"
        "性別、年齢、世帯の数、ひとり暮らしの人数（65歳未満と65歳以上）は、2020年の国勢調査に合わせました。"
        "年齢不詳の人は、同じ性別の年齢構成で分けました。各歳の人数は、全国の年齢構成による推計です。"
        "ひとり暮らしの割合は、18～64歳の中と65歳以上の中では、性別や年齢で変わらないとしています。"
        "だれとだれが同じ世帯に住むかはくじで決めた作りもので、家族のかたちは表していません。",
        town=place.name,
        n=n,
    )
