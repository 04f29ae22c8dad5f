"""``python -m kit.bundle.room FOLDER``: JupyterLab in a bundle's own environment, or a trial of it.

The folder it is started in is the one people see; FOLDER holds what Jupyter keeps for itself, so
that neither the machine's own Jupyter nor a network home is touched.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import RunError
from kit.language import say
from kit.room import furnishing

if TYPE_CHECKING:
    import requests
    import websocket

PATIENCE = 180  # seconds; a virus scanner may look at every file of the first start
# Nothing that asks the internet, and no file in a place that Windows shows to one program only.
QUIET = (
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--ServerApp.use_redirect_file=False",
    "--ServerApp.ip=127.0.0.1",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open JupyterLab, or try it out, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kit.bundle.room")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args(arguments)
    os.environ.update(surround(asked.folder.resolve()))
    if not asked.check:
        return subprocess.call([*command(Path.cwd()), *(["--no-browser"] * asked.no_browser)])
    try:
        print(trial(Path.cwd()))
    except RunError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def surround(folder: Path) -> dict[str, str]:
    """Return the variables that keep everything of Jupyter's below `folder`."""
    return {
        **furnishing.surround(folder),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }


def command(work: Path) -> list[str]:
    """Return what starts JupyterLab on `work`: on its notebook, where there is only one.

    Examples
    --------
    >>> command(Path("nowhere"))[1:3]
    ['-m', 'jupyterlab']
    """
    found = sorted(work.rglob("*.ipynb")) if work.is_dir() else []
    shown = [str(found[0].relative_to(work))] if len(found) == 1 else []
    # A container has no other user than root; a person's machine does.
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterlab", *shown, *QUIET, *root]


def trial(work: Path) -> str:
    """Start JupyterLab on loopback, run a notebook of `work` through it, and say how it went.

    The notebook is copied first: nobody's own answers change.

    Raises
    ------
    RunError
        If the server does not start, its page asks other hosts for something, or a cell fails.
    """
    notebooks = sorted(work.rglob("*.ipynb"))
    if not notebooks:
        raise RunError(say("ノートブックがありません。"), where=str(work))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(notebooks[0], folder)
        server = _Server(Path(folder))
        try:
            server.wait()
            server.look_at_page()
            cells, seconds = server.run(notebooks[0].name)
        finally:
            server.stop()
    return say(
        "JupyterLab が始まり、{name} の {cells} 個のセルが、すべて動きました（{seconds:.0f} 秒）。",
        name=notebooks[0].name,
        cells=cells,
        seconds=seconds,
    )


class _Server:
    """A JupyterLab of our own, spoken to as a browser would."""

    def __init__(self, work: Path) -> None:
        import requests

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self.token = f"127.0.0.1:{port}", secrets.token_hex(16)
        self.log = work / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command(work / "nothing"), "--no-browser", f"--ServerApp.port={port}"],
                cwd=work,
                env={**os.environ, "JUPYTER_TOKEN": self.token, "KIT_PROGRESS": "off"},
                stdout=log,
                stderr=log,
            )
        self.browser: requests.Session = requests.Session()
        self.browser.trust_env = False  # an office's proxy knows nothing of this machine
        self.browser.headers["Authorization"] = f"token {self.token}"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Return the server's answer, or what went wrong as a sentence."""
        answer = self.browser.request(
            method, f"http://{self.address}/{path}", timeout=PATIENCE, **more
        )
        if answer.status_code >= 400:
            raise self._trouble(f"{path.partition('?')[0]}: {answer.status_code}")
        return answer

    def wait(self) -> None:
        """Wait until the server answers."""
        import requests

        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.ask("GET", "api/status")
            except requests.ConnectionError:
                time.sleep(0.3)
            else:
                return
        raise self._trouble(say("サーバーが始まりません。"))

    def look_at_page(self) -> None:
        """See that the page is JupyterLab's, and fetches nothing from elsewhere."""
        page = self.ask("GET", "lab").text
        if "jupyter-config-data" not in page:
            raise self._trouble(say("JupyterLab のページではありません。"))
        foreign = re.findall(
            r"""<(?:script|link|img)[^>]+(?:src|href)=["']?(https?://[^"'> ]+)""", page
        )
        if foreign:
            raise self._trouble(say("ページが外へつなごうとします: {url}", url=foreign[0]))

    def run(self, name: str) -> tuple[int, float]:
        """Run every cell of a notebook; return how many, and the seconds."""
        import websocket

        began = time.monotonic()
        notebook = self.ask("GET", f"api/contents/{name}").json()["content"]
        asked = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.ask("POST", "api/sessions", json=asked).json()["kernel"]["id"]
        channel = websocket.create_connection(
            f"ws://{self.address}/api/kernels/{kernel}/channels?token={self.token}",
            timeout=PATIENCE,
        )
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for cell in cells:
            said = _execute(channel, "".join(cell["source"]))
            if said:
                raise self._trouble(f"{cell['id']}: {said}")
        channel.close()
        return len(cells), time.monotonic() - began

    def stop(self) -> None:
        """End the server and its kernels."""
        import requests

        try:
            self.ask("POST", "api/shutdown")
            self.process.wait(timeout=20)
        except (requests.RequestException, RunError, subprocess.TimeoutExpired):
            self.process.kill()
        self.process.wait()

    def _trouble(self, what: str) -> RunError:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        # The log names the address with its token.
        last = "\n".join(lines[-5:]).replace(self.token, "…")
        return RunError(say("試したら、動きませんでした: {what}", what=what), where=last)


def _execute(channel: websocket.WebSocket, source: str) -> str:
    """Execute `source`; return the error it raised, or an empty text."""
    id = uuid.uuid4().hex
    header = {"msg_id": id, "msg_type": "execute_request", "username": "", "session": id}
    asked = {
        "header": {**header, "date": "", "version": "5.3"},
        "parent_header": {},
        "metadata": {},
        "content": {"code": source, "silent": False, "stop_on_error": False},
        "channel": "shell",
        "buffers": [],
    }
    channel.send(json.dumps(asked))
    error = ""
    while True:
        received = channel.recv()
        if isinstance(received, bytes):  # a widget's buffers follow the message
            count = int.from_bytes(received[:4], "big")
            ends = [int.from_bytes(received[4 * i : 4 * i + 4], "big") for i in range(1, count + 1)]
            received = received[ends[0] : ends[1] if count > 1 else None]
        message = json.loads(received)
        if message.get("parent_header", {}).get("msg_id") != id:
            continue
        content = message["content"]
        if message["msg_type"] == "error":
            error = f"{content['ename']}: {content['evalue']}"
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return error


if __name__ == "__main__":
    sys.exit(main())
