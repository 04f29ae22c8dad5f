"""Plane geometry for maps, in pixels: the inside of outlines, hatching, and room for a name."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

Point = tuple[float, float]
Ring = Sequence[Point]
Span = tuple[float, float]

_SLANT = math.sqrt(0.5)


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Return the ring of an upright rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def spans(rings: Sequence[Ring], y: float) -> list[Span]:
    """Return where the horizontal line at `y` runs inside closed `rings` (even–odd rule).

    Examples
    --------
    >>> spans([rectangle(0, 0, 4, 2)], 1)
    [(0.0, 4.0)]
    """
    crossings = sorted(
        x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for ring in rings
        for (x1, y1), (x2, y2) in itertools.pairwise(ring)
        if (y1 <= y) != (y2 <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def hatching(rings: Sequence[Ring], gap: float) -> Iterator[tuple[Point, Point]]:
    """Yield slanted lines that fill closed `rings`, `gap` pixels apart.

    Examples
    --------
    >>> len(list(hatching([rectangle(0, 0, 40, 40)], 8)))
    8
    """
    turned = [[_turn(point, 1) for point in ring] for ring in rings]
    heights = [y for ring in turned for _, y in ring]
    for step in range(math.ceil(min(heights) / gap), math.ceil(max(heights) / gap)):
        for left, right in spans(turned, step * gap):
            yield _turn((left, step * gap), -1), _turn((right, step * gap), -1)


def _turn(point: Point, way: int) -> Point:
    """Turn `point` by 45 degrees about the origin."""
    x, y = point
    return (x - way * y) * _SLANT, (y + way * x) * _SLANT


def room_for(rings: Sequence[Ring], wide: float, high: float) -> Point | None:
    """Return the middle of the roomiest place inside `rings` for a box, None where none fits.

    Parameters
    ----------
    wide, high : float
        Size of the box in pixels.

    Examples
    --------
    >>> room_for([rectangle(0, 0, 40, 20)], 30, 10)
    (20.0, 10.0)
    >>> room_for([rectangle(0, 0, 20, 20)], 30, 10) is None
    True
    """
    heights = [y for ring in rings for _, y in ring]
    top, bottom = min(heights) + high / 2, max(heights) - high / 2
    best: tuple[float, Point] | None = None
    middle = (top + bottom) / 2
    for step in range(max(0, math.floor((bottom - top) / 2) + 1)):
        for y in {middle + step, middle - step} if step else (middle,):
            for left, right in _clear(rings, y, high):
                # A place near the middle is worth a little less width.
                worth = min(right - left, 2 * wide) - step
                if right - left >= wide and (best is None or worth > best[0]):
                    best = worth, ((left + right) / 2, y)
    return best[1] if best else None


def _clear(rings: Sequence[Ring], y: float, high: float) -> list[Span]:
    """Return the spans inside on every line of a band `high` pixels high around `y`."""
    found = spans(rings, y)
    for lift in (-high / 2 + 0.01, -high / 4, high / 4, high / 2 - 0.01):
        other = spans(rings, y + lift)
        found = [
            (max(a, c), min(b, d)) for a, b in found for c, d in other if max(a, c) < min(b, d)
        ]
    return found
