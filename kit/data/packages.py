"""Data packages: tables with their words, their sources and a seal.

A package is a folder of ``datasets/`` with a Frictionless ``datapackage.json``. A table whose
SHA-256 is the recorded one is trusted and only read. A table that differs is looked at row by row
(:mod:`kit.data.validation`) and refused, with the file, the row, the column and what was expected.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import places
from kit.data.citation import Citation, pick
from kit.errors import DataError
from kit.house import home
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTOR = "datapackage.json"
MUNICIPALITY = "code"  # the field that holds a municipality's five-digit code
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
        made = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise DataError(
            say("データの説明書 {name} がありません。", name=DESCRIPTOR),
            where=str(path),
            hint=restore(path),
        ) from None
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
    except OSError as error:
        raise _unreadable(path, error) from None
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


def _unreadable(path: Path, error: OSError) -> DataError:
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
    if name not in names():
        folder = home() / "datasets" / name if isinstance(name, str) else None
        if folder and re.fullmatch(r"[a-z0-9-]+", name) and folder.is_dir():
            return folder  # its descriptor is missing: reading it says so
        raise unknown(say("データ「{name}」はありません。", name=name), name, names())
    return home() / "datasets" / name


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


def load(
    name: str, table: str | None = None, *, municipality: object | None = None
) -> pd.DataFrame:
    """Return a table of a dataset, carrying its citation.

    Parameters
    ----------
    name : str
        Dataset: see :func:`names`.
    table : str, optional
        Table of the dataset; the first when left out.
    municipality : str, int or Municipality, optional
        Keep only the rows of this municipality: anything :func:`kit.places.find` understands.

    Returns
    -------
    DataFrame
        Columns as the schema says: whole numbers are ``int64`` (``float64`` where some are
        missing), text is ``str``, yes/no is ``bool`` (``boolean`` where some are missing).
        ``.attrs["citation"]`` is its :class:`~kit.data.citation.Citation`.

    Raises
    ------
    DataError
        If the dataset or the table does not exist, a file is missing or damaged, or the table is
        not by municipality.
    PlaceError
        If nobody can mean `municipality`.

    Examples
    --------
    >>> load("municipalities", municipality="八王子")["population"].item()
    579355
    """
    package, resource = table_of(name, table)
    path = folder_of(name) / resource["path"]
    fields = {one["name"]: one for one in resource["schema"]["fields"]}
    content = _sealed(path, package, resource)
    kinds = tuple((key, one["type"], bool(one.get("trueValues"))) for key, one in fields.items())
    frame = _parse(content, kinds).copy()
    if municipality is not None:
        place = places.find(municipality)
        if MUNICIPALITY not in fields:
            raise DataError(
                say("表「{table}」は区市町村ごとではありません。", table=resource["name"]),
                where=f"load({name!r}, municipality=…)",
                hint=say("municipality を書かずに読んでください。"),
            )
        frame = frame[frame[MUNICIPALITY] == place.code].reset_index(drop=True)
        if frame.empty:
            raise DataError(
                say(
                    "表「{table}」に{town}の行がありません。",
                    table=resource["name"],
                    town=place.name,
                ),
                where=str(path),
            )
    frame.attrs["citation"] = _citation(package, resource)
    return frame


def _sealed(path: Path, package: Mapping[str, Any], resource: Mapping[str, Any]) -> bytes:
    """Return the content of `path` if it is the recorded one; otherwise say what is wrong."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(
            say("データのファイルがありません。"), where=str(path), hint=restore(path)
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    recorded = str(resource.get("hash", "")).removeprefix("sha256:")
    # Git on Windows may have changed the line ends: the same rows all the same.
    for candidate in (content, content.replace(b"\r\n", b"\n")):
        if hashlib.sha256(candidate).hexdigest() == recorded:
            return candidate
    from kit.data import validation

    problems = validation.table_problems(path.parent, package, resource["name"])
    if problems:
        first = problems[0]
        if len(problems) > 1:
            first.message += " " + say("（ほかに {count} か所）", count=len(problems) - 1)
        raise first
    if not recorded:
        return content
    raise validation.wrong_seal(path, resource, len(content))


_DTYPES = {"integer": "Int64", "number": "float64", "year": "Int64", "boolean": "boolean"}


@lru_cache(maxsize=16)
def _parse(content: bytes, kinds: tuple[tuple[str, str, bool], ...]) -> pd.DataFrame:
    import pandas as pd

    dates = [name for name, kind, _ in kinds if kind in ("date", "datetime")]
    dtypes = {name: _DTYPES.get(kind, "str") for name, kind, _ in kinds if name not in dates}
    coded = [name for name, kind, numbers in kinds if kind == "boolean" and numbers]
    dtypes |= dict.fromkeys(coded, "Int64")
    frame = pd.read_csv(
        io.BytesIO(content),
        dtype=dtypes,
        parse_dates=dates or False,
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
    )
    for name in coded:
        frame[name] = frame[name].astype("boolean")
    for name, kind in dtypes.items():
        # Formulas and estimators do not take pd.NA: plain numpy types wherever they can say it.
        whole = not frame[name].isna().any()
        if name in coded or kind == "boolean":
            frame[name] = frame[name].astype("bool") if whole else frame[name]
        elif kind == "Int64":
            frame[name] = frame[name].astype("int64" if whole else "float64")
    return frame


def citation(name: str, table: str | None = None) -> Citation:
    """Return where a dataset's numbers come from.

    Parameters
    ----------
    name, table : str
        As in :func:`load`; without `table`, the sources of all tables.

    Examples
    --------
    >>> citation("municipalities", "national-age").line("ja").startswith("出典：総務省「")
    True
    """
    if table is not None:
        return _citation(*table_of(name, table))
    package = read_descriptor(folder_of(name))
    found: dict[str, dict[str, Any]] = {}
    for resource in package["resources"]:
        for source in resource.get("sources", []):
            found.setdefault(str(source.get("title")), source)
    return Citation.of(package["name"], package, list(found.values()))


def _citation(package: Mapping[str, Any], resource: Mapping[str, Any]) -> Citation:
    return Citation.of(package["name"], resource, list(resource.get("sources", [])))


def labels(name: str, table: str | None = None, language: str | None = None) -> dict[str, str]:
    """Return ``field -> label`` in `language`, for headings and axes.

    Examples
    --------
    >>> labels("municipalities", language="en")["households"]
    'Households'
    """
    _, resource = table_of(name, table)
    return {one["name"]: pick(one, "title", language) for one in resource["schema"]["fields"]}


def categories(
    name: str, table: str | None = None, language: str | None = None
) -> dict[str, dict[str, str]]:
    """Return ``field -> value -> label`` in `language` for fields that hold codes.

    A field that lists several codes divides them by ``"; "``.

    Examples
    --------
    >>> categories("municipalities", language="en")["kind"]["ward"]
    'Special ward'
    """
    _, resource = table_of(name, table)
    return {
        one["name"]: {
            category["value"]: pick(category, "label", language) for category in one["categories"]
        }
        for one in resource["schema"]["fields"]
        if one.get("categories")
    }
