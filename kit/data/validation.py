"""Look at every row of a data package, and say what is wrong in the reader's words.

The rows are checked by frictionless (measured with 5.21 on two shared cores: imported in 0.2 s,
the first package opened in 1.1 s, 3,816 rows × 31 columns with a foreign key in 0.3 s; it adds 12
packages and 9 MB). It knows types, constraints, keys, encodings and shapes that a validator of our
own would get to slowly; it is imported only here, so a notebook that loads sound tables never pays
for it. pandera 0.35 adds ten packages and 11 MB to pandas, took about twice as long to import in the
same run (2.4 s against 1.4 s on a busy machine), and reads neither the descriptor nor its foreign
keys: they would be ours to write. What we add: the sentences, a header compared as a whole, and the seal.
"""

from __future__ import annotations

import copy
import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.data.descriptors import folder_of, read_descriptor, restore, table_of
from kit.errors import DataError
from kit.language import say

_SHAPE = ("name", "path", "profile", "format", "mediatype", "encoding", "schema")
# These say "the file differs from its record" or repeat what the header check has said.
_SEAL = {"hash-count", "byte-count", "hash-count-error", "byte-count-error"}


def validate(folder: str | Path) -> list[DataError]:
    """Return everything wrong with a package; an empty list for a sound one.

    Parameters
    ----------
    folder : str or Path
        A dataset's name, or the folder of a package.

    Examples
    --------
    >>> validate("municipalities")
    []
    """
    try:
        path = folder_of(folder) if isinstance(folder, str) else folder
        package = read_descriptor(path)
    except DataError as error:
        return [error]
    found: list[DataError] = []
    for resource in package["resources"]:
        problems = table_problems(path, package, resource["name"])
        if not problems and (seal := _seal_problem(path / resource["path"], resource)):
            problems = [seal]
        found.extend(problems)
    return found


def table_problems(folder: Path, package: Mapping[str, Any], table: str) -> list[DataError]:
    """Return what is wrong with the rows of one table (its seal left aside).

    Parameters
    ----------
    folder : Path
        Folder of the package.
    package : mapping
        Its descriptor.
    table : str
        Name of the table.
    """
    resource = next(one for one in package["resources"] if one["name"] == table)
    path = folder / resource["path"]
    if problem := _header_problem(path, resource):
        return [problem]

    try:
        import frictionless
    except ImportError:
        return [
            DataError(
                say("表を調べる道具 frictionless が入っていません。"),
                where=str(path),
                hint="pip install frictionless",
            )
        ]
    try:
        needed = _with_lookups(folder, package, resource)
        opened = frictionless.Package.from_descriptor(needed, basepath=str(folder.parent))
        report = opened.validate()
    except DataError as error:  # the other package is missing or damaged
        return [error]
    except frictionless.FrictionlessException as error:
        return [
            DataError(
                say("データの説明書が規格に合いません: {note}", note=error.error.note),
                where=str(folder / "datapackage.json"),
                hint=restore(folder / "datapackage.json"),
            )
        ]
    problems = [
        DataError(
            say("データの説明書が規格に合いません: {note}", note=error.note),
            where=str(folder / "datapackage.json"),
            hint=restore(folder / "datapackage.json"),
        )
        for error in report.errors
    ]
    for task in report.tasks:
        if task.name == table:
            problems.extend(
                _told(error, path, resource)
                for error in _once_a_row(task.errors)
                if error.type not in _SEAL
            )
    return problems


def _once_a_row(errors: list[Any]) -> list[Any]:
    """Return the errors; of a row that was cut off, the first and that it is too short.

    Every cell such a row lacks is an error to the library: one mistake, not ten.
    """
    short = {error.row_number for error in errors if error.type == "missing-cell"}
    told: set[tuple[Any, bool]] = set()
    kept = []
    for error in errors:
        row = getattr(error, "row_number", None)
        if row in short:
            key = (row, error.type == "missing-cell")
            if key in told:
                continue
            told.add(key)
        kept.append(error)
    return kept


def _with_lookups(
    folder: Path, package: Mapping[str, Any], resource: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a package of this table and those its foreign keys look into, without the seals.

    A key may look into a table of another package (``reference.package``). The library knows one
    package only, so the tables are put together in one whose base is the folder of all packages.
    """
    wanted = {(folder.name, resource["name"]): resource}
    own = {one["name"]: one for one in package["resources"]}
    keys = copy.deepcopy(resource["schema"].get("foreignKeys", []))
    for key in keys:
        reference = key["reference"]
        other = reference.pop("package", None)
        name = reference["resource"] or resource["name"]
        if other is None:
            if name in own:
                wanted[folder.name, name] = own[name]
        else:
            wanted[other, name] = table_of(other, name)[1]
            reference["resource"] = f"{other}--{name}"
    made: dict[str, Any] = {key: value for key, value in package.items() if key != "resources"}
    made["resources"] = []
    for (home_of, name), table in wanted.items():
        kept = {key: copy.deepcopy(table[key]) for key in _SHAPE if key in table}
        kept["path"] = f"{home_of}/{table['path']}"
        kept["schema"].pop("foreignKeys", None)
        if home_of != folder.name:
            kept["name"] = f"{home_of}--{name}"
        elif name == resource["name"]:
            kept["schema"]["foreignKeys"] = keys
        made["resources"].append(kept)
    return made


def _header_problem(path: Path, resource: Mapping[str, Any]) -> DataError | None:
    """Compare the first line with the schema: a lost column is one mistake, not twenty."""
    expected = [one["name"] for one in resource["schema"]["fields"]]
    hint = restore(path)
    try:
        # The whole text, so that a wrong encoding further down is told here, too.
        text = path.read_text(encoding="utf-8")
        found = next(csv.reader(io.StringIO(text)), [])
    except FileNotFoundError:
        return DataError(say("データのファイルがありません。"), where=str(path), hint=hint)
    except UnicodeDecodeError:
        return DataError(
            say("文字コードが UTF-8 ではありません。"),
            where=say("{path}: {row} 行目", path=path, row=_undecodable_line(path)),
            hint=say("Excel で保存したときは「CSV UTF-8」を選んでください。") + " " + hint,
        )
    except (csv.Error, OSError) as error:
        return DataError(
            say("CSV として読めません: {error}", error=error), where=str(path), hint=hint
        )
    if found == expected:
        return None
    where = say("{path}: 1 行目", path=path)
    if missing := [name for name in expected if name not in found]:
        message = say("列 {columns} がありません。", columns=", ".join(missing))
    elif extra := [name for name in found if name not in expected]:
        message = say("知らない列 {columns} があります。", columns=", ".join(extra))
    else:
        message = say(
            "列の順番か数が違います。あるべき順番: {columns}", columns=", ".join(expected)
        )
    return DataError(message, where=where, hint=hint)


def _undecodable_line(path: Path) -> int:
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 1


def _told(error: Any, path: Path, resource: Mapping[str, Any]) -> DataError:
    """Return one of the library's errors in our words."""
    row = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None) or ""
    fields = {one["name"]: one for one in resource["schema"]["fields"]}
    if row and column:
        where = say("{path}: {row} 行目、列 {column}", path=path, row=row, column=column)
    elif row:
        where = say("{path}: {row} 行目", path=path, row=row)
    else:
        where = str(path)
    message = _sentence(error, fields.get(column, {}))
    return DataError(message, where=where, hint=restore(path))


def _sentence(error: Any, field: Mapping[str, Any]) -> str:
    cell = _cut(getattr(error, "cell", "") or "")
    note = error.note or ""
    if error.type == "type-error":
        return say(
            "「{cell}」は{kind}ではありません。", cell=cell, kind=_kind(field.get("type", ""))
        )
    if error.type == "constraint-error":
        return _broken_constraint(note, cell, field.get("constraints", {}))
    if error.type in ("unique-error", "primary-key"):
        found = re.search(r"position (\d+)", note)
        other = found[1] if found else "?"
        return say("同じものが {other} 行目にもあります。重ねて書けません。", other=other)
    if error.type == "foreign-key":
        values = re.search(r'values? "(.*?)" not found.*table "(.*?)"', note)
        value, table = values.groups() if values else ("?", "?")
        columns = ", ".join(getattr(error, "field_names", []) or [])
        return say(
            "列 {columns} の「{value}」が、表「{table}」にありません。",
            columns=columns, value=_cut(value), table=(table or "").rpartition("--")[2],
        )  # fmt: skip
    if error.type == "missing-cell":
        return say("列が足りません。途中で切れているかもしれません。")
    if error.type == "extra-cell":
        return say("列が多すぎます。引用符やコンマを確かめてください。")
    if error.type == "blank-row":
        return say("空の行があります。")
    if error.type == "source-error":
        return say("中身がありません。")
    return say("規格に合いません: {note}", note=_cut(note, 200))


def _broken_constraint(note: str, cell: str, constraints: Mapping[str, Any]) -> str:
    found = re.search(r'constraint "(\w+)"', note)
    name = found[1] if found else ""
    if name == "required":
        return say("値がありません。空にはできません。")
    if name == "enum":
        return say(
            "「{cell}」は使えない値です。使える値: {choices}",
            cell=cell, choices=", ".join(map(str, constraints.get("enum", []))),
        )  # fmt: skip
    if name == "minimum":
        return say(
            "{cell} は小さすぎます。{limit} 以上です。", cell=cell, limit=constraints.get(name)
        )
    if name == "maximum":
        return say(
            "{cell} は大きすぎます。{limit} 以下です。", cell=cell, limit=constraints.get(name)
        )
    if name == "pattern":
        return say(
            "「{cell}」の形が違います。形: {pattern}", cell=cell, pattern=constraints.get(name)
        )
    return say("規格に合いません: {note}", note=_cut(note, 200))


def _kind(name: str) -> str:
    return {
        "integer": say("整数"),
        "number": say("数"),
        "boolean": say("「1」か「0」"),
        "date": say("日付（2020-04-01 の形）"),
        "year": say("年"),
    }.get(name, name)


def _cut(text: object, limit: int = 40) -> str:
    plain = "".join(c if c.isprintable() else "?" for c in str(text))
    return plain if len(plain) <= limit else plain[:limit] + "…"


def _seal_problem(path: Path, resource: Mapping[str, Any]) -> DataError | None:
    import hashlib

    content = path.read_bytes()
    recorded = str(resource.get("hash", "")).removeprefix("sha256:")
    same = (content, content.replace(b"\r\n", b"\n"))
    if not recorded or recorded in (hashlib.sha256(one).hexdigest() for one in same):
        return None
    return wrong_seal(path, resource, len(content))


def wrong_seal(path: Path, resource: Mapping[str, Any], size: int) -> DataError:
    """Return the error for a file whose rows look sound but are not the recorded ones."""
    return DataError(
        say(
            "ファイルが、記録されたものと違います（記録 {recorded:,} バイト、いま {size:,} バイト）。",
            recorded=int(resource.get("bytes") or 0),
            size=size,
        ),
        where=str(path),
        hint=say("わざと変えたのなら、build.py で作り直してください。") + " " + restore(path),
    )
