"""A run → the speaker view: slide, notes and clock on the facilitator's own screen.

It opens the class's deck, ``slides.html`` beside it, in a second window and keeps in step with it.
The notes are in this file alone, which is the facilitator's; the deck has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from kit.language import say, using
from kit.publish import look
from kit.publish.cells import Part, pieces
from kit.publish.prose import Outline
from kit.publish.slides import Slide, scene, script_of, section_of, slides

if TYPE_CHECKING:
    from kit.publish.material import Material

_STYLES = ("base/base.css", "slides/slide.css", "slides/speaker.css")
_SCRIPTS = ("slides/fit.js", "slides/speaker.js")


@dataclass(frozen=True)
class Scene:
    """One section of the class as its facilitator sees it.

    ``start`` and ``end`` are minutes after the beginning, None before the first section;
    ``slides`` are numbered as on the deck; ``label`` is what it is called when it may be skipped.
    """

    id: str
    title: str
    time: str = ""
    start: int | None = None
    end: int | None = None
    skip: bool = False
    label: str = ""
    slides: tuple[tuple[int, Slide], ...] = ()
    notes: tuple[Part, ...] = ()


def view(material: Material) -> str:
    """Return the speaker view as one HTML file that works from a folder, without any request.

    Parameters
    ----------
    material : Material
        The executed run; slides are the participant's edition's, notes the facilitator's.

    Raises
    ------
    CourseError
        If a cell's text or chart cannot be shown; it names the cell.
    """
    with using(material.language):
        found = slides(material)
        script = script_of(*_SCRIPTS)
        scenery = scene(material, len(found))
        parts = (say("スピーカービュー"), material.spec.title, scenery["place"])
        return look.render(
            "slides/speaker.html.j2",
            policy=look.policy(script),
            css=look.css(*_STYLES),
            script=script,
            title=" | ".join(part for part in parts if part),
            scenes=scenes(material, found),
            when_late=material.spec.when_late,
            said=_said(material),
            **scenery | {"words": scenery["words"] | _words()},
        )


def scenes(material: Material, found: Iterable[Slide]) -> list[Scene]:
    """Return what happens before the first section, then the sections.

    A section without slides is one too: its notes are wanted while the class works.
    """
    shown: dict[str, list[tuple[int, Slide]]] = {}
    for number, slide in enumerate(found, start=1):
        shown.setdefault(slide.section, []).append((number, slide))
    notes = _notes(material)
    made = [
        Scene(
            "before",
            say("始まる前"),
            slides=tuple(shown.get("", ())),
            notes=notes.get("", ()),
        )
    ]
    for section in material.agenda:
        length = say("{minutes}分", minutes=section.minutes)
        made.append(
            Scene(
                section.cell_id,
                section.title,
                say(
                    "{start}～{end}（{length}）",
                    start=material.clock(section.start),
                    end=material.clock(section.end),
                    length=length,
                ),
                section.start,
                section.end,
                section.skip,
                say("「{title}」（{length}）", title=section.title, length=length),
                tuple(shown.get(section.cell_id, ())),
                notes.get(section.cell_id, ()),
            )
        )
    return made


def _notes(material: Material) -> dict[str, tuple[Part, ...]]:
    """Return the facilitator's notes by section."""
    cells: list[NotebookNode] = material.facilitator.cells
    sections = section_of(cells, material.agenda)
    marked = [cell for cell in cells if "facilitator" in cell.metadata.get("tags", ())]
    found: dict[str, tuple[Part, ...]] = {}
    for piece in pieces(new_notebook(cells=marked), Outline(top=4)):
        section = sections.get(piece.id, "")
        found[section] = found.get(section, ()) + piece.parts
    return found


def _words() -> dict[str, str]:
    return {
        "skip": say("いまのスライドへ進む"),
        "edition": say("進行役用"),
        "open": say("教室の画面を開く"),
        "no_script": say(
            "スクリプトが使えないので、時計と画面の操作は動きません。"
            "スライドとメモは、このまま読めます。"
        ),
        "clock": say("時計"),
        "now": say("いまの時刻"),
        "elapsed": say("始めてから"),
        "plan": say("この節の予定"),
        "begin": say("始める"),
        "turn": say("スライドの操作"),
        "black": say("画面を消す"),
        "bigger": say("メモの文字を大きく"),
        "smaller": say("メモの文字を小さく"),
        "then": say("次"),
        "end": say("これが最後です。"),
        "notes": say("進行役メモ"),
        "no_notes": say("この節のメモはありません。"),
        "no_slide": say("この節のスライドはありません。教室の画面は、前のスライドのままです。"),
        "sheet": say("進行表"),
        "may_skip": say("飛ばせる"),
        "when_late": say("おくれたら"),
    }


def _said(material: Material) -> dict[str, str]:
    """Return what the script says; names in braces are filled in the browser."""
    names = {"minutes": "{minutes}", "titles": "{titles}"}
    return {
        "alone": say("教室の画面は、まだ開いていません。この画面だけでも進められます。"),
        "opening": say("教室の画面を待っています。"),
        "blocked": say(
            "ブラウザーが新しい窓を止めたので、タブで開きます。タブを引き出すと、窓になります。"
        ),
        "joined": say(
            "教室の画面とつながっています。その窓をプロジェクターへ動かし、F キーで全画面にします。"
        ),
        "paused": say("教室の画面を消しています。"),
        "closed": say("教室の画面が閉じられました。もう一度開けます。"),
        "silent": say(
            "教室の画面から返事がありません。"
            "このファイルと同じフォルダーに slides.html があるか、確かめてください。"
        ),
        "other": say("別の教材のスライドが開いています。閉じてから、もう一度開いてください。"),
        "again": say("時間を計りなおす"),
        "waiting": say("「始める」を押すと、予定と比べます。"),
        "by_plan": say("{start}に始まる予定と比べています。", start=material.start or ""),
        "by_start": say("「始める」を押した時刻から数えています。"),
        "on_time": say("予定どおり。この節は、あと{minutes}分です。", **names),
        "before": say("最初の節は、まだ始まっていません。"),
        "late": say("{minutes}分おくれています。", **names),
        "early": say("{minutes}分早く進んでいます。", **names),
        "skip": say("飛ばせる節：{titles}", **names),
        "comma": say("、"),
    }
