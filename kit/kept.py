"""What the cells of an edition have put out, kept so that it can be published again unrun.

One archive for each run and edition lies in the programme's ledger: outputs by the ids of cells,
what the class takes home, and the parts it all depends on. Text around the cells is not in it: it
is put together with the notebook as that reads now, so a corrected sentence costs no execution.
The archive tells by itself whether it is whole, and it is on the disk before anything is built on
it: everything else in a build can be made again from it in a moment.
"""

from __future__ import annotations

import copy
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from kit.files import write_whole
from kit.ledger import Parts
from kit.plan import Run

_PARTS, _OUTPUTS, _ARTEFACTS = "parts.json", "outputs.json", "artefacts/"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content is the same archive
_DAMAGED = (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Outcome:
    """What executing an edition has brought.

    Parameters
    ----------
    parts : dict of str to str
        What it depends on: :func:`kit.ledger.execution`.
    reads : tuple of str
        What it was seen to read.
    cells : mapping of str to dict
        Cell id → ``outputs`` and ``execution_count``.
    metadata : mapping
        What the kernel has added to the notebook's own: widgets' states, the language's name.
    artefacts : mapping of str to bytes
        Relative path → content of what the class takes home.
    snapshots : tuple of dict
        What was read from the web.
    seconds : float
        How long it took.
    """

    parts: Parts
    reads: tuple[str, ...] = ()
    cells: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    artefacts: Mapping[str, bytes] = field(default_factory=dict)
    snapshots: tuple[dict[str, Any], ...] = ()
    seconds: float = 0.0

    def put_into(self, notebook: NotebookNode) -> NotebookNode:
        """Return the edition `notebook` as if it had just been executed.

        Parameters
        ----------
        notebook : NotebookNode
            Its code cells are those that were executed; it is left as it is.

        Examples
        --------
        >>> import nbformat
        >>> cell = nbformat.v4.new_code_cell("1 + 1", id="sum")
        >>> outcome = Outcome({}, cells={"sum": {"outputs": [], "execution_count": 7}})
        >>> outcome.put_into(nbformat.v4.new_notebook(cells=[cell])).cells[0].execution_count
        7
        """
        filled = copy.deepcopy(notebook)
        for cell in filled.cells:
            if cell.cell_type == "code":
                cell.update(from_dict(copy.deepcopy(dict(self.cells[cell.id]))))
        filled.metadata.update(from_dict(copy.deepcopy(dict(self.metadata))))
        return filled


def outputs_of(executed: NotebookNode) -> dict[str, dict[str, Any]]:
    """Return the outputs of an executed notebook by the ids of its cells."""
    return {
        cell.id: {"outputs": cell.outputs, "execution_count": cell.execution_count}
        for cell in executed.cells
        if cell.cell_type == "code"
    }


def path(ledger: Path, run: Run, name: str) -> Path:
    """Return where the outcome of an edition lies."""
    return ledger / "executed" / run.folder / f"{name}.zip"


def write(outcome: Outcome, to: Path) -> None:
    """Write an outcome; when this returns, a power cut does not undo it.

    Raises
    ------
    OSError
        If it cannot be written; what was there stays.
    """
    described = {"parts": outcome.parts, "reads": outcome.reads, "seconds": outcome.seconds}
    put_out = {
        "cells": outcome.cells,
        "metadata": outcome.metadata,
        "snapshots": outcome.snapshots,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in (
            (_PARTS, _json(described)),
            (_OUTPUTS, _json(put_out)),
            *((_ARTEFACTS + name, content) for name, content in outcome.artefacts.items()),
        ):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_whole(to, buffer.getvalue(), durable=True)


def read(of: Path) -> Outcome | None:
    """Return an outcome, or None if there is none or it is damaged."""
    try:
        with zipfile.ZipFile(of) as archive:
            described = json.loads(archive.read(_PARTS))
            put_out = json.loads(archive.read(_OUTPUTS))
            artefacts = {
                name.removeprefix(_ARTEFACTS): archive.read(name)
                for name in archive.namelist()
                if name.startswith(_ARTEFACTS)
            }
        return Outcome(
            dict(described["parts"]),
            tuple(described["reads"]),
            dict(put_out["cells"]),
            dict(put_out["metadata"]),
            artefacts,
            tuple(put_out["snapshots"]),
            float(described["seconds"]),
        )
    except _DAMAGED:
        return None


def parts_of(of: Path) -> tuple[Parts, tuple[str, ...]] | None:
    """Return what an outcome depends on and what it has read; None if there is no whole one."""
    try:
        with zipfile.ZipFile(of) as archive:
            if archive.testzip() is not None:
                return None
            described = json.loads(archive.read(_PARTS))
        return dict(described["parts"]), tuple(described["reads"])
    except _DAMAGED:
        return None


def write_artefacts(artefacts: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Lay what the class takes home below `folder`.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    for name, content in artefacts:
        to = folder / name
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(content)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()
