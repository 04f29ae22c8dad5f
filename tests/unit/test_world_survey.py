"""Who answers a survey decides what its mean says; weighting repairs what age and sex explain."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds_alike import elsewhere, fingerprint, margins_off

from kit import data
from kit.data.population import by_age
from kit.data.worlds.survey import AGE_GROUPS, Survey, poststratified
from kit.errors import ParameterError
from kit.language import using

NAME = "resident-survey"


def make(municipality: object = "13201", **parameters: Any) -> Survey:
    made = data.world(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Survey)
    return made


def cells(world: Survey) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Responses, users among them, and people invited: a row a sex, a column an age group."""
    people = world.people
    row = (people["sex"] == "male").to_numpy().astype(int)
    column = np.searchsorted([40, 65, 75], people["age"].to_numpy(), "right")
    responded = (people["responded"] == 1).to_numpy()
    tables = np.zeros((3, 2, 4))
    np.add.at(tables[0], (row[responded], column[responded]), 1)
    said = people["used_online"].to_numpy()[responded]
    np.add.at(tables[1], (row[responded], column[responded]), said)
    np.add.at(tables[2], (row, column), 1)
    return tables[0], tables[1], tables[2]


def post_stratify(world: Survey, known: np.ndarray) -> tuple[float, float]:
    """Share of users, post-stratified to the real margins, and its standard error."""
    size, users, invited = cells(world)
    weight, mean = known / known.sum(), users / size
    variance = (1 - size / invited) * mean * (1 - mean) / (size - 1)
    return float((weight * mean).sum()), float((weight**2 * variance).sum() ** 0.5)


def rake(world: Survey, known: np.ndarray) -> float:
    """Share of users by raking to the margins of sex and of age group (Deming & Stephan 1940)."""
    size, users, _ = cells(world)
    weight = size.copy()
    for _ in range(20):
        weight *= known.sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
        weight *= known.sum(axis=0) / weight.sum(axis=0)
    return float((weight * users / size).sum() / weight.sum())


def margins(world: Survey) -> np.ndarray:
    return world.margins.pivot(index="sex", columns="age_group", values="population").to_numpy()


# ---- who is invited


@pytest.mark.parametrize(("code", "n"), [("13112", 5000), ("13201", 3000), ("13362", 200)])
def test_the_invited_are_the_municipality_in_small(code: str, n: int) -> None:
    world = make(code, n=n)
    adults = by_age(code)[:, 18:].sum()
    invited = world.people.groupby(["sex", "age_group"]).size()
    for row in world.margins.itertuples(index=False):
        # Two roundings: 18–39 is one of their blocks, and 75 and over another.
        assert abs(invited[row.sex, row.age_group] - n * row.population / adults) < 2
    assert world.margins["population"].sum() == adults
    assert margins_off(world.people, code, 18) < 1
    assert world.people["citizen_id"].is_unique
    assert abs((world.people["channel"] == "paper").sum() - n / 2) <= 0.5


def test_age_groups_are_those_of_the_ages() -> None:
    people = make().people
    for group, (low, high) in AGE_GROUPS.items():
        assert people.loc[people["age_group"] == group, "age"].between(low, high).all()


# ---- what they say


@pytest.mark.parametrize(("response", "use"), [(0.4, 0.4), (0.05, 0.95), (0.95, 0.05), (0.7, 0.2)])
@pytest.mark.parametrize("hidden", [False, True])
def test_shares_are_as_asked_to_within_one_person(
    response: float, use: float, hidden: bool
) -> None:
    truth = make(n=1500, response=response, use=use, hidden=hidden).truth
    assert abs(truth["used_online"] - use) <= 1 / 1500 + 1e-9
    assert abs(truth["response"] - response) <= 1 / 1500 + 1e-9


def test_only_those_who_responded_show_their_answers() -> None:
    world = make()
    responded = world.people["responded"] == 1
    for answer in ("used_online", "satisfaction"):
        assert world.people.loc[~responded, answer].isna().all()
        assert (world.people[answer] == world.answers[answer])[responded].all()
    assert world.answers["satisfaction"].between(1, 5).all()
    assert world.truth["satisfaction"] == pytest.approx(world.answers["satisfaction"].mean())
    assert "used_online=0" not in repr(world)


def test_the_switch_changes_who_responds_and_nothing_else() -> None:
    honest, hidden = make(), make(hidden=True)
    pd.testing.assert_frame_equal(honest.answers, hidden.answers)
    assert (honest.people["responded"] != hidden.people["responded"]).any()
    assert (honest.truth["recoverable"], hidden.truth["recoverable"]) == (True, False)


def test_the_young_follow_links_and_the_old_fill_in_paper() -> None:
    people = make(n=20_000).people
    rate = people.groupby(["age_group", "channel"])["responded"].mean().unstack()
    assert rate.loc["18-39", "web"] > rate.loc["18-39", "paper"] + 0.05
    assert rate.loc["75+", "paper"] > rate.loc["75+", "web"] + 0.2


# ---- what a method finds


def test_weighting_finds_the_truth_and_the_mean_of_respondents_does_not() -> None:
    known = margins(make())
    naive, weighted, raked, told, covered = [], [], [], [], []
    for seed in range(60):
        world = make(n=2000, seed=seed)
        truth = world.truth["used_online"]
        estimate, error = post_stratify(world, known)
        covered.append(abs(estimate - truth) < 1.96 * error)
        weighted.append(estimate - truth)
        naive.append(world.people["used_online"].mean() - truth)
        assert world.truth["naive_used_online"] == pytest.approx(naive[-1] + truth)
        told.append(world.truth["naive_error"])
        raked.append(rake(world, known) - truth)
    assert np.mean(weighted) == pytest.approx(0, abs=0.006)
    assert np.mean(raked) == pytest.approx(0, abs=0.006)
    assert np.mean(naive) == pytest.approx(np.mean(told), abs=0.005)
    assert np.mean(naive) < -0.06
    assert np.mean(covered) >= 0.86  # 60 repeats waver by 2.8 points about 0.95
    interval = 1.96 * (0.4 * 0.6 / 800) ** 0.5
    assert np.mean(np.abs(naive) < interval) < 0.1


def test_nothing_repairs_non_response_that_hangs_on_the_answer() -> None:
    known = margins(make())
    weighted, told, covered = [], [], []
    for seed in range(30):
        world = make(n=2000, hidden=True, seed=seed)
        estimate, error = post_stratify(world, known)
        weighted.append(estimate - world.truth["used_online"])
        told.append(world.truth["weighted_error"])
        covered.append(abs(weighted[-1]) < 1.96 * error)
    assert np.mean(weighted) == pytest.approx(np.mean(told), abs=0.006)
    assert np.mean(weighted) < -0.08
    assert np.mean(covered) < 0.05


def test_one_channel_alone_hears_other_people() -> None:
    truth = make(n=20_000).truth
    assert truth["paper_used_online"] + 0.04 < truth["web_used_online"]
    assert truth["weighted_used_online"] == pytest.approx(truth["used_online"], abs=0.01)
    assert truth["weighted_satisfaction"] == pytest.approx(truth["satisfaction"], abs=0.03)
    assert truth["naive_satisfaction"] > truth["satisfaction"] + 0.05


def test_a_group_that_is_silent_cannot_be_weighted() -> None:
    assert poststratified(np.array([1.0, np.nan]), np.array([0, 1])) is None
    assert poststratified(np.array([1.0, 0.0, 0.0, 0.0]), np.array([0, 0, 3, 3])) == 0.25
    silent = make("13362", n=100, response=0.05).truth
    assert silent["weighted_used_online"] is None
    assert silent["responses"] == 5


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    asked: dict[str, Any] = {"municipality": "13421", "n": 500, "seed": 7}
    here = fingerprint(data.world(NAME, **asked), "answers")
    assert here == elsewhere(NAME, "answers", **asked)
    assert here == "90b7eb6903fe3e1ed9fdb3a71334f707ae1edbb057e0e3a8e71deca2b620b16d"


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(n=200, seed=seed)) for seed in range(4)}) == 4


# ---- asked for something impossible


@pytest.mark.parametrize(
    "wrong",
    [{"n": 99}, {"n": 10**30}, {"n": 2.5}, {"n": "300"}, {"n": True}, {"n": float("nan")},
     {"response": 40}, {"response": 0}, {"response": float("nan")}, {"response": "0.4"},
     {"use": 1}, {"use": True}, {"use": None}, {"hidden": 1}, {"hidden": "yes"}, {"hidden": None},
     {"seed": -1}, {"seed": None}, {"answers": 3}, {"municipality": "八玉子"}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where or raised.value.hint


def test_a_village_too_small_is_told_what_to_do() -> None:
    with pytest.raises(ParameterError) as raised:
        make("青ヶ島村")
    assert "青ヶ島村" in raised.value.message
    assert raised.value.hint
    assert make("青ヶ島村", n=100).truth["n"] == 100


# ---- what is said of it


def test_the_story_says_that_it_is_simulated_and_how_much_is_misleading() -> None:
    world = make(hidden=True)
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert "八王子市の実際の調査結果ではありません" in world.story
    assert f"{-100 * world.truth['naive_error']:.1f}ポイント" in world.story
    assert f"{-100 * world.truth['weighted_error']:.1f}ポイント" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation == world.margins.attrs["citation"]
    with using("en"):
        assert "Hachioji City" in world.story
