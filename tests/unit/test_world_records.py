"""Records without names: who is alone in them, and who can be found by a public list."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds_alike import elsewhere, fingerprint, margins_off

from kit import data
from kit.data.worlds import people as residents
from kit.data.worlds.draws import streams
from kit.data.worlds.records import ASKED, COMPANY, KNOWN, TOPICS, Records, households, match
from kit.errors import LimitError, ParameterError
from kit.language import using
from kit.places import find

NAME = "consultation-records"
TABLES = ("listed", "key")


def make(municipality: object = "13201", **parameters: Any) -> Records:
    made = data.world(NAME, municipality=municipality, **parameters)
    assert isinstance(made, Records)
    return made


def attack(world: Records) -> dict[str, str]:
    """The linkage attack by another road: dictionaries instead of tables."""
    records = {row.record_id: row[2:6] for row in world.people.itertuples()}
    listed = {row.list_id: row[2:6] for row in world.listed.itertuples()}
    alone, fitting = Counter(records.values()), Counter(listed.values())
    who = {known: one for one, known in listed.items()}
    return {
        record: who[known]
        for record, known in records.items()
        if alone[known] == 1 and fitting[known] == 1
    }


# ---- who lives there


def test_everybody_on_a_full_list_has_the_margins_of_the_town() -> None:
    world = make(n=500, listed=1)
    assert len(world.listed) == world.truth["residents"] == 4000
    assert margins_off(world.listed, "13201", 18) < 1


@pytest.mark.parametrize("code", ["13104", "13201", "13362"])
def test_as_many_live_alone_as_the_census_counts(code: str) -> None:
    place = find(code)
    people = residents.draw(
        place, residents.living(place, youngest=18), streams(1, "alone")[0], youngest=18
    )
    age = people["age"].to_numpy()
    alone = (households(place, age, streams(1, "home")[0]) == "single").to_numpy()
    census = data.load("municipalities", municipality=code).iloc[0]
    old = census["households_single_65_over"]
    assert abs(alone.sum() - census["households_single"]) <= 2
    # Within one drawing of the order the two ages share one systematic sample.
    assert alone[age >= 65].sum() == pytest.approx(old, abs=3 * old**0.5)


def test_neighbourhoods_are_about_alike_in_size() -> None:
    world = make(n=1000, listed=1)
    sizes = world.listed.groupby("neighbourhood").size()
    assert len(sizes) == world.truth["neighbourhoods"] == 20
    assert sizes.max() - sizes.min() <= 1


# ---- what the records hold


def test_records_hold_what_they_should_and_no_names() -> None:
    world = make()
    people = world.people
    assert list(people) == ["record_id", *KNOWN, "date", "topic"]
    assert list(world.listed) == ["list_id", *KNOWN]
    assert people["record_id"].str.fullmatch(r"R\d{4}").all() and people["record_id"].is_unique
    assert world.listed["list_id"].str.fullmatch(r"L\d{4}").all()
    assert people["topic"].isin(TOPICS).all()
    assert people["date"].is_monotonic_increasing
    days = [datetime.date.fromisoformat(day) for day in people["date"]]
    assert min(days) >= datetime.date(2025, 4, 1) and max(days) <= datetime.date(2026, 3, 31)
    assert all(day.weekday() < 5 for day in days)
    assert "precision" not in repr(world)


def test_the_mixes_add_up_to_one() -> None:
    assert np.array(COMPANY).sum(axis=1) == pytest.approx(1)
    assert np.array(list(ASKED.values())).sum(axis=1) == pytest.approx(1)


def test_what_people_ask_about_goes_with_whom_they_live() -> None:
    people = make(n=20_000, municipality="13112").people
    share = pd.crosstab(people["household"], people["topic"], normalize="index")
    for household, mix in ASKED.items():
        assert share.loc[household].to_dict() == pytest.approx(
            {topic: chance for topic, chance in zip(TOPICS, mix, strict=True) if topic in share},
            abs=0.03,
        )


def test_the_key_says_whose_record_is_whose() -> None:
    world = make(n=400, listed=0.5)
    joined = (
        world.key[world.key["list_id"] != ""]
        .merge(world.people)
        .merge(world.listed, on="list_id", suffixes=("", "_listed"))
    )
    assert len(world.key) == 400
    assert len(joined) == pytest.approx(200, abs=40)
    for column in KNOWN:
        assert (joined[column] == joined[f"{column}_listed"]).all()


# ---- what an attack finds


@pytest.mark.parametrize(
    ("n", "listed", "seed"), [(1000, 0.3, 1), (300, 1, 2), (60, 0.05, 3), (2000, 0.6, 4)]
)
def test_truth_is_what_an_attack_by_hand_finds(n: int, listed: float, seed: int) -> None:
    world = make(n=n, listed=listed, seed=seed)
    found = attack(world)
    key = dict(zip(world.key["record_id"], world.key["list_id"], strict=True))
    right = sum(key[record] == person for record, person in found.items())
    sizes = Counter(row[2:6] for row in world.people.itertuples())
    with_date = Counter(row[2:7] for row in world.people.itertuples())
    truth = world.truth
    assert (truth["matched"], truth["correct"]) == (len(found), right)
    assert truth["k"] == min(sizes.values())
    assert truth["unique"] == sum(size == 1 for size in sizes.values())
    assert truth["k_with_date"] == min(with_date.values())
    assert truth["unique_with_date"] == sum(size == 1 for size in with_date.values())


def test_leaving_names_out_protects_few_and_not_every_match_is_right() -> None:
    truths = [make(seed=seed).truth for seed in range(6)]
    assert all(truth["k"] == 1 and truth["naive_matched"] == 0 for truth in truths)
    share = np.mean([truth["correct"] / truth["records"] for truth in truths])
    assert 0.1 < share < 0.3  # of all records; the list has 30 % of the residents
    precision = np.mean([truth["precision"] for truth in truths])
    assert 0.5 < precision < 0.85
    assert all(truth["naive_correct"] > truth["correct"] for truth in truths)


def test_a_list_of_everybody_makes_no_mistakes() -> None:
    world = make(listed=1)
    assert world.truth["precision"] == 1.0
    assert world.truth["correct"] == world.truth["alone_in_town"]


def test_who_is_alone_in_town_is_never_taken_for_another() -> None:
    full, part = make(listed=1), make(listed=0.3)
    pd.testing.assert_frame_equal(full.people, part.people)
    alone = full.listed[~full.listed.duplicated(list(KNOWN), keep=False)]
    found = match(part.people, part.listed, KNOWN).merge(part.people).merge(alone, on=list(KNOWN))
    right = found.rename(columns={"list_id_x": "list_id"}).merge(
        part.key, on=["record_id", "list_id"]
    )
    assert len(right) == len(found) > 50


def test_coarser_ages_protect_and_dates_give_away() -> None:
    truth = make(n=5000).truth
    assert truth["banded_unique"] < 0.6 * truth["unique"]
    assert truth["banded_matched"] < 0.5 * truth["matched"]
    assert truth["banded_precision"] < truth["precision"]
    assert truth["unique_with_date"] > truth["unique"]
    assert truth["banded_unique_with_date"] > 2 * truth["banded_unique"]


# ---- the same town every time


def test_the_same_seed_gives_the_same_bytes_everywhere() -> None:
    asked: dict[str, Any] = {"municipality": "13421", "n": 300, "seed": 7}
    here = fingerprint(data.world(NAME, **asked), *TABLES)
    assert here == elsewhere(NAME, *TABLES, **asked)
    assert here == "b110d901a2d755c10f3bdcf30c91ce0f86c635f492591433c54d93ff7b123db4"


def test_another_seed_is_another_world() -> None:
    assert len({fingerprint(make(n=100, seed=seed), *TABLES) for seed in range(4)}) == 4


# ---- asked for something impossible


@pytest.mark.parametrize(
    "wrong",
    [{"n": 19}, {"n": -5}, {"n": 10**30}, {"n": 10.5}, {"n": "100"}, {"n": True},
     {"n": float("nan")}, {"listed": 0}, {"listed": 30}, {"listed": float("nan")},
     {"listed": "0.3"}, {"listed": None}, {"listed": True}, {"seed": -1}, {"seed": None},
     {"k": 5}],
    ids=str,
)  # fmt: skip
def test_impossible_parameters_are_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as raised:
        make(**wrong)
    assert raised.value.where


def test_a_village_has_only_so_many_consultations() -> None:
    with pytest.raises(LimitError) as raised:
        make("青ヶ島村")
    assert "青ヶ島村" in raised.value.message
    assert "20" in str(raised.value.hint)
    truth = make("青ヶ島村", n=40).truth
    assert truth["residents"] == residents.living(find("青ヶ島村"), youngest=18)


# ---- what is said of it


def test_the_story_says_that_it_is_simulated_and_how_much_is_misleading() -> None:
    world = make()
    assert "八王子市と同じ人口構成の模擬のまち" in world.story
    assert "実在の人も八王子市の実際の相談も含みません" in world.story
    assert f"正しいのは{world.truth['correct']:,}件" in world.story
    assert world.citation.line("ja").startswith("模擬データ：八王子市と同じ人口構成の模擬のまち")
    assert world.people.attrs["citation"] == world.citation == world.listed.attrs["citation"]
    with using("en"):
        assert "Hachioji City" in world.story
