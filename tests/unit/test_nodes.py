"""Markdown and outputs become nodes that hold text, and nothing but text."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from nbformat.v4 import new_output

from kit.publish import outputs
from kit.publish.formula import formula
from kit.publish.nodes import inline, markdown, plain, printable


def kinds(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["kind"] for node in nodes]


def test_every_kind_of_block_is_read() -> None:
    text = "# a\n\nb\n\n- c\n  1. d\n\n> e\n\n```python\nf()\n```\n\n| g |\n|--:|\n| h |\n\n---\n\n$$ i $$"
    nodes = markdown(text)
    assert kinds(nodes) == [
        "heading",
        "paragraph",
        "list",
        "quote",
        "code",
        "table",
        "rule",
        "formula",
    ]
    assert nodes[2]["items"][0][1]["ordered"]
    assert nodes[5]["align"] == ["right"]


def test_lines_of_japanese_are_joined_and_lines_of_english_are_not() -> None:
    assert plain(markdown("受診率を\n上げる")) == "受診率を上げる"
    assert plain(markdown("raise\nthe rate")) == "raise the rate"


def test_html_stays_text() -> None:
    assert plain(markdown("<script>x()</script>\n\n<b>y</b>")) == "<script>x()</script> <b>y</b>"


def test_money_is_no_formula() -> None:
    assert kinds(inline("5 ドルは $5 です")) == ["text"]
    assert kinds(inline("差は $p_1 - p_0$ です")) == ["text", "formula", "text"]


def test_a_task_list_has_boxes() -> None:
    assert plain(markdown("- [ ] まだ\n- [x] 済み")) == "□ まだ ■ 済み"


def test_a_caption_stands_with_its_table() -> None:
    (table,) = markdown("表の題\n| 年 |\n|---|\n| 2020 |")
    assert plain(table["caption"]) == "表の題"


def test_an_attached_picture_is_carried_and_a_remote_one_is_not_fetched() -> None:
    data = base64.b64encode(b"png").decode()
    (picture,) = markdown("![図](attachment:a.png)", attachments={"a.png": {"image/png": data}})
    assert (picture["bytes"], picture["alt"]) == (b"png", "図")
    assert plain(markdown("![遠い図](https://example.org/a.png)")) == "遠い図"


def test_names_keep_their_compatibility_characters() -> None:
    assert printable("神田 か\u3099") == "神田 が"


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\hat{p}_1 - \hat{p}_0", "p̂_1 − p̂_0"),
        (r"\sqrt{\frac{p(1-p)}{n}}", "√((p (1 − p))/(n))"),
        (r"\mathrm{ITT} = \bar{p}_1", "ITT = p̄_1"),
        (r"\text{費用} \times 1.96", "費用 × 1.96"),
        (r"\sum_{i=1}^{n} x_i", "∑_(i = 1)^n x_i"),
    ],
)
def test_a_formula_can_be_read_aloud(latex: str, words: str) -> None:
    assert formula(latex)["alt"] == words


def test_an_html_table_keeps_caption_head_and_numbers_to_the_right() -> None:
    (table,) = outputs.from_html(
        "<table><caption>人数</caption><thead><tr><th>組</th><th>人</th></tr></thead>"
        "<tbody><tr><th>新しい</th><td>2,000</td></tr></tbody></table>"
    )
    assert plain(table["caption"]) == "人数"
    assert [plain(cell) for cell in table["head"]] == ["組", "人"]
    assert table["align"] == ["left", "right"]


def test_a_long_table_says_how_much_is_left_out() -> None:
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(40))
    table, rest = outputs.from_html(f"<table><tr><th>n</th></tr>{rows}</table>")
    assert len(table["rows"]) == outputs.ROWS
    assert "15" in plain([rest])


def test_scripts_styles_and_live_parts_are_left_out() -> None:
    source = "<style>a{}</style><p>残る</p><div class='kit-live'>動く</div><script>x</script>"
    assert plain(outputs.from_html(source)) == "残る"


def test_an_inline_drawing_is_a_picture_with_its_label() -> None:
    (picture,) = outputs.from_html('<svg viewBox="0 0 9 9" aria-label="棒グラフ"><g></g></svg>')
    assert (picture["kind"], picture["format"], picture["alt"]) == ("picture", "svg", "棒グラフ")


def test_a_heading_in_an_output_is_no_heading_of_the_document() -> None:
    assert kinds(outputs.from_html("<h1>題</h1><ul><li>一つ</li></ul>")) == ["paragraph", "list"]


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stderr", text="warning"),
        new_output("execute_result", {"text/plain": "Ellipsis"}),
        new_output("display_data", {outputs.WIDGET: {"model_id": "x"}, "text/plain": "VBox()"}),
    ],
)
def test_what_only_a_screen_or_a_programmer_needs_is_left_out(output: Any) -> None:
    assert outputs.shown(output) == []


def test_a_long_print_is_cut_and_an_error_is_one_line() -> None:
    text = "\n".join("行" for _ in range(100))
    (code,) = outputs.shown(new_output("stream", name="stdout", text=f"\x1b[31m{text}"))
    assert code["text"].count("\n") == outputs.LINES
    assert "\x1b" not in code["text"]
    error = new_output("error", ename="ValueError", evalue="だめ", traceback=["/home/x"])
    assert outputs.shown(error)[0]["text"] == "ValueError: だめ"
