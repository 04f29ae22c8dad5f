"""A journey says what a person goes through, and refuses what cannot be gone through."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.design.journey import Journey, Range, Step
from kit.design.tables import HEADINGS, frame_from_text
from kit.errors import KitError


def a_journey() -> Journey:
    return Journey(
        "写し",
        (
            Step("調べる", (5, 20, 60), kind="learning", emotion=-1),
            Step("行く", (20, 40, 90), channel="travel", path="counter", trips=1, yen=300),
            Step("窓口", (5, 10, 20), channel="counter", path="counter", back="入力する"),
            Step("出直す", 60, channel="travel", path="counter", share=0.25, redo=True, trips=1),
            Step("入力する", 15, channel="online", path="online"),
            Step("審査する", 30, actor="back"),
        ),
    )


def test_minutes_are_weighed_by_path_and_share():
    way = a_journey()
    assert way.minutes() == 20 + 40 + 10 + 0.25 * 60
    assert way.minutes(online_share=1) == 20 + 15
    assert way.minutes(online_share=0.5) == pytest.approx((85 + 35) / 2)
    assert way.minutes(channel="counter") == 10
    assert way.trips() == 1.25


def test_what_the_office_does_is_not_the_citizens_burden():
    way = a_journey()
    longer = way.changed({"審査する": {"minutes": 999}})
    assert longer.minutes() == way.minutes()


def test_a_path_shows_only_its_own_steps():
    assert [s.name for s in a_journey().of(path="online")] == ["調べる", "入力する"]


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (Step("審査", 5, actor="back"),),
        (Step("同じ", 1), Step("同じ", 2)),
        (Step("一", 1, then="二"), Step("二", 1, then="一")),
        (Step("一", 1, then="一"),),
        (Step("一", 1, then="どこにもない"),),
    ],
    ids=["empty", "nobody", "twice", "loop", "itself", "nowhere"],
)
def test_a_journey_that_cannot_be_walked_is_refused(steps):
    with pytest.raises(KitError):
        Journey("旅", steps)


def test_a_loop_is_named_with_a_way_out():
    with pytest.raises(KitError, match="一 → 二 → 一") as refused:
        Journey("旅", (Step("一", 1, then="二"), Step("二", 1, then="一")))
    assert "share" in refused.value.hint


def test_branches_that_meet_again_are_no_loop():
    way = Journey("旅", (Step("一", 1, then="三"), Step("二", 1), Step("三", 1, then="end")))
    assert way.minutes() == 3


@pytest.mark.parametrize(
    "values",
    [
        {"minutes": -1},
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"minutes": (10, 5, 20)},
        {"minutes": (1, 2)},
        {"minutes": "十"},
        {"share": 1.2},
        {"share": -0.1},
        {"share": float("nan")},
        {"trips": -1},
        {"yen": float("nan")},
        {"emotion": 3},
        {"emotion": 0.5},
        {"path": "somewhere"},
        {"kind": "other"},
        {"actor": "nobody"},
        {"channel": "moon"},
    ],
)
def test_impossible_values_are_refused_with_the_steps_name(values):
    with pytest.raises(KitError) as refused:
        Step("窓口へ行く", **({"minutes": 1} | values))
    assert "窓口へ行く" in str(refused.value)


def test_a_step_needs_a_name():
    with pytest.raises(KitError):
        Step("  ", 1)


def test_changing_a_step_that_is_not_there_names_those_that_are():
    with pytest.raises(KitError) as refused:
        a_journey().changed({"なし": {"minutes": 1}})
    assert "調べる" in refused.value.hint


def test_a_table_goes_round():
    way = a_journey()
    assert Journey.from_frame(way.frame(), name=way.name) == way


def test_a_table_as_people_read_it_goes_round_too():
    way = a_journey()
    table = way.table()
    assert "ふつう（分）" in table.columns and "窓口の人" in set(table["通る人"])
    assert Journey.from_frame(table, name=way.name) == way


def test_a_table_typed_in_japanese_is_read():
    way = Journey.from_text(
        """手順,分,外出,書類,円,気持ち,通る人
案内をさがす,１５分,,,,-1,
役所へ行く,40,1,,300,−1,窓口の人
送る,10,0,0,0,1,オンライン
""",
        name="うちの手続き",
    )
    first, second, third = way.steps
    assert first.minutes == Range.of(15) and first.emotion == -1 and first.trips == 0
    assert second.path == "counter" and second.yen == 300
    assert third.path == "online"


def test_a_table_pasted_from_a_spreadsheet_is_read():
    way = Journey.from_text("手順\t最短\t分\t最長\n行く、帰る\t10\t20\t40\n\n")
    assert way.steps[0] == Step("行く、帰る", (10, 20, 40))


def test_english_headings_are_read():
    way = Journey.from_text("step,minutes,way,cost\nLook it up,15,all,learning\n")
    assert way.steps[0].kind == "learning"


def test_one_known_end_invents_no_range():
    frame = pd.DataFrame({"手順": ["待つ"], "最長": [30]})
    frame["分"] = [float("nan")]
    assert Journey.from_frame(frame).steps[0].minutes == Range.of(30)


def test_rows_left_empty_are_skipped_and_missing_cells_take_the_default():
    frame = pd.DataFrame(
        {"name": ["行く", None, "待つ"], "minutes": [10, None, 5], "yen": [float("nan"), None, 0]}
    )
    way = Journey.from_frame(frame)
    assert [s.name for s in way.steps] == ["行く", "待つ"]
    assert way.steps[0].yen == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("手順,分\n行く,\n", ["1 行目", "行く", "分"]),
        ("手順,分\n行く,多分\n", ["行く", "多分"]),
        ("手順,分,気持ち\n行く,5,とても悪い\n", ["気持ち", "とても悪い"]),
        ("手順,分,色\n行く,5,赤\n", ["色"]),
        ("手順,書類\n行く,5\n", ["分"]),
        ("手順,分\n行く,1,000\n", ["行く", "1000"]),
        ("手順,分,分\n行く,1,2\n", ["分"]),
        ("手順,分\n", ["表が空"]),
        ("手順,分\n行く,-5\n", ["行く", "0"]),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_place(text, told):
    with pytest.raises(KitError) as refused:
        Journey.from_text(text)
    for words in told:
        assert words in str(refused.value)


def test_every_field_of_a_step_has_a_heading():
    from dataclasses import fields

    assert {f.name for f in fields(Step)} <= set(HEADINGS)


def test_text_after_a_hash_is_a_remark():
    assert list(frame_from_text("# わたしの表\n手順,分\n行く,1\n").columns) == ["手順", "分"]


minutes = st.tuples(*[st.floats(0, 600) for _ in range(3)]).map(sorted).map(tuple)


@given(minutes, st.floats(0, 1), st.floats(0, 1))
def test_a_step_never_weighs_more_than_its_share(span, share, online):
    step = Step("行く", span, share=share, path="counter")
    assert 0 <= step.weight(online) <= share + 1e-12
    assert span[0] - 1e-9 <= Range.of(span).mean <= span[2] + 1e-9


@given(minutes, st.integers(0, 100))
def test_draws_stay_inside_the_range(span, seed):
    import numpy as np

    found = Range.of(span).draw(50, np.random.default_rng(seed))
    assert found.min() >= span[0] - 1e-9 and found.max() <= span[2] + 1e-9


# -- pictures -----------------------------------------------------------------------------------


def words_of(picture) -> str:
    import json

    return json.dumps(picture.to_dict(), ensure_ascii=False)


def test_the_map_shows_the_steps_of_one_path_with_minutes_and_table():
    from kit.chart import about

    picture = a_journey().map()
    told = about(picture)
    assert "1時間25分" in words_of(picture) or "85分" in words_of(picture)
    assert [row[0] for row in told["table"]["rows"]] == ["調べる", "行く", "窓口", "出直す"]
    assert "85分" in told["description"] and "「調べる」" in told["description"]
    assert told["source"]


def test_the_map_of_people_who_apply_online_leaves_the_counter_out():
    assert "窓口は" not in words_of(a_journey().map(path="online"))


def test_the_blueprint_has_four_lanes_and_says_what_cannot_be_seen():
    from kit.chart import about

    told = about(a_journey().blueprint())
    assert len(told["table"]["columns"]) == 4
    hidden = [row for row in told["table"]["rows"] if row[2]]
    assert [row[2] for row in hidden] == ["入力する", "審査する"]


@pytest.mark.parametrize("path", ["counter", "online"])
def test_odd_names_and_many_steps_are_drawn(path):
    long = "とても長い名前の手順" * 8
    steps = [Step(f"{long}{n}", n, emotion=n % 5 - 2) for n in range(40)]
    way = Journey("<b>旅</b> {{ x }}", (*steps, Step('"引用"\n改行', 1), Step("[0]:x.y", 0)))
    from kit.chart import svg

    assert svg(way.map(path=path)).startswith("<svg")
    assert svg(way.blueprint(path=path)).startswith("<svg")
