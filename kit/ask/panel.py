"""A view and the controls that redraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from kit.ask.controls import Control
from kit.ask.look import WIDGETS, card
from kit.errors import KitError
from kit.language import say

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


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
    On a page the panel is the figure of its present state, with a note that it moves in the
    notebook.

    Examples
    --------
    >>> from kit.ask import Panel, slider
    >>> panel = Panel(lambda n: f"<p>{n * 2}</p>", {"n": slider("人数", 3, 1, 9)})
    >>> panel.set(n=4)
    >>> panel.html
    '<p>8</p>'
    """

    def __init__(self, view: Callable[..., Any], controls: Mapping[str, Control]) -> None:
        import ipywidgets

        self.view = view
        self.controls = dict(controls)
        self._widgets = {name: control.widget() for name, control in self.controls.items()}
        self._body = ipywidgets.HTML(value=self._draw())
        for widget in self._widgets.values():
            widget.observe(self._moved, names="value")
        self._box = ipywidgets.VBox(
            [ipywidgets.HTML(value=WIDGETS), *self._widgets.values(), self._body]
        )
        self._box.add_class("kit-panel")

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say now."""
        return {
            name: control.tidy(self._widgets[name].value) for name, control in self.controls.items()
        }

    @property
    def html(self) -> str:
        """What the view shows now."""
        return str(self._body.value)

    def set(self, **values: Any) -> None:
        """Move controls, as a person would."""
        for name, value in values.items():
            self._widgets[name].value = self.controls[name].position(value)

    def _moved(self, change: Any) -> None:
        self._body.value = self._draw()

    def _draw(self) -> str:
        try:
            return to_html(self.view(**self.values))
        except KitError as error:
            return card("not-yet", say("描けません"), error.message, error.hint or "")
        except Exception as error:
            # Whatever it was, the person at the slider can do one thing: move it elsewhere.
            return card(
                "fault",
                say("描けません"),
                say("この値の組み合わせでは計算できませんでした。別の値を試してください。"),
                say("くわしく: {error}", error=f"{type(error).__name__}: {error}"[:200]),
            )

    def static(self) -> str:
        """Return the panel as plain HTML: its present state, and the values it stands for."""
        settings = "".join(
            f"<li>{escape(control.label)}: <strong>{escape(control.show(value))}</strong></li>"
            for (_, control), value in zip(self.controls.items(), self.values.values(), strict=True)
        )
        note = say("ノートブックでは、この値を動かして試せます。")
        return (
            f'<figure class="kit-panel" style="margin:1em 0">{self.html}'
            f'<figcaption><ul class="kit-settings">{settings}</ul>'
            f'<p class="kit-note">{escape(note)}</p></figcaption></figure>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        live = self._box._repr_mimebundle_() or {}
        return {
            **({WIDGET_MIME: live[WIDGET_MIME]} if WIDGET_MIME in live else {}),
            "text/html": self.static(),
            "text/plain": ", ".join(
                f"{control.label} = {control.show(value)}"
                for control, value in zip(self.controls.values(), self.values.values(), strict=True)
            ),
        }


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
        from kit.chart import svg

        return svg(shown)
    own = getattr(shown, "_repr_html_", None)
    html = own() if callable(own) else None
    return html if isinstance(html, str) else escape(str(shown))
