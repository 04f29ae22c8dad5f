"""Notebook, record or text file → document."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from kit.language import say
from kit.lint import html_reader
from kit.lint.document import CODE, PROSE, Block, Document, Picture
from kit.plain.markup import without_readings

_INLINE_CODE = re.compile(r"(`{1,3}).*?\1", re.DOTALL)
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)


def read(source: str, file: str = "") -> Document:
    """Return the document that a notebook is.

    Parameters
    ----------
    source : str
        JSON of the notebook.
    file : str
        Its path.
    """
    document = Document(file)
    try:
        notebook = json.loads(source)
        cells = list(notebook["cells"])
        kept = notebook["metadata"]
    except (ValueError, KeyError, TypeError):
        document.unreadable = say("ノートブックとして読めません。")
        document.written.append(("", source))
        return document
    document.language = str(kept.get("kit", {}).get("language", ""))
    document.written.append(("metadata", json.dumps(kept, ensure_ascii=False)))
    for number, cell in enumerate(cells):
        place = f"#{cell.get('id', number)}"
        text = without_readings(_text(cell.get("source", "")))
        markdown = cell.get("cell_type") == "markdown"
        bare = without_code(text) if markdown else ""
        document.blocks.append(
            Block(place, text, document.language, PROSE if markdown else CODE, bare)
        )
        document.written.append((place, text))
        document.written.append((place, json.dumps(cell.get("metadata", {}), ensure_ascii=False)))
        for output in cell.get("outputs", ()):
            _output(document, output, place)
    return document


def without_code(markdown: str) -> str:
    """Return Markdown without its code and formulas.

    Examples
    --------
    >>> without_code("値 `{{ x }}` と $a_{{b}}$ です")
    '値  と  です'
    """
    return _FORMULA.sub("", _INLINE_CODE.sub("", markdown))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(map(str, value or ()))


def _output(document: Document, output: Mapping[str, Any], place: str) -> None:
    if output.get("output_type") in ("stream", "error"):
        text = "\n".join(
            _text(output.get(key)) for key in ("text", "evalue", "traceback") if output.get(key)
        )
        document.blocks.append(Block(place, text, document.language, CODE))
        document.written.append((place, text))
        return
    data = output.get("data", {})
    for kind, value in data.items():
        if kind.startswith("image/") and kind != "image/svg+xml":
            continue
        text = _text(value) if isinstance(value, str | list) else json.dumps(value)
        document.written.append((place, text))
    if "text/html" in data:
        shown = html_reader.read(_text(data["text/html"]))
        document.blocks += [
            Block(place, b.text, b.language or document.language, b.kind, b.bare)
            for b in shown.blocks
        ]
        document.pictures += [
            Picture(place, p.words, p.cells, p.rows, p.whole, p.drawn) for p in shown.pictures
        ]
    elif "text/markdown" in data:
        text = without_readings(_text(data["text/markdown"]))
        document.blocks.append(Block(place, text, document.language, PROSE, without_code(text)))
    about = output.get("metadata", {}).get("kit", {})
    if about.get("description"):
        table = about.get("table") or {}
        rows = table.get("rows") or []
        drawn = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
        cells = tuple(str(cell) for row in rows for cell in row)
        document.pictures.append(
            Picture(place, str(about["description"]), cells, len(rows), True, drawn)
        )
