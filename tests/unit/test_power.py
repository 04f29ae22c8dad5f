"""Power and sample size against published and recomputed numbers."""

import math

import numpy as np
import pytest

from kit.errors import ParameterError
from kit.evidence import (
    chance_of_false_alarm,
    design_effect,
    minimum_detectable_effect,
    picture_of_repeats,
    power_two_proportions,
    redraw_lots,
    repeat_experiment,
    sample_size_two_proportions,
    survey_sample_size,
)


def test_power_agrees_with_r_power_prop_test():
    # R documentation of power.prop.test: n = 50, .50 vs .75; and power .90.
    assert power_two_proportions(0.50, 0.75, 50) == pytest.approx(0.740, abs=5e-4)
    n = sample_size_two_proportions(0.50, 0.75, power=0.90, rounded=False)
    assert n == pytest.approx(76.7, abs=0.05)


def test_the_two_formulas_are_both_there_and_named():
    pooled = sample_size_two_proportions(0.08, 0.06, rounded=False)
    unpooled = sample_size_two_proportions(0.08, 0.06, formula="unpooled", rounded=False)
    assert pooled == pytest.approx(2553.6, abs=0.05)
    assert unpooled == pytest.approx(2550.9, abs=0.05)


@pytest.mark.parametrize(
    ("baseline", "new", "expected"),
    [
        (0.10, 0.15, 686),
        (0.25, 0.26, 29_821),
        (0.25, 0.27, 7_550),
        (0.25, 0.28, 3_397),
        (0.25, 0.30, 1_251),
    ],
)
def test_people_needed_in_each_arm(baseline, new, expected):
    assert sample_size_two_proportions(baseline, new) == expected


def test_the_direction_of_the_effect_does_not_matter():
    assert sample_size_two_proportions(0.06, 0.08) == sample_size_two_proportions(0.08, 0.06)


def test_smallest_effect_by_hand_and_by_the_same_formula():
    by_hand = minimum_detectable_effect(0.25, 1000, formula="baseline")
    assert 100 * by_hand == pytest.approx(5.43, abs=0.005)
    for formula in ("pooled", "unpooled"):
        effect = minimum_detectable_effect(0.25, 1000, formula=formula)
        back = sample_size_two_proportions(0.25, 0.25 + effect, formula=formula, rounded=False)
        assert back == pytest.approx(1000, rel=1e-6)


def test_too_few_people_see_nothing():
    assert math.isinf(minimum_detectable_effect(0.80, 10))
    assert math.isinf(minimum_detectable_effect(0.80, 10, formula="baseline"))


def test_design_effect():
    assert design_effect(20, 0.0406) == pytest.approx(1.772, abs=1e-3)
    assert design_effect(1, 0.5) == 1
    assert design_effect(30, 0) == 1
    assert design_effect(20, 0.05, cv=0.5) > design_effect(20, 0.05)


def test_many_outcomes_raise_false_alarms():
    assert chance_of_false_alarm(20) == pytest.approx(0.642, abs=5e-4)
    assert chance_of_false_alarm(1) == pytest.approx(0.05)


def test_survey_sizes():
    # The tables' 384.16 rounds z to 1.96.
    assert survey_sample_size(0.05) == pytest.approx(384.16, abs=0.02)
    assert survey_sample_size(0.05, population=1000) == pytest.approx(277.7, abs=0.05)


@pytest.mark.parametrize(("baseline", "effect", "n"), [(0.22, 0.04, 2000), (0.10, 0.05, 686)])
def test_simulation_agrees_with_the_formula(baseline, effect, n):
    many = repeat_experiment(baseline, effect, n, draws=6000, seed=3)
    power = power_two_proportions(baseline, baseline + effect, n)
    assert many["detected"].mean() == pytest.approx(power, abs=0.02)
    assert many["estimate"].mean() == pytest.approx(effect, abs=0.001)


def test_no_effect_is_a_false_alarm_one_time_in_twenty():
    many = repeat_experiment(0.22, 0.0, 2000, draws=6000, seed=4)
    assert many["detected"].mean() == pytest.approx(0.05, abs=0.01)
    covered = (many["low"] <= 0) & (many["high"] >= 0)
    assert covered.mean() == pytest.approx(0.95, abs=0.01)


def test_rare_events_are_covered_too():
    many = repeat_experiment(0.02, 0.03, 40, draws=4000, seed=5)
    covered = (many["low"] <= 0.03) & (many["high"] >= 0.03)
    assert covered.mean() >= 0.93


def test_the_lots_of_one_town_redrawn_find_its_truth():
    usual = np.repeat([0, 1, 0, 1], [600, 150, 40, 10])
    new = np.repeat([0, 1, 1, 0], [600, 150, 40, 10])
    truth = (new - usual).mean()
    many = redraw_lots(usual, new, draws=600, seed=2)
    assert many["estimate"].mean() == pytest.approx(truth, abs=0.003)
    assert 0.92 <= ((many["low"] <= truth) & (truth <= many["high"])).mean() <= 0.99
    minutes = redraw_lots(usual * 0.9, new * 0.9, draws=50)
    assert minutes["estimate"].notna().all()


def test_the_heap_of_dots_says_what_it_shows():
    from kit.chart import about

    many = repeat_experiment(0.22, 0.04, 200, draws=200)
    told = about(picture_of_repeats(many, title="200 回", truth=0.04))
    counts = [int(row[1]) for row in told["table"]["rows"]]
    assert sum(counts) == 200
    assert counts[0] == (many["detected"] & (many["estimate"] > 0)).sum()
    assert str(counts[0]) in told["description"]


def test_unequal_arms_see_less():
    even = power_two_proportions(0.22, 0.26, 1000)
    uneven = power_two_proportions(0.22, 0.26, 200, n_baseline=1800)
    assert uneven < even
    assert power_two_proportions(0.22, 0.26, 1000, n_baseline=1000) == even


def test_the_edges_of_a_share_give_a_result():
    assert power_two_proportions(0.0, 1.0, 5) == pytest.approx(1.0)
    assert not repeat_experiment(0.02, -0.10, 20, draws=50)["estimate"].isna().any()
    assert not repeat_experiment(0.80, 0.20, 1, draws=50)["detected"].all()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sample_size_two_proportions(0.22, 0.22),
        lambda: sample_size_two_proportions(22, 26),
        lambda: sample_size_two_proportions(0.22, 0.26, formula="t"),
        lambda: power_two_proportions(0.2, 0.3, 0),
        lambda: design_effect(0, 0.1),
        lambda: repeat_experiment(0.2, 0.1, 0),
    ],
)
def test_impossible_questions_are_told(wrong):
    with pytest.raises(ParameterError):
        wrong()
