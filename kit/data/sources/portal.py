"""Statistical tables of e-Stat, the portal of official statistics of Japan (API 3.0)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kit.data.citation import Citation
from kit.data.japanese import MISSING, numbers, shown
from kit.data.sources.address import checked, secrets, without
from kit.data.sources.answer import Answer
from kit.data.sources.fetch import LIMIT, MEGABYTE, in_bytes, receive, refuse_offline
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

APP_ID = "ESTAT_APP_ID"
ADDRESS = "https://api.e-stat.go.jp/rest/3.0/app/json"
_ADDRESS = "ESTAT_ADDRESS"
_ID = re.compile(r"\d{10}")
_DIMENSION = re.compile(r"tab|time|area|cat(0[1-9]|1[0-5])")
_FILTER = re.compile(r"(lv|cd)(Tab|Time|Area|Cat(0[1-9]|1[0-5]))|cd\w+(From|To)")
_PAGES = 200
# The sentence the terms of the API ask its users to show.
_CREDIT = (
    "このサービスは、政府統計総合窓口(e-Stat)のAPI機能を使用していますが、"
    "サービスの内容は国によって保証されたものではありません。"
)


def estat(
    stats_id: str,
    *,
    filters: Mapping[str, str | Sequence[str]] | None = None,
    fallback: Fallback | None = None,
    sha256: str | None = None,
    limit_mb: float = LIMIT / MEGABYTE,
    max_age_hours: float = MAX_AGE_HOURS,
    address: str | None = None,
) -> pd.DataFrame:
    """Return a statistical table of e-Stat, its codes with their names.

    The application id is read from the environment variable ``ESTAT_APP_ID`` and is written
    nowhere: no message, log, copy or citation holds it.

    Parameters
    ----------
    stats_id : str
        統計表ID, ten digits: ``"0003448237"``.
    filters : mapping, optional
        Codes to keep, by dimension: ``{"area": ["13101", "13201"], "cat01": "A1101"}``, or by the
        API's own names (``cdAreaFrom``, ``lvTab`` …).
    fallback, sha256, limit_mb, max_age_hours
        As in :func:`~kit.data.sources.csv`. ``sha256`` is that of the table without the clock and
        the echo of the request, which differ in every answer.
    address : str, optional
        Of the API; else ``ESTAT_ADDRESS``, else the official one.

    Returns
    -------
    DataFrame
        For each dimension (``tab``, ``cat01``, ``area``, ``time`` …) its names and, ending in
        ``_code``, its codes; ``unit``; ``value`` as numbers; ``mark``, what stands where there is
        no number. ``.attrs["labels"]`` says what the dimensions are, ``.attrs["marks"]`` what the
        marks mean.

    Raises
    ------
    DataError
        If the id is missing or expired, there is no such table, nothing fits `filters`, or e-Stat
        cannot be reached, and there is no earlier copy or `fallback`.
    ParameterError
        If `stats_id` or `filters` cannot be meant.

    Warns
    -----
    SourceNotice
        If the table is not today's.

    Examples
    --------
    >>> from kit.data import sources
    >>> with sources.offline():
    ...     towns = sources.estat(
    ...         "0000000000", filters={"area": "13201"}, fallback="municipalities"
    ...     )
    >>> towns.attrs["snapshot"]["origin"]
    'packaged'
    """
    table = str(stats_id).strip()
    if not _ID.fullmatch(table):
        raise ParameterError(
            say("統計表ID は 10 桁の数字です。"),
            where="stats_id",
            hint=say(
                'e-Stat の表のページにある「統計表ID」を、0 も含めて「"」で囲んで写してください。'
            ),
        )
    limit = in_bytes(limit_mb)
    base = checked(address or os.environ.get(_ADDRESS) or ADDRESS).rstrip("/")
    query = {"statsDataId": table, **_conditions(filters or {})}
    url = f"{base}/getStatsData?{urlencode(query)}"

    def live() -> tuple[pd.DataFrame, Citation, Snapshot]:
        made, snapshot = obtain(
            url,
            lambda: _ask(url, limit),
            lambda answer: _read(answer, url),
            sha256=sha256,
            max_age_hours=max_age_hours,
        )
        frame, about = made
        return frame, _citation(about, table, snapshot), snapshot

    return or_packaged(live, fallback)


def _conditions(filters: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    made = {}
    for name, codes in sorted(filters.items()):
        asked = f"cd{name[:1].upper()}{name[1:]}" if _DIMENSION.fullmatch(name) else name
        if not _FILTER.fullmatch(asked):
            raise ParameterError(
                say("「{name}」では絞れません。", name=shown(name)),
                where="filters",
                hint=say("使える名前: {names}", names="tab, cat01–cat15, area, time"),
            )
        made[asked] = ",".join(map(str, codes)) if isinstance(codes, list | tuple) else str(codes)
    return made


# ---- asking


def _ask(url: str, limit: int) -> Answer:
    """Return the whole table as one answer, page by page as e-Stat hands it out.

    What is kept is the table itself, without the clock of each answer: the same table has the same
    hash on every day.
    """
    refuse_offline(url)
    app_id = _app_id(url)
    whole: dict[str, Any] = {}
    start: int | None = None
    for _ in range(_PAGES):
        page, size = _page(url, start, limit, app_id)
        limit -= size
        data = page["DATA_INF"]
        if not whole:
            whole = {name: page.get(name) for name in ("TABLE_INF", "CLASS_INF")}
            whole |= {"NOTE": _listed(data.get("NOTE")), "VALUE": []}
        whole["VALUE"] += _listed(data.get("VALUE"))
        following = page.get("RESULT_INF", {}).get("NEXT_KEY")
        if following is None:
            text = without(json.dumps(whole, ensure_ascii=False, sort_keys=True), (app_id,))
            return Answer(url, 200, "application/json", text.encode())
        if not str(following).isdecimal() or int(following) <= (start or 1):
            break
        start = int(following)
    raise DataError(
        say("e-Stat の答えが終わりません。"),
        where=url,
        hint=say("filters= で範囲を絞ってください。"),
    )


def _app_id(url: str) -> str:
    app_id = os.environ.get(APP_ID, "").strip()
    if not app_id:
        raise DataError(
            say("e-Stat のアプリケーションID が、環境変数 {name} にありません。", name=APP_ID),
            where=url,
            hint=say(
                "e-Stat に利用登録して発行し、JupyterLab を始める前に {name} に入れてください。"
                "ノートブックには書かないでください。",
                name=APP_ID,
            ),
        )
    return app_id


def _page(url: str, start: int | None, limit: int, app_id: str) -> tuple[dict[str, Any], int]:
    more = {"startPosition": start} if start else {}
    address = f"{url}&{urlencode({**more, 'appId': app_id})}"
    answer = receive(address, limit=max(limit, 1))
    return _accepted(answer, url, (*secrets(address), app_id)), len(answer.content)


def _accepted(answer: Answer, url: str, hidden: tuple[str, ...]) -> dict[str, Any]:
    """Return the table of an answer that holds one; refuse every other, with the next step."""
    said = answer.json()  # a refusal is told in JSON, too, with HTTP 403
    try:
        said = said["GET_STATS_DATA"]
        status = int(said["RESULT"]["STATUS"])
        told = without(str(said["RESULT"].get("ERROR_MSG", "")), hidden)
        data = said.get("STATISTICAL_DATA")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _strange(url) from None
    if status == 100:
        raise DataError(
            say("e-Stat が、アプリケーションID を受けつけませんでした。"),
            where=url,
            hint=say(
                "期限切れか、写しまちがいかもしれません。e-Stat のマイページで確かめて、"
                "環境変数 {name} に入れ直してください。",
                name=APP_ID,
            ),
        )
    if status == 1:
        raise DataError(
            say("条件に合うデータが e-Stat にありません。"),
            where=url,
            hint=say("e-Stat の表のページで、統計表ID と filters= のコードを確かめてください。"),
        )
    if status >= 200:
        raise DataError(
            say("e-Stat の側で問題が起きています（{status}: {told}）。", status=status, told=told),
            where=url,
            hint=say("少し待って、もう一度実行してください。"),
        )
    if status >= 100:
        raise DataError(
            say(
                "e-Stat が問い合わせを受けつけませんでした（{status}: {told}）。",
                status=status,
                told=told,
            ),
            where=url,
            hint=say("e-Stat の表のページで、統計表ID と filters= のコードを確かめてください。"),
        )
    if not isinstance(data, dict) or not isinstance(data.get("DATA_INF"), dict):
        raise _strange(url)
    return data


def _strange(url: str) -> DataError:
    return DataError(
        say("e-Stat の答えが、仕様書（API 3.0）の形ではありません。"),
        where=url,
        hint=say(
            "少し待って、もう一度実行してください。続くときは、サイトのお知らせを見てください。"
        ),
    )


def _listed(value: Any) -> list[Any]:
    """Return a list: where there is one thing only, e-Stat sends it bare."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


# ---- reading


def _read(answer: Answer, url: str) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    import pandas as pd

    whole = answer.json()
    try:
        classes = _listed(whole["CLASS_INF"]["CLASS_OBJ"])
        marks = {note["@char"]: note.get("$", "") for note in whole["NOTE"]}
        cells = whole["VALUE"]
        columns: dict[str, list[str]] = {}
        for one in classes:
            key = one["@id"]
            names = {each["@code"]: each["@name"] for each in _listed(one["CLASS"])}
            codes = [str(cell.get(f"@{key}", "")) for cell in cells]
            columns[key] = [names.get(code, code) for code in codes]
            columns[f"{key}_code"] = codes
        columns["unit"] = [cell.get("@unit", "") for cell in cells]
        written = [str(cell.get("$", "")).strip() for cell in cells]
        labels = {one["@id"]: one["@name"] for one in classes}
    except (KeyError, TypeError, AttributeError):
        raise _strange(url) from None
    if not cells:
        raise DataError(
            say("条件に合うデータが e-Stat にありません。"),
            where=url,
            hint=say("e-Stat の表のページで、統計表ID と filters= のコードを確かめてください。"),
        )
    empty = [text in marks or text.casefold() in MISSING for text in written]
    frame = pd.DataFrame(columns, dtype="str")
    shown_values = pd.Series(
        ["" if none else text for text, none in zip(written, empty, strict=True)], name="value"
    )
    frame["value"] = numbers(shown_values)
    frame["mark"] = pd.Series(
        [text if none else "" for text, none in zip(written, empty, strict=True)], dtype="str"
    )
    frame.attrs["labels"], frame.attrs["marks"] = labels, marks
    return frame, whole.get("TABLE_INF") or {}


def _citation(about: Mapping[str, Any], table: str, snapshot: Snapshot) -> Citation:
    names = [_name(about.get(key)) for key in ("STAT_NAME", "TITLE")]
    return cite(
        snapshot,
        publisher=_name(about.get("GOV_ORG")) or "e-Stat",
        title=" ".join(name for name in names if name) or f"e-Stat {table}",
        path=f"https://www.e-stat.go.jp/dbview?sid={table}",
        note=_CREDIT,
    )


def _name(value: Any) -> str:
    """Return the text of an element, which has attributes beside it or not."""
    return str(value.get("$", "") if isinstance(value, dict) else value or "").strip()
