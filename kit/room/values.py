"""A value that will not do: nothing written yet, text for a number, a column that is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.language import say
from kit.room.mistakes import Advice, Mistake, nearest

_NUMBER = r"(?:int|float|numpy\.\w+)"
_MANY = 12  # names shown at most


def blank(mistake: Mistake) -> Advice | None:
    """Return what to tell about a ``...`` that was used as if it were an answer."""
    if "ellipsis" not in str(mistake.error).lower():
        return None
    unwritten = [n for n in mistake.names_in_statement() if mistake.names.get(n) is ...]
    if not unwritten:
        return Advice(
            say("「...」のままのところがあります。まだ書かれていません。"),
            (say("「...」を自分の答えに書きかえて、もう一度実行してください。"),),
        )
    name = unwritten[0]
    places = mistake.makers(name)
    if places and places[0].cell != mistake.cell:
        step = say(
            "{place}のセルにある {name} = ... の「...」を自分の答えに書きかえて実行し、"
            "ここに戻ってください。",
            name=name,
            place=places[0].text,
        )
    else:
        step = say("{name} = ... の「...」を自分の答えに書きかえて、実行してください。", name=name)
    return Advice(say("「{name}」は「...」のままで、まだ書かれていません。", name=name), (step,))


def kind(mistake: Mistake) -> Advice | None:
    """Return what to tell about a :class:`TypeError`."""
    unwritten = blank(mistake)
    if unwritten or not mistake.own:
        return unwritten
    told = str(mistake.error)
    joined = re.search(r"can only concatenate str \(not|must be str, not", told)
    mixed = re.search(rf"'{_NUMBER}' and '(?:str|list)'|'(?:str|list)' and '{_NUMBER}'", told)
    if joined or mixed or re.search(r"not supported between instances of .*'str'", told):
        return Advice(
            say("文字と数は、そのままでは計算できません。"),
            (
                say('" と " ではさんだものは文字です。数として計算するなら、" を消してください。'),
                say("数を文につなぐときは、str(数) と書きます。"),
            ),
        )
    if re.fullmatch(r"'(?:int|float)' object is not callable", told):
        return Advice(
            say("数のすぐ後ろに ( があります。かけ算の * がぬけていませんか。"),
            (say("かけ算は、2 * (3 + 4) のように * を書きます。"),),
        )
    if re.search(r"\(\) (?:missing|takes|got an unexpected|got multiple)", told):
        return Advice(
            say("( ) の中に渡すものが、足りないか、多すぎるか、名前がちがいます。"),
            (
                say(
                    "もとの形に戻すには、Ctrl + Z（Mac は ⌘ + Z）を押します。"
                    "数や名前だけを書きかえて、もう一度実行してください。"
                ),
            ),
        )
    return None


def zero(mistake: Mistake) -> Advice:
    """Return what to tell about a division by zero."""
    divisor = re.search(r"/\s*([^\W\d]\w*)", mistake.line)
    steps = [say("/ の右にある数を確かめてください。")]
    if divisor and isinstance(mistake.names.get(divisor[1]), int | float):
        steps = [
            say(
                "{name} が {value} です。{name} を作ったセルを確かめてください。",
                name=divisor[1],
                value=mistake.names[divisor[1]],
            )
        ]
    return Advice(say("0 で割ろうとしました。"), tuple(steps))


def key(mistake: Mistake) -> Advice | None:
    """Return what to tell about a column or an entry that is not there."""
    wanted = mistake.error.args[0] if mistake.error.args else None
    if not isinstance(wanted, str):
        return None
    for name in mistake.names_in_statement():
        holder: Any = mistake.names.get(name)
        if hasattr(holder, "columns") and hasattr(holder, "loc"):
            there = [str(column) for column in holder.columns]
            if wanted in there:
                continue  # it was asked of something made from this table
            said = say("{table} に「{key}」という列はありません。", table=name, key=wanted)
            return Advice(said, _among(wanted, there, say("{table} にある列", table=name)))
        if isinstance(holder, Mapping):
            said = say("{table} に「{key}」はありません。", table=name, key=wanted)
            return Advice(
                said, _among(wanted, [*map(str, holder)], say("{table} の中", table=name))
            )
    return None


def _among(wanted: str, there: list[str], title: str) -> tuple[str, ...]:
    like = nearest(wanted, there)
    steps = [say("「{name}」のことですか。", name=like)] if like else []
    shown = ", ".join(f'"{one}"' for one in there[:_MANY]) + (" …" if len(there) > _MANY else "")
    return (*steps, f"{title}: {shown}")


def number(mistake: Mistake) -> Advice | None:
    """Return what to tell about text that cannot be read as a number."""
    read = re.search(r"(?:convert string to float|with base \d+): '(.*)'", str(mistake.error))
    if read is None or not mistake.own:
        return None
    return Advice(
        say("「{text}」は、数として読めません。", text=read[1][:40]),
        (say("数だけを、半角で、「,」や「%」や単位なしで書いてください。30% なら 0.3 です。"),),
    )
