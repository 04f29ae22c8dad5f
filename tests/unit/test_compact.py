"""Repeated styles are said once, and the page looks as it did."""

from __future__ import annotations

import re

import materials
import pytest

from kit.publish import page
from kit.publish.compact import compact

SHEET = "<style>td { color: blue }</style>"


def test_a_style_that_stands_once_stays_where_it_is() -> None:
    html = f'{SHEET}<p style="color:red">a</p>'
    assert compact(html) == html


def test_drawings_code_and_scripts_are_left_alone() -> None:
    inside = "".join(
        f'<{name}><i style="color:red">x</i></{name}>' for name in ("svg", "pre", "script")
    )
    assert compact(SHEET + inside * 2) == SHEET + inside * 2


@pytest.mark.parametrize("extra", ["", ' id="a"', ' class="b"', ' class="b" lang="en"'])
def test_what_else_a_tag_says_is_kept(extra: str) -> None:
    made = compact(f'{SHEET}<td{extra} style="color:red">a</td><td style="color:red">b</td>')
    assert "style=" not in made
    assert ".ka.ka.ka{color:red}</style>" in made
    tag = re.search(r"<td[^>]*>", made)
    assert tag is not None
    for said in re.findall(r'(?:id|lang)="\w+"', extra):
        assert said in tag[0]
    assert ('class="b ka"' if "class" in extra else 'class="ka"') in tag[0]


def test_a_name_in_use_is_not_taken() -> None:
    made = compact(f'{SHEET}<p class="ka" style="color:red">a</p><p style="color:red">ka</p>')
    assert '<p class="ka kb">' in made and ".kb.kb.kb{" in made


def test_a_hostile_style_cannot_leave_its_rule() -> None:
    """What reaches a page has been through an allow-list (kit.publish.clean): no braces, no tags."""
    hostile = '<p style="color:red}</style><script>alert(1)</script>">x</p>'
    shown = materials.notebook()
    shown.cells.append(materials.code("x", "x", outputs=(materials.html(hostile * 2),)))
    made = compact(page.handout(materials.material(participant=shown)))
    assert "<script" not in made and "alert(1)" not in made.split("</style>")[0]
