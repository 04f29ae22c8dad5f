"""The widget under everything people touch: native HTML controls, drawn by a script of our own.

An :class:`anywidget.AnyWidget` works without internet in JupyterLab, Notebook, Voilà and VS Code;
ipywidgets' own sliders do not answer arrow keys in Notebook 7, and their labels cannot wrap. What is
drawn comes from ``state``; what a person does comes back as a message. Words come from here, so that
the scripts hold no language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kit import furigana
from kit.progress import Progress, someone_is_there

_SCRIPTS = Path(__file__).parent / "js"
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

Handler = Callable[[Mapping[str, Any]], None]


class Live(anywidget.AnyWidget):
    """A control drawn by ``js/<name>.js``.

    Parameters
    ----------
    name : str
        Of the script, and of its styles ``js/<name>.css`` if there are any.
    state : mapping
        What the script draws; plain JSON. Assign a new one to redraw.
    words : mapping of str to str
        Every word the script shows, in the reader's language.
    on : callable
        Gets each message of the script: a mapping with a ``kind``.
    progress : Progress, optional
        Told that somebody is there, and how long they worked on this section.
    parts : sequence of str
        Other scripts (and styles) that this one needs, such as ``"fields"``.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    furigana = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        name: str,
        *,
        state: Mapping[str, Any],
        words: Mapping[str, str],
        on: Handler,
        progress: Progress | None = None,
        parts: Sequence[str] = (),
    ) -> None:
        names = ("furigana", "base", *parts, name)
        super().__init__(
            # By this name the styles stand in the page: under one, the last control's would rule.
            _anywidget_id=f"kit.ask.{name}",
            _esm=_joined(names, "js"),
            _css=_joined(names, "css"),
            state=dict(state),
            words=dict(words),
            furigana=_readings(words, state),
        )
        self._on = on
        self._progress = progress
        self._section = progress.section if progress else ""
        self.on_msg(self._heard)

    def redraw(self, **changes: Any) -> None:
        """Change parts of the state."""
        if readings := _readings(changes):
            self.furigana = {**self.furigana, **readings}
        self.state = {**self.state, **changes}

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take a message as the browser sends it."""
        self._heard(self, message, [])

    def _heard(self, _: Any, message: Any, buffers: Any) -> None:
        if not isinstance(message, Mapping) or not isinstance(message.get("kind"), str):
            return
        if self._progress is not None:
            self._progress.someone_came()
            self._progress.enter(self._section)
        self._on(message)


def bundle(live: Live, html: str, text: str) -> dict[str, Any]:
    """Return the outputs of an object that is alive in a notebook and plain HTML on a page."""
    shown: Any = live._repr_mimebundle_() or {}
    if isinstance(shown, tuple):
        shown = shown[0]
    alive = {WIDGET_MIME: shown[WIDGET_MIME]} if WIDGET_MIME in shown else {}
    return {**alive, "text/html": html, "text/plain": text}


def _readings(*said: Any) -> dict[str, furigana.Pieces]:
    return furigana.of(*said) if someone_is_there() else {}


@cache
def _joined(names: tuple[str, ...], ending: str) -> str:
    paths = [_SCRIPTS / f"{name}.{ending}" for name in names]
    if ending == "css":  # not everything needs styles of its own
        paths = [path for path in paths if path.exists()]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)
