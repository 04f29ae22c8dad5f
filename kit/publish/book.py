"""What the facilitator's book says: plain data for ``templates/pdf/facilitator.typ``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kit.language import say
from kit.publish import codes
from kit.publish.chapters import Chapters, Data, shown
from kit.publish.nodes import Node, inline, plain, printable, words
from kit.publish.sheets import colophon, common, settings, simulated, task

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from kit.publish.material import Material
    from kit.spec import Quiz

_MARKER = re.compile(r"^[ \t]*# (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
_SENTENCE = re.compile(r"^.*?(?:。|[.!?](?=\s|$)|$)", re.DOTALL)
_WEB = re.compile(r"https?://")


def facilitator(material: Material) -> Data:
    """Return the facilitator's book: everything, answers included."""
    spec = material.spec
    book = _Book(material, material.facilitator)
    return {
        **common(material, say("進行役ガイド")),
        "say": simulated(material) | _words(),
        "summary": inline(spec.summary),
        "facts": [[label, value] for label, value in _facts(material) if value],
        "groups": inline(spec.groups),
        "materials": [inline(line) for line in spec.materials],
        "parameters": settings(material),
        "late": [inline(line) for line in spec.when_late],
        "opening": book.opening,
        "sections": book.sections,
        "exercises": book.exercises,
        "quiz": [_answer(item) for item in spec.quiz],
        "tasks": [task(item) for item in spec.worksheet],
        "sources": [words(c.line(material.language)) for c in material.citations],
        "links": [[printable(name), address] for name, address in material.links.items()],
        "code": _code(material),
        "colophon": colophon(material),
    }


def _words() -> Data:
    return {
        "time": say("時刻"),
        "minutes": say("分"),
        "section": say("内容"),
        "page-head": say("ページ"),
        "page": say("{page} ページ", page="{page}"),
        "timetable": say("当日の流れ"),
        "prepare": say("準備"),
        "groups": say("グループ"),
        "materials": say("用意するもの"),
        "settings": say("この回の設定"),
        "setting": say("項目"),
        "value": say("値"),
        "late": say("遅れたとき"),
        "skip": say("省略可"),
        "runsheet": say("進行表"),
        "runsheet-why": say("右の欄には、実際に始めた時刻を書きます。次の回の計画に使えます。"),
        "doing": say("すること"),
        "actual": say("実際"),
        "noticed": say("気づいたこと（次の回のために）"),
        "class": say("教材と進行メモ"),
        "note": say("進行メモ"),
        "answers": say("答えと解説"),
        "quiz": say("クイズ {number}", number="{number}"),
        "right": say("正解"),
        "option": say("選択肢"),
        "why": say("解説（誤解の芽）"),
        "tasks": say("ワークシートの課題"),
        "number": say("番号"),
        "task": say("課題"),
        "guide": say("目安"),
        "prompt": say("書くこと"),
        "sources": say("データの出典"),
        "links": say("リンク"),
    }


def _facts(material: Material) -> Iterator[tuple[str, list[Node]]]:
    spec = material.spec
    duration = say("{minutes} 分", minutes=spec.minutes)
    if material.start:
        clock = f"{material.clock(0)}–{material.clock(spec.minutes)}"
        duration = say("{clock}（{duration}）", clock=clock, duration=duration)
    yield say("時間"), words(duration)
    yield say("対象"), inline(spec.audience)
    yield say("持ち帰るもの"), inline(spec.artefact)
    for number, line in enumerate(spec.objectives):
        yield say("ねらい") if number == 0 else "", inline(line)
    for number, principle in enumerate(material.principles):
        label = say("行動規範（10か条）") if number == 0 else ""
        yield label, words(f"{principle.number}. {principle.title}")


def _answer(item: Quiz) -> Data:
    when = {
        "before": say("始める前に"),
        "after": say("終わりに"),
        "both": say("始める前と終わりに"),
    }
    return {
        "prompt": inline(item.prompt),
        "when": when[item.when],
        "options": [
            {"text": inline(o.text), "feedback": inline(o.feedback), "right": o.right}
            for o in item.option
        ],
    }


class _Book(Chapters):
    """The facilitator's notebook, its answers gathered at the end."""

    def __init__(self, material: Material, notebook: NotebookNode) -> None:
        self.exercises: list[Data] = []
        super().__init__(material, notebook)

    def prose(self, nodes: Sequence[Node], tags: frozenset[str], here: list[Node]) -> None:
        if "facilitator" in tags:
            self._note(nodes, here)
            return
        if "discussion" in tags:
            self._doing(say("話し合い"))
        here.extend(nodes)

    def code(self, cell: NotebookNode, tags: frozenset[str], here: list[Node]) -> None:
        if "quiz" in tags:
            # The item itself, and its key, stand among the answers.
            self._doing(say("クイズ"))
            if self.material.spec.quiz:
                here.append(
                    {"kind": "pointer", "text": say("クイズ：答えと解説"), "target": "quiz-1"}
                )
            return
        if tags & {"exercise", "solution"}:
            self._exercise(cell, here)
        here.extend(shown(cell))

    def turn_to_worksheet(self, number: int, title: str, here: list[Node]) -> None:
        self._doing(say("ワークシート {number}", number=number))
        super().turn_to_worksheet(number, title, here)

    def _note(self, nodes: Sequence[Node], here: list[Node]) -> None:
        if here and here[-1]["kind"] == "note":
            here[-1]["children"].extend(nodes)
        else:
            here.append({"kind": "note", "children": list(nodes)})
        if self.sections and not self.sections[-1]["point"]:
            self.sections[-1]["point"] = words(_first_sentence(nodes))

    def _exercise(self, cell: NotebookNode, here: list[Node]) -> None:
        number = self.numbers.get(str(cell.id))
        name = say("演習 {number}", number=number) if number else say("解答の例")
        label = f"exercise-{cell.id}"
        title = f"{name}: {self.sections[-1]['title']}" if self.sections else name
        code = printable(_MARKER.sub("", cell.source)).strip("\n")
        self.exercises.append({"title": title, "label": label, "code": code})
        self._doing(name)
        text = say("{exercise}：答えのコード", exercise=name)
        here.append({"kind": "pointer", "text": text, "target": label})

    def _doing(self, what: str) -> None:
        if self.sections:
            done = self.sections[-1]["doing"]
            between = say("、")
            if what not in done.split(between):
                self.sections[-1]["doing"] = f"{done}{between}{what}" if done else what


def _code(material: Material) -> Data | None:
    """Return the QR code of the first address of the web that the class is given, if any."""
    for label, address in material.links.items():
        if _WEB.match(address):
            alt = say("{label} を開く QR コード", label=printable(label))
            picture = codes.picture(address, codes.COVER, alt)
            return {"picture": picture, "label": words(label), "url": address}
    return None


def _first_sentence(nodes: Sequence[Node]) -> str:
    for node in nodes:
        if node["kind"] in ("paragraph", "list"):
            first = node["items"][0] if node["kind"] == "list" else [node]
            match = _SENTENCE.match(plain(first))
            return match[0] if match else ""
    return ""
