"""Errors a person can act on: what was wrong, where, and what to do next."""

from __future__ import annotations


class KitError(Exception):
    """Something the person at the keyboard can put right.

    Parameters
    ----------
    message : str
        What was wrong, already in the reader's language (see :func:`kit.language.say`).
    where : str, optional
        File, cell, key or parameter where it was wrong.
    hint : str, optional
        What to do next.

    Examples
    --------
    >>> print(KitError("no such town", where="class.toml: municipality", hint="try 13201"))
    no such town
      class.toml: municipality
      → try 13201
    """

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.message]
        if self.where:
            lines.append(f"  {self.where}")
        if self.hint:
            lines.append(f"  → {self.hint}")
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: a learner sees the sentence, not twenty frames of our code.
        return str(self).splitlines()


class CourseError(KitError):
    """A workshop, programme or notebook that does not keep the house rules."""


class ParameterError(KitError):
    """A parameter that is unknown, of the wrong type, or out of range."""


class PlaceError(ParameterError):
    """A municipality nobody can mean."""


class LimitError(ParameterError):
    """A number that is allowed in general, but not in this municipality."""


class DataError(KitError):
    """A data package that is missing, damaged, or does not hold what was asked for."""


class LanguageError(KitError):
    """A language the workshop is not written in, or a catalogue that cannot be read."""


class RunError(KitError):
    """A run that did not go through: which cell, with which parameters."""


class Problems(KitError):
    """Several mistakes, told together.

    Parameters
    ----------
    message : str
        What was being looked at.
    problems : list of KitError
        Each mistake; all are shown.
    """

    def __init__(self, message: str, problems: list[KitError]) -> None:
        super().__init__(message)
        self.problems = problems

    def __str__(self) -> str:
        parts = [self.message]
        for number, problem in enumerate(self.problems, start=1):
            first, *rest = str(problem).splitlines()
            parts.append(f"{number}. {first}")
            parts.extend(f"   {line}" for line in rest)
        return "\n".join(parts)
