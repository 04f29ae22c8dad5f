"""``kit bundle``: everything a class needs where there is no internet, in one folder or zip."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kit
from kit import run
from kit.bundle import carried, contents, front, manifest, targets, wheels
from kit.bundle.start import CARRIED
from kit.errors import KitError
from kit.house import home
from kit.language import say

PARTS, MATERIALS, DESK, KIT = "wheels", "materials", "desk", "kit"
# Explorer unpacks no path above 259 characters; what a person's own folders take is not ours.
DEEP = 150


@dataclass(frozen=True)
class Made:
    """A finished bundle: where it lies, what is in it, and what its maker should know."""

    path: Path
    bytes: int
    files: int
    notebooks: int
    parts: int
    new: int
    built: tuple[str, ...]
    seconds: float
    notes: tuple[str, ...] = ()


def make(
    builds: Sequence[Path],
    output: Path,
    *,
    systems: Sequence[str] = targets.PLATFORMS,
    versions: Sequence[str] = targets.VERSIONS,
    python: Path | None = None,
    wheelhouse: Path = Path("build/wheels"),
    as_zip: bool = False,
    on_step: Callable[[str], None] = lambda text: None,
) -> Made:
    """Make a bundle of finished builds.

    Parameters
    ----------
    builds : sequence of pathlib.Path
        Folders of ``kit build``, as ``build/half-day``.
    output : pathlib.Path
        The folder to make, or with `as_zip` the zip. It must not exist, and appears whole or not
        at all.
    systems, versions : sequence of str
        What the other machines run: see :data:`kit.bundle.targets.PLATFORMS` and
        :data:`~kit.bundle.targets.VERSIONS`.
    python : pathlib.Path, optional
        A Windows Python for machines without one: see :func:`kit.bundle.carried.examine`.
    wheelhouse : pathlib.Path
        Where downloaded parts are kept for the next bundle.
    as_zip : bool
        Make a zip.
    on_step : callable
        Told what is being done.

    Raises
    ------
    KitError
        If there is no build, the parts cannot be fetched, the output exists or cannot be written,
        or a file names this machine.
    """
    began = time.monotonic()
    output = output.with_suffix(".zip") if as_zip and output.suffix != ".zip" else output
    if output.exists():
        raise KitError(
            say("もうあります: {path}", path=output),
            hint=say("それを消すか、-o で別の名前を付けてください。"),
        )
    asked = targets.targets(systems, versions)
    found = _named(builds)
    brought = carried.examine(python) if python else None
    if brought:
        asked = list(dict.fromkeys([*asked, *targets.targets(["windows"], [brought.version])]))
    staging = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        fetched = wheels.fetch(asked, wheelhouse, on_step)
        on_step(say("まとめています"))
        folder = staging / output.stem if as_zip else staging
        notebooks = _fill(folder, found, fetched, brought)
        words = contents.telltales(wheelhouse, staging, *builds)
        if named := contents.leaks(folder, words):
            raise KitError(
                say("この機械のフォルダーの名前が入ってしまうので、作りません。"),
                where=", ".join(named[:5]),
                hint=say("kit build で、失敗なく教材を作りなおしてください。"),
            )
        built = max(build.built for build in found.values())
        manifest.write(folder, made=built, **_about(fetched, brought))
        notes = _notes(folder, found, fetched)
        files = sum(path.is_file() for path in folder.rglob("*"))
        if as_zip:
            on_step(say("ZIP にしています"))
            packed = staging / output.name
            _pack(folder, packed)
            packed.replace(output)
        else:
            folder.replace(output)
    except OSError as error:
        raise run.disk_error(error) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Made(
        path=output,
        bytes=sum(p.stat().st_size for p in [output, *output.rglob("*")] if p.is_file()),
        files=files,
        notebooks=notebooks,
        parts=len(_files(fetched)),
        new=fetched.new,
        built=tuple(fetched.built),
        seconds=time.monotonic() - began,
        notes=notes,
    )


def check(path: Path) -> manifest.Checked:
    """Compare a bundle with its manifest: see :func:`kit.bundle.manifest.check`."""
    return manifest.check(path)


def _named(builds: Sequence[Path]) -> dict[str, contents.Build]:
    """Return the builds, each by the name its folder will have."""
    if not builds:
        raise KitError(say("どの教材を入れるかを指定してください。"), hint="--build build/half-day")
    named: dict[str, contents.Build] = {}
    for folder in builds:
        name = folder.resolve().name
        if name in named:
            raise KitError(say("同じ名前の教材が 2 つあります: {name}", name=name))
        named[name] = contents.find(folder)
    return named


def _fill(
    folder: Path,
    builds: dict[str, contents.Build],
    fetched: wheels.Fetched,
    brought: carried.Carried | None,
) -> int:
    """Put everything but the manifest into `folder`; return the number of notebooks."""
    folder.mkdir(parents=True)
    contents.copy_kit(folder / KIT)
    for name, build in builds.items():
        contents.copy_materials(build, folder / MATERIALS / name)
    notebooks = contents.lay_desk(builds.values(), folder / DESK)
    (folder / PARTS).mkdir()
    for part in _files(fetched):
        _take(part, folder / PARTS / part.name)
    if brought:
        carried.unpack(brought, folder / CARRIED)
    (folder / "setup").mkdir()
    for name in ("start.py", "start.json"):
        shutil.copyfile(home() / "kit" / "bundle" / name, folder / "setup" / name)
    front.write(folder, builds, fetched.wheels, brought)
    return notebooks


def _files(fetched: wheels.Fetched) -> list[Path]:
    return sorted({wheel.path for held in fetched.wheels.values() for wheel in held})


def _take(part: Path, to: Path) -> None:
    """Link a part of the wheelhouse, so that it takes no room twice; copy where that cannot be."""
    try:
        to.hardlink_to(part)
    except OSError:
        shutil.copyfile(part, to)


def _about(fetched: wheels.Fetched, brought: carried.Carried | None) -> dict[str, Any]:
    return {
        "kit": kit.__version__,
        "python": brought.version if brought else None,
        "targets": [
            {
                "platform": target.platform,
                "python": target.version,
                "bytes": sum(wheel.bytes for wheel in held),
                "longest": max(wheel.longest for wheel in held),
                "pip": next(w.path.name for w in held if w.name == "pip"),
                "wheels": [
                    {"name": wheel.name, "version": wheel.version, "file": wheel.path.name}
                    for wheel in held
                    if wheel.name != "pip"
                ],
            }
            for target, held in fetched.wheels.items()
        ],
    }


def _notes(
    folder: Path, builds: dict[str, contents.Build], fetched: wheels.Fetched
) -> tuple[str, ...]:
    notes = []
    if any(build.answers for build in builds.values()):
        notes.append(
            say(
                "進行役用の版（答え入り）が入っています。参加者にも配るなら、"
                "kit build --edition participant で作った教材から作ってください。"
            )
        )
    if fetched.built:
        notes.append(
            say("ソースしかないので、ここで組み立てた部品: {names}", names=", ".join(fetched.built))
        )
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    if len(longest := max(paths, key=len)) > DEEP:
        notes.append(
            say(
                "長い名前があります（{n} 文字）。Windows では、C:\\ のような浅い場所に置いてください: {path}",
                n=len(longest),
                path=longest,
            )
        )
    return tuple(notes)


def _pack(folder: Path, to: Path) -> None:
    """Write a zip with one folder in it; parts are packed already."""
    with zipfile.ZipFile(to, "w", strict_timestamps=False) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                kind = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
                archive.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}", kind)
