"""The world "usability-sessions": what a handful of test users can tell, and what not.

**Who takes part.** Residents of 18 and over, recruited so that sex and age follow the municipality's
margins (:mod:`kit.data.worlds.people`). In this world neither has anything to do with the results.

**What they do (invented).** Each tries five tasks of an application form, of design A (now) or B
(revised), and answers the ten items of the System Usability Scale (SUS; Brooke 1996). One person's
results hang together by a common skill, normally distributed; different people are independent.

- Success: a known probability a task, equal for all; given the skill, a probit model.
- Time: log-normal, with a known median a task and σ = 0.6 of its logarithm.
- Problems: each of twenty strikes each person independently, with a probability of its own; their mean
  under design A is 0.31, the one Nielsen & Landauer (1993) found.
- SUS: items of 1 to 5, normal ones made whole within the scale.

Design B raises the success of all tasks together by `improvement` (most where most fails), shortens
the median times by that share, lowers the probabilities of the problems by twice that share, and the
SUS gains about 60 × `improvement`. The same seed gives the same people for both designs.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds import people as residents
from kit.data.worlds.asked import measured, one_of, seeded, whole
from kit.data.worlds.chances import words
from kit.data.worlds.draws import streams
from kit.data.worlds.told import cited
from kit.data.worlds.world import World
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "usability-sessions"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST, YOUNGEST = 3, 18
DESIGNS = ("A", "B")
# Task, probability of success and median seconds under design A.
TASKS = {
    "find": (0.90, 40.0),
    "sign-in": (0.75, 75.0),
    "fill-in": (0.60, 180.0),
    "attach": (0.55, 120.0),
    "send": (0.80, 30.0),
}
SIGMA = 0.6  # standard deviation of the logarithm of a time
# Probability of each problem under design A: a few strike most people, most strike few.
PROBLEMS = (
    0.72, 0.66, 0.60, 0.55, 0.50, 0.45, 0.40, 0.36, 0.32, 0.28,
    0.25, 0.22, 0.19, 0.16, 0.14, 0.12, 0.10, 0.08, 0.06, 0.04,
)  # fmt: skip
SKILL = 0.4  # share of the variance that is the person's
ITEMS = tuple(f"q{number:02d}" for number in range(1, 11))
SUS_MIDDLE, SUS_GAIN, SUS_SPREAD = 2.5, 2.4, 1.1  # on the scale of 0 to 4 that items are scored on


@dataclass(eq=False, repr=False)
class Sessions(World):
    """Test sessions of one design.

    Attributes
    ----------
    tasks : DataFrame
        One row a person and task: citizen_id, task, success (0/1), seconds (until done or given up).
    problems : DataFrame
        One row a person (index citizen_id), one column (P01, …) for each problem that struck
        anybody: 0/1. Problems that struck nobody are not seen in life.
    sus : DataFrame
        One row a person: citizen_id and the answers q01 to q10, 1 (strongly disagree) to 5.
    """

    _tables: dict[str, pd.DataFrame]

    @property
    def tasks(self) -> pd.DataFrame:
        return self._table("tasks")

    @property
    def problems(self) -> pd.DataFrame:
        return self._table("problems")

    @property
    def sus(self) -> pd.DataFrame:
        return self._table("sus")

    def _table(self, name: str) -> pd.DataFrame:
        table = self._tables[name].copy()
        table.attrs["citation"] = self.citation
        return table


def make(
    municipality: object = "13201",
    n: int = 8,
    design: str = "A",
    improvement: float = 0.15,
    seed: int = 1,
) -> Sessions:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has; ``"tokyo"`` for all 62 municipalities together.
    n : int
        Participants, from 3 to the number of residents of 18 and over.
    design : {"A", "B"}
        Which design they try: the one in use, or the revised one.
    improvement : float
        What design B adds to the probability of success, averaged over the tasks: −0.15 to 0.25.
    seed : int
        Other participants of the same kind; not negative.

    Returns
    -------
    Sessions
        ``people``: citizen_id, sex, age (years), design. ``tasks``, ``problems``, ``sus``.

        ``truth``, of everybody who might have taken part, for this design: ``success`` and
        ``median_seconds`` (the geometric mean) and ``mean_seconds`` (the arithmetic one), each by
        task; ``problems`` (probability of each), ``mean_problem`` (their mean), ``share_found``
        (expected share of the problems that `n` people find, mean of 1 − (1 − p)ⁿ),
        ``share_found_at_mean`` (what the mean probability alone would say); ``sus`` (expected
        score, 0 to 100); ``average_success``; ``improvement`` of B over A in it.

        What these participants alone suggest: ``naive_success``, ``naive_seconds`` (arithmetic
        means by task), ``naive_problem`` (mean probability of the problems found, as if there were
        no others), ``naive_share_found`` (by that), ``found`` (share found in truth).

    Raises
    ------
    ParameterError
        If a parameter is of the wrong kind or out of range; if `n` is more than live there, what
        to do instead.

    Examples
    --------
    >>> truth = make("八王子市", n=5).truth
    >>> truth["success"]["attach"], round(truth["mean_problem"], 2)
    (0.55, 0.31)
    >>> round(truth["share_found"], 3), round(truth["share_found_at_mean"], 3)
    (0.713, 0.844)
    """
    import numpy as np

    place = find(municipality)
    n, seed = whole(n, "n"), seeded(seed)
    design = one_of(design, "design", DESIGNS)
    improvement = measured(improvement, "improvement", -0.15, 0.25, say("割合"))
    residents.fits(place, n, fewest=FEWEST, youngest=YOUNGEST)

    better = improvement if design == "B" else 0.0
    success, median, problem = successes(better), medians(better), problem_chances(better)
    who, skilled, trying, timing, striking, feeling = streams(6, NAME, VERSION, place.code, n, seed)
    people = residents.draw(place, n, who, youngest=YOUNGEST)
    people["design"] = words(DESIGNS, np.full(n, DESIGNS.index(design)))
    skill = np.round(skilled.standard_normal(n), 9)
    tables = {
        "tasks": try_tasks(people["citizen_id"], skill, success, median, trying, timing),
        "problems": strike(people["citizen_id"], problem, striking),
        "sus": answer_sus(people["citizen_id"], skill, better, feeling),
    }
    truth = _truth(success, median, problem, n, better)
    return Sessions(
        NAME,
        place,
        people,
        truth | {"improvement": improvement, "n": n} | _suggested(tables, len(problem), n),
        cited(NAME, "使いやすさのテスト（模擬）", "Usability sessions (simulated)", place.code),
        lambda: _story(place, n, design, truth["share_found"]),
        tables,
    )


def successes(better: float) -> dict[str, float]:
    """Return the probability of success of each task.

    Examples
    --------
    >>> successes(0.0)["attach"], successes(0.14)["attach"]
    (0.55, 0.775)
    """
    failing = {task: 1 - success for task, (success, _) in TASKS.items()}
    mean = sum(failing.values()) / len(failing)
    return {task: round(1 - fails * (1 - better / mean), 9) for task, fails in failing.items()}


def medians(better: float) -> dict[str, float]:
    """Return the median seconds of each task."""
    return {task: round(median * (1 - better), 9) for task, (_, median) in TASKS.items()}


def problem_chances(better: float) -> dict[str, float]:
    """Return the probability that each problem strikes a person."""
    return {
        f"P{number:02d}": round(chance * (1 - 2 * better), 9)
        for number, chance in enumerate(PROBLEMS, start=1)
    }


def expected_share_found(chances: list[float], n: int) -> float:
    """Return the share of problems that `n` people are expected to find: mean of 1 − (1 − p)ⁿ.

    Nielsen & Landauer (1993), with a probability for each problem (Lewis 2001 on why their mean alone
    promises too much).

    Examples
    --------
    >>> round(expected_share_found([0.31], 5), 3), round(expected_share_found([0.61, 0.01], 5), 3)
    (0.844, 0.52)
    """
    return sum(1 - (1 - chance) ** n for chance in chances) / len(chances)


def sus_score(answers: np.ndarray) -> np.ndarray:
    """Return SUS scores, 0 to 100: (odd items − 1 and 5 − even items) × 2.5 (Brooke 1996).

    Parameters
    ----------
    answers : ndarray
        One row a person, ten columns, 1 to 5.

    Examples
    --------
    >>> import numpy as np
    >>> sus_score(np.array([[3] * 10, [5, 1] * 5, [4, 2, 4, 1, 4, 2, 4, 2, 4, 2]])).tolist()
    [50.0, 100.0, 77.5]
    """
    import numpy as np

    points = np.where(np.arange(10) % 2 == 0, answers - 1, 5 - answers)
    return points.sum(axis=1) * 2.5


def expected_sus(better: float) -> float:
    """Return the expected SUS score of a design, from the normal distribution behind an item.

    Examples
    --------
    >>> round(expected_sus(0.0), 1), round(expected_sus(0.15), 1)
    (61.6, 69.6)
    """
    behind = NormalDist(SUS_MIDDLE + SUS_GAIN * better, SUS_SPREAD)
    return 25 * sum(1 - behind.cdf(points + 0.5) for points in range(4))


def try_tasks(
    citizen_id: pd.Series,
    skill: np.ndarray,
    success: dict[str, float],
    median: dict[str, float],
    trying: np.random.Generator,
    timing: np.random.Generator,
) -> pd.DataFrame:
    """Return success and seconds of each person and task."""
    import numpy as np
    import pandas as pd

    people, tasks = len(skill), len(TASKS)
    shared, own = SKILL**0.5, (1 - SKILL) ** 0.5
    luck = shared * skill[:, None] + own * trying.standard_normal((people, tasks))
    hurdle = [
        round(NormalDist().inv_cdf(1 - min(chance, 1 - 1e-12)), 9) for chance in success.values()
    ]
    # The skilled are faster.
    pace = -shared * skill[:, None] + own * timing.standard_normal((people, tasks))
    seconds = np.array(list(median.values())) * np.exp(SIGMA * pace)
    return pd.DataFrame(
        {
            "citizen_id": np.repeat(citizen_id.to_numpy(), tasks),
            "task": words(tuple(TASKS), np.tile(np.arange(tasks), people)),
            "success": (np.round(luck, 9) > np.array(hurdle)).astype("int64").ravel(),
            "seconds": np.round(seconds, 1).ravel(),
        }
    )


def strike(
    citizen_id: pd.Series, chances: dict[str, float], rng: np.random.Generator
) -> pd.DataFrame:
    """Return which problems strike whom, without those that strike nobody."""
    import numpy as np
    import pandas as pd

    struck = rng.random((len(citizen_id), len(chances))) < np.array(list(chances.values()))
    table = pd.DataFrame(struck.astype("int64"), columns=list(chances))
    table.index = pd.Index(citizen_id.to_numpy(), name="citizen_id")
    return table.loc[:, struck.any(axis=0)]


def answer_sus(
    citizen_id: pd.Series, skill: np.ndarray, better: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the answers to the ten items; in every second one, agreeing is bad."""
    import numpy as np
    import pandas as pd

    noise = (1 - SKILL) ** 0.5 * rng.standard_normal((len(skill), len(ITEMS)))
    behind = SUS_MIDDLE + SUS_GAIN * better + SUS_SPREAD * (SKILL**0.5 * skill[:, None] + noise)
    points = np.clip(np.floor(np.round(behind, 9) + 0.5), 0, 4).astype("int64")
    answers = np.where(np.arange(len(ITEMS)) % 2 == 0, points + 1, 5 - points)
    return pd.DataFrame(answers, columns=list(ITEMS)).assign(citizen_id=citizen_id.to_numpy())[
        ["citizen_id", *ITEMS]
    ]


def _truth(
    success: dict[str, float],
    median: dict[str, float],
    problem: dict[str, float],
    n: int,
    better: float,
) -> dict[str, Any]:
    chances = list(problem.values())
    mean = sum(chances) / len(chances)
    return {
        "success": success,
        "average_success": sum(success.values()) / len(success),
        "median_seconds": median,
        "mean_seconds": {task: seconds * exp(SIGMA**2 / 2) for task, seconds in median.items()},
        "problems": problem,
        "mean_problem": mean,
        "share_found": expected_share_found(chances, n),
        "share_found_at_mean": expected_share_found([mean], n),
        "sus": expected_sus(better),
    }


def _suggested(tables: dict[str, pd.DataFrame], problems: int, n: int) -> dict[str, Any]:
    """Return what the participants alone suggest, taken at face value."""
    by_task = tables["tasks"].groupby("task", sort=False)
    found = tables["problems"]
    naive = float(found.to_numpy().mean()) if found.size else None
    return {
        "naive_success": {task: float(mean) for task, mean in by_task["success"].mean().items()},
        "naive_seconds": {task: float(mean) for task, mean in by_task["seconds"].mean().items()},
        "naive_problem": naive,
        "naive_share_found": None if naive is None else expected_share_found([naive], n),
        "found": found.shape[1] / problems,
        "average_sus": float(sus_score(tables["sus"][list(ITEMS)].to_numpy()).mean()),
    }


def _story(place: Municipality, n: int, design: str, share: float) -> str:
    return say(
        "{town}と同じ人口構成の模擬のまちで行った、申請フォームの使いやすさのテストです。18歳以上の{n:,}人が、案{design}で5つの作業を試しました。"
        "年齢と性別の割合は実際の統計に合わせました。結果は作りもので、{town}で行ったテストの結果ではありません。この模擬では、年齢や性別は結果に関係しません。"
        "時間の単位は秒、SUS（使いやすさの得点）は0から100です。"
        "時間は一部の人だけがとても長くかかるので、ふつうの平均は真ん中の人（中央値）より約{percent}％長く見えます。"
        "この人数で見つかると見込まれるのは、問題全体の約{share:.0f}％です。見つかった問題だけから計算すると、見つけた割合を大きく見積もります。",
        town=place.name,
        n=n,
        design=design,
        share=100 * share,
        percent=round(100 * (exp(SIGMA**2 / 2) - 1)),
    )
