"""Answer files: read as what a stranger handed in, and left out, with a reason, where they will
not do. One bad file never costs the class its results."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kit import course
from kit.errors import DataError, KitError
from kit.language import say
from kit.progress import FORMAT as PROGRESS

FORMAT = "kit-answers/1"
RESULTS = "kit-results/1"  # what the summary itself writes, perhaps into the same folder
_MARK = re.compile(r"answers-([0-9a-f]{8})\b", re.IGNORECASE)
LARGEST = 1_000_000  # bytes; a real one has a few thousand

Reason = Literal[
    "link", "not-a-file", "too-large", "unreadable", "broken", "progress", "results", "format",
    "content", "empty", "unknown-workshop", "other-workshop", "unknown-question", "duplicate", "earlier",
]  # fmt: skip

Name = Annotated[str, StringConstraints(max_length=80)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Minutes = Annotated[float, Field(ge=0, le=24 * 60, allow_inf_nan=False)]


class _Strict(BaseModel):
    # What a later version of the kit may add is passed over, never shown.
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Check(_Strict):
    """One exercise of one participant: as :meth:`kit.progress.Progress.check` has it."""

    tries: Count = 0
    right: bool = False
    hints: Count = 0
    solution: bool = False

    @property
    def touched(self) -> bool:
        """Whether the participant did anything about it."""
        return bool(self.tries or self.hints or self.solution)


class Sheet(_Strict):
    """One participant's answer sheet: as :meth:`kit.progress.Progress.answers` writes it."""

    format: Literal["kit-answers/1"]
    workshop: Name
    version: Name = ""
    language: Name = ""
    parameters: dict[Name, str | int | float | bool | None] = Field(default_factory=dict)
    quiz: dict[Name, dict[Name, Count]] = Field(default_factory=dict)
    checks: dict[Name, Check] = Field(default_factory=dict)
    minutes: dict[Name, Minutes] = Field(default_factory=dict)
    voices: dict[Name, Annotated[str, StringConstraints(max_length=2000)]] = Field(
        default_factory=dict
    )

    @property
    def digest(self) -> str:
        """The same for the same content, whatever the file is called."""
        text = json.dumps(self.model_dump(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def amount(self) -> float:
        """How much was done: it only grows while a participant goes on."""
        answers = sum(len(ends) for ends in self.quiz.values())
        deeds = sum(
            one.tries + one.hints + one.right + one.solution for one in self.checks.values()
        )
        return answers + deeds + sum(self.minutes.values())

    @property
    def blank(self) -> bool:
        """Whether nothing was answered, tried or written."""
        return not (self.quiz or self.checks or any(v.strip() for v in self.voices.values()))


@dataclass(frozen=True)
class LeftOut:
    """A file that does not count: its name, why, and one sentence that says both."""

    name: str
    reason: Reason
    sentence: str


@dataclass(frozen=True)
class Reading:
    """What a folder of answer files holds.

    Parameters
    ----------
    sheets : mapping of str to tuple of Sheet
        Workshop id → its sheets, in an order that has nothing to do with the files'.
    left_out : tuple of LeftOut
        In the order of the files' names.
    """

    sheets: Mapping[str, tuple[Sheet, ...]]
    left_out: tuple[LeftOut, ...]


def read(folder: Path, *, workshop: str | None = None) -> Reading:
    """Read every ``*.json`` in `folder`.

    Parameters
    ----------
    folder : pathlib.Path
        Where the answer files were collected; folders inside it are not entered.
    workshop : str, optional
        Take only the files of this one.

    Raises
    ------
    CourseError
        If there is no such workshop.
    DataError
        If the folder cannot be read or holds no ``*.json`` at all. A single file never raises.
    """
    if workshop is not None:
        course.workshop(workshop)
    counted: list[tuple[str, Sheet]] = []
    left_out: list[LeftOut] = []
    questions = cache(_questions)
    for path in _files(folder):
        name = shown(path.name)
        found = _sheet(path, name, workshop, questions)
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            counted.append((name, found))
    once = _once(counted, left_out)
    # Sorted by content: neither the files' names nor their order leads back to anybody.
    by_workshop: dict[str, list[Sheet]] = {}
    for sheet in sorted(once, key=lambda sheet: (sheet.workshop, sheet.digest)):
        by_workshop.setdefault(sheet.workshop, []).append(sheet)
    ordered = {id: tuple(sheets) for id, sheets in by_workshop.items()}
    return Reading(ordered, tuple(sorted(left_out, key=lambda one: one.name)))


def _once(counted: list[tuple[str, Sheet]], left_out: list[LeftOut]) -> list[Sheet]:
    """Return one sheet a person; the others join `left_out`.

    A participant's last card always writes to the same random name, so two files of one name, one
    of them a browser's ``answers-….(1).json``, are one person's. The same content under two names
    is a copy, unless nothing in it (no minutes) tells two people apart who answered alike.
    """
    people: dict[str, tuple[str, Sheet]] = {}
    once = []
    # What was done later holds more: whoever has two files is counted by the fuller one.
    for name, sheet in sorted(counted, key=_fuller_first):
        mark = f"{sheet.workshop} {found[1].lower()}" if (found := _MARK.match(name)) else ""
        signs = [mark] if mark and not sheet.minutes else [mark, sheet.digest]
        known = next((people[sign] for sign in signs if sign in people), None)
        if known is None:
            once.append(sheet)
            people.update((sign, (name, sheet)) for sign in (mark, sheet.digest) if sign)
        else:
            left_out.append(_again(name, known[0], same=known[1].digest == sheet.digest))
    return once


def _fuller_first(pair: tuple[str, Sheet]) -> tuple[float, bool, int, str]:
    name, sheet = pair
    return -sheet.amount, not _MARK.match(name), len(name), name


def _again(name: str, twin: str, *, same: bool) -> LeftOut:
    if same:
        sentence = say(
            "{name} は、{twin} と中身が同じなので、1 つだけ数えました。", name=name, twin=twin
        )
        return LeftOut(name, "duplicate", sentence)
    sentence = say(
        "{name} は、{twin} と同じ人が、前に保存したものです。あとのほうを数えました。",
        name=name,
        twin=twin,
    )
    return LeftOut(name, "earlier", sentence)


def shown(text: str) -> str:
    """Return `text` as it may be printed anywhere: one line, no control characters.

    Examples
    --------
    >>> shown("answers\\x1b[2J.json"), shown("\\udce3.json")
    ('answers [2J.json', '?.json')
    """
    from kit.chart.text import clean

    return clean(text.encode("utf-8", "replace").decode())


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")
    except OSError as error:
        raise DataError(
            say("答えのファイルのフォルダーを開けません: {reason}", reason=error.strerror or error),
            where=str(folder),
            hint=say("集めたファイル（answers-….json）の入ったフォルダーを指定してください。"),
        ) from None
    if not found:
        raise DataError(
            say("答えのファイルが 1 つもありません。"),
            where=str(folder),
            hint=say(
                "参加者が最後のカードで保存した answers-….json を、このフォルダーに集めてください。"
            ),
        )
    return found


def _questions(workshop: str) -> dict[str, int] | None:
    """Return how many options each question of a workshop has; None if its spec is broken."""
    try:
        return {item.id: len(item.option) for item in course.workshop(workshop).spec.quiz}
    except KitError:
        return None


def _sheet(
    path: Path, name: str, workshop: str | None, questions: Callable[[str], dict[str, int] | None]
) -> Sheet | LeftOut:
    """Return the sheet in `path`, or why there is none."""
    content = _content(path, name)
    if isinstance(content, LeftOut):
        return content
    format = content.get("format") if isinstance(content, dict) else None
    if format == PROGRESS:
        return LeftOut(
            name,
            "progress",
            say(
                "{name} は、途中の答えのファイルです。下書きも入っているので、読みませんでした。"
                "最後のカードで保存した answers-….json を使ってください。",
                name=name,
            ),
        )
    if format == RESULTS:
        return LeftOut(name, "results", say("{name} は、前に作った集計です。", name=name))
    if format != FORMAT:
        return LeftOut(name, "format", say("{name} は、答えのファイルではありません。", name=name))
    try:
        sheet = Sheet.model_validate(content)
    except pydantic.ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return LeftOut(
            name,
            "content",
            say("{name} の「{where}」が、使えない値です。", name=name, where=shown(where)[:60]),
        )
    if workshop is not None and sheet.workshop != workshop:
        return LeftOut(
            name, "other-workshop", say("{name} は、ほかのワークショップのものです。", name=name)
        )
    if sheet.blank:
        return LeftOut(name, "empty", say("{name} には、答えが 1 つもありません。", name=name))
    if sheet.workshop not in course.workshop_ids():
        return LeftOut(
            name,
            "unknown-workshop",
            say(
                "{name} のワークショップ「{id}」は、このキットにありません。",
                name=name,
                id=shown(sheet.workshop),
            ),
        )
    return _known(sheet, name, questions(sheet.workshop))


def _known(sheet: Sheet, name: str, options: dict[str, int] | None) -> Sheet | LeftOut:
    """Return the sheet if its workshop asks what it answers."""
    if options is None:
        return LeftOut(
            name,
            "unknown-workshop",
            say("{name} のワークショップの workshop.toml を読めません。", name=name),
        )
    for quiz, answers in sheet.quiz.items():
        if any(option >= options.get(quiz, 0) for option in answers.values()):
            return LeftOut(
                name,
                "unknown-question",
                say(
                    "{name} の答え「{quiz}」は、今のワークショップの問題や選択肢にありません。"
                    "ほかの版で答えたファイルかもしれません。",
                    name=name,
                    quiz=shown(quiz),
                ),
            )
    return sheet


def _content(path: Path, name: str) -> Any:
    """Return the JSON in `path`, or why it cannot be read; links and devices are not opened."""
    large = say("{name} は大きすぎます（答えのファイルは 1 MB までです）。", name=name)
    try:
        seen = path.lstat()
        if stat.S_ISLNK(seen.st_mode):
            return LeftOut(
                name, "link", say("{name} は、ほかの場所へのリンクなので読みません。", name=name)
            )
        if not stat.S_ISREG(seen.st_mode):
            return LeftOut(
                name, "not-a-file", say("{name} は、ファイルではありません。", name=name)
            )
        if seen.st_size > LARGEST:
            return LeftOut(name, "too-large", large)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or error
        return LeftOut(
            name, "unreadable", say("{name} を開けません: {reason}", name=name, reason=reason)
        )
    if len(data) > LARGEST:
        return LeftOut(name, "too-large", large)
    try:
        text = data.decode("utf-8-sig")
        content = json.loads(text, parse_constant=_refuse)
        json.dumps(content, ensure_ascii=False).encode()  # no half of a character anywhere
        return content
    except (ValueError, RecursionError):
        broken = say("{name} は壊れていて、読めません。", name=name)
        return LeftOut(name, "broken", broken)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
