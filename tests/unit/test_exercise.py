"""An exercise says what went wrong, helps in steps, and gives nothing away unasked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kit
from kit import checks, course, progress
from kit.ask import CheckCard
from kit.ask.live import WIDGET_MIME
from kit.lessons import Lesson

Furnish = Callable[..., Path]
EVIL = '<img src=x onerror="alert(1)">'

CHECKS = """
from kit.checks import Rival, blank, not_yet, number, right

def rate(lesson, answer, least=0):
    return number(answer, expected=0.05 * lesson.number, tolerance=0.001, unit="share",
                  why_right="そのとおり", rivals=[Rival(0.4, "前後比較の値です")], hint="引きます")

def letter(lesson, answer, line):
    if answer is ...:
        return blank()
    if line is ...:
        return not_yet("先に線を決めます")
    return right("決まり") if answer == ("A" if line > 1 else "B") else not_yet("逆です")

def columns(lesson, answer):
    if answer is ...:
        return blank()
    return right("よし") if answer == ["age", "sex"] else not_yet(f"{answer}")

def word(lesson, answer):
    return blank() if answer is ... else right("よし") if answer == "くじ" else not_yet(answer)

def broken(lesson, answer):
    return 1 / 0

def silent(lesson, answer):
    return None

def alone(lesson, answer):
    return right("よし")
"""
EXERCISE = """
[[exercise]]
id = "{id}"
answer = "{kind}"
label = "答え（{id}）"
hints = ["ひとつめのヒント", "ふたつめのヒント <img>"]
solution = "**とき方**は `x` です。<script>"
"""
CHOICES = 'choices = ["{0}", "{1}", "z"]\n[exercise.labels]\n{0} = "えらぶ {0}"\n'


@pytest.fixture
def desk(workshop_in: Furnish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = workshop_in("ok")
    (folder / "checks.py").write_text(CHECKS, encoding="utf-8")
    spec = folder / "workshop.toml"
    kinds = {"rate": "number", "word": "text", "letter": "choice", "columns": "choices"}
    kinds |= {"broken": "number", "silent": "none"}
    parts = [spec.read_text("utf-8")]
    for id, kind in kinds.items():
        parts.append(EXERCISE.format(id=id, kind=kind))
        parts.append(CHOICES.format("A", "B") if kind == "choice" else "")
        parts.append(CHOICES.format("age", "sex") if kind == "choices" else "")
    spec.write_text("\n".join(parts), encoding="utf-8")
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    monkeypatch.setenv(progress.SWITCH, "on")
    return desk


def a_lesson() -> Lesson:
    """The lesson as a kernel started anew opens it: nothing is remembered but the file."""
    progress._OPEN.clear()
    return kit.lesson("ok")


def card(name: str = "rate", answer: Any = ..., **context: Any) -> CheckCard:
    return CheckCard(a_lesson(), name, answer, context)


def sent(one: CheckCard) -> str:
    assert one.live is not None
    return json.dumps(one.live.get_state(), ensure_ascii=False)


# --- the verdict ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state"), [(..., "blank"), (0.15, "right"), (0.4, "not-yet"), ("１５％", "right")]
)
def test_the_card_says_what_the_check_says(desk: Path, answer: Any, state: str) -> None:
    one = card("rate", answer)
    assert one.state == one.verdict.state == state
    assert (one.message, one.detail) == (one.verdict.message, one.verdict.detail)
    shown = one._repr_mimebundle_()
    assert repr(one) == repr(one.verdict) == shown["text/plain"]
    assert shown["text/html"] == one.verdict._repr_html_()
    assert list(shown) == [WIDGET_MIME, "text/html", "text/plain"]


@pytest.mark.parametrize("name", ["broken", "silent", "nowhere", "__name__", "letter"])
def test_a_broken_check_is_never_the_learners_fault(desk: Path, name: str) -> None:
    one = card(name, 1)  # "letter" lacks what the notebook should have handed to it
    assert one.state == "fault" and "あなたの答えのせいではありません" in one.message
    assert one._repr_mimebundle_()["text/html"] == one.verdict._repr_html_()


def test_a_check_without_an_exercise_is_its_verdict(desk: Path) -> None:
    one = card("alone", 1)
    assert one.live is None and one.exercise is None
    assert list(one._repr_mimebundle_()) == ["text/html", "text/plain"]
    one.attempt("x")
    one.hint()
    one.solve()
    assert one.state == "right"


def test_what_else_the_check_needs_is_asked_when_it_is_needed(desk: Path) -> None:
    line: list[Any] = [...]
    one = card("letter", ..., line=lambda: line[0])
    one.live.hear({"kind": "try", "answer": [0]})
    assert one.message == "先に線を決めます"
    line[0] = 2
    one.live.hear({"kind": "try", "answer": [0]})
    assert one.state == "right"

    def fails() -> None:
        raise KeyError("line")

    assert card("letter", "A", line=fails).state == "fault"


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError


def test_an_answer_that_cannot_even_be_written_down_raises_nothing(desk: Path) -> None:
    assert card("word", Unspeakable()).state in ("not-yet", "fault")


# --- answering in the card ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wrong", "right", "kept"),
    [
        ("rate", "40%", "１５％", "１５％"),
        ("word", "あみだ", " くじ ", "くじ"),
        ("letter", [1], [0], "A"),
        ("columns", [0], [1, 0], ["age", "sex"]),
    ],
)
def test_wrong_then_right_without_code_and_back_after_a_restart(
    desk: Path, name: str, wrong: Any, right: Any, kept: Any
) -> None:
    context = {"line": 2} if name == "letter" else {}
    one = card(name, **context)
    one.live.hear({"kind": "try", "answer": wrong})
    assert one.state == "not-yet" and "もう一歩" in one.live.state["verdict"]
    one.live.hear({"kind": "try", "answer": right})
    assert one.state == "right" and "正解" in one.live.state["verdict"]
    record = one.progress.check(name)
    assert (record["tries"], record["right"]) == (2, True)

    later = card(name, **context)
    assert later.state == "right" and later.progress.kept(f"check:{name}") == kept
    assert later.live.state["typed"] == one.live.state["typed"]
    assert later.progress.check(name)["tries"] == 2  # to come back is no attempt


def test_a_wrong_answer_does_not_drive_out_the_right_one(desk: Path) -> None:
    one = card()
    one.attempt("15%")
    one.attempt("40%")
    assert one.state == "not-yet"
    assert card().state == "right"


def test_the_code_goes_before_what_was_typed(desk: Path) -> None:
    card().attempt("15%")
    wrong = card("rate", 0.4)
    assert wrong.message == "前後比較の値です" and wrong.live.state["typed"] == ""
    assert card("rate", 0.15).live.state["answer"] == "none"  # written: nothing left to fill in


def test_a_kept_answer_is_checked_again(desk: Path) -> None:
    card().attempt("15%")
    progress._OPEN.clear()
    changed = CheckCard(kit.lesson("ok", number=4), "rate", ..., {})
    assert changed.state == "not-yet" and changed.live.state["typed"] == "15%"


@pytest.mark.parametrize(("name", "nothing"), [("rate", "  "), ("letter", []), ("columns", [])])
def test_an_empty_answer_is_asked_for(desk: Path, name: str, nothing: Any) -> None:
    one = card(name, line=1) if name == "letter" else card(name)
    one.live.hear({"kind": "try", "answer": nothing})
    assert one.state == "blank" and "答えを確かめる" in one.message
    assert one.progress.check(name)["tries"] == 0


@pytest.mark.parametrize("name", ["rate", "word", "letter", "columns"])
@pytest.mark.parametrize(
    "answer", [None, 5, 0.15, True, {"a": 1}, ["x"], [True], [[0]], [0.0], {"kind": "try"}]
)
def test_a_message_that_makes_no_sense_changes_nothing(desk: Path, name: str, answer: Any) -> None:
    one = card(name, line=1) if name == "letter" else card(name)
    before = one.live.state
    one.live.hear({"kind": "try", "answer": answer})
    for message in (None, [], {}, {"kind": []}, {"kind": "key"}):
        one.live.hear(message)
    assert one.live.state == before


def test_places_that_do_not_exist_are_no_choice(desk: Path) -> None:
    one = card("columns")
    one.live.hear({"kind": "try", "answer": [99, -1]})
    assert one.state == "blank"
    one.live.hear({"kind": "try", "answer": [0, 0, 1, 99]})
    assert one.state == "right"


@pytest.mark.parametrize("text", [EVIL, "</script>", "9" * 10_000, "😀" * 3000, "\0\n", "{x}"])
def test_whatever_is_typed_is_shown_as_text(desk: Path, text: str) -> None:
    for name in ("rate", "word"):
        one = card(name)
        one.live.hear({"kind": "try", "answer": text})
        assert one.state in ("not-yet", "blank")
        assert "<img" not in one.live.state["verdict"]
        assert "<script" not in one._repr_mimebundle_()["text/html"]
        assert len(one.live.state["typed"]) <= 2000


@pytest.mark.parametrize("kept", [5, True, {"a": 1}, ["x", 3], None, "Z" * 5000])
def test_a_progress_file_that_makes_no_sense_breaks_nothing(desk: Path, kept: Any) -> None:
    for name, context in (("rate", {}), ("letter", {"line": 1}), ("columns", {})):
        progress.of("ok", desk).keep(f"check:{name}", kept)
        assert card(name, **context).state in ("blank", "not-yet")
    path = desk / "ok.progress.json"
    content = json.loads(path.read_text("utf-8"))
    content["checks"] = {"rate": {"hints": "many", "solution": "yes", "tries": 1}}
    path.write_text(json.dumps(content), encoding="utf-8")
    assert card("rate", 9).live.state["hints"] == []


# --- hints and solution ---------------------------------------------------------------------------


def test_hints_come_one_after_another_and_then_the_solution(desk: Path) -> None:
    one = card("rate", 0.4)
    steps = []
    for kind in ("solution", "hint", "solution", "hint", "hint", "solution"):
        one.live.hear({"kind": kind})
        state = one.live.state
        steps.append((len(state["hints"]), state["next"], bool(state["solution"])))
    assert steps == [
        (0, "hint", False),
        (1, "hint", False),
        (1, "hint", False),
        (2, "solution", False),
        (2, "solution", False),
        (2, "", True),
    ]
    solution = one.live.state["solution"]
    assert "<strong>とき方</strong>" in solution and "<script" not in solution
    record = one.progress.check("rate")
    assert (record["hints"], record["solution"]) == (2, True)


def test_opened_help_is_open_again_after_a_restart(desk: Path) -> None:
    one = card("rate", 0.4)
    one.hint()
    later = card("rate", 0.4)
    assert later.live.state == one.live.state and later.live.state["next"] == "hint"
    later.hint()
    later.solve()
    assert card("rate", 0.4).live.state == later.live.state
    assert card("rate", 0.15).live.state["hints"] == []  # who is done needs none


def test_who_is_right_may_compare_and_it_counts_as_no_help(desk: Path) -> None:
    one = card("rate", 0.15)
    assert one.live.state["next"] == "solution"
    one.live.hear({"kind": "solution"})
    assert "とき方" in one.live.state["solution"]
    assert one.progress.check("rate")["solution"] is False


def test_nothing_is_given_away_unasked(desk: Path) -> None:
    """A notebook executed in a batch is published with the state of its widgets."""
    for one in (card("rate"), card("rate", 0.4), card("rate", 0.15)):
        for secret in ("ひとつめ", "ふたつめ", "とき方", "0.15", "15%"):
            if secret == "0.15" and one.state == "right":
                continue
            assert secret not in sent(one).replace(one._repr_html_(), "")
    one = card("rate", 0.4)
    one.hint()
    one.hint()
    one.solve()
    static = one._repr_mimebundle_()
    assert "ひとつめ" in sent(one) and "とき方" in sent(one)
    for part in (static["text/html"], static["text/plain"]):
        assert "ヒント" not in part and "とき方" not in part


def test_hints_travel_as_text_and_only_our_own_html_is_drawn_as_html(desk: Path) -> None:
    script = (Path(__file__).parents[2] / "kit/ask/js/exercise.js").read_text("utf-8")
    assert script.count("innerHTML") == 2
    assert "verdict.innerHTML = said" in script and "steps.innerHTML = worked" in script


def test_the_same_answer_again_is_no_new_attempt(desk: Path) -> None:
    for answer in (0.4, 0.4, ..., 0.3):
        one = card("rate", answer)
    assert one.progress.check("rate")["tries"] == 2
    card("broken", 1)
    assert one.progress.check("broken")["tries"] == 0


def test_a_full_disk_is_told_and_the_answer_still_judged(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.progress.write_whole", full)
    one = card()
    one.attempt("15%")
    assert one.state == "right" and "途中の答えを保存できません" in one.live.state["verdict"]


def test_nobody_there_leaves_no_file(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(progress.SWITCH, "off")
    one = card("rate", 0.15)
    assert one.state == "right" and not list(desk.iterdir())


# --- the exercises of the house -------------------------------------------------------------------


@pytest.mark.parametrize("workshop", course.workshops(), ids=lambda workshop: workshop.id)
def test_every_exercise_of_the_house_can_be_drawn(
    workshop: course.Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(CheckCard, "_judge", lambda self, answer: checks.blank())
    lesson = kit.lesson(workshop.id)
    for exercise in workshop.spec.exercise:
        one = CheckCard(lesson, exercise.id, ..., {})
        shown = sent(one)
        assert exercise.label in shown and exercise.label in one.live.words["label"]
        assert not any(hint in shown for hint in exercise.hints)
        for _ in exercise.hints:
            one.hint()
        one.solve()
        assert one.live.state["hints"] == list(exercise.hints)
        # A worked way is set out: steps, or at least a sentence of its own.
        assert one.live.state["solution"].startswith(("<ol>", "<p>"))
