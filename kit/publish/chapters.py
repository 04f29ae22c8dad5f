"""An executed notebook, cut into the sections of the class: what its printed forms are laid out from."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.errors import CourseError
from kit.language import say
from kit.publish import outputs
from kit.publish.nodes import Node, inline, markdown, plain
from kit.publish.prose import Outline

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from kit.outline import Section
    from kit.publish.material import Material

Data = dict[str, Any]

_SETTINGS = re.compile(r"\blesson\.controls\(")
_UNSEEN = frozenset(("slides", "remove-cell", "parameters", "injected-parameters"))


class Chapters(ABC):
    """A walk through a notebook, cell by cell.

    A form says what it does with prose and with code (:meth:`prose`, :meth:`code`); what it makes
    of them ends up in `opening`, before the first section, and in `sections`.

    Parameters
    ----------
    material : Material
        One executed run.
    notebook : NotebookNode
        The edition to walk through.

    Raises
    ------
    CourseError
        Naming the cell whose formula or chart cannot be set.
    """

    def __init__(self, material: Material, notebook: NotebookNode) -> None:
        self.material = material
        self.opening: list[Node] = []
        self.sections: list[Data] = []
        self._tasks = {
            task.cell: (number, task.title)
            for number, task in enumerate(material.spec.worksheet, start=1)
            if task.cell
        }
        # The same numbers in every edition.
        self.numbers = numbers(material.participant)
        agenda = {section.cell_id: section for section in material.agenda}
        here, outline = self.opening, Outline(top=2)
        for cell in notebook.cells:
            name = str(cell.get("id"))
            opens = agenda.get(name)
            if opens is not None:
                self.sections.append(self._section(opens))
                here, outline = self.sections[-1]["blocks"], Outline(top=3)
            try:
                self._add(cell, here, outline, opens)
                if name in self._tasks:
                    self.turn_to_worksheet(*self._tasks[name], here)
            except CourseError as error:
                where = f"{material.spec.id}#{name}"
                error.where = f"{where}: {error.where}" if error.where else where
                raise

    @abstractmethod
    def prose(self, nodes: Sequence[Node], tags: frozenset[str], here: list[Node]) -> None:
        """Take the blocks of a Markdown cell."""

    @abstractmethod
    def code(self, cell: NotebookNode, tags: frozenset[str], here: list[Node]) -> None:
        """Take a code cell."""

    def turn_to_worksheet(self, number: int, title: str, here: list[Node]) -> None:
        """Say where the class turns to the printed worksheet."""
        name = say("ワークシート {number}", number=number)
        text = f"{name}: {plain(inline(title))}"
        here.append({"kind": "pointer", "text": text, "target": "tasks"})

    def _section(self, section: Section) -> Data:
        clock = self.material.clock
        return {
            "title": plain(inline(section.title)),
            "time": f"{clock(section.start)}–{clock(section.end)}",
            "minutes": str(section.minutes),
            "length": say("{minutes} 分", minutes=section.minutes),
            "skip": section.skip,
            "label": f"section-{section.cell_id}",
            "doing": "",
            "point": [],
            "blocks": [],
        }

    def _add(
        self, cell: NotebookNode, here: list[Node], outline: Outline, opens: Section | None
    ) -> None:
        tags = frozenset(cell.metadata.get("tags", ()))
        if tags & _UNSEEN:
            return
        if cell.cell_type == "markdown":
            nodes = markdown(cell.source, attachments=cell.get("attachments"))
            if "facilitator" not in tags:
                nodes = _levelled(_without_title(nodes, opens), outline)
            self.prose(nodes, tags, here)
        elif cell.cell_type == "code":
            self.code(cell, tags, here)


def shown(cell: NotebookNode) -> list[Node]:
    """Return what a code cell put out; a sheet tells the settings in its own way."""
    return [] if _SETTINGS.search(cell.source) else outputs.cell(cell)


def numbers(notebook: NotebookNode) -> dict[str, int]:
    """Return the numbers of the exercises, by cell id.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cell = new_code_cell("x = ...", id="try-it", metadata={"tags": ["exercise"]})
    >>> numbers(new_notebook(cells=[cell]))
    {'try-it': 1}
    """
    asked = (cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", ()))
    return {str(cell.id): number for number, cell in enumerate(asked, start=1)}


def _without_title(nodes: list[Node], opens: Section | None) -> Sequence[Node]:
    """Leave out the notebook's title, and the heading the sheet already has for the section."""
    top = 2 if opens else 1
    return [node for node in nodes if not (node["kind"] == "heading" and node["level"] <= top)]


def _levelled(nodes: Sequence[Node], outline: Outline) -> list[Node]:
    """Fit headings into the sheet, no level left out, as PDF/UA asks."""
    return [
        node | {"level": outline.level(node["level"])} if node["kind"] == "heading" else node
        for node in nodes
    ]
