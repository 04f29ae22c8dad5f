"""The run sheet of a whole day: every workshop of a programme and its pauses, on one page of A4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import CourseError, KitError
from kit.files import write_whole
from kit.language import say, using
from kit.publish import rundown
from kit.publish.nodes import inline, plain
from kit.publish.runsheet import checks, offline, page, preparation
from kit.publish.timetable import Session, clock, pauses, slots

if TYPE_CHECKING:
    from kit.plan import Plan, Run

Data = dict[str, Any]

FOLDER = "runsheet"
_SIZES = (8.8, 8.0, 7.4, 7.0)  # pt of the text
_OPENING = 30  # minutes before the start, to open the room


def day(
    title: str,
    sessions: Sequence[Session],
    *,
    language: str,
    place: str = "",
    built: str = "",
) -> bytes:
    """Return a whole programme on one page of A4, as PDF.

    Parameters
    ----------
    title : str
        Of the programme.
    sessions : sequence of Session
        In the order of the day.
    language : str
        BCP 47 tag of the sheet.
    place : str
        The municipality.
    built : str
        Date it was made, ISO 8601.

    Raises
    ------
    CourseError
        If a session begins before the one before it and its pause are over, or the minutes of one
        do not add up.
    RunError
        If it cannot be set.
    """
    from kit.publish.pdf import typeset

    with using(language):
        return typeset(
            "runsheet", _programme(title, sessions, place, built), where=f"{title}: {FOLDER}"
        )


def _programme(title: str, sessions: Sequence[Session], place: str, built: str) -> Data:
    if not sessions:
        raise CourseError(say("進行表にのせるワークショップがありません。"), where=title)
    rows = [_meeting(session) for session in sessions]
    for before, rest, row in zip(sessions, pauses(sessions), rows[1:], strict=False):
        text = say("休憩 {n} 分", n=rest) if rest else say("休憩なし")
        row["pause"] = {"clock": clock("0:00", before.end), "text": text}
    first, last = sessions[0], sessions[-1]
    specs = [session.spec for session in sessions]
    name = say("一日の進行表")
    return {
        **page(name, rundown.clipped(title), place, built),
        "form": "day",
        "programme": "",
        "span": f"{first.start}–{clock('0:00', last.end)}",
        "length": "",
        "opening-time": clock("0:00", max(0, first.begin - _OPENING)),
        "end": clock("0:00", last.end),
        "strip": _strips(sessions),
        "sessions": rows,
        "sizes": _SIZES,
        **preparation(specs),
        "checks": checks(specs),
        "offline": offline(),
    }


def _strips(sessions: Sequence[Session]) -> list[list[Any]]:
    """Return the day as stretches of minutes: each session, and the pauses between them."""
    strip: list[list[Any]] = []
    for session, rest in zip(sessions, pauses(sessions), strict=False):
        strip.append([session.spec.minutes, False])
        if rest:
            strip.append([rest, True])
    return [*strip, [sessions[-1].spec.minutes, False]]


def _meeting(session: Session) -> Data:
    spec = session.spec
    made = slots(spec, session.sections, session.start)
    saved = sum(slot.section.minutes for slot in made if slot.section.skip)
    return {
        "clock": session.start,
        "end": clock("0:00", session.end),
        "pause": None,
        "title": rundown.clipped(spec.title),
        "length": say("{n} 分", n=spec.minutes),
        "question": inline(rundown.clipped(spec.question)),
        "artefact": inline(rundown.clipped(spec.artefact)),
        "groups": inline(rundown.clipped(spec.groups)),
        "saves": say("遅れたら −{n} 分", n=saved) if saved else "",
        "slots": [
            {
                "clock": slot.clock,
                "title": plain(inline(slot.section.title)),
                "length": say("{n} 分", n=slot.section.minutes),
                "skip": say("省略可") if slot.section.skip else "",
            }
            for slot in made
        ],
    }


def days(plan: Plan, built: str = "") -> Iterator[tuple[str, bytes | KitError]]:
    """Yield a programme's day sheets: file name, and the PDF or why there is none.

    One for each municipality and language in which a programme of several workshops has a clock.

    Parameters
    ----------
    plan : Plan
        See :func:`kit.plan.plan`.
    built : str
        Date it was made, ISO 8601.
    """
    pauses = {entry.id: entry.pause for entry in plan.programme.workshop}
    together: dict[tuple[str, str], dict[str, Run]] = {}
    for run in plan.runs:
        place = run.variant.partition("--")[0]
        together.setdefault((place, run.language), {}).setdefault(run.workshop, run)
    for (place, language), runs in together.items():
        if len(runs) < 2 or not all(run.start for run in runs.values()):
            continue
        try:
            with using(language):
                made: bytes | KitError = _of_runs(plan, list(runs.values()), pauses, built)
        except KitError as error:
            made = error
        yield f"{place}-{language}.pdf", made


def _of_runs(plan: Plan, runs: Sequence[Run], pauses: dict[str, int], built: str) -> bytes:
    from kit import course, edition, places
    from kit.outline import agenda

    sessions, town = [], ""
    for run in runs:
        workshop = course.workshop(run.workshop)
        notebook = edition.prepare(workshop, run.language, run.parameters)
        spec = workshop.localised(run.language)
        pause = pauses.get(run.workshop, 0)
        sessions.append(Session(spec, agenda(notebook.cells), run.start or "0:00", pause))
        for parameter in spec.parameter:
            if parameter.type == "municipality":
                town = places.find(run.parameters[parameter.name]).name
    language = runs[0].language
    title = plan.programme.title_in(language)
    return day(title, sessions, language=language, place=town, built=built)


def write_days(folder: Path, plan: Plan, built: str = "") -> tuple[list[Path], list[KitError]]:
    """Write the day sheets of `plan` into ``runsheet/`` below `folder`.

    Parameters
    ----------
    folder : pathlib.Path
        The programme's folder.
    plan : Plan
        See :func:`kit.plan.plan`.
    built : str
        Date it was made, ISO 8601.

    Returns
    -------
    tuple
        The files, and what kept others from being made.

    Raises
    ------
    OSError
        If `folder` cannot be written.
    """
    written: list[Path] = []
    problems: list[KitError] = []
    for name, made in days(plan, built):
        if isinstance(made, KitError):
            problems.append(made)
            continue
        path = folder / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, made)
        written.append(path)
    return written, problems
