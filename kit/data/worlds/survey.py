"""The world "resident-survey": who answers decides what the average says.

**Who lives there.** Residents of 18 and over are invited to answer, as a small copy of the
municipality: sex and age follow its margins (:mod:`kit.data.worlds.people`). A lot decides who is
offered a paper questionnaire and who a link: one half each.

**What they would say (invented).** Each has used the online application service or not
(``used_online``; more often the younger, `use` of all), and rates the procedures of the office from
1 to 5 (``satisfaction``; higher the older, and a little higher for those who used the service).

**Who answers (invented).** The chance to respond follows a logistic model: higher for older people
and for women; young people rather follow a link, old people rather fill in paper. Nothing else
matters: within an age group and sex, those who answer are like those who don't (missing at random,
Rubin 1976), so that weighting each age group and sex to its known number (post-stratification, Holt &
Smith 1979; raking, Deming & Stephan 1940) gives back the mean of all. With `hidden` those who used
the online service answer less often than others like them: nothing the office knows about them
repairs that (missing not at random).

Use and response are systematic samples (Madow 1949): both shares are as asked to within one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import SEXES, by_age, find
from kit.data.worlds import people as residents
from kit.data.worlds.asked import seeded, share, switch, whole
from kit.data.worlds.chances import chances, words
from kit.data.worlds.draws import streams
from kit.data.worlds.inclination import come
from kit.data.worlds.observed import PARAGRAPH
from kit.data.worlds.told import cited
from kit.data.worlds.world import World
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "resident-survey"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST, YOUNGEST = 100, 18
AGE_GROUPS = {"18-39": (18, 39), "40-64": (40, 64), "65-74": (65, 74), "75+": (75, 99)}
CHANNELS = ("paper", "web")
ANSWERS = ("used_online", "satisfaction")
# By age group: log-odds of having used the service; of responding; of responding more by a link
# than on paper; and the mean of the rating.
USE = (1.2, 0.4, -0.8, -2.0)
RESPOND = (-1.1, -0.2, 0.8, 0.6)
BY_LINK = (0.6, 0.2, -0.6, -1.4)
RATING = (2.9, 3.2, 3.6, 3.8)
FEMALE = 0.2  # log-odds of responding
USER = 0.2  # points of the rating
SPREAD = 0.95  # of the ratings, before they are made whole
HIDDEN = -0.9  # log-odds of responding, of those who used the service, if `hidden`


@dataclass(eq=False, repr=False)
class Survey(World):
    """Everybody invited to a survey, and what those who responded said."""

    _answers: pd.DataFrame

    @property
    def answers(self) -> pd.DataFrame:
        """What everybody invited would have said, those who did not respond among them."""
        return self._answers.copy()

    @property
    def margins(self) -> pd.DataFrame:
        """How many residents there are: sex, age_group, population (estimate from the census)."""
        import pandas as pd

        known = by_age(self.municipality.code)
        rows = [
            (sex, group, int(known[place, low : high + 1].sum()))
            for place, sex in enumerate(SEXES)
            for group, (low, high) in AGE_GROUPS.items()
        ]
        table = pd.DataFrame(rows, columns=["sex", "age_group", "population"])
        table.attrs["citation"] = self.citation
        return table


def make(
    municipality: object = "13201",
    n: int = 3000,
    response: float = 0.4,
    use: float = 0.4,
    hidden: bool = False,
    seed: int = 1,
) -> Survey:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has; ``"tokyo"`` for all 62 municipalities together.
    n : int
        People invited, from 100 to the number of residents of 18 and over.
    response : float
        Share who respond, 0.05 to 0.95.
    use : float
        Share who have used the online service, 0.05 to 0.95.
    hidden : bool
        Whether those who used the service respond less often than others like them.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Survey
        ``people``: citizen_id, sex, age (years), age_group, channel (``"paper"``, ``"web"``:
        offered by lot), responded (0/1), used_online (0/1) and satisfaction (1–5), both NaN for
        those who did not respond. ``answers``: the same two for everybody. ``margins``: residents
        by sex and age group.

        ``truth``: ``used_online`` and ``satisfaction`` (means of everybody invited);
        ``naive_…`` (means of those who responded), ``paper_…``, ``web_…`` (of those who responded
        by one channel only) and ``weighted_…`` (responses post-stratified by sex and age group) of
        each, None where nobody, or nobody of some group, responded; ``naive_error`` and
        ``weighted_error`` (of ``used_online``, averaged over who happens to respond); ``response``,
        ``response_by_age`` and ``response_by_channel``; ``recoverable`` (False with `hidden`);
        ``n``, ``responses``.

    Raises
    ------
    ParameterError
        If a parameter is of the wrong kind or out of range; if `n` is more than live there, what
        to do instead.

    Examples
    --------
    >>> world = make("八王子市", n=2000)
    >>> truth = world.truth
    >>> truth["used_online"], truth["naive_used_online"] < 0.36
    (0.4, True)
    >>> abs(truth["weighted_used_online"] - 0.4) < 0.04
    True
    """
    import numpy as np
    import pandas as pd

    place = find(municipality)
    n, seed, hidden = whole(n, "n"), seeded(seed), switch(hidden, "hidden")
    response, use = share(response, "response", 0.05, 0.95), share(use, "use", 0.05, 0.95)
    residents.fits(place, n, fewest=FEWEST, youngest=YOUNGEST)

    who, lot, mind, post = streams(4, NAME, VERSION, place.code, n, seed)
    people = residents.draw(place, n, who, youngest=YOUNGEST)
    group = np.searchsorted([low for low, _ in AGE_GROUPS.values()], people["age"], "right") - 1
    female = (people["sex"] == "female").to_numpy().astype("int64")
    cell = group * len(SEXES) + female
    link = lot.permutation(np.arange(n) % 2)
    used = come(chances(np.array(USE)[group], use), mind)
    rating = rate(group, used, mind)
    lean = (
        np.array(RESPOND)[group]
        + np.array(BY_LINK)[group] * (link - 0.5)
        + FEMALE * female
        + (HIDDEN * used if hidden else 0)
    )
    chance = chances(lean, response)
    responded = come(chance, post)

    people["age_group"] = words(tuple(AGE_GROUPS), group)
    people["channel"] = words(CHANNELS, link)
    people["responded"] = responded
    answers = pd.DataFrame(
        {"citizen_id": people["citizen_id"], "used_online": used, "satisfaction": rating}
    )
    for name in ANSWERS:
        people[name] = np.where(responded == 1, answers[name], np.nan)
    truth = _truth(people, answers, cell) | expected_errors(used, chance, cell)
    return Survey(
        NAME,
        place,
        people,
        truth | {"recoverable": not hidden},
        cited(NAME, "住民調査（模擬）", "Resident survey (simulated)", place.code),
        lambda: _story(place, truth, hidden),
        answers,
    )


def rate(group: np.ndarray, used: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ratings of 1 to 5: a normal one, made whole, within the scale."""
    import numpy as np

    drawn = np.array(RATING)[group] + USER * used + SPREAD * rng.standard_normal(len(group))
    return np.clip(np.rint(np.round(drawn, 9)), 1, 5).astype("int64")


def poststratified(answer: np.ndarray, cell: np.ndarray) -> float | None:
    """Return the mean of an answer, each cell weighted to its number among those invited.

    Σ_h N_h ȳ_h / Σ_h N_h (Holt & Smith 1979).

    Parameters
    ----------
    answer : ndarray
        One for each person invited; NaN for those who did not respond.
    cell : ndarray
        Number of the group each belongs to, from 0.

    Returns
    -------
    float or None
        None if nobody responded in some group that was invited.

    Examples
    --------
    >>> import numpy as np
    >>> poststratified(np.array([1, np.nan, np.nan, 0]), np.array([0, 0, 0, 1]))
    0.75
    """
    import numpy as np

    invited = np.bincount(cell)
    known = ~np.isnan(answer)
    responses = np.bincount(cell[known], minlength=len(invited))
    if (responses[invited > 0] == 0).any():
        return None
    totals = np.bincount(cell[known], weights=answer[known], minlength=len(invited))
    return float((totals / np.maximum(responses, 1) * invited).sum() / len(cell))


def expected_errors(used: np.ndarray, chance: np.ndarray, cell: np.ndarray) -> dict[str, float]:
    """Return by how much the mean of those who respond, and the weighted one, are off on average.

    The mean of those who respond tends to Σpᵢyᵢ / Σpᵢ (Bethlehem 1988); the weighted one to the same
    within each cell, weighted to its number.
    """
    import numpy as np

    reached = np.bincount(cell, weights=chance)
    users = np.bincount(cell, weights=chance * used)
    filled = reached > 0
    weighted = (users[filled] / reached[filled] * np.bincount(cell)[filled]).sum() / len(cell)
    truth = float(used.mean())
    return {
        "naive_error": float(users.sum() / reached.sum()) - truth,
        "weighted_error": float(weighted) - truth,
    }


def _truth(people: pd.DataFrame, answers: pd.DataFrame, cell: np.ndarray) -> dict[str, Any]:
    responded = people["responded"].to_numpy()
    offered = {name: (people["channel"] == name).to_numpy() for name in CHANNELS}
    truth: dict[str, Any] = {}
    for name in ANSWERS:
        said = people[name].to_numpy()
        truth[name] = float(answers[name].mean())
        truth[f"naive_{name}"] = _mean(said)
        for channel, those in offered.items():
            truth[f"{channel}_{name}"] = _mean(said[those])
        truth[f"weighted_{name}"] = poststratified(said, cell)
    ages = cell // len(SEXES)
    return truth | {
        "response": float(responded.mean()),
        "response_by_age": {
            name: float(responded[ages == place].mean())
            for place, name in enumerate(AGE_GROUPS)
            if (ages == place).any()
        },
        "response_by_channel": {
            name: float(responded[those].mean()) for name, those in offered.items()
        },
        "n": len(people),
        "responses": int(responded.sum()),
    }


def _mean(answers: np.ndarray) -> float | None:
    import numpy as np

    known = answers[~np.isnan(answers)]
    return float(known.mean()) if len(known) else None


def _story(place: Municipality, truth: dict[str, Any], hidden: bool) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちです。18歳以上の{n:,}人に調査への協力をお願いしました。"
        "半分には紙の調査票、半分には回答ページの案内を、くじ引きで送りました。"
        "年齢と性別の割合は実際の統計に合わせました。回答の中身と、だれが答えるかは作りもので、{town}の実際の調査結果ではありません。"
        "オンライン申請を使ったことがある人は若い人に多く、調査に答える人は年配の人に多くなっています。"
        "そのため、答えた人だけで平均すると、使ったことがある人の割合は平均で{points:.1f}ポイントずれます。",
        town=place.name,
        n=truth["n"],
        points=abs(100 * truth["naive_error"]),
    )
    if hidden:
        return (
            told
            + PARAGRAPH
            + say(
                "このまちでは、オンライン申請を使った人ほど調査に答えません。年齢と性別で重みを付けても、{points:.1f}ポイントのずれが残ります。",
                points=abs(100 * truth["weighted_error"]),
            )
        )
    return (
        told
        + PARAGRAPH
        + say(
            "年齢と性別が同じなら、答えた人と答えなかった人にちがいはありません。年齢と性別で重みを付ければ、ずれはほぼ消えます。"
        )
    )
