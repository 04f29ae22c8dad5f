"""Keeping a nursery: started once, told to nobody else, gone when its keeper goes."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from kit.language import say
from kit.warm import protocol

_DEFAULT = "JUPYTER_DEFAULT_PROVISIONER_NAME"
_PATIENCE = 60.0  # seconds: on a busy office PC imports take their time


def reason_for_cold() -> str:
    """Return why kernels cannot be started warm here, or ``""``.

    Examples
    --------
    >>> isinstance(reason_for_cold(), str)
    True
    """
    if not sys.platform.startswith("linux"):
        return say("この OS では、カーネルを毎回はじめから起動します。")
    if os.environ.get(protocol.SOCKET) == "off":
        return say("KIT_WARM=off なので、カーネルを毎回はじめから起動します。")
    if not entry_points(group="jupyter_client.kernel_provisioners", name=protocol.ENGINE):
        return say("インストールし直すと、カーネルを速く起動できます（pip install -e .）。")
    return ""


@contextlib.contextmanager
def kept(environment: Mapping[str, str] = protocol.FOR_IMPORTS) -> Iterator[bool]:
    """Keep a nursery, and let every kernel that is started meanwhile come from it.

    Parameters
    ----------
    environment : mapping, optional
        Variables with which kernels will be started, beyond this process's own. A kernel for which
        an import could have read another value is started cold.

    Yields
    ------
    bool
        Whether there is one. If not, kernels start as ever.

    Notes
    -----
    The nursery is found by the variable ``KIT_WARM``, which processes started meanwhile inherit.
    ``KIT_WARM=off`` keeps none.
    """
    if reason_for_cold() or os.environ.get(protocol.SOCKET):
        yield bool(os.environ.get(protocol.SOCKET, "off") != "off")
        return
    folder = Path(tempfile.mkdtemp(prefix="kit-warm-"))
    mine, its = socket.socketpair()
    try:
        process = _start(folder / "ask", its, dict(os.environ) | dict(environment))
        its.close()
        with _pointing_to(folder / "ask") if process else contextlib.nullcontext():
            yield process is not None
    finally:
        mine.close()  # which the nursery sees, and ends
        if process := locals().get("process"):
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    path: Path, keeper: socket.socket, environment: dict[str, str]
) -> subprocess.Popen[bytes] | None:
    """Start a nursery that listens on `path`; None if it does not get ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(os.fspath(path))
        listening.listen(64)
        files = (keeper.fileno(), listening.fileno())
        process = subprocess.Popen(
            [sys.executable, "-m", "kit.warm", *map(str, files)],
            pass_fds=files,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], _PATIENCE)
    if ready and process.stdout.readline() == b"ready\n":
        return process
    process.kill()
    _end(process)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


@contextlib.contextmanager
def _pointing_to(path: Path) -> Iterator[None]:
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    # The variable is for processes to come; here the factory may have read it already.
    factory = KernelProvisionerFactory.instance()
    usual, factory.default_provisioner_name = factory.default_provisioner_name, protocol.ENGINE
    set_here = {protocol.SOCKET: os.fspath(path), _DEFAULT: protocol.ENGINE}
    before = {name: os.environ.get(name) for name in set_here}
    os.environ |= set_here
    try:
        yield
    finally:
        factory.default_provisioner_name = usual
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
