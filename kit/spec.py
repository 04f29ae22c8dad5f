"""The contents of ``workshop.toml``: what an author may say about a workshop."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict, Field

from kit import places
from kit.errors import CourseError, ParameterError, Problems
from kit.language import SOURCE, say

ParameterType = Literal["municipality", "int", "float", "text", "choice"]
TEXT_LIMIT = 80


class Strict(BaseModel):
    """Base of everything read from TOML: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Strict)
# Something to read; the line breaks around a text in TOML are not part of it.
Sentence = Annotated[str, pydantic.StringConstraints(strip_whitespace=True, min_length=1)]


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read a TOML file into `model`.

    Raises
    ------
    CourseError, Problems
        Naming the file and every key that is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return model.model_validate(raw)
    except FileNotFoundError:
        raise CourseError(say("ファイルがありません。"), where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(
            say("TOML として読めません: {error}", error=error), where=str(path)
        ) from None
    except pydantic.ValidationError as error:
        raise Problems(
            say("{path} に直すところがあります。", path=path),
            [_problem(dict(item), model) for item in error.errors()],
        ) from None


def _problem(item: dict[str, Any], model: type[Strict]) -> CourseError:
    where = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        like = difflib.get_close_matches(str(item["loc"][-1]), list(model.model_fields), n=1)
        return CourseError(
            say("知らないキーです。"),
            where=where,
            hint=say("「{name}」のことですか。", name=like[0])
            if like
            else say("使えるキー: {names}", names=", ".join(model.model_fields)),
        )
    if item["type"] == "missing":
        return CourseError(say("必要なキーがありません。"), where=where)
    value = repr(item["input"])[:60]
    return CourseError(
        say("この値は使えません: {value}（{reason}）", value=value, reason=item["msg"]), where=where
    )


class Parameter(Strict):
    """One thing a facilitator may set.

    ``unit`` is shown beside the value; ``minimum`` and ``maximum`` are inclusive; ``labels`` says
    what each of ``choices`` is called.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: ParameterType
    label: str
    default: str | int | float
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)

    def validate_value(self, value: Any, *, where: str | None = None) -> str | int | float:
        """Return `value` in this parameter's type.

        A municipality may be given as a code, a name, kana or English; the result is its
        five-digit code. Text of numbers is read as numbers, as a command line gives them.

        Raises
        ------
        ParameterError
            Saying what is allowed.
        """
        where = where or self.name
        if self.type == "municipality":
            try:
                return places.find(value).code
            except ParameterError as error:
                error.where = where
                raise
        if self.type == "text":
            return self._text(value, where)
        if self.type == "choice":
            return self._choice(value, where)
        return self._number(value, where)

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise ParameterError(
                say("「{label}」には文字を入れてください。", label=self.label),
                where=f"{where} = {value!r}",
            )
        if len(value) > TEXT_LIMIT or any(ord(c) < 32 for c in value):
            raise ParameterError(
                say(
                    "「{label}」は改行のない {limit} 文字以内にしてください。",
                    label=self.label,
                    limit=TEXT_LIMIT,
                ),
                where=f"{where} = {value[:40]!r}",
            )
        return value

    def _choice(self, value: Any, where: str) -> str:
        if value in self.choices:
            return str(value)
        raise ParameterError(
            say("「{label}」に「{value}」は選べません。", label=self.label, value=value),
            where=where,
            hint=say("選べるもの: {choices}", choices=", ".join(self.choices)),
        )

    def _number(self, value: Any, where: str) -> int | float:
        kind = int if self.type == "int" else float
        allowed = self.allowed()
        try:
            if isinstance(value, bool):
                raise ValueError
            number = kind(value)
            if (kind is int and float(value) != number) or number != number:
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            raise ParameterError(
                say("「{label}」には数を入れてください。", label=self.label)
                if kind is float
                else say("「{label}」には整数を入れてください。", label=self.label),
                where=f"{where} = {value!r}",
                hint=allowed,
            ) from None
        too_small = self.minimum is not None and number < self.minimum
        too_large = self.maximum is not None and number > self.maximum
        if too_small or too_large:
            raise ParameterError(
                say("「{label}」の値 {value} は範囲の外です。", label=self.label, value=number),
                where=where,
                hint=allowed,
            )
        return number

    def shown(self, value: Any) -> str:
        """Return `value` as a person reads it.

        Examples
        --------
        >>> Parameter(name="n", type="int", label="数", default=1, unit="通").shown(4000)
        '4,000 通'
        """
        if self.type == "municipality":
            return places.find(value).name
        if isinstance(value, int | float):
            return f"{value:,} {self.unit}".strip()
        return self.labels.get(value, str(value))

    def allowed(self) -> str:
        """Say what is allowed, for a message or a table."""
        if self.type == "municipality":
            return say("東京都の区市町村の名前かコード")
        if self.type == "choice":
            return " / ".join(
                f"{key} ({self.labels[key]})" if key in self.labels else key for key in self.choices
            )
        if self.type == "text":
            return say("{limit} 文字以内", limit=TEXT_LIMIT)
        unit = self.unit
        if self.minimum is not None and self.maximum is not None:
            return say(
                "{minimum:,.12g} から {maximum:,.12g} {unit}",
                minimum=self.minimum,
                maximum=self.maximum,
                unit=unit,
            ).strip()
        if self.minimum is not None:
            return say("{minimum:,.12g} {unit} 以上", minimum=self.minimum, unit=unit)
        return say("数")


class Option(Strict):
    """One answer to a quiz item; a wrong one names the misconception behind it."""

    text: str
    right: bool = False
    feedback: str


class Quiz(Strict):
    """One question with one right answer. ``when`` says at which end of the class it is asked."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    prompt: str
    when: Literal["before", "after", "both"] = "both"
    option: tuple[Option, ...]

    @pydantic.model_validator(mode="after")
    def _one_right(self) -> Quiz:
        if len(self.option) < 2 or sum(o.right for o in self.option) != 1:
            raise ValueError("a quiz item needs two or more options and exactly one right one")
        return self


class Exercise(Strict):
    """One thing to work out, and the help that is there for whoever is stuck.

    ``id`` names the function of ``checks.py`` that judges it. ``answer`` says how it can be
    answered without code: a ``number`` or a ``text`` is typed, one of ``choices`` is marked
    (``choice``), or several (``choices``); ``none`` leaves the code as the only way. ``label`` asks
    for it, with its unit; ``labels`` says what each of ``choices`` is called. ``hints`` go from a
    nudge to almost the answer; ``solution`` is the worked way (Markdown), true for every parameter.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    answer: Literal["number", "text", "choice", "choices", "none"] = "number"
    label: str = ""
    choices: tuple[str, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
    hints: tuple[Sentence, ...] = Field(min_length=1, max_length=4)
    solution: Sentence

    @pydantic.model_validator(mode="after")
    def _can_be_answered(self) -> Exercise:
        chosen = self.answer in ("choice", "choices")
        if chosen != bool(self.choices) or (chosen and len(set(self.choices)) < 2):
            raise ValueError("choices belong to a choice, and are two or more different ones")
        if set(self.labels) - set(self.choices):
            raise ValueError("labels are for choices")
        if self.answer != "none" and not self.label.strip():
            raise ValueError("a label says what to answer")
        return self

    def called(self, choice: str) -> str:
        """Return what a choice is called.

        Examples
        --------
        >>> Exercise(id="q", answer="choice", label="どれ", choices=("a", "b"), labels={"a": "甲"},
        ...          hints=("h",), solution="s").called("a")
        '甲'
        """
        return self.labels.get(choice, choice)


class Task(Strict):
    """One thing to write on the printed worksheet.

    ``kind``: ``lines`` (ruled space, ``rows`` lines), ``table`` (``columns`` and ``rows``),
    ``checklist`` (``items``). ``cell`` names the notebook cell it belongs to.
    """

    title: str
    prompt: str = ""
    kind: Literal["lines", "table", "checklist"] = "lines"
    rows: int = Field(default=4, ge=1, le=20)
    columns: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    minutes: int | None = None
    cell: str = ""


class Spec(Strict):
    """The contents of ``workshop.toml``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    question: str
    summary: str
    minutes: int = Field(ge=10, le=240)
    principles: tuple[int, ...] = Field(min_length=1)
    audience: str
    objectives: tuple[str, ...] = Field(min_length=1)
    artefact: str
    groups: str = ""
    materials: tuple[str, ...] = ()
    when_late: tuple[str, ...] = ()
    languages: tuple[str, ...] = (SOURCE,)
    datasets: tuple[str, ...] = ()
    simulated: bool = False
    # How words are read, where the dictionaries are wrong: {"一日" = "いちにち"}.
    readings: dict[str, str] = Field(default_factory=dict)
    parameter: tuple[Parameter, ...] = ()
    quiz: tuple[Quiz, ...] = ()
    exercise: tuple[Exercise, ...] = ()
    worksheet: tuple[Task, ...] = ()

    @pydantic.model_validator(mode="after")
    def _principles_exist(self) -> Spec:
        if any(not 1 <= number <= 10 for number in self.principles):
            raise ValueError("principles are numbered 1 to 10")
        return self
