"""A table reads well, is walked through by screen readers, and shows text as text."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from kit.errors import KitError
from kit.language import using
from kit.table import html_table


class Cells(HTMLParser):
    """The cells of a table as a screen reader finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[tuple[str, str | None, str]] = []
        self._open: tuple[str, str | None] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("th", "td", "caption"):
            self._open = (tag, dict(attrs).get("scope"))
            self.cells.append((*self._open, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "caption"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            tag, scope, text = self.cells[-1]
            self.cells[-1] = (tag, scope, text + data)


def test_headings_have_scope_and_the_caption_comes_first() -> None:
    frame = pd.DataFrame({"town": ["甲"], "people": [12345]})
    table = html_table(frame, caption="町の人口", labels={"town": "町", "people": "人口"})
    assert Cells(table._repr_html_()).cells == [
        ("caption", None, "町の人口"),
        ("th", "col", "町"),
        ("th", "col", "人口"),
        ("th", "row", "甲"),
        ("td", None, "12,345"),
    ]


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    html = html_table({"町": ["甲"], "人口": [3]}, caption="人口")._repr_html_()
    assert html.count("text-align:right") == 2  # heading and cell
    assert html.count("text-align:left") == 3  # caption, heading, cell


@pytest.mark.parametrize(
    ("values", "spec", "shown"),
    [
        ([1234567], None, "1,234,567"),
        ([0.2183], ".1%", "21.8%"),
        ([0.2183], lambda v: f"約{v:.0%}", "約22%"),
        ([2020], None, "2020"),
        ([2020.0], ",d", "2,020"),
        ([-3], None, "−3"),
        ([float("nan")], None, ""),
        ([None], ".1%", ""),
        ([pd.NA], None, ""),
        ([True], None, "True"),
        ([pd.Timestamp("2020-10-01")], None, "2020-10-01"),
        ([dt.date(2020, 10, 1)], None, "2020-10-01"),
        (["甲\n乙"], None, "甲 乙"),
    ],
)
def test_values_are_written_as_people_write_them(values: Any, spec: Any, shown: str) -> None:
    table = html_table({"x": values}, caption="x", formats={"x": spec} if spec else None)
    assert table.rows == ((shown,),)


def test_what_is_missing_is_said_to_be_missing() -> None:
    html = html_table({"a": ["x"], "b": [None]}, caption="c")._repr_html_()
    assert 'aria-label="データなし"' in html


def test_text_stays_text() -> None:
    evil = '<script>alert("1")</script>&'
    html = html_table({evil: [evil]}, caption=evil, labels={evil: evil + "!"})._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4  # caption, its label, heading, cell


def test_a_long_table_is_cut_and_says_by_how_much() -> None:
    table = html_table({"n": range(1500)}, caption="長い", limit=30)
    assert len(table.rows) == 30
    assert "1,470 行" in table._repr_html_()
    assert "1,470 行" in repr(table)


def test_an_index_that_says_something_becomes_a_column() -> None:
    counts = pd.Series([2, 1], index=pd.Index(["甲", "乙"], name="町"), name="件数")
    assert html_table(counts, caption="c").columns == ("町", "件数")
    assert html_table(pd.DataFrame({"a": [1]}, index=["甲"]), caption="c").rows == (("甲", "1"),)
    assert html_table(pd.DataFrame({"a": [1, 2]}).tail(1), caption="c").columns == ("a",)


def test_an_empty_table_says_so() -> None:
    assert "行がありません" in html_table({"a": []}, caption="c")._repr_html_()
    assert "行がありません" in html_table(pd.DataFrame(), caption="c")._repr_html_()


def test_an_unwritten_exercise_waits() -> None:
    table = html_table(..., caption="まだ")
    assert "まだ書かれていません" in table._repr_html_()
    assert "まだ書かれていません" in repr(table)


def test_a_wrong_column_is_named_with_those_that_exist() -> None:
    with pytest.raises(KitError, match="人口") as error:
        html_table({"町": ["甲"]}, caption="c", formats={"人口": ",d"})
    assert "町" in (error.value.hint or "")


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(KitError, match="DataFrame"):
        html_table(5, caption="c")


def test_two_columns_of_one_name_both_show() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert html_table(frame, caption="c").rows == (("1", "2"),)


def test_it_can_be_scrolled_with_the_keyboard() -> None:
    html = html_table({"a": [1]}, caption="c")._repr_html_()
    assert 'tabindex="0"' in html and 'role="group"' in html and 'aria-label="c"' in html


def test_it_speaks_the_lessons_language() -> None:
    with using("en"):
        html_table({"a": [None]}, caption="c")._repr_html_()
