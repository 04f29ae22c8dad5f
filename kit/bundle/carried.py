"""``--python``: a Windows Python that the maker of a bundle has, for machines without one."""

from __future__ import annotations

import re
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kit.errors import ParameterError
from kit.language import say

_LIBRARY = re.compile(r"python3(\d{2})\.dll", re.IGNORECASE)
_AMD64 = 0x8664  # the machine in a Windows program's header
_LIMIT = 500 << 20  # bytes; a Python takes 20 (embeddable) to 120 (standalone)


@dataclass(frozen=True)
class Carried:
    """An archive with ``python.exe`` in it: where in it, and which version."""

    path: Path
    top: str
    version: str


def examine(path: Path) -> Carried:
    """Return what kind of Python an archive holds.

    Parameters
    ----------
    path : pathlib.Path
        The embeddable package of python.org (``python-3.…-embed-amd64.zip``), or an
        ``install_only`` archive of python-build-standalone for ``x86_64-pc-windows-msvc``.

    Raises
    ------
    ParameterError
        If it is no archive, or holds no 64-bit Windows Python.
    """
    try:
        with _opened(path) as (names, read):
            files = sorted(names(), key=lambda name: name.count("/"))
            program = next(
                (n for n in files if PurePosixPath(n).name.lower() == "python.exe"), None
            )
            if program is None:
                raise _unsuitable(path, say("python.exe が入っていません。"))
            top = program.rpartition("/")[0]
            if _machine(read(program)) != _AMD64:
                raise _unsuitable(path, say("64 ビットの Windows 用ではありません。"))
    except (OSError, zipfile.BadZipFile, tarfile.TarError, KeyError, struct.error) as error:
        raise _unsuitable(path, str(error)) from None
    beside = [n for n in files if n.rpartition("/")[0] == top]
    found = [m for n in beside if (m := _LIBRARY.fullmatch(PurePosixPath(n).name))]
    if not found:
        raise _unsuitable(path, say("Python の版がわかりません。"))
    return Carried(path, top, f"3.{int(found[0][1])}")


def unpack(carried: Carried, to: Path) -> None:
    """Write the files of the archive below `to`, nothing outside it and no links.

    Raises
    ------
    ParameterError
        If the archive is damaged, or a name in it leads elsewhere.
    OSError
        If a file cannot be written.
    """
    start = f"{carried.top}/" if carried.top else ""
    with _opened(carried.path) as (names, read):
        for name in names():
            if not name.startswith(start):
                continue
            inner = PurePosixPath(name.removeprefix(start))
            if inner.is_absolute() or ".." in inner.parts or "\\" in name or ":" in name:
                raise _unsuitable(carried.path, name)
            try:
                content = read(name)
            except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
                raise _unsuitable(carried.path, str(error)) from None
            path = to / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Callable[[], list[str]], Callable[[str], bytes]]]:
    """Open a zip or a tar alike: the names of its files, and a file's content."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            _bounded(path, sum(entry.file_size for entry in archive.infolist()))
            yield (
                lambda: [n for n in archive.namelist() if not n.endswith("/")],
                archive.read,
            )
        return
    with tarfile.open(path) as packed:
        entries = {m.name.removeprefix("./"): m for m in packed.getmembers() if m.isfile()}
        _bounded(path, sum(member.size for member in entries.values()))

        def read(name: str) -> bytes:
            file = packed.extractfile(entries[name])
            return file.read() if file else b""

        yield lambda: list(entries), read


def _bounded(path: Path, size: int) -> None:
    if size > _LIMIT:
        raise _unsuitable(path, say("大きすぎます（{mb} MB）。", mb=size >> 20))


def _machine(program: bytes) -> int:
    """Return the machine a Windows program is for, from its header."""
    (header,) = struct.unpack_from("<I", program, 0x3C)
    if program[:2] != b"MZ" or program[header : header + 4] != b"PE\0\0":
        return 0
    return int(struct.unpack_from("<H", program, header + 4)[0])


def _unsuitable(path: Path, why: str) -> ParameterError:
    return ParameterError(
        say("Windows 用の Python として使えません: {why}", why=why),
        where=f"--python {path}",
        hint=say(
            "python.org の「Windows embeddable package (64-bit)」の ZIP か、"
            "python-build-standalone の install_only を、そのまま指定してください。"
        ),
    )
