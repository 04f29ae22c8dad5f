"""One run: a workshop, its parameters, a language → a folder of materials."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

import kit
from kit import course, data, edition, failure, hashes, kept, ledger
from kit.artefacts import FOLDER as ARTEFACTS
from kit.course import Workshop
from kit.errors import KitError, RunError
from kit.execution import SNAPSHOTS, Unlucky, execute, partial
from kit.files import put_folder
from kit.hashes import hash_folder
from kit.house import home
from kit.language import say, using
from kit.plan import Run
from kit.publish import forms
from kit.publish.material import Material

__all__ = [
    "FAILED",
    "PARTIAL",
    "RECORD",
    "SNAPSHOTS",
    "Result",
    "carry_out",
    "disk_error",
    "hash_folder",
    "read_record",
    "today",
]

RECORD = "run.json"
PARTIAL = ".partial"
FAILED = failure.FOLDER
_RECORDED = ("papermill", "nbclient", "ipykernel", "pandas", "numpy", "altair", "typst")


@dataclass(frozen=True)
class Result:
    """How one run ended.

    Parameters
    ----------
    label : str
        The run.
    status : {"made", "unchanged", "failed"}
        ``made`` also if only its files were made again, from outputs that were kept.
    seconds : float
        How long it took.
    error : str
        Why it failed.
    command : str
        What repeats a failed run.
    unlucky : bool
        Whether it was cut off (out of time, a dead process), so that another try may go through.
    """

    label: str
    status: str
    seconds: float = 0.0
    error: str = ""
    command: str = ""
    unlucky: bool = False


def carry_out(
    run: Run, output: Path, *, force: bool = False, cold: bool = False, memory: int | None = None
) -> Result:
    """Make the materials of `run` in its folder below `output`.

    The folder appears whole or not at all; an earlier one stays until the new one is ready. Cells
    whose outputs are kept and depend on nothing that has changed are not executed again.

    Parameters
    ----------
    run : Run
        From a plan: its parameters are already checked.
    output : pathlib.Path
        The programme's folder.
    force : bool
        Execute it anew although nothing has changed.
    cold : bool
        Start its kernels anew instead of forking them.
    memory : int, optional
        MiB that each of its kernels may hold.

    Returns
    -------
    Result
        Failures are results too: nothing that goes wrong in one run stops the others.
    """
    began = time.monotonic()
    staging = staging_of(run, output, os.getpid())
    unlucky = False
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        _make(_Making(run, output, staging, force, cold, memory))
        put_folder(staging, output / run.folder)
        failure.forget(run, output)
        return Result(run.label, "made", time.monotonic() - began)
    except KitError as error:
        told, unlucky = error, isinstance(error, Unlucky)
    except OSError as error:
        told = disk_error(error)
    except Exception as error:
        # A fault of ours in one run must not take the rest of the batch with it.
        told = RunError(
            say("キットの不具合です: {error}", error=f"{type(error).__name__}: {error}")
        )
    result = failed(run, output, told, staging, time.monotonic() - began, unlucky=unlucky)
    shutil.rmtree(staging, ignore_errors=True)
    return result


def failed(
    run: Run,
    output: Path,
    error: KitError,
    staging: Path,
    seconds: float = 0.0,
    *,
    unlucky: bool = False,
) -> Result:
    """Return the result of a run that failed, having kept what there is of it.

    Parameters
    ----------
    run : Run
        It.
    output : pathlib.Path
        The programme's folder.
    error : KitError
        What went wrong.
    staging : pathlib.Path
        Where it was being made: :func:`staging_of`.
    seconds : float
        How long it took.
    unlucky : bool
        See :class:`Result`.
    """
    notebooks = {name: partial(_work(staging, name)) for name in run.editions}
    halfway = next((name for name, path in notebooks.items() if path.is_file()), None)
    if halfway and error.hint is None:
        path = output / FAILED / run.folder / f"{halfway}.ipynb"
        error.hint = say("途中までのノートブック: {path}", path=path)
    try:
        failure.keep(run, output, str(error), notebooks.items())
    except OSError:
        if halfway:
            error.hint = None  # a full disk keeps nothing; the error itself is told all the same
    command = failure.command(run, output)
    return Result(run.label, "failed", seconds, str(error), command, unlucky)


def staging_of(run: Run, output: Path, pid: int) -> Path:
    """Return the folder in which the process `pid` makes a run."""
    return output / PARTIAL / f"{pid}-{hashlib.sha256(run.label.encode()).hexdigest()[:12]}"


def _work(staging: Path, name: str) -> Path:
    return staging / f"work-{name}"


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


@dataclass(frozen=True)
class _Making:
    """One run being made: what was asked, and where it comes together."""

    run: Run
    output: Path
    staging: Path
    force: bool
    cold: bool
    memory: int | None


def _make(making: _Making) -> None:
    run, staging = making.run, making.staging
    workshop = course.workshop(run.workshop)
    with using(run.language):
        publishing = ledger.publishing(run)
    prepared = edition.prepare(workshop, run.language, run.parameters)
    editions = {
        "participant": edition.participant(prepared, run.language),
        "facilitator": edition.facilitator(prepared),
    }
    outcomes: dict[str, kept.Outcome] = {}
    for name in run.editions:
        outcomes[name] = _outcome(making, name, editions[name])
        editions[name] = outcomes[name].put_into(editions[name])

    began = time.monotonic()
    artefacts = [item for outcome in outcomes.values() for item in outcome.artefacts.items()]
    kept.write_artefacts(artefacts, staging / ARTEFACTS)
    material = _material(run, workshop, editions)
    with using(run.language):
        for form in forms.asked(run.editions, run.forms):
            (staging / form.file).write_bytes(form.make(material))
    record = {
        **_record(run, workshop, material),
        "execution": {name: outcome.parts for name, outcome in outcomes.items()},
        "publishing": publishing,
        "reads": {name: outcome.reads for name, outcome in outcomes.items()},
        "snapshots": _once([one for outcome in outcomes.values() for one in outcome.snapshots]),
        "seconds": {name: outcome.seconds for name, outcome in outcomes.items()}
        | {"publish": round(time.monotonic() - began, 2)},
        "sha256": dict(_hashes(staging)),
    }
    record["files"] = sorted(record["sha256"])
    record["seal"] = ledger.seal(record)
    (staging / RECORD).write_text(_json(record), encoding="utf-8")
    folder = ledger.folder_for(making.output)
    hashes.keep_trees(folder, [publishing, *(outcome.parts for outcome in outcomes.values())])


def _outcome(making: _Making, name: str, notebook: NotebookNode) -> kept.Outcome:
    """Return what the cells of an edition put out: what is kept of it, or executed now."""
    run = making.run
    path = kept.path(ledger.folder_for(making.output), run, name)
    earlier = None if making.force else kept.read(path)
    with using(run.language):
        if earlier and earlier.parts == ledger.execution(run, name, earlier.reads):
            return earlier
        work = _work(making.staging, name)
        work.mkdir()
        outcome = execute(run, name, notebook, work, cold=making.cold, memory=making.memory)
    kept.write(outcome, path)
    shutil.rmtree(work)
    return outcome


def _material(run: Run, workshop: Workshop, editions: Mapping[str, NotebookNode]) -> Material:
    return Material(
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


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), hashes.hash_file(path)


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return what ``run.json`` in `folder` says, or None if there is no whole result there."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return record if isinstance(record, dict) else None
    except (OSError, ValueError):
        return None


def _record(run: Run, workshop: Workshop, material: Material) -> dict[str, Any]:
    spec = material.spec
    town = material.municipality
    datasets = sorted({*workshop.spec.datasets, *ledger.ALWAYS_READ})
    return {
        "run": asdict(run) | {"parameters": dict(run.parameters)},
        "title": spec.title,
        "municipality": town and {"code": town.code, "ja": town.name_ja, "en": town.name_en},
        "simulated": spec.simulated,
        # Blocks that a reader of this language finds in Japanese.
        "fallback": material.facilitator.metadata.get("kit", {}).get("fallback", 0),
        "sources": {
            "workshop": hash_folder(workshop.folder),
            **{f"datasets/{n}": hash_folder(home() / "datasets" / n) for n in datasets},
        },
        "citations": [citation.line(run.language) for citation in material.citations],
        "versions": _versions(),
        "built": material.built,
    }


def _once(snapshots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the contents that were read, each once: the editions of a run read the same ones."""
    first = {(one["url"], one["sha256"]): one for one in reversed(snapshots)}
    return list(reversed(first.values()))


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
