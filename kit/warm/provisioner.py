"""How jupyter_client gets a warm kernel: a provisioner, registered as an entry point."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from kit.warm import protocol

_log = logging.getLogger(__name__)
_told: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Start a kernel in a nursery if it may be started there, else as ever.

    It may if a nursery is kept (:func:`kit.warm.kept`), the kernel is the plain IPython kernel of
    this very Python, its output goes to files or nowhere, and no variable differs that an import
    would have read. Why one was started cold is logged once for each reason.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel, warm if it can be."""
        try:
            born = _ask(cmd, kwargs)
        except (OSError, ValueError) as error:
            born = f"{type(error).__name__}: {error}"
        if isinstance(born, str):
            if born not in _told:
                _told.add(born)
                _log.warning("kernel started cold: %s", born)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = born  # type: ignore[assignment]  # all that is used of a Popen
        self.pid = self.pgid = born.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


class Born:
    """A kernel in the nursery, with what jupyter_client uses of :class:`subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, channel: socket.socket, pid: int) -> None:
        self.channel = channel
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        if self.returncode is None and _readable(self.channel, 0):
            self._hear()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return its exit status."""
        ends = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if ends is None else ends - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            if _readable(self.channel, left):
                self._hear()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _hear(self) -> None:
        message, _ = protocol.receive(self.channel)
        # The nursery has gone, and it takes its kernels with it.
        self.returncode = -signal.SIGKILL if message is None else int(message["exit"])
        self.channel.close()


def _readable(channel: socket.socket, seconds: float | None) -> bool:
    with selectors.DefaultSelector() as waiting:
        waiting.register(channel, selectors.EVENT_READ)
        return bool(waiting.select(seconds))


def _ask(cmd: list[str], kwargs: dict[str, Any]) -> Born | str:
    """Return a kernel from the nursery, or why there is none."""
    address = os.environ.get(protocol.SOCKET)
    if not address:
        return "no nursery is kept"
    arguments = _arguments(cmd)
    if arguments is None:
        return f"not the IPython kernel of this Python: {' '.join(cmd)}"
    files = [_file(kwargs.get(name), number) for name, number in (("stdout", 1), ("stderr", 2))]
    try:
        if None in files:
            return "somebody reads its output through a pipe"
        message = {
            "arguments": arguments,
            "env": dict(kwargs.get("env") or os.environ),
            "cwd": os.fspath(kwargs.get("cwd") or Path.cwd()),
        }
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        channel.connect(address)
        protocol.send(channel, message, tuple(file for file in files if file is not None))
    finally:
        for file in files:
            if file is not None:
                os.close(file)
    answer, _ = protocol.receive(channel)
    if answer is None or "pid" not in answer:
        channel.close()
        return f"{answer['cold']} differs" if answer else "the nursery has gone"
    return Born(channel, answer["pid"])


def _arguments(cmd: list[str]) -> list[str] | None:
    """Return what ``python -m ipykernel_launcher`` is given, or None if that is not the command."""
    if not cmd or not _same_python(cmd[0]):
        return None
    rest = [word for word in cmd[1:] if word != "-Xfrozen_modules=off"]
    return rest[2:] if rest[:2] == ["-m", "ipykernel_launcher"] else None


def _same_python(executable: str) -> bool:
    # Not its real path: two environments may link to one interpreter.
    return Path(executable).absolute() == Path(sys.executable).absolute()


def _file(given: Any, own: int) -> int | None:
    """Return a copy of the file descriptor that Popen would have used; None for a pipe."""
    if given is None:
        return os.dup(own)
    if given == subprocess.DEVNULL:
        return os.open(os.devnull, os.O_WRONLY)
    if given in (subprocess.PIPE, subprocess.STDOUT):
        return None
    return os.dup(given if isinstance(given, int) else given.fileno())
