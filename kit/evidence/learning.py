"""What a class learned between two times the same questions were asked."""

from __future__ import annotations

import dataclasses
import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kit.errors import ParameterError
from kit.evidence import words
from kit.evidence._answers import matched
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LOW, HIGH = 0.3, 0.7  # Hake (1998): low-g below the first, high-g from the second on
TRADITIONAL, INTERACTIVE = (0.23, 0.04), (0.48, 0.14)  # his courses: mean, standard deviation
SMALL = 20  # people; with fewer, a few more answers change the number a good deal
LEVEL = 0.95
_UNDEFINED = 0.05  # share of the draws that may leave the gain undefined

Band = Literal["loss", "low", "medium", "high"]


@dataclass(frozen=True)
class ItemChange:
    """One question, before and after, among those who answered it both times.

    Parameters
    ----------
    name : str
        Which question.
    missing : int
        People who did not answer it both times.
    learned, lost : int
        Wrong, then right; right, then wrong: the two cells that McNemar's (1947) test compares.
    stayed_right, stayed_wrong : int
        The same both times.

    Examples
    --------
    >>> item = ItemChange("p-value", 2, learned=4, lost=1, stayed_right=3, stayed_wrong=2)
    >>> item.n, item.before, item.after
    (10, 0.4, 0.7)
    """

    name: str
    missing: int
    learned: int
    lost: int
    stayed_right: int
    stayed_wrong: int

    @property
    def n(self) -> int:
        """People who answered it both times."""
        return self.learned + self.lost + self.stayed_right + self.stayed_wrong

    @property
    def before(self) -> float | None:
        """Share right the first time; None if nobody answered both times."""
        return (self.stayed_right + self.lost) / self.n if self.n else None

    @property
    def after(self) -> float | None:
        """Share right the second time."""
        return (self.stayed_right + self.learned) / self.n if self.n else None


@dataclass(frozen=True)
class LearningGain:
    """How far a class came; made by :func:`learning_gain`.

    Parameters
    ----------
    n, unmatched : int
        People with at least one question answered both times; people without.
    answers : int
        Pairs of answers: a question answered both times by one person.
    before, after : float or None
        Percent of those pairs that were right; None if there is no pair.
    gain : float or None
        Hake's normalised gain, (after − before) / (100 − before); None where `before` is 100,
        or nothing is known.
    interval : (float, float) or None
        Percentile bootstrap over people, at :data:`LEVEL`; None for one person, or where the
        gain is undefined in too many draws.
    items : tuple of ItemChange
        Each question, those nobody answered both times included.
    """

    n: int
    unmatched: int
    answers: int
    before: float | None
    after: float | None
    gain: float | None
    interval: tuple[float, float] | None
    items: tuple[ItemChange, ...]

    @property
    def change(self) -> float | None:
        """After minus before, in percentage points."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def band(self) -> Band | None:
        """Where the gain lies among Hake's bands; ``"loss"`` is below zero.

        Examples
        --------
        >>> learning_gain([[0], [0]], [[1], [0]]).band
        'medium'
        """
        if self.gain is None:
            return None
        if self.gain < 0:
            return "loss"
        return "low" if self.gain < LOW else "medium" if self.gain < HIGH else "high"

    # -- what it says ------------------------------------------------------------------------

    @property
    def found(self) -> str:
        """What was found: the first part of the sentence."""
        if self.before is None or self.after is None or self.change is None:
            return say("前と後の両方に答えた人がいないので、何も計算できません。")
        found = say(
            "同じ問題に前と後で答えた {n} 人の正答率は、{before:.0f}%から{after:.0f}%になりました"
            "（{change} ポイント）。",
            n=self.n,
            before=self.before,
            after=self.after,
            change=words.signed(self.change, "share"),
        )
        return words.sentences(found, self._as_gain())

    def _as_gain(self) -> str:
        if self.gain is None:
            return say(
                "はじめから全員が正解していたので、伸びる余地がなく、規格化ゲインは決まりません。"
            )
        if self.gain <= 0:
            return say("正答率は上がっていません（規格化ゲイン g = {gain}）。", gain=two(self.gain))
        return say(
            "伸びる余地のうち、{share:.0%}を伸ばした計算です（規格化ゲイン g = {gain}）。",
            share=self.gain,
            gain=two(self.gain),
        )

    @property
    def sure(self) -> str:
        """How sure: the second part of the sentence."""
        if self.gain is None:
            return ""
        if self.interval is None and self.n == 1:
            return say("1 人では、確かさの幅を計算できません。")
        if self.interval is None:
            return say("はじめの正答率が高いので、確かさの幅を計算できません。")
        low, high = self.interval
        if low == high:
            return say(
                "全員が同じ答えだったので、幅が 0 になりました。確かだという意味ではありません。"
            )
        return say(
            "人を何度も選び直す計算（ブートストラップ）では、95%区間は g = {low}〜{high} です。",
            low=two(low),
            high=two(high),
        )

    @property
    def cannot_tell(self) -> str:
        """What the number cannot tell: the last part of the sentence."""
        if self.change is None:
            return ""
        alone = say(
            "比べる相手（受けなかった人）がいないので、変わったのが授業のおかげかどうかは、"
            "この数字からは分かりません。同じ問題を 2 度解いた慣れも入っています。"
        )
        few = say("{n} 人と少ないので、あと数人の答えで、大きく変わります。", n=self.n)
        return words.sentences(alone, few if self.n < SMALL else "")

    @property
    def sentence(self) -> str:
        """What was found, how sure, and what it cannot tell."""
        return words.sentences(self.found, self.sure, self.cannot_tell)

    def __str__(self) -> str:
        return self.sentence

    # -- how it looks ------------------------------------------------------------------------

    def table(self) -> pd.DataFrame:
        """Return one row a question: who answered twice, shares right, and who changed."""
        import pandas as pd

        columns = ["name", "n", "missing", "before", "after"]
        columns += ["learned", "lost", "stayed_right", "stayed_wrong"]
        rows = [[getattr(item, column) for column in columns] for item in self.items]
        return pd.DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that :mod:`json` can write."""
        items = [
            {**dataclasses.asdict(item), "n": item.n, "before": item.before, "after": item.after}
            for item in self.items
        ]
        return {
            "sentence": self.sentence,
            "n": self.n,
            "unmatched": self.unmatched,
            "answers": self.answers,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "gain": self.gain,
            "band": self.band,
            "interval": list(self.interval) if self.interval else None,
            "level": LEVEL,
            "method": "percentile bootstrap over people",
            "items": items,
        }

    def _repr_html_(self) -> str:
        from kit.table import html_table

        table = html_table(
            self.table(),
            caption=say("問題ごとの変化（両方に答えた人だけ）"),
            labels={
                "name": say("問題"),
                "n": say("両方に答えた人"),
                "missing": say("両方には答えていない人"),
                "before": say("前の正答率"),
                "after": say("後の正答率"),
                "learned": say("誤→正"),
                "lost": say("正→誤"),
                "stayed_right": say("正→正"),
                "stayed_wrong": say("誤→誤"),
            },
            formats={"before": ".0%", "after": ".0%"},
        )
        rest = html.escape(words.sentences(self.sure, self.cannot_tell))
        found = html.escape(self.found)
        sentence = f'<p class="kit-effect"><strong>{found}</strong> {rest}</p>'
        return sentence + table._repr_html_()


def learning_gain(before: Any, after: Any, *, draws: int = 2000, seed: int = 0) -> LearningGain:
    """Compare the same people's answers to the same questions at two times.

    Only pairs count: a question that a person answered both times. The class means are the share
    of those pairs that were right, and Hake's (1998) normalised gain is taken from the class
    means, not averaged over people. The interval comes from drawing people, with all their
    answers, again and again with replacement, and cutting 2.5 % off each end (the percentile
    bootstrap, Efron 1979). Such intervals are a little too narrow in small groups: in 4,000
    simulated classes each, with four questions and people of different ability, the 95 % interval
    held the true gain of .36 in 91 % of classes of 12, 93 % of 20 and 94 % of 40.

    Parameters
    ----------
    before, after : DataFrame or nested sequence
        One row a person, one column a question: 1 right, 0 wrong, NaN or None not answered. Two
        DataFrames are matched by their labels, anything else by position.
    draws : int
        How often people are drawn again; at least 200.
    seed : int
        Of the draws; the same seed gives the same interval.

    Raises
    ------
    ParameterError
        If the two do not fit together, or hold anything but 0, 1 and missing.

    Notes
    -----
    Hake called a gain below .3 low and from .7 on high; in his survey of physics courses it was
    .23 ± .04 (mean and standard deviation) in 14 traditional ones and .48 ± .14 in 48 with
    interactive engagement. Those were whole courses and another test: a yardstick for words, not
    a benchmark for an hour and a half.

    References
    ----------
    Hake, R. R. (1998). Interactive-engagement versus traditional methods. American Journal of
    Physics 66(1), 64–74.

    Examples
    --------
    >>> found = learning_gain([[0, 0], [1, 0], [0, 1], [0, 0]], [[1, 0], [1, 1], [1, 1], [0, 0]])
    >>> found.before, found.after, found.gain
    (25.0, 62.5, 0.5)
    >>> [item.learned for item in found.items]
    [2, 1]
    """
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 200:
        raise ParameterError(say("draws には 200 以上の整数を入れてください。"), where=f"{draws!r}")
    import numpy as np

    names, first, second = matched(before, after)
    answered = ~(np.isnan(first) | np.isnan(second))
    items = tuple(
        _item(str(name), first[:, at], second[:, at], answered[:, at])
        for at, name in enumerate(names)
    )
    someone = answered.any(axis=1)
    counts = answered[someone].sum(axis=1)
    right = [np.where(answered, part, 0)[someone].sum(axis=1) for part in (first, second)]
    pairs = int(counts.sum())
    was, now = (int(part.sum()) for part in right)
    # From counts, where percentages would round a gain of exactly .3 or .7 to either side.
    gain = (now - was) / (pairs - was) if was < pairs else None
    return LearningGain(
        n=int(someone.sum()),
        unmatched=int((~someone).sum()),
        answers=pairs,
        before=100 * was / pairs if pairs else None,
        after=100 * now / pairs if pairs else None,
        gain=gain,
        interval=None if gain is None else _interval(counts, *right, draws=draws, seed=seed),
        items=items,
    )


def two(value: float) -> str:
    """Return a gain with two decimals and a true minus.

    Examples
    --------
    >>> two(-0.25), two(-0.001)
    ('−0.25', '0.00')
    """
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _item(name: str, first: Any, second: Any, answered: Any) -> ItemChange:
    was, now = first[answered] == 1, second[answered] == 1
    return ItemChange(
        name,
        missing=int((~answered).sum()),
        learned=int((~was & now).sum()),
        lost=int((was & ~now).sum()),
        stayed_right=int((was & now).sum()),
        stayed_wrong=int((~was & ~now).sum()),
    )


def _interval(
    counts: np.ndarray, first: np.ndarray, second: np.ndarray, *, draws: int, seed: int
) -> tuple[float, float] | None:
    import numpy as np

    people = len(counts)
    if people < 2:
        return None
    random = np.random.default_rng(seed)
    # How often each person is drawn says all that drawing them one by one would.
    weights = random.multinomial(people, np.full(people, 1 / people), size=draws)
    pairs = weights @ counts
    was, now = weights @ first / pairs, weights @ second / pairs
    defined = was < 1
    if (~defined).mean() > _UNDEFINED:
        return None
    gains = (now[defined] - was[defined]) / (1 - was[defined])
    low, high = np.quantile(gains, [(1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2])
    return float(low), float(high)
