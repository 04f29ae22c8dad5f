"""How many people of each sex and single year of age a municipality has.

The census table of a municipality counts 0–14, 15–64, 65–74, and 75 and over, by sex. These counts
are taken as they are; within each, the years of age follow the national age structure of the same
sex. 15–64 is first narrowed to 40–64, so that every part of the kit means the same people by it.

Within a national five-year band every year of age counts the same. 90 and over is one national
number: it is spread over 90–99 by the constant yearly decline r that makes 85–89 and 90–99 one
geometric series (q + q² = N₉₀₊ / N₈₅₋₈₉ with q = r⁵); those of 100 and over are counted among them.

People whose age the census does not know are left out, or, where a world is to have everyone, shared
out over the ages of their sex in proportion.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kit import places
from kit.data.packages import load
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np

SEXES = ("female", "male")
YOUNGEST, OLDEST = 40, 74
AGES = range(YOUNGEST, OLDEST + 1)
LIFETIME = 100  # years of age: 0 to 99
# First years of the blocks whose people are counted (or, for 15–39 and 40–64, estimated) by sex.
BLOCKS = (0, 15, 40, 65, 75, LIFETIME)
TOKYO = Municipality(
    "13000", "130001", "東京都", "とうきょうと", "Tokyo", kind="prefecture", region="tokyo"
)
_TOKYO = {"13000", "130001", "東京都", "東京", "とうきょうと", "とうきょう", "tokyo"}


def find(typed: object) -> Municipality:
    """Return a municipality, or :data:`TOKYO` for the 62 of them together.

    Parameters
    ----------
    typed : str, int or Municipality
        Anything :func:`kit.places.find` understands; or ``"tokyo"``, ``"東京都"``, ``13000``.

    Raises
    ------
    PlaceError
        If nothing fits, or more than one.

    Examples
    --------
    >>> find("東京都").code, find("八王子").code
    ('13000', '13201')
    """
    text = str(typed) if isinstance(typed, str | int) else ""
    if unicodedata.normalize("NFKC", text).strip().casefold() in _TOKYO:
        return TOKYO
    return places.find(typed)


def members(place: Municipality) -> tuple[Municipality, ...]:
    """Return the municipalities a place is made of: itself, or all 62 for Tokyo.

    Examples
    --------
    >>> len(members(TOKYO)), [town.code for town in members(find("八王子"))]
    (62, ['13201'])
    """
    return places.all_() if place.code == TOKYO.code else (place,)


def eligible(municipality: object) -> int:
    """Return about how many people of 40 to 74 live in `municipality`.

    Parameters
    ----------
    municipality : str, int or Municipality
        Anything :func:`find` understands.

    Returns
    -------
    int
        People: an estimate for 40–64, a count for 65–74 (2020 census).

    Examples
    --------
    >>> eligible("青ヶ島村") < 170 < eligible("八王子市")
    True
    """
    return sum(groups(municipality).values())


def groups(municipality: object) -> dict[tuple[str, str], int]:
    """Return people by sex and broad age: ``("female", "40-64") -> 104,…``.

    Examples
    --------
    >>> sorted(groups("青ヶ島村"))
    [('female', '40-64'), ('female', '65-74'), ('male', '40-64'), ('male', '65-74')]
    """
    found: dict[tuple[str, str], int] = {}
    for town in members(find(municipality)):
        for sex in SEXES:
            _, _, middle, elderly, _ = blocks(town.code, sex)
            for group, people in (("40-64", middle), ("65-74", elderly)):
                found[sex, group] = found.get((sex, group), 0) + people
    return found


def blocks(code: str, sex: str, *, everyone: bool = False) -> list[int]:
    """Return the people of one sex in each block of ages: 0–14, 15–39, 40–64, 65–74, 75–99.

    Parameters
    ----------
    code : str
        Five digits, of a municipality.
    sex : {"female", "male"}
    everyone : bool
        Whether people of unknown age are shared out; otherwise they are left out.

    Examples
    --------
    >>> blocks("13362", "female")
    [22, 30, 41, 19, 18]
    """
    counted = _counts()[code, sex]
    known = [counted[group] for group in ("0-14", "15-64", "65-74", "75+")]
    if everyone:
        known = allot(sum(known) + counted["unknown"], known).tolist()
    young, working, elderly, old = known
    middle = round(working * _national_share(sex))
    return [young, working - middle, middle, elderly, old]


@cache
def by_age(code: str, *, everyone: bool = False) -> np.ndarray:
    """Return the people of a municipality, or of Tokyo, by sex and single year of age.

    Parameters
    ----------
    code : str
        Five digits, of a municipality or of :data:`TOKYO`.
    everyone : bool
        Whether people of unknown age are shared out; otherwise they are left out.

    Returns
    -------
    ndarray
        Whole people, 2 × 100: a row a sex in the order of :data:`SEXES`, a column a year of age
        from 0 to 99. Not to be written to: it is kept for the next caller.

    Examples
    --------
    >>> by_age("13362")[:, 65:75].sum(axis=1).tolist()
    [19, 29]
    """
    import numpy as np

    if code == TOKYO.code:
        towns = [by_age(town.code, everyone=everyone) for town in places.all_()]
        people = np.sum(towns, axis=0)
    else:
        people = np.stack([_years(code, sex, everyone=everyone) for sex in SEXES])
    people.setflags(write=False)
    return people


def _years(code: str, sex: str, *, everyone: bool) -> np.ndarray:
    import numpy as np

    structure = _national_years(sex)
    sizes = blocks(code, sex, everyone=everyone)
    return np.concatenate(
        [
            allot(people, structure[first:end])
            for people, (first, end) in zip(sizes, pairwise(BLOCKS), strict=True)
        ]
    )


def age_weights(sex: str, group: str) -> tuple[list[int], np.ndarray]:
    """Return the single years of a broad age group and their weights, which add up to one.

    Parameters
    ----------
    sex : {"female", "male"}
    group : str
        First and last year of age, within 0 and 99: ``"40-64"``.

    Examples
    --------
    >>> years, weights = age_weights("female", "65-74")
    >>> years[0], years[-1], round(float(weights.sum()), 6)
    (65, 74, 1.0)
    """
    low, high = (int(end) for end in group.split("-"))
    weights = _national_years(sex)[low : high + 1]
    return list(range(low, high + 1)), weights / weights.sum()


def allot(n: int, weights: Any) -> np.ndarray:
    """Share out `n` by `weights` in whole numbers (largest remainders, Hamilton's method).

    Parameters
    ----------
    n : int
        Not negative.
    weights : array-like
        Not negative, on any scale.

    Examples
    --------
    >>> allot(10, [5, 3, 1]).tolist()
    [6, 3, 1]
    """
    import numpy as np

    weights = np.asarray(weights, dtype=float)
    if n == 0 or weights.sum() == 0:
        return np.zeros(len(weights), dtype="int64")
    exact = n * weights / weights.sum()
    given = np.floor(exact).astype("int64")
    order = np.argsort(-(exact - given).round(9), kind="stable")
    given[order[: n - given.sum()]] += 1
    return given


@cache
def _counts() -> dict[tuple[str, str], dict[str, int]]:
    """Return the census table: code and sex -> age group -> people."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in load("municipalities", "age-structure").itertuples(index=False):
        counts.setdefault((row.code, row.sex), {})[row.age_group] = int(row.population)
    return counts


@lru_cache(maxsize=2)
def _bands(sex: str) -> dict[int, int]:
    """Return the national five-year bands of one sex: first year of age -> people."""
    table = load("municipalities", "national-age")
    table = table[table["sex"] == sex]
    return dict(zip(table["age_from"].tolist(), table["population"].tolist(), strict=True))


@lru_cache(maxsize=2)
def _national_years(sex: str) -> np.ndarray:
    """Return the national people of one sex by single year of age, 0 to 99."""
    import numpy as np

    bands = _bands(sex)
    even = [bands[first] / 5 for first in range(0, 90, 5) for _ in range(5)]
    q = (np.sqrt(1 + 4 * bands[90] / bands[85]) - 1) / 2
    decline = (q ** (1 / 5)) ** np.arange(10)
    # Rounded, so that the last bit of a platform's power cannot move anyone.
    return np.array([*even, *np.round(bands[90] * decline / decline.sum(), 3)])


def _national_share(sex: str) -> float:
    """Return the share of those aged 40–64 among those aged 15–64 in Japan."""
    bands = _bands(sex)
    whole = sum(people for age, people in bands.items() if 15 <= age < 65)
    return sum(people for age, people in bands.items() if YOUNGEST <= age < 65) / whole
