"""The parts a bundle carries: every wheel the kit needs on another machine, fetched once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from kit.bundle.targets import Target, order
from kit.errors import KitError
from kit.house import home
from kit.language import say

_BLOCK = 4096
RETRIES = "2"  # of pip's; where there is no network, more of them only keep people waiting
_NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|ReadTimeout|SSLError"
    r"|Connection refused|Network is unreachable|Temporary failure in name resolution"
)
_MISSING = re.compile(r"No matching distribution found for ([A-Za-z0-9._=-]+)")


@dataclass(frozen=True)
class Wheel:
    """A wheel in the wheelhouse, and what it takes when it is installed."""

    path: Path
    name: str
    version: str
    bytes: int
    longest: int


@dataclass
class Fetched:
    """The wheels of each target; how many had to be fetched; which had to be built here."""

    wheels: dict[Target, list[Wheel]] = field(default_factory=dict)
    new: int = 0
    built: list[str] = field(default_factory=list)


def fetch(
    asked: Iterable[Target], wheelhouse: Path, on_step: Callable[[str], None] = lambda text: None
) -> Fetched:
    """Bring every wheel that the kit needs on these targets into `wheelhouse`.

    Pip on this machine would leave out what only another system needs, so the requirements are
    followed here, with the other machine's markers; pip downloads. What is there already is not
    fetched again.

    Parameters
    ----------
    asked : iterable of Target
        From :func:`kit.bundle.targets.targets`.
    wheelhouse : pathlib.Path
        Made if it does not exist; kept for the next bundle.
    on_step : callable
        Told what is being done.

    Raises
    ------
    KitError
        If the index cannot be reached, or has no wheel that would do.
    OSError
        If the wheelhouse cannot be written.
    """
    wheelhouse.mkdir(parents=True, exist_ok=True)
    fetched = Fetched()
    for target in asked:
        on_step(say("部品を集めています: {target}", target=target.label))
        fetched.wheels[target] = _complete(target, wheelhouse, fetched)
    return fetched


def _complete(target: Target, wheelhouse: Path, fetched: Fetched) -> list[Wheel]:
    """Return all wheels of one target, following the requirements of each until nothing is new."""
    pins = _pins(target)
    found: dict[str, Wheel] = {}
    seen: set[tuple[str, str]] = set()
    asked = [*_own_requirements(), Requirement("pip")]
    while asked:
        wanted: dict[str, str] = {}
        for one in asked:
            name = canonicalize_name(one.name)
            if name not in found:
                wanted[name] = pins.get(name, "")
                if not wanted[name] and name != "pip":
                    raise KitError(
                        say("requirements.lock に {name} がありません。", name=name),
                        hint="make lock",
                    )
        found |= _bring(target, wanted, wheelhouse, fetched)
        asked = list(_more(asked, found, target, seen))
    return [found[name] for name in sorted(found)]


def _more(
    asked: Iterable[Requirement],
    found: Mapping[str, Wheel],
    target: Target,
    seen: set[tuple[str, str]],
) -> Iterator[Requirement]:
    """Yield what the wheels just asked for need in their turn, each with its extras, once."""
    for one in asked:
        name = canonicalize_name(one.name)
        for extra in ("", *sorted(one.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for needed in _requirements(found[name].path):
                markers = {**target.markers, "extra": extra}
                if needed.marker is None or needed.marker.evaluate(markers):
                    yield needed


def _pins(target: Target) -> dict[str, str]:
    """Return the versions of ``requirements.lock`` that hold on a target."""
    pins: dict[str, str] = {}
    for line in (home() / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        one = Requirement(line)
        if one.marker is None or one.marker.evaluate(target.markers):
            pins[canonicalize_name(one.name)] = next(iter(one.specifier)).version
    return pins


def _own_requirements() -> list[Requirement]:
    project = tomllib.loads((home() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def _bring(
    target: Target, wanted: Mapping[str, str], wheelhouse: Path, fetched: Fetched
) -> dict[str, Wheel]:
    """Return the wanted wheels; those the wheelhouse lacks are downloaded, or built."""
    lacking = {
        name: version
        for name, version in wanted.items()
        if _find(target, name, version, wheelhouse) is None
    }
    if lacking:
        staging = wheelhouse / f".partial-{os.getpid()}"
        try:
            staging.mkdir(exist_ok=True)
            fetched.built += _download(target, lacking, staging)
            for path in sorted(staging.glob("*.whl")):
                path.replace(wheelhouse / path.name)
                fetched.new += 1
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    brought = {}
    for name, version in wanted.items():
        found = _find(target, name, version, wheelhouse)
        if found is None:
            raise KitError(
                say(
                    "{name} には、{target} で使えるものがありません。",
                    name=name,
                    target=target.label,
                ),
                hint=say("--platform か --python-version をへらしてください。"),
            )
        brought[name] = _described(found)
    return brought


def _find(target: Target, name: str, version: str, wheelhouse: Path) -> Path | None:
    """Return the best wheel in the wheelhouse, if there is one; the newest without a version."""
    places = order(target)
    found = []
    for path in wheelhouse.glob("*.whl"):
        own, held, _, tags = parse_wheel_filename(path.name)
        fitting = [places[tag] for tag in tags if tag in places]
        if own == name and fitting and (not version or held == Version(version)):
            found.append((held, -min(fitting), path))
    return max(found)[2] if found else None


def _download(target: Target, lacking: Mapping[str, str], staging: Path) -> list[str]:
    """Download wheels, and build those that the index only has the source of: return which."""
    built: dict[str, str] = {}
    platforms = [part for tag in target.tags for part in ("--platform", tag)]
    while left := {name: v for name, v in lacking.items() if name not in built}:
        asked = [f"{name}=={version}" if version else name for name, version in left.items()]
        options = ["--no-deps", "--only-binary=:all:", *platforms, "--implementation", "cp"]
        options += ["--python-version", target.version, "--dest", str(staging)]
        said = _pip("download", *options, *asked)
        if said is None:
            break
        named = _MISSING.search(said)
        missing = canonicalize_name(named[1].split("==")[0]) if named else ""
        if not left.get(missing):
            raise _failure(said)
        _build(missing, left[missing], staging)
        built[missing] = left[missing]
    return [f"{name} {version}" for name, version in built.items()]


def _build(name: str, version: str, staging: Path) -> None:
    """Build the wheel of a package that is only there as source: it must suit every machine."""
    said = _pip("wheel", "--no-deps", "--wheel-dir", str(staging), f"{name}=={version}")
    if said is not None:
        raise _failure(said)
    for path in staging.glob("*.whl"):
        own, _, _, tags = parse_wheel_filename(path.name)
        if own == name and not any(tag.platform == "any" for tag in tags):
            raise KitError(
                say("{name} は、この機械でしか動かない形にしかなりません。", name=name),
                hint=say("--platform か --python-version をへらしてください。"),
            )


def _pip(*arguments: str) -> str | None:
    """Run pip; return what it said if it failed. Its words name this machine's index: never kept."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", RETRIES]
    done = subprocess.run(
        [*command, *arguments, "--quiet"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return None
    if "No module named pip" in done.stderr:
        raise KitError(
            say("この Python には pip がありません。"), hint=f"{sys.executable} -m ensurepip"
        )
    if _NO_NETWORK.search(done.stderr):
        raise KitError(
            say("部品を集められません。パッケージの置き場所につながりません。"),
            hint=say(
                "まとまりを作るときだけ、インターネット（か庁内のミラー）が要ります。"
                "いちど集めた部品は --wheels のフォルダーに残り、次からは使いまわします。"
            ),
        )
    return done.stderr


def _failure(said: str) -> KitError:
    if "No space left" in said:
        return KitError(say("部品を集める途中で、ディスクがいっぱいになりました。"))
    named = _MISSING.search(said)
    if named:
        return KitError(
            say("パッケージの置き場所に {name} がないか、つながりません。", name=named[1]),
            hint=say("ネットワークを確かめて、もう一度実行してください。"),
        )
    last = [line for line in said.strip().splitlines() if line.startswith("ERROR")][-2:]
    return KitError(say("部品を集められません。"), where="\n  ".join(last))


@cache
def _described(path: Path) -> Wheel:
    name, version, _, _ = parse_wheel_filename(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise KitError(
            say("こわれた部品があります: {name}（{error}）", name=path.name, error=error),
            where=str(path),
            hint=say("このファイルを消して、もう一度実行してください。"),
        ) from None
    # Byte code takes about as much again as its module, and a disk gives room in blocks.
    size = sum(
        -(-entry.file_size // _BLOCK) * _BLOCK * (2 if entry.filename.endswith(".py") else 1)
        for entry in entries
    )
    longest = max(len(_installed(e.filename)) for e in entries)
    return Wheel(path, name, str(version), size, longest)


def _installed(entry: str) -> str:
    """Return where a wheel's file comes to lie below a Windows environment, byte code included.

    Examples
    --------
    >>> _installed("kit/room.py")
    'env/Lib/site-packages/kit/__pycache__/room.cpython-311.pyc'
    >>> _installed("lab-1.0.data/data/share/jupyter/x.json")
    'env/share/jupyter/x.json'
    """
    first, _, rest = entry.partition("/")
    if first.endswith(".data"):
        kind, _, inner = rest.partition("/")
        if kind in ("data", "scripts", "headers"):
            return f"env/{'' if kind == 'data' else 'Scripts/'}{inner}"
        entry = inner
    if entry.endswith(".py"):
        folder, _, module = entry.rpartition("/")
        entry = f"{folder}/__pycache__/{module.removesuffix('.py')}.cpython-311.pyc".lstrip("/")
    return f"env/Lib/site-packages/{entry}"


@cache
def _requirements(path: Path) -> list[Requirement]:
    """Return what a wheel says it needs."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = Metadata.from_email(archive.read(name), validate=False)
    return list(metadata.requires_dist or [])
