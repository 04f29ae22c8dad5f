"""The deck: what is marked for slides, and nothing a participant should not see."""

from __future__ import annotations

import base64
import hashlib
import html as html_text
import importlib.util
import io
import re
import tarfile
from pathlib import Path
from types import ModuleType

import materials
import nbformat
import pytest
from markup import Markup, steps

from kit.house import home
from kit.outline import agenda
from kit.publish import slides

VENDORED = home() / "templates" / "slides" / "reveal"


@pytest.fixture(scope="module")
def deck() -> str:
    return slides.deck(materials.material())


def sections(html: str) -> list[str]:
    return re.findall(r"<section class=\"slide.*?</section>", html, re.DOTALL)


def test_only_the_scripts_that_are_named_by_their_hash_may_run(deck: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", deck, re.DOTALL)
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts
    ]
    allowed = re.findall(r"sha256-([^&' ]+)", deck[: deck.index("<style>")])
    assert [html_text.unescape(one) for one in allowed] == digests and len(digests) == 2
    read = Markup(deck)
    assert len(read.all("script")) == 2 and read.addresses() == []


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
        assert name and re.search(rf'<h[12] class="name[^"]*" id="{name[1]}">\s*\S', section)
        assert f'id="{name[2]}">{number} / {len(found)}<' in section, "two slides may share a title"
        assert "模擬データ" in section
    read = Markup(deck)
    assert read.headings().count(1) == 1 and steps(read.headings()) == []


def test_a_chart_alone_on_a_slide_gives_it_its_heading(deck: str) -> None:
    chart = next(s for s in slides.slides(materials.material()) if s.id == "s-draw-ages")
    assert chart.titled and chart.heading == "年代別の受診率" and chart.layout == "picture"
    assert '<h2 class="name" id="s-draw-ages-title">年代別の受診率</h2>' in deck


def test_a_slide_that_continues_repeats_its_heading() -> None:
    cells = [
        materials.markdown("one", "## 問い\n\n本文", slide="slide"),
        materials.markdown("two", "つづきの本文", slide="subslide"),
    ]
    material = materials.material(participant=nbformat.v4.new_notebook(cells=cells))
    made = slides.slides(material)
    assert made[-2].continued and made[-2].heading == "問い"


def test_a_section_that_begins_without_a_heading_of_its_own_takes_the_sections() -> None:
    cells = [
        materials.markdown("one", "## 1. 問い", slide="slide", minutes=5),
        materials.markdown("two", "## 2. 測る", minutes=5),
        materials.markdown("words", "数えます。", slide="slide"),
        materials.markdown("more", "まだ数えます。", slide="slide"),
    ]
    material = materials.material(
        participant=nbformat.v4.new_notebook(cells=cells), agenda=agenda(cells)
    )
    one, words, more = slides.slides(material)[2:-1]
    assert (words.heading, words.continued) == ("2. 測る", False)
    assert words.when == "13:35 · 5分", "its title is not said twice"
    assert (more.heading, more.continued) == ("2. 測る", True)
    assert [slide.section for slide in (one, words, more)] == ["one", "two", "two"]


def test_a_fragment_comes_later_and_is_there_without_scripts() -> None:
    cells = [
        materials.markdown("ask", "## 問い\n\n何人ですか。", slide="slide"),
        materials.markdown("same", "同時に出ます。", slide="-"),
        materials.markdown("answer", "100人です。", slide="fragment"),
    ]
    html = slides.deck(materials.material(participant=nbformat.v4.new_notebook(cells=cells)))
    assert re.findall(r'<div class="shown-prose( fragment)?">', html) == ["", "", " fragment"]
    assert "hidden" not in sections(html)[1] and "100人です。" in sections(html)[1]


def test_a_section_element_in_an_output_is_not_taken_for_a_slide() -> None:
    output = nbformat.v4.new_output("display_data", data={"text/html": "<section>中</section>"})
    cells = [materials.code("show", "x", "hide-input", outputs=(output,), slide="slide")]
    html = slides.deck(materials.material(participant=nbformat.v4.new_notebook(cells=cells)))
    assert html.count("<section") == html.count('<section class="slide') == 3
    assert "<div>中</div>" in html


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
    assert len(deck.encode()) < 100_000 + len((VENDORED / "reveal.js").read_bytes())


def test_hostile_words_stay_words() -> None:
    bad = "</script><img src=x onerror=alert(1)>' 🌸" + "長" * 10_000
    html = slides.deck(materials.material(programme=bad))
    read = Markup(html)
    assert len(read.all("script")) == 2 and not read.all("img")
    assert "</script><img src=x onerror=alert(1)>" in read.text


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", VENDORED.parent / "vendor.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reveal_is_as_its_readme_says(vendor: ModuleType) -> None:
    readme = (VENDORED / "README.md").read_text(encoding="utf-8")
    assert vendor.VERSION in readme and vendor.INTEGRITY in readme
    for name in vendor.TAKEN.values():
        content = (VENDORED / name).read_bytes()
        assert f"`{name}` ({len(content):,} bytes)" in readme
        assert hashlib.sha256(content).hexdigest() in readme, name
    assert "MIT" in (VENDORED / "README.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in VENDORED.iterdir()) == [
        "LICENSE",
        "README.md",
        "reveal.js",
    ]


def packed(folder: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(folder / "reveal.js.tgz", "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return folder / "reveal.js.tgz"


def test_another_package_is_refused(vendor: ModuleType, tmp_path: Path) -> None:
    package = packed(tmp_path, {"dist/reveal.js": b"alert(1)", "LICENSE": b"MIT"})
    with pytest.raises(SystemExit, match="nothing was taken"):
        vendor.take(package, tmp_path / "reveal")
    assert not (tmp_path / "reveal").exists()


def test_a_script_that_could_leave_its_element_is_refused(
    vendor: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = packed(tmp_path, {"dist/reveal.js": b"'</SCRIPT>'", "LICENSE": b"MIT"})
    monkeypatch.setattr(vendor, "INTEGRITY", vendor.integrity(package.read_bytes()))
    with pytest.raises(SystemExit, match="end the script"):
        vendor.take(package, tmp_path / "reveal")
    assert not (tmp_path / "reveal").exists()
