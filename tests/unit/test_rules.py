from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import author, course, rules
from kit.errors import CourseError, Problems

Furnish = Callable[..., Path]
FINE = "import kit\nlesson = kit.lesson('ok', municipality=municipality)"


def broken(folder: Path) -> str:
    return "\n".join(str(problem) for problem in rules.broken(course.workshop(folder.name)))


def edit(folder: Path, change: Callable[[dict], None]) -> None:
    path = folder / "workshop.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    change(notebook)
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def test_a_sound_workshop_breaks_no_rule(workshop_in: Furnish) -> None:
    assert broken(workshop_in("ok", FINE)) == ""


def set_id(notebook: dict) -> None:
    notebook["cells"][2]["id"] = "3f2a9b1c"


def set_tag(notebook: dict) -> None:
    notebook["cells"][2]["metadata"]["tags"] = ["facilitater"]


def set_output(notebook: dict) -> None:
    notebook["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]


def set_heading(notebook: dict) -> None:
    notebook["cells"][0]["source"] += "\n\n### 飛んだ見出し"


def set_second_title(notebook: dict) -> None:
    notebook["cells"][0]["source"] += "\n\n# もうひとつ"


def set_default(notebook: dict) -> None:
    notebook["cells"][1]["source"] = notebook["cells"][1]["source"].replace("= 3", "= 4")


def set_minutes(notebook: dict) -> None:
    notebook["cells"][0]["metadata"]["workshop"]["minutes"] = 11


def set_half_solution(notebook: dict) -> None:
    notebook["cells"][2]["source"] = "# BEGIN SOLUTION\nx = 1"


def set_unmarked_solution(notebook: dict) -> None:
    notebook["cells"][2]["source"] = "# BEGIN SOLUTION\nx = 1\n# END SOLUTION"


def set_check(notebook: dict) -> None:
    notebook["cells"][2]["source"] += "\nlesson.check('nowhere', 1)"


def set_quiz(notebook: dict) -> None:
    notebook["cells"][2]["source"] += "\nlesson.quiz('nowhere')"


def set_untranslatable(notebook: dict) -> None:
    notebook["cells"][2]["source"] += "\nprint('こんにちは')"


def set_town(notebook: dict) -> None:
    notebook["cells"][0]["source"] += "\n\n新宿区では"


def set_template(notebook: dict) -> None:
    notebook["cells"][0]["source"] += "\n\n{{ nobody }}"


def set_magic(notebook: dict) -> None:
    notebook["cells"][2]["source"] = "%matplotlib inline"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (set_id, "3f2a9b1c"),
        (set_tag, "facilitater"),
        (set_output, "出力"),
        (set_heading, "段"),
        (set_second_title, "ひとつだけ"),
        (set_default, "parameters"),
        (set_minutes, "11 分"),
        (set_half_solution, "数が違います"),
        (set_unmarked_solution, "exercise"),
        (set_check, "nowhere"),
        (set_quiz, "nowhere"),
        (set_untranslatable, "こんにちは"),
        (set_town, "新宿区"),
        (set_template, "nobody"),
        (set_magic, "%"),
    ],
)
def test_a_broken_rule_is_named(
    workshop_in: Furnish, damage: Callable[[dict], None], told: str
) -> None:
    folder = workshop_in("ok", FINE)
    edit(folder, damage)
    assert told in broken(folder)


EXERCISE = """
[[exercise]]
id = "three"
label = "数（個）"
hints = ["数えます。"]
solution = "1、2、3 と数えます。"
"""


@pytest.mark.parametrize(
    ("exercises", "calls", "told"),
    [
        (EXERCISE, "lesson.check('three', 3)", ""),
        ("", "lesson.check('three', 3)", "「three」のヒントと解き方がありません"),
        (EXERCISE, "", "「three」を確かめるセルがありません"),
        (EXERCISE * 2, "lesson.check('three', 3)", "「three」が 2 つあります"),
        (EXERCISE, "lesson.check('three', 3); lesson.check('four', 4)", "「four」のヒントと"),
    ],
)
def test_every_check_has_help_and_no_help_is_left_over(
    workshop_in: Furnish, exercises: str, calls: str, told: str
) -> None:
    folder = workshop_in("ok", FINE, calls)
    checks = "def three(lesson, answer): ...\ndef four(lesson, answer): ...\n"
    (folder / "checks.py").write_text(checks, encoding="utf-8")
    with (folder / "workshop.toml").open("a", encoding="utf-8") as spec:
        spec.write(exercises)
    found = broken(folder)
    assert told in found if told else found == ""


@pytest.mark.parametrize(
    "damage",
    [
        ('hints = ["数えます。"]', "hints = []"),
        ('hints = ["数えます。"]', 'hints = ["a", "b", "c", "d", "e"]'),
        ('hints = ["数えます。"]', 'hints = [" "]'),
        ("1、2、3 と数えます。", " "),
        ('label = "数（個）"', ""),
        ('label = "数（個）"', 'label = "数"\nanswer = "guess"'),
        ('label = "数（個）"', 'label = "数"\nanswer = "choice"'),
        ('label = "数（個）"', 'label = "数"\nanswer = "choice"\nchoices = ["a", "a"]'),
        ('label = "数（個）"', 'label = "数"\nchoices = ["a", "b"]'),
        ('id = "three"', 'id = "Three"'),
        ('id = "three"', 'id = "three"\nanser = "number"'),
        ('id = "three"', 'id = "three"\nlabels = { a = "甲" }'),
    ],
)
def test_an_exercise_that_cannot_be_is_refused(
    workshop_in: Furnish, damage: tuple[str, str]
) -> None:
    spec = workshop_in("ok") / "workshop.toml"
    spec.write_text(spec.read_text("utf-8") + EXERCISE.replace(*damage), encoding="utf-8")
    with pytest.raises(Problems, match=r"exercise\.0"):
        course.workshop("ok")


def test_help_is_translated_and_its_choices_keep_their_keys(workshop_in: Furnish) -> None:
    spec = workshop_in("ok") / "workshop.toml"
    chosen = EXERCISE.replace(
        'label = "数（個）"',
        'label = "数（個）"\nanswer = "choice"\nchoices = ["甲", "乙"]\nlabels = { "甲" = "ひとつ" }',
    )
    spec.write_text(spec.read_text("utf-8") + chosen, encoding="utf-8")
    texts = course.texts(course.workshop("ok").spec.model_dump())
    for sentence in ("数（個）", "ひとつ", "数えます。", "1、2、3 と数えます。"):
        assert sentence in texts
    assert "甲" not in texts and "choice" not in texts


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}'])
def test_a_broken_notebook_is_told(workshop_in: Furnish, text: str) -> None:
    folder = workshop_in("ok")
    (folder / "workshop.ipynb").write_text(text)
    assert "workshop.ipynb" in broken(folder)


def test_a_missing_catalogue_is_told(workshop_in: Furnish) -> None:
    folder = workshop_in("ok")
    spec = folder / "workshop.toml"
    spec.write_text(spec.read_text("utf-8").replace('["ja"]', '["ja", "en"]'), encoding="utf-8")
    assert "en.po" in broken(folder)


def test_a_new_workshop_passes_at_once(house: Path) -> None:
    author.new("my-first")
    assert [str(p) for p in author.check(["my-first"])] == []


@pytest.mark.parametrize("id", ["", "Ab", "日本語", "../x", "a b", "1a"])
def test_an_id_that_will_not_do_is_told(house: Path, id: str) -> None:
    with pytest.raises(CourseError):
        author.new(id)


def test_an_id_that_is_taken_is_told(workshop_in: Furnish) -> None:
    workshop_in("ok")
    with pytest.raises(CourseError, match="もうあります"):
        author.new("ok")


def test_the_exercises_of_the_house_have_help() -> None:
    for workshop in course.workshops():
        found = list(rules.exercises_have_help(rules.Source(workshop)))
        assert [str(problem) for problem in found] == []


def test_the_workshops_of_the_house_break_no_rule() -> None:
    assert [str(problem) for problem in author.check(strict=True)] == []
