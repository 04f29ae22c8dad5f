"""What a person may set in a panel or a form, described before any widget is made.

A control tells its script what to draw (:meth:`field`) and reads what a browser sends back
(:meth:`read`), which may be anything. What travels between the two is a *position*: a share travels
in per cent, a choice as the number of its option.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.errors import KitError
from kit.language import current, say

# What both Python and the browser can write: sign, thousands separators, decimals, per cent.
_FORMAT = re.compile(r"\+?,?(?:\.(?P<digits>\d{1,2}))?(?P<type>[df%])")
_TYPED = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)")


@dataclass(frozen=True)
class Slider:
    """A number between two ends; made by :func:`slider`."""

    label: str
    value: float
    low: float
    high: float
    step: float
    format: str
    unit: str = ""
    help: str = ""

    @property
    def whole(self) -> bool:
        """Whether it moves over whole numbers only."""
        numbers = (self.value, self.low, self.high, self.step)
        return all(isinstance(n, int) for n in numbers) and not self.percent

    @property
    def percent(self) -> bool:
        """Whether it is a share: who types 10 beside it means 10 %, not 1,000 %."""
        return self.format.endswith("%")

    def show(self, value: Any) -> str:
        """Return a value as the reader sees it.

        Examples
        --------
        >>> slider("通数", 1200, 100, 5000, 100, unit="通").show(1200)
        '1,200 通'
        """
        return f"{format(value, self.format)} {self.unit}".strip()

    def position(self, value: float) -> float:
        """Return where the slider stands for `value`.

        Examples
        --------
        >>> slider("率", 0.07, 0, 0.2, 0.01, format=".0%").position(0.07)
        7.0
        """
        return round(float(value) * 100, 10) if self.percent else value

    def read(self, raw: Any, old: Any = None) -> Any:
        """Return the value that `raw`, a position or what was typed, means; never raises.

        What lies beyond an end is that end; what is no number leaves `old` (the first value, if
        there is none). What cannot be seen is not kept: decimals beyond those of the format and
        the step, and with them the dust of binary fractions, are rounded off.

        Examples
        --------
        >>> share = slider("率", 0.04, 0, 0.2, 0.01, format=".0%")
        >>> share.read(7), share.read("１０％"), share.read("1e9"), share.read("-3")
        (0.07, 0.1, 0.04, 0.0)
        """
        number = _number(raw, self.unit)
        if number is None:
            return self.value if old is None else old
        number = round(number, max(self._digits, decimals(self.position(self.step))))
        number = number / 100 if self.percent else number
        number = min(max(number, self.low), self.high)
        return round(number) if self.whole else round(float(number), 12)

    @property
    def _digits(self) -> int:
        found = _FORMAT.fullmatch(self.format)
        assert found  # slider() lets no other format through
        return int(found["digits"] or (0 if found["type"] == "d" else 6))

    def field(self, value: Any) -> dict[str, Any]:
        """Return what the script draws, standing at `value`; plain JSON."""
        return {
            "kind": "slider",
            "label": self.label,
            "help": self.help,
            "unit": "%" if self.percent else self.unit,
            "value": self.position(value),
            "low": self.position(self.low),
            "high": self.position(self.high),
            "step": self.position(self.step),
            "whole": self.whole,
            "digits": self._digits,
            "comma": "," in self.format,
            "sign": "+" in self.format,
        }


@dataclass(frozen=True)
class Choice:
    """One of a few named values; made by :func:`choice`."""

    label: str
    options: tuple[tuple[str, Any], ...]
    value: Any
    help: str = ""

    def show(self, value: Any) -> str:
        """Return a value as the reader sees it."""
        return next((name for name, option in self.options if option == value), str(value))

    def position(self, value: Any) -> int:
        """Return the number of the option that is `value`."""
        return next((i for i, (_, option) in enumerate(self.options) if option == value), 0)

    def read(self, raw: Any, old: Any = None) -> Any:
        """Return the option that `raw`, its number or its name, means; never raises.

        Examples
        --------
        >>> letter = choice("通知", {"いつもの": "plain", "新しい": "new"})
        >>> letter.read(1), letter.read("新しい"), letter.read(99), letter.read(None, "new")
        ('new', 'new', 'plain', 'new')
        """
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < len(self.options):
            return self.options[raw][1]
        named = [option for name, option in self.options if isinstance(raw, str) and name == raw]
        return named[0] if named else self.value if old is None else old

    def field(self, value: Any) -> dict[str, Any]:
        """Return what the script draws, standing at `value`; plain JSON."""
        return {
            "kind": "choice",
            "label": self.label,
            "help": self.help,
            "value": self.position(value),
            "options": [name for name, _ in self.options],
        }


@dataclass(frozen=True)
class Text:
    """A few words or lines; made by :func:`text`."""

    label: str
    value: str
    rows: int
    help: str
    most: int

    def show(self, value: Any) -> str:
        """Return a value as the reader sees it."""
        return str(value)

    def position(self, value: Any) -> str:
        """Return what the field holds for `value`."""
        return str(value)

    def read(self, raw: Any, old: Any = None) -> str:
        """Return what was written, no longer than allowed and fit for a file; never raises.

        Examples
        --------
        >>> text("問い", most=4).read("あいう\\nえお"), text("問い").read(3, "前")
        ('あいう ', '前')
        """
        if not isinstance(raw, str):
            return self.value if old is None else str(old)
        # Half an emoji, which a browser can send, cannot be written to a file.
        whole = raw[: 2 * self.most].encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
        lines = whole.replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(c if unicodedata.category(c) != "Cc" or c == "\n" else " " for c in lines)
        return (kept if self.rows > 1 else kept.replace("\n", " "))[: self.most]

    def field(self, value: Any) -> dict[str, Any]:
        """Return what the script draws, holding `value`; plain JSON."""
        return {
            "kind": "text",
            "label": self.label,
            "help": self.help,
            "value": str(value),
            "rows": self.rows,
            "most": self.most,
        }


Control = Slider | Choice
Field = Slider | Choice | Text


def slider(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float | None = None,
    format: str | None = None,
    *,
    unit: str = "",
    help: str = "",
) -> Slider:
    """Describe a slider, with a box to type the number into.

    Parameters
    ----------
    label : str
        What it sets, in the reader's language.
    value, low, high : float
        Where it starts, and its ends; all whole numbers make it move over whole numbers.
    step : float, optional
        One whole number, or a fiftieth of the way, if not given.
    format : str, optional
        How the number is shown: ``".0%"``, ``",d"``, ``"+.1f"``.
    unit : str
        Shown behind the number.
    help : str
        A sentence below it.

    Raises
    ------
    KitError
        If the start is outside the ends, the ends are not apart, or the format cannot be shown.

    Examples
    --------
    >>> slider("通数", 1000, 100, 5000, 100, format=",d").show(1200)
    '1,200'
    """
    numbers = [_plain(n) for n in (value, low, high)]
    whole = all(isinstance(n, int) for n in numbers)
    value, low, high = numbers
    if not (low < high and math.isfinite(low) and math.isfinite(high)):
        raise KitError(
            say("スライダー「{label}」の両端が逆か、同じです。", label=label),
            where=f"{low} … {high}",
        )
    if not low <= value <= high:
        raise KitError(
            say("スライダー「{label}」のはじめの値が範囲の外です。", label=label),
            where=f"{value}: {low} … {high}",
        )
    step = _plain(step) if step is not None else (1 if whole else (high - low) / 50)
    if not step > 0:
        raise KitError(
            say("スライダー「{label}」の刻みは正の数にしてください。", label=label), where=str(step)
        )
    whole = whole and isinstance(step, int)
    spec = format or (",d" if whole else f",.{decimals(step)}f")
    if not whole and spec.endswith("d"):
        spec = spec[:-1] + ".0f"
    if not _FORMAT.fullmatch(spec) or (spec[-1] == "d" and "." in spec):
        raise KitError(
            say("数の書き方「{format}」は使えません。", format=format),
            hint=say("例: {examples}", examples='",d"　",.1f"　".1%"'),
        )
    return Slider(label, value, low, high, step, spec, unit, help)


def choice(
    label: str, options: Mapping[str, Any] | Iterable[Any], value: Any = None, *, help: str = ""
) -> Choice:
    """Describe a menu.

    Parameters
    ----------
    label : str
        What it sets, in the reader's language.
    options : mapping of str to object, or iterable
        Names and the values they stand for; or values that are their own names.
    value : object, optional
        The value chosen at first; the first one if not given.
    help : str
        A sentence below it.

    Raises
    ------
    KitError
        If there are no options, or `value` is none of them.

    Examples
    --------
    >>> choice("通知", {"いつもの": 0, "新しい": 1}, value=1).show(1)
    '新しい'
    """
    if isinstance(options, Mapping):
        pairs = tuple((str(name), option) for name, option in options.items())
    else:
        pairs = tuple((str(option), option) for option in options)
    if not pairs:
        raise KitError(say("選択「{label}」に選ぶものがありません。", label=label))
    first = pairs[0][1] if value is None else value
    if all(option != first for _, option in pairs):
        raise KitError(
            say("選択「{label}」に「{value}」はありません。", label=label, value=value),
            hint=say("選べるもの: {choices}", choices=", ".join(name for name, _ in pairs)),
        )
    return Choice(label, pairs, first, help)


def text(label: str, default: str = "", *, rows: int = 1, help: str = "", most: int = 500) -> Text:
    """Describe a field for words: one line, or several.

    Parameters
    ----------
    label : str
        What is written there, in the reader's language.
    default : str
        What it holds at first.
    rows : int
        Lines that can be seen; more than one allows line breaks.
    help : str
        A sentence below it.
    most : int
        Characters it holds.

    Raises
    ------
    KitError
        If there is no room for a line, or for the default.

    Examples
    --------
    >>> text("問い", rows=3).read("1 行目\\n2 行目")
    '1 行目\\n2 行目'
    """
    if rows < 1 or most < 1:
        raise KitError(
            say("記入欄「{label}」の行数と字数は、1 以上にしてください。", label=label),
            where=f"rows={rows}, most={most}",
        )
    if len(default) > most:
        raise KitError(
            say(
                "記入欄「{label}」のはじめの文が、{most} 字を超えています。", label=label, most=most
            ),
            where=default[:40],
        )
    return Text(label, default, rows, help, most)


def words() -> dict[str, str]:
    """Return what ``js/fields.js`` says, in the current language."""
    return {
        "language": current(),
        "typed": say("{label}（数で入力）"),
        "number": say("数を入れてください。前の値に戻しました。"),
        "range": say("入れられるのは {low} から {high} までです。"),
        "length": say("{count} / {most} 字"),
    }


def _plain(number: Any) -> int | float:
    """Return a number of Python's own: numpy's do not travel to the browser."""
    value = number.item() if hasattr(number, "item") else number
    return value if isinstance(value, int) and not isinstance(value, bool) else float(value)


def decimals(step: float) -> int:
    """Return how many decimals, up to four, it takes to see a `step`."""
    exact = next((n for n in range(5) if math.isclose(round(step, n), step, rel_tol=1e-9)), None)
    return exact if exact is not None else min(4, max(0, 1 - math.floor(math.log10(step))))


def _number(raw: Any, unit: str) -> float | None:
    """Return the number somebody moved to or typed, in whatever width; None if it is none."""
    if isinstance(raw, str):
        typed = unicodedata.normalize("NFKC", raw[:60]).strip()
        typed = typed.removesuffix(unicodedata.normalize("NFKC", unit))
        typed = re.sub(r"[\s,%]", "", typed).replace("−", "-").replace("ー", "-")
        return float(typed) if _TYPED.fullmatch(typed) else None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    try:
        number = float(raw)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
