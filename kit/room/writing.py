"""Code that cannot be read: full-width characters, brackets, quotes, colons, and how lines begin."""

from __future__ import annotations

import re
import unicodedata

from kit.language import say
from kit.room.mistakes import Advice, Mistake

# What a Japanese input method writes, and the character that was meant.
_QUOTES = "「」『』“”„‟＂‘’‚‛＇｀´"
_MEANT = {
    **dict.fromkeys(_QUOTES[:9], '"'),
    **dict.fromkeys(_QUOTES[9:], "'"),
    **dict.fromkeys("，、､", ","),
    **dict.fromkeys("。．｡", "."),
    **dict.fromkeys("−–—‐－", "-"),
    **dict.fromkeys("×✕＊", "*"),
    **dict.fromkeys("【〔［", "["),
    **dict.fromkeys("】〕］", "]"),
    "÷": "/",
    "\u3000": " ",
    "\u00a0": " ",
}
_QUOTED = re.compile(r"""("{3}|'{3}).*?\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#.*""")
_SHOWN = 6  # full-width characters shown at most


def unreadable(mistake: Mistake) -> Advice | None:
    """Return what to tell about a :class:`SyntaxError`."""
    error = mistake.error
    assert isinstance(error, SyntaxError)
    told = error.msg or ""
    for answer in (_wide, _indented, _open, _left_out, _equals, _numbers):
        found = answer(told, mistake.line, error)
        if found:
            return found
    return Advice(
        say("この行は、Python の文として読めません。"),
        (
            say(
                "もとの形に戻すには、Ctrl + Z（Mac は ⌘ + Z）を押します。"
                "数や名前だけを書きかえて、もう一度実行してください。"
            ),
        ),
    )


def meant(character: str) -> str:
    """Return the half-width character that was meant, or nothing if `character` is fine as it is.

    Examples
    --------
    >>> meant("１"), meant("「"), meant("（"), meant("a"), meant("市")
    ('1', '"', '(', '', '')
    """
    if character in _MEANT:
        return _MEANT[character]
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if narrow != character and len(narrow) == 1 and narrow.isascii() else ""


def _wide(told: str, line: str, error: SyntaxError) -> Advice | None:
    # What follows a quote that was never closed is text, wide or not: only its end is looked for.
    wrong = _QUOTES if told.startswith("unterminated") else ""
    outside = _QUOTED.sub("", line)
    found = list(
        dict.fromkeys(one for one in outside if meant(one) and (not wrong or one in wrong))
    )
    if not found or not re.search("invalid|unterminated|never closed|unmatched", told):
        return None
    pairs = "　".join(
        f"{say('全角の空白') if one.isspace() else one} → {meant(one).strip() or say('半角の空白')}"
        for one in found[:_SHOWN]
    )
    return Advice(
        say("全角の文字がまじっています。"),
        (say("日本語入力をオフにして、半角で打ちなおしてください: {pairs}", pairs=pairs),),
    )


def _indented(told: str, line: str, error: SyntaxError) -> Advice | None:
    if not isinstance(error, IndentationError):
        return None
    if told.startswith("expected an indented block"):
        return Advice(
            say("「:」で終わる行の次は、行のはじめを右に下げて書きます。"),
            (say("この行のはじめで Tab キーを 1 回押してください。"),),
        )
    return Advice(
        say("行のはじめの空白が、前の行とそろっていません。"),
        (say("この行のはじめの空白を消すか、上の行と同じ数にそろえてください。"),),
    )


def _open(told: str, line: str, error: SyntaxError) -> Advice | None:
    if told.startswith("unterminated"):
        triple = "triple" in told
        return Advice(
            say("文字をはさむ {mark} が、閉じられていません。", mark='"""' if triple else "\" (')"),
            (say("文字の終わりにも、はじめと同じ記号を書いてください。"),),
        )
    never = re.match(r"'(.)' was never closed", told)
    if never:
        return Advice(
            say("「{mark}」が閉じられていません。", mark=never[1]),
            (
                say(
                    "「{mark}」に合う「{other}」を書きたしてください。",
                    mark=never[1],
                    other={"(": ")", "[": "]", "{": "}"}.get(never[1], ""),
                ),
            ),
        )
    extra = re.match(r"unmatched '(.)'", told)
    if extra:
        return Advice(
            say("「{mark}」が 1 つ多いようです。", mark=extra[1]),
            (say("はじめと終わりのかっこの数を、同じにしてください。"),),
        )
    crossed = re.match(r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", told)
    if crossed:
        return Advice(
            say("「{opened}」を「{closed}」で閉じています。", opened=crossed[2], closed=crossed[1]),
            (say("同じ形のかっこで閉じてください。"),),
        )
    if "unexpected EOF" in told or "incomplete input" in told:
        return Advice(
            say("文が途中で終わっています。"),
            (say("かっこや引用符が閉じているか、続きがないかを確かめてください。"),),
        )
    return None


def _left_out(told: str, line: str, error: SyntaxError) -> Advice | None:
    if told.startswith("expected ':'"):
        return Advice(
            say("行の終わりの「:」がぬけています。"), (say("行の終わりに : を書いてください。"),)
        )
    if "forgot a comma" in told:
        return Advice(
            say("「,」か、計算の記号がぬけているようです。"),
            (say("ならべるものの間には , を、かけ算には * を書いてください。"),),
        )
    return None


def _equals(told: str, line: str, error: SyntaxError) -> Advice | None:
    if "==" in told and ("Maybe you meant" in told or "perhaps you meant" in told):
        if re.match(r"\s*(?:if|elif|while)\b", line) or "perhaps" in told:
            return Advice(
                say("「同じかどうか」をくらべる記号は、= ではなく == です。"),
                (say("= を == に書きかえてください。"),),
            )
        return Advice(
            say("= の左に書けるのは、名前だけです。"),
            (say("左と右が逆なら、名前 = 値 の順に書きかえてください。"),),
        )
    if told.startswith("cannot assign to"):
        return Advice(
            say("= の左に書けるのは、名前だけです。"),
            (say("左と右が逆なら、名前 = 値 の順に書きかえてください。"),),
        )
    return None


def _numbers(told: str, line: str, error: SyntaxError) -> Advice | None:
    outside = _QUOTED.sub("", line)
    if re.search(r"\d\s*%\s*(?:$|[,)\]+*/-])", outside):
        return Advice(say("数に「%」は付けられません。"), (say("30% なら 0.3 と書いてください。"),))
    if "leading zeros" in told or re.search(r"\d,\d{3}\b", outside):
        return Advice(
            say("数の中に「,」は書けません。"), (say("4,000 なら 4000 と書いてください。"),)
        )
    if told.startswith("invalid decimal literal") or re.search(r"\d[^\W\d_\x00-\x7f]", outside):
        return Advice(
            say("数のすぐ後ろに、文字が続いています。"),
            (say("単位は消してください。かけ算なら * を書きます。"),),
        )
    return None
