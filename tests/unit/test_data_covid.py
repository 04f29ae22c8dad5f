"""Two years of the epidemic: known numbers, corrections that show, and no silent gaps."""

from __future__ import annotations

import json
import re
import runpy
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kit import data
from kit.data import descriptors, validation
from kit.errors import DataError
from kit.house import home

TOKYO = "covid19-tokyo"
MUNICIPAL = "covid19-municipal"
OFFICES = "office-visitors"
SITE = "covid19-site-contributions"
WAITING = "waiting-room-usability"
ALL = (TOKYO, MUNICIPAL, OFFICES, SITE, WAITING)
DAY = pd.Timedelta(days=1)


def built(name: str) -> dict[str, Any]:
    """Return what ``build.py`` of a package defines, without running it."""
    return runpy.run_path(str(home() / "datasets" / name / "build.py"))


def consecutive(days: pd.Series, step: int = 1) -> bool:
    return bool((days.diff().dropna() == step * DAY).all())


# ---- all five


@pytest.mark.parametrize("name", ALL)
def test_each_package_is_sound(name: str) -> None:
    assert [str(problem) for problem in data.validate(name)] == []


@pytest.mark.parametrize("name", ALL)
def test_everything_is_said_in_both_languages(name: str) -> None:
    package = descriptors.read_descriptor(descriptors.folder_of(name))
    assert package["version"]
    for one in (package, *package["resources"]):
        for key in ("title", "title_en", "description", "description_en"):
            assert one[key], (one["name"], key)
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert bool(field.get("description")) == bool(field.get("description_en")), field
            assert field["title_en"].isascii() or "–" in field["title_en"]
    for quirk in package["quirks"]:
        assert quirk["ja"].endswith("。") and quirk["en"].endswith(".")


@pytest.mark.parametrize("name", ALL)
def test_each_table_cites_a_licence_that_was_read_or_says_so(name: str) -> None:
    package = descriptors.read_descriptor(descriptors.folder_of(name))
    for resource in package["resources"]:
        cited = data.load(name, resource["name"]).attrs["citation"]
        expected = "second-hand" if resource["name"] == "measures" else "seen"
        assert {one.known for one in cited.sources} == {expected}
        assert not re.search("[ぁ-んァ-ヶ一-龠]", cited.line("en"))


# ---- Tokyo day by day


def test_the_days_run_without_a_gap() -> None:
    daily = data.load(TOKYO)
    assert len(daily) == 714
    assert (daily["date"].min(), daily["date"].max()) == tuple(
        pd.to_datetime(["2020-01-14", "2021-12-27"])
    )
    assert consecutive(daily["date"])


def test_a_series_once_begun_has_no_holes() -> None:
    daily = data.load(TOKYO).drop(columns="date")
    for name, series in daily.items():
        alive = series.loc[series.first_valid_index() : series.last_valid_index()]
        assert alive.notna().all(), name


def test_known_days_of_the_epidemic() -> None:
    daily = data.load(TOKYO).set_index("date")
    assert daily["cases_reported"].max() == 5908
    assert daily.loc["2021-01-07", "cases_reported"] == 2520  # announced as 2,447, corrected later
    assert daily["cases_reported"].sum() == daily["cases_confirmed"].sum() == 382_834
    assert daily.loc[:"2021-12-26", "cases_reported"].sum() == 382_799
    assert daily["cases_by_onset"].sum() == 265_403
    assert daily["deaths_total"].iloc[-1] == 3174
    assert daily["tests"].sum() == 4_392_884


def test_what_was_not_counted_yet_is_blank_and_not_zero() -> None:
    last = data.load(TOKYO).iloc[-1]
    assert last[["cases_confirmed", "cases_by_onset", "tests"]].isna().all()
    assert last["cases_reported"] == 35


def test_totals_never_fall_and_parts_fit_into_wholes() -> None:
    daily = data.load(TOKYO)
    totals = [name for name in daily if name.endswith("_total")]
    assert len(totals) == 5
    for name in totals:
        assert daily[name].dropna().is_monotonic_increasing, name
    for part, whole in (
        ("dose2_total", "dose1_total"),
        ("dose1_65_total", "dose1_total"),
        ("dose2_65_total", "dose1_65_total"),
        ("severe", "hospitalised"),
    ):
        both = daily[[part, whole]].dropna()
        assert (both[part] <= both[whole]).all(), part


def test_the_consultation_desk_hands_over_on_one_day() -> None:
    daily = data.load(TOKYO).set_index("date")
    both = daily[["calls_consultation", "calls_fever_center"]].dropna()
    assert [day.strftime("%Y-%m-%d") for day in both.index] == ["2020-10-30"]
    assert both.iloc[0].tolist() == [792, 347]
    weekend = daily.index.day_of_week >= 5
    means = daily.groupby(weekend)[["calls_consultation", "calls_fever_center"]].mean()
    assert means.loc[True, "calls_consultation"] < 0.6 * means.loc[False, "calls_consultation"]
    assert means.loc[True, "calls_fever_center"] > means.loc[False, "calls_fever_center"]


def test_changes_of_definition_stand_where_the_quirks_say() -> None:
    steps = data.load(TOKYO).set_index("date")[["hospitalised", "severe"]].diff()
    assert steps["hospitalised"].idxmin() == pd.Timestamp("2020-05-12")
    assert steps["hospitalised"].min() == -1096
    assert steps.loc["2020-04-27", "severe"] == 93 - 66


def test_positivity_is_a_share_of_seven_days_and_not_of_tests() -> None:
    daily = data.load(TOKYO)
    known = daily["positivity"].dropna()
    assert known.min() > 0 and known.max() == pytest.approx(0.317)
    week = daily["cases_confirmed"].rolling(7).sum() / daily["tests"].rolling(7).sum()
    assert (week - daily["positivity"]).abs().max() > 0.1


def test_measures_follow_one_another_and_never_overlap() -> None:
    measures = data.load(TOKYO, "measures")
    assert len(measures) == 7
    assert (measures["start"] <= measures["end"]).all()
    assert (measures["start"].iloc[1:].to_numpy() > measures["end"].iloc[:-1].to_numpy()).all()
    for kind, numbers in measures.groupby("kind")["number"]:
        assert numbers.tolist() == list(range(1, len(numbers) + 1)), kind
    touching = measures["start"].iloc[1:].to_numpy() == (measures["end"].iloc[:-1] + DAY).to_numpy()
    assert touching.tolist() == [False, False, True, True, True, False]


def test_only_states_of_emergency_count_as_confirmed() -> None:
    measures = data.load(TOKYO, "measures")
    cited = measures["confirmed"] == "cited"
    assert (cited == (measures["kind"] == "emergency")).all()
    assert cited.sum() == 4


# ---- municipalities week by week


def test_all_towns_are_there_in_every_week() -> None:
    weekly = data.load(MUNICIPAL)
    towns = set(data.load("municipalities")["code"])
    assert len(weekly) == 62 * 91
    assert all(set(codes) == towns for _, codes in weekly.groupby("week_ending")["code"])
    weeks = weekly["week_ending"].drop_duplicates().sort_values()
    assert consecutive(weeks, 7)
    assert set(weeks.dt.day_name()) == {"Sunday"}


def test_new_cases_are_the_steps_of_the_cumulative_count() -> None:
    weekly = data.load(MUNICIPAL)
    steps = weekly.groupby("code")["cumulative"].diff()
    pd.testing.assert_series_equal(steps, weekly["new"], check_names=False)
    first = weekly["week_ending"] == weekly["week_ending"].min()
    assert (weekly["new"].isna() == first).all()


def test_negative_weeks_are_kept_as_corrections() -> None:
    weekly = data.load(MUNICIPAL)
    negative = weekly[weekly["new"] < 0]
    assert len(negative) == 17
    least = negative.loc[negative["new"].idxmin()]
    assert (least["code"], least["new"]) == ("13122", -5)  # Katsushika


def test_the_municipalities_sum_to_less_than_tokyo() -> None:
    last = data.load(MUNICIPAL, vintage="2021-12-26")
    assert last["cumulative"].sum() == 353_259
    daily = data.load(TOKYO).set_index("date").loc[:"2021-12-26", "cases_reported"]
    assert daily.sum() - last["cumulative"].sum() == 29_540
    totals = data.load(MUNICIPAL, "totals").set_index("week_ending")
    assert totals.loc["2021-12-26", "elsewhere"] == 29_540
    assert (totals["tokyo"] == daily.cumsum().reindex(totals.index)).all()
    assert (totals["municipalities"] + totals["elsewhere"] == totals["tokyo"]).all()
    assert totals["elsewhere"].min() > 0


def test_weeks_corrected_in_bulk_are_marked() -> None:
    totals = data.load(MUNICIPAL, "totals").set_index("week_ending")
    marked = totals.index[totals["revised"].fillna(False).astype(bool)].strftime("%Y-%m-%d")
    assert marked.tolist() == ["2020-05-17", "2020-05-24", "2021-02-14", "2021-10-31"]
    worst = totals.loc["2021-10-31"]
    assert (worst["municipalities_new"], worst["tokyo_new"]) == (3683, 165)


def test_a_week_or_the_latest_may_be_asked_for() -> None:
    assert len(data.vintages(MUNICIPAL)) == 91
    latest = data.load(MUNICIPAL, vintage="latest", municipality="新宿区")
    assert latest["week_ending"].dt.strftime("%Y-%m-%d").item() == "2021-12-26"
    assert data.vintages(MUNICIPAL, "totals") == ()
    with pytest.raises(DataError) as raised:
        data.load(MUNICIPAL, vintage="2021-12-25")  # a Saturday
    assert "2021-12-26" in str(raised.value.hint)


# ---- damage is caught


@pytest.mark.parametrize(
    ("name", "table", "old", "new", "column"),
    [
        (TOKYO, "daily", "2020-01-15,,", "2020-01-14,,", "date"),
        (TOKYO, "daily", ",0.317,", ",31.7,", "positivity"),
        (TOKYO, "measures", "emergency,4", "emergency,5", "number"),
        (TOKYO, "measures", "third-party", "perhaps", "confirmed"),
        (MUNICIPAL, "weekly", "2020-04-12,13101,11,5", "2020-04-12,13999,11,5", "13999"),
        (MUNICIPAL, "weekly", "2020-04-12,13101,11,5", "2020-04-12,13101,-11,5", "cumulative"),
        (OFFICES, "offices", "2020-01-12,5,", "2020-01-12,8,", "workdays"),
        (OFFICES, "ridership", "-69.72", "-169.72", "change_0730_0930"),
        (SITE, "contributors", "\n2,", "\n1,", "rank"),
        (SITE, "daily", "2020-02-29,39,0,", "2020-02-29,39,,", "bot_commits"),
        (WAITING, "usability", "\n1,5,", "\n1,6,", "sus_01"),
        (WAITING, "responses", "told,6,1,1", "told,6,0,1", "frustration"),
        (WAITING, "workload", "2,5,0,15,0,5,100", "2,5,0,15,0,5,105", "performance"),
    ],
)  # fmt: skip
def test_damage_is_told_with_its_column(
    tmp_path: Path, name: str, table: str, old: str, new: str, column: str
) -> None:
    folder = tmp_path / name
    shutil.copytree(home() / "datasets" / name, folder)
    # Keys look into other packages by way of the folder that holds them all.
    shutil.copytree(home() / "datasets" / "municipalities", tmp_path / "municipalities")
    path = folder / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    problems = validation.table_problems(folder, package, table)
    assert any(column in f"{problem.where} {problem.message}" for problem in problems)


@pytest.mark.parametrize("name", ALL)
def test_building_stops_without_the_raw_tables(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["build.py", "--raw", str(tmp_path / "nowhere")])
    main = built(name)["main"]
    with pytest.raises(SystemExit):
        main()
