"""Measure what one move of a slider costs: ``python -m benchmarks.room`` prints a Markdown table.

Every panel of every workshop, and the power explorer, is moved as a browser moves it: from the
message that arrives to the drawing that leaves. The first move, which loads the drawing engine, is
told apart. Each workshop is measured in a fresh process, in the town and with the values it has by
default.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.ask import Panel

MOVES = 40
LIMIT = 0.1  # seconds: beyond it a hand feels that the picture comes late
EXPLORER = "kit.evidence.power_explorer"


def main() -> None:
    """Print the table."""
    print("| what | measured |\n| --- | --- |")
    for what, measured in rows():
        print(f"| {what} | {measured} |")


def rows() -> list[tuple[str, str]]:
    """Median and worst of the moves of every panel, and the first one."""
    from kit import course

    found = []
    for id in (*course.workshop_ids(), EXPLORER):
        code = f"from benchmarks.room import once; once({id!r})"
        with tempfile.TemporaryDirectory() as folder:  # a notebook saves into its own folder
            told = subprocess.run(
                [sys.executable, "-c", code],
                check=True,
                stdout=subprocess.PIPE,
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(Path.cwd()), "KIT_PROGRESS": "off"},
            ).stdout
        # What the notebook prints stands before.
        found += [row(id, moves) for moves in json.loads(told.splitlines()[-1])]
    return found


def row(id: str, moves: list[float]) -> tuple[str, str]:
    """Return one line of the table."""
    first, *rest = (1000 * seconds for seconds in moves)
    late = sum(milliseconds > 1000 * LIMIT for milliseconds in rest)
    return f"one move of a panel (`{id}`)", (
        f"{statistics.median(rest):.0f} ms (worst of {len(rest)}: {max(rest):.0f} ms, "
        f"{late} over {1000 * LIMIT:.0f} ms; the first {first:.0f} ms)"
    )


def once(id: str) -> None:
    """Move the panels of a workshop, or the explorer, and print the seconds of each as JSON."""
    from kit import evidence

    if id == EXPLORER:
        plan = {"baseline": 0.22, "effect": 0.04, "per_group": 900, "likeness": 0.05}
        panels = [evidence.power_explorer(**plan)]
    else:
        panels = panels_of(id)
    print(json.dumps([list(timed(panel)) for panel in panels]))


def panels_of(id: str) -> list[Panel]:
    """Run a workshop's notebook here and return the panels it makes."""
    import nbformat

    from kit import course, lessons
    from kit.ask import Panel

    made: list[Panel] = []

    class Noted(Panel):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            made.append(self)

    def panel(self: lessons.Lesson, view: Any, **controls: Any) -> Panel:
        return Noted(view, controls)

    setattr(lessons.Lesson, "panel", panel)  # noqa: B010
    room: dict[str, Any] = {"display": lambda *shown: None}
    notebook = nbformat.read(course.workshop(id).notebook_path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{id}:{cell.get('id')}", "exec"), room)
    return made


def timed(panel: Panel) -> Iterator[float]:
    """Move each control in turn, to and fro over its whole way; yield the seconds of each move."""
    for turn in range(MOVES + 1):
        name = list(panel.controls)[turn % len(panel.controls)]
        message = {"kind": "set", "values": {name: place(panel, name, turn)}, "turn": str(turn)}
        began = time.perf_counter()
        panel._live.hear(message)
        yield time.perf_counter() - began
        assert panel._live.state["answered"] == str(turn)


def place(panel: Panel, name: str, turn: int) -> float:
    """Return where a control is moved to in this turn: no two turns the same."""
    field = panel.controls[name].field(panel.values[name])
    if field["kind"] == "choice":
        return int(turn % len(field["options"]))
    share = (turn * 0.381966) % 1  # the golden section: steps that never repeat
    return float(field["low"] + share * (field["high"] - field["low"]))


if __name__ == "__main__":
    main()
