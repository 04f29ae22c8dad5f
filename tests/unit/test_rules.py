from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import author, course, rules
from kit.errors import CourseError

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


def test_the_workshops_of_the_house_break_no_rule() -> None:
    assert [str(problem) for problem in author.check()] == []
