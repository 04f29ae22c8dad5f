"""What counts as right in ``new-workshop``, computed from the lesson's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import kit
from kit.checks import Verdict, number

if TYPE_CHECKING:
    from kit.lessons import Lesson


def per_household(lesson: Lesson, answer: object) -> Verdict:
    """People per household in the municipality."""
    town = kit.data.load("municipalities", municipality=lesson.municipality.code).iloc[0]
    return number(
        answer,
        expected=town["population"] / town["households"],
        tolerance=0.05,
        unit="count",
        why_right=lesson.text("人口を世帯数で割ると、ひと世帯に何人いるかがわかります。"),
        rivals=[],
        hint=lesson.text("人口 ÷ 世帯数です。"),
    )
