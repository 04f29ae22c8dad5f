"""The power explorer says what kit.evidence.power says, in words that need no statistics."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kit import evidence
from kit.chart import about
from kit.errors import KitError
from kit.evidence import explorer
from kit.language import using


@pytest.fixture(autouse=True)
def japanese() -> Any:
    with using("ja"):
        yield


PLAN = {"baseline": 0.22, "effect": 0.04, "per_group": 900}


def times(html: str) -> int:
    found = re.search(r"100 回のうち約 (\d+) 回で差が見つかり、約 (\d+) 回は見逃します", html)
    assert found and int(found[1]) + int(found[2]) == 100
    return int(found[1])


def needed(html: str) -> int:
    found = re.search(r"([\d,]+) 人(?:）)?が要ります", html)
    assert found
    return int(found[1].replace(",", ""))


def test_it_says_the_power_and_the_needed_size_of_the_formulas() -> None:
    html = evidence.power_explorer(**PLAN).html
    assert times(html) == round(100 * evidence.power_two_proportions(0.22, 0.26, 900))
    assert needed(html) == evidence.sample_size_two_proportions(0.22, 0.26)
    assert "いまの人数では足りません" in html


def test_with_the_needed_size_the_power_is_just_enough() -> None:
    panel = evidence.power_explorer(**PLAN)
    size = needed(panel.html)
    panel.set(per_group=size)
    assert times(panel.html) == 80 and "いまの人数は足りています" in panel.html
    panel.set(per_group=size - 10)
    assert "いまの人数では足りません" in panel.html


def test_people_alike_count_for_fewer() -> None:
    panel = evidence.power_explorer(**PLAN, cluster_size=30, likeness=0.05)
    alike = evidence.design_effect(30, 0.05)
    expected = evidence.power_two_proportions(0.22, 0.26, 900 / alike)
    assert times(panel.html) == round(100 * expected)
    size = needed(panel.html)
    bare = evidence.sample_size_two_proportions(0.22, 0.26, rounded=False) * alike
    assert size % 30 == 0 and bare <= size < bare + 30
    assert f"{round(900 / alike)} 人分のことしか分かりません" in panel.html
    panel.set(cluster_size=1)
    assert "分かりません" not in panel.html


def test_a_decrease_is_found_as_well() -> None:
    panel = evidence.power_explorer(baseline=0.26, effect=-0.04, per_group=900)
    expected = evidence.power_two_proportions(0.26, 0.22, 900)
    assert times(panel.html) == round(100 * expected)
    assert "−4.0 ポイントの差" in panel.html


def test_moving_a_slider_out_of_what_can_be_is_told_kindly() -> None:
    panel = evidence.power_explorer(**PLAN)
    panel.set(baseline=0.97)
    assert "収まりません" in panel.html and "Error" not in panel.html
    panel.set(baseline=0.5)
    assert times(panel.html)


@pytest.mark.parametrize("name", ["per_group", "baseline", "points", "cluster_size", "likeness"])
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_end_of_every_slider_has_an_answer(name: str, end: str) -> None:
    panel = evidence.power_explorer(**PLAN, cluster_size=30, likeness=0.05)
    panel.set(**{name: getattr(panel.controls[name], end)})
    assert "<svg" in panel.html or "収まりません" in panel.html


@pytest.mark.parametrize(
    "wrong",
    [
        {"baseline": 22},
        {"baseline": 0},
        {"effect": 0},
        {"effect": 0.9},
        {"per_group": 0},
        {"cluster_size": 0},
        {"likeness": 2},
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(KitError):
        evidence.power_explorer(**{**PLAN, **wrong})


def test_few_expected_events_are_a_warning() -> None:
    panel = evidence.power_explorer(baseline=0.02, effect=0.02, per_group=100)
    assert "目安です" in panel.html


def test_the_picture_describes_itself_and_shows_the_present_point() -> None:
    shown = explorer._view(per_group=900, baseline=0.22, points=4.0, cluster_size=1, likeness=0.0)
    told = about(shown[1])
    assert "900 人では 51%" in told["description"] and "有意水準" in told["source"]
    powers = [int(row[1].rstrip("%")) for row in told["table"]["rows"]]
    assert powers == sorted(powers) and powers[-1] > 80
