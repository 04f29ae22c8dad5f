"""The participant's page and the facilitator's."""

from __future__ import annotations

import re

import materials
import nbformat
import pytest
from markup import Markup, steps

from kit.errors import CourseError
from kit.publish import page

NOTES = ("答えを言わずに", "difference = new - usual", "0.0412")


@pytest.fixture(scope="module")
def handout() -> str:
    return page.handout(materials.material())


@pytest.fixture(scope="module")
def facilitator() -> str:
    return page.facilitator(materials.material())


def with_cells(*cells: object, **changes: object) -> object:
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    return materials.material(participant=notebook, facilitator=notebook, **changes)


def test_a_page_asks_nobody_for_anything(handout: str, facilitator: str) -> None:
    for html in (handout, facilitator):
        read = Markup(html)
        policy = next(m["content"] for m in read.all("meta") if "http-equiv" in m)
        assert "default-src 'none'" in policy and "script-src" not in policy
        assert read.all("script", "link", "iframe") == []
        assert [a for a in read.addresses() if not a.startswith("data:")] == []
        assert "url(http" not in html and "@import" not in html


def test_a_page_says_its_language_and_has_one_title(handout: str) -> None:
    read = Markup(handout)
    assert read.all("html") == [{"lang": "ja"}]
    assert read.headings().count(1) == 1 and read.headings()[0] == 1
    assert steps(read.headings()) == []
    assert len(read.all("main")) == len(read.all("header")) == len(read.all("footer")) == 1
    assert Markup(page.handout(materials.material(language="en"))).all("html") == [{"lang": "en"}]


def test_every_id_is_there_once_and_every_link_inside_arrives(handout: str) -> None:
    read = Markup(handout)
    assert len(read.ids()) == len(set(read.ids()))
    inside = [a["href"][1:] for a in read.all("a") if a.get("href", "").startswith("#")]
    assert inside and set(inside) <= set(read.ids())
    for name in ("aria-labelledby", "aria-describedby", "for"):
        asked = [one for _, a in read.elements if name in a for one in a[name].split()]
        assert set(asked) <= set(read.ids())


def test_the_head_says_where_when_and_why(handout: str) -> None:
    text = Markup(handout).text
    for words in ("八王子市", "半日コース", "13:30～15:00", "90分", "都政の見える化をしよう"):
        assert words in text
    assert "2026年7月1日" in text and "SSDSE-A" in text and "CC BY 4.0" in text
    assert "4,000 通" in text


def test_the_contents_are_the_timetable(handout: str) -> None:
    nav = re.search(r"<nav.*?</nav>", handout, re.DOTALL)
    assert nav
    assert re.findall(r"\d+:\d\d", nav[0]) == ["13:30", "13:40", "13:55", "14:20"]


def test_minutes_are_shown_where_no_clock_is_set() -> None:
    text = Markup(page.handout(materials.material(start=None))).text
    assert "13:30" not in text and "15分" in text


def test_simulated_figures_are_labelled_and_not_said_of_the_real_town(handout: str) -> None:
    assert "模擬データ" in handout and "八王子市と同じ人口構成の模擬のまち" in handout
    real = page.handout(materials.material(spec=materials.spec(simulated=False)))
    assert "模擬のまちのもの" not in Markup(real).text


def test_a_participant_reads_no_notes_and_no_answers(handout: str, facilitator: str) -> None:
    for secret in NOTES:
        assert secret not in Markup(handout).text
        assert secret in Markup(facilitator).text
    assert "進行役メモ" in facilitator and "解答例" in facilitator


def test_a_solution_is_set_apart_without_its_markers(facilitator: str) -> None:
    answer = re.search(r'<span class="answer"><b>解答例</b>\n(.*?)</code>', facilitator, re.DOTALL)
    assert answer and "引き算です" in answer[1] and "new - usual" in Markup(answer[1]).text
    assert "SOLUTION" not in facilitator


def test_what_to_do_is_said_in_a_word(handout: str) -> None:
    text = Markup(handout).text
    for word in ("やってみる", "話し合う", "確かめる"):
        assert word in text
    box = handout[handout.index('class="role try"') :]
    assert box.index("練習1") < box.index("difference = ...") < box.index("話し合う")
    assert "まだ書かれていません" not in text, "nobody can write on a page"
    assert "これは前後比較の値です。" in text


def test_code_for_the_machine_is_out_of_the_way(handout: str) -> None:
    text = Markup(handout).text
    assert "1/0" not in text and "kit.lesson(" not in text and "municipality: str" not in text
    assert 'lesson.quiz("before-after")' not in text
    assert re.search(r"<details class=\"fold code-fold\">.*?chart_of_ages", handout, re.DOTALL)
    assert "何と比べますか" not in text, "a cell for slides only"


def test_a_chart_has_words_a_table_and_a_source(handout: str) -> None:
    read = Markup(handout)
    pictures = [
        svg for svg in read.all("svg") if svg.get("role") == "img" and "aria-labelledby" in svg
    ]
    assert len(pictures) == 4, "two charts, each wide and narrow"
    assert read.text.count("40歳代の18％から70歳代の31％まで") == 2
    assert read.text.count("出典：模擬データ") == 2
    assert len([t for t in read.all("th") if t.get("scope") == "row"]) >= 4


def test_a_chart_without_words_is_refused_with_its_cell() -> None:
    silent = nbformat.v4.new_output(
        "display_data", data={materials.VEGA: materials.compiled("bars")}
    )
    with pytest.raises(CourseError, match="説明") as caught:
        page.handout(with_cells(materials.code("draw-it", "x", outputs=(silent,))))
    assert "#draw-it" in str(caught.value)


def test_a_widget_shows_its_static_form(handout: str) -> None:
    assert "送る数: 4,000" in Markup(handout).text
    assert "alert(1)" not in handout


@pytest.mark.parametrize("kind", ["markdown", "stream", "html", "error", "plain", "setting"])
def test_hostile_text_is_shown_and_never_run(kind: str) -> None:
    new = nbformat.v4.new_output
    hostile = materials.HOSTILE
    outputs = {
        "stream": [new("stream", name="stdout", text=hostile)],
        "html": [new("display_data", data={"text/html": hostile})],
        "error": [new("error", ename="KitError", evalue=hostile, traceback=["/home/x/secret.py"])],
        "plain": [new("execute_result", data={"text/plain": hostile}, execution_count=1)],
    }.get(kind, [])
    cell = materials.code("bad", "1", outputs=tuple(outputs))
    if kind == "markdown":
        cell = materials.markdown("bad", hostile)
    team = hostile[:60] if kind == "setting" else "健康推進課"
    html = page.handout(with_cells(cell, parameters={"municipality": "13201", "team": team}))
    read = Markup(html)
    assert read.all("script") == [] and read.all("img") in ([], [{"alt": ""}])
    assert not [a for _, a in read.elements if any(name.startswith("on") for name in a)]
    assert "secret.py" not in html
    if kind != "html":
        assert "<script>alert(1)</script>" in read.text


def test_a_chart_in_a_panel_is_made_small() -> None:
    from kit.publish.cells import _small

    svg = (
        '<svg role="img" aria-label="差" class="marks" viewBox="0 0 9 9" width="9" height="9">'
        '<g role="graphics-object" aria-roledescription="x"><text opacity="1">数</text></g></svg>'
    )
    made = _small(f"<p>前</p>{svg}<p>後</p>", "a-")
    assert "roledescription" not in made and 'aria-label="差"' in made and "<p>後</p>" in made
    assert _small("<svg class='x'><g></svg>", "") == "<svg class='x'><g></svg>"


def test_an_image_output_has_words() -> None:
    png = nbformat.v4.new_output(
        "display_data",
        data={"image/png": "iVBORw0KGgo=", "text/plain": "x"},
        metadata={"kit": {"description": "町の地図"}},
    )
    read = Markup(page.handout(with_cells(materials.code("map", "x", outputs=(png,)))))
    assert read.all("img") == [{"src": "data:image/png;base64,iVBORw0KGgo=", "alt": "町の地図"}]


def test_a_page_stays_small(handout: str) -> None:
    assert len(handout.encode()) < 120_000


def test_nothing_of_a_template_is_left(handout: str, facilitator: str) -> None:
    for html in (handout, facilitator):
        assert not re.search(
            r"\{\{|\{%|\}\}(?!\s*[@.:a-z*])",
            re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL),
        )
