"""The checks of the workshop journey-time hold for every procedure and kind of town."""

from __future__ import annotations

import pytest

from kit import course, design, places
from kit.language import using
from kit.lessons import Lesson

PROCEDURES = course.workshop("journey-time").parameter("procedure").choices
TOWNS = ("13104", "13201", "13307", "13402")  # a ward, a city, two villages, one of 169 people
SETTINGS = ({"wage": 0}, {"once_only": 0}, {"once_only": 1, "online_target": 1})


@pytest.fixture(autouse=True)
def _desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def a_lesson(**parameters) -> Lesson:
    return Lesson(course.workshop("journey-time"), "ja", parameters)


def answers(lesson: Lesson) -> dict[str, float]:
    """Return what somebody who understood everything writes."""
    procedure = design.procedure(lesson.procedure, lesson.municipality)
    service = procedure.service(wage=lesson.wage)
    journey, burden = service.journey, service.burden()
    fewer = service.simplify(design.Change(once_only=lesson.once_only)).burden()
    return {
        "outside": journey.minutes() - journey.minutes(channel="counter"),
        "hours_a_year": burden.minutes.likely * procedure.cases / 60,
        "yen_a_year": burden.hours.likely * lesson.wage,
        "saved_by_papers": burden.hours.likely - fewer.hours.likely,
    }


def test_the_procedures_offered_are_those_of_the_dataset():
    assert list(PROCEDURES) == design.procedures()


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_right_answer_is_right_everywhere(procedure):
    # Each town once with the defaults, each setting once in the smallest village.
    for town, setting in [*((t, {}) for t in TOWNS), *((TOWNS[-1], s) for s in SETTINGS)]:
        lesson = a_lesson(procedure=procedure, municipality=town, **setting)
        for name, answer in answers(lesson).items():
            assert lesson.check(name, answer).state == "right", (town, setting, name)
            assert lesson.check(name, ...).state == "blank"


def test_every_town_of_tokyo_has_a_right_answer():
    for town in places.all_():
        lesson = a_lesson(municipality=town.code)
        for name, answer in answers(lesson).items():
            assert lesson.check(name, answer).state == "right", (town.code, name)


@pytest.mark.parametrize("town", TOWNS)
def test_known_mistakes_are_named(town):
    lesson = a_lesson(municipality=town)
    procedure = design.procedure(lesson.procedure, lesson.municipality)
    service = procedure.service(wage=lesson.wage)
    minutes, cases = service.burden().minutes.likely, procedure.cases
    hours = minutes * cases / 60
    counter = service.journey.minutes(channel="counter")
    saved = answers(lesson)["saved_by_papers"]
    mistakes = [
        ("outside", counter, "窓口にいる時間だけ"),
        ("outside", service.journey.minutes(), "合計"),
        ("hours_a_year", minutes * cases, "分のまま"),
        ("hours_a_year", minutes / 60, "件数をかけ忘れ"),
        ("hours_a_year", minutes * procedure.applications / 60, "全国"),
        ("hours_a_year", counter * cases / 60, "窓口にいる時間だけ"),
        ("yen_a_year", hours, "それは時間"),
        ("yen_a_year", hours * 60 * lesson.wage, "分に"),
        ("yen_a_year", minutes / 60 * lesson.wage, "件数をかけ忘れ"),
        ("saved_by_papers", hours - saved, "残った時間"),
        ("saved_by_papers", -saved, "逆"),
        ("saved_by_papers", hours * lesson.once_only, "割合を、そのまま"),
        ("saved_by_papers", saved * 60, "分のまま"),
        ("saved_by_papers", hours, "減らす前"),
        ("saved_by_papers", saved / hours, "割合です"),
        ("outside", -(service.journey.minutes() - counter), "符号"),
        ("outside", service.journey.minutes() + counter, "足しています"),
        ("outside", 100 * (1 - counter / service.journey.minutes()), "割合（%）"),
        ("hours_a_year", hours * lesson.wage, "それは円"),
        ("yen_a_year", hours * lesson.wage / 1e4, "万円"),
    ]
    for name, answer, told in mistakes:
        verdict = lesson.check(name, answer)
        assert verdict.state == "not-yet" and told in verdict.message, (name, verdict)


def test_counting_everybody_at_the_counter_is_named():
    lesson = a_lesson(procedure="tax-return")
    procedure = design.procedure(lesson.procedure, lesson.municipality)
    told = lesson.check("hours_a_year", procedure.journey().minutes() * procedure.cases / 60)
    assert told.state == "not-yet" and "全員が窓口" in told.message


def test_what_can_be_read_on_the_screen_is_near_enough():
    for procedure in PROCEDURES:
        lesson = a_lesson(procedure=procedure)
        journey = design.procedure(procedure, lesson.municipality).journey()
        total, counter = journey.minutes(), journey.minutes(channel="counter")
        from_the_sentence = round(total) * (1 - round(counter / total, 2))
        assert lesson.check("outside", from_the_sentence).state == "right", procedure


def test_a_procedure_without_papers_says_why_nothing_is_saved():
    lesson = a_lesson(procedure="old-age-pension")
    assert "書類を求めていない" in lesson.check("saved_by_papers", 0).message


@pytest.mark.parametrize("answer", ["たくさん", None, [1, 2], object(), float("nan"), True])
def test_an_answer_that_is_no_number_never_breaks_a_check(answer):
    lesson = a_lesson()
    for name in ("outside", "hours_a_year", "yen_a_year", "saved_by_papers"):
        assert lesson.check(name, answer).state in ("not-yet", "blank")


def test_the_example_table_can_be_read_in_both_languages():
    workshop = course.workshop("journey-time")
    tables = {
        text
        for (context, source), translation in workshop.catalogue("en").entries.items()
        if context == "your-own-steps" and source.startswith("手順,")
        for text in (source, translation)
    }
    assert len(tables) == 2
    for table in tables:
        journey = design.Journey.from_text(table)
        assert len(journey.steps) == 7
        assert journey.minutes() > journey.minutes(online_share=1) > 0


def test_what_the_survey_says_and_what_is_guessed_stay_apart():
    facts = design.procedure("medical-support", "13201")
    assert facts.applications == 3_000_000 and facts.is_round and facts.online_share == 0
    assert facts.attachments == ("resident-record", "income-tax", "other")
    assert "仮の値" in facts.journey().source
    assert "推計" in facts.basis and facts.basis in facts.service().burden().sentence
    assert set(facts.facts()["basis"]) >= {"調査の値", facts.basis}


def test_the_smallest_village_has_less_than_one_case_of_a_rare_procedure():
    facts = design.procedure("child-allowance", "13402")
    assert 0 < facts.cases < 1
    assert "1件未満" in facts.service().burden().sentence


def test_certificates_of_one_office_are_fetched_on_one_trip():
    facts = design.procedure("medical-support", "13201")
    assert facts.journey().trips(online_share=1) == pytest.approx(1)
    assert facts.journey(papers=0).trips(online_share=1) == 0


def test_an_unknown_procedure_is_told_with_the_known_ones():
    from kit.errors import ParameterError

    with pytest.raises(ParameterError) as refused:
        design.procedure("no-such-thing", "13201")
    assert "medical-support" in refused.value.hint


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_draft_survives_a_spreadsheet(procedure, language):
    with using(language):
        journey = design.procedure(procedure, "13201").journey()
        table = journey.table()
        again = design.Journey.from_frame(table, name=journey.name, source=journey.source)
    assert again == journey
