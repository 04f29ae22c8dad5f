"""Numbers with what they count: 1人 is ひとり, 3本 さんぼん, 7月1日 しちがつついたち.

Digits get no furigana of their own. Where a number and its counter are one word (1人, 20日), the
reading is the whole word's; elsewhere it is the counter's, with the sound the number before it asks
for (NHK日本語発音アクセント新辞典, 付録「数詞＋助数詞の発音」).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Piece = tuple[int, int, str]

# How a number ends decides the sound: 十 百 千 万 stand for round numbers, 何 for 何本, 数 for 数本.
_H_TO_P: dict[str, str] = dict.fromkeys("168十百", "p")
_H_TO_PB = _H_TO_P | dict.fromkeys("3千万何", "b")
_H_TO_PP = _H_TO_P | dict.fromkeys("34千万何", "p")
_K_TO_G = dict.fromkeys("3何", "b")
_CHANGING: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "分": ("ふん", _H_TO_PP),
    "泊": ("はく", _H_TO_PP),
    "歩": ("ほ", _H_TO_PP),
    "班": ("はん", _H_TO_PP),
    "本": ("ほん", _H_TO_PB),
    "票": ("ひょう", _H_TO_PB),
    "匹": ("ひき", _H_TO_PB),
    "杯": ("はい", _H_TO_PB),
    "階": ("かい", _K_TO_G),
    "軒": ("けん", _K_TO_G),
}
_UNITS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "百": ("ひゃく", {"3": "b", "何": "b", "6": "p", "8": "p"}),
    "千": ("せん", {"3": "b", "何": "b"}),
    "万": ("まん", {}),
    "億": ("おく", {}),
    "兆": ("ちょう", {}),
}
_SOUNDS = {
    "b": dict(zip("はひふほかけせ", "ばびぶぼがげぜ", strict=True)),
    "p": dict(zip("はひふほ", "ぱぴぷぽ", strict=True)),
}
_STEADY = {
    **{
        "人組": "にんぐみ",
        "人": "にん",
        "名": "めい",
        "日": "にち",
        "月": "がつ",
        "年": "ねん",
        "週": "しゅう",
    },
    **{"時": "じ", "秒": "びょう", "歳": "さい", "才": "さい", "代": "だい", "世代": "せだい"},
    **{"回": "かい", "件": "けん", "枚": "まい", "個": "こ", "冊": "さつ", "台": "だい"},
    **{"通": "つう", "問": "もん", "行": "ぎょう", "列": "れつ", "字": "じ", "文字": "もじ"},
    **{"文": "ぶん", "語": "ご", "章": "しょう", "節": "せつ", "号": "ごう", "条": "じょう"},
    **{
        "番": "ばん",
        "位": "い",
        "点": "てん",
        "度": "ど",
        "倍": "ばい",
        "割": "わり",
        "円": "えん",
    },
    **{"組": "くみ", "桁": "けた", "言": "こと", "部": "ぶ", "面": "めん", "段": "だん"},
    **{"段階": "だんかい", "種類": "しゅるい", "世帯": "せたい", "戸": "こ", "校": "こう"},
    **{
        "社": "しゃ",
        "店": "てん",
        "群": "ぐん",
        "色": "しょく",
        "乗": "じょう",
        "次": "じ",
        "対": "たい",
    },
    **{"区": "く", "市": "し", "町": "ちょう", "村": "そん", "都": "と", "県": "けん"},
    **{
        "学年": "がくねん",
        "年度": "ねんど",
        "年生": "ねんせい",
        "通り": "とおり",
        "丁目": "ちょうめ",
    },
    **{"か月": "かげつ", "カ月": "かげつ", "ヶ月": "かげつ", "ヵ月": "かげつ", "箇月": "かげつ"},
    **{"か所": "かしょ", "カ所": "かしょ", "ヶ所": "かしょ", "ヵ所": "かしょ", "箇所": "かしょ"},
    **{"か国": "かこく", "カ国": "かこく", "ヶ国": "かこく", "か条": "かじょう"},
}
_DAYS = {
    **{"2": "ふつか", "3": "みっか", "4": "よっか", "5": "いつか", "6": "むいか", "7": "なのか"},
    **{"8": "ようか", "9": "ここのか", "10": "とおか", "14": "じゅうよっか"},
    **{"20": "はつか", "24": "にじゅうよっか"},
}
# Number and counter as one word. 20歳 stays にじゅっさい: it stands in ranges (20歳から39歳).
_WHOLE: Mapping[str, Mapping[str, str]] = {
    "人": {"1": "ひとり", "2": "ふたり"},
    "人組": {"2": "ふたりぐみ"},
    "日": _DAYS,
    "組": {"1": "ひとくみ", "2": "ふたくみ"},
    "桁": {"1": "ひとけた", "2": "ふたけた"},
    "言": {"1": "ひとこと", "2": "ふたこと"},
    "通り": {"1": "ひととおり", "2": "ふたとおり"},
}
_WORDS = {"何": "なん", "数": "すう"}
# What may follow a counter, with the reading it then has; the longest that fits is taken.
_AFTER = {
    **{"中": "ちゅう", "間": "かん", "目": "め", "前": "まえ", "後": "ご", "分": "ぶん"},
    **{"半": "はん", "代": "だい", "台": "だい", "間分": "かんぶん", "間前": "かんまえ"},
    **{"間後": "かんご", "間半": "かんはん", "間目": "かんめ", "間中": "かんちゅう"},
    **{"以上": "いじょう", "以下": "いか", "以内": "いない", "未満": "みまん", "後半": "こうはん"},
    **{"前後": "ぜんご", "当たり": "あたり"},
}
_HAN = "\u4e00-\u9fff々"


def _any(options: Mapping[str, object]) -> str:
    return "|".join(sorted(options, key=len, reverse=True))


_COUNTER = re.compile(
    r"(?:(?<![0-9.,])(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<decimals>\.[0-9]+)?(?P<gap>[ \xa0]?)"
    rf"|(?<![{_HAN}])(?P<word>[何数]))"
    rf"(?P<units>[{''.join(_UNITS)}]*)(?P<counter>{_any({**_CHANGING, **_STEADY})})?"
)
_FOLLOWS = re.compile(_any(_AFTER))
_FRACTION = re.compile(r"の ?[0-9]")
_MONTH_BEFORE = re.compile(r"月の?\s?$")


def numbers(text: str) -> Iterator[list[tuple[int, int, list[Piece]]]]:
    """Yield, for each number in `text` that counts something, the ways to read it, longest first.

    Parameters
    ----------
    text : str
        With ASCII digits.

    Yields
    ------
    list of (int, int, list of (int, int, str))
        From and to of the whole, and its pieces: from, to, reading.

    Examples
    --------
    >>> [ways[0][2] for ways in numbers("1人が3本、7月1日に20分")]
    [[(0, 2, 'ひとり')], [(4, 5, 'ぼん')], [(7, 8, 'がつ')], [(8, 10, 'ついたち')], [(13, 14, 'ぷん')]]
    """
    for found in _COUNTER.finditer(text):
        if found["units"] or found["counter"]:
            yield list(_ways(text, found))


def _ways(text: str, found: re.Match[str]) -> Iterator[tuple[int, int, list[Piece]]]:
    pieces, ending = _units(found)
    counter = found["counter"]
    if counter is None:
        yield found.start(), found.end(), pieces
        return
    start, end = found.span("counter")
    exact = None
    if found["digits"] and not found["decimals"] and not found["units"]:
        exact = str(int(found["digits"].replace(",", "")))
    whole = _WHOLE.get(counter, {}).get(exact or "")
    if counter == "日" and exact == "1" and _MONTH_BEFORE.search(text[: found.start()]):
        whole = "ついたち"
    if counter == "分" and _FRACTION.match(text, end):
        own = (start, end, "ぶん")
    elif counter == "日" and found["word"] == "数":
        own = (start, end, "じつ")
    elif whole:
        kana = len(counter) - len(counter.rstrip("り"))
        own = (found.start(), end - kana, whole[: len(whole) - kana])
    else:
        own = _own(counter, start, end, ending)
    pieces.append(own)
    follows = _FOLLOWS.match(text, end)
    while follows:
        reading = _AFTER[follows[0]]
        if follows[0] == "中" and counter == "日" and exact == "1":
            reading = "じゅう"  # 1日中: all day long
        kana = 2 if follows[0] == "当たり" else 0
        after = (end, follows.end() - kana, reading[: len(reading) - kana])
        yield found.start(), follows.end(), [*pieces, after]
        follows = _FOLLOWS.match(text, end, follows.end() - 1)
    yield found.start(), end, pieces
    if found["units"]:  # 3万人: if 人 belongs to a longer word, 万 does not
        yield found.start(), start, pieces[:-1]


def _units(found: re.Match[str]) -> tuple[list[Piece], str]:
    """Return the pieces of 百, 千, 万 …, and how the whole number ends."""
    ending = found["word"] or _ending(found["digits"], found["decimals"])
    pieces: list[Piece] = []
    if found["word"]:
        pieces.append((*found.span("word"), _WORDS[found["word"]]))
    for at, unit in enumerate(found["units"], start=found.start("units")):
        plain, changes = _UNITS[unit]
        pieces.append((at, at + 1, _sounded(plain, changes.get(ending, ""))))
        ending = unit
    return pieces, ending


def _ending(digits: str, decimals: str | None) -> str:
    if decimals:
        return decimals[-1] if decimals[-1] != "0" else "零"
    plain = digits.replace(",", "")
    zeros = len(plain) - len(plain.rstrip("0"))
    if zeros == len(plain):
        return "零"
    return plain[-1] if zeros == 0 else "十百千万"[min(zeros, 4) - 1]


def _own(counter: str, start: int, end: int, ending: str) -> Piece:
    if counter in _CHANGING:
        plain, changes = _CHANGING[counter]
        return start, end, _sounded(plain, changes.get(ending, ""))
    reading = _STEADY[counter]
    if counter[0] in "かカ":  # a kana, outside the ruby; ヶ and 箇 are read with what follows
        return start + 1, end, reading[1:]
    if counter.endswith("り"):
        return start, end - 1, reading[:-1]
    return start, end, reading


def _sounded(reading: str, change: str) -> str:
    return _SOUNDS[change][reading[0]] + reading[1:] if change else reading
