"""Behind a closed door there is nothing to find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.ask import Door
from kit.ask.live import WIDGET_MIME
from kit.errors import KitError
from kit.progress import Progress

EVIL = '<img src=x onerror="alert(1)">'
SECRET = "真の効果は 4 ポイント"


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress("rct-letters", tmp_path, present=True)


def door(mine: Progress | None = None, **changes: Any) -> Door:
    return Door("答えを開く", lambda: f"<p>{SECRET}</p>", progress=mine, **changes)


def everything(door: Door) -> str:
    """All that a notebook or a page could hold of it."""
    bundle = door._repr_mimebundle_()
    state = {"state": door._live.state, "words": door._live.words}
    return json.dumps([bundle, state], ensure_ascii=False, default=str)


def test_a_closed_door_holds_nothing_and_asks_for_nothing() -> None:
    asked: list[int] = []
    closed = Door("開く", lambda: asked.append(1), opened=False)
    assert SECRET not in everything(door())
    assert closed.static() and asked == []


def test_a_page_says_that_it_is_opened_in_class() -> None:
    page = door().static()
    assert "答えを開く" in page and "教室で" in page and "<button" not in page


def test_an_open_door_shows_it_at_once_on_a_page_too() -> None:
    opened = door(opened=True)
    assert list(opened._repr_mimebundle_()) == [WIDGET_MIME, "text/html", "text/plain"]
    assert SECRET in opened.static() and SECRET in opened.html


def test_it_opens_and_closes_by_its_button() -> None:
    one = door()
    one._live.hear({"kind": "open"})
    assert one.opened and SECRET in one._live.state["html"] and SECRET in one.static()
    one._live.hear({"kind": "close"})
    assert not one.opened and SECRET not in everything(one)


@pytest.mark.parametrize("message", [{}, {"kind": "burst"}, {"kind": 3}, "open", None, ["open"]])
def test_other_messages_open_nothing(message: Any) -> None:
    one = door()
    one._live.hear(message)
    assert not one.opened and SECRET not in everything(one)


def test_an_opened_door_stands_open_after_a_restart(mine: Progress) -> None:
    door(mine).open()
    back = door(Progress("rct-letters", mine.path.parent, present=True))
    assert back.opened and SECRET in back.html
    back.close()
    assert not door(Progress("rct-letters", mine.path.parent, present=True)).opened


def test_a_stub_is_no_key(mine: Progress) -> None:
    import kit

    lesson = kit.lesson("rct-letters")
    assert not lesson.reveal("開く", lambda: SECRET, opened=...).opened
    assert not lesson.reveal("開く", lambda: SECRET, opened="yes").opened
    assert lesson.reveal("開く", lambda: SECRET, opened=True).opened


def test_a_view_that_fails_says_what_to_do() -> None:
    def early() -> str:
        raise NameError(f"name 'result' is not defined {EVIL}")

    def kind() -> str:
        raise KitError("まだ数字がありません。", hint="4 章を実行してください。")

    html = Door("開く", early, opened=True).html
    assert "上から順に実行" in html and "<img" not in html and "Traceback" not in html
    html = Door("開く", kind, opened=True).html
    assert "まだ数字がありません。" in html and "4 章を実行してください。" in html


def test_a_view_may_give_charts_notes_and_tables() -> None:
    from IPython.display import Markdown

    from kit import chart

    drawn = chart.bars({"a": ["甲"], "b": [1]}, category="a", value="b", title="題", source="模擬")
    html = Door("開く", lambda: [Markdown("**強く**"), [drawn], None], opened=True).html
    assert "<strong>強く</strong>" in html and 'role="img"' in html


def test_a_label_is_words() -> None:
    page = Door(EVIL, lambda: "", opened=False).static()
    assert "<img" not in page and "&lt;img" in page
