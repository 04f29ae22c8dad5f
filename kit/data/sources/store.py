"""Copies kept on this machine: each under the hash of its content, each address with its latest.

The folder holds ``content/<sha256>`` and, for each address, ``latest/<sha256 of the address>.json``.
A file per address, because two processes that change one common list would lose each other's lines.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import os
import re
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.data.sources.address import public
from kit.files import write_whole

CACHE = "KIT_CACHE"
_NAME = "ebpm-workshop-kit"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_writing = threading.Lock()


@dataclass(frozen=True)
class Kept:
    """A copy of what an address once held.

    Parameters
    ----------
    url : str
        The address, without secrets.
    sha256 : str
        Hash of the content.
    bytes : int
        Its size.
    fetched_at : str
        When it was fetched (ISO 8601, UTC).
    """

    url: str
    sha256: str
    bytes: int
    fetched_at: str

    @property
    def time(self) -> datetime.datetime:
        """When it was fetched."""
        return datetime.datetime.fromisoformat(self.fetched_at)


def folder() -> Path:
    """Return the folder of the copies: ``KIT_CACHE``, else the usual place of this system.

    It may be deleted at any time; what is needed again is fetched again.
    """
    if named := os.environ.get(CACHE):
        return Path(named).expanduser()
    import pooch

    return Path(pooch.os_cache(_NAME))


def describe(url: str, content: bytes) -> Kept:
    """Return what is written down about `content`, which `url` holds now."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Kept(public(url), hashlib.sha256(content).hexdigest(), len(content), now)


def keep(kept: Kept, content: bytes) -> None:
    """Store `content` as the latest of its address.

    Raises
    ------
    OSError
        If it cannot be written; earlier copies are untouched.
    """
    with _writing:
        _put(kept, content)
        path = _latest_path(kept.url)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(kept), ensure_ascii=False, indent=1) + "\n")


def _put(kept: Kept, content: bytes) -> None:
    import pooch

    def hand_over(url: str, output_file: str, pooch: object) -> None:
        Path(output_file).write_bytes(content)

    # pooch announces each file on standard error; what is worth saying is said by us.
    pooch.get_logger().setLevel(logging.WARNING)
    # It writes beside the file, compares the hash and only then moves it into place; a damaged
    # file of that name is replaced.
    pooch.retrieve(
        kept.url,
        known_hash=f"sha256:{kept.sha256}",
        fname=kept.sha256,
        path=folder() / "content",
        downloader=hand_over,
    )


def latest(url: str) -> tuple[Kept, bytes] | None:
    """Return the latest copy of an address; None where there is none, or it is damaged."""
    try:
        kept = Kept(**json.loads(_latest_path(url).read_text(encoding="utf-8")))
        if kept.time.tzinfo is None:
            return None
    except (OSError, ValueError, TypeError):
        return None
    content = sealed(str(kept.sha256))
    return None if content is None else (kept, content)


def pinned(url: str, digest: str) -> tuple[Kept, bytes] | None:
    """Return the copy with this SHA-256, whichever address it came from; None where there is none."""
    content = sealed(digest)
    if content is None:
        return None
    newest = latest(url)
    if newest and newest[0].sha256 == digest:
        return newest
    written = (folder() / "content" / digest).stat().st_mtime
    when = datetime.datetime.fromtimestamp(written, datetime.UTC).isoformat(timespec="seconds")
    return Kept(public(url), digest, len(content), when), content


def sealed(digest: str) -> bytes | None:
    """Return the content with this SHA-256; None where it is not here or is damaged."""
    if not _SHA256.fullmatch(digest):
        return None
    try:
        content = (folder() / "content" / digest).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _latest_path(url: str) -> Path:
    name = hashlib.sha256(public(url).encode()).hexdigest()
    return folder() / "latest" / f"{name}.json"
