"""From a workshop folder to the sentences in it, and back with those sentences translated.

One message is one Markdown block, one ``lesson.text("…")`` literal, one Japanese comment line of
code, or one sentence of ``workshop.toml``. ``msgctxt`` is the cell id, ``workshop`` or ``checks``.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import nbformat

from kit.course import Workshop, texts
from kit.errors import CourseError
from kit.house import home
from kit.language import JAPANESE, LANGUAGES, SOURCE, Catalogue, say

Kind = Literal["markdown", "comment", "format", "text"]
_COMMENT = re.compile(r"^(\s*#\s?)(.*\S)\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


# What speaks to people in a class or before a page, and so is needed in every language; the rest
# of the kit speaks to whoever types commands.
_READ = (
    *("artefacts.py", "checks.py", "course.py", "edition.py", "language.py", "lessons.py"),
    *("outline.py", "places.py", "progress.py", "spec.py", "table.py"),
    *("ask/", "chart/", "design/", "evidence/", "publish/", "room/", "data/worlds/"),
    *(f"data/{name}.py" for name in ("about", "citation", "joining", "packages", "small")),
)


@dataclass(frozen=True)
class Message:
    """One thing to translate.

    Parameters
    ----------
    context : str
        Cell id, ``workshop`` or ``checks``; empty for the kit's own.
    source : str
        What it says in Japanese.
    where : str
        The file, and the cell after ``#``.
    line : int
        Of that file; 0 if it is not known.
    kind : {"markdown", "comment", "format", "text"}
        A block of a notebook, a comment of its code, a sentence with ``{name}`` in it, or one of
        ``workshop.toml``: how its markup is looked at.
    """

    context: str
    source: str
    where: str
    line: int = 0
    kind: Kind = "text"

    @property
    def reference(self) -> str:
        """The place as translators' tools open it: ``file:line``."""
        file = self.where.partition("#")[0]
        return f"{file}:{self.line}" if self.line else file


def blocks(markdown: str) -> list[str]:
    """Split Markdown at blank lines, fenced code kept whole.

    Examples
    --------
    >>> blocks("# 題\\n\\n一行目\\n二行目\\n\\n- 項目")
    ['# 題', '一行目\\n二行目', '- 項目']
    """
    found: list[list[str]] = [[]]
    fenced = False
    for line in markdown.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        if line.strip() or fenced:
            found[-1].append(line.rstrip())
        elif found[-1]:
            found.append([])
    return ["\n".join(block) for block in found if block]


def _literals(code: str, where: str) -> list[ast.Constant]:
    """Return the first argument of every ``….text("…")`` and ``….note("…")`` call, in order."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise CourseError(
            say("コードを読めません: {error}", error=error.msg), where=f"{where}: {error.lineno}"
        ) from None
    found = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("text", "note")
        and node.args
    ]
    constants = [
        node for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return sorted(constants, key=lambda node: (node.lineno, node.col_offset))


def messages(workshop: Workshop) -> list[Message]:
    """Return every message of `workshop` once a context, in reading order.

    Raises
    ------
    CourseError
        If the notebook cannot be read.
    """
    found: dict[tuple[str, str], Message] = {}
    place = f"workshops/{workshop.id}"

    def add(context: str, source: str, where: str, line: int, kind: Kind) -> None:
        if JAPANESE.search(source):
            message = Message(context, source, f"{place}/{where}", line, kind)
            found.setdefault((context, source), message)

    spec = (workshop.folder / "workshop.toml").read_text(encoding="utf-8").splitlines()
    for text in texts(workshop.spec.model_dump()):
        add("workshop", text, "workshop.toml", _line_of(text.strip().splitlines()[0], spec), "text")
    notebook = read_notebook(workshop.notebook_path)
    lines = _lines_of_cells(workshop.notebook_path)
    for cell in notebook.cells:
        where, line = f"workshop.ipynb#{cell.id}", lines.get(cell.id, 0)
        if cell.cell_type == "markdown":
            for block in blocks(cell.source):
                add(cell.id, block, where, line, "markdown")
        elif cell.cell_type == "code":
            for literal in _literals(cell.source, where):
                add(cell.id, str(literal.value), where, line, "format")
            if "parameters" not in cell.metadata.get("tags", []):
                for written in cell.source.splitlines():
                    if comment := _COMMENT.match(written):
                        add(cell.id, comment[2], where, line, "comment")
    checks = workshop.folder / "checks.py"
    if checks.exists():
        for literal in _literals(checks.read_text(encoding="utf-8"), "checks.py"):
            add("checks", str(literal.value), "checks.py", literal.lineno, "format")
    return list(found.values())


def _line_of(words: str, lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines, start=1) if words in line), 0)


def _lines_of_cells(path: Path) -> Mapping[str, int]:
    """Return the line of the file on which each cell says its id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    ids = ((re.match(r'\s*"id": "([^"]+)"', line), at) for at, line in enumerate(lines, start=1))
    return {found[1]: at for found, at in ids if found}


def translate(cell: nbformat.NotebookNode, catalogue: Catalogue) -> str:
    """Return the source of `cell` in the catalogue's language.

    Markdown is translated block by block; of code, the comments and the sentences given to
    ``lesson.text``, so that a reader of the code understands it. What has no finished translation
    stays as it is; a block of Markdown says that it is Japanese, for whoever has it read aloud.
    """
    if cell.cell_type == "markdown":
        return "\n\n".join(_block(cell.id, block, catalogue) for block in blocks(cell.source))
    lines = []
    for line in _with_sentences(cell, catalogue).splitlines():
        comment = _COMMENT.match(line)
        translation = catalogue.get(cell.id, comment[2]) if comment else None
        lines.append(f"{comment[1]}{translation}" if comment and translation else line)
    return "\n".join(lines)


def _block(context: str, source: str, catalogue: Catalogue) -> str:
    translation = catalogue.get(context, source)
    if translation or not JAPANESE.search(source) or catalogue.language == SOURCE:
        return translation or source
    # Blank lines, or CommonMark would take the block for HTML.
    return f'<div lang="{SOURCE}">\n\n{source}\n\n</div>'


def _with_sentences(cell: nbformat.NotebookNode, catalogue: Catalogue) -> str:
    # Positions of the syntax tree count UTF-8 bytes, and later ones stay true while we go up.
    lines = [line.encode() for line in cell.source.splitlines(keepends=True)]
    for literal in reversed(_literals(cell.source, cell.id)):
        translation = catalogue.get(cell.id, str(literal.value))
        if translation is None:
            continue
        assert literal.end_lineno is not None and literal.end_col_offset is not None
        first, last = literal.lineno - 1, literal.end_lineno - 1
        before = lines[first][: literal.col_offset]
        after = lines[last][literal.end_col_offset :]
        lines[first : last + 1] = [before + _quoted(translation).encode() + after]
    return b"".join(lines).decode()


def _quoted(text: str) -> str:
    """Return `text` as a Python literal that a person can read."""
    if "\n" in text and '"""' not in text and "\\" not in text and not text.endswith('"'):
        return f'"""{text}"""'
    return json.dumps(text, ensure_ascii=False)


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read and validate a notebook of version 4.5.

    Raises
    ------
    CourseError
        If it is missing, not a notebook, or not valid.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        raise CourseError(say("ノートブックがありません。"), where=str(path)) from None
    except Exception as error:
        # nbformat raises many kinds for a broken file; all mean the same to an author.
        raise CourseError(
            say("ノートブックが壊れています: {error}", error=str(error).splitlines()[0]),
            where=str(path),
            hint=say("git で前の版にもどすか、JupyterLab で開いて保存しなおしてください。"),
        ) from None
    return notebook


@dataclass(frozen=True)
class Progress:
    """How far a translation is: messages in all, missing ones, stale ones (source changed)."""

    language: str
    total: int
    missing: tuple[Message, ...]
    stale: tuple[Message, ...]


def compare(translated: Catalogue, wanted: list[Message]) -> Progress:
    """Say how much of `wanted` the catalogue holds."""
    absent = [m for m in wanted if translated.get(m.context, m.source) is None]
    stale = tuple(m for m in absent if (m.context, m.source) in translated.stale)
    missing = tuple(m for m in absent if m not in stale)
    return Progress(translated.language, len(wanted), missing, stale)


def own_messages(language: str | None = None) -> list[Message]:
    """Return every ``say("…")`` literal of the kit's own code and of the workshops' checks.

    Parameters
    ----------
    language : str, optional
        Only those it needs: a language that the commands do not speak needs what readers see.
    """
    readers_only = language is not None and not LANGUAGES[language].studio
    found: dict[str, Message] = {}
    kit = home() / "kit"
    checks = sorted((home() / "workshops").glob("*/checks.py"))
    for path in [*sorted(kit.rglob("*.py")), *checks]:
        where = path.relative_to(home()).as_posix()
        if readers_only and path not in checks and not where[4:].startswith(_READ):
            continue
        for source, line in _said(path, path.stat().st_mtime_ns):
            found.setdefault(source, Message("", source, where, line, "format"))
    return list(found.values())


@lru_cache(maxsize=1024)
def _said(path: Path, seen: int) -> tuple[tuple[str, int], ...]:
    """Return each ``say("…")`` literal of a file with its line, once for each state of it."""
    code = path.read_text(encoding="utf-8")
    return tuple(
        (node.args[0].value, node.lineno)
        for node in ast.walk(ast.parse(code) if "say(" in code else ast.Module([], []))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and not node.args[0].value.isascii()
    )
