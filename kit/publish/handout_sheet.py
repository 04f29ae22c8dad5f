"""What the printed handout says: plain data for ``templates/pdf/handout.typ``.

The participant's notebook as something to read and to write on. It is made from their edition and
from what the spec asks, never from its hints, solutions and feedback: no answer is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.language import say
from kit.publish.chapters import Chapters, Data, shown
from kit.publish.nodes import Node, inline, printable, words
from kit.publish.sheets import colophon, common, settings, simulated

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from kit.publish.material import Material

_CHECK = re.compile(r"""\blesson\.check\(\s*["']([a-z][a-z0-9_]*)["']""")
_SILENT = frozenset(("hide-input", "quiz"))
_LONG = 12  # lines; longer code that nobody is asked to write is left to the screen
_LINES = 3  # to work on, for one answer


def handout(material: Material) -> Data:
    """Return the handout: what the class reads, with room to write what it works out."""
    spec = material.spec
    told = _Handout(material, material.participant)
    return {
        **common(material, say("配布資料")),
        "say": simulated(material) | _words(),
        "summary": inline(spec.summary),
        "objectives": [inline(line) for line in spec.objectives],
        "settings": settings(material),
        "opening": told.opening,
        "sections": told.sections,
        "sources": [words(c.line(material.language)) for c in material.citations],
        "colophon": colophon(material),
    }


def _words() -> Data:
    return {
        "date": say("日付"),
        "name": say("名前（書かなくてもかまいません）"),
        "question": say("今日の問い"),
        "objectives": say("今日できるようになること"),
        "timetable": say("当日の流れ"),
        "settings": say("この回の設定"),
        "time": say("時刻"),
        "section": say("内容"),
        "page-head": say("ページ"),
        "skip": say("省略可"),
        "opening": say("はじめに"),
        "talk": say("話し合い"),
        "work": say("計算とメモ"),
        "code": say("コードで答えるとき"),
        "sources": say("データの出典"),
    }


class _Handout(Chapters):
    """The participant's notebook, with paper in place of the fields and cards of a screen."""

    def prose(self, nodes: Sequence[Node], tags: frozenset[str], here: list[Node]) -> None:
        if "discussion" in tags:
            here.append({"kind": "talk", "children": list(nodes)})
        else:
            here.extend(nodes)

    def code(self, cell: NotebookNode, tags: frozenset[str], here: list[Node]) -> None:
        source = printable(cell.source).strip("\n")
        if "exercise" in tags:
            here.extend(shown(cell))
            names = _CHECK.findall(source)
            if names:
                here.append(self._exercise(cell, names, source))
            return
        made = shown(cell)
        # One line that only asks for what stands below it says nothing on paper.
        lines = source.count("\n") + 1
        if not tags & _SILENT and (1 if made else 0) < lines <= _LONG:
            here.append({"kind": "code", "text": source})
        here.extend(made)

    def _exercise(self, cell: NotebookNode, names: Sequence[str], source: str) -> Node:
        known = {exercise.id: exercise for exercise in self.material.spec.exercise}
        asked = [known[name] for name in names if name in known]
        chosen = bool(asked) and all(exercise.choices for exercise in asked)
        return {
            "kind": "exercise",
            "title": say("演習 {number}", number=self.numbers[str(cell.id)]),
            "asked": [
                {
                    "label": inline(exercise.label),
                    "options": [
                        {"letter": "", "text": inline(exercise.called(choice))}
                        for choice in exercise.choices
                    ],
                }
                for exercise in asked
            ],
            "lines": 0 if chosen else _LINES,
            "code": source,
        }
