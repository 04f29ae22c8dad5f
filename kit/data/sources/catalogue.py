"""Files listed in a CKAN catalogue: the Tokyo Open Data Catalogue, or any other."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from kit.data.citation import Citation
from kit.data.japanese import shown
from kit.data.packages import unknown
from kit.data.sources.address import checked
from kit.data.sources.answer import Answer
from kit.data.sources.fetch import LIMIT, MEGABYTE, in_bytes, receive
from kit.data.sources.sheets import from_csv, from_excel
from kit.data.sources.snapshot import (
    MAX_AGE_HOURS,
    Fallback,
    Snapshot,
    cite,
    obtain,
    or_packaged,
)
from kit.errors import DataError, ParameterError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

CATALOGUES: Mapping[str, str] = {"tokyo": "https://catalog.data.metro.tokyo.lg.jp"}
_EXCEL = ("XLSX", "XLSM")
_READABLE = ("CSV", *_EXCEL)  # in the order they are preferred in


def ckan(
    catalogue: str,
    dataset: str,
    *,
    resource: str | int | None = None,
    sheet: str | int = 1,
    header_row: int = 1,
    encoding: str | None = None,
    sha256: str | None = None,
    fallback: Fallback | None = None,
    limit_mb: float = LIMIT / MEGABYTE,
    max_age_hours: float = MAX_AGE_HOURS,
) -> pd.DataFrame:
    """Return a CSV or Excel file listed in a CKAN catalogue as a table of text.

    Parameters
    ----------
    catalogue : str
        ``"tokyo"`` for the Tokyo Open Data Catalogue, or the address of any CKAN site.
    dataset : str
        Name or id of the dataset: the last part of its page's address.
    resource : str or int, optional
        Which of its files: name, id, or place counted from 1. Left out: the first CSV file, else
        the first Excel file.
    sheet, header_row, encoding, sha256, fallback, limit_mb, max_age_hours
        As in :func:`~kit.data.sources.csv` and :func:`~kit.data.sources.excel`. ``sha256`` is
        that of the file.

    Returns
    -------
    DataFrame
        As in :func:`~kit.data.sources.csv`. The citation names the publisher, the title and the
        licence that the catalogue states.

    Raises
    ------
    DataError
        If there is no such dataset or file, or it cannot be had, and there is no earlier copy or
        `fallback`.
    ParameterError
        If `catalogue` is neither a known name nor an address.

    Warns
    -----
    SourceNotice
        If the table is not today's.

    Examples
    --------
    >>> from kit.data import sources
    >>> with sources.offline():
    ...     towns = sources.ckan("tokyo", "no-such-dataset", fallback="municipalities")
    >>> towns.attrs["snapshot"]["origin"]
    'packaged'
    """
    site, limit = _site(catalogue), in_bytes(limit_mb)

    def live() -> tuple[pd.DataFrame, Citation, Snapshot]:
        listed = _listing(site, dataset, max_age_hours)
        page = f"{site}/dataset/{quote(dataset, safe='')}"
        chosen = _choose(listed, resource, page)
        address = checked(urljoin(page, str(chosen.get("url") or "")))

        def read(answer: Answer) -> pd.DataFrame:
            if _format(chosen) in _EXCEL:
                return from_excel(answer.table(), answer.url, sheet=sheet, header_row=header_row)
            return from_csv(answer.table(), answer.url, header_row=header_row, encoding=encoding)

        frame, snapshot = obtain(
            address,
            lambda: receive(address, limit=limit),
            read,
            sha256=sha256,
            max_age_hours=max_age_hours,
        )
        return frame, _citation(listed, chosen, snapshot, page), snapshot

    return or_packaged(live, fallback)


def _site(catalogue: str) -> str:
    if "//" in catalogue:
        return checked(catalogue).rstrip("/")
    if catalogue in CATALOGUES:
        return CATALOGUES[catalogue]
    near = unknown("", catalogue, CATALOGUES).hint
    raise ParameterError(
        say("「{name}」というカタログは知りません。", name=shown(catalogue)),
        where="catalogue",
        hint=say("CKAN のサイトのアドレス（https://…）も書けます。") + f" {near}",
    )


class _Session:
    """What ckanapi talks through: our limits, our time-outs, our offline switch and our copies."""

    def __init__(self, max_age_hours: float) -> None:
        self.max_age_hours = max_age_hours

    def get(self, url: str, params: Mapping[str, str], **_: Any) -> SimpleNamespace:
        """Answer as requests does, as far as ckanapi looks."""
        address = f"{url}?{urlencode(params)}"

        def read(answer: Answer) -> tuple[int, str]:
            if answer.status == 404 and answer.media != "application/json":
                raise _no_catalogue(answer.url)
            return answer.status, json.dumps(answer.json())

        (status, text), _snapshot = obtain(
            address, lambda: receive(address), read, max_age_hours=self.max_age_hours
        )
        return SimpleNamespace(status_code=status, text=text)


def _listing(site: str, dataset: str, max_age_hours: float) -> dict[str, Any]:
    """Return what the catalogue says about a dataset (the action ``package_show``)."""
    import ckanapi

    remote = ckanapi.RemoteCKAN(site, get_only=True, session=_Session(max_age_hours))
    remote.base_url = "api/3/action/"
    try:
        listed = remote.action.package_show(id=dataset)
    except ckanapi.NotFound:
        raise DataError(
            say("カタログに、データセット「{name}」がありません。", name=shown(dataset)),
            where=site,
            hint=say("データセットのページを開き、アドレスの最後の部分を写してください。"),
        ) from None
    except ckanapi.NotAuthorized:
        raise DataError(
            say("データセット「{name}」は公開されていません。", name=shown(dataset)),
            where=site,
            hint=say("公開されているデータセットを選んでください。"),
        ) from None
    except (ckanapi.CKANAPIError, ckanapi.ServerIncompatibleError):
        listed = None
    if not isinstance(listed, dict) or not isinstance(listed.get("resources"), list):
        raise _no_catalogue(site)
    return listed


def _no_catalogue(where: str) -> DataError:
    return DataError(
        say("CKAN のカタログの答えではないものが返ってきました。"),
        where=where,
        hint=say("アドレスが CKAN のサイトのものか、確かめてください。"),
    )


def _choose(listed: Mapping[str, Any], wanted: str | int | None, where: str) -> Mapping[str, Any]:
    """Return the file that `wanted` means."""
    files = [one for one in listed["resources"] if isinstance(one, dict) and one.get("url")]
    if wanted is None:
        found = [one for kind in _READABLE for one in files if _format(one) == kind][:1]
    elif isinstance(wanted, int):
        found = files[wanted - 1 : wanted] if wanted > 0 else []
    else:
        found = [one for one in files if wanted in (one.get("id"), one.get("name"))]
    if len(found) != 1:
        listing = [
            f"{n}. {one.get('name') or '?'} ({_format(one)})" for n, one in enumerate(files, 1)
        ]
        raise DataError(
            say("読むファイルが、ひとつに決まりません。")
            if found
            else say("読めるファイル（CSV、Excel）か、resource= のファイルがありません。"),
            where=where,
            hint=say(
                "resource= に、番号か名前を書いてください: {names}", names=" / ".join(listing[:20])
            )
            if listing
            else say("データセットのページを開いて、どんなファイルがあるか確かめてください。"),
        )
    if _format(found[0]) not in _READABLE:
        raise DataError(
            say("{kind} のファイルは、表として読めません。", kind=_format(found[0]) or "?"),
            where=where,
            hint=say("CSV か Excel（.xlsx）のファイルを選んでください。"),
        )
    return found[0]


def _format(resource: Mapping[str, Any]) -> str:
    """Return the kind of a file: the ending of its address, else what the catalogue says."""
    ending = PurePosixPath(urlsplit(str(resource.get("url") or "")).path).suffix
    said = str(resource.get("format") or "").strip().lstrip(".")
    for kind in (ending.lstrip("."), said):
        if kind.upper() in _READABLE:
            return kind.upper()
    return (said or ending.lstrip(".")).upper()


def _citation(
    listed: Mapping[str, Any], chosen: Mapping[str, Any], snapshot: Snapshot, page: str
) -> Citation:
    organisation = listed.get("organization") or {}
    title = str(listed.get("title") or listed.get("name") or page)
    licence = str(listed.get("license_title") or listed.get("license_id") or "")
    cited = cite(
        snapshot,
        publisher=str(organisation.get("title") or listed.get("author") or urlsplit(page).hostname),
        title=title,
        licence=licence,
        known="seen",
        path=page,
        note=f"{chosen.get('name') or ''} {listed.get('license_url') or ''}".strip(),
    )
    return dataclasses.replace(cited, name=str(listed.get("name") or title))
