"""What is kept of a run that failed: its partial notebooks, and how to repeat it."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from kit import course
from kit.errors import KitError
from kit.files import write_whole
from kit.house import home
from kit.plan import FORMS, Run
from kit.spec import Parameter

FOLDER = "failed"
_NOTE = "failure.json"


def keep(run: Run, output: Path, error: str, notebooks: Iterable[tuple[str, Path]]) -> None:
    """Keep a failed run: why, with which parameters, how to repeat it, and how far it came.

    Parameters
    ----------
    run : Run
        It.
    output : pathlib.Path
        The programme's folder.
    error : str
        What was said.
    notebooks : iterable of (str, pathlib.Path)
        Edition → the notebook as it was saved last, which is moved; none if there is no such file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    folder = output / FOLDER / run.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, notebook in notebooks:
        if notebook.is_file():
            notebook.replace(folder / f"{name}.ipynb")
    note = {
        "run": run.label,
        "parameters": dict(run.parameters),
        "error": error,
        "command": command(run, output),
    }
    write_whole(folder / _NOTE, json.dumps(note, ensure_ascii=False, indent=2, default=str) + "\n")


def forget(run: Run, output: Path) -> None:
    """Remove what was kept: the run has gone through."""
    shutil.rmtree(output / FOLDER / run.folder, ignore_errors=True)


def failed(run: Run, output: Path) -> bool:
    """Return whether a run failed the last time it was tried."""
    return (output / FOLDER / run.folder / _NOTE).is_file()


def command(run: Run, output: Path) -> str:
    """Return what is typed to make this run alone again, in one line.

    Parameters
    ----------
    run : Run
        It.
    output : pathlib.Path
        The programme's folder.

    Examples
    --------
    >>> from kit import request
    >>> planned = request.plan(workshops=["rct-letters"], settings=["letters=600"])
    >>> command(planned.runs[0], Path("build/class"))
    'kit build -w rct-letters -m 13201 -l ja --set letters=600 -o build --force'
    """
    words = ["kit", "build"]
    if (home() / "workshops" / f"{output.name}.toml").is_file():
        words.append(output.name)
    words += ["-w", run.workshop, *_settings(run)]
    for form in run.forms if run.forms != FORMS else ():
        words += ["--form", form]
    if run.start:
        words += ["--start", run.start]
    words += ["-o", os.fspath(output.parent), "--force"]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _settings(run: Run) -> list[str]:
    towns: list[str] = []
    settings: list[str] = []
    parameters: tuple[Parameter, ...] = ()
    fitted = False
    with contextlib.suppress(KitError):
        parameters = course.workshop(run.workshop).spec.parameter
    for parameter in parameters:
        value = run.parameters.get(parameter.name, parameter.default)
        if parameter.type == "municipality":
            towns = ["-m", str(value)]
        elif value != parameter.default:
            if f"{parameter.name}-" in run.variant:
                settings += ["--set", f"{parameter.name}={value}"]
            else:
                fitted = True  # its folder is named by what was asked for
    return [*towns, "-l", run.language, *settings, *(["--fit"] if fitted else [])]
