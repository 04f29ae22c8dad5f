"""Letters that are not opened, letters given out by neighbourhood, and letters to all Tokyo."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit import data
from kit.data import population
from kit.data.worlds.inclination import intraclass
from kit.data.worlds.trial import Trial
from kit.errors import ParameterError


def make(municipality: object = "13201", **parameters: Any) -> Trial:
    made = data.world("checkup-letters", municipality=municipality, **parameters)
    assert isinstance(made, Trial)
    return made


def fingerprint(world: Trial) -> str:
    frames = (world.people, world.potential, world.history())
    text = "".join(frame.to_csv(index=False) for frame in frames)
    return hashlib.sha256(text.encode()).hexdigest()


def wald(attended: np.ndarray, letter: np.ndarray, opened: np.ndarray) -> tuple[float, float]:
    """Instrumental-variable estimate of the LATE and its standard error (Imbens & Angrist 1994)."""
    new, usual = letter == 1, letter == 0
    uptake = opened[new].mean() - opened[usual].mean()
    late = (attended[new].mean() - attended[usual].mean()) / uptake
    left = attended - late * opened
    variance = left[new].var(ddof=1) / new.sum() + left[usual].var(ddof=1) / usual.sum()
    return float(late), float(np.sqrt(variance) / uptake)


# ---- letters that are not opened


def test_the_worlds_of_before_are_still_the_same() -> None:
    assert fingerprint(make()) == (
        "eff89d63b833863d132cd07fac322d2eb2ee0a9788d765461654089f22206a76"
    )
    assert fingerprint(make("13421", n=500, seed=7)) == (
        "54bf7a60dbd04f0708fe1f46e4646a8cc715b62902d69b3efe586b5edb3bdee4"
    )


def test_a_changed_recipe_of_opening_is_noticed() -> None:
    assert fingerprint(make(n=500, opened=0.6)) == (
        "536976199be1b26c278ff3b13835b904b99a435f200c33bf6a2cd108b05937b8"
    )


def test_where_everybody_opens_sending_is_opening() -> None:
    world = make()
    truth = world.truth
    assert "opens" not in world.potential
    for name in ("itt", "late", "per_protocol", "as_treated"):
        assert truth[name] == pytest.approx(truth["ate"], abs=1e-12)
    letter = np.arange(4000) % 2
    assert (world.opened(letter).to_numpy() == letter).all()


def test_opening_changes_neither_people_nor_what_they_would_do() -> None:
    all_, some = make(), make(opened=0.6)
    pd.testing.assert_frame_equal(all_.people, some.people)
    pd.testing.assert_frame_equal(all_.potential, some.potential.drop(columns="opens"))
    assert some.truth["ate"] == all_.truth["ate"]


@pytest.mark.parametrize("opened", [0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("n", [20, 1000])
def test_the_truth_follows_from_the_potential_outcomes(n: int, opened: float) -> None:
    world = make(n=n, opened=opened, effect=0.1)
    both, truth = world.potential, world.truth
    gain, readers = both["y_new"] - both["y_usual"], both["opens"] == 1
    assert abs(readers.mean() - opened) <= 0.5 / n
    assert truth["opened"] == readers.mean()
    assert truth["ate"] == pytest.approx(gain.mean())
    assert truth["itt"] == pytest.approx(gain[readers].sum() / n)
    assert truth["late"] == pytest.approx(gain[readers].mean())
    assert truth["itt"] == pytest.approx(truth["opened"] * truth["late"])


def test_an_unopened_letter_is_like_the_usual_one_and_no_letter_is_opened_unsent() -> None:
    world = make(n=400, opened=0.5, effect=0.3)
    letter = np.arange(400) % 2
    seen, opened, both = world.outcomes(letter), world.opened(letter), world.potential
    assert (opened[letter == 0] == 0).all()
    assert (opened[letter == 1] == both["opens"][letter == 1]).all()
    assert (seen[opened == 0] == both["y_usual"][opened == 0]).all()
    assert (seen[opened == 1] == both["y_new"][opened == 1]).all()
    assert opened.attrs["citation"] == world.citation
    with pytest.raises(ParameterError):
        world.opened([0, 1])


def test_the_instrument_finds_the_effect_on_openers_and_the_comparison_of_openers_does_not() -> (
    None
):
    world = make(n=4000, baseline=0.3, effect=0.1, opened=0.6)
    truth, rng = world.truth, np.random.default_rng(8)
    arms = np.repeat([0, 1], 2000)
    found: dict[str, list[float]] = {name: [] for name in ("itt", "late", "per", "as", "covered")}
    for _ in range(400):
        letter = rng.permutation(arms)
        attended, opened = world.outcomes(letter).to_numpy(), world.opened(letter).to_numpy()
        late, error = wald(attended, letter, opened)
        usual = attended[letter == 0].mean()
        found["itt"].append(attended[letter == 1].mean() - usual)
        found["late"].append(late)
        found["covered"].append(abs(late - truth["late"]) < 1.96 * error)
        found["per"].append(attended[opened == 1].mean() - usual)
        found["as"].append(attended[opened == 1].mean() - attended[opened == 0].mean())
    mean = {name: float(np.mean(values)) for name, values in found.items()}
    assert mean["itt"] == pytest.approx(truth["itt"], abs=0.003)
    assert mean["late"] == pytest.approx(truth["late"], abs=0.005)
    assert 0.93 <= mean["covered"] <= 0.99
    # The misleading ones show what the truth says they show, and that is far too much.
    assert mean["per"] == pytest.approx(truth["per_protocol"], abs=0.004)
    assert mean["as"] == pytest.approx(truth["as_treated"], abs=0.004)
    assert truth["as_treated"] > truth["per_protocol"] > truth["late"] + 0.05


def test_openers_are_those_inclined_to_come() -> None:
    shares = []
    for seed in range(10):
        both = make(opened=0.5, effect=0, seed=seed).potential
        readers = both["opens"] == 1
        shares.append(both["y_usual"][readers].mean() - both["y_usual"][~readers].mean())
    assert 0.1 < np.mean(shares) < 0.35


@pytest.mark.parametrize(
    "opened", [0, 0.04, 1.01, 60, -0.5, "0.6", True, None, float("nan"), float("inf")], ids=str
)
def test_an_impossible_share_is_refused_in_words(opened: object) -> None:
    with pytest.raises(ParameterError, match="opened") as raised:
        make(opened=opened)
    assert "opened" in str(raised.value.where)


def test_the_story_tells_who_opens_only_where_it_matters() -> None:
    assert "開く" not in make(n=100).story
    assert "60％" in make(n=100, opened=0.6).story


# ---- letters given out by neighbourhood


def by_neighbourhood(world: Trial, rng: np.random.Generator) -> np.ndarray:
    """New letters to half of the neighbourhoods."""
    number = world.truth["neighbourhoods"]
    chosen = rng.permutation(np.repeat([0, 1], [number - number // 2, number // 2]))
    letter: np.ndarray = chosen[world.people["neighbourhood"].to_numpy() - 1]
    return letter


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_design_effect_is_the_one_the_intraclass_correlation_says(seed: int) -> None:
    world = make(n=4000, effect=0, seed=seed)
    rng, arms = np.random.default_rng(seed), np.repeat([0, 1], 2000)

    def spread(assign: Any) -> float:
        found = []
        for _ in range(2000):
            letter = assign()
            found.append(usual[letter == 1].mean() - usual[letter == 0].mean())
        return float(np.var(found))

    usual = world.potential["y_usual"].to_numpy()
    ratio = spread(lambda: by_neighbourhood(world, rng)) / spread(lambda: rng.permutation(arms))
    size = world.people.groupby("neighbourhood").size()
    # Unequal sizes: the mean size weighted by size (Kish 1965; Eldridge et al. 2006).
    design_effect = 1 + ((size**2).sum() / size.sum() - 1) * world.truth["icc"]
    assert ratio > 1.5
    assert ratio == pytest.approx(design_effect, rel=0.15)


def test_ignoring_neighbourhoods_promises_too_much() -> None:
    world = make(n=4000, effect=0.04)
    rng, truth = np.random.default_rng(4), world.truth["ate"]
    neighbourhood = world.people["neighbourhood"].to_numpy()
    estimates, plain, clustered = [], [], []
    for _ in range(400):
        letter = by_neighbourhood(world, rng)
        attended = world.outcomes(letter).to_numpy()
        variance = robust = estimate = 0.0
        for arm in (1, 0):
            mine = attended[letter == arm]
            estimate += (1 if arm else -1) * mine.mean()
            variance += mine.var(ddof=1) / len(mine)
            left = np.bincount(neighbourhood[letter == arm], weights=mine - mine.mean())
            robust += (left**2).sum() / len(mine) ** 2 * 50 / 49  # Liang & Zeger 1986
        estimates.append(estimate)
        plain.append(abs(estimate - truth) < 1.96 * np.sqrt(variance))
        clustered.append(abs(estimate - truth) < 1.98 * np.sqrt(robust))
    assert np.mean(estimates) == pytest.approx(truth, abs=0.004)
    assert np.mean(plain) < 0.85
    assert 0.92 <= np.mean(clustered) <= 0.99


@pytest.mark.parametrize("shift", [0, 1, 1000])
def test_the_numbers_of_neighbourhoods_do_not_matter(shift: int) -> None:
    outcome = np.array([1, 1, 0, 0, 1, 0])
    cluster = np.array([1, 1, 2, 2, 3, 3])
    # Within 1/6, between 1/2, three clusters of two: (1/2 − 1/6) / (1/2 + 1/6)
    assert intraclass(outcome, cluster * 3 + shift) == pytest.approx(0.5)


# ---- letters to all Tokyo


def test_all_tokyo_can_get_letters() -> None:
    world = make("tokyo", n=100_000)
    people = world.people
    groups, elderly = population.groups("東京都"), people["age"] >= 65
    for (sex, group), expected in groups.items():
        found = ((people["sex"] == sex) & (elderly == (group == "65-74"))).sum()
        assert abs(found - 100_000 * expected / sum(groups.values())) < 1
    assert world.truth["ate"] == pytest.approx(0.04, abs=1e-5)
    assert data.eligible("tokyo") == sum(map(data.eligible, data.load("municipalities")["code"]))
    assert "東京都と同じ人口構成" in world.story
    assert world.citation.line("ja").startswith("模擬データ：東京都")


def test_more_letters_than_people_are_refused_for_tokyo_too() -> None:
    with pytest.raises(ParameterError, match="東京都"):
        make("tokyo", n=10_000_000)
