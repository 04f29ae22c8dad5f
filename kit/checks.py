"""What a check says about an answer: right and why, not yet and what went wrong, or nothing yet.

A workshop's ``checks.py`` computes the expected value from the same data and parameters, then hands
it to :func:`number`. A fault in a check is never blamed on the person who answered.
"""

from __future__ import annotations

import contextlib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kit.arithmetic import worked_out
from kit.ask.look import SYMBOLS, State, card
from kit.language import say
from kit.progress import in_the_app

Unit = Literal["share", "count", "yen", "hours"]


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found.

    Parameters
    ----------
    state : {"blank", "not-yet", "right", "fault"}
        ``fault`` is the kit's own.
    message : str
        One sentence for the learner, in the lesson's language.
    detail : str
        A second one, or nothing.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     right("差は 4 ポイントです。")
    ✓ 正解: 差は 4 ポイントです。
    """

    state: State
    message: str
    detail: str = ""

    @property
    def word(self) -> str:
        """The state in a word."""
        return {
            "right": say("正解"),
            "not-yet": say("もう一歩"),
            "blank": say("これから"),
            "fault": say("キットの不具合"),
        }[self.state]

    def __repr__(self) -> str:
        detail = f" {self.detail}" if self.detail else ""
        return f"{SYMBOLS[self.state]} {self.word}: {self.message}{detail}"

    def _repr_html_(self) -> str:
        return card(self.state, self.word, self.message, self.detail)


@dataclass(frozen=True)
class Rival:
    """A wrong way to the answer that has a name.

    Parameters
    ----------
    value : float
        The number this way gives, computed from the same data.
    message : str
        Which way it is and why it misleads.
    tolerance : float, optional
        How near an answer must be; the check's own if not given.
    """

    value: Any
    message: str
    tolerance: float | None = None


def right(message: str, detail: str = "") -> Verdict:
    """Return that the answer is right, and why."""
    return Verdict("right", message, detail)


def not_yet(message: str, detail: str = "") -> Verdict:
    """Return that the answer is not right yet, and what to look at."""
    return Verdict("not-yet", message, detail)


def blank(message: str = "") -> Verdict:
    """Return that nothing has been written yet, which is not a mistake."""
    if in_the_app():
        told = say("まだ答えていません。下に答えを入れてください。")
    else:
        told = say("まだ書かれていません。「...」を自分の答えに書きかえてください。")
    return Verdict("blank", message or told)


def fault(error: object) -> Verdict:
    """Return that the check itself failed: not the learner's fault."""
    told = f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
    return Verdict(
        "fault",
        say(
            "答え合わせの部品が動きませんでした。あなたの答えのせいではありません。先へ進んでください。"
        ),
        " ".join(told.split())[:200],
    )


def number(
    answer: Any,
    *,
    expected: float,
    tolerance: float,
    unit: Unit = "count",
    why_right: str,
    rivals: Sequence[Rival] = (),
    hint: str = "",
) -> Verdict:
    """Compare a number with the expected one, and name the mistake if it has a name.

    In this order: nothing written · not a number · right · a rival · the sign · per cent for a
    share · the unit · a rival with one of these mistakes besides · anything else. Never raises.

    Parameters
    ----------
    answer : object
        A number of any kind, an array or Series of one, or text as people write it (「５．２％」).
    expected : float
        The right answer, computed from the lesson's data and parameters. A share is 0 to 1.
    tolerance : float
        Largest distance from `expected` that is still right, in the same unit; above zero where
        chance or rounding plays a part.
    unit : {"share", "count", "yen", "hours"}
        What the number counts: decides how text is read and which mix-ups are looked for.
    why_right : str
        Said when it is right.
    rivals : sequence of Rival
        Wrong ways with a name, e.g. the before–after difference.
    hint : str
        Said when it is wrong and nothing better is known.

    Examples
    --------
    >>> from kit.language import using
    >>> def ask(answer):
    ...     with using("ja"):
    ...         return number(answer, expected=0.052, tolerance=0.001, unit="share",
    ...                       why_right="そのとおりです。",
    ...                       rivals=[Rival(0.12, "これは前後比較の値です。")])
    >>> ask("５．２％").state, ask(...).state, ask(5.2).state
    ('right', 'blank', 'not-yet')
    >>> ask(0.12).message
    'これは前後比較の値です。'
    """
    try:
        goal, room = float(expected), abs(float(tolerance))
        if not (math.isfinite(goal) and math.isfinite(room)):
            return fault(f"expected={expected!r}, tolerance={tolerance!r}")
        if _is_blank(answer):
            return blank()
        value = _read(answer, unit)
        if isinstance(value, str):
            return not_yet(value, hint)
        return _judge(value, goal, room, unit, why_right, rivals, hint)
    except Exception as error:
        return fault(error)


def _judge(
    value: float,
    goal: float,
    room: float,
    unit: Unit,
    why_right: str,
    rivals: Iterable[Rival],
    hint: str,
) -> Verdict:
    def near(other: float, within: float = room) -> bool:
        # The last bits of a float are nobody's mistake.
        return abs(value - other) <= within + 1e-9 * max(abs(value), abs(other))

    if near(goal):
        return right(why_right)
    known = [(r, v) for r in rivals if (v := _quietly(r.value)) is not None]
    matching = [(abs(value - v), i) for i, (r, v) in enumerate(known) if near(v, _room(r, room))]
    if matching:
        return not_yet(known[min(matching)[1]][0].message, hint)
    apart = abs(goal) > room  # where the goal is about zero, any factor of it would fit
    if apart and near(-goal):
        return not_yet(say("大きさは合っています。符号（引く順番）が逆です。"), hint)
    if apart and (mixed_up := _unit_mistake(value, goal, room, unit)):
        return not_yet(mixed_up, hint)
    if twice := _two_mistakes(value, [(r, v, _room(r, room)) for r, v in known], unit):
        return twice
    return not_yet(hint or say("まだ合っていません。"), _direction(value, goal, room, bool(hint)))


def _two_mistakes(
    value: float, known: Iterable[tuple[Rival, float, float]], unit: Unit
) -> Verdict | None:
    """Return what to say where a rival's value has the wrong sign, or is in per cent, besides."""
    for rival, other, room in known:
        if abs(other) <= room:
            continue  # about zero, everything would fit
        if abs(value + other) <= room:
            return not_yet(rival.message, say("符号（引く順番）も逆になっています。"))
        if unit == "share" and abs(value - 100 * other) <= 100 * room:
            return not_yet(rival.message, say("また、% の数ではなく、割合（0 から 1）で書きます。"))
    return None


def _room(rival: Rival, room: float) -> float:
    return room if rival.tolerance is None else abs(rival.tolerance)


def _quietly(value: Any) -> float | None:
    """Return a rival's value, or None where the data do not give one."""
    with contextlib.suppress(TypeError, ValueError):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def _unit_mistake(value: float, goal: float, room: float, unit: Unit) -> str:
    def times(factor: float) -> bool:
        # `factor` times what it should be; the tolerance grows with it.
        return abs(value - goal * factor) <= room * factor + 1e-9 * abs(value)

    if unit == "share":
        if times(100):
            return say(
                "% の数になっています。ここでは割合（0 から 1）で書くので、100 で割ってください。"
            )
        if times(0.01):
            return say("100 で割りすぎのようです。割合（0 から 1）のままで書いてください。")
        return ""
    names = {
        "yen": {
            1e-3: say("千円"),
            1e-4: say("万円"),
            1e-6: say("百万円"),
            1e-8: say("億円"),
        },
        "hours": {60.0: say("分"), 3600.0: say("秒"), 1 / 24: say("日")},
        "count": {1e-3: say("千"), 1e-4: say("万")},
    }[unit]
    asked = {"yen": say("円"), "hours": say("時間数"), "count": say("そのままの数")}[unit]
    for factor, name in names.items():
        if times(factor):
            return say(
                "単位が「{name}」になっているようです。ここでは「{asked}」で書いてください。",
                name=name,
                asked=asked,
            )
    for factor in (10.0, 0.1, 100.0, 0.01, 1000.0, 1e4, 1e6):
        if times(factor):
            return say(
                "数字の並びは合っていますが、けたが違います。0 の数と単位を確かめてください。"
            )
    return ""


def _direction(value: float, goal: float, room: float, has_hint: bool) -> str:
    if abs(value - goal) <= 3 * room:
        return say(
            "近い値です。途中で丸めていないか、使う行や条件が合っているかを確かめてください。"
        )
    if (value < 0) != (goal < 0) or has_hint:
        return ""  # a direction would only help to guess
    if value > goal:
        return say("正しい値は、これより小さい数です。")
    return say("正しい値は、これより大きい数です。")


def _is_blank(answer: Any) -> bool:
    if answer is None or answer is ...:
        return True
    return isinstance(answer, str) and answer.strip() in ("", "...", "…", "……")


def _read(answer: Any, unit: Unit) -> float | str:
    """Return `answer` as a float, or the sentence that says why it is not a number."""
    answer = _alone(answer)
    if isinstance(answer, _Many):
        return say(
            "数が {count} 個入っています。1 つの数だけを答えにしてください。", count=answer.count
        )
    if isinstance(answer, str):
        answer = _from_text(answer, unit)
        if isinstance(answer, str):
            return answer
    if callable(answer):
        return say(
            "関数そのものが入っています。うしろに ( ) をつけて計算した結果を入れてください。"
        )
    if isinstance(answer, bool) or type(answer).__name__ in ("bool", "bool_"):
        return say("True か False になっています。数で答えてください。")
    if isinstance(answer, complex):
        return say("数で答えてください（いまは {kind} です）。", kind=type(answer).__name__)
    try:
        value = float(answer)
    except (TypeError, ValueError, OverflowError):
        return say("数で答えてください（いまは {kind} です）。", kind=type(answer).__name__)
    if math.isfinite(value):
        return value
    return say(
        "計算できない値（{value}）になっています。0 で割ったり、空の列を使っていませんか。",
        value=value,
    )


@dataclass(frozen=True)
class _Many:
    count: int


def _alone(answer: Any) -> Any:
    """Take a number out of an array, Series, frame or list of one."""
    if isinstance(answer, (list, tuple)):
        return _alone(answer[0]) if len(answer) == 1 else _Many(len(answer))
    size = getattr(answer, "size", None)
    if isinstance(size, int) and hasattr(answer, "ndim"):
        if size != 1:
            return _Many(size)
        values = answer.to_numpy() if hasattr(answer, "to_numpy") else answer
        return (
            values.ravel()[0]
            if getattr(values, "ndim", 0)
            else getattr(values, "item", lambda: values)()
        )
    return answer


_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_SCALES = {
    **{"千億": 1e11, "百億": 1e10, "千万": 1e7, "百万": 1e6, "兆": 1e12, "億": 1e8, "万": 1e4},
    **{"千": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9},
}
_SCALED = re.compile(rf"({_NUMBER})({'|'.join(_SCALES)})?", re.IGNORECASE)
_TEXT = re.compile(
    rf"(?P<minus>[-△▲])?[¥\\]?(?P<number>(?:{_NUMBER}(?:{'|'.join(_SCALES)}))*(?:{_NUMBER})?)"
    r"(?P<unit>\D*)",
    re.IGNORECASE,
)
# A sum ends in a number or a bracket, or in a per cent sign that belongs to its last number.
_SUM = re.compile(r"(?P<sum>.*[\d)]%?)(?P<unit>[^\d)%]*)")
_CLOCK = re.compile(r"(\d+)(?:時間|hours?|h)(\d+)(?:分|minutes?|min|m)?", re.IGNORECASE)
_PERCENT = re.compile(r"%|パーセント|percent|per cent|pct", re.IGNORECASE)
# What makes a share or a number of hours of a number in another unit.
_UNITS = {
    "share": {"ポイント|points?|pts?|pp": 0.01, "割": 0.1},
    "hours": {"分|min": 1 / 60, "秒|sec": 1 / 3600, "日|days?": 24.0},
}


def _from_text(text: str, unit: Unit) -> float | str:
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"^約?[−–—‐ー]", "-", plain).lstrip("+約").replace(" ", "")
    if unit == "hours" and (clock := _CLOCK.fullmatch(plain)):
        return int(clock[1]) + int(clock[2]) / 60
    found = _TEXT.fullmatch(plain)
    if found is None and (worked := _SUM.fullmatch(text.strip())):
        value = worked_out(worked["sum"])
        return _in_unit(value, worked["unit"], unit) if value is not None else _unreadable(text)
    if found is None or not found["number"]:
        return _unreadable(text)
    parts = _SCALED.findall(found["number"])  # 「1億2,000万」 is a sum of two
    value = sum(float(n.replace(",", "")) * _SCALES.get(s.lower(), 1.0) for n, s in parts)
    value = -value if found["minus"] else value
    return _in_unit(value, found["unit"], unit)


def _unreadable(text: str) -> str:
    return say("文字「{text}」は数として読めません。数で答えてください。", text=text.strip()[:30])


def _in_unit(value: float, written: str, unit: Unit) -> float | str:
    """Return a value written with a unit in the unit that is asked for."""
    if _PERCENT.match(written):
        if unit != "share":
            return say("% がついています。ここでは % ではない数で答えてください。")
        return value / 100
    for known, factor in _UNITS.get(unit, {}).items():
        if re.match(known, written, re.IGNORECASE):
            return value * factor
    return value
