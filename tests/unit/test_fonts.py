"""The fonts in the repository show every character that the project's own text uses."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kit import places
from kit.house import home
from kit.publish.nodes import printable

FONTS = home() / "templates" / "fonts"
JAPANESE = ("BIZUDGothic-Regular.ttf", "BIZUDGothic-Bold.ttf")
SPEAKERS = ("say", "text", "note")
LATIN = ("BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf")


@cache
def font(name: str) -> TTFont:
    return TTFont(FONTS / name)


def missing(text: str, name: str) -> list[str]:
    known = font(name).getBestCmap()
    unseen = {c for c in printable(text) if c != "\n" and ord(c) not in known}
    return [f"{c} U+{ord(c):04X}" for c in sorted(unseen)]


def read_texts() -> Iterator[Path]:
    """Every file of ours whose words may come to stand on paper."""
    root = home()
    for folder, patterns in {
        "workshops": ("*.ipynb", "*.toml", "*.po", "*.py"),
        "datasets": ("datapackage.json", "*.csv"),
        "kit": ("*.po", "*.py"),
    }.items():
        for pattern in patterns:
            yield from sorted((root / folder).rglob(pattern))


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def words_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".py":  # what it says, not what its comments explain
        calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
        sentences = [call.args[0] for call in calls if call.args and called(call) in SPEAKERS]
        return "".join(str(s.value) for s in sentences if isinstance(s, ast.Constant))
    # A notebook or package may spell Japanese as \u escapes.
    if path.suffix in (".ipynb", ".json"):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text


@pytest.mark.parametrize("name", JAPANESE)
def test_every_text_of_the_project_is_covered(name: str) -> None:
    gaps = {
        str(path.relative_to(home())): found
        for path in read_texts()
        if (found := missing(words_of(path), name))
    }
    assert gaps == {}


@pytest.mark.parametrize("name", JAPANESE)
def test_all_of_jis_x_0208_is_covered(name: str) -> None:
    cells = (bytes([row, cell]) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    characters = "".join(pair.decode("euc_jp", errors="ignore") for pair in cells)
    assert len(characters) > 6800
    assert missing(characters, name) == []


@pytest.mark.parametrize("name", JAPANESE)
def test_names_and_the_signs_of_lessons_are_covered(name: str) -> None:
    towns = "".join(town.name_ja + town.kana + town.name_en for town in places.all_())
    people = "髙﨑德瀨濵邊祐神福"
    signs = "−×÷≤≥≠±√Σβδρστμαχ²³½→←↑↓✓①⑳℃〒…％㎡〓□■○"
    assert missing(towns + people + signs, name) == []


@pytest.mark.parametrize("name", LATIN)
def test_the_proportional_face_holds_latin_and_no_japanese(name: str) -> None:
    assert missing(string.printable.strip() + "éüāŌ“”‘’–—−", name) == []
    assert not {0x3042, 0x300C, 0x4E00} & set(font(name).getBestCmap())


def test_the_fonts_stay_small() -> None:
    sizes = [(FONTS / name).stat().st_size for name in (*JAPANESE, *LATIN)]
    assert max(sizes) < 5_500_000
    assert sum(sizes) < 6_000_000


@pytest.mark.parametrize("name", [*JAPANESE, *LATIN])
def test_copyright_and_licence_travel_with_the_fonts(name: str) -> None:
    names = font(name)["name"]
    assert "SIL Open Font License" in names.getDebugName(13)
    assert "subset" in names.getDebugName(5)
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith(names.getDebugName(0))
    # A reserved name would forbid a cut-down font to bear it.
    assert "with Reserved Font Name" not in licence
