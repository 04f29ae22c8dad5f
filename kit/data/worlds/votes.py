"""The world "project-votes": whose projects win depends on who votes, and by which rule.

**Who lives there.** Residents of 18 and over; sex and age follow the municipality's margins
(:mod:`kit.data.worlds.people`).

**What they like (invented).** By age and lot they are families, workers or seniors, each group with
tastes of its own, and live in one of five invented districts. The utility of a project, 0 to 1, is
the taste of the group for its kind, more if it lies in one's own district, plus a normal part of
one's own. A ballot approves every project whose utility is 0.6 or more.

**Who votes (invented).** A logistic model: seniors more often than families, and these than workers.
Older people rather vote on paper, younger ones online; where only one channel is offered, three in
twenty of the other's voters still vote. Within a group voting has nothing to do with taste, so that
voters weighted by group stand for everybody.

**What wins**: by the greedy rule, the most approved first as long as the money lasts, ties to the
cheaper (Talmon & Faliszewski 2019). Other rules can be tried on the same ballots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds import people as residents
from kit.data.worlds.asked import counted, one_of, seeded, share, whole
from kit.data.worlds.chances import chances, pick, words
from kit.data.worlds.draws import streams
from kit.data.worlds.inclination import come
from kit.data.worlds.told import cited
from kit.data.worlds.world import World
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "project-votes"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST, YOUNGEST = 50, 18
GROUPS = ("families", "workers", "seniors")
DISTRICTS = ("north", "east", "south", "west", "centre")
CHANNELS = ("both", "online", "paper")
# By age from 18, 25, 50, 65 and 75: chances of the groups, and of preferring paper.
FROM = (18, 25, 50, 65, 75)
MIX = ((0.05, 0.95, 0.0), (0.55, 0.45, 0.0), (0.2, 0.8, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 1.0))
PAPER = ((0.9, 0.1), (0.85, 0.15), (0.65, 0.35), (0.4, 0.6), (0.15, 0.85))
# What each group thinks of each kind of project, about 0.45.
TASTES = {
    "playground": (0.25, -0.15, -0.15),
    "childcare": (0.25, -0.1, -0.2),
    "lighting": (0.0, 0.15, 0.05),
    "cycling": (0.05, 0.2, -0.2),
    "benches": (-0.1, -0.15, 0.25),
    "exercise": (-0.15, -0.1, 0.25),
    "library": (0.1, 0.1, 0.05),
    "festival": (0.0, 0.0, 0.1),
}
MIDDLE, NEAR, OWN = 0.45, 0.15, 0.2
APPROVED = 0.6  # utility from which a project is approved
VOTING = (-0.3, -0.7, 0.9)  # log-odds by group
LEFT_OUT = 0.15  # of those whose channel is not offered vote all the same
DEAREST, CHEAPEST = 35, 6  # cost of a project, in percent of the budget


@dataclass(eq=False, repr=False)
class Votes(World):
    """Residents, projects, and the ballots of those who voted.

    Attributes
    ----------
    projects : DataFrame
        project (P01, …), kind, district, cost (yen).
    ballots : DataFrame
        One row a voter (index citizen_id), one column a project: 1 for approval, else 0.
    utilities : DataFrame
        One row a resident (index citizen_id), one column a project: 0 to 1, for the reveal.
    budget : int
        Yen.
    """

    budget: int
    _projects: pd.DataFrame
    _utilities: pd.DataFrame

    @property
    def projects(self) -> pd.DataFrame:
        table = self._projects.copy()
        table.attrs["citation"] = self.citation
        return table

    @property
    def ballots(self) -> pd.DataFrame:
        voted = (self.people["voted"] == 1).to_numpy()
        table = (self._utilities[voted] >= APPROVED).astype("int64")
        table.attrs["citation"] = self.citation
        return table

    @property
    def utilities(self) -> pd.DataFrame:
        return self._utilities.copy()


def make(
    municipality: object = "13201",
    n: int = 2000,
    projects: int = 12,
    budget: int = 30_000_000,
    turnout: float = 0.3,
    channels: str = "both",
    seed: int = 1,
) -> Votes:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has; ``"tokyo"`` for all 62 municipalities together.
    n : int
        Residents who may vote, from 50 to the number of those of 18 and over.
    projects : int
        Projects, 4 to 40.
    budget : int
        Yen, a million to ten thousand million.
    turnout : float
        Share who vote if both channels are offered, 0.05 to 0.95.
    channels : {"both", "online", "paper"}
        How people can vote.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Votes
        ``people``: citizen_id, sex, age (years), group, district, voted (0/1), channel
        (``"online"``, ``"paper"``, empty for who did not vote). ``projects``, ``budget``,
        ``ballots``; ``utilities`` for the reveal.

        ``truth``: ``approval`` (share of all residents, by project), ``naive_approval`` (of those who
        voted), ``weighted_approval`` (voters weighted by group; None if nobody of some group voted);
        ``approval_by_group``; ``turnout``, ``turnout_by_group``, ``resident_shares`` and
        ``voter_shares`` of the groups; ``winners`` (greedy, if everybody voted) and
        ``naive_winners`` (of those who voted); ``represented`` and ``naive_represented`` (share of
        each group, and of ``"all"``, who approve at least one winner); ``utility`` and
        ``naive_utility`` (mean over all residents of the summed utility of the winners);
        ``largest_error`` (of ``naive_approval``, in share).

    Raises
    ------
    ParameterError
        If a parameter is of the wrong kind or out of range; if `n` is more than live there, what
        to do instead.

    Examples
    --------
    >>> world = make("八王子市", n=1000)
    >>> truth = world.truth
    >>> truth["voter_shares"]["seniors"] > truth["resident_shares"]["seniors"] + 0.15
    True
    >>> len(world.ballots), world.ballots.shape[1]
    (300, 12)
    """
    import numpy as np
    import pandas as pd

    place = find(municipality)
    n, seed = whole(n, "n"), seeded(seed)
    projects = counted(projects, "projects", 4, 40)
    budget = counted(budget, "budget", 1_000_000, 10_000_000_000)
    turnout = share(turnout, "turnout", 0.05, 0.95)
    channels = one_of(channels, "channels", CHANNELS)
    residents.fits(place, n, fewest=FEWEST, youngest=YOUNGEST)

    who, belonging, offers, liking, voting = streams(
        5, NAME, VERSION, place.code, n, projects, seed
    )
    people = residents.draw(place, n, who, youngest=YOUNGEST)
    band = np.searchsorted(FROM, people["age"], "right") - 1
    group = pick(MIX, band, belonging)
    district = belonging.permutation(np.arange(n) % len(DISTRICTS))
    paper = pick(PAPER, band, belonging)
    table = offer(projects, budget, offers)
    utilities = pd.DataFrame(
        like(group, district, table, liking), columns=table["project"].tolist()
    )
    utilities.index = pd.Index(people["citizen_id"].to_numpy(), name="citizen_id")
    chance = chances(np.array(VOTING)[group], turnout)
    if channels != "both":
        chance = np.where(paper == (channels == "paper"), chance, np.round(LEFT_OUT * chance, 9))
    voted = come(chance, voting)

    people["group"], people["district"] = words(GROUPS, group), words(DISTRICTS, district)
    people["voted"] = voted
    # Those whose channel is not offered vote by the other.
    used = paper if channels == "both" else np.full(n, int(channels == "paper"))
    people["channel"] = words(("", "online", "paper"), voted * (1 + used))
    truth = _truth(utilities, group, voted, table, budget)
    return Votes(
        NAME,
        place,
        people,
        truth,
        cited(
            NAME, "地域の事業への投票（模擬）", "Votes on local projects (simulated)", place.code
        ),
        lambda: _story(place, n, budget, table, truth),
        budget,
        table,
        utilities,
    )


def offer(number: int, budget: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the projects: the kinds in turn, districts in turn from one by lot, costs by lot."""
    import numpy as np
    import pandas as pd

    turn = np.arange(number)
    where = (turn + rng.integers(len(DISTRICTS))) % len(DISTRICTS)
    cost = budget * rng.integers(CHEAPEST, DEAREST + 1, size=number) // 100
    return pd.DataFrame(
        {
            "project": pd.Series([f"P{place:02d}" for place in range(1, number + 1)], dtype="str"),
            "kind": words(tuple(TASTES), turn % len(TASTES)),
            "district": words(DISTRICTS, where),
            "cost": cost.astype("int64"),
        }
    )


def like(
    group: np.ndarray, district: np.ndarray, projects: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Return the utility of each project (column) to each resident (row), in thousandths."""
    import numpy as np

    tastes = np.array([TASTES[kind] for kind in projects["kind"]])
    places = np.array([DISTRICTS.index(name) for name in projects["district"]])
    utility = MIDDLE + tastes[:, group].T + NEAR * (district[:, None] == places)
    utility += OWN * rng.standard_normal(utility.shape)
    return np.clip(np.round(utility, 3), 0, 1)


def greedy(approvals: Sequence[float], costs: Sequence[int], budget: int) -> list[int]:
    """Return which projects win: the most approved first, leaving out what no longer fits.

    Parameters
    ----------
    approvals : sequence of float
        Approvals (or their share) of each project. Ties go to the cheaper, then to the first.
    costs : sequence of int
        Yen.
    budget : int
        Yen.

    Returns
    -------
    list of int
        Positions of the winners, in order.

    Examples
    --------
    >>> greedy([6, 6, 4], [50, 50, 40], 100)
    [0, 1]
    """
    left, winners = budget, []
    for one in sorted(range(len(costs)), key=lambda one: (-approvals[one], costs[one], one)):
        if costs[one] <= left:
            left -= costs[one]
            winners.append(one)
    return sorted(winners)


def _truth(
    utilities: pd.DataFrame,
    group: np.ndarray,
    voted: np.ndarray,
    projects: pd.DataFrame,
    budget: int,
) -> dict[str, Any]:
    import numpy as np

    names, costs = projects["project"].tolist(), projects["cost"].tolist()
    likes = utilities.to_numpy()
    approves = likes >= APPROVED
    by_group = {name: group == place for place, name in enumerate(GROUPS)}
    by_group = {name: those for name, those in by_group.items() if those.any()}
    everyone, voters = approves.mean(axis=0), approves[voted == 1].mean(axis=0)
    votes = {name: those & (voted == 1) for name, those in by_group.items()}
    weighted = None
    if all(those.any() for those in votes.values()):
        weighted = sum(by_group[name].mean() * approves[votes[name]].mean(axis=0) for name in votes)
    truth: dict[str, Any] = {
        "approval": _named(names, everyone),
        "naive_approval": _named(names, voters),
        "weighted_approval": None if weighted is None else _named(names, weighted),
        "approval_by_group": {
            name: _named(names, approves[those].mean(axis=0)) for name, those in by_group.items()
        },
        "largest_error": float(np.abs(voters - everyone).max()),
        "turnout": float(voted.mean()),
        "turnout_by_group": {name: float(voted[those].mean()) for name, those in by_group.items()},
        "resident_shares": {name: float(those.mean()) for name, those in by_group.items()},
        "voter_shares": {name: float(those[voted == 1].mean()) for name, those in by_group.items()},
    }
    for prefix, approval in (("", everyone), ("naive_", voters)):
        winners = greedy(approval.round(9).tolist(), costs, budget)
        glad = approves[:, winners].any(axis=1)
        truth[f"{prefix}winners"] = [names[one] for one in winners]
        truth[f"{prefix}represented"] = {"all": float(glad.mean())} | {
            name: float(glad[those].mean()) for name, those in by_group.items()
        }
        truth[f"{prefix}utility"] = float(likes[:, winners].sum(axis=1).mean())
    return truth


def _named(names: list[str], values: Any) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _story(
    place: Municipality, n: int, budget: int, projects: pd.DataFrame, truth: dict[str, Any]
) -> str:
    return say(
        "{town}と同じ人口構成の模擬のまちです。18歳以上の{n:,}人が、予算{budget:,}円で行う地域の事業を{projects}件の中から選びます。よいと思う事業には、いくつでも賛成できます。"
        "年齢と性別の割合は実際の統計に合わせました。事業、好み、投票のしかたは作りもので、{town}の実際の投票ではありません。"
        "投票したのは{turnout:.0f}％の人です。65歳以上は住民の{living:.0f}％ですが、投票した人の{voting:.0f}％をしめます。"
        "そのため、投票した人だけの賛成の割合は、住民全体の割合と最大で{points:.1f}ポイントちがいます。",
        town=place.name,
        n=n,
        budget=budget,
        projects=len(projects),
        turnout=100 * truth["turnout"],
        living=100 * truth["resident_shares"].get("seniors", 0),
        voting=100 * truth["voter_shares"].get("seniors", 0),
        points=100 * truth["largest_error"],
    )
