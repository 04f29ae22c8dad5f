"""Tables arrive as they were sealed, with their sources, or say what is wrong with them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import data
from kit.data import building, descriptors, validation
from kit.errors import DataError, KitError, PlaceError
from kit.house import home

TOWNS = "municipalities"
PROCEDURES = "administrative-procedures"


@pytest.fixture
def rooms(house: Path) -> Path:
    """A house whose datasets may be damaged."""
    (house / "datasets").unlink()
    import shutil

    original = Path(descriptors.__file__).parents[2] / "datasets"
    shutil.copytree(original, house / "datasets", ignore=shutil.ignore_patterns("__pycache__"))
    return house / "datasets"


# ---- sound data


def test_the_towns_are_all_there() -> None:
    towns = data.load(TOWNS)
    assert len(towns) == 62
    assert towns["population"].sum() == 14_047_594  # 2020 census, Tokyo
    assert set(towns.select_dtypes("number").dtypes.astype(str)) == {"int64", "float64"}


def test_ages_and_sexes_add_up() -> None:
    towns = data.load(TOWNS).set_index("code")
    ages = data.load(TOWNS, "age-structure")
    groups = ages.pivot_table(index="code", columns="age_group", values="population", aggfunc="sum")
    columns = {
        "0-14": "age_0_14", "15-64": "age_15_64", "65-74": "age_65_74",
        "75+": "age_75_over", "unknown": "age_unknown",
    }  # fmt: skip
    for group, column in columns.items():
        assert (groups[group] == towns[column]).all()
    assert (towns[list(columns.values())].sum(axis=1) == towns["population"]).all()
    sexes = ages.groupby(["code", "sex"])["population"].sum().unstack()
    assert (sexes["female"] == towns["population_female"]).all()
    assert (sexes["male"] == towns["population_male"]).all()


def test_online_counts_agree_with_the_shares() -> None:
    table = data.load(PROCEDURES)
    assert len(table) == 3816
    total = table["online_applications"] + table["offline_applications"]
    assert (total == table["applications"]).all()
    share = table["online_applications"] / table["applications"]
    assert (share - table["online_share"]).abs().max() < 1e-6


def test_names_written_on_two_lines_became_one() -> None:
    table = data.load(PROCEDURES)
    assert not table["procedure"].str.contains("\n").any()
    assert (table["procedure"] == "工事担任者試験の申請（指定試験機関が実施する場合）").any()


def test_attachments_agree_with_their_flags() -> None:
    table = data.load(PROCEDURES)
    known = table[table["attachment_count"].notna()]
    listed = known["attachments"].fillna("").str.split("; ")
    assert (known["attachment_count"] == listed.map(lambda kinds: sum(map(bool, kinds)))).all()
    flagged = listed.map(lambda kinds: "resident-record" in kinds)
    assert (known["attach_resident_record"].astype(bool) == flagged).all()
    assert table.loc[table["attachment_count"].isna(), "attach_other"].isna().all()


def test_featured_procedures_are_real_and_alive() -> None:
    featured = data.load(PROCEDURES, "featured")
    table = data.load(PROCEDURES).set_index("procedure_id")
    assert len(featured) == 12
    assert (table.loc[featured["procedure_id"], "applications"] > 0).all()
    assert table.loc[featured["procedure_id"], "procedure_en"].notna().all()


@pytest.mark.parametrize("typed", ["13201", 132012, "八王子", "Hachioji City", "はちおうじ"])
def test_a_town_may_be_typed_as_anywhere_else(typed: object) -> None:
    rows = data.load(TOWNS, "age-structure", municipality=typed)
    assert set(rows["code"]) == {"13201"}
    assert len(rows) == 10


def test_each_frame_is_its_own() -> None:
    first = data.load(TOWNS)
    first.loc[:, "population"] = 0
    assert data.load(TOWNS)["population"].min() > 0


def test_a_table_carries_its_citation() -> None:
    cited = data.load(PROCEDURES).attrs["citation"]
    assert cited.line("ja").startswith("出典：デジタル庁「行政手続等の悉皆調査」")
    assert "Digital Agency" in cited.line("en")
    assert {source.known for source in data.citation(TOWNS).sources} <= {
        "seen", "second-hand", "not-seen",
    }  # fmt: skip


def test_citing_a_dataset_names_each_source_once() -> None:
    titles = [source.title for source in data.citation(TOWNS).sources]
    assert len(titles) == len(set(titles)) == 5


def test_labels_are_there_in_both_languages() -> None:
    for name in data.names():
        for resource in descriptors.read_descriptor(descriptors.folder_of(name))["resources"]:
            table = resource["name"]
            for language in ("ja", "en"):
                assert all(data.labels(name, table, language).values())
                for words in data.categories(name, table, language).values():
                    assert all(words.values())
            english = data.categories(name, table, "en").values()
            assert all(label.isascii() or "–" in label for w in english for label in w.values())


def test_every_category_in_the_tables_has_a_label() -> None:
    for name, table in ((TOWNS, "municipalities"), (TOWNS, "age-structure"), (PROCEDURES, None)):
        frame = data.load(name, table)
        for field, words in data.categories(name, table).items():
            used = {part for cell in frame[field].dropna() for part in cell.split("; ")}
            assert used <= set(words), field


def test_validation_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a validation must not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert data.validate(TOWNS) == []


def test_processing_times_are_read_as_a_clerk_would() -> None:
    folder = home() / "datasets" / PROCEDURES
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("procedures_build", folder / "build.py")
        assert spec and spec.loader
        build = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(build)
    finally:
        sys.path.remove(str(folder))
    read = {
        "1日": 1, "45日": 45, "１週～1ヶ月": 30, "3週程度": 21, "1.5月": 45, "1-2年": 730,
        "直ちに": 0, "0": 0, "30": None, "": None, "21月2週": None, "約1月（実地調査は40日）": None,
    }  # fmt: skip
    assert {text: build.days(text) for text in read} == read


# ---- one date, some columns, another package's keys


@pytest.fixture
def dated(rooms: Path) -> Path:
    """A small package whose rows are of three years and name towns of another package."""
    folder = rooms / "visits"
    folder.mkdir()
    fields = [
        building.field("code", "string", "コード", "Code", required=True),
        building.field("year", "integer", "年", "Year", required=True),
        building.field("visits", "integer", "来庁者", "Visits", minimum=0),
    ]
    rows = [
        {"code": code, "year": year, "visits": year - 2000}
        for code in ("13101", "13201")
        for year in (2021, 2019, 2020)
    ]
    source = building.source("ssdse-a", date="2020年", date_en="2020")
    resource = {
        "name": "visits", "title": "来庁者", "title_en": "Visits", "sources": [source],
        "vintage": "year",
        "schema": {"primaryKey": ["code", "year"], "foreignKeys": [building.OF_A_TOWN]},
    }  # fmt: skip
    package = {"name": "visits", "title": "来庁者", "title_en": "Visits", "resources": [resource]}
    building.write_package(folder, package, {"visits": (fields, rows)})
    return folder


@pytest.mark.parametrize("vintage", ["2020", 2020])
def test_one_vintage_may_be_asked_for(dated: Path, vintage: object) -> None:
    assert data.vintages("visits") == ("2019", "2020", "2021")
    rows = data.load("visits", vintage=vintage, columns=["visits", "code"])
    assert list(rows) == ["visits", "code"] and rows["visits"].tolist() == [20, 20]
    assert rows.attrs["citation"].line("ja").startswith("出典：統計センター")


def test_the_latest_is_the_newest_not_the_last_row(dated: Path) -> None:
    assert data.load("visits", municipality="八王子", vintage="latest")["visits"].item() == 21


@pytest.mark.parametrize(
    ("how", "hint"),
    [
        ({"vintage": "2018"}, "2019 から 2021 まで"),
        ({"vintage": "newest"}, "latest"),
        ({"columns": ["visit"]}, "visits"),
    ],
    ids=str,
)
def test_what_is_not_there_is_told_with_what_is(
    dated: Path, how: dict[str, object], hint: str
) -> None:
    with pytest.raises(DataError) as raised:
        data.load("visits", **how)  # type: ignore[arg-type]
    assert hint in str(raised.value.hint)


def test_a_table_of_one_moment_has_no_vintages() -> None:
    assert data.vintages(TOWNS) == ()
    with pytest.raises(DataError, match="ひとつの時点"):
        data.load(TOWNS, vintage="2020")


def test_a_key_into_another_package_is_followed(dated: Path) -> None:
    assert data.validate("visits") == []
    swap(dated / "visits.csv", "13201,2019", "13999,2019")
    (problem,) = data.validate("visits")
    assert "「13999」が、表「municipalities」にありません" in problem.message
    assert "visits.csv: 6 行目" in str(problem.where)


def test_a_key_into_a_package_that_is_gone_says_so(dated: Path) -> None:
    (dated.parent / TOWNS / "datapackage.json").unlink()
    assert "municipalities" in str(data.validate("visits")[0].where)


def test_a_publication_without_a_date_is_not_written_down() -> None:
    with pytest.raises(ValueError, match="date"):
        building.source("ssdse-a")


# ---- asked for something that is not there


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (lambda: data.load("municipality"), "municipalities"),
        (lambda: data.load("../municipalities"), "municipalities"),
        (lambda: data.load(""), "municipalities"),
        (lambda: data.load(TOWNS, "national_age"), "national-age"),
        (lambda: data.load(PROCEDURES, municipality="13201"), "municipality"),
        (lambda: data.citation("administrative"), "administrative-procedures"),
        (lambda: data.labels("nowhere"), "municipalities"),
    ],
)
def test_an_unknown_name_ends_in_the_nearest(asked: Callable[[], object], hint: str) -> None:
    with pytest.raises(DataError) as raised:
        asked()
    assert hint in str(raised.value.hint)


def test_an_unknown_town_is_a_place_error() -> None:
    with pytest.raises(PlaceError):
        data.load(TOWNS, municipality="八玉子")


# ---- damaged data


def lines(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    path.write_text("\n".join(change(path.read_text("utf-8").splitlines())) + "\n", "utf-8")


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def cells(change: Callable[[list[str]], list[str]]) -> Callable[[list[str]], list[str]]:
    return lambda rows: [",".join(change(row.split(","))) for row in rows]


def wrong_seal(folder: Path) -> None:
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    package["resources"][0]["hash"] = "sha256:" + "0" * 64
    path.write_text(json.dumps(package), "utf-8")


CSV = "municipalities.csv"
DAMAGE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    # what happened: (how, where the error must point, what it must say)
    "missing file": (lambda d: (d / CSV).unlink(), CSV, "ファイルがありません"),
    "truncated": (
        lambda d: (d / CSV).write_bytes((d / CSV).read_bytes()[:5003]),
        rf"{CSV}: 30 行目、列 kind", "値がありません",
    ),
    "truncated between rows": (
        lambda d: lines(d / CSV, lambda rows: rows[:40]), CSV, "記録されたものと違います",
    ),
    "letter in a number": (
        lambda d: swap(d / CSV, "169179", "16917x"),
        rf"{CSV}: 3 行目、列 population", "「16917x」は整数ではありません",
    ),
    "doubled key": (
        lambda d: lines(d / CSV, lambda rows: [*rows, rows[5]]),
        rf"{CSV}: 64 行目、列 code", "6 行目",
    ),
    "missing column": (
        lambda d: lines(d / CSV, cells(lambda row: row[:8] + row[9:])),
        rf"{CSV}: 1 行目", "列 area_km2 がありません",
    ),
    "extra column": (
        lambda d: lines(d / CSV, cells(lambda row: [*row, "note"])),
        rf"{CSV}: 1 行目", "知らない列 note",
    ),
    "extra cell": (
        lambda d: swap(d / CSV, "Chuo City,", "Chuo, City,"), rf"{CSV}: 3 行目", "",
    ),
    "unknown municipality": (
        lambda d: swap(d / "age-structure.csv", "13101,female,15-64", "13999,female,15-64"),
        r"age-structure.csv: 3 行目", "「13999」が、表「municipalities」にありません",
    ),
    "unknown category": (
        lambda d: swap(d / CSV, "ward,wards", "wart,wards"),
        rf"{CSV}: 2 行目、列 kind", "使える値: ward, city, town, village",
    ),
    "negative count": (
        lambda d: swap(d / CSV, ",66680,", ",-66680,"),
        rf"{CSV}: 2 行目、列 population", "0 以上",
    ),
    "empty file": (lambda d: (d / CSV).write_bytes(b""), CSV, "がありません"),
    "wrong checksum": (wrong_seal, CSV, "記録されたものと違います"),
    "broken JSON": (
        lambda d: (d / "datapackage.json").write_text('{\n "name": '),
        r"datapackage.json: 2 行目", "JSON として読めません",
    ),
    "JSON of something else": (
        lambda d: (d / "datapackage.json").write_text("[1, 2]"), "datapackage.json", "足りない",
    ),
    "missing descriptor": (
        lambda d: (d / "datapackage.json").unlink(), "datapackage.json", "がありません",
    ),
    "wrong encoding": (
        lambda d: (d / CSV).write_bytes((d / CSV).read_text("utf-8").encode("cp932", "replace")),
        rf"{CSV}: 2 行目", "UTF-8 ではありません",
    ),
    "path out of the package": (
        lambda d: swap(d / "datapackage.json", '"municipalities.csv"', '"../../LICENSE"'),
        "datapackage.json", "path",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told_with_file_row_and_column(rooms: Path, damage: str) -> None:
    hurt, where, what = DAMAGE[damage]
    hurt(rooms / TOWNS)
    table = "age-structure" if "age-structure" in where else None
    with pytest.raises(DataError) as raised:
        data.load(TOWNS, table)
    assert re.search(where, str(raised.value.where))
    assert what in raised.value.message
    assert "datasets/municipalities" in str(raised.value.hint)


@pytest.mark.parametrize("damage", DAMAGE)
def test_checking_tells_the_same_damage(rooms: Path, damage: str) -> None:
    hurt, where, what = DAMAGE[damage]
    hurt(rooms / TOWNS)
    problems = validation.validate(rooms / TOWNS)
    assert any(re.search(where, str(p.where)) and what in p.message for p in problems)
    assert all(isinstance(problem, KitError) for problem in problems)


def test_one_error_says_how_many_there_are(rooms: Path) -> None:
    lines(rooms / TOWNS / CSV, lambda rows: [row.replace(",tama,", ",tame,") for row in rows])
    with pytest.raises(DataError, match="ほかに 29 か所"):
        data.load(TOWNS)


def test_a_row_cut_off_is_told_in_two_sentences_not_in_one_a_cell(rooms: Path) -> None:
    path = rooms / TOWNS / CSV
    path.write_bytes(path.read_bytes()[:5003])
    package = descriptors.read_descriptor(rooms / TOWNS)
    assert len(validation.table_problems(rooms / TOWNS, package, "municipalities")) == 2


def test_windows_line_ends_are_the_same_table(rooms: Path) -> None:
    path = rooms / TOWNS / CSV
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(data.load(TOWNS)) == 62
    assert data.validate(TOWNS) == []


def test_a_table_without_a_seal_is_read_if_it_is_sound(rooms: Path) -> None:
    path = rooms / TOWNS / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    for resource in package["resources"]:
        del resource["hash"]
    path.write_text(json.dumps(package), "utf-8")
    assert len(data.load(TOWNS)) == 62


def test_the_seals_are_those_of_the_files() -> None:
    for name in data.names():
        folder = descriptors.folder_of(name)
        for resource in descriptors.read_descriptor(folder)["resources"]:
            content = (folder / resource["path"]).read_bytes()
            assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
            assert resource["bytes"] == len(content)
            assert b"\r" not in content


# ---- said of them


def test_the_readme_lists_every_table_with_its_rows() -> None:
    listed: dict[tuple[str, str], int] = {}
    name = ""
    for row in (home() / "datasets" / "README.md").read_text("utf-8").splitlines():
        found = re.match(r"\| (?:`([\w-]+)`)? ?\| `([\w-]+)` \| ([\d,]+) \|", row)
        if found:
            name = found[1] or name
            listed[name, found[2]] = int(found[3].replace(",", ""))
    there = {
        (name, table["name"]): len(data.load(name, table["name"]))
        for name in data.names()
        for table in descriptors.read_descriptor(descriptors.folder_of(name))["resources"]
    }
    assert listed == there


def test_everything_said_of_a_dataset_is_said_in_english_too() -> None:
    for name in data.names():
        package = descriptors.read_descriptor(descriptors.folder_of(name))
        parts = [package, *package["resources"]]
        for resource in package["resources"]:
            parts += resource["schema"]["fields"]
            parts += resource["sources"]
        for part in parts:
            for key in ("title", "description", "unit", "publisher", "date", "licence", "note"):
                assert not part.get(key) or part.get(f"{key}_en"), (name, key, part.get("name"))
        assert all(quirk["ja"] and quirk["en"] for quirk in package["quirks"])
