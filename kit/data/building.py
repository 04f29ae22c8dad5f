"""Write a data package: what every ``datasets/<name>/build.py`` ends with.

A build script tabulates raw tables into rows of its own; this module writes them as UTF-8 CSV with
LF line ends and seals the descriptor with the size and SHA-256 of each file, so that a damaged copy
is noticed when it is loaded. The same rows always give the same bytes: no clock is read.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.house import home

PUBLICATIONS = "sources.toml"
# As a build script writes them -> as a Japanese and an English reader see them.
UNITS = {
    "share": ("割合、0～1", "share, 0–1"),
    "人": ("人", "people"),
    "世帯": ("世帯", "households"),
    "件": ("件", "cases"),
    "件/年": ("件/年", "cases a year"),
    "枚": ("枚", "cards"),
    "種類": ("種類", "kinds"),
    "点": ("点", "points"),
    "校": ("校", "schools"),
    "園": ("園", "kindergartens"),
    "施設": ("施設", "facilities"),
    "か所": ("か所", "places"),
    "組": ("組", "couples"),
    "回": ("回", "times"),
    "千円": ("千円", "thousand yen"),
    "円": ("円", "yen"),
    "歳": ("歳", "years of age"),
    "年": ("年", "years"),
    "日": ("日", "days"),
    "分": ("分", "minutes"),
    "秒": ("秒", "seconds"),
    "度": ("度", "degrees"),
    "2桁": ("2桁", "2 digits"),
    "5桁": ("5桁", "5 digits"),
    "6桁": ("6桁", "6 digits"),
}
# Every row of a table by municipality stands for one of the 62.
OF_A_TOWN = {
    "fields": ["code"],
    "reference": {
        "package": "municipalities",
        "resource": "municipalities",
        "fields": ["code"],
    },
}


def raw_folder(description: str) -> Path:
    """Return the folder given as ``--raw`` on the command line of a build script.

    Parameters
    ----------
    description : str
        What the script builds, for ``--help``.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--raw", type=Path, required=True, help="folder that holds the raw tables")
    folder: Path = parser.parse_args().raw
    if not folder.is_dir():
        parser.error(f"--raw: no such folder: {folder}")
    return folder


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dictionaries of text; quoted line breaks are kept."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def source(key: str, **said: Any) -> dict[str, Any]:
    """Return a publication of ``datasets/sources.toml``, with what this table adds to it.

    Parameters
    ----------
    key : str
        Its name there.
    **said
        Usually ``date`` and ``date_en``: of what was taken. ``in_line=False`` leaves it out of the
        one-line citation.

    Raises
    ------
    KeyError
        If there is no such publication.
    ValueError
        If nobody says of which date the figures are.

    Examples
    --------
    >>> source("ssdse-a", date="2020年国勢調査", date_en="2020 census")["publisher_en"]
    'National Statistics Center'
    """
    with (home() / "datasets" / PUBLICATIONS).open("rb") as file:
        made: dict[str, Any] = {**tomllib.load(file)[key], **said}
    if missing := {"date", "date_en"} - made.keys():
        raise ValueError(f"{key}: {', '.join(sorted(missing))}")
    return made


def field(
    name: str,
    kind: str,
    title: str,
    title_en: str,
    *,
    unit: str = "",
    description: str = "",
    description_en: str = "",
    categories: Mapping[str, tuple[str, str]] | None = None,
    closed: bool = True,
    **constraints: Any,
) -> dict[str, Any]:
    """Return one field of a Table Schema, with both titles.

    Parameters
    ----------
    name, kind : str
        Column name (ASCII) and Table Schema type.
    title, title_en : str
        What a table or an axis shows.
    unit : str
        One of :data:`UNITS`, or one that is the same in every language: ``km²``, ``％``.
    description, description_en : str
        What the number means.
    categories : mapping of str to (str, str)
        ``value -> (Japanese label, English label)``.
    closed : bool
        Whether the categories are all there is (then they become an ``enum``); False for a
        column that lists several of them, divided by ``"; "``.
    **constraints
        Table Schema constraints (``required=True``, ``minimum=0`` …).

    Examples
    --------
    >>> field("households", "integer", "世帯数", "Households", minimum=0)["constraints"]
    {'minimum': 0}
    """
    made: dict[str, Any] = {"name": name, "type": kind, "title": title, "title_en": title_en}
    if description:
        made["description"] = description
    if description_en:
        made["description_en"] = description_en
    if unit:
        made["unit"], made["unit_en"] = UNITS.get(unit) or (unit, unit)
        if any(letter.isalpha() and ord(letter) > 0x2E7F for letter in made["unit_en"]):
            raise ValueError(f"{name}: UNITS has no English for {unit}")
    if kind == "boolean":
        made["trueValues"], made["falseValues"] = ["1"], ["0"]
    if categories:
        made["categories"] = [
            {"value": value, "label": label, "label_en": label_en}
            for value, (label, label_en) in categories.items()
        ]
        if closed:
            constraints["enum"] = list(categories)
    if constraints:
        made["constraints"] = constraints
    return made


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def write_package(
    folder: Path,
    descriptor: Mapping[str, Any],
    tables: Mapping[str, tuple[Sequence[dict[str, Any]], Iterable[Mapping[str, Any]]]],
) -> None:
    """Write the CSV files and ``datapackage.json`` of one package into `folder`.

    Parameters
    ----------
    folder : Path
        ``datasets/<name>``.
    descriptor : mapping
        The descriptor. Each resource has ``name``, titles, ``sources`` and a ``schema`` with keys;
        path, encoding, fields, size and hash are added here.
    tables : mapping of str to (fields, rows)
        For each resource name, its fields (see :func:`field`) and its rows.
    """
    sealed = dict(descriptor)
    sealed["resources"] = []
    for resource in descriptor["resources"]:
        fields, rows = tables[resource["name"]]
        names = [one["name"] for one in fields]
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_text(row.get(name)) for name in names] for row in rows)
        content = buffer.getvalue().encode()
        path = f"{resource['name']}.csv"
        (folder / path).write_bytes(content)
        sealed["resources"].append(
            {
                **{key: value for key, value in resource.items() if key != "schema"},
                "path": path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
                "schema": {"fields": list(fields), "missingValues": [""], **resource["schema"]},
            }
        )
    text = json.dumps(sealed, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_bytes((text + "\n").encode())
