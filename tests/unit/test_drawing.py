"""Charts are drawn once, small, and narrow enough for a phone."""

from __future__ import annotations

import copy

import materials
import pytest

from kit.errors import CourseError
from kit.publish import drawing


def test_a_chart_keeps_its_words_and_loses_its_title() -> None:
    drawn = drawing.draw(materials.compiled("bars"))
    assert "70歳代" in drawn.body and "年代別の受診率" not in drawn.body
    assert drawing.title_of(materials.compiled("bars")) == (["年代別の受診率"], [])


def test_a_chart_is_drawn_again_for_a_phone() -> None:
    for kind in ("bars", "dots"):
        spec = materials.compiled(kind)
        wide = drawing.draw(spec)
        narrow = drawing.fit(spec, drawing.PHONE)
        assert wide.width > 480 and narrow is not None and narrow.width <= drawing.PHONE + 4


def test_a_chart_without_a_width_of_its_own_is_not_redrawn() -> None:
    spec = copy.deepcopy(materials.compiled("bars"))
    spec["signals"] = [*spec.get("signals", []), {"name": "width", "value": spec.pop("width")}]
    assert drawing.fit(spec, drawing.PHONE) is None


def test_a_chart_that_has_room_enough_is_left_as_it_is() -> None:
    spec = materials.compiled("bars")
    assert drawing.fit(spec, 2000) == drawing.draw(spec, source=False)


def test_a_chart_is_made_lower_for_a_slide() -> None:
    spec = materials.compiled("dots")
    made = drawing.fit(spec, 640, 200)
    assert made and 600 < made.width <= 644 and made.height < drawing.draw(spec).height


def test_a_drawing_laid_out_to_the_pixel_is_left_alone() -> None:
    spec = copy.deepcopy(materials.compiled("dots"))
    spec["axes"] = []
    assert drawing.fit(spec, drawing.PHONE) is None


def test_rows_with_words_in_them_keep_their_height() -> None:
    made = drawing.fit(materials.compiled("bars"), 640, 60)
    assert made and made.height == drawing.draw(materials.compiled("bars")).height


def test_the_source_below_a_chart_is_not_its_title() -> None:
    inner = {
        "type": "group",
        "title": {"text": ["受診率は", "高いか"]},
        "marks": [{"type": "rect"}],
    }
    spec = {"title": {"text": ["出典：模擬データ"], "orient": "bottom"}, "marks": [inner]}
    assert drawing.title_of(spec) == (["受診率は", "高いか"], [])


def test_the_source_is_drawn_unless_the_page_says_it() -> None:
    spec = copy.deepcopy(materials.compiled("bars"))
    spec["title"] = {"text": "出典は模擬データ", "orient": "bottom"}
    assert "出典は模擬データ" in drawing.draw(spec).body
    assert "出典は模擬データ" not in drawing.draw(spec, source=False).body


def test_two_charts_on_a_page_share_no_id() -> None:
    drawn = drawing.slim(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs><clipPath id="clip0">'
        '<rect width="1" height="1"/></clipPath></defs><g clip-path="url(#clip0)"><path d="M0,0h1"/>'
        "</g></svg>"
    )
    made = drawn.svg(prefix="a-", attributes="")
    assert 'id="a-clip0"' in made and "url(#a-clip0)" in made


def test_an_svg_is_rebuilt_from_an_allow_list() -> None:
    drawn = drawing.slim(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 9 9"><script>x</script><a xlink:href="javascript:x"><path d="M0,0h1"/></a>'
        '<image xlink:href="https://x.example/a.png"/><text onclick="x">数</text></svg>'
    )
    assert "script" not in drawn.body and "http" not in drawn.body and "onclick" not in drawn.body
    assert "数" in drawn.body


def test_a_chart_that_asks_another_host_is_not_drawn() -> None:
    spec = copy.deepcopy(materials.compiled("bars"))
    spec["data"] = [{"name": spec["data"][0]["name"], "url": "https://x.example/data.json"}]
    try:
        drawn = drawing.draw(spec)
    except CourseError:
        return
    assert "70歳代" not in drawn.body


def test_a_broken_chart_is_an_error() -> None:
    with pytest.raises(CourseError, match="図"):
        drawing.draw({"marks": "none", "scales": 3})
