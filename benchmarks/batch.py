"""Measure what executing one notebook costs in each way: ``python -m benchmarks.batch``.

The participant's edition of a real workshop is executed by every way in turn, round after round, so
that a slow minute of the machine falls on all alike. The text of what the cells put out has to be
the same everywhere. Ratios of medians within one run are what can be compared; the floor is the
processor time of the cells alone, in a process that has everything loaded already.
"""

from __future__ import annotations

import contextlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from kit import course, edition, engine, language, warm

ROUNDS = 3
WORKSHOP = "rct-letters"
_DEFAULT = "JUPYTER_DEFAULT_PROVISIONER_NAME"
Way = Callable[[Path, Path], None]


def papermill_cli(source: Path, made: Path) -> None:
    """Start papermill anew for each notebook."""
    _command("papermill", "--no-progress-bar", source, made, "--cwd", made.parent)


def nbconvert(source: Path, made: Path) -> None:
    """Start ``jupyter nbconvert --execute`` anew for each notebook."""
    output = ("--output", made.name, "--output-dir", made.parent)
    _command("nbconvert", "--to", "notebook", "--execute", source, *output)


def papermill_loop(source: Path, made: Path) -> None:
    """Call papermill in this process."""
    import papermill

    papermill.execute_notebook(source, made, progress_bar=False, cwd=made.parent)


def nbclient(source: Path, made: Path) -> None:
    """Call nbclient in this process."""
    from nbclient import NotebookClient

    notebook = nbformat.read(source, as_version=4)
    NotebookClient(notebook, timeout=600).execute(cwd=str(made.parent))
    nbformat.write(notebook, made)


def ours(source: Path, made: Path) -> None:
    """Execute as ``kit build`` does, with a kernel from a nursery if one is kept."""
    import papermill

    engine.register()
    papermill.execute_notebook(
        source,
        made,
        engine_name=engine.NAME,
        progress_bar=False,
        cwd=made.parent,
        timeout_func=lambda _: 600,
        record_timing=False,
    )


def main() -> None:
    """Print the table."""
    with language.using("ja"), tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        source = folder / "source.ipynb"
        source.write_text(edition.write(_notebook()), encoding="utf-8")
        began = time.perf_counter()
        with warm.kept() as there:
            start_up = time.perf_counter() - began
            assert there, warm.reason_for_cold()
            seconds = dict(_measured(source, folder))
        floor = _floor(source, folder)
    cores = os.cpu_count() or 1
    print(f"{cores} cores, Python {platform.python_version()}, {sys.platform}; ", end="")
    print(f"nursery ready in {start_up:.1f} s, floor {floor:.2f} s of one core\n")
    fastest = seconds["ours, 1 job"]
    print("| way | seconds a run | times ours |\n| --- | --- | --- |")
    for way, taken in seconds.items():
        print(f"| {way} | {taken:.2f} | {taken / fastest:.1f} |")


def _measured(source: Path, folder: Path) -> Iterator[tuple[str, float]]:
    ways: dict[str, Way] = {
        "papermill, command": papermill_cli,
        "nbconvert --execute, command": nbconvert,
        "papermill, in a loop": papermill_loop,
        "nbclient, in a loop": nbclient,
        "ours, 1 job": ours,
    }
    taken: dict[str, list[float]] = {way: [] for way in ways}
    told: dict[str, str] = {}
    for turn in range(ROUNDS):
        for number, (way, execute) in enumerate(ways.items()):
            made = folder / f"{turn}-{number}" / "made.ipynb"
            made.parent.mkdir()
            with _cold(execute is not ours):
                began = time.perf_counter()
                execute(source, made)
                taken[way].append(time.perf_counter() - began)
            told[way] = _said(made)
    assert len(set(told.values())) == 1, "the ways do not agree on what the cells put out"
    yield from ((way, statistics.median(each)) for way, each in taken.items())
    for way, execute in (("papermill, 2 processes", papermill_loop), ("ours, 2 jobs", ours)):
        with _cold(execute is not ours):
            yield way, _in_two_processes(way, execute, source, folder)


def _in_two_processes(way: str, execute: Way, source: Path, folder: Path, runs: int = 8) -> float:
    """Return the seconds a run takes when two processes share the work, once they have started."""
    room = folder / way.replace(", ", "-").replace(" ", "-")
    places = [room / str(number) / "made.ipynb" for number in range(runs + 2)]
    for place in places:
        place.parent.mkdir(parents=True)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(execute, [source] * 2, places[:2]))  # imports are paid once a process
        began = time.perf_counter()
        list(pool.map(execute, [source] * runs, places[2:]))
        return (time.perf_counter() - began) / runs


@contextlib.contextmanager
def _cold(really: bool) -> Iterator[None]:
    """Start kernels as ever meanwhile."""
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    name = "local-provisioner" if really else before
    factory.default_provisioner_name = os.environ[_DEFAULT] = name
    try:
        yield
    finally:
        factory.default_provisioner_name = os.environ[_DEFAULT] = before


def _notebook() -> NotebookNode:
    workshop = course.workshop(WORKSHOP)
    prepared = edition.prepare(workshop, "ja", workshop.validate({}))
    return edition.participant(prepared, "ja")


def _command(module: str, *words: object) -> None:
    subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _said(path: Path) -> str:
    """Return the text of all outputs; what is random by nature (ids of widgets) is not text."""
    notebook = nbformat.read(path, as_version=4)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    return "\n".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in outputs)


def _floor(source: Path, folder: Path) -> float:
    """Return the processor seconds of the cells alone, the second time in one process."""
    code = (
        "import os, sys, time, nbformat\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "cells = [c.source for c in nbformat.read(sys.argv[1], 4).cells if c.cell_type == 'code']\n"
        "def go():\n"
        "    began = time.process_time()\n"
        "    for cell in cells: shell.run_cell(cell).raise_error()\n"
        "    return time.process_time() - began\n"
        "go(); print('\\nfloor', go())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(source)],
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout
    return float(told.rsplit("floor", 1)[1])


if __name__ == "__main__":
    main()
