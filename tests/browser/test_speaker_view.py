"""The speaker view in real Chromium, from a file: two windows in step, and a clock."""

from __future__ import annotations

from typing import Any

import pytest
from decks import current, folder, press, visit

pytestmark = pytest.mark.browser
__all__ = ["folder", "visit"]  # fixtures


def opened(tab: Any) -> Any:
    """Press the speaker view's button and return the class's window, once they are in step."""
    with tab.context.expect_page() as waiting:
        tab.get_by_role("link", name="教室の画面を開く").click()
    deck = waiting.value
    deck.locator("html.projected").wait_for()
    said(tab, "つなが")
    return deck


def said(tab: Any, words: str) -> None:
    """Wait until the speaker view says `words` of the class's window."""
    tab.get_by_role("status").filter(has_text=words).wait_for(timeout=10_000)


def together(tab: Any, deck: Any, place: str) -> None:
    """See to it that both windows come to show `place`, and stay there."""
    for _ in range(60):
        if tab.url.endswith("#" + place) and deck.url.endswith("#" + place):
            break
        tab.wait_for_timeout(100)
    tab.wait_for_timeout(200)
    assert tab.url.split("#")[1] == deck.url.split("#")[1] == place
    assert tab.locator(".stage.now section.slide").get_attribute("id") == current(deck) == place


def test_two_windows_stay_in_step_whoever_turns(visit: Any) -> None:
    tab = visit("speaker.html")
    deck = opened(tab)
    together(tab, deck, "start")
    press(tab, "ArrowRight")
    together(tab, deck, "agenda")
    press(deck, "PageDown")
    together(tab, deck, "s-scene")
    press(tab, "End")
    together(tab, deck, "sources")
    tab.get_by_role("navigation", name="進行表").get_by_role("link").nth(1).click()
    together(tab, deck, "s-scene")
    deck.reload()
    deck.locator("html.projected").wait_for()
    together(tab, deck, "s-scene")
    press(tab, "ArrowLeft")
    together(tab, deck, "agenda")


def test_the_wall_can_be_made_black_from_the_desk(visit: Any) -> None:
    tab = visit("speaker.html")
    button = tab.get_by_role("button", name="画面を消す")
    assert button.is_disabled()
    deck = opened(tab)
    tab.wait_for_timeout(1100)
    button.click()
    deck.wait_for_timeout(200)
    assert deck.locator(".pause-overlay").filter(visible=True).count() == 1
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    deck.wait_for_timeout(200)
    assert deck.locator(".pause-overlay").filter(visible=True).count() == 0


def test_the_speaker_view_finds_its_window_again(visit: Any) -> None:
    tab = visit("speaker.html")
    deck = opened(tab)
    press(deck, "ArrowRight")
    tab.reload()
    said(tab, "つなが")
    together(tab, deck, "agenda")


def test_a_closed_window_is_said_and_can_be_opened_where_we_are(visit: Any) -> None:
    tab = visit("speaker.html")
    opened(tab).close()
    said(tab, "閉じ")
    press(tab, "ArrowRight", "ArrowRight")
    deck = opened(tab)
    together(tab, deck, "s-scene")


def test_a_blocked_window_opens_as_a_tab(visit: Any) -> None:
    tab = visit("speaker.html")
    tab.evaluate("window.open = () => null")
    together(tab, opened(tab), "start")


def test_a_deck_that_is_not_there_is_said(visit: Any) -> None:
    tab = visit("alone/speaker.html")
    tab.get_by_role("link", name="教室の画面を開く").click()
    said(tab, "slides.html")
    press(tab, "ArrowRight")
    assert tab.locator(".stage.now section.slide").get_attribute("id") == "agenda"


def test_a_strangers_words_turn_nothing(visit: Any) -> None:
    tab = visit("speaker.html")
    deck = opened(tab)
    deck.evaluate("postMessage({kit: 'speaker', do: 'show', at: 'sources'}, '*')")
    tab.evaluate("postMessage({kit: 'deck', at: 'sources'}, '*')")
    tab.wait_for_timeout(200)
    together(tab, deck, "start")


def test_the_clock_says_how_we_are_doing(visit: Any) -> None:
    tab = visit("speaker.html")
    tab.clock.install(time="2026-07-01T13:31:00")
    tab.reload()
    pace = tab.locator(".pace")
    assert "始める" in pace.inner_text()
    tab.get_by_role("button", name="始める").click()
    press(tab, "ArrowRight", "ArrowRight")
    assert "あと9分" in pace.inner_text() and "13:30" in tab.locator(".by").inner_text()
    tab.clock.run_for(14 * 60_000 + 1_500)
    assert "5分おくれています" in pace.inner_text()
    assert tab.locator(".now-time").inner_text() == "13:45"
    assert tab.locator(".since").inner_text().startswith("14:0")
    press(tab, "End")
    assert "早く進んでいます" in pace.inner_text()


def test_keys_scroll_long_notes_and_a_clicker_turns(visit: Any) -> None:
    tab = visit("speaker.html")
    tab.locator(".scene.now .memo").focus()
    press(tab, "ArrowDown", "Space")
    assert tab.url.endswith("#start")
    press(tab, "PageDown")
    assert tab.url.endswith("#agenda")
    tab.get_by_role("button", name="次のスライド").focus()
    press(tab, "Space")
    assert tab.url.endswith("#s-scene"), "once, not twice"
