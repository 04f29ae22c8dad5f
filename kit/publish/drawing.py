"""A chart's Vega specification → a small inline SVG, wide for a screen and narrow for a phone.

Each specification is drawn once however many forms show it, with words measured by
:mod:`kit.chart.boxes`. :mod:`kit.publish.slim` makes the SVG small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from kit.chart import boxes
from kit.errors import CourseError
from kit.language import say
from kit.publish.slim import Drawing, slim

__all__ = ["PHONE", "Drawing", "draw", "fit", "slim", "title_of"]

PHONE = 340
_LEAST = 100  # a plot smaller than this shows nothing
_SLACK = 10
_SCALED = 0.13  # so much a drawing may be scaled down: its words stay above 10 px


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


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


def _untitled(text: str, *, source: bool) -> dict[str, Any]:
    bare: dict[str, Any] = json.loads(text)
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
    return _drawn(_text(spec), source)


@lru_cache(maxsize=256)
def _drawn(text: str, source: bool) -> Drawing:
    return _draw(_text(_untitled(text, source=source)))


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
    return _fit(_text(spec), width, height)


@lru_cache(maxsize=256)
def _fit(text: str, width: float, height: float) -> Drawing | None:
    wide = _drawn(text, False)
    if wide.width <= width + _SLACK and not height:
        return wide
    fitted = _untitled(text, source=False)
    across, up = _elastic(fitted)
    if not across:
        return None
    inner, tall = fitted["width"], fitted.get("height", 0)
    side = fitted.get("config", {}).get("legend", {}).get("orient", "right")
    for legend in _legends(fitted):
        if legend.get("orient", side) in ("left", "right"):
            legend["orient"] = "bottom"
    # What stands around the plot takes its room too; how much, only a drawing tells.
    beside = wide.width - inner + _SLACK
    above = wide.height - tall if height and up else None
    drawn = _shrink(fitted, (width, height), beside, above)
    if drawn is None and (legends := list(_legends(fitted))):
        for legend in legends:
            legend["direction"] = "vertical"
        drawn = _shrink(fitted, (width, height), beside, above)
    return drawn


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
    best: Drawing | None = None
    before = float("inf")
    for _ in range(3):
        fitted["width"] = round(width - beside)
        if fitted["width"] < _LEAST:
            break
        if above is not None:
            fitted["height"] = round(max(_LEAST, min(own, height - above)))
        drawn = _draw(_text(fitted))
        too_wide = drawn.width - width
        too_tall = drawn.height - height if above is not None else 0.0
        stuck = too_wide > 0 and drawn.width >= before
        if stuck and too_tall <= _SLACK:
            break  # words, not the plot, make it as wide as it is
        if too_wide <= width * _SCALED and not stuck:
            best = drawn
        if abs(too_wide) <= _SLACK and (too_tall <= _SLACK or fitted["height"] <= _LEAST):
            break
        before = drawn.width
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
    try:
        svg = boxes.vega_svg(spec)
    except ValueError as error:
        raise CourseError(
            say("図を描けません: {error}", error=str(error).strip().splitlines()[0])
        ) from error
    return slim(svg)
