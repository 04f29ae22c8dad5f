"""A language made by machine, longer than Japanese and unlike it, to find what is not translated.

Every sentence stands in «…», in accented letters, its placeholders and its markup kept. What is
still Japanese in materials made in it never went through a catalogue; what runs out of a picture
had no room for a longer language. (This is pseudo-localisation; the brackets usual there are in
none of our typefaces.)
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kit.language import JAPANESE

OPEN, CLOSE = "«", "»"

_ALPHABET = "áßçđéfĝĥîĵķļmñôþqŕšţûvŵxýž"
_PLAIN = str.maketrans("abcdefghijklmnoprstuyzACEINOSUYZ", "áßçđéfĝĥîĵķļmñôþŕšţûýžÁÇÉÎÑÔŠÛÝŽ")
# Three letters for two columns, then a space after every third sign: about 40 % longer.
_LETTERS = (3, 2, 2)
_SIGNS = {
    **{"、": ", ", "。": ". ", "，": ", ", "．": ". ", "・": " · ", "〜": "–", "～": "–"},
    **{"「": " “", "」": "” ", "『": " “", "』": "” ", "（": " (", "）": ") ", "：": ": "},
    **{"？": "? ", "！": "! ", "％": "%", "＋": "+", "－": "−", "＝": "=", "／": "/", "　": " "},
}
_KEPT = re.compile(
    r"(`+[^`]*`+|\$\$?[^$]+\$\$?|\{\{.*?\}\}|\{%.*?%\}|\{+[^{}]*\}+|</?[A-Za-z][^<>]*>|&#?\w+;"
    r"|!?\[|\]\([^)]*\)|\]|\*\*|\*|__|~~|https?://[^\s)）]+|\\.)"
)
_EMPHASIS = frozenset(("**", "*", "__", "~~"))
_BEFORE = re.compile(r"\s*(?:(?:#{1,6}|>|[-*+]|\d+[.)])\s+|\[[ xX]\]\s+|☐\s*)*")
_ROW = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_MADE = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


@lru_cache(maxsize=4096)
def pseudo(text: str) -> str:
    """Return `text` in the pseudo-language; what is not Japanese, or made already, as it is.

    Examples
    --------
    >>> pseudo("{count} 件")
    '«{count} mxđ»'
    >>> pseudo(pseudo("## 問い")) == pseudo("## 問い")
    True
    """
    if not JAPANESE.search(outside(text)):
        return text
    lines = text.split("\n")
    if is_list_of_values(text):
        # The names of rows are free; the rest are words a program knows.
        rows = (line.partition(",") for line in lines[1:])
        named = (f"{pseudo(name).replace(',', ';')},{rest}" for name, _, rest in rows)
        return "\n".join((lines[0], *named))
    table = any(_ROW.match(line) for line in lines)
    fenced, made = False, []
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        if fenced or not JAPANESE.search(line):
            made.append(line)
        elif table and "|" in line:
            made.append("|".join(map(_segment, re.split(r"(?<!\\)\|", line))))
        else:
            before = _BEFORE.match(line)
            end = before.end() if before else 0
            made.append(line[:end] + _segment(line[end:]))
    return "\n".join(made)


def is_list_of_values(text: str) -> bool:
    """Whether `text` is a table that a program reads: lines of as many values, divided by commas.

    Examples
    --------
    >>> is_list_of_values("手順,分,円\\n待つ,5,0"), is_list_of_values("一行目\\n二行目")
    (True, False)
    """
    commas = {line.count(",") for line in text.split("\n")}
    return "\n" in text and len(commas) == 1 and min(commas) >= 2


def outside(text: str) -> str:
    """Return what of `text` was not made here.

    Examples
    --------
    >>> outside("«mxđ» 件")
    ' 件'
    """
    bare = _MADE.sub("", text)
    return bare if bare == text else outside(bare)  # what is made may stand in what is made


def _segment(text: str) -> str:
    """Return one line or cell in brackets, the space around it kept."""
    words = text.strip()
    if not words:
        return text
    start = len(text) - len(text.lstrip())
    return f"{text[:start]}{OPEN}{_sentence(words)}{CLOSE}{text[start + len(words) :]}"


def _sentence(text: str) -> str:
    said = ""
    emphasised: list[str] = []
    for piece in _KEPT.split(text):
        if piece not in _EMPHASIS:
            made = piece if _KEPT.fullmatch(piece) else _letters(piece)
            opened = said.endswith(tuple(_EMPHASIS)) and emphasised
            said += made.lstrip() if opened else made
        elif piece in emphasised:
            emphasised.remove(piece)
            said = said.rstrip() + piece + " "
        else:
            emphasised.append(piece)
            said += ("" if not said or said[-1:] in " “(*" else " ") + piece
    return said.strip()


def _letters(text: str) -> str:
    made, run = [], 0
    for sign in text:
        if sign in _SIGNS:
            made.append(_SIGNS[sign])
            run = 0
        elif JAPANESE.match(sign):
            plain = unicodedata.normalize("NFKC", sign)
            made.append(plain if plain.isascii() and plain.isalnum() else _word(sign, run))
            run += 1
            if run % len(_LETTERS) == 0:
                made.append(" ")
        else:
            made.append(sign.translate(_PLAIN))
            run = 0
    return re.sub(r" +(?=[”).,:?! ])", "", "".join(made))


def _word(sign: str, run: int) -> str:
    """Return letters that stand for one sign, and hardly for another."""
    number, letters = ord(sign), ""
    for _ in range(_LETTERS[run % len(_LETTERS)]):
        number, at = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[at]
    return letters
