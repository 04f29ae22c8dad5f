"""A question answers back kindly, keeps its secret, and forgets nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.ask import QuizCard
from kit.ask.live import WIDGET_MIME
from kit.ask.look import GROUNDS
from kit.course import Quiz
from kit.errors import CourseError
from kit.language import using
from kit.progress import Progress

EVIL = '<img src=x onerror="alert(1)">'

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
ONCE = Quiz.model_validate(QUIZ.model_dump() | {"id": "once", "when": "after"})


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress("demo", tmp_path, present=True)


def again(progress: Progress) -> Progress:
    """What a kernel started anew reads from the file."""
    return Progress("demo", progress.path.parent, present=True)


def test_a_wrong_answer_names_the_misconception_and_may_be_tried_again(progress: Progress) -> None:
    card = QuizCard(QUIZ, "after", progress)
    card.live.hear({"kind": "answer", "option": 2})
    assert "早さは関係ありません。" in card.reply and "もう一度" in card.reply
    assert not card.locked
    card.live.hear({"kind": "answer", "option": 1})
    assert "2 つの群が似るからです。" in card.reply and "ほかの答え" in card.reply
    assert card.live.state["marks"] == ["", "right", "wrong"]


def test_the_first_answer_is_kept(progress: Progress) -> None:
    card = QuizCard(QUIZ, "after", progress)
    assert card.answer is None and card.right_at_first is None
    card.choose(2)
    card.choose(1)
    assert card.answer == 2 and card.right_at_first is False
    assert progress.answered("random", "after") == 2


def test_an_item_asked_again_at_the_end_keeps_its_secret(progress: Progress) -> None:
    for option in (1, 2):
        mine = Progress("demo", progress.path.parent / str(option), present=False)
        card = QuizCard(QUIZ, "before", mine)
        card.choose(option)
        assert "残しました。おわりに、同じ問題をもう一度考えます。" in card.reply
        state = json.dumps(card.live.state, ensure_ascii=False)
        for part in QUIZ.option:
            assert part.feedback not in state
        assert card.live.state["marks"][option] == "kept"
        assert "right" not in state and "wrong" not in state and "正解" not in state
        assert mine.answered("random", "before") == option


def test_the_answer_of_the_beginning_stands(progress: Progress) -> None:
    card = QuizCard(QUIZ, "before", progress)
    card.choose(2)
    for index in (0, 1, 2):
        card.live.hear({"kind": "answer", "option": index})
    assert card.locked and card.answer == 2 and card.live.state["chosen"] == 2
    assert QuizCard(QUIZ, "before", again(progress)).live.state == card.live.state


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        (0, 1, "はじめは A を選んでいました。何が考えを変えましたか"),
        (1, 1, "はじめも B を選んでいました。わけを"),
        (1, 2, "はじめは B を選んでいました。"),
    ],
)
def test_at_the_end_the_beginning_is_remembered(
    progress: Progress, first: int, then: int, told: str
) -> None:
    QuizCard(QUIZ, "before", progress).choose(first)
    card = QuizCard(QUIZ, "after", again(progress))
    assert "はじめ" not in card.reply  # it would lead the second answer
    card.choose(then)
    assert told in card.reply


def test_an_item_asked_once_answers_at_once(progress: Progress) -> None:
    for card in (QuizCard(ONCE, "after", progress), QuizCard(QUIZ, "", progress)):
        card.choose(0)
        assert "公平さだけではありません。" in card.reply and "はじめ" not in card.reply
    only_before = Quiz.model_validate(QUIZ.model_dump() | {"id": "first", "when": "before"})
    card = QuizCard(only_before, "before", progress)
    card.choose(1)
    assert "2 つの群が似るからです。" in card.reply


def test_after_a_restart_the_card_is_as_it_was(progress: Progress) -> None:
    card = QuizCard(QUIZ, "after", progress)
    card.choose(2)
    card.choose(1)
    later = QuizCard(QUIZ, "after", again(progress))
    assert later.live.state == card.live.state
    assert later.answer == 2 and later.reply == card.reply


def test_the_same_question_at_the_other_end_is_another_answer(progress: Progress) -> None:
    QuizCard(QUIZ, "before", progress).choose(0)
    assert QuizCard(QUIZ, "after", progress).answer is None
    with pytest.raises(CourseError, match="before"):
        QuizCard(QUIZ, "middle", progress)


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {},
        {"kind": 3},
        {"kind": "answer"},
        {"kind": "answer", "option": "1"},
        {"kind": "answer", "option": True},
        {"kind": "answer", "option": 1.0},
        {"kind": "answer", "option": -1},
        {"kind": "answer", "option": 3},
        {"kind": "answer", "option": {"kind": "answer"}},
        {"kind": "reveal", "option": 1},
        {"kind": EVIL * 10_000},
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing(progress: Progress, message: Any) -> None:
    card = QuizCard(QUIZ, "after", progress)
    before = card.live.state
    card.live.hear(message)
    assert card.live.state == before and card.answer is None


@pytest.mark.parametrize("kept", [["x"], {"a": 1}, [9, -1, True, None], "2", 3, [[0]]])
def test_a_progress_file_that_makes_no_sense_breaks_nothing(progress: Progress, kept: Any) -> None:
    progress.answer("random", "after", 2)
    progress.keep("quiz:random:after", kept)
    card = QuizCard(QUIZ, "after", again(progress))
    assert card.live.state["chosen"] == 2
    progress.answer("random", "before", 99)
    assert QuizCard(QUIZ, "before", progress).answer is None
    assert "はじめ" not in QuizCard(QUIZ, "after", progress).reply


def test_a_full_disk_is_told_and_the_answer_stays(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.progress.write_whole", full)
    card = QuizCard(QUIZ, "before", progress)
    card.choose(0)
    assert "途中の答えを保存できません" in card.reply and card.answer == 0


def test_the_page_has_the_question_without_the_key(progress: Progress) -> None:
    card = QuizCard(QUIZ, "after", progress)
    card.choose(1)
    shown = card._repr_mimebundle_()
    assert list(shown) == [WIDGET_MIME, "text/html", "text/plain"]
    html = shown["text/html"]
    assert "<fieldset" in html and "<legend" in html and "upper-alpha" in html
    for option in QUIZ.option:
        assert option.feedback not in html + shown["text/plain"]
    assert "正解" not in html and "✓" not in html and "id=" not in html
    assert "<img" not in html and "&lt;img" in html
    assert "もう一度考えます" in QuizCard(QUIZ, "before", progress).static()


def test_nothing_of_the_key_is_sent_before_it_is_found(progress: Progress) -> None:
    """A notebook executed in a batch is published with the state of its widgets."""
    state = json.dumps(QuizCard(QUIZ, "after", progress).live.get_state(), ensure_ascii=False)
    for option in QUIZ.option:
        assert option.feedback not in state


def test_quiz_text_is_escaped_everywhere(progress: Progress) -> None:
    card = QuizCard(QUIZ, "after", progress)
    card.choose(0)
    assert "<img" not in card.reply and "&lt;img" in card.reply
    # What is drawn as text travels as text.
    assert card.live.state["prompt"] == QUIZ.prompt
    script = (Path(__file__).parents[2] / "kit/ask/js/quiz.js").read_text("utf-8")
    assert script.count("innerHTML") == 1 and "reply.innerHTML = said" in script


def test_the_card_speaks_the_language_of_the_lesson(progress: Progress) -> None:
    with using("en"):
        words = QuizCard(QUIZ, "after", progress).live.words
    assert words["language"] == "en"


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
