"""Live if it can be had, else the last copy, else the packaged table; and always which it was."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kit.data import packages
from kit.data.citation import Citation, Source
from kit.data.sources import store
from kit.data.sources.answer import Answer
from kit.errors import DataError, ParameterError
from kit.language import date_text, say, using

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Fallback = str | tuple[str, str]
RECORD = "KIT_SNAPSHOTS"
MAX_AGE_HOURS = 24.0
_JAPAN = datetime.timezone(datetime.timedelta(hours=9))


class SourceNotice(UserWarning):
    """Says that a table is not today's: an earlier copy, or the packaged one."""


@dataclass(frozen=True)
class Snapshot:
    """Which content a table was read from.

    Parameters
    ----------
    origin : {"live", "cache", "packaged"}
        Fetched now, an earlier copy, or a table of the kit.
    url : str
        Its address without secrets; for a packaged table its path in the project.
    sha256 : str
        Hash of the content.
    bytes : int
        Its size.
    fetched_at : str
        When it was fetched (ISO 8601, UTC); empty for a packaged table.
    note : str
        Why it is not today's, for the people in the room; empty where there is nothing to say.
    """

    origin: str
    url: str
    sha256: str
    bytes: int
    fetched_at: str
    note: str = ""

    @property
    def day(self) -> datetime.date:
        """The day it was fetched, in Japan."""
        return datetime.datetime.fromisoformat(self.fetched_at).astimezone(_JAPAN).date()


def obtain(
    url: str,
    ask: Callable[[], Answer],
    read: Callable[[Answer], T],
    *,
    sha256: str | None = None,
    max_age_hours: float = MAX_AGE_HOURS,
) -> tuple[T, Snapshot]:
    """Return what an address holds, read, and which copy of it that is.

    Parameters
    ----------
    url : str
        The address the copies are kept under.
    ask : callable
        Fetches it.
    read : callable
        Makes something of the answer; what it refuses is never kept, nor is an answer with
        another status than 200.
    sha256 : str, optional
        Only this content will do.
    max_age_hours : float
        A copy younger than this is used without asking the server again.

    Raises
    ------
    DataError
        If it cannot be had and there is no copy, or the copy is not the content wanted.
    ParameterError
        If `sha256` is none.
    """
    wanted = _digest(sha256)
    if not isinstance(max_age_hours, int | float) or max_age_hours < 0:
        raise ParameterError(
            say("max_age_hours は 0 以上の数です。"), where="max_age_hours", hint=say("例: 24")
        )
    found = store.pinned(url, wanted) if wanted else store.latest(url)
    if found and (wanted or _age_hours(found[0]) < max_age_hours):
        return _again(found, read)
    try:
        answer = ask()
        _compare(answer, wanted)
        made = read(answer)
    except DataError as error:
        problem = error
    else:
        return made, _kept(url, answer)
    if found is None:
        raise problem
    day = _snapshot(found[0]).day
    note = say("{day}に取得した控えを使います。", day=date_text(day))
    return _again(found, read, f"{problem.message} {note}")


def _digest(sha256: str | None) -> str:
    if sha256 is None:
        return ""
    plain = sha256.strip().lower().removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise ParameterError(
            say("sha256 は 64 桁の 16 進数です。"),
            where="sha256",
            hint=say('前に読んだ表の .attrs["snapshot"]["sha256"] を写してください。'),
        )
    return plain


def _age_hours(kept: store.Kept) -> float:
    age = datetime.datetime.now(datetime.UTC) - kept.time
    # A copy from the future tells of a clock put right since: ask again.
    return age.total_seconds() / 3600 if age.total_seconds() >= 0 else float("inf")


def _again(
    found: tuple[store.Kept, bytes], read: Callable[[Answer], T], note: str = ""
) -> tuple[T, Snapshot]:
    kept, content = found
    return read(Answer(kept.url, 200, "", content)), _snapshot(kept, note=note)


def _snapshot(kept: store.Kept, origin: str = "cache", note: str = "") -> Snapshot:
    return Snapshot(origin, **asdict(kept), note=note)


def _compare(answer: Answer, wanted: str) -> None:
    now = store.describe(answer.url, answer.content).sha256
    if wanted and now != wanted:
        raise DataError(
            say("ファイルの中身が、指定された sha256 のものと違います。"),
            where=answer.url,
            hint=say(
                "公表元が差しかえたのかもしれません。中身を確かめてから、"
                "sha256 を {now} に書きかえてください。",
                now=now,
            ),
        )


def _kept(url: str, answer: Answer) -> Snapshot:
    kept = store.describe(url, answer.content)
    if answer.status != 200:  # says that there is nothing, which may be otherwise tomorrow
        return _snapshot(kept, "live")
    try:
        store.keep(kept, answer.content)
    except OSError:
        # The table is here all the same; only the copy for a day without internet is missing.
        note = say("控えを保存できませんでした。空き容量と書き込みの権限を確かめてください。")
        return _snapshot(kept, "live", note)
    return _snapshot(kept, "live")


# ---- the packaged table


def or_packaged(
    live: Callable[[], tuple[pd.DataFrame, Citation, Snapshot]], fallback: Fallback | None
) -> pd.DataFrame:
    """Return the live table, or the packaged one where the live one cannot be had.

    Parameters
    ----------
    live : callable
        Returns the table, its citation and its snapshot.
    fallback : str or (str, str), optional
        A dataset, or a dataset and its table, as :func:`kit.data.load` knows them.

    Raises
    ------
    DataError
        If there is no such packaged table (before anything is asked for), or neither can be had.
    """
    packaged = _packaged(fallback)
    try:
        frame, citation, snapshot = live()
    except DataError as error:
        if packaged is None:
            raise
        frame, citation, snapshot = packaged(error)
    frame.attrs["citation"] = citation
    frame.attrs["snapshot"] = asdict(snapshot)
    _remember(snapshot)
    if snapshot.note:
        # Under a name instead of a path: the notice is read in a notebook, not debugged.
        warnings.warn_explicit(snapshot.note, SourceNotice, "kit.data.sources", 1)
    return frame


def _packaged(
    fallback: Fallback | None,
) -> Callable[[DataError], tuple[pd.DataFrame, Citation, Snapshot]] | None:
    """Return what loads the packaged table; a wrong name is told now, not on the bad day."""
    if fallback is None:
        return None
    match fallback:
        case str(name):
            table = None
        case (str(name), str(table)):
            pass
        case _:
            raise ParameterError(
                say("fallback には、データの名前か、データと表の名前の組を書きます。"),
                where="fallback",
                hint='("municipalities", "municipalities")',
            )
    _, resource = packages.table_of(name, table)

    def load(error: DataError) -> tuple[pd.DataFrame, Citation, Snapshot]:
        frame = packages.load(name, resource["name"])
        hint = f" {error.hint}" if error.hint else ""
        note = say("このキットに入っている表「{table}」を使います。", table=resource["name"])
        snapshot = Snapshot(
            "packaged",
            f"datasets/{name}/{resource['path']}",
            str(resource.get("hash", "")).removeprefix("sha256:"),
            int(resource.get("bytes") or 0),
            "",
            f"{error.message} {note}{hint}",
        )
        return frame, frame.attrs["citation"], snapshot

    return load


def cite(
    snapshot: Snapshot,
    *,
    publisher: str,
    title: str,
    licence: str | None = None,
    known: str = "not-seen",
    path: str = "",
    note: str = "",
) -> Citation:
    """Return the citation of a fetched table, with the day it was fetched.

    Parameters
    ----------
    snapshot : Snapshot
        Which copy it is.
    publisher, title : str
        Who publishes it, and what it is called.
    licence : str, optional
        As stated; left out where nobody has.
    known : {"seen", "second-hand", "not-seen"}
        How well the licence is known (see :class:`~kit.data.citation.Source`).
    path, note : str
        Where it is published, if not at the address itself; what else is to be said.
    """
    dates, licences = [], []
    for language in ("ja", "en"):
        with using(language):
            dates.append(say("{day}に取得", day=date_text(snapshot.day)))
            licences.append(licence or say("利用条件は未確認"))
    source = Source(
        publisher=publisher,
        title=title,
        date=dates[0],
        date_en=dates[1],
        licence=licences[0],
        licence_en=licences[1],
        known=known if licence else "not-seen",
        path=path or snapshot.url,
        note=note,
    )
    return Citation(title, title, title, (source,))


# ---- what this process has read


_read: list[dict[str, Any]] = []


def snapshots() -> tuple[dict[str, Any], ...]:
    """Return which contents this process has read, in order: what a record of a run keeps.

    Returns
    -------
    tuple of dict
        Each with ``origin``, ``url`` (without secrets), ``sha256``, ``bytes``, ``fetched_at``
        (UTC) and ``note``.
    """
    return tuple(dict(one) for one in _read)


def _remember(snapshot: Snapshot) -> None:
    _read.append(asdict(snapshot))
    if path := os.environ.get(RECORD):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(snapshot), ensure_ascii=False) + "\n")


@contextlib.contextmanager
def noted_in(path: Path) -> Iterator[None]:
    """Have every process started inside a ``with`` block note its snapshots in a file.

    A notebook runs in a kernel of its own; this is how its run learns what it has read.
    """
    os.environ[RECORD] = str(path.absolute())  # the kernel works in another folder
    try:
        yield
    finally:
        del os.environ[RECORD]


def noted(path: Path) -> list[dict[str, Any]]:
    """Return the snapshots noted in a file; none where nothing was fetched."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
