"""Path data of an SVG: taken apart into steps, moved, and written short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
COMMAND = re.compile(r"([MLHVCSQTAZmlhvcsqtaz])([^MLHVCSQTAZmlhvcsqtaz]*)")


Point = tuple[float, float]
_TAKES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 1}


def shifted(data: str, right: float, down: float) -> str:
    """Return path data moved, every step from where the last one ended: shorter, and the same for
    the same shape wherever it lies.

    Parameters
    ----------
    data : str
        What a ``d`` attribute holds.
    right, down : float
        User units.

    Examples
    --------
    >>> shifted("M0,0L10,0L10.04,5Z", 1.25, 2)
    'M1.2,2h10v5z'
    """
    (x, y), rest = _outline(data)
    return f"M{short(x + right)},{short(y + down)}".replace(",-", "-") + rest


@lru_cache(maxsize=4096)
def _outline(data: str) -> tuple[Point, str]:
    """Return where a path begins, and its steps; each is rounded as seen from there, so that no
    error adds up."""
    out: list[str] = []
    here = start = there = origin = first = (0.0, 0.0)  # exactly; `there` as it is written
    begun = False
    for command, rest in COMMAND.findall(data):
        lower = command.lower()
        if lower == "z":
            out.append("z")
            here, there = start, origin
            continue
        for step in steps(lower, [float(number) for number in NUMBER.findall(rest)]):
            ends = points(lower, step, here, (0.0, 0.0) if command.isupper() else here)
            if not begun:
                first = ends[0]
            wrote = [(round(x - first[0], 1), round(y - first[1], 1)) for x, y in ends]
            if begun:
                out.append(_step(lower, step, wrote, there))
            here, there, begun = ends[-1], wrote[-1], True
            if lower == "m":
                start, origin, lower = here, there, "l"
    return first, "".join(out)


def steps(lower: str, numbers: list[float]) -> Iterator[list[float]]:
    """Yield the numbers of each step that a command, in lower case, makes of them.

    Examples
    --------
    >>> list(steps("l", [1, 2, 3, 4]))
    [[1, 2], [3, 4]]
    """
    takes = _TAKES[lower]
    yield from (numbers[at : at + takes] for at in range(0, len(numbers) - takes + 1, takes))


def points(lower: str, step: list[float], here: Point, base: Point) -> list[Point]:
    """Return the points of a step as they lie on the paper; the last is where it ends."""
    if lower == "h":
        return [(base[0] + step[0], here[1])]
    if lower == "v":
        return [(here[0], base[1] + step[0])]
    flat = step[5:] if lower == "a" else step
    return [(base[0] + x, base[1] + y) for x, y in zip(flat[::2], flat[1::2], strict=True)]


def _step(lower: str, step: list[float], ends: list[Point], base: Point) -> str:
    flat = [number for x, y in ends for number in (x - base[0], y - base[1])]
    letter = lower
    if lower == "a":
        flat = step[:5] + flat
    elif lower == "h" or (lower == "l" and abs(flat[1]) < 0.05):
        letter, flat = "h", flat[:1]
    elif lower == "v" or (lower == "l" and abs(flat[0]) < 0.05):
        letter, flat = "v", flat[1:]
    return letter + ",".join(short(number) for number in flat).replace(",-", "-")


def short(number: float) -> str:
    """Return a number to one decimal, in as few letters as SVG asks for.

    Examples
    --------
    >>> short(0.25), short(-0.5), short(3.0)
    ('.2', '-.5', '3')
    """
    text = f"{number:.1f}".removesuffix(".0").replace("-0.", "-.")
    return "0" if text == "-0" else text.removeprefix("0") or "0"
