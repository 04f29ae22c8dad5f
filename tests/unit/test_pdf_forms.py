"""Every printed form keeps PDF/UA's rules on structure; handout, certificate and memo form."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from pypdf import PdfReader
from test_pdf import BARS, CELLS, CHART, code, html, markdown, material, text_of

from kit.publish import drawing, pdf
from kit.publish.outputs import VEGA, from_html

FORMS = (pdf.worksheet, pdf.facilitator, pdf.handout, pdf.certificate, pdf.memo_form)
HOSTILE = '<img src=x onerror=alert(1)></script>#panic() *a* "q"'
SECRET = "従来の値に0.05を足した数"
EXERCISES = (
    {
        "id": "ate",
        "label": "受診率の差",
        "hints": ["引き算です。"],
        "solution": SECRET,
    },
    {
        "id": "decision",
        "answer": "choice",
        "label": "判断",
        "choices": ["A", "B"],
        "labels": {"A": "全員に送る", "B": "作り直す"},
        "hints": ["線を引きます。"],
        "solution": SECRET,
    },
)
FORM = (
    '<div class="kit-form"><table><caption>評価計画</caption><tbody><tr><th scope="row">だれに</th>'
    '<td><span role="img" aria-label="書くところ">＿＿＿＿<br>＿＿＿＿</span></td></tr></tbody></table>'
    '<p class="kit-note">ノートブックでは、ここに書きこめます。</p></div>'
)
QUIZ = (
    '<fieldset class="kit-quiz"><legend>どれですか。</legend><ol type="A"><li>増えた</li>'
    '<li>分からない</li></ol><p class="kit-note">ノートブックでは、選ぶと解説が出ます。</p></fieldset>'
)
BLANK = '<div class="kit-card kit-blank"><p>まだ書かれていません。</p></div>'


def participant() -> Any:
    """The participant's edition of the cells in test_pdf: stubs, blanks, nothing of the key."""
    stub = "# ここに書きます\neffect = ...\ndecision = ...\nlesson.check('ate', effect)\nlesson.check(\"decision\", decision)"
    cells = [copy.deepcopy(c) for c in CELLS if "facilitator" not in c.metadata.get("tags", [])]
    cells[-1] = code("effect", stub, "exercise", outputs=(html(BLANK),))
    cells[3] = code("quiz", "lesson.quizzes('before')", "quiz", outputs=(html(QUIZ),))
    cells += [
        markdown("talk", "となりの人と話します。", "discussion"),
        code(
            "plan", "plan = lesson.form('plan', fields)\nplan", "hide-input", outputs=(html(FORM),)
        ),
        code("again", "chart", outputs=(CHART,)),
    ]
    return new_notebook(cells=cells)


def run(language: str = "ja", **changes: Any) -> Any:
    made = material(language=language, exercise=changes.pop("exercise", EXERCISES), **changes)
    return replace(made, participant=participant())


@cache
def made(form: str, language: str) -> PdfReader:
    return PdfReader(io.BytesIO(getattr(pdf, form)(run(language))))


def elements(node: Any, parents: tuple[str, ...] = ()) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield every element of a structure tree with the types above it."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from elements(child, parents)
    elif isinstance(node, dict) and "/S" in node:
        yield node, parents
        yield from elements(node.get("/K", []), (*parents, str(node["/S"])))
    elif isinstance(node, dict) and "/K" in node:
        yield from elements(node["/K"], parents)


def kinds(node: Any) -> list[str]:
    return [str(element["/S"]) for element, _ in elements(node.get("/K", []))]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", [form.__name__ for form in FORMS])
def test_every_form_keeps_the_rules_of_pdf_ua(form: str, language: str) -> None:
    reader = made(form, language)
    root = reader.trailer["/Root"]
    tree = list(elements(root["/StructTreeRoot"]))
    types = [str(element["/S"]) for element, _ in tree]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(root["/Lang"]).startswith(language)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None and reader.metadata.title
    assert types.count("/Title") + types.count("/H1") >= 1
    levels = [int(kind[2]) for kind in types if re.fullmatch("/H[1-6]", kind)]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    for element, parents in tree:
        kind = str(element["/S"])
        if kind in ("/Figure", "/Formula"):
            assert str(element.get("/Alt", "")).strip()
        if kind == "/Table":
            assert "/TH" in kinds(element), "a table without a header cell"
        if kind in ("/TH", "/TD"):
            assert parents[-1] == "/TR"
        if kind == "/LI":
            assert parents[-1] == "/L"
    for page in reader.pages:
        assert page.get("/Tabs") == "/S"
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        for note in page.get("/Annots", []):
            assert str(note.get_object()["/Contents"]).strip()
        for font in page["/Resources"].get("/Font", {}).values():
            assert "/ToUnicode" in font.get_object()  # what is seen can be read out and copied


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_stay_words(form: Any) -> None:
    words = text_of(form(run(title=HOSTILE, question=HOSTILE))).replace("\u200b", "")
    assert re.sub(r"\s+", "", HOSTILE) in words


@pytest.mark.parametrize("form", FORMS)
def test_no_form_names_the_machine_that_made_it(form: Any) -> None:
    reader = PdfReader(io.BytesIO(form(run())))
    said = f"{reader.metadata} {text_of(form(run()))}"
    assert "/tmp" not in said and "/home" not in said and "/work" not in said


# ---- the handout ------------------------------------------------------------------------------


def test_the_handout_reads_like_the_notebook() -> None:
    words = text_of(pdf.handout(run()))
    for expected in (
        "案内の文面を変えました。",
        "比べる相手をつくれる",
        "13:30–13:50",
        "文面ごとの受診率",
        "となりの人と話します。",
        "評価計画",
        "A.増えた",
        "出典：国勢調査、CCBY4.0",
        "八王子市と同じ人口構成の模擬のまち",
    ):
        assert expected in words


def test_the_handout_asks_and_leaves_room_but_tells_no_answer() -> None:
    words = text_of(pdf.handout(run()))
    assert "演習1" in words and "受診率の差" in words and "全員に送る" in words
    assert "effect=..." in words
    for secret in (
        SECRET,
        "引き算です。",
        "線を引きます。",
        "前後比較の落とし穴",
        "比べる相手がいません",
        "new-usual",
        "責めないで",
        "正解",
    ):
        assert secret not in words


def test_what_only_a_screen_can_do_is_left_out_of_the_handout() -> None:
    words = text_of(pdf.handout(run()))
    assert "ノートブックでは" not in words and "まだ書かれていません" not in words
    assert "＿" not in words  # a line is drawn there


def test_exercises_have_the_same_number_for_class_and_facilitator() -> None:
    made = run()
    key = code("key", "effect = new - usual", "solution")
    made = replace(
        made, facilitator=new_notebook(cells=[*made.facilitator.cells[:2], key, *CELLS[2:]])
    )
    book = text_of(pdf.facilitator(made))
    assert "演習1" in book and "演習2" not in book and "解答の例" in book


def test_a_notebook_without_sections_or_exercises_still_prints() -> None:
    bare = replace(run(exercise=()), participant=new_notebook(cells=[new_markdown_cell("一文。")]))
    assert "一文。" in text_of(pdf.handout(bare))
    assert text_of(pdf.handout(replace(bare, participant=new_notebook())))


def test_an_exercise_the_spec_says_nothing_of_leaves_room_all_the_same() -> None:
    assert "計算とメモ" in text_of(pdf.handout(run(exercise=())))


def test_long_words_and_emoji_are_told_from_one_another() -> None:
    from kit.errors import RunError

    assert "長" * 50 in text_of(pdf.handout(run(summary="長" * 10_000)))
    with pytest.raises(RunError, match="U\\+1F41F"):
        pdf.handout(run(summary="🐟"))


def test_a_chart_is_drawn_once_for_all_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    drawn = []
    draw = vl_convert.vega_to_svg
    monkeypatch.setattr(vl_convert, "vega_to_svg", lambda *a, **k: drawn.append(1) or draw(*a, **k))
    everything = run()
    spec = copy.deepcopy(BARS) | {"width": 317}  # not drawn by any other test
    for notebook in (everything.participant, everything.facilitator):
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                if VEGA in output.get("data", {}):
                    output["data"][VEGA] = spec
    for form in FORMS:
        form(everything)
    drawing.draw(spec, source=False)  # as a page does
    assert len(drawn) == 1


# ---- from a screen to paper ------------------------------------------------------------------


def test_a_table_without_a_head_is_terms_and_an_empty_field_is_room() -> None:
    (terms,) = from_html(FORM)
    assert terms["kind"] == "terms"
    assert terms["rows"][0][1] == [{"kind": "room", "lines": 2}]


def test_a_quiz_on_paper_has_boxes_and_the_letters_of_the_screen() -> None:
    (asked,) = from_html(QUIZ)
    assert asked["kind"] == "question"
    assert [option["letter"] for option in asked["options"]] == ["A", "B"]


def test_cards_to_put_in_order_get_a_box_each() -> None:
    (asked,) = from_html(
        '<figure class="kit-cards"><figcaption><strong>順に</strong></figcaption>'
        '<ol><li>甲</li><li>乙</li></ol><p class="kit-note">動かせます。</p></figure>'
    )
    assert [option["letter"] for option in asked["options"]] == ["", ""]


def test_a_chart_in_a_panel_keeps_its_title_with_it() -> None:
    figure, words = from_html(
        '<figure class="kit-panel"><div class="kit-chart"><div class="kit-chart-title"><strong>題</strong>'
        '</div><svg viewBox="0 0 9 9" aria-label="図"></svg><div class="kit-chart-source"><small>出典'
        "</small></div></div><p>文</p></figure>"
    )
    assert figure["kind"] == "figure" and words["kind"] == "paragraph"
    assert figure["title"][0]["text"] == "題" and figure["source"][0]["text"] == "出典"


# ---- certificate, memo form, cover -----------------------------------------------------------


def pages(document: bytes) -> int:
    return len(PdfReader(io.BytesIO(document)).pages)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", [pdf.certificate, pdf.memo_form])
def test_what_is_filled_in_by_hand_is_one_page(form: Any, language: str) -> None:
    assert pages(form(run(language))) == 1
    long = run(language, question="長い問い" * 2500, objectives=("できるようになる" * 8,) * 20)
    assert pages(pdf.memo_form(long)) == 1


def test_the_certificate_names_workshop_objectives_and_minutes_but_no_person() -> None:
    words = text_of(pdf.certificate(run()))
    for expected in (
        "受講証",
        "通知文を変えると受診は増えるか",
        "60分",
        "比べる相手をつくれる",
        "発行者",
    ):
        assert expected in words


def test_the_memo_form_begins_with_words_of_the_workshop() -> None:
    words = text_of(pdf.memo_form(run()))
    for expected in (
        "文面を変えると、健診を受ける人は増えるのでしょうか。",
        "出典：国勢調査、CCBY4.0",
        "何が分かれば、考えを変えるか",
        "「模擬データ」と書きます。",
    ):
        assert expected in words
    assert "模擬データ" not in text_of(pdf.memo_form(run(simulated=False)))


def test_the_cover_has_a_code_only_where_there_is_an_address() -> None:
    def alts(made: Any) -> list[str]:
        root = PdfReader(io.BytesIO(pdf.facilitator(made))).trailer["/Root"]["/StructTreeRoot"]
        return [str(e["/Alt"]) for e, _ in elements(root) if "/Alt" in e]

    assert any("QR" in alt for alt in alts(run()))
    for links in ({}, {"配布": "javascript:alert(1)"}, {"棚": "共有フォルダー"}):
        assert not any("QR" in alt for alt in alts(replace(run(), links=links)))
