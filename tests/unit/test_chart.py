"""Charts say what they show, where it comes from, and draw whatever they are given."""

from __future__ import annotations

import base64
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest

from kit import chart
from kit.chart import picture, render, theme
from kit.chart.counts import count
from kit.chart.text import wrap
from kit.errors import KitError
from kit.language import using

MADE = "模擬データ"


def towns(names: list[str], values: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"町": names, "人口：総数.[人]（％）": values})


def bars(names: list[str], values: list[Any], **more: Any) -> Any:
    settings = {"title": "人口", "unit": "人", "source": MADE}
    frame = towns(names, values)
    return chart.bars(frame, category="町", value=frame.columns[1], **(settings | more))


def lines(x: Any, y: Any, **more: Any) -> Any:
    settings = {"title": "推移", "source": MADE}
    return chart.lines({"x": x, "y": y}, x="x", y="y", **(settings | more))


def histogram(values: Any, **more: Any) -> Any:
    return chart.histogram(values, **({"title": "分布", "source": MADE} | more))


def intervals(rows: list[tuple[Any, ...]], **more: Any) -> Any:
    frame = pd.DataFrame(rows, columns=["a", "e", "l", "h"])
    settings = {"title": "効果", "source": MADE}
    return chart.intervals(frame, label="a", estimate="e", low="l", high="h", **(settings | more))


def dots(x: Any, y: Any, **more: Any) -> Any:
    return chart.dots({"x": x, "y": y}, x="x", y="y", **({"title": "散布", "source": MADE} | more))


EVERY: dict[str, Callable[[], Any]] = {
    "bars": lambda: bars(["甲", "乙"], [3, 5]),
    "lines": lambda: lines([2020, 2021], [3, 5]),
    "dots": lambda: dots([1, 2, 3], [2, 3, 5]),
    "histogram": lambda: histogram([1.5, 2, 2, 3], reference=2.5, reference_label="観測"),
    "intervals": lambda: intervals([("差", 0.04, 0.01, 0.07)], reference=0),
    "figure": lambda: chart.figure(
        alt.Chart(towns(["甲"], [3]).rename(columns={"人口：総数.[人]（％）": "n"}))
        .mark_bar()
        .encode(x="n:Q", y="町:N"),
        title="作者の図",
        description="甲は 3 人です。",
        source=MADE,
    ),
}


def words(chart_: Any) -> str:
    return str(chart.about(chart_)["description"])


def text_of(svg: str) -> str:
    return " ".join(ElementTree.fromstring(svg).itertext())


# --- what every chart carries ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVERY)
def test_every_chart_carries_description_table_and_source(kind: str) -> None:
    made = EVERY[kind]()
    told = chart.about(made)
    assert len(told["description"]) > 5
    assert told["table"]["columns"] and told["table"]["rows"]
    assert all(len(row) == len(told["table"]["columns"]) for row in told["table"]["rows"])
    assert told["source"] == MADE
    drawn = text_of(chart.svg(made))
    assert MADE in drawn, "the source is on the chart itself"


@pytest.mark.parametrize("kind", EVERY)
def test_drawing_is_the_same_each_time(kind: str) -> None:
    assert chart.svg(EVERY[kind]()) == chart.svg(EVERY[kind]())
    assert chart.png(EVERY[kind]()) == chart.png(EVERY[kind]())


@pytest.mark.parametrize("kind", EVERY)
def test_an_svg_can_stand_in_a_page(kind: str) -> None:
    svg = chart.svg(EVERY[kind]())
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img" and root.get("aria-label") == words(EVERY[kind]())
    identifiers = re.findall(r'\bid="([^"]+)"', svg)
    assert all(re.match(r"k[0-9a-f]{8}-", identifier) for identifier in identifiers)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(identifiers)
    assert "<script" not in svg and "http" not in svg.replace("http://www.w3.org", "")


def test_the_description_is_computed_in_the_current_language() -> None:
    with using("ja"):
        assert words(bars(["甲", "乙"], [3, 5])) == "横棒グラフ「人口」。甲は3人、乙は5人です。"
    with using("en"):
        assert "甲" in words(bars(["甲", "乙"], [3, 5]))


def test_a_chart_without_a_source_is_refused() -> None:
    with pytest.raises(KitError, match="出典"):
        bars(["甲"], [1], source=None)
    with pytest.raises(KitError, match="出典"):
        bars(["甲"], [1], source="　")


class Citation:
    def line(self, language: str) -> str:
        return {"ja": "出典：総務省", "en": "Source: MIC"}[language]


def test_the_source_comes_from_a_citation_or_from_the_frame() -> None:
    frame = towns(["甲"], [1])
    frame.attrs["citation"] = Citation()
    column = frame.columns[1]
    made = chart.bars(frame, category="町", value=column, title="題")
    assert chart.about(made)["source"] == "出典：総務省"
    assert chart.about(histogram(frame[column], source=None))["source"] == "出典：総務省"
    with using("en"):
        assert chart.about(bars(["甲"], [1], source=Citation()))["source"] == "Source: MIC"


def test_a_long_japanese_source_is_wrapped_and_nothing_is_cut() -> None:
    source = "出典：総務省統計局「令和2年国勢調査　人口等基本集計」（2020年10月1日現在）" * 4
    made = bars(["甲"], [1], source=source)
    spec = made.to_dict()
    assert max(map(len, spec["title"]["subtitle"])) <= 60
    svg = chart.svg(made)
    drawn = "".join(text_of(svg).split())
    assert "".join(source.split()) in drawn
    assert float(ElementTree.fromstring(svg).get("width", "0")) < 720


# --- the notebook ---------------------------------------------------------------------------------


@pytest.fixture
def bundle() -> tuple[dict[str, Any], dict[str, Any]]:
    before = alt.renderers.active
    chart.enable()
    try:
        shown: Any = bars(["甲", "乙"], [3, 5])._repr_mimebundle_()
        return shown
    finally:
        alt.renderers.enable(before)
        alt.theme.enable("default")


def test_a_notebook_gets_vega_five_and_a_picture_but_no_html(bundle: Any) -> None:
    data, metadata = bundle
    assert set(data) == {"application/vnd.vega.v5+json", "image/png", "text/plain"}
    assert data["application/vnd.vega.v5+json"]["$schema"].endswith("/vega/v5.json")
    assert data["text/plain"] == metadata["kit"]["description"]
    assert set(metadata["kit"]) == {"title", "description", "table", "source"}


def test_the_vega_specification_asks_nobody_for_anything(bundle: Any) -> None:
    spec = bundle[0]["application/vnd.vega.v5+json"]
    assert all("url" not in dataset for dataset in spec["data"])
    options = bundle[1]["application/vnd.vega.v5+json"]["embed_options"]
    assert not options["actions"]["editor"]


def test_a_dark_theme_below_leaves_every_word_legible(bundle: Any) -> None:
    """JupyterLab lays Vega's dark theme under a chart when its own theme is dark."""
    spec = bundle[0]["application/vnd.vega.v5+json"]
    dark = {
        "background": "#333",
        "title": {"color": "#fff", "subtitleColor": "#fff"},
        "style": {"guide-label": {"fill": "#fff"}, "guide-title": {"fill": "#fff"}},
        "axis": {"domainColor": "#fff", "gridColor": "#888", "tickColor": "#fff"},
    }

    def under(below: Any, above: Any) -> Any:
        if not (isinstance(below, dict) and isinstance(above, dict)):
            return above
        both = below | above
        return both | {k: under(below[k], above[k]) for k in below.keys() & above.keys()}

    svg = chart.svg({**spec, "config": under(dark, spec["config"])})
    assert "#fff" not in re.sub(r'stroke="[^"]*"', "", svg).replace('fill="white"', "")


def test_a_page_can_draw_the_notebooks_output_again(bundle: Any) -> None:
    spec = bundle[0]["application/vnd.vega.v5+json"]
    assert text_of(chart.svg(spec)) == text_of(chart.svg(bars(["甲", "乙"], [3, 5])))


def test_the_picture_is_small_and_shows_its_own_size(bundle: Any) -> None:
    data, metadata = bundle
    pixels = base64.b64decode(data["image/png"])
    assert len(pixels) < 50_000
    width = struct.unpack(">I", pixels[16:20])[0]
    assert metadata["image/png"]["width"] == width // render.PNG_SCALE


def unpacked(pixels: bytes) -> np.ndarray:
    """The colours of a palette PNG without filters, as :func:`kit.chart.picture.packed` makes."""
    chunks, at = {}, 8
    while at < len(pixels):
        (length,) = struct.unpack(">I", pixels[at : at + 4])
        chunks[pixels[at + 4 : at + 8]] = pixels[at + 8 : at + 8 + length]
        at += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


def test_packing_keeps_the_colours() -> None:
    colours = unpacked(chart.png(bars(["甲", "乙"], [3, 5])))
    blue = (np.abs(colours.astype(int) - [0x00, 0x5A, 0xFF]).max(axis=2) <= 2).mean()
    white = (colours == 255).all(axis=2).mean()
    assert blue > 0.1 and white > 0.4


def test_what_is_no_rgba_picture_comes_back_as_it_was() -> None:
    small = chart.png(bars(["甲"], [3]))
    assert picture.packed(small) == small
    assert picture.packed(b"") == b""


def test_japanese_is_drawn_and_not_as_empty_boxes() -> None:
    """Two characters of the same width differ in ink only if the font has them."""
    one, other = (unpacked(chart.png(bars([name], [1]))) for name in ("一", "鬱"))
    assert one.shape == other.shape
    assert ((other < 128).sum() - (one < 128).sum()) > 100


def test_importing_the_charts_does_not_import_altair() -> None:
    """Altair takes a second: the first chart pays for it, not ``import kit``."""
    code = "import sys, kit.chart, kit.ask; print('altair' in sys.modules, 'ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


# --- hostile and empty input ----------------------------------------------------------------------

EVIL = "<script>alert(1)</script>&\"'`{{x}}"


def test_markup_in_any_text_is_drawn_as_text() -> None:
    made = bars([EVIL, "乙"], [3, 5], title=EVIL, unit=EVIL, source=EVIL)
    svg = chart.svg(made)
    assert "<script" not in svg
    assert "alert(1)" in text_of(svg)
    assert chart.about(made)["table"]["rows"][0][0] == EVIL


@pytest.mark.parametrize(
    "name", ["a:b", "a.b", "待ち[分]", "率（％）", "a'b\"c", "\\", "値 ", "日本語"]
)
def test_any_column_name_will_do(name: str) -> None:
    frame = pd.DataFrame({name: [1.0, 2.0, 3.0], "y": [2, 3, 4], "z": ["甲", "乙", "丙"]})
    for made in (
        chart.bars(frame, category="z", value=name, title="t", source=MADE),
        chart.lines(frame, x=name, y=name, title="t", source=MADE),
        chart.dots(frame, x=name, y=name, series="z", title="t", source=MADE),
    ):
        assert name.strip() in chart.about(made)["table"]["columns"]
        assert chart.svg(made).startswith("<svg ")


@pytest.mark.parametrize(
    "name", ["\\", "'", '"', "${x}", "datum.x", "</svg>", "a\nb", "\u2028", "𠮷"]
)
def test_any_text_may_be_a_name(name: str) -> None:
    """Names end up in data and domains, never in Vega's expressions."""
    frame = {"n": [name, "乙"], "x": [1, 2], "y": [2, 3], "one": [1, 1]}
    shared: dict[str, Any] = {"title": "t", "source": MADE, "labels": {"x": name, "y": name}}
    for made in (
        chart.bars(frame, category="one", value="x", colour="n", highlight="1", **shared),
        chart.bars(frame, category="n", value="x", highlight=name, **shared),
        chart.lines(frame, x="x", y="y", series="n", **shared),
        chart.lines(frame, x="n", y="y", **shared),
        chart.lines(frame, x="x", y="y", series="n", highlight=name, **shared),
        chart.dots(frame, x="x", y="y", series="n", name="n", highlight=name, **shared),
    ):
        ElementTree.fromstring(chart.svg(made))


def test_no_rows_is_said_in_the_picture() -> None:
    for made in (
        bars([], []),
        lines([], []),
        dots([], []),
        histogram([]),
        intervals([]),
        bars(["甲"], [np.nan]),
        histogram([None, np.nan]),
    ):
        assert "表示できるデータがありません" in words(made)
        assert "データがありません" in text_of(chart.svg(made)).replace(" ", "")


def test_an_unwritten_exercise_gets_a_waiting_card_from_every_builder() -> None:
    for made in (
        chart.bars(..., category="a", value="b", title="題"),
        chart.bars({"a": [1]}, category=..., value="a", title="題"),
        chart.lines(..., x="a", y="b", title="題"),
        chart.dots(..., x="a", y="b", title="題"),
        chart.histogram(..., title="題"),
        chart.histogram([1], title="題", reference=..., source=MADE),
        chart.intervals(..., label="a", estimate="b", low="c", high="d", title="題"),
        chart.figure(..., title="題", description="x", source=MADE),
    ):
        assert "まだ書かれていません" in words(made)
        assert chart.svg(made).startswith("<svg ")


def test_what_is_missing_is_shown_as_missing() -> None:
    made = bars(["甲", "乙", "丙"], [3, np.nan, np.inf])
    assert "値のない項目が2件" in words(made)
    assert chart.about(made)["table"]["rows"][1] == ["乙", "データなし"]
    assert text_of(chart.svg(made)).count("データなし") == 2
    assert "2件は除きました" in words(dots([1, None, 3], [1, 2, np.nan]))
    assert "1件は除きました" in words(histogram([1, None]))
    assert "データなし" in text_of(chart.svg(intervals([("甲", 1, 0, 2), ("乙", None, 1, 2)])))


def test_a_gap_breaks_a_line() -> None:
    whole = chart.svg(lines(range(5), [1, 2, 3, 4, 5]))
    gap = chart.svg(lines(range(5), [1, 2, None, 4, 5]))
    path = re.compile(r'mark-line[^>]*>.*?<path[^>]*\bd="([^"]+)"', re.DOTALL)
    assert path.search(whole)[1].count("M") == 1  # type: ignore[index]
    assert path.search(gap)[1].count("M") == 2  # type: ignore[index]


@pytest.mark.parametrize("value", [0, 7, -3, 1e-9, 1e12])
def test_one_value_many_times_is_still_a_chart(value: float) -> None:
    for made in (
        bars(["甲", "乙"], [value, value]),
        lines([1, 2], [value, value]),
        lines([1], [value]),
        dots([value, value], [value, value]),
        histogram([value] * 5),
        intervals([("甲", value, value, value)], reference=value),
    ):
        root = ElementTree.fromstring(chart.svg(made))
        assert "NaN" not in chart.svg(made)
        assert float(root.get("width", "0")) < 800


def test_huge_names_wrap_and_stay_whole_in_the_table() -> None:
    name = (
        "児童手当・特例給付の現況届（所得制限限度額を超える場合の届出を含む）に係る添付書類の提出"
        * 2
    )
    made = bars([name + "１", name + "２"], [1, 2], title=name)
    assert [row[0] for row in chart.about(made)["table"]["rows"]] == [name + "１", name + "２"]
    assert float(ElementTree.fromstring(chart.svg(made)).get("width", "0")) < 720
    assert text_of(chart.svg(made)).count("…(2)") == 2, "two names that begin alike stay two bars"


def test_too_many_rows_end_in_advice() -> None:
    with pytest.raises(KitError, match="5,001 行") as error:
        dots(range(5001), range(5001))
    assert "groupby" in (error.value.hint or "")
    with pytest.raises(KitError, match="101"):
        bars([str(i) for i in range(101)], list(range(101)))
    big = alt.Chart(pd.DataFrame({"x": range(6000)})).mark_point().encode(x="x:Q")
    with pytest.raises(KitError):
        chart.figure(big, title="t", description="d", source=MADE)
    with pytest.raises(KitError):
        chart.svg(big)


def test_a_histogram_takes_any_number_of_values() -> None:
    values = np.random.default_rng(1).normal(size=200_000)
    made = histogram(values)
    assert len(chart.about(made)["table"]["rows"]) <= 60
    assert "200,000個" in words(made)


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        (lambda: chart.bars({"a": [1]}, category="b", value="a", title="t", source=MADE), "「b」"),
        (lambda: bars(["甲"], ["五"]), "数でない"),
        (lambda: bars(["甲", "甲"], [1, 2]), "同じ名前"),
        (lambda: bars(["甲"], [1], sort="up"), "sort"),
        (lambda: bars(["甲"], [1], format="五"), "書き方"),
        (lambda: intervals([("甲", 1, 3, 2)]), "下の端"),
        (lambda: chart.bars(5, category="a", value="b", title="t", source=MADE), "DataFrame"),
        (
            lambda: chart.figure(EVERY["bars"](), title="t", description=" ", source=MADE),
            "説明",
        ),
        (
            lambda: chart.lines(
                {"x": range(7), "y": range(7), "s": list("abcdefg")},
                x="x",
                y="y",
                series="s",
                title="t",
                source=MADE,
            ),
            "6 系列",
        ),
    ],
)
def test_a_mistake_is_named(mistake: Callable[[], Any], says: str) -> None:
    with pytest.raises(KitError, match=says):
        mistake()


# --- what the builders promise --------------------------------------------------------------------


def test_bars_are_sorted_as_asked_and_highlight_what_is_there() -> None:
    made = bars(["甲", "乙", "丙"], [2, 3, 1], sort="descending", highlight=["丙", "いない町"])
    assert [row[0] for row in chart.about(made)["table"]["rows"]] == ["乙", "甲", "丙"]
    made = bars(["甲", "乙", "丙"], [2, 3, 1], sort=["丙", "甲"])
    assert [row[0] for row in chart.about(made)["table"]["rows"]] == ["丙", "甲", "乙"]


def test_the_place_of_the_highlighted_town_is_told() -> None:
    made = bars([f"町{i}" for i in range(9)], list(range(9)), highlight="町6")
    assert "「町6」は6人で、大きい方から3番目です。" in words(made)


def test_bars_begin_at_zero() -> None:
    spec = bars(["甲", "乙"], [90, 100]).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0


def test_groups_differ_in_more_than_colour() -> None:
    frame = {"a": ["甲", "甲"], "g": ["一", "二"], "v": [1, 2]}
    made = chart.bars(frame, category="a", value="v", colour="g", title="t", source=MADE)
    fills = made.to_dict()["layer"][0]["encoding"]["fill"]["scale"]["range"]
    assert fills == list(theme.FILLS[:2])
    frame = {"x": [1, 2] * 2, "y": [1, 2, 3, 4], "s": ["一", "一", "二", "二"]}
    made = chart.lines(frame, x="x", y="y", series="s", title="t", source=MADE).to_dict()
    assert [layer["mark"]["strokeDash"] for layer in made["layer"][:2]] == list(theme.DASHES[:2])
    assert made["layer"][2]["encoding"]["shape"]["scale"]["range"] == list(theme.SHAPES[:2])


def test_years_have_no_thousands_separator() -> None:
    with using("ja"):
        svg = text_of(chart.svg(lines([2019, 2020, 2021], [1, 2, 3])))
        assert "2020年" in svg and "2,020" not in svg
        assert "2019年の1から2021年の3に増えました" in words(lines([2019, 2021], [1, 3]))


@pytest.mark.parametrize(
    ("dates", "label"),
    [
        (pd.date_range("2011-01-01", periods=12, freq="YS"), "2015年"),
        (pd.date_range("2020-02-01", periods=20, freq="MS"), "2021年"),
        (pd.date_range("2020-03-01", periods=20, freq="D"), "3/5"),
        (pd.period_range("2020-01", periods=14, freq="M"), "2021年"),
        (pd.date_range("2020-03-01", periods=20, freq="D", tz="Asia/Tokyo"), "3/5"),
    ],
)
def test_dates_are_labelled_in_japanese(dates: Any, label: str) -> None:
    with using("ja"):
        assert label in text_of(chart.svg(lines(dates, range(len(dates)))))


def test_large_numbers_are_counted_in_man_and_oku() -> None:
    with using("ja"):
        assert "1,000万" in text_of(chart.svg(bars(["甲"], [12_345_678])))
        assert "億" in text_of(chart.svg(bars(["甲"], [3_456_789_000])))
    with using("en"):
        assert "10M" in text_of(chart.svg(bars(["甲"], [12_345_678])))


def test_the_histogram_tells_the_share_beyond_the_reference() -> None:
    assert "それ以上の値は3個（30.0%）" in words(histogram(range(10), reference=7))


def test_counts_keep_every_value() -> None:
    rng = np.random.default_rng(2)
    for values in (rng.normal(size=999), rng.integers(0, 9, 50), [0.1 + 0.2, 0.3], [1e-12, 2e-12]):
        counted = count([float(v) for v in values])
        assert sum(counted.counts) == len(values)
        assert counted.edges == sorted(counted.edges)


def test_intervals_tell_which_reach_the_reference() -> None:
    made = intervals([("甲", 2, 1, 3), ("乙", 1, -1, 3)], reference=0, reference_label="差がない")
    assert "区間が「差がない」をまたぐのは乙です。" in words(made)


def test_a_scatter_tells_its_trend() -> None:
    assert "大きいほど縦軸も大きい" in words(dots(range(10), range(10)))
    assert "大きいほど縦軸は小さい" in words(dots(range(10), range(10, 0, -1)))
    assert "相関係数" not in words(dots([1, 2], [1, 2]))


def test_the_title_stands_above_the_legend() -> None:
    frame = {"x": [1, 2] * 2, "y": [1, 2, 3, 4], "s": ["一郎", "一郎", "二郎", "二郎"]}
    svg = chart.svg(chart.lines(frame, x="x", y="y", series="s", title="題名", source=MADE))
    root = ElementTree.fromstring(svg)
    heights: dict[str, float] = {}

    def walk(node: ElementTree.Element, y: float) -> None:
        moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", node.get("transform", ""))
        y += float(moved[2]) if moved else 0
        if node.text in ("題名", "一郎", MADE):
            heights[node.text] = y
        for child in node:
            walk(child, y)

    walk(root, 0)
    assert heights["題名"] < heights[MADE] < heights["一郎"]


@pytest.mark.parametrize(
    "text",
    [
        "出典：総務省統計局「令和2年国勢調査」（2020年10月1日現在）を加工して作成、CC BY 4.0",
        "オンライン化の状況を調べる",
        "https://example.jp/a/very/long/address/that/has/no/space",
        "",
    ],
)
@pytest.mark.parametrize("limit", [4, 9, 20])
def test_wrapping_keeps_every_character_within_the_limit(text: str, limit: int) -> None:
    rows = wrap(text, limit).split("\n")
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert not any(row.startswith(tuple("、。」）ー")) for row in rows if limit > 4)
    assert not any(row.endswith(tuple("「（")) for row in rows)


def contrast(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)


def test_marks_and_words_stand_out_from_white() -> None:
    assert all(contrast(c) >= 3 for c in (*theme.COLOURS, theme.MUTED, theme.AXIS))
    assert all(contrast(c) >= 4.5 for c in (theme.INK, theme.SOFT_INK))
