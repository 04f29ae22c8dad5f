"""The index in real Chromium: found by words and lists among 1,500 runs, on any screen, asking nobody."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import materials
import pytest
from chromium import axe
from many_entries import many_entries

from kit.publish import index

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("index")
    html = {
        "small": index.page("半日コース", materials.entries(), "ja", materials.links()),
        "large": index.page("全部", many_entries(25, 20, ("ja", "en", "ja-simple")), "ja"),
        "list": index.list_page("全部", many_entries(4, 8), "made-up-03", "ja"),
        "english": index.page("Half day", materials.entries(), "en", materials.links()),
    }
    for name, text in html.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in html}


@pytest.fixture
def visit(chromium: Any) -> Iterator[Any]:
    """Open a page; whatever it asks for besides itself is refused, and fails the test."""
    contexts: list[Any] = []
    asked: list[str] = []
    complaints: list[str] = []

    def visit(address: str, width: int = 1280, height: int = 900, **how: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **how)
        contexts.append(context)

        def look(route: Any) -> None:
            if route.request.url.split("#")[0] == address.split("#")[0]:
                route.continue_()
            else:
                asked.append(route.request.url)
                route.abort()

        context.route("**/*", look)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(address)
        return tab

    yield visit
    for context in contexts:
        context.close()
    assert asked == [] and complaints == []


def shown(tab: Any) -> list[str]:
    """Return the files that the search shows now."""
    links = tab.locator(".results a").evaluate_all(
        "links => links.map(a => a.getAttribute('href'))"
    )
    return [urllib.parse.unquote(link) for link in links]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["small", "large", "list", "english"])
def test_axe_finds_nothing(visit: Any, made: dict[str, str], name: str, scheme: str) -> None:
    for width in (1280, 320) if name == "small" else (320,):
        tab = visit(made[name], width, color_scheme=scheme)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert axe(tab) == []
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_town_is_found_however_it_is_typed(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["small"])
    for typed, left in (
        ("八王子", 2),
        ("ＨＡＣＨＩＯＪＩ", 2),
        ("hachioji", 2),
        ("青ケ島", 2),
        ("13402 手続き", 1),
        ("港区", 0),
        ("", 6),
    ):
        tab.get_by_role("searchbox").fill(typed)
        assert tab.locator(".card").count() == left, typed
        assert ("ありません" in tab.locator(".count").inner_text()) == (left == 0)


def test_kana_of_either_kind_mean_the_same(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    counts = []
    for typed in ("おくたま", "オクタマ", "奥多摩"):
        tab.get_by_role("searchbox").fill(typed)
        counts.append(tab.locator(".count").inner_text())
    assert len(set(counts)) == 1 and "75 件" in counts[0]


def test_a_facilitator_finds_a_worksheet_in_two_moves(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    tab.get_by_role("searchbox").fill("奥多摩 やさしい worksheet")
    files = shown(tab)
    assert "made-up-00/13308-okutama/ja-simple/worksheet.pdf" in files
    assert all("13308-okutama/ja-simple/worksheet" in file for file in files)
    first = tab.locator(".results a").first
    name = first.inner_text()
    assert "KB" in name and ("PDF" in name or "HTML" in name)


def test_lists_narrow_down_together(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    tab.get_by_label("言語", exact=True).select_option("en")
    tab.get_by_label("区市町村", exact=True).select_option(label="奥多摩町")
    tab.get_by_label("10か条", exact=True).select_option("4")
    tab.get_by_label("形", exact=True).select_option("worksheet.pdf")
    files = shown(tab)
    assert files and all(file.endswith("13308-okutama/en/worksheet.pdf") for file in files)
    assert {file.split("/")[0][-2:] for file in files} == {"00", "03", "10", "13", "20", "23"}
    groups = tab.locator("#m optgroup").evaluate_all("groups => groups.map(g => g.label)")
    assert groups == ["区部", "市部", "町", "村"]
    tab.get_by_role("button", name="条件を消す").click()
    tab.locator(".card").nth(8).wait_for()
    assert tab.evaluate("document.activeElement.id") == "q"


def test_the_address_keeps_what_was_asked(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    tab.get_by_role("searchbox").fill("奥多摩 <b>&=#")
    tab.get_by_label("言語", exact=True).select_option("en")
    tab.wait_for_url(lambda url: "l=en" in url)
    again = visit(tab.url)
    assert again.get_by_role("searchbox").input_value() == "奥多摩 <b>&=#"
    assert again.get_by_label("言語", exact=True).input_value() == "en"
    assert again.locator(".count").inner_text() == tab.locator(".count").inner_text()
    lost = visit(made["large"] + "#w=no-such-workshop&l=en")
    assert lost.get_by_label("ワークショップ", exact=True).input_value() == ""
    assert lost.locator(".card").count() > 0, "an unknown choice is no choice"


def test_the_skip_link_leaves_the_search_alone(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["small"])
    tab.get_by_role("searchbox").fill("八王子")
    tab.evaluate("location.hash = '#main'")
    tab.wait_for_timeout(100)
    assert tab.get_by_role("searchbox").input_value() == "八王子"
    assert tab.locator(".card").count() == 2


def test_the_count_is_told_once_the_typing_pauses(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    tab.wait_for_timeout(600)
    tab.evaluate(
        """() => { window.told = []; new MutationObserver(() => told.push(
            document.querySelector('[role=status]').textContent)).observe(
            document.querySelector('[role=status]'), {childList: true}); }"""
    )
    tab.evaluate(
        """() => {
            const field = document.getElementById('q');
            for (let n = 1; n <= 8; n++) {
                field.value = 'hachioji'.slice(0, n);
                field.dispatchEvent(new InputEvent('input', {bubbles: true}));
            }
        }"""
    )
    tab.wait_for_timeout(1500)
    told = tab.evaluate("told")
    assert len(told) == 1 and "1,500 件のうち" in told[0]
    assert told[0] == tab.locator(".count").inner_text()


def test_it_is_worked_by_keyboard_alone(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    tab.keyboard.press("Tab")
    assert tab.locator(":focus").get_attribute("href") == "#main"
    tab.keyboard.press("Enter")
    for wanted in ("q", "w", "m", "l", "p", "f"):
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.id") == wanted
    before = tab.locator(".card").count()
    more = tab.locator(".more")
    more.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".card").count() == 2 * before
    assert tab.evaluate(
        "document.activeElement.closest('.card') === document.querySelectorAll('.card')[9]"
    )


def test_failed_runs_stand_first_with_what_to_do(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    box = tab.locator("main > :first-child")
    text = box.inner_text()
    assert (
        "compute-the-effect" in text
        and "ゼロで割りました" in text
        and "kit build -w made-up-03" in text
    )


@pytest.mark.parametrize("name", ["small", "large", "list"])
def test_with_scripts_off_everything_is_still_reached(
    visit: Any, made: dict[str, str], name: str
) -> None:
    tab = visit(made[name], java_script_enabled=False)
    assert tab.locator("form").filter(visible=True).count() == 0
    assert tab.locator(".results").filter(visible=True).count() == 0
    links = [a.get_attribute("href") for a in tab.locator("main a").all()]
    if name == "large":
        assert [f"made-up-{n:02d}/index.html" in links for n in range(25)] == [True] * 25
    elif name == "list":
        assert "13101-chiyoda/ja/worksheet.pdf" in links
    else:
        tab.locator("summary").first.click()
        assert tab.locator("a[href='rct-letters/13101-chiyoda/ja/handout.html']").is_visible()


def test_two_links_never_sound_the_same(visit: Any, made: dict[str, str]) -> None:
    tab = visit(made["large"])
    names = tab.locator(".results a").evaluate_all("links => links.map(a => a.textContent)")
    assert len(names) > 150 and len(set(names)) == len(names)


def test_however_many_are_found_a_key_draws_a_few_cards(visit: Any, made: dict[str, str]) -> None:
    # What keeps the answer to a key quick at 1,500 runs: little is drawn, the rest on demand.
    tab = visit(made["large"])
    for typed, found in (("m", "1,500 件が"), ("hachioji", "75 件が"), ("", "1,500 件が")):
        tab.get_by_role("searchbox").fill(typed)
        assert found in tab.locator(".count").inner_text()
        assert tab.locator(".card").count() == 9
        assert tab.evaluate("document.querySelectorAll('.results *').length") < 4000


def test_on_paper_it_is_a_list_without_a_form(
    visit: Any, made: dict[str, str], tmp_path: Path
) -> None:
    tab = visit(made["small"])
    tab.emulate_media(media="print")
    assert tab.locator(".find, .results").filter(visible=True).count() == 0
    assert tab.locator(".shelf h3").first.is_visible()
