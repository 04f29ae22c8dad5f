"""Colours that everyone can read: measured, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from kit.chart import theme
from kit.publish import look


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module", params=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> dict[str, str]:
    roots = re.findall(r":root \{(.*?)\}", look.css("base/base.css"), re.DOTALL)
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", root)) for root in roots[:2])
    return light if request.param == "light" else light | dark


def test_the_measure_is_that_of_the_guideline() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("name", ["c", "k", "s", "n", "f", "b"])
def test_code_stands_seven_to_one(colours: dict[str, str], name: str) -> None:
    for ground in ("code", "paper", "solution-ground"):
        assert contrast(colours[f"code-{name}"], colours[ground]) >= 7


@pytest.mark.parametrize("role", ["try", "talk", "quiz", "note", "solution"])
def test_a_role_is_readable_and_its_bar_is_seen(colours: dict[str, str], role: str) -> None:
    ground = colours[f"{role}-ground"]
    assert contrast(colours[f"{role}-ink"], ground) >= 7
    assert contrast(colours["ink"], ground) >= 7
    assert contrast(colours[role], colours["paper"]) >= 3


def test_words_are_readable(colours: dict[str, str]) -> None:
    for ground in ("paper", "ground"):
        assert contrast(colours["ink"], colours[ground]) >= 7
        assert contrast(colours["soft"], colours[ground]) >= 7
        assert contrast(colours["link"], colours[ground]) >= 7
    assert contrast(colours["on-brand"], colours["brand"]) >= 7
    assert contrast(colours["ink"], colours["brand-soft"]) >= 7


def test_marks_and_frames_of_fields_stand_three_to_one(colours: dict[str, str]) -> None:
    # Charts lie on white paper in the light and in the dark.
    for mark in (*theme.COLOURS, theme.MUTED, theme.AXIS):
        assert contrast(mark, "#ffffff") >= 3
    for ground in ("paper", "ground"):
        assert contrast(colours["edge"], colours[ground]) >= 3
        assert contrast(colours["rule"], colours[ground]) >= 3
