"""Every form of every workshop, as a class gets it: read by rules, by pixels, and without a network.

One town a workshop: from town to town only numbers and names differ.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import axe

from kit import batch, course, data, request
from kit.language import NAMES, about, using
from kit.publish.forms import FORMS

pytestmark = pytest.mark.browser
LANGUAGES = tuple(NAMES)
TOWN = "13307-hinohara"
PAGES = [form.file for form in FORMS if form.file.endswith(".html")]
READ = [form.file for form in FORMS if form.kind == "page"]
SHEETS = [form.file for form in FORMS if form.file.endswith(".pdf")]
HEAVIEST = 250_000  # bytes

OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
# A box that is meant to scroll sideways holds what is wider than the screen; keys can reach it.
LOST = """() => [...document.querySelectorAll('main *')].filter(e => {
    const box = e.getBoundingClientRect();
    if (box.width <= 1 || box.right <= innerWidth + 1 || e.closest('.hidden')) return false;
    let scroller = e.parentElement;
    while (scroller && getComputedStyle(scroller).overflowX !== 'auto')
        scroller = scroller.parentElement;
    return !scroller || (scroller.tabIndex !== 0 && !scroller.matches('.formula'));
}).map(e => e.outerHTML.slice(0, 120))"""
# WCAG 1.4.12: what readers may set, and what must not be cut off by it.
SPACED = """() => {
    const style = document.createElement('style');
    style.textContent = `* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-bottom: 2em !important }`;
    document.head.append(style);
    const cut = [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
        const how = getComputedStyle(e);
        const cuts = how.overflowX === 'hidden' || how.overflowY === 'hidden';
        const seen = e.clientWidth > 1 && !e.closest('.hidden, svg, legend, .row');
        return cuts && seen && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2);
    }).map(e => e.outerHTML.slice(0, 120));
    style.remove();
    return cut;
}"""
PIXELS = """async picture => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + picture;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const seen = new Map();
    for (const pixel of pixels) seen.set(pixel, (seen.get(pixel) || 0) + 1);
    return [seen.size, Math.max(...seen.values()) / pixels.length];
}"""


@pytest.fixture(scope="module")
def canvas(chromium: Any) -> Iterator[Any]:
    """A blank page to look at pictures with."""
    tab = chromium.new_page()
    yield tab
    tab.close()


def blank(canvas: Any, picture: bytes) -> bool:
    """Say whether a picture shows one flat colour, or next to nothing else."""
    colours, largest = canvas.evaluate(PIXELS, base64.b64encode(picture).decode())
    return colours < 12 or largest > 0.995


def visit(chromium: Any, path: Path, width: int, **how: Any) -> Any:
    """Open a file with no network at all; note whatever it asks for or complains about."""
    height = 900 if width > 600 else 844
    context = chromium.new_context(
        viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce", **how
    )
    tab = context.new_page()
    tab.noted = []
    address = path.as_uri()

    def look(route: Any) -> None:
        asked = route.request.url.split("#")[0]
        if asked == address or asked.startswith("blob:"):
            route.continue_()
        else:
            tab.noted.append(f"asks for {asked}")
            route.abort()

    context.route("**/*", look)
    tab.on("console", lambda message: tab.noted.append(f"says {message.text}"))
    tab.on("pageerror", lambda error: tab.noted.append(f"fails: {error}"))
    tab.goto(address)
    tab.evaluate(OPEN)
    return tab


def cases() -> list[Any]:
    """Return every workshop in every language it speaks."""
    return [
        pytest.param(id, language, id=f"{id}-{language}")
        for id in course.workshop_ids()
        for language in course.workshop(id).spec.languages
        if language in LANGUAGES
    ]


@pytest.fixture(scope="module")
def folder_of(sample: Path) -> Callable[[str, str], Path]:
    """Where the forms of a workshop lie; one that the sample leaves out is made beside it."""

    def find(workshop: str, language: str) -> Path:
        if (sample / workshop).is_dir():
            return sample / workshop / TOWN / language
        with using("ja"):
            spoken = [tag for tag in course.workshop(workshop).spec.languages if tag in LANGUAGES]
            plan = request.plan(workshops=[workshop], municipalities=[TOWN[:5]], languages=spoken)
            report = batch.build(plan, sample.parent.with_name("beside"))
        assert not report.failed, report.failed
        (run,) = [run for run in plan.runs if run.language == language]
        return Path(report.output) / run.folder

    return find


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("workshop", "language"), cases())
def test_a_page_is_for_everyone(
    chromium: Any,
    canvas: Any,
    folder_of: Callable[[str, str], Path],
    workshop: str,
    language: str,
    name: str,
) -> None:
    path = folder_of(workshop, language) / name
    assert path.stat().st_size <= HEAVIEST
    tab = visit(chromium, path, 1280, color_scheme="light")
    assert tab.locator("html").get_attribute("lang") == language
    assert tab.locator("h1").count() == 1 or name not in READ
    assert not blank(canvas, tab.screenshot())
    assert bool(tab.locator("rt").count()) == about(language).furigana
    tab.emulate_media(forced_colors="active", color_scheme="dark")
    assert not blank(canvas, tab.screenshot()), "in forced colours"
    tab.emulate_media(forced_colors="none", color_scheme="light")
    assert axe(tab) == []
    assert tab.noted == []
    tab.context.close()

    # 320 pixels are also what 400 % leaves of 1280.
    tab = visit(chromium, path, 320, color_scheme="dark")
    assert not blank(canvas, tab.screenshot()), "in the dark"
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert tab.evaluate(LOST) == []
    assert tab.evaluate(SPACED) == []
    assert axe(tab) == [], "in the dark"
    assert tab.noted == []
    tab.context.close()


@pytest.mark.parametrize("name", READ)
def test_the_whole_page_can_be_walked_by_keys(chromium: Any, sample: Path, name: str) -> None:
    tab = visit(chromium, sample / "rct-letters" / TOWN / "ja" / name, 1280)
    wanted = tab.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, summary, textarea, [tabindex="0"]')]
            .filter(e => e.checkVisibility() && !(e.type === 'radio' && e !== document.querySelector(
                `input[name="${e.name}"]`))).length"""
    )
    seen = 0
    for _ in range(wanted + 2):
        tab.keyboard.press("Tab")
        ring = tab.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
                const how = getComputedStyle(e); return [how.outlineStyle, parseFloat(how.outlineWidth)]; }"""
        )
        if ring is None:
            break
        assert ring[0] != "none" and ring[1] >= 2, tab.evaluate("document.activeElement.outerHTML")
        seen += 1
    assert seen >= wanted
    tab.context.close()


@pytest.mark.parametrize("name", data.names())
def test_every_dataset_has_a_page_for_everyone(
    chromium: Any, canvas: Any, sample: Path, name: str
) -> None:
    for language in LANGUAGES:
        path = sample / "data" / language / f"{name}.html"
        tab = visit(chromium, path, 390, color_scheme="dark" if language == "en" else "light")
        assert tab.locator("html").get_attribute("lang") == language
        assert not blank(canvas, tab.screenshot())
        assert path.stat().st_size <= HEAVIEST
        assert axe(tab) == [] and tab.noted == [], path
        tab.context.close()


def test_the_index_of_the_sample_is_for_everyone(chromium: Any, canvas: Any, sample: Path) -> None:
    tab = visit(chromium, sample / "index.html", 390)
    assert not blank(canvas, tab.screenshot())
    assert axe(tab) == [] and tab.noted == []
    tab.context.close()


@pytest.mark.parametrize(("workshop", "language"), cases())
def test_no_page_of_a_sheet_is_blank(
    canvas: Any,
    folder_of: Callable[[str, str], Path],
    tmp_path: Path,
    workshop: str,
    language: str,
) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed on this machine")
    folder = folder_of(workshop, language)
    for name in SHEETS:
        stem = tmp_path / name
        subprocess.run(["pdftoppm", "-r", "30", "-png", folder / name, stem], check=True)
        pictures = sorted(tmp_path.glob(f"{name}-*.png"))
        assert pictures, name
        for picture in pictures:
            assert not blank(canvas, picture.read_bytes()), picture.name
