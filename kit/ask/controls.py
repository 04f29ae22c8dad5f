"""What a person may set in a panel, described before any widget is made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.errors import KitError
from kit.language import say


@dataclass(frozen=True)
class Slider:
    """A number between two ends; made by :func:`slider`."""

    label: str
    value: float
    low: float
    high: float
    step: float
    format: str

    @property
    def whole(self) -> bool:
        """Whether it moves over whole numbers only."""
        numbers = (self.value, self.low, self.high, self.step)
        return all(isinstance(n, int) for n in numbers) and not self.format.endswith("%")

    def show(self, value: Any) -> str:
        """Return a value as the reader sees it."""
        return format(value, self.format)

    def tidy(self, position: float) -> float:
        """Return the value at a `position` of the widget, without the dust of binary fractions.

        Examples
        --------
        >>> slider("x", 0, 0.0, 1, 0.05).tidy(0.15000000000000002)
        0.15
        """
        if self.whole:
            return int(position)
        digits = max(0, 12 - math.ceil(math.log10(max(abs(self.low), abs(self.high), 1))))
        return round(float(position) / self._scale, digits)

    def position(self, value: float) -> float:
        """Return where the widget stands for `value`."""
        return value if self.whole else round(value * self._scale, 10)

    @property
    def _scale(self) -> int:
        # A share moves in per cent: who types 10 beside a slider means 10 %, not 1,000 %.
        return 100 if self.format.endswith("%") else 1

    def widget(self) -> Any:
        """Return the ipywidget."""
        import ipywidgets

        kind = ipywidgets.IntSlider if self.whole else ipywidgets.FloatSlider
        label, shown = self.label, self.format
        if self._scale == 100:
            shown = shown[:-1] + "f"
            if not set("%％") & set(label):
                label = say("{label}（%）", label=label)
        return kind(
            value=self.position(self.value),
            min=self.position(self.low),
            max=self.position(self.high),
            step=self.position(self.step),
            description=label,
            readout_format=shown,
            style={"description_width": "initial"},
            layout={"width": "100%"},
        )


@dataclass(frozen=True)
class Choice:
    """One of a few named values; made by :func:`choice`."""

    label: str
    options: tuple[tuple[str, Any], ...]
    value: Any

    def show(self, value: Any) -> str:
        """Return a value as the reader sees it."""
        return next((name for name, option in self.options if option == value), str(value))

    def tidy(self, position: Any) -> Any:
        """Return the value the widget stands at."""
        return position

    def position(self, value: Any) -> Any:
        """Return where the widget stands for `value`."""
        return value

    def widget(self) -> Any:
        """Return the ipywidget."""
        import ipywidgets

        return ipywidgets.Dropdown(
            options=list(self.options),
            value=self.value,
            description=self.label,
            style={"description_width": "initial"},
            layout={"width": "100%"},
        )


Control = Slider | Choice


def slider(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float | None = None,
    format: str | None = None,
) -> Slider:
    """Describe a slider for :meth:`kit.lesson.Lesson.panel`.

    Parameters
    ----------
    label : str
        What it sets, in the reader's language.
    value, low, high : float
        Where it starts, and its ends; all whole numbers make it move over whole numbers.
    step : float, optional
        One whole number, or a fiftieth of the way, if not given.
    format : str, optional
        How the number is shown: ``".0%"``, ``",d"``, ``".1f"``.

    Raises
    ------
    KitError
        If the start is outside the ends, or the ends are not apart.

    Examples
    --------
    >>> slider("通数", 1000, 100, 5000, 100, format=",d").show(1200)
    '1,200'
    """
    numbers = [_plain(n) for n in (value, low, high)]
    whole = all(isinstance(n, int) for n in numbers)
    value, low, high = numbers
    if not low < high:
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
    spec = format or (",d" if whole else ",.3g")
    if not whole and spec.endswith("d"):
        spec = spec[:-1] + ".0f"
    try:
        f"{1:{spec}}"
    except ValueError:
        raise KitError(
            say("数の書き方「{format}」は使えません。", format=format),
            hint=say("例: {examples}", examples='",d"　",.1f"　".1%"'),
        ) from None
    return Slider(label, value, low, high, step, spec)


def _plain(number: Any) -> int | float:
    """Return a number of Python's own: numpy's do not travel to the browser."""
    value = number.item() if hasattr(number, "item") else number
    return value if isinstance(value, int) and not isinstance(value, bool) else float(value)


def choice(label: str, options: Mapping[str, Any] | Iterable[Any], value: Any = None) -> Choice:
    """Describe a menu for :meth:`kit.lesson.Lesson.panel`.

    Parameters
    ----------
    label : str
        What it sets, in the reader's language.
    options : mapping of str to object, or iterable
        Names and the values they stand for; or values that are their own names.
    value : object, optional
        The value chosen at first; the first one if not given.

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
    return Choice(label, pairs, first)
