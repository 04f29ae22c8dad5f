"""How every chart of the kit looks."""

from __future__ import annotations

from functools import cache
from typing import Any

from kit.house import home
from kit.language import spaced

# Measured: ≥ 3.87:1 on white; smallest ΔE between any two under colour-vision deficiency 21.7.
# Colour is never alone: a shape, a dash or a fill goes with each.
COLOURS = ("#005AFF", "#D55E00", "#000000", "#03875F", "#990099", "#804000")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [14, 4], [4, 2, 1, 2])
# Bars told apart on a black-and-white print, each inside an outline of its colour: the colour
# itself, then 8 % of #D55E00, 45 % of black, 25 % of #03875F on white.
FILLS = ("#005AFF", "#FCF2EB", "#8C8C8C", "#C0E1D7")

INK = "#1A1A1A"
SOFT_INK = "#444444"
MUTED = "#8C8C8C"  # 3.36:1 on white, and lighter than every colour above when printed grey
GRID = "#DDDDDD"
AXIS = "#767676"

_OTHERS = "Yu Gothic, Hiragino Sans, Noto Sans CJK JP, sans-serif"
TITLE_SIZE = 16
TEXT_SIZE = 13
SOURCE_SIZE = 11


# Digits and Latin letters: in the fixed face 「1,234」 falls apart.
NUMBER_FONTS = f"BIZ UDPGothic, BIZ UDGothic, {_OTHERS}"


def fonts(language: str | None = None) -> str:
    """Return the font list: the fixed face for Japanese, the proportional one for the rest.

    Examples
    --------
    >>> fonts("ja").split(", ")[0]
    'BIZ UDGothic'
    """
    if spaced(language):
        return NUMBER_FONTS
    return f"BIZ UDGothic, BIZ UDPGothic, {_OTHERS}"


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration in the current language.

    Every text and line colour is set: JupyterLab lays Vega's dark theme under the chart when the
    reader chose a dark Lab, and whatever is not set here would turn white on white.
    """
    text = {"labelColor": SOFT_INK, "titleColor": INK, "labelFontSize": TEXT_SIZE - 1}
    return {
        "background": "white",
        "padding": 10,
        "font": fonts(),
        "lineBreak": "\n",
        # The description and the table say it all; Vega's own captions are English only.
        "aria": False,
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": INK,
            "fontSize": TITLE_SIZE,
            "fontWeight": "bold",
            "lineHeight": TITLE_SIZE + 5,
            "offset": 14,
            "subtitleColor": SOFT_INK,
            "subtitleFontSize": SOURCE_SIZE,
            "subtitleLineHeight": SOURCE_SIZE + 4,
            "subtitlePadding": 6,
        },
        "axis": {
            **text,
            "titleFontSize": TEXT_SIZE - 1,
            "titleFontWeight": "normal",
            "titleLineHeight": TEXT_SIZE + 4,
            "labelLineHeight": TEXT_SIZE + 2,
            "titlePadding": 8,
            "labelFlush": False,
            "labelLimit": 0,
            "titleLimit": 0,
            "gridColor": GRID,
            "domainColor": AXIS,
            "tickColor": AXIS,
        },
        "axisQuantitative": {"labelFont": NUMBER_FONTS},
        "axisTemporal": {"labelFont": NUMBER_FONTS},
        "axisXBand": {"labelAngle": 0, "labelOverlap": "greedy"},
        "axisXPoint": {"labelAngle": 0, "labelOverlap": "greedy"},
        "legend": {
            **text,
            "orient": "bottom",
            "title": None,
            "symbolSize": 110,
            "symbolStrokeWidth": 2,
            "labelLimit": 0,
            "columnPadding": 18,
            "rowPadding": 4,
            "labelFontSize": TEXT_SIZE,
        },
        "header": {**text, "titleFontWeight": "normal"},
        "view": {"stroke": None, "continuousWidth": 480, "continuousHeight": 300},
        "range": {"category": list(COLOURS), "symbol": list(SHAPES)},
        "bar": {"color": COLOURS[0]},
        "rect": {"color": COLOURS[0]},
        "line": {"color": COLOURS[0], "strokeWidth": 2.5},
        "point": {"color": COLOURS[0], "filled": True, "size": 60},
        "rule": {"color": INK},
        "text": {"color": INK, "fontSize": TEXT_SIZE - 1},
    }


@cache
def register_fonts() -> None:
    """Let the drawing engine see the kit's own Japanese font; without one it draws empty boxes."""
    import vl_convert

    folder = home() / "templates" / "fonts"
    if folder.is_dir():
        vl_convert.register_font_directory(str(folder))


@cache
def register() -> None:
    """Make the kit's look available to altair under the name ``kit``.

    Once: to ask altair for the names it knows costs 15 ms, a sixth of a move in a panel.
    """
    import altair as alt

    def look() -> Any:
        return {"config": config()}

    alt.theme.register("kit", enable=False)(look)
