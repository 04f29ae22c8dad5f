"""Furigana in a room: how the words of a control, and of what a cell shows, are read.

Where readers want none, or the machine has no dictionary, there is none: a class goes on without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.errors import KitError
from kit.language import about

Pieces = list[list[str]]

_own: dict[str, str] = {}


def know(readings: Mapping[str, str]) -> None:
    """Read words as the workshop in hand wants them read (``[readings]`` of its ``workshop.toml``)."""
    _own.clear()
    _own.update(readings)


def over(html: str) -> str:
    """Return `html` with ruby over its words, if readers of the current language want it.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     over("<p>人口</p>")
    '<p>人口</p>'
    """
    return _with_readings(html, "html")


def over_markdown(source: str) -> str:
    """Return Markdown as :func:`over` returns HTML, in a form that JupyterLab lets through.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("en"):
    ...     over_markdown("**人口**")
    '**人口**'
    """
    return _with_readings(source, "markdown")


def _with_readings(text: str, kind: str) -> str:
    if not about().furigana:
        return text
    from kit.plain import markup

    made: str
    try:
        made = getattr(markup, kind)(text, _own)
    except KitError:
        return text
    return made


def readings() -> dict[str, str] | None:
    """Return the workshop's own readings of words, or None where there are to be no furigana.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("en"):
    ...     readings() is None
    True
    """
    if not about().furigana:
        return None
    from kit.plain.furigana import parts

    try:
        parts("人口", _own)
    except KitError:
        return None
    return dict(_own)


def of(*said: Any) -> dict[str, Pieces]:
    """Return how the runs of kanji in `said` are read, if readers of the current language want it.

    Parameters
    ----------
    *said : str, mapping or sequence
        What a control shows, with strings at any depth.

    Returns
    -------
    dict of str to list of [str, str]
        A run of kanji to its words and their readings. Where the same run is read in two ways, the
        letter that follows it is part of the key.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja-simple"):
    ...     of({"label": "人口"}, ["65歳以上の人口"])
    {'人口': [['人口', 'じんこう']], '歳以上': [['歳', 'さい'], ['以上', 'いじょう']]}
    """
    if not about().furigana:
        return {}
    ways: dict[str, dict[str, Pieces]] = {}
    try:
        for text in dict.fromkeys(_strings(said)):
            for run, after, pieces in _runs(text):
                ways.setdefault(run, {}).setdefault(after, pieces)
    except KitError:
        return {}
    found: dict[str, Pieces] = {}
    for run, ends in ways.items():
        found[run] = next(iter(ends.values()))
        found |= {run + after: pieces for after, pieces in ends.items() if pieces != found[run]}
    return found


def _runs(text: str) -> Iterator[tuple[str, str, Pieces]]:
    """Yield each run of words with readings, and the letter after it."""
    from kit.plain.furigana import parts

    run: Pieces = []
    for part in parts(text, _own):
        if part.reading is not None:
            run.append([part.base, part.reading])
        elif run:
            yield "".join(base for base, _ in run), part.base[:1], run
            run = []
    if run:
        yield "".join(base for base, _ in run), "", run


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
