"""What people touch answers quickly, kindly, and without a pointer."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from kit import chart
from kit.ask import Panel, QuizCard, choice, slider
from kit.ask.look import GROUNDS, WIDGETS
from kit.ask.panel import WIDGET_MIME, to_html
from kit.course import Quiz
from kit.errors import KitError

EVIL = '<img src=x onerror="alert(1)">'


def drawing(share: float) -> Any:
    return chart.bars(
        {"arm": ["甲", "乙"], "rate": [0.2, share]},
        category="arm",
        value="rate",
        title="受診率",
        format=".1%",
        source="模擬データ",
    )


# --- controls -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 5, "high": 1},
        {"low": 1, "high": 1},
        {"value": 99},
        {"step": 0},
        {"step": -1},
        {"format": "五"},
    ],
)
def test_a_slider_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(KitError):
        slider(**({"label": "数", "value": 3, "low": 1, "high": 9} | wrong))


def test_numpy_numbers_reach_the_browser_as_plain_ones() -> None:
    control = slider("数", np.int64(3), np.int64(1), np.int64(9), np.int64(1))
    assert control.whole and type(control.value) is int
    assert type(slider("率", np.float64(0.1), 0, 1, 0.1).value) is float


def test_whole_ends_and_a_part_step_move_in_parts() -> None:
    control = slider("倍率", 0, 0, 1, 0.05)
    assert not control.whole
    assert control.tidy(0.15000000000000002) == 0.15


def test_a_share_moves_and_is_typed_in_per_cent() -> None:
    seen: list[float] = []
    panel = Panel(
        lambda rate: seen.append(rate), {"rate": slider("受診率", 0.04, 0, 0.2, 0.01, format=".0%")}
    )
    widget = panel._widgets["rate"]
    assert (widget.value, widget.max, widget.step) == (4, 20, 1)
    assert widget.description == "受診率（%）"
    widget.value = 7
    panel.set(rate=0.15)
    assert seen == [0.04, 0.07, 0.15]
    assert "<strong>15%</strong>" in panel.static()


def test_a_choice_needs_options_and_a_value_among_them() -> None:
    with pytest.raises(KitError):
        choice("通知", [])
    with pytest.raises(KitError, match="新しい"):
        choice("通知", ["いつもの"], value="新しい")
    assert choice("通知", ["甲", "乙"]).value == "甲"


# --- panel ----------------------------------------------------------------------------------------


def test_moving_a_control_redraws() -> None:
    panel = Panel(lambda n: f"<p>{n}</p>", {"n": slider("人数", 3, 1, 9)})
    assert panel.html == "<p>3</p>"
    panel.set(n=5)
    assert panel.html == "<p>5</p>"
    assert panel.values == {"n": 5}


def test_a_view_may_give_a_chart_html_a_list_or_nothing() -> None:
    shown = to_html(["<p>文</p>", drawing(0.3), None, [1.5]])
    assert shown.startswith("<p>文</p><svg ") and shown.endswith("1.5")
    assert 'role="img"' in shown
    assert to_html(EVIL) == EVIL  # HTML of the author's own
    assert "<img" not in to_html([type("T", (), {"__str__": lambda self: EVIL})()])


def test_an_error_in_the_view_is_a_kind_sentence() -> None:
    def view(n: int) -> str:
        if n > 3:
            raise ZeroDivisionError(EVIL)
        return "よい"

    panel = Panel(view, {"n": slider("人数", 3, 1, 9)})
    panel.set(n=4)
    assert "別の値を試してください" in panel.html
    assert "Traceback" not in panel.html and "<img" not in panel.html
    panel.set(n=2)
    assert panel.html == "よい"


def test_a_kit_error_in_the_view_says_its_own_sentence() -> None:
    def view(n: int) -> str:
        raise KitError("人数が足りません。", hint="増やしてください。")

    html = Panel(view, {"n": slider("人数", 3, 1, 9)}).html
    assert "人数が足りません。" in html and "増やしてください。" in html


def test_a_stub_in_the_view_waits() -> None:
    assert "まだ書かれていません" in Panel(lambda: ..., {}).html


def test_the_bundle_has_a_widget_and_a_still_picture_of_it() -> None:
    panel = Panel(
        lambda rate, arm: drawing(rate),
        {
            "rate": slider(EVIL, 0.3, 0, 1, 0.01, format=".0%"),
            "arm": choice("通知", {EVIL: 1}, 1),
        },
    )
    bundle = panel._repr_mimebundle_()
    assert list(bundle) == [WIDGET_MIME, "text/html", "text/plain"]
    still = bundle["text/html"]
    assert still.startswith("<figure") and "<svg " in still
    assert "30%" in still and "ノートブックでは" in still
    assert "<img" not in still and "&lt;img" in still
    assert "<script" not in still and "<input" not in still


def test_the_still_picture_shows_the_present_state() -> None:
    panel = Panel(lambda n: f"<p>{n}</p>", {"n": slider("人数", 3, 1, 9)})
    panel.set(n=8)
    assert "<p>8</p>" in panel.static() and "<strong>8</strong>" in panel.static()


def widgets_of(box: Any) -> list[Any]:
    return [box, *(inner for child in getattr(box, "children", ()) for inner in widgets_of(child))]


def test_there_is_no_output_widget_anywhere() -> None:
    """nbclient can hang at one (nbclient #312)."""
    import ipywidgets

    boxes = [Panel(drawing, {"share": slider("率", 0.3, 0, 1, 0.1)})._box, QuizCard(QUIZ)._box]
    assert not any(isinstance(w, ipywidgets.Output) for box in boxes for w in widgets_of(box))


def test_labels_are_never_read_as_html() -> None:
    panel = Panel(lambda n: "", {"n": slider(EVIL, 3, 1, 9)})
    widget = panel._widgets["n"]
    assert widget.description == EVIL and not widget.description_allow_html


# --- quiz -----------------------------------------------------------------------------------------

QUIZ = Quiz(
    id="random",
    prompt=f"なぜくじ引きで決めますか。{EVIL}",
    option=(
        {"text": f"公平だから{EVIL}", "feedback": f"公平さだけではありません。{EVIL}"},
        {"text": "比べる相手をそろえるため", "right": True, "feedback": "2 つの群が似るからです。"},
        {"text": "早いから", "feedback": "早さは関係ありません。"},
    ),
)


def test_a_wrong_answer_names_the_misconception_and_may_be_tried_again() -> None:
    card = QuizCard(QUIZ)
    card._buttons[2].click()
    assert "早さは関係ありません。" in card.reply and "もう一度" in card.reply
    assert not any(button.disabled for button in card._buttons)
    card._buttons[1].click()
    assert "2 つの群が似るからです。" in card.reply


def test_the_first_answer_is_kept() -> None:
    card = QuizCard(QUIZ)
    assert card.answer is None and card.right_at_first is None
    card.choose(2)
    card.choose(1)
    assert card.answer == 2 and card.right_at_first is False


def test_the_reply_is_announced_and_does_not_rest_on_colour() -> None:
    card = QuizCard(QUIZ)
    assert 'role="status"' in card.reply
    card.choose(1)
    assert 'role="status"' in card.reply and "✓" in card.reply and "正解" in card.reply
    assert "✓" in card._buttons[1].description
    card.choose(0)
    assert "×" in card._buttons[0].description


def test_the_page_has_the_question_without_the_key() -> None:
    card = QuizCard(QUIZ)
    card.choose(1)
    html = card._repr_mimebundle_()["text/html"]
    assert "<fieldset" in html and "<legend" in html and "upper-alpha" in html
    for option in QUIZ.option:
        assert option.feedback not in html
    assert "正解" not in html and "✓" not in html
    assert "<img" not in html and "&lt;img" in html


def test_quiz_text_is_escaped_everywhere() -> None:
    card = QuizCard(QUIZ)
    card.choose(0)
    assert "<img" not in card.reply
    assert all("<img" not in w.value for w in widgets_of(card._box) if hasattr(w, "value"))


# --- colours --------------------------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two hexadecimal colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_on_a_colour_can_be_read_in_any_theme() -> None:
    for ground in GROUNDS.values():
        assert contrast("#ffffff", ground) >= 4.5


def test_the_style_sheet_touches_only_the_kits_own_widgets() -> None:
    rules = re.findall(r"([^{}]+)\{", WIDGETS.removeprefix("<style>"))
    for selectors in rules:
        assert all(s.strip().startswith(".kit-") for s in selectors.split(","))
