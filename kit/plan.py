"""A batch file → a list of runs, every parameter checked before anything starts."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from kit import course, places
from kit.course import Workshop
from kit.edition import EDITIONS
from kit.errors import CourseError, KitError, LimitError, ParameterError, PlaceError, Problems
from kit.house import home
from kit.language import SOURCE, say
from kit.spec import Strict, read_toml

FORMS = ("notebook", "page", "slides", "pdf")
ALL = "all"
_CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$"

Value = str | int | float
Grid = dict[str, Value | list[Value]]


class Entry(Strict):
    """One workshop of a programme: its own grid beside the programme's.

    ``include`` adds single combinations, ``exclude`` takes out every combination that has all of
    its values; ``pause`` is the break after it, in minutes.
    """

    id: str
    grid: Grid = Field(default_factory=dict)
    include: list[dict[str, Value]] = Field(default_factory=list)
    exclude: list[dict[str, Value]] = Field(default_factory=list)
    start: str | None = Field(default=None, pattern=_CLOCK)
    pause: int = Field(default=10, ge=0, le=240)


class Programme(Strict):
    """The contents of a batch file.

    ``fit``: where a municipality is too small for a number, use the largest it allows, and say so.
    """

    title: dict[str, str]
    workshop: list[Entry] = Field(min_length=1)
    grid: Grid = Field(default_factory=dict)
    languages: list[str] = Field(default_factory=lambda: [SOURCE])
    editions: list[str] = Field(default_factory=lambda: list(EDITIONS))
    forms: list[str] = Field(default_factory=lambda: list(FORMS))
    start: str | None = Field(default=None, pattern=_CLOCK)
    fit: bool = False
    cell_seconds: int = Field(default=120, ge=1)
    run_seconds: int = Field(default=600, ge=1)

    def title_in(self, language: str) -> str:
        """Return the title in `language`, or the Japanese one."""
        return self.title.get(language) or next(iter(self.title.values()))


@dataclass(frozen=True)
class Run:
    """One workshop with one full set of parameters in one language."""

    workshop: str
    parameters: Mapping[str, Any]
    language: str
    variant: str
    editions: tuple[str, ...] = EDITIONS
    forms: tuple[str, ...] = FORMS
    start: str | None = None
    programme: str = ""
    cell_seconds: int = 120
    run_seconds: int = 600

    @property
    def folder(self) -> Path:
        """Where its results lie, below the programme's folder."""
        return Path(self.workshop) / self.variant / self.language

    @property
    def label(self) -> str:
        """Short name for a report."""
        return self.folder.as_posix()


@dataclass(frozen=True)
class Plan:
    """What a build will do: the runs, and what was adjusted on the way."""

    id: str
    programme: Programme
    runs: tuple[Run, ...]
    notes: tuple[str, ...] = field(default=())


def find_batch(named: str) -> Path:
    """Return the batch file meant by `named`: a path, or the name of one in ``workshops/``.

    Raises
    ------
    CourseError
        If there is none.
    """
    known = {p.stem: p for p in sorted((home() / "workshops").glob("*.toml"))}
    if named in known:
        return known[named]
    path = Path(named)
    if path.is_file():
        return path
    like = course.nearest(path.stem, list(known))
    hint = say("「{name}」のことですか。", name=like) + " " if like else ""
    raise CourseError(
        say("プログラム「{name}」が見つかりません。", name=named),
        hint=hint + say("使えるもの: {names}", names=", ".join(known)),
    )


def read_programme(path: Path) -> Programme:
    """Read a batch file.

    Raises
    ------
    CourseError, Problems
        Naming every key that is wrong.
    """
    return read_toml(path, Programme)


def plan(programme: Programme, *, id: str, where: str = "") -> Plan:
    """Expand the grid of `programme` into runs, every value validated.

    Parameters
    ----------
    programme : Programme
        What to build.
    id : str
        Name of the output folder.
    where : str
        The batch file's name, for messages.

    Raises
    ------
    Problems
        Every mistake of every run, each once.
    """
    problems = [*_unknown_choices(programme, where)]
    runs: list[Run] = []
    notes: list[str] = []
    clock = programme.start
    for entry in programme.workshop:
        try:
            workshop = course.workshop(entry.id)
        except KitError as error:
            error.where = f"{where}: workshop.id"
            problems.append(error)
            continue
        start = entry.start or clock
        clock = _later(start, workshop.spec.minutes + entry.pause)
        expansion = _Expansion(programme, entry, workshop, where, start)
        runs.extend(expansion.runs())
        problems.extend(expansion.problems)
        notes.extend(expansion.notes)
    if not runs and not problems:
        problems.append(CourseError(say("作るものがひとつもありません。"), where=where))
    if problems:
        message = say("始める前に直すところがあります。まだ何も作っていません。")
        if any(isinstance(problem, LimitError) for problem in problems):
            fit = say("--fit を付けると、大きすぎる数をその町の上限に合わせます。")
            message = f"{message}\n{fit}"
        raise Problems(message, _once(problems))
    return Plan(id, programme, tuple(_unique(runs)), tuple(dict.fromkeys(notes)))


class _Expansion:
    """The grid of one entry being expanded, its problems gathered."""

    def __init__(
        self,
        programme: Programme,
        entry: Entry,
        workshop: Workshop,
        where: str,
        start: str | None,
    ) -> None:
        self.programme, self.entry, self.workshop = programme, entry, workshop
        self.where, self.start = where, start
        self.problems: list[KitError] = []
        self.notes: list[str] = []

    def runs(self) -> Iterator[Run]:
        own = {p.name for p in self.workshop.spec.parameter}
        shared = {k: v for k, v in self.programme.grid.items() if k in own}
        for name in self.programme.grid.keys() - own:
            if not any(_has_parameter(e.id, name) for e in self.programme.workshop):
                self._try(lambda name=name: self.workshop.parameter(name), f"grid.{name}")
        combinations = [*_product({**shared, **self.entry.grid}), *self.entry.include]
        for language in self.programme.languages:
            for values in combinations:
                if not self._excluded(values, language):
                    yield from self._run(values, language)

    def _run(self, values: Mapping[str, Any], language: str) -> Iterator[Run]:
        where = f"{self.where}: workshop.{self.workshop.id}." if self.where else ""
        try:
            fitted = self._fitted(values) if self.programme.fit else values
            parameters = self.workshop.validate(fitted, language=language, where=where)
        except Problems as found:
            self.problems.extend(found.problems)
        except KitError as error:
            self.problems.append(error)
        else:
            yield Run(
                workshop=self.workshop.id,
                parameters=parameters,
                language=language,
                variant=variant(self.workshop, values),
                editions=tuple(self.programme.editions),
                forms=tuple(self.programme.forms),
                start=self.start,
                programme=self.programme.title_in(language),
                cell_seconds=self.programme.cell_seconds,
                run_seconds=self.programme.run_seconds,
            )

    def _fitted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        full = {p.name: p.default for p in self.workshop.spec.parameter} | dict(values)
        fitted = dict(values)
        for name, (_, high) in self.workshop.limits(full).items():
            parameter = self.workshop.parameter(name)
            if high is None or parameter.validate_value(full[name]) <= high:  # type: ignore[operator]
                continue
            if parameter.minimum is not None and high < parameter.minimum:
                continue  # too small even for the smallest design: let validation say so
            fitted[name] = int(high) if parameter.type == "int" else high
            self.notes.append(
                say(
                    "{workshop} {town}: 「{label}」を {value:,} に合わせました。",
                    workshop=self.workshop.id,
                    town=variant(self.workshop, values).split("--")[0],
                    label=parameter.label,
                    value=fitted[name],
                )
            )
        return fitted

    def _excluded(self, values: Mapping[str, Any], language: str) -> bool:
        described = {**values, "language": language}
        return any(
            all(k in described and _same(k, described[k], v) for k, v in rule.items())
            for rule in self.entry.exclude
        )

    def _try(self, action: Any, where: str) -> None:
        try:
            action()
        except KitError as error:
            error.where = f"{self.where}: {where}" if self.where else where
            self.problems.append(error)


def _product(grid: Grid) -> Iterator[dict[str, Value]]:
    axes = []
    for name, value in grid.items():
        if name == "municipality" and value == ALL:
            value = [town.code for town in places.all_()]
        axes.append([(name, v) for v in (value if isinstance(value, list) else [value])])
    for combination in itertools.product(*axes):
        yield dict(combination)


def _same(name: str, one: Any, other: Any) -> bool:
    if name == "municipality":
        try:
            return places.find(one) == places.find(other)
        except PlaceError:
            return False
    return str(one) == str(other)


def _has_parameter(workshop: str, name: str) -> bool:
    try:
        return any(p.name == name for p in course.workshop(workshop).spec.parameter)
    except KitError:
        return True


def _unknown_choices(programme: Programme, where: str) -> Iterator[KitError]:
    for key, chosen, known in (
        ("editions", programme.editions, EDITIONS),
        ("forms", programme.forms, FORMS),
    ):
        for value in chosen:
            if value not in known:
                yield ParameterError(
                    say("「{value}」はありません。", value=value),
                    where=f"{where}: {key}" if where else key,
                    hint=say("使えるもの: {names}", names=", ".join(known)),
                )


def _once(problems: list[KitError]) -> list[KitError]:
    return list({str(problem): problem for problem in problems}.values())


def _unique(runs: list[Run]) -> list[Run]:
    return list({run.folder: run for run in runs}.values())


def _later(clock: str | None, minutes: int) -> str | None:
    if clock is None:
        return None
    hour, minute = (int(part) for part in clock.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60 % 24}:{total % 60:02d}"


def variant(workshop: Workshop, values: Mapping[str, Any]) -> str:
    """Return the ASCII folder name of a set of parameters: the municipality, then what differs
    from the defaults.

    Examples
    --------
    >>> variant(course.workshop("rct-letters"), {"municipality": "八王子市", "letters": 600})
    '13201-hachioji--letters-600'
    """
    parts: list[str] = []
    for parameter in workshop.spec.parameter:
        value = values.get(parameter.name, parameter.default)
        value = parameter.validate_value(value)
        if parameter.type == "municipality":
            parts.insert(0, places.find(value).slug)
        elif value != parameter.default:
            text = str(value)
            if not re.fullmatch(r"[A-Za-z0-9.-]{1,24}", text):
                text = hashlib.sha256(text.encode()).hexdigest()[:8]
            parts.append(f"{parameter.name}-{text}")
    return "--".join(parts) or "default"
