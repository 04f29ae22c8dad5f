"""Workshops in places and with numbers they were not written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import batch, request
from kit.errors import Problems

pytestmark = pytest.mark.kernel


def build(tmp_path: Path, workshop: str, *settings: str, town: str) -> None:
    planned = request.plan(
        workshops=[workshop],
        municipalities=[town],
        languages=["ja"],
        settings=settings,
        forms=["notebook", "page"],
    )
    report = batch.build(planned, tmp_path)
    assert not report.failed, report.failed[0].error


@pytest.mark.parametrize(
    "settings",
    [
        ("letters=60",),
        ("letters=40", "effect=0", "seed=7"),
        ("letters=60", "baseline=0.02", "effect=-0.02", "seed=3"),
    ],
)
def test_letters_in_a_village_of_two_hundred(tmp_path: Path, settings: tuple[str, ...]) -> None:
    build(tmp_path, "rct-letters", *settings, town="青ヶ島村")


def test_letters_with_no_effect_and_with_harm(tmp_path: Path) -> None:
    build(tmp_path, "rct-letters", "effect=0", "effect=-0.1", "letters=1000", town="千代田区")


def test_letters_to_more_people_than_there_are() -> None:
    with pytest.raises(Problems) as caught:
        request.plan(workshops=["rct-letters"], municipalities=["青ヶ島村"])
    told = str(caught.value)
    assert "青ヶ島村" in told and "→" in told


@pytest.mark.parametrize("town", ["青ヶ島村", "世田谷区"])
def test_every_procedure_in_the_smallest_and_the_largest_place(tmp_path: Path, town: str) -> None:
    from kit import course

    keys = course.workshop("journey-time").parameter("procedure").choices
    assert len(keys) >= 8
    chosen = keys[::3] if town == "青ヶ島村" else keys[1::4]
    build(tmp_path, "journey-time", *(f"procedure={key}" for key in chosen), town=town)


@pytest.mark.parametrize("workshop", ["rct-letters", "journey-time"])
def test_hostile_text_is_shown_and_never_run(tmp_path: Path, workshop: str) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    build(tmp_path, workshop, f"team={hostile}", town="八王子市")
    (page,) = tmp_path.rglob("handout.html")
    text = page.read_text("utf-8")
    assert "<script>alert" not in text
    assert "alert(1)" in text
