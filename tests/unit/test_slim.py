"""A drawing is made small, and stays the same drawing."""

from __future__ import annotations

import re

import materials
import pytest

from kit.chart import boxes as boxes_of
from kit.publish import drawing
from kit.publish.slim import slim


def drawn(*inside: str, fill: str = "none") -> str:
    """Return what is left of marks in a Vega-like frame."""
    marks = "".join(inside)
    return slim(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 99" width="99" height="99">'
        f'<g fill="{fill}">{marks}</g></svg>'
    ).body


def dot(x: float, y: float, paint: str = 'fill="#005AFF" stroke="#005AFF"') -> str:
    shape = "M2,0A2,2,0,1,1,-2,0A2,2,0,1,1,2,0"
    return f'<path transform="translate({x},{y})" d="{shape}" {paint}/>'


def test_a_place_is_folded_into_the_shape() -> None:
    assert drawn('<text transform="translate(3.25,4)" fill="#444444">年</text>') == (
        '<text fill="#444" x="3.2" y="4">年</text>'
    )
    made = drawn('<line transform="translate(10,20)" x2="0" y2="5" stroke="#ddd"/>')
    assert 'd="M10,20v5"' in made
    turned = drawn('<text transform="translate(3,4) rotate(-90)" fill="#444">年</text>')
    assert 'transform="translate(3,4) rotate(-90)"' in turned


@pytest.mark.parametrize(
    ("data", "small"),
    [
        ("M0,0L10,0L10,5Z", "M1,1h10v5z"),
        ("M0.04,0l3.04,0l3.04,0l3.04,0", "M1,1h3h3.1h3"),
        ("M0,0C1,1,2,2,3,3S5,5,6,6", "M1,1c1,1,2,2,3,3s2,2,3,3"),
        ("M0,1e-15L0.5,-0.5", "M1,1l.5-.5"),
        ("M0,0L2,2M5,5L6,6", "M1,1l2,2m3,3l1,1"),
        ("M0,0,4,4", "M1,1l4,4"),
    ],
)
def test_path_data_says_the_same_in_fewer_letters(data: str, small: str) -> None:
    made = drawn(f'<path transform="translate(1,1)" d="{data}" stroke="#000"/>')
    assert re.findall('d="(.*?)"', made) == [small]


def test_no_error_adds_up_along_a_line() -> None:
    data = "M0,0" + "".join(f"L{at * 0.26:.2f},0" for at in range(1, 401))
    made = drawn(f'<path d="{data}" stroke="#000"/>')
    steps = [float(step) for step in re.findall(r"h([\d.]+)", made)]
    assert sum(steps) == pytest.approx(400 * 0.26, abs=0.06)


def test_marks_painted_alike_become_one() -> None:
    assert drawn(*(dot(10 * at, 5) for at in range(5))).count("<path") == 1
    ticks = (f'<line x1="{at}" x2="{at}" y2="5" stroke="#ddd"/>' for at in range(5))
    assert drawn(*ticks).count("<path") == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (dot(5, 5), dot(20, 5, 'fill="#D55E00" stroke="#D55E00"')),
        (dot(5, 5, 'fill="#005AFF" opacity="0.5"'), dot(6, 5, 'fill="#005AFF" opacity="0.5"')),
        # Edges would lie on top of faces.
        (dot(5, 5, 'fill="#fff" stroke="#000"'), dot(7, 5, 'fill="#fff" stroke="#000"')),
        # Drawn the other way round, it would cut a hole.
        (
            '<path d="M0,0h9v9h-9Z" fill="#005AFF"/>',
            '<path d="M3,3v3h3v-3Z" fill="#005AFF"/>',
        ),
        (
            '<path d="M0,0h9v9h-9Z" fill="url(#shade)"/>',
            '<path d="M20,0h9v9h-9Z" fill="url(#shade)"/>',
        ),
    ],
)
def test_marks_that_would_look_different_stay_apart(first: str, second: str) -> None:
    assert drawn(first, second).count("<path") == 2


def test_outlined_marks_that_do_not_touch_become_one() -> None:
    paint = 'fill="#fff" stroke="#000"'
    square = "<path transform='translate({},5)' d='M0,0h4v4h-4Z' {}/>"
    assert drawn(square.format(5, paint), square.format(25, paint)).count("<path") == 1


def test_discs_are_the_round_ends_of_lines_and_a_rim_is_a_larger_disc_below() -> None:
    faces = drawn(dot(5, 5, 'fill="#005AFF"'), dot(25, 5, 'fill="#005AFF"'))
    assert 'stroke="#005AFF" stroke-width="4" d="M5,5h0m20,0h0"' in faces
    paint = 'fill="#fff" stroke="#000" stroke-width="1.5"'
    rimmed = drawn(dot(5, 5, paint), dot(25, 5, paint))
    assert rimmed.index('stroke="#000" stroke-width="5.5"') < rimmed.index(
        'stroke="#fff" stroke-width="2.5"'
    )
    hollow = 'fill="none" stroke="#000"'
    assert "h0" not in drawn(dot(5, 5, hollow), dot(25, 5, hollow))


def test_what_cannot_be_seen_is_left_out() -> None:
    assert drawn('<path d="M0,0h9v9h-9Z"/>', '<g><g transform="translate(0,0)"/></g>') == ""
    assert drawn('<path d="M0,0h9v9h-9Z"/>', fill="#005AFF") != ""


def test_a_group_says_once_what_its_children_say() -> None:
    words = (f'<text y="{at}" text-anchor="end" font-size="12px">{at}</text>' for at in range(1, 4))
    made = drawn(*words)
    assert made.count("text-anchor") == made.count("font-size") == 1 and 'font-size="12"' in made


def test_words_that_look_like_numbers_or_paths_stay_as_they_are() -> None:
    made = drawn('<text fill="#000">M1.23456,2 translate(0,0) #AABBCC</text>')
    assert "M1.23456,2 translate(0,0) #AABBCC" in made


def test_a_drawing_is_measured_with_boxes_and_says_so_nowhere() -> None:
    made = drawing.draw(materials.compiled("bars"))
    assert "Kit " not in made.body + made.font and "BIZ UDGothic" in made.font


@pytest.mark.parametrize("kind", ["bars", "dots"])
def test_boxes_lay_a_chart_out_as_the_letters_would(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = materials.compiled(kind) | {"description": "measured with letters"}
    with monkeypatch.context() as patch:
        patch.setattr(boxes_of, "_fonts", dict)
        letters = drawing.draw(spec)
    boxes = drawing.draw(spec | {"description": "measured with boxes"})
    assert abs(boxes.width - letters.width) <= 1 and abs(boxes.height - letters.height) <= 1
