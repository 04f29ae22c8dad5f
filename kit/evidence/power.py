"""Before the experiment: how many, how small an effect, how often it would be seen.

All shares are between 0 and 1. The normal approximation is used throughout; below about ten
expected events an arm, trust :func:`~kit.evidence.repeats.repeat_experiment` more.
"""

from __future__ import annotations

import math
from typing import Literal

from kit.errors import ParameterError
from kit.language import say

Formula = Literal["pooled", "unpooled"]


def sample_size_two_proportions(
    baseline: float,
    new: float,
    *,
    power: float = 0.80,
    alpha: float = 0.05,
    formula: Formula = "pooled",
    rounded: bool = True,
) -> float:
    """Return how many people **each** of two equal arms needs.

    Parameters
    ----------
    baseline, new : float
        The two shares to tell apart.
    power : float
        The chance of seeing the difference if it is really that large.
    alpha : float
        The chance of seeing a difference where there is none; two-sided.
    formula : {"pooled", "unpooled"}
        The variance used under "no difference". ``pooled`` is Fleiss, Levin & Paik (2003), eq.
        4.14 without continuity correction, the one R's ``power.prop.test`` solves:
        n = (z₁₋α⸝₂ √(2p̄q̄) + z₁₋β √(p₀q₀+p₁q₁))² / (p₁−p₀)². ``unpooled`` uses p₀q₀+p₁q₁ in both.
    rounded : bool
        Up to whole people; otherwise the bare solution of the formula.

    Raises
    ------
    ParameterError
        If a share is not between 0 and 1 or the two are equal.

    Examples
    --------
    >>> sample_size_two_proportions(.10, .15)
    686
    >>> round(sample_size_two_proportions(.08, .06, rounded=False), 1)
    2553.6
    """
    baseline, new = checked_share(baseline), checked_share(new)
    alpha, power = checked_share(alpha), checked_share(power)
    if new == baseline:
        raise ParameterError(
            say("差が 0 の効果は、何人調べても見つけられません。"),
            hint=say("「これだけ変われば意味がある」という最小の差を決めてください。"),
        )
    z_alpha, z_power = quantile(1 - alpha / 2), quantile(power)
    alternative = baseline * (1 - baseline) + new * (1 - new)
    middle = (baseline + new) / 2
    null = 2 * middle * (1 - middle) if _known(formula) == "pooled" else alternative
    root = z_alpha * math.sqrt(null) + z_power * math.sqrt(alternative)
    n = max(root, 0.0) ** 2 / (new - baseline) ** 2
    return math.ceil(n) if rounded else n


def power_two_proportions(
    baseline: float,
    new: float,
    n: float,
    *,
    n_baseline: float | None = None,
    alpha: float = 0.05,
    formula: Formula = "pooled",
) -> float:
    """Return the chance that an experiment of this size sees this difference.

    Parameters
    ----------
    baseline, new : float
        The two shares.
    n : float
        People in the arm with the new treatment; divide by the design effect where whole
        clusters are assigned.
    n_baseline : float, optional
        People in the other arm, if it is not as large.
    alpha : float
        Two-sided. Only findings in the right direction count, as in R's ``power.prop.test``.
    formula : {"pooled", "unpooled"}
        As in :func:`sample_size_two_proportions`.

    Examples
    --------
    >>> round(power_two_proportions(.50, .75, 50), 3)
    0.74
    >>> power_two_proportions(.22, .22, 2000)  # no effect: half of all false alarms
    0.025
    """
    from scipy.special import ndtr

    baseline, new = checked_share(baseline, ends=True), checked_share(new, ends=True)
    n_baseline = n if n_baseline is None else n_baseline
    if min(n, n_baseline) < 1:
        raise ParameterError(say("どちらのグループにも 1 人以上が要ります。"))
    if new == baseline:
        return alpha / 2
    alternative = math.sqrt(new * (1 - new) / n + baseline * (1 - baseline) / n_baseline)
    pooled = (n * new + n_baseline * baseline) / (n + n_baseline)
    null = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_baseline))
    threshold = quantile(1 - alpha / 2) * (null if _known(formula) == "pooled" else alternative)
    distance = abs(new - baseline) - threshold
    return float(ndtr(distance / alternative)) if alternative > 0 else float(distance > 0)


def minimum_detectable_effect(
    baseline: float,
    n: float,
    *,
    power: float = 0.80,
    alpha: float = 0.05,
    formula: Literal["pooled", "unpooled", "baseline"] = "pooled",
) -> float:
    """Return the smallest increase that two arms of `n` would see with this power.

    ``pooled`` and ``unpooled`` turn :func:`sample_size_two_proportions` round. ``baseline`` is
    the rule of thumb (z₁₋α⸝₂ + z₁₋β) √(2p₀q₀/n) (Bloom 1995), which a person can do by hand.
    The answer is infinite where not even "everybody" would be told from the baseline.

    Examples
    --------
    >>> round(100 * minimum_detectable_effect(.25, 1000, formula="baseline"), 2)
    5.43
    >>> round(100 * minimum_detectable_effect(.25, 1000), 2)
    5.61
    >>> minimum_detectable_effect(.80, 10)
    inf
    """
    baseline = checked_share(baseline)
    if n < 1:
        raise ParameterError(say("どちらのグループにも 1 人以上が要ります。"))
    if formula == "baseline":
        spread = math.sqrt(2 * baseline * (1 - baseline) / n)
        effect = (quantile(1 - alpha / 2) + quantile(power)) * spread
        return effect if baseline + effect <= 1 else math.inf
    low, high = 0.0, 1 - baseline

    def seen(effect: float) -> float:
        return power_two_proportions(baseline, baseline + effect, n, alpha=alpha, formula=formula)

    if seen(high) < power:
        return math.inf
    for _ in range(60):  # bisection: sixty halvings are exact to the last digit
        middle = (low + high) / 2
        low, high = (middle, high) if seen(middle) < power else (low, middle)
    return high


def design_effect(size: float, icc: float, *, cv: float = 0.0) -> float:
    """Return how many times more people are needed when whole clusters are assigned.

    1 + ((1 + cv²)·m − 1)·ρ (Kish 1965; Eldridge, Ashby & Kerry 2006 for unequal clusters).

    Parameters
    ----------
    size : float
        Mean people a cluster, m.
    icc : float
        Intra-cluster correlation ρ: the share of the variance that lies between clusters.
    cv : float
        Coefficient of variation of the cluster sizes.

    Examples
    --------
    >>> round(design_effect(20, .0406), 2)
    1.77
    """
    if size < 1 or not 0 <= icc <= 1 or cv < 0:
        raise ParameterError(
            say("設計効果には、1 人以上のまとまりの大きさと、0 から 1 の級内相関が要ります。")
        )
    return 1 + ((1 + cv**2) * size - 1) * icc


def chance_of_false_alarm(outcomes: int, alpha: float = 0.05) -> float:
    """Return the chance of at least one false finding among independent outcomes.

    1 − (1 − α)ᵏ (the family-wise error rate).

    Examples
    --------
    >>> round(chance_of_false_alarm(20), 3)
    0.642
    """
    return 1 - (1 - checked_share(alpha)) ** outcomes


def survey_sample_size(
    margin: float, *, share: float = 0.5, level: float = 0.95, population: int | None = None
) -> float:
    """Return how many answers a simple random survey needs for this margin of error.

    n₀ = z² p(1−p)/e²; for a finite population n₀ / (1 + (n₀ − 1)/N) (Cochran 1977, eq. 4.3–4.4).

    Examples
    --------
    >>> round(survey_sample_size(.05), 2), round(survey_sample_size(.05, population=1000), 1)
    (384.15, 277.7)
    """
    n = quantile(1 - (1 - level) / 2) ** 2 * share * (1 - share) / checked_share(margin) ** 2
    return n if population is None else n / (1 + (n - 1) / population)


def quantile(probability: float) -> float:
    """Return the standard normal quantile."""
    from scipy.special import ndtri

    return float(ndtri(probability))


def checked_share(value: float, *, ends: bool = False) -> float:
    """Return `value` if it is a share; 0 and 1 themselves only with `ends`."""
    inside = 0 <= value <= 1 if ends else 0 < value < 1
    if not inside:
        raise ParameterError(
            say("割合は 0 と 1 の間で書いてください（{value}）。", value=value),
            hint=say("22％なら 0.22 と書きます。"),
        )
    return float(value)


def _known(name: str) -> str:
    if name not in ("pooled", "unpooled"):
        raise ParameterError(
            say("計算式「{name}」はありません。", name=name), hint="pooled / unpooled"
        )
    return name
