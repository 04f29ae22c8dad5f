"""Descriptions of charts: are they there, do they say something, do they fit the numbers?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kit.language import say
from kit.lint.document import Document, Picture, words
from kit.lint.finding import Finding
from kit.lint.text_checks import shortened

_FILLERS = words("""図 画像 グラフ 図表 写真 イラスト チャート 散布図 棒グラフ 横棒グラフ 折れ線グラフ 地図 説明 なし 図の説明 image picture chart
    graph figure plot photo map diagram untitled todo tbd none null alt description barchart
    linechart""")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_FILE_NAME = re.compile(r"^[\w-]+\.(?:png|jpe?g|svg|gif|webp)$", re.IGNORECASE)


def check(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the descriptions of a document's pictures.

    Parameters
    ----------
    document : Document
        A page, a notebook or a PDF.
    """
    seen: dict[str, Picture] = {}
    for picture in document.pictures:
        if is_filler(picture.words):
            yield Finding(
                *("description", document.file, picture.place),
                say("図の説明が、何も言っていません: 「{text}」", text=shortened(picture.words)),
                say(
                    "図から何が分かるかを書きます。kit.chart の図なら、説明はデータから作られます。"
                ),
            )
            continue
        twin = seen.setdefault(_plain(picture.words), picture)
        if picture.drawn and twin.drawn and twin.drawn != picture.drawn:
            yield Finding(
                *("description", document.file, picture.place),
                say("ちがう図に、同じ説明が付いています: {text}", text=shortened(picture.words)),
                say("図ごとに、その図のデータから説明を作ります。"),
            )
        if stale := stale_numbers(picture):
            yield Finding(
                *("description", document.file, picture.place),
                say("図の説明の数が、図のデータにありません: {numbers}", numbers="、".join(stale)),
                say("説明を手で書かず、データから作ります（kit.chart）。"),
            )


def _plain(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def is_filler(words: str) -> bool:
    """Say whether a description says nothing.

    Examples
    --------
    >>> [is_filler(w) for w in ("図", "Chart 1", "plot.png", "", "受診率は20.5％から41.1％に上がった")]
    [True, True, True, True, False]
    """
    plain = re.sub(r"\d+$", "", _plain(words))
    return not plain or plain in _FILLERS or bool(_FILE_NAME.match(words.strip()))


def stale_numbers(picture: Picture) -> list[str]:
    """Return the numbers a description says if hardly any of them comes from the picture's data.

    A description may say sums, differences and counts that stand in no cell. But if fewer than a
    third of its numbers are there, it speaks of other data.

    Examples
    --------
    >>> cells = ("新", "31.2%", "旧", "1,204")
    >>> stale_numbers(Picture("", "新は31％、旧は1204件", cells, rows=2))
    []
    >>> stale_numbers(Picture("", "新は45％、旧は980件", cells, rows=2))
    ['45', '980']
    """
    said = _NUMBER.findall(_half_width(picture.words))
    text = _half_width(" ".join(picture.cells))
    there = [float(found.replace(",", "")) for found in _NUMBER.findall(text)]
    if not said or len(there) < 2 or not picture.whole:
        return []
    # Counts of rows and cells may be said of any table.
    there += [float(picture.rows), float(len(picture.cells))]
    lost = [number for number in dict.fromkeys(said) if not _among(number, there)]
    return lost if len(lost) > 2 / 3 * len(set(said)) else []


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _among(number: str, values: list[float]) -> bool:
    """Say whether a number, as exact as it is written, is one of the values (or their percent)."""
    written = float(number.replace(",", ""))
    places = len(number.partition(".")[2])
    return any(
        abs(written - scale * value) <= 0.5000001 * 10.0**-places + 1e-9
        for value in values
        for scale in (1, 100)
    )
