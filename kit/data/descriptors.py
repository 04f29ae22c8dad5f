"""What is written beside the tables: the descriptors of the data packages, and how to find them."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit.errors import DataError
from kit.house import home
from kit.language import say

DESCRIPTOR = "datapackage.json"
_SAFE_NAME = re.compile(r"[a-z0-9-]+")
_SAFE_PATH = re.compile(r"[A-Za-z0-9_-]+\.csv")


def names() -> tuple[str, ...]:
    """Return the names of the datasets.

    Examples
    --------
    >>> "municipalities" in names()
    True
    """
    return tuple(sorted(path.parent.name for path in (home() / "datasets").glob(f"*/{DESCRIPTOR}")))


def restore(path: Path) -> str:
    """Say how to get a damaged file of a package back."""
    return say(
        "元に戻すには git checkout -- {path}、作り直すには {build} を使ってください。",
        path=f"datasets/{path.parent.name}/{path.name}",
        build=f"datasets/{path.parent.name}/build.py",
    )


def unknown(message: str, asked: object, known: Iterable[str]) -> DataError:
    """Return the error for a name nobody knows, with the nearest ones."""
    known = list(known)
    near = difflib.get_close_matches(str(asked)[:60], known, n=3, cutoff=0.4)
    hint = (
        say("近いもの: {names}", names=", ".join(near))
        if near
        else say("あるもの: {names}", names=", ".join(known))
    )
    return DataError(message, hint=hint)


def read_descriptor(folder: Path) -> dict[str, Any]:
    """Return the descriptor of the package in `folder`.

    Raises
    ------
    DataError
        If it is missing, is not JSON, or lacks what every table needs.
    """
    path = folder / DESCRIPTOR
    try:
        seen = path.stat()
        return _read(path, (seen.st_mtime_ns, seen.st_size))
    except FileNotFoundError:
        raise DataError(
            say("データの説明書 {name} がありません。", name=DESCRIPTOR),
            where=str(path),
            hint=restore(path),
        ) from None
    except OSError as error:
        raise unreadable(path, error) from None


@lru_cache(maxsize=64)
def _read(path: Path, seen: tuple[int, int]) -> dict[str, Any]:
    """Read a descriptor once for each state (``seen``) of its file."""
    try:
        made: dict[str, Any] = json.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError:
        raise DataError(
            say("文字コードが UTF-8 ではありません。"), where=str(path), hint=restore(path)
        ) from None
    except json.JSONDecodeError as error:
        raise DataError(
            say("JSON として読めません: {error}", error=error.msg),
            where=say(
                "{path}: {row} 行目、{column} 文字目",
                path=path,
                row=error.lineno,
                column=error.colno,
            ),
            hint=restore(path),
        ) from None
    if problem := _incomplete(made):
        raise DataError(
            say("データの説明書に足りないところがあります: {key}", key=problem),
            where=str(path),
            hint=restore(path),
        )
    return made


def _incomplete(made: Any) -> str | None:
    """Return the first key a descriptor needs and lacks."""
    if not isinstance(made, dict):
        return "{}"
    for key in ("name", "title", "resources"):
        if not made.get(key):
            return key
    if not isinstance(made["resources"], list):
        return "resources"
    for number, table in enumerate(made["resources"]):
        at = f"resources[{number}]"
        if not isinstance(table, dict) or not table.get("name"):
            return f"{at}.name"
        if not _SAFE_PATH.fullmatch(str(table.get("path"))):
            return f"{at}.path"
        schema = table.get("schema")
        fields = schema.get("fields") if isinstance(schema, dict) else None
        if not isinstance(fields, list) or not fields:
            return f"{at}.schema.fields"
        if any(not isinstance(f, dict) or not f.get("name") or not f.get("type") for f in fields):
            return f"{at}.schema.fields"
    return None


def unreadable(path: Path, error: OSError) -> DataError:
    """Return the error for a file that is there and cannot be read."""
    return DataError(
        say("ファイルを読めません: {reason}", reason=error.strerror or error),
        where=str(path),
        hint=say("ファイルの権限を確かめてください。"),
    )


def folder_of(name: str) -> Path:
    """Return the folder of dataset `name`.

    Raises
    ------
    DataError
        If there is no such dataset; the hint names the nearest.
    """
    if isinstance(name, str) and _SAFE_NAME.fullmatch(name):
        folder = home() / "datasets" / name
        if folder.is_dir():
            return folder
    raise unknown(say("データ「{name}」はありません。", name=name), name, names())


def table_of(name: str, table: str | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the descriptor of dataset `name` and that of its `table` (the first when left out).

    Raises
    ------
    DataError
        If either does not exist.
    """
    package = read_descriptor(folder_of(name))
    tables = {one["name"]: one for one in package["resources"]}
    if table is None:
        return package, package["resources"][0]
    if table not in tables:
        raise unknown(
            say("データ「{name}」に表「{table}」はありません。", name=name, table=table),
            table,
            tables,
        )
    return package, tables[table]
