"""Run sheets: times that add up, what is said in each part, and one sheet of A4."""

from __future__ import annotations

import errno
import io
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import materials
import pytest
from pypdf import PdfReader

from kit import course, edition, plan
from kit.errors import CourseError, RunError
from kit.language import using
from kit.outline import Section, agenda
from kit.publish import daysheet, rundown, runsheet
from kit.publish.material import Material
from kit.publish.timetable import Session, clock, pauses, slots

HOSTILE = '<img src=x onerror=alert(1)> </script> #panic("x")'
WORKSHOPS = ("first-steps", "journey-time", "rct-letters")


def section(minutes: int, *, skip: bool = False, start: int = 0) -> Section:
    return Section(f"{minutes} 分の節", minutes, start, start + minutes, skip, f"cell-{minutes}")


def row(*minutes: int) -> list[Section]:
    """Sections one after another; a negative number may be skipped."""
    made, now = [], 0
    for length in minutes:
        made.append(section(abs(length), skip=length < 0, start=now))
        now += abs(length)
    return made


def session(start: str, *minutes: int, pause: int = 0) -> Session:
    spec = materials.spec(minutes=sum(abs(length) for length in minutes))
    return Session(spec, row(*minutes), start, pause)


def real(workshop: str, language: str, start: str | None = "13:00") -> Material:
    """The run of a workshop of this repository, its cells not executed."""
    found = course.workshop(workshop)
    parameters = found.validate({}, language=language)
    cells = edition.prepare(found, language, parameters)
    return Material(
        found.localised(language), language, parameters, cells, cells, "半日コース", start
    )


def texts(document: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(document)).pages
    return [re.sub(r"[\s\u200b]+", "", page.extract_text()) for page in pages]


# --- The clock ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("workshop", WORKSHOPS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_minutes_of_every_workshop_add_up(workshop: str, language: str) -> None:
    material = real(workshop, language)
    made = slots(material.spec, material.agenda, "13:00")
    times = [int(h) * 60 + int(m) for h, m in (slot.clock.split(":") for slot in made)]
    assert times[0] == 13 * 60 and times == sorted(set(times))
    assert times[-1] + made[-1].section.minutes == 13 * 60 + material.spec.minutes
    for before, after in pairwise(made):
        assert before.section.end == after.section.start


@pytest.mark.parametrize("minutes", [(5, 10, 20), (30, 5, 1), ()])
def test_a_wrong_sum_is_told(minutes: tuple[int, ...]) -> None:
    with pytest.raises(CourseError, match=f"合計は {sum(minutes)} 分") as told, using("ja"):
        slots(materials.spec(minutes=40), row(*minutes))
    assert "kit check rct-letters" in str(told.value)


@pytest.mark.parametrize("wrong", [0, -5])
def test_a_section_without_minutes_is_told(wrong: int) -> None:
    sections = [section(40 - wrong), Section(HOSTILE, wrong, 40 - wrong, 40, False, "b")]
    with pytest.raises(CourseError, match="分が") as told, using("ja"):
        slots(materials.spec(minutes=40), sections)
    assert str(told.value.where).endswith("#b")


def test_what_is_skipped_moves_all_that_follows_and_nothing_before() -> None:
    with using("ja"):
        made = slots(materials.spec(minutes=60), row(10, -5, 20, -10, 15), "13:30")
    assert [slot.clock for slot in made] == ["13:30", "13:40", "13:45", "14:05", "14:15"]
    assert [slot.short for slot in made] == ["", "", "13:40", "14:00", "14:00"]


def test_a_class_past_midnight_says_so_and_one_without_a_start_counts_minutes() -> None:
    with using("ja"):
        assert clock("23:30", 45) == "翌0:15"
    with using("en"):
        assert clock("23:30", 29) == "23:59"
    assert clock(None, 95) == "1:35"


def test_pauses_are_what_lies_between_the_sessions() -> None:
    day = [session("9:00", 60, pause=10), session("10:15", 30, pause=0), session("10:45", 90)]
    assert pauses(day) == [15, 0]


@pytest.mark.parametrize("start", ["9:30", "10:00", "10:09", "0:30"])
def test_a_session_that_begins_too_early_is_told(start: str) -> None:
    with pytest.raises(CourseError, match="休憩が 10 分") as told, using("ja"):
        pauses([session("9:00", 60, pause=10), session(start, 30)])
    assert "10:10" in str(told.value)


# --- What is done in each part ---------------------------------------------------------------------------


def test_the_first_sentence_of_the_note_is_said_and_late_advice_is_kept_apart() -> None:
    parts = rundown.parts(materials.material())
    assert parts["scene"].first == "進め方　答えを言わずに、1分だけ待ちます。"
    assert parts["scene"].shorter == "遅れているときは、次の節を飛ばします。"
    assert parts["scene"].doing == ["クイズ"]
    assert parts["compute"].doing == ["演習 1", "話し合い", "演習 2"]
    assert parts["idea"].form == ["全員"]


def test_steps_of_a_note_become_steps_and_questions_with_arrows_do_not() -> None:
    with using("ja"):
        parts = rundown.parts(real("journey-time", "ja"))
    assert parts["count-a-year"].steps[0] == "式を読む（2分）"
    assert len(parts["count-a-year"].steps) == 5
    assert not any("よくある質問" in step for part in parts.values() for step in part.steps)


@pytest.mark.parametrize("workshop", WORKSHOPS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_task_of_the_worksheet_is_handed_out_once(workshop: str, language: str) -> None:
    material = real(workshop, language)
    with using(language):
        parts = rundown.parts(material)
    handed = [
        int(re.findall(r"(?:ワークシート|Worksheet) (\d+)", what)[0])
        for part in parts.values()
        for what in part.doing
        if re.match(r"ワークシート|Worksheet", what)
    ]
    spoken = len(material.spec.worksheet)
    assert handed == sorted(set(handed)) and set(handed) <= set(range(1, spoken + 1))
    assert len(handed) >= spoken - 1


@pytest.mark.parametrize("workshop", WORKSHOPS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_part_is_left_without_words(workshop: str, language: str) -> None:
    with using(language):
        parts = rundown.parts(real(workshop, language))
    assert all(part.first and part.form for part in parts.values())


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3〜4 人で 1 台。操作する人、道案内をする人。", 4),
        ("1人1台。となりの人と2人組で、1人が動かし、1人が読み上げます。", 2),
        ("5人の班", 5),
        ("Three or four people to a computer, in four roles.", 4),
        ("Groups of three or four: a driver and a scribe.", 4),
        ("One device each. Pair up with your neighbour.", 2),
        ("全員で 200 人", 4),
        (HOSTILE, 4),
        ("", 4),
    ],
)
def test_the_size_of_a_group_is_read_from_what_the_spec_says(text: str, size: int) -> None:
    assert rundown.group_size(text) == size


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("ワークシートを 1 人 1 枚、鉛筆", (1, "person")),
        ("スマートフォンのストップウォッチ（班に1台）", (1, "group")),
        ("班に 2 つのサイコロ", (2, "group")),
        ("One worksheet and a pencil for each person", (1, "person")),
        ("A smartphone stopwatch for each group", (1, "group")),
        ("Two dice per group", (2, "group")),
        ("付せん 2 色", None),
        ("Sticky notes in two colours", None),
        (HOSTILE, None),
    ],
)
def test_materials_are_counted_where_the_spec_says_for_whom(text: str, each: Any) -> None:
    assert rundown.needed(text) == each


# --- The sheet -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("workshop", "language"), [("rct-letters", "ja"), ("journey-time", "en")])
def test_a_session_is_one_sheet_of_a4_that_says_when_what_and_what_for(
    workshop: str, language: str
) -> None:
    material = real(workshop, language, "14:45")
    document = runsheet.sheet(material)
    pages = PdfReader(io.BytesIO(document)).pages
    assert len(pages) == 2
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
    front, back = texts(document)
    for part in material.agenda:
        assert clock("14:45", part.start) in front
        assert re.sub(r"[\s*`]+", "", part.title)[:12] in front
    assert clock("14:45", material.spec.minutes) in front
    for line in (*material.spec.materials, *material.spec.when_late):
        assert re.sub(r"\s", "", line)[:16] in back
    assert "handout.html" in back and "worksheet.pdf" in back


def test_things_to_prepare_are_counted_for_classes_and_groups() -> None:
    with using("ja"):
        made = runsheet.preparation([course.workshop("rct-letters").spec])
    counts = {what[0]["text"][:6]: numbers for what, numbers in made["materials"]}
    assert made["classes"][1] == ["20 人", "5 班"]
    assert counts["班に 1 台"] == ["3", "5", "8"]
    assert counts["ワークシート"] == ["12", "20", "32"]
    assert counts["付せん 2 "] == ["—", "—", "—"]


def test_the_way_out_when_late_says_what_it_saves_and_when_the_next_part_begins() -> None:
    with using("ja"):
        (way,) = runsheet._session(real("rct-letters", "ja", "14:45"))["late"]
    assert way["what"] == "「5. 区間をせばめる」を飛ばす"
    assert way["saves"] == "5 分取りもどす"
    assert way["then"] == "「6. 決めて、伝える」は 15:27 から"
    assert way["end"] == "終わりは 16:10"


def test_hostile_and_endless_words_are_text_and_stay_within_bounds() -> None:
    material = materials.material(
        spec=materials.spec(
            title=HOSTILE + "題" * 10_000,
            groups=HOSTILE,
            materials=(HOSTILE, "長" * 10_000),
            when_late=(HOSTILE * 20,),
        )
    )
    for cell in material.facilitator.cells:
        if cell.id == "scene-note":
            cell.source = HOSTILE + "語" * 10_000
    document = runsheet.sheet(material)
    words = "".join(texts(document))
    assert re.sub(r"\s", "", HOSTILE) in words
    assert len(PdfReader(io.BytesIO(document)).pages) <= 3


def test_a_sign_without_a_glyph_is_named() -> None:
    with pytest.raises(RunError, match=r"U\+1F600"):
        runsheet.sheet(materials.material(spec=materials.spec(title="通知😀")))


def test_a_sheet_whose_minutes_are_wrong_is_refused() -> None:
    with pytest.raises(CourseError, match="合計は 90 分"):
        runsheet.sheet(materials.material(spec=materials.spec(minutes=60)))


# --- The day ------------------------------------------------------------------------------------------------


def half_day(**changes: Any) -> plan.Plan:
    programme = plan.Programme.model_validate(
        {
            "title": {"ja": "半日コース", "en": "Half day"},
            "start": "13:00",
            "workshop": [{"id": "journey-time", "pause": 15}, {"id": "rct-letters"}],
            "grid": {"municipality": ["八王子市"]},
        }
        | changes
    )
    return plan.plan(programme, id="half-day")


def test_a_day_is_one_page_with_every_session_its_pause_and_its_end(tmp_path: Path) -> None:
    written, problems = daysheet.write_days(tmp_path, half_day(), "2026-07-01")
    assert problems == []
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "runsheet/13201-hachioji-ja.pdf"
    ]
    (page,) = texts(written[0].read_bytes())
    for said in ("12:30", "13:00", "14:30", "休憩15分", "14:45", "16:15", "八王子市", "13:05"):
        assert said in page
    for workshop in ("journey-time", "rct-letters"):
        spec = course.workshop(workshop).spec
        assert spec.title in page
        for part in agenda(real(workshop, "ja").participant.cells):
            assert re.sub(r"\s", "", part.title)[:10] in page


def test_a_day_is_made_once_for_each_town_and_language_that_has_a_clock() -> None:
    towns = {"grid": {"municipality": ["八王子市", "新宿区"]}, "languages": ["ja", "en"]}
    named = [run.variant for run in half_day(**towns).runs]
    assert len(named) == 8
    names = [name for name, _ in daysheet.days(half_day(**towns, start=None))]
    assert names == [], "no clock, no day"
    alone = half_day(workshop=[{"id": "rct-letters"}])
    assert list(daysheet.days(alone)) == [], "the sheet of the session says it all"


def test_a_day_whose_sessions_overlap_is_told_and_the_others_are_made(tmp_path: Path) -> None:
    late = half_day(
        workshop=[{"id": "journey-time", "pause": 15}, {"id": "rct-letters", "start": "14:40"}]
    )
    written, problems = daysheet.write_days(tmp_path, late)
    assert written == [] and "14:45 以降" in str(problems[0])


def test_a_day_without_sessions_is_told() -> None:
    with pytest.raises(CourseError, match="ワークショップがありません"):
        daysheet.day("半日", [], language="ja")


def test_a_full_disk_leaves_no_half_of_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_disk: None
) -> None:
    monkeypatch.setattr(daysheet, "days", lambda plan, built: iter([("a.pdf", b"%PDF")]))
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        daysheet.write_days(tmp_path, half_day())
    assert not list((tmp_path / daysheet.FOLDER).iterdir())
