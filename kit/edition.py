"""One source notebook → the editions a class is given; no answer leaks into the participant's."""

from __future__ import annotations

import ast
import copy
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2
import jinja2.sandbox
import nbformat
from nbformat import NotebookNode

from kit import places
from kit.catalogue import blocks, read_notebook, translate
from kit.course import Workshop
from kit.errors import CourseError
from kit.language import SOURCE, say, using
from kit.markdown import escape
from kit.publish import ruby
from kit.spec import Spec
from kit.translation.books import usable

if TYPE_CHECKING:
    from kit.publish.material import Material

EDITIONS = ("participant", "facilitator")
_SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)# BEGIN SOLUTION[ \t]*\n(?P<code>.*?)^[ \t]*# END SOLUTION[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


def tags(cell: NotebookNode) -> frozenset[str]:
    """Return the tags of a cell."""
    return frozenset(cell.metadata.get("tags", ()))


def prepare(workshop: Workshop, language: str, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return the workshop's notebook in `language`, its parameters and texts filled in.

    Parameters
    ----------
    workshop : Workshop
        Whose notebook.
    language : str
        Blocks without a finished translation stay Japanese, and say so; how many sentences do is
        noted as ``fallback`` in the notebook's metadata.
    parameters : mapping
        A full, validated set (see :meth:`kit.course.Workshop.validate`).

    Raises
    ------
    CourseError
        If a text asks for a value that does not exist.
    KitError
        If a catalogue of `language` is missing or damaged.
    """
    fallback = usable(workshop, language)
    notebook = copy.deepcopy(read_notebook(workshop.notebook_path))
    catalogue = workshop.catalogue(language)
    spec = workshop.localised(language)
    with using(language):
        values = _text_values(spec, parameters)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if "parameters" in tags(cell):
                cell.source = parameters_source(spec, parameters, language)
                continue
            if language != SOURCE:
                cell.source = translate(cell, catalogue)
            if cell.cell_type == "markdown":
                cell.source = _fill(cell.source, values, where=f"{workshop.id}#{cell.id}")
            if "hide-input" in tags(cell):
                cell.metadata.setdefault("jupyter", {})["source_hidden"] = True
    notebook.metadata["title"] = spec.title
    notebook.metadata["kit"] = {"workshop": workshop.id, "language": language}
    if fallback:
        notebook.metadata["kit"]["fallback"] = fallback
    return notebook


def parameters_source(spec: Spec, parameters: Mapping[str, Any], language: str) -> str:
    """Return the code of the ``parameters`` cell with these values, readable in any language.

    Papermill's own translator would write Japanese as ``\\u6c5f…``.
    """
    kinds = {"int": "int", "float": "float"}
    lines = []
    for parameter in spec.parameter:
        value = parameters[parameter.name]
        help = parameter.label
        if parameter.type in ("municipality", "choice"):
            help = f"{parameter.label}: {parameter.shown(value)}"
        elif parameter.unit:
            help = f"{parameter.label} ({parameter.unit})"
        kind = kinds.get(parameter.type, "str")
        lines.append(f"{parameter.name}: {kind} = {_literal(value)}  # {help}")
    lines.append(f"language: str = {_literal(language)}  # {say('言語')}")
    return "\n".join(lines)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def _text_values(spec: Spec, parameters: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    values: dict[str, Any] = {"p": SimpleNamespace(), "workshop": SimpleNamespace()}
    for parameter in spec.parameter:
        value = parameters[parameter.name]
        if parameter.type == "municipality":
            town = places.find(value)
            names = {k: escape(getattr(town, k)) for k in ("name", "name_ja", "name_en", "kana")}
            values["municipality"] = SimpleNamespace(code=town.code, **names)
        shown[parameter.name] = escape(value) if isinstance(value, str) else value
    values["p"] = SimpleNamespace(**shown)
    values["workshop"] = SimpleNamespace(
        title=escape(spec.title), minutes=spec.minutes, id=spec.id, question=escape(spec.question)
    )
    return values


_templates = jinja2.sandbox.SandboxedEnvironment(
    undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
)


def _fill(source: str, values: Mapping[str, Any], *, where: str) -> str:
    if "{{" not in source and "{%" not in source:
        return source
    try:
        return _templates.from_string(source).render(values)
    except jinja2.TemplateError as error:
        raise CourseError(
            say("文の中の {{{{ … }}}} を埋められません: {error}", error=error.message),
            where=where,
            hint=say("使える名前: {names}", names="municipality, p, workshop"),
        ) from None


def participant(prepared: NotebookNode, language: str) -> NotebookNode:
    """Return the participant's edition: stubs for solutions, no facilitator's notes.

    A stub gives each name that the solution would have defined the value ``...``, so that
    "Run all" goes through and a check can say that nothing is written yet.
    """
    notebook = copy.deepcopy(prepared)
    notebook.cells = [c for c in notebook.cells if not tags(c) & {"facilitator", "solution"}]
    with using(language):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = _SOLUTION.sub(_stub, cell.source)
    return notebook


def facilitator(prepared: NotebookNode) -> NotebookNode:
    """Return the facilitator's edition: everything, in the order of the class."""
    return copy.deepcopy(prepared)


def _stub(match: re.Match[str]) -> str:
    indent, code = match["indent"], textwrap.dedent(match["code"])
    names: dict[str, None] = {}
    for node in ast.parse(code).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            names.update((part.id, None) for part in ast.walk(target) if isinstance(part, ast.Name))
    lines = [f"# {say('ここに書きます（... を書きかえてください）')}"]
    lines.extend([f"{name} = ..." for name in names] or ["..."])
    return "\n".join(indent + line for line in lines)


def deliver(
    notebook: NotebookNode, *, outputs: bool, readings: Mapping[str, str] | None = None
) -> NotebookNode:
    """Return a notebook as it is handed out: without slide-only cells and tidy of run metadata.

    Given a workshop's own `readings` of words, it gets furigana if the current language wants it.
    """
    handed = copy.deepcopy(notebook)
    handed.cells = [c for c in handed.cells if "slides" not in tags(c)]
    for cell in handed.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code" and not outputs:
            cell.outputs, cell.execution_count = [], None
    handed.metadata.pop("papermill", None)
    if not outputs:
        handed.metadata.pop("widgets", None)
    if readings is not None:
        ruby.in_cells(handed, readings)
    return handed


def participant_file(material: Material) -> str:
    """Return the notebook a participant opens, nothing run yet."""
    return write(deliver(material.participant, outputs=False, readings=material.spec.readings))


def facilitator_file(material: Material) -> str:
    """Return the notebook of the facilitator, run, with the answers."""
    return write(deliver(material.facilitator, outputs=True, readings=material.spec.readings))


@dataclass(frozen=True)
class Secret:
    """Something only the facilitator may see: where it stands and what it says."""

    cell_id: str
    text: str


def secrets(prepared: NotebookNode) -> Iterator[Secret]:
    """Yield the facilitator's notes and the lines of every solution."""
    for cell in prepared.cells:
        if tags(cell) & {"facilitator", "solution"}:
            parts = blocks(cell.source) if cell.cell_type == "markdown" else [cell.source]
            for part in parts:
                yield Secret(cell.id, part.strip())
        elif cell.cell_type == "code":
            for match in _SOLUTION.finditer(cell.source):
                for line in match["code"].splitlines():
                    if line.strip():
                        yield Secret(cell.id, line.strip())


def leaks(prepared: NotebookNode, text: str) -> list[Secret]:
    """Return the secrets of `prepared` that can be read in `text`.

    A line that the participant's own edition also has (an import, a display) is no secret.
    """
    open_lines = {
        line.strip()
        for cell in participant(prepared, SOURCE).cells
        for line in cell.source.splitlines()
    }
    return [
        secret
        for secret in secrets(prepared)
        if len(secret.text) >= 8 and secret.text not in open_lines and secret.text in text
    ]


def write(notebook: NotebookNode) -> str:
    """Return a notebook as text, valid and with Japanese as it is.

    Raises
    ------
    CourseError
        If it is not a valid notebook.
    """
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise CourseError(say("ノートブックが壊れています: {error}", error=error.message)) from None
    return str(nbformat.writes(notebook)) + "\n"
