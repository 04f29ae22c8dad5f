"""Which cell of a notebook makes which name, and where in the notebook that is."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.language import SOURCE, Catalogue, say

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_NUMBERED = re.compile(r"(\d+)[.．、][ \t]*(.+)")
_MARKUP = re.compile(r"[*_`]+")
_ASSIGNED = re.compile(r"^([^\W\d]\w*)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
# Cells that are never in a participant's hands.
_NOT_GIVEN = frozenset(("facilitator", "solution", "slides"))


@dataclass(frozen=True)
class Place:
    """A cell, by its ``id`` and its ``number`` from the top; the headings it stands under."""

    cell: str
    number: int
    section: str = ""
    part: str = ""

    @property
    def text(self) -> str:
        """Where that is, in the reader's words.

        Examples
        --------
        >>> from kit.language import using
        >>> with using("ja"):
        ...     Place("the-difference", 30, "4. 差を測る", "差を手で計算する").text
        '4 章「差を測る」の「差を手で計算する」'
        """
        if not self.section:
            return say("はじめの部分")
        numbered = _NUMBERED.match(self.section)
        if numbered:
            section = say("{number} 章「{title}」", number=numbered[1], title=numbered[2])
        else:
            section = say("「{title}」", title=self.section)
        return (
            say("{section}の「{part}」", section=section, part=self.part) if self.part else section
        )


@dataclass(frozen=True)
class Notebook:
    """What a notebook says of itself.

    ``makers`` has, for each name that its code gives a value to, the cells that do; ``numbers``
    the place of each cell from the top; ``language`` and ``workshop`` come from its metadata.
    """

    makers: Mapping[str, tuple[Place, ...]]
    numbers: Mapping[str, int]
    language: str = ""
    workshop: str = ""


def read(path: Path | None, catalogue: Catalogue | None = None) -> Notebook | None:
    """Return what the notebook at `path` says of itself; None if it cannot be read.

    Parameters
    ----------
    path : pathlib.Path or None
        Also a notebook that a participant has cut down, or an empty file.
    catalogue : Catalogue, optional
        Translations of its headings.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path else None
        return _understood(content, catalogue or Catalogue(SOURCE)) if content else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _understood(content: Mapping[str, Any], catalogue: Catalogue) -> Notebook:
    makers: dict[str, tuple[Place, ...]] = {}
    numbers: dict[str, int] = {}
    section = part = ""
    for number, cell in enumerate(content["cells"]):
        id, source = str(cell.get("id", number)), "".join(cell["source"])
        numbers[id] = number
        if _NOT_GIVEN & set(cell.get("metadata", {}).get("tags", ())):
            continue
        if cell["cell_type"] == "markdown":
            for level, title in _HEADING.findall(source):
                block = f"{level} {title}"
                plain = _MARKUP.sub("", (catalogue.any(block) or block).lstrip("# "))
                if len(level) == 2:
                    section, part = plain, ""
                elif len(level) == 3:
                    part = plain
        elif cell["cell_type"] == "code":
            for name in names_made(source):
                makers[name] = (*makers.get(name, ()), Place(id, number, section, part))
    about = content.get("metadata", {}).get("kit", {})
    return Notebook(makers, numbers, str(about.get("language", "")), str(about.get("workshop", "")))


def names_made(source: str) -> list[str]:
    """Return the names that code gives a value to, each once, in order.

    Code that is not (yet) Python is read line by line.

    Examples
    --------
    >>> names_made("import pandas as pd\\nif True:\\n    a, b = 1, 2\\nprint(c := 3)")
    ['pd', 'a', 'b', 'c']
    >>> names_made("x = 1\\ny = (")
    ['x', 'y']
    """
    lines = ("pass" if line.startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return list(dict.fromkeys(_ASSIGNED.findall(source)))
    return list(dict.fromkeys(_made_in(tree)))


def _made_in(node: ast.AST) -> Iterator[str]:
    """Yield what is made below `node` at the level of the notebook: not inside functions."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.AnnAssign) and node.value is None:
        return
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _made_in(child)
