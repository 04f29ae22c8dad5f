"""People with an inclination to do something once a year, and what a letter does to it (invented).

An inclination is a probability, Beta-distributed, alike among neighbours. Who comes in a year is drawn
from it; a letter changes a few. :mod:`kit.data.worlds.letters` tells the whole story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.data.population import LIFETIME, SEXES, age_weights, allot

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CONCENTRATION = 10 / 3  # a + b of the Beta inclination
HARM = 0.1  # people put off, per person the effect counts
NEIGHBOURS = 40  # people a neighbourhood, about
NEIGHBOURHOOD_SHARE = 0.15  # of the variance of the inclination before it is made Beta
PER_YEAR, FEMALE = 0.02, 0.15  # shifts of the same
OPENS_ANYWAY = 0.1  # added to the inclination, it is the weight with which a letter is opened


def settle(
    margins: dict[tuple[str, str], int], n: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return `n` people with the margins given, and the shift of each one's inclination."""
    import numpy as np
    import pandas as pd

    years = []
    cells = allot(n, list(margins.values())).tolist()
    for (label, group), count in zip(margins, cells, strict=True):
        ages, weights = age_weights(label, group)
        codes = np.array(ages, dtype="int16") + SEXES.index(label) * LIFETIME
        years.append(np.repeat(codes, allot(count, weights)))
    sex, age = np.divmod(rng.permutation(np.concatenate(years)), LIFETIME)
    age = age.astype("int64")
    number = max(4, round(n / NEIGHBOURS))
    sizes = allot(n - 2 * number, rng.dirichlet(np.full(number, 8.0))) + 2
    neighbourhood = rng.permutation(np.repeat(np.arange(1, number + 1), sizes))
    common = rng.standard_normal(number)[neighbourhood - 1]
    latent = (
        np.sqrt(NEIGHBOURHOOD_SHARE) * common
        + np.sqrt(1 - NEIGHBOURHOOD_SHARE) * rng.standard_normal(n)
        + PER_YEAR * (age - 57)
        + FEMALE * (sex == SEXES.index("female"))
    )
    people = pd.DataFrame(
        {
            "citizen_id": np.arange(1, n + 1),
            "sex": pd.Series(np.array(SEXES, dtype=object)[sex], dtype="str"),
            "age": age,
            "neighbourhood": neighbourhood,
        }
    )
    return people, latent


def lean(latent: np.ndarray, baseline: float, rng: np.random.Generator) -> np.ndarray:
    """Return inclinations in the order of `latent`: Beta-distributed, with mean `baseline`."""
    import numpy as np

    a = baseline * CONCENTRATION
    drawn = np.sort(rng.beta(a, CONCENTRATION - a, size=len(latent)))
    mean = drawn.mean()
    if mean > baseline:
        drawn = drawn * (baseline / mean)
    else:
        drawn = 1 - (1 - drawn) * ((1 - baseline) / (1 - mean))
    order = np.argsort(latent)
    if (np.diff(latent[order]) == 0).any():
        order = np.argsort(latent, kind="stable")  # slower; needed where two people are just alike
    inclination = np.empty(len(latent))
    # Rounded, so that the last bit of a platform's log() cannot change who comes.
    inclination[order] = np.round(drawn, 9)
    return inclination


def come(inclination: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return who comes: each with its own probability, and as many as these add up to."""
    import numpy as np

    order = rng.permutation(len(inclination))
    chances = inclination[order]
    reached = np.cumsum(chances) + rng.random()
    passed = np.floor(reached)
    came = np.empty(len(inclination), dtype="int64")
    came[order] = np.clip(np.diff(passed, prepend=np.floor(reached[0] - chances[0])), 0, 1)
    return came


def respond(
    usual: np.ndarray, inclination: np.ndarray, effect: float, rng: np.random.Generator
) -> np.ndarray:
    """Return who comes with the new letter, given who comes with the usual one."""
    import numpy as np

    change = round(len(usual) * effect)
    away, present = np.flatnonzero(usual == 0), np.flatnonzero(usual == 1)
    side = round(HARM * abs(change))
    brought, lost = (change + side, side) if change >= 0 else (side, side - change)
    # Where nearly everybody comes (or stays away) anyway, there is no room for the side effect.
    room = max(0, min(len(away) - max(change, 0), len(present) - max(-change, 0), side))
    brought, lost = brought - (side - room), lost - (side - room)
    brought, lost = min(brought, len(away)), min(lost, len(present))
    # 1 − u lies in (0, 1]: its logarithm is finite. Largest log(u)/w are the drawn ones.
    luck = np.log(1 - rng.random(len(usual))) / (inclination * (1 - inclination) + 0.02)
    new = usual.copy()
    new[away[_largest(luck[away], brought)]] = 1
    new[present[_largest(luck[present], lost)]] = 0
    return new


def opens(inclination: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return who opens the new letter if it is sent: mostly those inclined to come anyway.

    Weighted draws without replacement (Efraimidis & Spirakis 2006): exactly `share` of all people, to
    within half a person.
    """
    import numpy as np

    count = round(len(inclination) * share)
    luck = np.log(1 - rng.random(len(inclination))) / (inclination + OPENS_ANYWAY)
    opened = np.zeros(len(inclination), dtype="int64")
    opened[_largest(luck, count)] = 1
    return opened


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the `count` largest values, in no order."""
    import numpy as np

    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(-values, count)[:count]


def intraclass(outcome: np.ndarray, cluster: np.ndarray) -> float:
    """Return the intra-cluster correlation of an outcome by analysis of variance.

    Clusters are whole numbers.

    ρ = (MSB − MSW) / (MSB + (m₀ − 1) MSW), m₀ = (N − Σmᵢ²/N) / (k − 1) (Donner & Koval 1980).

    Examples
    --------
    >>> import numpy as np
    >>> intraclass(np.array([1, 1, 0, 0]), np.array([1, 1, 2, 2]))
    1.0
    """
    import numpy as np

    codes = cluster - cluster.min()
    size = np.bincount(codes)
    total, number = len(outcome), int((size > 0).sum())
    if number < 2 or total <= number:
        return 0.0
    mean = np.bincount(codes, weights=outcome) / np.maximum(size, 1)
    between = float((size * (mean - outcome.mean()) ** 2).sum()) / (number - 1)
    within = float(((outcome - mean[codes]) ** 2).sum()) / (total - number)
    typical = (total - float((size**2).sum()) / total) / (number - 1)
    scale = between + (typical - 1) * within
    return (between - within) / scale if scale > 0 else 0.0
