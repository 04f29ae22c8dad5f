"""How far a class came: by hand, against the published bands, and with a known truth."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit import evidence
from kit.errors import ParameterError
from kit.evidence import ItemChange, LearningGain, learning_gain
from kit.language import using

NAN = float("nan")


def people(*rows: str) -> list[list[float]]:
    """Return answers from strings: 1 right, 0 wrong, - missing."""
    return [[NAN if sign == "-" else float(sign) for sign in row] for row in rows]


def test_the_gain_is_what_a_pencil_finds() -> None:
    # before: 1+0+1 of 6 → 2/6; after: 2+1+2 of 6 → 5/6; g = (5/6 − 2/6) / (4/6) = .75
    found = learning_gain(people("10", "00", "01"), people("11", "01", "11"))
    assert found.before == pytest.approx(100 * 2 / 6)
    assert found.after == pytest.approx(100 * 5 / 6)
    assert found.change == pytest.approx(50)
    assert found.gain == pytest.approx(0.75)
    assert (found.n, found.unmatched, found.answers) == (3, 0, 6)


def test_each_question_counts_who_learned_who_lost_and_who_stayed() -> None:
    first, second = people("1", "1", "0", "0", "0", "-"), people("1", "0", "1", "1", "0", "1")
    (item,) = learning_gain(first, second).items
    assert item == ItemChange("1", 1, learned=2, lost=1, stayed_right=1, stayed_wrong=1)
    assert (item.n, item.before, item.after) == (5, 0.4, 0.6)


@pytest.mark.parametrize(
    ("after", "band"),
    [(4, "loss"), (5, "low"), (6, "low"), (7, "medium"), (8, "medium"), (9, "high"), (10, "high")],
)
def test_the_bands_are_those_of_hake(after: int, band: str) -> None:
    # Five of ten right before: gains of −.2, 0, .2, .4, .6, .8 and 1.
    first = [[1]] * 5 + [[0]] * 5
    second = [[1]] * after + [[0]] * (10 - after)
    assert learning_gain(first, second).band == band


@pytest.mark.parametrize(("tenths", "band"), [(3, "medium"), (7, "high")])
@pytest.mark.parametrize("known", range(0, 30, 7))
def test_a_gain_on_the_border_belongs_to_the_upper_band(tenths: int, band: str, known: int) -> None:
    first = [[1]] * known + [[0]] * 10
    found = learning_gain(first, [[1]] * (known + tenths) + [[0]] * (10 - tenths))
    assert found.gain == tenths / 10 and found.band == band


def test_class_means_are_used_not_the_mean_of_personal_gains() -> None:
    # Personal gains: 1 (from 0 to 1 of 1 … 4 of 4) and 0 (nothing left to gain counts as none).
    found = learning_gain(people("0000", "1110"), people("1111", "1110"))
    assert found.gain == pytest.approx((7 - 3) / (8 - 3))


def test_missing_answers_drop_the_pair_not_the_person() -> None:
    found = learning_gain(people("0-", "01", "--"), people("11", "1-", "11"))
    assert (found.n, found.unmatched, found.answers) == (2, 1, 2)
    assert [item.missing for item in found.items] == [1, 3]
    assert found.items[1].n == 0 and found.items[1].before is None
    assert (found.before, found.after, found.gain) == (0, 100, 1)


@pytest.mark.parametrize("nothing", [None, NAN, pd.NA])
def test_missing_may_be_written_in_any_way(nothing: Any) -> None:
    found = learning_gain(pd.DataFrame({"q": [0, nothing, 1]}), pd.DataFrame({"q": [1, 1, 1]}))
    assert found.items[0].missing == 1 and found.n == 2


def test_nothing_can_be_gained_where_all_was_right() -> None:
    found = learning_gain(people("11", "11"), people("11", "10"))
    assert found.gain is None and found.interval is None and found.band is None
    assert found.before == 100 and found.after == 75
    assert "伸びる余地がなく" in found.sentence
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(("first", "second"), [(["--", "--"], ["11", "11"]), ([], [])])
def test_nobody_who_answered_twice_is_said_not_raised(first: list[str], second: list[str]) -> None:
    found = learning_gain(people(*first), people(*second))
    assert (found.n, found.answers, found.before, found.gain) == (0, 0, None, None)
    assert found.sentence == "前と後の両方に答えた人がいないので、何も計算できません。"


def test_one_person_has_a_gain_but_no_interval() -> None:
    found = learning_gain(people("0010"), people("1110"))
    assert found.gain == pytest.approx(2 / 3) and found.interval is None
    assert "1 人では、確かさの幅を計算できません" in found.sentence


def test_a_class_that_answers_alike_is_not_called_certain() -> None:
    found = learning_gain([[0, 0]] * 8, [[1, 0]] * 8)
    assert found.interval == (0.5, 0.5)
    assert "確かだという意味ではありません" in found.sentence


def test_a_class_near_the_ceiling_has_no_interval() -> None:
    first = [[1]] * 19 + [[0]]
    found = learning_gain(first, [[1]] * 20)
    assert found.gain == 1 and found.interval is None
    assert "はじめの正答率が高い" in found.sentence


def test_a_loss_is_called_a_loss_with_a_true_minus() -> None:
    found = learning_gain(people("11", "10", "00"), people("10", "00", "00"))
    assert found.band == "loss"
    assert "上がっていません（規格化ゲイン g = −0.67）" in found.sentence


def test_the_sentence_says_what_it_cannot_tell() -> None:
    few = learning_gain([[0], [1], [0]] * 3, [[1], [1], [0]] * 3)
    assert "比べる相手（受けなかった人）がいない" in few.sentence
    assert "9 人と少ない" in few.sentence
    many = learning_gain([[0], [1], [0]] * 9, [[1], [1], [0]] * 9)
    assert "少ない" not in many.sentence
    assert str(many) == many.sentence
    with using("en"):
        assert many.sentence


def test_the_interval_repeats_with_its_seed_and_surrounds_the_gain() -> None:
    first, second = [[0], [1], [0], [0]] * 6, [[1], [1], [0], [1]] * 6
    found = learning_gain(first, second, seed=4)
    assert found == learning_gain(first, second, seed=4)
    others = {learning_gain(first, second, draws=200, seed=seed).interval for seed in range(5)}
    assert len(others) > 1
    assert found.interval and found.gain
    assert found.interval[0] < found.gain < found.interval[1]


def test_people_are_drawn_whole_with_all_their_answers() -> None:
    # Ten questions that a person has all right or all wrong tell no more than one.
    once, again = [[0], [0], [1], [0], [0], [1]], [[1], [0], [1], [1], [0], [1]]
    ten = [learning_gain([r * 10 for r in once], [r * 10 for r in again]).interval]
    assert ten == [learning_gain(once, again).interval]


EASY, TAUGHT = np.array([-1.2, -0.4, 0.3, 1.0]), np.array([1.4, 0.9, 1.1, 0.5])


def chance(ability: np.ndarray, taught: Any = 0) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-(ability[:, None] + EASY + taught))))


def truth() -> float:
    grid = np.linspace(-6, 6, 2001)
    weight = np.exp(-(grid**2) / 2)
    before, after = (
        (weight[:, None] * chance(grid, taught)).sum() / weight.sum() / 4 for taught in (0, TAUGHT)
    )
    return float((after - before) / (1 - before))


@pytest.mark.parametrize(("n", "least"), [(12, 0.87), (20, 0.89), (40, 0.90)])
def test_the_interval_holds_the_truth_nearly_as_often_as_it_says(n: int, least: float) -> None:
    worlds, hits = 500, 0
    random = np.random.default_rng(11)
    true = truth()
    for world in range(worlds):
        ability = random.normal(size=n)
        first = random.random((n, 4)) < chance(ability)
        second = random.random((n, 4)) < chance(ability, TAUGHT)
        low, high = learning_gain(first, second, draws=200, seed=world).interval or (1, 0)
        hits += low <= true <= high
    # Measured with 4,000 worlds and 2,000 draws: .913, .934, .939; five hundred are ±.012.
    assert least < hits / worlds < 0.97


def test_tables_are_matched_by_their_labels() -> None:
    first = pd.DataFrame({"a": [0, 1], "b": [0, 0]}, index=["x", "y"])
    second = pd.DataFrame({"b": [1, 0], "a": [1, 0]}, index=["y", "x"])
    found = learning_gain(first, second)
    assert [item.name for item in found.items] == ["a", "b"]
    assert [(item.learned, item.stayed_right) for item in found.items] == [(0, 1), (1, 0)]


def test_numpy_booleans_and_nested_lists_are_read_alike() -> None:
    first, second = np.array([[True, False], [False, False]]), np.array([[1, 1], [1, 0]])
    assert learning_gain(first, second) == learning_gain(first.tolist(), second.tolist())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([[0, 1]], [[0]]),
        ([[0], [1]], [[0]]),
        ([[0, 1], [1]], [[0, 1], [1, 1]]),
        ([0, 1], [1, 1]),
        (np.array([0, 1]), np.array([1, 1])),
        ([[2]], [[1]]),
        ([[0.5]], [[1]]),
        ([[math.inf]], [[1]]),
        ([["1"]], [[1]]),
        ([["<img src=x onerror=alert(1)>"]], [[1]]),
        ([[[]]], [[1]]),
        ([[1j]], [[1]]),
        ("01", "11"),
        ({"q": [0]}, {"q": [1]}),
        (None, [[1]]),
        (pd.DataFrame({"a": [0]}), pd.DataFrame({"b": [1]})),
        (pd.DataFrame({"a": [0, 1]}, index=["x", "x"]), pd.DataFrame({"a": [1, 1]}, index=["x", "x"])),
    ],
)  # fmt: skip
def test_what_is_no_table_of_answers_is_refused_in_a_sentence(first: Any, second: Any) -> None:
    with pytest.raises(ParameterError) as caught:
        learning_gain(first, second)
    assert caught.value.message.endswith("。")


@pytest.mark.parametrize("draws", [0, 199, -5, 1e3, True, "many"])
def test_draws_must_be_enough(draws: Any) -> None:
    with pytest.raises(ParameterError):
        learning_gain([[0]], [[1]], draws=draws)


def test_it_is_one_of_the_kits_estimators() -> None:
    assert evidence.learning_gain is learning_gain
    assert {"learning_gain", "LearningGain", "ItemChange"} <= set(evidence.__all__)


def test_it_shows_sentence_and_table_and_writes_plain_json() -> None:
    first = pd.DataFrame({"<b>q</b>": [0, 1, 0], "r": [None, None, None]})
    found = learning_gain(first, pd.DataFrame({"<b>q</b>": [1, 1, 0], "r": [1, 1, 1]}))
    assert isinstance(found, LearningGain)
    html = found._repr_html_()
    assert "<b>q" not in html and "&lt;b&gt;q" in html and "誤→正" in html
    written = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert written["items"][1]["before"] is None and written["interval"] == list(
        found.interval or ()
    )
