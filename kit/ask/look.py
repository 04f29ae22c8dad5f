"""The few styles of what is shown inside a notebook, light or dark, and on a page.

Text keeps the colour of its surroundings. What needs a colour of its own brings its ground with
it, so that the contrast does not hang on the theme.
"""

from __future__ import annotations

from html import escape
from typing import Literal

State = Literal["blank", "not-yet", "right", "fault"]

LINE = "var(--jp-border-color1, #767676)"

# White on each measures ≥ 4.5:1; the symbol and the word say the same without the colour.
GROUNDS: dict[State, str] = {
    "right": "#00694A",
    "not-yet": "#A33A00",
    "blank": "#595959",
    "fault": "#7A2E8E",
}
SYMBOLS: dict[State, str] = {"right": "✓", "not-yet": "△", "blank": "…", "fault": "!"}


def chip(state: State, word: str) -> str:
    """Return the small label before a sentence: symbol and word on their own ground.

    Examples
    --------
    >>> "✓" in chip("right", "正解") and "#fff" in chip("right", "正解")
    True
    """
    style = (
        f"background:{GROUNDS[state]};color:#fff;font-weight:bold;padding:0.1em 0.6em;"
        "border-radius:0.3em;margin-right:0.6em;white-space:nowrap"
    )
    mark = f'<span aria-hidden="true">{SYMBOLS[state]}</span>'
    return f'<span class="kit-chip" style="{style}">{mark} {escape(word)}</span> '


def card(state: State, word: str, sentence: str, *details: str) -> str:
    """Return a message for people, announced by screen readers (``role="status"``).

    Parameters
    ----------
    state : {"blank", "not-yet", "right", "fault"}
        Decides symbol and colour.
    word : str
        Says the state.
    sentence, *details : str
        Plain text; escaped here.
    """
    style = (
        f"border-left:0.35em solid {GROUNDS[state]};padding:0.5em 0.9em;margin:0.5em 0;"
        "line-height:1.7"
    )
    rest = "".join(
        f'<p style="margin:0.3em 0 0">{escape(detail)}</p>' for detail in details if detail
    )
    return (
        f'<div class="kit-card kit-{state}" role="status" style="{style}">'
        f'<p style="margin:0">{chip(state, word)}{escape(sentence)}</p>{rest}</div>'
    )
