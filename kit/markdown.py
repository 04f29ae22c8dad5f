"""Values inside Markdown: shown as text, never read as markup."""

from __future__ import annotations

import html
import re

_SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")


def escape(value: object) -> str:
    """Return `value` as text that Markdown, HTML, MathJax and Jinja all leave alone.

    Every ASCII punctuation mark becomes a numeric character reference, which CommonMark (section
    6.2, entity references) forbids to act as markup.

    Examples
    --------
    >>> escape("健康推進課")
    '健康推進課'
    >>> escape("<b>{{ 7*7 }}")
    '&#60;b&#62;&#123;&#123; 7&#42;7 &#125;&#125;'
    """
    return _SPECIAL.sub(lambda mark: f"&#{ord(mark[0])};", str(value))


def to_html(markdown: str) -> str:
    """Return Markdown as HTML; raw HTML in it is shown as text.

    Examples
    --------
    >>> to_html("**強く** <script>")
    '<p><strong>強く</strong> &lt;script&gt;</p>\\n'
    """
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))


def plain(text: str) -> str:
    """Return `text` with its character references read back.

    Examples
    --------
    >>> plain(escape("a*b"))
    'a*b'
    """
    return html.unescape(text)
