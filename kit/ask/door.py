"""A door: what is behind it is made, and shown, when somebody opens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit.ask.look import LINE
from kit.ask.views import drawn
from kit.language import current, say

if TYPE_CHECKING:
    from kit.progress import Progress


class Door:
    """A button that shows what the class has waited for.

    Parameters
    ----------
    label : str
        What the button says.
    view : callable
        Returns HTML, charts, tables, notes, or a list of them. Not asked before the door is opened:
        neither the page nor the notebook holds what is behind a closed one.
    opened : bool
        Shown at once, on a page too.
    progress : kit.progress.Progress, optional
        Where it is kept that the door stands open.

    Notes
    -----
    On a page a closed door says that it is opened in class.

    Examples
    --------
    >>> door = Door("答えを開く", lambda: "<p>4 ポイント</p>")
    >>> "4 ポイント" in door.static()
    False
    >>> door.open(); "4 ポイント" in door.static()
    True
    """

    def __init__(
        self,
        label: str,
        view: Callable[[], Any],
        *,
        opened: bool = False,
        progress: Progress | None = None,
    ) -> None:
        from kit.ask.live import Live

        self.label = label
        self.view = view
        self._progress = progress
        self._key = f"door:{label}"
        kept = progress is not None and progress.kept(self._key) is True
        self.opened = opened or kept
        self._live = Live(
            "door",
            state={"open": self.opened, "html": self._shown()},
            words={
                "language": current(),
                "label": label,
                "close": say("閉じる"),
                "opened": say("開きました。下に出ています。"),
            },
            on=self._heard,
            progress=progress,
        )

    @property
    def html(self) -> str:
        """What is shown now; nothing while the door is closed."""
        return str(self._live.state["html"])

    def open(self) -> None:
        """Open it, as a person would."""
        self._turn(True)

    def close(self) -> None:
        """Close it again."""
        self._turn(False)

    def _heard(self, message: Mapping[str, Any]) -> None:
        if message["kind"] in ("open", "close"):
            self._turn(message["kind"] == "open")

    def _turn(self, opened: bool) -> None:
        self.opened = opened
        if self._progress is not None and opened:
            self._progress.keep(self._key, True)
        elif self._progress is not None:
            self._progress.forget(self._key)
        self._live.redraw(open=opened, html=self._shown())

    def _shown(self) -> str:
        if not self.opened:
            return ""
        return drawn(
            self.view,
            failed=say("まだ見せられません"),
            advice=say("上のセルを、上から順に実行してから、もう一度開いてください。"),
        )

    def static(self) -> str:
        """Return plain HTML: what is behind an open door, a sentence for a closed one."""
        if self.opened:
            return f'<div class="kit-door">{self.html}</div>'
        note = say("教室で、合図に合わせて開きます。ノートブックでは、このボタンを押します。")
        return (
            f'<div class="kit-door" style="border:1px dashed {LINE};padding:0.6em 1em;margin:1em 0">'
            f"<p><strong>{escape(self.label)}</strong></p>"
            f'<p class="kit-note">{escape(note)}</p></div>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        return bundle(self._live, self.static(), self.label)
