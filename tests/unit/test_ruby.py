"""Furigana in the forms: for those who want them, over every word, and nowhere they would harm."""

from __future__ import annotations

import io
import re
from pathlib import Path

import materials
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import edition
from kit.language import using
from kit.publish import pdf, ruby

KANJI = re.compile(r"[一-鿿々〆]")


def outline(made: bytes) -> list[str]:
    pypdf = pytest.importorskip("pypdf")

    def titles(entries: list) -> list[str]:
        return [
            title
            for entry in entries
            for title in (titles(entry) if isinstance(entry, list) else [str(entry.title)])
        ]

    return titles(pypdf.PdfReader(io.BytesIO(made)).outline)


def test_only_readers_of_plain_japanese_get_them() -> None:
    for language in ("ja", "en"):
        with using(language):
            assert ruby.over("<p>人口</p>", {}) == "<p>人口</p>"
    with using("ja-simple"):
        assert ruby.over("<p>人口</p>", {}) == "<p><ruby>人口<rt>じんこう</ruby></p>"


def test_a_workshop_may_read_a_word_its_own_way() -> None:
    with using("ja-simple"):
        assert "いちにち" in ruby.over("<p>一日に</p>", {"一日に": "いちにちに"})


@given(st.text(alphabet="人口は3市に送った、x<&>\n 々"))
def test_taking_the_marks_away_gives_back_the_text(text: str) -> None:
    assert ruby.bare(ruby.marked(text, {})) == text


def test_what_is_not_read_on_the_page_keeps_its_text() -> None:
    data = {
        "alt": "人口の図",
        "footer": "人口",
        "nodes": [
            {"kind": "code", "text": "# 人口"},
            {"kind": "link", "href": "https://example.org/人口", "children": []},
            {"kind": "formula", "tree": {"kind": "words", "text": "人口"}, "alt": "人口"},
        ],
        "rows": (3, True, None),
    }
    assert ruby.marked(data, {}) == data | {"rows": [3, True, None]}


def test_bookmarks_say_the_heading_alone_and_no_byte_moves() -> None:
    material = materials.material(language="ja-simple")
    with using("ja-simple"):
        made = pdf.handout(material)
    titles = outline(made)
    assert any(KANJI.search(title) for title in titles)
    assert not any(re.search("[\ufff9-\ufffb]", title) for title in titles)
    marked = (
        b"<FEFF"
        + f"{ruby.marked('人口', {})}の図".encode("utf-16-be").hex().upper().encode()
        + b">"
    )
    short = ruby.without_marks(marked)
    assert (
        len(short) == len(marked) and "人口の図".encode("utf-16-be").hex().upper().encode() in short
    )
    untouched = b"<FEFF4EBA53E3> stream \xff\xf9 <FEFFD800> <FEFF4EB>"
    assert ruby.without_marks(untouched) == untouched


@pytest.mark.parametrize(
    "form", ["handout", "worksheet", "certificate", "memo_form", "facilitator"]
)
def test_every_sheet_has_readings_in_small_print(form: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    with using("ja-simple"):
        made = getattr(pdf, form)(materials.material(language="ja-simple"))
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert "じゅしん" in words or "けんしん" in words
    assert not re.search("[\ufff9-\ufffb]", words)


def test_cells_get_ruby_when_they_are_handed_out_and_not_before() -> None:
    material = materials.material(language="ja-simple")
    before = [cell.source for cell in material.participant.cells]
    with using("ja-simple"):
        handed = edition.participant_file(material)
        plain = edition.deliver(material.participant, outputs=False)
    assert "じゅしん" in handed and "じゅしん" not in edition.write(plain)
    assert [cell.source for cell in material.participant.cells] == before


def test_a_hostile_word_stays_text(tmp_path: Path) -> None:
    with using("ja-simple"):
        page = ruby.over("<p>人口&lt;script&gt;alert('市')&lt;/script&gt;</p>", {})
    assert "<script" not in page and "&lt;script&gt;" in page


def test_the_lint_reads_a_page_as_if_it_had_none() -> None:
    from kit.lint import html_reader
    from kit.publish import page

    with using("ja-simple"):
        bare = page.handout(materials.material(language="ja-simple"))
        shown = html_reader.read(ruby.over(bare, {}))
    before = html_reader.read(bare)
    assert [block.text for block in shown.blocks] == [block.text for block in before.blocks]
    assert [picture.words for picture in shown.pictures] == [
        picture.words for picture in before.pictures
    ]
    assert before.pictures
