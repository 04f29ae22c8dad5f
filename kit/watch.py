"""A limit on the memory of a kernel.

Watched, not given to the system: ``RLIMIT_AS`` counts addresses, and a forked kernel starts with
gigabytes of those that it will never touch (V8, which draws the charts, asks for them), so a limit
that lets it start would stop nothing. What counts is what it holds: its proportional share (PSS)
where the system tells it, since a warm kernel shares most of its libraries with the others.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import psutil

MEBIBYTE = 1 << 20
_PAUSE = 0.25  # seconds between two looks


class Watch:
    """Ends a process and all it has started as soon as they hold more than the limit.

    It begins at once; :meth:`stop` is to be called in the end.

    Parameters
    ----------
    pid : int
        The process.
    limit : int or None
        MiB; None watches nothing.

    Attributes
    ----------
    exceeded : bool
        Whether it had to.
    """

    def __init__(self, pid: int, limit: int | None) -> None:
        self.exceeded = False
        self._pid = pid
        self._limit = (limit or 0) * MEBIBYTE
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True) if limit else None
        if self._thread:
            self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_PAUSE):
            if memory(self._pid, self._limit) > self._limit:
                self.exceeded = True
                end(self._pid)
                return


def memory(pid: int, enough: int = 0) -> int:
    """Return the bytes that a process and all it has started hold; 0 if it has ended.

    Parameters
    ----------
    pid : int
        The process.
    enough : int
        Where their resident memory is no more than this, their share is not worked out: it can
        only be smaller, and the system has to walk through every page for it.

    Examples
    --------
    >>> import os
    >>> memory(os.getpid()) > 1_000_000
    True
    """
    resident = shared = 0
    for process in _family(pid):
        with contextlib.suppress(psutil.Error):
            resident += process.memory_info().rss
    if resident <= enough:
        return resident
    for process in _family(pid):
        with contextlib.suppress(psutil.Error):
            full = process.memory_full_info()
            shared += getattr(full, "pss", full.rss)
    return shared


def end(pid: int) -> None:
    """Kill a process and all it has started, groups and sessions of their own included."""
    for process in [*_family(pid)]:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _family(pid: int) -> Iterator[psutil.Process]:
    try:
        first = psutil.Process(pid)
        yield first
        yield from first.children(recursive=True)
    except psutil.Error:
        return
