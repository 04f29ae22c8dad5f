"""A counter makes people wait as queueing theory says, although there is room on average."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds_alike import elsewhere, fingerprint, margins_off

from kit import data
from kit.data.worlds.counter import VARIATION, Counter, need, rates
from kit.data.worlds.draws import streams
from kit.data.worlds.queues import erlang_c, mean_wait, serve
from kit.errors import LimitError, ParameterError
from kit.language import using

NAME = "service-counter"


def make(municipality: object = "13201", **parameters: Any) -> Counter:
    made = data.world(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Counter)
    return made


def event_by_event(
    arrival: np.ndarray, minutes: np.ndarray, counters: int, patience: np.ndarray
) -> np.ndarray:
    """Waits by another road: a clock that goes from event to event, and a line that is a list."""
    wait = np.full(len(arrival), np.nan)
    events = [(float(when), 1, visitor) for visitor, when in enumerate(arrival)]
    events += [(float(arrival[v] + patience[v]), 2, v) for v in range(len(arrival))]
    line: list[int] = []
    busy = 0
    while events:
        events.sort()
        now, kind, visitor = events.pop(0)
        if kind == 0:
            busy -= 1
        elif kind == 1:
            line.append(visitor)
        elif visitor in line:
            line.remove(visitor)
            wait[visitor] = patience[visitor]
        while line and busy < counters:
            first = line.pop(0)
            wait[first] = now - arrival[first]
            busy += 1
            events.append((now + float(minutes[first]), 0, first))
    return wait


# ---- the formula


@pytest.mark.parametrize(
    ("counters", "load", "chance"),
    [(1, 0.8, 0.8), (4, 3.2, 0.5964), (5, 3.2, 0.2886), (10, 8, 0.409), (3, 0, 0), (2, 2, 1), (2, 9, 1)],
)  # fmt: skip
def test_erlang_c_gives_the_known_values(counters: int, load: float, chance: float) -> None:
    assert erlang_c(counters, load) == pytest.approx(chance, abs=0.00051)


@pytest.mark.parametrize(("counters", "load"), [(1, 0.3), (3, 2.5), (7, 6.9), (20, 15)])
def test_erlang_c_is_the_sum_it_stands_for(counters: int, load: float) -> None:
    last = load**counters / math.factorial(counters) * counters / (counters - load)
    states = sum(load**k / math.factorial(k) for k in range(counters))
    assert erlang_c(counters, load) == pytest.approx(last / (states + last))


def test_mean_wait_gives_the_known_values() -> None:
    assert mean_wait(4, 3.2, 6) == pytest.approx(4.47, abs=0.005)
    assert mean_wait(5, 3.2, 6) == pytest.approx(0.96, abs=0.005)
    assert mean_wait(1, 0.8, 6) == pytest.approx(6 * 0.8 / 0.2)  # M/M/1
    assert mean_wait(1, 0.8, 6, variation=0) == pytest.approx(6 * 0.8 / 0.2 / 2)  # M/D/1
    assert mean_wait(3, 3.2, 6) == math.inf


@pytest.mark.parametrize(
    ("counters", "load"),
    [(0, 1), (2.5, 1), (2, -1), (2, float("nan")), (2, math.inf), ("4", 1), (4, "3"), (None, 1)],
)
def test_impossible_loads_are_refused_in_words(counters: Any, load: Any) -> None:
    with pytest.raises(ParameterError):
        erlang_c(counters, load)


# ---- the line


@pytest.mark.parametrize("seed", range(12))
def test_the_line_is_the_one_an_event_by_event_simulation_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counters = 1 + seed % 4
    arrival = np.cumsum(rng.exponential(6 / counters, 80))
    minutes, patience = rng.exponential(6, 80), rng.exponential(8, 80)
    for limit in (patience, np.full(80, 1e9)):
        served = serve(arrival, minutes, counters, patience=limit)
        assert served.wait == pytest.approx(
            event_by_event(arrival, minutes, counters, limit), abs=0.001
        )
        assert ((served.counter == 0) == np.isnan(served.start)).all()


@pytest.mark.parametrize(("counters", "seed"), [(4, 1), (5, 2)])
def test_an_endless_day_waits_as_erlang_says(counters: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrival = np.cumsum(rng.exponential(60 / 32, 200_000))
    served = serve(arrival, rng.exponential(6, 200_000), counters)
    assert (served.wait > 0).mean() == pytest.approx(erlang_c(counters, 3.2), abs=0.015)
    assert served.wait.mean() == pytest.approx(mean_wait(counters, 3.2, 6), rel=0.08)


def test_steadier_service_waits_about_as_much_less_as_the_approximation_says() -> None:
    rng = streams(2, "steady")
    arrival = np.cumsum(60 / 32 * rng[0].standard_exponential(100_000))
    served = serve(arrival, need(100_000, 6, "lognormal", rng[1]), 4)
    expected = mean_wait(4, 3.2, 6, VARIATION["lognormal"])
    assert served.wait.mean() == pytest.approx(expected, rel=0.12)
    assert served.wait.mean() < 0.8 * mean_wait(4, 3.2, 6)


# ---- who comes, when, and for what


@pytest.mark.parametrize("code", ["13112", "13201"])
def test_visitors_have_the_sex_and_age_of_the_residents(code: str) -> None:
    assert margins_off(make(code).people, code, 18) < 1


def test_visitors_arrive_as_a_poisson_process() -> None:
    people = make(days=120).people
    hour = (people["arrival"] // 60).astype(int)
    counts = people.groupby(["day", hour]).size()
    assert len(counts) == 120 * 8
    assert counts.mean() == pytest.approx(32, abs=0.6)
    assert counts.var() == pytest.approx(32, rel=0.12)
    gaps = people["arrival"].diff()[people["day"].diff() == 0]
    assert gaps.std() / gaps.mean() == pytest.approx(1, abs=0.02)
    assert people["arrival"].between(0, 480).all()


def test_a_peak_moves_visits_and_adds_none() -> None:
    assert rates(32, 8, 1.6).mean() == pytest.approx(32)
    assert rates(32, 8, 1.6).max() == pytest.approx(32 * 1.6)
    assert (rates(10, 24, 2) >= 0).all()
    people = make(days=120, peak=1.6).people
    by_hour = (people["arrival"] // 60).value_counts(sort=False).sort_index() / 120
    assert by_hour.to_numpy() == pytest.approx(rates(32, 8, 1.6), rel=0.1)


@pytest.mark.parametrize("service", ["exponential", "lognormal"])
def test_service_times_have_the_mean_and_spread_asked_for(service: str) -> None:
    people = make(days=100, service=service).people
    minutes = people["end"] - people["start"]
    assert minutes.mean() == pytest.approx(6, rel=0.02)
    assert minutes.std() / minutes.mean() == pytest.approx(VARIATION[service], rel=0.04)
    by_procedure = minutes.groupby(people["procedure"]).mean()
    assert by_procedure["moving"] > 1.2 * by_procedure["certificate"]


# ---- what happens


@pytest.mark.parametrize("patience", [None, 4])
def test_no_counter_serves_two_at_once_and_nobody_jumps_the_line(patience: float | None) -> None:
    people = make(patience=patience).people
    served = people[people["abandoned"] == 0]
    for _, seat in served.groupby(["day", "counter"]):
        assert (seat["start"].to_numpy()[1:] >= seat["end"].to_numpy()[:-1] - 1e-6).all()
    for _, day in served.groupby("day"):
        assert day["start"].is_monotonic_increasing
    assert (served["wait"] - (served["start"] - served["arrival"])).abs().max() < 1e-6
    left = people[people["abandoned"] == 1]
    assert (left["counter"] == 0).all() and left[["start", "end"]].isna().all(axis=None)
    assert bool(len(left)) == (patience is not None)


def test_truth_is_what_happened() -> None:
    world = make(patience=10)
    people, truth = world.people, world.truth
    assert truth["visits"] == len(people)
    assert truth["average_wait"] == pytest.approx(people["wait"].mean())
    assert truth["share_waited"] == pytest.approx((people["wait"] > 0).mean())
    assert truth["abandoned"] == pytest.approx(people["abandoned"].mean())
    assert truth["longest_wait"] == people["wait"].max()
    assert "wait" not in repr(world)


def test_another_counter_shortens_every_wait_of_the_same_visitors() -> None:
    world = make()
    more = world.staffed(5)
    known = ["visit_id", "day", "sex", "age", "procedure", "arrival"]
    pd.testing.assert_frame_equal(world.people[known], more[known])
    assert (more["wait"] <= world.people["wait"] + 1e-6).all()
    assert world.truth["average_wait_one_more"] == pytest.approx(more["wait"].mean())
    pd.testing.assert_frame_equal(world.staffed(4), world.people)
    pd.testing.assert_frame_equal(make(counters=5).people, more)


def test_average_rates_promise_no_wait_and_are_wrong_by_minutes() -> None:
    truths = [make(seed=seed, days=10).truth for seed in range(8)]
    waits = [truth["average_wait"] for truth in truths]
    assert {truth["naive_wait"] for truth in truths} == {0.0}
    assert np.mean(waits) > 3
    # A day begins with an empty room: less than in an endless one, but not by much.
    assert 0.75 < np.mean(waits) / truths[0]["mean_wait"] < 1.0


def test_the_mean_load_says_too_little_where_there_is_a_peak() -> None:
    flat, wave = make(days=40).truth, make(days=40, peak=1.5).truth
    assert wave["mean_wait"] == flat["mean_wait"]
    assert wave["peak_load"] == pytest.approx(1.5 * flat["load"])
    assert wave["average_wait"] > 2 * wave["mean_wait"]


def test_under_overload_the_line_grows_as_the_rates_say() -> None:
    truth = make(counters=2, days=20).truth
    assert truth["chance_of_waiting"] == 1
    assert truth["mean_wait"] == math.inf
    assert truth["naive_wait"] == pytest.approx(0.6 * 480 / 2)
    assert truth["average_wait"] == pytest.approx(truth["naive_wait"], rel=0.1)


# ---- the same every time


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    asked: dict[str, Any] = {
        "municipality": "13421", "days": 2, "peak": 1.3, "patience": 9, "service": "lognormal",
        "seed": 7,
    }  # fmt: skip
    here = fingerprint(data.world(NAME, **asked))
    assert here == elsewhere(NAME, **asked)
    assert here == "6af3e14ebc1f617190e842d7b8cb3c72f0687a0b209121314491f86da956489a"


def test_another_seed_is_another_day() -> None:
    assert len({fingerprint(make(seed=seed)) for seed in range(4)}) == 4


# ---- asked for something impossible


@pytest.mark.parametrize(
    "wrong",
    [{"counters": 0}, {"counters": 101}, {"counters": 2.5}, {"counters": "4"}, {"counters": True},
     {"per_hour": 0}, {"per_hour": -3}, {"per_hour": float("nan")}, {"per_hour": "32"},
     {"per_hour": 10**30}, {"minutes": 0}, {"minutes": None}, {"minutes": 121}, {"hours": 25},
     {"hours": 7.5}, {"days": 0}, {"days": 1001}, {"service": "normal"}, {"service": None},
     {"peak": 0.9}, {"peak": 2.1}, {"patience": 0}, {"patience": "long"}, {"seed": -1},
     {"seed": 1.5}, {"windows": 3}, {"per_hour": 0.5, "hours": 1, "days": 3},
     {"per_hour": 9000, "hours": 24, "days": 900}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


@pytest.mark.parametrize("counters", [0, 101, 1.5, "5", True, None])
def test_impossible_staff_is_refused_in_words(counters: Any) -> None:
    with pytest.raises(ParameterError):
        make().staffed(counters)


def test_a_village_is_not_visited_by_more_people_than_it_has() -> None:
    with pytest.raises(LimitError) as raised:
        make("青ヶ島村")
    assert "青ヶ島村" in raised.value.message
    assert "per_hour" in str(raised.value.hint)
    assert make("青ヶ島村", counters=1, per_hour=8).truth["load"] == pytest.approx(0.8)


# ---- what is said of it


def test_the_story_says_that_it_is_simulated_and_how_much_is_misleading() -> None:
    world = make()
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert "八王子市の窓口の実際のようすではありません" in world.story
    assert "3.2つ分" in world.story
    assert f"平均{world.truth['average_wait']:.1f}分" in world.story
    assert "待ちきれずに" in make(patience=5).story and "1.5倍" in make(peak=1.5).story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation == world.staffed(5).attrs["citation"]
    with using("en"):
        assert "Hachioji City" in world.story
