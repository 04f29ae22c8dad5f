"""The last card: pages to take home, and an answer file that holds what was shown and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kit
from kit import artefacts
from kit.ask import Finish
from kit.ask.live import WIDGET_MIME
from kit.errors import KitError
from kit.lessons import Lesson

Furnish = Callable[..., Path]
EVIL = '</script><img src=x onerror="alert(1)">'
QUIZ = f"""
[[quiz]]
id = "random"
prompt = "なぜくじで決めますか。{EVIL.replace('"', "'")}"
[[quiz.option]]
text = "公平だから"
feedback = "公平さだけではありません。"
[[quiz.option]]
text = "比べる相手をそろえるため"
right = true
feedback = "そのとおりです。"

[[exercise]]
id = "three"
label = "三はいくつ（数で）"
hints = ["二の次です。"]
solution = "3 です。"
"""
CHECKS = """
from kit.checks import number

def three(lesson, answer):
    return number(answer, expected=3, tolerance=0, unit="count", why_right="よし")
"""


@pytest.fixture
def lesson(workshop_in: Furnish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    folder = workshop_in("ok")
    spec = (folder / "workshop.toml").read_text(encoding="utf-8")
    (folder / "workshop.toml").write_text(spec + QUIZ, encoding="utf-8")
    (folder / "checks.py").write_text(CHECKS, encoding="utf-8")
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    return kit.lesson("ok", municipality="檜原村", team="ひみつの課")


@pytest.fixture
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting a PDF is not what most of these are about."""
    monkeypatch.setattr(artefacts, "pdf", lambda *_: (b"%PDF-", ""))


def read(name: str) -> str:
    return Path("artefacts", name).read_text(encoding="utf-8")


def sent_by(card: Finish, monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], bytes]]:
    """Collect what would travel to the browser."""
    sent: list[tuple[dict[str, Any], bytes]] = []

    def send(content: dict[str, Any], buffers: list[bytes]) -> None:
        sent.append((content, buffers[0]))

    monkeypatch.setattr(card._live, "send", send)
    return sent


# --- pages ----------------------------------------------------------------------------------------


def test_the_pages_are_written_at_once(lesson: Lesson) -> None:
    card = lesson.finish("memo", lambda: ["# メモ", "本文"])
    assert sorted(p.name for p in Path("artefacts").iterdir()) == [
        "memo.html",
        "memo.md",
        "memo.pdf",
    ]
    assert Path("artefacts/memo.pdf").read_bytes().startswith(b"%PDF-")
    assert "<h1>メモ</h1>" in read("memo.html") and read("memo.md") == "# メモ\n\n本文\n"
    bundle = card._repr_mimebundle_()
    assert list(bundle) == [WIDGET_MIME, "text/html", "text/plain"]
    assert "artefacts/memo.pdf" in bundle["text/html"] and " id=" not in bundle["text/html"]
    assert "メモ" in bundle["text/html"] and "回答ファイル" not in bundle["text/html"]


def test_several_pages_come_from_one_card(lesson: Lesson, no_pdf: None) -> None:
    card = lesson.finish("both", lambda: {"memo": ["# メモ"], "plan": ["# 計画"]})
    assert len(card.files) == 6 and read("plan.md") == "# 計画\n"
    assert [one["title"] for one in card._live.state["pages"]] == ["メモ", "計画"]


def test_a_download_holds_what_is_written_now(
    lesson: Lesson, no_pdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = lesson.form("doubt", {"doubt": kit.ask.text("疑い")})
    card = lesson.finish("memo", lambda: ["# メモ", form["doubt"]])
    sent = sent_by(card, monkeypatch)
    form.set(doubt="来年も同じか")
    card._live.hear({"kind": "fetch", "name": "memo.html"})
    (about, content), *rest = sent
    assert about == {"kind": "file", "name": "memo.html", "type": "text/html"} and not rest
    assert "来年も同じか" in content.decode() and "来年も同じか" in read("memo.md")
    form.set(doubt="再来年は")
    card._live.hear({"kind": "make"})
    assert "再来年は" in read("memo.html") and card._live.state["did"] == "make"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": "fetch"},
        {"kind": "fetch", "name": "../../etc/passwd"},
        {"kind": "fetch", "name": ["memo.html"]},
        {"kind": "fetch", "name": {"a": 1}},
        {"kind": "write"},
        {"kind": "sheets", "voices": True},
        {"kind": 3},
        "make",
        None,
    ],
)
def test_a_message_that_makes_no_sense_writes_and_sends_nothing(
    lesson: Lesson, no_pdf: None, monkeypatch: pytest.MonkeyPatch, message: Any
) -> None:
    card = lesson.finish("memo", lambda: ["# メモ"])
    sent = sent_by(card, monkeypatch)
    before = sorted(Path("artefacts").iterdir())
    card._live.hear(message)
    assert sent == [] and sorted(Path("artefacts").iterdir()) == before
    assert card._live.state["sheet"] is None


def test_a_page_that_cannot_be_composed_is_a_kind_card(lesson: Lesson, no_pdf: None) -> None:
    ready = False

    def compose() -> list[str]:
        if not ready:
            raise NameError(f"name 'result' is not defined {EVIL}")
        return ["# メモ"]

    card = lesson.finish("memo", compose)
    assert "上から順に実行" in card.static() and "<img" not in card.static()
    assert card.files == [] and not Path("artefacts").exists()
    card.show_answers()
    assert card._live.state["sheet"]["json"]
    ready = True
    card._live.hear({"kind": "make"})
    assert card._live.state["trouble"] == "" and read("memo.md") == "# メモ\n"


def test_a_page_made_before_stays_when_the_next_one_fails(
    lesson: Lesson, no_pdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[Any] = ["# メモ"]
    card = lesson.finish("memo", lambda: [*parts, *(1 / part for part in [0][: len(parts) - 1])])
    sent = sent_by(card, monkeypatch)
    parts.append("x")
    card._live.hear({"kind": "fetch", "name": "memo.md"})
    assert "まだ作れません" in card._live.state["trouble"]
    assert sent[0][1] == b"# \xe3\x83\xa1\xe3\x83\xa2\n"


def test_a_full_disk_is_told_and_the_download_still_works(
    lesson: Lesson, no_pdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(artefacts, "write_whole", full)
    card = lesson.finish("memo", lambda: ["# メモ"])
    assert "空き容量" in card._live.state["trouble"]
    assert "ダウンロードはできます" in card._live.state["trouble"]
    sent = sent_by(card, monkeypatch)
    card._live.hear({"kind": "fetch", "name": "memo.html"})
    assert "<h1>メモ</h1>" in sent[0][1].decode()


def test_without_a_pdf_the_rest_is_written(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        raise KitError("PDF を作る部品がありません。", hint="HTML を印刷してください。")

    monkeypatch.setattr(artefacts, "pdf", none)
    card = lesson.finish("memo", lambda: ["# メモ"])
    assert card.files == ["memo.html", "memo.md"]
    (note,) = card._live.state["notes"]
    assert "memo.pdf" in note and "PDF を作る部品がありません。" in note and "印刷" in note
    assert note in card.static()


def test_characters_that_could_not_be_set_are_told(lesson: Lesson) -> None:
    card = lesson.finish("memo", lambda: ["# メモ 🐟"])
    assert "🐟" in card._live.state["notes"][0] and "🐟" in read("memo.html")


@pytest.mark.parametrize("name", ["", "../memo", "a/b", ".memo", 3])
def test_a_name_that_names_no_file_is_the_authors_mistake(
    lesson: Lesson, no_pdf: None, name: Any
) -> None:
    with pytest.raises(KitError):
        lesson.finish(name, lambda: ["# メモ"])
    with pytest.raises(KitError):
        lesson.finish("memo", lambda: {name: ["# メモ"]})
    assert not Path("artefacts").exists()


def test_a_title_is_words(lesson: Lesson, no_pdf: None) -> None:
    from kit.markdown import escape

    card = lesson.finish("memo", lambda: [f"# {escape(EVIL)}"])
    assert "<img" not in card.static() and card._live.state["pages"][0]["title"] == EVIL


# --- what was done --------------------------------------------------------------------------------


def test_the_overview_says_what_was_done_and_gives_no_marks(lesson: Lesson, no_pdf: None) -> None:
    card = lesson.finish("memo", lambda: ["# メモ"])
    assert card._live.state["done"] == [
        ["三はいくつ", "まだです"],
        ["はじめのクイズ", "1 問のうち 0 問に答えました"],
        ["終わりのクイズ", "1 問のうち 0 問に答えました"],
    ]
    lesson.check("three", 4)
    lesson.quiz("random", "before").choose(0)
    card._live.hear({"kind": "look"})
    told = dict(card._live.state["done"])
    assert told["三はいくつ"] == "途中です（1 回、試しました）"
    assert told["はじめのクイズ"] == "1 問のうち 1 問に答えました"
    lesson.check("three", 3)
    card._live.hear({"kind": "look"})
    told = dict(card._live.state["done"])
    assert told["三はいくつ"] == "できました"
    assert not re.search("点|正解|不正解|％|%", "".join(told.values()))


# --- the answer file ------------------------------------------------------------------------------


@pytest.fixture
def done(lesson: Lesson, no_pdf: None) -> Finish:
    lesson.progress.someone_came()
    lesson.form("plan", {"who": kit.ask.text("だれに")}).set(who="下書きの文")
    lesson.reflect("tomorrow", "明日は").write(f"係長に話す {EVIL}")
    lesson.quiz("random", "before").choose(0)
    lesson.quiz("random", "after").choose(1)
    lesson.check("three", 4)
    lesson.check("three", 3)
    return lesson.finish("memo", lambda: ["# メモ"])


def shown(card: Finish) -> str:
    """What a person reads on the card before anything is written."""
    return json.dumps(card._live.state["sheet"]["parts"], ensure_ascii=False)


def test_nothing_is_written_before_it_was_shown(done: Finish) -> None:
    assert done.write_answers() == ""
    done.show_answers()
    assert not list(Path("artefacts").glob("answers-*"))
    for told in (
        "A. 公平だから",
        "B. 比べる相手をそろえるため",
        "三はいくつ",
        "試した回数 2",
        "檜原村",
    ):
        assert told in shown(done)


def test_the_file_is_what_was_shown(done: Finish, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = sent_by(done, monkeypatch)
    done._live.hear({"kind": "sheet"})
    before = done._live.state["sheet"]["json"]
    done.lesson.check("three", 5)  # what happens since is not in it
    done._live.hear({"kind": "write"})
    name = done._live.state["answers"]
    assert re.fullmatch(r"answers-[0-9a-f]{8}\.json", name)
    assert read(name) == before + "\n"
    done._live.hear({"kind": "fetch", "name": name})
    assert sent[0][1].decode() == read(name)
    assert sent[0][0]["type"] == "application/json"


def test_reflections_go_in_only_when_asked_for(done: Finish) -> None:
    done._live.hear({"kind": "sheet", "voices": "yes"})
    assert "係長" not in shown(done) and "係長" not in done._live.state["sheet"]["json"]
    done._live.hear({"kind": "write"})
    assert json.loads(read(done._live.state["answers"]))["voices"] == {}
    done._live.hear({"kind": "sheet", "voices": True})
    assert "係長に話す" in shown(done)
    done._live.hear({"kind": "write"})
    assert "係長に話す" in json.loads(read(done._live.state["answers"]))["voices"]["tomorrow"]


def test_it_holds_no_name_no_draft_and_no_words_of_the_office(done: Finish) -> None:
    done.show_answers(voices=True)
    text = done._live.state["sheet"]["json"]
    for secret in ("ひみつの課", "下書きの文", str(Path.cwd())):
        assert secret not in text + shown(done)
    sheet = json.loads(text)
    assert sheet["parameters"] == {"municipality": "13307", "number": 3}
    assert sheet["version"] == kit.__version__ and sheet["language"] == "ja"


def test_a_second_file_takes_the_place_of_the_first(done: Finish) -> None:
    done.show_answers()
    first = done.write_answers()
    again = done.lesson.finish("memo", lambda: ["# メモ"])
    again.show_answers(voices=True)
    assert again.write_answers() == first
    assert len(list(Path("artefacts").glob("answers-*"))) == 1


def test_it_can_be_left(done: Finish) -> None:
    done._live.hear({"kind": "sheet", "voices": True})
    done._live.hear({"kind": "hide"})
    assert done._live.state["sheet"] is None
    done._live.hear({"kind": "write"})
    assert done._live.state["answers"] == "" and not list(Path("artefacts").glob("answers-*"))


def test_the_class_can_read_it(done: Finish) -> None:
    from kit.results import answers

    done.show_answers(voices=True)
    name = done.write_answers()
    folder = Path("collected")
    folder.mkdir()
    Path("artefacts", name).rename(folder / name)
    reading = answers.read(folder)
    assert reading.left_out == () and len(reading.sheets["ok"]) == 1


def test_tables_and_charts_travel_too(lesson: Lesson, no_pdf: None) -> None:
    table = lesson.table(pd.DataFrame({"町": ["甲"], "人": [1]}), caption="人口")
    lesson.finish("memo", lambda: ["# メモ", [table, None]])
    assert "| 甲 | 1 |" in read("memo.md") and "<caption" in read("memo.html")
