"""What a bundle carries beside its parts: the kit, the materials, and everyone's notebooks."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kit import desk, run
from kit.errors import KitError
from kit.house import home
from kit.language import SOURCE, say
from kit.plan import Run

ROOMS = ("kit", "workshops", "datasets", "templates")
PAPERS = ("pyproject.toml", "requirements.lock", "LICENSE", "README.md", "README.en.md")
# What making, testing and using leave behind; byte code also names the folder it was made in.
_LEFT_BEHIND = re.compile(
    r"__pycache__|.*\.pyc|.*\.egg-info|\..*|.*~|artefacts|desk|answers-.*\.json|.*\.progress\.json"
)
_READABLE = {".css", ".csv", ".html", ".ipynb", ".j2", ".js", ".json", ".lock", ".md", ".po"}
_READABLE |= {".py", ".sh", ".bat", ".svg", ".toml", ".txt", ".typ"}


@dataclass(frozen=True)
class Build:
    """A programme's folder, as ``kit build`` made it: its name, and what each run recorded."""

    folder: Path
    records: tuple[tuple[Path, dict[str, Any]], ...]

    @property
    def answers(self) -> bool:
        """Whether the facilitator's edition, with its answers, is in it."""
        return any("facilitator" in record["run"]["editions"] for _, record in self.records)

    @property
    def titles(self) -> dict[str, str]:
        """What the programme is called in each language it was built in, Japanese first."""
        runs = [record["run"] for _, record in self.records]
        found = {run["language"]: run["programme"] for run in runs if run.get("programme")}
        ordered = sorted(found, key=lambda language: (language != SOURCE, language))
        return {one: found[one] for one in ordered} or {SOURCE: self.folder.resolve().name}

    @property
    def built(self) -> str:
        """The day the last of its runs was made."""
        return max(str(record.get("built", "")) for _, record in self.records)


def find(folder: Path) -> Build:
    """Return the build in `folder`.

    Raises
    ------
    KitError
        If there is none; the hint names those near by.
    """
    records = []
    if (folder / "index.html").is_file():
        for file in sorted(folder.glob(f"*/*/*/{run.RECORD}")):
            record = run.read_record(file.parent)
            if record and "run" in record and "files" in record:
                records.append((file.parent, record))
    if records:
        return Build(folder, tuple(records))
    near = sorted(p.parent for p in folder.glob("*/index.html")) if folder.is_dir() else []
    hint = ", ".join(f"--build {path}" for path in near) or "kit build half-day"
    raise KitError(say("教材のフォルダーではありません。"), where=str(folder), hint=hint)


def copy_kit(to: Path) -> None:
    """Copy the kit as a clone would have it: its rooms side by side, nothing made here.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    for room in ROOMS:
        shutil.copytree(home() / room, to / room, ignore=_left_behind)
    for paper in PAPERS:
        if (home() / paper).is_file():
            shutil.copyfile(home() / paper, to / paper)


def _left_behind(_: str, names: list[str]) -> set[str]:
    return {name for name in names if _LEFT_BEHIND.fullmatch(name)}


def copy_materials(build: Build, to: Path) -> None:
    """Copy what readers open of a build; reports and failed attempts stay, they name this machine.

    Raises
    ------
    KitError
        If a file that a run recorded is missing.
    OSError
        If it cannot be written.
    """
    to.mkdir(parents=True)
    shutil.copyfile(build.folder / "index.html", to / "index.html")
    if (build.folder / "data").is_dir():
        shutil.copytree(build.folder / "data", to / "data", ignore=_left_behind)
    for folder, record in build.records:
        inner = to / folder.relative_to(build.folder)
        for name in [*record["files"], run.RECORD]:
            copied = inner / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(folder / name, copied)
            except FileNotFoundError:
                raise KitError(
                    say("教材のファイルがなくなっています: {name}", name=name),
                    where=str(folder),
                    hint="kit build --force",
                ) from None


def lay_desk(builds: Iterable[Build], to: Path) -> int:
    """Lay the participant's notebook of every run, unexecuted, and return how many.

    Raises
    ------
    KitError
        If a run was recorded by another version of the kit, or no longer fits its workshop.
    """
    laid = set()
    known = {one.name for one in fields(Run)}
    for build in builds:
        for folder, record in build.records:
            values: dict[str, Any] = {
                k: tuple(v) if isinstance(v, list) else v for k, v in record["run"].items()
            }
            try:
                made = Run(**{k: v for k, v in values.items() if k in known})
                laid.add(desk.lay(made, to))
            except (TypeError, KeyError, KitError) as error:
                raise KitError(
                    say("この教材からは、ノートブックを作れません: {error}", error=error),
                    where=str(folder),
                    hint=say("kit build で、教材を作りなおしてください。"),
                ) from None
    return len(laid)


def leaks(folder: Path, words: Sequence[str]) -> list[str]:
    """Return the files of a bundle that name this machine: one of its paths, or its index.

    Parameters
    ----------
    folder : pathlib.Path
        The bundle. Its parts are other people's, and not looked into.
    words : sequence of str
        From :func:`telltales`.
    """
    found = []
    # A path may stand in JSON or in an address too, each with its own escapes.
    needles = {form for w in words for form in (w, w.replace("\\", "\\\\"), urllib.parse.quote(w))}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _READABLE and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if any(needle in text for needle in needles):
                found.append(path.relative_to(folder).as_posix())
    return found


def telltales(*folders: Path) -> list[str]:
    """Return the words that must not leave this machine: its folders, and its package index."""
    words = {str(folder.resolve()) for folder in (home(), *folders)}
    user = Path.home()
    if len(user.parts) > 2:
        words.add(str(user))
    words |= _index_hosts()
    return sorted(word for word in words if len(word) > 4)


def _index_hosts() -> set[str]:
    """Return the hosts this machine's pip has been told to ask."""
    told = [value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))]
    with contextlib.suppress(OSError):
        asked = subprocess.run(
            [sys.executable, "-m", "pip", "config", "list"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        told.append(asked.stdout)
    return set(re.findall(r"https?://(?:[^@/\s']*@)?([^/:\s']+)", "\n".join(told)))
