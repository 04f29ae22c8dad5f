"""The world "checkup-letters": does a better-worded letter bring people to a health check-up?

**Who lives there.** People of 40 to 74, as many as letters are sent. Sex and age follow the
municipality's margins by proportional allocation with largest remainders (Hamilton's method): by sex
and 40–64 / 65–74 first, then by single year. 65–74 by sex is the census count; 40–64 is the census
count of 15–64 narrowed by the national age structure (:mod:`kit.data.population`).

**How they behave (invented).** Each person has an inclination to come, Beta-distributed with mean
`baseline` and a + b = 10/3, higher for older people and alike within a neighbourhood. Last year's
attendance and this year's are drawn from the same inclination, each on its own: who came last year is
more inclined than others, but not as much as it looks (regression to the mean:
P(come | did not come last year) = a / (a + b + 1)). Both are systematic samples (Madow 1949), so that
the share that comes with the usual letter is `baseline` to within one person.

**What the letter does (invented).** It brings some who would have stayed away, mostly those in two
minds (weight p(1 − p)), and puts off one for every ten it brings; with `effect` zero it changes nobody.
They are drawn without replacement (Efraimidis & Spirakis 2006), so ``truth["ate"]`` is `effect`
to within half a person, and exact for these people.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from kit import places
from kit.data.citation import Citation
from kit.data.packages import citation
from kit.data.population import SEXES, age_weights, eligible, groups
from kit.data.worlds.asked import share, whole
from kit.data.worlds.draws import streams
from kit.data.worlds.trial import Trial
from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "checkup-letters"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST = 20
CONCENTRATION = 10 / 3  # a + b of the Beta inclination
HARM = 0.1  # people put off, per person the effect counts
NEIGHBOURS = 40  # people a neighbourhood, about
NEIGHBOURHOOD_SHARE = 0.15  # of the variance of the inclination before it is made Beta
PER_YEAR, FEMALE = 0.02, 0.15  # shifts of the same
TRIAL = 1200  # most people in the record of the earlier trial
TREND = 0.03  # that year everybody was more likely to come, by this share
CHOSEN_AFTER_COMING, CHOSEN_OTHERWISE = 0.85, 0.1


def make(
    municipality: object = "13201",
    n: int = 4000,
    baseline: float = 0.22,
    effect: float = 0.04,
    seed: int = 1,
) -> Trial:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has.
    n : int
        People who get a letter, from 20 to the number of 40–74-year-olds.
    baseline : float
        Share who come with the usual letter, 0.01 to 0.95.
    effect : float
        What the new letter adds to that share, −0.5 to 0.5; ``baseline + effect`` stays within
        0 and 1.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Trial
        ``people``: citizen_id, sex, age (years), neighbourhood, last_year (1 came last year).
        ``potential``: y_usual, y_new. ``truth``: ``ate`` (exact mean of y_new − y_usual for these
        people), ``effect`` (as asked), ``usual`` and ``new`` (shares who come if everyone gets that
        letter), ``baseline`` (as asked), ``last_year`` (share), ``helped`` and ``harmed`` (shares
        whom the letter brings and puts off), ``icc`` (intra-neighbourhood correlation of y_usual),
        ``n``, ``neighbourhoods``.

    Raises
    ------
    ParameterError
        If a parameter is out of range; if `n` is more than live there, what to do instead.

    Examples
    --------
    >>> world = make("青ヶ島村", n=60)
    >>> sorted(world.people.columns)
    ['age', 'citizen_id', 'last_year', 'neighbourhood', 'sex']
    >>> bool(abs(world.truth["ate"] - 0.04) <= 0.5 / 60 + 1e-12)
    True
    """
    import pandas as pd

    place = places.find(municipality)
    n, seed = whole(n, "n"), whole(seed, "seed")
    baseline = share(baseline, "baseline", 0.01, 0.95)
    effect = share(effect, "effect", -0.5, 0.5)
    if not 0 <= baseline + effect <= 1:
        raise ParameterError(
            say("baseline と effect を足した割合が、0 から 1 の外に出ます。"),
            where=f"baseline = {baseline}, effect = {effect}",
            hint=say("effect を小さくしてください。"),
        )
    if seed < 0:
        raise ParameterError(
            say("seed には 0 以上の整数を入れてください。"), where=f"seed = {seed}"
        )
    check_number(place, n)

    key = (NAME, VERSION, place.code, n, seed)
    who, leaning, this_year, earlier = streams(4, *key)
    people, latent = settle(groups(place), n, who)
    inclination = lean(latent, baseline, leaning)
    people["last_year"] = come(inclination, leaning)
    usual = come(inclination, this_year)
    new = respond(usual, inclination, effect, this_year)
    potential = pd.DataFrame({"y_usual": usual, "y_new": new}, index=people.index)
    truth = {
        "ate": float((new - usual).mean()),
        "effect": effect,
        "usual": float(usual.mean()),
        "new": float(new.mean()),
        "baseline": baseline,
        "last_year": float(people["last_year"].mean()),
        "helped": float((new > usual).mean()),
        "harmed": float((new < usual).mean()),
        "icc": intraclass(usual, people["neighbourhood"].to_numpy()),
        "n": n,
        "neighbourhoods": int(people["neighbourhood"].nunique()),
    }
    cited = _citation(place.code)
    state = earlier.bit_generator.state

    def history() -> pd.DataFrame:
        earlier.bit_generator.state = state  # the same record however often it is asked for
        return trial(groups(place), min(n, TRIAL), baseline, effect, earlier, cited)

    return Trial(NAME, place, people, truth, cited, lambda: _story(place, n), potential, history)


def check_number(place: places.Municipality, n: int) -> None:
    """Refuse a number of letters the town cannot fill.

    Raises
    ------
    ParameterError
        Saying how many are possible, and what to do instead.
    """
    most = eligible(place)
    where = f"n = {n}"
    if n > most:
        raise ParameterError(
            say(
                "{town}の40～74歳は約{most:,}人です。{n:,}人には送れません。",
                town=place.name, most=most, n=n,
            ),
            where=where,
            hint=say(
                "{most:,} 以下にするか、近くの区市町村と合同で行う形にして、大きい方の名前を選んでください。",
                most=most,
            ),
        )  # fmt: skip
    if n < FEWEST:
        raise ParameterError(
            say("人数は {fewest} 人以上にしてください。", fewest=FEWEST),
            where=where,
            hint=say("{fewest} から {most:,} まで選べます。", fewest=FEWEST, most=most),
        )


def allot(n: int, weights: Any) -> np.ndarray:
    """Share out `n` by `weights` in whole numbers (largest remainders, Hamilton's method).

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


def settle(
    margins: dict[tuple[str, str], int], n: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return `n` people with the margins given, and the shift of each one's inclination."""
    import numpy as np
    import pandas as pd

    sexes, ages = [], []
    cells = allot(n, list(margins.values())).tolist()
    for (label, group), count in zip(margins, cells, strict=True):
        years, weights = age_weights(label, group)
        ages.append(np.repeat(years, allot(count, weights)))
        sexes.append(np.full(count, SEXES.index(label)))
    order = rng.permutation(n)
    sex = np.concatenate(sexes)[order]
    age = np.concatenate(ages)[order].astype("int64")
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
    inclination = np.empty(len(latent))
    # Rounded, so that the last bit of a platform's log() cannot change who comes.
    inclination[np.argsort(latent, kind="stable")] = np.round(drawn, 9)
    return inclination


def come(inclination: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return who comes: each with its own probability, and as many as these add up to."""
    import numpy as np

    order = rng.permutation(len(inclination))
    reached = np.cumsum(inclination[order]) + rng.random()
    before = np.concatenate([[reached[0] - inclination[order[0]]], reached[:-1]])
    came = np.empty(len(inclination), dtype="int64")
    came[order] = np.clip(np.floor(reached) - np.floor(before), 0, 1)
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
    new[away[np.argsort(-luck[away], kind="stable")[:brought]]] = 1
    new[present[np.argsort(-luck[present], kind="stable")[:lost]]] = 0
    return new


def intraclass(outcome: np.ndarray, cluster: np.ndarray) -> float:
    """Return the intra-cluster correlation of an outcome by analysis of variance.

    ρ = (MSB − MSW) / (MSB + (m₀ − 1) MSW), m₀ = (N − Σmᵢ²/N) / (k − 1) (Donner & Koval 1980).

    Examples
    --------
    >>> import numpy as np
    >>> intraclass(np.array([1, 1, 0, 0]), np.array([1, 1, 2, 2]))
    1.0
    """
    import numpy as np

    _, codes = np.unique(cluster, return_inverse=True)
    size = np.bincount(codes)
    total, number = len(outcome), len(size)
    if number < 2 or total <= number:
        return 0.0
    mean = np.bincount(codes, weights=outcome) / size
    between = float((size * (mean - outcome.mean()) ** 2).sum()) / (number - 1)
    within = float(((outcome - mean[codes]) ** 2).sum()) / (total - number)
    typical = (total - float((size**2).sum()) / total) / (number - 1)
    scale = between + (typical - 1) * within
    return (between - within) / scale if scale > 0 else 0.0


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


def _citation(code: str) -> Citation:
    # The sources of the margins alone: the rest of this world was never published by anyone.
    # The one-line citation names the town's own statistics; the list has both.
    sources = citation("municipalities", "age-structure").sources + tuple(
        dataclasses.replace(source, in_line=False)
        for source in citation("municipalities", "national-age").sources
    )
    return Citation(NAME, "健診の通知（模擬）", "Check-up letters (simulated)", sources, code)


def _story(place: places.Municipality, n: int) -> str:
    return say(
        "{town}と同じ人口構成の模擬のまちです。健診の対象になる40～74歳のうち、{n:,}人に通知を送ります。"
        "年齢と性別の割合は実際の統計に合わせました。65～74歳は2020年の国勢調査の人数、40～64歳は15～64歳の人数を全国の年齢構成で分けた推計です。"
        "受診するかどうかと、新しい通知の効果は作りもので、{town}の実際の受診のようすではありません。",
        town=place.name,
        n=n,
    )
