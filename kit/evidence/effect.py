"""What an estimator says: one small frozen object, its sentence first."""

from __future__ import annotations

import dataclasses
import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kit.evidence import words
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Assumption:
    """One thing that must be true for the number to mean what it is said to mean.

    Parameters
    ----------
    name : str
        The assumption, in the reader's language.
    looked_at : str
        How it was looked at, or why it could not be.
    held : bool or None
        True: looked at, nothing against it. False: it failed. None: the data cannot tell.
    """

    name: str
    looked_at: str
    held: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether it held, in words."""
        if self.held is None:
            return say("データからは分からない")
        return say("崩れていない") if self.held else say("崩れている")


@dataclass(frozen=True)
class Arm:
    """One group of the comparison: its name, how many are in it, and its mean outcome."""

    name: str
    n: int
    mean: float


@dataclass(frozen=True)
class Effect:
    """An estimated effect with its doubt.

    Parameters
    ----------
    estimate, standard_error : float
        In the unit of the outcome; for ``unit="share"`` .04 means 4 percentage points.
    confidence_interval : (float, float)
        Low and high end.
    n : int
        Rows the estimate rests on.
    method : str
        How it was estimated, in the reader's language.
    estimand : str
        The effect of what, on what, among whom.
    unit : str
        ``"share"``, ``"yen"``, ``"hours"``, ``"minutes"``, ``"count"``, or any word of your own.
    assumptions : tuple of Assumption
        Each with how it was looked at.
    evidence_level : int or None
        Maryland Scientific Methods Scale, 1 (a correlation) to 5 (a randomised trial)
        (Sherman et al. 1997; Farrington et al. 2002).
    level : float
        Of the confidence interval.
    p_value : float or None
        Two-sided, of no effect at all.
    arms : tuple of Arm
        The groups compared.
    dropped : int
        Rows left out because a value was missing.
    clusters : int or None
        How many clusters the standard error counts, if any.
    source : Citation, str or None
        Where the data come from; shown under the picture.

    Examples
    --------
    >>> from kit.language import using
    >>> effect = Effect(.04, .01, (.02, .06), 4000, "平均の差", "新しい通知文の効果", "share")
    >>> with using("ja"):
    ...     print(effect.found)
    新しい通知文の効果は、+4.0 ポイントと推定されました。
    >>> effect.excludes_zero
    True
    """

    estimate: float
    standard_error: float
    confidence_interval: tuple[float, float]
    n: int
    method: str
    estimand: str
    unit: str = ""
    assumptions: tuple[Assumption, ...] = ()
    evidence_level: int | None = None
    level: float = 0.95
    p_value: float | None = None
    arms: tuple[Arm, ...] = ()
    dropped: int = 0
    clusters: int | None = None
    source: Any = dataclasses.field(default=None, repr=False, compare=False)

    # -- what it says ------------------------------------------------------------------------

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole confidence interval lies on one side of zero."""
        low, high = self.confidence_interval
        return low > 0 or high < 0

    def against(self, line: float) -> Literal["above", "below", "across"]:
        """Say where the whole interval lies against a line that was drawn beforehand.

        Parameters
        ----------
        line : float
            The smallest effect worth having, in the unit of the outcome.

        Examples
        --------
        >>> Effect(.04, .01, (.02, .06), 4000, "", "").against(.01)
        'above'
        """
        low, high = self.confidence_interval
        return "above" if low > line else "below" if high < line else "across"

    @property
    def failed(self) -> tuple[Assumption, ...]:
        """Assumptions that were looked at and did not hold."""
        return tuple(a for a in self.assumptions if a.held is False)

    @property
    def found(self) -> str:
        """What it found: the first part of the sentence."""
        value = words.amount(self.estimate, self.unit)
        if self.failed:
            return say(
                "{estimand}のつもりで計算した値は、{value}です。",
                estimand=self.estimand,
                value=value,
            )
        return say("{estimand}は、{value}と推定されました。", estimand=self.estimand, value=value)

    @property
    def sure(self) -> str:
        """How sure: the second part of the sentence."""
        level, interval = f"{self.level:.0%}".rstrip("%"), self.interval
        if self.excludes_zero:
            return say(
                "{level}％信頼区間は {interval}で、0 を含みません。"
                "偶然だけでは説明しにくい差です。",
                level=level,
                interval=interval,
            )
        return say(
            "{level}％信頼区間は {interval}で、0 を含みます。"
            "増えたとも減ったとも、まだ言い切れません（「効果がない」という意味ではありません）。",
            level=level,
            interval=interval,
        )

    @property
    def overturn(self) -> str:
        """What would overturn it: the last part of the sentence."""
        if self.failed:
            return say(
                "ただし、前提{names}が崩れています。この数字を、そのまま効果と読むことはできません。",
                names=words.quoted(a.name for a in self.failed),
            )
        if unknown := [a for a in self.assumptions if a.held is None]:
            return say(
                "前提{names}は、データだけでは確かめられません。ここが崩れれば、結論も変わります。",
                names=words.quoted(a.name for a in unknown),
            )
        return say("別の年、別の町でも同じになるかどうかは、この数字だけでは分かりません。")

    @property
    def sentence(self) -> str:
        """What it found, how sure, and what would overturn it."""
        return words.sentences(self.found, self.sure, self.overturn)

    @property
    def interval(self) -> str:
        """The confidence interval as text, with its unit."""
        low, high = (
            words.signed(words.scaled(end, self.unit), self.unit)
            for end in self.confidence_interval
        )
        return say("{low}〜{high}", low=low, high=words.with_unit(high, self.unit))

    # -- how it looks ------------------------------------------------------------------------

    @property
    def picture(self) -> Any:
        """The estimate and its interval as an altair chart."""
        return compare({self.method: self}, title=self.estimand, source=self.source)

    def numbers(self) -> pd.DataFrame:
        """Return the numbers as a table of two columns, ``item`` and ``value``."""
        import pandas as pd

        level = f"{self.level:.0%}".rstrip("%")
        rows = [
            (say("推定値"), words.amount(self.estimate, self.unit)),
            (
                say("標準誤差"),
                words.with_unit(
                    words.plain(words.scaled(self.standard_error, self.unit), self.unit), self.unit
                ),
            ),
            (say("{level}％信頼区間", level=level), self.interval),
            (say("使った件数"), f"{self.n:,}"),
        ]
        if self.dropped:
            rows.append((say("値が欠けていて除いた件数"), f"{self.dropped:,}"))
        if self.clusters:
            rows.append((say("まとまり（クラスター）の数"), f"{self.clusters:,}"))
        for arm in self.arms:
            rows.append(
                (
                    say("{arm}（{n} 件）の平均", arm=arm.name, n=f"{arm.n:,}"),
                    f"{arm.mean:.1%}" if self.unit == "share" else words.plain(arm.mean, self.unit),
                )
            )
        if self.p_value is not None:
            rows.append(
                (say("p 値"), f"{self.p_value:.3f}" if self.p_value >= 0.001 else "< 0.001")
            )
        rows.append((say("方法"), self.method))
        if self.evidence_level is not None:
            rows.append((say("証拠の強さ（メリーランド尺度、1〜5）"), str(self.evidence_level)))
        return pd.DataFrame(rows, columns=["item", "value"])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that :mod:`json` can write."""
        low, high = self.confidence_interval
        return {
            "sentence": self.sentence,
            "estimate": float(self.estimate),
            "standard_error": float(self.standard_error),
            "confidence_interval": [float(low), float(high)],
            "level": self.level,
            "p_value": self.p_value,
            "n": self.n,
            "dropped": self.dropped,
            "clusters": self.clusters,
            "method": self.method,
            "estimand": self.estimand,
            "unit": self.unit,
            "evidence_level": self.evidence_level,
            "arms": [dataclasses.asdict(arm) for arm in self.arms],
            "assumptions": [dataclasses.asdict(a) for a in self.assumptions],
            "source": None if self.source is None else str(self.source),
        }

    def __str__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return self._sentence_html() + self._numbers_html()

    def _ipython_display_(self) -> None:
        # Three outputs, in the order a reader needs them.
        from IPython.display import HTML, display

        display(HTML(self._sentence_html()))
        if all(math.isfinite(end) for end in self.confidence_interval):
            display(self.picture)
        display(HTML(self._numbers_html()))

    def _sentence_html(self) -> str:
        return f'<p class="kit-effect"><strong>{html.escape(self.found)}</strong> ' + (
            f"{html.escape(words.sentences(self.sure, self.overturn))}</p>"
        )

    def _numbers_html(self) -> str:
        import pandas as pd

        from kit.table import html_table

        numbers = html_table(
            self.numbers(),
            caption=say("数字で見る"),
            labels={"item": say("項目"), "value": say("値")},
        )
        if not self.assumptions:
            return numbers._repr_html_()
        rows = [(a.name, a.looked_at, a.verdict) for a in self.assumptions]
        assumptions = html_table(
            pd.DataFrame(rows, columns=["name", "looked_at", "verdict"]),
            caption=say("この数字が頼る前提"),
            labels={"name": say("前提"), "looked_at": say("どう調べたか"), "verdict": say("結果")},
        )
        return numbers._repr_html_() + assumptions._repr_html_()


def compare(
    effects: Mapping[str, Effect],
    *,
    title: str,
    reference: float | None = 0.0,
    reference_label: str = "",
    highlight: str | None = None,
    source: Any = None,
) -> Any:
    """Draw several effects on one axis, each with its interval.

    Parameters
    ----------
    effects : mapping of str to Effect
        Label → effect, top to bottom; all in one unit.
    title : str
        What the picture says.
    reference, reference_label : float, str
        A line to compare with: zero, or the truth of a simulated world; in the effects' unit.
    highlight : str, optional
        The label to bring out.
    source : Citation or str, optional
        Where the data come from; the first effect's own if not given.

    Returns
    -------
    altair.Chart
    """
    import pandas as pd

    from kit import chart

    units = {effect.unit for effect in effects.values()}
    unit = units.pop() if len(units) == 1 else ""
    frame = pd.DataFrame(
        {
            "label": list(effects),
            "estimate": [words.scaled(e.estimate, unit) for e in effects.values()],
            "low": [words.scaled(e.confidence_interval[0], unit) for e in effects.values()],
            "high": [words.scaled(e.confidence_interval[1], unit) for e in effects.values()],
        }
    )
    sources = [e.source for e in effects.values() if e.source is not None]
    return chart.intervals(
        frame,
        label="label",
        estimate="estimate",
        low="low",
        high="high",
        reference=None if reference is None else words.scaled(reference, unit),
        reference_label=reference_label or (say("差なし") if reference == 0 else ""),
        title=title,
        unit=words.unit_name(unit),
        labels={
            "label": say("比べ方"),
            "estimate": say("推定値"),
            "low": say("区間の下の端"),
            "high": say("区間の上の端"),
        },
        format="+.1f" if unit == "share" else None,
        highlight=highlight,
        source=source or (sources[0] if sources else say("手元のデータ（出典の記入なし）")),
    )
