"""Pages in real Chromium: read with scripts off, walked by keys, filled in, printed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import materials
import pytest

from kit.publish import datapages, page, worksheet
from kit.spec import Option, Quiz, Task

pytestmark = pytest.mark.browser
QUIZ = Quiz(
    id="before-after",
    prompt="受診率が前年より上がりました。通知文の効果と言えますか。",
    when="both",
    option=(
        Option(text="言える", feedback="前後の比較です。"),
        Option(text="これだけでは言えない", right=True, feedback="比べる相手が要ります。"),
    ),
)
TASKS = (
    Task(title="1. スライドを疑う", prompt="足りないものを **2 つ**書きます。", rows=3, minutes=2),
    Task(title="予想", kind="table", columns=("通知の数", "予想（回）"), rows=2),
    Task(title="点検", kind="checklist", items=("前年どおりにしていない", "手間から書いている")),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    material = materials.material()
    asked = materials.material(spec=materials.spec(quiz=(QUIZ,), worksheet=TASKS))
    html = {
        "handout": page.handout(material),
        "facilitator": page.facilitator(material),
        "worksheet": worksheet.worksheet(asked),
        "data": datapages.page("municipalities", "ja"),
    }
    for name, text in html.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in html}


def visit(chromium: Any, address: str, width: int = 1280, height: int = 720, **how: Any) -> Any:
    """Open a page where there is no network."""
    context = chromium.new_context(viewport={"width": width, "height": height}, offline=True, **how)
    tab = context.new_page()
    tab.goto(address)
    return tab


@pytest.mark.parametrize("form", ["handout", "facilitator", "worksheet", "data"])
def test_it_can_be_read_with_scripts_off(chromium: Any, made: dict[str, str], form: str) -> None:
    tab = visit(chromium, made[form], java_script_enabled=False)
    words = {
        "handout": "比べる相手",
        "facilitator": "答えを言わずに",
        "worksheet": "足りないものを 2 つ書きます",
        "data": "年齢不詳",
    }[form]
    assert words in tab.inner_text("main")
    assert not tab.locator("button").filter(visible=True).count(), "a button that does nothing"
    tab.context.close()


@pytest.mark.parametrize("form", ["handout", "worksheet"])
def test_the_skip_link_comes_first_and_leads_past_the_head(
    chromium: Any, made: dict[str, str], form: str
) -> None:
    tab = visit(chromium, made[form])
    tab.keyboard.press("Tab")
    link = tab.locator(":focus")
    assert link.get_attribute("href") == "#main"
    box = link.bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.context.close()


def test_nothing_moves_for_those_who_want_no_motion(chromium: Any, made: dict[str, str]) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        tab = visit(chromium, made["handout"], reduced_motion=wish)
        found = tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert found == behaviour
        moving = "[...document.querySelectorAll('*')].filter(e => e.getAnimations().length).length"
        assert tab.evaluate(moving) == 0
        tab.context.close()


@pytest.mark.parametrize(("form", "most"), [("handout", 6), ("worksheet", 4)])
def test_it_can_be_printed(chromium: Any, made: dict[str, str], form: str, most: int) -> None:
    pypdf = pytest.importorskip("pypdf")
    tab = visit(chromium, made[form], color_scheme="dark")
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    assert 2 <= len(printed.pages) <= most and abs(width - 595) < 2 and abs(height - 842) < 2
    words = "".join(sheet.extract_text() for sheet in printed.pages)
    assert "本文へ進む" not in words and "印刷する" not in words
    tab.context.close()


def test_a_worksheet_is_filled_in_by_keys_and_every_field_has_a_name(
    chromium: Any, made: dict[str, str]
) -> None:
    tab = visit(chromium, made["worksheet"], 390, 844)
    tab.get_by_label("グループ名").fill("第3班")
    tab.get_by_role("textbox", name="スライドを疑う").fill("比べる相手")
    second = tab.get_by_role("group", name="2 行目")
    second.get_by_label("予想（回）").fill("160")
    box = tab.get_by_role("checkbox", name="手間から書いている")
    box.focus()
    tab.keyboard.press("Space")
    assert box.is_checked()
    first = tab.get_by_role("group", name=QUIZ.prompt).first.get_by_role("radio").first
    first.focus()
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.checked")
    # The same question at the end is another question.
    assert tab.locator("input:checked").count() == 2
    unnamed = "[...document.querySelectorAll('input, textarea')].filter(e => !e.labels.length && !e.ariaLabel && !e.getAttribute('aria-labelledby')).length"
    assert tab.evaluate(unnamed) == 0
    tab.context.close()


def test_what_is_written_on_a_worksheet_is_kept_nowhere(
    chromium: Any, made: dict[str, str]
) -> None:
    tab = visit(chromium, made["worksheet"])
    asked: list[str] = []

    def leave(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    tab.on("dialog", leave)
    tab.on("request", lambda request: asked.append(request.url))
    tab.get_by_label("グループ名").click()
    tab.keyboard.type("第3班")
    tab.reload()
    assert asked == ["beforeunload", made["worksheet"]], "it asks before it is lost"
    assert tab.get_by_label("グループ名").input_value() == ""
    assert tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    tab.context.close()


def test_a_long_answer_is_printed_whole(chromium: Any, made: dict[str, str]) -> None:
    pypdf = pytest.importorskip("pypdf")
    tab = visit(chromium, made["worksheet"])
    lines = [f"書いたこと{number}" for number in range(30)]
    tab.get_by_role("textbox", name="スライドを疑う").fill("\n".join(lines))
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    words = "".join(sheet.extract_text() for sheet in printed.pages).replace(" ", "")
    assert all(line in words for line in lines)
    tab.context.close()


def test_furigana_stand_above_their_word(
    chromium: Any, tmp_path: Path, made: dict[str, str]
) -> None:
    ruby = "<p><ruby>通知文<rt>つうちぶん</rt></ruby>を読みます。</p>"
    cells = materials.code("ruby", "x", outputs=(materials.html(ruby),))
    notebook = materials.notebook()
    notebook.cells.append(cells)
    path = tmp_path / "ruby.html"
    path.write_text(page.handout(materials.material(participant=notebook)), encoding="utf-8")
    tab = visit(chromium, path.as_uri())
    word, reading = (tab.locator(name).last.bounding_box() for name in ("ruby", "rt"))
    assert reading["y"] < word["y"] + word["height"] / 2 and reading["height"] < word["height"]
    tab.context.close()
