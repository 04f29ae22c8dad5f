"""A run → a deck to project: what the participant's edition marks for slides, and nothing else.

:func:`slides` says what is on each slide; ``templates/slides/`` says how a deck looks and moves.
Every slide can be read with scripts off, on a phone and on paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from kit.language import say, using
from kit.publish import look, page
from kit.publish.cells import Part, Piece, pieces
from kit.publish.figures import Room
from kit.publish.prose import Outline

if TYPE_CHECKING:
    from kit.publish.material import Material

_STYLES = ("base/base.css", "slides/deck.css")
_SCRIPT = "slides/deck.js"
_HEADING = re.compile(
    r'\A\s*<h(?P<level>[2-6]) id="[^"]*">(?P<words>.*?)</h(?P=level)>\s*', re.DOTALL
)
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_TALL = 0.8  # height by width
# Charts are laid out small and scaled up, so that their words can be read from the back row.
_ROOM: Room = (720.0, 290.0)
_HALF: Room = (420.0, 270.0)


@dataclass(frozen=True)
class Slide:
    """One slide.

    ``layout``: ``title``, ``agenda``, ``text``, ``picture`` (one chart, full width), ``split``
    (words beside a picture), ``tall`` (a picture as high as the slide) or ``sources``. ``heading`` is HTML; ``continued`` marks one repeated
    from the slide before, ``titled`` one taken from its chart. ``when`` stands on the first slide
    of a section: its time, and its title if that is not the heading.
    """

    id: str
    layout: str
    heading: Markup | str = ""
    parts: tuple[Part, ...] = ()
    role: str = "read"
    when: str = ""
    continued: bool = False
    titled: bool = False

    @property
    def size(self) -> str:
        """``bigger`` or ``big`` where few words can be set larger, else ``""``."""
        if self.layout != "text" or any(part.kind == "code" for part in self.parts):
            return ""
        text = re.sub(r"<[^>]*>|\s", "", "".join(part.html for part in self.parts))
        width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
        return "bigger" if width <= 110 else "big" if width <= 200 else ""

    @property
    def words(self) -> list[Part]:
        """What is read."""
        return [part for part in self.parts if not _picture(part)]

    @property
    def pictures(self) -> list[Part]:
        """What is looked at: charts, images, drawn panels."""
        return [part for part in self.parts if _picture(part)]


def deck(material: Material) -> str:
    """Return the deck as one HTML file without any request, notes or solutions.

    Parameters
    ----------
    material : Material
        The executed run; only its participant's edition is looked at.

    Raises
    ------
    CourseError
        If a cell's text or chart cannot be shown; it names the cell.
    """
    with using(material.language):
        town = material.municipality
        place = town.name if town else ""
        script = look.script(_SCRIPT)
        found = slides(material)
        length = say("{minutes}分", minutes=material.spec.minutes)
        return look.render(
            "slides/deck.html.j2",
            language=material.language,
            policy=look.policy(script),
            css=look.css(*_STYLES),
            script=script,
            title=" | ".join(
                part for part in (say("スライド"), material.spec.title, place) if part
            ),
            spec=material.spec,
            place=place,
            programme=material.programme,
            date=look.day(material.built),
            start=material.start,
            length=length,
            slides=found,
            agenda=[
                (section.title, _clock(material, section.start, section.minutes), section.skip)
                for section in material.agenda
            ],
            citations=[citation.line(material.language) for citation in material.citations],
            simulated=page.simulated_line(material),
            made=page.made(material),
            labels=page.labels(),
            icons=page.icons(),
            words={
                "skip": say("最初のスライドへ進む"),
                "agenda": say("きょうの流れ"),
                "continued": say("（つづき）"),
                "simulated": say("模擬データ"),
                "if_time": say("時間があれば"),
                "sources": say("出典とライセンス"),
                "licence": page.licence(),
                "previous": say("前のスライド"),
                "next": say("次のスライド"),
                "controls": say("スライドの操作"),
            },
        )


def slides(material: Material) -> list[Slide]:
    """Return the slides in order, from the title to the sources."""
    outline = Outline(top=2)
    times = _times(material)
    runs: list[list[Piece]] = []
    first: tuple[Part, ...] = ()
    for piece in pieces(material.participant, outline, slides=True):
        if piece.titles:
            first += piece.parts
        elif not runs or piece.slide in ("slide", "subslide"):
            runs.append([piece])
        else:
            runs[-1].append(piece)
    made = [Slide("start", "title", parts=first)]
    if material.agenda:
        made.append(Slide("agenda", "agenda"))
    heading: Markup | str = ""
    for run in runs:
        slide = _slide(run, times)
        if not slide.heading and len(slide.pictures) == 1 and slide.pictures[0].title:
            slide = replace(slide, heading=escape(slide.pictures[0].title), titled=True)
        elif slide.heading:
            heading = slide.heading
        else:
            slide = replace(slide, heading=heading, continued=True)
        made.append(slide)
    return [*made, Slide("sources", "sources")]


def _times(material: Material) -> dict[str, tuple[str, str]]:
    """Return time and title of each section by the cell that begins its first slide."""
    sections = {section.cell_id: section for section in material.agenda}
    found: dict[str, tuple[str, str]] = {}
    waiting = None
    for cell in material.participant.cells:
        waiting = sections.get(str(cell.get("id")), waiting)
        starts = cell.metadata.get("slideshow", {}).get("slide_type") in ("slide", "subslide")
        if waiting and starts:
            clock = _clock(material, waiting.start, waiting.minutes)
            found[str(cell.get("id"))] = (clock, waiting.title)
            waiting = None
    return found


def _slide(run: Sequence[Piece], times: dict[str, tuple[str, str]]) -> Slide:
    # Those who look at a wall look at what the code shows; the code is in the notebook.
    parts = [part for piece in run for part in piece.parts if not _only_code_behind(part, piece)]
    heading: Markup | str = ""
    if parts and parts[0].kind == "prose":
        match = _HEADING.match(parts[0].html)
        if match:
            heading = Markup(match["words"])
            rest = Markup(parts[0].html[match.end() :])
            parts = [Part("prose", rest), *parts[1:]] if rest.strip() else parts[1:]
    # On a wall nobody scrolls: a program's own messages stay in the notebook.
    parts = [part for part in parts if part.kind not in ("stream", "error")]
    role = next((piece.role for piece in run if piece.role != "read"), "read")
    name, layout = run[0].id, _layout(parts)
    room = _ROOM if layout == "picture" else _HALF
    parts = [replace(p, html=p.redraw(room)) if p.redraw else p for p in parts]
    clock, section = times.get(name, ("", ""))
    if section and section not in unescape(str(heading)):
        clock = f"{clock} · {section}"
    return Slide(f"s-{name}", layout, heading, tuple(parts), role, clock)


def _only_code_behind(part: Part, piece: Piece) -> bool:
    shown = any(other.kind in ("chart", "image", "output") for other in piece.parts)
    return part.folded or (part.kind == "code" and shown)


def _picture(part: Part) -> bool:
    return part.kind in ("chart", "image") or (part.kind == "output" and "<svg" in part.html)


def _layout(parts: Sequence[Part]) -> str:
    pictures = [part for part in parts if _picture(part)]
    if len(pictures) != 1:
        return "text"
    size = _VIEW.search(pictures[0].html)
    if size and float(size[2]) > _TALL * float(size[1]):
        return "tall"
    return "picture" if len(parts) == 1 else "split"


def _clock(material: Material, start: int, minutes: int) -> str:
    length = say("{minutes}分", minutes=minutes)
    return f"{material.clock(start)} · {length}" if material.start else length
