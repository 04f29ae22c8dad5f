"""Data packages: tables with their words, their sources and a seal.

A package is a folder of ``datasets/`` with a Frictionless ``datapackage.json``. A table whose
SHA-256 is the recorded one is trusted and only read. A table that differs is looked at row by row
(:mod:`kit.data.validation`) and refused, with the file, the row, the column and what was expected.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import places
from kit.data.citation import Citation, pick
from kit.data.descriptors import (
    folder_of,
    names,
    read_descriptor,
    restore,
    table_of,
    unknown,
    unreadable,
)
from kit.errors import DataError
from kit.language import current, say, using

if TYPE_CHECKING:
    import pandas as pd

MUNICIPALITY = "code"  # the field that holds a municipality's five-digit code
NAME = "name"  # the column kit.data.named puts beside it


def load(
    name: str,
    table: str | None = None,
    *,
    municipality: object | None = None,
    vintage: object | None = None,
    columns: Sequence[str] | None = None,
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
    vintage : str, int or date, optional
        Keep only the rows of this date, year or month, as the table writes it (:func:`vintages`
        lists them); ``"latest"`` for the newest.
    columns : sequence of str, optional
        Keep only these columns, in this order.

    Returns
    -------
    DataFrame
        Columns as the schema says: whole numbers are ``int64`` (``float64`` where some are
        missing), text is ``str``, yes/no is ``bool`` (``boolean`` where some are missing).
        ``.attrs["citation"]`` is its :class:`~kit.data.citation.Citation`.

    Raises
    ------
    DataError
        If the dataset, the table, a column or the vintage does not exist, a file is missing or
        damaged, or the table is not by municipality or has no vintages.
    PlaceError
        If nobody can mean `municipality`.

    Examples
    --------
    >>> load("municipalities", municipality="八王子")["population"].item()
    579355
    """
    package, resource = table_of(name, table)
    frame = _whole(name, package, resource)
    if municipality is not None:
        frame = _of_town(frame, places.find(municipality), name, resource)
    if vintage is not None:
        frame = _of_vintage(frame, vintage, resource)
    if columns is not None:
        frame = _only(frame, columns, resource)
    frame.attrs["citation"] = _citation(package, resource)
    return frame


def vintages(name: str, table: str | None = None) -> tuple[str, ...]:
    """Return the dates, years or months a table has rows of, the oldest first.

    Parameters
    ----------
    name, table : str
        As in :func:`load`.

    Returns
    -------
    tuple of str
        Empty where the table is of one moment only.

    Examples
    --------
    >>> vintages("municipalities")
    ()
    """
    package, resource = table_of(name, table)
    if "vintage" not in resource:
        return ()
    return _dates(_whole(name, package, resource)[resource["vintage"]])


def _whole(name: str, package: Mapping[str, Any], resource: Mapping[str, Any]) -> pd.DataFrame:
    content = _sealed(folder_of(name) / resource["path"], package, resource)
    kinds = tuple(
        (one["name"], one["type"], bool(one.get("trueValues")))
        for one in resource["schema"]["fields"]
    )
    # Copied when it is written to, and not before (pandas' copy-on-write).
    return _parse(content, kinds).copy(deep=False)


def _of_town(
    frame: pd.DataFrame, place: places.Municipality, name: str, resource: Mapping[str, Any]
) -> pd.DataFrame:
    if MUNICIPALITY not in frame:
        raise DataError(
            say("表「{table}」は区市町村ごとではありません。", table=resource["name"]),
            where=f"load({name!r}, municipality=…)",
            hint=say("municipality を書かずに読んでください。"),
        )
    rows = frame[frame[MUNICIPALITY] == place.code].reset_index(drop=True)
    if rows.empty:
        raise DataError(
            say("表「{table}」に{town}の行がありません。", table=resource["name"], town=place.name),
            where=str(folder_of(name) / resource["path"]),
        )
    return rows


def _written(column: pd.Series) -> pd.Series:
    """Return a column of time as the table writes it."""
    if column.dtype.kind == "M":
        return column.dt.strftime("%Y-%m-%d")
    return column.map("{:.0f}".format) if column.dtype.kind in "if" else column.astype("str")


def _dates(column: pd.Series) -> tuple[str, ...]:
    return tuple(_written(column.dropna().drop_duplicates().sort_values()))


def _of_vintage(frame: pd.DataFrame, vintage: object, resource: Mapping[str, Any]) -> pd.DataFrame:
    where = f"vintage = {vintage!r}"[:80]
    if "vintage" not in resource:
        raise DataError(
            say("表「{table}」は、ひとつの時点だけの表です。", table=resource["name"]),
            where=where,
            hint=say("vintage を書かずに読んでください。"),
        )
    column = frame[resource["vintage"]]
    known = _dates(column)
    asked = str(vintage)[:10] if hasattr(vintage, "year") else str(vintage)
    asked = known[-1] if asked == "latest" and known else asked
    if asked not in known:
        problem = unknown(
            say(
                "表「{table}」に {vintage} の行がありません。",
                table=resource["name"],
                vintage=asked[:40],
            ),
            asked,
            known,
        )
        problem.where = where
        span = say("{first} から {last} まで", first=known[0], last=known[-1]) if known else ""
        problem.hint = f"{problem.hint}（{span}、latest）"
        raise problem
    return frame[_written(column) == asked].reset_index(drop=True)


def _only(frame: pd.DataFrame, columns: Sequence[str], resource: Mapping[str, Any]) -> pd.DataFrame:
    asked = [columns] if isinstance(columns, str) else list(columns)
    for column in asked:
        if column not in frame:
            raise unknown(
                say(
                    "表「{table}」に列「{column}」はありません。",
                    table=resource["name"],
                    column=column,
                ),
                column,
                list(frame.columns),
            )
    return frame[asked]


def _sealed(path: Path, package: Mapping[str, Any], resource: Mapping[str, Any]) -> bytes:
    """Return the content of `path` if it is the recorded one; otherwise say what is wrong."""
    recorded = str(resource.get("hash", "")).removeprefix("sha256:")
    try:
        seen = path.stat()
        content, sound = _read(path, recorded, (seen.st_mtime_ns, seen.st_size))
    except FileNotFoundError:
        raise DataError(
            say("データのファイルがありません。"), where=str(path), hint=restore(path)
        ) from None
    except OSError as error:
        raise unreadable(path, error) from None
    if sound:
        return content
    from kit.data import validation

    problems = validation.table_problems(path.parent, package, resource["name"])
    if problems:
        first = problems[0]
        if len(problems) > 1:
            first.message += " " + say("（ほかに {count} か所）", count=len(problems) - 1)
        raise first
    if not recorded:
        return content
    raise validation.wrong_seal(path, resource, seen.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, recorded: str, seen: tuple[int, int]) -> tuple[bytes, bool]:
    """Return a file's content and whether it is the recorded one, once for each state of it."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() == recorded:
        return content, True
    # Git on Windows may have changed the line ends: the same rows all the same.
    plain = content.replace(b"\r\n", b"\n")
    return plain, hashlib.sha256(plain).hexdigest() == recorded


_DTYPES = {"integer": "Int64", "number": "float64", "year": "Int64", "boolean": "boolean"}


@lru_cache(maxsize=64)
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


def headings(cited: str, language: str | None = None) -> dict[str, str]:
    """Return ``field -> label`` of every table of the datasets a citation names.

    Parameters
    ----------
    cited : str
        ``Citation.name``: a dataset, several joined by ``+``, or a simulated world (which has none).
    language : str, optional
        The current language when left out.

    Examples
    --------
    >>> headings("mynumber-cards", "ja")["share"]
    '交付率'
    """
    found: dict[str, str] = {}
    for name in cited.split("+"):
        if name in names():
            for resource in read_descriptor(folder_of(name))["resources"]:
                found = {**labels(name, resource["name"], language), **found}
    if MUNICIPALITY in found:
        with using(language or current()):
            found.setdefault(NAME, say("区市町村"))
    return found


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
