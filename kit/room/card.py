"""How a mistake is told: one card, and the record for whoever helps, folded under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from kit.ask.look import GROUNDS, chip
from kit.language import current, say
from kit.room.mistakes import Advice

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 12_000  # characters of a traceback; its end is what says what happened
_SENTENCE = 1_000


def html(advice: Advice, number: int, line: str, record: Sequence[str]) -> str:
    """Return the card; everything in it that came from elsewhere is escaped.

    Parameters
    ----------
    advice : Advice
        What to tell.
    number, line : int, str
        The line of the cell that failed; 0 if it is not known.
    record : sequence of str
        The traceback as IPython draws it; nothing to fold if it is empty.
    """
    word = say("思わぬエラー") if advice.state == "fault" else say("ここで止まりました")
    parts = [f'<p style="margin:0">{chip(advice.state, word)}{_lines(advice.said)}</p>']
    if number and line.strip():
        parts.append(
            f'<p style="margin:.3em 0 0">{escape(say("{number} 行目:", number=number))} '
            f'<code style="white-space:pre-wrap;overflow-wrap:anywhere">{_cut(line.strip(), 200)}</code></p>'
        )
    if advice.steps:
        steps = "".join(f"<li>{_lines(step)}</li>" for step in advice.steps)
        parts.append(
            f'<p style="margin:.5em 0 0;font-weight:bold">{escape(say("次にすること"))}</p>'
            f'<ul style="margin:.1em 0 0;padding-left:1.4em">{steps}</ul>'
        )
    if record:
        text = _COLOURS.sub("", "\n".join(record))[-_LONGEST:]
        parts.append(
            f'<details style="margin:.5em 0 0"><summary style="cursor:pointer;min-height:24px">'
            f"{escape(say('くわしい記録'))}</summary>"
            '<pre tabindex="0" style="overflow-x:auto;font-size:.85em;line-height:1.5;margin:.3em 0 0">'
            f"{escape(text)}</pre></details>"
        )
    style = (
        f"border-left:.35em solid {GROUNDS[advice.state]};padding:.5em .9em;margin:.5em 0;"
        "line-height:1.7;max-width:46rem"
    )
    return (
        f'<div class="kit-mistake kit-{advice.state}" lang="{escape(current())}" role="status" '
        f'style="{style}">{"".join(parts)}</div>'
    )


def text(advice: Advice) -> str:
    """Return the same for a front end without HTML."""
    return "\n".join([advice.said, *(f"→ {step}" for step in advice.steps)])


def _lines(sentence: str) -> str:
    return _cut(sentence, _SENTENCE).replace("\n", "<br>")


def _cut(words: str, limit: int) -> str:
    return escape(words if len(words) <= limit else words[:limit] + " …")
