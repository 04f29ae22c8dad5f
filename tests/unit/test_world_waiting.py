"""A counter changes how it works: regression with trend and season finds by how much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from worlds_alike import elsewhere, fingerprint, fresh, margins_off

from kit.data.worlds.draws import streams
from kit.data.worlds.waiting import Waiting, autoregression, harmonics, seasonal
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "waiting-times"
TABLES = ("potential", "weeks")
FROZEN = "cc170b20a9c6b2b3dc0941ae5e597965521531bea65d60a9ba7fa807b05c8f90"
QUICK: dict[str, Any] = {"visits": 2}


def make(municipality: str = "13201", **parameters: Any) -> Waiting:
    made = fresh(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Waiting)
    return made


def segmented(world: Waiting) -> sm.OLS:
    """Segmented regression of office 1: level, slope, trend and season."""
    weeks = world.weeks[world.weeks["office"] == 1]
    week = weeks["week"].to_numpy()
    columns = [weeks["after"], weeks["since"], np.ones(len(week)), week, *harmonics(week)]
    return sm.OLS(weeks["minutes"].to_numpy(), np.column_stack(columns))


# ---- who comes


@pytest.mark.parametrize(("town", "visits"), [("13201", 40), ("13112", 100), ("檜原村", 4)])
def test_margins_match_the_town(town: str, visits: int) -> None:
    people = make(town, visits=visits).people
    assert len(people) == 104 * visits
    assert people["age"].min() >= 18
    assert margins_off(people, town, 18) < 1


def test_every_week_and_office_has_as_many_visits_on_five_days() -> None:
    people = make(comparison=True).people
    assert set(people.groupby(["office", "week"]).size()) == {40}
    assert set(people["weekday"]) == {1, 2, 3, 4, 5}
    by_day = people.groupby("weekday")["minutes"].mean()
    assert by_day.idxmax() == 1  # Mondays
    assert by_day[1] > 1.15 * by_day[3]
    assert people["minutes"].min() > 0


def test_weeks_add_up_the_visits() -> None:
    world = make(comparison=True)
    found = world.people.groupby(["office", "week"])["minutes"].mean()
    weeks = world.weeks.set_index(["office", "week"])
    assert np.allclose(found, weeks["minutes"])
    assert ((weeks["after"] == 1) == (weeks.index.get_level_values("week") >= 66)).all()
    assert weeks.loc[(1, 104), "since"] == 38
    assert weeks.loc[(1, 66), ["since", "after"]].tolist() == [0, 1]
    assert weeks.loc[1, "month"].iloc[[0, 4, 51, 52]].tolist() == [4, 4, 3, 4]
    assert set(weeks["month"]) == set(range(1, 13))


# ---- the truth


def test_the_change_adds_what_was_asked_and_only_where_it_happened() -> None:
    world = make(comparison=True, level=-5, slope=-0.1)
    both, people, truth = world.potential, world.people, world.truth
    gain = both["y_with"] - both["y_without"]
    changed = (people["office"] == 1) & (people["week"] >= 66)
    assert (gain[~changed] == 0).all()
    by_week = gain[changed].groupby(people["week"][changed]).mean()
    assert by_week.to_dict() == pytest.approx(truth["effect_by_week"], abs=0.1 / 40 + 1e-9)
    assert truth["effect_by_week"][66] == truth["level"] == -5
    assert truth["effect_by_week"][104] == truth["effect_last"] == pytest.approx(-5 - 38 * 0.1)
    assert truth["effect_mean"] == pytest.approx(np.mean(list(truth["effect_by_week"].values())))
    assert (people["minutes"] == both["y_with"]).all()


def test_no_change_changes_nobody() -> None:
    world = make(level=0, slope=0)
    assert (world.potential["y_with"] == world.potential["y_without"]).all()
    assert abs(world.truth["before_after"]) > 0.5  # and yet before and after differ


def test_another_effect_leaves_what_would_have_been_as_it_is() -> None:
    assert (make(level=-2).potential["y_without"] == make(level=-9).potential["y_without"]).all()


def test_without_noise_the_regression_is_exact() -> None:
    found = segmented(make(noise=0, visits=500)).fit().params
    assert found[:4] == pytest.approx([-6, -0.05, 30, 0.05], abs=0.05)
    assert found[0] == pytest.approx(-6, abs=0.001)


def test_the_season_is_over_in_a_year_and_highest_around_april() -> None:
    year = seasonal(np.arange(1, 53))
    assert year.sum() == pytest.approx(0, abs=1e-6)
    assert np.allclose(seasonal(np.arange(53, 105)), year)
    assert set(np.argsort(-year)[:6] + 1) <= {1, 2, 3, 4, 50, 51, 52, 49}
    assert 1 < year.max() < 1.7


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.9])
def test_what_is_left_over_is_as_correlated_as_asked(rho: float) -> None:
    u = autoregression(streams(1, "test", rho)[0], 20_000, rho)
    assert u.std() == pytest.approx(1, abs=0.06)
    assert np.corrcoef(u[1:], u[:-1])[0, 1] == pytest.approx(rho, abs=0.02)
    assert np.corrcoef(u[2:], u[:-2])[0, 1] == pytest.approx(rho**2, abs=0.03)


# ---- what the methods find


def test_naive_numbers_are_those_a_class_computes() -> None:
    world = make(comparison=True)
    weeks = world.weeks[world.weeks["office"] == 1]
    y, after, week = (weeks[name].to_numpy(dtype=float) for name in ("minutes", "after", "week"))
    truth = world.truth
    assert truth["before_after"] == pytest.approx(y[after == 1].mean() - y[after == 0].mean())
    one = np.ones(len(y))
    plain = sm.OLS(y, np.column_stack([after, weeks["since"], one, week])).fit()
    assert truth["without_season"] == pytest.approx(plain.params[0])
    flat = sm.OLS(y, np.column_stack([after, one, *harmonics(week)])).fit()
    assert truth["without_trend"] == pytest.approx(flat.params[0])


def test_segmented_regression_finds_level_and_slope_and_naive_numbers_do_not() -> None:
    off, naive = [], []
    for seed in range(60):
        world = make(seed=seed, **QUICK)
        level, slope = segmented(world).fit().params[:2]
        truth = world.truth
        off.append([level - truth["level"], slope - truth["slope"]])
        naive.append(
            [truth["before_after"] - truth["effect_mean"], truth["without_season"] - truth["level"]]
        )
    assert (np.abs(np.mean(off, axis=0)) < 3 * np.std(off, axis=0) / np.sqrt(60)).all()
    before_after, without_season = np.mean(naive, axis=0)
    assert before_after > 1  # the trend hides a part of what was gained
    assert without_season < -5  # a season taken for an effect: about twice as large


def test_intervals_are_too_short_where_weeks_hang_together() -> None:
    covered: dict[float, list[list[bool]]] = {0.0: [], 0.7: []}
    for rho, rows in covered.items():
        for seed in range(60):
            plain = segmented(make(seed=seed, rho=rho, **QUICK)).fit()
            robust = plain.get_robustcov_results("HAC", maxlags=4, use_correction=True)
            rows.append([abs(plain.params[0] + 6) < 1.99 * fit.bse[0] for fit in (plain, robust)])
    (plain_0, robust_0), (plain_7, robust_7) = (np.mean(rows, axis=0) for rows in covered.values())
    assert 0.86 <= plain_0 <= 0.99
    assert robust_0 >= 0.75
    assert plain_7 < 0.72
    assert plain_7 < robust_7 < 0.88  # better, and not good


def test_a_comparison_office_tells_the_change_from_what_else_happened() -> None:
    single, compared = [], []
    for seed in range(40):
        world = make(seed=seed, comparison=True, shock=4, **QUICK)
        weeks = world.weeks.pivot(index="week", columns="office", values="minutes")
        columns = segmented(world).exog
        single.append(segmented(world).fit().params[0])
        compared.append(sm.OLS((weeks[1] - weeks[2]).to_numpy(), columns).fit().params[0])
    assert world.truth["single_series"] == -2
    assert np.mean(single) == pytest.approx(-2, abs=3 * np.std(single) / np.sqrt(40))
    assert np.mean(compared) == pytest.approx(-6, abs=3 * np.std(compared) / np.sqrt(40))


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    asked = {"municipality": "13421", "visits": 5, "comparison": True, "seed": 7}
    here = fingerprint(fresh(NAME, **asked), *TABLES)
    assert here == elsewhere(NAME, *TABLES, **asked)
    assert here == FROZEN


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(seed=seed, **QUICK)) for seed in range(5)}) == 5


# ---- asked for something impossible


def test_a_small_village_works_with_few_visits_and_is_told_so_otherwise() -> None:
    world = make("青ヶ島村", weeks=24, change=13, visits=5)
    assert len(world.people) == 120
    assert np.isfinite(world.truth["without_season"])
    with pytest.raises(LimitError) as raised:
        make("青ヶ島村")
    assert "青ヶ島村" in raised.value.message
    assert "weeks × visits × offices" in str(raised.value.where)
    assert raised.value.hint


@pytest.mark.parametrize(
    "wrong",
    [{"weeks": 15}, {"weeks": "104"}, {"weeks": 52.5}, {"change": 8}, {"change": 98},
     {"change": None}, {"visits": 0}, {"visits": True}, {"visits": 10**30}, {"level": -61},
     {"level": "-6"}, {"level": float("nan")}, {"level": -25}, {"slope": 3}, {"slope": -1},
     {"trend": -1}, {"season": -1}, {"season": 25}, {"rho": 1}, {"rho": -0.1}, {"noise": 30},
     {"comparison": 1}, {"comparison": "yes"}, {"comparison": None}, {"shock": float("inf")},
     {"seed": -1}, {"seed": 0.5}, {"days": 3}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


# ---- what is said of it


def test_nothing_is_said_of_the_real_town() -> None:
    world = make()
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.weeks.attrs["citation"] == world.citation
    assert "-6" not in repr(world)
    with using("en"):
        assert "Hachioji City" in world.citation.line()


def test_the_story_says_by_how_much_before_and_after_mislead() -> None:
    world = make(comparison=True, shock=-3)
    gap = world.truth["before_after"] - world.truth["effect_mean"]
    assert f"{gap:+.1f}分" in world.story
    assert "-3.0分" in world.story
    assert "窓口2" in world.story
    assert "窓口2" not in make().story
