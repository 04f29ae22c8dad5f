"""One build at a time in one folder."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PAUSE = 0.2  # seconds between two looks
_PLACE = 1 << 30  # of the byte Windows locks: beyond the text, which stays readable


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: its process and when it began (``"13:30"``, a date before it if needed)."""

    pid: int
    since: str


@contextlib.contextmanager
def held(path: Path, on_wait: Callable[[Holder], None] = lambda holder: None) -> Iterator[None]:
    """Hold the lock `path` inside a ``with`` block; wait for whoever holds it.

    Parameters
    ----------
    path : pathlib.Path
        A file that says who holds it. It stays when the lock is given up.
    on_wait : callable
        Called once, if there is somebody to wait for.

    Raises
    ------
    OSError
        If the file cannot be written.

    Notes
    -----
    The lock is the system's, on the open file. However a process ends, by ``kill -9`` or a power
    cut, it holds nothing afterwards, so no lock is ever left over. On a file system without locks
    nobody is kept waiting.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        told = False
        while not _taken(file):
            if not told:
                on_wait(holder(path))
                told = True
            time.sleep(_PAUSE)
        try:
            _sign(file)
            yield
        finally:
            _give_up(file)


def holder(path: Path) -> Holder:
    """Return who has signed a lock last; process 0 if nobody has."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        began = datetime.datetime.fromisoformat(said["since"])
        today = began.date() == datetime.datetime.now().date()
        return Holder(int(said["pid"]), f"{began:%H:%M}" if today else f"{began:%Y-%m-%d %H:%M}")
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(0, "?")


def _sign(file: IO[bytes]) -> None:
    since = datetime.datetime.now().isoformat(timespec="seconds")
    file.truncate(0)
    file.write(json.dumps({"pid": os.getpid(), "since": since}).encode() + b"\n")
    file.flush()


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _taken(file: IO[Any]) -> bool:
        return _locking(file, msvcrt.LK_NBLCK)  # type: ignore[attr-defined]

    def _give_up(file: IO[Any]) -> None:
        _locking(file, msvcrt.LK_UNLCK)  # type: ignore[attr-defined]

    def _locking(file: IO[Any], how: int) -> bool:
        file.seek(_PLACE)
        try:
            msvcrt.locking(file.fileno(), how, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: IO[Any]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # no locks here
        return True

    def _give_up(file: IO[Any]) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
