"""Nothing a participant did may be lost, and nothing about them may be kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit import progress
from kit.progress import FORMAT, PAUSE, Progress

EVIL = "</script><img src=x onerror=alert(1)>"


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress("rct-letters", tmp_path, present=True)


def again(mine: Progress) -> Progress:
    """The same participant after the kernel was restarted."""
    return Progress(mine.workshop, mine.path.parent, present=True)


def test_everything_survives_a_restart(mine: Progress) -> None:
    mine.answer("p-value", "before", 2)
    mine.attempt("difference", "not-yet", 5.2)
    mine.attempt("difference", "right", 0.052)
    mine.hinted("difference", 2)
    mine.shown("difference")
    mine.voice("tomorrow", " 課長に話します。 ")
    mine.keep("plan", {"who": "世帯", "rows": [1, 2.5, None]})
    later = again(mine)
    assert later.answered("p-value", "before") == 2
    assert later.answered("p-value", "after") is None
    record = later.check("difference")
    assert {k: record[k] for k in ("tries", "right", "hints", "solution")} == {
        "tries": 2,
        "right": True,
        "hints": 2,
        "solution": True,
    }
    assert later.voiced("tomorrow") == "課長に話します。"
    assert later.kept("plan") == {"who": "世帯", "rows": [1, 2.5, None]}


def test_the_first_answer_stays(mine: Progress) -> None:
    mine.answer("p-value", "before", 0)
    mine.answer("p-value", "before", 1)
    assert mine.answered("p-value", "before") == 0


def test_the_same_answer_again_is_no_new_attempt(mine: Progress) -> None:
    for answer in (1, 1, ..., 2, 2):
        mine.attempt("difference", "blank" if answer is ... else "not-yet", answer)
    mine.attempt("difference", "fault", 3)
    assert mine.check("difference")["tries"] == 2
    assert mine.check("nobody-tried")["tries"] == 0


def test_once_right_stays_right(mine: Progress) -> None:
    mine.attempt("difference", "right", 1)
    mine.attempt("difference", "not-yet", 2)
    assert mine.check("difference")["right"] is True


def test_what_was_kept_is_a_copy(mine: Progress) -> None:
    mine.keep("plan", {"rows": [1]})
    mine.kept("plan")["rows"].append(2)
    assert mine.kept("plan") == {"rows": [1]}
    fallback = {"rows": []}
    assert mine.kept("nothing", fallback) is fallback
    mine.forget("plan")
    mine.forget("plan")
    assert again(mine).kept("plan") is None


def test_a_draft_without_end_is_refused_in_words(mine: Progress) -> None:
    mine.keep("plan", {"who": "短い"})
    mine.keep("plan", {"who": "あ" * 200_000})
    assert "短くして" in mine.trouble
    assert again(mine).kept("plan") == {"who": "短い"}


def test_an_emptied_reflection_is_forgotten(mine: Progress) -> None:
    mine.voice("tomorrow", "話します。")
    mine.voice("tomorrow", "  ")
    assert again(mine).voiced("tomorrow") == ""
    mine.voice("tomorrow", "あ" * 5000)
    assert len(again(mine).voiced("tomorrow")) == 2000


def test_nothing_is_written_while_nobody_is_there(tmp_path: Path) -> None:
    mine = Progress("rct-letters", tmp_path)
    mine.answer("p-value", "before", 2)
    mine.keep("plan", {})
    assert list(tmp_path.iterdir()) == []
    assert mine.answered("p-value", "before") == 2
    mine.someone_came()
    mine.voice("tomorrow", "話します。")
    assert again(mine).answered("p-value", "before") == 2


@pytest.mark.parametrize(
    ("environment", "there"),
    [
        ({}, False),
        ({"KIT_PROGRESS": "on"}, True),
        ({"SERVER_SOFTWARE": "voila/0.5.13"}, True),
        ({"SERVER_SOFTWARE": "jupyter/2.21"}, False),
        ({"SERVER_SOFTWARE": "voila/0.5.13", "KIT_PROGRESS": "off"}, False),
    ],
)
def test_who_is_there_is_seen_from_the_surroundings(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], there: bool
) -> None:
    for name in ("KIT_PROGRESS", "SERVER_SOFTWARE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert progress.someone_is_there() is there


def test_switched_off_it_stays_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIT_PROGRESS", "off")
    mine = Progress("rct-letters", tmp_path)
    mine.someone_came()
    mine.answer("p-value", "before", 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b'{"format": "other"}', b"null"])
def test_a_file_that_cannot_be_read_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rct-letters.progress.json"
    path.write_bytes(content)
    mine = Progress("rct-letters", tmp_path, present=True)
    assert "rct-letters.progress.broken.json" in mine.trouble
    assert (tmp_path / "rct-letters.progress.broken.json").read_bytes() == content
    mine.answer("p-value", "before", 1)
    assert again(mine).answered("p-value", "before") == 1


def test_parts_of_the_wrong_kind_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "rct-letters.progress.json"
    wrong: dict[str, Any] = {"format": FORMAT, "quiz": [], "checks": {"a": 3}, "seconds": "x"}
    path.write_text(json.dumps(wrong), encoding="utf-8")
    mine = Progress("rct-letters", tmp_path, present=True)
    assert mine.answered("p-value", "before") is None
    mine.attempt("a", "right", 1)
    assert mine.check("a")["tries"] == 1


def test_a_full_disk_is_told_and_the_answers_stay_in_mind(
    mine: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress, "write_whole", full)
    mine.answer("p-value", "before", 1)
    assert "No space left" in mine.trouble and mine.answered("p-value", "before") == 1
    monkeypatch.undo()
    mine.voice("tomorrow", "話します。")
    assert mine.trouble == "" and again(mine).answered("p-value", "before") == 1


def test_time_goes_to_the_section_and_breaks_to_nobody(tmp_path: Path) -> None:
    clock = Clock()
    mine = Progress("rct-letters", tmp_path, present=True, now=clock)
    for moment, section in [(0, "one"), (60, "one"), (180, "two"), (180 + PAUSE + 1, "two")]:
        clock.time = moment
        mine.enter(section)
    clock.time += 30
    mine.enter("")  # a cell of no section belongs to the one we are in
    assert mine.answers({})["minutes"] == {"one": 1.0, "two": 2.5}


def test_the_answer_sheet_holds_no_draft_no_mark_and_no_clock(mine: Progress) -> None:
    mine.answer("p-value", "before", 1)
    mine.attempt("difference", "not-yet", "山田太郎")
    mine.keep("plan", {"who": "山田太郎"})
    mine.voice("tomorrow", EVIL)
    sheet = mine.answers({"version": "1", "language": "ja", "parameters": {"letters": 400}})
    assert sheet == {
        "format": "kit-answers/1",
        "workshop": "rct-letters",
        "version": "1",
        "language": "ja",
        "parameters": {"letters": 400},
        "quiz": {"p-value": {"before": 1}},
        "checks": {"difference": {"tries": 1, "right": False, "hints": 0, "solution": False}},
        "minutes": {},
        "voices": {"tomorrow": EVIL},
    }
    assert "山田" not in json.dumps(sheet, ensure_ascii=False)


def test_cards_drawn_before_go_on_with_the_same_progress(tmp_path: Path) -> None:
    first = progress.of("rct-letters", tmp_path)
    first.someone_came()
    first.answer("p-value", "before", 1)
    assert progress.of("rct-letters", tmp_path) is first
    first.path.unlink()  # how a participant starts again
    fresh = progress.of("rct-letters", tmp_path)
    assert fresh is not first and fresh.answered("p-value", "before") is None
