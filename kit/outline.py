"""The sections of a notebook, and which of them a cell belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import CourseError
from kit.language import say

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """One stretch of the class: ``minutes`` long, from ``start`` to ``end`` minutes after its
    beginning; ``skip`` marks what may be left out when late."""

    title: str
    minutes: int
    start: int
    end: int
    skip: bool
    cell_id: str


def agenda(cells: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Return the sections that carry minutes, in order.

    Parameters
    ----------
    cells : iterable of mapping
        A notebook's cells.

    Raises
    ------
    CourseError
        If a cell with minutes has no heading.

    Examples
    --------
    >>> cell = {"id": "a", "source": "## 測る", "metadata": {"workshop": {"minutes": 5}}}
    >>> [(section.title, section.end) for section in agenda([cell])]
    [('測る', 5)]
    """
    sections: list[Section] = []
    clock = 0
    for cell in cells:
        meta = cell["metadata"].get("workshop", {})
        if "minutes" not in meta:
            continue
        heading = _HEADING.search("".join(cell["source"]))
        if heading is None:
            raise CourseError(say("分の書かれたセルに見出しがありません。"), where=f"#{cell['id']}")
        minutes = int(meta["minutes"])
        sections.append(
            Section(
                heading[1], minutes, clock, clock + minutes, bool(meta.get("skip")), str(cell["id"])
            )
        )
        clock += minutes
    return sections


@cache
def sections_of_cells(path: Path) -> Mapping[str, str]:
    """Return for each cell id the id of the cell that begins its section.

    Cells before the first section belong to none. A notebook that cannot be read has no sections:
    a class goes on without them.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found: dict[str, str] = {}
        section = ""
        for cell in cells:
            if "minutes" in cell["metadata"].get("workshop", {}):
                section = cell["id"]
            if section:
                found[cell["id"]] = section
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return found
