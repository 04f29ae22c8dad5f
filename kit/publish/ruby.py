"""Furigana in every form whose readers want it: ruby in HTML and in a notebook's cells, marks that
a template draws in PDF.

All text stays plain until here, so that no title, file name or description of a picture holds
ruby. What only the facilitator reads, the notes and the run sheet, has none: it would slow the eye
of whoever teaches. For a PDF, a word with a reading travels inside its string between the three characters that Unicode keeps for
this (interlinear annotation, U+FFF9 to U+FFFB), so that a template that knows nothing of furigana
still gets its text as one string. ``templates/pdf/house.typ`` draws them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from kit.errors import KitError
from kit.language import LANGUAGES, about

ANCHOR, SEPARATOR, TERMINATOR = "\ufff9", "\ufffa", "\ufffb"

# What no one reads on the page, or what must stay the text it is.
_UNREAD = frozenset({"alt", "author", "description", "footer", "href", "keywords", "tree", "url"})
_IN_HEX = re.compile(rb"<FEFF((?:[0-9A-F]{4})+)>")
_MARKED = re.compile(f"{ANCHOR}([^{SEPARATOR}]*){SEPARATOR}[^{TERMINATOR}]*{TERMINATOR}")


def over(text: str, readings: Mapping[str, str]) -> str:
    """Return a finished HTML page with furigana over its words, if its readers want them.

    Parameters
    ----------
    text : str
        What a form's maker returned.
    readings : mapping of str to str
        The workshop's own readings of words.

    Examples
    --------
    >>> over("<p>人口</p>", {})
    '<p>人口</p>'
    """
    if not about().furigana:
        return text
    from kit.plain.markup import html

    return _short(html(text, readings))


def over_parts(text: str) -> str:
    """Return an HTML page of several languages with furigana where its readers want them.

    A page that leads to others is better without furigana than not at all: where the dictionary is
    not installed, it stays as it is.

    Examples
    --------
    >>> page = '<html lang="ja"><p>人口</p><p lang="ja-simple">人口</p></html>'
    >>> over_parts(page)
    '<html lang="ja"><p>人口</p><p lang="ja-simple"><ruby>人口<rt>じんこう</ruby></p></html>'
    """
    from kit.plain.markup import html

    for tag, language in LANGUAGES.items():
        if language.furigana and f'lang="{tag}"' in text:
            with contextlib.suppress(KitError):
                text = _short(html(text, language="ja" if about().furigana else tag))
    return text


def _short(text: str) -> str:
    # Some pages have three thousand: words that follow each other share an element, and HTML lets
    # the last end tag in it be left out.
    return text.replace("</ruby><ruby>", "").replace("</rt></ruby>", "</ruby>")


def in_cells(notebook: NotebookNode, readings: Mapping[str, str]) -> None:
    """Put furigana over the words of a notebook's Markdown cells and outputs, if wanted.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.
    readings : mapping of str to str
        The workshop's own readings of words.
    """
    if not about().furigana:
        return
    from kit.plain.markup import html, markdown

    for cell in notebook.cells:
        if "facilitator" in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            cell.source = markdown(cell.source, readings)
        for output in cell.get("outputs", ()):
            shown = output.get("data", {})
            if "text/html" in shown:
                shown["text/html"] = html(shown["text/html"], readings, captions=True)
            if "text/markdown" in shown:
                shown["text/markdown"] = markdown(shown["text/markdown"], readings)


def marked(value: Any, readings: Mapping[str, str]) -> Any:
    """Return `value`, the data of a template, with the readings of its words marked in its strings.

    Parameters
    ----------
    value : dict, list or str
        What a template reads as ``data.json``. Code, formulas and addresses stay as they are.
    readings : mapping of str to str
        The workshop's own readings of words.

    Examples
    --------
    >>> marked({"title": "人口", "alt": "人口"}, {})
    {'title': '\\ufff9人口\\ufffaじんこう\\ufffb', 'alt': '人口'}
    """
    if isinstance(value, str):
        return _with_marks(value, readings)
    if isinstance(value, dict):
        if value.get("kind") in ("code", "note"):
            return value
        return {
            key: item if key in _UNREAD else marked(item, readings) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [marked(item, readings) for item in value]
    return value


def bare(text: str) -> str:
    """Return `text` without its marks.

    Examples
    --------
    >>> bare(marked("人口は何人？", {}))
    '人口は何人？'
    """
    return _MARKED.sub(r"\1", text)


def without_marks(pdf: bytes) -> bytes:
    """Return `pdf` with no mark in its bookmarks and the titles of its headings.

    Typst writes a heading's plain text there, marks and readings with it. The text is shortened in
    place and blanks after it keep every byte offset true.
    """
    return _IN_HEX.sub(_shortened, pdf)


def _shortened(found: re.Match[bytes]) -> bytes:
    text = bytes.fromhex(found[1].decode()).decode("utf-16-be", errors="surrogatepass")
    if ANCHOR not in text:
        return found[0]
    short = bare(text).encode("utf-16-be", errors="surrogatepass").hex().upper()
    return b"<FEFF%s>" % short.encode() + b" " * (len(found[1]) - len(short))


def _with_marks(text: str, readings: Mapping[str, str]) -> str:
    from kit.plain.furigana import parts

    return "".join(
        part.base
        if part.reading is None
        else f"{ANCHOR}{part.base}{SEPARATOR}{part.reading}{TERMINATOR}"
        for part in parts(text, readings)
    )
