"""What one participant has done in one workshop, kept in a small JSON file beside the notebook.

A Binder culls a kernel after ten idle minutes, and a kernel restarted knows nothing: what was
answered, drafted and chosen is therefore written at once. The file holds no name and no clock time,
and nothing is sent anywhere. Nothing is written while nobody is there (a batch run, a test).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kit.files import write_whole
from kit.language import say

FORMAT = "kit-progress/1"
SWITCH = "KIT_PROGRESS"  # "off": remember nothing on disk; "on": write although nobody is seen
DRAFT_LIMIT = 100_000  # characters of JSON in one draft
PAUSE = 15 * 60  # seconds: a longer gap is a break, not work on a section

_EMPTY: dict[str, Any] = {"quiz": {}, "checks": {}, "seconds": {}, "voices": {}, "drafts": {}}


def someone_is_there() -> bool:
    """Return whether a person's browser asked for what runs now.

    JupyterLab, Notebook and VS Code name the cell they run; Voilà says so in the environment.
    nbclient, papermill and nbval do neither.
    """
    switch = os.environ.get(SWITCH, "").lower()
    if switch in ("on", "off"):
        return switch == "on"
    return in_the_app() or bool(cell_here())


def in_the_app() -> bool:
    """Return whether the notebook is shown as a page without code, by Voilà."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")


def cell_here() -> str:
    """Return the id of the cell that runs now, as the browser names it, or nothing."""
    try:
        from IPython.core.getipython import get_ipython

        shell: Any = get_ipython()
        return str(shell.kernel.get_parent("shell")["metadata"]["cellId"])
    except (ImportError, AttributeError, KeyError, TypeError, LookupError):
        return ""


def before_each_cell(do: Callable[[str], None]) -> None:
    """Call `do` with the id of each cell before it runs, instead of what was asked for before."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return

    def listen(_: object) -> None:
        do(cell_here())

    for earlier in _LISTENERS:
        shell.events.unregister("pre_run_cell", earlier)
    _LISTENERS[:] = [listen]
    shell.events.register("pre_run_cell", listen)
    do(cell_here())


_LISTENERS: list[Callable[[object], None]] = []
_OPEN: dict[Path, Progress] = {}


def of(workshop: str, folder: Path) -> Progress:
    """Return the progress in `folder`, the same object as before: cards drawn earlier go on with it.

    Whoever has thrown the file away begins anew.
    """
    known = _OPEN.get(folder / workshop)
    if known is None or (known.written and not known.path.exists()):
        known = _OPEN[folder / workshop] = Progress(workshop, folder)
    elif someone_is_there():
        known.someone_came()
    return known


class Progress:
    """What a participant has done: see :mod:`kit.progress`.

    Parameters
    ----------
    workshop : str
        Its id; names the file ``<workshop>.progress.json``.
    folder : pathlib.Path
        Where the notebook lies.
    now : callable, optional
        Seconds on a clock that only goes forward.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     mine = Progress("rct-letters", Path(folder), present=True)
    ...     mine.answer("p-value", "before", 2)
    ...     Progress("rct-letters", Path(folder)).answered("p-value", "before")
    2
    """

    def __init__(
        self,
        workshop: str,
        folder: Path,
        *,
        present: bool | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workshop = workshop
        self.path = folder / f"{workshop}.progress.json"
        self.section = ""
        self.trouble = ""
        self._now = now
        self._last = now()
        self._writes = someone_is_there() if present is None else present
        self._content = self._read()
        self.written = self.path.exists()

    # --- quizzes, checks, voices --------------------------------------------------------------

    def answer(self, quiz: str, when: str, option: int) -> None:
        """Keep the first answer to a quiz item at this end of the class (``before``, ``after``)."""
        self._content["quiz"].setdefault(quiz, {}).setdefault(when, int(option))
        self.changed()

    def answered(self, quiz: str, when: str) -> int | None:
        """Return the first answer given, or None."""
        found = self._content["quiz"].get(quiz, {}).get(when)
        return found if isinstance(found, int) else None

    def attempt(self, check: str, state: str, answer: object) -> None:
        """Count an answer to an exercise; the same one again, or none, is no new attempt."""
        if state in ("blank", "fault"):
            return
        record = self._check(check)
        mark = hashlib.sha256(repr(answer)[:2000].encode()).hexdigest()[:12]
        if record.get("last") != mark:
            record["last"] = mark
            record["tries"] += 1
        record["right"] = record["right"] or state == "right"
        self.changed()

    def hinted(self, check: str, steps: int) -> None:
        """Keep how many hints have been asked for."""
        record = self._check(check)
        record["hints"] = max(record["hints"], steps)
        self.changed()

    def shown(self, check: str) -> None:
        """Keep that the worked solution was asked for."""
        self._check(check)["solution"] = True
        self.changed()

    def check(self, name: str) -> Mapping[str, Any]:
        """Return the record of an exercise: ``tries``, ``right``, ``hints``, ``solution``."""
        return dict(self._content["checks"].get(name, _untried()))

    def voice(self, id: str, text: str) -> None:
        """Keep a reflection in the participant's own words; an empty one is forgotten."""
        self._content["voices"].pop(id, None)
        if text.strip():
            self._content["voices"][id] = text.strip()[:2000]
        self.changed()

    def voiced(self, id: str) -> str:
        """Return a reflection, or nothing."""
        return str(self._content["voices"].get(id, ""))

    def _check(self, name: str) -> dict[str, Any]:
        record: dict[str, Any] = self._content["checks"].setdefault(name, _untried())
        return record

    # --- drafts: what forms, canvases and panels hold -----------------------------------------

    def keep(self, id: str, draft: Any) -> None:
        """Keep what a form, a canvas or a panel holds; anything JSON can say."""
        text = json.dumps(draft, ensure_ascii=False)
        if len(text) > DRAFT_LIMIT:
            self.trouble = say("長すぎるので、残せません。短くしてください。")
            return
        self._content["drafts"][id] = json.loads(text)
        self.changed()

    def kept(self, id: str, default: Any = None) -> Any:
        """Return what was kept under `id`, a copy; `default` if nothing was."""
        found = self._content["drafts"].get(id, default)
        return json.loads(json.dumps(found)) if found is not default else default

    def forget(self, id: str) -> None:
        """Throw a draft away."""
        if self._content["drafts"].pop(id, None) is not None:
            self.changed()

    # --- time ---------------------------------------------------------------------------------

    def enter(self, section: str) -> None:
        """Say that something in `section` was done now: the time since the last deed was its."""
        gap = self._now() - self._last
        self._last = self._now()
        self.section = section or self.section
        if self.section and 0 < gap <= PAUSE:
            spent = self._content["seconds"]
            spent[self.section] = round(spent.get(self.section, 0) + gap, 1)

    # --- the file -----------------------------------------------------------------------------

    def someone_came(self) -> None:
        """Begin to write: a person touched something."""
        self._writes = os.environ.get(SWITCH, "").lower() != "off"

    @property
    def writes(self) -> bool:
        """Whether deeds are written to disk."""
        return self._writes

    def changed(self) -> None:
        """Write the file if somebody is there; trouble is told, never raised."""
        if not self._writes:
            return
        content = {"format": FORMAT, "workshop": self.workshop, **self._content}
        try:
            write_whole(self.path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
            self.written, self.trouble = True, ""
        except OSError as error:
            self.trouble = say(
                "途中の答えを保存できません: {error}。空き容量と書き込みの権限を確かめてください。",
                error=error.strerror or error,
            )

    def _read(self) -> dict[str, Any]:
        empty: dict[str, Any] = json.loads(json.dumps(_EMPTY))
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return empty
        except (OSError, ValueError):
            return self._set_aside(empty)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            return self._set_aside(empty)
        for key, part in empty.items():
            if isinstance(found.get(key), dict):
                part.update(found[key])
        checks = empty["checks"]
        for name, record in list(checks.items()):
            checks[name] = _untried() | (record if isinstance(record, dict) else {})
        return empty

    def _set_aside(self, empty: dict[str, Any]) -> dict[str, Any]:
        aside = self.path.with_suffix(".broken.json")
        if self._writes:
            try:
                self.path.replace(aside)
            except OSError:
                self._writes = False  # better to write nothing than to destroy what we can't read
        self.trouble = say(
            "途中の答えのファイルを読めなかったので、{path} に移して、新しく始めます。",
            path=aside.name,
        )
        return empty

    # --- what may leave the room --------------------------------------------------------------

    def answers(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """Return the anonymous answer sheet: no drafts, no times of day, minutes rounded.

        Parameters
        ----------
        about : mapping
            What the class had in common: ``version``, ``language``, ``parameters``.
        """
        checks = {
            name: {key: record[key] for key in ("tries", "right", "hints", "solution")}
            for name, record in self._content["checks"].items()
        }
        minutes = {key: round(value / 60, 1) for key, value in self._content["seconds"].items()}
        parts = {"quiz": self._content["quiz"], "checks": checks, "minutes": minutes}
        whole = {"format": "kit-answers/1", "workshop": self.workshop, **about, **parts}
        copied: dict[str, Any] = json.loads(
            json.dumps({**whole, "voices": self._content["voices"]}, ensure_ascii=False)
        )
        return copied


def _untried() -> dict[str, Any]:
    return {"tries": 0, "right": False, "hints": 0, "solution": False}
