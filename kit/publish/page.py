"""A run → one page to read: the participant's handout, and the facilitator's.

One HTML file with everything in it: no script, no request to anyone, readable from a file share,
on a phone, in the dark, on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from nbformat import NotebookNode

from kit.language import say, using
from kit.publish import look
from kit.publish.cells import Group, Piece, groups, pieces
from kit.publish.prose import Heading, Outline

if TYPE_CHECKING:
    from kit.publish.material import Material

_STYLES = ("base/base.css", "handout/page.css")


@dataclass(frozen=True)
class Stretch:
    """One section of the page: its heading, its place in the timetable, what is in it."""

    title: str
    anchor: str
    groups: list[Group]
    minutes: int | None = None
    skip: bool = False
    clocked: bool = False
    time: str = ""
    length: str = ""


def handout(material: Material) -> str:
    """Return the participant's page.

    Parameters
    ----------
    material : Material
        The executed run.

    Raises
    ------
    CourseError
        If a cell's text or chart cannot be shown; it names the cell.
    """
    return _page(material, material.participant, "participant")


def facilitator(material: Material) -> str:
    """Return the facilitator's page: the same, with notes and solutions set apart."""
    return _page(material, material.facilitator, "facilitator")


def _page(material: Material, notebook: NotebookNode, edition: str) -> str:
    with using(material.language):
        spec = material.spec
        outline = Outline(top=2)
        parts = stretches(material, pieces(notebook, outline), outline.headings)
        town = material.municipality
        place = town.name if town else ""
        words = _words()
        title = " | ".join(part for part in (spec.title, place, material.programme) if part)
        if edition == "facilitator":
            title = f"{words['edition']}: {title}"
        return look.render(
            "handout/page.html.j2",
            language=material.language,
            edition=edition,
            policy=look.policy(),
            css=look.css(*_STYLES),
            title=title,
            spec=spec,
            place=place,
            programme=material.programme,
            principles=material.principles,
            facts=_facts(material),
            settings=_settings(material),
            links=list(material.links.items()),
            parts=parts,
            labels=labels(),
            icons=icons(),
            words=words,
            citations=[citation.line(material.language) for citation in material.citations],
            simulated=simulated_line(material),
            made=made(material),
        )


def stretches(
    material: Material, found: Sequence[Piece], headings: Sequence[Heading]
) -> list[Stretch]:
    """Return the pieces by section: each opens with a heading of the second level."""
    titles = {heading.anchor: heading.text for heading in headings if heading.level == 2}
    runs: list[list[Piece]] = []
    for piece in found:
        if not runs or (piece.opens and piece.id in titles):
            runs.append([])
        runs[-1].append(piece)
    clock = {section.cell_id: section for section in material.agenda}
    parts = []
    for run in runs:
        first = run[0]
        section = clock.get(first.id)
        time = length = ""
        if section is not None:
            length = say("{minutes}分", minutes=section.minutes)
            time = material.clock(section.start) if material.start else length
        parts.append(
            Stretch(
                titles.get(first.id, ""),
                first.id,
                groups(run),
                section.minutes if section else None,
                section.skip if section else False,
                bool(material.start),
                time,
                length,
            )
        )
    return parts


def icons() -> Mapping[str, Markup]:
    """Return the sign of each role as inline SVG."""
    macro: Any = look.environment().get_template("base/icons.html.j2").module
    return {role: macro.icon(role) for role in labels()}


def made(material: Material) -> str:
    """Return the line that says by what and when a form was made."""
    return say(
        "EBPMワークショップキット {version}　{date} 作成",
        version=material.version,
        date=look.day(material.built),
    )


def simulated_line(material: Material) -> str:
    """Return the sentence that says what is simulated, and after whom.

    Simulated outcomes are never stated of a real place.
    """
    town = material.municipality
    if town is None:
        return say("結果の数字は、つくりものの町の模擬データです。")
    return say(
        "結果の数字は、{town}と同じ人口構成の模擬のまちのものです。{town}の実績ではありません。",
        town=town.name,
    )


def licence() -> str:
    """Return the sentence on how the material may be used."""
    return say(
        "文章は CC BY 4.0、コードは MIT ライセンスで使えます。"
        "データは出典ごとの条件に従ってください。"
    )


def _facts(material: Material) -> list[tuple[str, str]]:
    spec = material.spec
    length = say("{minutes}分", minutes=spec.minutes)
    if material.start:
        end = material.clock(spec.minutes)
        length = say("{start}～{end}（{length}）", start=material.start, end=end, length=length)
    return [
        (say("時間"), length),
        (say("持ち帰るもの"), spec.artefact),
        (say("対象"), spec.audience),
    ]


def _settings(material: Material) -> list[tuple[str, str]]:
    shown = []
    for parameter in material.spec.parameter:
        if parameter.name not in material.parameters:
            continue
        shown.append((parameter.label, parameter.shown(material.parameters[parameter.name])))
    return shown


def labels() -> dict[str, str]:
    """Return what a reader is to do with each role, in a word."""
    return {
        "try": say("やってみる"),
        "talk": say("話し合う"),
        "quiz": say("確かめる"),
        "note": say("進行役メモ"),
        "solution": say("解答例"),
    }


def _words() -> dict[str, str]:
    return {
        "skip": say("本文へ進む"),
        "contents": say("目次"),
        "objectives": say("できるようになること"),
        "principles": say("関わる行動規範（デジタル10か条）"),
        "settings": say("この回の設定"),
        "simulated": say("模擬データ"),
        "edition": say("進行役用"),
        "code": say("コードを見る"),
        "message": say("実行時のメッセージ"),
        "if_time": say("時間があれば"),
        "sources": say("出典"),
        "licence": licence(),
    }
