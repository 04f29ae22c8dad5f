"""Which datasets a notebook reads: noted by its kernel, so that a run depends on these alone.

An IPython extension that :mod:`kit.execution` asks its kernels to load. It listens to Python's own
audit events (PEP 578), so whatever opens a file is heard: :func:`kit.data.load`, a simulated town,
or ``open`` in a cell.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from kit.house import home

NOTES = "KIT_READS"  # names the file to note in


def load_ipython_extension(shell: Any) -> None:
    """Begin to note, into the file that ``KIT_READS`` names."""
    to = os.environ.get(NOTES)
    if not to:
        return
    rooms = [str(folder) + os.sep for folder in _spellings(home() / "datasets")]
    seen: set[str] = set()

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str):
            return
        for room in rooms:
            if arguments[0].startswith(room):
                name = arguments[0][len(room) :].partition(os.sep)[0]
                if name not in seen:
                    seen.add(name)
                    with open(to, "a", encoding="utf-8") as file:  # noqa: PTH123
                        file.write(name + "\n")

    sys.addaudithook(listen)


def _spellings(folder: Path) -> set[Path]:
    """Return the ways a folder may be named: a link in it may have been followed or not."""
    return {folder, folder.resolve()}


def noted(path: Path) -> tuple[str, ...]:
    """Return what was noted in a file; nothing if there is none."""
    try:
        return tuple(sorted(set(path.read_text(encoding="utf-8").split("\n")) - {""}))
    except OSError:
        return ()
