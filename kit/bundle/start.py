"""What ``start.bat`` and ``start.sh`` of a closed-network bundle run: set up once, then open.

Copied into the bundle as ``setup/start.py`` with its sentences, and run by whatever Python the machine has: standard
library only, no internet, no administrator's rights, and nothing is written beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import locale
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
CARRIED = "python"  # a Windows Python the bundle may bring along
BASE = "ebpm-kit"
WORK = "ebpm-workshop"
READY = "ready"
LONGEST = 259  # characters of a path that Windows takes without a setting of the administrator's
# jsonschema makes a grammar of it at every start (2 s), and does without where it is not there.
SKIPPED = ("rfc3987-syntax", "lark")

TEXTS = Path(__file__).with_suffix(".json")


class Trouble(Exception):
    """Something the person at the machine is told in a sentence."""


def tell(key: str, **values: object) -> str:
    """Return a sentence in the language of this machine: English where it speaks English."""
    language = "en" if spoken().lower().startswith("en") else "ja"
    text = json.loads(TEXTS.read_text(encoding="utf-8"))[key][language]
    return str(text).format(**values)


def spoken() -> str:
    """Return what the person asks for, or the machine speaks: ``ja_JP.UTF-8``, ``English_Japan``."""
    named = ("KIT_LANG", *(() if os.name == "nt" else ("LC_ALL", "LANG")))
    found = next(filter(None, map(os.environ.get, named)), "")
    return found or (os.name == "nt" and locale.getlocale()[0]) or ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console of code page 932 cannot print every character.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    asked = _parser().parse_args(arguments)
    bundle = Path(__file__).resolve().parent.parent
    try:
        manifest = read(bundle)
        if asked.suits:
            return 0 if target_of(manifest, here()) else 1
        if asked.verify:
            if wrong := damaged(bundle, manifest):
                raise Trouble(tell("broken", names=_some(wrong)))
            print(tell("whole", n=len(manifest["files"])))
            return 0
        return _open(bundle, manifest, asked)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except OSError as error:
        reason, path = error.strerror or str(error), error.filename or ""
        print(tell("cannot_write", reason=reason, path=path), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(tell("stopped"), file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="start")
    for name, told in (
        ("--check", "try everything out, open nothing"),
        ("--verify", "compare every file's SHA-256"),
        ("--no-browser", "only print the address"),
        ("--suits", argparse.SUPPRESS),
    ):
        parser.add_argument(name, action="store_true", help=told)
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to set up")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="where the notebooks go")
    return parser


def read(bundle: Path) -> dict[str, Any]:
    """Return the bundle's manifest.

    Raises
    ------
    Trouble
        If there is none, or it is damaged.
    """
    try:
        manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(manifest["files"], dict) and isinstance(manifest["targets"], list):
            return dict(manifest)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise Trouble(tell("no_manifest", path=bundle))


def here() -> tuple[str, str]:
    """Return this machine's platform and Python version, as a manifest names them."""
    return sysconfig.get_platform(), "{}.{}".format(*sys.version_info[:2])


def target_of(manifest: Mapping[str, Any], wanted: tuple[str, str]) -> dict[str, Any] | None:
    """Return what the bundle holds for a platform and a Python version, if anything."""
    return {(one["platform"], one["python"]): one for one in manifest["targets"]}.get(wanted)


def damaged(bundle: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the files that are missing or not as they were when the bundle was made."""
    return [name for name, digest in manifest["files"].items() if sha256(bundle / name) != digest]


def sha256(path: Path) -> str:
    """Return a file's SHA-256, or an empty text where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" … ({len(names)})" if len(names) > 5 else "")


def _open(bundle: Path, manifest: Mapping[str, Any], asked: argparse.Namespace) -> int:
    target = target_of(manifest, here())
    if target is None:
        known = ", ".join(f"{one['platform']} {one['python']}" for one in manifest["targets"])
        raise Trouble(tell("no_target", here=" ".join(here()), known=known))
    place = choose(bundle, target, [asked.to] if asked.to else bases())
    with locked(place.with_name(place.name + ".lock")):
        if not (place / READY).is_file():
            set_up(bundle, manifest, target, place)
    work = asked.work or Path.home() / WORK
    lay(bundle / "desk", work)
    print(tell("work", path=work))
    if not asked.check:
        print(tell("opening"), flush=True)
    return _launch(place, work, asked)


def bases() -> list[Path]:
    """Return where one may set up without asking anybody, the best place first."""
    if os.name == "nt":
        return [Path(os.environ.get("LOCALAPPDATA") or Path.home()) / BASE, Path.home() / BASE]
    return [Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / BASE]


def choose(bundle: Path, target: Mapping[str, Any], offered: Sequence[Path]) -> Path:
    """Return the folder for this very bundle and Python below the first place that will do.

    Raises
    ------
    Trouble
        If paths would become too long for Windows.
    """
    # The same bundle in another folder, or on another stick, is set up only once.
    name = sha256(bundle / MANIFEST)[:8] + "-" + str(target["python"])
    for base in offered:
        place = base.absolute() / name
        if os.name != "nt" or _long_paths() or fits(place, target):
            return place
    raise Trouble(tell("too_long", path=offered[0]))


def fits(place: Path, target: Mapping[str, Any]) -> bool:
    """Return whether the longest path stays within what Windows takes."""
    return len(str(place)) + 1 + int(target["longest"]) <= LONGEST


def _long_paths() -> bool:
    """Return whether this Windows takes long paths."""
    try:
        import winreg

        key = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:  # type: ignore[attr-defined]
            return bool(winreg.QueryValueEx(opened, "LongPathsEnabled")[0])  # type: ignore[attr-defined]
    except (ImportError, OSError):
        return False


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep a second window waiting; the lock goes when its process does, however that ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        told = False
        while not _lock(file):
            if not told:
                print(tell("waiting"), flush=True)
            told = True
            time.sleep(1)
        yield


def _lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def set_up(
    bundle: Path, manifest: Mapping[str, Any], target: Mapping[str, Any], place: Path
) -> None:
    """Install everything into `place`; what an interrupted attempt has left is cleared first."""
    began = time.monotonic()
    print(tell("setting_up"), flush=True)
    shutil.rmtree(place, ignore_errors=True)
    need, free = int(target["bytes"]) >> 20, shutil.disk_usage(place.parent).free >> 20
    if free < need:
        raise Trouble(tell("no_space", path=place.parent, need=need, free=free))
    place.mkdir()
    print(tell("copying"), flush=True)
    copy_checked(bundle, manifest, "kit/", place)
    print(tell("python"), flush=True)
    python, packages = environment(bundle, manifest, place)
    names = _requirements(bundle, manifest, target, place / "requirements.txt")
    print(tell("installing", n=names), flush=True)
    log = place / "setup.log"
    pip = [str(python), str(bundle / "wheels" / target["pip"] / "pip"), "--isolated"]
    options = ["--no-index", "--no-deps", "--require-hashes", "--no-compile", "--no-cache-dir"]
    options += ["--disable-pip-version-check", "--no-warn-script-location"]
    options += ["--find-links", str(bundle / "wheels"), "-r", str(place / "requirements.txt")]
    if _run([*pip, "install", *options], log):
        _tell_why(bundle, manifest, log)
    # Relative and so in ASCII, whatever this person's home is called.
    (packages / "ebpm_workshop_kit.pth").write_text(
        os.path.relpath(place / "kit", packages) + "\n", encoding="ascii"
    )
    print(tell("compiling"), flush=True)
    # Nobody runs the libraries' own tests, and they are a third of all modules.
    compiler = [str(python), "-m", "compileall", "-q", "-j", "0", "-x", r"[/\\]tests?[/\\]"]
    _run([*compiler, str(packages), str(place / "kit")], log)
    seconds = round(time.monotonic() - began)
    (place / READY).write_text(str(python.relative_to(place)), encoding="utf-8")
    print(tell("ready", n=seconds), flush=True)


def copy_checked(bundle: Path, manifest: Mapping[str, Any], room: str, to: Path) -> None:
    """Copy the files below `room`, each compared with its SHA-256.

    Raises
    ------
    Trouble
        If one is not as it was when the bundle was made.
    """
    for name, digest in manifest["files"].items():
        if not name.startswith(room):
            continue
        copied = to / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(bundle / name, copied)
        if sha256(copied) != digest:
            raise Trouble(tell("broken", names=name))


def environment(bundle: Path, manifest: Mapping[str, Any], place: Path) -> tuple[Path, Path]:
    """Make a Python of our own in ``place/env``; return its interpreter and its packages' folder.

    A Python the bundle carries is copied, so that a stick can be taken out again; for another one
    a virtual environment is made. Neither needs pip to be there.
    """
    env = place / "env"
    if (bundle / CARRIED) in Path(sys.executable).resolve().parents:
        copy_checked(bundle, manifest, CARRIED + "/", place)
        (place / CARRIED).rename(env)
        packages = env / "Lib" / "site-packages"
        packages.mkdir(parents=True, exist_ok=True)
        for listed in env.glob("python3*._pth"):
            open_up(listed)
        return env / "python.exe", packages
    import venv

    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(env)
    if os.name == "nt":
        return env / "Scripts" / "python.exe", env / "Lib" / "site-packages"
    return env / "bin" / "python", env / "lib" / f"python{here()[1]}" / "site-packages"


def open_up(listed: Path) -> None:
    """Let an embeddable Python, which knows only its own folder, see installed packages."""
    lines = [line.strip() for line in listed.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and line.lstrip("# ") != "import site"]
    listed.write_text("\n".join([*kept, r"Lib\site-packages", "import site", ""]), encoding="utf-8")


def _requirements(
    bundle: Path, manifest: Mapping[str, Any], target: Mapping[str, Any], path: Path
) -> int:
    """Write what pip is to install, every file known by its hash; return how many."""
    lines = []
    for wheel in target["wheels"]:
        if wheel["name"] not in SKIPPED:
            digest = manifest["files"]["wheels/" + wheel["file"]]
            lines.append(f"{wheel['name']}=={wheel['version']} --hash=sha256:{digest}\n")
    path.write_text("".join(lines), encoding="ascii")
    return len(lines)


def _run(command: Sequence[str], log: Path) -> int:
    """Run quietly, its words in `log`, a sign of life every ten seconds."""
    began = time.monotonic()
    with log.open("ab") as file:
        running = subprocess.Popen(command, stdout=file, stderr=file, env=surroundings())
        try:
            while True:
                try:
                    return running.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    print(tell("seconds", n=round(time.monotonic() - began)), flush=True)
        except BaseException:
            running.kill()
            running.wait()
            raise


def _tell_why(bundle: Path, manifest: Mapping[str, Any], log: Path) -> None:
    if wrong := damaged(bundle, manifest):
        raise Trouble(tell("broken", names=_some(wrong)))
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = "\n".join("  " + line for line in said[-4:])
    raise Trouble(tell("failed", path=log) + "\n" + last)


def surroundings() -> dict[str, str]:
    """Return the environment of everything that is started: this machine's settings stay out."""
    foreign = ("PIP_", "PYTHON", "JUPYTER", "IPYTHON", "VIRTUAL_ENV")
    # An office's proxy cannot lead to this machine itself, and there is nowhere else to go.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith(foreign) or name.lower().endswith("_proxy"))
    }
    return {
        **kept,
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "KIT_OFFLINE": "1",
        "KIT_LANG": "en" if spoken().lower().startswith("en") else "ja",
    }


def lay(desk: Path, work: Path) -> int:
    """Copy the notebooks to where people work; what they have written in stays. Return how many."""
    laid = 0
    for notebook in sorted(desk.rglob("*.ipynb")):
        to = work / notebook.relative_to(desk)
        to.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), to.open("xb") as file:
            file.write(notebook.read_bytes())
            laid += 1
    return laid


def _launch(place: Path, work: Path, asked: argparse.Namespace) -> int:
    python = place / (place / READY).read_text(encoding="utf-8")
    command = [str(python), "-m", "kit.bundle.room", str(place / "room")]
    command += ["--check"] if asked.check else []
    command += ["--no-browser"] if asked.no_browser else []
    running = subprocess.Popen(command, cwd=work, env=surroundings())
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab has heard it too, and closes its kernels


if __name__ == "__main__":
    sys.exit(main())
