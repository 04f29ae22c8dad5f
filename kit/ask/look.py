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


# ipywidgets' own layout has no way to wrap a label; their style sheet is overruled by class.
WIDGETS = """<style>
.kit-panel, .kit-quiz { max-width: 46rem; overflow: visible; padding: 4px; }
.kit-panel .widget-label { white-space: normal; line-height: 1.5; height: auto; text-align: left;
  flex: 0 1 auto; width: auto; min-width: 9em; max-width: 45%; overflow: visible; }
.kit-panel .widget-inline-hbox { height: auto; align-items: center; margin: 4px 0; }
.kit-panel .widget-readout { min-width: 4.5em; font-size: 1.05em; }
.kit-panel .noUi-connects { background: #767676; }
.kit-panel .noUi-handle { background: #0057B8; border: 2px solid #fff; box-shadow: 0 0 0 1px #767676; }
.kit-panel select { min-height: 28px; flex: 1 1 auto; }
.kit-quiz button.jupyter-button { white-space: normal; height: auto; min-height: 2.6em; width: 100%;
  text-align: left; line-height: 1.6; padding: 0.5em 0.9em; font-size: inherit; overflow: visible;
  margin: 3px 0; border: 1px solid var(--jp-border-color1, #767676); box-shadow: none;
  color: var(--jp-ui-font-color1, #1a1a1a); background: var(--jp-layout-color1, #fff); }
.kit-quiz button.jupyter-button:hover { background: var(--jp-layout-color2, #eee); }
.kit-quiz button.jupyter-button:focus-visible, .kit-panel .noUi-handle:focus-visible,
.kit-panel select:focus-visible { outline: 3px solid var(--jp-brand-color1, #0057b8);
  outline-offset: 2px; }
.kit-quiz button.kit-right { border: 3px solid #00694A; font-weight: bold; }
.kit-quiz button.kit-wrong { border: 3px dashed #A33A00; }
</style>"""
