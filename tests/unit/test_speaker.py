"""The speaker view: every slide, every note, the time of each section, and nothing for the class."""

from __future__ import annotations

import json
import re
from typing import Any

import materials
import nbformat
import pytest
from markup import Markup, steps

from kit import language
from kit.errors import CourseError
from kit.outline import agenda
from kit.publish import slides, speaker


@pytest.fixture(scope="module")
def view() -> str:
    return speaker.view(materials.material())


def scenes(material: Any) -> list[speaker.Scene]:
    with language.using("ja"):
        return speaker.scenes(material, slides.slides(material))


def told(*cells: Any, **changes: Any) -> Any:
    """Return a material whose facilitator's edition has `cells`, the participant's those without notes."""
    own = [cell for cell in cells if "facilitator" not in cell.metadata.get("tags", ())]
    return materials.material(
        participant=nbformat.v4.new_notebook(cells=own),
        facilitator=nbformat.v4.new_notebook(cells=list(cells)),
        agenda=agenda(own),
        **changes,
    )


def test_it_asks_nobody_and_runs_one_script(view: str) -> None:
    read = Markup(view)
    assert len(read.all("script")) == 1 and read.addresses() == []
    assert "default-src &#39;none&#39;" in view
    assert not re.search(r"https?://", view.split("<style>")[0])


def test_every_slide_of_the_deck_is_in_it_once_and_in_order(view: str) -> None:
    made = slides.slides(materials.material())
    assert re.findall(r'<section class="slide [^"]*" id="([^"]+)"', view) == [s.id for s in made]
    assert re.findall(r'-number">(\d+) / (\d+)<', view) == [
        (str(number), str(len(made))) for number in range(1, len(made) + 1)
    ]


def test_notes_are_here_and_not_in_the_deck(view: str) -> None:
    assert "答えを言わずに" in Markup(view).text
    assert "答えを言わずに" not in slides.deck(materials.material())


def test_a_note_belongs_to_its_section_wherever_in_it_it_stands() -> None:
    material = told(
        materials.markdown("early", "机を並べます。", "facilitator"),
        materials.markdown("one", "## 1. 問い", slide="slide", minutes=5),
        materials.markdown("more", "読みます。", slide="slide"),
        materials.markdown("late", "黙って待ちます。", "facilitator"),
        materials.markdown("two", "## 2. 測る", minutes=10),
        materials.markdown("last", "2 分で切ります。", "facilitator"),
    )
    found = scenes(material)
    assert [scene.id for scene in found] == ["before", "one", "two"]
    notes = ["".join(part.html for part in scene.notes) for scene in found]
    assert ["机" in notes[0], "黙って" in notes[1], "切ります" in notes[2]] == [True] * 3
    assert [slide.id for _, slide in found[1].slides] == ["s-one", "s-more"]


def test_a_section_without_slides_still_has_its_place_and_notes() -> None:
    material = told(
        materials.markdown("one", "## 1. 問い", slide="slide", minutes=5),
        materials.markdown("two", "## 2. 書く", minutes=20),
        materials.markdown("note", "見回ります。", "facilitator"),
        materials.markdown("three", "## 3. おわり", slide="slide", minutes=5),
    )
    two = scenes(material)[2]
    assert two.slides == () and "見回ります" in two.notes[0].html
    html = speaker.view(material)
    section = html[html.index('id="n-two"') : html.index('id="n-three"')]
    assert "この節のスライドはありません" in section


def test_times_come_from_the_run_sheet() -> None:
    cells = (
        materials.markdown("one", "## 1. 問い", slide="slide", minutes=5),
        materials.markdown("two", "## 2. 測る", slide="slide", minutes=25),
    )
    _, one, two = scenes(told(*cells))
    assert (one.time, two.time) == ("13:30～13:35（5分）", "13:35～14:00（25分）")
    assert (two.start, two.end) == (5, 30)
    _, _, two = scenes(told(*cells, start=None))
    assert two.time == "0:05～0:30（25分）"
    html = speaker.view(told(*cells, start=None))
    assert 'data-start=""' in html and 'data-from="5" data-to="30"' in html


def test_what_may_be_skipped_is_named_with_its_length() -> None:
    cell = materials.markdown("one", "## 1. 問い", slide="slide", minutes=5)
    cell.metadata["workshop"]["skip"] = True
    html = speaker.view(told(cell))
    assert 'data-skip="「1. 問い」（5分）"' in html and "飛ばせる" in Markup(html).text


def test_headings_go_down_step_by_step_and_ids_are_unique(view: str) -> None:
    read = Markup(view)
    assert read.headings().count(1) == 1 and steps(read.headings()) == []
    assert len(set(read.ids())) == len(read.ids())
    named = {name for a in re.findall(r'aria-labelledby="([^"]+)"', view) for name in a.split()}
    assert named <= set(read.ids())


def test_what_the_script_says_comes_in_the_readers_language(view: str) -> None:
    said = json.loads(Markup(view).all("main")[0]["data-said"])
    assert said["late"] == "{minutes}分おくれています。" and said["skip"].endswith("{titles}")
    # All that the script asks for is there, and nothing else.
    script = view[view.rindex("<script>") :]
    assert set(re.findall(r"\bsaid\.(\w+)", script)) == set(said)


def test_it_says_its_language() -> None:
    html = speaker.view(materials.material(language="en"))
    assert Markup(html).all("html") == [{"lang": "en"}]


def test_a_run_of_nothing_still_opens() -> None:
    empty = nbformat.v4.new_notebook()
    html = speaker.view(materials.material(participant=empty, facilitator=empty, agenda=[]))
    assert html.count('<section class="slide') == 2 and "この節のメモはありません" in html


def test_hostile_words_stay_words() -> None:
    bad = "</script><img src=x onerror=alert(1)>' 🌸 " + "長" * 10_000
    cells = (
        materials.markdown("one", f"## {bad}", slide="slide", minutes=5),
        materials.markdown("note", bad, "facilitator"),
    )
    html = speaker.view(told(*cells, programme=bad, start="13:30"))
    read = Markup(html)
    assert len(read.all("script")) == 1 and not read.all("img")
    assert not any(name.startswith("on") for _, a in read.elements for name in a)


def test_a_note_that_cannot_be_shown_is_named() -> None:
    cell = materials.markdown("odd-note", "$\\nosuch{1}$", "facilitator")
    with pytest.raises(CourseError) as caught:
        speaker.view(told(cell))
    assert "#odd-note" in str(caught.value.where)
