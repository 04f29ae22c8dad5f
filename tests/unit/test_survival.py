"""What a batch survives by: whole files, a lock, watched memory, workers one can lose, kept failures."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import failure, files, lock, opened, request, watch
from kit.errors import ParameterError
from kit.workers import WorkerDied, WorkerHung, Workers

Furnish = Callable[..., Path]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    files.put_folder(tmp_path / "new", tmp_path / "old")
    assert [p.name for p in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old" / "new").exists()


def test_a_folder_that_cannot_be_put_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
    replace = Path.replace

    def fail(self: Path, to: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return replace(self, to)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        files.put_folder(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").is_dir()


def test_a_durable_file_is_synced_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    files.write_whole(tmp_path / "a", "1")
    assert synced == []
    files.write_whole(tmp_path / "a", "2", durable=True)
    assert len(synced) == (1 if os.name == "nt" else 2)


# Lock, memory, reads, workers


def test_a_lock_is_waited_for_and_names_its_holder(tmp_path: Path) -> None:
    path, told, order = tmp_path / "lock", [], []
    inside = threading.Event()

    def other() -> None:
        with lock.held(path):
            inside.set()
            time.sleep(0.3)
            order.append("other")

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait()
    with lock.held(path, told.append):
        order.append("mine")
    thread.join()
    assert order == ["other", "mine"]
    (holder,) = told
    assert holder.pid == os.getpid() and re.fullmatch(r"\d\d:\d\d", holder.since)


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from kit import lock\n"
        "with lock.held(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE
    )
    assert process.stdout and process.stdout.readline() == b"held\n"
    process.kill()
    process.wait()
    process.stdout.close()
    waited: list[lock.Holder] = []
    with lock.held(tmp_path / "lock", waited.append):
        assert not waited


def test_memory_over_the_limit_ends_the_process() -> None:
    code = "x = bytearray(120 << 20); import time; time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code])
    looking = watch.Watch(process.pid, 60)
    assert process.wait(20) != 0
    looking.stop()
    assert looking.exceeded


def test_what_a_notebook_opens_is_noted_once(tmp_path: Path) -> None:
    code = (
        "from kit import opened, data; opened.load_ipython_extension(None)\n"
        "for _ in range(2): (opened.home() / 'datasets/municipalities/municipalities.csv').read_bytes()\n"
        "open(__import__('os').devnull)"
    )
    notes = tmp_path / "notes"
    environment = {**os.environ, opened.NOTES: str(notes)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert notes.read_text("utf-8") == "municipalities\n"
    assert opened.noted(notes) == ("municipalities",)
    assert opened.noted(tmp_path / "none") == ()


def test_a_dead_worker_costs_its_own_call_only() -> None:
    with Workers(2) as workers:
        dies = workers.submit(os._exit, 3)
        hangs = workers.submit_for(0.2, time.sleep, 60)
        raises = workers.submit(int, "x")
        good = [workers.submit(pow, 2, n) for n in range(5)]
        assert [future.result(30) for future in good] == [1, 2, 4, 8, 16]
        with pytest.raises(WorkerHung):
            hangs.result(30)
        with pytest.raises(WorkerDied):
            dies.result(30)
        with pytest.raises(ValueError, match="'x'"):
            raises.result(30)
    assert not [p for p in multiprocessing.active_children() if p.name == "kit-worker"]


# Failures


def test_a_failure_is_kept_with_the_command_that_repeats_it(
    workshop_in: Furnish, tmp_path: Path
) -> None:
    workshop_in("ok")
    settings = ["number=5", "team=福祉 課; rm -rf $HOME"]
    (one,) = request.plan(settings=settings, forms=["page"], start="13:30").runs
    notebook = tmp_path / "half.ipynb"
    notebook.write_text("{}")
    failure.keep(one, tmp_path / "class", "だめ", [("participant", notebook)])
    assert failure.failed(one, tmp_path / "class") and not notebook.exists()
    note = json.loads(next(tmp_path.rglob("failure.json")).read_text("utf-8"))
    assert note["parameters"]["number"] == 5 and note["error"] == "だめ"
    if os.name != "nt":
        words = subprocess.run(
            ["sh", "-c", f"printf '%s\\n' {note['command']}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        assert words[words.index("number=5") + 2] == settings[1]
        assert words[-2:] == [str(tmp_path), "--force"]
    failure.forget(one, tmp_path / "class")
    assert not failure.failed(one, tmp_path / "class")


@pytest.mark.parametrize("text", ["", "2X", "-1G", "0", "たくさん"])
def test_a_wrong_amount_of_memory_is_told(text: str) -> None:
    from kit.cli_build import mebibytes

    with pytest.raises(ParameterError, match="2G"):
        mebibytes(text)
