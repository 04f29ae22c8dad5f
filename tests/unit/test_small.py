"""Villages of 170 people: no division by zero, nobody given away."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import data
from kit.errors import ParameterError


def test_every_town_has_a_rate_and_none_is_infinite() -> None:
    towns = data.load("municipalities")
    shares = data.rate(towns["households_single_65_over"], towns["households"])
    assert shares.between(0, 1).all()
    nobody = data.rate(towns["foreign_residents"], towns["foreign_residents"] * 0)
    assert nobody.isna().all()


def test_a_rate_of_too_few_is_left_unsaid() -> None:
    towns = data.load("municipalities").set_index("name_ja")
    rates = data.rate(towns["foreign_residents"], towns["population"], per=1000, fewest=1000)
    assert math.isnan(rates["青ヶ島村"]) and rates["新宿区"] > 0


def test_missing_parts_stay_missing() -> None:
    assert data.rate([None, 1], [10, None]).isna().all()


@pytest.mark.parametrize(
    ("part", "whole"), [([1, 2], [1]), (["あ"], [1]), ([1], ["x"]), ([[1]], [1])], ids=str
)
def test_what_does_not_belong_together_is_refused_in_words(part: object, whole: object) -> None:
    with pytest.raises(ParameterError) as raised:
        data.rate(part, whole)
    assert raised.value.hint


def test_rows_of_different_tables_do_not_divide() -> None:
    with pytest.raises(ParameterError):
        data.rate(pd.Series([1, 2], index=[0, 1]), pd.Series([1, 2], index=[1, 2]))


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(1, 20))
def test_no_small_count_is_shown_or_can_be_subtracted(counts: list[int], fewest: int) -> None:
    shown = data.hide_small(counts, fewest=fewest)
    assert all(not 0 < value < fewest for value in shown.dropna())
    hidden = shown.isna().sum()
    above_zero = sum(count > 0 for count in counts)
    assert hidden != 1 or above_zero == 1
    assert all(value == 0 or value >= fewest for value in shown.dropna())


def test_without_a_total_one_alone_may_hide() -> None:
    assert data.hide_small([120, 3, 45], total_shown=False).isna().sum() == 1


@pytest.mark.parametrize("wrong", [[-1], ["三"]], ids=str)
def test_counts_of_nothing_known_are_refused(wrong: list[object]) -> None:
    with pytest.raises(ParameterError):
        data.hide_small(wrong)
