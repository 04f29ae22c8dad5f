"""Addresses of web servers, as people type them and as they go into a link."""

from __future__ import annotations

import re
import unicodedata
import urllib.parse

from kit.errors import ParameterError
from kit.language import say

_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
_PATH_SAFE = "/%-._~:@!$&*+,;="


def web_address(typed: str, *, where: str = "--hub") -> str:
    """Return the address of a server as it goes into a link: in ASCII, without a slash at its end.

    Parameters
    ----------
    typed : str
        ``https://…`` or ``http://…``, without a question mark, a fragment, a name or a password.
    where : str
        The option it was typed for.

    Raises
    ------
    ParameterError
        If it cannot be such an address.

    Examples
    --------
    >>> web_address("https://例え.jp/教材/")
    'https://xn--r8jz45g.jp/%E6%95%99%E6%9D%90'
    """
    address = typed.strip()
    parts = urllib.parse.SplitResult("", "", "", "", "")
    try:
        parts = urllib.parse.urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        host, port = "", None
    # What urlsplit would silently drop, or what a reader would not see, is not an address.
    hidden = any(unicodedata.category(letter) in ("Cc", "Cf") for letter in address)
    odd = hidden or "@" in parts.netloc or not set(address).isdisjoint("?#\\")
    if odd or parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        if where == "--site":
            message = say("サイトのアドレスとして読めません: {url}", url=typed[:120])
            raise ParameterError(message, where=where, hint="https://intra.example.jp/ebpm/")
        message = say("ハブのアドレスとして読めません: {url}", url=typed[:120])
        raise ParameterError(message, where=where, hint="https://hub.example.jp")
    stray = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", parts.path)
    path = urllib.parse.quote(stray, safe=_PATH_SAFE).rstrip("/")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}"


def only_here(address: str) -> bool:
    """Return whether `address` opens on this machine alone, and so never on a phone.

    Examples
    --------
    >>> only_here("http://localhost:8000/"), only_here("http://192.168.1.20:8000")
    (True, False)
    """
    host = urllib.parse.urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
