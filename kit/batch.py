"""Many runs at once: each on its own, all reported, none lost when one of them dies."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import psutil

from kit import language, warm
from kit.errors import RunError
from kit.files import write_whole
from kit.language import say
from kit.plan import Plan, Run
from kit.run import PARTIAL, Result, carry_out, disk_error, look_anew, today, unchanged

REPORT = "report.json"


@dataclass(frozen=True)
class Report:
    """What a build did."""

    programme: str
    output: Path
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> list[Result]:
        """The runs that did not go through."""
        return [result for result in self.results if result.status == "failed"]

    def to_json(self) -> str:
        """The report as JSON text."""
        described = {
            "programme": self.programme,
            "output": self.output.name,
            "notes": self.notes,
            "results": [asdict(result) for result in self.results],
        }
        return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def default_jobs() -> int:
    """Return how many runs this machine carries at once: one a core, and 1 GiB for each."""
    memory = psutil.virtual_memory().available // 2**30
    return max(1, min(os.cpu_count() or 1, memory, 8))


def build(
    plan: Plan,
    output: Path,
    *,
    jobs: int | None = None,
    force: bool = False,
    on_result: Callable[[Result], None] = lambda result: None,
) -> Report:
    """Carry out every run of `plan` below ``output/<programme>/`` and write index and report.

    Parameters
    ----------
    plan : Plan
        See :func:`kit.plan.plan`.
    output : pathlib.Path
        Made if it does not exist.
    jobs : int, optional
        Runs at once; by default as many as the machine carries.
    force : bool
        Make unchanged runs anew.
    on_result : callable
        Called in this process as each run ends.

    Raises
    ------
    RunError
        If `output` cannot be written.
    KeyboardInterrupt
        After the workers have been stopped; finished results stay.
    """
    from kit.publish import datapages, daysheet, index

    folder = output / plan.id
    look_anew()
    _make_writable(folder)
    _sweep(folder)
    results: dict[str, Result] = {}
    for result in _results(plan.runs, folder, jobs or default_jobs(), force):
        results[result.label] = result
        on_result(result)
    try:
        days, problems = daysheet.write_days(folder, plan, today())
        notes = (*plan.notes, *map(str, problems))
        report = Report(plan.id, folder, tuple(results[run.label] for run in plan.runs), notes)
        write_whole(folder / REPORT, report.to_json())
        first = plan.programme.languages[0]
        with language.using(first):
            pages = datapages.write(folder, plan.programme.languages)
            title = plan.programme.title_in(first)
            page = index.write(folder, title, report.results, first, pages, days)
        write_whole(folder / "index.html", page)
    except OSError as error:
        raise disk_error(error) from None
    _sweep(folder)
    with contextlib.suppress(OSError):  # another build may still be at work beside this one
        (folder / PARTIAL).rmdir()
    return report


def _make_writable(folder: Path) -> None:
    try:
        (folder / PARTIAL).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder / PARTIAL):
            pass
    except OSError as error:
        raise RunError(
            say("出力先に書けません: {reason}", reason=error.strerror or str(error)),
            where=str(folder),
            hint=say("--output で、書けるフォルダーを指定してください。"),
        ) from None


def _sweep(folder: Path) -> None:
    """Remove what killed builds have left: half-made folders of processes that are gone."""
    for left in (folder / PARTIAL).iterdir():
        pid = left.name.partition("-")[0]
        if not (pid.isdigit() and psutil.pid_exists(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def _results(runs: tuple[Run, ...], folder: Path, jobs: int, force: bool) -> Iterator[Result]:
    """Yield a result for each run, in the order they end."""
    stale = []
    for run in runs:
        if not force and unchanged(run, folder):
            yield Result(run.label, "unchanged")
        else:
            stale.append(run)
    if not stale:
        return
    with warm.kept():
        yield from _made(stale, folder, jobs, force)


def _made(runs: Sequence[Run], folder: Path, jobs: int, force: bool) -> Iterator[Result]:
    caught: list[Run] = []
    with _pool(min(jobs, len(runs))) as pool:
        for run, result in pool.carry_out(runs, folder, force):
            if result is None:
                caught.append(run)
            else:
                yield result
    # A worker died, and the pool with it. Nobody says which run it was: each that was not
    # finished goes again, alone, and the one that kills its worker again is it.
    for run in caught:
        with _pool(1) as pool:
            for _, result in pool.carry_out([run], folder, force):
                yield result or Result(
                    run.label,
                    "failed",
                    error=say("実行中のプロセスが止まりました（メモリ不足かもしれません）。"),
                )


@dataclass(frozen=True)
class _Pool:
    """Worker processes, and a flag that is set when their user presses Ctrl-C."""

    executor: ProcessPoolExecutor
    interrupted: threading.Event

    def carry_out(
        self, runs: Sequence[Run], folder: Path, force: bool
    ) -> Iterator[tuple[Run, Result | None]]:
        """Yield each run with its result as it ends; with None if its worker died.

        Raises
        ------
        KeyboardInterrupt
            Here and nowhere else, so that it can be lost in no callback.
        """
        futures = {self.executor.submit(carry_out, run, folder, force=force): run for run in runs}
        pending = set(futures)
        while pending:
            ended, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            if self.interrupted.is_set():
                raise KeyboardInterrupt
            for future in ended:
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    yield futures[future], None


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[_Pool]:
    """Fresh processes that stop at once when their user is interrupted."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    executor = ProcessPoolExecutor(
        jobs, context, initializer=_begin, initargs=(os.getpid(), stop, language.current())
    )
    with _interruption() as interrupted:
        try:
            yield _Pool(executor, interrupted)
        except BaseException:
            stop.set()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Turn Ctrl-C into a flag; only the main thread of a process can."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _watch(parent: int, stop: Event) -> None:
    while not stop.wait(0.5):
        if os.getppid() != parent:
            break
    # Kernels see that their parent has gone and end by themselves.
    os._exit(130)


def _begin(parent: int, stop: Event, spoken: str) -> None:
    """Set a worker up: it ends with its parent, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, lambda *_: None)
    language.use(spoken)
    threading.Thread(target=_watch, args=(parent, stop), daemon=True).start()
