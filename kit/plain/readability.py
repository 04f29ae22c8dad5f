"""How hard a Japanese text is to read: a published measure, and counts a writer can act on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.errors import KitError, LanguageError
from kit.language import say
from kit.plain.analyser import Word, words
from kit.plain.furigana import unread
from kit.plain.kana import KANJI
from kit.plain.readings import Names
from kit.plain.school_kanji import YEAR
from kit.plain.sentences import Sentence

# What やさしい日本語 is held to. The guideline (出入国在留管理庁・文化庁「在留支援のためのやさしい日本語
# ガイドライン」, 2020) asks for short sentences of one thought each, without double negatives.
LONGEST = 45  # characters: about a line and a half of a page; see Sentence.characters
MEAN = 22.0  # characters: room for a long sentence now and then, not for many
EASIEST_SCORE = 4.5  # jReadability: 初級後半 (やさしい) begins here, 中級 is below
KANJI_SHARE = 0.26  # of the characters; what our Japanese for officials goes beyond
DOUBLE_NEGATIVES = 0

# 少ない, 危ない … end like a negative and are none.
_NOT = r"(?<![少危切幼])(?:ない|なく|なけれ|なかった|ません)"
_DOUBLE_NEGATIVE = re.compile(
    r"なければ[^。！？]*?(?:ない|ません)|なくては[^。！？]*?(?:ない|ません)"
    r"|(?<![少危切幼])ないと(?![いおかきこ思言書分])、?[^。、！？]{0,15}(?:ない|ません)"
    rf"|{_NOT}(?:わけ|こと|もの|はず|の)?(?:では|でも|とは|は|も|が)(?:あり|い)?(?:ない|ません)"
    rf"|{_NOT}(?:人|もの|こと|ところ|日|まち)は(?:い|あり)(?:ない|ません)(?!か)"
    r"|ずには?[^。、！？]{0,10}(?:ない|ません)"
)
_TAUGHT_EARLY = 4  # years of primary school


@dataclass(frozen=True)
class Measure:
    """What was counted in a text.

    Headings and labels (``labels``) are no sentences: they count towards nothing else but
    ``longest``. ``score`` is None where there is no sentence. ``hard`` are Sino-Japanese words with
    a kanji that is taught late (from the fifth year of primary school) or not at primary school:
    a hint, not a published list. ``passives`` holds れる after a consonant verb or する; られる may
    as well mean *can* and is not counted.
    """

    sentences: int
    labels: int
    score: float | None
    mean: float
    words: float
    kanji: float
    longest: Sentence | None
    hard: Counter[str]
    double_negatives: tuple[Sentence, ...]
    passives: tuple[Sentence, ...]


def jreadability(sentences: Iterable[str]) -> float:
    """Return the readability of a text by jReadability; more is easier.

    Score = 11.724 - 0.056 (words a sentence) - 0.126 (% 漢語) - 0.042 (% 和語) - 0.145 (% verbs)
    - 0.044 (% particles), counted in UniDic's short-unit words; a verb UniDic calls 非自立可能 is
    not counted as a verb. Made for learners of Japanese; about 0.5 (hardest) to 6.5.

    Parameters
    ----------
    sentences : iterable of str
        At least one, with its mark at the end.

    References
    ----------
    Hasebe, Y. & Lee, J.-H. (2015). Introducing a readability evaluation system for Japanese
    language education. Proc. CASTEL/J 2015, 19-22.
    Lee, J.-H. & Hasebe, Y. (2020). Readability measurement of Japanese texts based on levelled
    corpora. In The Japanese Language from an Empirical Perspective. Academia Press. 143-168.

    Examples
    --------
    >>> round(jreadability(["おはようございます！", "今日は天気がいいですね。"]), 3)
    6.438
    """
    return _score([words(sentence) for sentence in sentences])


def _score(analysed: Sequence[Sequence[Word]]) -> float:
    every = [word for sentence in analysed for word in sentence]

    def percent(count: int) -> float:
        return 100 * count / len(every)

    return (
        11.724
        - 0.056 * len(every) / len(analysed)
        - 0.126 * percent(sum(word.origin == "漢" for word in every))
        - 0.042 * percent(sum(word.origin == "和" for word in every))
        - 0.145
        * percent(sum(word.part == "動詞" and word.detail != "非自立可能" for word in every))
        - 0.044 * percent(sum(word.part == "助詞" for word in every))
    )


def level(score: float) -> str:
    """Return the level of learner that a score belongs to (jreadability.net).

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     level(4.6), level(0.1)
    ('初級後半', '上級後半')
    """
    levels = (
        (5.5, say("初級前半")),
        (4.5, say("初級後半")),
        (3.5, say("中級前半")),
        (2.5, say("中級後半")),
        (1.5, say("上級前半")),
    )
    return next((name for least, name in levels if score >= least), say("上級後半"))


def measure(sentences: Sequence[Sentence]) -> Measure:
    """Count what makes `sentences` hard to read.

    Raises
    ------
    KitError
        If the analyser is not installed.

    Examples
    --------
    >>> found = measure([Sentence("数を数えます。"), Sentence("題", whole=False)])
    >>> found.sentences, found.labels, found.mean, round(found.kanji, 2)
    (1, 1, 7.0, 0.29)
    """
    whole = [sentence for sentence in sentences if sentence.whole]
    analysed = [words(sentence.text) for sentence in whole]
    text = "".join("".join(sentence.text.split()) for sentence in whole)
    count = len(whole) or 1
    return Measure(
        sentences=len(whole),
        labels=len(sentences) - len(whole),
        score=_score(analysed) if whole else None,
        mean=len(text) / count,
        words=sum(map(len, analysed)) / count,
        kanji=len(KANJI.findall(text)) / (len(text) or 1),
        longest=max(sentences, key=lambda sentence: sentence.characters, default=None),
        hard=Counter(word.written for found in analysed for word in found if _is_hard(word)),
        double_negatives=tuple(filter(is_double_negative, whole)),
        passives=tuple(
            sentence
            for sentence, found in zip(whole, analysed, strict=True)
            if any(word.lemma == "れる" and word.part == "助動詞" for word in found)
        ),
    )


def is_double_negative(sentence: Sentence) -> bool:
    """Say whether a sentence denies a denial, 〜しなければなりません among them.

    Examples
    --------
    >>> is_double_negative(Sentence("書かなければなりません。"))
    True
    >>> is_double_negative(Sentence("人が少ないので、足りません。"))
    False
    """
    return _DOUBLE_NEGATIVE.search(sentence.text) is not None


def _is_hard(word: Word) -> bool:
    kanji = KANJI.findall(word.written)
    late = any(YEAR.get(char, 9) > _TAUGHT_EARLY for char in kanji)
    return word.origin == "漢" and len(kanji) > 1 and late


def broken(sentences: Sequence[Sentence], where: str = "", names: Names = ()) -> list[KitError]:
    """Return what in a text goes beyond the limits of やさしい日本語.

    Parameters
    ----------
    sentences : sequence of Sentence
        The text; each sentence says where it stands.
    where : str, optional
        The workshop and language, put before each place.
    names : mapping or iterable of (str, str), optional
        Readings that hold here; a kanji nobody can read is a fault too.

    Returns
    -------
    list of LanguageError
        The long sentences first, then double negatives and unreadable kanji, then the text's mean.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     print(broken([Sentence("人が少なくないことはありません。", "scene")], "demo")[0])
    二重否定があります: 人が少なくないことはありません。
      demo: scene
      → 「〜すると、〜できます」のように、そのまま言ってください。
    """
    found: list[KitError] = []

    def fault(message: str, place: str, hint: str) -> None:
        at = ": ".join(part for part in (where, place) if part)
        found.append(LanguageError(message, where=at or None, hint=hint))

    for one in sorted(sentences, key=lambda one: -one.characters):
        if one.characters > LONGEST:
            fault(
                say("文が長すぎます（{n} 字）: {text}", n=one.characters, text=one.text),
                one.where,
                say("{limit} 字までの文に分けてください。", limit=LONGEST),
            )
    for one in filter(is_double_negative, sentences):
        fault(
            say("二重否定があります: {text}", text=one.text),
            one.where,
            say("「〜すると、〜できます」のように、そのまま言ってください。"),
        )
    for one in sentences:
        if kanji := unread(one.text, names):
            fault(
                say("読みのわからない漢字があります: {kanji}", kanji="、".join(kanji)),
                one.where,
                say("workshop.toml の [readings] に、言葉と読みを書いてください。"),
            )
    for message, hint in _beyond(measure(sentences)):
        fault(message, "", hint)
    return found


def _beyond(whole: Measure) -> Iterable[tuple[str, str]]:
    """Yield what is wrong with the text as a whole."""
    if whole.mean > MEAN:
        yield (
            say("文が平均で {n:.1f} 字あります。", n=whole.mean),
            say("{limit:.0f} 字までにしてください。長い文から直します。", limit=MEAN),
        )
    if whole.kanji > KANJI_SHARE:
        yield (
            say("文字の {share:.0%} が漢字です。", share=whole.kanji),
            say("{limit:.0%} までにしてください。漢語を動詞に言いかえます。", limit=KANJI_SHARE),
        )
    if whole.score is not None and whole.score < EASIEST_SCORE:
        yield (
            say(
                "読みやすさが {score:.2f}（{level}）です。",
                score=whole.score,
                level=level(whole.score),
            ),
            say(
                "{limit}（{level}）以上にしてください。文を短くし、漢語を言いかえます。",
                limit=EASIEST_SCORE,
                level=level(EASIEST_SCORE),
            ),
        )
