"""The deck in real Chromium, from a file: turned, read, printed, for everyone."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from chromium import axe
from decks import PROJECTED, SHAPES, current, current_top, folder, press, visit

pytestmark = pytest.mark.browser
__all__ = ["folder", "visit"]  # fixtures


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shape", list(SHAPES))
def test_axe_finds_nothing_on_any_slide_nor_in_any_view(
    visit: Any, shape: str, scheme: str
) -> None:
    tab = visit("slides.html", shape, color_scheme=scheme)
    assert axe(tab) == []
    if shape == "projector":
        for _ in range(tab.locator("section.slide").count() - 1):
            press(tab, "ArrowRight")
            assert axe(tab) == [], current(tab)
        for key in ("o", "Escape", "?", "Escape", "b", "b", "g"):
            press(tab, key)
            assert axe(tab) == [], key
    tab = visit("speaker.html", shape, color_scheme=scheme)
    assert axe(tab) == []


def test_nothing_says_that_the_deck_is_an_application(visit: Any) -> None:
    tab = visit("slides.html")
    assert tab.locator("[role=application], [aria-live]").count() == 0
    press(tab, "ArrowRight")
    assert tab.evaluate("document.activeElement.id") == "agenda"
    assert tab.locator("h1").filter(visible=True).count() == 1


def test_keys_turn_the_slides(visit: Any) -> None:
    tab = visit("slides.html")
    ids = tab.evaluate("[...document.querySelectorAll('section.slide')].map(s => s.id)")
    assert current(tab) == ids[0]
    for key, at in (
        ("ArrowRight", 1),
        ("ArrowDown", 2),
        ("PageDown", 3),
        ("Space", 4),
        ("Shift+Space", 3),
        ("PageUp", 2),
        ("ArrowUp", 1),
        ("ArrowLeft", 0),
        ("End", len(ids) - 1),
        ("ArrowRight", len(ids) - 1),
        ("Home", 0),
    ):
        press(tab, key)
        assert current(tab) == ids[at], key
        assert tab.url.endswith("#" + ids[at])
    assert tab.evaluate("document.activeElement.id") == ids[0]


def test_an_address_opens_its_slide_and_a_broken_one_the_first(visit: Any) -> None:
    assert current(visit("slides.html")) == "start"
    tab = visit("slides.html")
    tab.goto(tab.url.split("#")[0] + "#s-idea")
    tab.reload()
    tab.locator("html.projected").wait_for()
    assert current(tab) == "s-idea"
    tab.evaluate("location.hash = '#agenda'")
    tab.wait_for_timeout(60)
    assert current(tab) == "agenda"
    tab.goto(tab.url.split("#")[0] + "#%E0%A4%A")
    tab.reload()
    tab.locator("html.projected").wait_for()
    assert current(tab) == "start"


def test_buttons_turn_the_slides(visit: Any) -> None:
    tab = visit("slides.html")
    tab.get_by_role("button", name="次のスライド").click()
    tab.wait_for_timeout(60)
    assert current(tab) == "agenda"
    tab.get_by_role("button", name="前のスライド").click()
    tab.wait_for_timeout(60)
    assert current(tab) == "start"


def test_the_overview_is_walked_by_keys_and_opened_by_a_click(visit: Any) -> None:
    tab = visit("slides.html")
    press(tab, "o", "ArrowRight", "ArrowDown")
    boxes = [s.bounding_box() for s in tab.locator("section.slide").all()]
    assert all(box["width"] < 400 and box["x"] + box["width"] <= 1280 for box in boxes)
    press(tab, "Enter")
    assert current(tab) == "s-memo", "one on, then one row of four down"
    press(tab, "Escape")
    tab.locator("#agenda").click()
    tab.wait_for_timeout(60)
    assert current(tab) == "agenda"


def test_the_black_screen_goes_at_any_key_and_turns_nothing(visit: Any) -> None:
    tab = visit("slides.html")
    for key in ("b", "."):
        press(tab, "ArrowRight")
        before = tab.url
        press(tab, key)
        assert tab.locator(".pause-overlay").filter(visible=True).count() == 1
        assert "もどります" in tab.locator(".pause-overlay").inner_text()
        press(tab, "ArrowRight")
        assert tab.locator(".pause-overlay").filter(visible=True).count() == 0
        assert tab.url == before


def test_a_number_leads_to_its_slide(visit: Any) -> None:
    tab = visit("slides.html")
    press(tab, "g")
    assert tab.locator(":focus").get_attribute("aria-label") == "スライドの番号"
    press(tab, "4", "Enter")
    tab.wait_for_timeout(100)
    assert current(tab) == "s-idea" and tab.evaluate("document.activeElement.id") == "s-idea"


def test_letters_can_be_switched_off(visit: Any) -> None:
    tab = visit("slides.html")
    press(tab, "?")
    tab.get_by_label("文字のキーを使う").uncheck()
    press(tab, "Escape", "b", "o", "ArrowRight")
    assert current(tab) == "agenda"


def test_it_can_be_read_downwards_and_projected_again(visit: Any) -> None:
    tab = visit("slides.html")
    press(tab, "ArrowRight", "ArrowRight", "r")
    assert not tab.evaluate(PROJECTED) and current_top(tab) == "s-scene"
    assert tab.locator("section.slide").filter(visible=True).count() == 7
    assert tab.locator("h1").count() == 1
    press(tab, "r")
    tab.locator("html.projected").wait_for()
    assert current(tab) == "s-scene"


def test_it_is_read_downwards_where_it_is_narrow(visit: Any) -> None:
    tab = visit("slides.html")
    press(tab, "ArrowRight")
    tab.set_viewport_size({"width": 640, "height": 360})
    tab.locator("html:not(.projected)").wait_for()
    assert current_top(tab) == "agenda"
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.locator("html.projected").wait_for()
    assert current(tab) == "agenda"


def test_without_reveal_it_is_still_read(visit: Any, folder: Path, chromium: Any) -> None:
    html = (folder / "slides.html").read_text(encoding="utf-8")
    begins, ends = html.index("<script>"), html.index("</script>")
    (folder / "broken.html").write_text(html[:begins] + "<script>" + html[ends:], encoding="utf-8")
    tab = chromium.new_page(viewport={"width": 1280, "height": 720})
    tab.goto((folder / "broken.html").as_uri())
    press(tab, "ArrowRight")
    assert current_top(tab) == "agenda"
    tab.close()


def test_what_comes_later_comes_later(visit: Any) -> None:
    tab = visit("steps.html")
    press(tab, "ArrowRight")
    answer = tab.get_by_text("100人です。")
    assert not answer.is_visible()
    press(tab, "ArrowRight")
    assert answer.is_visible() and current(tab) == "s-ask"
    press(tab, "ArrowRight")
    assert current(tab) == "s-long"


def test_a_slide_longer_than_the_screen_is_read_to_its_end_first(visit: Any) -> None:
    tab = visit("steps.html")
    press(tab, "ArrowRight", "ArrowRight", "ArrowRight")
    place = "document.getElementById('s-long')"
    assert tab.evaluate(f"{place}.tabIndex") == 0 and axe(tab) == []
    high = tab.evaluate(f"{place}.clientHeight")
    for _ in range(30):
        seen = tab.evaluate(f"{place}.scrollTop") + high
        press(tab, "ArrowRight")
        if tab.url.endswith("#sources"):
            break
        assert tab.evaluate(f"{place}.scrollTop") <= seen, "nothing was jumped over"
    assert current(tab) == "sources" and seen >= tab.evaluate(f"{place}.scrollHeight") - 5


def test_on_a_phone_a_long_slide_is_read_to_its_end_first(visit: Any) -> None:
    tab = visit("steps.html", "phone")
    tab.evaluate("document.getElementById('s-long').scrollIntoView()")
    tab.wait_for_timeout(100)
    for _ in range(30):
        seen = tab.evaluate("scrollY + innerHeight")
        press(tab, "ArrowRight")
        assert tab.evaluate("scrollY") <= seen + 2, "nothing was jumped over"
        if tab.url.endswith("#sources"):
            break
    assert tab.url.endswith("#sources")


@pytest.mark.parametrize("shape", list(SHAPES))
def test_no_slide_is_cut_off(visit: Any, shape: str) -> None:
    width, height = SHAPES[shape]
    for scripts in (True, False):
        tab = visit("slides.html", shape, java_script_enabled=scripts)
        for slide in tab.locator("section.slide").all():
            box = slide.bounding_box()
            assert box["width"] <= width and box["height"] >= height - 1
            for part in slide.locator(".body > *, .name, .foot").all():
                inner = part.bounding_box()
                if inner is None or inner["width"] <= 1:
                    continue
                assert inner["x"] >= 0 and inner["x"] + inner["width"] <= width + 1
                assert inner["y"] + inner["height"] <= box["y"] + box["height"] + 1


@pytest.mark.parametrize("name", ["slides.html", "speaker.html"])
def test_it_can_be_read_with_scripts_off(visit: Any, name: str) -> None:
    tab = visit(name, java_script_enabled=False)
    text = tab.inner_text("main")
    assert "何人いれば足りますか" in text and ("答えを言わずに" in text) == (name == "speaker.html")
    assert tab.locator("button, dialog").filter(visible=True).count() == 0
    assert tab.locator("section.slide").filter(visible=True).count() == 7


@pytest.mark.parametrize("name", ["slides.html", "speaker.html"])
def test_it_folds_to_320_pixels(visit: Any, name: str) -> None:
    tab = visit(name, "phone")
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 320


@pytest.mark.parametrize("turned", [0, 3])
def test_print_gives_every_slide_a_page(visit: Any, turned: int) -> None:
    pypdf = pytest.importorskip("pypdf")
    tab = visit("slides.html")
    press(tab, *["ArrowRight"] * turned)
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    assert len(printed.pages) == 7 and width > height
    for page, words in zip(
        printed.pages, ("半日コース", "流れ", "", "", "", "", "出典"), strict=True
    ):
        assert words in page.extract_text()
    assert tab.evaluate(PROJECTED), "printing changes nothing on the wall"


def test_a_picture_of_any_slide_is_not_blank(visit: Any, chromium: Any) -> None:
    tab = visit("slides.html")
    blank = chromium.new_page()
    for number in range(7):
        picture = base64.b64encode(tab.screenshot()).decode()
        colours = blank.evaluate(
            """async picture => {
                const image = new Image();
                image.src = 'data:image/png;base64,' + picture;
                await image.decode();
                const canvas = new OffscreenCanvas(image.width, image.height);
                const context = canvas.getContext('2d');
                context.drawImage(image, 0, 0);
                return new Set(new Uint32Array(
                    context.getImageData(0, 0, image.width, image.height - 80).data.buffer)).size;
            }""",
            picture,
        )
        assert colours > 20, number
        press(tab, "ArrowRight")
    blank.close()
