"""A room's answer files: what counts, what is shown, and that no figure points at anybody."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import answers as rooms
import pytest
from markup import Markup, steps

from kit import course, progress
from kit.errors import CourseError, DataError, RunError
from kit.language import using
from kit.results import answers, card, page
from kit.results import summary as counting
from kit.results.contents import Contents, contents, title
from kit.results.summary import FEWEST, Question, Summary, summarise

RIGHT, WRONG = 1, 0  # of rct-letters' question "before-after"
FEW = "少ないので出しません"


@cache
def _contents(id: str, language_: str) -> Contents:
    return contents(course.workshop(id), language_)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebooks do not change while we look at answers: each is read once."""
    monkeypatch.setattr(counting, "contents", lambda held, spoken: _contents(held.id, spoken))


def quiz(*pairs: tuple[int | None, int | None], item: str = "before-after") -> list[dict[str, Any]]:
    """Return one sheet a pair of options before and after; None: not answered."""
    return [
        rooms.sheet(
            quiz={item: {e: o for e, o in zip(("before", "after"), pair, strict=True) if o is not None}},
            minutes={"the-slide": float(at)},
        )
        for at, pair in enumerate(pairs)
    ]  # fmt: skip


def question(summary: Summary, id: str = "before-after") -> Question:
    return next(one for one in summary.questions if one.id == id)


# --- reading ----------------------------------------------------------------------------------


def test_every_sound_file_counts_once(tmp_path: Path) -> None:
    reading = answers.read(rooms.hand_in(tmp_path, rooms.room(12)))
    assert list(reading.sheets) == ["rct-letters"]
    assert len(reading.sheets["rct-letters"]) == 12 and reading.left_out == ()


def test_what_progress_writes_is_read(tmp_path: Path) -> None:
    mine = progress.Progress("rct-letters", tmp_path / "home", present=False)
    mine.answer("before-after", "before", 0)
    mine.answer("before-after", "", 1)
    mine.attempt("difference", "not-yet", 4)
    mine.attempt("difference", "right", 0.04)
    mine.hinted("difference", 2)
    mine.voice("tomorrow", "課長に話します。")
    mine.enter("the-slide")
    sheet = mine.answers({"version": "0.1.0", "language": "ja", "parameters": {"letters": 4000}})
    (read,) = answers.read(rooms.hand_in(tmp_path / "in", [sheet])).sheets["rct-letters"]
    assert read.quiz["before-after"]["before"] == 0
    assert (read.checks["difference"].tries, read.checks["difference"].hints) == (2, 2)
    assert read.checks["difference"].right and read.voices["tomorrow"] == "課長に話します。"


def bent(**changes: Any) -> str:
    sheet = rooms.sheet(quiz={"before-after": {"before": 1}})
    return json.dumps({**sheet, **changes})


BAD: dict[str, tuple[str | bytes, str]] = {
    "half of it": (bent()[:-20], "broken"),
    "empty": ("", "broken"),
    "not text": (b"\xff\xfe\x00", "broken"),
    "nan": (bent(minutes={"a": float("nan")}), "broken"),
    "half a character": (bent(voices={"tomorrow": "\ud800"}), "broken"),
    "too deep": ("[" * 100_000, "broken"),
    "a huge number": ('{"format": ' + "9" * 5000 + "}", "broken"),
    "a list": ("[]", "format"),
    "a number": ("3", "format"),
    "another format": (bent(format="kit-answers/2"), "format"),
    "format of another type": (bent(format=["kit-answers/1"]), "format"),
    "progress": (bent(format=progress.FORMAT), "progress"),
    "an earlier summary": (bent(format=answers.RESULTS), "results"),
    "no workshop": (bent(workshop=None), "content"),
    "a list for the quiz": (bent(quiz=[1]), "content"),
    "an option in words": (bent(quiz={"before-after": {"before": "1"}}), "content"),
    "true for an option": (bent(quiz={"before-after": {"before": True}}), "content"),
    "a negative option": (bent(quiz={"before-after": {"before": -1}}), "content"),
    "infinite minutes": (bent().replace('"minutes": {}', '"minutes": {"a": 1e999}'), "content"),
    "a year of minutes": (bent(minutes={"a": 525_600}), "content"),
    "a long voice": (bent(voices={"tomorrow": "長" * 10_000}), "content"),
    "tries of another type": (bent(checks={"difference": {"tries": "3"}}), "content"),
    "a parameter that is a list": (bent(parameters={"letters": [1]}), "content"),
    "an unknown workshop": (bent(workshop="<script>alert(1)</script>"), "unknown-workshop"),
    "a path for a workshop": (bent(workshop="../workshops/rct-letters"), "unknown-workshop"),
    "an unknown question": (bent(quiz={"nobody-asked": {"before": 0}}), "unknown-question"),
    "an option too many": (bent(quiz={"before-after": {"before": 4}}), "unknown-question"),
    "nothing answered": (bent(quiz={}, minutes={"a": 3.0}, voices={"tomorrow": " "}), "empty"),
    "too large": (bent(more="x" * 1_000_001), "too-large"),
}


@pytest.mark.parametrize("which", BAD)
def test_a_file_that_will_not_do_is_left_out_by_name(tmp_path: Path, which: str) -> None:
    content, reason = BAD[which]
    rooms.hand_in(tmp_path, rooms.room(5))
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    (tmp_path / "bad.json").write_bytes(data)
    reading = answers.read(tmp_path)
    (left,) = reading.left_out
    assert (left.name, left.reason) == ("bad.json", reason)
    assert left.sentence.startswith("bad.json ") and left.sentence.endswith("。")
    assert len(reading.sheets["rct-letters"]) == 5


def test_links_folders_and_pipes_are_not_opened(tmp_path: Path) -> None:
    rooms.hand_in(tmp_path, rooms.room(5))
    secret = tmp_path / "secret.txt"
    secret.write_text(bent(), encoding="utf-8")
    (tmp_path / "a.json").symlink_to(secret)
    (tmp_path / "b.json").mkdir()
    (tmp_path / "c.json").symlink_to("nowhere")
    os.mkfifo(tmp_path / "d.json")
    reasons = [one.reason for one in answers.read(tmp_path).left_out]
    assert reasons == ["link", "not-a-file", "link", "not-a-file"]


def test_a_file_nobody_may_open_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.hand_in(tmp_path, rooms.room(5))
    original = Path.open

    def closed(path: Path, *how: Any, **more: Any) -> Any:
        if path.name == "locked.json":
            raise PermissionError(13, "Permission denied")
        return original(path, *how, **more)

    (tmp_path / "locked.json").write_text(bent(), encoding="utf-8")
    monkeypatch.setattr(Path, "open", closed)
    (left,) = answers.read(tmp_path).left_out
    assert left.reason == "unreadable" and "Permission denied" in left.sentence


def test_the_same_content_counts_once(tmp_path: Path) -> None:
    sheets = rooms.room(6)
    rooms.hand_in(tmp_path, sheets)
    (tmp_path / "copy.json").write_text(json.dumps(sheets[2], indent=4), encoding="utf-8")
    reading = answers.read(tmp_path)
    assert len(reading.sheets["rct-letters"]) == 6
    (left,) = reading.left_out
    assert left.reason == "duplicate" and left.name == "copy.json"


def test_two_people_who_answered_alike_are_two(tmp_path: Path) -> None:
    alike = rooms.sheet(quiz={"before-after": {"before": 1, "after": 1}})
    reading = answers.read(rooms.hand_in(tmp_path, [alike] * 6))
    assert len(reading.sheets["rct-letters"]) == 6, "without minutes nothing else differs"


def test_of_one_persons_two_files_the_later_counts(tmp_path: Path) -> None:
    early = rooms.sheet(quiz={"before-after": {"before": 0}}, minutes={"the-slide": 3.0})
    late = rooms.sheet(quiz={"before-after": {"before": 0, "after": 1}}, minutes={"the-slide": 9.0})
    for name, one in (("answers-0badcafe.json", early), ("answers-0badcafe (1).json", late)):
        (tmp_path / name).write_text(json.dumps(one), encoding="utf-8")
    reading = answers.read(tmp_path)
    (kept,) = reading.sheets["rct-letters"]
    assert kept.quiz["before-after"] == {"before": 0, "after": 1}
    (left,) = reading.left_out
    assert (left.name, left.reason) == ("answers-0badcafe.json", "earlier")


def test_workshops_are_kept_apart_or_picked(tmp_path: Path) -> None:
    rooms.hand_in(tmp_path / "a", rooms.room(5) + rooms.room(6, "journey-time"))
    both = answers.read(tmp_path / "a")
    assert {id: len(sheets) for id, sheets in both.sheets.items()} == {
        "journey-time": 6,
        "rct-letters": 5,
    }
    one = answers.read(tmp_path / "a", workshop="journey-time")
    assert list(one.sheets) == ["journey-time"]
    assert {left.reason for left in one.left_out} == {"other-workshop"}
    with pytest.raises(CourseError):
        answers.read(tmp_path / "a", workshop="juorney-time")


@pytest.mark.parametrize("name", ["no such folder", "empty", "a file"])
def test_a_folder_without_answers_is_an_error_with_a_next_step(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a file").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        answers.read(tmp_path / name)
    assert caught.value.hint and "answers-" in caught.value.hint


def test_neither_names_nor_order_of_the_files_matter(tmp_path: Path) -> None:
    sheets = rooms.room(9)
    first = answers.read(rooms.hand_in(tmp_path / "a", sheets))
    shuffled = list(sheets)
    random.Random(3).shuffle(shuffled)
    assert answers.read(rooms.hand_in(tmp_path / "b", shuffled)) == first


# --- what is counted --------------------------------------------------------------------------


def test_shares_and_changes_are_what_a_pencil_finds() -> None:
    pairs = [(0, 1), (0, 1), (2, 1), (1, 1), (1, 0), (0, 0), (0, 2)]
    found = question(rooms.summary(quiz(*pairs)))
    assert (found.n, found.missing, found.before, found.after) == (7, 0, 2 / 7, 4 / 7)
    change = found.change
    assert change is not None
    assert (change.learned, change.lost, change.stayed_right, change.stayed_wrong) == (3, 1, 1, 2)
    assert [(wrong.text[:6], wrong.people) for wrong in found.wrong_before] == [("0％が 20", 4)]
    assert [wrong.people for wrong in found.wrong_after] == [2]
    assert "たまたま忙しかった" in found.wrong_before[0].feedback


def test_wrong_options_that_tie_are_all_named_and_one_slip_is_no_pattern() -> None:
    tie = question(rooms.summary(quiz((0, 1), (0, 1), (2, 1), (2, 1), (1, 3))))
    assert [wrong.people for wrong in tie.wrong_before] == [2, 2]
    assert tie.wrong_after == ()


def test_the_gain_is_near_its_truth_in_a_large_room() -> None:
    found = rooms.summary(rooms.room(400, before=0.4, after=0.7)).gain
    assert found is not None and found.gain is not None and found.interval is not None
    assert abs(found.gain - 0.5) < 0.06 and found.interval[1] - found.interval[0] < 0.1


def test_exercises_are_counted_among_those_who_touched_them() -> None:
    records = [
        {"tries": 1, "right": True},
        {"tries": 2, "right": True},
        {"tries": 4, "right": False, "hints": 2, "solution": True},
        {"tries": 5, "right": False, "hints": 1},
        {"tries": 3, "right": True, "hints": 1},
        {"tries": 0},
    ]
    found = rooms.summary([rooms.sheet(checks={"difference": record}) for record in records])
    one = next(exercise for exercise in found.exercises if exercise.name == "difference")
    assert (one.n, one.missing, one.right, one.tries) == (5, 1, 0.6, 3)
    assert (one.hints, one.solution, one.stuck) == (0.6, 0.2, True)
    assert found.stuck == [one]
    assert next(e for e in found.exercises if e.name == "low").n is None


def test_minutes_have_a_median_and_a_middle_half_but_no_extremes() -> None:
    minutes = [1.0, 4.0, 6.2, 8.0, 61.7]
    found = rooms.summary(
        [rooms.sheet(quiz={"before-after": {"before": 1}}, minutes={"the-slide": m}) for m in minutes]
    )  # fmt: skip
    one = found.times[0]
    assert (one.planned, one.n, one.median, one.low, one.high) == (5, 5, 6, 4, 8)
    assert not one.over
    told = Markup(page.page(found)).text + json.dumps(found.to_dict())
    assert "61.7" not in told and " 62" not in told


def test_a_section_that_took_half_as_long_again_is_told() -> None:
    sheets = [rooms.sheet(voices={"tomorrow": f"{at}"}, minutes={"count-first": 18.0 + at}) for at in range(5)]  # fmt: skip
    found = rooms.summary(sheets)
    assert [time.title for time in found.times if time.over] == ["4. 差を測る"]
    assert "予定より長くかかったところ：「4. 差を測る」" in page.page(found)


def test_settings_and_place_are_common_ones_and_never_name_the_town() -> None:
    sheets = rooms.room(6)
    found = rooms.summary(sheets)
    assert found.place == "市"
    assert ("通知の数", "4,000 通") in found.settings
    told = page.page(found) + json.dumps(found.to_dict(), ensure_ascii=False)
    assert "八王子" not in told and "健康推進課" not in told and "13201" not in told
    sheets[0]["parameters"] |= {"municipality": "13101", "letters": 500}
    mixed = rooms.summary(sheets)
    assert mixed.place == "いろいろな区市町村"
    assert "通知の数" not in dict(mixed.settings)


@pytest.mark.parametrize("value", ["<script>", -1, 1e300, None, True, "x" * 500])
def test_a_parameter_out_of_range_is_not_shown(value: Any) -> None:
    sheets = rooms.room(5)
    for one in sheets:
        one["parameters"] |= {"letters": value, "municipality": "99999"}
    found = rooms.summary(sheets)
    assert "通知の数" not in dict(found.settings) and found.place == ""


# --- what is not shown ------------------------------------------------------------------------


@pytest.mark.parametrize("people", range(FEWEST))
def test_of_a_small_group_nothing_is_shown(people: int) -> None:
    found = rooms.summary(rooms.room(people))
    assert not found.shown and found.gain is None
    assert found.questions == found.exercises == found.times == found.voices == ()
    told = Markup(page.page(found)).text
    assert "5 人分に満たないので、数字はひとつも出しません" in told
    assert not re.search(r"\d+ ?人(?!分)|%", told.split("読むときの注意")[0])
    held = course.workshop("rct-letters")
    on_card = card.markdown(card.card(held, found, voices=True), "ja")
    assert FEW in on_card and "%から" not in on_card and f"{people} 人\n" not in on_card
    assert found.to_dict()["people"] is None
    assert "Hake" not in told and "1 度だけ作ってください" in told


def test_a_question_few_answered_twice_is_hidden_with_its_numbers() -> None:
    pairs: list[tuple[int | None, int | None]] = [(0, 1)] * 4 + [(0, None)] * 8
    found = question(rooms.summary(quiz(*pairs)))
    assert found.n is found.missing is found.before is found.after is found.change is None
    assert found.wrong_before == ()


def test_who_answered_once_cannot_be_had_by_subtraction() -> None:
    """Six answered before, five of them after too: nothing shown counts the sixth's answer."""
    five: list[tuple[int | None, int | None]] = [(0, 1), (0, 1), (1, 1), (2, 0), (1, 1)]
    rooms_ = [rooms.summary(quiz(*five, (sixth, None))) for sixth in (0, 1, 2, 3)]
    told = [json.dumps({**one.to_dict(), "times": None}, sort_keys=True) for one in rooms_]
    assert len(set(told)) == 1
    assert page.page(rooms_[0]) == page.page(rooms_[1])
    assert question(rooms_[0]).missing == 1


def test_what_is_hidden_is_in_no_total() -> None:
    """A question of four people changes nothing that is shown, whatever they answered."""
    shown = quiz(*[(0, 1), (0, 1), (1, 1), (2, 0), (1, 1), (0, 0)])
    told = set()
    for hidden in itertools.product((0, 2), repeat=4):
        sheets = json.loads(json.dumps(shown))
        for one, option in zip(sheets, hidden, strict=False):
            one["quiz"]["not-significant"] = {"before": option, "after": 2 - option}
        random.Random(sum(hidden)).shuffle(sheets)
        whole = rooms.summary(sheets).to_dict()
        told.add(json.dumps(whole, sort_keys=True))
    assert len(told) == 1


def test_the_class_means_follow_from_the_questions_shown() -> None:
    found = rooms.summary(rooms.room(11, answering=0.7, seed=5))
    shown = [one for one in found.questions if one.change is not None]
    gain = found.gain
    assert gain is not None and shown
    right = sum((one.before or 0) * (one.n or 0) for one in shown)
    assert gain.answers == sum(one.n or 0 for one in shown)
    assert gain.before == pytest.approx(100 * right / gain.answers)


@pytest.mark.parametrize("seed", range(6))
def test_every_group_shown_has_five_people(seed: int) -> None:
    sheets = rooms.room(7, answering=0.75, seed=seed)
    for at, one in enumerate(sheets):
        one["checks"] = dict(list(one["checks"].items())[: at % 5])
        one["minutes"] = dict(list(one["minutes"].items())[: at + 1])
    found = rooms.summary(sheets)
    groups = [one.n for one in (*found.questions, *found.exercises, *found.times)]
    assert None in groups and all(n is None or n >= FEWEST for n in groups)
    assert all(not part.texts or len(part.texts) <= 7 for part in found.voices)
    hidden = [one for one in (*found.questions, *found.exercises, *found.times) if one.n is None]
    assert all(one.missing is None for one in hidden)


def test_voices_are_shown_from_five_writers_on_and_in_their_own_order() -> None:
    sheets = [rooms.sheet(voices={"tomorrow": f"声 {at}", "mend": "机"}) for at in range(5)]
    for one in sheets[1:]:
        del one["voices"]["mend"]
    found = rooms.summary(sheets)
    first, _, last = found.voices
    assert sorted(first.texts) == [f"声 {at}" for at in range(5)]
    assert rooms.summary(sheets[::-1]).voices == found.voices
    assert last.texts == () and "机" not in page.page(found)
    assert first.prompt == "明日、職場でだれに、何を話しますか。"


def test_two_reflections_of_one_person_are_not_side_by_side() -> None:
    sheets = [rooms.sheet(voices={"tomorrow": f"a{n}", "mend": f"b{n}"}) for n in range(12)]
    found = {part.prompt: part.texts for part in rooms.summary(sheets).voices}
    first, second = (texts for texts in found.values() if texts)
    assert [text[1:] for text in first] != [text[1:] for text in second]
    assert [text[1:] for text in first] != [str(n) for n in range(12)]


# --- the pages --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return {
        f"{name} {language}": html
        for language in ("ja", "en")
        for name, html in rooms.pages(language).items()
    }


def test_pages_are_whole_documents_that_ask_nobody(made: dict[str, str]) -> None:
    for name, html in made.items():
        read = Markup(html)
        assert html.startswith("<!DOCTYPE html>") and html.endswith("</html>")
        assert read.all("html") == [{"lang": name[-2:]}]
        assert read.headings()[0] == 1 and read.headings().count(1) == 1
        assert steps(read.headings()) == []
        assert len(read.ids()) == len(set(read.ids()))
        assert read.addresses() == [] and not read.all("script", "img", "iframe")
        policy = next(m["content"] for m in read.all("meta") if "http-equiv" in m)
        assert policy.startswith("default-src 'none'") and "script-src" not in policy
        assert [len(read.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]
        assert all(cell.get("scope") in ("col", "row") for cell in read.all("th"))
        assert len(read.all("table")) == html.count("<caption")


def test_hostile_words_are_shown_as_words(made: dict[str, str]) -> None:
    for html in made.values():
        assert "<img src=x" not in html and "</script>" not in html
    assert rooms.HOSTILE in Markup(made["results ja"]).text
    assert "{{ 7*7 }}" in Markup(made["results ja"]).text


def test_the_chart_is_drawn_with_words_and_numbers_beside_it(made: dict[str, str]) -> None:
    read = Markup(made["results ja"])
    assert [a["role"] for a in read.all("svg")].count("img") >= 1
    described = {a["aria-describedby"] for a in read.all("svg") if "aria-describedby" in a}
    assert described and described <= set(read.ids())
    assert "最も大きいのは" in read.text and "模擬" not in read.text.split("問題ごとの変化")[0]


def test_the_page_names_the_misconception_and_what_answers_it() -> None:
    found = rooms.summary(quiz(*[(0, 0)] * 4, (0, 1), (1, 1)))
    text = Markup(page.page(found)).text
    assert "0％が 20％になったので、効果は 20 ポイント" in text and "6 人のうち 5 人" in text
    assert text.count("たまたま忙しかった人もいます") == 1
    assert "後でも、6 人のうち 67% がまちがえました" in text
    assert FEW in text, "the other questions"


def test_missing_answers_are_stated_everywhere() -> None:
    found = rooms.summary(quiz(*[(0, 1)] * 6, (1, None), (None, 1)))
    text = " ".join(Markup(page.page(found)).text.split())
    assert re.search(r"ここから言えることは、どれですか。 ?6 ?2 ?0% ?100%", text)
    assert "問題 2、3、4 は、両方に答えた人が 5 人に満たない" in text
    assert found.gain is not None and found.gain.unmatched == 2


def test_files_left_out_are_counted_without_their_names(tmp_path: Path) -> None:
    rooms.hand_in(tmp_path, rooms.room(6))
    (tmp_path / "山田太郎.json").write_text("{", encoding="utf-8")
    reading = answers.read(tmp_path)
    held = course.workshop("rct-letters")
    found = summarise(held, reading.sheets["rct-letters"], "ja", reading.left_out)
    html = page.page(found)
    assert "壊れているファイル: 1 個" in html
    assert "山田" not in html and "山田" not in json.dumps(found.to_dict(), ensure_ascii=False)


def test_the_card_has_no_voices_unless_asked() -> None:
    held = course.workshop("rct-letters")
    sheets = [rooms.sheet(voices={"tomorrow": f"声その{at}"}) for at in range(5)]
    found = rooms.summary(sheets)
    without, with_ = (card.card(held, found, voices=wanted) for wanted in (False, True))
    assert "声その" not in card.markdown(without, "ja") + page.card_page(without, "ja")
    assert "声その" in card.markdown(with_, "ja") and "声その" in page.card_page(with_, "ja")


def test_the_card_says_what_others_need_and_leaves_room_to_write() -> None:
    held = course.workshop("rct-letters")
    text = card.markdown(card.card(held, rooms.summary(rooms.room(24))), "ja")
    for words in (
        held.spec.title,
        held.spec.summary,
        "24 人",
        "規格化ゲイン g = ",
        "95%区間",
        "## むずかしかったこと",
        "## 次に変えること",
        "（ここに書きます）",
        "CC BY 4.0",
        "creativecommons.org/licenses/by/4.0/deed.ja",
    ):
        assert words in text
    assert "八王子" not in text


def test_what_people_wrote_does_not_become_markdown() -> None:
    held = course.workshop("rct-letters")
    hostile = "[x](javascript:alert(1))\n# 題\n\n- 項目 <img src=x onerror=alert(1)> 😀"
    sheets = [rooms.sheet(voices={"tomorrow": hostile + str(at)}) for at in range(5)]
    text = card.markdown(card.card(held, rooms.summary(sheets), voices=True), "ja")
    assert "<img" not in text and "](java" not in text and "\n# 題" not in text and "😀" in text


def test_everything_is_said_in_the_language_asked_for() -> None:
    held = course.workshop("rct-letters")
    found = rooms.summary(rooms.room(6), language="en")
    assert found.title == held.localised("en").title
    assert found.times[0].title == contents(held, "en").sections[0].title
    assert "deed.en" in card.markdown(card.card(held, found), "en")


def test_what_was_written_can_be_read_by_a_script(tmp_path: Path) -> None:
    held = course.workshop("journey-time")
    found = rooms.summary(rooms.room(8, "journey-time"), "journey-time")
    paths = page.write(held, found, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [
        "results.html",
        "case-card.html",
        "case-card.md",
        "results.json",
    ]
    told = json.loads(paths[-1].read_text("utf-8"))
    assert told["format"] == answers.RESULTS and told["people"] == 8
    assert told["gain"]["gain"] == found.gain.gain  # type: ignore[union-attr]
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(
        path.name for path in paths
    ), "nothing half-written is left behind"


def test_a_full_disk_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page, "write_whole", full)
    held = course.workshop("rct-letters")
    with pytest.raises(RunError) as caught:
        page.write(held, rooms.summary(rooms.room(5)), tmp_path)
    assert "No space left" in str(caught.value) and caught.value.hint


# --- what the notebook says -------------------------------------------------------------------


def test_contents_follow_the_notebook(workshop_in: Callable[..., Path]) -> None:
    folder = workshop_in(
        "small",
        'lesson.check("second", 1); lesson.check("third", 2)',
        'lesson.reflect("why", lesson.text("なぜですか。"))\nlesson.reflect("how", prompt="どう？")',
        "%matplotlib inline",
        "lesson.check(name, 1)",
        markdown="## **はじめ** の &#60;節&#62;",
    )
    found = contents(course.Workshop(folder), "ja")
    assert found.exercises == {
        "second": "はじめ の <節> (second)",
        "third": "はじめ の <節> (third)",
    }
    assert list(found.exercises) == ["second", "third"]
    assert found.prompts == {"why": "なぜですか。", "how": "どう？"}
    assert [section.minutes for section in found.sections] == [10]
    assert title("`a`") == "a"


def test_every_exercise_of_every_workshop_has_a_name_people_read() -> None:
    for held in course.workshops():
        for language in held.spec.languages:
            with using(language):
                found = contents(held, language)
            assert set(found.exercises) >= {item.id for item in held.spec.exercise}
            assert len(set(found.exercises.values())) == len(found.exercises)
            assert all(found.exercises.values())
