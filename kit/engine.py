"""Papermill's engine for our runs: its own nbclient, on a channel that does not lose replies."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import Type

from kit import warm
from kit.watch import Watch

NAME = "kit"
_PLAIN = "local-provisioner"  # jupyter_client's own
EXTENSION = "kit.opened"  # notes which datasets are read


class ShellChannel(AsyncZMQSocketChannel):
    """Sends through the asyncio socket itself.

    ``Session.send`` writes through a blocking shadow of the socket, which eats libzmq's
    edge-triggered wake-up: a reply already queued is then never seen, and about one run in
    twenty-five with ipywidgets hung (nbclient issue 312).
    """

    def send(self, msg: Any) -> None:
        """Serialise a message and send it."""
        if self.socket is not None:
            self.socket.send_multipart(self.session.serialize(msg))


class Client(AsyncKernelClient):
    """A kernel client with :class:`ShellChannel`."""

    shell_channel_class = Type(ShellChannel)


class Manager(AsyncKernelManager):
    """A kernel manager whose clients are :class:`Client`."""

    client_factory = Type(Client, klass="jupyter_client.KernelClient")


class OutOfMemory(RuntimeError):
    """A kernel was ended because it held more memory than a run may."""


class NotebookClient(PapermillNotebookClient):
    """Papermill's client, which watches the memory of its kernel."""

    memory: int | None = None  # MiB
    watch: Watch | None = None

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel, and watch it from then on."""
        super().start_new_kernel(**kwargs)
        self.watch = Watch(self.km.provisioner.pid, self.memory)


class Engine(NBClientEngine):
    """Papermill's default engine with :class:`Manager`, in an environment that is the same for
    everybody: no start-up files of the user's own IPython, no input prompts."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, start_timeout: int = 60, **kwargs: Any
    ) -> Any:
        """Execute the notebook that `nb_man` holds.

        ``timeout_func`` limits each cell, ``memory`` (MiB) what the kernel may hold.

        Raises
        ------
        OutOfMemory
            If the kernel held more.
        """
        client = NotebookClient(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            kernel_manager_class=Manager,
            timeout_func=kwargs["timeout_func"],
            record_timing=False,
            allow_errors=False,
            extra_arguments=[f"--IPKernelApp.extensions={EXTENSION}"],
        )
        client.memory = kwargs.get("memory")
        with saving_seldom(nb_man):
            try:
                # What the kernel program itself prints is about sockets, not about the workshop.
                return client.execute(env=environment(Path.cwd()), stderr=subprocess.DEVNULL)
            except DeadKernelError as error:
                if client.watch and client.watch.exceeded:
                    raise OutOfMemory from error
                raise
            finally:
                if client.watch:
                    client.watch.stop()


@contextlib.contextmanager
def saving_seldom(nb_man: Any) -> Iterator[None]:
    """Let papermill save the notebook only while saving takes less than a tenth of the time.

    It would write the whole of it twice a cell, which is about a seventh of a run of 80 cells. What
    is left of a run that was killed is then at most a second or two old; afterwards, and after a
    failure too, papermill saves as ever.
    """
    save = nb_man.save
    next_time = 0.0

    def seldom(**kwargs: Any) -> None:
        nonlocal next_time
        began = time.monotonic()
        if began >= next_time:
            save(**kwargs)
            ended = time.monotonic()
            next_time = ended + 9 * (ended - began)

    nb_man.save = seldom
    try:
        yield
    finally:
        del nb_man.save


@contextlib.contextmanager
def cold() -> Iterator[None]:
    """Start kernels as ever meanwhile, whatever nursery is kept."""
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    usual, factory.default_provisioner_name = factory.default_provisioner_name, _PLAIN
    try:
        yield
    finally:
        factory.default_provisioner_name = usual


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a kernel that works in `folder`."""
    return {
        **os.environ,
        "IPYTHONDIR": str(folder / ".ipython"),
        **warm.FOR_IMPORTS,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def register() -> None:
    """Tell papermill about :class:`Engine`; doing it twice changes nothing."""
    papermill_engines.register(NAME, Engine)
