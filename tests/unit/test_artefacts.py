"""What people take home can be read by everybody, on a screen and on paper."""

from __future__ import annotations

import builtins
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

import kit
from kit import artefacts
from kit.errors import KitError
from kit.language import using
from kit.lessons import Lesson

Furnish = Callable[..., Path]
EVIL = '</script><img src=x onerror="alert(1)">'
A4 = (595.3, 841.9)


@pytest.fixture
def lesson(workshop_in: Furnish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    workshop_in("ok")
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    return kit.lesson("ok", municipality="檜原村")


@pytest.fixture(scope="module")
def drawn() -> Any:
    with using("ja"):
        return kit.chart.bars(
            pd.DataFrame({"町": ["甲", "乙"], "人": [1, 2]}),
            category="町",
            value="人",
            title="町の人",
            source="模擬データ",
        )


def content(lesson: Lesson, drawn: Any) -> list[Any]:
    table = lesson.table(pd.DataFrame({"項目": ["だれに", "何|を"], "数": [1, 2]}), caption="計画")
    return [
        "# 結果メモ\n\n**模擬データ**です。",
        "### 数字",
        [table, None, drawn],
        ...,
        "- 一\n- 二",
    ]


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "written", "found"),
    [
        ("memo.md", "# 題", "# 題"),
        ("memo.html", ["# 題", "<script>x</script>"], "&lt;script&gt;"),
        ("table.csv", pd.DataFrame({"数": [1]}), "数\r\n1"),
        ("plan.json", {"数": 1}, '"数": 1'),
    ],
)
def test_artefacts_are_written(lesson: Lesson, name: str, written: object, found: str) -> None:
    saved = lesson.save(name, written)
    assert found in Path(saved.path).read_bytes().decode("utf-8-sig")
    assert saved.path in repr(saved) and saved.path in saved._repr_html_()
    assert [p.name for p in Path("artefacts").iterdir()] == [name]


@pytest.mark.parametrize(
    "name", ["../memo.md", "memo", "memo.exe", "a/b.md", ".md", "/etc/x.md", "", "..pdf/x.pdf"]
)
def test_other_names_are_refused(lesson: Lesson, name: str) -> None:
    with pytest.raises(KitError):
        lesson.save(name, "x")
    assert not Path("artefacts").exists()


def test_a_folder_that_cannot_be_written_is_told(lesson: Lesson) -> None:
    Path("artefacts").write_text("a file is in the way")
    with pytest.raises(KitError, match="保存できませんでした") as told:
        lesson.save("memo.md", "x")
    assert str(Path.cwd()) not in str(told.value)


def test_a_chart_can_be_taken_home(lesson: Lesson, drawn: Any) -> None:
    assert "<svg" in Path(lesson.save("chart.svg", drawn).path).read_text("utf-8")
    assert Path(lesson.save("chart.png", drawn).path).read_bytes().startswith(b"\x89PNG")


# --- the page -------------------------------------------------------------------------------------


def page(lesson: Lesson, parts: Any) -> str:
    return artefacts.page(lesson, parts).decode()


def test_the_page_is_accessible(lesson: Lesson, drawn: Any) -> None:
    html = page(lesson, content(lesson, drawn))
    assert '<html lang="ja">' in html and "default-src 'none'" in html
    assert re.findall(r"<h(\d)", html) == ["1", "2"]  # no level is left out
    assert "<title>結果メモ — 試験用のワークショップ</title>" in html
    assert re.search(r'<svg role="img" aria-label="[^"]*町の人', html)
    assert "<caption" in html and 'scope="col"' in html and 'scope="row"' in html
    assert "graphics-symbol" not in html and "<script" not in html


def test_a_page_without_a_title_gets_the_workshops(lesson: Lesson) -> None:
    html = page(lesson, ["文", "## 節", "# 後から"])
    assert html.count("<h1>") == 1
    assert page(lesson, "文").count("<h1>試験用のワークショップ</h1>") == 1


def test_a_table_of_markdown_has_headings_with_a_scope(lesson: Lesson) -> None:
    html = page(lesson, "| 町 | 人 |\n| --- | ---: |\n| 甲 | 1 |")
    assert html.count('<th scope="col"') == 2 and 'tabindex="0"' in html


def test_what_people_wrote_is_never_markup(lesson: Lesson) -> None:
    from kit.markdown import escape

    table = lesson.table(pd.DataFrame({"項目": [EVIL]}), caption=EVIL)
    html = page(lesson, [f"# {EVIL}", escape(EVIL), table, type("T", (), {"x": EVIL})])
    assert "<img" not in html and html.count("<script") == 0
    assert html.count("&lt;img") >= 4

    seen: set[str] = set()

    class Names(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            seen.update((tag, *(name for name, _ in attrs)))

    Names().feed(html)
    assert "table" in seen and not seen & {"img", "script", "iframe", "onerror", "onclick"}


def test_an_effect_and_a_living_thing_show_their_words(lesson: Lesson) -> None:
    effect = kit.evidence.Effect(0.04, 0.01, (0.02, 0.06), 400, "平均の差", "手紙の効果", "share")
    panel = lesson.panel(lambda n: f"<p>{n} 通</p>", n=kit.ask.slider("通数", 3, 1, 9))
    html = page(lesson, [effect, panel])
    assert "手紙の効果は、+4.0 ポイント" in html and "<p>3 通</p>" in html


# --- Markdown -------------------------------------------------------------------------------------


def test_markdown_has_the_words_of_charts_and_the_cells_of_tables(
    lesson: Lesson, drawn: Any
) -> None:
    text = artefacts.markdown(lesson, content(lesson, drawn)).decode()
    assert text.startswith(
        "# 結果メモ\n\n**模擬データ**です。\n\n### 数字\n\n**計画**\n\n| 項目 | 数 |"
    )
    assert "| 何\\|を | 2 |" in text
    assert "> **図**: " in text and "町の人" in text and "HTML と PDF に入っています" in text
    assert text.endswith("- 一\n- 二\n") and "<" not in text


def test_markdown_can_be_read_in_an_editor(lesson: Lesson) -> None:
    from kit.markdown import escape, to_html

    for written in ("22.5%（速報）", "*a* _b_ [c](d) `e` <f> #g $h$", "1. 一番", "- 点", "a|b"):
        text = artefacts.markdown(lesson, escape(written)).decode()
        assert "&#" not in text
        assert to_html(text) == to_html(escape(written))


# --- PDF ------------------------------------------------------------------------------------------


def words_of(made: bytes) -> str:
    reader = PdfReader(io.BytesIO(made))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pdf_is_a4_tagged_and_in_its_language(
    lesson: Lesson, drawn: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson, "language", language)
    made, missing = artefacts.pdf(lesson, content(lesson, drawn))
    reader = PdfReader(io.BytesIO(made))
    for sheet in reader.pages:
        assert (round(sheet.mediabox.width, 1), round(sheet.mediabox.height, 1)) == A4
    root = reader.trailer["/Root"]
    assert str(root["/Lang"]).startswith(language) and root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()  # Typst checks PDF/UA-1 as it sets
    assert reader.metadata is not None and reader.metadata.title == "結果メモ"
    words = words_of(made)
    for expected in ("模擬データです。", "数字", "計画", "だれに", "何|を", "町の人", "一"):
        assert expected in words
    assert missing == ""


def test_a_chart_in_the_pdf_has_words(lesson: Lesson, drawn: Any) -> None:
    made, _ = artefacts.pdf(lesson, ["# 題", drawn])
    root: Any = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert any("町の人" in alt for alt in alternatives(root["/StructTreeRoot"]))


def alternatives(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for child in node for found in alternatives(child)]
    if not isinstance(node, dict):
        return []
    here = [str(node["/Alt"])] if "/Alt" in node else []
    return here + alternatives(node.get("/K", []))


def test_the_same_parts_give_the_same_bytes(lesson: Lesson, drawn: Any) -> None:
    parts = content(lesson, drawn)
    assert artefacts.pdf(lesson, parts) == artefacts.pdf(lesson, parts)
    assert page(lesson, parts) == page(lesson, parts)


def test_a_character_no_font_has_is_replaced_and_told(lesson: Lesson) -> None:
    made, missing = artefacts.pdf(lesson, ["# 𠮷田の計画", "魚🐟と👩‍👧"])
    assert set(missing) == set("𠮷🐟👩👧")
    assert "〓田の計画" in words_of(made) and "魚〓と〓〓" in words_of(made)


@pytest.mark.parametrize("written", ["あ" * 10_000, "#panic() *a* @ref \\ <b> #{1+1}", EVIL])
def test_any_words_can_be_set(lesson: Lesson, written: str) -> None:
    from kit.markdown import escape

    made, _ = artefacts.pdf(lesson, ["# 題", escape(written)])
    assert re.sub(r"[\s\u200b]+", "", written)[:200] in words_of(made).replace("\u200b", "")


def test_without_typst_it_says_how_to_do_without(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError("No module named 'typst'", name="typst")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(KitError, match="typst") as told:
        lesson.save("memo.pdf", "# 題")
    assert "印刷" in str(told.value)
    assert not Path("artefacts").exists()
