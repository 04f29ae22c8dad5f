"""What followed the epidemic: empty offices, a site built in the open, and a waiting room."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kit import data
from kit.house import home

OFFICES = "office-visitors"
SITE = "covid19-site-contributions"
WAITING = "waiting-room-usability"


def built(name: str) -> dict[str, Any]:
    """Return what ``build.py`` of a package defines, without running it."""
    return runpy.run_path(str(home() / "datasets" / name / "build.py"))


def consecutive(days: pd.Series, step: int = 1) -> bool:
    return bool((days.diff().dropna() == pd.Timedelta(days=step)).all())


# ---- offices and the subway


@pytest.mark.parametrize(("table", "weeks"), [("offices", 104), ("ridership", 98)])
def test_weeks_of_visitors_and_riders_run_without_a_gap(table: str, weeks: int) -> None:
    rows = data.load(OFFICES, table)
    assert len(rows) == weeks
    assert consecutive(rows["week"], 7)
    assert set(rows["week"].dt.day_name()) == {"Monday"}
    assert (rows["end"] - rows["week"]).dt.days.between(0, 6).all()
    assert (rows["start"].iloc[1:].to_numpy() > rows["end"].iloc[:-1].to_numpy()).all()


def test_nobody_visits_only_while_the_offices_are_closed() -> None:
    offices = data.load(OFFICES)
    buildings = offices[["building_1", "building_2", "assembly"]]
    empty = buildings.eq(0)
    assert (empty.any(axis=1) == empty.all(axis=1)).all()
    assert (empty.all(axis=1) == offices["workdays"].eq(0)).all()
    assert offices.loc[empty.all(axis=1), "end"].tolist() == [pd.Timestamp("2020-01-05")]


def test_known_weeks_at_the_offices() -> None:
    offices = data.load(OFFICES).set_index("week")
    assert offices.loc["2020-01-06", "building_1"] == 12_572
    assert offices.loc["2020-05-04", ["workdays", "building_1"]].tolist() == [2, 1244]
    assert offices.loc["2020-12-28", ["workdays", "building_1"]].tolist() == [1, 856]
    sums = offices[["building_1", "building_2", "assembly"]].sum()
    assert sums.tolist() == [663_738, 817_539, 35_539]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2020-01-06", "2020-01-12", 5),
        ("2020-02-24", "2020-03-01", 4),  # the Emperor's birthday fell on a Sunday
        ("2020-04-27", "2020-05-03", 4),
        ("2020-07-20", "2020-07-26", 3),  # moved for the Olympic Games
        ("2020-09-21", "2020-09-27", 3),
        ("2020-12-28", "2021-01-03", 1),
        ("2021-08-09", "2021-08-15", 4),
        ("2021-10-11", "2021-10-17", 5),  # Sports Day was in July that year
    ],
)
def test_working_days_are_counted_by_the_calendar(start: str, end: str, days: int) -> None:
    workdays = built(OFFICES)["workdays"]
    first, last = pd.Timestamp(start).date(), pd.Timestamp(end).date()
    assert workdays(first, last) == days


def test_weeks_with_fewer_working_days_have_fewer_visitors() -> None:
    later = data.load(OFFICES).query("workdays > 0 and week >= '2020-07-01'")
    assert later["building_2"].corr(later["workdays"]) > 0.8


def test_ridership_is_in_per_cent_of_january_2020() -> None:
    rides = data.load(OFFICES, "ridership").set_index("week")
    assert rides.loc["2020-04-27", "change_0730_0930"] == -69.72
    bands = [name for name in rides if name.startswith("change_")]
    assert len(bands) == 3
    assert rides[bands].min().min() == -69.72 and rides[bands].max().max() == 3.06


def test_periods_cut_short_are_as_the_quirks_say() -> None:
    rides = data.load(OFFICES, "ridership").set_index("week")
    assert rides.loc["2020-12-28", "workdays"] == 1
    assert rides["end"].iloc[-1] == pd.Timestamp("2021-12-23")  # a Thursday
    sundays = rides.index[rides["start"].dt.day_name() == "Sunday"]
    assert sundays.tolist() == [pd.Timestamp("2021-08-16")]


# ---- the site


def test_commits_add_up() -> None:
    daily = data.load(SITE)
    assert len(daily) == 354 and consecutive(daily["date"])
    assert daily["commits"].sum() == 9_759  # after the copies were taken out
    assert (daily["bot_commits"] + daily["human_commits"] == daily["commits"]).all()
    assert daily["bot_commits"].sum() == 3_071
    merges = daily["human_commits"] - daily["work_commits"]
    assert (daily["merged_requests"] <= merges).all()
    assert (daily["translation_commits"] <= daily["human_commits"]).all()


def test_people_are_counted_once_as_newcomers() -> None:
    daily = data.load(SITE)
    assert (daily["newcomers"] <= daily["contributors"]).all()
    assert (daily["contributors"] <= daily["human_commits"]).all()
    assert (daily["contributors"].eq(0) == daily["human_commits"].eq(0)).all()
    assert daily["newcomers"].sum() == 368
    early = daily[daily["date"] < "2020-03-04"]
    assert early["contributors"].max() == 11 and early["bot_commits"].sum() == 0


def test_ranks_fall_and_leave_out_merges() -> None:
    people = data.load(SITE, "contributors")
    assert people["rank"].tolist() == list(range(1, 351))
    assert people["commits"].is_monotonic_decreasing
    assert people["commits"].iloc[0] == 322
    assert people["commits"].sum() == data.load(SITE)["work_commits"].sum() == 4_006


def test_no_names_are_told() -> None:
    assert list(data.load(SITE, "contributors")) == ["rank", "commits"]
    assert not data.load(SITE).select_dtypes(["object", "string"]).columns.size


# ---- the waiting room


def test_the_published_score_comes_out() -> None:
    usability = data.load(WAITING)
    assert len(usability) == 30
    assert usability["score"].mean() == pytest.approx(71.7, abs=0.05)
    assert usability["score"].std(ddof=1) == pytest.approx(15.2, abs=0.05)


def test_the_score_is_that_of_its_ten_items() -> None:
    usability = data.load(WAITING)
    items = usability[[f"sus_{n:02}" for n in range(1, 11)]]
    odd, even = items.iloc[:, ::2] - 1, 5 - items.iloc[:, 1::2]
    assert (2.5 * (odd.sum(axis=1) + even.sum(axis=1)) == usability["score"]).all()
    assert (items.nunique(axis=1) == 1).sum() == 1  # the one who answered 3 throughout


@pytest.mark.parametrize(
    ("answers", "expected"),
    [([3] * 10, 50), ([5, 1] * 5, 100), ([1, 5] * 5, 0), ([4, 2, 4, 1, 4, 2, 4, 2, 4, 2], 77.5)],
)
def test_scoring_by_hand(answers: list[int], expected: float) -> None:
    score = built(WAITING)["score"]
    assert score(answers) == expected


def test_fifteen_people_had_each_order() -> None:
    people = data.load(WAITING, "participants")
    assert people["first_condition"].value_counts().to_dict() == {"told": 15, "not-told": 15}
    responses = data.load(WAITING, "responses")
    assert len(responses) == 60
    both = responses.pivot(index="participant", columns="period", values="condition")
    assert (both[1] != both[2]).all()
    assert (both[1].to_numpy() == people["first_condition"].to_numpy()).all()


def test_known_means_of_the_two_conditions() -> None:
    means = data.load(WAITING, "responses").groupby("condition").mean(numeric_only=True)
    assert means.loc["told", "frustration"] == pytest.approx(2.2)
    assert means.loc["not-told", "frustration"] == pytest.approx(2.4667, abs=1e-4)
    assert means.loc["told", "time_estimate"] == pytest.approx(4.45)
    assert means.loc["not-told", "exit_likelihood"] == pytest.approx(2.7667, abs=1e-4)


def test_workload_has_the_ticks_of_the_paper_form() -> None:
    workload = data.load(WAITING, "workload").set_index("participant")
    assert workload.shape == (30, 6)
    assert workload.mod(5).eq(0).all().all()
    assert workload["frustration"].mean() == 26 and workload["performance"].max() == 100


def test_discomfort_is_the_sum_of_its_items() -> None:
    discomfort = data.load(WAITING, "discomfort")
    items = discomfort.filter(like="fds_")
    assert items.shape == (60, 28)
    assert (items.sum(axis=1) == discomfort["total"]).all()
    means = discomfort.groupby("occasion")["total"].mean()
    assert means["before"] == pytest.approx(71.07, abs=0.01)
    assert means["after"] == pytest.approx(71.33, abs=0.01)


def test_people_are_numbers() -> None:
    for table in ("usability", "workload", "participants"):
        assert data.load(WAITING, table)["participant"].tolist() == list(range(1, 31))
    text = (home() / "datasets" / WAITING / "usability.csv").read_text("utf-8")
    assert "874GE" not in text  # a participant's code in the raw table


def test_building_stops_where_people_stand_in_another_order(tmp_path: Path) -> None:
    room = tmp_path / "vr_queue"
    room.mkdir()
    (room / "SUS_sus.csv").write_text("ID,a\nAAA,Strongly agree\nBBB,Strongly agree\n")
    (room / "other.csv").write_text("ID,a\nBBB,1\nAAA,1\n")
    people = built(WAITING)["people"]
    with pytest.raises(ValueError, match=r"other\.csv: person 1"):
        list(people(tmp_path, "other.csv"))
