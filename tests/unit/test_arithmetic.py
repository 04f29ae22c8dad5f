"""What somebody types instead of a number: sums are worked out, everything else is left alone."""

from __future__ import annotations

import pytest

from kit import checks
from kit.arithmetic import worked_out


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("513/2000 - 439/2000", 0.037),
        ("５１３÷２，０００－４３９÷２，０００", 0.037),
        ("188 × 13,778.2 ÷ 60", 43171.693333333333),
        ("(513−439)/2000 =", 0.037),
        ("25.65% - 21.95%", 0.037),
        ("-(1+2)*3", -9.0),
    ],
)
def test_a_sum_is_worked_out(typed: str, value: float) -> None:
    assert worked_out(typed) == pytest.approx(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "-3",
        "1/0",
        "9**9**9",
        "1e9*2",
        "__import__('os').system('x')",
        "a+b",
        "1+",
        "(" * 90 + "1+1",
        "1+" * 400 + "1",
        "1 + 2j",
        "<img src=x onerror=alert(1)>",
        "1//2",
        "5-6",
    ],
)
def test_nothing_else_is(typed: str) -> None:
    assert worked_out(typed) is None


@pytest.mark.parametrize(
    ("typed", "expected", "unit"),
    [
        ("513/2000 - 439/2000", 0.037, "share"),
        ("25.65 - 21.95ポイント", 0.037, "share"),
        ("25.65% − 21.95%", 0.037, "share"),
        ("188*60分", 188, "hours"),
    ],
)
def test_a_check_reads_a_sum_and_its_unit(typed: str, expected: float, unit: checks.Unit) -> None:
    verdict = checks.number(typed, expected=expected, tolerance=1e-6, unit=unit, why_right="○")
    assert verdict.state == "right"


def test_a_check_says_so_where_a_sum_has_no_value() -> None:
    verdict = checks.number("1/0", expected=1, tolerance=0, unit="count", why_right="○")
    assert verdict.state == "not-yet" and "読めません" in verdict.message
