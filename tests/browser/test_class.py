"""The way a facilitator and a class go, in real Chromium, with no network but this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def asked_elsewhere(page: object, own: str) -> list[str]:
    """Refuse every request that does not start with `own`, and keep a list of them."""
    refused: list[str] = []

    def look(route: object) -> None:
        url = route.request.url
        if url.startswith((own, "data:", "blob:")):
            route.continue_()
        else:
            refused.append(url)
            route.abort()

    page.context.route("**/*", look)
    return refused


def test_from_the_index_to_handout_and_slides_without_a_network(
    chromium: object, sample: Path
) -> None:
    page = chromium.new_page()
    refused = asked_elsewhere(page, "file://")
    page.goto((sample / "index.html").as_uri())
    assert page.locator("h1").count() == 1
    for name in ("handout.html", "slides.html"):
        link = page.locator(f'a[href$="{name}"]').first
        link.click()
        page.wait_for_load_state()
        assert page.url.endswith(name)
        assert page.locator("html").get_attribute("lang") in ("ja", "en")
        assert page.locator("svg").count() > 0
        assert len(page.inner_text("main")) > 200
        page.go_back()
    every = page.locator("a").evaluate_all("links => links.map(a => a.href)")
    files = [url for url in every if url.startswith("file://")]
    assert len(files) > 12 * 6
    for url in files:
        path = Path(urllib.request.url2pathname(url.split("#")[0].removeprefix("file://")))
        assert path.exists(), url
    assert refused == []
    page.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Iterator[str]:
    """The address of a JupyterLab on loopback with the participant's notebooks of the sample programme."""
    folder = tmp_path_factory.mktemp("lab")
    for id in ("rct-letters", "journey-time"):
        source = sample / id / "13201-hachioji" / "ja" / "participant.ipynb"
        shutil.copy(source, folder / f"{id}.ipynb")
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"),
            *("--IdentityProvider.token=", "--ServerApp.password=", "--allow-root"),
            f"--ServerApp.root_dir={folder}",
        ],
        env={
            **os.environ,
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=5).close()
            break
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, "JupyterLab is not up"
            time.sleep(0.5)
    yield address
    server.terminate()
    server.wait(timeout=30)


@pytest.mark.parametrize("id", ["rct-letters", "journey-time"])
def test_a_participant_runs_the_notebook_and_moves_a_slider(
    chromium: object, lab: str, id: str
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 1600})
    refused = asked_elsewhere(page, lab)
    page.goto(f"{lab}/lab/tree/{id}.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # "Run all" is lost while the kernel is still starting.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.click('.lm-MenuBar-item:has-text("Run")')
    page.click('[data-command="runmenu:run-all"]')
    indicator = ".jp-Notebook-ExecutionIndicator"
    page.wait_for_selector(f'{indicator}[data-status="busy"]', timeout=60_000)
    page.wait_for_selector(f'{indicator}[data-status="idle"]', timeout=180_000)
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output .kit-panel")
    panel = panel.first
    # Lab does not draw cells out of sight, and "run all" has scrolled to the end.
    deadline = time.monotonic() + 30
    while not panel.is_visible():
        assert time.monotonic() < deadline, "the panel does not appear"
        panel.evaluate("element => element.closest('.jp-Cell').scrollIntoView({block: 'center'})")
        page.wait_for_timeout(500)
    shown = panel.locator(".widget-html-content").last
    before = shown.inner_html()
    assert "<svg" in before or re.search(r"\d", before)
    handle = panel.locator(".noUi-handle, [role=slider]").first
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([element, before]) => element.innerHTML !== before",
        arg=[shown.element_handle(), before],
        timeout=10_000,
    )
    errors = page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]')
    assert errors.count() == 0, errors.first.inner_text()
    assert page.locator(".jp-RenderedVega canvas, .jp-RenderedVega svg, .vega-embed").count() > 0
    if pictures := os.environ.get("KIT_PICTURES"):
        page.screenshot(path=f"{pictures}/lab-{id}.png")
    assert [url for url in refused if not url.startswith("ws")] == []
    page.close()
