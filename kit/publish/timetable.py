"""Sections and sessions on the clock; times that do not add up are refused.

A wrong clock on a run sheet is found out in front of a class, so it is looked for here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kit.errors import CourseError
from kit.language import say

if TYPE_CHECKING:
    from kit.outline import Section
    from kit.spec import Spec

_DAY = 24 * 60


@dataclass(frozen=True)
class Slot:
    """A section on the clock.

    Parameters
    ----------
    section : Section
        What is done.
    clock : str
        When it begins.
    short : str
        When it begins if everything that may be skipped before it was skipped; "" if that is the
        same.
    """

    section: Section
    clock: str
    short: str


@dataclass(frozen=True)
class Session:
    """One workshop of a day.

    Parameters
    ----------
    spec : Spec
        In the language of the sheet.
    sections : sequence of Section
        See :func:`kit.outline.agenda`.
    start : str
        ``"13:00"``.
    pause : int
        The least minutes of rest after it.
    """

    spec: Spec
    sections: Sequence[Section]
    start: str
    pause: int = 0

    @property
    def begin(self) -> int:
        """Minutes from midnight to its start."""
        hours, minutes = self.start.split(":")
        return int(hours) * 60 + int(minutes)

    @property
    def end(self) -> int:
        """Minutes from midnight to its end."""
        return self.begin + self.spec.minutes


def clock(start: str | None, minute: int) -> str:
    """Return the time `minute` minutes after `start`, or the minutes gone if nobody has set one.

    Examples
    --------
    >>> clock("13:30", 35), clock(None, 65)
    ('14:05', '1:05')
    >>> from kit.language import using
    >>> with using("ja"):
    ...     clock("23:30", 45)
    '翌0:15'
    """
    hours, minutes = (int(part) for part in (start or "0:00").split(":"))
    days, rest = divmod(hours * 60 + minutes + minute, _DAY)
    time = f"{rest // 60}:{rest % 60:02d}"
    return say("翌{time}", time=time) if days else time


def slots(spec: Spec, sections: Sequence[Section], start: str | None = None) -> list[Slot]:
    """Put the sections of a workshop on the clock.

    Parameters
    ----------
    spec : Spec
        Its minutes are what the sections have to add up to.
    sections : sequence of Section
        See :func:`kit.outline.agenda`.
    start : str, optional
        ``"13:30"``; without it the clock shows the minutes gone.

    Raises
    ------
    CourseError
        If the minutes do not add up, or a section has none.
    """
    where = f"workshops/{spec.id}/workshop.ipynb"
    for section in sections:
        if section.minutes < 1:
            raise CourseError(
                say("「{title}」の分が {n} です。", title=section.title, n=section.minutes),
                where=f"{where}#{section.cell_id}",
                hint=say("分は 1 以上の整数で書いてください。"),
            )
    total = sum(section.minutes for section in sections)
    if total != spec.minutes:
        raise CourseError(
            say(
                "ノートブックの分の合計は {total} 分、workshop.toml は {minutes} 分です。",
                total=total,
                minutes=spec.minutes,
            ),
            where=where,
            hint=say("kit check {id} で、節ごとに確かめられます。", id=spec.id),
        )
    made, saved = [], 0
    for section in sections:
        short = clock(start, section.start - saved) if saved else ""
        made.append(Slot(section, clock(start, section.start), short))
        saved += section.minutes if section.skip else 0
    return made


def pauses(sessions: Sequence[Session]) -> list[int]:
    """Return the minutes of rest between the sessions of a day.

    Parameters
    ----------
    sessions : sequence of Session
        In the order of the day.

    Raises
    ------
    CourseError
        If one begins before the one before it and its pause are over.
    """
    for before, after in pairwise(sessions):
        if after.begin - before.end < before.pause:
            raise _too_early(before, after)
    return [after.begin - before.end for before, after in pairwise(sessions)]


def _too_early(before: Session, after: Session) -> CourseError:
    return CourseError(
        say(
            "「{after}」は {start} に始まりますが、「{before}」が {end} に終わり、"
            "休憩が {pause} 分あります。",
            after=after.spec.title,
            start=after.start,
            before=before.spec.title,
            end=clock("0:00", before.end),
            pause=before.pause,
        ),
        where=f"workshop.{after.spec.id}.start",
        hint=say(
            "開始を {clock} 以降にするか、pause を短くしてください。",
            clock=clock("0:00", before.end + before.pause),
        ),
    )
