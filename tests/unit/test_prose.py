"""Markdown becomes HTML that is safe, readable aloud, and set as Japanese is set."""

from __future__ import annotations

import pytest
from markup import Markup

from kit.errors import CourseError
from kit.language import using
from kit.publish.prose import Outline, formula, html, parser


def test_html_in_markdown_is_shown_as_text() -> None:
    page = Markup(html('<script>alert(1)</script> <img src=x onerror="y">'))
    assert page.all("script", "img") == []
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_cannot_run_anything(address: str) -> None:
    assert Markup(html(f"[読む]({address})")).all("a") == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("受診率を\n上げる", "受診率を上げる"),
        ("終わりです。\n2020年に", "終わりです。2020年に"),
        ("two\nwords", "two\nwords"),
        ("対象は\n**全員**です", "対象は全員です"),
    ],
)
def test_a_line_break_between_japanese_characters_is_no_blank(source: str, text: str) -> None:
    assert Markup(html(source)).text.strip() == text


@pytest.mark.parametrize("source", ["これは**「効果」**です。", "これは **「効果」** です。"])
def test_emphasis_closes_behind_a_japanese_bracket(source: str) -> None:
    assert str(html(source)) == "<p>これは<strong>「効果」</strong>です。</p>\n"


def test_a_blank_beside_emphasis_stays_in_english() -> None:
    assert Markup(html("a **big** one")).text.strip() == "a big one"


def test_a_formula_is_mathml_with_its_source_as_text() -> None:
    page = Markup(html("差は $\\bar{Y}_1$ です。\n\n$$\n\\frac{受診した人}{n}\n$$"))
    first, second = page.all("math")
    assert first["alttext"] == "\\bar{Y}_1" and first["display"] == "inline"
    assert second["display"] == "block"
    assert "<mtext>受診した人</mtext>" in html("$受診した人$")


@pytest.mark.parametrize(
    "latex",
    [
        "\\begin{aligned} a &= b \\\\ &= c \\end{aligned}",
        "\\begin{align*} a &= b \\end{align*}",
        "\\nosuchcommand{x}",
        "\\frac{a}{",
    ],
)
def test_a_formula_that_would_come_out_wrong_is_an_error(latex: str) -> None:
    with pytest.raises(CourseError) as caught:
        formula(latex)
    assert latex in str(caught.value)


def test_yen_and_dollars_are_not_taken_for_formulas() -> None:
    assert Markup(html("100円と $5 です")).all("math") == []
    with pytest.raises(CourseError, match="金額"):
        html("はじめは $5、次は$ です")


def test_a_table_has_a_caption_and_header_cells() -> None:
    page = Markup(html("人数の表\n|  | 人数 |\n|---|--:|\n| 新 | 2,000 |"))
    assert len(page.all("caption")) == 1
    assert [cell["scope"] for cell in page.all("th")] == ["col"]


def test_a_paragraph_apart_from_a_table_is_no_caption() -> None:
    assert Markup(html("前の文。\n\n| 人数 |\n|--:|\n| 2 |")).all("caption") == []


def test_things_to_tick_have_boxes() -> None:
    page = Markup(html("- [ ] 前年どおりではない\n- [x] 決めた\n- [ ]なし"))
    assert page.text.split("\n")[1:4] == ["☐ 前年どおりではない", "☑ 決めた", "[ ]なし"]


def test_headings_never_skip_a_level_and_their_ids_are_the_cells() -> None:
    outline = Outline(top=2)
    page = Markup(html("# 題\n\n#### 小見出し\n\n### 次", outline=outline, anchor="ask"))
    assert page.headings() == [2, 3, 3]
    assert page.ids() == ["ask", "ask-2", "ask-3"]
    assert [heading.text for heading in outline.headings] == ["題", "小見出し", "次"]


def test_a_picture_on_another_host_becomes_a_link() -> None:
    page = Markup(html("![町の地図](https://example.org/map.png)"))
    assert page.all("img") == [] and page.all("a")[0]["href"] == "https://example.org/map.png"


def test_a_picture_of_the_cell_is_in_the_page() -> None:
    attachments = {"map.png": {"image/png": "iVBORw0="}}
    page = Markup(html("![地図](attachment:map.png)", attachments=attachments))
    assert page.all("img") == [{"src": "data:image/png;base64,iVBORw0=", "alt": "地図"}]


def test_the_parser_knows_no_html() -> None:
    assert parser().options["html"] is False


def test_english_quotes_are_curled_outside_code() -> None:
    with using("en"):
        shown = html('Say "no", it\'s `"code"`.')
    assert "“no”" in shown and "it's" in shown and "&quot;code&quot;" in shown
