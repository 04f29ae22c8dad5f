"""A chart's Vega specification → a small inline SVG, wide for a screen and narrow for a phone.

Each specification is drawn once however many forms show it. The SVG is rebuilt from an allow-list
and loses what only Vega's own runtime needs; that halves a page.
"""

from __future__ import annotations

import copy
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from kit.errors import CourseError
from kit.language import say

PHONE = 340
_LEAST = 100  # a plot smaller than this shows nothing
_SLACK = 4
_NAMESPACE = "{http://www.w3.org/2000/svg}"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SHAPES = _set("""svg g path rect circle ellipse line polyline polygon text tspan defs clipPath linearGradient
    radialGradient stop""")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_GEOMETRY = _set("d transform x y x1 x2 y1 y2 cx cy dx dy r rx ry width height points")
_PAINT = _set("""clip-path dominant-baseline fill fill-opacity fill-rule font-size font-style font-weight
    gradientTransform gradientUnits id offset opacity stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor
    text-decoration""")
_SHARED = ("font-size", "font-weight", "font-style", "fill", "stroke", "stroke-width")


@dataclass(frozen=True)
class Drawing:
    """One drawn chart: the inside of an ``<svg>``, and its size in CSS pixels."""

    body: str
    width: float
    height: float
    font: str = "sans-serif"

    def svg(self, *, prefix: str, attributes: str) -> str:
        """Return the ``<svg>`` element.

        Parameters
        ----------
        prefix : str
            Put before every id in it, so that two charts on a page don't share one.
        attributes : str
            Attributes for the element: its class, its name for assistive technology.
        """
        body = re.sub(r'(\bid="|url\(#)', rf"\g<1>{prefix}", self.body)
        size = f"{_short(self.width)} {_short(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{_short(self.width)}" height="{_short(self.height)}" '
            f'font-family="{html.escape(self.font)}" {attributes}>{body}</svg>'
        )


def _frames(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the specification and the groups that only frame the one inside them."""
    node: Any = spec
    while True:
        yield node
        marks = node.get("marks") or []
        if len(marks) != 1 or marks[0].get("type") != "group":
            return
        node = marks[0]


def _is_source(title: Any) -> bool:
    # kit.chart sets the source as a title below the chart: nothing else stands there.
    return isinstance(title, Mapping) and title.get("orient") == "bottom"


def title_of(spec: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the lines of a chart's title and subtitle.

    Parameters
    ----------
    spec : mapping
        A Vega specification.

    Examples
    --------
    >>> title_of({"title": {"text": "受診率", "subtitle": ["模擬データ"]}})
    (['受診率'], ['模擬データ'])
    >>> title_of({"title": {"text": "出典：…", "orient": "bottom"},
    ...           "marks": [{"type": "group", "title": {"text": ["受診", "率"]}}]})
    (['受診', '率'], [])
    """
    for frame in _frames(spec):
        title = frame.get("title")
        if isinstance(title, str) and title.strip():
            return [title], []
        if isinstance(title, Mapping) and not _is_source(title):
            return _lines(title.get("text")), _lines(title.get("subtitle"))
    return [], []


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [str(line) for line in value if str(line).strip()] if isinstance(value, list) else []


def _untitled(spec: Mapping[str, Any], *, source: bool) -> dict[str, Any]:
    bare: dict[str, Any] = copy.deepcopy(dict(spec))
    bare.pop("usermeta", None)
    for frame in _frames(bare):
        title = frame.get("title")
        if _is_source(title):
            if not source:
                del frame["title"]
        elif title:
            del frame["title"]
            break
    return bare


def draw(spec: Mapping[str, Any], *, source: bool = True) -> Drawing:
    """Return the chart without its title, which a page sets as text.

    Parameters
    ----------
    spec : mapping
        A Vega specification.
    source : bool
        Keep the source below the chart; False where the page sets that too.

    Raises
    ------
    CourseError
        If Vega cannot draw it.
    """
    return _draw(_text(_untitled(spec, source=source)))


def fit(spec: Mapping[str, Any], width: float, height: float = 0) -> Drawing | None:
    """Return the chart laid out again for a room, or None if it cannot be.

    Scaling a chart down makes its words unreadable; a chart with a width of its own can be drawn
    anew instead. Its words keep their size, so they grow when the drawing is scaled up.

    Parameters
    ----------
    spec : mapping
        A Vega specification.
    width : float
        Room in CSS pixels. Without a height, a chart that is narrower stays as it is.
    height : float
        Room in CSS pixels: the chart fills the width and is made lower if it can be. 0 leaves its
        own height.
    """
    wide = draw(spec, source=False)
    if wide.width <= width + _SLACK and not height:
        return wide
    across, up = _elastic(spec)
    if not across:
        return None
    inner, tall = spec["width"], spec.get("height", 0)
    fitted = _untitled(spec, source=False)
    side = spec.get("config", {}).get("legend", {}).get("orient", "right")
    for legend in _legends(fitted):
        if legend.get("orient", side) in ("left", "right"):
            legend["orient"] = "bottom"
    # What stands around the plot takes its room too; how much, only a drawing tells.
    beside = wide.width - inner
    above = wide.height - tall if height and up else None
    for direction in ("", "vertical"):
        for legend in _legends(fitted) if direction else ():
            legend["direction"] = direction
        if drawn := _shrink(fitted, (width, height), beside, above):
            return drawn
    return None


_CONTINUOUS = _set("linear log pow sqrt symlog time utc")


def _elastic(spec: Mapping[str, Any]) -> tuple[bool, bool]:
    """Say whether a chart may be made narrower, and lower.

    It may where a labelled axis measures something continuous. A band has words in it that need
    its room, and a drawing without axes (a blueprint) is laid out to the pixel.
    """
    kinds: dict[str, str] = {}
    measured: set[str] = set()
    groups: list[Mapping[str, Any]] = [spec]
    while groups:
        group = groups.pop()
        groups.extend(mark for mark in group.get("marks", ()) if mark.get("type") == "group")
        kinds.update(
            (scale["name"], scale.get("type", "linear")) for scale in group.get("scales", ())
        )
        for axis in group.get("axes", ()):
            if axis.get("labels", True) and kinds.get(axis.get("scale")) in _CONTINUOUS:
                measured.add(axis.get("orient", "bottom"))
    sizes = [isinstance(spec.get(side), int | float) for side in ("width", "height")]
    return sizes[0] and bool(measured & {"bottom", "top"}), sizes[1] and bool(
        measured & {"left", "right"}
    )


def _shrink(
    fitted: dict[str, Any], room: tuple[float, float], beside: float, above: float | None
) -> Drawing | None:
    """Draw with ever less plot until the whole fits; `above` None leaves the height alone."""
    width, height = room
    own = fitted.get("height", 0)
    best = None
    for _ in range(3):
        fitted["width"] = round(width - beside)
        if fitted["width"] < _LEAST:
            break
        if above is not None:
            fitted["height"] = round(max(_LEAST, min(own, height - above)))
        drawn = _draw(_text(fitted))
        too_wide = drawn.width - width
        too_tall = drawn.height - height if above is not None else 0.0
        if too_wide <= _SLACK:
            best = drawn
        if abs(too_wide) <= _SLACK and (too_tall <= _SLACK or fitted["height"] <= _LEAST):
            break
        beside += too_wide
        above = None if above is None else above + max(0.0, too_tall)
    return best


def _legends(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("legends", ())
    for mark in node.get("marks", ()):
        if mark.get("type") == "group":
            yield from _legends(mark)


def _text(spec: Mapping[str, Any]) -> str:
    return json.dumps(spec, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=256)
def _draw(spec: str) -> Drawing:
    import vl_convert

    from kit.chart import theme

    theme.register_fonts()
    try:
        # No address is allowed: a chart that asks another host for its data is not drawn.
        svg = vl_convert.vega_to_svg(json.loads(spec), allowed_base_urls=[])
    except ValueError as error:
        raise CourseError(
            say("図を描けません: {error}", error=str(error).strip().splitlines()[0])
        ) from error
    return slim(svg)


def slim(svg: str) -> Drawing:
    """Return an SVG of Vega's without what a page has no use for.

    Examples
    --------
    >>> slim('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">'
    ...      '<g><g role="x"><path d="M1.23456,2h0"/></g></g></svg>').body
    '<path d="M1.2,2h0"/>'
    """
    root = ElementTree.fromstring(svg)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    fonts = Counter(text.get("font-family", "") for text in root.iter(f"{_NAMESPACE}text"))
    root.attrib.clear()
    _tidy(root, width, height)
    body = "".join(_write(child) for child in root)
    return Drawing(body, width, height, max(fonts, key=fonts.__getitem__, default="sans-serif"))


def _short(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _round(value: str) -> str:
    return _NUMBER.sub(lambda match: _short(float(match[0])), value)


def _unseen(element: ElementTree.Element, width: float, height: float) -> bool:
    if element.tag not in _SHAPES or element.get("display") == "none":
        return True
    if element.tag == "path":
        return element.get("d", "") in ("", "M0,0h0v0h0Z")
    whole = element.get("width") == f"{width:g}" and element.get("height") == f"{height:g}"
    # The paper behind a chart is the page's: white in the light and in the dark.
    return element.tag == "rect" and whole and element.get("fill") == "white"


def _tidy(parent: ElementTree.Element, width: float, height: float) -> None:
    for child in list(parent):
        child.tag = str(child.tag).replace(_NAMESPACE, "")
        if _unseen(child, width, height):
            parent.remove(child)
            continue
        for name in list(child.attrib):
            value = child.attrib[name]
            if name in _GEOMETRY:
                child.attrib[name] = _round(value)
            elif name not in _PAINT or ("url(" in value and not value.startswith("url(#")):
                del child.attrib[name]
        for name in ("opacity", "fill-opacity", "stroke-opacity"):
            if child.get(name) == "1":
                del child.attrib[name]
        if child.get("transform") in ("translate(0,0)", "rotate(0)"):
            del child.attrib["transform"]
        _tidy(child, width, height)
        _share(child)
    _unwrap(parent)


def _share(group: ElementTree.Element) -> None:
    """Say once, on the group, what all its children say."""
    if group.tag != "g" or len(group) < 2:
        return
    for name in _SHARED:
        values = {child.get(name) for child in group}
        if len(values) == 1 and None not in values:
            group.set(name, values.pop() or "")
            for child in group:
                del child.attrib[name]


def _unwrap(parent: ElementTree.Element) -> None:
    for at in reversed(range(len(parent))):
        child = parent[at]
        if child.tag != "g":
            continue
        if len(child) == 0:
            parent.remove(child)
        elif not child.attrib:
            inner = list(child)
            parent.remove(child)
            for offset, element in enumerate(inner):
                parent.insert(at + offset, element)


def _write(element: ElementTree.Element) -> str:
    text = ElementTree.tostring(element, encoding="unicode", short_empty_elements=True)
    return text.replace(" />", "/>")
