"""What a view gives back, as HTML: charts, tables, notes, or a kind word where it fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kit import markdown
from kit.ask.look import card
from kit.ask.panel import to_html
from kit.errors import KitError
from kit.language import say

_HEADING = re.compile(r"(</?h)([1-6])>")


def html_of(shown: Any) -> str:
    """Return what a view gave back as HTML; ``lesson.note`` and its like as the words they hold.

    Examples
    --------
    >>> from IPython.display import Markdown
    >>> html_of([Markdown("**甲**"), ["<p>乙</p>", None]])
    '<p><strong>甲</strong></p>\\n<p>乙</p>'
    """
    if isinstance(shown, list | tuple):
        return "".join(html_of(part) for part in shown)
    if hasattr(shown, "_repr_markdown_"):
        told = shown._repr_markdown_()
        return _below(markdown.to_html(told[0] if isinstance(told, tuple) else told))
    return to_html(shown)


def _below(html: str) -> str:
    """Set the headings of a document so that the highest is one below a section's heading.

    Examples
    --------
    >>> _below("<h1>案</h1><h2>理由</h2>"), _below("<h4>案</h4>")
    ('<h3>案</h3><h4>理由</h4>', '<h3>案</h3>')
    """
    highest = min((int(found[2]) for found in _HEADING.finditer(html)), default=3)
    return _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + 3 - highest, 6)}>", html)


def drawn(view: Callable[[], Any], *, failed: str, advice: str) -> str:
    """Return the HTML of `view`; if it raises, a card with a word for it and what to do.

    Parameters
    ----------
    view : callable
        Returns HTML, charts, tables, notes, or a list of them.
    failed : str
        Says in a word or two what did not work.
    advice : str
        What to do next, where the error itself does not say it.

    Examples
    --------
    >>> drawn(lambda: "<p>甲</p>", failed="描けません", advice="")
    '<p>甲</p>'
    """
    try:
        return html_of(view())
    except KitError as error:
        return card("not-yet", failed, error.message, error.hint or "")
    except Exception as error:
        told = say("くわしく: {error}", error=f"{type(error).__name__}: {error}"[:200])
        return card("fault", failed, advice, told)
