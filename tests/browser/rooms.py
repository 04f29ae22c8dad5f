"""The rooms people sit in: JupyterLab, Notebook 7 and Voilà, started for a test and closed after it.

with rooms.serve("lab", folder) as room:
    refused = rooms.asked_elsewhere(page, room.address)
    page.goto(room.url("rct-letters.ipynb"))
    rooms.run_all(page)
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.room import furnishing

# What to start, and where it shows a notebook.
KINDS = {
    "lab": ("jupyterlab", "/lab/tree/{name}?reset"),
    "notebook": ("notebook", "/notebooks/{name}"),
    "voila": ("voila", "/voila/render/{name}"),
}
_OF_A_SERVER = ("--IdentityProvider.token=", "--ServerApp.password=", "--allow-root")


@dataclass(frozen=True)
class Room:
    """A server on loopback: what it is (``kind``), its ``address``, and the ``folder`` it shows."""

    kind: str
    address: str
    folder: Path

    def url(self, name: str) -> str:
        """Return where the notebook `name` is opened."""
        return self.address + KINDS[self.kind][1].format(name=urllib.parse.quote(name))


@contextlib.contextmanager
def serve(kind: str, folder: Path) -> Iterator[Room]:
    """Start JupyterLab (``"lab"``), Notebook 7 (``"notebook"``) or Voilà (``"voila"``) on `folder`.

    It is set up as ``kit open`` sets it up, has configuration of its own below ``folder/.room``, and
    is killed with its kernels when the block ends.
    """
    own = folder / ".room"
    port = _free_port()
    options = [f"--port={port}", "--no-browser"]
    if kind == "voila":
        options += ["--Voila.ip=127.0.0.1", str(folder)]
    else:
        options += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}", *_OF_A_SERVER]
    own.mkdir(exist_ok=True)
    with (own / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", KINDS[kind][0], *options],
            env=os.environ
            | furnishing.surround(own)
            | {
                "JUPYTER_CONFIG_DIR": str(own / "config"),
                "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
                "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
            },
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            room = Room(kind, f"http://127.0.0.1:{port}", folder)
            _wait_for(server, room.address + ("/" if kind == "voila" else "/api/status"), own)
            yield room
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def participants(sample: Path, folder: Path, language: str = "ja") -> Path:
    """Lay the participant's notebooks of the sample programme into `folder`."""
    for id in ("rct-letters", "journey-time"):
        source = sample / id / "13201-hachioji" / language / "participant.ipynb"
        shutil.copy(source, folder / f"{id}.ipynb")
    return folder


def asked_elsewhere(page: Any, own: str) -> list[str]:
    """Refuse every request that does not start with `own`, and keep a list of them.

    Web sockets are no requests to a browser: those that lead elsewhere are listed too.
    """
    refused: list[str] = []

    def look(route: Any) -> None:
        url = route.request.url
        if url.startswith((own, "data:", "blob:")):
            route.continue_()
        else:
            refused.append(url)
            route.abort()

    def listen(socket: Any) -> None:
        if not socket.url.startswith(own.replace("http", "ws", 1)):
            refused.append(socket.url)

    page.context.route("**/*", look)
    page.on("websocket", listen)
    return refused


def run_all(page: Any, seconds: float = 180) -> None:
    """Run all cells of the notebook that is open in Lab or Notebook, and wait for the last one.

    The menu's commands are addressed by their names in the program: its words may be in any
    language.
    """
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    wait_until_idle(page)
    page.click('.lm-MenuBar-item:has-text("Run")')
    page.click('[data-command="runmenu:run-all"]')
    wait_until_idle(page, seconds)


def wait_until_idle(page: Any, seconds: float = 120) -> None:
    """Wait for a kernel that is there and has nothing more to do.

    "Run all" is lost while it still starts, and between two cells it is idle for a moment.
    """
    deadline = time.monotonic() + seconds
    quiet = 0
    while quiet < 4:
        assert time.monotonic() < deadline, "the kernel is not idle"
        page.wait_for_timeout(250)
        quiet = quiet + 1 if page.evaluate(_IS_IDLE) else 0


def move_a_slider(panel: Any) -> None:
    """Move the first slider of a panel by its keys, and wait until what it shows has changed."""
    view = panel.locator(".kit-view")
    before = view.inner_html()
    panel.locator("input[type=range]").first.focus()
    for key in ("Home", "ArrowRight", "ArrowRight"):  # it may stand at its end
        panel.page.keyboard.press(key)
    panel.page.wait_for_function(
        "([element, before]) => element.innerHTML !== before",
        arg=[view.element_handle(), before],
        timeout=60_000,
    )


_IS_IDLE = """async () => {
    const shown = document.querySelector(
        '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator');
    const server = JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl;
    const sessions = await (await fetch(server + 'api/sessions')).json();
    const here = decodeURIComponent(location.pathname);
    const own = sessions.filter(one => here.endsWith('/' + one.path));
    return shown !== null && shown.dataset.status === 'idle' && own.length > 0 &&
        own.every(one => one.kernel.execution_state === 'idle' && one.kernel.connections > 0);
}"""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(server: subprocess.Popen[bytes], url: str, own: Path) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if server.poll() is None and time.monotonic() < deadline:
                time.sleep(0.3)
                continue
            raise AssertionError((own / "server.log").read_text(errors="replace")) from None
