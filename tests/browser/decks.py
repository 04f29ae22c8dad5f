"""A run's deck and speaker view as files for browser tests, and what a hand does with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import materials
import nbformat
import pytest

from kit.publish import slides, speaker

SHAPES = {"projector": (1280, 720), "old projector": (1024, 768), "phone": (390, 844)}
PROJECTED = "document.documentElement.classList.contains('projected')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    material = materials.material()
    (made / "slides.html").write_text(slides.deck(material), encoding="utf-8")
    (made / "speaker.html").write_text(speaker.view(material), encoding="utf-8")
    alone = tmp_path_factory.mktemp("alone")
    (alone / "speaker.html").write_text(speaker.view(material), encoding="utf-8")
    (made / "alone").symlink_to(alone)
    steps = nbformat.v4.new_notebook(
        cells=[
            materials.markdown("ask", "## 問い\n\n何人ですか。", slide="slide"),
            materials.markdown("answer", "100人です。", slide="fragment"),
            materials.markdown(
                "long", "## 長い話\n\n" + "とても長い段落です。\n\n" * 60, slide="slide"
            ),
        ]
    )
    html = slides.deck(materials.material(participant=steps, agenda=[]))
    (made / "steps.html").write_text(html, encoding="utf-8")
    return made


@pytest.fixture
def visit(chromium: Any, folder: Path) -> Iterator[Any]:
    """Open a file of the folder; afterwards nothing but files was asked for, without a complaint."""
    contexts, asked, complaints = [], [], []

    def opened(name: str, shape: str = "projector", **how: Any) -> Any:
        width, height = SHAPES[shape]
        context = chromium.new_context(viewport={"width": width, "height": height}, **how)
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        tab = context.new_page()
        tab.goto((folder / name).as_uri())
        if how.get("java_script_enabled", True) and shape != "phone" and "speaker" not in name:
            tab.locator("html.projected").wait_for()
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert [address for address in asked if not address.startswith("file:")] == []
    assert [words for words in complaints if "ERR_FILE_NOT_FOUND" not in words] == []


def current(tab: Any) -> str:
    """Return the id of the slide that is seen, and see to it that it is one."""
    seen = tab.evaluate(
        """() => [...document.querySelectorAll('section.slide')].filter(s => {
            const box = s.getBoundingClientRect();
            const seen = s.checkVisibility({visibilityProperty: true});
            return seen && Math.abs(box.top) < 3 && box.height > 100;
        }).map(s => s.id)"""
    )
    assert len(seen) == 1, seen
    return str(seen[0])


def press(tab: Any, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)
        tab.wait_for_timeout(60)


def current_top(tab: Any) -> str:
    return str(
        tab.evaluate(
            """() => [...document.querySelectorAll('section.slide')]
                .filter(s => Math.abs(s.getBoundingClientRect().top) < 3).map(s => s.id)[0]"""
        )
    )
