"""Few test users find most problems, not all; and their numbers need an honest interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds_alike import elsewhere, fingerprint, margins_off

from kit import data
from kit.data.worlds.usability import (
    ITEMS,
    Sessions,
    expected_share_found,
    expected_sus,
    problem_chances,
    successes,
    sus_score,
)
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "usability-sessions"
TABLES = ("tasks", "problems", "sus")
MANY = 40_000


def make(municipality: object = "13201", **parameters: Any) -> Sessions:
    made = data.world(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Sessions)
    return made


@pytest.fixture(scope="module")
def crowd() -> Sessions:
    """Many participants, who can be cut into many small tests: they are independent."""
    return make(n=MANY)


def wide(world: Sessions, value: str) -> pd.DataFrame:
    return world.tasks.pivot(index="citizen_id", columns="task", values=value)


def covered(x: np.ndarray, n: int, p: float, *, adjusted: bool) -> float:
    """Share of 95 % Wald intervals that hold p; adjusted: (x + z²/2) / (n + z²) (Agresti & Coull)."""
    z = 1.96
    if adjusted:
        x, n = x + z**2 / 2, n + z**2  # type: ignore[assignment]
    share = x / n
    return float((np.abs(share - p) <= z * np.sqrt(share * (1 - share) / n)).mean())


# ---- who takes part, and what they do


@pytest.mark.parametrize(("code", "n"), [("13112", 40), ("13201", 8), ("13362", 5)])
def test_participants_are_recruited_by_the_margins_of_the_town(code: str, n: int) -> None:
    world = make(code, n=n)
    assert margins_off(world.people, code, 18) < 1
    assert len(world.tasks) == 5 * n
    assert list(world.sus["citizen_id"]) == list(world.people["citizen_id"])
    assert list(world.problems.index) == list(world.people["citizen_id"])
    assert "success=" not in repr(world)


@pytest.mark.parametrize("better", [-0.15, 0.0, 0.1, 0.25])
def test_design_b_is_better_by_exactly_what_was_asked(better: float) -> None:
    a, b = make(improvement=better).truth, make(design="B", improvement=better).truth
    assert b["average_success"] - a["average_success"] == pytest.approx(better)
    assert b["improvement"] == a["improvement"] == better
    assert all(0 < chance < 1 for chance in b["success"].values())
    assert all(0 < chance <= 1 for chance in b["problems"].values())
    for task, seconds in a["median_seconds"].items():
        assert b["median_seconds"][task] == pytest.approx(seconds * (1 - better))


def test_no_improvement_means_the_same_results_for_the_same_people() -> None:
    a, b = make(improvement=0), make(design="B", improvement=0)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(a, table), getattr(b, table))
    pd.testing.assert_frame_equal(a.people.drop(columns="design"), b.people.drop(columns="design"))


def test_what_many_do_is_the_truth(crowd: Sessions) -> None:
    truth = crowd.truth
    assert wide(crowd, "success").mean().to_dict() == pytest.approx(truth["success"], abs=0.012)
    seconds = wide(crowd, "seconds")
    assert seconds.mean().to_dict() == pytest.approx(truth["mean_seconds"], rel=0.02)
    geometric = np.exp(np.log(seconds.clip(lower=0.1)).mean()).to_dict()
    assert geometric == pytest.approx(truth["median_seconds"], rel=0.02)
    assert seconds.median().to_dict() == pytest.approx(truth["median_seconds"], rel=0.02)
    assert crowd.problems.mean().to_dict() == pytest.approx(truth["problems"], abs=0.012)
    assert sus_score(crowd.sus[list(ITEMS)].to_numpy()).mean() == pytest.approx(
        truth["sus"], abs=0.4
    )


def test_the_skilled_succeed_more_and_are_faster(crowd: Sessions) -> None:
    succeeded, seconds = (
        wide(crowd, "success").sum(axis=1),
        np.log(wide(crowd, "seconds")).mean(axis=1),
    )
    assert np.corrcoef(succeeded, seconds)[0, 1] < -0.15
    scores = sus_score(crowd.sus[list(ITEMS)].to_numpy())
    assert np.corrcoef(succeeded, scores)[0, 1] > 0.15


# ---- the scale


def test_sus_gives_the_known_scores() -> None:
    answers = np.array([[3] * 10, [5, 1] * 5, [1, 5] * 5, [4, 2, 4, 1, 4, 2, 4, 2, 4, 2]])
    assert sus_score(answers).tolist() == [50.0, 100.0, 0.0, 77.5]


def test_sus_answers_stay_on_the_scale_and_b_gains(crowd: Sessions) -> None:
    assert crowd.sus[list(ITEMS)].isin([1, 2, 3, 4, 5]).all(axis=None)
    assert expected_sus(0.15) - expected_sus(0) == pytest.approx(60 * 0.15, abs=1.5)
    after = make(n=4000, design="B")
    assert after.truth["average_sus"] == pytest.approx(after.truth["sus"], abs=1)


# ---- what a method finds


@pytest.mark.parametrize("n", [5, 10])
def test_adjusted_wald_covers_with_few_users_and_wald_does_not(crowd: Sessions, n: int) -> None:
    succeeded = wide(crowd, "success")
    wald, adjusted = [], []
    for task, p in crowd.truth["success"].items():
        x = succeeded[task].to_numpy().reshape(-1, n).sum(axis=1)
        wald.append(covered(x, n, p, adjusted=False))
        adjusted.append(covered(x, n, p, adjusted=True))
    assert 0.94 <= np.mean(adjusted) <= 0.995
    assert min(adjusted) > 0.9
    assert np.mean(wald) < 0.87
    assert min(wald) < 0.7  # where nearly all succeed, p = .9


def test_the_geometric_mean_finds_the_median_and_the_arithmetic_one_does_not(
    crowd: Sessions,
) -> None:
    for task, seconds in wide(crowd, "seconds").items():
        truth = crowd.truth["median_seconds"][task]
        tests = np.log(seconds.to_numpy().clip(min=0.1)).reshape(-1, 8)
        half = 2.3646 * tests.std(axis=1, ddof=1) / 8**0.5  # t with 7 degrees of freedom
        inside = np.abs(tests.mean(axis=1) - np.log(truth)) <= half
        assert inside.mean() == pytest.approx(0.95, abs=0.015)
        arithmetic = np.exp(tests).mean(axis=1).mean()
        assert arithmetic / truth == pytest.approx(np.exp(0.6**2 / 2), abs=0.03)


def test_a_few_users_find_the_share_the_formula_says(crowd: Sessions) -> None:
    strikes = crowd.problems.to_numpy()
    chances = list(crowd.truth["problems"].values())
    for n in (1, 5, 20):
        found = strikes.reshape(-1, n, strikes.shape[1]).any(axis=1).mean()
        assert found == pytest.approx(expected_share_found(chances, n), abs=0.008)
    assert np.mean(chances) == pytest.approx(0.31)
    assert expected_share_found([0.31], 5) == pytest.approx(0.844, abs=0.0005)
    assert expected_share_found(chances, 5) < 0.72


def test_problems_found_make_problems_look_easier_to_find_than_they_are() -> None:
    truths = [make(n=5, seed=seed).truth for seed in range(60)]
    naive = np.mean([truth["naive_problem"] for truth in truths])
    assert naive > truths[0]["mean_problem"] + 0.08
    assert np.mean([truth["found"] for truth in truths]) == pytest.approx(
        truths[0]["share_found"], abs=0.03
    )
    assert np.mean([truth["naive_share_found"] for truth in truths]) > 0.9


def test_what_the_participants_suggest_is_computed_from_them() -> None:
    world = make(n=6)
    truth = world.truth
    assert truth["naive_success"] == pytest.approx(wide(world, "success").mean().to_dict())
    assert truth["naive_seconds"] == pytest.approx(wide(world, "seconds").mean().to_dict())
    assert truth["naive_problem"] == pytest.approx(world.problems.to_numpy().mean())
    assert truth["found"] == world.problems.shape[1] / len(truth["problems"])
    assert (world.problems.sum() > 0).all()
    assert set(world.problems) <= set(problem_chances(0))


# ---- the same every time


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    asked: dict[str, Any] = {"municipality": "13421", "n": 60, "design": "B", "seed": 7}
    here = fingerprint(data.world(NAME, **asked), *TABLES)
    assert here == elsewhere(NAME, *TABLES, **asked)
    assert here == "f5964030e5710626c2e202a71e27ead2d15b25cc02cb04ae839b8db2dac65337"


def test_another_seed_is_another_test() -> None:
    assert len({fingerprint(make(seed=seed), *TABLES) for seed in range(4)}) == 4


# ---- asked for something impossible


@pytest.mark.parametrize(
    "wrong",
    [{"n": 2}, {"n": -1}, {"n": 10**30}, {"n": 5.5}, {"n": "5"}, {"n": True}, {"n": float("nan")},
     {"design": "C"}, {"design": "a"}, {"design": 1}, {"design": None}, {"improvement": 0.26},
     {"improvement": -0.16}, {"improvement": "0.1"}, {"improvement": float("nan")},
     {"improvement": True}, {"seed": -1}, {"seed": "1"}, {"users": 5}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


def test_a_village_has_only_so_many_participants() -> None:
    with pytest.raises(LimitError, match="青ヶ島村"):
        make("青ヶ島村", n=200)
    assert len(make("青ヶ島村", n=100).people) == 100


def test_success_probabilities_are_the_ones_written_down() -> None:
    assert successes(0) == {
        "find": 0.9,
        "sign-in": 0.75,
        "fill-in": 0.6,
        "attach": 0.55,
        "send": 0.8,
    }


# ---- what is said of it


def test_the_story_says_that_it_is_simulated_and_how_much_is_misleading() -> None:
    world = make()
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert "八王子市で行ったテストの結果ではありません" in world.story
    assert "約20％長く" in world.story
    assert f"約{100 * world.truth['share_found']:.0f}％" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert all(getattr(world, table).attrs["citation"] == world.citation for table in TABLES)
    with using("en"):
        assert "Hachioji City" in world.story
