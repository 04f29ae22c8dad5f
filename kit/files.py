"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

_ASIDE = "-old"


def write_whole(path: Path, content: str | bytes, *, durable: bool = False) -> None:
    """Write `content` to `path` so that nobody ever reads half of it.

    Parameters
    ----------
    path : pathlib.Path
        Its folder must exist. What was there stays until the new content is complete.
    content : str or bytes
        Text is written as UTF-8, its line ends as they are.
    durable : bool
        Return only when it would survive a power cut.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            _sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the system write down which names a folder holds; Windows does so by itself."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def put_folder(made: Path, to: Path) -> None:
    """Let the finished folder `made` take the place of `to`.

    The earlier one is set aside beside `made` for the moment between two renames, which no system
    does as one; :func:`put_back` mends what is interrupted there.

    Parameters
    ----------
    made : pathlib.Path
        On the same disk as `to`.
    to : pathlib.Path
        May exist or not.

    Raises
    ------
    OSError
        If it cannot be put there; what was there stays.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    aside = made.with_name(made.name + _ASIDE)
    shutil.rmtree(aside, ignore_errors=True)
    if to.exists():
        to.replace(aside)
    try:
        made.replace(to)
    except OSError:
        put_back(aside, to)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def put_back(aside: Path, to: Path) -> None:
    """Return a folder that was set aside to its place, if nothing has come there meanwhile."""
    if aside.exists() and not to.exists():
        aside.replace(to)


def is_aside(path: Path) -> bool:
    """Return whether a folder is one that :func:`put_folder` has set aside."""
    return path.name.endswith(_ASIDE)
