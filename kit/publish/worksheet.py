"""A run → the participant's worksheet as a page: filled in on a screen, or printed first.

The same tasks as ``worksheet.pdf``. Nothing that is written is sent or stored anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.language import say, using
from kit.publish import look, page, sheets
from kit.publish.prose import inline

if TYPE_CHECKING:
    from kit.publish.material import Material
    from kit.spec import Quiz, Task

_STYLES = ("base/base.css", "worksheet/page.css")
_SCRIPT = "worksheet/page.js"


def worksheet(material: Material) -> str:
    """Return the worksheet as one HTML file. Nothing in it says which answer is right.

    Parameters
    ----------
    material : Material
        The run; only its spec, its town and its settings are looked at.

    Raises
    ------
    CourseError
        If a text of the spec cannot be set.
    """
    with using(material.language):
        spec, town = material.spec, material.municipality
        sheet = sheets.worksheet(material)
        place = town.name if town else ""
        words = _words(sheet["say"])
        script = look.script(_SCRIPT)
        tasks = zip(spec.worksheet, sheet["tasks"], strict=True)
        return look.render(
            "worksheet/page.html.j2",
            language=material.language,
            policy=look.policy(script),
            css=look.css(*_STYLES),
            script=script,
            title=" | ".join(part for part in (words["worksheet"], spec.title, place) if part),
            spec=spec,
            place=place,
            programme=material.programme,
            words=words,
            who=[(name, sheet["say"][name]) for name in ("date", "name", "group")],
            objectives=[inline(line) for line in spec.objectives],
            before=[_question(item) for item in spec.quiz if item.when in ("before", "both")],
            after=[_question(item) for item in spec.quiz if item.when in ("after", "both")],
            tasks=[_task(item, printed) for item, printed in tasks],
            reflection=sheet["reflection"],
            feedback=sheet["feedback"],
            simulated=page.simulated_line(material),
            made=page.made(material),
        )


def _question(item: Quiz) -> dict[str, Any]:
    return {"prompt": inline(item.prompt), "options": [inline(o.text) for o in item.option]}


def _task(item: Task, printed: dict[str, Any]) -> dict[str, Any]:
    """Return a task as the printed sheet has it, its texts as HTML."""
    return {
        "title": inline(sheets.printed_title(item.title)),
        "prompt": inline(item.prompt),
        "kind": printed["kind"],
        "time": printed["time"],
        "columns": [inline(column) for column in item.columns],
        "items": [inline(line) for line in item.items],
        "rows": [say("{number} 行目", number=number + 1) for number in range(item.rows)],
        # Lines to write on: as many as on paper; a table's only row has room for more.
        "tall": (4 if item.rows == 1 else 2) if printed["kind"] == "table" else _lines(item.rows),
    }


def _lines(rows: int) -> int:
    return min((3, 4, 6, 8), key=lambda lines: (lines < rows, lines))


def _words(printed: dict[str, str]) -> dict[str, str]:
    return {
        "skip": say("本文へ進む"),
        "worksheet": say("ワークシート"),
        "simulated": say("模擬データ"),
        "kept": say(
            "画面でも、印刷してからでも書けます。書いたことは、どこにも送られず、このページを閉じると消えます。"
            "残したいときは、印刷するか、PDF に保存してください。"
        ),
        "print": say("印刷する・PDF に保存する"),
        "objectives": printed["objectives"],
        "before": printed["before"],
        "before_why": printed["before-why"],
        "tasks": printed["tasks"],
        "check": say("当てはまるもの"),
        "after": printed["after"],
        "after_why": printed["after-why"],
        "reflection": printed["reflection"],
        "feedback": printed["feedback"],
        "feedback_why": say(
            "教材を直すために使います。名前は書きません。印刷して切り取り、進行役に渡してください。"
        ),
        "licence": page.licence(),
    }
