"""Kanji and kana: which is which, and how a reading is shared out over a written word."""

from __future__ import annotations

import re

# ヶ is a kanji where it stands between or before kanji (青ヶ島, 3ヶ月), otherwise a kana.
_HAN = "々〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANJI = re.compile(f"[{_HAN}]")
RUN = re.compile(f"(?:[{_HAN}]|[ヶヵ](?=[{_HAN}]))+")
NUMERAL_OR_KANJI = re.compile(f"[0-9０-９{_HAN}]")
READING = re.compile(r"[ぁ-ゖー]+")
# What a reading has to be shared out over: kanji with the digits they stand with, and the rest.
_BLOCK = re.compile(f"(?:[0-9]|[{_HAN}]|[ヶヵ](?=[{_HAN}]))+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_TO_ASCII = {ord("０") + digit: ord("0") + digit for digit in range(10)}


def hiragana(text: str) -> str:
    """Return `text` with its katakana as hiragana.

    Examples
    --------
    >>> hiragana("ツウチを")
    'つうちを'
    """
    return text.translate(_TO_HIRAGANA)


def ascii_digits(text: str) -> str:
    """Return `text`, of the same length, with its full-width digits as ASCII.

    Examples
    --------
    >>> ascii_digits("２０人")
    '20人'
    """
    return text.translate(_TO_ASCII)


def align(written: str, reading: str) -> list[tuple[int, int, str]] | None:
    """Share `reading` out over the kanji of `written`; None if the kana of the two differ.

    Parameters
    ----------
    written : str
        A word or a phrase; digits beside kanji are read together with them.
    reading : str
        Its reading in hiragana.

    Returns
    -------
    list of (int, int, str)
        From, to (exclusive), reading: one for each run of kanji, the kana around them left out.

    Examples
    --------
    >>> align("取り組み", "とりくみ")
    [(0, 1, 'と'), (2, 3, 'く')]
    >>> align("1日に", "いちにちに"), align("送る", "おくった")
    ([(0, 2, 'いちにち')], None)
    """
    written = ascii_digits(written)
    blocks = list(_BLOCK.finditer(written))
    pattern, at = "", 0
    for block in blocks:
        pattern += re.escape(hiragana(written[at : block.start()])) + "(.+?)"
        at = block.end()
    found = re.fullmatch(pattern + re.escape(hiragana(written[at:])), reading)
    if found is None:
        return None
    return [
        (block.start(), block.end(), found[number])
        for number, block in enumerate(blocks, start=1)
        if KANJI.search(block[0])
    ]
