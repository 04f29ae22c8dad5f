"""The workshop first-steps: its one check holds in every town, and its words rest on the data."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from kit import course, data, edition, places
from kit.catalogue import read_notebook
from kit.lessons import Lesson

WORKSHOP = course.workshop("first-steps")
TOWNS = tuple(town.code for town in places.all_())


@pytest.fixture(autouse=True)
def _desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@cache
def a_lesson(town: str = "13201", language: str = "ja") -> Lesson:
    return Lesson(WORKSHOP, language, {"municipality": town})


@cache
def census() -> dict[str, dict[str, int]]:
    return data.load("municipalities").set_index("code").to_dict("index")


def numbers(code: str) -> dict[str, int]:
    """Return a town's figures by the names that the tests below use."""
    town = census()[code]
    return {
        "older": town["age_65_74"] + town["age_75_over"],
        "people": town["population"] - town["age_unknown"],
        "population": town["population"],
        "households": town["households"],
        "over_75": town["age_75_over"],
        "under_75": town["age_65_74"],
        "elsewhere": sum(each["age_65_74"] + each["age_75_over"] for each in census().values()),
    }


# Each mistake, how it is made, and what it is told.
MISTAKES = {
    "a count": ("older", "それは人数です"),
    "the divisor": ("people", "それは割る数です"),
    "upside down": ("people / older", "割る順番が逆です"),
    "upside down, in per cent": ("100 * people / older", "100もかけています"),
    "per cent": ("100 * older / people", "100 で割ってください"),
    "everybody, of whatever age": ("older / population", "年齢が分からない人も"),
    "the others": ("older / (people - older)", "65歳未満の人で割っています"),
    "the share of the others": ("1 - older / people", "65歳未満の人の割合"),
    "75 and over": ("over_75 / people", "75歳以上の人だけ"),
    "65 to 74": ("under_75 / people", "65歳から74歳の人だけ"),
    "households": ("older / households", "世帯の数で割っています"),
    "all of Tokyo": ("older / elsewhere", "都の65歳以上の人のうち"),
    "a difference": ("older - people", "引き算"),
    "a product": ("older * people", "かけ算"),
    "the wrong slash": ("older // people", "余りを捨てる割り算"),
    "rounded to a per cent": ("round(older / people, 2)", "小数第3位"),
}


def made(how: str, code: str) -> float:
    return float(eval(how, {"round": round}, numbers(code)))


def test_the_right_answer_is_right_in_every_town():
    for town in TOWNS:
        right = made("older / people", town)
        for answer in (right, round(right, 3), f"{right:.1%}", f"{right:.3f}"):
            assert a_lesson(town).check("share", answer).state == "right", (town, answer)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_mistake_is_called_by_its_name_in_every_town(mistake):
    how, told = MISTAKES[mistake]
    named = 0
    for town in TOWNS:
        answer, right = made(how, town), made("older / people", town)
        card = a_lesson(town).check("share", answer)
        if abs(answer - right) <= 0.0006:  # no mistake to be seen in this town
            assert card.state == "right", (town, card)
            continue
        twins = [h for h, _ in MISTAKES.values() if h != how and _alike(made(h, town), answer)]
        assert card.state == "not-yet", (town, card)
        assert told in card.message or twins, (town, card)
        named += told in card.message
    assert named >= 40, named


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= 0.0006


def test_nothing_written_is_no_mistake():
    for nothing in (..., None, "", "…"):
        assert a_lesson().check("share", nothing).state == "blank"


@pytest.mark.parametrize(
    "answer",
    [
        "たくさん",
        [1, 2],
        object(),
        float("nan"),
        True,
        "<img src=x onerror=alert(1)>",
        "9" * 10_000,
    ],
)
def test_nonsense_is_answered_kindly(answer):
    card = a_lesson().check("share", answer)
    assert card.state == "not-yet" and card.message
    assert "<img" not in card._repr_mimebundle_()["text/html"]


def test_the_check_speaks_english():
    town = numbers("13402")
    card = a_lesson("13402", "en").check("share", town["older"])
    assert card.message.startswith("That is a count")


def test_the_hints_and_the_worked_solution_are_true():
    exercise = next(item for item in WORKSHOP.spec.exercise if item.id == "share")
    worked = exercise.solution.split("`")[1]
    assert ast.unparse(ast.parse(worked)) == "share = older / people"
    assert [hint for hint in exercise.hints if "older / people" in hint] == []


def test_the_minutes_and_the_quiz_fit_half_an_hour():
    assert WORKSHOP.spec.minutes == 30
    assert len(WORKSHOP.spec.quiz) == 4
    assert {item.when for item in WORKSHOP.spec.quiz} == {"both"}
    rights = [[o.right for o in item.option].index(True) for item in WORKSHOP.spec.quiz]
    assert len(set(rights)) > 2  # the right answer has no fixed place


def test_what_we_should_not_do_is_quoted_as_the_data_has_it():
    text = "\n".join(cell.source for cell in read_notebook(WORKSHOP.notebook_path).cells)
    english = {
        source: translation
        for (context, source), translation in WORKSHOP.catalogue("en").entries.items()
        if context in ("do-not", "notes-the-line")
    }
    principles = data.load("principles").set_index("number")
    for number in WORKSHOP.spec.principles:
        row = principles.loc[number]
        assert row["title"] in text and row["do_not"].rstrip("。") in text, number
        assert any(row["title_en"] in said for said in english.values()), number


def test_the_story_holds_the_most_people_are_not_the_largest_share():
    towns = data.load("municipalities")
    older = towns["age_65_74"] + towns["age_75_over"]
    share = data.rate(older, towns["population"] - towns["age_unknown"])
    apart = {older.idxmax(), share.idxmax(), towns["population"].idxmin()}
    assert len(apart) == 3  # the cards to predict are three different towns
    assert share.rank(ascending=False)[older.idxmax()] > 31  # below the middle of the 62
    unknown = towns["age_unknown"] / towns["population"]
    assert 0.09 < unknown.max() < 0.11  # the note says: about a tenth in some wards
    smallest = towns.loc[towns["population"].idxmin()]
    assert 1 < smallest["population"] / 100 < 2  # two people are more than a point


@pytest.fixture
def sheet(monkeypatch):
    """Take a sheet's parts before they are made into files, which other tests do."""
    monkeypatch.setattr(Lesson, "finish", lambda self, name, compose: compose)


def run_all(town: str, language: str) -> dict[str, object]:
    """Run the participant's cells one after the other, without a kernel."""
    parameters = WORKSHOP.validate({"municipality": town}, language=language)
    prepared = edition.prepare(WORKSHOP, language, parameters)
    room: dict[str, object] = {"display": lambda *_: None}
    for cell in edition.participant(prepared, language).cells:
        if cell.cell_type == "code" and "quiz" not in edition.tags(cell):
            exec(compile(cell.source, cell.id, "exec"), room)
    return room


@pytest.mark.parametrize(("town", "language"), [("13104", "en"), ("13307", "ja"), ("13402", "ja")])
def test_the_sheet_holds_the_figures_of_the_town(sheet, town, language):
    parts = run_all(town, language)["my_sheet"]()
    told = "\n".join(part for part in parts if isinstance(part, str))
    figures, place = numbers(town), places.find(town)
    assert f"{figures['older']:,}" in told
    assert f"{figures['older'] / figures['people']:.1%}" in told
    assert (place.name_en if language == "en" else place.name_ja) in told
    assert data.load("municipalities").attrs["citation"].line(language) in told


def test_what_people_write_cannot_change_the_sheet(sheet):
    room = run_all("13402", "ja")
    room["form"].set(line="# 題\n| 表 | <img src=x onerror=alert(1)> **太い**", next="")
    parts = room["my_sheet"]()
    line = next(part for part in parts if str(part).startswith("> "))
    assert "\n" not in line and "<img" not in line and "**太い**" not in line
    assert parts[-1] == "（まだ書いていません）"


def test_another_town_chosen_in_the_room_holds_for_the_cells_below(sheet):
    room = run_all("13201", "ja")
    room["lesson"].set(municipality="13307")
    assert room["my_town"]()["code"] == "13307"
    assert places.find("13307").name_ja in room["my_sheet"]()[0]
