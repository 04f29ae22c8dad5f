"""The anonymous answer sheet, and the same in words, so that its writer sees what is in it."""

from __future__ import annotations

import json
import re
import string
from typing import TYPE_CHECKING, Any

from kit import outline
from kit.errors import KitError
from kit.language import NAMES, say

if TYPE_CHECKING:
    from kit.lessons import Lesson

Part = dict[str, Any]
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]$")


def answer_sheet(lesson: Lesson, *, voices: bool) -> dict[str, Any]:
    """Return what the answer file would hold.

    Parameters
    ----------
    lesson : kit.lessons.Lesson
        Whose progress it is.
    voices : bool
        With the reflections.
    """
    from kit import __version__

    # A text parameter is somebody's own words: the name of their office, for one.
    common = {
        parameter.name: lesson.parameters[parameter.name]
        for parameter in lesson.workshop.spec.parameter
        if parameter.type != "text"
    }
    sheet = lesson.progress.answers(
        {"version": __version__, "language": lesson.language, "parameters": common}
    )
    if not voices:
        sheet["voices"] = {}
    return sheet


def readable(lesson: Lesson, sheet: dict[str, Any]) -> list[Part]:
    """Return a sheet in words: parts with a ``title`` and ``lines``, each a label and a text."""
    return [
        {"title": say("教室のこと"), "lines": _about(lesson, sheet)},
        {"title": say("クイズで選んだもの"), "lines": _quiz(lesson, sheet)},
        {"title": say("演習"), "lines": _exercises(lesson, sheet)},
        {"title": say("それぞれの章にかかった時間"), "lines": _minutes(lesson, sheet)},
        {
            "title": say("ふり返りに書いた文"),
            "lines": [["", text] for text in sheet["voices"].values()],
        },
    ]


def done(lesson: Lesson) -> list[list[str]]:
    """Return what was done so far: no scores, only what is behind and what is ahead."""
    lines = []
    for name, label in _labels(lesson).items():
        record = lesson.progress.check(name)
        if record["right"]:
            state = say("できました")
        elif record["tries"]:
            state = say("途中です（{tries} 回、試しました）", tries=record["tries"])
        else:
            state = say("まだです")
        lines.append([label, state])
    quiz = lesson.workshop.localised(lesson.language).quiz
    for when, label in (("before", say("はじめのクイズ")), ("after", say("終わりのクイズ"))):
        asked = [item.id for item in quiz if item.when in (when, "both")]
        answered = sum(lesson.progress.answered(id, when) is not None for id in asked)
        if asked:
            told = say(
                "{asked} 問のうち {answered} 問に答えました", asked=len(asked), answered=answered
            )
            lines.append([label, told])
    return lines


def _labels(lesson: Lesson) -> dict[str, str]:
    spec = lesson.workshop.localised(lesson.language)
    # How to write the answer, in brackets, says nothing here.
    return {item.id: _BRACKETS.sub("", item.label) or item.id for item in spec.exercise}


def _about(lesson: Lesson, sheet: dict[str, Any]) -> list[list[str]]:
    spec = lesson.workshop.localised(lesson.language)
    lines = [
        [say("ワークショップの題名"), spec.title],
        [say("教材の版"), sheet["version"]],
        [say("言語"), NAMES.get(sheet["language"], sheet["language"])],
    ]
    for parameter in spec.parameter:
        if parameter.name in sheet["parameters"]:
            shown = parameter.shown(sheet["parameters"][parameter.name])
            lines.append([parameter.label, shown])
    return lines


def _quiz(lesson: Lesson, sheet: dict[str, Any]) -> list[list[str]]:
    ends = {"before": say("はじめ"), "after": say("終わり")}
    items = {item.id: item for item in lesson.workshop.localised(lesson.language).quiz}
    lines = []
    for id, answers in sheet["quiz"].items():
        item = items.get(id)
        for when, chosen in answers.items():
            known = item is not None and 0 <= chosen < len(item.option)
            text = item.option[chosen].text if item and known else str(chosen)
            letter = string.ascii_uppercase[chosen] if known else ""
            prompt = item.prompt if item else id
            end = f"{ends[when]}: " if when in ends else ""
            lines.append([prompt, f"{end}{letter}. {text}" if known else f"{end}{text}"])
    return lines


def _exercises(lesson: Lesson, sheet: dict[str, Any]) -> list[list[str]]:
    labels = _labels(lesson)
    lines = []
    for name, record in sheet["checks"].items():
        told = [say("できました") if record["right"] else say("途中")]
        told.append(say("試した回数 {count}", count=record["tries"]))
        if record["hints"]:
            told.append(say("ヒント {count} つ", count=record["hints"]))
        if record["solution"]:
            told.append(say("解き方を見た"))
        lines.append([labels.get(name, name), say("、").join(told)])
    return lines


def _minutes(lesson: Lesson, sheet: dict[str, Any]) -> list[list[str]]:
    titles = _titles(lesson)
    return [
        [titles.get(id, id), say("{minutes} 分", minutes=minutes)]
        for id, minutes in sheet["minutes"].items()
    ]


def _titles(lesson: Lesson) -> dict[str, str]:
    """Return the title of each section, in the lesson's language; none if there is no notebook."""
    try:
        cells = json.loads(lesson.workshop.notebook_path.read_text(encoding="utf-8"))["cells"]
        sections = outline.agenda(cells)
    except (OSError, ValueError, KeyError, TypeError, KitError):
        return {}
    # The heading is translated as it stands in the notebook.
    return {s.cell_id: lesson.text(f"## {s.title}").lstrip("# ") for s in sections}
