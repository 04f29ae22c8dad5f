"""One edition through papermill: a notebook → what its cells put out."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from kit import edition, errors, kept, ledger, opened
from kit.artefacts import FOLDER as ARTEFACTS
from kit.data import sources
from kit.errors import KitError, RunError
from kit.language import say
from kit.plan import Run

SNAPSHOTS = "snapshots.jsonl"
_EXECUTED = "executed.ipynb"


class Unlucky(RunError):
    """A run that was cut off by a time-out or a dead process: another try may go through."""


def execute(
    run: Run,
    name: str,
    notebook: NotebookNode,
    work: Path,
    *,
    cold: bool = False,
    memory: int | None = None,
) -> kept.Outcome:
    """Execute the edition `name` of a run in a fresh kernel.

    Parameters
    ----------
    run : Run
        From a plan.
    name : {"participant", "facilitator"}
        The edition.
    notebook : NotebookNode
        That edition, prepared.
    work : pathlib.Path
        An empty folder to work in; what there is of the notebook lies there after a failure.
    cold : bool
        Start the kernel anew instead of forking it.
    memory : int, optional
        MiB the kernel may hold.

    Raises
    ------
    Unlucky
        If it ran out of time, or the kernel died.
    RunError
        If a cell failed, or it held too much memory.
    """
    began = time.monotonic()
    before = ledger.execution(run, name)
    with _noting(work), _kernels(cold):
        executed = _through_papermill(run, name, notebook, work, memory)
    artefacts = _artefacts(work / ARTEFACTS)
    reads = set(opened.noted(work / opened.NOTES))
    if any(file.endswith(".pdf") for file in artefacts):
        reads.add(ledger.MEMO)
    if name != "facilitator":
        artefacts = {}  # a class takes home what the finished exercises make
    return kept.Outcome(
        parts=ledger.execution(run, name, reads) | before,
        reads=tuple(sorted(reads)),
        cells=kept.outputs_of(executed),
        metadata={
            key: value
            for key, value in executed.metadata.items()
            if key != "papermill" and notebook.metadata.get(key) != value
        },
        artefacts=artefacts,
        snapshots=tuple(sources.noted(work / SNAPSHOTS)),
        seconds=round(time.monotonic() - began, 2),
    )


def partial(work: Path) -> Path:
    """Return where an execution in `work` keeps what there is of its notebook."""
    return work / _EXECUTED


def _through_papermill(
    run: Run, name: str, notebook: NotebookNode, work: Path, memory: int | None
) -> NotebookNode:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from kit import engine

    engine.register()
    source, executed = work / "source.ipynb", partial(work)
    source.write_text(edition.write(notebook), encoding="utf-8")
    deadline = time.monotonic() + run.run_seconds
    kind: type[RunError] = Unlucky
    try:
        papermill.execute_notebook(
            source,
            executed,
            engine_name=engine.NAME,
            kernel_name="python3",
            progress_bar=False,
            cwd=work,
            timeout_func=lambda _: max(1, min(run.cell_seconds, deadline - time.monotonic())),
            memory=memory,
            record_timing=False,
        )
    except PapermillExecutionError as error:
        cell = notebook.cells[error.cell_index].id
        reason, kind = _reason(error.ename, error.evalue), RunError
    except TimeoutError:
        cell = _unfinished(executed)
        reason = say("時間切れです（1 セル {seconds} 秒まで）。", seconds=run.cell_seconds)
        if time.monotonic() >= deadline:
            reason = say("時間切れです（1 回の実行 {seconds} 秒まで）。", seconds=run.run_seconds)
    except engine.OutOfMemory:
        cell = _unfinished(executed)
        reason, kind = say("メモリを使いすぎました（{limit} MB まで）。", limit=memory), RunError
    except RuntimeError as error:
        cell = _unfinished(executed)
        reason = say("カーネルが止まりました: {error}", error=error)
    else:
        import nbformat

        result: NotebookNode = nbformat.read(executed, as_version=4)
        return result
    shown = ", ".join(f"{k}={v!r}" for k, v in run.parameters.items())
    raise kind(reason, where=f"{run.workshop}/workshop.ipynb#{cell} ({name}; {shown})")


@contextlib.contextmanager
def _noting(work: Path) -> Iterator[None]:
    """Let the kernel note what it reads, from here and from the web."""
    os.environ[opened.NOTES] = str((work / opened.NOTES).absolute())
    try:
        with sources.noted_in(work / SNAPSHOTS):
            yield
    finally:
        del os.environ[opened.NOTES]


def _kernels(cold: bool) -> contextlib.AbstractContextManager[None]:
    from kit import engine

    return engine.cold() if cold else contextlib.nullcontext()


def _artefacts(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _reason(kind: str, value: str) -> str:
    # A KitError already speaks to the person; anything else needs its kind to be understood.
    if issubclass(getattr(errors, kind, Exception), KitError):
        return value
    return f"{kind}: {value}"


def _unfinished(executed: Path) -> str:
    """Return the id of the cell papermill was in when it stopped, from the notebook it saved."""
    try:
        cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return "?"
    for cell in cells:
        if cell["metadata"].get("papermill", {}).get("status") in ("running", "failed"):
            return str(cell["id"])
    done = [c["id"] for c in cells if c["metadata"].get("papermill", {}).get("end_time")]
    return str(done[-1]) if done else "?"
