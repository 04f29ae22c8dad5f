"""Maps of Tokyo: every municipality in its place, readable by every eye, said in words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from kit import chart, data, places
from kit.chart import boundary_map, layout, shapes, tile_map
from kit.chart.classes import _STEPS, RAMP, classify, contrast, ink_on, luminance
from kit.chart.map_key import HATCH
from kit.chart.text import Style, width
from kit.chart.theme import INK
from kit.chart.towns import TownValues
from kit.errors import KitError, PlaceError
from kit.language import using

MADE = "模擬データ"
CODES = [town.code for town in places.all_()]
BOTH = pytest.mark.parametrize("kind", ["tiles", "boundaries"])


@pytest.fixture(autouse=True)
def in_japanese() -> Any:
    with using("ja"):
        yield


def draw(kind: str, values: Any, codes: Any = None, **more: Any) -> Any:
    frame = pd.DataFrame({"code": CODES if codes is None else codes, "v": values})
    settings: dict[str, Any] = {"value": "v", "title": "題", "source": MADE, "unit": "人"}
    builder: Callable[..., Any] = getattr(chart, kind)
    return builder(frame, **(settings | more))


def words(made: Any) -> str:
    return str(chart.about(made)["description"])


def rows(made: Any) -> dict[str, str]:
    return dict(chart.about(made)["table"]["rows"])


def text_of(svg: str) -> list[str]:
    found = [
        "".join(element.itertext())
        for element in ElementTree.fromstring(svg).iter()
        if element.tag.endswith("text")
    ]
    assert found
    return found


@cache
def plain(kind: str) -> str:
    """The picture of 0 to 61, which several tests look at."""
    with using("ja"):
        return chart.svg(draw(kind, range(62)))


# --- the layout -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> tuple[dict[str, tuple[float, float]], set[tuple[str, str]]]:
    """Middles of the mainland's municipalities in degrees, and which of them share a border."""
    middles, owners = {}, {}
    for code, rings in boundary_map._degrees().items():
        if places.find(code).is_island:
            continue
        xs, ys = zip(*max(rings, key=len), strict=True)
        middles[code] = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        for ring in rings:
            for edge in itertools.pairwise(ring):
                owners.setdefault(frozenset(edge), set()).add(code)
    return middles, {tuple(sorted(two)) for two in owners.values() if len(two) == 2}


def rank_correlation(one: list[float], other: list[float]) -> float:
    ranks = [pd.Series(values).rank() for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


def test_every_municipality_has_one_tile_and_no_two_share_one() -> None:
    mainland, islands = layout.mainland(), layout.islands()
    assert sorted([*mainland, *islands]) == CODES
    assert len(set(mainland.values())) == 53 and len(set(islands.values())) == 9
    assert all(places.find(code).is_island for code in islands)
    assert all(x < tile_map.COLUMNS and y < tile_map.ROWS for x, y in mainland.values())


def test_west_is_left_and_north_is_up(real: Any) -> None:
    spots, (middles, _) = layout.mainland(), real
    west = [spots[code][0] for code in middles], [x for x, _ in middles.values()]
    north = [-spots[code][1] for code in middles], [y for _, y in middles.values()]
    assert rank_correlation(*west) > 0.97
    assert rank_correlation(*north) > 0.9


def test_most_neighbours_touch_and_none_is_far(real: Any) -> None:
    spots, (_, neighbours) = layout.mainland(), real
    apart = [
        max(abs(spots[a][0] - spots[b][0]), abs(spots[a][1] - spots[b][1])) for a, b in neighbours
    ]
    assert len(apart) == 130
    assert sum(distance == 1 for distance in apart) >= 110
    assert max(apart) <= 3


@pytest.mark.parametrize("language", ["ja", "en", "ja-simple"])
def test_every_name_fits_its_tile(language: str) -> None:
    room = tile_map.STEP_X - tile_map.SPACE
    with using(language):
        size = tile_map.name_size()
        names = [layout.tile_name(town) for town in places.all_()]
    assert all(len(lines) <= 2 for lines in names)
    assert max(width(line) * size for lines in names for line in lines) <= room
    high = (2 * size + tile_map.VALUE_SIZE) * tile_map.LINE_HEIGHT
    assert high <= tile_map.STEP_Y - tile_map.SPACE


def test_an_english_name_is_only_parted_never_changed() -> None:
    with using("en"):
        for town in places.all_():
            whole = "".join(layout.tile_name(town)).replace("-", "")
            assert whole == town.name_en.rsplit(" ", 1)[0]


# --- the colours ----------------------------------------------------------------------------------

# Full protanopia, deuteranopia and tritanopia in linear RGB (Machado, Oliveira and Fernandes 2009).
EYES = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "none": [[0.2126, 0.7152, 0.0722]] * 3,
}  # fmt: skip


def lab(colour: str, eye: list[list[float]]) -> np.ndarray:
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(eye) @ linear, 0, 1)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(to_xyz @ seen / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", EYES)
def test_neighbouring_classes_are_told_apart_by_every_eye_and_on_a_grey_print(eye: str) -> None:
    seen = [lab(colour, EYES[eye]) for colour in RAMP]
    steps = [np.linalg.norm(one - other) for one, other in itertools.pairwise(seen)]
    assert min(steps) > 15
    assert all(one[0] - other[0] > 15 for one, other in itertools.pairwise(seen)), "by lightness"


def test_words_stand_out_from_every_tile() -> None:
    assert all(contrast(ink_on(fill), fill) >= 4.5 for fill in (*RAMP, "#FFFFFF"))
    assert {ink_on(fill) for fill in RAMP} == {INK, "#FFFFFF"}
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_fewer_classes_keep_the_order_of_lightness() -> None:
    for count, steps in _STEPS.items():
        shades = [luminance(RAMP[step]) for step in steps]
        assert len(steps) == count and shades == sorted(shades, reverse=True)


# --- the classes ----------------------------------------------------------------------------------


def says(values: list[float], style: Style, breaks: Any = None) -> list[str]:
    return [band.says for band in classify(values, style, breaks).bands]


def test_classes_hold_about_as_many_each_and_equal_values_stay_together() -> None:
    bands = classify(range(62), Style(",d"), None).bands
    assert [band.count for band in bands] == [13, 12, 13, 12, 12]
    made = classify([0] * 50 + list(range(1, 13)), Style(",d"), None)
    assert [band.count for band in made.bands] == [50, 12]
    assert [band.count for band in classify([3, 1, 2], Style(",d"), None).bands] == [1, 1, 1]


def test_the_key_never_writes_one_number_in_two_classes() -> None:
    values = [0.1011, 0.1012, 0.1013, 0.1014, 0.1015]
    assert says(values, Style(".1%")) == ["10.11%", "10.12%", "10.13%", "10.14%", "10.15%"]


def test_given_breaks_begin_a_class() -> None:
    made = classify([9.9, 10, 19, 20, 35], Style(",d"), [10, 20, 30])
    assert [band.count for band in made.bands] == [1, 2, 1, 1]
    assert [band.says for band in made.bands] == [
        "10未満",
        "10以上20未満",
        "20以上30未満",
        "30以上",
    ]
    assert made.colour(10) == made.bands[1].colour
    assert says([1, 2, 3], Style(",d"), [2.5]) == ["2.5未満", "2.5以上"]


@pytest.mark.parametrize(
    "breaks", [[], [3, 2], [1, 1], [1, 2, 3, 4, 5], ["a"], 3, [float("nan")], [1, float("inf")]]
)
def test_breaks_that_do_not_rise_are_refused(breaks: Any) -> None:
    with pytest.raises(KitError, match="breaks") as error:
        draw("tiles", range(62), breaks=breaks)
    assert error.value.hint


def test_numbers_too_long_for_the_key_are_written_short() -> None:
    assert all(width(said) < 15 for said in says([1e15 + i * 1e14 for i in range(9)], Style(",d")))
    assert width(says([1, 2], Style(",d"), [10**14, 10**15])[1]) < 15


# --- what a map says ------------------------------------------------------------------------------


@BOTH
def test_the_description_tells_ends_middle_regions_and_the_place_of_the_one_meant(
    kind: str,
) -> None:
    values = list(range(100, 224, 2))
    made = draw(kind, values, highlight="八王子")
    said = words(made)
    assert "値のある62区市町村のうち" in said
    assert "最も大きいのは小笠原村の222人" in said and "最も小さいのは千代田区の100人" in said
    assert "中央値は161人" in said
    assert "23区が122人" in said and "島しょが214人" in said
    place = 1 + sum(v > values[CODES.index("13201")] for v in values)
    assert f"「八王子市」は{values[CODES.index('13201')]}人で、大きい方から{place}番目" in said
    assert "データがない" not in said


@BOTH
def test_the_table_holds_all_62_in_the_order_of_their_codes(kind: str) -> None:
    made = draw(kind, [3, 5], ["13421", "13101"], labels={"v": "人口", "code": "団体コード"})
    assert chart.about(made)["table"]["columns"] == ["区市町村", "人口"]
    assert list(rows(made)) == [town.name for town in places.all_()]
    assert rows(made)["千代田区"] == "5人" and rows(made)["小笠原村"] == "3人"
    assert rows(made)["八王子市"] == "データなし"


def test_towns_without_a_value_are_named_or_counted() -> None:
    values = [None, np.nan, np.inf, *range(3, 62)]
    assert "データがないのは千代田区、中央区、港区です" in words(draw("tiles", values))
    assert "データがない区市町村が60あります" in words(draw("tiles", [1, 2], CODES[:2]))
    made = draw("tiles", [1, 2], CODES[:2], highlight=["青梅", "千代田"])
    assert "「青梅市」の値はありません" in words(made) and "「千代田区」は1人" in words(made)


def test_shared_ends_are_said_to_be_shared() -> None:
    said = words(draw("tiles", [1] * 5 + [2] * 55 + [3] * 2))
    assert "千代田区など5区市町村" in said and "青ヶ島村、小笠原村の3人" in said


@BOTH
def test_no_data_is_a_hatch_and_a_word_not_a_colour_alone(kind: str) -> None:
    whole, gap = plain(kind), chart.svg(draw(kind, [None, *range(61)]))
    assert HATCH not in whole and HATCH in gap
    assert "データなし" not in text_of(whole) and "データなし（1）" in text_of(gap)


def test_a_tile_without_data_shows_a_dash() -> None:
    drawn = text_of(chart.svg(draw("tiles", [1, 2], CODES[:2])))
    assert drawn.count("—") == 120  # 60 tiles, each with a white outline below
    assert "1" in drawn


@BOTH
def test_english_speaks_english_names(kind: str) -> None:
    with using("en"):
        made = draw(kind, range(62), highlight="Hachioji", unit="people")
        drawn = text_of(chart.svg(made))
    assert rows(made)["Hachioji City"] == "23 people"
    assert "Hachioji City" in words(made)
    assert not {"八王子", "千代田"} & set(drawn)


# --- what a map takes -----------------------------------------------------------------------------


def test_municipalities_may_be_codes_numbers_or_names() -> None:
    for typed in ("13201", 13201, 13201.0, np.int64(13201), "八王子", "Hachioji City", "132012"):
        read = TownValues.of({"code": [typed], "v": [7]}, "code", "v", None, "", None)
        assert read.known == {places.find("八王子"): 7}
    by_name = pd.DataFrame({"町": ["檜原村"], "v": [1]})
    made = chart.tiles(by_name, value="v", municipality="町", title="題", source=MADE)
    assert rows(made)["檜原村"] == "1"
    indexed = pd.DataFrame({"code": ["13201"], "v": [1]}).set_index("code")
    assert rows(chart.tiles(indexed, value="v", title="題", source=MADE))["八王子市"] == "1"


@BOTH
def test_an_unknown_municipality_is_told_with_its_row_and_the_nearest(kind: str) -> None:
    with pytest.raises(KitError, match="八玉子市") as error:
        draw(kind, [1, 2], ["千代田区", "八玉子市"])
    assert "2 行目" in (error.value.where or "") and "code" in (error.value.where or "")
    assert "八王子市" in (error.value.hint or "")


@pytest.mark.parametrize("typed", ["13000", "14100", "", None, float("nan"), float("inf"), "合計"])
def test_what_is_no_municipality_of_tokyo_is_refused(typed: Any) -> None:
    with pytest.raises(KitError) as error:
        draw("tiles", [1, 2], ["13101", typed])
    assert "2 行目" in (error.value.where or "")


@BOTH
def test_two_rows_of_one_municipality_end_in_advice_about_dates(kind: str) -> None:
    with pytest.raises(KitError, match="八王子市") as error:
        draw(kind, [1, 2, 3], ["13201", "13101", "八王子"])
    assert error.value.where == "1 行目と 3 行目"
    assert "vintage" in (error.value.hint or "")


@BOTH
def test_other_mistakes_are_told_too(kind: str) -> None:
    with pytest.raises(KitError, match="「x」"):
        draw(kind, range(62), value="x")
    with pytest.raises(KitError, match="数でない"):
        draw(kind, ["多い"], ["13101"])
    with pytest.raises(KitError, match="出典"):
        draw(kind, range(62), source=None)
    with pytest.raises(PlaceError, match="横浜市"):
        draw(kind, range(62), highlight="横浜市")
    with pytest.raises(KitError, match="書き方"):
        draw(kind, range(62), format="%d")


@BOTH
def test_nothing_known_and_nothing_written_are_cards(kind: str) -> None:
    assert "表示できるデータがありません" in words(draw(kind, [None] * 62))
    assert "表示できるデータがありません" in words(draw(kind, [], []))
    assert "まだ書かれていません" in words(getattr(chart, kind)(..., value="v", title="題"))


@BOTH
@pytest.mark.parametrize(
    "values",
    [
        [5] * 62,
        [0] * 62,
        [-x for x in range(62)],
        [x / 61 for x in range(62)],
        [x * 1e13 for x in range(62)],
        [x * 1e-9 for x in range(62)],
        [7, *[None] * 61],
    ],
    ids=["equal", "zero", "negative", "shares", "huge", "tiny", "one"],
)
def test_whatever_the_values_a_map_is_drawn(kind: str, values: list[Any]) -> None:
    svg = chart.svg(draw(kind, values, highlight=["青ヶ島", "檜原"]))
    root = ElementTree.fromstring(svg)
    assert "NaN" not in svg and "Infinity" not in svg
    assert float(root.get("width", "0")) <= 600
    assert len(svg) < 120_000


def test_one_value_is_said_alone() -> None:
    assert "値があるのは千代田区だけで、7人です" in words(draw("tiles", [7], ["13101"]))
    assert "62区市町村は、すべて5人です" in words(draw("tiles", [5] * 62))


# --- the tiles ------------------------------------------------------------------------------------


def test_a_tile_shows_its_number_where_all_fit_and_only_whole() -> None:
    assert "100,061" in text_of(chart.svg(draw("tiles", range(100_000, 100_062))))
    long = range(10_000_000, 10_000_062)
    towns = TownValues.of({"code": CODES, "v": long}, "code", "v", None, "", None)
    assert tile_map._written(towns, None) == {}
    with pytest.raises(KitError, match="10,000,000") as error:
        draw("tiles", long, show_values=True)
    assert error.value.hint
    bare = draw("tiles", range(62), show_values=False)
    assert "17" in text_of(plain("tiles")) and "17" not in text_of(chart.svg(bare))


def test_every_name_is_on_the_tile_map() -> None:
    drawn = set(text_of(plain("tiles")))
    assert all(set(layout.tile_name(town)) <= drawn for town in places.all_())
    assert "島の位置は実際と違います。" in drawn


@BOTH
def test_what_is_highlighted_gets_a_thick_dark_outline(kind: str) -> None:
    def thick(svg: str) -> int:
        return len(re.findall(rf'stroke="{INK}"[^>]*stroke-width="3[.\d]*"', svg))

    assert thick(plain(kind)) == 0
    marked = draw(kind, range(62), highlight=["三宅", 13104, "13104"])
    assert thick(chart.svg(marked)) == 2


def test_real_figures_bring_their_source() -> None:
    towns = data.load("municipalities")
    made = chart.tiles(towns, value="population", unit="人", title="人口")
    assert "SSDSE" in chart.about(made)["source"]


def test_the_builders_stay_builders_after_their_rooms_are_open() -> None:
    assert callable(chart.tiles) and callable(chart.boundaries)
    assert {"tiles", "boundaries"} <= set(chart.__all__)


# --- the boundaries -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_boundaries_carry_their_credit_on_the_chart(language: str) -> None:
    with using(language):
        made = draw("boundaries", range(62))
        source = chart.about(made)["source"]
        drawn = "".join("".join(text_of(chart.svg(made))).split())
    assert source.startswith(MADE)
    credit = ("国土数値情報", "国土交通省", "加工") if language == "ja" else ("MLIT", "processing")
    assert all(part in source and part in drawn for part in credit)


def test_every_municipality_is_drawn_once_inside_the_picture() -> None:
    svg = plain("boundaries")
    group = re.search(r'<g class="mark-shape.*?</g>', svg, re.DOTALL)
    assert group and group[0].count("<path") == 62
    sheet = boundary_map._sheet("ja")
    assert sorted(sheet.shapes) == CODES
    corners = [p for shape in sheet.shapes.values() for ring in shape for p in ring]
    assert min(x for x, _ in corners) >= 0 and max(x for x, _ in corners) <= 578
    assert "島の位置は実際と違います" in "".join(text_of(svg))


def test_islands_keep_the_scale_of_the_mainland() -> None:
    rings, sheet = boundary_map._degrees(), boundary_map._sheet("ja")

    def high(points: list[tuple[float, float]]) -> float:
        return max(y for _, y in points) - min(y for _, y in points)

    scales = [high(sheet.shapes[c][0]) / high(rings[c][0]) for c in ("13201", "13361", "13382")]
    assert max(scales) / min(scales) == pytest.approx(1, abs=0.02)


def test_the_boundary_table_is_sound_and_neighbours_share_its_points(real: Any) -> None:
    assert data.validate("boundaries") == []
    table = data.load("boundaries")
    assert sorted(table["code"].unique()) == CODES
    ends = table.groupby(["code", "ring"])[["longitude", "latitude"]].agg(["first", "last"])
    for axis in ("longitude", "latitude"):
        assert (ends[axis]["first"] == ends[axis]["last"]).all(), "rings are closed"
    assert len(real[1]) == 130


# --- plane geometry -------------------------------------------------------------------------------

RING = [(0, 0), (30, 0), (30, 30), (15, 10), (0, 30), (0, 0)]  # a notch from below


def test_spans_leave_the_notch_out() -> None:
    assert shapes.spans([RING], 5) == [(0, 30)]
    assert shapes.spans([RING], 20) == [(0, 7.5), (22.5, 30)]
    assert shapes.spans([RING], 31) == []


def test_hatching_stays_inside() -> None:
    lines = list(shapes.hatching([RING], 3))
    assert len(lines) > 5
    for (x1, y1), (x2, y2) in lines:
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        assert any(left - 1e-6 <= x <= right + 1e-6 for left, right in shapes.spans([RING], y))


def test_a_name_is_placed_where_its_whole_box_is_inside() -> None:
    spot = shapes.room_for([RING], 20, 8)
    assert spot is not None
    for y in (spot[1] - 3.9, spot[1] + 3.9):
        assert any(a <= spot[0] - 10 and spot[0] + 10 <= b for a, b in shapes.spans([RING], y))
    assert shapes.room_for([RING], 29, 20) is None
