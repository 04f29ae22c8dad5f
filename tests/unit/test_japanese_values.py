"""Japanese numbers, dates and encodings are read right, or refused with how to write them."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.data.encodings import read_text
from kit.data.japanese import era, number, numbers
from kit.errors import DataError, ParameterError

DAY = datetime.date
WIDE = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


# ---- numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234), ("１，２３４", 1234), ("１２３４", 1234), (" 12 ", 12), ("　12", 12),
        ("△5", -5), ("▲１．５", -1.5), ("−3", -3), ("－3", -3), ("-3", -3), ("+3", 3), ("△ 5", -5),
        ("0", 0), ("0.0", 0.0), ("1,234,567.8", 1234567.8), (7, 7), (2.5, 2.5),
    ],
)  # fmt: skip
def test_a_number_is_read_in_any_width(text: object, value: float) -> None:
    read = number(text)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "－", "―", "—", "…", "...", "***", "＊＊＊", "X", "x", "Ｘ", "χ", "NA", "N/A",
     None, float("nan"), pd.NA],
)  # fmt: skip
def test_a_mark_for_no_number_is_missing(text: object) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text", ["12,34", "1,2345", "1234人", "12%", "(5)", "1.", "一", "5-", True]
)
def test_what_is_no_number_is_not_guessed_at(text: object) -> None:
    with pytest.raises(DataError, match="数として読めません") as raised:
        number(text)
    assert "単位" in str(raised.value.hint)


@given(st.integers(-(10**15), 10**15))
def test_every_whole_number_survives_being_printed(value: int) -> None:
    for text in (f"{value}", f"{value:,}", f"{value:,}".translate(WIDE)):
        assert number(text) == value
    assert number(f"{value:,}".replace("-", "△")) == value


def test_a_column_keeps_its_index_and_says_where_it_fails() -> None:
    cells = pd.Series(["１", "△2"], index=["a", "b"], name="人口")
    assert numbers(cells).to_dict() == {"a": 1, "b": -2}
    assert numbers(cells).dtype == "int64" and numbers(["1", "X"]).dtype == "float64"
    with pytest.raises(DataError, match=r"「2人」.*ほかに 1 か所") as raised:
        numbers(pd.Series(["1", "2人", "x", "3人"], name="人口"))
    assert raised.value.where == "列「人口」、データの 2 行目"


def test_a_number_beyond_64_bits_is_a_float() -> None:
    assert numbers(["99999999999999999999"]).tolist() == [1e20]


# ---- eras


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("平成31年4月30日", DAY(2019, 4, 30)), ("令和元年5月1日", DAY(2019, 5, 1)),
        ("昭和64年1月7日", DAY(1989, 1, 7)), ("平成元年1月8日", DAY(1989, 1, 8)),
        ("大正15年12月24日", DAY(1926, 12, 24)), ("昭和元年12月25日", DAY(1926, 12, 25)),
        ("明治45年7月29日", DAY(1912, 7, 29)), ("大正元年7月30日", DAY(1912, 7, 30)),
        ("明治6年1月1日", DAY(1873, 1, 1)), ("R5.4.1", DAY(2023, 4, 1)),
        ("H30/4/1", DAY(2018, 4, 1)), ("S64-1-7", DAY(1989, 1, 7)), ("Ｒ５．４．１", DAY(2023, 4, 1)),
        ("令和５年４月１日", DAY(2023, 4, 1)), ("令和 5年 4月 1日", DAY(2023, 4, 1)),
        ("㋿5年4月1日", DAY(2023, 4, 1)), ("r5.4.1", DAY(2023, 4, 1)),
        ("2024年2月29日", DAY(2024, 2, 29)), ("2023-04-01", DAY(2023, 4, 1)),
        ("平成31（2019）年4月1日", DAY(2019, 4, 1)),
    ],
)  # fmt: skip
def test_a_day_is_the_day_it_was(text: str, day: datetime.date) -> None:
    when = era(text)
    assert (when.start, when.end, when.grain) == (day, day, "day")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和5年度", 2023), ("令和元年度", 2019), ("平成31年度", 2019), ("昭和63年度", 1988),
        ("平成元年度", 1989), ("大正15年度", 1926), ("昭和元年度", 1926), ("Ｒ５年度", 2023),
        ("2023年度", 2023), ("令和２（2020）年度", 2020),
    ],
)  # fmt: skip
def test_a_fiscal_year_runs_from_april_to_march(text: str, year: int) -> None:
    when = era(text)
    assert (when.start, when.end) == (DAY(year, 4, 1), DAY(year + 1, 3, 31))
    assert (when.year, when.fiscal_year, when.grain) == (year, year, "fiscal-year")


def test_a_year_and_a_month_are_as_long_as_they_are() -> None:
    assert era("令和元年").start == DAY(2019, 1, 1)
    assert era("平成31年").end == DAY(2019, 12, 31)
    assert era("令和6年2月").end == DAY(2024, 2, 29)
    assert era("R5.4").grain == "month"


def test_january_to_march_belong_to_the_fiscal_year_before() -> None:
    assert [era(text).fiscal_year for text in ("R6.3.31", "R6.4.1", "令和6年")] == [
        2023,
        2024,
        2024,
    ]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("平成31年5月1日", "令和元年5月1日"), ("令和元年4月30日", "平成31年4月30日"),
        ("昭和64年1月8日", "平成元年1月8日"), ("平成元年1月7日", "昭和64年1月7日"),
        ("平成40年", "令和10年"), ("平成32年度", "令和2年度"), ("昭和64年度", "平成元年度"),
        ("令和元年4月", "平成31年4月"), ("大正16年", "昭和2年"), ("H35.4.1", "令和5年4月1日"),
    ],
)  # fmt: skip
def test_a_date_outside_its_era_ends_in_the_right_one(text: str, right: str) -> None:
    with pytest.raises(DataError, match="という時はありません") as raised:
        era(text)
    assert str(raised.value.hint).startswith(right + " ")
    assert era(right).year  # what the hint says can be read


@pytest.mark.parametrize(
    "text",
    ["令和0年", "令和5年13月", "令和5年2月30日", "2023年2月29日", "5年", "令和", "", "令和-5年",
     "令和5年4月1日現在", "R5年4.1", "R5.", "20230401", "令和9999年", "X5.4.1"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DataError, match="読めません") as raised:
        era(text)
    assert "令和5年4月1日" in str(raised.value.hint)


def test_the_old_calendar_is_not_converted() -> None:
    with pytest.raises(DataError, match="旧暦"):
        era("明治5年12月2日")
    assert era("明治5年").year == 1872


@pytest.mark.parametrize("text", ["平成31（2018）年", "2019（令和2）年度", "令和5（年度）年"])
def test_two_ways_of_saying_a_year_must_agree(text: str) -> None:
    with pytest.raises(DataError, match="合いません"):
        era(text)


@given(st.dates(DAY(1873, 1, 1), DAY(2100, 12, 31)))
def test_every_day_survives_being_told_in_its_era(day: datetime.date) -> None:
    first = [("明治", 1868), ("大正", 1912), ("昭和", 1926), ("平成", 1989), ("令和", 2019)]
    starts = [
        DAY(1868, 1, 1),
        DAY(1912, 7, 30),
        DAY(1926, 12, 25),
        DAY(1989, 1, 8),
        DAY(2019, 5, 1),
    ]
    name, year = first[sum(start <= day for start in starts) - 1]
    assert era(f"{name}{day.year - year + 1}年{day.month}月{day.day}日").start == day


# ---- encodings

TEXT = "市区町村,人口\r\n八王子市,１２３\r\n髙尾①～"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"])
def test_text_is_read_in_any_encoding(encoding: str) -> None:
    content = TEXT.encode(encoding)
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    assert read_text(content) == TEXT


@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp", "cp932"])
def test_older_encodings_are_told_apart(encoding: str) -> None:
    text = "市区町村,人口\n八王子市,579355\nあきる野市,80000"
    assert read_text(text.encode(encoding)) == text


def test_half_width_katakana_are_no_reason_to_think_of_another_encoding() -> None:
    assert read_text("ﾊﾁｵｳｼﾞｼ,1".encode("cp932")) == "ﾊﾁｵｳｼﾞｼ,1"


def test_shift_jis_as_windows_writes_it_is_read() -> None:
    assert read_text("髙尾①".encode("cp932"), "Shift_JIS") == "髙尾①"
    assert read_text("a".encode("utf-8-sig"), "utf-8") == "a"


def test_a_wrong_encoding_is_told_with_its_line() -> None:
    with pytest.raises(DataError, match="2 行目") as raised:
        read_text("a\n八王子".encode("cp932"), "utf-8")
    assert "cp932" in str(raised.value.hint)
    with pytest.raises(DataError, match="1 行目"):
        read_text(b"\xff\xff\xff")
    with pytest.raises(DataError, match="文字のファイルではありません"):
        read_text(b"\x00\x01\x02")


@pytest.mark.parametrize("name", ["latin-jp", "base64", "", 5, "a\0b"])
def test_an_unknown_encoding_is_a_mistake_of_the_caller(name: str) -> None:
    with pytest.raises(ParameterError) as raised:
        read_text(b"a", name)
    assert "cp932" in str(raised.value.hint)
