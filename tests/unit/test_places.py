"""What a person may type to mean one of Tokyo's municipalities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit import places
from kit.errors import DataError, PlaceError
from kit.language import using

# As the municipalities write themselves.
ENGLISH = """
13101 Chiyoda City, 13102 Chuo City, 13103 Minato City, 13104 Shinjuku City, 13105 Bunkyo City,
13106 Taito City, 13107 Sumida City, 13108 Koto City, 13109 Shinagawa City, 13110 Meguro City,
13111 Ota City, 13112 Setagaya City, 13113 Shibuya City, 13114 Nakano City, 13115 Suginami City,
13116 Toshima City, 13117 Kita City, 13118 Arakawa City, 13119 Itabashi City, 13120 Nerima City,
13121 Adachi City, 13122 Katsushika City, 13123 Edogawa City, 13201 Hachioji City,
13202 Tachikawa City, 13203 Musashino City, 13204 Mitaka City, 13205 Ome City, 13206 Fuchu City,
13207 Akishima City, 13208 Chofu City, 13209 Machida City, 13210 Koganei City, 13211 Kodaira City,
13212 Hino City, 13213 Higashimurayama City, 13214 Kokubunji City, 13215 Kunitachi City,
13218 Fussa City, 13219 Komae City, 13220 Higashiyamato City, 13221 Kiyose City,
13222 Higashikurume City, 13223 Musashimurayama City, 13224 Tama City, 13225 Inagi City,
13227 Hamura City, 13228 Akiruno City, 13229 Nishitokyo City, 13303 Mizuho Town,
13305 Hinode Town, 13307 Hinohara Village, 13308 Okutama Town, 13361 Oshima Town,
13362 Toshima Village, 13363 Niijima Village, 13364 Kozushima Village, 13381 Miyake Village,
13382 Mikurajima Village, 13401 Hachijo Town, 13402 Aogashima Village, 13421 Ogasawara Village
"""
EVERY = places.all_()


def test_there_are_62_with_the_english_names_they_use() -> None:
    expected = dict(item.strip().split(" ", 1) for item in ENGLISH.replace("\n", " ").split(","))
    assert {place.code: place.name_en for place in EVERY} == expected


def test_kinds_and_regions_add_up() -> None:
    kinds = [place.kind for place in EVERY]
    assert [kinds.count(kind) for kind in places.KINDS] == [23, 26, 5, 8]
    assert sum(place.is_island for place in EVERY) == 9


def test_slugs_are_ascii_and_unique() -> None:
    slugs = [place.slug for place in EVERY]
    assert len(set(slugs)) == 62
    assert all(slug.isascii() and slug.islower() for slug in slugs)
    assert places.find("利島村").slug == "13362-toshima"
    assert places.find("豊島区").slug == "13116-toshima"


def test_every_check_digit_is_right() -> None:
    assert all(
        place.code6 == place.code + (places.check_digit(place.code) or "") for place in EVERY
    )


def spellings(place: places.Municipality) -> list[object]:
    roman = place.name_en.rsplit(" ", 1)[0]
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in place.kana)
    wide = place.code.translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    return [
        place.code, place.code6, int(place.code), int(place.code6), wide, f" {place.code}\n",
        place.name_ja, f"　{place.name_ja} ", place.name_ja[:-1], f"東京都{place.name_ja}",
        place.kana, katakana, place.name_en, place.name_en.upper(), place.name_en.lower(),
        f"{place.name_en}, Tokyo", place.slug, f"{place.name_ja} {place.code}", place,
    ] + ([roman, roman.swapcase()] if roman != "Toshima" else [])  # fmt: skip


@pytest.mark.parametrize("place", EVERY, ids=lambda place: place.slug)
def test_every_spelling_is_understood(place: places.Municipality) -> None:
    assert {places.find(typed) for typed in spellings(place)} == {place}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("青ケ島", "13402"), ("青が島村", "13402"), ("ｱｵｶﾞｼﾏ", "13402"), ("Hachiōji", "13201"),
        ("Ōta-ku", "13111"), ("shinjuku ward", "13104"), ("はちじょうちょう", "13401"),
        ("東京都西多摩郡日の出町", "13305"), ("HIGASHI-KURUME", "13222"), ("toshima village", "13362"),
        ("としまく", "13116"), ("利島", "13362"),
    ],
)  # fmt: skip
def test_spellings_people_use(typed: str, code: str) -> None:
    assert places.find(typed).code == code


@pytest.mark.parametrize("typed", ["Toshima", "としま", "トシマ", "TOSHIMA, Tokyo"])
def test_two_places_of_one_name_are_asked_about(typed: str) -> None:
    with pytest.raises(PlaceError) as raised:
        places.find(typed)
    assert "豊島区 13116" in str(raised.value.hint)
    assert "利島村 13362" in str(raised.value.hint)


def test_a_wrong_check_digit_is_told() -> None:
    with pytest.raises(PlaceError) as raised:
        places.find("132013")
    assert "検査数字" in raised.value.message
    assert "八王子市 13201" in str(raised.value.hint)


@pytest.mark.parametrize(
    ("typed", "near"),
    [("八玉子", "八王子市 13201"), ("Hachoji", "八王子市 13201"), ("葛飾市", "葛飾区 13122"),
     ("13200", "13"), ("大阪市", " 13"), ("世田谷く", "世田谷区 13112")],
)  # fmt: skip
def test_the_three_nearest_are_offered(typed: str, near: str) -> None:
    with pytest.raises(PlaceError) as raised:
        places.find(typed)
    assert near in str(raised.value.hint)
    assert str(raised.value.hint).count(" / ") == 2


@pytest.mark.parametrize(
    "typed",
    [None, True, False, 13201.0, -13201, 10**6000, b"13201", [], {}, ("13201",), object(), ...,
     "", "   ", "\n", "-", "x" * 100_000, "\x00", "\ud800", "<script>alert(1)</script>",
     "{{ municipality }}", "../13201", "'; DROP TABLE", "👍", "13201" * 50],
    ids=lambda typed: repr(typed)[:20] if not isinstance(typed, int) else type(typed).__name__,
)  # fmt: skip
def test_nothing_else_is_a_place_and_nothing_else_is_raised(typed: object) -> None:
    if typed == "../13201":
        assert places.find(typed).code == "13201"  # marks are dropped; the code is the kit's own
        return
    with pytest.raises(PlaceError) as raised:
        places.find(typed)
    assert raised.value.hint
    assert len(str(raised.value)) < 300


def test_the_name_follows_the_language() -> None:
    place = places.find("13201")
    with using("en"):
        assert place.name == str(place) == "Hachioji City"
    with using("ja-simple"):
        assert place.name == "八王子市"


@pytest.fixture
def list_of_towns(house: Path) -> Iterator[Path]:
    """The list the house reads its towns from, free to be damaged."""
    original = (house / "datasets" / "municipalities" / "municipalities.csv").read_bytes()
    (house / "datasets").unlink()
    path = house / "datasets" / "municipalities" / "municipalities.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(original)
    places.all_.cache_clear()
    yield path
    places.all_.cache_clear()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text.replace(b"kana", b"yomi"), "kana"),
        (lambda text: text.replace(b"131024", b"131025"), "3 行目"),
        (lambda text: text.replace(b",city,", b",town hall,", 1), "25 行目"),
        (lambda text: text.decode().encode("cp932"), "読めません"),
    ],
)
def test_a_damaged_list_is_told(
    list_of_towns: Path, damage: Callable[[bytes], bytes], told: str
) -> None:
    list_of_towns.write_bytes(damage(list_of_towns.read_bytes()))
    with pytest.raises(DataError, match=told):
        places.all_()


def test_a_missing_list_is_told(list_of_towns: Path) -> None:
    list_of_towns.unlink()
    with pytest.raises(DataError, match="ありません"):
        places.all_()
