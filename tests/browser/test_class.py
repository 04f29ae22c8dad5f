"""The way a facilitator and a class go, in real Chromium, with no network but this machine."""

from __future__ import annotations

import os
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rooms import Room, asked_elsewhere, move_a_slider, participants, run_all, serve

pytestmark = pytest.mark.browser


def test_from_the_index_to_handout_and_slides_without_a_network(
    chromium: Any, sample: Path
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
def lab(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Iterator[Room]:
    """A JupyterLab with the participant's notebooks of the sample programme."""
    with serve("lab", participants(sample, tmp_path_factory.mktemp("lab"))) as room:
        yield room


@pytest.mark.parametrize("id", ["rct-letters", "journey-time"])
def test_a_participant_runs_the_notebook_and_moves_a_slider(
    chromium: Any, lab: Room, id: str
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 1600})
    refused = asked_elsewhere(page, lab.address)
    page.goto(lab.url(f"{id}.ipynb"))
    run_all(page)
    panel = page.locator(
        ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output .kit-live.kit-panel"
    ).first
    # Lab does not draw cells out of sight, and "run all" has scrolled to the end.
    deadline = time.monotonic() + 30
    while not panel.is_visible():
        assert time.monotonic() < deadline, "the panel does not appear"
        panel.evaluate("element => element.closest('.jp-Cell').scrollIntoView({block: 'center'})")
        page.wait_for_timeout(500)
    shown = panel.locator(".kit-view").inner_html()
    assert "<svg" in shown or re.search(r"\d", shown)
    move_a_slider(panel)
    errors = page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]')
    assert errors.count() == 0, errors.first.inner_text()
    assert page.locator(".jp-RenderedVega canvas, .jp-RenderedVega svg, .vega-embed").count() > 0
    if pictures := os.environ.get("KIT_PICTURES"):
        page.screenshot(path=f"{pictures}/lab-{id}.png")
    assert refused == []
    page.close()
