"""Executed notebook → the pieces a page, a deck or any other HTML form is laid out from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup
from nbformat import NotebookNode

from kit.errors import CourseError
from kit.language import say
from kit.publish import drawing, ink, prose
from kit.publish.clean import clean
from kit.publish.figures import Figure, Room

VEGA = "application/vnd.vega.v5+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
_VEGA_SVG = re.compile(r'<svg\b[^>]*class="marks".*?</svg>', re.DOTALL)
_DARK_INK = re.compile(r'style="(?:[^"]*;)?color:#(?!fff\b)', re.IGNORECASE)
_ANSWER = re.compile(
    r'<i class="c"># BEGIN SOLUTION</i>\n(.*?)\n[ \t]*<i class="c"># END SOLUTION</i>\n?',
    re.DOTALL,
)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NEVER = frozenset(("remove-cell",))
# The page tells these settings in words; their code says nothing more to a reader.
_MACHINERY = frozenset(("parameters", "injected-parameters", "quiz"))
_LONG = 12  # lines
_SUBHEADING = re.compile(r"\s*<h[3-6]\b")
_TITLE = re.compile(r"\A\s*#[ \t][^\n]*\n?")
_ROLES = {
    "facilitator": "note",
    "solution": "solution",
    "exercise": "try",
    "check": "try",
    "discussion": "talk",
    "quiz": "quiz",
}


@dataclass(frozen=True)
class Part:
    """One thing to show: ``prose``, ``code``, ``chart``, ``output``, ``image``, ``stream`` or
    ``error``; ``folded`` is shown only when asked for; ``title`` is a chart's, and
    ``redraw`` gives the chart laid out for a room."""

    kind: str
    html: Markup
    folded: bool = False
    title: str = ""
    redraw: Callable[[Room], Markup] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Piece:
    """One cell as a form shows it.

    ``role`` says what a reader does with it: ``read``, ``try``, ``talk``, ``quiz``, ``note`` (the
    facilitator's) or ``solution``. ``slide`` is its slide type, ``""`` if it is on no slide.
    ``opens`` marks the beginning of a section, ``titles`` what stood below the notebook's title.
    """

    id: str
    role: str
    parts: tuple[Part, ...]
    slide: str = ""
    opens: bool = False
    titles: bool = False


@dataclass(frozen=True)
class Group:
    """Neighbouring pieces of one role."""

    role: str
    pieces: tuple[Piece, ...]


def pieces(notebook: NotebookNode, outline: prose.Outline, *, slides: bool = False) -> list[Piece]:
    """Return what a form shows of `notebook`, cell by cell.

    Parameters
    ----------
    notebook : NotebookNode
        An executed edition.
    outline : Outline
        Grows by every heading, in order.
    slides : bool
        For a deck: only cells with a slide type, code without a fold. Otherwise slide-only cells
        are left out.

    Raises
    ------
    CourseError
        Naming the cell whose text or chart cannot be shown.
    """
    found: list[Piece] = []
    for number, cell in enumerate(notebook.cells):
        tags = frozenset(cell.metadata.get("tags", ()))
        slide = str(cell.metadata.get("slideshow", {}).get("slide_type", ""))
        wanted = slide in ("slide", "subslide", "fragment", "-") if slides else "slides" not in tags
        if tags & _NEVER or not wanted:
            continue
        name = str(cell.get("id", f"cell-{number + 1}"))
        before = len(outline.headings)
        try:
            parts = tuple(_parts(cell, name, tags, outline))
        except CourseError as error:
            error.where = f"#{name}" + (f": {error.where}" if error.where else "")
            raise
        if not parts:
            continue
        opens = any(heading.level <= 2 for heading in outline.headings[before:])
        titles = cell.cell_type == "markdown" and bool(_TITLE.match(cell.source))
        role = next((_ROLES[tag] for tag in _ROLES if tag in tags), "read")
        found.append(Piece(name, role, parts, slide, opens, titles))
    return _with_instructions(found)


def _with_instructions(found: list[Piece]) -> list[Piece]:
    """Give the words that introduce a task, under a heading of their own, to the task."""
    for at, (piece, task) in enumerate(pairwise(found)):
        introduces = _SUBHEADING.match(piece.parts[0].html) and task.parts[0].kind == "code"
        if piece.role == "read" and task.role == "try" and introduces and not piece.opens:
            found[at] = replace(piece, role="try")
    return found


def groups(found: Sequence[Piece]) -> list[Group]:
    """Return neighbouring pieces of one role together; a heading begins a task of its own."""
    gathered: list[list[Piece]] = []
    for piece in found:
        begins = piece.opens or (piece.role != "read" and _SUBHEADING.match(piece.parts[0].html))
        if gathered and gathered[-1][-1].role == piece.role and not begins:
            gathered[-1].append(piece)
        else:
            gathered.append([piece])
    return [Group(run[0].role, tuple(run)) for run in gathered]


def _parts(
    cell: NotebookNode,
    name: str,
    tags: frozenset[str],
    outline: prose.Outline,
) -> Iterator[Part]:
    if cell.cell_type == "markdown":
        attachments = cell.get("attachments")
        # The form has its own title: the notebook's is not said again.
        source = _TITLE.sub("", cell.source)
        text = prose.html(source, outline=outline, anchor=name, attachments=attachments)
        if text.strip():
            yield Part("prose", text)
        return
    if cell.cell_type != "code":
        return
    shown = [
        part
        for number, output in enumerate(_joined(cell.outputs))
        for part in show(output, prefix=f"{name}-{number + 1}-", outline=outline)
    ]
    source = cell.source.strip("\n")
    # Long code that nobody is asked to write is out of the way, below what it shows.
    long = source.count("\n") >= _LONG and not tags & _ROLES.keys()
    hidden = "hide-input" in tags or (long and any(part.kind != "stream" for part in shown))
    if source.strip() and not hidden and not tags & _MACHINERY:
        yield Part("code", _answers(ink.code(source)))
    yield from shown
    if source.strip() and hidden and not tags & _MACHINERY and any(map(_made, shown)):
        yield Part("code", ink.code(source), folded=True)


def _answers(code: Markup) -> Markup:
    """Set a solution in the facilitator's edition apart, its markers turned into a word."""
    label = Markup('<span class="answer"><b>{}</b>\n').format(say("解答例"))
    return Markup(_ANSWER.sub(lambda match: f"{label}{match[1]}</span>", code))


def _made(part: Part) -> bool:
    """Say whether somebody may wonder how this was made: a chart, a table, not a sentence."""
    return part.kind in ("chart", "image") or "<table" in part.html or "<svg" in part.html


def _joined(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return outputs with neighbouring pieces of one stream put together."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        stream = output.output_type == "stream"
        if (
            stream
            and last is not None
            and last.output_type == "stream"
            and last.name == output.name
        ):
            joined[-1] = NotebookNode(last | {"text": last.text + output.text})
        else:
            joined.append(output)
    return joined


def show(
    output: NotebookNode,
    *,
    prefix: str,
    outline: prose.Outline,
) -> Iterator[Part]:
    """Yield what a page shows of one output: the richest form it can show without a script.

    Parameters
    ----------
    output : NotebookNode
        As in a notebook.
    prefix : str
        Put before every id in it.
    outline : Outline
        Fits the output's headings into the page.
    """
    if output.output_type == "stream":
        text = _ANSI.sub("", output.text).rstrip()
        if text:
            yield Part("stream", _pre(text), folded=output.name == "stderr")
        return
    if output.output_type == "error":
        # Not the traceback: it names folders of the machine that ran it.
        text = _ANSI.sub("", f"{output.ename}: {output.evalue}")
        yield Part("error", _pre(text))
        return
    data, metadata = output.get("data", {}), output.get("metadata", {})
    about = metadata.get("kit", {})
    if VEGA in data:
        figure = Figure(data[VEGA], about, prefix=prefix)
        yield Part("chart", figure.html(), title=figure.title, redraw=figure.html)
    elif "text/html" in data:
        source = _text(data["text/html"])
        text = clean(_small(source, prefix), prefix=prefix, level=outline.level)
        if text.strip() and not _blank(source):
            yield Part("output", _on_paper(text))
    elif "text/markdown" in data:
        yield Part(
            "prose", prose.html(_text(data["text/markdown"]), outline=outline, anchor=prefix)
        )
    elif "image/svg+xml" in data:
        yield Part("output", _on_paper(clean(_text(data["image/svg+xml"]), prefix=prefix)))
    elif picture := next((kind for kind in ("image/png", "image/jpeg") if kind in data), None):
        yield Part("image", _image(picture, data, about))
    elif WIDGET in data:
        yield Part("error", _pre(say("この部品はノートブックで動きます。")))
    elif "text/plain" in data:
        text = _text(data["text/plain"])
        if text.strip() not in ("", "Ellipsis", "None"):
            yield Part("stream", _pre(text))


def _blank(source: str) -> bool:
    """Say whether an output only says that nothing is written yet: on a page nobody can write."""
    return source.count('class="kit-card') == 1 and 'class="kit-card kit-blank"' in source[:40]


def _small(source: str, prefix: str) -> str:
    """Return HTML with the charts in it as small as the page's own."""

    def smaller(match: re.Match[str]) -> str:
        label = re.search(r'aria-label="([^"]*)"', match[0])
        if label is None:
            return match[0]
        try:
            drawn = drawing.slim(match[0])
        except (ElementTree.ParseError, KeyError, ValueError):
            return match[0]
        return drawn.svg(prefix=prefix, attributes=f'role="img" aria-label="{label[1]}"')

    return _VEGA_SVG.sub(smaller, source)


def _on_paper(text: Markup) -> Markup:
    """Put what brings its own dark colours on white, and pictures into a box they scroll in."""
    if "<svg" in text:
        box = '<div class="on-paper drawn" tabindex="0" role="group" aria-label="{}">{}</div>'
        return Markup(box).format(say("図"), text)
    if _DARK_INK.search(text):
        return Markup('<div class="on-paper">{}</div>').format(text)
    return text


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _pre(text: str) -> Markup:
    return Markup('<pre class="stream" tabindex="0">{}</pre>').format(text)


def _image(kind: str, data: Mapping[str, Any], about: Mapping[str, Any]) -> Markup:
    encoded = re.sub(r"[^A-Za-z0-9+/=]", "", _text(data[kind]))
    alt = about.get("description") or _text(data.get("text/plain", "")) or say("図")
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, encoded, alt)
