"""CSV and Excel files at an address."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kit.data.sources.address import checked, public
from kit.data.sources.answer import Answer
from kit.data.sources.fetch import LIMIT, MEGABYTE, in_bytes, receive
from kit.data.sources.sheets import from_csv, from_excel
from kit.data.sources.snapshot import MAX_AGE_HOURS, Fallback, cite, obtain, or_packaged

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kit.data.citation import Citation
    from kit.data.sources.snapshot import Snapshot


def csv(
    url: str,
    *,
    header_row: int = 1,
    separator: str = ",",
    encoding: str | None = None,
    sha256: str | None = None,
    fallback: Fallback | None = None,
    publisher: str | None = None,
    title: str | None = None,
    licence: str | None = None,
    limit_mb: float = LIMIT / MEGABYTE,
    max_age_hours: float = MAX_AGE_HOURS,
) -> pd.DataFrame:
    """Return the CSV file at an address as a table of text.

    Parameters
    ----------
    url : str
        ``https://`` or ``http://``.
    header_row : int
        Row of the column names, counted from 1; the rows above it are left out.
    separator : str
        The character between the cells (``"\\t"`` for a tab).
    encoding : str, optional
        Found from the file when left out (:func:`kit.data.encodings.read_text`).
    sha256 : str, optional
        Only this content will do: another one is refused.
    fallback : str or (str, str), optional
        The packaged dataset, or dataset and table, to use where the file cannot be had.
    publisher, title, licence : str, optional
        What the citation says: the host, the file's name and "not seen" when left out. A licence
        stated here counts as second-hand.
    limit_mb : float
        Size at most, in megabytes.
    max_age_hours : float
        A copy younger than this is used without asking again; 0 asks every time.

    Returns
    -------
    DataFrame
        Every cell is text as it stands (:func:`kit.data.japanese.numbers` and
        :func:`~kit.data.japanese.era` read it). ``.attrs["citation"]`` is its citation,
        ``.attrs["snapshot"]`` says which content it is and where it came from.

    Raises
    ------
    DataError
        If the file cannot be had or is no such table, and there is no earlier copy or `fallback`.
    ParameterError
        If an argument cannot be meant.

    Warns
    -----
    SourceNotice
        If the table is not today's.

    Examples
    --------
    >>> from kit.data import sources
    >>> with sources.offline():
    ...     towns = sources.csv("https://www.example.jp/towns.csv", fallback="municipalities")
    >>> towns.attrs["snapshot"]["url"]
    'datasets/municipalities/municipalities.csv'
    """

    def read(answer: Answer) -> pd.DataFrame:
        return from_csv(
            answer.table(), answer.url,
            header_row=header_row, separator=separator, encoding=encoding,
        )  # fmt: skip

    return _file(url, read, sha256, fallback, publisher, title, licence, limit_mb, max_age_hours)


def excel(
    url: str,
    *,
    sheet: str | int = 1,
    header_row: int = 1,
    sha256: str | None = None,
    fallback: Fallback | None = None,
    publisher: str | None = None,
    title: str | None = None,
    licence: str | None = None,
    limit_mb: float = LIMIT / MEGABYTE,
    max_age_hours: float = MAX_AGE_HOURS,
) -> pd.DataFrame:
    """Return a sheet of the Excel file (``.xlsx``) at an address as a table of text.

    Parameters
    ----------
    url : str
        ``https://`` or ``http://``.
    sheet : str or int
        Name of the sheet, or its place counted from 1.
    header_row : int
        Row of the column names, counted from 1 as in Excel; the rows above it are left out.
    sha256, fallback, publisher, title, licence, limit_mb, max_age_hours
        As in :func:`csv`.

    Returns
    -------
    DataFrame
        As in :func:`csv`. Whole numbers have no decimals, dates are ``2023-04-01``; a formula is
        what Excel last made of it.

    Raises
    ------
    DataError, ParameterError
        As in :func:`csv`.

    Warns
    -----
    SourceNotice
        If the table is not today's.

    Examples
    --------
    >>> from kit.data import sources
    >>> with sources.offline():
    ...     towns = sources.excel("https://www.example.jp/a.xlsx", fallback="municipalities")
    >>> towns.attrs["snapshot"]["origin"]
    'packaged'
    """

    def read(answer: Answer) -> pd.DataFrame:
        return from_excel(answer.table(), answer.url, sheet=sheet, header_row=header_row)

    return _file(url, read, sha256, fallback, publisher, title, licence, limit_mb, max_age_hours)


def _file(
    url: str,
    read: Callable[[Answer], pd.DataFrame],
    sha256: str | None,
    fallback: Fallback | None,
    publisher: str | None,
    title: str | None,
    licence: str | None,
    limit_mb: float,
    max_age_hours: float,
) -> pd.DataFrame:
    address, limit = checked(url), in_bytes(limit_mb)
    parts = urlsplit(public(address))

    def live() -> tuple[pd.DataFrame, Citation, Snapshot]:
        frame, snapshot = obtain(
            address,
            lambda: receive(address, limit=limit),
            read,
            sha256=sha256,
            max_age_hours=max_age_hours,
        )
        cited = cite(
            snapshot,
            publisher=publisher or str(parts.hostname),
            title=title or unquote(PurePosixPath(parts.path).name) or str(parts.hostname),
            licence=licence,
            known="second-hand",
        )
        return frame, cited, snapshot

    return or_packaged(live, fallback)
