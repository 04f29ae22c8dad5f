"""What is in a bundle: the SHA-256 of every file, so that a copy can be compared."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kit.bundle.start import MANIFEST, sha256
from kit.errors import KitError, Problems
from kit.files import write_whole
from kit.language import say


@dataclass(frozen=True)
class Checked:
    """A bundle that is as it was made: how many files, and their bytes."""

    files: int
    bytes: int


def write(folder: Path, **about: Any) -> None:
    """Write the manifest of everything in `folder`.

    Raises
    ------
    OSError
        If a file cannot be read, or the manifest not written.
    """
    files = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }
    text = json.dumps({**about, "files": files}, ensure_ascii=False, indent=1) + "\n"
    write_whole(folder / MANIFEST, text)


def check(path: Path) -> Checked:
    """Compare every file of a bundle, a folder or a zip, with its manifest.

    Raises
    ------
    KitError
        If there is no bundle.
    Problems
        Naming each file that is missing, changed, or not the bundle's.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as made:
    ...     _ = (Path(made) / "README.txt").write_text("…", encoding="utf-8")
    ...     write(Path(made))
    ...     check(Path(made))
    Checked(files=1, bytes=3)
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            top = next((n for n in sorted(names, key=len) if n.endswith("/" + MANIFEST)), MANIFEST)
            start = top.removesuffix(MANIFEST)
            present = {n.removeprefix(start): n for n in names if n.startswith(start)}
            return _compare(path, present, lambda name: archive.open(present[name]))
    if not path.is_dir():
        raise KitError(
            say("まとまりが見つかりません。"),
            where=str(path),
            hint=say("kit bundle で作ったフォルダーか ZIP を指定してください。"),
        )
    present = {p.relative_to(path).as_posix(): str(p) for p in path.rglob("*") if p.is_file()}
    return _compare(path, present, lambda name: Path(present[name]).open("rb"))


def _compare(path: Path, present: dict[str, str], opened: Callable[[str], IO[bytes]]) -> Checked:
    files = _read(path, present, opened)
    total, problems = 0, []
    for name, digest in files.items():
        if name not in present:
            problems.append(KitError(say("足りません: {name}", name=name)))
            continue
        size, found = _digest(opened, name)
        total += size
        if found != digest:
            problems.append(KitError(say("中身がちがいます: {name}", name=name)))
    for name in sorted(present.keys() - files.keys() - {MANIFEST}):
        problems.append(KitError(say("はじめはなかったファイルです: {name}", name=name)))
    if problems:
        raise Problems(
            say("もとのまとまりと同じではありません。もう一度コピーしてください。"), problems
        )
    return Checked(len(files), total)


def _read(
    path: Path, present: dict[str, str], opened: Callable[[str], IO[bytes]]
) -> dict[str, str]:
    try:
        with opened(MANIFEST) as file:
            return dict(json.load(file)["files"])
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile):
        raise KitError(
            say("{name} がないか、読めません。", name=MANIFEST),
            where=str(path),
            hint=say("kit bundle で作ったフォルダーか ZIP を指定してください。"),
        ) from None


def _digest(opened: Callable[[str], IO[bytes]], name: str) -> tuple[int, str]:
    """Return the bytes and the SHA-256 of a file; of one that cannot be read, nothing."""
    digest, size = hashlib.sha256(), 0
    try:
        with opened(name) as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
                size += len(block)
    except (OSError, zipfile.BadZipFile):
        return 0, ""
    return size, digest.hexdigest()
