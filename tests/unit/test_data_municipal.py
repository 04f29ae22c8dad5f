"""Real figures of the municipalities and prefectures agree with themselves and with one another."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from conftest import copy_room

from kit import data, places
from kit.data.descriptors import folder_of, read_descriptor
from kit.errors import DataError

STATISTICS = "municipal-statistics"
CARDS = "mynumber-cards"
DONATIONS = "furusato-nozei"
CHILDCARE = "childcare-waiting"
PANELS = [
    (STATISTICS, "annual", 11),
    (STATISTICS, "population", 5),
    (STATISTICS, "register-population", 7),
    (STATISTICS, "fiscal", 17),
    (STATISTICS, "settlement", 8),
    (CARDS, "cards", 46),
    (DONATIONS, "donations", 13),
    (DONATIONS, "deductions", 1),
]
TOWNS = {town.code for town in places.all_()}
TOKYO = "13"
NOBODY_SMALLER = "青ヶ島村"


def build_of(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build script of a dataset, and the modules beside it, without running it."""
    folder = folder_of(name)
    monkeypatch.syspath_prepend(str(folder))
    for beside in folder.glob("*.py"):
        monkeypatch.delitem(sys.modules, beside.stem, raising=False)
    spec = importlib.util.spec_from_file_location("build", folder / "build.py")
    assert spec and spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    return build


def time_of(name: str, table: str) -> str:
    (found,) = (
        one["vintage"] for one in read_descriptor(folder_of(name))["resources"]
        if one["name"] == table
    )  # fmt: skip
    return str(found)


def annual() -> pd.DataFrame:
    return data.load(STATISTICS, "annual")


def tokyo() -> pd.DataFrame:
    table = data.load(CHILDCARE)
    return table[table["prefecture_code"] == TOKYO].set_index("year")


# ---- every town at every time


@pytest.mark.parametrize(("name", "table", "times"), PANELS)
def test_all_62_are_there_at_every_time(name: str, table: str, times: int) -> None:
    frame, time = data.load(name, table), time_of(name, table)
    assert frame[time].nunique() == times == len(data.vintages(name, table))
    for _, rows in frame.groupby(time):
        assert len(rows) == 62 and set(rows["code"]) == TOWNS


@pytest.mark.parametrize(("name", "table", "times"), PANELS)
def test_one_town_at_the_latest_time_is_one_row(name: str, table: str, times: int) -> None:
    row = data.load(name, table, municipality="八王子", vintage="latest")
    assert len(row) == 1 and row["code"].item() == "13201"
    assert len(data.load(name, table, municipality=NOBODY_SMALLER)) == times


def test_the_tables_by_age_and_prefecture_are_whole() -> None:
    ages = data.load(CARDS, "by-age").groupby(["date", "sex"], sort=True).size()
    assert set(ages.loc[:"2022-03-31"]) == {22} and set(ages.loc["2022-04-01":]) == {20}
    prefectures = data.load(CHILDCARE)
    assert len(prefectures) == 47 * 12 and not prefectures.isna().any(axis=None)
    assert prefectures.groupby("prefecture_code")["prefecture_en"].nunique().eq(1).all()


@pytest.mark.parametrize("name", [STATISTICS, CARDS, DONATIONS, CHILDCARE])
def test_each_package_is_told_in_both_languages(name: str) -> None:
    package = read_descriptor(folder_of(name))
    assert package["version"] and all(quirk["ja"] and quirk["en"] for quirk in package["quirks"])
    for one in (package, *package["resources"]):
        assert all(one[key] for key in ("title", "title_en", "description", "description_en"))
    for resource in package["resources"]:
        assert resource["sources"]
        for field in resource["schema"]["fields"]:
            assert ("description" in field) == ("description_en" in field), field["name"]


def test_a_table_by_prefecture_is_not_by_municipality() -> None:
    with pytest.raises(DataError, match="区市町村ごとではありません"):
        data.load(CHILDCARE, municipality="八王子")


# ---- yearly statistics


def test_an_item_is_asked_of_all_towns_or_of_none() -> None:
    asked = annual().drop(columns="code").groupby("year").count()
    assert set(asked.to_numpy().ravel()) == {0, 62}
    years = {name: asked.index[asked[name] > 0].tolist() for name in asked}
    assert years["births"] == list(range(2016, 2024))
    assert years["doctors"] == [2014, 2016, 2018, 2020, 2022]
    assert years["administrative_staff"] == [2021, 2022, 2023, 2024]
    assert years["nurseries"] == list(range(2019, 2024))


@pytest.mark.parametrize(
    "item", ["births", "deaths", "marriages", "divorces", "kindergartens", "elementary_pupils"]
)
def test_the_towns_add_up_to_tokyo(item: str) -> None:
    towns = annual().groupby("year")[item].sum(min_count=62)
    short = (tokyo()[item] - towns).dropna()
    assert short.index.tolist() == list(range(2016, 2023))
    assert short.loc[2018:].eq(0).all() and short.between(0, 2).all()


def test_moves_inside_tokyo_cancel_out() -> None:
    towns = annual().groupby("year")[["in_migrants", "out_migrants"]].sum(min_count=62)
    gain = towns["in_migrants"] - towns["out_migrants"]
    whole = tokyo()["in_migrants"] - tokyo()["out_migrants"]
    assert (gain - whole).dropna().tolist() == [0] * 7
    assert (towns["in_migrants"] - tokyo()["in_migrants"]).dropna().min() > 0


def test_nurseries_of_two_publications_agree() -> None:
    towns = annual().groupby("year")["nurseries"].sum(min_count=62)
    assert (towns - tokyo()["nurseries"]).dropna().tolist() == [0, 0, 0, 0]


def test_pupils_of_an_edition_are_those_of_the_year_before() -> None:
    edition = data.load(STATISTICS, "population").assign(year=lambda rows: rows["year"] - 1)
    pupils = ["elementary_pupils", "junior_high_students"]
    both = edition.merge(annual(), on=["code", "year"], suffixes=("", "_annual"))
    assert len(both) == 310
    assert all((both[name] == both[f"{name}_annual"]).all() for name in pupils)


def test_toshima_moved_its_pupils_into_one_school() -> None:
    rows = data.load(STATISTICS, "annual", municipality="利島").set_index("year")
    assert rows.loc[2024, ["elementary_schools", "compulsory_schools"]].tolist() == [0, 1]
    assert rows.loc[2024, ["compulsory_lower_pupils", "compulsory_upper_students"]].sum() > 0


def test_missing_years_are_empty_and_zeroes_are_kept() -> None:
    rows = data.load(STATISTICS, "annual", municipality=NOBODY_SMALLER).set_index("year")
    assert rows["births"].isna().tolist() == [year in (2014, 2015, 2024) for year in rows.index]
    assert rows.loc[[2018, 2021], "births"].tolist() == [0, 0]


# ---- populations


def test_estimates_are_those_tokyo_published() -> None:
    rows = data.load(STATISTICS, "population")
    assert rows.groupby("year")["population"].sum().to_dict() == {
        2019: 13_857_443, 2020: 13_951_636, 2021: 13_960_236, 2022: 13_988_129, 2023: 14_034_861,
    }  # fmt: skip
    assert (rows["population_male"] + rows["population_female"] == rows["population"]).all()
    assert (rows["households"] <= rows["population"]).all()
    newest = data.load(STATISTICS, "population", vintage="latest").set_index("code")
    towns = data.load("municipalities").set_index("code")
    assert (newest["population"] == towns["population_2023"]).all()
    assert (newest["households"] == towns["households_2023"]).all()


def test_january_estimates_lie_a_little_below_the_octobers_around_them() -> None:
    january = data.load(STATISTICS, "population").groupby("year")["population"].sum()
    october = tokyo()["population"]
    for year in (2019, 2020, 2021, 2022):
        # The Octobers follow the census of 2020 back to 2016; the Januaries until 2021 do not.
        assert 0.993 < january[year] / october[[year - 1, year]].mean() < 0.998


def test_the_register_is_the_denominator_of_the_card_rate() -> None:
    register = data.load(STATISTICS, "register-population")
    assert register[register["year"] == 2022]["population"].sum() == 13_794_933
    cards = data.load(CARDS)
    cards["year"] = cards["population_date"].dt.year
    both = cards.merge(register, on=["code", "year"], suffixes=("", "_register"))
    assert len(both) == len(cards)
    assert (both["population"] == both["population_register"]).all()


# ---- finance


def test_two_publications_of_the_ratios_agree_in_all_434_cells() -> None:
    both = data.load(STATISTICS, "fiscal").merge(
        data.load(STATISTICS, "settlement"), on=["code", "fiscal_year"], suffixes=("", "_ssdse")
    )
    assert len(both) == 434
    for name in ("current_balance_ratio", "debt_service_ratio"):
        assert (both[name] == both[f"{name}_ssdse"]).all()


def test_what_the_indices_lack_is_what_was_not_published() -> None:
    rows = data.load(STATISTICS, "fiscal")
    assert rows[rows["laspeyres"].isna()]["fiscal_year"].unique().tolist() == [2007]
    assert rows[rows["fiscal_year"] < 2008]["future_burden_ratio"].isna().all()
    wards = {town.code for town in places.all_() if town.kind == "ward"}
    assert rows[rows["code"].isin(wards)]["future_burden_ratio"].isna().all()
    assert rows["future_burden_ratio"].notna().sum() == 236
    tenths = rows["current_balance_ratio"] * 10
    assert (tenths - tenths.round()).abs().max() < 1e-9


def test_parts_of_the_accounts_fit_into_the_whole() -> None:
    rows = data.load(STATISTICS, "settlement")
    parts = ["welfare", "public_works", "education", "disaster_recovery"]
    assert (rows[[f"{part}_expenditure" for part in parts]].sum(axis=1) < rows["expenditure"]).all()
    assert (rows["local_tax"] < rows["revenue"]).all()


# ---- cards


def test_shares_are_cards_over_population() -> None:
    for table in ("cards", "by-age"):
        rows = data.load(CARDS, table)
        assert (rows["cards"] / rows["population"] - rows["share"]).abs().max() < 0.00051
        assert rows["population"].min() > 0


def test_cards_of_a_town_are_never_taken_off() -> None:
    rows = data.load(CARDS).sort_values(["code", "date"])
    assert rows.groupby("code")["cards"].diff().min() == 0
    whole = data.load(CARDS, "by-age").query("age_group == 'all'").groupby("date")["cards"].sum()
    assert whole.is_monotonic_increasing and whole.iloc[-1] == 71_905_789


def test_the_denominator_steps_once_a_year_for_all_at_once() -> None:
    rows = data.load(CARDS)
    assert rows.groupby("date")["population_date"].nunique().eq(1).all()
    assert rows.groupby(["code", "population_date"])["population"].nunique().eq(1).all()
    assert rows["population_date"].nunique() == 7
    assert (rows["population_date"] < rows["date"]).all()


def test_ages_add_up_to_everyone_but_the_few_of_unknown_age() -> None:
    rows = data.load(CARDS, "by-age")
    everyone = rows[rows["age_group"] == "all"].set_index(["date", "sex"])
    ages = rows[rows["age_group"] != "all"].groupby(["date", "sex"])[["population", "cards"]].sum()
    assert (everyone["cards"] - ages["cards"]).eq(0).all()
    assert (everyone["population"] - ages["population"]).between(0, 49).all()


def test_the_top_age_changes_once() -> None:
    rows = data.load(CARDS, "by-age")
    top = {"90-94", "95-99", "100+"}
    early, late = rows[rows["date"] < "2022-05-01"], rows[rows["date"] >= "2022-05-01"]
    assert top < set(early["age_group"]) and "90+" not in set(early["age_group"])
    assert top.isdisjoint(late["age_group"]) and "90+" in set(late["age_group"])
    # Each part belongs to one base date, so the three bands together are the one that follows.
    same_base = rows[rows["population_date"] == "2021-01-01"]
    by_group = same_base.groupby(["age_group", "sex"])["population"].first()
    for sex in ("female", "male"):
        assert sum(by_group[age, sex] for age in top) == by_group["90+", sex]


def test_a_row_with_last_years_sexes_is_put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    build = build_of(CARDS, monkeypatch)
    right = {"age_group": "30～34", "pop_all": "5", "pop_f": "2", "pop_m": "3"}
    assert build.sound([{**right, "pop_f": "4"}, right]) == [right, right]
    with pytest.raises(KeyError):  # no row to put it right from
        build.sound([{**right, "pop_f": "4"}])


# ---- hometown tax


def test_a_number_nobody_wrote_down_is_not_zero() -> None:
    rows = data.load(DONATIONS)
    unknown = rows[rows["donations"].isna()]
    assert sorted(unknown["code"].unique()) == ["13105", "13111", "13118"]
    assert len(unknown) == 21 and unknown["received"].min() > 0
    assert rows[rows["donations"] == 0]["received"].eq(0).all()


def test_years_without_a_donation_have_no_average() -> None:
    rows = data.load(DONATIONS, municipality=NOBODY_SMALLER)
    assert (rows["donations"] == 0).sum() == 7
    average = (rows["received"] / rows["donations"].where(rows["donations"] > 0)).dropna()
    assert len(average) == 6 and average.max() < 1000


def test_deductions_are_the_municipal_six_tenths_of_tokyos() -> None:
    rows = data.load(DONATIONS, "deductions")
    assert data.vintages(DONATIONS, "deductions") == ("2021",)
    # Reported by the ministry for the taxes of 2021: 107,915 million yen, of which 4/10 are Tokyo's.
    assert rows["deduction"].sum() == pytest.approx(107_915_000 * 0.6, rel=0.0005)


# ---- childcare


def test_waiting_children_are_those_the_ministry_announced() -> None:
    rows = data.load(CHILDCARE)
    japan = rows.groupby("year")["waiting"].sum()
    assert japan[[2016, 2017]].tolist() == [23_553, 26_081]
    of_2017 = rows[rows["year"] == 2017].set_index("prefecture_en")["waiting"]
    assert of_2017[["Tokyo", "Okinawa", "Chiba"]].tolist() == [8_586, 2_247, 1_787]
    assert tokyo()["waiting"][[2016, 2022]].tolist() == [8_466, 300]


def test_what_stands_about_the_prefectures_is_so() -> None:
    rows = data.load(CHILDCARE)
    assert (rows["enrolled"] > rows["capacity"]).sum() == 158
    never = rows.groupby("prefecture_en")["waiting"].max().eq(0)
    assert set(never.index[never]) == {"Aomori", "Toyama", "Ishikawa", "Yamanashi", "Tottori"}
    others = rows[rows["prefecture_code"] != TOKYO].groupby("year")["waiting"].max()
    assert (tokyo()["waiting"] > others).loc[:2021].all()
    # Nobody leaves Japan in these figures: moves between prefectures cancel out.
    moves = rows.groupby("year")[["in_migrants", "out_migrants"]].sum()
    assert (moves["in_migrants"] == moves["out_migrants"]).all()


# ---- damage


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "said"),
    [
        (STATISTICS, "annual.csv", "13101,2016,627", "13101,2016,-627", "-627 は小さすぎます"),
        (STATISTICS, "annual.csv", "13101,2016,", "13101,2061,", "2061 は大きすぎます"),
        (STATISTICS, "population.csv", "0.1779", "17.79", "17.79 は大きすぎます"),
        (STATISTICS, "fiscal.csv", "13101,2006", "13101,2005", "重ねて書けません"),
        (STATISTICS, "settlement.csv", "57707768", "", "空にはできません"),
        (CARDS, "cards.csv", "13101,58576", "13999,58576", "13999"),
        (CARDS, "cards.csv", "0.118", "11.8", "11.8 は大きすぎます"),
        (CARDS, "by-age.csv", "0-4,0,", "0～4歳,0,", "使えない値です"),
        (CARDS, "by-age.csv", "2017-05-15,all", "2017/05/15,all", "日付（2020-04-01 の形）"),
        (DONATIONS, "donations.csv", "17660", "17.7百万", "整数ではありません"),
        (CHILDCARE, "prefectures.csv", "01,北海道", "1,北海道", "使えない値です"),
    ],
)  # fmt: skip
def test_damage_is_found_and_told(
    house: Path, name: str, file: str, old: str, new: str, said: str
) -> None:
    path = copy_room(house, "datasets") / name / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError) as raised:
        data.load(name, file.removesuffix(".csv"))
    assert said in str(raised.value) and file in str(raised.value.where)
