"""An Effect says what it found, how sure, and what would overturn it."""

import json
import math

import pytest

from kit.evidence import Arm, Assumption, Effect
from kit.language import using

LOTS = Assumption("くじで分けた", "手順書を見た", True)
FRIENDS = Assumption("話は伝わらない", "調べられない", None)


def effect(**changes):
    values = {
        "estimate": 0.039,
        "standard_error": 0.0135,
        "confidence_interval": (0.0125, 0.0655),
        "n": 4000,
        "method": "平均の差",
        "estimand": "新しい通知文の効果",
        "unit": "share",
        "assumptions": (LOTS, FRIENDS),
        "evidence_level": 5,
        "arms": (Arm("新しい方", 2000, 0.262), Arm("従来", 2000, 0.223)),
    }
    return Effect(**{**values, **changes})


@pytest.fixture(autouse=True)
def japanese():
    with using("ja"):
        yield


def test_a_clear_result_says_so_and_what_would_overturn_it():
    sentence = effect().sentence
    assert "+3.9 ポイントと推定" in sentence
    assert "+1.2〜+6.6 ポイント" in sentence or "+1.3〜+6.6 ポイント" in sentence
    assert "0 を含みません" in sentence
    assert "「話は伝わらない」は、データだけでは確かめられません" in sentence


def test_an_unclear_result_is_not_called_no_effect():
    unclear = effect(estimate=0.01, confidence_interval=(-0.02, 0.04))
    assert not unclear.excludes_zero
    assert "まだ言い切れません" in unclear.sentence
    assert "「効果がない」という意味ではありません" in unclear.sentence


def test_a_negative_result_carries_a_true_minus():
    worse = effect(estimate=-0.05, confidence_interval=(-0.08, -0.02))
    assert "−5.0 ポイント" in worse.sentence
    assert worse.excludes_zero


def test_a_failed_assumption_is_in_the_sentence():
    chosen = Assumption("くじで分けた", "くじで分けていない", False)
    weak = effect(assumptions=(chosen, FRIENDS), evidence_level=1)
    assert "前提「くじで分けた」が崩れています" in weak.sentence
    assert "と推定されました" not in weak.sentence


def test_an_effect_is_frozen():
    with pytest.raises(AttributeError):
        effect().estimate = 1


def test_numbers_travel_as_json():
    told = json.loads(json.dumps(effect(source="模擬データ").to_dict(), ensure_ascii=False))
    assert told["estimate"] == pytest.approx(0.039)
    assert told["confidence_interval"] == [0.0125, 0.0655]
    assert told["assumptions"][0]["held"] is True
    assert told["sentence"] == effect().sentence


def test_the_numbers_name_what_was_dropped_and_both_arms():
    table = effect(dropped=12).numbers()
    text = " ".join(table["item"] + " " + table["value"])
    assert "12" in text
    assert "新しい方（2,000 件）の平均 26.2%" in text


@pytest.mark.parametrize(
    ("unit", "estimate", "expected"),
    [
        ("yen", -1250.4, "−1,250 円"),
        ("hours", 0.1234, "+0.123 時間"),
        ("", 0.0, "0"),
        ("点", 3, "+3.00 点"),
    ],
)
def test_units_are_said_in_words(unit, estimate, expected):
    assert expected in effect(unit=unit, estimate=estimate, arms=()).found


def test_markup_in_a_name_is_shown_as_text():
    page = effect(estimand="<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_it_is_shown_sentence_first_picture_second_numbers_third(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.setattr(Effect, "picture", property(lambda self: "picture"))
    effect()._ipython_display_()
    assert "新しい通知文の効果" in shown[0].data
    assert shown[1] == "picture"
    assert "<table" in shown[2].data
    shown.clear()
    effect(confidence_interval=(-math.inf, math.inf))._ipython_display_()
    assert "picture" not in shown
