"""A mistake met in the room, and what to tell about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from kit.room.cells import Notebook, Place

# What a kernel holds without anybody having made it, and what everybody may use.
_SHELL = frozenset(("In", "Out", "exit", "quit", "get_ipython", "open"))
_COMMON = ("True", "False", "None", "print", "len", "sum", "round", "max", "min", "display")


@dataclass(frozen=True)
class Advice:
    """What to tell: one sentence about what happened, and the next steps."""

    said: str
    steps: tuple[str, ...] = ()
    state: Literal["not-yet", "fault"] = "not-yet"


@dataclass(frozen=True)
class Mistake:
    """An error, and what can be known about where it was made.

    Parameters
    ----------
    error : BaseException
        What was raised.
    number, line : int, str
        Of the participant's code; 0 and nothing if it is not known.
    statement : str
        The whole statement that line belongs to.
    own : bool
        Whether it was raised by the participant's own line, not by something that line called.
    cell : str
        The id of the cell that ran.
    names : mapping
        What the kernel holds.
    notebook, original : Notebook, optional
        The participant's, and the workshop's own.
    """

    error: BaseException
    number: int = 0
    line: str = ""
    statement: str = ""
    own: bool = True
    cell: str = ""
    names: Mapping[str, Any] = field(default_factory=dict)
    notebook: Notebook | None = None
    original: Notebook | None = None

    def makers(self, name: str) -> tuple[Place, ...]:
        """Return the cells of the participant's notebook, or else the original's, that make `name`."""
        book = self.notebook or self.original
        return book.makers.get(name, ()) if book else ()

    def known_names(self) -> list[str]:
        """Return every name that somebody might have meant."""
        books = [book.makers for book in (self.notebook, self.original) if book]
        held = [n for n in self.names if not n.startswith("_") and n not in _SHELL]
        return list(dict.fromkeys([*held, *(name for book in books for name in book), *_COMMON]))

    def names_in_statement(self) -> list[str]:
        """Return the names that the failing statement uses, in order."""
        try:
            nodes = ast.walk(ast.parse(self.statement.strip() or self.line.strip()))
        except (SyntaxError, ValueError):
            return re.findall(r"[^\W\d]\w*", self.line)
        found = [n for n in nodes if isinstance(n, ast.Name)]
        return [n.id for n in sorted(found, key=lambda n: (n.lineno, n.col_offset))]


def nearest(word: str, candidates: list[str]) -> str | None:
    """Return the candidate that somebody who wrote `word` most likely meant, or None.

    Examples
    --------
    >>> nearest("Reslt", ["result", "rest"]), nearest("x", ["result"])
    ('result', None)
    """
    same = [one for one in candidates if one.casefold() == word.casefold() and one != word]
    if same:
        return same[0]
    found = get_close_matches(word, [one for one in candidates if one != word], n=1, cutoff=0.72)
    return found[0] if found else None
