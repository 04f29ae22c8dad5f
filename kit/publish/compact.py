"""A page's repeated inline styles, said once in its style sheet.

Outputs bring their styles along, so that they look right in any notebook; on a page of ours the
same few hundred bytes would stand there a hundred times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, product
from string import ascii_lowercase

_LEFT = re.compile(r"(<(svg|style|script|pre|textarea)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r"<[a-z][a-z0-9]*(?:\s[^<>]*)?>")
_STYLE = re.compile(r'\sstyle="([^"]*)"')
_CLASS = re.compile(r'\sclass="([^"]*)"')


def compact(html: str) -> str:
    """Return a whole HTML page with styles that are written more than once made into classes.

    Parameters
    ----------
    html : str
        A page with a ``<style>`` element. Drawings, code and scripts stay as they are.

    Examples
    --------
    >>> page = '<style>p {}</style><p style="color:red">a</p><p class="b" style="color:red">b</p>'
    >>> compact(page)
    '<style>p {}.ka.ka.ka{color:red}</style><p class="ka">a</p><p class="b ka">b</p>'
    """
    parts = _LEFT.split(html)  # text, what is left alone, its name, text, …
    seen = Counter(
        style[1]
        for text in parts[::3]
        for tag in _TAG.findall(text)
        if (style := _STYLE.search(tag))
    )
    names = dict(zip((s for s, times in seen.items() if times > 1), _names(html), strict=False))
    if not names or "</style>" not in html:
        return html

    def classed(tag: re.Match[str]) -> str:
        style = _STYLE.search(tag[0])
        if style is None or style[1] not in names:
            return tag[0]
        bare = tag[0].replace(style[0], "", 1)
        if own := _CLASS.search(bare):
            return bare.replace(own[0], f' class="{own[1]} {names[style[1]]}"', 1)
        end = re.match(r"<[a-z][a-z0-9]*", bare)
        assert end is not None
        return f'{end[0]} class="{names[style[1]]}"{bare[end.end() :]}'

    text = "".join(
        _TAG.sub(classed, part) if place % 3 == 0 else part
        for place, part in enumerate(parts)
        if place % 3 != 2
    )
    # Said three times, a class outweighs what the page says of tables, as a style did.
    rules = "".join(f"{f'.{name}' * 3}{{{_plain(style)}}}" for style, name in names.items())
    return text.replace("</style>", f"{rules}</style>", 1)


def _plain(style: str) -> str:
    """An attribute's text as a style sheet has it; what could end the sheet cannot be in one."""
    return (
        style.replace("&quot;", '"')
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
    )


def _names(html: str) -> Iterator[str]:
    """Yield short names that the page does not use."""
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            name = "k" + "".join(letters)
            if not re.search(rf"\b{name}\b", html):
                yield name
