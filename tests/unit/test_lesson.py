from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import kit
from kit.errors import CourseError, KitError, LanguageError, Problems
from kit.lessons import Lesson

Furnish = Callable[..., Path]
CHECKS = """
from kit.checks import number

def three(lesson, answer):
    return number(answer, expected=lesson.number, tolerance=0.1, unit="count",
                  why_right="よし", rivals=[], hint="もう一度")

def broken(lesson, answer):
    return 1 / 0
"""


@pytest.fixture
def lesson(workshop_in: Furnish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    (workshop_in("ok") / "checks.py").write_text(CHECKS, encoding="utf-8")
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    return kit.lesson("ok", municipality="檜原村", team="<b>課</b>")


def test_parameters_are_at_hand(lesson: Lesson) -> None:
    assert lesson.municipality.name == "檜原村"
    assert lesson.number == 3
    assert lesson.parameters["municipality"] == "13307"
    with pytest.raises(AttributeError):
        _ = lesson.nothing


def test_wrong_parameters_are_told(workshop_in: Furnish) -> None:
    workshop_in("ok")
    with pytest.raises(Problems, match="整数"):
        kit.lesson("ok", number="x")
    with pytest.raises(LanguageError):
        kit.lesson("ok", language="en")
    with pytest.raises(CourseError, match="ok"):
        kit.lesson("okk")


def test_a_check_answers_and_never_raises(lesson: Lesson) -> None:
    assert lesson.check("three", ...).state == "blank"
    assert lesson.check("three", 3).state == "right"
    assert lesson.check("three", 9).state == "not-yet"
    assert lesson.check("broken", 1).state == "fault"
    assert lesson.check("nowhere", 1).state == "fault"
    assert lesson.check("three", 3, unknown=1).state == "fault"
    assert repr(lesson.check("three", 3)) == "✓ 正解: よし"


def test_text_is_filled_and_note_is_safe(lesson: Lesson) -> None:
    assert lesson.text("{n:,} 通", n=4000) == "4,000 通"
    assert "<b>" not in lesson.note("{team}", team=lesson.team).data


def test_errors_reach_a_learner_without_a_traceback() -> None:
    error = KitError("なにが", where="どこで", hint="どうする")
    assert error._render_traceback_() == ["なにが", "  どこで", "  → どうする"]
    assert json.dumps(error._render_traceback_())
