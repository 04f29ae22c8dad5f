"""Tables put side by side keep the sources of both."""

from __future__ import annotations

import pytest

from kit import chart, data
from kit.chart import about
from kit.data.joining import join, named
from kit.errors import DataError, PlaceError
from kit.language import using


def test_names_follow_the_language() -> None:
    frame = data.load("municipalities", "age-structure")
    assert named(frame)["name"].iloc[0] == "千代田区"
    with using("en"):
        again = named(named(frame))
        assert list(again)[:2] == ["code", "name"] and again["name"].iloc[0] == "Chiyoda City"
    assert again.attrs["citation"] == frame.attrs["citation"]


def test_a_chart_of_two_tables_names_both_sources() -> None:
    towns = data.load("municipalities", columns=["code", "name_ja", "population"]).head(5)
    ages = data.load("municipalities", "national-age").rename(columns={"age_from": "rank"})
    ages = ages[ages["sex"] == "male"]
    joined = join(towns.assign(rank=[0, 5, 10, 15, 99]), ages[["rank", "age_to"]], on="rank")
    assert len(joined) == 5 and joined["age_to"].isna().sum() == 1
    drawn = chart.bars(joined, category="name_ja", value="population", title="人口", unit="人")
    source = about(drawn)["source"]
    assert "SSDSE-A" in source and "マイナンバーカード" in source
    assert "2020年国勢調査" in source


def test_a_chart_says_the_datasets_own_labels_unless_told_otherwise() -> None:
    cards = named(data.load("mynumber-cards", vintage="latest")).head(5)
    drawn = chart.bars(cards, category="name", value="share", title="率", format=".0%")
    assert about(drawn)["table"]["columns"] == ["区市町村", "交付率"]
    with using("en"):
        drawn = chart.tiles(cards, value="share", title="Cards", format=".0%")
    assert about(drawn)["table"]["columns"][-1] == "Cards per person"
    drawn = chart.bars(cards, category="name", value="share", title="率", labels={"share": "割合"})
    assert about(drawn)["table"]["columns"] == ["区市町村", "割合"]


def test_what_is_joined_with_a_simulated_town_is_simulated() -> None:
    people = data.world("checkup-letters", n=60).people.assign(code="13201")
    joined = join(people, data.load("municipalities", columns=["code", "population"]))
    assert joined.attrs["citation"].line("ja").startswith("模擬データ：八王子市と同じ")


def test_each_source_is_named_once() -> None:
    cited = data.citation("municipalities")
    assert cited + cited == cited


def test_two_rows_for_one_town_are_refused() -> None:
    towns, ages = data.load("municipalities"), data.load("municipalities", "age-structure")
    with pytest.raises(DataError, match="いくつも") as raised:
        join(towns, ages)
    assert "13101" in str(raised.value.where) and "vintage" in str(raised.value.hint)


def test_missing_columns_and_unknown_codes_are_refused() -> None:
    with pytest.raises(DataError, match="code"):
        named(data.load("municipalities", "national-age"))
    with pytest.raises(PlaceError):
        named(data.load("municipalities").assign(code="13999"))
