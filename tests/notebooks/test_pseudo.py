"""Every workshop in a language made by machine: what is still Japanese never met a catalogue, and
what runs out of its picture had no room for a longer language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from kit import course, language, places
from kit import request as asked
from kit.pseudo import CLOSE, OPEN, outside
from kit.run import carry_out

pytestmark = pytest.mark.kernel

TOWN = "三鷹市"
FONT = Path(__file__).parents[2] / "templates" / "fonts" / "BIZUDPGothic-Regular.ttf"
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"')
# What stays as it is: the programme's name, which whoever builds it writes; towns; lines to fill in.
NAMES = ("ワークショップ教材", "＿", *(town.name_ja for town in places.all_()))
# Lines of a table that a program reads, whose words it knows.
VALUES = re.compile(r"^[^,\n]*(?:,[^,\n]*){8,}$", re.MULTILINE)
MOVED = re.compile(r"translate\(([-\d.e]+)")
BESIDE = 3.0  # pixels: fonts differ a little from machine to machine


@pytest.fixture(scope="module", params=course.workshop_ids())
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with language.using("ja"):
        planned = asked.plan(
            workshops=[request.param], municipalities=[TOWN], languages=[language.PSEUDO]
        )
        (made,) = planned.runs
        output = tmp_path_factory.mktemp("pseudo")
        result = carry_out(made, output)
    assert result.status == "made", result.error
    return output / made.folder


def texts(path: Path) -> Iterator[str]:
    """Yield what can be read in a form."""
    if path.suffix == ".pdf":
        # Words run on from line to line, and brackets with them.
        yield "".join(page.extract_text() for page in PdfReader(path).pages)
    elif path.suffix == ".ipynb":
        yield from (
            "".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]
        )
    else:
        page = path.read_text("utf-8")
        yield from map(unescape, SPOKEN.findall(page))
        yield unescape(UNSEEN.sub("", page))


def japanese(text: str) -> list[str]:
    """Return what is Japanese, was not made by machine and is no name."""
    bare = outside(re.sub(r"\s+", " ", VALUES.sub("", text)))
    for name in NAMES:
        bare = bare.replace(name, "")
    return re.findall(f"(?:{language.JAPANESE.pattern})+", bare)


@pytest.mark.parametrize(
    "name", ["participant.ipynb", "handout.html", "slides.html", "worksheet.pdf", "facilitator.pdf"]
)
def test_nothing_is_written_past_the_catalogues(folder: Path, name: str) -> None:
    found = [run for text in texts(folder / name) for run in japanese(text)]
    assert found == []
    assert any(OPEN in text and CLOSE in text for text in texts(folder / name))


@cache
def advances() -> dict[int, float]:
    """Return the width of each sign in ems."""
    font = TTFont(FONT)
    widths, em = font["hmtx"], font["head"].unitsPerEm
    return {sign: widths[name][0] / em for sign, name in font.getBestCmap().items()}


def outgrown(svg: str) -> Iterator[str]:
    """Yield each text of a picture that reaches over its edge."""
    root = ElementTree.fromstring(svg)
    box = [float(number) for number in root.get("viewBox", "0 0 0 0").split()]

    def walk(node: ElementTree.Element, x: float, size: str, anchor: str) -> Iterator[str]:
        moved = node.get("transform", "")
        if "rotate" in moved:
            return  # it runs along the height
        x += sum(float(number) for number in MOVED.findall(moved)) + float(
            node.get("x", "0") if node.tag.endswith(("text", "svg")) else 0
        )
        size, anchor = node.get("font-size", size), node.get("text-anchor", anchor)
        if node.tag.endswith("text"):
            em = float(re.sub("[a-z]+", "", size))
            for line in node.findall("{*}tspan") or [node]:
                words = "".join(line.itertext())
                wide = em * sum(advances().get(ord(sign), 1.0) for sign in words)
                start = x - wide * {"middle": 0.5, "end": 1.0}.get(anchor, 0.0)
                if start < box[0] - BESIDE or start + wide > box[0] + box[2] + BESIDE:
                    yield words
            return
        for child in node:
            yield from walk(child, x, size, anchor)

    yield from walk(root, 0.0, "11", "start")


@pytest.mark.parametrize("name", ["handout.html", "facilitator.html"])
def test_no_text_runs_out_of_its_picture(folder: Path, name: str) -> None:
    pictures = [svg for svg in SVG.findall((folder / name).read_text("utf-8")) if "<text" in svg]
    assert [words for svg in pictures for words in outgrown(svg)] == []


def test_a_text_that_runs_out_is_seen() -> None:
    inside = '<svg viewBox="0 0 100 20"><g transform="translate(10,10)"><text font-size="10">ab</text></g></svg>'
    assert list(outgrown(inside)) == []
    assert list(outgrown(inside.replace("ab", "a" * 40))) == ["a" * 40]
    assert list(
        outgrown(inside.replace("<text", '<text text-anchor="end"').replace("ab", "ababab"))
    )
