"""Cards that are sorted into an order or into groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.ask import Cards
from kit.errors import KitError
from kit.language import using
from kit.progress import Progress

IDEAS = ["書類を減らす", "オンラインを広げる", "案内をよくする"]
HOSTILE = "<img src=x onerror=alert(1)></script>"


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress("w", tmp_path, present=True)


def ordered(progress: Progress, cards: list[str] = IDEAS) -> Cards:
    return Cards("rank", cards, title="返る時間の多い順", progress=progress)


def grouped(progress: Progress) -> Cards:
    return Cards("parts", IDEAS, title="どちら", progress=progress, groups=["紙", "画面"])


def sends(cards: Cards, draft: object, turn: object = 1) -> None:
    cards._live.hear({"kind": "draft", "draft": draft, "turn": turn})


def as_draft(*cards: str) -> list[dict[str, str]]:
    return [{"card": card, "group": ""} for card in cards]


def test_a_new_order_is_heard_kept_and_there_again_after_a_restart(mine: Progress) -> None:
    cards = ordered(mine)
    assert not cards.touched
    sends(cards, as_draft(*reversed(IDEAS)), turn=3)
    assert cards.order == IDEAS[::-1] and cards.touched
    assert cards._live.state["turn"] == 3
    again = ordered(Progress("w", mine.path.parent))
    assert again.order == IDEAS[::-1]
    assert again._live.state["draft"] == as_draft(*reversed(IDEAS))


def test_cards_are_put_into_groups_and_stay_there(mine: Progress) -> None:
    cards = grouped(mine)
    assert cards.groups == {"紙": [], "画面": []}
    sends(cards, [{"card": IDEAS[1], "group": "画面"}, {"card": IDEAS[0], "group": "紙"}])
    assert cards.groups == {"紙": [IDEAS[0]], "画面": [IDEAS[1]]}
    assert grouped(Progress("w", mine.path.parent)).groups == cards.groups


@pytest.mark.parametrize(
    "draft",
    [
        None, 7, "x", {}, [None, 7, "x", [], {}], [{"card": 7, "group": []}],
        [{"card": ["書類を減らす"], "group": {}}], [{"card": HOSTILE, "group": HOSTILE}],
        [{"card": IDEAS[0], "group": "よその組"}] * 3, [{"card": "あ" * 10_000, "group": "😀"}],
    ],
)  # fmt: skip
def test_whatever_comes_in_no_card_is_lost_and_none_is_new(mine: Progress, draft: object) -> None:
    for cards in (ordered(mine), grouped(mine)):
        sends(cards, draft)
        assert sorted(cards.order) == sorted(IDEAS)
        assert all(not found for found in cards.groups.values())


@pytest.mark.parametrize("turn", [None, "1", -1, 1.5, True, 2**60, []])
def test_a_message_without_a_proper_turn_is_not_heard(mine: Progress, turn: object) -> None:
    cards = ordered(mine)
    sends(cards, as_draft(*reversed(IDEAS)), turn)
    assert cards.order == IDEAS


@pytest.mark.parametrize("message", [{}, {"kind": 7}, {"kind": "boo"}, {"kind": "draft"}, [], "x"])
def test_other_messages_change_nothing(mine: Progress, message: object) -> None:
    cards = ordered(mine)
    cards._live.hear(message)  # type: ignore[arg-type]
    assert cards.order == IDEAS and not cards.touched


def test_a_card_added_by_the_author_later_lies_at_the_end(mine: Progress) -> None:
    ordered(mine).set(order=IDEAS[::-1])
    assert ordered(mine, ["新しい案", *IDEAS[1:]]).order == [*IDEAS[:0:-1], "新しい案"]


def test_a_full_disk_is_told_and_the_order_holds(mine: Progress, monkeypatch) -> None:
    cards = ordered(mine)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.progress.write_whole", full)
    sends(cards, as_draft(*reversed(IDEAS)))
    assert cards.order == IDEAS[::-1]
    assert "No space left" in cards._live.state["trouble"]


@pytest.mark.parametrize(
    ("cards", "groups"), [([], None), (["甲", "甲"], None), (["甲"], []), (["甲"], ["紙", "紙"])]
)
def test_an_author_is_told_about_cards_that_cannot_be_told_apart(mine, cards, groups) -> None:
    with pytest.raises(KitError):
        Cards("x", cards, title="", progress=mine, groups=groups)


def test_on_paper_the_order_is_a_list_and_text_is_text(mine: Progress) -> None:
    cards = ordered(mine, [HOSTILE, "乙"])
    cards.set(order=["乙", HOSTILE])
    html = cards.static()
    assert "<ol><li>乙</li><li>&lt;img" in html and "<img" not in html and "</script" not in html
    assert "kit-live" not in html and 'id="' not in html
    with using("ja"):
        assert "まだ動かしていません" in ordered(mine, IDEAS).static()


def test_on_paper_the_groups_stand_with_what_is_in_none(mine: Progress) -> None:
    cards = grouped(mine)
    cards.set(groups={"紙": [IDEAS[0]]})
    with using("ja"):
        html = cards.static()
    assert f"<strong>紙</strong></p><ul><li>{IDEAS[0]}</li></ul>" in html
    assert "<strong>画面</strong></p><p>（まだありません）</p>" in html
    assert "まだ分けていないカード" in html


def test_a_notebook_gets_the_widget_and_a_page_the_list(mine: Progress) -> None:
    shown = ordered(mine)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "<ol>" in shown["text/html"] and "1. 書類を減らす" in shown["text/plain"]
