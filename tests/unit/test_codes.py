"""QR codes are read back from their drawing, module by module, as a camera would."""

from __future__ import annotations

import bisect
import io
import re
from itertools import cycle

import materials
import pytest
import segno.consts
from pypdf import PdfReader

from kit.errors import ParameterError, RunError
from kit.language import using
from kit.links import Link
from kit.publish import codes

HOSTILE = '<img src=x onerror=alert(1)> </script> #panic("x")'


def link(**changes: str) -> Link:
    values = {
        "title": "手続きの時間を測る",
        "municipality": "八王子市",
        "language": "ja",
        "url": "https://intra.example.jp/ebpm/participant.ipynb",
        "phone": "https://intra.example.jp/ebpm/slides.html",
        "app": "https://intra.example.jp/%E6%95%99%E6%9D%90/handout.html",
        "kind": "site",
        "door": "https://intra.example.jp/%E6%95%99%E6%9D%90/",
        "folder": "journey-time/13201-hachioji/ja",
    }
    return Link(**values | changes)


# --- A reader of codes: ISO/IEC 18004, byte mode, no mistakes to correct ------------------------------


def modules(svg: bytes) -> tuple[list[list[int]], int]:
    """Return the dark modules of a drawing, and how many white ones stand around them."""
    drawn = svg.decode()
    scale = float(re.search(r"scale\((\d+)\)", drawn)[1])  # type: ignore[index]
    side = round(float(re.search(r'width="(\d+)"', drawn)[1]) / scale)  # type: ignore[index]
    field = [[0] * side for _ in range(side)]
    x, y = 0.0, 0.0
    path = re.search(r'stroke="#000" d="([^"]+)"', drawn)[1]  # type: ignore[index]
    for command, numbers in re.findall(r"([MmhH])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            for at in range(round(x), round(x + values[0])):
                field[int(y)][at] = 1
            x += values[0]
    quiet = next(at for at, row in enumerate(field) if any(row))
    return [row[quiet : side - quiet] for row in field[quiet : side - quiet]], quiet


def fixed(size: int) -> set[tuple[int, int]]:
    """Return the modules that are patterns and formats, not data."""
    version = (size - 17) // 4
    taken = {(r, c) for r in range(9) for c in range(9)}
    taken |= {(r, c) for r in range(9) for c in range(size - 8, size)}
    taken |= {(r, c) for r in range(size - 8, size) for c in range(9)}
    taken |= {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    if version > 1:
        count = version // 7 + 2
        step = -(-(size - 13) // (2 * (count - 1))) * 2
        places = [6, *sorted(size - 7 - step * at for at in range(count - 1))]
        corners = {(6, 6), (6, size - 7), (size - 7, 6)}
        for row in places:
            for column in places:
                if (row, column) not in corners:
                    taken |= {(row + r, column + c) for r in range(-2, 3) for c in range(-2, 3)}
    if version > 6:
        taken |= {(r, c) for r in range(6) for c in range(size - 11, size - 8)}
        taken |= {(c, r) for r, c in set(taken) if r < 6 and size - 11 <= c < size - 8}
    return taken


MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def read(svg: bytes) -> tuple[str, str, int]:
    """Return the text of a code, its level of correction and its quiet zone."""
    field, quiet = modules(svg)
    size, version = len(field), (len(field) - 17) // 4
    word = sum(field[8][c] << (14 - at) for at, c in enumerate((0, 1, 2, 3, 4, 5, 7, 8)))
    format = (word ^ 0b101010000010010) >> 10
    level = {1: "L", 0: "M", 3: "Q", 2: "H"}[format >> 3]
    mask, taken = MASKS[format & 7], fixed(size)
    columns = [*range(size - 1, 6, -2), *range(5, 0, -2)]
    bits = []
    for right, up in zip(columns, cycle((True, False)), strict=False):
        for row in range(size - 1, -1, -1) if up else range(size):
            for column in (right, right - 1):
                if (row, column) not in taken:
                    bits.append(field[row][column] ^ mask(row, column))
    stream = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]
    # segno's table of blocks has the standard's own numbers for the levels.
    lengths = [
        block.num_data
        for block in segno.consts.ECC[version][format >> 3]
        for _ in range(block.num_blocks)
    ]
    parts: list[list[int]] = [[] for _ in lengths]
    source = iter(stream)
    for at in range(max(lengths)):
        for part, length in zip(parts, lengths, strict=True):
            if at < length:
                part.append(next(source))
    data = "".join(f"{byte:08b}" for part in parts for byte in part)
    assert data[:4] == "0100", "byte mode"
    wide = 8 if version < 10 else 16
    count = int(data[4 : 4 + wide], 2)
    text = data[4 + wide : 4 + wide + 8 * count]
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8)).decode(), level, quiet


def texts(document: bytes) -> list[str]:
    """Return the words of each page, without white space and places to break."""
    pages = PdfReader(io.BytesIO(document)).pages
    return [re.sub(r"[\s\u200b]+", "", page.extract_text()) for page in pages]


# --- The code -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [20, 60, 127, 200, 240, 420, 650])
def test_a_code_reads_back_as_its_address_in_every_length(length: int) -> None:
    url = "https://intra.example.jp/%E6%95%99%E6%9D%90/".ljust(length, "x")[:length]
    text, level, quiet = read(codes.picture(url, 38, "コード")["bytes"])
    assert text == url
    assert level in "MQH" and quiet == 4


def test_the_longest_address_at_a_size_still_prints_modules_a_phone_can_read() -> None:
    def fits(length: int, mm: float) -> bool:
        try:
            codes.picture("https://a.jp/".ljust(length, "x"), mm, "")
        except ParameterError:
            return False
        return True

    def longest(mm: float) -> int:
        lengths = range(100, 900, 50)
        return lengths[bisect.bisect_left(lengths, True, key=lambda n: not fits(n, mm)) - 1]

    for mm in (25, codes.SHEET):
        svg = codes.picture("https://a.jp/".ljust(longest(mm), "x"), mm, "")["bytes"]
        field, quiet = modules(svg)
        assert mm / (len(field) + 2 * quiet) >= 0.33  # mm
    assert longest(25) >= 200, "the addresses of a Binder go on 25 mm"


@pytest.mark.parametrize("length", [700, 3000, 10_000])
def test_an_address_too_long_for_a_phone_is_told(length: int) -> None:
    with pytest.raises(ParameterError, match="長すぎて") as told, using("ja"):
        codes.picture("https://a.jp/".ljust(length, "x"), codes.SHEET, "")
    assert f"{length} 文字" in str(told.value) and len(str(told.value)) < 300


def test_a_code_is_black_on_white_whatever_is_behind_it() -> None:
    svg = codes.picture("https://a.jp", 25, "")["bytes"].decode()
    assert re.findall(r'(?:fill|stroke)="([^"]+)"', svg) == ["#fff", "#000"]


# --- The sheets ----------------------------------------------------------------------------------------


def test_every_group_has_a_card_with_its_number_the_address_and_a_plan_without_internet() -> None:
    made = texts(codes.cards([link()], 5))
    assert len(made) == 2, "four to a page"
    words = "".join(made)
    for number in range(1, 6):
        assert f"グループ{number}" in words
    assert "グループ6" not in words
    for said in (
        "https://intra.example.jp/教材/",
        "https://intra.example.jp/%E6%95%99%E6%9D%90/handout.html",
        "journey-time/13201-hachioji/ja/handout.html",
        "worksheet.pdf",
        "つながらないとき",
    ):
        assert words.count(said) >= 5, said


def test_cards_and_posters_speak_the_language_of_their_link() -> None:
    both = [link(), link(language="en", title="Measuring the time", municipality="Hachioji City")]
    first, second = texts(codes.posters(both))
    assert "手続きの時間を測る" in first and "つながらないとき" in first
    assert "Measuringthetime" in second and "HachiojiCity" in second


def test_what_a_link_opens_is_said_in_the_picture_and_can_be_pressed() -> None:
    page = PdfReader(io.BytesIO(codes.overview([link()]))).pages[0]
    pressed = {note.get_object()["/A"]["/URI"] for note in page["/Annots"]}
    assert pressed == {link().app, link().phone, link().url}
    data = codes.links([link()])
    assert data["links"][0]["code"]["alt"].startswith("手続きの時間を測る · 八王子市")
    assert read(data["links"][0]["code"]["bytes"])[0] == link().app


def test_hostile_titles_are_text_and_long_ones_stay_on_their_card() -> None:
    long = link(title=HOSTILE + "長" * 10_000, municipality=HOSTILE, folder=HOSTILE)
    made = texts(codes.cards([long], 4))
    assert len(made) == 1
    assert re.sub(r"\s", "", HOSTILE) in made[0]


def test_a_sign_without_a_glyph_is_named() -> None:
    with pytest.raises(RunError, match=r"U\+1F600"), using("ja"):
        codes.cards([link(title="手続き😀")], 1)


def test_a_run_with_a_link_has_a_page_for_the_wall_and_cards() -> None:
    material = materials.material(links={"ページ": "https://intra.example.jp/a/handout.html"})
    made = texts(codes.sheet(material, 4))
    assert len(made) == 2
    assert "グループ4" in made[1] and "handout.html" in made[0]


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "handout.html"])
def test_a_run_without_a_link_to_code_is_told(address: str) -> None:
    with pytest.raises(ParameterError, match="リンクがありません"), using("ja"):
        codes.sheet(materials.material(links={"x": address} if address else {}))


@pytest.mark.parametrize("typed", ["0", "-1", "61", "六", "3.5", "", "1" * 9, HOSTILE])
def test_groups_that_no_room_has_are_told(typed: str) -> None:
    with pytest.raises(ParameterError, match="グループの数"), using("ja"):
        codes.groups_of(typed)
