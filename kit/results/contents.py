"""What a workshop's notebook holds that its answer files only name: sections, exercises, prompts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kit import edition, outline
from kit.course import Workshop
from kit.markdown import plain
from kit.outline import Section

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
_MARKS = re.compile(r"[*_`]")
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]$")  # how to write an answer, after what is asked


@dataclass(frozen=True)
class Contents:
    """The parts of a workshop by the names its answer files give them.

    Parameters
    ----------
    sections : tuple of Section
        With the minutes planned for each.
    exercises : mapping of str to str
        Name of a check → what it asks for, or the heading it stands under. In the order of the
        class.
    prompts : mapping of str to str
        Id of a reflection → what was asked.
    """

    sections: tuple[Section, ...]
    exercises: Mapping[str, str]
    prompts: Mapping[str, str]


def contents(workshop: Workshop, language: str) -> Contents:
    """Return what `workshop` holds, in `language`.

    Raises
    ------
    CourseError, LanguageError
        If its notebook or its catalogue cannot be read.

    Examples
    --------
    >>> from kit.course import workshop
    >>> found = contents(workshop("journey-time"), "ja")
    >>> sum(section.minutes for section in found.sections), list(found.exercises)[0]
    (90, 'outside')
    """
    parameters = workshop.validate({}, language=language)
    notebook = edition.prepare(workshop, language, parameters)
    asked_for = {item.id: item.label for item in workshop.localised(language).exercise}
    exercises: dict[str, str] = {}
    prompts: dict[str, str] = {}
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = [heading, *_HEADING.findall(cell.source)][-1]
        elif cell.cell_type == "code":
            for verb, name, asked in _calls(cell.source):
                if verb == "check":
                    label = _BRACKETS.sub("", asked_for.get(name, ""))
                    exercises.setdefault(name, label or title(heading))
                else:
                    prompts.setdefault(name, asked or title(heading))
    return Contents(tuple(outline.agenda(notebook.cells)), _apart(exercises), prompts)


def title(heading: str) -> str:
    """Return a heading without its marks.

    Examples
    --------
    >>> title("**差**を &#60;手&#62; で")
    '差を <手> で'
    """
    return plain(_MARKS.sub("", heading))


def _apart(exercises: Mapping[str, str]) -> dict[str, str]:
    """Return the exercises with their names added where two stand under one heading."""
    titles = list(exercises.values())
    return {
        name: f"{title} ({name})" if titles.count(title) > 1 else title
        for name, title in exercises.items()
    }


def _calls(code: str) -> Iterator[tuple[str, str, str]]:
    """Yield each ``check`` and ``reflect`` with its name and what it asks, as the class meets them."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a cell with a magic command
        return
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("check", "reflect")
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        name, asked, *_ = [*map(_literal, arguments), "", ""]
        if name:
            yield call.func.attr, name, asked  # type: ignore[attr-defined]


def _literal(node: ast.expr) -> str:
    """Return the string a node is, or the one given to its ``….text("…")``; else nothing."""
    if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
        node = node.args[0] if node.func.attr == "text" else node
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
