"""Words and numbers on a chart: how wide they are, where they break, how they are written."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from kit.errors import KitError
from kit.language import say, spaced

# Kinsoku: what must not start a line, and what must not end one.
_NOT_FIRST = frozenset(
    "、。，．,.）)」』】］]〕〉》・：；:;！？!?ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥%％℃〜～”’"
)
_NOT_LAST = frozenset("“‘（(「『【［[〔〈《￥$＃#")
# What stays together: Latin words, katakana words, a number with its unit or counter.
_ATOM = re.compile(
    r"[0-9０-９][0-9０-９,.，．]*(?:[年月日人円件点回個本枚時分秒％%]|か月|ヶ月|番目)?"
    r"|[!-/:-~\u00a1-\u024f][!-~\u00a1-\u024f]*|[ァ-ヺー]+|\s+|.",
    re.DOTALL,
)
_BREATH = frozenset("、。，．）)」』】］]〕〉》：；！？")


def clean(text: object) -> str:
    """Return `text` on one line, without control characters.

    Examples
    --------
    >>> clean("第一\\n 第二\\x00")
    '第一 第二'
    """
    printable = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in str(text)
    )
    return " ".join(printable.split())


def width(text: str) -> float:
    """Return the width of `text` in em: 1 for a full-width character, a half for the others.

    Examples
    --------
    >>> width("八王子 A")
    4.0
    """
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def _atoms(text: str, limit: float) -> list[str]:
    pieces: list[str] = []
    for piece in _ATOM.findall(text):
        if width(piece) > limit:  # an address, say: no natural place to break it
            step = max(1, int(limit) if width(piece) == len(piece) else int(limit * 2))
            pieces.extend(piece[i : i + step] for i in range(0, len(piece), step))
        elif (
            pieces
            and width(pieces[-1] + piece) <= limit
            and (
                (piece[0] in _NOT_FIRST and not pieces[-1].isspace()) or pieces[-1][-1] in _NOT_LAST
            )
        ):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _hiragana(character: str) -> bool:
    return "ぁ" <= character <= "ゖ"


def _awkwardness(before: str, after: str) -> float:
    """Return how bad it is to break between two pieces: 0 at a breath, 1 inside a word."""
    last, first = before[-1], after[0]
    if last.isspace() or first.isspace() or last in _BREATH or first in _NOT_LAST:
        return 0.0
    if last == "を" or (_hiragana(last) and not _hiragana(first)):
        return 0.15  # a new phrase begins where kanji or katakana follow hiragana
    if _hiragana(last) or _hiragana(first):
        return 1.0
    return 0.6


def _fill(text: str, limit: float) -> list[str]:
    """Break `text` where it costs least: few lines, even lines, no broken words."""
    pieces = _atoms(text, limit)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        found = (math.inf, end - 1)
        for start in range(end - 1, -1, -1):
            wide = width("".join(pieces[start:end]).strip())
            if wide > limit and start < end - 1:
                break
            cost = best[start][0] + 2.0 + (max(0.0, limit - wide) / limit) ** 2
            if end < len(pieces):
                cost += _awkwardness(pieces[end - 1], pieces[end])
            if cost < found[0]:
                found = (cost, start)
        best.append(found)
    rows: list[str] = []
    end = len(pieces)
    while end > 0:
        start = best[end][1]
        rows.append("".join(pieces[start:end]).strip())
        end = start
    return [row for row in reversed(rows) if row] or [""]


@lru_cache(maxsize=2000)
def wrap(text: str, limit: float, *, lines: int | None = None) -> str:
    """Break `text` into lines of at most `limit` em, as even as they can be.

    Parameters
    ----------
    text : str
        What to break; it is put on one line first.
    limit : float
        Width of a line in em.
    lines : int, optional
        At most so many lines; what does not fit ends in 「…」.

    Examples
    --------
    >>> print(wrap("保育所等の利用待機児童数（人）", 10))
    保育所等の
    利用待機児童数（人）
    >>> wrap("とても長い名前の窓口", 5, lines=1)
    'とても長…'
    """
    whole = clean(text)
    rows = _fill(whole, limit)
    if lines is not None and len(rows) > lines:
        rows = rows[:lines]
        last = rows[-1]
        while last and width(last) > limit - 1:
            last = last[:-1]
        rows[-1] = last.rstrip() + "…"
        return "\n".join(rows)
    return "\n".join(rows)


def short_names(names: Sequence[str], limit: float, *, lines: int) -> list[str]:
    """Wrap names for an axis or a legend; two that become alike are numbered, never merged.

    Examples
    --------
    >>> short_names(["同じ書き出しの甲", "同じ書き出しの乙"], 4, lines=1)
    ['同じ書…', '同じ書…(2)']
    """
    seen: dict[str, int] = {}
    result = []
    for name in names:
        short = wrap(name, limit, lines=lines) or "—"
        seen[short] = seen.get(short, 0) + 1
        result.append(short if seen[short] == 1 else f"{short}({seen[short]})")
    return result


@dataclass(frozen=True)
class Style:
    """How the numbers of one column are written.

    Parameters
    ----------
    format : str
        A format that Python and d3 both read: ``",d"``, ``",.1f"``, ``".1%"``.
    unit : str
        Written after the number: ``"人"``, ``"円"``, ``"hours"``.

    Examples
    --------
    >>> Style(",d", "人").show(1234.0), Style(".1%").show(-0.052)
    ('1,234人', '−5.2%')
    """

    format: str
    unit: str = ""

    def show(self, value: float | None) -> str:
        """Return `value` as it is written beside a mark or in a table."""
        if value is None:
            return say("データなし")
        number = format(round(value) if self.format.endswith("d") else value, self.format)
        if number.startswith("-") and not any(c in "123456789" for c in number):
            number = number[1:]  # never −0
        gap = " " if self.unit[:1].isascii() and self.unit[:1].isalpha() else ""
        return number.replace("-", "−") + gap + self.unit

    @property
    def bare(self) -> Style:
        """The same without the unit, for numbers that stand beside one that has said it."""
        return replace(self, unit="")

    def axis(self, top: float = 0.0) -> dict[str, Any]:
        """Return how an axis that reaches `top` writes its ticks: no more digits than needed.

        From a million on, Japanese counts in 万 and 億, English in M and B.
        """
        if self.format.endswith("%"):
            return {"format": ".12~%"}
        if abs(top) < 1_000_000:
            return {"format": ",.12~g"}
        if spaced():
            return {"format": ".4~s", "labelExpr": "replace(datum.label, 'G', 'B')"}
        unit, name = (1e8, "億") if abs(top) >= 1e9 else (1e4, "万")
        number = f"format(datum.value / {unit:.0f}, ',.12~g') + '{name}'"
        return {"format": ",.12~g", "labelExpr": f"datum.value == 0 ? '0' : {number}"}

    def title(self, label: str) -> str:
        """Return an axis title: the label and its unit."""
        unit = self.unit.strip()
        return say("{label}（{unit}）", label=label, unit=unit) if unit else label


def style_for(
    values: Sequence[float | None], *, unit: str = "", format: str | None = None
) -> Style:
    """Return how `values` are written: as asked, else with about three telling digits.

    Raises
    ------
    KitError
        If `format` is not a number format.

    Examples
    --------
    >>> style_for([1.0, 20.0]).format, style_for([0.0312]).format, style_for([12.34]).format
    (',d', ',.4f', ',.1f')
    """
    if format is not None:
        try:
            (0).__format__(format) if format.endswith("d") else (0.5).__format__(format)
        except ValueError:
            raise KitError(
                say("数の書き方「{format}」は使えません。", format=format),
                hint=say("例: {examples}", examples='",d"　",.1f"　".1%"'),
            ) from None
        return Style(format, unit)
    known = [abs(v) for v in values if v is not None]
    if all(v == int(v) for v in known):
        return Style(",d", unit)
    top = max(known)
    if top >= 1000:
        return Style(",.0f", unit)
    if top >= 10:
        return Style(",.1f", unit)
    digits = 2 - math.floor(math.log10(top))
    return Style(f",.{min(digits, 8)}f", unit)
