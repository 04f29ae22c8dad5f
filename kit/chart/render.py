"""From a chart to what a notebook, a page or a file shows."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Mapping
from html import escape
from typing import Any

import altair as alt
from altair.utils import schemapi

from kit.chart import boxes, theme
from kit.chart.picture import packed
from kit.errors import KitError
from kit.language import say

# JupyterLab 4.4 and 4.6 bundle vega 5.33, so the compiler must be the last of Vega-Lite 5.
VEGA_LITE = "5.20"
VEGA_MIME = "application/vnd.vega.v5+json"
PNG_SCALE = 2
_PARTS = re.compile(r' (?:role="graphics-[a-z]+"|aria-(?:roledescription|label)="[^"]*")')


def enable() -> None:
    """Draw every altair chart from here on as the kit does: offline, with its source and table."""
    theme.register()
    alt.theme.enable("kit")
    alt.renderers.register("kit", _renderer)
    alt.renderers.enable("kit")


def about(chart: Any) -> dict[str, Any]:
    """Return a chart's ``title``, ``description``, ``table`` and ``source``.

    Parameters
    ----------
    chart : altair chart or its specification
        One without them (an author's own, not passed through :func:`kit.chart.figure`) gets its
        title for a description.
    """
    spec = chart if isinstance(chart, Mapping) else {"usermeta": _defined(chart, "usermeta")}
    told = (spec.get("usermeta") or {}).get("kit")
    if told:
        return dict(told)
    title = spec.get("title") if isinstance(chart, Mapping) else _defined(chart, "title")
    text = title.get("text") if isinstance(title, Mapping) else title
    words = "".join(text) if isinstance(text, list) else text
    return {
        "title": words if isinstance(words, str) else "",
        "description": words if isinstance(words, str) and words else say("説明のない図"),
        "table": {"columns": [], "rows": []},
        "source": "",
    }


def _defined(chart: Any, name: str) -> Any:
    value = getattr(chart, "_kwds", {}).get(name, alt.Undefined)
    if value is alt.Undefined:
        return None
    return value.to_dict() if hasattr(value, "to_dict") else value


def specification(chart: Any) -> dict[str, Any]:
    """Return the themed Vega-Lite specification of `chart`."""
    theme.register()
    try:
        with alt.theme.enable("kit"), schemapi.debug_mode(False):
            spec = chart.to_dict(validate=_defined(chart, "usermeta") is None)
    except alt.MaxRowsError:
        raise KitError(
            say("行が多すぎて図にできません（上限 {limit:,} 行）。", limit=5_000),
            hint=say("groupby で集計するか、sample で一部を取り出してから図にしてください。"),
        ) from None
    return spec


def _vega(spec: Mapping[str, Any]) -> dict[str, Any]:
    import vl_convert

    theme.register_fonts()
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(dict(spec), vl_version=VEGA_LITE)
    compiled.pop("usermeta", None)  # it travels once, in the output's metadata
    return compiled


def _vega_png(spec: Mapping[str, Any]) -> bytes:
    import vl_convert

    theme.register_fonts()
    return packed(vl_convert.vega_to_png(dict(spec), scale=PNG_SCALE, allowed_base_urls=[]))


def png(chart: Any) -> bytes:
    """Return `chart` as a PNG picture, twice as fine as it is wide on screen.

    Examples
    --------
    >>> from kit.chart import bars
    >>> png(bars({"a": ["甲"], "b": [1]}, category="a", value="b", title="題", source="模擬"))[1:4]
    b'PNG'
    """
    return _vega_png(_vega(specification(chart)))


def svg(chart: Any, *, description: str | None = None) -> str:
    """Return `chart` as an SVG element to stand inside a page.

    Parameters
    ----------
    chart : altair chart, or the Vega specification of a notebook's output
        The latter so that a page need not run the notebook again.
    description : str, optional
        What a screen reader says; the chart's own if not given.

    Returns
    -------
    str
        One ``<svg role="img" aria-label="…">``; every id in it is this drawing's own.

    Examples
    --------
    >>> from kit.chart import bars
    >>> drawn = bars({"a": ["<b>甲"], "b": [1]}, category="a", value="b", title="題", source="模擬")
    >>> "<b>" in svg(drawn)
    False
    """
    if not isinstance(chart, Mapping):
        spec = specification(chart)
        return _drawn(spec, description or about(spec)["description"])
    words = description or chart.get("description") or about(chart)["description"]
    return _inline(boxes.vega_svg(json.dumps(dict(chart), ensure_ascii=False)), words)


def html(chart: Any) -> str:
    """Return `chart` as an SVG element between its title and its source, both set as text.

    Text outside the drawing wraps on a phone, takes the reader's size and colours, and need not be
    measured: that is two fifths of what drawing a chart costs, paid at every move of a slider.

    Parameters
    ----------
    chart : altair chart
        A vertical or horizontal row of charts, or one without the kit's own title, stays whole.

    Examples
    --------
    >>> from kit.chart import bars
    >>> drawn = html(bars({"a": ["甲"], "b": [1]}, category="a", value="b", title="題<", source="模擬"))
    >>> drawn[:65]
    '<div class="kit-chart"><div class="kit-chart-title"><strong>題&lt;'
    """
    spec = specification(chart)
    told = about(spec)
    lifted = bool(told["title"]) and "kit" in (spec.get("usermeta") or {})
    if lifted:
        del spec["title"]
    drawing = _drawn(spec, told["description"])
    if not lifted:
        return drawing
    title = f'<div class="kit-chart-title"><strong>{escape(told["title"])}</strong></div>'
    source = (
        f'<div class="kit-chart-source"><small>{escape(told["source"])}</small></div>'
        if told["source"]
        else ""
    )
    return f'<div class="kit-chart">{title}{drawing}{source}</div>'


def _drawn(spec: Mapping[str, Any], words: str) -> str:
    text = json.dumps(dict(spec), ensure_ascii=False)
    return _inline(boxes.vega_lite_svg(text, VEGA_LITE), words)


def _inline(drawn: str, words: str) -> str:
    # The label says it all; parts with roles of their own but no words would be found nameless.
    drawn = _PARTS.sub("", drawn)
    key = "k" + hashlib.sha256(drawn.encode()).hexdigest()[:8]
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", drawn)
    drawn = re.sub(r'href="#([^"]+)"', rf'href="#{key}-\1"', drawn)
    label = escape(" ".join(words.split()), quote=True)
    opening = f'<svg role="img" aria-label="{label}" style="max-width:100%;height:auto" '
    return drawn[drawn.index("<svg ") :].replace("<svg ", opening, 1)


def _renderer(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the mime bundle altair shows: vega for JupyterLab, PNG for all else.

    No ``text/html``: notebooks would prefer it to both.
    """
    told = about(spec)
    vega = _vega(spec)
    picture = _vega_png(vega)
    width, height = struct.unpack(">II", picture[16:24])
    bundle = {
        VEGA_MIME: vega,
        "image/png": base64.b64encode(picture).decode("ascii"),
        "text/plain": told["description"],
    }
    metadata = {
        "kit": told,
        "image/png": {"width": width // PNG_SCALE, "height": height // PNG_SCALE},
        VEGA_MIME: {"embed_options": _embed_options()},
    }
    return bundle, metadata


def _embed_options() -> dict[str, Any]:
    # The menu keeps only what works without the internet, in the reader's language.
    return {
        "renderer": "svg",
        "downloadFileName": "chart",
        "actions": {"export": True, "source": False, "compiled": False, "editor": False},
        "i18n": {
            "CLICK_TO_VIEW_ACTIONS": say("図を保存する"),
            "PNG_ACTION": say("PNG で保存"),
            "SVG_ACTION": say("SVG で保存"),
        },
    }
