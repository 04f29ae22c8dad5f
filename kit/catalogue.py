"""From a workshop folder to the sentences in it, and back with those sentences translated.

One message is one Markdown block, one ``lesson.text("…")`` literal, one Japanese comment line of
code, or one sentence of ``workshop.toml``. ``msgctxt`` is the cell id, ``workshop`` or ``checks``.
"""

from __future__ import annotations

import ast
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from kit.course import Workshop, texts
from kit.errors import CourseError, LanguageError
from kit.files import write_whole
from kit.house import home
from kit.language import Catalogue, say

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff01-\uff5e々〆ヶ]")
_COMMENT = re.compile(r"^(\s*#\s?)(.*\S)\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


@dataclass(frozen=True)
class Message:
    """One thing to translate: where it stands (``context``, ``where``) and what it says."""

    context: str
    source: str
    where: str


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

    def add(context: str, source: str, where: str) -> None:
        if JAPANESE.search(source):
            found.setdefault((context, source), Message(context, source, where))

    for text in texts(workshop.spec.model_dump()):
        add("workshop", text, "workshop.toml")
    for cell in read_notebook(workshop.notebook_path).cells:
        where = f"workshop.ipynb#{cell.id}"
        if cell.cell_type == "markdown":
            for block in blocks(cell.source):
                add(cell.id, block, where)
        elif cell.cell_type == "code":
            for literal in _literals(cell.source, where):
                add(cell.id, str(literal.value), where)
            if "parameters" not in cell.metadata.get("tags", []):
                for line in cell.source.splitlines():
                    if (comment := _COMMENT.match(line)) and JAPANESE.search(comment[2]):
                        add(cell.id, comment[2], where)
    checks = workshop.folder / "checks.py"
    if checks.exists():
        for literal in _literals(checks.read_text(encoding="utf-8"), "checks.py"):
            add("checks", str(literal.value), "checks.py")
    return list(found.values())


def translate(cell: nbformat.NotebookNode, catalogue: Catalogue) -> str:
    """Return the source of `cell` in the catalogue's language.

    Markdown is translated block by block; of code, the comments and the sentences given to
    ``lesson.text``, so that a reader of the code understands it. What has no finished translation
    stays as it is.
    """
    if cell.cell_type == "markdown":
        return "\n\n".join(catalogue.get(cell.id, b) or b for b in blocks(cell.source))
    lines = []
    for line in _with_sentences(cell, catalogue).splitlines():
        comment = _COMMENT.match(line)
        translation = catalogue.get(cell.id, comment[2]) if comment else None
        lines.append(f"{comment[1]}{translation}" if comment and translation else line)
    return "\n".join(lines)


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


def progress(workshop: Workshop, language: str) -> Progress:
    """Compare a workshop's messages with its catalogue of `language`."""
    return compare(workshop.catalogue(language), messages(workshop))


def update(path: Path, language: str, wanted: list[Message], *, project: str) -> None:
    """Write the catalogue at `path` so that it holds exactly the messages `wanted`.

    Finished translations are kept; those of a changed sentence are kept as fuzzy; those of a
    removed sentence become obsolete. A catalogue that does not exist is begun.

    Raises
    ------
    LanguageError
        If the existing file cannot be read as a catalogue; it is left as it is.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    template = Catalog(project=project, charset="utf-8", fuzzy=False)
    for message in wanted:
        template.add(
            message.source, context=message.context or None, locations=[(message.where, 0)]
        )
    locale = language.split("-", maxsplit=1)[0]
    existing = Catalog(locale=locale, project=project, charset="utf-8", fuzzy=False)
    if path.exists():
        try:
            existing = read_po(io.BytesIO(path.read_bytes()), locale=locale, abort_invalid=True)
        except Exception as error:
            raise LanguageError(
                say("翻訳ファイルを読めません: {error}", error=error), where=str(path)
            ) from None
    existing.fuzzy = False
    existing.update(template, update_creation_date=False)
    text = io.BytesIO()
    write_po(text, existing, width=0, sort_output=False, include_lineno=False)
    write_whole(path, text.getvalue())


def own_messages() -> list[Message]:
    """Return every ``say("…")`` literal of the kit's own code and of the workshops' checks."""
    found: dict[str, Message] = {}
    checks = (home() / "workshops").glob("*/checks.py")
    for path in [*sorted((home() / "kit").rglob("*.py")), *sorted(checks)]:
        where = path.relative_to(home()).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
                and not node.args[0].value.isascii()
            ):
                found.setdefault(node.args[0].value, Message("", node.args[0].value, where))
    return list(found.values())
