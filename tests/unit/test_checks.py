"""A check names the mistake, never the person, and never raises."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import checks
from kit.checks import Rival, Verdict, number


def share(answer: Any, **changes: Any) -> Verdict:
    """A check of a share of 5.2 %, known to 0.1 of a point."""
    settings: dict[str, Any] = {
        "expected": 0.052,
        "tolerance": 0.001,
        "unit": "share",
        "why_right": "割り当てがくじ引きだからです。",
        "rivals": [Rival(0.12, "これは前後比較の値です。")],
        "hint": "2 つの群の平均を引きます。",
    }
    return number(answer, **(settings | changes))


@pytest.mark.parametrize("answer", [..., None, "", "...", "…", "  "])
def test_a_blank_is_not_a_mistake(answer: Any) -> None:
    assert share(answer).state == "blank"
    assert "まだ書かれていません" in share(answer).message


@pytest.mark.parametrize(
    "answer",
    [
        0.052,
        np.float64(0.052),
        np.array(0.052),
        np.array([[0.052]]),
        pd.Series([0.052], index=["x"]),
        pd.Series([0.052], dtype="Float64"),
        pd.DataFrame({"a": [0.052]}),
        [0.052],
        Decimal("0.052"),
        "0.052",
        "5.2%",
        "５．２％",
        " ５．２ ％ ",
        "約5.2パーセント",
        "+5.2%",
        "5.2%ポイント",
        "5.2 ポイント",
        "5.2 points",
        "０．０５２",
    ],
)
def test_a_number_may_be_written_in_any_way(answer: Any) -> None:
    verdict = share(answer)
    assert (verdict.state, verdict.message) == ("right", "割り当てがくじ引きだからです。")


@pytest.mark.parametrize("answer", ["△5.2%", "▲5.2%", "-5.2%", "−5.2％", "ー５．２％"])
def test_minus_may_be_written_as_officials_do(answer: str) -> None:
    assert share(answer, expected=-0.052).state == "right"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (True, "True か False"),
        (np.bool_(True), "True か False"),
        (len, "関数そのもの"),
        ("五つ", "数として読めません"),
        ([0.05, 0.06], "2 個"),
        (pd.Series([1.0, 2.0, 3.0]), "3 個"),
        (pd.DataFrame({"a": [1, 2], "b": [3, 4]}), "4 個"),
        ({"a": 1}, "dict"),
        (1 + 2j, "complex"),
        (math.nan, "計算できない値"),
        (math.inf, "計算できない値"),
        (pd.NA, "NAType"),
        (object(), "object"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_what_is_not_a_number_is_said_kindly(answer: Any, says: str) -> None:
    verdict = share(answer)
    assert verdict.state == "not-yet"
    assert says in verdict._repr_html_()


def test_a_named_mistake_is_named() -> None:
    assert share(0.12).message == "これは前後比較の値です。"
    assert share("12%").message == "これは前後比較の値です。"


def test_the_nearest_of_several_rivals_speaks() -> None:
    rivals = [Rival(0.121, "甲"), Rival(0.1203, "乙"), Rival(math.nan, "丙"), Rival(..., "丁")]
    assert share(0.1204, rivals=rivals).message == "乙"


def test_right_goes_before_any_rival() -> None:
    assert share(0.052, rivals=[Rival(0.0521, "これは前後比較の値です。")]).state == "right"


def test_a_rival_may_be_stricter_than_the_check() -> None:
    rivals = [Rival(0.12, "前後比較", tolerance=1e-6)]
    assert share(0.1205, rivals=rivals, tolerance=0.01).message != "前後比較"


@pytest.mark.parametrize(
    ("answer", "says"),
    [(-0.052, "符号"), (5.2, "100 で割って"), (0.00052, "割りすぎ"), (0.52, "まだ合って")],
)
def test_a_mix_up_is_recognised(answer: float, says: str) -> None:
    assert says in share(answer, hint="").message


@pytest.mark.parametrize(
    ("unit", "expected", "answer", "says"),
    [
        ("yen", 1_234_000, 1_234, "千円"),
        ("yen", 1_234_000, 123.4, "万円"),
        ("yen", 1_234_000, 1.234, "百万円"),
        ("yen", 1_234_000, 12_340_000, "けた"),
        ("hours", 1.5, 90, "分"),
        ("hours", 1.5, 5400, "秒"),
        ("hours", 48, 2, "日"),
        ("count", 686, 68.6, "けた"),
        ("count", 52_000, 5.2, "万"),
        ("count", 52, "52%", "%"),
    ],
)
def test_the_wrong_unit_is_recognised(unit: Any, expected: float, answer: Any, says: str) -> None:
    verdict = number(answer, expected=expected, tolerance=0.01, unit=unit, why_right="")
    assert verdict.state == "not-yet"
    assert says in verdict.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12万円", 120_000),
        ("1.5億", 150_000_000),
        ("￥1,234", 1234),
        ("1億2,345万円", 123_450_000),
        ("１億２０００万６千円", 120_006_000),
        ("３千万円", 30_000_000),
        ("約1.2 million yen", 1_200_000),
        ("△12万円", -120_000),
    ],
)
def test_japanese_scales_are_read(text: str, value: float) -> None:
    assert number(text, expected=value, tolerance=0, unit="yen", why_right="").state == "right"


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("hours", "3時間20分", 10 / 3),
        ("hours", "200分", 10 / 3),
        ("hours", "200 minutes", 10 / 3),
        ("hours", "約1,200時間", 1200),
        ("hours", "2日", 48),
        ("share", "5割", 0.5),
    ],
)
def test_a_unit_that_is_written_is_read(unit: Any, text: str, value: float) -> None:
    verdict = number(text, expected=value, tolerance=1e-9, unit=unit, why_right="")
    assert verdict.state == "right"


@pytest.mark.parametrize("text", ["1時間30分", "5から6", "¥", "円", "1-2", "3.4.5"])
def test_two_numbers_or_none_are_not_read_as_one(text: str) -> None:
    verdict = number(text, expected=1, tolerance=0, unit="count", why_right="")
    assert verdict.state == "not-yet" and "数として読めません" in verdict.message


@pytest.mark.parametrize(
    ("answer", "besides"), [(-0.12, "符号"), (12, "% の数ではなく"), ("12", "% の数ではなく")]
)
def test_a_named_mistake_is_named_even_with_another_on_top(answer: Any, besides: str) -> None:
    verdict = share(answer)
    assert verdict.message == "これは前後比較の値です。" and besides in verdict.detail
    nothing = [Rival(0.0, "これは前後比較の値です。")]
    assert share(0.0005, rivals=nothing, hint="").message == "これは前後比較の値です。"
    assert share(0.09, rivals=nothing, hint="").message != "これは前後比較の値です。"


def test_without_a_hint_the_direction_helps() -> None:
    assert "大きい数" in share(0.03, hint="").detail
    assert "小さい数" in share(0.09, hint="").detail
    assert share(-0.3, hint="").detail == ""


def test_near_misses_are_told_to_look_at_rounding() -> None:
    assert "丸めて" in share(0.0545).detail


def test_about_zero_no_factor_is_seen() -> None:
    """An expected zero is within tolerance of its own negative and of every multiple."""
    verdict = number(
        0.5, expected=0.0, tolerance=0.01, unit="share", why_right="", hint="引きます。"
    )
    assert verdict.message == "引きます。"


def test_a_fault_in_the_check_is_not_the_learners() -> None:
    assert share(0.05, expected=math.nan).state == "fault"
    assert share(0.05, tolerance="x").state == "fault"
    assert "あなたの答えのせいではありません" in checks.fault(ValueError("x")).message


class Hostile:
    """An answer that fails in every way it can."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __float__(self) -> float:
        raise ZeroDivisionError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError


def test_nothing_a_learner_can_write_raises() -> None:
    for answer in (
        Hostile(),
        Hostile,
        lambda: 1,
        10**400,
        "9" * 999,
        b"5",
        [[[1]]],
        [],
        np.array([]),
    ):
        assert share(answer).state in ("not-yet", "fault")


def test_a_verdict_shows_symbol_word_and_sentence_escaped() -> None:
    html = checks.not_yet("<b>&", "詳しく<i>")._repr_html_()
    assert 'role="status"' in html
    assert "もう一歩" in html and "△" in html
    assert "&lt;b&gt;&amp;" in html and "<i>" not in html
    assert repr(checks.right("よい")) == "✓ 正解: よい"


# --- what must not change whatever the numbers are ------------------------------------------------

finite = st.floats(-1e6, 1e6).filter(lambda v: abs(v) > 1e-3)


@given(expected=finite, factor=st.floats(0.1, 1000))
def test_scaling_everything_changes_no_verdict(expected: float, factor: float) -> None:
    """The outcome in other units: same verdict, for right, wrong and rival alike."""
    rivals = [Rival(expected * 1.7, "前後比較")]
    for answer in (expected, expected * 1.7, expected * 1.31, -expected):
        first = number(
            answer, expected=expected, tolerance=abs(expected) / 50, why_right="", rivals=rivals
        )
        second = number(
            answer * factor,
            expected=expected * factor,
            tolerance=abs(expected * factor) / 50,
            why_right="",
            rivals=[Rival(expected * 1.7 * factor, "前後比較")],
        )
        assert (first.state, first.message) == (second.state, second.message)


@given(expected=finite)
def test_negating_everything_changes_no_verdict(expected: float) -> None:
    for answer in (expected, -expected, expected * 2):
        first = number(answer, expected=expected, tolerance=1e-9, why_right="")
        second = number(-answer, expected=-expected, tolerance=1e-9, why_right="")
        assert (first.state, first.message) == (second.state, second.message)


@given(expected=st.floats(0.001, 1), wrong=st.floats(-2, 2))
def test_a_wider_tolerance_never_turns_right_into_wrong(expected: float, wrong: float) -> None:
    narrow = number(wrong, expected=expected, tolerance=0.01, unit="share", why_right="")
    wide = number(wrong, expected=expected, tolerance=0.1, unit="share", why_right="")
    assert not (narrow.state == "right" and wide.state != "right")


@given(expected=st.floats(0.001, 1).map(lambda v: round(v, 4)))
def test_a_share_and_its_per_cent_text_are_one_answer(expected: float) -> None:
    text = f"{expected * 100:.6f}％"
    assert (
        number(text, expected=expected, tolerance=1e-9, unit="share", why_right="").state == "right"
    )


@given(st.text(max_size=30))
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = share(text)
    assert verdict.state in ("blank", "not-yet", "right")
    assert "<script" not in verdict._repr_html_()
