"""The words of a Japanese text, by MeCab and UniDic (fugashi and unidic-lite)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit.errors import KitError
from kit.language import say
from kit.plain.kana import ascii_digits, hiragana

# MeCab is C: a NUL ends its text, and half a surrogate pair is no UTF-8.
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A short-unit word of UniDic.

    ``start`` is where it stands in the text; ``reading`` is in hiragana, "" if the dictionary has
    none; ``origin`` is 和 (native), 漢 (Sino-Japanese), 外 (loan), 混, 固 (a name), 記号 or "".
    """

    start: int
    written: str
    reading: str
    lemma: str
    part: str
    detail: str
    form: str
    origin: str

    @property
    def end(self) -> int:
        """Where the word ends (exclusive)."""
        return self.start + len(self.written)


@cache
def _tagger() -> Any:
    try:
        import unidic_lite
        from fugashi import Tagger
    except ImportError:
        raise KitError(
            say("ふりがなと読みやすさを調べる部品が入っていません。"),
            where="fugashi, unidic-lite",
            hint='pip install "ebpm-workshop-kit[plain]"',
        ) from None
    # Named, or fugashi would take any dictionary it finds.
    return Tagger(f'-d "{unidic_lite.DICDIR}" -r "{unidic_lite.DICDIR}/mecabrc"')


def words(text: str) -> list[Word]:
    """Return the words of `text`, in order; spaces and control characters belong to none.

    Raises
    ------
    KitError
        If the analyser is not installed.

    Examples
    --------
    >>> [(word.written, word.reading, word.origin) for word in words("通知を送る。")][:3]
    [('通知', 'つうち', '漢'), ('を', 'を', '和'), ('送る', 'おくる', '和')]
    """
    clean = _NOT_TEXT.sub(" ", ascii_digits(text))
    found, at = [], 0
    for node in _tagger()(clean):
        # The surface, not the reported spaces, says where a word is: MeCab skips more than ASCII.
        at = clean.index(node.surface, at)
        feature = node.feature
        found.append(
            Word(
                at,
                node.surface,
                hiragana(feature.kana or "") if feature.kana != "*" else "",
                feature.lemma or node.surface,
                feature.pos1 or "",
                feature.pos2 or "",
                feature.cForm or "",
                feature.goshu or "",
            )
        )
        at += len(node.surface)
    return found
