"""What a workshop is: a folder ``workshops/<id>/`` with a notebook, its spec and its catalogues."""

from __future__ import annotations

import csv
import difflib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from kit import places
from kit.errors import (
    CourseError,
    DataError,
    KitError,
    LanguageError,
    LimitError,
    ParameterError,
    Problems,
)
from kit.house import home
from kit.language import (
    LANGUAGES,
    PSEUDO,
    SOURCE,
    Catalogue,
    MadeCatalogue,
    current,
    read_catalogue,
    say,
    spaced,
)
from kit.po import DamagedCatalogue
from kit.spec import Exercise, Option, Parameter, Quiz, Spec, Task, read_toml

__all__ = [
    "Exercise",
    "Option",
    "Parameter",
    "Principle",
    "Quiz",
    "Spec",
    "Task",
    "Workshop",
    "nearest",
    "principle",
    "principles",
    "workshop",
    "workshops",
]


@dataclass(frozen=True)
class Principle:
    """One of the ten principles for digital services; ``title_ja`` is the official title."""

    number: int
    title_ja: str
    title_en: str

    @property
    def title(self) -> str:
        """The title in the current language."""
        return self.title_en if spaced() else self.title_ja


@cache
def principles() -> tuple[Principle, ...]:
    """Return the ten principles, as ``datasets/principles`` has them.

    Raises
    ------
    DataError
        If that table is missing or damaged.

    Examples
    --------
    >>> len(principles())
    10
    """
    path = home() / "datasets" / "principles" / "principles.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = tuple(
                Principle(int(row["number"]), row["title"], row["title_en"])
                for row in csv.DictReader(file)
            )
        if [one.number for one in found] != list(range(1, 11)):
            raise ValueError
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError):
        raise DataError(
            say("デジタル10か条の表を読めません。"),
            where=str(path),
            hint=say("git checkout -- datasets で元に戻すか、build.py で作り直してください。"),
        ) from None
    return found


def principle(number: int) -> Principle:
    """Return principle `number` (1 to 10).

    Examples
    --------
    >>> principle(4).title_en
    'Make the most of our data'
    """
    return principles()[number - 1]


def nearest(word: str, candidates: list[str]) -> str | None:
    """Return the candidate most like `word`, or None if none is like it.

    Examples
    --------
    >>> nearest("rct-leters", ["rct-letters", "journey-time"])
    'rct-letters'
    """
    found = difflib.get_close_matches(word, candidates, n=1, cutoff=0.5)
    return found[0] if found else None


# What a learner never reads is not translated.
_NOT_TEXT = frozenset(
    (
        *("id", "name", "type", "when", "kind", "cell", "right", "simulated", "answer"),
        *("languages", "datasets", "choices", "principles", "readings"),
        *("minutes", "rows", "minimum", "maximum"),
    )
)


def texts(value: Any) -> list[str]:
    """Return every translatable sentence of a spec's dumped `value`, in order."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, Mapping):
        keys = [k for k in value if k not in _NOT_TEXT]
        if "default" in value and value.get("type") != "text":
            keys.remove("default")
        return [text for key in keys for text in texts(value[key])]
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts(item)]
    return []


def _translated(value: Any, catalogue: Catalogue) -> Any:
    if isinstance(value, str):
        return catalogue.get("workshop", value) or value
    if isinstance(value, Mapping):
        fixed = _NOT_TEXT if value.get("type") in (None, "text") else _NOT_TEXT | {"default"}
        return {k: v if k in fixed else _translated(v, catalogue) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_translated(item, catalogue) for item in value]
    return value


class Workshop:
    """One workshop folder.

    Parameters
    ----------
    folder : pathlib.Path
        ``workshops/<id>``.

    Raises
    ------
    CourseError
        If ``workshop.toml`` is missing or does not say what a workshop must say; every mistake
        is named.

    Examples
    --------
    >>> workshop("rct-letters").spec.minutes
    90
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spec = read_toml(folder / "workshop.toml", Spec)
        if self.spec.id != folder.name:
            raise CourseError(
                say("id「{id}」とフォルダー名が違います。", id=self.spec.id),
                where=str(folder / "workshop.toml"),
                hint=say("id を「{name}」にしてください。", name=folder.name),
            )

    @property
    def id(self) -> str:
        """The folder's name, by which a command line means the workshop."""
        return self.spec.id

    @property
    def notebook_path(self) -> Path:
        """The one source notebook."""
        return self.folder / "workshop.ipynb"

    def speaks(self, language: str) -> bool:
        """Whether it can be made in `language`: declared (and so complete), or begun."""
        begun = language in LANGUAGES and (self.folder / f"{language}.po").exists()
        return language in (*self.spec.languages, PSEUDO) or begun

    def catalogue(self, language: str) -> Catalogue:
        """Return the translations into `language`; empty for the source language.

        Raises
        ------
        LanguageError
            If the workshop is not written in `language`, or its catalogue is missing or broken.
        """
        if language == SOURCE:
            return Catalogue(SOURCE)
        if language == PSEUDO:
            return MadeCatalogue()
        if not self.speaks(language):
            raise LanguageError(
                say(
                    "「{title}」に言語「{language}」はありません。",
                    title=self.spec.title,
                    language=language,
                ),
                where=str(self.folder),
                hint=say("使える言語: {languages}", languages=", ".join(self.spec.languages)),
            )
        return read_catalogue(self.folder / f"{language}.po", language)

    def localised(self, language: str) -> Spec:
        """Return the spec with every sentence in `language`; untranslated ones stay Japanese."""
        if language == SOURCE:
            return self.spec
        return Spec.model_validate(_translated(self.spec.model_dump(), self.catalogue(language)))

    def _spoken(self, language: str) -> Spec:
        """Return the spec in `language` as far as that goes: a broken catalogue stops a run of its
        own language, which says so, but no plan and no message."""
        try:
            return self.localised(language) if self.speaks(language) else self.spec
        except DamagedCatalogue:
            return self.spec

    def parameter(self, name: str) -> Parameter:
        """Return the parameter called `name`.

        Raises
        ------
        ParameterError
            With the nearest name.
        """
        for found in self._spoken(current()).parameter:
            if found.name == name:
                return found
        names = [p.name for p in self.spec.parameter]
        like = nearest(name, names)
        hint = say("「{name}」のことですか。", name=like) + " " if like else ""
        raise ParameterError(
            say(
                "「{workshop}」にパラメーター「{name}」はありません。", workshop=self.id, name=name
            ),
            where=name,
            hint=hint + say("使えるもの: {names}", names=", ".join(names)),
        )

    def validate(
        self, values: Mapping[str, Any], *, language: str = SOURCE, where: str = ""
    ) -> dict[str, Any]:
        """Return a full set of parameters: `values` checked, the rest by default.

        Parameters
        ----------
        values : mapping
            Parameter name to value, as typed.
        language : str
            Default texts are given in this language.
        where : str
            What to put before a parameter's name in messages (a file, a key).

        Raises
        ------
        Problems
            Every mistake together.
        """
        problems: list[KitError] = []
        if not self.speaks(language):
            self.catalogue(language)  # which says that there is none
        full: dict[str, Any] = {p.name: p.default for p in self._spoken(language).parameter}
        for name, value in values.items():
            try:
                full[name] = self.parameter(name).validate_value(value, where=f"{where}{name}")
            except ParameterError as error:
                problems.append(error)
        if not problems:
            problems.extend(self._beyond_limits(full, where))
        if problems:
            raise Problems(say("パラメーターに直すところがあります。"), problems)
        return full

    def limits(self, parameters: Mapping[str, Any]) -> dict[str, tuple[float | None, float | None]]:
        """Return the ranges that the chosen municipality sets, from ``checks.limits``."""
        town = next((p.name for p in self.spec.parameter if p.type == "municipality"), None)
        limits = getattr(self.checks, "limits", None)
        if town is None or limits is None:
            return {}
        return dict(limits(places.find(parameters[town])))

    def _beyond_limits(self, full: Mapping[str, Any], where: str) -> list[KitError]:
        problems: list[KitError] = []
        for name, (low, high) in self.limits(full).items():
            parameter = self.parameter(name)
            value = full[name]
            if (low is None or value >= low) and (high is None or value <= high):
                continue
            town = next(
                places.find(full[p.name]) for p in self.spec.parameter if p.type == "municipality"
            )
            advice = getattr(self.checks, "advice", None)
            problems.append(
                LimitError(
                    say(
                        "{town}では「{label}」を {value:,} にできません。",
                        town=town.name,
                        label=parameter.label,
                        value=value,
                    ),
                    where=f"{where}{name}",
                    hint=advice(town, name) if advice else parameter.allowed(),
                )
            )
        return problems

    @cached_property
    def checks(self) -> ModuleType:
        """The module ``checks.py``; an empty one if the workshop has none.

        Raises
        ------
        CourseError
            If it cannot be imported.
        """
        path = self.folder / "checks.py"
        name = f"kit_workshop_{self.id.replace('-', '_')}_checks"
        if not path.exists():
            return ModuleType(name)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise CourseError(
                say(
                    "checks.py を読み込めません: {error}", error=f"{type(error).__name__}: {error}"
                ),
                where=str(path),
            ) from error
        return module


def workshop_ids() -> list[str]:
    """Return the ids of all workshops, sorted."""
    return sorted(p.parent.name for p in (home() / "workshops").glob("*/workshop.toml"))


def workshop(id: str) -> Workshop:
    """Return the workshop called `id`.

    Raises
    ------
    CourseError
        If there is none; the message names the nearest.

    Examples
    --------
    >>> workshop("journey-time").id
    'journey-time'
    """
    ids = workshop_ids()
    if id in ids:
        return Workshop(home() / "workshops" / id)
    like = nearest(str(id), ids)
    hint = say("「{name}」のことですか。", name=like) + " " if like else ""
    raise CourseError(
        say("ワークショップ「{id}」はありません。", id=id),
        hint=hint + say("使えるもの: {names}", names=", ".join(ids)),
    )


def workshops() -> list[Workshop]:
    """Return every workshop, sorted by id."""
    return [workshop(id) for id in workshop_ids()]
