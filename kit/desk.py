"""``kit open``: a participant's notebook put on the table, and JupyterLab opened on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kit import course, edition, request
from kit.errors import RunError
from kit.language import current, say, using
from kit.plan import Run
from kit.run import disk_error

DESK = "desk"


def place(
    id: str,
    municipalities: Sequence[str],
    languages: Sequence[str],
    settings: Sequence[str],
    output: Path,
) -> Path:
    """Make the participant's notebook, unexecuted, and return where it lies.

    A notebook that somebody has already written in is never overwritten: it is opened as it is.

    Raises
    ------
    KitError
        As ``kit build`` would.
    """
    workshop = course.workshop(id)
    spoken = current() if current() in workshop.spec.languages else "ja"
    planned = request.plan(
        workshops=[id],
        municipalities=municipalities,
        languages=languages or [spoken],
        settings=settings,
    )
    paths = [lay(run, output / DESK) for run in planned.runs]
    return paths[0]


def lay(run: Run, folder: Path) -> Path:
    """Write the participant's notebook of `run` below `folder`, unless it is already there."""
    workshop = course.workshop(run.workshop)
    with using(run.language):
        prepared = edition.prepare(workshop, run.language, run.parameters)
        notebook = edition.participant(prepared, run.language)
        text = edition.write(edition.deliver(notebook, outputs=False))
    path = folder / run.folder / f"{run.workshop}.ipynb"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # "x" refuses to touch what a participant may have been working on.
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return path
    except OSError as error:
        raise disk_error(error) from None
    return path


def launch(path: Path, *, browser: bool) -> int:
    """Start JupyterLab on `path` and return its exit code.

    News pop-ups are off: they ask the internet, and they cover the notebook.

    Raises
    ------
    RunError
        If JupyterLab is not installed beside the kit.
    """
    command = [sys.executable, "-m", "jupyterlab", path.name]
    if not browser:
        command.append("--no-browser")
    environment = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(_settings(path.parent))}
    try:
        return subprocess.run(command, cwd=path.parent, env=environment, check=False).returncode
    except OSError as error:
        raise RunError(
            say("JupyterLab を始められません: {error}", error=error.strerror),
            hint=say("kit doctor で調べてください。"),
        ) from None


def _settings(folder: Path) -> Path:
    settings = folder / ".lab"
    plugin = settings / "@jupyterlab" / "apputils-extension"
    plugin.mkdir(parents=True, exist_ok=True)
    (plugin / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}\n', encoding="utf-8"
    )
    return settings
