"""The printed forms: A4, tagged, in their language; and the worksheet keeps its secrets."""

from __future__ import annotations

import copy
import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader

from kit.errors import CourseError, RunError
from kit.publish import pdf
from kit.publish.material import Material
from kit.spec import Spec

A4 = (595.3, 841.9)  # points
SPEC: dict[str, Any] = {
    "id": "rct-letters",
    "title": "通知文を変えると受診は増えるか",
    "question": "文面を変えると、健診を受ける人は増えるのでしょうか。",
    "summary": "くじ引きで文面を送り分け、効果を測ります。",
    "minutes": 60,
    "principles": (4, 9),
    "audience": "はじめての職員",
    "objectives": ("比べる相手をつくれる", "不確かさを伝えられる"),
    "artefact": "結果メモ",
    "groups": "3〜4人",
    "materials": ("ふせん", "印刷したワークシート"),
    "when_late": ("話し合いを全体で行います。",),
    "simulated": True,
    "parameter": (
        {"name": "municipality", "type": "municipality", "label": "区市町村", "default": "13101"},
        {"name": "team", "type": "text", "label": "課の名前", "default": "健康推進課"},
    ),
    "quiz": (
        {
            "id": "before-after",
            "prompt": "去年は22％、今年は26％でした。効果は何ポイントですか。",
            "option": (
                {"text": "4ポイント", "feedback": "前後比較の落とし穴です。"},
                {"text": "わからない", "right": True, "feedback": "比べる相手がいません。"},
            ),
        },
    ),
    "worksheet": (
        {"title": "自分の問い", "kind": "lines", "rows": 3, "minutes": 5},
        {"title": "評価計画", "kind": "table", "columns": ("だれを", "いつ"), "rows": 3},
        {"title": "送る前に", "kind": "checklist", "items": ("窓口を決めた", "記録を残した")},
    ),
}


def markdown(id: str, source: str, *tags: str, minutes: int | None = None) -> Any:
    cell = new_markdown_cell(source, id=id)
    cell.metadata["tags"] = list(tags)
    if minutes is not None:
        cell.metadata["workshop"] = {"minutes": minutes}
    return cell


def code(id: str, source: str, *tags: str, outputs: tuple[Any, ...] = ()) -> Any:
    cell = new_code_cell(source, id=id, outputs=list(outputs))
    cell.metadata["tags"] = list(tags)
    return cell


def html(source: str) -> Any:
    return new_output("display_data", {"text/html": source, "text/plain": "<Table>"})


BARS = {
    "$schema": "https://vega.github.io/schema/vega/v5.json",
    "width": 300,
    "height": 80,
    "title": {"text": "文面ごとの受診率"},
    "marks": [
        {"type": "rect", "encode": {"enter": {"width": {"value": 90}, "height": {"value": 30}}}},
        {
            "type": "text",
            "encode": {"enter": {"text": {"value": "新しい文面"}, "y": {"value": 60}}},
        },
    ],
}
CHART = new_output(
    "display_data",
    {"application/vnd.vega.v5+json": BARS, "text/plain": "chart"},
    metadata={"kit": {"description": "新しい文面の棒グラフ", "source": "出典：模擬データ"}},
)
CELLS = [
    markdown("title", "# 通知文を変えると受診は増えるか\n\nはじめの一文。"),
    code("parameters", "municipality: str = '13101'", "parameters"),
    markdown(
        "scene",
        "## 失敗の場面\n\n佐藤さんは、案内の\n文面を変えました。\n\n- 一つ\n- 二つ",
        minutes=20,
    ),
    markdown("scene-note", "### ねらい\n\n佐藤さんを責めないでください。", "facilitator"),
    code("quiz", "lesson.quizzes('before')", "quiz"),
    markdown("measure", "## 効果を測る\n\n差は $\\hat{p}_1 - \\hat{p}_0$ です。", minutes=40),
    code(
        "show",
        "chart",
        outputs=(CHART, html("<table><tr><th>組</th></tr><tr><td>9</td></tr></table>")),
    ),
    code(
        "effect",
        "# BEGIN SOLUTION\neffect = new - usual\n# END SOLUTION\nlesson.check('ate', effect)",
        "exercise",
        outputs=(html("<p><strong>正解です。</strong></p>"),),
    ),
]


def material(
    cells: list[Any] | None = None, language: str = "ja", team: str = "健康推進課", **changes: Any
) -> Material:
    notebook = new_notebook(cells=copy.deepcopy(CELLS if cells is None else cells))
    return Material(
        spec=Spec.model_validate(SPEC | changes),
        language=language,
        parameters={"municipality": "13201", "team": team},
        participant=notebook,
        facilitator=notebook,
        programme="半日コース",
        start="13:30",
        citations=(SimpleNamespace(line=lambda language: "出典：国勢調査、CC BY 4.0"),),  # type: ignore[arg-type]
        version="0.1.0",
        built="2025-11-23",
        links={"Binder": "https://example.org/lab"},
    )


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def text_of(document: bytes) -> str:
    """All words of the document, without the white space that lines and columns make."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in read(document).pages))


@pytest.mark.parametrize("form", [pdf.worksheet, pdf.facilitator])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_are_a4_tagged_and_in_their_language(form: Any, language: str) -> None:
    reader = read(form(material(language=language)))
    for page in reader.pages:
        assert (round(page.mediabox.width, 1), round(page.mediabox.height, 1)) == A4
    catalogue = reader.trailer["/Root"]
    assert str(catalogue["/Lang"]).startswith(language)
    assert catalogue["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]


def test_title_author_and_date_are_in_the_metadata() -> None:
    about = read(pdf.facilitator(material())).metadata
    assert about is not None
    assert about.title == "通知文を変えると受診は増えるか"
    assert about.author
    assert about.creation_date is not None
    assert about.creation_date.date().isoformat() == "2025-11-23"


def test_the_same_material_gives_the_same_bytes() -> None:
    assert pdf.facilitator(material()) == pdf.facilitator(material())


def test_a_participant_finds_question_quiz_tasks_and_cards() -> None:
    words = text_of(pdf.worksheet(material()))
    for expected in (
        "八王子市",
        "文面を変えると、健診を受ける人は増えるのでしょうか。",
        "比べる相手をつくれる",
        "去年は22％、今年は26％でした。",
        "評価計画",
        "窓口を決めた",
        "ご意見カード",
        "模擬データ",
        "八王子市と同じ人口構成の模擬のまち",
    ):
        assert expected in words
    assert words.count("効果は何ポイントですか。") == 2  # before and after


def test_the_worksheet_gives_no_answer_away() -> None:
    words = text_of(pdf.worksheet(material()))
    for secret in ("前後比較の落とし穴", "比べる相手がいません", "new-usual", "責めないで", "正解"):
        assert secret not in words
    # Both options look alike: turning the key round changes nothing on the page.
    turned = copy.deepcopy(SPEC["quiz"])
    for option in turned[0]["option"]:
        option["right"] = not option.get("right", False)
    assert pdf.worksheet(material(quiz=turned)) == pdf.worksheet(material())


def test_the_facilitator_finds_timetable_notes_answers_and_sources() -> None:
    words = text_of(pdf.facilitator(material()))
    for expected in (
        "半日コース",
        "13:30–13:50",
        "13:50–14:30",
        "つねに見直し、チャレンジし続けよう",
        "印刷したワークシート",
        "話し合いを全体で行います。",
        "案内の文面を変えました。",
        "佐藤さんを責めないでください。",
        "文面ごとの受診率",
        "前後比較の落とし穴です。",
        "effect=new-usual",
        "出典：国勢調査、CCBY4.0",
    ):
        assert expected in words
    assert "BEGINSOLUTION" not in words


def test_a_class_without_a_start_counts_minutes() -> None:
    from dataclasses import replace

    assert "0:20–1:00" in text_of(pdf.facilitator(replace(material(), start=None)))


def test_a_chart_is_a_picture_with_words() -> None:
    reader = read(pdf.facilitator(material()))
    alts = [str(node["/Alt"]) for node in structure(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert "新しい文面の棒グラフ" in alts
    assert any("p̂_1" in alt for alt in alts)


def structure(node: Any) -> list[Any]:
    """Every element of the structure tree that has words in place of a picture."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for child in node for found in structure(child)]
    if not isinstance(node, dict):
        return []
    here = [node] if "/Alt" in node else []
    return here + structure(node.get("/K", []))


HOSTILE = '#panic() *a* $x$ <tag> @ref \\ `c` <script>x()</script> #{1+1} "q" // /* [b]'


def test_text_that_looks_like_code_is_shown_as_text() -> None:
    bare = re.sub(r"\s+", "", HOSTILE)
    book = text_of(pdf.facilitator(material(team=HOSTILE)))
    assert bare in book
    title = text_of(pdf.worksheet(material(title=HOSTILE)))
    assert bare in title
    cell = markdown("bad", '## x\n\n#eval("1") <b>太字</b> #link("x")', minutes=60)
    shown = text_of(pdf.facilitator(material([cell])))
    assert '#eval("1")<b>太字</b>#link("x")' in shown


def test_a_link_to_anything_but_a_page_is_only_words() -> None:
    cell = markdown(
        "bad", "## x\n\n[押す](javascript:alert(1)) [本](https://example.org/a)", minutes=60
    )
    document = pdf.facilitator(material([cell]))
    assert b"javascript" not in document
    targets = [
        note.get_object()["/A"]["/URI"]
        for page in read(document).pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]
    assert "https://example.org/a" in targets


@pytest.mark.parametrize(
    "title", ["長い題名" * 50, "Supercalifragilistic" * 15, "https://example.org/" + "a" * 180]
)
def test_a_very_long_title_wraps_inside_the_page(title: str) -> None:
    for form in (pdf.worksheet, pdf.facilitator):
        reader = read(form(material(title=title)))
        assert widest(reader.pages[0]) < A4[0]
        words = re.sub(r"\s+", "", reader.pages[0].extract_text())
        assert title.replace("\u200b", "") in words.replace("\u200b", "")


def widest(page: Any) -> float:
    """Roughly where the longest line ends, in points from the left."""
    ends = [0.0]

    def note(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            ends.append(tm[4] + len(text.strip()) * size * 0.3)

    page.extract_text(visitor_text=note)
    return max(ends)


def test_a_character_no_font_has_is_named() -> None:
    with pytest.raises(RunError) as caught:
        pdf.facilitator(material(team="チーム🐟と𠮷田"))
    said = str(caught.value)
    assert "「🐟」(U+1F41F)" in said and "「𠮷」(U+20BB7)" in said
    assert "チーム" in said and "〓" in said


def test_signs_with_a_stand_in_are_printed() -> None:
    words = text_of(pdf.facilitator(material(team="か\u3099 ☐ ✔ A\u2011B \ufe0f")))
    assert "が□✓A-B" in words


def test_a_formula_that_cannot_be_read_names_its_cell() -> None:
    with pytest.raises(CourseError) as caught:
        pdf.facilitator(material([markdown("bad", "## x\n\n$\\frac{$", minutes=60)]))
    assert "rct-letters#bad" in str(caught.value)


def test_a_broken_picture_is_an_error_a_person_can_read() -> None:
    broken = new_output("display_data", {"image/png": "bm90IGEgcGljdHVyZQ==", "text/plain": "図"})
    cells = [markdown("a", "## x", minutes=60), code("b", "draw()", outputs=(broken,))]
    with pytest.raises(RunError, match="PDF"):
        pdf.facilitator(material(cells))


def test_a_heading_that_skips_a_level_does_not_break_the_outline() -> None:
    cell = markdown("deep", "## x\n\n##### 深い\n\n# 浅い", minutes=60)
    assert "深い" in text_of(pdf.facilitator(material([cell])))


def test_a_workshop_with_little_to_say_still_prints() -> None:
    bare = dict.fromkeys(("parameter", "quiz", "worksheet", "materials", "when_late"), ())
    empty = material([], **bare, groups="", simulated=False)
    assert len(read(pdf.worksheet(empty)).pages) >= 1
    assert "模擬データ" not in text_of(pdf.facilitator(empty))


def test_a_wide_table_stays_on_the_paper() -> None:
    head = "| " + " | ".join(f"項目{n}" for n in range(12)) + " |"
    rule = "|" + "---|" * 12
    row = "| " + " | ".join("1,234,567" for _ in range(12)) + " |"
    words = text_of(
        pdf.facilitator(material([markdown("wide", f"## x\n\n{head}\n{rule}\n{row}", minutes=60)]))
    )
    assert "項目11" in words
