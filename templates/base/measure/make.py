"""Make the fonts that charts are measured with: the widths of BIZ UDGothic without its shapes.

Run it from anywhere where fonttools is installed::

    python templates/base/measure/make.py

Vega asks for the width of every word it sets, each two or three times, and the drawing engine
answers by tracing every letter. A letter of these fonts is a box, so that a chart is laid out the
same in half the time. Nobody sees them: a page's charts keep their words as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent.parent / "fonts"
FACES = {"Kit Fixed": ("BIZUDGothic",), "Kit Proportional": ("BIZUDGothic", "BIZUDPGothic")}
MIXED, ALIKE = 3, 15  # so many letters are measured as one: of several widths, of one
CJK = range(0x3000, 0xFF00)  # what the face lacks there is as wide as the rest


def main() -> None:
    """Write the four files beside this one."""
    for family, faces in FACES.items():
        for style in ("Regular", "Bold"):
            fonts = [TTFont(FONTS / f"{face}-{style}.ttf") for face in faces]
            boxes(fonts, family, style).save(HERE / f"{family.replace(' ', '')}-{style}.ttf")


def boxes(faces: Sequence[TTFont], family: str, style: str) -> TTFont:
    """Return a font with the widths of `faces`, the last one first: one glyph a width."""
    em, height = faces[0]["head"].unitsPerEm, faces[0]["hhea"].ascent
    letters = dict.fromkeys(CJK, em)
    for face in faces:
        letters |= {code: face["hmtx"][name][0] for code, name in face.getBestCmap().items()}
    widths = {f"w{width}": width for width in sorted(set(letters.values()))}
    runs = _runs(list(dict.fromkeys([f"w{em}", f"w{em // 2}", f"w{letters[ord('0')]}"])))
    for run in runs:
        widths["_".join(run)] = sum(widths[name] for name in run)

    builder = FontBuilder(em, isTTF=True)
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False  # the same bytes whenever it is made
    builder.setupGlyphOrder([".notdef", *widths])
    builder.setupCharacterMap({0x20: next(iter(widths))})
    builder.setupGlyf({".notdef": _box(0, 0)} | {n: _box(w, height) for n, w in widths.items()})
    builder.setupHorizontalMetrics({".notdef": (0, 0)} | {n: (w, 0) for n, w in widths.items()})
    builder.setupHorizontalHeader(ascent=height, descent=faces[0]["hhea"].descent)
    file = f"{family.replace(' ', '')}-{style}"
    names = {"familyName": family, "styleName": style, "psName": file}
    builder.setupNameTable(names, mac=False)
    builder.setupOS2(usWeightClass=700 if style == "Bold" else 400)
    builder.setupPost(keepGlyphNames=False)
    builder.font["cmap"].tables = [_many_to_one({c: f"w{w}" for c, w in letters.items()})]
    rules = "".join(f"sub {' '.join(run)} by {'_'.join(run)};\n" for run in runs)
    addOpenTypeFeaturesFromString(builder.font, f"feature liga {{\n{rules}}} liga;\n")
    font: TTFont = builder.font
    return font


def _runs(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the runs of letters that one box stands for, the longest first."""
    runs = [(name,) * length for name in names for length in range(MIXED + 1, ALIKE + 1)]
    for length in range(2, MIXED + 1):
        runs += product(names, repeat=length)
    return sorted(runs, key=len, reverse=True)


def _box(width: int, height: int) -> object:
    pen = TTGlyphPen(None)
    if width:
        pen.moveTo((0, 0))
        for point in ((width, 0), (width, height), (0, height)):
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def _many_to_one(letters: Mapping[int, str]) -> CmapSubtable:
    """Return a character map that may give many characters one glyph: a small one."""
    table = CmapSubtable.newSubtable(13)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.reserved = table.length = table.nGroups = 0
    table.cmap = dict(letters)
    return table


if __name__ == "__main__":
    main()
