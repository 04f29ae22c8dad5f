"""From the bytes of a CSV or Excel file to a table of text."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.data.encodings import read_text
from kit.data.packages import unknown
from kit.errors import DataError, KitError, ParameterError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what a workbook with a password looks like
_ZIP = b"PK\x03\x04"
# An .xlsx is a zip of XML; one that unpacks to more than this is no table for a class.
_UNPACKED = 500_000_000


def from_csv(
    content: bytes,
    where: str,
    *,
    header_row: int = 1,
    separator: str = ",",
    encoding: str | None = None,
) -> pd.DataFrame:
    r"""Return a CSV file as a table of text.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        What a message calls it.
    header_row : int
        Row of the column names, counted from 1.
    separator, encoding : str
        Between the cells; of the text (found from the file when left out).

    Raises
    ------
    DataError
        If it is no such table, with the row.
    ParameterError
        If `header_row`, `separator` or `encoding` cannot be meant.

    Examples
    --------
    >>> from_csv("町,人口\n八王子市,１２３\n".encode("cp932"), "a.csv").values.tolist()
    [['八王子市', '１２３']]
    """
    if not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n':
        raise ParameterError(
            say("separator は 1 文字です。"), where="separator", hint=say("例: , 、\\t（タブ）")
        )
    if content.startswith((_ZIP, _OLD_EXCEL)):
        raise DataError(
            say("CSV ではなく、Excel か zip のファイルです。"),
            where=where,
            hint=say("Excel のファイルなら sources.excel で読んでください。"),
        )
    try:
        text = read_text(content, encoding)
    except DataError as error:
        raise DataError(error.message, where=where, hint=error.hint) from None
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise DataError(
            say("CSV として読めません。引用符が閉じていないか、途中で切れています。"),
            where=say("{path}: {row} 行目から", path=where, row=len(rows) + 1),
            hint=say("少し待って、もう一度実行してください。続くときは公表元に知らせてください。"),
        ) from None
    return _table(rows, where, header_row)


def from_excel(
    content: bytes, where: str, *, sheet: str | int = 1, header_row: int = 1
) -> pd.DataFrame:
    """Return a sheet of an ``.xlsx`` file as a table of text.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        What a message calls it.
    sheet : str or int
        Name of the sheet, or its place counted from 1.
    header_row : int
        Row of the column names, counted from 1.

    Raises
    ------
    DataError
        If it is no such file, or has no such sheet.
    """
    if content.startswith(_OLD_EXCEL):
        raise DataError(
            say("古い形（.xls）か、パスワードのかかった Excel のファイルです。"),
            where=where,
            hint=say("Excel で開いて .xlsx か CSV で保存し直すと読めます。"),
        )
    broken = DataError(
        say("Excel のファイルとして読めません。"),
        where=where,
        hint=say("CSV のファイルなら sources.csv で読んでください。"),
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _UNPACKED:
                raise broken
        return _table(_cells(content, where, sheet), where, header_row)
    except KitError:
        raise
    except Exception:
        # A damaged workbook makes zipfile, the XML parser and openpyxl raise almost anything.
        raise broken from None


def _cells(content: bytes, where: str, sheet: str | int) -> list[list[str]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and drawings nobody asked for
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = [one.title for one in book.worksheets]
        if isinstance(sheet, int) and 1 <= sheet <= len(names):
            sheet = names[sheet - 1]
        if sheet not in names:
            error = unknown(say("シート「{sheet}」はありません。", sheet=sheet), sheet, names)
            raise DataError(error.message, where=where, hint=error.hint)
        chosen = book[str(sheet)]
        chosen.reset_dimensions()  # some programs write a wrong one, and rows would be lost
        return [[_text(cell) for cell in row] for row in chosen.iter_rows(values_only=True)]


def _text(value: Any) -> str:
    """Return a cell as a person reads it in Excel."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return str(value)


def _table(rows: Sequence[Sequence[str]], where: str, header_row: int) -> pd.DataFrame:
    import pandas as pd

    if isinstance(header_row, bool) or not isinstance(header_row, int) or header_row < 1:
        raise ParameterError(
            say("header_row は 1 以上の整数です。"), where="header_row", hint=say("例: 1")
        )
    names = _names(rows[header_row - 1]) if len(rows) >= header_row else []
    if not names:
        raise DataError(
            say("{row} 行目に、列の見出しがありません。", row=header_row),
            where=where,
            hint=say("見出しのある行の番号を header_row= に書いてください。"),
        )
    width = len(names)
    body: list[Sequence[str]] = []
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        if any(cell.strip() for cell in row[width:]):
            raise DataError(
                say("見出しより列の多い行があります。"),
                where=say("{path}: {row} 行目", path=where, row=number),
                hint=say("見出しのある行の番号を header_row= に書いてください。"),
            )
        if any(cell.strip() for cell in row):
            body.append(row[:width] if len(row) >= width else [*row, *[""] * (width - len(row))])
    if not body:
        raise DataError(
            say("見出しの下に、行がありません。"),
            where=where,
            hint=say("見出しのある行の番号を header_row= に書いてください。"),
        )
    columns = dict(zip(names, zip(*body, strict=True), strict=True))
    return pd.DataFrame({name: pd.array(cells, dtype="str") for name, cells in columns.items()})


def _names(head: Sequence[str]) -> list[str]:
    """Return column names: on one line, none empty, no two alike."""
    plain = [" ".join(cell.split()) for cell in head]
    while plain and not plain[-1]:
        plain.pop()
    names: list[str] = []
    for number, name in enumerate(plain, start=1):
        wanted = name or say("列{number}", number=number)
        again = sum(1 for one in plain[: number - 1] if one == name) if name else 0
        made = f"{wanted}.{again}" if again else wanted
        while made in names:
            again += 1
            made = f"{wanted}.{again}"
        names.append(made)
    return names
