"""Processes that carry out calls, behind the interface of :class:`concurrent.futures.Executor`.

The standard pool gives up as a whole when one of its processes dies. Here each call has a process
to itself while it lasts: when that dies, or takes longer than it may, one call fails and no other.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection, wait
from typing import Any

from kit import language, watch

_SPAWN = multiprocessing.get_context("spawn")


class WorkerDied(Exception):
    """The process that carried out a call has ended; ``pid`` is the one it had."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


class WorkerHung(WorkerDied):
    """It was ended, with all it had started, because it took longer than it may."""


class Workers(Executor):
    """Processes started when they are needed, each used for one call after the other.

    Parameters
    ----------
    jobs : int
        How many at once.

    Examples
    --------
    >>> with Workers(1) as workers:  # doctest: +SKIP
    ...     workers.submit(pow, 2, 10).result()
    1024
    """

    def __init__(self, jobs: int) -> None:
        # Each thread only waits for its process.
        self._threads = ThreadPoolExecutor(jobs)
        self._lock = threading.Lock()
        self._idle: deque[_Worker] = deque()
        self._all: set[_Worker] = set()
        self._stopped = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have ``fn(*args, **kwargs)`` called in a process.

        Raises
        ------
        WorkerDied
            From the future, if the process ends before the call does.
        """
        return self._threads.submit(self._call, None, fn, args, kwargs)

    def submit_for(
        self, seconds: float, fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Do the same, for no longer than `seconds` once it has begun.

        Raises
        ------
        WorkerHung
            From the future, if it takes longer.
        """
        return self._threads.submit(self._call, seconds, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let what was submitted end (unless cancelled), then the processes."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        self.stop()

    def stop(self) -> None:
        """End every process at once, with all it has started, whatever it is doing."""
        with self._lock:
            self._stopped = True
            workers = list(self._all)
        for worker in workers:
            worker.end()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _call(
        self,
        seconds: float | None,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        worker = self._take()
        try:
            good, value = worker.call(seconds, fn, args, kwargs)
        except BaseException:
            worker.end()
            with self._lock:
                self._all.discard(worker)
            raise
        self._idle.append(worker)
        if not good:
            raise value
        return value

    def _take(self) -> _Worker:
        with self._lock:
            if self._stopped:
                raise WorkerDied(0)
            if self._idle:
                return self._idle.pop()
            worker = _Worker()
            self._all.add(worker)
            return worker


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self) -> None:
        self._pipe, its = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=_serve, args=(its, language.current()), daemon=True, name="kit-worker"
        )
        with _undisturbed():
            self._process.start()
        its.close()

    def call(
        self,
        seconds: float | None,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> tuple[bool, Any]:
        """Return whether the call has returned, and what it has returned or raised."""
        pid = self._process.pid or 0
        try:
            self._pipe.send((fn, args, kwargs))
            if not wait([self._pipe, self._process.sentinel], seconds):
                raise WorkerHung(pid)
            answer: tuple[bool, Any] = self._pipe.recv()
        except (EOFError, OSError):
            raise WorkerDied(pid) from None
        return answer

    def end(self) -> None:
        """End the process, and whatever it has started."""
        if self._process.is_alive():
            watch.end(self._process.pid or 0)
        self._process.join()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Ctrl-C from a process that is just starting, which would answer with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, spoken: str) -> None:
    """Be a worker: it ends with its parent, and leaves Ctrl-C to it."""
    # Not ignored: kernels would inherit that, and could not be interrupted.
    signal.signal(signal.SIGINT, lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    language.use(spoken)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except EOFError:
            return
        try:
            answer = (True, fn(*args, **kwargs))
        except Exception as error:
            answer = (False, error)
        pipe.send(answer)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    # Kernels see that their parent has gone and end by themselves.
    os._exit(130)
