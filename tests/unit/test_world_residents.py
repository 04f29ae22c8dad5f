"""The simulated residents have every margin the census counts, and nothing else is claimed of them."""

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
from kit.data.worlds import people as drawn
from kit.data.worlds import residents
from kit.data.worlds.draws import streams
from kit.data.worlds.raking import rake
from kit.data.worlds.world import World
from kit.errors import DataError, LimitError, ParameterError, PlaceError
from kit.house import home
from kit.language import using

SMALLEST = "青ヶ島村"
TOWNS = ("13402", "13112", "13104", "13362", "13201")


def make(municipality: object = SMALLEST, **parameters: Any) -> World:
    return data.world("residents", municipality=municipality, **parameters)


def census(code: str) -> pd.Series:
    towns = data.load("municipalities").set_index("code")
    return towns.loc[code]


def by_age_group(code: str) -> pd.DataFrame:
    """Census counts: a row an age group, a column a sex."""
    ages = data.load("municipalities", "age-structure", municipality=code)
    return ages.pivot(index="age_group", columns="sex", values="population")


def grouped(people: pd.DataFrame) -> pd.DataFrame:
    groups = pd.cut(people["age"], [-1, 14, 64, 74, 99], labels=["0-14", "15-64", "65-74", "75+"])
    return pd.crosstab(groups, people["sex"])


def fingerprint(world: World) -> str:
    return hashlib.sha256(world.people.to_csv(index=False).encode()).hexdigest()


# ---- the margins


@pytest.mark.parametrize("code", TOWNS)
def test_everybody_is_there(code: str) -> None:
    people, real = make(code).people, census(code)
    assert len(people) == real["population"]
    assert (people["sex"] == "female").sum() == real["population_female"]
    assert (people["sex"] == "male").sum() == real["population_male"]
    assert people["citizen_id"].is_unique
    assert set(people["code"]) == {code}


@pytest.mark.parametrize("code", TOWNS)
def test_ages_are_those_of_the_census_with_the_unknown_shared_out(code: str) -> None:
    counted = by_age_group(code)
    known = counted.drop(index="unknown")
    expected = known + known / known.sum() * counted.loc["unknown"]
    found = grouped(make(code).people)
    assert (found - expected).abs().to_numpy().max() < 1
    if counted.loc["unknown"].sum() == 0:
        assert (found == known).all(axis=None)


@pytest.mark.parametrize("code", TOWNS)
def test_households_are_those_of_the_census(code: str) -> None:
    people, real = make(code).people, census(code)
    alone = people["living"] == "alone"
    size = people.groupby("household_id").size()
    assert len(size) == real["households"]
    assert alone.sum() == (size == 1).sum() == real["households_single"]
    assert (alone & (people["age"] >= 65)).sum() == real["households_single_65_over"]
    assert people["age"][alone].min() >= 18
    assert (people.loc[alone, "household_id"].map(size) == 1).all()


@pytest.mark.parametrize("code", TOWNS)
def test_an_adult_lives_in_every_household(code: str) -> None:
    people = make(code).people
    assert people.groupby("household_id")["age"].max().min() >= 18


@pytest.mark.parametrize("code", TOWNS)
def test_fewer_people_keep_the_margins_to_within_one_person(code: str) -> None:
    everyone, real = make(code).people, census(code)
    n = min(1000, len(everyone) // 2)
    people = make(code, n=n).people
    scale = n / len(everyone)
    assert len(people) == n
    assert (grouped(people) - grouped(everyone) * scale).abs().to_numpy().max() < 1
    alone = people["living"] == "alone"
    assert abs(alone.sum() - real["households_single"] * scale) < 2  # two groups, one person each
    elderly = (alone & (people["age"] >= 65)).sum()
    assert abs(elderly - real["households_single_65_over"] * scale) < 1
    assert abs(people["household_id"].nunique() - real["households"] * scale) < 3


@pytest.mark.parametrize("town", places.all_(), ids=lambda town: town.code)
def test_every_municipality_can_be_as_small_as_twenty(town: places.Municipality) -> None:
    world = make(town, n=20)
    size = world.people.groupby("household_id").size()
    alone = world.people["living"] == "alone"
    assert len(world.people) == 20
    assert alone.sum() == (size == 1).sum()
    assert (
        abs(
            alone.sum()
            - 20 * census(town.code)["households_single"] / census(town.code)["population"]
        )
        < 2
    )


def test_living_alone_differs_by_age_group_and_by_nothing_else() -> None:
    people = make("13112").people
    adults = people[people["age"] >= 18]
    share = (adults["living"] == "alone").groupby([adults["age"] >= 65, adults["sex"]]).mean()
    assert share[False].max() - share[False].min() < 0.001
    assert share[True].max() - share[True].min() < 0.001
    assert abs(share[False].mean() - share[True].mean()) > 0.03


def test_the_truth_is_that_of_these_people() -> None:
    world = make("13201", n=5000)
    people, truth = world.people, world.truth
    elderly = people["age"] >= 65
    assert truth["n"] == 5000
    assert truth["women"] == pytest.approx((people["sex"] == "female").mean())
    assert truth["under_15"] == pytest.approx((people["age"] < 15).mean())
    assert truth["over_64"] == pytest.approx(elderly.mean())
    assert truth["mean_age"] == pytest.approx(people["age"].mean())
    assert truth["alone"] == pytest.approx((people["living"] == "alone").mean())
    assert truth["alone_over_64"] == pytest.approx((people["living"][elderly] == "alone").mean())
    size = people.groupby("household_id").size()
    assert truth["households"] == len(size)
    assert truth["one_person"] == pytest.approx((size == 1).mean())
    assert truth["household_size"] == pytest.approx(size.mean())


def test_a_random_sample_finds_the_truth_and_a_list_of_households_does_not() -> None:
    world = make("13112")
    rng = np.random.default_rng(3)
    alone = (world.people["living"] == "alone").to_numpy()
    estimates = [alone[rng.integers(0, len(alone), 1000)].mean() for _ in range(400)]
    error = np.sqrt(world.truth["alone"] * (1 - world.truth["alone"]) / 1000)
    assert np.mean(estimates) == pytest.approx(world.truth["alone"], abs=4 * error / 20)
    covered = np.abs(np.array(estimates) - world.truth["alone"]) < 1.96 * error
    assert 0.92 < covered.mean() < 0.98
    # One household drawn is one answer: people living alone are drawn too often.
    assert world.truth["one_person"] - world.truth["alone"] > 0.2


# ---- all Tokyo


@pytest.mark.parametrize("typed", ["tokyo", "東京都", "１３０００", 13000, " Tokyo "])
def test_tokyo_is_understood(typed: object) -> None:
    assert population.find(typed) is population.TOKYO


def test_all_tokyo_has_the_margins_of_all_tokyo() -> None:
    towns = data.load("municipalities")
    world = make("tokyo", n=100_000)
    people, total = world.people, int(towns["population"].sum())
    assert len(people) == 100_000
    by_town = people["code"].value_counts()
    expected = towns.set_index("code")["population"] * 100_000 / total
    assert (by_town - expected).abs().max() < 1
    for share, real in (
        ((people["sex"] == "female").mean(), towns["population_female"].sum() / total),
        ((people["living"] == "alone").mean(), towns["households_single"].sum() / total),
        (world.truth["households"] / 100_000, towns["households"].sum() / total),
    ):
        assert share == pytest.approx(real, abs=0.0005)


def test_all_tokyo_is_planned_to_the_last_person() -> None:
    towns = data.load("municipalities")
    plans = [residents._plan(town, residents._people(town)) for town in places.all_()]
    truth = residents._truth(plans)
    assert truth["n"] == towns["population"].sum() == 14_047_594
    assert truth["households"] == towns["households"].sum()
    alone = np.array([plan.cells[..., 0].sum() for plan in plans])
    assert (alone == towns.sort_values("code")["households_single"].to_numpy()).all()
    assert min(plan.cells.min() for plan in plans) >= 0


def test_a_town_is_the_same_people_alone_and_within_tokyo() -> None:
    places_ = [population.find(code) for code in ("13402", "13362")]
    plans = [residents._plan(place, residents._people(place)) for place in places_]
    both = residents._rows(plans, 169 + 327, seed=1)
    alone = make("13362").people
    within = both[both["code"] == "13362"]
    for column in ("sex", "age", "living"):
        assert within[column].astype(str).tolist() == alone[column].astype(str).tolist()


def test_a_person_takes_twelve_bytes() -> None:
    memory = make("13112").people.memory_usage(index=False).sum()
    assert memory / 943_664 == pytest.approx(12, abs=0.01)


# ---- shared by every world


@pytest.mark.parametrize("n", [20, 100, 327, 5000])
def test_drawn_people_have_the_margins_of_the_town(n: int) -> None:
    town = population.find("13362")
    people = drawn.draw(town, n, streams(1, "draw")[0])
    counted = by_age_group(town.code).drop(index="unknown")
    found = grouped(people).reindex(counted.index)
    assert (found - counted * n / counted.to_numpy().sum()).abs().to_numpy().max() < 2
    assert people["citizen_id"].tolist() == list(range(1, n + 1))
    assert people.dtypes.astype(str).to_dict() == {
        "citizen_id": "int64",
        "sex": "str",
        "age": "int64",
    }


@pytest.mark.parametrize("town", ["13362", "13201", "tokyo"])
def test_only_people_of_the_ages_asked_for_are_drawn(town: str) -> None:
    people = drawn.draw(population.find(town), 200, streams(1, "ages")[0], youngest=20, oldest=24)
    assert people["age"].between(20, 24).all()
    assert people["age"].nunique() == 5


def test_as_many_live_there_as_can_get_a_letter() -> None:
    for place in (*places.all_(), population.TOKYO):
        assert drawn.living(place, youngest=40, oldest=74) == data.eligible(place)
        counted = sum(drawn.living(town) for town in population.members(place))
        assert drawn.living(place) == counted


def test_the_very_old_are_fewer_every_year() -> None:
    for sex in population.SEXES:
        years = population._national_years(sex)
        assert (np.diff(years[89:]) < 0).all()
        assert years[90:].sum() == pytest.approx(population._bands(sex)[90], abs=0.01)
        # 85–89 and 90–99 are one geometric series: the decline over five years repeats itself.
        first, second = years[90:95].sum(), years[95:].sum()
        assert second / first == pytest.approx(first / years[85:90].sum(), rel=1e-6)


def test_too_many_or_too_few_people_are_refused_in_words() -> None:
    village = population.find(SMALLEST)
    drawn.fits(village, 100, fewest=20)
    with pytest.raises(LimitError, match=SMALLEST) as raised:
        drawn.fits(village, 4000, fewest=20)
    assert "20" in str(raised.value.hint)
    with pytest.raises(LimitError) as raised:
        drawn.fits(village, 4000, fewest=1000)
    assert "もっと大きい区市町村" in str(raised.value.hint)
    with pytest.raises(ParameterError, match="20 人以上"):
        drawn.fits(village, 19, fewest=20)


# ---- fitting


def test_fitting_keeps_margins_and_odds_ratios() -> None:
    rng = np.random.default_rng(5)
    start, target = rng.uniform(1, 9, (4, 3)), rng.uniform(1, 9, (4, 3))
    row, column = np.indices((4, 3))
    fitted = rake(start, [(row, target.sum(axis=1)), (column, target.sum(axis=0))])
    assert np.allclose(fitted.sum(axis=1), target.sum(axis=1))
    assert np.allclose(fitted.sum(axis=0), target.sum(axis=0))

    def odds(table: np.ndarray) -> np.ndarray:
        return table[:-1, :-1] * table[1:, 1:] / (table[1:, :-1] * table[:-1, 1:])

    assert np.allclose(odds(fitted), odds(start))


def test_a_zero_stays_zero_and_impossible_margins_are_refused() -> None:
    row, column = np.indices((2, 2))
    start = np.array([[0.0, 1.0], [1.0, 1.0]])
    fitted = rake(start, [(row, np.array([4, 6])), (column, np.array([5, 5]))])
    assert fitted[0, 0] == 0
    assert fitted.round(3).tolist() == [[0, 4], [5, 1]]
    with pytest.raises(DataError) as raised:
        rake(start, [(row, np.array([8, 2])), (column, np.array([5, 5]))])
    assert raised.value.hint


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/unit');"
        "from test_world_residents import fingerprint, make;"
        "print(fingerprint(make(seed=7)), fingerprint(make('tokyo', n=2000)))"
    )
    root = str(home())
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root, capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "2", "PYTHONPATH": root},
    )  # fmt: skip
    assert run.stdout.split() == [fingerprint(make(seed=7)), fingerprint(make("tokyo", n=2000))]


def test_a_changed_recipe_is_noticed() -> None:
    assert fingerprint(make(seed=7)) == (
        "f7b912d6e189d95373beebf96a02cb3d29751d29fb29ebbe1e9c40c16aba3a65"
    )
    assert fingerprint(make("tokyo", n=2000)) == (
        "40c2f0a9944c55ed91cf8c10ca45ca674699035764b6fd88d7223420bf41ec41"
    )


def test_another_seed_is_another_order_of_the_same_people() -> None:
    assert len({fingerprint(make(seed=seed)) for seed in range(5)}) == 5
    one, two = (make(seed=seed).people for seed in (1, 2))
    columns = ["sex", "age", "living"]
    assert one.value_counts(columns).to_dict() == two.value_counts(columns).to_dict()


# ---- asked for something impossible


@pytest.mark.parametrize(
    "wrong",
    [{"n": 19}, {"n": 0}, {"n": -5}, {"n": 10.5}, {"n": "100"}, {"n": True}, {"n": float("nan")},
     {"n": 170}, {"n": 10**30}, {"n": float("inf")}, {"seed": -1}, {"seed": None}, {"seed": "1"},
     {"people": 1}, {"municipality": "tokyo", "n": 1239}, {"municipality": "tokyo", "n": 14_047_595}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where
    assert "Traceback" not in str(raised.value)


def test_a_town_too_small_says_how_many_live_there() -> None:
    with pytest.raises(LimitError, match="169") as raised:
        make(SMALLEST, n=4000)
    assert "20 から 169" in str(raised.value.hint)


@pytest.mark.parametrize("typed", ["八玉子", "", None, 14000, "大阪", True, 1.5])
def test_unknown_places_are_refused(typed: object) -> None:
    with pytest.raises(PlaceError):
        make(typed)


# ---- what is said of it


def test_nothing_is_said_of_the_real_town() -> None:
    world = make("八王子")
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert "作りもの" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation
    with using("en"):
        assert "Hachioji City" in world.story


def test_tokyo_is_cited_as_tokyo() -> None:
    world = make("東京都", n=2000)
    assert world.citation.line("ja").startswith("模擬データ：東京都と同じ人口構成の模擬のまち")
    assert "東京都" in world.story
    with using("en"):
        assert "Tokyo" in world.citation.line()
