"""Measure what a class pays for: starting, one run, its pages, its towns. Prints a Markdown table.

Every figure is a median of several fresh processes or calls, on the machine it is run on.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import room, worlds
from kit import batch, language, request

REPEATS = 5


def seconds(code: str) -> float:
    """Return the median wall-clock seconds of `code` in a fresh Python process."""
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def start_up() -> list[tuple[str, str]]:
    """What ``import kit`` and opening a lesson cost beside pandas and altair."""
    base = seconds("import pandas, altair")
    light = seconds("import kit, pandas, altair; kit.lesson")
    lesson = seconds("import kit, pandas, altair; kit.lesson('rct-letters')")
    return [
        ("`import pandas, altair`", f"{base:.2f} s"),
        ("`import kit, pandas, altair`", f"{light:.2f} s"),
        ("`kit.lesson(…)` on top of it", f"+{lesson - light:.2f} s"),
    ]


def runs(folder: Path) -> list[tuple[str, str]]:
    """What the sample programme costs, the first time and when nothing has changed."""
    plan = request.plan("half-day")
    began = time.perf_counter()
    report = batch.build(plan, folder)
    first = time.perf_counter() - began
    assert not report.failed, report.failed
    began = time.perf_counter()
    batch.build(plan, folder)
    again = time.perf_counter() - began
    each = statistics.median(result.seconds for result in report.results)
    records = [json.loads(p.read_text("utf-8")) for p in report.output.rglob("run.json")]
    publish = statistics.median(record["seconds"]["publish"] for record in records)
    return [
        (f"`kit build half-day` ({len(plan.runs)} runs), first time", f"{first:.0f} s"),
        ("the same again, nothing changed", f"{again:.1f} s"),
        ("one run: two editions executed, all forms made", f"{each:.1f} s"),
        ("of that, pages, slides and PDFs", f"{publish:.1f} s"),
    ]


def sizes(folder: Path) -> list[tuple[str, str]]:
    """How large the forms are: median and largest."""
    rows = []
    for name in ("handout.html", "slides.html", "worksheet.pdf", "facilitator.pdf"):
        found = [path.stat().st_size / 1000 for path in folder.rglob(name)]
        rows.append((f"`{name}`", f"{statistics.median(found):.0f} kB (≤ {max(found):.0f} kB)"))
    return rows


def main() -> None:
    """Print the table."""
    with language.using("ja"), tempfile.TemporaryDirectory() as folder:
        rows = [
            *start_up(),
            *runs(Path(folder)),
            *sizes(Path(folder)),
            *worlds.rows(),
            *room.rows(),
        ]
    today = datetime.date.today().isoformat()
    print(f"{today}, {os.cpu_count()} cores, Python {platform.python_version()}, {sys.platform}\n")
    print("| what | measured |\n| --- | --- |")
    for what, measured in rows:
        print(f"| {what} | {measured} |")


if __name__ == "__main__":
    main()
