"""A line drawn at an income: its two sides differ anyway, families just beside it do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds_alike import elsewhere, fingerprint, fresh, margins_off

from kit.data.worlds.threshold import Threshold, local_linear
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "subsidy-threshold"
TABLES = ("potential", "honest")
FROZEN = "8fd52390ce522c325ba8d554b4243509dd0aa80c4a73ad6104505dc229d0d035"
FUZZY: dict[str, Any] = {"takeup": 0.8, "leak": 0.1}


def make(municipality: str = "13201", **parameters: Any) -> Threshold:
    made = fresh(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Threshold)
    return made


def jump(world: Threshold, bandwidth: float = 60) -> tuple[float, float]:
    """Return the jump in hours below the line and its robust error (HC1), triangular weights."""
    people = world.people
    x = people["income"].to_numpy() - world.cutoff
    w = np.maximum(1 - np.abs(x) / bandwidth, 0)
    x, w, y = x[w > 0], w[w > 0], people["hours"].to_numpy()[w > 0]
    below = (x < 0).astype(float)
    columns = np.column_stack([below, np.ones(len(x)), x, x * below])
    bread = np.linalg.inv((columns * w[:, None]).T @ columns)
    fitted = bread @ (columns * w[:, None]).T @ y
    score = columns * (w * (y - columns @ fitted))[:, None]
    spread = bread @ (score.T @ score) @ bread * len(x) / (len(x) - 4)
    return float(fitted[0]), float(np.sqrt(spread[0, 0]))


def crowding(world: Threshold, width: float = 15) -> float:
    """Return z for as many reports just below the line as just above it (binomial)."""
    x = world.people["income"] - world.cutoff
    below, above = ((x >= -width) & (x < 0)).sum(), ((x >= 0) & (x < width)).sum()
    return float((below - above) / np.sqrt(below + above))


# ---- who lives there


@pytest.mark.parametrize(("town", "n"), [("13201", 6000), ("13112", 20_000), ("青ヶ島村", 60)])
def test_margins_match_the_town(town: str, n: int) -> None:
    people = make(town, n=n).people
    assert len(people) == n
    assert people["age"].between(25, 59).all()
    assert margins_off(people, town, 25, 59) < 1


def test_incomes_are_spread_as_said() -> None:
    income = make(n=20_000).people["income"]
    assert income.median() == pytest.approx(420, rel=0.02)
    assert np.log(income).std() == pytest.approx(0.45, rel=0.03)
    assert (income * 10).round(6).mod(1).eq(0).all()


# ---- the rule


def test_a_sharp_line_decides_alone() -> None:
    world = make()
    people = world.people
    assert (people["entitled"] == (people["income"] < 360)).all()
    assert (people["subsidy"] == people["entitled"]).all()
    assert (people["income"] == world.honest["true_income"]).all()
    assert world.honest["moved"].sum() == 0


def test_a_fuzzy_line_decides_for_some() -> None:
    world = make(n=20_000, **FUZZY)
    shares = world.people.groupby("entitled")["subsidy"].mean()
    assert shares[1] == pytest.approx(0.8, abs=0.02)
    assert shares[0] == pytest.approx(0.1, abs=0.02)
    assert world.truth["itt_at_cutoff"] == pytest.approx(12 * 0.7)


def test_the_line_is_where_it_was_asked_to_be() -> None:
    world = make(cutoff=500)
    assert world.cutoff == 500
    people = world.people
    assert people.loc[people["subsidy"] == 1, "income"].max() < 500
    assert people.loc[people["subsidy"] == 0, "income"].min() >= 500
    # What families would do without a subsidy does not depend on where the line is.
    assert (world.potential["y_without"] == make(cutoff=300).potential["y_without"]).all()


# ---- the truth


def test_truth_is_exact_for_these_people() -> None:
    world = make(**FUZZY, manipulated=0.4)
    people, both, truth = world.people, world.potential, world.truth
    gain = both["y_with"] - both["y_without"]
    got, below = people["subsidy"] == 1, world.honest["true_income"] < 360
    assert (people["hours"] == both["y_with"].where(got, both["y_without"])).all()
    assert truth["ate"] == pytest.approx(gain.mean())
    assert truth["att"] == pytest.approx(gain[got].mean())
    assert truth["ate_below"] == pytest.approx(gain[below].mean())
    assert truth["ate_above"] == pytest.approx(gain[~below].mean())
    assert truth["ate_above"] < truth["effect_at_cutoff"] < truth["ate_below"]


def test_families_at_the_line_gain_what_was_asked() -> None:
    world = make(n=20_000, effect=9, slope=4)
    gain = world.potential["y_with"] - world.potential["y_without"]
    away = (world.people["income"] - 360) / 100
    assert gain[away.abs() < 0.01].tolist() == pytest.approx(
        [9] * int((away.abs() < 0.01).sum()), abs=0.1
    )
    near = away.abs() < 2
    assert ((gain - (9 - 4 * away))[near].abs() < 0.051).all()


def test_no_effect_changes_nobody() -> None:
    world = make(effect=0, slope=0)
    assert (world.potential["y_with"] == world.potential["y_without"]).all()
    assert world.truth["above_vs_below"] < -10  # and yet the sides differ


def test_hours_are_never_negative() -> None:
    world = make(n=20_000, effect=-60, slope=-10)
    assert (world.potential >= 0).all().all()


def test_naive_numbers_are_those_a_class_computes() -> None:
    world = make(**FUZZY)
    people, truth = world.people, world.truth
    for column, name in (("entitled", "above_vs_below"), ("subsidy", "treated_vs_untreated")):
        means = people.groupby(column)["hours"].mean()
        assert truth[name] == pytest.approx(means[1] - means[0])
    x = people["income"] - 360
    assert truth["just_below"] == ((x >= -10) & (x < 0)).sum()
    assert truth["just_above"] == ((x >= 0) & (x < 10)).sum()


# ---- what the methods find


def test_what_is_told_of_local_linear_is_what_a_regression_finds() -> None:
    for parameters in ({}, {"manipulated": 0.5}, {"cutoff": 500.0}):
        world = make(**parameters)
        assert world.truth["local_linear"] == pytest.approx(jump(world)[0], abs=1e-8)


def test_local_linear_finds_the_effect_and_comparing_sides_does_not() -> None:
    off, covered, naive, crowded = [], [], [], []
    for seed in range(60):
        world = make(seed=seed)
        estimate, error = jump(world)
        off.append(estimate - 12)
        covered.append(abs(off[-1]) < 1.96 * error)
        naive.append(world.truth["above_vs_below"] - 12)
        crowded.append(crowding(world))
    assert np.mean(off) == pytest.approx(0, abs=3 * np.std(off) / np.sqrt(60))
    assert 0.86 <= np.mean(covered) <= 0.99
    assert np.max(naive) < -18  # the sign is wrong in every town
    assert abs(np.mean(crowded)) < 0.4  # and honest reports do not crowd below the line
    assert np.mean(np.abs(crowded) > 1.96) < 0.15


def test_the_ratio_of_jumps_finds_the_effect_of_a_fuzzy_line() -> None:
    worlds = [make(seed=seed, **FUZZY) for seed in range(40)]
    for expected, found in (
        (12, [world.truth["local_linear"] for world in worlds]),
        (12 * 0.7, [jump(world)[0] for world in worlds]),
    ):
        assert np.mean(found) == pytest.approx(expected, abs=3 * np.std(found) / np.sqrt(40))


def test_manipulation_biases_by_what_is_told_and_crowds_below_the_line() -> None:
    off, told, crowded, covered = [], [], [], []
    for seed in range(40):
        world = make(seed=seed, manipulated=0.3)
        estimate, error = jump(world)
        off.append(estimate - 12)
        told.append(world.truth["manipulation_bias"])
        covered.append(abs(off[-1]) < 1.96 * error)
        crowded.append(crowding(world) > 1.96)
    assert np.mean(told) > 6  # half the effect and more
    assert np.mean(off) == pytest.approx(np.mean(told), abs=3 * np.std(off) / np.sqrt(40))
    assert np.mean(covered) < 0.1
    assert all(crowded)


def test_more_manipulation_moves_more_families_and_no_other() -> None:
    some, many = make(manipulated=0.2), make(manipulated=0.6)
    moved = some.honest["moved"] == 1
    assert (many.honest["moved"][moved] == 1).all()
    assert many.truth["moved"] > 2 * some.truth["moved"] > 0
    stayed = many.honest["moved"] == 0
    assert (many.people["income"][stayed] == many.honest["true_income"][stayed]).all()
    assert many.people.loc[~stayed, "income"].between(344.8, 359.9).all()
    assert many.honest.loc[~stayed, "true_income"].between(360, 390).all()
    assert many.honest["keen"][~stayed].mean() > 0.3


def test_too_few_families_near_the_line_give_no_estimate() -> None:
    x = np.array([-70.0, -5.0, -4.0, 1.0, 2.0, 3.0])
    assert local_linear(x, x, x < 0) is None
    x = np.linspace(-50, 50, 40)
    assert local_linear(x, x, np.ones(40, dtype=bool)) is None
    world = make("青ヶ島村", n=40, cutoff=800)
    assert world.truth["local_linear"] is None or np.isfinite(world.truth["local_linear"])
    assert world.story


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    asked = {"municipality": "13421", "n": 500, "manipulated": 0.5, "seed": 7}
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


@pytest.mark.parametrize(
    "wrong",
    [{"n": 39}, {"n": 10.5}, {"n": True}, {"n": "100"}, {"n": 10**30}, {"n": float("nan")},
     {"cutoff": 100}, {"cutoff": "360"}, {"cutoff": float("nan")}, {"effect": 61}, {"effect": None},
     {"slope": 11}, {"takeup": 80}, {"takeup": 0.5, "leak": 0.45}, {"leak": -0.1},
     {"manipulated": True}, {"manipulated": 0.95}, {"manipulated": float("inf")}, {"seed": -1},
     {"seed": 1.5}, {"line": 300}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


# ---- what is said of it


def test_nothing_is_said_of_the_real_town() -> None:
    world = make(n=400)
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation
    assert "12" not in repr(world)
    with using("en"):
        assert "Hachioji City" in world.citation.line()


def test_the_story_says_by_how_much_it_misleads() -> None:
    world = make(manipulated=0.5)
    assert f"{world.truth['above_vs_below'] - 12:+.1f}時間" in world.story
    assert f"{world.truth['manipulation_bias']:+.1f}時間" in world.story
    assert f"{world.truth['moved']}世帯" in world.story
