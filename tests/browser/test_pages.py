"""Pages, slides and index in real Chromium: for everyone, on any screen, asking nobody."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import materials
import pytest
from chromium import axe

from kit import data, language
from kit.publish import datapages, index, page, slides

pytestmark = pytest.mark.browser
FORMS = ("handout", "facilitator", "slides", "index", "data")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    material = materials.material()
    with language.using("ja"):
        html = {
            "handout": page.handout(material),
            "facilitator": page.facilitator(material),
            "slides": slides.deck(material),
            "index": index.page("半日コース", materials.entries(), "ja", materials.links()),
            "data": datapages.page("municipalities", "ja"),
        }
    for name, text in html.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in html}


def visit(chromium: Any, address: str, width: int = 1280, height: int = 720, **how: Any) -> Any:
    """Open a page, refusing and noting every request but its own."""
    context = chromium.new_context(viewport={"width": width, "height": height}, **how)
    tab = context.new_page()
    tab.asked, tab.complaints = [], []

    def look(route: Any) -> None:
        if route.request.url.split("#")[0] == address:
            route.continue_()
        else:
            tab.asked.append(route.request.url)
            route.abort()

    context.route("**/*", look)
    tab.on("console", lambda message: tab.complaints.append(message.text))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.goto(address)
    return tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("form", FORMS)
def test_axe_finds_nothing(chromium: Any, made: dict[str, str], form: str, scheme: str) -> None:
    for width, height in ((1280, 720), (390, 844)):
        tab = visit(chromium, made[form], width, height, color_scheme=scheme)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert axe(tab) == []
        tab.context.close()


@pytest.mark.parametrize("language_", ["ja", "en"])
@pytest.mark.parametrize("workshop", ["rct-letters", "journey-time"])
def test_axe_finds_nothing_in_what_a_class_gets(
    chromium: Any, sample: Path, workshop: str, language_: str
) -> None:
    folder = sample / workshop / "13307-hinohara" / language_
    scheme = {"ja": "light", "en": "dark"}[language_]
    for name in ("handout.html", "facilitator.html", "slides.html"):
        tab = visit(chromium, (folder / name).as_uri(), 1280, 720, color_scheme=scheme)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert axe(tab) == [], name
        assert tab.locator("html").get_attribute("lang") == language_
        tab.context.close()


def test_axe_finds_nothing_in_the_page_of_any_dataset(chromium: Any, sample: Path) -> None:
    pages = sorted((sample / "data").glob("*/*.html"))
    assert len(pages) == 2 * len(data.names())
    for path in pages:
        tab = visit(chromium, path.as_uri(), 390, 844)
        assert axe(tab) == [], path.name
        assert tab.locator("html").get_attribute("lang") == path.parent.name
        tab.context.close()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_asked_of_anyone(chromium: Any, made: dict[str, str], form: str) -> None:
    tab = visit(chromium, made[form])
    tab.wait_for_timeout(200)
    assert tab.asked == [] and tab.complaints == []
    tab.context.close()


@pytest.mark.parametrize("form", FORMS)
def test_it_folds_to_320_pixels(chromium: Any, made: dict[str, str], form: str) -> None:
    tab = visit(chromium, made[form], 320, 640)
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 320
    # What is wider than the screen has to lie in a box that scrolls and that keys can reach.
    lost = tab.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => {
            const box = e.getBoundingClientRect();
            if (box.width === 0 || box.right <= 321) return false;
            let scroller = e.parentElement;
            while (scroller && getComputedStyle(scroller).overflowX !== 'auto')
                scroller = scroller.parentElement;
            return !scroller || (scroller.tabIndex !== 0 && !scroller.matches('.formula'));
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert lost == []
    tab.context.close()


@pytest.mark.parametrize("form", FORMS)
def test_it_can_be_read_with_scripts_off(chromium: Any, made: dict[str, str], form: str) -> None:
    tab = visit(chromium, made[form], java_script_enabled=False)
    words = {
        "handout": "比べる相手",
        "facilitator": "答えを言わずに",
        "slides": "何人いれば足りますか",
        "index": "スライド",
        "data": "年齢不詳",
    }[form]
    assert words in tab.inner_text("main")
    assert not tab.locator("form, nav.controls").filter(visible=True).count()
    tab.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("form", FORMS)
def test_a_picture_of_it_is_not_blank(
    chromium: Any, made: dict[str, str], form: str, scheme: str
) -> None:
    tab = visit(chromium, made[form], color_scheme=scheme)
    picture = base64.b64encode(tab.screenshot()).decode()
    blank = chromium.new_page()
    share = blank.evaluate(
        """async picture => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + picture;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, image.width, image.height).data;
            const seen = new Map();
            for (let i = 0; i < pixels.length; i += 4) {
                const key = pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2];
                seen.set(key, (seen.get(key) || 0) + 1);
            }
            return [seen.size, Math.max(...seen.values()) / (pixels.length / 4)];
        }""",
        picture,
    )
    assert share[0] > 50 and share[1] < 0.99
    blank.close()
    tab.context.close()


def test_the_skip_link_comes_first_and_is_seen(chromium: Any, made: dict[str, str]) -> None:
    tab = visit(chromium, made["handout"])
    tab.keyboard.press("Tab")
    link = tab.locator(":focus")
    assert link.get_attribute("href") == "#main"
    box = link.bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0
    tab.context.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (390, 844)])
def test_no_slide_is_cut_off(chromium: Any, made: dict[str, str], width: int, height: int) -> None:
    for scripts in (True, False):
        tab = visit(chromium, made["slides"], width, height, java_script_enabled=scripts)
        for slide in tab.locator(".slide").all():
            box = slide.bounding_box()
            assert box["width"] <= width and box["height"] >= height - 1
            for part in slide.locator(".body > *, h1, h2, .foot").all():
                inner = part.bounding_box()
                if inner is None or inner["width"] <= 1:
                    continue
                assert inner["x"] >= 0 and inner["x"] + inner["width"] <= width + 1
                assert inner["y"] + inner["height"] <= box["y"] + box["height"] + 1
        tab.context.close()


def test_on_a_projector_every_slide_is_one_screen(chromium: Any, made: dict[str, str]) -> None:
    tab = visit(chromium, made["slides"])
    heights = tab.evaluate("[...document.querySelectorAll('.slide')].map(s => s.offsetHeight)")
    assert set(heights) == {720}
    tab.context.close()


def current(tab: Any) -> str:
    return str(
        tab.evaluate(
            """() => [...document.querySelectorAll('.slide')]
                .filter(s => Math.abs(s.getBoundingClientRect().top) < 3).map(s => s.id)[0]"""
        )
    )


def test_keys_turn_the_slides(chromium: Any, made: dict[str, str]) -> None:
    tab = visit(chromium, made["slides"])
    ids = tab.evaluate("[...document.querySelectorAll('.slide')].map(s => s.id)")
    assert current(tab) == ids[0]
    for key, at in (
        ("ArrowRight", 1),
        ("ArrowDown", 2),
        ("PageDown", 3),
        (" ", 4),
        ("ArrowLeft", 3),
        ("PageUp", 2),
        ("ArrowUp", 1),
        ("End", len(ids) - 1),
        ("ArrowRight", len(ids) - 1),
        ("Home", 0),
    ):
        tab.keyboard.press("Space" if key == " " else key)
        tab.wait_for_timeout(80)
        assert current(tab) == ids[at], key
    assert tab.evaluate("document.activeElement.id") == ids[0]
    tab.context.close()


def test_buttons_turn_the_slides(chromium: Any, made: dict[str, str]) -> None:
    tab = visit(chromium, made["slides"])
    tab.get_by_role("button", name="次のスライド").click()
    tab.wait_for_timeout(80)
    assert current(tab) == "agenda"
    tab.get_by_role("button", name="前のスライド").click()
    tab.wait_for_timeout(80)
    assert current(tab) == "start"
    tab.context.close()


def test_a_long_slide_is_read_to_its_end_first(chromium: Any, made: dict[str, str]) -> None:
    tab = visit(chromium, made["slides"], 390, 560)
    tab.evaluate("document.getElementById('s-idea').scrollIntoView()")
    tab.wait_for_timeout(80)
    for _ in range(6):
        if current(tab) == "s-draw-ages":
            break
        seen = tab.evaluate("scrollY + innerHeight")
        tab.keyboard.press("ArrowRight")
        tab.wait_for_timeout(80)
        assert tab.evaluate("scrollY") <= seen, "nothing was jumped over"
    assert current(tab) == "s-draw-ages"
    tab.context.close()


@pytest.mark.parametrize("form", ["handout", "slides"])
def test_it_can_be_printed(chromium: Any, made: dict[str, str], form: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    tab = visit(chromium, made[form])
    count = tab.locator(".slide").count()
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    if form == "slides":
        assert len(printed.pages) == count and width > height
    else:
        assert 2 <= len(printed.pages) <= 6 and abs(width - 595) < 2 and abs(height - 842) < 2
    tab.context.close()


def test_the_index_finds_a_town_however_it_is_typed(chromium: Any, made: dict[str, str]) -> None:
    tab = visit(chromium, made["index"])
    field = tab.get_by_role("searchbox")
    for typed, left in (
        ("八王子", 2),
        ("ＨＡＣＨＩＯＪＩ", 2),
        ("13402 手続き", 1),
        ("港区", 0),
        ("", 6),
    ):
        field.fill(typed)
        assert tab.locator(".card").filter(visible=True).count() == left, typed
        assert ("ありません" in tab.locator(".none").inner_text()) == (left == 0)
    tab.context.close()
