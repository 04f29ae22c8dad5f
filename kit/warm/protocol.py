"""What a provisioner and a nursery say to each other: one line of JSON, and two open files."""

from __future__ import annotations

import json
import os
import socket
from typing import Any

SOCKET = "KIT_WARM"  # names the nursery's socket to whoever may use it
ENGINE = "kit-warm"  # the provisioner's name in jupyter_client
LIMIT = 1 << 20  # bytes: an environment is far smaller

# Read when a kernel imports its libraries. One thread a kernel: runs already share the cores, and a
# process that has started threads cannot be forked.
FOR_IMPORTS = {
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
# What an import reads once: a kernel that needs another value of these is started cold.
_READ_AT_IMPORT = ("PYTHON", "LD_", "LC_", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "RAYON_")
_READ_ONCE = frozenset(
    ("KIT_HOME", "LANG", "LANGUAGE", "TZ", "HOME", "VIRTUAL_ENV", "MPLBACKEND", "PATH")
)


def same_imports(one: dict[str, str], other: dict[str, str]) -> str:
    """Return the name of a variable for which imports could differ, or ``""``.

    Examples
    --------
    >>> same_imports({"PYTHONHASHSEED": "0", "A": "1"}, {"PYTHONHASHSEED": "0", "A": "2"})
    ''
    >>> same_imports({"OMP_NUM_THREADS": "1"}, {})
    'OMP_NUM_THREADS'
    """
    for name in sorted({*one, *other}):
        matters = name.startswith(_READ_AT_IMPORT) or name in _READ_ONCE
        if matters and one.get(name) != other.get(name):
            return name
    return ""


def send(channel: socket.socket, message: dict[str, Any], files: tuple[int, ...] = ()) -> None:
    """Send one message; `files` are open file descriptors the other side gets copies of."""
    line = json.dumps(message).encode() + b"\n"
    if files:
        socket.send_fds(channel, [line[:1]], list(files))
        line = line[1:]
    channel.sendall(line)


def receive(channel: socket.socket, files: int = 0) -> tuple[dict[str, Any] | None, list[int]]:
    """Return the next message and the files that came with it; None if the other side has gone."""
    data, found, _, _ = socket.recv_fds(channel, 65536, files)
    while data and not data.endswith(b"\n"):
        more = channel.recv(65536)
        if not more or len(data) > LIMIT:
            data = b""
            break
        data += more
    if not data:
        for file in found:
            os.close(file)
        return None, []
    message: dict[str, Any] = json.loads(data)
    return message, found
