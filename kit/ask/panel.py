"""A view and the controls that redraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from kit.ask.controls import Control, words
from kit.ask.look import card
from kit.language import say


class Panel:
    """Sliders and menus above what they change.

    Parameters
    ----------
    view : callable
        Takes the controls' values by name; returns HTML (str), a chart, anything with
        ``_repr_html_``, or a list of these. A chart is drawn as SVG.
    controls : mapping of str to Slider or Choice
        By the name of the view's argument.

    Notes
    -----
    The browser sends the newest values only when the drawing before has arrived, so that a slider
    dragged fast never leaves a queue of stale drawings. On a page the panel is the figure of its
    present state, with a note that it moves in the notebook.

    Examples
    --------
    >>> from kit.ask import Panel, slider
    >>> panel = Panel(lambda n: f"<p>{n * 2}</p>", {"n": slider("人数", 3, 1, 9)})
    >>> panel.set(n=4)
    >>> panel.html
    '<p>8</p>'
    """

    def __init__(self, view: Callable[..., Any], controls: Mapping[str, Control]) -> None:
        from kit.ask.live import Live

        self.view = view
        self.controls = dict(controls)
        self._values = {name: control.value for name, control in self.controls.items()}
        state = {"fields": self._fields(), "html": self._draw(), "answered": ""}
        told = {**words(), "waiting": say("計算しています…")}
        self._live = Live("panel", state=state, words=told, on=self._on, parts=("fields",))

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say now."""
        return dict(self._values)

    @property
    def html(self) -> str:
        """What the view shows now."""
        return str(self._live.state["html"])

    def set(self, **values: Any) -> None:
        """Move controls, as a person would: beyond an end is that end."""
        self._move({name: self.controls[name].position(value) for name, value in values.items()})

    def _on(self, message: Mapping[str, Any]) -> None:
        moved, turn = message.get("values"), message.get("turn")
        if message["kind"] == "set" and isinstance(moved, Mapping):
            self._move(moved, turn[:60] if isinstance(turn, str) else "")

    def _move(self, positions: Mapping[Any, Any], answered: str = "") -> None:
        for name, control in self.controls.items():
            if name in positions:
                self._values[name] = control.read(positions[name], self._values[name])
        self._live.redraw(fields=self._fields(), html=self._draw(), answered=answered)

    def _fields(self) -> list[dict[str, Any]]:
        return [
            {"name": name, **control.field(self._values[name])}
            for name, control in self.controls.items()
        ]

    def _draw(self) -> str:
        from kit.ask.views import drawn  # which builds on to_html below

        return drawn(
            lambda: self.view(**self._values),
            failed=say("描けません"),
            # Whatever it was, the person at the slider can do one thing: move it elsewhere.
            advice=say("この値の組み合わせでは計算できませんでした。別の値を試してください。"),
        )

    def static(self) -> str:
        """Return the panel as plain HTML: its present state, and the values it stands for."""
        settings = "".join(
            f"<li>{escape(control.label)}: <strong>{escape(control.show(value))}</strong></li>"
            for control, value in self._shown()
        )
        note = say("ノートブックでは、この値を動かして試せます。")
        return (
            f'<figure class="kit-panel" style="margin:1em 0">{self.html}'
            f'<figcaption><ul class="kit-settings">{settings}</ul>'
            f'<p class="kit-note">{escape(note)}</p></figcaption></figure>'
        )

    def _shown(self) -> list[tuple[Control, Any]]:
        return [(control, self._values[name]) for name, control in self.controls.items()]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        text = ", ".join(f"{control.label} = {control.show(v)}" for control, v in self._shown())
        return bundle(self._live, self.static(), text)


def to_html(shown: Any) -> str:
    """Return what a view gave back as HTML.

    Examples
    --------
    >>> to_html(["<p>甲</p>", None, 3])
    '<p>甲</p>3'
    >>> "まだ書かれていません" in to_html(...) or "written" in to_html(...)
    True
    """
    if shown is None:
        return ""
    if shown is ...:
        return card("blank", say("まだ"), say("まだ書かれていません。"))
    if isinstance(shown, str):
        return shown
    if isinstance(shown, (list, tuple)):
        return "".join(to_html(part) for part in shown)
    if type(shown).__module__.startswith("altair."):
        from kit import chart

        return chart.html(shown)
    own = getattr(shown, "_repr_html_", None)
    html = own() if callable(own) else None
    return html if isinstance(html, str) else escape(str(shown))
