"""One run through papermill: a workshop, its parameters, a language → a folder of materials."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

import kit
from kit import course, data, edition, errors
from kit.artefacts import FOLDER as ARTEFACTS
from kit.course import Workshop
from kit.data import sources
from kit.errors import KitError, RunError
from kit.house import home
from kit.language import say, using
from kit.plan import Run
from kit.publish import forms
from kit.publish.material import Material

RECORD = "run.json"
PARTIAL = ".partial"
FAILED = "failed"
SNAPSHOTS = "snapshots.jsonl"
_ALWAYS_READ = ("municipalities", "principles")  # names of towns, titles of principles
_RECORDED = ("papermill", "nbclient", "ipykernel", "pandas", "numpy", "altair", "typst")


@dataclass(frozen=True)
class Result:
    """How one run ended: ``made``, ``unchanged`` or ``failed``; ``error`` says why it failed."""

    label: str
    status: str
    seconds: float = 0.0
    error: str = ""


def carry_out(run: Run, output: Path, *, force: bool = False) -> Result:
    """Make the materials of `run` in its folder below `output`.

    The folder appears whole or not at all; an earlier one stays until the new one is ready.
    A run whose inputs have not changed since is left as it is.

    Parameters
    ----------
    run : Run
        From a plan: its parameters are already checked.
    output : pathlib.Path
        The programme's folder.
    force : bool
        Make it anew although nothing has changed.

    Returns
    -------
    Result
        Failures are results too: nothing that goes wrong in one run stops the others.
    """
    began = time.monotonic()
    mark = _mark(run)
    if not force and _is_current(output / run.folder, mark):
        return Result(run.label, "unchanged")
    staging = (
        output / PARTIAL / f"{os.getpid()}-{hashlib.sha256(run.label.encode()).hexdigest()[:12]}"
    )
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        _make(run, output, staging, mark)
        _swap(staging, output / run.folder)
    except KitError as error:
        return Result(run.label, "failed", time.monotonic() - began, str(error))
    except OSError as error:
        return Result(run.label, "failed", time.monotonic() - began, str(disk_error(error)))
    except Exception as error:
        # A fault of ours in one run must not take the rest of the batch with it.
        text = say("キットの不具合です: {error}", error=f"{type(error).__name__}: {error}")
        return Result(run.label, "failed", time.monotonic() - began, text)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _clear_failure(output, run)
    return Result(run.label, "made", time.monotonic() - began)


def unchanged(run: Run, output: Path) -> bool:
    """Whether the folder of `run` below `output` holds what it would be made to hold again."""
    try:
        return _is_current(output / run.folder, _mark(run))
    except KitError:
        return False  # it will say so when it is carried out


def _mark(run: Run) -> str:
    with using(run.language):
        return fingerprint(run)


def disk_error(error: OSError) -> RunError:
    """Return what an :class:`OSError` means to the person at the keyboard."""
    return RunError(
        say("ファイルを書けませんでした: {reason}", reason=error.strerror or str(error)),
        where=str(error.filename or ""),
        hint=say(
            "空き容量と書き込みの権限を確かめて、もう一度実行してください。"
            "できあがった分は残っています。"
        ),
    )


def _make(run: Run, output: Path, staging: Path, mark: str) -> None:
    workshop = course.workshop(run.workshop)
    durations: dict[str, float] = {}
    snapshots: list[dict[str, Any]] = []
    prepared = edition.prepare(workshop, run.language, run.parameters)
    editions = {
        "participant": edition.participant(prepared, run.language),
        "facilitator": edition.facilitator(prepared),
    }
    for name in run.editions:
        began = time.monotonic()
        work = staging / f"work-{name}"
        work.mkdir()
        editions[name] = _execute(run, editions[name], name, work, output)
        durations[name] = round(time.monotonic() - began, 2)
        snapshots += sources.noted(work / SNAPSHOTS)
    artefacts = staging / "work-facilitator" / ARTEFACTS
    if artefacts.is_dir():
        artefacts.rename(staging / ARTEFACTS)
    for name in run.editions:
        shutil.rmtree(staging / f"work-{name}")

    began = time.monotonic()
    material = Material(
        spec=workshop.localised(run.language),
        language=run.language,
        parameters=run.parameters,
        participant=editions["participant"],
        facilitator=editions["facilitator"],
        programme=run.programme,
        start=run.start,
        citations=tuple(data.citation(name) for name in workshop.spec.datasets),
        version=kit.__version__,
        built=today(),
    )
    with using(run.language):
        for form in forms.asked(run.editions, run.forms):
            (staging / form.file).write_bytes(form.make(material))
    durations["publish"] = round(time.monotonic() - began, 2)
    record = _record(run, workshop, material, mark, durations)
    record["snapshots"] = _once(snapshots)
    record["files"] = sorted(
        path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file()
    )
    (staging / RECORD).write_text(_json(record), encoding="utf-8")


def _execute(run: Run, notebook: NotebookNode, name: str, work: Path, output: Path) -> NotebookNode:
    """Run a notebook in a fresh kernel inside `work`; keep what there is of it if it fails."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from kit import engine

    engine.register()
    source, executed = work / "source.ipynb", work / "executed.ipynb"
    source.write_text(edition.write(notebook), encoding="utf-8")
    deadline = time.monotonic() + run.run_seconds
    try:
        with sources.noted_in(work / SNAPSHOTS):
            papermill.execute_notebook(
                source,
                executed,
                engine_name=engine.NAME,
                kernel_name="python3",
                progress_bar=False,
                cwd=work,
                timeout_func=lambda _: max(1, min(run.cell_seconds, deadline - time.monotonic())),
                record_timing=False,
            )
    except PapermillExecutionError as error:
        cell = notebook.cells[error.cell_index].id
        reason = _reason(error.ename, error.evalue)
    except TimeoutError:
        cell = _unfinished(executed)
        reason = say("時間切れです（1 セル {seconds} 秒まで）。", seconds=run.cell_seconds)
        if time.monotonic() >= deadline:
            reason = say("時間切れです（1 回の実行 {seconds} 秒まで）。", seconds=run.run_seconds)
    except RuntimeError as error:
        cell = _unfinished(executed)
        reason = say("カーネルが止まりました: {error}", error=error)
    else:
        import nbformat

        result: NotebookNode = nbformat.read(executed, as_version=4)
        return result
    kept = _keep_failure(output, run, name, executed)
    shown = ", ".join(f"{k}={v!r}" for k, v in run.parameters.items())
    raise RunError(
        reason,
        where=f"{run.workshop}/workshop.ipynb#{cell} ({name}; {shown})",
        hint=say("途中までのノートブック: {path}", path=kept) if kept else None,
    )


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


def _keep_failure(output: Path, run: Run, name: str, executed: Path) -> Path | None:
    if not executed.exists():
        return None
    kept = output / FAILED / run.folder / f"{name}.ipynb"
    kept.parent.mkdir(parents=True, exist_ok=True)
    executed.replace(kept)
    return kept


def _clear_failure(output: Path, run: Run) -> None:
    shutil.rmtree(output / FAILED / run.folder, ignore_errors=True)


def _swap(staging: Path, final: Path) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    old = staging.with_name(staging.name + "-old")
    if final.exists():
        final.replace(old)
    staging.replace(final)
    shutil.rmtree(old, ignore_errors=True)


def _is_current(folder: Path, mark: str) -> bool:
    record = read_record(folder)
    return (
        record is not None
        and record.get("fingerprint") == mark
        and all((folder / name).is_file() for name in record["files"])
    )


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return what ``run.json`` in `folder` says, or None if there is no whole result there."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return record if isinstance(record, dict) else None
    except (OSError, ValueError):
        return None


def _record(
    run: Run, workshop: Workshop, material: Material, mark: str, durations: Mapping[str, float]
) -> dict[str, Any]:
    spec = material.spec
    town = material.municipality
    return {
        "fingerprint": mark,
        "run": asdict(run) | {"parameters": dict(run.parameters)},
        "title": spec.title,
        "municipality": town and {"code": town.code, "ja": town.name_ja, "en": town.name_en},
        "simulated": spec.simulated,
        "sources": {
            "workshop": hash_folder(workshop.folder),
            **{f"datasets/{n}": digest for n, digest in _datasets(workshop).items()},
        },
        "citations": [citation.line(run.language) for citation in material.citations],
        "versions": _versions(),
        "seconds": dict(durations),
        "built": material.built,
    }


def _once(snapshots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the contents that were read, each once: the editions of a run read the same ones."""
    first = {(one["url"], one["sha256"]): one for one in reversed(snapshots)}
    return list(reversed(first.values()))


def fingerprint(run: Run) -> str:
    """Return a hash of everything that `run` depends on: its inputs, the kit, the libraries."""
    workshop = course.workshop(run.workshop)
    parts = {
        "run": asdict(run) | {"parameters": dict(run.parameters)},
        "workshop": hash_folder(workshop.folder),
        "datasets": _datasets(workshop),
        "kit": hash_folder(home() / "kit"),
        "templates": hash_folder(home() / "templates"),
        "versions": _versions(),
    }
    return hashlib.sha256(_json(parts).encode()).hexdigest()


def _datasets(workshop: Workshop) -> dict[str, str]:
    """Return the datasets a run reads, each with the hash of its files."""
    names = sorted({*workshop.spec.datasets, *_ALWAYS_READ})
    return {name: hash_folder(home() / "datasets" / name) for name in names}


def look_anew() -> None:
    """Forget what files held: another build begins, and they may have changed."""
    _hash_folder_once.cache_clear()


def hash_folder(folder: Path) -> str:
    """Return a hash of the names and contents of all files below `folder`."""
    # One state per process is enough: a build sees the files as they were when it began.
    return _hash_folder_once(folder)


@cache
def _hash_folder_once(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != ".":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {
        "kit": kit.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _RECORDED},
    }


def today() -> str:
    """Return the date that materials made now carry, ISO 8601."""
    # SOURCE_DATE_EPOCH makes a build reproducible (reproducible-builds.org).
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
    return datetime.date.today().isoformat()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
