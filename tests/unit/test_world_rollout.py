"""Districts go online in waves: comparing with those not yet open finds the truth, TWFE does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from worlds_alike import elsewhere, fingerprint, fresh, margins_off

from kit.data.worlds.rollout import Rollout
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "online-rollout"
TABLES = ("potential", "panel", "effects")
FROZEN = "f33588d715e3d4aa6d8cf2b3256d9ce0c60f148090e0e87f3f7b17d4596746ff"
SMALL: dict[str, Any] = {
    "units": 9,
    "periods": 8,
    "each": 40,
    "waves": 2,
    "never": 3,
    "growth": 0.03,
}


def make(municipality: str = "13201", **parameters: Any) -> Rollout:
    made = fresh(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Rollout)
    return made


def group_time(panel: pd.DataFrame) -> tuple[float, float]:
    """Callaway–Sant'Anna by hand: mean of all group-time differences, and its standard error."""
    rate = panel.pivot(index="period", columns="district", values="rate")
    cohort = panel.groupby("district")["cohort"].first().to_numpy()
    weight, forms = np.zeros(rate.shape), 0
    for g in sorted(set(cohort) - {0}):
        for t in range(g, len(rate) + 1):
            mine, others = cohort == g, (cohort == 0) | (cohort > t)
            if others.any():
                contrast = mine / mine.sum() - others / others.sum()
                weight[t - 1] += mine.sum() * contrast
                weight[g - 2] -= mine.sum() * contrast
                forms += mine.sum()
    weight /= forms
    p = rate.to_numpy()
    each = panel["forms"].iloc[0]
    return float((weight * p).sum()), float(np.sqrt((weight**2 * p * (1 - p) / each).sum()))


def twfe(panel: pd.DataFrame) -> float:
    """Static two-way fixed effects, by dummies."""
    fitted = smf.ols("rate ~ online + C(district) + C(period)", panel).fit()
    return float(fitted.params["online"])


# ---- who lives there


@pytest.mark.parametrize(("town", "each"), [("13201", 50), ("13112", 20), ("檜原村", 2)])
def test_margins_match_the_town(town: str, each: int) -> None:
    people = make(town, each=each).people
    assert len(people) == 24 * 24 * each
    assert people["age"].min() >= 18
    assert margins_off(people, town, 18) < 1
    assert people["citizen_id"].is_unique


def test_every_district_has_as_many_forms_due_each_month() -> None:
    people = make(**SMALL).people
    assert set(people.groupby(["district", "period"]).size()) == {40}


def test_the_panel_adds_up_the_people() -> None:
    world = make(**SMALL)
    by = world.people.groupby(["district", "period"])
    panel = world.panel.set_index(["district", "period"])
    assert (by["applied"].sum() == panel["applied"]).all()
    assert (by["online"].mean() == panel["online"]).all()
    assert np.allclose(panel["rate"], panel["applied"] / panel["forms"])
    assert ((panel["online"] == 1) == (panel["cohort"] > 0)).groupby("district").max().all()


def test_districts_open_in_waves_at_even_distances() -> None:
    assert make(units=24, periods=24, waves=3, never=6).truth["cohorts"] == {
        0: 6,
        7: 6,
        13: 6,
        19: 6,
    }
    assert make(units=7, periods=9, waves=2, never=0).truth["cohorts"] == {4: 4, 7: 3}


def test_a_copy_is_given_so_that_the_town_stays_as_it_is() -> None:
    world = make(**SMALL)
    panel, effects = world.panel, world.effects
    panel["rate"], effects["att"] = 0.0, 0.0
    assert world.panel["rate"].mean() > 0.1
    assert world.effects["att"].mean() > 0.01


# ---- the truth


def test_truth_is_what_happened_to_these_people() -> None:
    world = make(**SMALL)
    both, people = world.potential, world.people
    gain = (both["y_with"] - both["y_without"]).groupby(
        [people["online"], people["period"], people["district"]]
    )
    assert (gain.sum()[0] == 0).all()
    open_ = people["online"] == 1
    change = (both["y_with"] - both["y_without"])[open_]
    assert world.truth["att"] == pytest.approx(change.mean(), abs=1e-11)
    cohort = people["district"].map(world.panel.groupby("district")["cohort"].first())[open_]
    period = people["period"][open_]
    for key, name in ((cohort, "att_by_cohort"), (period - cohort, "att_by_event_time")):
        found = change.groupby(key.to_numpy()).mean()
        assert world.truth[name] == pytest.approx(found.to_dict())
    cells = change.groupby([cohort.to_numpy(), period.to_numpy()]).mean()
    told = world.truth["att_by_cohort_period"]
    assert {(g, t): told[g][t] for g in told for t in told[g]} == pytest.approx(cells.to_dict())
    assert (people["applied"] == both["y_with"]).all()


def test_effects_are_the_ones_asked_for_to_within_one_person_a_wave_and_month() -> None:
    world = make(effect=0.05, growth=0.01, heterogeneity=0.4)
    table = world.effects
    s = table["cohort"].map({7: 1, 13: 0, 19: -1})
    asked = (0.05 + 0.01 * table["since"]) * (1 + 0.4 * s)
    assert ((table["att"] - asked).abs() * table["forms"] <= 1 + 1e-6).all()


def test_no_effect_changes_nobody() -> None:
    both = make(effect=0, growth=0).potential
    assert (both["y_with"] == both["y_without"]).all()


def test_a_negative_effect_puts_people_off() -> None:
    both = make(effect=-0.05, growth=0, heterogeneity=0).potential
    assert (both["y_with"] <= both["y_without"]).all()
    assert make(effect=-0.05, growth=0, heterogeneity=0).truth["att"] == pytest.approx(
        -0.05, abs=0.002
    )


def test_another_effect_leaves_what_would_have_been_as_it_is() -> None:
    small, large = make(effect=0.02, growth=0), make(effect=0.08, growth=0)
    assert (small.potential["y_without"] == large.potential["y_without"]).all()
    assert (small.potential["y_with"] <= large.potential["y_with"]).all()


def test_those_whom_it_brings_are_younger() -> None:
    world = make()
    both, age = world.potential, world.people["age"]
    brought = both["y_with"] > both["y_without"]
    away = (both["y_with"] == 0) & (world.people["online"] == 1)
    assert age[brought].mean() < age[away].mean() - 5


# ---- what the methods find


@pytest.mark.parametrize(
    ("effect", "growth", "expected_twfe", "expected_att"),
    [(0.05, 0.15, -0.025, 0.10), (0.03, 0.06, 0.0, 0.05), (0.05, 0.0, 0.05, 0.05)],
)
def test_two_way_fixed_effects_turn_the_sign(
    effect: float, growth: float, expected_twfe: float, expected_att: float
) -> None:
    # Two districts, three months, effects (1, 4) and (1): −0.5 where the truth is 2; (1, 3) and (1):
    # 0 where it is 1.667; constant effects: both 1.
    world = make(
        units=2,
        periods=3,
        each=1000,
        waves=2,
        never=0,
        effect=effect,
        growth=growth,
        heterogeneity=0,
    )
    assert world.truth["twfe"] == pytest.approx(expected_twfe, abs=1e-9)
    assert world.truth["att"] == pytest.approx(expected_att, abs=1e-9)
    assert world.truth["att_comparable"] == pytest.approx(effect)
    assert world.truth["did"] == pytest.approx(effect)


def test_what_is_told_of_twfe_is_what_a_regression_finds() -> None:
    world = make(**SMALL)
    assert world.truth["twfe_seen"] == pytest.approx(twfe(world.panel), abs=1e-9)


def test_naive_numbers_are_those_a_class_computes() -> None:
    world = make(**SMALL)
    people, truth = world.people, world.truth
    opens = people["district"].map(world.panel.groupby("district")["cohort"].first()) > 0
    after = people.loc[people["online"] == 1, "applied"].mean()
    assert truth["before_after"] == pytest.approx(
        after - people.loc[opens & (people["online"] == 0), "applied"].mean()
    )
    assert truth["treated_vs_untreated"] == pytest.approx(
        after - people.loc[people["online"] == 0, "applied"].mean()
    )


def test_group_time_differences_find_the_truth_and_twfe_misses_by_what_is_told() -> None:
    off, missed, told, covered, naive = [], [], [], [], []
    for seed in range(80):
        world = make(seed=seed, **SMALL)
        truth = world.truth
        estimate, error = group_time(world.panel)
        off.append(estimate - truth["att"])
        covered.append(abs(off[-1]) < 1.96 * error)
        missed.append(truth["twfe_seen"] - truth["att"])
        told.append(truth["twfe"] - truth["att"])
        naive.append(
            [truth["before_after"] - truth["att"], truth["treated_vs_untreated"] - truth["att"]]
        )
    assert np.mean(off) == pytest.approx(0, abs=3 * np.std(off) / np.sqrt(80))
    assert 0.88 <= np.mean(covered) <= 0.99
    assert np.mean(missed) == pytest.approx(np.mean(told), abs=3 * np.std(missed) / np.sqrt(80))
    assert np.mean(told) < -0.02  # a quarter of the effect is lost
    assert (np.mean(naive, axis=0) > 0.01).all()  # and these see too much


def test_without_pretrend_what_is_told_of_did_is_the_truth() -> None:
    for never in (0, 6):
        truth = make(never=never).truth
        assert truth["did"] == pytest.approx(truth["att_comparable"], abs=1e-11)
        assert truth["twfe"] < 0.6 * truth["att"]
        assert truth["negative_weights"] > 0.1


def test_a_pretrend_misleads_by_what_is_told_and_shows_before_opening() -> None:
    off, told, before = [], [], []
    for seed in range(30):
        world = make(seed=seed, pretrend=0.01, **SMALL)
        off.append(group_time(world.panel)[0] - world.truth["att"])
        told.append(world.truth["did"] - world.truth["att"])
        panel = world.panel
        early = panel[panel["period"] < 3]  # nobody is open before month 4
        first, never = (
            early[early["cohort"] == g].groupby("period")["rate"].mean() for g in (4, 0)
        )
        gap = (first - never).to_numpy()
        before.append(gap[1] - gap[0])
    assert np.mean(told) > 0.015
    assert np.mean(off) == pytest.approx(np.mean(told), abs=3 * np.std(off) / np.sqrt(30))
    assert np.mean(before) == pytest.approx(0.01, abs=3 * np.std(before) / np.sqrt(30))


def test_with_everybody_open_at_once_nothing_is_left_to_compare() -> None:
    truth = make(waves=1, never=0).truth
    assert truth["did"] is truth["att_comparable"] is truth["twfe"] is truth["twfe_seen"] is None
    assert truth["att"] > 0
    assert "TWFE" not in make(waves=1, never=0).story


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    asked: dict[str, Any] = {**SMALL, "municipality": "13421", "each": 20, "seed": 7}
    here = fingerprint(fresh(NAME, **asked), *TABLES)
    assert here == elsewhere(NAME, *TABLES, **asked)
    assert here == FROZEN


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(seed=seed, **SMALL)) for seed in range(4)}) == 4


# ---- asked for something impossible


def test_a_small_village_works_with_few_forms_and_is_told_so_otherwise() -> None:
    assert len(make("青ヶ島村", units=2, periods=6, each=10, waves=1, never=1).people) == 120
    with pytest.raises(LimitError) as raised:
        make("青ヶ島村")
    assert "青ヶ島村" in raised.value.message
    assert "units × periods × each" in str(raised.value.where)
    assert raised.value.hint


@pytest.mark.parametrize(
    "wrong",
    [{"units": 1}, {"units": 2.5}, {"units": True}, {"units": "24"}, {"periods": 2},
     {"periods": float("nan")}, {"periods": 10**30}, {"each": 0}, {"waves": 0}, {"waves": 19},
     {"never": 24}, {"never": -1}, {"effect": "0.1"}, {"effect": float("nan")}, {"effect": 5},
     {"growth": None}, {"growth": 0.05}, {"heterogeneity": 2}, {"pretrend": 0.5}, {"seed": -1},
     {"seed": None}, {"units": 2, "periods": 3, "each": 1, "waves": 1, "never": 1}, {"n": 100}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


# ---- what is said of it


def test_nothing_is_said_of_the_real_town() -> None:
    world = make(**SMALL)
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.panel.attrs["citation"] == world.citation
    assert "0." not in repr(world)
    with using("en"):
        assert "Hachioji City" in world.citation.line()


def test_the_story_says_by_how_much_twfe_misleads() -> None:
    world = make()
    gap = 100 * (world.truth["twfe"] - world.truth["att"])
    assert f"{gap:+.1f}ポイント" in world.story
