"""Vega's SVG → the same picture in a third of the bytes, rebuilt from an allow-list.

What only Vega's own runtime needs goes; places are folded into the shapes; marks that are painted
alike, one after the other, become one path.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from xml.etree import ElementTree

from kit.publish.svg_paths import COMMAND, NUMBER, points, shifted, short, steps

_NAMESPACE = "{http://www.w3.org/2000/svg}"
Element = ElementTree.Element


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SHAPES = _set("""svg g path rect circle ellipse line polyline polygon text tspan defs clipPath linearGradient
    radialGradient stop""")
_GEOMETRY = _set("d transform x y x1 x2 y1 y2 cx cy dx dy r rx ry width height points")
_PAINT = _set("""clip-path dominant-baseline fill fill-opacity fill-rule font-size font-style font-weight
    gradientTransform gradientUnits id offset opacity stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor
    text-decoration""")
# A group's children inherit these: said once there, they count for all.
_INHERITED = (
    *("font-size", "font-weight", "font-style", "fill", "stroke", "stroke-width", "text-anchor"),
    *("stroke-dasharray", "stroke-linecap", "stroke-linejoin"),
)
_PLACES = {
    "text": (("x",), ("y",)),
    "rect": (("x",), ("y",)),
    "circle": (("cx",), ("cy",)),
    "ellipse": (("cx",), ("cy",)),
    "line": (("x1", "x2"), ("y1", "y2")),
}
_UNPAINTED = _set("none transparent")
_SEE_THROUGH = ("opacity", "fill-opacity", "stroke-opacity")
_TRANSLATE = re.compile(r"translate\(([^,()]+),([^,()]+)\)")
_COLOUR = re.compile(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3", re.IGNORECASE)
_PLACE = re.compile(r"^M[^a-z]*")
_DISC = re.compile(r"M(-?[\d.]+),?(-?[\d.]+)a([\d.]+),\3,0,1,1-([\d.]+),0a\3,\3,0,1,1,\4,0z?")


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
        size = f"{short(self.width)} {short(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{short(self.width)}" height="{short(self.height)}" '
            f'font-family="{html.escape(self.font)}" {attributes}>{body}</svg>'
        )


@lru_cache(maxsize=64)
def slim(svg: str) -> Drawing:
    """Return an SVG of Vega's without what a page has no use for.

    Parameters
    ----------
    svg : str
        A whole ``<svg>`` element with a ``viewBox``.

    Raises
    ------
    xml.etree.ElementTree.ParseError, KeyError, ValueError
        If it is none.

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
    _tidy(root, width, height, {"fill": "black", "stroke": "none"})
    body = "".join(_write(child) for child in root)
    return Drawing(body, width, height, max(fonts, key=fonts.__getitem__, default="sans-serif"))


# --- what is there to see -------------------------------------------------------------------------


def _unseen(element: Element, width: float, height: float) -> bool:
    if element.tag not in _SHAPES or element.get("display") == "none":
        return True
    if element.tag == "path":
        return element.get("d", "") in ("", "M0,0h0v0h0Z")
    whole = element.get("width") == f"{width:g}" and element.get("height") == f"{height:g}"
    # The paper behind a chart is the page's: white in the light and in the dark.
    return element.tag == "rect" and whole and element.get("fill") == "white"


def _tidy(parent: Element, width: float, height: float, around: dict[str, str]) -> None:
    """Clear out what stands in `parent`; `around` is the paint it inherits."""
    for child in list(parent):
        child.tag = str(child.tag).replace(_NAMESPACE, "")
        if _unseen(child, width, height):
            parent.remove(child)
            continue
        for name, value in list(child.attrib.items()):
            foreign = "url(" in value and not value.startswith("url(#")
            if foreign or name not in _GEOMETRY | _PAINT:
                del child.attrib[name]
            elif value.startswith("#"):
                child.attrib[name] = _COLOUR.sub(r"#\1\2\3", value)
            elif name == "font-size":
                child.attrib[name] = value.removesuffix("px")
        for name in _SEE_THROUGH:
            if child.get(name) == "1":
                del child.attrib[name]
        if child.get("stroke-width") == "1" and "stroke-width" not in around:
            del child.attrib["stroke-width"]
        inside = around | {name: child.attrib[name] for name in _INHERITED if name in child.attrib}
        if child.tag in ("path", "rect") and {inside["fill"], inside["stroke"]} <= _UNPAINTED:
            parent.remove(child)
            continue
        _tidy(child, width, height, inside)
        _settle(child)
        _share(child)
        _round(child)
    _merge(parent, around)
    _unwrap(parent)


# --- places -------------------------------------------------------------------------------------


def _shift(element: Element) -> tuple[float, float] | None:
    """Return how far a transform moves `element`, or None if it does more than that."""
    transform = element.get("transform")
    if transform is None:
        return 0.0, 0.0
    found = _TRANSLATE.fullmatch(transform)
    return (float(found[1]), float(found[2])) if found else None


def _settle(element: Element) -> None:
    """Fold a move into the numbers of the shape itself."""
    moved = _shift(element)
    # A clip or a gradient is laid where the transform puts it; lines of text have places too.
    tied = len(element) or any("url(" in value for value in element.attrib.values())
    if moved is None or (tied and element.tag != "g"):
        return
    if moved == (0.0, 0.0) or element.tag in ("path", *_PLACES):
        element.attrib.pop("transform", None)
    if element.tag == "line":
        x1, y1, x2, y2 = (float(element.attrib.pop(n, 0)) for n in ("x1", "y1", "x2", "y2"))
        element.tag, element.attrib["d"] = "path", f"M{x1},{y1}L{x2},{y2}"
    if element.tag == "path":
        element.set("d", shifted(element.get("d", ""), *moved))
    elif moved != (0.0, 0.0):
        for names, by in zip(_PLACES.get(element.tag, ()), moved, strict=False):
            for name in names:
                element.set(name, str(float(element.get(name, 0)) + by))


def _round(element: Element) -> None:
    for name, value in element.attrib.items():
        exact = name == "d" or re.search("matrix|scale|skew", value)
        if name in _GEOMETRY and not exact:
            element.attrib[name] = NUMBER.sub(lambda match: short(float(match[0])), value)


# --- groups -------------------------------------------------------------------------------------


def _merge(parent: Element, around: dict[str, str]) -> None:
    """Make one path of marks that follow each other and are painted alike."""
    for _, run in groupby(list(parent), lambda child: _alike(child, around)):
        first, *others = run
        fill, stroke = (first.get(side, around[side]) for side in ("fill", "stroke"))
        # In one path every edge lies on top of every face: so it must make no difference.
        edged = fill != "none" and stroke not in ("none", fill)
        if edged and not _apart(
            [first, *others], float(first.get("stroke-width", around.get("stroke-width", 2)))
        ):
            continue
        for other in others:
            first.set("d", first.get("d", "") + other.get("d", ""))
            parent.remove(other)
        if others:
            edge = (
                0.0
                if stroke == "none"
                else float(first.get("stroke-width", around.get("stroke-width", 1)))
            )
            parent[list(parent).index(first)] = _discs(first, fill, stroke, edge)


def _discs(path: Element, fill: str, stroke: str, edge: float) -> Element:
    """Return discs of one size as round ends of lines without length, a rim as a larger disc below:
    a third of the bytes."""
    found = _DISC.findall(path.get("d", ""))
    sizes = {float(disc[3]) for disc in found}
    if len(sizes) != 1 or _DISC.sub("", path.get("d", "")) or fill in _UNPAINTED:
        return path
    across = sizes.pop()
    places = [(round(float(x) - across / 2, 1), round(float(y), 1)) for x, y, _, _ in found]
    steps = [f"M{short(places[0][0])},{short(places[0][1])}h0"]
    for (x, y), (right, down) in pairwise(places):
        steps.append(f"m{short(right - x)},{short(down - y)}h0")
    told = {"d": "".join(steps).replace(",-", "-")}
    layers = [(fill, across - edge)] if stroke not in ("none", fill) else []
    group = ElementTree.Element("g", {"fill": "none", "stroke-linecap": "round"})
    for paint, width in [(fill if stroke == "none" else stroke, across + edge), *layers]:
        ElementTree.SubElement(
            group, "path", {"stroke": paint, "stroke-width": short(width)} | told
        )
    return group


def _alike(child: Element, around: dict[str, str]) -> object:
    """Return what marks have in common that may become one."""
    paint = {name: value for name, value in child.attrib.items() if name != "d"}
    tied = any(name in paint for name in (*_SEE_THROUGH, "clip-path", "id", "transform"))
    # Of two layers that can be seen through, both count; a gradient is laid on each by itself.
    if child.tag != "path" or len(child) or tied or "url(" in "".join(paint.values()):
        return id(child)
    if paint.get("fill", around["fill"]) == "none":
        return tuple(sorted(paint.items()))
    # Only the same shape: shapes drawn the other way round would cut holes.
    return (*sorted(paint.items()), _PLACE.sub("", child.get("d", "")))


def _apart(shapes: list[Element], edge: float) -> bool:
    """Say whether shapes of one outline lie so that no two touch."""
    outline = shapes[0].get("d", "")
    across, up = _extent(_PLACE.sub("M0,0", outline))
    places = []
    for shape in shapes:
        found = _PLACE.match(shape.get("d", ""))
        places.append([float(n) for n in NUMBER.findall(found[0])] if found else [0.0, 0.0])
    places.sort()
    for at, (x, y) in enumerate(places):
        for right, down in places[at + 1 :]:
            if right - x > across + edge:
                break
            if abs(down - y) <= up + edge:
                return False
    return True


def _extent(data: str) -> tuple[float, float]:
    """Return how wide and how high a shape is at most."""
    here, seen, radius = (0.0, 0.0), [(0.0, 0.0)], 0.0
    for command, rest in COMMAND.findall(data):
        for step in steps(command.lower(), [float(n) for n in NUMBER.findall(rest)]):
            ends = points(command.lower(), step, here, here)
            radius = max(radius, *step[:2]) if command == "a" else radius
            seen.extend(ends)
            here = ends[-1]
    width, height = (max(p[s] for p in seen) - min(p[s] for p in seen) for s in (0, 1))
    return max(width, 2 * radius), max(height, 2 * radius)


def _share(group: Element) -> None:
    """Say once, on the group, what all its children say."""
    if group.tag != "g" or len(group) < 2:
        return
    for name in _INHERITED:
        values = {child.get(name) for child in group}
        if len(values) == 1 and None not in values:
            group.set(name, values.pop() or "")
            for child in group:
                del child.attrib[name]


def _unwrap(parent: Element) -> None:
    """Take out groups that hold nothing, say nothing, or hold one thing that can say it itself."""
    for at in reversed(range(len(parent))):
        child = parent[at]
        if child.tag != "g":
            continue
        if len(child) == 0:
            parent.remove(child)
        elif len(child) == 1 and _taken_over(child, child[0]):
            parent[at] = child[0]
        elif not child.attrib:
            inner = list(child)
            parent.remove(child)
            for offset, element in enumerate(inner):
                parent.insert(at + offset, element)


def _taken_over(group: Element, only: Element) -> bool:
    """Give what `group` says to the only thing in it, if that comes to the same."""
    moved, own = _shift(group), _shift(only)
    plain = group.attrib.keys() <= {*_INHERITED, "transform"}
    if not plain or moved is None or own is None or "clip-path" in only.attrib:
        return False
    if only.tag not in ("g", "path", *_PLACES):
        return False
    for name in _INHERITED:
        if name in group.attrib:
            only.attrib.setdefault(name, group.attrib[name])
    if moved != (0.0, 0.0):
        only.set("transform", f"translate({moved[0] + own[0]},{moved[1] + own[1]})")
        _settle(only)
        _round(only)
    return True


def _write(element: Element) -> str:
    text = ElementTree.tostring(element, encoding="unicode", short_empty_elements=True)
    return text.replace(" />", "/>")
