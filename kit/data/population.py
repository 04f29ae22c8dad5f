"""How many people of 40 to 74 a municipality has, by sex and single year of age.

The census table of a municipality counts 15–64 and 65–74 by sex. The second is taken as it is; the
first is narrowed to 40–64 by the national age structure of the same sex. Within a five-year band
every year of age counts the same. People whose age the census does not know are left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kit import places
from kit.data.packages import load

if TYPE_CHECKING:
    import numpy as np

SEXES = ("female", "male")
YOUNGEST, OLDEST = 40, 74
AGES = range(YOUNGEST, OLDEST + 1)


def eligible(municipality: object) -> int:
    """Return about how many people of 40 to 74 live in `municipality`.

    Parameters
    ----------
    municipality : str, int or Municipality
        Anything :func:`kit.places.find` understands.

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
    return dict(_groups(places.find(municipality).code))


@lru_cache(maxsize=64)
def _groups(code: str) -> tuple[tuple[tuple[str, str], int], ...]:
    table = load("municipalities", "age-structure", municipality=code)
    count = {(row.sex, row.age_group): int(row.population) for row in table.itertuples(index=False)}
    found = []
    for sex in SEXES:
        middle = round(count[sex, "15-64"] * _national_share(sex))
        found.append(((sex, "40-64"), middle))
        found.append(((sex, "65-74"), count[sex, "65-74"]))
    return tuple(found)


@lru_cache(maxsize=2)
def _bands(sex: str) -> dict[int, int]:
    """Return the national five-year bands of one sex: first year of age -> people."""
    table = load("municipalities", "national-age")
    table = table[table["sex"] == sex]
    return dict(zip(table["age_from"].tolist(), table["population"].tolist(), strict=True))


def _national_share(sex: str) -> float:
    """Return the share of those aged 40–64 among those aged 15–64 in Japan."""
    bands = _bands(sex)
    whole = sum(people for age, people in bands.items() if 15 <= age < 65)
    return sum(people for age, people in bands.items() if YOUNGEST <= age < 65) / whole


def age_weights(sex: str, group: str) -> tuple[list[int], np.ndarray]:
    """Return the single years of a broad age group and their weights, which add up to one.

    Parameters
    ----------
    sex : {"female", "male"}
    group : {"40-64", "65-74"}

    Examples
    --------
    >>> years, weights = age_weights("female", "65-74")
    >>> years[0], years[-1], round(float(weights.sum()), 6)
    (65, 74, 1.0)
    """
    import numpy as np

    low, high = (int(end) for end in group.split("-"))
    years = list(range(low, high + 1))
    bands = _bands(sex)
    weights = np.array([bands[year - year % 5] / 5 for year in years], dtype=float)
    return years, weights / weights.sum()
