"""A simulated town has the population it says, and gives its truth to the right method only."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit import data, places
from kit.data import population
from kit.data.worlds import letters
from kit.data.worlds.draws import streams
from kit.data.worlds.trial import Trial
from kit.errors import DataError, ParameterError, PlaceError
from kit.house import home
from kit.language import using

SMALLEST = "青ヶ島村"


def make(municipality: object = "13201", **parameters: Any) -> Trial:
    made = data.world("checkup-letters", municipality=municipality, **parameters)
    assert isinstance(made, Trial)
    return made


def fingerprint(world: Trial) -> str:
    frames = (world.people, world.potential, world.history())
    text = "".join(frame.to_csv(index=False) for frame in frames)
    return hashlib.sha256(text.encode()).hexdigest()


def difference(attended: np.ndarray, letter: np.ndarray) -> tuple[float, float]:
    """Difference in means and Neyman's standard error."""
    new, usual = attended[letter == 1], attended[letter == 0]
    error = np.sqrt(new.var(ddof=1) / len(new) + usual.var(ddof=1) / len(usual))
    return float(new.mean() - usual.mean()), float(error)


# ---- who lives there


@pytest.mark.parametrize("code", ["13112", "13201", "13421", "13362"])
def test_margins_match_the_town(code: str) -> None:
    n = min(4000, data.eligible(code))
    people = make(code, n=n).people
    groups = population.groups(code)
    elderly = people["age"] >= 65
    for (sex, group), expected in groups.items():
        found = ((people["sex"] == sex) & (elderly == (group == "65-74"))).sum()
        assert abs(found - n * expected / sum(groups.values())) < 1
    assert people["age"].between(40, 74).all()


def test_the_65_to_74_count_is_the_census_one() -> None:
    for place in places.all_():
        ages = data.load("municipalities", "age-structure", municipality=place)
        census = ages[ages["age_group"] == "65-74"].set_index("sex")["population"]
        groups = population.groups(place)
        assert all(groups[sex, "65-74"] == census[sex] for sex in population.SEXES)
        assert groups["female", "40-64"] <= ages["population"].max()


def test_eligible_is_near_the_known_national_share() -> None:
    bands = population._bands("female")
    share = population._national_share("female")
    middle = sum(bands[age] for age in range(40, 65, 5))
    assert share == pytest.approx(middle / sum(bands[age] for age in range(15, 65, 5)))
    assert 0.5 < share < 0.65


def test_everyone_in_town_can_get_a_letter() -> None:
    everyone = data.eligible(SMALLEST)
    people = make(SMALLEST, n=everyone).people
    groups = population.groups(SMALLEST)
    assert len(people) == everyone == sum(groups.values())
    assert ((people["sex"] == "female") & (people["age"] >= 65)).sum() == groups["female", "65-74"]


def test_neighbours_resemble_each_other() -> None:
    correlations = [make(n=4000, seed=seed).truth["icc"] for seed in range(8)]
    assert 0.01 < np.mean(correlations) < 0.06
    sizes = make(n=4000).people.groupby("neighbourhood").size()
    assert len(sizes) == 100
    assert sizes.min() >= 2


def test_people_are_told_without_outcomes() -> None:
    world = make(n=100)
    assert set(world.people) == {"citizen_id", "sex", "age", "neighbourhood", "last_year"}
    assert world.people["citizen_id"].is_unique
    assert "ate" not in repr(world)


# ---- what they do


@pytest.mark.parametrize("n", [20, 60, 90])
@pytest.mark.parametrize(("baseline", "effect"), [(0.22, 0.04), (0.5, -0.1), (0.9, 0.1), (0.3, 0)])
def test_truth_is_exact_and_near_what_was_asked(n: int, baseline: float, effect: float) -> None:
    world = make(SMALLEST, n=n, baseline=baseline, effect=effect)
    both, truth = world.potential, world.truth
    assert truth["ate"] == pytest.approx((both["y_new"] - both["y_usual"]).mean(), abs=1e-12)
    assert abs(truth["ate"] - effect) <= 0.5 / n + 1e-9
    assert abs(truth["usual"] - baseline) <= 1 / n + 1e-9
    assert truth["ate"] == pytest.approx(truth["new"] - truth["usual"])
    assert truth["ate"] == pytest.approx(truth["helped"] - truth["harmed"])


def test_no_effect_means_nobody_changes() -> None:
    both = make(effect=0).potential
    assert (both["y_new"] == both["y_usual"]).all()


def test_a_larger_effect_adds_people_and_moves_nobody() -> None:
    small, large = make(effect=0.02), make(effect=0.06)
    pd.testing.assert_frame_equal(small.people, large.people)
    assert (small.potential["y_usual"] == large.potential["y_usual"]).all()
    brought = small.potential["y_new"] > small.potential["y_usual"]
    assert (large.potential["y_new"][brought] == 1).all()


def test_who_stayed_away_last_year_returns_as_the_beta_says() -> None:
    # Beta with mean .30, a + b = 10/3: after one miss .2308
    world = make(n=200_000, baseline=0.3, effect=0)
    missed = world.people["last_year"] == 0
    assert world.potential["y_usual"][missed].mean() == pytest.approx(0.2308, abs=0.004)
    assert world.potential["y_usual"][~missed].mean() == pytest.approx(2 / (13 / 3), abs=0.006)


def test_a_million_letters_are_simulated_in_a_breath() -> None:
    who, leaning = streams(2, "size")
    people, latent = letters.settle(population.groups("13112"), 1_000_000, who)
    inclination = letters.lean(latent, 0.22, leaning)
    usual = letters.come(inclination, leaning)
    new = letters.respond(usual, inclination, 0.04, leaning)
    assert len(people) == 1_000_000
    assert usual.mean() == pytest.approx(0.22, abs=1e-6)
    assert (new - usual).mean() == pytest.approx(0.04, abs=1e-6)


# ---- what a method finds


def test_randomising_finds_the_truth_and_its_interval_covers_it() -> None:
    world = make(n=1000, baseline=0.3, effect=0.08)
    rng = np.random.default_rng(20)
    arms = np.repeat([0, 1], 500)
    estimates, covered = [], []
    for _ in range(400):
        letter = rng.permutation(arms)
        estimate, error = difference(world.outcomes(letter).to_numpy(), letter)
        estimates.append(estimate)
        covered.append(abs(estimate - world.truth["ate"]) < 1.96 * error)
    assert np.mean(estimates) == pytest.approx(world.truth["ate"], abs=0.005)
    # Neyman's error is a little too large when effects differ; 400 repeats waver by 1.1 points.
    assert 0.925 <= np.mean(covered) <= 0.99


def test_the_record_misleads_and_says_by_how_much() -> None:
    covered, excess = [], []
    for seed in range(60):
        record = make(n=1200, seed=seed).history()
        truth = record.attrs["truth"]
        estimate, error = difference(record["attended"].to_numpy(), record["letter"].to_numpy())
        assert estimate == pytest.approx(truth["treated_vs_untreated"])
        covered.append(abs(estimate - truth["ate"]) < 1.96 * error)
        excess.append(estimate - truth["ate"])
        after_minus_before = record["attended"].mean() - record["last_year"].mean()
        assert after_minus_before == pytest.approx(truth["before_after"])
    assert np.mean(covered) < 0.05
    assert np.mean(excess) > 0.1  # overstated, by more than twice the effect


def test_before_and_after_adds_the_trend() -> None:
    truths = [make(n=1200, effect=0, seed=seed).history().attrs["truth"] for seed in range(20)]
    assert np.mean([truth["before_after"] for truth in truths]) == pytest.approx(0.03, abs=0.005)
    assert {truth["ate"] for truth in truths} == {0.0}


def test_the_record_is_the_same_however_often_it_is_read() -> None:
    world = make(n=300)
    pd.testing.assert_frame_equal(world.history(), world.history())


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/unit');"
        "from test_worlds import fingerprint, make;"
        "print(fingerprint(make('13421', n=500, seed=7)))"
    )
    root = str(home())
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root, capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": hashed, "PYTHONPATH": root},
        ).stdout.strip()
        for hashed in ("1", "2")
    ]  # fmt: skip
    assert runs == [fingerprint(make("13421", n=500, seed=7))] * 2


def test_typing_the_town_differently_gives_the_same_world() -> None:
    assert len({fingerprint(make(t, n=200)) for t in ("13201", "八王子", "Hachioji City")}) == 1


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(n=200, seed=seed)) for seed in range(5)}) == 5


# ---- sending letters


def test_only_the_outcome_of_the_letter_sent_is_seen() -> None:
    world = make(n=200)
    letter = np.arange(200) % 2
    seen, both = world.outcomes(letter), world.potential
    assert (seen[letter == 1] == both["y_new"][letter == 1]).all()
    assert (seen[letter == 0] == both["y_usual"][letter == 0]).all()


def test_a_series_is_matched_by_its_index() -> None:
    world = make(n=200)
    letter = pd.Series(np.arange(200) % 2, index=world.people.index)
    pd.testing.assert_series_equal(
        world.outcomes(letter), world.outcomes(letter.sample(frac=1, random_state=1))
    )


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_zeros_and_ones_may_come_in_any_row(kind: Any) -> None:
    world = make(n=40)
    for values in ([0, 1] * 20, [False, True] * 20, [0.0, 1.0] * 20):
        assert world.outcomes(kind(values)).isin([0, 1]).all()


@pytest.mark.parametrize(
    "letter",
    [None, ..., 1, "0101", [0, 1], [2] * 40, [np.nan] * 40, ["1"] * 40, [[0, 1]] * 40, {},
     pd.DataFrame({"a": [0] * 40}), pd.Series([0] * 40, index=range(5, 45)), [None] * 40],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_anything_else_is_refused_in_words(letter: Any) -> None:
    with pytest.raises(ParameterError) as raised:
        make(n=40).outcomes(letter)
    assert raised.value.hint


# ---- asked for something impossible


def test_a_town_too_small_says_what_to_do_instead() -> None:
    with pytest.raises(ParameterError) as raised:
        make(SMALLEST, n=4000)
    assert "青ヶ島村" in raised.value.message
    assert str(data.eligible(SMALLEST)) in raised.value.message
    assert "合同" in str(raised.value.hint)


@pytest.mark.parametrize(
    "wrong",
    [{"n": 19}, {"n": -5}, {"n": 10.5}, {"n": "100"}, {"n": True}, {"n": float("nan")},
     {"n": 10**30}, {"n": 10**5000}, {"seed": 10**5000}, {"baseline": 22}, {"baseline": 0}, {"baseline": 1}, {"baseline": None},
     {"effect": 0.6}, {"effect": 10**5000}, {"effect": "0.04"}, {"baseline": 0.9, "effect": 0.2},
     {"baseline": 0.1, "effect": -0.2}, {"seed": -1}, {"seed": 1.5}, {"seed": None}, {"people": 1}],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


def test_unknown_worlds_and_towns_are_refused() -> None:
    with pytest.raises(DataError, match="checkup"):
        data.world("checkup-letter")
    with pytest.raises(PlaceError):
        make("八玉子")


# ---- what is said of it


def test_nothing_is_said_of_the_real_town() -> None:
    world = make(n=100)
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation
    with using("en"):
        assert "Hachioji City" in world.story
