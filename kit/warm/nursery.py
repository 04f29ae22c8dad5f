"""The process that kernels are forked from: ``python -m kit.warm``, started by :func:`kit.warm.kept`.

One thread, one loop. It listens on a Unix socket that only its user may open; each connection asks
for one kernel and stands for it: when the kernel ends its exit status is told, and when the one who
asked is gone, the kernel and all it has started are killed. When its own keeper is gone, so are all
of them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import os
import selectors
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from kit.warm import protocol

# What workshops import, the heavy first. Only imported: see the package's docstring.
MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "pandas",
    "altair",
    "statsmodels.api",
    "statsmodels.formula.api",
    "scipy.stats",
    "vl_convert",
    "ipywidgets",
    "anywidget",
    "kit",
    "kit.lessons",
    "kit.chart.rows",
    "kit.chart.plane",
    "kit.chart.counts",
    "kit.chart.maps",
    "kit.chart.render",
    "kit.data.packages",
    "kit.data.worlds",
    "kit.evidence",
    "kit.design",
    "kit.ask.live",
    "kit.artefacts",
    "kit.publish.memo",
    "frictionless",
    "typst",
)


_LAUNCHER = str(importlib.util.find_spec("ipykernel_launcher").origin)  # type: ignore[union-attr]


@dataclass
class Child:
    """A kernel: its process, and the connection that asked for it."""

    pid: int
    asked: socket.socket


class Nursery:
    """The loop. `keeper` is a file that ends when the keeper does."""

    def __init__(self, listening: socket.socket, keeper: int) -> None:
        self.listening = listening
        self.keeper = keeper
        self.children: dict[int, Child] = {}
        self.waiting = selectors.DefaultSelector()
        self.waiting.register(listening, selectors.EVENT_READ)
        self.waiting.register(keeper, selectors.EVENT_READ)
        # SIGCHLD wakes the loop through a socket; the handler itself has nothing to do.
        self.woken, self.waker = socket.socketpair()
        for end in (self.woken, self.waker):
            end.setblocking(False)
        self.waiting.register(self.woken, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)

    def run(self) -> None:
        """Serve until the keeper has gone."""
        while True:
            for key, _ in self.waiting.select():
                if key.fileobj == self.keeper:
                    self.end()
                    return
                if key.fileobj is self.woken:
                    self.reap()
                elif key.fileobj is self.listening:
                    connection, _ = self.listening.accept()
                    self.waiting.register(connection, selectors.EVENT_READ)
                else:
                    self.hear(key.fileobj)  # type: ignore[arg-type]

    def hear(self, asked: socket.socket) -> None:
        """Answer one who asks for a kernel; who says nothing any more has gone."""
        try:
            message, files = protocol.receive(asked, files=2)
        except (OSError, ValueError):
            message, files = None, []
        if message is None:
            self.waiting.unregister(asked)
            asked.close()
            for child in [c for c in self.children.values() if c.asked is asked]:
                _kill(child.pid)
            return
        differs = protocol.same_imports(message["env"], dict(os.environ))
        if differs:
            protocol.send(asked, {"cold": differs})
        else:
            self.bear(asked, message, files)
        for file in files:
            os.close(file)

    def bear(self, asked: socket.socket, message: dict[str, Any], files: list[int]) -> None:
        """Fork a child that becomes the kernel."""
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                self.leave()
            _become(message, files)
        with contextlib.suppress(OSError):  # the child does the same: whoever is first
            os.setpgid(pid, pid)
        self.children[pid] = Child(pid, asked)
        with contextlib.suppress(OSError):
            protocol.send(asked, {"pid": pid})

    def leave(self) -> None:
        """In a child: let go of all that is the nursery's."""
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for key in list(self.waiting.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        os.close(self.keeper)
        self.waker.close()
        self.waiting.close()

    def reap(self) -> None:
        """Tell those who asked how their kernels ended."""
        with contextlib.suppress(BlockingIOError):
            while self.woken.recv(4096):
                pass
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                child = self.children.pop(pid)
                _kill(pid)  # what the kernel has started goes with it
                with contextlib.suppress(OSError):
                    protocol.send(child.asked, {"exit": os.waitstatus_to_exitcode(status)})

    def end(self) -> None:
        """Kill every kernel."""
        for pid in self.children:
            _kill(pid)


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _become(message: dict[str, Any], files: list[int]) -> NoReturn:
    """Turn this fresh child into the kernel that ``python -m ipykernel_launcher`` would be."""
    status = 1
    try:
        empty = os.open(os.devnull, os.O_RDONLY)
        for number, file in enumerate((empty, *files)):
            os.dup2(file, number)
        for file in (empty, *files):
            if file > 2:
                os.close(file)
        for name in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(message["cwd"])
        os.environ.clear()
        os.environ.update(message["env"])
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        sys.argv = [_LAUNCHER, *message["arguments"]]
        _stir()
        gc.unfreeze()
        from ipykernel import kernelapp

        # ipykernel has read its parent from the environment when it was imported.
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        kernelapp.launch_new_instance(argv=[*message["arguments"], parent])
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    # Not sys.exit: what is above on the stack is the nursery's.
    os._exit(status)


def _stir() -> None:
    """Give the child random numbers of its own, as a process started anew has them."""
    import random

    import numpy as np

    random.seed()
    np.random.seed()


def warm_up() -> None:
    """Import what kernels will need, and leave it where a fork shares it."""
    for name in MODULES:
        # What is not installed here cannot be needed here.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page it looks at


def main() -> None:
    """Warm up, say so to the keeper, and serve."""
    keeper = int(sys.argv[1])
    listening = socket.socket(fileno=int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the keeper's to hear
    # As ipykernel_launcher does: kernels find the modules of the folder they work in themselves.
    if sys.path and sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]
    warm_up()
    if threading.active_count() != 1 or _threads() != 1:
        sys.exit("a fork would not be safe here: something has started a thread")
    nursery = Nursery(listening, keeper)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    nursery.run()


def _threads() -> int:
    """Return how many threads the system counts in this process."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())
