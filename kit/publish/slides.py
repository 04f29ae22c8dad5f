"""A run → a deck to project: what the participant's edition marks for slides, and nothing else.

:func:`slides` says what is on each slide; ``templates/slides/`` says how a deck looks and moves.
Every slide can be read with scripts off, on a phone and on paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from nbformat import NotebookNode

from kit.language import say, using
from kit.outline import Section
from kit.publish import look, page
from kit.publish.cells import Part, Piece, pieces
from kit.publish.figures import Room
from kit.publish.prose import Outline

if TYPE_CHECKING:
    from kit.publish.material import Material

_STYLES = ("base/base.css", "slides/slide.css", "slides/deck.css")
_REVEAL = "slides/reveal/reveal.js"
_SCRIPTS = ("slides/fit.js", "slides/deck.js")
_HEADING = re.compile(
    r'\A\s*<h(?P<level>[2-6])[^>]* id="[^"]*"[^>]*>(?P<words>.*?)</h(?P=level)>\s*', re.DOTALL
)
# reveal.js would take a section inside a slide for a slide.
_SECTION = re.compile(r"<(/?)section\b")
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_TALL = 0.8  # height by width
# Charts are laid out small and scaled up, so that their words can be read from the back row.
_ROOM: Room = (720.0, 290.0)
_HALF: Room = (420.0, 270.0)


@dataclass(frozen=True)
class Shown(Part):
    """One thing on a slide; what is ``later`` comes at a key press where reveal.js runs."""

    later: bool = False


@dataclass(frozen=True)
class Slide:
    """One slide.

    ``layout``: ``title``, ``agenda``, ``text``, ``picture`` (one chart, full width), ``split``
    (words beside a picture), ``tall`` (a picture as high as the slide) or ``sources``. ``heading`` is HTML; ``continued`` marks one repeated
    from the slide before, ``titled`` one taken from its chart. ``when`` stands on the first slide
    of a section: its time, and its title if the heading does not say it; ``section`` names the section
    by the cell it begins with, ``""`` before the first.
    """

    id: str
    layout: str
    heading: Markup | str = ""
    parts: tuple[Shown, ...] = ()
    role: str = "read"
    when: str = ""
    continued: bool = False
    titled: bool = False
    section: str = ""

    @property
    def size(self) -> str:
        """``bigger`` or ``big`` where few words can be set larger, else ``""``."""
        if self.layout != "text" or any(part.kind == "code" for part in self.parts):
            return ""
        text = re.sub(r"<[^>]*>|\s", "", "".join(part.html for part in self.parts))
        width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
        return "bigger" if width <= 110 else "big" if width <= 200 else ""

    @property
    def words(self) -> list[Shown]:
        """What is read."""
        return [part for part in self.parts if not _picture(part)]

    @property
    def pictures(self) -> list[Shown]:
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
        found = slides(material)
        scenery = scene(material, len(found))
        reveal, script = look.script(_REVEAL), script_of(*_SCRIPTS)
        return look.render(
            "slides/deck.html.j2",
            policy=look.policy(reveal, script),
            css=look.css(*_STYLES),
            reveal=reveal,
            script=script,
            title=" | ".join(
                part for part in (say("スライド"), material.spec.title, scenery["place"]) if part
            ),
            slides=found,
            **scenery | {"words": scenery["words"] | _words()},
        )


def script_of(*names: str) -> Markup:
    """Return scripts of ``templates/`` one after the other, as one."""
    return Markup("\n").join(look.script(name) for name in names)


def scene(material: Material, total: int) -> dict[str, Any]:
    """Return what ``slides/slide.html.j2`` says on any slide of a deck of `total`.

    Parameters
    ----------
    material : Material
        The executed run.
    total : int
        How many slides there are.
    """
    town = material.municipality
    return {
        "language": material.language,
        "spec": material.spec,
        "place": town.name if town else "",
        "programme": material.programme,
        "date": look.day(material.built),
        "start": material.start,
        "length": say("{minutes}分", minutes=material.spec.minutes),
        "total": total,
        "agenda": [
            (section.title, _clock(material, section.start, section.minutes), section.skip)
            for section in material.agenda
        ],
        "citations": [citation.line(material.language) for citation in material.citations],
        "simulated": page.simulated_line(material),
        "made": page.made(material),
        "labels": page.labels(),
        "icons": page.icons(),
        "words": {
            "agenda": say("きょうの流れ"),
            "continued": say("（つづき）"),
            "simulated": say("模擬データ"),
            "if_time": say("時間があれば"),
            "sources": say("出典とライセンス"),
            "licence": page.licence(),
            "previous": say("前のスライド"),
            "next": say("次のスライド"),
        },
    }


def _words() -> dict[str, str]:
    return {
        "skip": say("最初のスライドへ進む"),
        "controls": say("スライドの操作"),
        "help": say("操作のしかた"),
        "overview": say("一覧"),
        "jump": say("番号で移る"),
        "jump_to": say("スライドの番号"),
        "pause": say("画面を消す"),
        "paused": say("画面を消しています。どれかのキーを押すと、もどります。"),
        "full": say("全画面"),
        "read": say("縦に続けて読む"),
        "ends": say("最初と最後のスライド"),
        "letters": say("文字のキーを使う"),
        "close": say("閉じる"),
    }


def slides(material: Material) -> list[Slide]:
    """Return the slides in order, from the title to the sources."""
    outline = Outline(top=2)
    times = _times(material)
    sections = section_of(material.participant.cells, material.agenda)
    runs: list[list[Piece]] = []
    first: tuple[Shown, ...] = ()
    for piece in pieces(material.participant, outline, slides=True):
        if piece.titles:
            first += tuple(_shown(part, later=False) for part in piece.parts)
        elif not runs or piece.slide in ("slide", "subslide"):
            runs.append([piece])
        else:
            runs[-1].append(piece)
    made = [Slide("start", "title", parts=first)]
    if material.agenda:
        made.append(Slide("agenda", "agenda"))
    heading: Markup | str = ""
    titles = {section.cell_id: section.title for section in material.agenda}
    before = ""
    for run in runs:
        section = sections.get(run[0].id, "")
        slide = replace(_slide(run, times), section=section)
        title = titles.get(section, "")
        if section != before:
            heading, before = escape(title), section
        if not slide.heading and len(slide.pictures) == 1 and slide.pictures[0].title:
            slide = replace(slide, heading=escape(slide.pictures[0].title), titled=True)
        elif slide.heading:
            heading = slide.heading
        else:
            # Where a section begins, its title is said for the first time.
            slide = replace(slide, heading=heading, continued=not slide.when)
        if slide.when and title not in unescape(str(slide.heading)):
            slide = replace(slide, when=f"{slide.when} · {title}")
        made.append(slide)
    last = material.agenda[-1].cell_id if material.agenda else ""
    return [*made, Slide("sources", "sources", section=last)]


def section_of(cells: Iterable[NotebookNode], agenda: Iterable[Section]) -> dict[str, str]:
    """Return for each cell the cell that begins its section; cells before the first have ``""``."""
    begins = {section.cell_id for section in agenda}
    found: dict[str, str] = {}
    section = ""
    for cell in cells:
        name = str(cell.get("id", ""))
        section = name if name in begins else section
        found[name] = section
    return found


def _times(material: Material) -> dict[str, str]:
    """Return the time of each section by the cell that begins its first slide."""
    sections = {section.cell_id: section for section in material.agenda}
    found: dict[str, str] = {}
    waiting = None
    for cell in material.participant.cells:
        waiting = sections.get(str(cell.get("id")), waiting)
        starts = cell.metadata.get("slideshow", {}).get("slide_type") in ("slide", "subslide")
        if waiting and starts:
            found[str(cell.get("id"))] = _clock(material, waiting.start, waiting.minutes)
            waiting = None
    return found


def _slide(run: Sequence[Piece], times: dict[str, str]) -> Slide:
    # Those who look at a wall look at what the code shows; the code is in the notebook.
    parts = [
        _shown(part, later=piece.slide == "fragment" and piece is not run[0])
        for piece in run
        for part in piece.parts
        if not _only_code_behind(part, piece)
    ]
    heading: Markup | str = ""
    if parts and parts[0].kind == "prose":
        match = _HEADING.match(parts[0].html)
        if match:
            heading = Markup(match["words"])
            rest = Markup(parts[0].html[match.end() :])
            parts = [replace(parts[0], html=rest), *parts[1:]] if rest.strip() else parts[1:]
    # On a wall nobody scrolls: a program's own messages stay in the notebook.
    parts = [part for part in parts if part.kind not in ("stream", "error")]
    role = next((piece.role for piece in run if piece.role != "read"), "read")
    name, layout = run[0].id, _layout(parts)
    room = _ROOM if layout == "picture" else _HALF
    parts = [replace(p, html=p.redraw(room)) if p.redraw else p for p in parts]
    return Slide(f"s-{name}", layout, heading, tuple(parts), role, times.get(name, ""))


def _shown(part: Part, later: bool) -> Shown:
    html = Markup(_SECTION.sub(r"<\1div", str(part.html)))
    return Shown(part.kind, html, part.folded, part.title, part.redraw, later)


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
