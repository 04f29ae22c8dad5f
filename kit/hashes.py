"""Hashes of files and folders, and which files a hash stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kit.files import write_whole

Tree = Mapping[str, str]

_trees: dict[str, Tree] = {}


def digest(value: Any) -> str:
    """Return the SHA-256 of a value written as JSON.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_file(path: str | Path) -> str:
    """Return the SHA-256 of a file's content.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    # In one piece: no file here is large, and a thousand runs have twenty thousand of them.
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return hashlib.sha256(file.read()).hexdigest()


def hash_folder(folder: Path) -> str:
    """Return a hash of the names and contents of all files below `folder`."""
    # One state per process is enough: a build sees the files as they were when it began.
    return tree_of(folder.name, files_below(folder))


def keep_trees(folder: Path, parts: Iterable[Mapping[str, str]]) -> None:
    """Write down which files the hashes in `parts` stand for, to tell later which one changed.

    Parameters
    ----------
    folder : pathlib.Path
        The ledger's folder.
    parts : iterable of dict
        Made in this process.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    for key in {value for one in parts for value in one.values() if value in _trees}:
        path = _tree_path(folder, key)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(dict(_trees[key]), ensure_ascii=False, indent=0))


def tree(folder: Path, key: str) -> Tree | None:
    """Return the files that a hash stands for, or None where nobody wrote them down."""
    if key in _trees:
        return _trees[key]
    try:
        found = json.loads(_tree_path(folder, key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _tree_path(folder: Path, key: str) -> Path:
    return folder / "trees" / f"{key}.json"


def tree_of(room: str, files: Tree) -> str:
    """Return the hash of a set of files, and remember which they are.

    Parameters
    ----------
    room : str
        What to put before their names; may be empty.
    files : mapping of str to str
        Name → hash.
    """
    named = {f"{room}/{name}" if room else name: value for name, value in files.items()}
    key = digest(named)
    _trees[key] = named
    return key


@cache
def files_below(folder: Path) -> dict[str, str]:
    """Return the hash of each file below `folder` that is not made from another."""
    return {
        path.relative_to(folder).as_posix(): hash_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    }
