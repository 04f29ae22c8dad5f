"""The ten principles are complete in both languages, and the crosswalk hides no gap."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import copy_room

from kit import course, data
from kit.data import packages, validation
from kit.errors import DataError
from kit.house import home

NAME = "principles"
TABLES = {
    "principles": 10,
    "mechanisms": 19,
    "guidelines": 3,
    "cycle": 5,
    "standards": 27,
    "crosswalk": 54,
}
STANDARDS = {"gov-uk": 14, "us-dsp": 13}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
POLITE = re.compile(r"(です|ます|ません|(です|ます|ません|ました)か)。$")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A package whose words may be changed."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(home() / "datasets" / NAME, tmp_path / NAME, ignore=ignored)
    return tmp_path / NAME


def build(folder: Path) -> None:
    runpy.run_path(str(folder / "build.py"), run_name="__main__")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def texts(table: str) -> pd.DataFrame:
    return data.load(NAME, table).select_dtypes("str")


def crosswalk() -> pd.DataFrame:
    """The matches, each with the standard of its point."""
    standards = data.load(NAME, "standards").set_index("id")
    return data.load(NAME, "crosswalk").join(standards[["standard", "number"]], on="point")


# ---- what is there


def test_the_package_is_sound() -> None:
    assert data.validate(NAME) == []


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_rows(table: str) -> None:
    assert len(data.load(NAME, table)) == TABLES[table]


def test_the_titles_are_those_the_kit_prints() -> None:
    rows = data.load(NAME)
    printed = [(one.number, one.title_ja, one.title_en) for one in course.principles()]
    assert list(rows[["number", "title", "title_en"]].itertuples(index=False, name=None)) == printed


@pytest.mark.parametrize("text", ["", "number,title\n1,だけ\n", "number,title,title_en\nx,y,z\n"])
def test_a_damaged_list_of_principles_is_told_in_a_sentence(house: Path, text: str) -> None:
    copy_room(house, "datasets")
    (house / "datasets" / NAME / "principles.csv").write_text(text, encoding="utf-8")
    course.principles.cache_clear()
    try:
        with pytest.raises(DataError, match="10か条") as raised:
            course.principle(1)
    finally:
        course.principles.cache_clear()
    assert raised.value.hint


@pytest.mark.parametrize("standard", STANDARDS)
def test_points_are_numbered_from_one_without_a_gap(standard: str) -> None:
    rows = data.load(NAME, "standards")
    rows = rows[rows["standard"] == standard]
    numbers = list(range(1, STANDARDS[standard] + 1))
    assert list(rows["number"]) == numbers
    assert list(rows["id"]) == [f"{standard}-{number:02}" for number in numbers]


def test_official_titles_stand_at_their_numbers() -> None:
    titles = data.load(NAME, "standards").set_index("id")["title_en"]
    assert titles["gov-uk-05"] == "Make sure everyone can use the service"
    assert titles["gov-uk-14"] == "Operate a reliable service"
    assert titles["us-dsp-06"] == "Assign one leader and hold that person accountable"
    assert titles["us-dsp-13"] == "Default to open"


def test_every_principle_has_a_mechanism_and_every_guideline_serves_one() -> None:
    mechanisms = data.load(NAME, "mechanisms")
    assert set(mechanisms["principle"]) == set(range(1, 11))
    assert set(mechanisms["guideline"].dropna()) == set(data.load(NAME, "guidelines")["id"])


def test_the_cycle_goes_through_every_step_and_returns_to_the_projects() -> None:
    following = data.load(NAME, "cycle").set_index("step")["next_step"]
    walked, step = [], 1
    while step not in walked:
        walked.append(step)
        step = following[step]
    assert walked == [1, 2, 3, 4, 5]
    assert step == 2  # a draft is written once; versions are used again and again


# ---- the words


@pytest.mark.parametrize("table", TABLES)
def test_each_sentence_is_there_in_both_languages(table: str) -> None:
    frame = texts(table)
    english = [name for name in frame.columns if name.endswith("_en")]
    assert english
    for name in english:
        japanese = frame[name.removesuffix("_en")]
        assert japanese.map(lambda text: bool(JAPANESE.search(text))).all(), name
        assert not frame[name].map(lambda text: bool(JAPANESE.search(text))).any(), name
        assert frame[name].is_unique and japanese.is_unique, name


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("principles", ["summary", "why", "question"]),
        ("mechanisms", ["description"]),
        ("guidelines", ["summary"]),
        ("cycle", ["summary"]),
        ("standards", ["gist"]),
        ("crosswalk", ["reason"]),
    ],
)
def test_sentences_are_polite(table: str, columns: list[str]) -> None:
    for name in columns:
        blunt = [text for text in texts(table)[name] if not POLITE.search(text)]
        assert blunt == []


def test_a_question_asks_and_a_do_not_names_an_act() -> None:
    rows = texts("principles")
    assert rows["question"].str.endswith("か。").all()
    assert rows["question_en"].str.endswith("?").all()
    assert rows["do_not"].str.endswith("こと。").all()


def test_every_field_is_titled_in_both_languages() -> None:
    for table in TABLES:
        for language in ("ja", "en"):
            titles = data.labels(NAME, table, language)
            assert len(set(titles.values())) == len(titles)


# ---- the crosswalk


def test_no_principle_and_no_point_is_forgotten() -> None:
    rows = crosswalk()
    for standard, points in STANDARDS.items():
        own = rows[rows["standard"] == standard]
        assert set(own["principle"]) == set(range(1, 11))
        assert set(own["number"]) == set(range(1, points + 1))


def test_the_quirks_name_everything_without_an_equal() -> None:
    rows = crosswalk()
    quirks = packages.read_descriptor(packages.folder_of(NAME))["quirks"]
    labels = data.categories(NAME, "standards", "ja")["standard"]
    for standard, points in STANDARDS.items():
        same = rows[(rows["standard"] == standard) & (rows["strength"] == "main")]
        lonely = [str(n) for n in range(1, 11) if n not in set(same["principle"])]
        loose = [str(n) for n in range(1, points + 1) if n not in set(same["number"])]
        told = next(quirk for quirk in quirks if quirk["ja"].startswith(labels[standard]))
        assert f"10か条の{'・'.join(lonely)}と" in told["ja"]
        assert f"の{'・'.join(loose)}は、どの条とも" in told["ja"]
        assert re.findall(r"\d+", told["en"]) == lonely + loose


def test_quirks_are_told_in_both_languages() -> None:
    for quirk in packages.read_descriptor(packages.folder_of(NAME))["quirks"]:
        assert JAPANESE.search(quirk["ja"]) and not JAPANESE.search(quirk["en"])


def test_the_sources_admit_how_well_their_terms_are_known() -> None:
    known = {one.publisher_en: one.known for one in data.citation(NAME).sources}
    assert known == {
        "Tokyo Metropolitan Government, Bureau of Digital Services": "not-seen",
        "Government Digital Service (UK)": "second-hand",
        "U.S. Digital Service": "seen",
    }
    assert "未確認" in data.load(NAME).attrs["citation"].line("ja")


# ---- built again, and built wrong


def test_the_same_words_give_the_same_bytes(copy: Path) -> None:
    made = sorted(path.name for path in copy.iterdir() if path.suffix in (".csv", ".json"))
    before = {name: (copy / name).read_bytes() for name in made}
    for name in made:
        (copy / name).unlink()
    build(copy)
    assert {name: (copy / name).read_bytes() for name in made} == before


def test_a_match_of_the_same_aim_leaves_the_quirks(copy: Path) -> None:
    edit(
        copy / "words" / "crosswalk.toml",
        'principle = 8\npoint = "gov-uk-06"\nstrength = "partial"',
        'principle = 8\npoint = "gov-uk-06"\nstrength = "main"',
    )
    build(copy)
    told = next(q for q in packages.read_descriptor(copy)["quirks"] if "GOV.UK" in q["ja"])
    assert "10か条の10と" in told["ja"] and "の3・11・12は、どの条とも" in told["ja"]
    assert "principle 10." in told["en"]


@pytest.mark.parametrize(
    ("words", "old", "new", "where", "what"),
    [
        ("crosswalk", '"gov-uk-14"', '"gov-uk-15"', "crosswalk.csv: 23 行目", "gov-uk-15"),
        ("crosswalk", '"gov-uk-14"', '"gov-uk-14a"', "crosswalk.csv: 23 行目", "gov-uk-14a"),
        ("crosswalk", '"partial"', '"half"', "列 strength", "main, partial"),
        ("crosswalk", '"gov-uk-02"', '"gov-uk-01"', "crosswalk.csv: 3 行目", "2 行目にもあります"),
        ("crosswalk", "principle = 10", "principle = 11", "列 principle", "10 以下"),
        ("principles", 'guideline = "data"', 'guideline = "date"', "mechanisms.csv", "date"),
        ("guidelines", "next_step = 4", "next_step = 9", "cycle.csv: 4 行目", "表「cycle」"),
    ],
)
def test_a_slip_in_the_words_is_told(
    copy: Path, words: str, old: str, new: str, where: str, what: str
) -> None:
    edit(copy / "words" / f"{words}.toml", old, new)
    build(copy)
    problems = validation.validate(copy)
    assert any(where in str(p.where) and what in p.message + str(p.hint) for p in problems)


def test_a_sentence_missing_in_one_language_is_told(copy: Path) -> None:
    path = copy / "words" / "principles.toml"
    path.write_text(re.sub(r'do_not_en = ".*"\n', "", path.read_text("utf-8"), count=1), "utf-8")
    build(copy)
    problems = validation.validate(copy)
    assert [str(p.where).endswith("2 行目、列 do_not_en") for p in problems] == [True]
