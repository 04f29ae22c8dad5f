"""A batch that is killed, again and again, ends as if nobody had touched it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from kit import batch, failure, ledger, request
from kit.plan import Plan
from kit.run import PARTIAL, RECORD

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(os.name == "nt", reason="signals are POSIX"),
]
Furnish = Callable[..., Path]
NUMBERS = (1, 2, 3, 4)
COMMAND = [
    *(sys.executable, "-m", "kit", "--speak", "ja", "build", "-j", "2"),
    *("--form", "notebook", "--form", "page"),
    *(word for n in NUMBERS for word in ("--set", f"number={n}")),
]


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")


def planned() -> Plan:
    return request.plan(forms=["notebook", "page"], settings=[f"number={n}" for n in NUMBERS])


def contents(folder: Path) -> dict[str, Any]:
    """Return every file of a build, durations taken out."""
    found: dict[str, Any] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        found[name] = path.read_bytes()
        if path.name == RECORD:
            record = json.loads(found[name])
            assert record["seal"] == ledger.seal(record)
            found[name] = {k: v for k, v in record.items() if k not in ("seconds", "seal")}
        elif name == batch.REPORT:
            found[name] = [r["label"] for r in json.loads(found[name])["results"]]
    return found


def killed(output: Path, seconds: float, how: signal.Signals = signal.SIGKILL) -> float:
    """Start a build, kill it after some seconds, and return how long it took to end."""
    process = subprocess.Popen(
        [*COMMAND, "-o", str(output)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(how)
    began = time.monotonic()
    process.wait(30)
    return time.monotonic() - began


def whole(output: Path) -> list[Path]:
    return sorted((output / "class").glob(f"ok/*/*/{RECORD}"))


def test_a_batch_killed_at_several_moments_ends_the_same(
    workshop_in: Furnish, tmp_path: Path
) -> None:
    workshop_in("ok", "import time\ntime.sleep(0.2)\nnumber * 2", "print('答え', number)")
    began = time.monotonic()
    assert not batch.build(planned(), tmp_path / "calm", jobs=2).failed
    took = time.monotonic() - began
    before: dict[Path, bytes] = {}
    for part in (0.3, 0.6, 0.8):
        killed(tmp_path / "rough", took * part)
        records = whole(tmp_path / "rough")
        for path in records:
            record = json.loads(path.read_text("utf-8"))
            assert ledger.damaged(path.parent, record) == []
        # What was finished stays finished, and is not made again.
        assert {path: path.read_bytes() for path in before} == before
        before = {path: path.read_bytes() for path in records}
    report = batch.build(planned(), tmp_path / "rough", jobs=2)
    assert not report.failed
    assert {path: path.read_bytes() for path in before} == before
    assert contents(tmp_path / "rough" / "class") == contents(tmp_path / "calm" / "class")
    assert not (report.output / PARTIAL).exists()


def test_a_result_that_was_being_replaced_comes_back(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("ok", "number")
    plan = request.plan(forms=["notebook"])
    report = batch.build(plan, tmp_path)
    folder = report.output / plan.runs[0].folder
    # Between the two renames of a replacement, the power goes.
    aside = report.output / PARTIAL / "1-abc-old"
    aside.parent.mkdir()
    folder.rename(aside)
    assert [r.status for r in batch.build(plan, tmp_path).results] == ["unchanged"]
    assert (folder / "participant.ipynb").exists()


def test_a_lost_file_is_made_again_without_a_kernel(
    workshop_in: Furnish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop_in("ok", "from pathlib import Path\nnumber\nPath('x').touch()")
    plan = request.plan(forms=["notebook", "page"])
    report = batch.build(plan, tmp_path)
    path = report.output / plan.runs[0].folder / "facilitator.ipynb"
    first = path.read_bytes()
    path.write_bytes(first.replace(b"number", b"nmuber"))
    monkeypatch.setattr(batch.warm, "kept", lambda: pytest.fail("a kernel was wanted"))
    assert [r.status for r in batch.build(plan, tmp_path).results] == ["made"]
    assert path.read_bytes() == first


def test_retrying_makes_what_had_failed_and_nothing_else(
    workshop_in: Furnish, tmp_path: Path
) -> None:
    workshop_in("fine", "number")
    gate = tmp_path / "gate"
    workshop_in("needs", f"from pathlib import Path\nassert Path({str(gate)!r}).exists()")
    plan = request.plan(forms=["notebook"])
    (failed,) = batch.build(plan, tmp_path / "out").failed
    folder = tmp_path / "out" / "class" / failure.FOLDER / failed.label
    assert (folder / "participant.ipynb").exists()
    note = json.loads((folder / "failure.json").read_text("utf-8"))
    assert note["command"] == failed.command and " -w needs " in failed.command
    assert note["parameters"]["number"] == 3 and "#cell-0" in note["error"]
    gate.touch()
    report = batch.build(plan, tmp_path / "out", only_failed=True)
    assert {r.label.split("/")[0]: r.status for r in report.results} == {
        "fine": "unchanged",
        "needs": "made",
    }
    assert not folder.exists()


def test_too_much_memory_is_told(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("eats", "import time\nx = bytearray(900 << 20)\ntime.sleep(60)")
    plan = request.plan(forms=["notebook"], editions=["participant"])
    (failed,) = batch.build(plan, tmp_path, memory=600).failed
    assert "600 MB" in failed.error and "#cell-0" in failed.error


def test_a_kernel_that_dies_once_is_tried_again(workshop_in: Furnish, tmp_path: Path) -> None:
    once = tmp_path / "once"
    workshop_in(
        "frail",
        f"import os\nfrom pathlib import Path\nonce = Path({str(once)!r})\n"
        "if not once.exists():\n    once.touch()\n    os._exit(1)",
    )
    report = batch.build(request.plan(forms=["notebook"], editions=["participant"]), tmp_path)
    assert [r.status for r in report.results] == ["made"]
    assert not (report.output / failure.FOLDER / report.results[0].label).exists()


def test_ctrl_c_stops_at_once_and_leaves_nothing_running(
    workshop_in: Furnish, house: Path, tmp_path: Path
) -> None:
    workshop_in("ok", "import time\ntime.sleep(60)")
    process = subprocess.Popen(
        [*COMMAND, "-o", str(tmp_path)], stderr=subprocess.PIPE, start_new_session=True
    )
    family: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while not list((tmp_path / "class" / PARTIAL).glob("*/work-participant/executed.ipynb")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    family = psutil.Process(process.pid).children(recursive=True)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert time.monotonic() - began < 5  # 2 s, on a machine that is not busy
    assert process.returncode == 130 and "Traceback" not in told.decode()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert family and not alive
    assert not whole(tmp_path)


def test_a_second_build_waits_for_the_first(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("ok", "import time\ntime.sleep(1)")
    plan = request.plan(forms=["notebook"], editions=["participant"])
    waited: list[object] = []
    reports: list[batch.Report] = []

    def go() -> None:
        reports.append(batch.build(plan, tmp_path, on_wait=waited.append))

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waited) == 1
    assert sorted(r.results[0].status for r in reports) == ["made", "unchanged"]
