"""People choose a job training themselves: adjusting finds the truth unless a trait is hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds_alike import elsewhere, fingerprint, fresh, margins_off

from kit.data.worlds.programme import Programme, adjusted, design
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "job-programme"
TABLES = ("potential", "chosen")
FROZEN = "881516d8d772e571cc47e65e66e7ee1fba14537485d3c9bd6448b3a562d74cae"


def make(municipality: str = "13201", **parameters: Any) -> Programme:
    made = fresh(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Programme)
    return made


def propensity(world: Programme) -> np.ndarray:
    """Return chances of taking part, by a logistic regression on what is recorded (Newton)."""
    x = design(world.people)
    x = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)])
    d = world.people["training"].to_numpy()
    beta = np.zeros(x.shape[1])
    for _ in range(8):
        p = 1 / (1 + np.exp(-x @ beta))
        beta += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (d - p))
    return 1 / (1 + np.exp(-x @ beta))


def weighted(world: Programme) -> tuple[float, float, float]:
    """Return inverse-probability-weighted ATE and ATT (Hájek), and the error of the first."""
    e, d = propensity(world), world.people["training"].to_numpy()
    y = world.people["pay"].to_numpy()
    treated, others, alike = d / e, (1 - d) / (1 - e), (1 - d) * e / (1 - e)
    means = [float((w * y).sum() / w.sum()) for w in (treated, others, alike)]
    ate, att = means[0] - means[1], float(y[d == 1].mean()) - means[2]
    x = np.column_stack([np.ones(len(y)), design(world.people)])
    parts = [w / w.mean() * (y - m) for w, m in ((treated, means[0]), (others, means[1]))]
    score = parts[0] - parts[1]
    # Estimating the propensity makes the error smaller: take out what its score explains.
    lift = x * (d - e)[:, None]
    score = score - lift @ np.linalg.solve(lift.T @ lift, lift.T @ score)
    return ate, att, float(score.std() / np.sqrt(len(y)))


def regressed(world: Programme) -> float:
    people = world.people
    return adjusted(people["pay"].to_numpy(), people["training"].to_numpy() == 1, design(people))


# ---- who lives there


@pytest.mark.parametrize(("town", "n"), [("13201", 4000), ("13112", 20_000), ("青ヶ島村", 60)])
def test_margins_match_the_town(town: str, n: int) -> None:
    people = make(town, n=n).people
    assert len(people) == n
    assert people["age"].between(20, 59).all()
    assert margins_off(people, town, 20, 59) < 1


def test_people_are_told_without_what_nobody_records() -> None:
    people = make(n=500, hidden=1).people
    assert list(people) == [
        "citizen_id", "sex", "age", "schooling", "had_job", "pay_before", "distance", "training",
        "pay",
    ]  # fmt: skip
    assert set(people["schooling"]) == {9, 12, 14, 16}
    assert ((people["pay_before"] == 0) == (people["had_job"] == 0)).all()
    assert people["distance"].between(0, 15).all()


def test_those_who_take_part_were_worse_off() -> None:
    by = make(n=20_000).people.groupby("training")[["pay_before", "had_job", "distance"]].mean()
    assert (by.loc[1] < by.loc[0]).all()


def test_as_many_take_part_as_asked() -> None:
    for taking in (0.1, 0.5):
        world = make(n=20_000, taking=taking, hidden=1)
        assert world.truth["taking"] == pytest.approx(taking, abs=0.015)
        assert world.chosen["propensity"].mean() == pytest.approx(taking, abs=1e-6)


# ---- the truth


def test_truth_is_exact_for_these_people() -> None:
    world = make(hidden=0.5)
    both, people, truth = world.potential, world.people, world.truth
    gain, took = both["y_with"] - both["y_without"], people["training"] == 1
    assert truth["ate"] == pytest.approx(gain.mean())
    assert truth["att"] == pytest.approx(gain[took].mean())
    assert truth["atc"] == pytest.approx(gain[~took].mean())
    assert (people["pay"] == both["y_with"].where(took, both["y_without"])).all()
    assert truth["ate"] == pytest.approx(24, abs=0.1)
    assert truth["att"] > truth["ate"] + 2 > truth["atc"] + 2


def test_naive_numbers_are_those_a_class_computes() -> None:
    world = make()
    people, truth = world.people, world.truth
    means = people.groupby("training")["pay"].mean()
    assert truth["treated_vs_untreated"] == pytest.approx(means[1] - means[0])
    took = people[people["training"] == 1]
    assert truth["before_after"] == pytest.approx((took["pay"] - took["pay_before"]).mean())


def test_no_effect_changes_nobody() -> None:
    world = make(effect=0)
    assert (world.potential["y_with"] == world.potential["y_without"]).all()
    assert world.truth["ate"] == 0
    assert world.truth["treated_vs_untreated"] < -30


def test_another_effect_leaves_the_choice_as_it_is() -> None:
    one, other = make(effect=10), make(effect=50)
    assert (one.people["training"] == other.people["training"]).all()
    assert (one.potential["y_without"] == other.potential["y_without"]).all()


def test_pay_is_never_negative() -> None:
    assert (make(n=20_000, effect=-100, hidden=2).potential >= 0).all().all()


# ---- what the methods find


def test_adjusting_finds_the_truth_and_comparing_does_not() -> None:
    rows, covered = [], []
    for seed in range(60):
        world = make(seed=seed, n=2000)
        truth = world.truth
        ate, att, error = weighted(world)
        rows.append([ate - truth["ate"], att - truth["att"], regressed(world) - truth["ate"]])
        covered.append(abs(rows[-1][0]) < 1.96 * error)
        assert truth["hidden_bias"] == 0
        assert truth["treated_vs_untreated"] < 0 < truth["ate"]  # the wrong sign in every town
        assert truth["before_after"] > truth["att"] + 60
    assert (np.abs(np.mean(rows, axis=0)) < 3 * np.std(rows, axis=0) / np.sqrt(60)).all()
    assert 0.88 <= np.mean(covered) <= 1


def test_a_hidden_trait_misleads_adjusting_by_what_is_told() -> None:
    rows, told, covered = [], [], []
    for seed in range(40):
        world = make(seed=seed, n=2000, hidden=1)
        ate, _, error = weighted(world)
        rows.append([ate - world.truth["ate"], regressed(world) - world.truth["ate"]])
        told.append(world.truth["hidden_bias"])
        covered.append(abs(rows[-1][0]) < 1.96 * error)
    assert np.mean(told) > 20  # nearly as large as the effect
    found, wavering = np.mean(rows, axis=0), np.std(rows, axis=0) / np.sqrt(40)
    assert (np.abs(found - np.mean(told)) < 3 * wavering + 0.1).all()
    assert np.mean(covered) == 0


def test_a_stronger_hidden_trait_misleads_more() -> None:
    bias = [make(hidden=strength).truth["hidden_bias"] for strength in (0, 0.3, 0.6, 1, 2)]
    assert bias[0] == 0
    assert (np.diff(bias) > 0).all()


def test_recording_the_trait_would_have_helped() -> None:
    off = []
    for seed in range(30):
        world = make(seed=seed, hidden=1)
        people = world.people
        everything = np.column_stack([design(people), world.chosen["drive"]])
        found = adjusted(people["pay"].to_numpy(), people["training"].to_numpy() == 1, everything)
        off.append(found - world.truth["ate"])
    assert np.mean(off) == pytest.approx(0, abs=3 * np.std(off) / np.sqrt(30))


def test_poor_overlap_leaves_people_without_their_like_and_weights_wild() -> None:
    fine, poor = make(), make(overlap="poor")
    chance = [world.chosen["propensity"] for world in (fine, poor)]
    assert chance[0].between(0.04, 0.8).all()
    assert chance[1].min() < 0.005
    assert chance[1].max() > 0.9
    spread = []
    for overlap in ("fine", "poor"):
        worlds = [make(seed=seed, n=2000, overlap=overlap) for seed in range(20)]
        spread.append(np.std([weighted(world)[0] - world.truth["ate"] for world in worlds]))
    assert spread[1] > 2 * spread[0]


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    asked = {"municipality": "13421", "n": 500, "hidden": 0.5, "overlap": "poor", "seed": 7}
    here = fingerprint(fresh(NAME, **asked), *TABLES)
    assert here == elsewhere(NAME, *TABLES, **asked)
    assert here == FROZEN


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(n=200, seed=seed)) for seed in range(5)}) == 5


# ---- asked for something impossible


def test_a_village_too_small_says_what_to_do_instead() -> None:
    with pytest.raises(LimitError) as raised:
        make("青ヶ島村")
    assert "青ヶ島村" in raised.value.message
    assert raised.value.hint


def test_the_smallest_world_has_a_story() -> None:
    for seed in range(20):
        world = make("青ヶ島村", n=60, taking=0.05, hidden=1, overlap="poor", seed=seed)
        assert "模擬" in world.story
        assert np.isfinite(world.truth["ate"])


@pytest.mark.parametrize(
    "wrong",
    [{"n": 59}, {"n": 100.5}, {"n": True}, {"n": "4000"}, {"n": 10**30}, {"n": float("nan")},
     {"effect": 101}, {"effect": "24"}, {"effect": None}, {"taking": 30}, {"taking": 0},
     {"taking": float("nan")}, {"hidden": -0.1}, {"hidden": 2.1}, {"hidden": True},
     {"overlap": "fair"}, {"overlap": None}, {"overlap": 1}, {"seed": -1}, {"seed": "1"},
     {"strength": 1}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


def test_a_misspelt_overlap_is_told_the_nearest() -> None:
    with pytest.raises(ParameterError) as raised:
        make(overlap="por")
    assert "poor" in str(raised.value.hint)


# ---- what is said of it


def test_nothing_is_said_of_the_real_town() -> None:
    world = make(n=400)
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation
    assert "24" not in repr(world)
    with using("en"):
        assert "Hachioji City" in world.citation.line()


def test_the_story_says_by_how_much_it_misleads() -> None:
    world = make(hidden=1)
    truth = world.truth
    assert f"{truth['treated_vs_untreated'] - truth['ate']:+.0f}万円" in world.story
    assert f"{truth['hidden_bias']:+.0f}万円" in world.story
    assert "意欲" not in make().story
