"""The image without an engine: repo2docker's word on what it would build, and its steps carried out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import base

ROOT = base.FOLDER.parent
TEMPORARY = {
    ".venv",
    "build",
    "desk",
    ".cache",
    ".git",
    ".mypy_cache",
    ".ruff_cache",
    "__pycache__",
}
TEMPORARY |= {".pytest_cache", ".hypothesis", ".import_linter_cache", "artefacts"}


class Missing(Exception):
    """Something this machine does not have, said in a sentence; the check goes no further."""


@dataclass(frozen=True)
class Detection:
    """What repo2docker would do with this repository."""

    version: str
    dockerfile: str
    log: str
    packages: dict[str, str]

    @property
    def python(self) -> str:
        """The Python version of the image."""
        found = re.search(r"conda environment for python=([0-9.]+)", self.log)
        return found[1] if found else ""


def detect(folder: Path, python: str) -> Detection:
    """Install repo2docker beside, and let it say what it would build from a copy of the project."""
    beside = folder / "repo2docker"
    tool = beside / "bin" / "jupyter-repo2docker"
    if not tool.exists():
        environment(beside, sys.executable)
        install(beside, "jupyter-repo2docker")
    copied = copy(folder / "checkout")
    said = subprocess.run(
        [str(tool), "--no-build", "--debug", "."],
        cwd=copied,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise SystemExit(f"repo2docker refuses the repository:\n{said.stderr}{said.stdout}")
    version = subprocess.run(
        [str(tool), "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    packages: dict[str, str] = {}
    for lock in beside.rglob(f"environment.py-{python}-linux-64.lock"):
        packages = base.read_lock(lock.read_text(encoding="utf-8"))
    # Some versions print the Dockerfile to the log, others to the standard output.
    return Detection(version, said.stdout + said.stderr, said.stderr + said.stdout, packages)


def build(
    folder: Path, python: str, packages: dict[str, str]
) -> tuple[Path, Path, dict[str, float]]:
    """Carry out the image's steps; return the environment, the home folder and seconds a step."""
    interpreter = shutil.which(f"python{python}")
    if interpreter is None:
        raise Missing(f"Python {python} is not on this machine: the image's steps were not done.")
    prefix, home = folder / "image", folder / "home"
    shutil.rmtree(prefix, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    seconds = {}
    began = time.monotonic()
    environment(prefix, interpreter)
    install(prefix, *(f"{name}=={version}" for name, version in packages.items()))
    seconds["base"] = time.monotonic() - began
    copy(home)
    began = time.monotonic()
    install(prefix, "-r", str(home / "binder" / "requirements.txt"))
    seconds["requirements"] = time.monotonic() - began
    changed = {
        name: (version, now)
        for name, version in packages.items()
        if (now := installed(prefix).get(name)) != version
    }
    if changed:
        raise SystemExit(f"requirements.txt replaces what the base brings: {changed}")
    began = time.monotonic()
    (home / "binder" / "postBuild").chmod(0o755)
    subprocess.run(["./binder/postBuild"], cwd=home, env=inside(prefix), check=True)
    seconds["postBuild"] = time.monotonic() - began
    return prefix, home, seconds


def inside(prefix: Path) -> dict[str, str]:
    """Return the variables a process has in the image."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "IPYTHON", "PYTHON", "KIT_", "VIRTUAL_ENV"))
    }
    return kept | {
        "PATH": f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "NB_PYTHON_PREFIX": str(prefix),
        "LANG": "C.UTF-8",
        # The image has its own folder for what a person has set; this machine's stays out.
        "JUPYTER_CONFIG_DIR": str(prefix / "nobody"),
        "IPYTHONDIR": str(prefix / "nobody" / "ipython"),
        "JUPYTER_NO_CONFIG": "",
    }


def environment(prefix: Path, interpreter: str) -> None:
    """Make a virtual environment with pip in it."""
    subprocess.run([interpreter, "-m", "venv", str(prefix)], check=True)


def install(prefix: Path, *what: str) -> None:
    """Install with uv where it is there (byte code and all), else with pip."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    python = str(prefix / "bin" / "python")
    command = (
        [uv, "pip", "install", "--quiet", "--python", python, "--compile-bytecode", *what]
        if uv
        else [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *what]
    )
    done = subprocess.run(
        command,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=os.environ | {"UV_LINK_MODE": "copy", "UV_SYSTEM_CERTS": "true"},
    )
    if done.returncode:
        raise Missing(f"Cannot be installed here: {done.stderr.strip()[-600:]}")


def installed(prefix: Path) -> dict[str, str]:
    """Return package → version of what is installed."""
    code = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
    )
    said = subprocess.run(
        [str(prefix / "bin" / "python"), "-c", code], capture_output=True, text=True, check=True
    )
    return {base.normal(name): version for name, version in json.loads(said.stdout).items()}


def copy(to: Path) -> Path:
    """Copy the project as a clone would have it: nothing that was made here."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(
        ROOT,
        to,
        ignore=lambda _, names: {n for n in names if n in TEMPORARY or n.endswith(".egg-info")},
    )
    return to


def megabytes(path: Path) -> float:
    """Return what a file, or everything in a folder, takes on disk."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if not p.is_symlink()]
    return sum(p.stat().st_blocks * 512 for p in files if p.is_file()) / 1e6
