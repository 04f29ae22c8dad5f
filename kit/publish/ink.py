"""Code as coloured text, every colour at least 7:1 on its ground in light and in dark."""

from __future__ import annotations

import html
from functools import cache

from markupsafe import Markup
from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token, _TokenType
from pygments.util import ClassNotFound

# One letter a class keeps pages small. Few colours: a learner looks for words, not for syntax.
_CLASSES: dict[_TokenType, str] = {
    Comment: "c",
    Keyword: "k",
    Name.Builtin: "b",
    Name.Builtin.Pseudo: "b",
    Name.Function: "f",
    Name.Class: "f",
    Name.Decorator: "f",
    Number: "n",
    Operator.Word: "k",
    String: "s",
}


def _class(token: _TokenType) -> str:
    kind: _TokenType | None = token
    while kind is not None and kind is not Token:
        if kind in _CLASSES:
            return _CLASSES[kind]
        kind = kind.parent
    return ""


@cache
def code(source: str, language: str = "python") -> Markup:
    """Return `source` as a coloured ``<pre>`` that can be scrolled with the keyboard.

    Parameters
    ----------
    source : str
        Program text.
    language : str
        A pygments name; an unknown one is set without colour.

    Examples
    --------
    >>> print(code("x = 1"))
    <pre class="code" tabindex="0"><code>x = <i class="n">1</i></code></pre>
    """
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False, ensurenl=False)
    runs: list[tuple[str, str]] = []
    for token, text in lex(source, lexer):
        name = _class(token) if text.strip() else ""
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + text)
        else:
            runs.append((name, text))
    parts = [
        f'<i class="{name}">{html.escape(text)}</i>' if name else html.escape(text, quote=False)
        for name, text in runs
    ]
    return Markup('<pre class="code" tabindex="0"><code>' + "".join(parts) + "</code></pre>")
