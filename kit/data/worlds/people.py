"""People with the sex and age of a real place, for every world that needs some.

Sex and age follow the place's margins by proportional allocation with largest remainders (Hamilton's
method): by sex and block of ages (0–14, 15–39, 40–64, 65–74, 75–99) first, then by single year.
Where the numbers come from is told in :mod:`kit.data.population`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kit.data.population import BLOCKS, LIFETIME, SEXES, allot, by_age
from kit.errors import LimitError, ParameterError
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def living(place: Municipality, *, youngest: int = 0, oldest: int = LIFETIME - 1) -> int:
    """Return how many people of these ages live in a place.

    Parameters
    ----------
    place : Municipality
        As :func:`kit.data.population.find` returns it.
    youngest, oldest : int
        Years of age, both included.

    Returns
    -------
    int
        People: an estimate from the margins of the 2020 census, without those of unknown age.

    Examples
    --------
    >>> from kit.data.population import eligible, find
    >>> living(find("八王子"), youngest=40, oldest=74) == eligible("八王子")
    True
    """
    return int(by_age(place.code)[:, youngest : oldest + 1].sum())


def draw(
    place: Municipality,
    n: int,
    rng: np.random.Generator,
    *,
    youngest: int = 0,
    oldest: int = LIFETIME - 1,
) -> pd.DataFrame:
    """Return `n` people of a place, in an order left to chance.

    Parameters
    ----------
    place : Municipality
    n : int
        People; :func:`fits` looks at it.
    rng : Generator
        Decides the order, and nothing else.
    youngest, oldest : int
        Years of age, both included.

    Returns
    -------
    DataFrame
        citizen_id (1 to `n`), sex (``"female"``, ``"male"``), age (years).

    Examples
    --------
    >>> from kit.data.population import find
    >>> from kit.data.worlds.draws import streams
    >>> people = draw(find("利島村"), 100, streams(1, "example")[0], youngest=65)
    >>> people["sex"].value_counts().to_dict(), int(people["age"].min())
    ({'male': 53, 'female': 47}, 65)
    """
    import numpy as np
    import pandas as pd

    counts = shares(place, n, youngest=youngest, oldest=oldest)
    cell = rng.permutation(np.repeat(np.arange(counts.size, dtype="int16"), counts.ravel()))
    sex, age = np.divmod(cell, LIFETIME)
    return pd.DataFrame(
        {
            "citizen_id": np.arange(1, n + 1, dtype="int64"),
            "sex": pd.Series(np.array(SEXES, dtype=object)[sex], dtype="str"),
            "age": age.astype("int64"),
        }
    )


def shares(
    place: Municipality,
    n: int,
    *,
    youngest: int = 0,
    oldest: int = LIFETIME - 1,
    everyone: bool = False,
) -> np.ndarray:
    """Return `n` people shared out by sex and single year of age (2 × 100).

    Parameters
    ----------
    place : Municipality
    n : int
        People.
    youngest, oldest : int
        Years of age, both included.
    everyone : bool
        Whether people of unknown age count, as :func:`kit.data.population.by_age` has it.

    Examples
    --------
    >>> from kit.data.population import find
    >>> shares(find("利島村"), 100, oldest=14).sum(axis=1).tolist()
    [44, 56]
    """
    import numpy as np

    known = by_age(place.code, everyone=everyone).copy()
    known[:, :youngest] = 0
    known[:, oldest + 1 :] = 0
    blocks = [part for sex in known for part in (sex[a:b] for a, b in pairwise(BLOCKS))]
    sizes = allot(n, [block.sum() for block in blocks])
    given = [allot(size, block) for size, block in zip(sizes.tolist(), blocks, strict=True)]
    return np.concatenate(given).reshape(len(SEXES), LIFETIME)


def fits(
    place: Municipality, n: int, *, fewest: int, youngest: int = 0, oldest: int = LIFETIME - 1
) -> None:
    """Refuse a number of people the place does not have, or too small to learn from.

    Parameters
    ----------
    place : Municipality
    n : int
        People asked for.
    fewest : int
        People a world needs at least.
    youngest, oldest : int
        Years of age, both included.

    Raises
    ------
    ParameterError
        If `n` is less than `fewest`; a :class:`~kit.errors.LimitError` if more than live there.
        Both say how many are possible.

    Examples
    --------
    >>> from kit.data.population import find
    >>> fits(find("利島村"), 4000, fewest=20)
    Traceback (most recent call last):
    kit.errors.LimitError: 利島村にいる0～99歳は約327人です。4,000人の模擬のまちは作れません。
      n = 4000
      → 20 から 327 までの人数にするか、もっと大きい区市町村を選んでください。
    """
    most = living(place, youngest=youngest, oldest=oldest)
    if n > most:
        if most < fewest:
            hint = say("この模擬のまちには {fewest:,} 人が必要です。もっと大きい区市町村を選んでください。", fewest=fewest)  # fmt: skip
        else:
            hint = say(
                "{fewest:,} から {most:,} までの人数にするか、もっと大きい区市町村を選んでください。",
                fewest=fewest, most=most,
            )  # fmt: skip
        raise LimitError(
            say(
                "{town}にいる{youngest}～{oldest}歳は約{most:,}人です。{n:,}人の模擬のまちは作れません。",
                town=place.name, youngest=youngest, oldest=oldest, most=most, n=n,
            ),
            where=f"n = {n}",
            hint=hint,
        )  # fmt: skip
    if n < fewest:
        raise ParameterError(
            say("人数は {fewest:,} 人以上にしてください。", fewest=fewest),
            where=f"n = {n}",
            hint=say("{fewest:,} から {most:,} まで選べます。", fewest=fewest, most=most),
        )
