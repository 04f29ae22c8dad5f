"""The deck: what is marked for slides, and nothing a participant should not see."""

from __future__ import annotations

import base64
import hashlib
import re

import materials
import nbformat
import pytest
from markup import Markup, steps

from kit.publish import slides


@pytest.fixture(scope="module")
def deck() -> str:
    return slides.deck(materials.material())


def sections(html: str) -> list[str]:
    return re.findall(r"<section class=\"slide.*?</section>", html, re.DOTALL)


def test_only_the_script_that_is_named_by_its_hash_may_run(deck: str) -> None:
    script = re.search(r"<script>(.*?)</script>", deck, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'".replace("'", "&#39;") in deck or digest in deck
    read = Markup(deck)
    assert len(read.all("script")) == 1 and read.addresses() == []


def test_slides_are_what_the_notebook_marks(deck: str) -> None:
    made = slides.slides(materials.material())
    assert [slide.id for slide in made] == [
        "start",
        "agenda",
        "s-scene",
        "s-idea",
        "s-draw-ages",
        "s-memo",
        "sources",
    ]
    text = Markup(deck).text
    assert "何と比べますか" in text, "a cell for slides only"
    assert "練習1" not in text, "a cell without a slide type"


def test_every_slide_has_a_heading_a_number_and_the_label(deck: str) -> None:
    found = sections(deck)
    for number, section in enumerate(found, start=1):
        name = re.search(r'aria-labelledby="(\S+) (\S+)"', section)
        assert name and re.search(rf'<h[12] id="{name[1]}"[^>]*>\s*\S', section)
        assert f'id="{name[2]}">{number} / {len(found)}<' in section, "two slides may share a title"
        assert "模擬データ" in section
    read = Markup(deck)
    assert read.headings().count(1) == 1 and steps(read.headings()) == []


def test_a_chart_alone_on_a_slide_gives_it_its_heading(deck: str) -> None:
    chart = next(s for s in slides.slides(materials.material()) if s.id == "s-draw-ages")
    assert chart.titled and chart.heading == "年代別の受診率" and chart.layout == "picture"
    assert '<h2 id="s-draw-ages-title">年代別の受診率</h2>' in deck


def test_a_slide_that_continues_repeats_its_heading() -> None:
    cells = [
        materials.markdown("one", "## 問い\n\n本文", slide="slide"),
        materials.markdown("two", "つづきの本文", slide="subslide"),
    ]
    material = materials.material(participant=nbformat.v4.new_notebook(cells=cells))
    made = slides.slides(material)
    assert made[-2].continued and made[-2].heading == "問い"


def test_words_beside_one_picture_are_set_beside_it() -> None:
    cells = [
        materials.markdown("show", "## 図\n\n見てください。", slide="slide"),
        materials.code("chart", "x", "hide-input", outputs=(materials.chart(),), slide="-"),
    ]
    material = materials.material(participant=nbformat.v4.new_notebook(cells=cells))
    slide = slides.slides(material)[-2]
    assert slide.layout == "split" and len(slide.words) == len(slide.pictures) == 1


def test_no_notes_and_no_answers_even_if_they_are_marked_for_slides() -> None:
    material = materials.material()
    for cell in material.facilitator.cells:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    html = slides.deck(material)
    assert "答えを言わずに" not in html and "new - usual" not in html


def test_the_timetable_is_a_slide(deck: str) -> None:
    agenda = next(s for s in sections(deck) if 'id="agenda"' in s)
    assert re.findall(r"\d+:\d\d", agenda) == ["13:30", "13:40", "13:55", "14:20"]


def test_a_deck_of_nothing_still_has_a_title_and_sources() -> None:
    empty = nbformat.v4.new_notebook()
    html = slides.deck(materials.material(participant=empty, agenda=[]))
    assert len(sections(html)) == 2


def test_the_language_is_said(deck: str) -> None:
    assert Markup(deck).all("html") == [{"lang": "ja"}]
    assert len(deck.encode()) < 100_000
