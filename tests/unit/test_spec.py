from __future__ import annotations

import math

import pytest

from kit.errors import ParameterError
from kit.spec import Parameter

COUNT = Parameter(name="n", type="int", label="数", default=5, minimum=1, maximum=10, unit="通")
SHARE = Parameter(name="p", type="float", label="割合", default=0.2, minimum=0, maximum=1)
TEXT = Parameter(name="t", type="text", label="名前", default="課")
CHOICE = Parameter(name="c", type="choice", label="手続", default="a", choices=("a", "b"))
TOWN = Parameter(name="m", type="municipality", label="区市町村", default="13201")


@pytest.mark.parametrize(("value", "read"), [(3, 3), ("3", 3), (3.0, 3), ("０３", 3)])
def test_whole_numbers_are_read(value: object, read: int) -> None:
    assert COUNT.validate_value(value) == read


@pytest.mark.parametrize("value", [0, 11, 3.5, "3.5", "三", None, True, [], math.nan, math.inf, ""])
def test_other_whole_numbers_are_refused(value: object) -> None:
    with pytest.raises(ParameterError) as caught:
        COUNT.validate_value(value, where="class.toml: n")
    assert "class.toml: n" in str(caught.value) and "10" in str(caught.value)


@pytest.mark.parametrize("value", [-0.1, 1.1, "x", math.nan, "1e999", False])
def test_other_shares_are_refused(value: object) -> None:
    with pytest.raises(ParameterError):
        SHARE.validate_value(value)


@pytest.mark.parametrize("value", ["行\n行", "あ" * 81, 5, None, "\x00"])
def test_other_texts_are_refused(value: object) -> None:
    with pytest.raises(ParameterError):
        TEXT.validate_value(value)


def test_a_choice_lists_the_others() -> None:
    assert CHOICE.validate_value("b") == "b"
    with pytest.raises(ParameterError, match="a, b"):
        CHOICE.validate_value("z")


def test_a_town_may_be_typed_in_many_ways() -> None:
    for typed in (
        "13201",
        13201,
        "八王子市",
        "八王子",
        "はちおうじし",
        "Hachioji",
        "hachioji city",
    ):
        assert TOWN.validate_value(typed) == "13201", typed


def test_an_unknown_town_names_the_key_and_the_nearest() -> None:
    with pytest.raises(ParameterError) as caught:
        TOWN.validate_value("八王寺市", where="--municipality")
    assert "--municipality" in str(caught.value) and "八王子市" in str(caught.value)


def test_what_is_allowed_is_told_in_whole_figures() -> None:
    seed = Parameter(name="s", type="int", label="種", default=1, minimum=0, maximum=2**31 - 1)
    assert seed.allowed() == "0 から 2,147,483,647"
    assert SHARE.allowed() == "0 から 1"
