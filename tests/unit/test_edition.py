from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit import course, edition, outline
from kit.errors import CourseError

SOLVED = """before = 1
# BEGIN SOLUTION
answer = before + 41
first, second = answer, 2
# END SOLUTION
print(answer)"""


def prepare(folder: Path, **values: object) -> edition.NotebookNode:
    workshop = course.workshop(folder.name)
    return edition.prepare(workshop, "ja", workshop.validate(values))


def test_the_stub_defines_every_name_of_the_solution(workshop_in: Callable[..., Path]) -> None:
    notebook = edition.participant(prepare(workshop_in("ok", SOLVED)), "ja")
    code = notebook.cells[2].source
    assert "answer = ...\nfirst = ...\nsecond = ..." in code
    assert "41" not in code
    compile(code, "stub", "exec")


def test_a_solution_inside_a_function_leaves_a_function_that_runs(
    workshop_in: Callable[..., Path],
) -> None:
    code = "def f():\n    # BEGIN SOLUTION\n    return 42\n    # END SOLUTION\nprint(f())"
    notebook = edition.participant(prepare(workshop_in("ok", code)), "ja")
    assert "42" not in notebook.cells[2].source
    exec(compile(notebook.cells[2].source, "stub", "exec"), {})


def test_facilitator_and_solution_cells_are_gone(workshop_in: Callable[..., Path]) -> None:
    prepared = prepare(workshop_in("ok", "x = 1", "y = 2"))
    prepared.cells[2].metadata["tags"] = ["facilitator"]
    prepared.cells[3].metadata["tags"] = ["solution"]
    assert [c.id for c in edition.participant(prepared, "ja").cells] == ["title", "parameters"]
    assert len(edition.facilitator(prepared).cells) == 4


def test_a_leak_is_found_and_an_open_line_is_none(workshop_in: Callable[..., Path]) -> None:
    prepared = prepare(workshop_in("ok", SOLVED))
    assert [s.text for s in edition.leaks(prepared, "… answer = before + 41 …")] == [
        "answer = before + 41"
    ]
    assert not edition.leaks(prepared, edition.write(edition.participant(prepared, "ja")))


def test_parameters_stay_readable_and_are_python(workshop_in: Callable[..., Path]) -> None:
    hostile = '"; import os #\\'
    code = prepare(workshop_in("ok"), municipality="檜原村", team=hostile).cells[1].source
    assert "檜原村" in code and "\\u" not in code
    values: dict[str, object] = {}
    exec(code, values)
    assert values["team"] == hostile
    assert values["municipality"] == "13307"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "{{ 7*7 }}", "$x$ **b** [a](b)"])
def test_a_hostile_value_is_text(workshop_in: Callable[..., Path], hostile: str) -> None:
    from kit.markdown import plain, to_html

    source = prepare(workshop_in("ok", markdown="{{ p.team }}"), team=hostile).cells[0].source
    assert "{{" not in source and "<script" not in source
    shown = to_html(source)
    assert "<script" not in shown and "<strong>" not in shown and "<a " not in shown
    assert hostile in plain(plain(shown))


def test_an_unknown_value_in_a_text_names_the_cell(workshop_in: Callable[..., Path]) -> None:
    with pytest.raises(CourseError) as caught:
        prepare(workshop_in("ok", markdown="{{ municipality.mayor }}"))
    assert "ok#title" in str(caught.value) and "mayor" in str(caught.value)


def test_templates_cannot_reach_into_python(workshop_in: Callable[..., Path]) -> None:
    with pytest.raises(CourseError):
        prepare(workshop_in("ok", markdown="{{ ''.__class__.__mro__ }}"))


def test_the_agenda_adds_up(workshop_in: Callable[..., Path]) -> None:
    (section,) = outline.agenda(prepare(workshop_in("ok")).cells)
    assert (section.title, section.start, section.end) == ("試験", 0, 10)


def test_slide_only_cells_are_not_handed_out(workshop_in: Callable[..., Path]) -> None:
    prepared = prepare(workshop_in("ok", "1"))
    prepared.cells[2].metadata["tags"] = ["slides"]
    handed = edition.deliver(prepared, outputs=False)
    assert [c.id for c in handed.cells] == ["title", "parameters"]
