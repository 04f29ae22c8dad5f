"""Make the kit's fonts: BIZ UDGothic cut down to what the materials need.

Run it from anywhere on a machine with Debian's ``fonts-morisawa-bizud-gothic`` and fonttools::

    python templates/fonts/subset.py

Why subset: the four full faces weigh 18 MB; the kit needs Japanese in the fixed face and Latin in
the proportional one (the proportional kana of BIZ UDPGothic make 「」 overlap in PDF).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = Path("/usr/share/fonts/truetype/bizud-gothic")

LATIN = (range(0x20, 0x7F), range(0xA0, 0x180))
# What stands between Latin words and inside numbers; the rest of Unicode's signs stay fixed-width.
LATIN_SIGNS = "ˆ˜\u0302\u0304‐‑‒–—―‘’‚“”„†‡•…‰′″‹›⁄€℃ℓ№™←↑→↓↔⇒⇔−√∞≈≠≡≤≥"
# Blocks taken whole (whatever the font has of them): signs that lessons, tables and forms use.
SIGN_BLOCKS = (
    range(0x0370, 0x0400),  # Greek
    range(0x2000, 0x2070),  # general punctuation
    range(0x2070, 0x20D0),  # super- and subscripts, currency
    range(0x2100, 0x2400),  # letterlike, number forms, arrows, mathematics
    range(0x2460, 0x2800),  # enclosed numbers, box drawing, shapes, dingbats
    range(0x3000, 0x3400),  # CJK punctuation, kana, enclosed and squared CJK
    range(0xFF00, 0xFFF0),  # half- and full-width forms
)


def two_byte(codec: str) -> set[int]:
    """Return the code points that two bytes stand for in one of Python's Japanese codecs."""
    found = set()
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                character = bytes([high, low]).decode(codec)
            except UnicodeDecodeError:
                continue
            if len(character) == 1:
                found.add(ord(character))
    return found


def japanese() -> set[int]:
    """Return JIS X 0208, JIS X 0213 plane 1, and what Windows adds (髙, ㈱ …)."""
    kanji = two_byte("euc_jp") | two_byte("euc_jis_2004") | two_byte("cp932")
    return kanji | union(LATIN) | union(SIGN_BLOCKS)


def latin() -> set[int]:
    """Return what the proportional face is used for."""
    return union(LATIN) | {ord(sign) for sign in LATIN_SIGNS}


def union(ranges: Iterable[range]) -> set[int]:
    """Return the members of all `ranges`."""
    return {point for each in ranges for point in each}


FACES = {
    "BIZUDGothic-Regular": japanese,
    "BIZUDGothic-Bold": japanese,
    "BIZUDPGothic-Regular": latin,
    "BIZUDPGothic-Bold": latin,
}


def cut(source: Path, target: Path, characters: set[int]) -> None:
    """Write the subset of `source` that holds `characters`, without hinting, to `target`."""
    from fontTools import subset

    options = subset.Options()
    options.hinting = False  # print and high-resolution screens don't use it: half the file
    options.layout_features = []  # alternates and vertical setting are not used
    options.drop_tables += ["DSIG", "GSUB", "gasp", "meta", "vhea", "vmtx"]
    options.name_IDs = ["*"]  # copyright, trademark and licence travel in the file
    options.notdef_outline = True
    options.glyph_names = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    for record in font["name"].names:
        # Nobody should take this file for the original: it says what it is.
        if record.nameID in (3, 5):
            record.string = f"{record.toUnicode()}; subset for ebpm-workshop-kit"
    subset.save_font(font, str(target), options)


def main() -> None:
    """Make the four files beside this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--source", type=Path, default=SOURCE, help="folder of the full TTFs")
    parser.add_argument("--target", type=Path, default=HERE)
    arguments = parser.parse_args()
    for name, characters in FACES.items():
        source = arguments.source / f"{name}.ttf"
        if not source.exists():
            raise SystemExit(f"{source}: not found; apt install fonts-morisawa-bizud-gothic")
        target = arguments.target / source.name
        cut(source, target, characters())
        print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
