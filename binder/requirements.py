"""Write binder/requirements.txt: what a room needs beyond Binder's base, in the lock's versions.

What the base brings stays as it is: a second copy of Jupyter would only make the image larger, and
the base's parts were frozen together. The resolver proves that both sides agree.
"""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
from pathlib import Path

import base

ROOT = base.FOLDER.parent
REQUIREMENTS = base.FOLDER / "requirements.txt"
PYTHON = (base.FOLDER / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")

# Authors need it to check a data package (18 MB with what it brings); a class never does.
STUDIO = {"frictionless"}


def write() -> None:
    """Resolve the room's packages against the base and the lock, and write those to be added."""
    brought = base.read()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    # Who reads plain Japanese sees in the room, too, how kanji are read.
    asked = [*project["dependencies"], *project["optional-dependencies"]["plain"]]
    room = [line for line in asked if base.normal(line.split(">")[0]) not in STUDIO]
    lock = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    ours = [line for line in lock if base.normal(line.split("==")[0]) not in brought]
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text("\n".join(ours + base.BASE.read_text("utf-8").splitlines()))
        command = ["uv", "pip", "compile", "-", "--constraints", str(constraints), "--quiet"]
        command += ["--python-version", PYTHON, "--python-platform", "linux", "--no-annotate"]
        command += ["--no-header", "--no-emit-index-url", "--no-emit-find-links"]
        resolved = subprocess.run(
            command, input="\n".join(room), text=True, stdout=subprocess.PIPE, check=True
        ).stdout
    added = [
        line for line in resolved.splitlines() if base.normal(line.split("==")[0]) not in brought
    ]
    REQUIREMENTS.write_text("\n".join(added) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
