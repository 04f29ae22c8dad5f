"""Whose projects win depends on who votes; voters weighted by group stand for everybody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds_alike import elsewhere, fingerprint, margins_off

from kit import data
from kit.data.worlds.votes import APPROVED, GROUPS, MIX, PAPER, Votes, greedy
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "project-votes"
TABLES = ("projects", "ballots", "utilities")


def make(municipality: object = "13201", **parameters: Any) -> Votes:
    made = data.world(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Votes)
    return made


def weighted(world: Votes) -> tuple[pd.Series, pd.Series]:
    """Approval by voters weighted to the groups' shares of the residents, and its standard error."""
    group = world.people.set_index("citizen_id")["group"]
    known = group.value_counts(normalize=True)
    by_group = world.ballots.groupby(group.loc[world.ballots.index])
    mean, size = by_group.mean(), by_group.size()
    left = 1 - size / group.value_counts()
    variance = (mean * (1 - mean)).mul(left / (size - 1), axis=0)
    error = variance.mul(known**2, axis=0).sum() ** 0.5
    return mean.mul(known, axis=0).sum(), error


# ---- who may vote, and who does


@pytest.mark.parametrize(("code", "n"), [("13112", 5000), ("13201", 2000), ("13362", 200)])
def test_residents_have_the_margins_of_the_town(code: str, n: int) -> None:
    world = make(code, n=n)
    assert margins_off(world.people, code, 18) < 1
    assert world.people["district"].value_counts().between(n // 5, n // 5 + 1).all()
    seniors = world.people["group"] == "seniors"
    assert (seniors == (world.people["age"] >= 65)).all()
    assert "winners" not in repr(world)


@pytest.mark.parametrize("turnout", [0.05, 0.3, 0.95])
def test_turnout_is_as_asked_to_within_one_person(turnout: float) -> None:
    world = make(n=1500, turnout=turnout)
    assert abs(world.people["voted"].mean() - turnout) <= 1 / 1500 + 1e-9
    assert world.truth["turnout"] == world.people["voted"].mean()


def test_a_channel_left_out_leaves_out_its_people() -> None:
    both, online, paper = (
        make(n=20_000, channels=channels) for channels in ("both", "online", "paper")
    )
    for world in (online, paper):
        assert world.truth["turnout"] < 0.7 * both.truth["turnout"]
        pd.testing.assert_frame_equal(world.utilities, both.utilities)
    seniors = [world.truth["voter_shares"]["seniors"] for world in (online, both, paper)]
    assert seniors[0] + 0.1 < seniors[1] < seniors[2] - 0.1
    used = [
        set(world.people.loc[world.people["voted"] == 1, "channel"])
        for world in (online, both, paper)
    ]
    assert used == [{"online"}, {"online", "paper"}, {"paper"}]
    assert (both.people.loc[both.people["voted"] == 0, "channel"] == "").all()


def test_the_mixes_add_up_to_one() -> None:
    assert np.array(MIX).sum(axis=1) == pytest.approx(1)
    assert np.array(PAPER).sum(axis=1) == pytest.approx(1)


# ---- projects and ballots


@pytest.mark.parametrize(("projects", "budget"), [(4, 1_000_000), (12, 30_000_000), (40, 10**10)])
def test_projects_cost_more_together_than_there_is(projects: int, budget: int) -> None:
    world = make(projects=projects, budget=budget)
    table = world.projects
    assert len(table) == world.ballots.shape[1] == projects
    assert world.budget == budget
    assert table["cost"].between(budget * 0.06, budget * 0.35).all()
    assert table["project"].is_unique


def test_ballots_are_those_of_the_voters_and_follow_their_utilities() -> None:
    world = make()
    voters = world.people.loc[world.people["voted"] == 1, "citizen_id"]
    assert list(world.ballots.index) == list(voters)
    everyone = (world.utilities >= APPROVED).astype("int64")
    pd.testing.assert_frame_equal(world.ballots, everyone.loc[voters.to_numpy()])
    assert world.utilities.to_numpy().min() >= 0 and world.utilities.to_numpy().max() <= 1


def test_people_prefer_projects_of_their_own_district() -> None:
    world = make(n=5000)
    for row in world.projects.itertuples(index=False):
        near = (world.people["district"] == row.district).to_numpy()
        liked = world.utilities[row.project].to_numpy()
        assert liked[near].mean() > liked[~near].mean() + 0.08


# ---- the rule


def test_the_greedy_rule_gives_the_case_done_by_hand() -> None:
    # Ten voters, budget 100: A and B (50 each) have the same six voters, C (40) the other four.
    assert greedy([6, 6, 4], [50, 50, 40], 100) == [0, 1]


def test_the_greedy_rule_skips_what_no_longer_fits_and_breaks_ties_by_cost() -> None:
    assert greedy([9, 8, 7], [60, 50, 40], 100) == [0, 2]
    assert greedy([5, 5, 5], [60, 40, 40], 80) == [1, 2]
    assert greedy([5, 4], [30, 20], 10) == []


@pytest.mark.parametrize("seed", range(6))
def test_winners_fit_the_budget_and_nothing_more_would(seed: int) -> None:
    world = make(seed=seed, n=500)
    cost = world.projects.set_index("project")["cost"]
    for winners in (world.truth["winners"], world.truth["naive_winners"]):
        left = world.budget - cost[winners].sum()
        assert left >= 0
        assert (cost.drop(winners) > left).all()


# ---- truth, and what a method finds


def test_truth_is_computed_from_everybody() -> None:
    world = make()
    truth, approves = world.truth, world.utilities >= APPROVED
    group = world.people.set_index("citizen_id")["group"]
    assert truth["approval"] == pytest.approx(approves.mean().to_dict())
    assert truth["naive_approval"] == pytest.approx(world.ballots.mean().to_dict())
    assert truth["weighted_approval"] == pytest.approx(weighted(world)[0].to_dict())
    for name in GROUPS:
        mine = approves.loc[group == name]
        assert truth["approval_by_group"][name] == pytest.approx(mine.mean().to_dict())
        for prefix in ("", "naive_"):
            glad = mine[truth[f"{prefix}winners"]].any(axis=1).mean()
            assert truth[f"{prefix}represented"][name] == pytest.approx(glad)
    worst = max(abs(truth["naive_approval"][p] - truth["approval"][p]) for p in truth["approval"])
    assert truth["largest_error"] == pytest.approx(worst)


def test_voters_mislead_and_weighted_voters_do_not() -> None:
    naive, repaired, covered, benches = [], [], [], []
    for seed in range(25):
        world = make(n=2000, seed=seed)
        truth = pd.Series(world.truth["approval"])
        estimate, error = weighted(world)
        kinds = world.projects.set_index("project")["kind"]
        wrong = world.ballots.mean() - truth
        naive.append(wrong.abs().max())
        benches.append(wrong[kinds == "benches"].mean())
        repaired.append((estimate - truth).mean())
        covered.append(((estimate - truth).abs() < 1.96 * error).mean())
    assert np.mean(repaired) == pytest.approx(0, abs=0.006)
    assert 0.92 <= np.mean(covered) <= 0.98
    assert 0.12 < np.mean(naive) < 0.22
    assert np.mean(benches) > 0.1  # what seniors like looks more liked than it is


def test_a_group_without_a_voter_cannot_be_weighted() -> None:
    silent = [make("13362", n=50, turnout=0.05, seed=seed).truth for seed in range(8)]
    assert any(truth["weighted_approval"] is None for truth in silent)
    assert all(truth["naive_approval"] for truth in silent)


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    asked: dict[str, Any] = {"municipality": "13421", "n": 400, "channels": "paper", "seed": 7}
    here = fingerprint(data.world(NAME, **asked), *TABLES)
    assert here == elsewhere(NAME, *TABLES, **asked)
    assert here == "b4098a2c40371270c1f97cc9fe73a8b9119ae1675107c0630a6020f8efbde637"


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(n=100, seed=seed), *TABLES) for seed in range(4)}) == 4


# ---- asked for something impossible


@pytest.mark.parametrize(
    "wrong",
    [{"n": 49}, {"n": -1}, {"n": 10**30}, {"n": 99.5}, {"n": "500"}, {"n": True},
     {"n": float("nan")}, {"projects": 3}, {"projects": 41}, {"projects": "12"}, {"budget": 30},
     {"budget": 10**11}, {"budget": 1.5e6 + 0.5}, {"budget": None}, {"turnout": 30},
     {"turnout": 0}, {"turnout": float("nan")}, {"turnout": "0.3"}, {"channels": "mail"},
     {"channels": None}, {"channels": True}, {"seed": -1}, {"seed": []}, {"voters": 3}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


def test_a_village_has_only_so_many_voters() -> None:
    with pytest.raises(LimitError, match="青ヶ島村"):
        make("青ヶ島村")
    assert len(make("青ヶ島村", n=100).people) == 100


# ---- what is said of it


def test_the_story_says_that_it_is_simulated_and_how_much_is_misleading() -> None:
    world = make()
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert "八王子市の実際の投票ではありません" in world.story
    assert f"最大で{100 * world.truth['largest_error']:.1f}ポイント" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation == world.ballots.attrs["citation"]
    with using("en"):
        assert "Hachioji City" in world.story
