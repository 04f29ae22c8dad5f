"""Addresses that may be fetched, and the secrets in them that nobody may see."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from kit.data.japanese import shown
from kit.errors import ParameterError
from kit.language import say

# Names of query parameters that let somebody in: never shown, logged or stored.
_SECRET = re.compile(
    r"app_?id|(api|access|subscription)?[-_]?(key|token)|secret|password|pwd|sig(nature)?"
    r"|x-amz-(signature|credential|security-token)",
    re.IGNORECASE,
)
_HIDDEN = "***"
_LONGEST = 2000
# A value shorter than this is no key, and hiding every "1" of a table would ruin it.
_SHORTEST = 6


def checked(url: object) -> str:
    """Return an address that may be asked for.

    Parameters
    ----------
    url : str
        ``http://`` or ``https://`` with a host.

    Raises
    ------
    ParameterError
        If it is anything else, or holds a user name and a password.

    Examples
    --------
    >>> checked(" https://www.example.jp/data.csv#top ")
    'https://www.example.jp/data.csv'
    """
    text = str(url).strip()
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or len(text) > _LONGEST:
        raise ParameterError(
            say("「{url}」は、読みに行けるアドレスではありません。", url=shown(public(text))),
            where="url",
            hint=say("https:// か http:// で始まるアドレスを書いてください。"),
        )
    if parts.username is not None or parts.password is not None:
        raise ParameterError(
            say("アドレスに、ユーザー名やパスワードは書けません。"),
            where=host,
            hint=say("だれでも読めるアドレスを使ってください。"),
        )
    return urlunsplit(parts._replace(fragment=""))


def public(url: str) -> str:
    """Return an address as it may be shown and stored: keys and passwords are left out.

    Examples
    --------
    >>> public("https://www.example.jp/api?appId=0123456789abcdef&statsDataId=0003448237")
    'https://www.example.jp/api?appId=***&statsDataId=0003448237'
    """
    start, mark, query = url.partition("?")
    start = re.sub(r"(?<=//)[^/@]*@", f"{_HIDDEN}@", start)
    pairs = [pair.partition("=") for pair in query.split("&")]
    return (
        start
        + mark
        + "&".join(
            name + equals + (_HIDDEN if equals and _SECRET.fullmatch(unquote_plus(name)) else value)
            for name, equals, value in pairs
        )
    )


def secrets(url: str) -> tuple[str, ...]:
    """Return the values in an address that nobody may see, as written and as meant."""
    pairs = [pair.partition("=") for pair in url.partition("?")[2].split("&")]
    hidden = {
        spelling
        for name, _, value in pairs
        if _SECRET.fullmatch(unquote_plus(name))
        for spelling in (value, unquote_plus(value))
        if len(spelling) >= _SHORTEST
    }
    return tuple(sorted(hidden, key=len, reverse=True))


def without(text: str, hidden: tuple[str, ...]) -> str:
    """Return `text` with each secret replaced by asterisks.

    Examples
    --------
    >>> without("appId 0123456789 is unknown", ("0123456789",))
    'appId *** is unknown'
    """
    for secret in hidden:
        text = text.replace(secret, _HIDDEN)
    return text


@contextlib.contextmanager
def unlogged(hidden: tuple[str, ...]) -> Iterator[None]:
    """Keep secrets out of what the HTTP library logs inside a ``with`` block.

    At debug level it writes every address it asks for.
    """

    def hide(record: logging.LogRecord) -> bool:
        record.msg, record.args = without(record.getMessage(), hidden), ()
        return True

    loggers = [logging.getLogger(f"urllib3.{name}") for name in ("connectionpool", "util.retry")]
    for logger in loggers:
        logger.addFilter(hide)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(hide)
