"""One polite HTTP request that cannot hang, swell, be cut short or wander off unnoticed."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import kit
from kit.data.sources.address import checked, public, secrets, unlogged
from kit.data.sources.answer import Answer
from kit.errors import DataError, ParameterError
from kit.language import say

if TYPE_CHECKING:
    import requests

OFFLINE = "KIT_OFFLINE"
MEGABYTE = 1_000_000
LIMIT = 50 * MEGABYTE
_CHUNK = 64 * 1024
_HOPS = 5
_BUSY = 429


@dataclass(frozen=True)
class Patience:
    """How long a server may take, in seconds.

    Parameters
    ----------
    connect, read : float
        Until it picks up; between two pieces of its answer.
    total : float
        Until the whole answer is here, redirects and the second try included.
    pause : float
        Before the second try, after a time-out or an error of the server's.
    """

    connect: float = 5.0
    read: float = 15.0
    total: float = 90.0
    pause: float = 1.0


PATIENCE = Patience()


def is_offline() -> bool:
    """Return whether ``KIT_OFFLINE`` forbids every request.

    Examples
    --------
    >>> with offline():
    ...     is_offline()
    True
    """
    return os.environ.get(OFFLINE, "").strip().lower() not in ("", "0", "false", "no")


@contextlib.contextmanager
def offline() -> Iterator[None]:
    """Open no connection inside a ``with`` block: rehearse a room without internet.

    Examples
    --------
    >>> from kit.data import sources
    >>> with sources.offline():
    ...     towns = sources.csv(
    ...         "https://www.example.jp/towns.csv", fallback=("municipalities", "municipalities")
    ...     )
    >>> len(towns), towns.attrs["snapshot"]["origin"]
    (62, 'packaged')
    """
    before = os.environ.get(OFFLINE)
    os.environ[OFFLINE] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(OFFLINE, None)
        else:
            os.environ[OFFLINE] = before


def refuse_offline(shown: str) -> None:
    """Refuse a request for the address `shown` where ``KIT_OFFLINE`` forbids every one."""
    if is_offline():
        raise DataError(
            say("オフラインです（{name} が設定されています）。", name=OFFLINE),
            where=shown,
            hint=say(
                "インターネットにつながる所で、{name} を外して実行してください。", name=OFFLINE
            ),
        )


def in_bytes(limit_mb: float) -> int:
    """Return a limit in megabytes as bytes.

    Raises
    ------
    ParameterError
        If it is no number above 0 and up to 1,000: more would not fit beside a class's notebooks.

    Examples
    --------
    >>> in_bytes(50)
    50000000
    """
    if isinstance(limit_mb, int | float) and 0 < limit_mb <= 1000:
        return int(limit_mb * MEGABYTE)
    raise ParameterError(
        say("limit_mb は 0 より大きく 1000 以下の数です。"), where="limit_mb", hint=say("例: 50")
    )


class _Stumble(Exception):
    """Something that may have passed a moment later."""

    def __init__(self, told: DataError) -> None:
        super().__init__(told.message)
        self.told = told


def receive(url: str, *, limit: int = LIMIT, patience: Patience | None = None) -> Answer:
    """Ask for an address, and once more if the server stumbles.

    Parameters
    ----------
    url : str
        Its secrets are used, but neither shown nor logged.
    limit : int
        Bytes at most, unpacked. A longer body is refused as soon as its length is known.
    patience : Patience, optional
        How long to wait; :data:`PATIENCE` when left out.

    Returns
    -------
    Answer
        Of any status below 500 except 429; redirects are followed.

    Raises
    ------
    ParameterError
        If the address may not be asked for.
    DataError
        If there is no whole answer in time, it is too long, or the kit is offline.
    """
    url = checked(url)
    refuse_offline(public(url))
    patience = patience or PATIENCE
    deadline = time.monotonic() + patience.total
    with unlogged(secrets(url)):
        try:
            return _once(url, limit, patience, deadline)
        except _Stumble as stumble:
            told = stumble.told
        if time.monotonic() + patience.pause < deadline:
            time.sleep(patience.pause)
            try:
                return _once(url, limit, patience, deadline)
            except _Stumble as stumble:
                told = stumble.told
    raise told


def _once(url: str, limit: int, patience: Patience, deadline: float) -> Answer:
    import requests
    import urllib3

    # The libraries' own errors carry the whole address, secrets included. They end here: ours is
    # raised after their handler, so that it does not even drag one along as its context.
    try:
        with requests.Session() as session:
            session.headers["User-Agent"] = f"ebpm-workshop-kit/{kit.__version__}"
            return _follow(session, url, limit, patience, deadline)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        problem = _told(error, public(url))
    raise problem


def _follow(
    session: requests.Session, url: str, limit: int, patience: Patience, deadline: float
) -> Answer:
    for _ in range(_HOPS):
        left = max(0.01, deadline - time.monotonic())
        timeout = (min(patience.connect, left), min(patience.read, left))
        with session.get(url, stream=True, allow_redirects=False, timeout=timeout) as response:
            if response.is_redirect:
                url = _next(url, response.headers["Location"])
                continue
            if response.status_code >= 500 or response.status_code == _BUSY:
                raise _Stumble(_faltering(response.status_code, public(url)))
            return Answer(
                public(url),
                response.status_code,
                response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                _body(response, public(url), limit, deadline),
            )
    raise DataError(
        say("転送が {count} 回をこえました。", count=_HOPS),
        where=public(url),
        hint=say("ブラウザーで開いて、行き着いたアドレスを使ってください。"),
    )


def _next(url: str, location: str) -> str:
    """Return where a redirect leads, if one may go there."""
    target = urljoin(url, location)
    with contextlib.suppress(ParameterError):
        target = checked(target)
        before, after = urlsplit(url), urlsplit(target)
        safe = (before.scheme, after.scheme) != ("https", "http")
        # A key is for the host it was given to.
        if safe and (before.hostname == after.hostname or not secrets(url)):
            return target
    raise DataError(
        say("安全ではない所（{target}）へ転送されました。", target=public(target)),
        where=public(url),
        hint=say("公表元のページで、今のアドレスを確かめてください。"),
    )


def _body(response: requests.Response, shown: str, limit: int, deadline: float) -> bytes:
    said = response.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > limit:
        raise _too_long(shown, limit)
    body = bytearray()
    # read1 hands over what has come, so that a server that drips cannot outlast the deadline; it
    # also compares what has come with Content-Length.
    while piece := response.raw.read1(_CHUNK, decode_content=True):
        body += piece
        if len(body) > limit:
            raise _too_long(shown, limit)
        if time.monotonic() > deadline:
            raise _late(shown)
    return bytes(body)


def _too_long(shown: str, limit: int) -> DataError:
    return DataError(
        say("ファイルが大きすぎます（上限 {limit:.0f} MB）。", limit=limit / MEGABYTE),
        where=shown,
        hint=say("範囲を絞ったファイルを選ぶか、limit_mb= で上限を上げてください。"),
    )


def _late(shown: str) -> DataError:
    return DataError(
        say("時間内に答えが返ってきませんでした。"),
        where=shown,
        hint=say("少し待って、もう一度実行してください。"),
    )


def _faltering(status: int, shown: str) -> DataError:
    busy = say("公表元のサーバーが混んでいます（HTTP {status}）。", status=status)
    fault = say("公表元のサーバーで問題が起きています（HTTP {status}）。", status=status)
    return DataError(
        busy if status == _BUSY else fault,
        where=shown,
        hint=say("少し待って、もう一度実行してください。"),
    )


def _told(error: Exception, shown: str) -> Exception:
    """Return a library's error in our words, and whether a second try may help."""
    import requests
    from urllib3.exceptions import DecodeError, ProtocolError, TimeoutError

    wrong = requests.exceptions
    if isinstance(error, wrong.Timeout | TimeoutError):
        return _Stumble(_late(shown))
    if isinstance(error, wrong.SSLError):
        message = say("接続先の証明書を確かめられませんでした。")
        hint = say("庁内の回線の決まりを、情報システムの担当の方に確かめてください。")
    elif isinstance(error, wrong.ProxyError):
        message = say("プロキシにつながりませんでした。")
        hint = say("HTTPS_PROXY の設定を、情報システムの担当の方に確かめてください。")
    elif isinstance(error, ProtocolError | DecodeError):
        message = say("ファイルが途中で切れました。")
        hint = say("少し待って、もう一度実行してください。")
        return _Stumble(DataError(message, where=shown, hint=hint))
    else:
        message = say("つながりませんでした。")
        hint = say("インターネットにつながっているか、アドレスが正しいか、確かめてください。")
        if isinstance(error, wrong.ConnectionError):
            return _Stumble(DataError(message, where=shown, hint=hint))
    return DataError(message, where=shown, hint=hint)
