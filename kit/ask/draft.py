"""What people make in the browser, cards in an order or boxes with arrows, kept as they make it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from kit.language import current, say
from kit.progress import Progress


class Draft(ABC):
    """The side of such a widget that listens.

    The browser holds the draft and sends all of it after each change, with a ``turn`` that counts
    the changes; the answer carries the same turn, so that an old answer cannot undo newer work.
    What comes in may be anything: :meth:`take` uses what it can.
    """

    def _open(self, script: str, id: str, *, words: Mapping[str, str], progress: Progress) -> None:
        """Take up what was kept, and make the widget.

        Parameters
        ----------
        script : str
            Name of the script that draws it.
        id : str
            Under which it is kept.
        words : mapping of str to str
            What the script says.
        progress : kit.progress.Progress
            Where it is kept.
        """
        from kit.ask.live import Live

        self.id = id
        self._kept_as = f"{script}:{id}"
        self._progress = progress
        self._followers: list[Callable[[], object]] = []
        self._start = self.draft()
        kept = progress.kept(self._kept_as)
        if kept is not None:
            self.take(kept)
        common = {
            "language": current(),
            "undo": say("元に戻す"),
            "back": say("元に戻しました。"),
            "up": say("「{name}」を上へ"),
            "down": say("「{name}」を下へ"),
            "moved": say("「{name}」を{place}番目に動かしました。"),
            "first": say("「{name}」は、いちばん上です。"),
            "last": say("「{name}」は、いちばん下です。"),
        }
        self._live = Live(
            script,
            state={"draft": self.draft(), "turn": 0, "start": self._start, **self._said()},
            words={**common, **words},
            on=self._hear,
            progress=progress,
            parts=("draft",),
        )

    # --- what each kind of draft says of itself ------------------------------------------------

    @abstractmethod
    def draft(self) -> Any:
        """Return what there is now, as JSON can say it."""

    @abstractmethod
    def take(self, draft: object) -> None:
        """Hold what can be used of `draft`, which may be anything."""

    @abstractmethod
    def static(self) -> str:
        """Return what there is now as plain HTML, for a page or a print."""

    def keepsake(self) -> Any:
        """Return what is kept: what :meth:`take` needs to be here again after a restart."""
        return self.draft()

    def shown(self) -> dict[str, Any]:
        """Return what the script shows besides the draft."""
        return {}

    # --- what happens --------------------------------------------------------------------------

    @property
    def touched(self) -> bool:
        """Whether it is no longer as it was at first."""
        return bool(self.draft() != self._start)

    def put(self, draft: Any) -> None:
        """Put `draft` in the place of what is there, keep it, and show it."""
        self._change(draft, self._live.state["turn"] + 1)

    def whenever_changed(self, do: Callable[[], object]) -> None:
        """Call `do` after each change, to renew what hangs on it."""
        self._followers.append(do)

    def _hear(self, message: Mapping[str, Any]) -> None:
        turn = message.get("turn")
        if message["kind"] == "draft" and type(turn) is int and 0 <= turn < 2**53:
            self._change(message.get("draft"), turn)

    def _change(self, draft: object, turn: int) -> None:
        self.take(draft)
        self._progress.keep(self._kept_as, self.keepsake())
        self._live.redraw(draft=self.draft(), turn=turn, **self._said())
        for do in self._followers:
            do()

    def _said(self) -> dict[str, Any]:
        return {**self.shown(), "trouble": self._progress.trouble}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        return bundle(self._live, self.static(), repr(self))
