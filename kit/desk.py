"""``kit open``: a participant's notebook put on the table, and JupyterLab or a page opened on it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kit import course, edition, request
from kit.errors import RunError
from kit.language import current, say, using
from kit.plan import Run
from kit.room import furnishing
from kit.run import disk_error

DESK = "desk"
ROOM = ".room"  # beside the notebook: what the Jupyter that is started there needs


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
        handed = edition.deliver(notebook, outputs=False, readings=workshop.spec.readings)
        text = edition.write(handed)
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


def launch(path: Path, *, browser: bool, app: bool = False) -> int:
    """Start JupyterLab on the notebook at `path`, or a page without code, until it is closed.

    Its kernels meet mistakes with :mod:`kit.room`; the settings of the machine's own Jupyter are
    left as they are.

    Parameters
    ----------
    path : pathlib.Path
        From :func:`place`.
    browser : bool
        Whether a browser is opened.
    app : bool
        Open it in Voilà.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    RunError
        If what is to start is not installed beside the kit, or the folder cannot be written.
    """
    name, module = ("Voilà", "voila") if app else ("JupyterLab", "jupyterlab")
    command = [sys.executable, "-m", module, path.name]
    if not browser:
        command.append("--no-browser")
    try:
        environment = {**os.environ, **furnishing.surround(path.resolve().parent / ROOM)}
    except OSError as error:
        raise disk_error(error) from None
    try:
        if importlib.util.find_spec(module) is None:
            raise ModuleNotFoundError(say("入っていません"))
        return subprocess.run(command, cwd=path.parent, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0  # how people close it
    except (OSError, ModuleNotFoundError) as error:
        raise RunError(
            say("{name} を始められません: {error}", name=name, error=error),
            hint=say("kit doctor で調べてください。"),
        ) from None
