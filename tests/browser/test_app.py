"""Every workshop as a page without code: in Voilà, on any screen, asking nobody but its own server."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import axe
from rooms import Room, asked_elsewhere, move_a_slider, participants, serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Iterator[Room]:
    """A Voilà with the participant's notebooks, and small ones that show one thing each."""
    folder = participants(sample, tmp_path_factory.mktemp("app"))
    formula = "# A formula\n\n$$\\sqrt{\\frac{p(1-p)}{n}}$$"
    lay(folder / "formula.ipynb", formula, "1 + 1", language="en")
    kept = 'import kit\nkit.lesson("rct-letters", language="en").quiz("before-after", "before")'
    lay(folder / "kept.ipynb", "# Kept", kept, language="en")
    lay(folder / "fault.ipynb", "# 題", "secret = 1 / 0", "nosuchname", language="ja")
    with serve("voila", folder) as room:
        yield room


def lay(path: Path, text: str, *code: str, language: str) -> None:
    cells: list[dict[str, Any]] = [
        {"id": "text", "cell_type": "markdown", "source": text, "metadata": {}}
    ]
    blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells += [{"id": f"code-{n}", "source": one, **blank} for n, one in enumerate(code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    about = {"kernelspec": kernel, "kit": {"language": language}, "title": text[2:].split("\n")[0]}
    whole = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), encoding="utf-8")


def visit(chromium: Any, app: Room, name: str, width: int, scheme: str) -> tuple[Any, list[str]]:
    """Open a page, wait until everything on it is there, and return it and what it asked elsewhere."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    refused = asked_elsewhere(page, app.address)
    page.goto(app.url(name), wait_until="commit")
    wait_until_ready(page)
    return page, refused


def wait_until_ready(page: Any) -> None:
    page.wait_for_selector("#kit-state", state="visible", timeout=30_000)
    assert page.locator("#kit-state label").inner_text().strip(), "nobody looks at a blank page"
    page.wait_for_selector("#kit-state", state="hidden", timeout=120_000)


def kernel_of(page: Any, app: Room) -> str:
    """Return where the server tells of the kernel behind a page."""
    config = json.loads(page.locator("#jupyter-config-data").inner_text())
    return f"{app.address}/api/kernels/{config['kernelId']}"


@pytest.mark.parametrize(
    ("id", "width", "scheme"), [("rct-letters", 390, "dark"), ("journey-time", 1280, "light")]
)
def test_a_citizen_reads_a_workshop_and_moves_a_slider(
    chromium: Any, app: Room, id: str, width: int, scheme: str
) -> None:
    page, refused = visit(chromium, app, f"{id}.ipynb", width, scheme)
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").count() == 1
    assert page.title() == page.locator("h1").inner_text().replace("\n", "")
    assert page.locator(".jp-InputArea-editor, .cm-editor, .jp-InputPrompt").count() == 0
    for code in ("lesson.", "import ", "# BEGIN"):
        assert code not in page.inner_text("main")
    assert page.locator(".kit-mistake").count() == 0
    panel = page.locator(".kit-live.kit-panel").first
    move_a_slider(panel)
    assert page.locator("main img, main svg, main canvas").count() > 3
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    if pictures := os.environ.get("KIT_PICTURES"):
        page.screenshot(path=f"{pictures}/app-{id}.png", full_page=True)
    assert refused == []
    page.context.close()


def test_a_formula_needs_no_other_host(chromium: Any, app: Room) -> None:
    page, refused = visit(chromium, app, "formula.ipynb", 320, "light")
    page.wait_for_selector("mjx-container", timeout=20_000)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") > 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#kit-cells"
    assert axe(page) == [] and refused == []
    page.context.close()


def test_a_fault_is_told_once_without_its_name(chromium: Any, app: Room) -> None:
    page, _ = visit(chromium, app, "fault.ipynb", 390, "light")
    assert page.locator(".kit-mistake").count() == 1
    told = page.inner_text("body")
    assert "あなたのせいではありません" in told
    assert not re.search("Zero|Name|Error|Traceback|secret|Voil", told)
    assert axe(page) == []
    page.context.close()


def test_a_page_that_is_not_there_is_told_in_two_languages(chromium: Any, app: Room) -> None:
    page = chromium.new_page()
    refused = asked_elsewhere(page, app.address)
    page.goto(app.url("nowhere.ipynb"))
    assert "ページが見つかりません" in page.inner_text("h1")
    assert page.locator("[lang=en]").count() == 1
    assert axe(page) == [] and refused == []
    page.close()


def test_who_comes_back_to_a_page_whose_kernel_has_gone_is_told(chromium: Any, app: Room) -> None:
    page, _ = visit(chromium, app, "formula.ipynb", 390, "light")
    kernel = kernel_of(page, app)
    assert page.request.get(kernel).ok
    assert not page.get_by_role("alert").is_visible()
    page.route(kernel, lambda route: route.fulfill(status=404, body="{}"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("alert").wait_for(timeout=5_000)
    assert axe(page) == []
    page.get_by_role("button", name="Reload").click()
    page.wait_for_selector("#kit-lost", state="hidden")
    page.context.close()


def test_a_reload_keeps_what_was_answered_and_leaves_no_kernel_behind(
    chromium: Any, app: Room
) -> None:
    page, _ = visit(chromium, app, "kept.ipynb", 390, "light")
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Answer").click()
    page.wait_for_timeout(500)
    kernel = kernel_of(page, app)
    assert page.request.get(kernel).ok
    page.reload(wait_until="commit")
    wait_until_ready(page)
    assert page.get_by_role("radio").nth(1).is_checked()
    assert page.request.get(kernel).status == 404
    page.context.close()


def test_only_what_a_participant_made_can_be_fetched(chromium: Any, app: Room) -> None:
    (app.folder / "artefacts").mkdir(exist_ok=True)
    (app.folder / "artefacts" / "memo.md").write_text("mine", encoding="utf-8")
    (app.folder / "rct-letters.progress.json").touch()
    page = chromium.new_page()
    assert page.request.get(app.url("artefacts/memo.md")).text() == "mine"
    for name in ("rct-letters.progress.json", "artefacts/../rct-letters.ipynb", ".room/server.log"):
        assert page.request.get(f"{app.address}/voila/files/{name}").status in (403, 404), name
    page.close()


def test_a_jupyter_server_draws_the_same_page(
    chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("server")
    lay(folder / "formula.ipynb", "# A formula\n\n$x^2$", "1 + 1", language="en")
    with serve("lab", folder) as lab:
        there = Room("voila", lab.address, folder)
        page, refused = visit(chromium, there, "formula.ipynb", 390, "dark")
        page.wait_for_selector("mjx-container", timeout=20_000)
        assert axe(page) == [] and refused == []
        page.context.close()
