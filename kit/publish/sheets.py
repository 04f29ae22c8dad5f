"""What the two printed sheets say: plain data for the templates in ``templates/pdf``."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kit.errors import CourseError
from kit.language import say
from kit.publish import outputs
from kit.publish.nodes import Node, inline, markdown, plain, printable, words
from kit.publish.prose import Outline

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from kit.outline import Section
    from kit.publish.material import Material
    from kit.spec import Quiz, Task

Data = dict[str, Any]

_UNSEEN = frozenset(("slides", "remove-cell", "parameters", "injected-parameters"))
_MARKER = re.compile(r"^[ \t]*# (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
_SENTENCE = re.compile(r"^.*?(?:。|[.!?](?=\s|$)|$)", re.DOTALL)
_HEIGHT = 12  # mm of a row to write in


def common(material: Material, title: str) -> Data:
    """Return what every sheet needs: its title, language, date, and the words on every page."""
    spec, town = material.spec, material.municipality
    language = material.language.split("-")[0]
    place = town.name if town else ""
    kit = say("EBPMワークショップキット")
    return {
        "title": printable(spec.title),
        "lang": language,
        "region": {"ja": "JP", "en": "GB"}.get(language),
        "author": kit,
        "keywords": [p.title for p in material.principles],
        "description": f"{title}: {printable(spec.summary)}",
        "date": _date(material.built),
        "place": place,
        "overline": " / ".join(part for part in (title, printable(material.programme)) if part),
        "footer": " · ".join(part for part in (title, place, printable(spec.title)) if part),
        "question": _sentences(inline(spec.question)),
        "simulated": spec.simulated,
    }


def worksheet(material: Material) -> Data:
    """Return the participant's sheet. Nothing in it says which answer is right."""
    spec = material.spec
    return {
        **common(material, say("ワークシート")),
        "say": _simulated(material)
        | {
            "date": say("日付"),
            "name": say("名前（書かなくてもかまいません）"),
            "group": say("グループ名"),
            "question": say("今日の問い"),
            "objectives": say("今日できるようになること"),
            "before": say("始める前に"),
            "before-why": say("いまの考えで選びます。調べたり相談したりしなくてかまいません。"),
            "tasks": say("書きながら進めるところ"),
            "after": say("終わりに"),
            "after-why": say("もう一度選びます。始める前の答えと比べてみましょう。"),
            "reflection": say("ふりかえり"),
            "feedback": say("ご意見カード"),
            "feedback-why": say(
                "教材を直すために使います。名前は書きません。切り取って進行役に渡してください。"
            ),
        },
        "objectives": [inline(line) for line in spec.objectives],
        "before": [_question(item) for item in spec.quiz if item.when in ("before", "both")],
        "after": [_question(item) for item in spec.quiz if item.when in ("after", "both")],
        "tasks": [_task(item) for item in spec.worksheet],
        "reflection": [
            say("今日の内容を、どの仕事で使えそうですか。"),
            say("最初の一歩として、いつまでに、だれと、何をしますか。"),
        ],
        "feedback": _feedback(),
    }


def facilitator(material: Material) -> Data:
    """Return the facilitator's book: everything, answers included."""
    spec = material.spec
    book = _Book(material)
    return {
        **common(material, say("進行役ガイド")),
        "say": _simulated(material) | _facilitator_words(),
        "summary": inline(spec.summary),
        "facts": [[label, value] for label, value in _facts(material) if value],
        "groups": inline(spec.groups),
        "materials": [inline(line) for line in spec.materials],
        "parameters": [
            [printable(p.label), printable(p.shown(material.parameters.get(p.name, p.default)))]
            for p in spec.parameter
        ],
        "late": [inline(line) for line in spec.when_late],
        "opening": book.opening,
        "sections": book.sections,
        "exercises": book.exercises,
        "quiz": [_answer(item) for item in spec.quiz],
        "tasks": [_task(item) for item in spec.worksheet],
        "sources": [words(c.line(material.language)) for c in material.citations],
        "links": [[printable(name), address] for name, address in material.links.items()],
        "colophon": _colophon(material),
    }


def _sentences(nodes: list[Node]) -> list[Node]:
    """Give each Japanese sentence of a display line a line of its own."""
    lines: list[Node] = []
    for node in nodes:
        if node["kind"] != "text":
            lines.append(node)
            continue
        for number, part in enumerate(re.split(r"(?<=[。？！])(?=[^」』）])", node["text"])):
            lines.extend([{"kind": "break"}] if number else [])
            lines.append({"kind": "text", "text": part})
    return lines


def _simulated(material: Material) -> Data:
    if not material.spec.simulated:
        return {"simulated": "", "simulated-why": ""}
    town = material.municipality
    why = (
        say(
            "結果の数字は「{town}と同じ人口構成の模擬のまち」のもので、実在の結果ではありません。",
            town=town.name,
        )
        if town
        else say("結果の数字は模擬のまちのもので、実在の結果ではありません。")
    )
    return {"simulated": say("模擬データ"), "simulated-why": why}


def _date(built: str) -> Data | None:
    try:
        day = datetime.date.fromisoformat(built[:10])
    except ValueError:
        return None
    return {"year": day.year, "month": day.month, "day": day.day}


def _question(item: Quiz) -> Data:
    return {"prompt": inline(item.prompt), "options": [inline(o.text) for o in item.option]}


def _task(item: Task) -> Data:
    return {
        # The sheet numbers them; an author may have done so too.
        "title": inline(re.sub(r"^\d+[.．]\s*", "", item.title)),
        "prompt": inline(item.prompt),
        "kind": item.kind if item.kind != "table" or item.columns else "lines",
        "rows": item.rows,
        "height": _HEIGHT,
        "columns": [inline(column) for column in item.columns],
        "items": [inline(line) for line in item.items],
        "time": say("{minutes} 分", minutes=item.minutes) if item.minutes else "",
    }


def _feedback() -> list[Data]:
    return [
        {
            "question": say("今日の内容は、自分の仕事に役立ちそうですか。"),
            "scale": [say("思う"), say("まあ思う"), say("あまり思わない"), say("思わない")],
        },
        {
            "question": say("進む速さはどうでしたか。"),
            "scale": [say("速すぎた"), say("ちょうどよい"), say("ゆっくりすぎた")],
        },
        {"question": say("いちばん役に立ったことを一つ書いてください。"), "scale": []},
        {"question": say("変えたほうがよいことを一つ書いてください。"), "scale": []},
    ]


def _facilitator_words() -> Data:
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


def _colophon(material: Material) -> str:
    made = [say("EBPMワークショップキット"), material.version, material.built[:10]]
    return " ".join(part for part in made if part)


class _Book:
    """The facilitator's notebook, cut into the sections of the class."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.exercises: list[Data] = []
        self.opening: list[Node] = []
        self.sections: list[Data] = []
        agenda = {section.cell_id: section for section in material.agenda}
        self.tasks = {
            cell: (number, task.title)
            for number, task in enumerate(material.spec.worksheet, start=1)
            if (cell := getattr(task, "cell", ""))
        }
        here = self.opening
        outline = Outline(top=2)
        for cell in material.facilitator.cells:
            opens = agenda.get(str(cell.get("id")))
            if opens is not None:
                self.sections.append(self._section(opens))
                here = self.sections[-1]["blocks"]
                outline = Outline(top=3)
            try:
                self._add(cell, here, outline, opens)
                self._task(str(cell.get("id")), here)
            except CourseError as error:
                where = f"{material.spec.id}#{cell.get('id')}"
                error.where = f"{where}: {error.where}" if error.where else where
                raise

    def _task(self, cell_id: str, here: list[Node]) -> None:
        """Say where the class turns to the printed worksheet."""
        if cell_id in self.tasks:
            number, title = self.tasks[cell_id]
            name = say("ワークシート {number}", number=number)
            self._doing(name)
            text = f"{name}: {plain(inline(title))}"
            here.append({"kind": "pointer", "text": text, "target": "tasks"})

    def _section(self, section: Section) -> Data:
        clock = self.material.clock
        return {
            "title": plain(inline(section.title)),
            "time": f"{clock(section.start)}–{clock(section.end)}",
            "minutes": str(section.minutes),
            "length": say("{minutes} 分", minutes=section.minutes),
            "skip": section.skip,
            "label": f"section-{section.cell_id}",
            "doing": "",
            "point": [],
            "blocks": [],
        }

    def _add(
        self, cell: NotebookNode, here: list[Node], outline: Outline, opens: Section | None
    ) -> None:
        tags = frozenset(cell.metadata.get("tags", ()))
        if tags & _UNSEEN:
            return
        if cell.cell_type == "markdown":
            nodes = markdown(cell.source, attachments=cell.get("attachments"))
            if "facilitator" in tags:
                self._note(nodes, here)
            else:
                if "discussion" in tags:
                    self._doing(say("話し合い"))
                here.extend(_levelled(_without_title(nodes, opens), outline))
        elif cell.cell_type == "code":
            self._code(cell, tags, here)

    def _note(self, nodes: list[Node], here: list[Node]) -> None:
        if here and here[-1]["kind"] == "note":
            here[-1]["children"].extend(nodes)
        else:
            here.append({"kind": "note", "children": nodes})
        if self.sections and not self.sections[-1]["point"]:
            self.sections[-1]["point"] = words(_first_sentence(nodes))

    def _code(self, cell: NotebookNode, tags: frozenset[str], here: list[Node]) -> None:
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
        here.extend(outputs.cell(cell))

    def _exercise(self, cell: NotebookNode, here: list[Node]) -> None:
        name = say("演習 {number}", number=len(self.exercises) + 1)
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


def _without_title(nodes: list[Node], opens: Section | None) -> Sequence[Node]:
    """Leave out the notebook's title, and the heading the sheet already has for the section."""
    top = 2 if opens else 1
    return [node for node in nodes if not (node["kind"] == "heading" and node["level"] <= top)]


def _levelled(nodes: Sequence[Node], outline: Outline) -> list[Node]:
    """Fit headings into the sheet, no level left out, as PDF/UA asks."""
    return [
        node | {"level": outline.level(node["level"])} if node["kind"] == "heading" else node
        for node in nodes
    ]


def _first_sentence(nodes: Sequence[Node]) -> str:
    for node in nodes:
        if node["kind"] in ("paragraph", "list"):
            first = node["items"][0] if node["kind"] == "list" else [node]
            match = _SENTENCE.match(plain(first))
            return match[0] if match else ""
    return ""
