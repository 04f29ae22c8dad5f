"""Where each of the 62 municipalities stands on the tile map, and how its name is written there.

The layout is the kit's own: no boundary was traced, so no boundary licence applies. It was arranged
so that west–east and north–south stay in order and neighbours stay near (the tests hold both).
"""

from __future__ import annotations

from functools import cache

from kit import places
from kit.language import spaced
from kit.places import Municipality

Spot = tuple[int, int]

# Twelve columns from west to east, six rows from north to south.
MAINLAND = """
奥多摩 青梅   瑞穂 武蔵村山 ・     清瀬     ・     ・   ・   ・     ・   ・
檜原   日の出 羽村 東大和   東村山 東久留米 ・     板橋 北   荒川   足立 ・
・     あきる野 福生 立川   小平   西東京   練馬   豊島 文京 台東   墨田 葛飾
・     八王子 昭島 国立     国分寺 武蔵野   杉並   中野 新宿 千代田 中央 江戸川
・     ・     日野 府中     小金井 三鷹     世田谷 目黒 渋谷 港     江東 ・
・     ・     町田 多摩     稲城   調布     狛江   大田 品川 ・     ・   ・
"""
# The islands, from north to south; they lie up to a thousand kilometres off.
ISLANDS = """
大島 利島   新島 神津島 三宅
・   御蔵島 八丈 青ヶ島 小笠原
"""
_EMPTY = "・"

# Where a name breaks that would fill a tile from edge to edge.
_JAPANESE = ("武蔵|村山", "東|久留米", "あきる|野")
_ENGLISH = (
    "Shin|juku", "Shina|gawa", "Seta|gaya", "Sugi|nami", "Ita|bashi", "Katsu|shika", "Hachi|oji",
    "Aki|shima", "Hino|hara", "Tachi|kawa", "Musashi|no", "Higashi|murayama", "Kokubun|ji",
    "Kuni|tachi", "Higashi|yamato", "Higashi|kurume", "Musashi|murayama", "Nishi|tokyo",
    "Kozu|shima", "Mikura|jima", "Aoga|shima", "Oga|sawara",
)  # fmt: skip


def mainland() -> dict[str, Spot]:
    """Return ``code -> (column, row)`` of the 53 municipalities on the mainland.

    Examples
    --------
    >>> spots = mainland()
    >>> len(spots), spots["13104"], spots["13201"]
    (53, (8, 3), (1, 3))
    """
    return _spots(MAINLAND)


def islands() -> dict[str, Spot]:
    """Return ``code -> (column, row)`` of the nine island municipalities, in a grid of their own.

    Examples
    --------
    >>> islands()["13421"]
    (4, 1)
    """
    return _spots(ISLANDS)


@cache
def _spots(drawing: str) -> dict[str, Spot]:
    return {
        places.find(name).code: (column, row)
        for row, line in enumerate(drawing.strip().splitlines())
        for column, name in enumerate(line.split())
        if name != _EMPTY
    }


def tile_name(town: Municipality) -> list[str]:
    """Return the name of `town` without its suffix, as the one or two lines that fit a tile.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     tile_name(places.find("武蔵村山市")), tile_name(places.find("港区"))
    (['武蔵', '村山'], ['港'])
    >>> with using("en"):
    ...     tile_name(places.find("武蔵村山市"))
    ['Musashi-', 'murayama']
    """
    if spaced():
        name = town.name_en.rsplit(" ", 1)[0]
        return _breaks()[name].replace("|", "-|").split("|") if name in _breaks() else [name]
    name = town.name_ja[:-1]
    return _breaks().get(name, name).split("|")


@cache
def _breaks() -> dict[str, str]:
    return {broken.replace("|", ""): broken for broken in (*_JAPANESE, *_ENGLISH)}
