"""Many runs at once: nothing done twice, each on its own, none lost when one of them dies."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

import psutil

from kit import explain, failure, ledger, lock, pages, warm
from kit.errors import RunError
from kit.explain import Standing
from kit.files import is_aside, put_back, write_whole
from kit.language import NAMES, say
from kit.plan import Plan, Run
from kit.run import PARTIAL, Result, carry_out, disk_error, failed, read_record, staging_of
from kit.workers import WorkerDied, WorkerHung, Workers

REPORT = "report.json"
_PUBLISHING = 180  # seconds that making the files of a run may take at most
_TRIES = 2  # of a run that was cut off


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
            "results": [
                {key: value for key, value in asdict(result).items() if key != "unlucky"}
                for result in self.results
            ],
        }
        return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


@dataclass
class Progress:
    """How far a build is, told as each run ends.

    Parameters
    ----------
    result : Result
        Of the run that has just ended.
    done, total : int
        Runs.
    left : float or None
        Seconds it will still take, as far as can be told.
    """

    result: Result
    done: int
    total: int
    left: float | None = None


@dataclass(frozen=True)
class Options:
    """How a build goes about it.

    Parameters
    ----------
    jobs : int, optional
        Runs at once; by default as many as the machine carries.
    force : bool
        Execute unchanged runs anew.
    memory : int, optional
        MiB that the kernel of a run may hold.
    only_failed : bool
        Carry out only what failed the last time.
    on_progress : callable
        Called in this process as each run ends.
    on_wait : callable
        Called if another build has to be waited for.
    """

    jobs: int | None = None
    force: bool = False
    memory: int | None = None
    only_failed: bool = False
    on_progress: Callable[[Progress], None] = field(default=lambda progress: None)
    on_wait: Callable[[lock.Holder], None] = field(default=lambda holder: None)


def default_jobs() -> int:
    """Return how many runs this machine carries at once: one a core, and 512 MiB for each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory().available // 2**29
    return max(1, min(cores or 1, memory))


def build(plan: Plan, output: Path, **options: object) -> Report:
    """Carry out every run of `plan` below ``output/<programme>/`` and write index and report.

    Parameters
    ----------
    plan : Plan
        See :func:`kit.plan.plan`.
    output : pathlib.Path
        Made if it does not exist.
    **options
        See :class:`Options`.

    Raises
    ------
    RunError
        If `output` cannot be written.
    KeyboardInterrupt
        After the workers have been stopped; finished results stay.
    """
    asked = Options(**options)  # type: ignore[arg-type]
    folder = output / plan.id
    _make_writable(folder)
    with _alone(folder, asked):
        ledger.look_anew()
        _sweep(folder)
        (folder / PARTIAL).mkdir(exist_ok=True)
        results = {result.label: result for result in _results(plan.runs, folder, asked)}
        ended = tuple(results[run.label] for run in plan.runs if run.label in results)
        try:
            notes = (*plan.notes, *_untranslated(plan, folder), *pages.write(folder, plan, ended))
            report = Report(plan.id, folder, ended, notes)
            write_whole(folder / REPORT, report.to_json())
        except OSError as error:
            raise disk_error(error) from None
        _sweep(folder)
    return report


def standings(plan: Plan, output: Path) -> list[tuple[Standing, list[str]]]:
    """Return how every run of `plan` stands below `output`, and why; nothing is made.

    Parameters
    ----------
    plan : Plan
        See :func:`kit.plan.plan`.
    output : pathlib.Path
        Where it was or will be built.
    """
    folder = output / plan.id
    ledger.look_anew()
    return [(one, explain.reasons(one, folder)) for one in _look(plan.runs, folder)]


def _untranslated(plan: Plan, folder: Path) -> Iterator[str]:
    """Say where readers find Japanese because a translation is missing or stale."""
    most: dict[tuple[str, str], int] = {}
    for run in plan.runs:
        found = (read_record(folder / run.folder) or {}).get("fallback", 0)
        most[run.workshop, run.language] = max(found, most.get((run.workshop, run.language), 0))
    for (workshop, language), count in most.items():
        if count:
            yield say(
                "{workshop} の {language} 版には、日本語のままの所が {n} か所あります（kit translate status）。",
                workshop=workshop,
                language=NAMES.get(language, language),
                n=count,
            )


def _make_writable(folder: Path) -> None:
    try:
        (folder / PARTIAL).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder / PARTIAL):
            pass
        ledger.folder_for(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            say("出力先に書けません: {reason}", reason=error.strerror or str(error)),
            where=str(folder),
            hint=say("--output で、書けるフォルダーを指定してください。"),
        ) from None


def _alone(folder: Path, options: Options) -> contextlib.AbstractContextManager[None]:
    return lock.held(ledger.folder_for(folder) / "lock", options.on_wait)


def _sweep(folder: Path) -> None:
    """Clear away what killed builds have left; nobody else is at work here."""
    if not (folder / PARTIAL).is_dir():
        return
    for left in (folder / PARTIAL).iterdir():
        if is_aside(left):
            _put_back(left, folder)
        shutil.rmtree(left, ignore_errors=True)
    with contextlib.suppress(OSError):
        (folder / PARTIAL).rmdir()


def _put_back(aside: Path, folder: Path) -> None:
    """Return a result that was just being replaced when its build was killed."""
    run = (read_record(aside) or {}).get("run", {})
    with contextlib.suppress(OSError, KeyError, TypeError):
        put_back(aside, folder / run["workshop"] / run["variant"] / run["language"])


def _results(runs: Sequence[Run], folder: Path, options: Options) -> Iterator[Result]:
    """Yield a result for each run, in the order they end."""
    began = time.monotonic()
    todo: list[Standing] = []
    done = 0
    for standing in _standing(runs, folder, options):
        if standing.todo != explain.NOTHING:
            todo.append(standing)
            continue
        done += 1
        result = Result(standing.run.label, "unchanged")
        options.on_progress(Progress(result, done, len(runs)))
        yield result
    if not todo:
        return
    expected = _expected(todo)
    left = sum(expected.values())
    began = time.monotonic()
    for result in _made(sorted(todo, key=lambda one: -expected[one.run.label]), folder, options):
        done += 1
        left -= expected[result.label]
        ahead = (time.monotonic() - began) * left / max(sum(expected.values()) - left, 1e-9)
        options.on_progress(Progress(result, done, len(runs), max(ahead, 0.0)))
        yield result


def _standing(runs: Sequence[Run], folder: Path, options: Options) -> Iterator[Standing]:
    if options.only_failed:
        for run in runs:
            if failure.failed(run, folder):
                yield Standing(run, explain.EXECUTE)
            elif read_record(folder / run.folder):
                yield Standing(run, explain.NOTHING)
    elif options.force:
        yield from (Standing(run, explain.EXECUTE) for run in runs)
    else:
        yield from _look(runs, folder)


def _look(runs: Sequence[Run], folder: Path) -> Iterator[Standing]:
    """Yield how each run stands; hashing lets other threads go on."""
    pool = ThreadPoolExecutor(default_jobs())
    try:
        yield from pool.map(explain.look, runs, [folder] * len(runs))
    finally:
        pool.shutdown(cancel_futures=True)


def _expected(todo: Sequence[Standing]) -> dict[str, float]:
    """Return how long each run will take: as the last time, or as others of its workshop did."""
    known: dict[str, list[float]] = {}
    for one in todo:
        if one.seconds is not None:
            for key in (one.run.workshop, ""):
                known.setdefault(key, []).append(one.seconds)
    typical = {key: statistics.median(seconds) for key, seconds in known.items()}
    return {
        one.run.label: one.seconds
        if one.seconds is not None
        else typical.get(one.run.workshop, typical.get("", 1.0))
        for one in todo
    }


def _made(todo: Sequence[Standing], folder: Path, options: Options) -> Iterator[Result]:
    """Carry out what has to be, and yield results as runs end."""
    executes = any(one.todo == explain.EXECUTE for one in todo)
    with (
        _interruption() as interrupted,
        warm.kept() if executes else contextlib.nullcontext(),
        _workers(min(options.jobs or default_jobs(), len(todo))) as workers,
    ):
        crew = _Crew(workers, folder, options)
        for one in todo:
            crew.begin(one.run)
        yield from crew.results(interrupted)


class _Crew:
    """The runs that are under way."""

    def __init__(self, workers: Workers, folder: Path, options: Options) -> None:
        self.workers = workers
        self.folder = folder
        self.options = options
        self.under_way: dict[Future[Result], tuple[Run, int]] = {}
        self.ended: SimpleQueue[Future[Result]] = SimpleQueue()

    def begin(self, run: Run, tries: int = 1) -> None:
        """Have a run carried out; for the second time without what may have been the cause."""
        future = self.workers.submit_for(
            _longest(run),
            carry_out,
            run,
            self.folder,
            force=self.options.force and tries == 1,
            cold=tries > 1,
            memory=self.options.memory,
        )
        self.under_way[future] = run, tries
        future.add_done_callback(self.ended.put)

    def results(self, interrupted: threading.Event) -> Iterator[Result]:
        """Yield results as runs end.

        Raises
        ------
        KeyboardInterrupt
            Here and nowhere else, so that it can be lost in no callback.
        """
        while self.under_way:
            if interrupted.is_set():
                raise KeyboardInterrupt
            try:
                future = self.ended.get(timeout=0.1)
            except Empty:
                continue
            run, tries = self.under_way.pop(future)
            result = self._result(future, run)
            if result.unlucky and tries < _TRIES:
                self.begin(run, tries + 1)
            else:
                yield result

    def _result(self, future: Future[Result], run: Run) -> Result:
        try:
            return future.result()
        except CancelledError:
            raise KeyboardInterrupt from None
        except WorkerDied as died:
            told = say("実行中のプロセスが止まりました（メモリ不足かもしれません）。")
            if isinstance(died, WorkerHung):
                told = say("時間切れです（{seconds} 秒まで）。", seconds=_longest(run))
            staging = staging_of(run, self.folder, died.pid)
            return failed(run, self.folder, RunError(told, where=run.label), staging, unlucky=True)


def _longest(run: Run) -> int:
    """Return the seconds after which a run hangs: its own limits must have ended it long before."""
    return len(run.editions) * run.run_seconds + _PUBLISHING


@contextlib.contextmanager
def _workers(jobs: int) -> Iterator[Workers]:
    """Fresh processes, gone with all they have started when the block is left in any way."""
    workers = Workers(jobs)
    try:
        yield workers
    finally:
        workers.stop()


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
