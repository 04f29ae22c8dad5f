"""Fill a class's JupyterHub with pretended participants, the day before, and see whether it holds.

    python docs/rehearsal.py http://127.0.0.1:8000 --seats 30

Each takes a seat by the same pages a browser would ask for, opens the same notebook, and runs all
its cells. The word of the class is read from CLASS_WORD. On the hub's own machine the memory of
every server and kernel is measured too (PSS: pages that several processes share are shared out).
"""

import argparse
import json
import os
import statistics
import threading
import time
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests
import websocket

PATIENCE = 600  # seconds


class Participant:
    """One seat of the class: logs in, opens a notebook, runs it."""

    def __init__(self, hub: str, seat: str) -> None:
        self.hub, self.seat = hub.rstrip("/"), seat
        self.browser = requests.Session()
        self.browser.trust_env = False  # the hub is in the room, not behind the office's proxy
        self.browser.verify = os.environ.get("CLASS_CERT", True)

    def arrive(self, path: str) -> dict[str, float]:
        """Do what a participant does, and return the seconds of each part."""
        began = time.monotonic()
        laps = {}

        def lap(name: str) -> None:
            laps[name] = time.monotonic() - began - sum(laps.values())

        self.log_in(path)
        self.wait_for_server()
        lap("seat")
        kernel = self.open_notebook(path)
        lap("kernel")
        failed, first = self.run_cells(kernel, path)
        lap("cells")
        return {**laps, "chart": laps["seat"] + laps["kernel"] + first, "failed": failed}

    def log_in(self, path: str) -> None:
        """Follow the link as from a QR code: the hub asks for the word, then starts the server."""
        link = f"{self.hub}/hub/user-redirect/lab/tree/{path}"
        page = self.browser.get(link, timeout=PATIENCE)
        data = {"username": self.seat, "password": os.environ["CLASS_WORD"]}
        data["_xsrf"] = self.browser.cookies.get("_xsrf", path="/hub/") or ""
        page = self.browser.post(page.url, data=data, timeout=PATIENCE)
        if page.status_code == 403:
            raise SystemExit(f"{self.seat}: not let in; is CLASS_WORD the word of the class?")
        if page.status_code >= 400:
            raise SystemExit(f"{self.seat}: the hub answers {page.status_code}; is it running?")

    def wait_for_server(self) -> None:
        """Wait until JupyterLab's page comes from the seat's own server."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            page = self.browser.get(f"{self.hub}/user/{self.seat}/lab", timeout=PATIENCE)
            if page.status_code >= 500:
                raise SystemExit(f"{self.seat}: the server does not start; see the hub's log")
            own = page.url.startswith(f"{self.hub}/user/{self.seat}/")
            if own and page.status_code == 200 and "jupyter-config-data" in page.text:
                return
            time.sleep(2)
        raise SystemExit(f"{self.seat}: the server did not start in {PATIENCE} s")

    def open_notebook(self, path: str) -> str:
        """Start a session as JupyterLab does and return the kernel's id."""
        base = f"/user/{self.seat}/"
        token = self.browser.cookies.get("_xsrf", path=base) or ""
        asked = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        made = self.browser.post(
            f"{self.hub}{base}api/sessions",
            json=asked,
            headers={"X-XSRFToken": token},
            timeout=PATIENCE,
        )
        made.raise_for_status()
        return str(made.json()["kernel"]["id"])

    def run_cells(self, kernel: str, path: str) -> tuple[int, float]:
        """Run every cell; return how many failed, and the seconds until the first chart."""
        base = f"{self.hub}/user/{self.seat}/"
        notebook = self.browser.get(f"{base}api/contents/{path}", timeout=PATIENCE).json()
        cells = [cell for cell in notebook["content"]["cells"] if cell["cell_type"] == "code"]
        address = f"ws{base.removeprefix('http')}api/kernels/{kernel}/channels"
        sent = "; ".join(
            f"{one.name}={one.value}"
            for one in self.browser.cookies
            if urllib.parse.urlsplit(base).path.startswith(one.path)
        )
        trusted = {"ca_certs": os.environ["CLASS_CERT"]} if "CLASS_CERT" in os.environ else {}
        channel = websocket.create_connection(
            address, cookie=sent, timeout=PATIENCE, sslopt=trusted
        )
        began, failed, first = time.monotonic(), 0, 0.0
        for cell in cells:
            ended, charted = _run(channel, "".join(cell["source"]))
            failed += not ended
            if charted and not first:
                first = time.monotonic() - began
        channel.close()
        return failed, first


def _run(channel: websocket.WebSocket, source: str) -> tuple[bool, bool]:
    """Execute `source`; return whether it went well and whether it drew a chart."""
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
    well, charted = True, False
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
        well = well and message["msg_type"] != "error"
        charted = charted or "image/png" in content.get("data", {})
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return well, charted


def held() -> dict[str, list[float]]:
    """Return the megabytes (PSS) of every server, kernel, and of the hub with its proxy."""
    found: dict[str, list[float]] = {"server": [], "kernel": [], "hub": []}
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
            kinds = {"jupyterhub-singleuser": "server", "ipykernel_launcher": "kernel"}
            kinds |= {"configurable-http-proxy": "hub", "jupyterhub_config": "hub"}
            kind = next((kind for word, kind in kinds.items() if word in line), None)
            # Other kernels of this machine are not the class's.
            if kind == "kernel" and "JUPYTERHUB_USER" not in process.environ():
                kind = None
            if kind:
                found[kind].append(process.memory_full_info().pss / 1e6)
        except psutil.Error:
            continue
    return found


def main() -> None:
    """Hold the rehearsal and print what was seen."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("hub")
    asked.add_argument("--seats", type=int, default=30)
    asked.add_argument("--wave", type=int, default=30, help="how many come at the same moment")
    asked.add_argument("--pause", type=float, default=60, help="seconds between two waves")
    asked.add_argument("--notebook", default="desk/rct-letters/13201-hachioji/ja/rct-letters.ipynb")
    options = asked.parse_args()

    before, lowest = psutil.virtual_memory().available, [float("inf")]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            lowest[0] = min(lowest[0], psutil.virtual_memory().available)

    threading.Thread(target=watch, daemon=True).start()
    began = time.monotonic()
    with ThreadPoolExecutor(options.seats) as room:
        coming = []
        for number in range(options.seats):
            if number and number % options.wave == 0:
                time.sleep(options.pause)
            person = Participant(options.hub, f"seat{number + 1:02}")
            coming.append(room.submit(person.arrive, options.notebook))
        laps = [one.result() for one in coming]
    over.set()

    print(
        f"{options.seats} participants, {options.wave} at a time, {time.monotonic() - began:.0f} s"
    )
    for name in ("seat", "kernel", "chart", "cells"):
        times = sorted(lap[name] for lap in laps)
        print(f"  {name:7} median {statistics.median(times):6.1f} s   last {times[-1]:6.1f} s")
    print(f"  cells that failed: {sum(lap['failed'] for lap in laps):.0f}")
    megabytes = held()
    for kind, sizes in megabytes.items():
        if sizes:
            print(
                f"  {kind:7} {len(sizes):3} × {statistics.mean(sizes):4.0f} MB, most {max(sizes):4.0f}"
            )
    each = (sum(megabytes["server"]) + sum(megabytes["kernel"])) / options.seats
    print(f"  a participant {each:.0f} MB (PSS)")
    print(f"  memory used at the most: {(before - lowest[0]) / 1e9:.1f} GB more than before")


if __name__ == "__main__":
    main()
