"""A participant's first minute, as a browser would spend it: server, kernel, cells to the first chart."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHART = ("application/vnd.vega.v5+json", "image/png", "image/svg+xml")
WIDGET = "application/vnd.jupyter.widget-view+json"
PATIENCE = 180  # seconds


@dataclass(frozen=True)
class Server:
    """A running Jupyter server on loopback."""

    address: str
    process: subprocess.Popen[bytes]

    def get(self, path: str, data: object = None, method: str = "") -> bytes:
        """Return what the server answers; `data` is sent as JSON."""
        asked = urllib.request.Request(
            f"{self.address}/{path}",
            data=None if data is None else json.dumps(data).encode(),
            method=method or ("GET" if data is None else "POST"),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
        return content


@contextlib.contextmanager
def serving(prefix: Path, home: Path, environment: dict[str, str]) -> Iterator[Server]:
    """Start the image's own command, wait until it answers, and stop it in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (prefix / "server.log").open("wb")
    process = subprocess.Popen(
        [
            *(str(prefix / "bin" / "jupyter"), "notebook", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
            *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
        ],
        cwd=home,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                server.get("api/status")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(
                        f"The image's server does not start; see {prefix / 'server.log'}"
                    ) from None
                time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def features(server: Server) -> set[str]:
    """Return the names of the JupyterLab extensions that this server's pages load."""
    page = server.get("lab").decode()
    start = page.index('id="jupyter-config-data"')
    text = page[page.index(">", start) + 1 : page.index("</script>", start)]
    return {one["name"] for one in json.loads(text)["federated_extensions"]}


@dataclass(frozen=True)
class Minute:
    """Seconds until the kernel was ready, until the first chart, until the end; and what failed.

    ``cores`` are the seconds of one core that server and kernel had used when the chart was there:
    on a machine that does other things too, they say what the wall clock cannot.
    """

    kernel: float
    chart: float
    cores: float
    whole: float
    errors: list[str]
    kernel_id: str


def open_notebook(server: Server, path: str, home: Path) -> Minute:
    """Open a notebook in a session of its own and run all its cells, noting when a chart came."""
    import websocket  # comes with jupyter-server

    code = [
        "".join(cell["source"])
        for cell in json.loads((home / path).read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    began, used = time.monotonic(), cores(server.process.pid)
    server.get(f"api/contents/{urllib.parse.quote(path)}")
    asked = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
    kernel = json.loads(server.get("api/sessions", asked))["kernel"]["id"]
    channel = websocket.create_connection(
        f"ws{server.address.removeprefix('http')}/api/kernels/{kernel}/channels", timeout=PATIENCE
    )
    chart, chart_cores, errors = 0.0, 0.0, []
    run(channel, "pass")
    ready = time.monotonic() - began
    for source in code:
        drawn = False
        for message in run(channel, source):
            kind, content = message["msg_type"], message["content"]
            if kind == "error":
                errors.append(f"{content['ename']}: {content['evalue']}")
            drawn |= "data" in content and _shows_chart(content["data"])
        if drawn and not chart:
            chart = time.monotonic() - began
            chart_cores = cores(server.process.pid) - used
    channel.close()
    return Minute(ready, chart, chart_cores, time.monotonic() - began, errors, kernel)


def run(channel: Any, source: str) -> list[dict[str, Any]]:
    """Execute `source` and return every message about it, until the kernel is idle again."""
    id = uuid.uuid4().hex
    header = {"msg_id": id, "msg_type": "execute_request", "username": "", "session": id}
    header |= {"date": "", "version": "5.3"}
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}}
    content |= {"allow_stdin": False, "stop_on_error": False}
    asked = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    channel.send(json.dumps({**asked, "channel": "shell", "buffers": []}))
    heard = []
    while True:
        received = channel.recv()
        if isinstance(received, bytes):  # a widget's buffers: the message itself comes first
            count = int.from_bytes(received[:4], "big")
            ends = [int.from_bytes(received[4 * i : 4 * i + 4], "big") for i in range(1, count + 1)]
            received = received[ends[0] : ends[1] if count > 1 else None]
        message = json.loads(received)
        if message.get("parent_header", {}).get("msg_id") != id:
            continue
        heard.append(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return heard


def _shows_chart(data: dict[str, Any]) -> bool:
    return any(kind in data for kind in CHART) or (
        WIDGET in data and "<svg" in str(data.get("text/html", ""))
    )


def cores(pid: int) -> float:
    """Return the seconds of one core that a process and its children have used."""
    import psutil

    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def memory(pid: int) -> float:
    """Return the megabytes a process and its children hold, shared pages shared out (PSS)."""
    import psutil

    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(one.memory_full_info().pss for one in processes) / 1e6
