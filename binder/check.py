"""Would a Binder link work?  python binder/check.py   (or: make binder)

1. repo2docker itself says what it would build, and that is compared with what we mean.
2. The same steps are carried out in a clean environment: the base's packages in the versions
   repo2docker has frozen, binder/requirements.txt, binder/postBuild.
3. In it the image's own server is started, and a participant's notebook is opened.

Sizes are a simulation: the operating system, conda and Node.js of the base, which are the same for
every Binder, are not counted.  --refresh first takes over what repo2docker now freezes.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import sys
import time
from pathlib import Path

import base
import first_chart
import requirements
import simulation

LIMIT = 10.0  # seconds from opening the notebook to its first chart
MEMORY = 2000  # megabytes a Binder gives
NEEDED = {
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
    "@voila-dashboards/jupyterlab-preview",
}
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!+]*")


class Report:
    """Lines for the person who asked, and whether all was well."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def say(self, text: str) -> None:
        """Print a fact."""
        print(f"  {text}", flush=True)

    def expect(self, good: bool, text: str) -> None:
        """Print something that must hold, and remember if it does not."""
        print(f"{'✓' if good else '✗'} {text}", flush=True)
        if not good:
            self.failed.append(text)


def main() -> int:
    """Run the check and return an exit code."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--refresh", action="store_true", help="take over what repo2docker freezes")
    asked.add_argument("--folder", type=Path, default=simulation.ROOT / "build" / "binder")
    options = asked.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    report = Report()
    try:
        detected = detection(report, folder, refresh=options.refresh)
        prefix, home, seconds = simulation.build(folder, requirements.PYTHON, base.read())
    except simulation.Missing as missing:
        print(f"– {missing}")
        return 1 if report.failed else 0
    sizes(report, prefix, home, seconds, detected)
    first_minute(report, prefix, home)
    print("\n" + (f"{len(report.failed)} ✗" if report.failed else "A Binder link would work."))
    return 1 if report.failed else 0


def detection(report: Report, folder: Path, *, refresh: bool) -> simulation.Detection:
    """Compare what repo2docker would do with what we mean."""
    found = simulation.detect(folder, requirements.PYTHON)
    print(f"repo2docker {found.version}")
    if refresh:
        base.write(found.packages)
        requirements.write()
    used = found.dockerfile
    report.expect(
        found.python == requirements.PYTHON, f"build pack: Python, version {found.python or '?'}"
    )
    wanted = '/bin/pip install --no-cache-dir -r "binder/requirements.txt"'
    report.expect(wanted in used, "binder/requirements.txt is installed")
    report.expect("RUN ./binder/postBuild" in used, "binder/postBuild is run")
    pins = requirements.REQUIREMENTS.read_text(encoding="utf-8").split("\n")
    loose = [line for line in pins if line and not PIN.fullmatch(line)]
    report.expect(
        not loose, f"{len(pins) - 1} requirements hold versions only {loose or ''}".strip()
    )
    twice = sorted(set(base.read(requirements.REQUIREMENTS)) & set(base.read()))
    report.expect(not twice, f"none of them is in the base already {twice or ''}".strip())
    moved = {
        name: version
        for name, version in found.packages.items()
        if base.read().get(name) != version
    }
    report.expect(not moved, f"binder/base.txt is what repo2docker freezes {moved or ''}".strip())
    return found


def sizes(
    report: Report,
    prefix: Path,
    home: Path,
    seconds: dict[str, float],
    detected: simulation.Detection,
) -> None:
    """Say how large the parts of the image are that we answer for."""
    packages = next((prefix / "lib").glob("python*/site-packages"))
    parts = {path.name: simulation.megabytes(path) for path in packages.iterdir()}
    added = _added(packages)
    whole = sum(parts.values())
    mine = simulation.megabytes(home)
    desk = sorted((home / "desk").rglob("*.ipynb"))
    print("\nsize, by simulation")
    report.say(f"site-packages {whole:.0f} MB, of which requirements.txt adds {added:.0f} MB")
    report.say(
        f"project folder {mine:.0f} MB, of which desk/ {simulation.megabytes(home / 'desk'):.0f} MB"
    )
    largest = sorted(parts.items(), key=lambda item: -item[1])[:10]
    report.say("largest: " + ", ".join(f"{name} {size:.0f}" for name, size in largest))
    report.say("seconds: " + ", ".join(f"{step} {took:.0f}" for step, took in seconds.items()))
    report.expect(bool(desk), f"{len(desk):,} notebooks laid")
    report.expect(all(str(p.relative_to(home)).isascii() for p in desk), "their paths are ASCII")
    report.expect(seconds["postBuild"] <= 120, "postBuild takes two minutes at most")


def _added(packages: Path) -> float:
    """Return the megabytes of what requirements.txt brought, by the packages' own records."""
    import importlib.metadata

    names = base.read(requirements.REQUIREMENTS)
    total = 0.0
    for found in importlib.metadata.distributions(path=[str(packages)]):
        if base.normal(found.metadata["Name"]) in names:
            total += sum(
                path.stat().st_blocks * 512
                for file in found.files or []
                if (path := Path(str(found.locate_file(file)))).is_file()
            )
    return total / 1e6


def first_minute(report: Report, prefix: Path, home: Path) -> None:
    """Open a notebook of each workshop, as a participant of a small town would."""
    print(
        f"\nfirst minute ({platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, {datetime.date.today()})"
    )
    began = time.monotonic()
    with first_chart.serving(prefix, home, simulation.inside(prefix)) as server:
        report.say(f"server answers after {time.monotonic() - began:.1f} s")
        missing = NEEDED - first_chart.features(server)
        report.expect(
            not missing, f"widgets, anywidget and Voilà are in JupyterLab {missing or ''}"
        )
        for notebook in sorted((home / "desk").glob("*/13307-*/ja/*.ipynb")):
            path = notebook.relative_to(home).as_posix()
            minute = first_chart.open_notebook(server, path, home)
            busy = os.getloadavg()[0] > (os.cpu_count() or 1)
            report.expect(
                minute.chart > 0 and (minute.cores if busy else minute.chart) <= LIMIT,
                f"{notebook.stem}: kernel {minute.kernel:.1f} s, first chart {minute.chart:.1f} s "
                f"after opening ({minute.cores:.1f} s of one core), all {minute.whole:.1f} s",
            )
            if busy:
                report.say("this machine is busy with other things: judged by the core's seconds")
            report.expect(not minute.errors, f"no cell failed {minute.errors or ''}".strip())
            held = first_chart.memory(server.process.pid)
            report.expect(held < MEMORY, f"server and kernel hold {held:.0f} MB of {MEMORY}")
            server.get(f"api/kernels/{minute.kernel_id}", method="DELETE")
            app(report, server, path)


def app(report: Report, server: first_chart.Server, path: str) -> None:
    """Open the same notebook as an app; its charts follow while a person already reads."""
    began = time.monotonic()
    page = server.get(f"voila/render/{path}").decode()
    report.expect(
        "<h1" in page and 'lang="ja"' in page,
        f"as an app: text to read after {time.monotonic() - began:.1f} s",
    )


if __name__ == "__main__":
    sys.exit(main())
