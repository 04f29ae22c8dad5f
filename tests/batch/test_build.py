"""A batch survives what happens to it: broken cells, dead workers, kills, full disks."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pytest
from conftest import copy_room

from kit import batch, request
from kit.run import PARTIAL, RECORD

pytestmark = pytest.mark.kernel
Furnish = Callable[..., Path]
posix = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")


def build(output: Path, **options: object) -> batch.Report:
    return batch.build(request.plan(forms=["notebook"]), output, jobs=2, **options)  # type: ignore[arg-type]


def results(report: batch.Report) -> dict[str, batch.Result]:
    return {result.label.split("/")[0]: result for result in report.results}


def test_one_broken_notebook_does_not_stop_the_others(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("fine", "number + 1")
    workshop_in("raises", "number + 1", "1 / 0")
    workshop_in("kills-its-kernel", "import os", "os._exit(1)")
    report = build(tmp_path)
    ended = results(report)
    assert ended["fine"].status == "made"
    assert ended["raises"].status == "failed"
    assert "ZeroDivisionError" in ended["raises"].error
    assert "#cell-1" in ended["raises"].error and "13201" in ended["raises"].error
    assert ended["kills-its-kernel"].status == "failed"
    kept = report.output / "failed" / report.failed[0].label / "participant.ipynb"
    assert kept.exists()
    assert json.loads((report.output / "report.json").read_text("utf-8"))["results"]
    assert not (report.output / PARTIAL).exists()
    page = (report.output / "index.html").read_text("utf-8")
    assert "ZeroDivisionError" in page


def test_a_cell_that_never_ends_is_stopped(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("sleeps", "import time\ntime.sleep(600)")
    plan = request.plan(forms=["notebook"])
    runs = [type(run)(**{**run.__dict__, "cell_seconds": 3}) for run in plan.runs]
    began = time.monotonic()
    report = batch.build(type(plan)(plan.id, plan.programme, tuple(runs)), tmp_path)
    assert time.monotonic() - began < 60
    assert "3 秒" in report.failed[0].error and "#cell-0" in report.failed[0].error


def test_a_mistake_of_the_learners_is_told_without_a_traceback(
    workshop_in: Furnish, tmp_path: Path
) -> None:
    workshop_in("asks", "import kit\nkit.data.load('nowhere')")
    report = build(tmp_path)
    assert "nowhere" in report.failed[0].error and "Traceback" not in report.failed[0].error


def test_an_unchanged_run_costs_nothing(workshop_in: Furnish, tmp_path: Path) -> None:
    folder = workshop_in("fine", "number + 1")
    assert results(build(tmp_path))["fine"].status == "made"
    assert results(build(tmp_path))["fine"].status == "unchanged"
    notebook = folder / "workshop.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("number + 1", "number + 2"), "utf-8")
    assert results(build(tmp_path))["fine"].status == "made"
    (tmp_path / "class" / "fine" / "13201-hachioji" / "ja" / "participant.ipynb").unlink()
    assert results(build(tmp_path))["fine"].status == "made"
    assert results(build(tmp_path, force=True))["fine"].status == "made"


def test_a_failed_rebuild_keeps_the_earlier_result(workshop_in: Furnish, tmp_path: Path) -> None:
    folder = workshop_in("fine", "number + 1")
    build(tmp_path)
    result = tmp_path / "class" / "fine" / "13201-hachioji" / "ja"
    before = (result / "participant.ipynb").read_bytes()
    notebook = folder / "workshop.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("number + 1", "1 / 0"), "utf-8")
    assert build(tmp_path).failed
    assert (result / "participant.ipynb").read_bytes() == before


def test_every_whole_result_carries_its_provenance(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("fine", "number + 1")
    build(tmp_path)
    folder = tmp_path / "class" / "fine" / "13201-hachioji" / "ja"
    record = json.loads((folder / RECORD).read_text("utf-8"))
    assert record["run"]["parameters"]["number"] == 3
    assert len(record["sources"]["workshop"]) == 64
    assert record["versions"]["papermill"]
    assert set(record["files"]) == {"participant.ipynb", "facilitator.ipynb"}
    assert record["seconds"]["participant"] > 0


def start(output: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kit", "--speak", "ja", "build", "--form", "notebook"]
    return subprocess.Popen(
        [*command, "-j", "2", "-o", str(output), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.1)


def kernels(house: Path) -> list[psutil.Process]:
    """Return the kernels of a build in `house`: cold ones, and those forked from its nursery."""
    running = {process.pid: process for process in of_build(house)}
    return [
        process
        for process in running.values()
        if "ipykernel" in command(process) or process.ppid() in nurseries(running.values())
    ]


def of_build(house: Path) -> list[psutil.Process]:
    """Return every kernel and nursery of a build in `house`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            kind = command(process)
            ours = "ipykernel" in kind or "kit.warm" in kind
            if ours and process.environ().get("KIT_HOME") == str(house):
                found.append(process)
    return found


def nurseries(running: Iterable[psutil.Process]) -> set[int]:
    return {process.pid for process in running if "kit.warm" in command(process)}


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return ""


@posix
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_build_leaves_no_half_result_and_goes_on(
    workshop_in: Furnish, house: Path, tmp_path: Path, kill: signal.Signals
) -> None:
    workshop_in("quick", "number + 1")
    workshop_in(
        "slow", "import time\ntime.sleep(20 if __import__('os').environ.get('SLOW') else 0)"
    )
    os.environ["SLOW"] = "1"
    try:
        process = start(tmp_path)
        quick = tmp_path / "class" / "quick" / "13201-hachioji" / "ja" / RECORD
        wait_for(quick.exists)
        wait_for(lambda: bool(kernels(house)))
        os.kill(process.pid, kill)
        _, errors = process.communicate(timeout=30)
    finally:
        del os.environ["SLOW"]
    if kill == signal.SIGINT:
        assert process.returncode == 130
        assert "中断" in errors.decode() and "Traceback" not in errors.decode()
    assert not (tmp_path / "class" / "slow").exists()
    wait_for(lambda: not of_build(house))
    report = build(tmp_path)
    assert {name: result.status for name, result in results(report).items()} == {
        "quick": "unchanged",
        "slow": "made",
    }
    assert not (report.output / PARTIAL).exists()


@posix
def test_a_killed_worker_costs_no_other_run(
    workshop_in: Furnish, house: Path, tmp_path: Path
) -> None:
    # The cell kills the worker that is holding its kernel, every time it runs.
    workshop_in("kills-its-worker", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    for name in ("one", "two", "three"):
        workshop_in(name, "number + 1")
    ended = results(build(tmp_path))
    assert {name: result.status for name, result in ended.items()} == {
        "kills-its-worker": "failed",
        "one": "made",
        "two": "made",
        "three": "made",
    }
    assert "止まりました" in ended["kills-its-worker"].error


@posix
def test_a_full_disk_is_told_and_loses_nothing(workshop_in: Furnish, tmp_path: Path) -> None:
    folder = workshop_in("fine", "number + 1")
    build(tmp_path)
    kept = tmp_path / "class" / "fine" / "13201-hachioji" / "ja" / "participant.ipynb"
    before = kept.read_bytes()
    notebook = folder / "workshop.ipynb"
    notebook.write_text(
        notebook.read_text("utf-8").replace("number + 1", "print('x' * 400_000)"), "utf-8"
    )
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "from kit.cli import main\n"
        f"sys.argv = ['kit', '--speak', 'ja', 'build', '--form', 'notebook', '-o', {str(tmp_path)!r}]\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    path = tmp_path / "limited.py"
    path.write_text(script)
    ended = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "空き容量" in ended.stderr and "Traceback" not in ended.stderr
    assert kept.read_bytes() == before


@posix
@pytest.mark.skipif(os.name == "posix" and os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("fine", "number + 1")
    tmp_path.chmod(0o500)
    process = start(tmp_path / "out")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2 and "--output" in errors.decode()


def break_notebook(house: Path) -> None:
    path = house / "workshops" / "fine" / "workshop.ipynb"
    path.write_text(path.read_text("utf-8")[:300], "utf-8")


def lose_catalogue(house: Path) -> None:
    path = house / "workshops" / "fine" / "workshop.toml"
    path.write_text(path.read_text("utf-8").replace('["ja"]', '["ja", "en"]'), "utf-8")


def corrupt_table(house: Path) -> None:
    path = copy_room(house, "datasets") / "administrative-procedures" / "procedures.csv"
    path.write_bytes(path.read_bytes()[:5000] + b"\xff\xfe,,,\n")


def corrupt_municipalities(house: Path) -> None:
    path = copy_room(house, "datasets") / "municipalities" / "municipalities.csv"
    path.write_bytes(path.read_bytes()[:700] + b"\xff\xfe,,,\n")


@pytest.mark.parametrize(
    ("damage", "words", "told"),
    [
        (break_notebook, [], "workshop.ipynb"),
        (lose_catalogue, ["-l", "en"], "en.po"),
        (corrupt_table, [], "procedures.csv"),
        (corrupt_municipalities, [], "municipalities.csv"),
    ],
)
def test_what_is_damaged_is_named(
    workshop_in: Furnish,
    house: Path,
    tmp_path: Path,
    damage: Callable[[Path], None],
    words: list[str],
    told: str,
) -> None:
    workshop_in("fine", "import kit\nkit.data.load('administrative-procedures')")
    damage(house)
    process = start(tmp_path / "out", *words)
    _, errors = process.communicate(timeout=120)
    assert process.returncode in (1, 2)
    assert told in errors.decode(), errors.decode()
    assert "Traceback" not in errors.decode()
    assert not (tmp_path / "out" / "class" / "fine").exists()
