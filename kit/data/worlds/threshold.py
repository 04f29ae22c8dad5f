"""The world "subsidy-threshold": families below an income get a subsidy for an after-school class.

**Who lives there.** Residents of 25 to 59, each applying for one child. Sex and age follow the
municipality's margins (:mod:`kit.data.worlds.people`).

**How they behave (invented).** Yearly income of the household is log-normal (median `MEDIAN`, sigma
`SIGMA`). Hours a year in the class rise with income, a little less steeply the higher it is, and with
how keen a family is, which nobody records. So comparing families below the line with those above it
understates the subsidy, or turns its sign.

**What the subsidy does (invented).** It adds `effect` hours to a family at the line and `slope` more
for every 100 万円 below it (the same less for every 100 above). Of families below the line `takeup` take
it; of those above, `leak` get it all the same; which of them is left to chance. With both at their
default the design is sharp; otherwise it is fuzzy, and ``effect_at_cutoff`` is the effect on families at
the line who take the subsidy because they are below it (Hahn, Todd & van der Klaauw 2001).

**Manipulation.** `manipulated` is the share of families up to `REACH` above the line, the keenest first,
who report an income just below it and so get the subsidy. The count of reports then jumps at the line
(McCrary 2008), and families just below are keener than those just above: the estimate is biased, by
``manipulation_bias``: the local linear estimate from these reports, less the one the same families would
have given had everyone reported the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds.asked import measured, seeded, share, whole
from kit.data.worlds.draws import streams
from kit.data.worlds.observed import PARAGRAPH, Observed
from kit.data.worlds.people import draw, fits
from kit.data.worlds.told import cited
from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "subsidy-threshold"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
YOUNGEST, OLDEST, FEWEST = 25, 59, 40
MEDIAN, SIGMA, POOREST, RICHEST = 420, 0.45, 60, 2000  # income, 万円 a year
HOURS, RICHER, BEND = 110, 9, -0.25  # at 360; for each 100 万円; for its square
ANCHOR = 360  # the hours do not depend on where the line is drawn
KEEN, CHANCE = 12, 16  # standard deviations in hours: how keen a family is, and the rest
REACH, DIP = 30, 15  # 万円: who may report less lives so near the line, and reports so near it
BANDWIDTH = 60  # 万円 on either side, of the estimates in `truth`
NEAR = 10  # 万円 on either side, of the counts in `truth`


@dataclass(eq=False, repr=False)
class Threshold(Observed):
    """A simulated town with a line drawn at an income.

    Attributes
    ----------
    cutoff : float
        Reported incomes below it (万円 a year) entitle to the subsidy.
    honest : DataFrame
        What nobody records, for the reveal: true_income (万円 a year), moved (1 the family reported
        less), keen (standard deviations).
    """

    cutoff: float
    _honest: pd.DataFrame

    @property
    def honest(self) -> pd.DataFrame:
        return self._honest.copy()


def make(
    municipality: object = "13201",
    n: int = 6000,
    cutoff: float = 360,
    effect: float = 12,
    slope: float = 3,
    takeup: float = 1.0,
    leak: float = 0.0,
    manipulated: float = 0.0,
    seed: int = 1,
) -> Threshold:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has.
    n : int
        Families, from 40 to the number of 25–59-year-olds.
    cutoff : float
        The line, 200 to 800 (万円 a year).
    effect : float
        Hours a year the subsidy adds to a family at the line, −60 to 60.
    slope : float
        Hours more for each 100 万円 below the line, −10 to 10.
    takeup, leak : float
        Share who get the subsidy below the line, and above it; `takeup` is at least 0.1 larger.
    manipulated : float
        Share of families just above the line who report less, 0 to 0.9.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Threshold
        ``people``: citizen_id, sex, age (years), income (as reported, 万円 a year), entitled (1 below
        the line), subsidy (1 got it), hours (in the class, a year). ``potential``: y_without, y_with.
        ``truth`` (hours): ``effect_at_cutoff``, ``itt_at_cutoff`` (times the jump in take-up),
        ``takeup_jump``, ``ate`` (all), ``att`` (those who got it), ``ate_below`` and ``ate_above``
        (by true income); as seen: ``above_vs_below`` (those entitled less the others),
        ``treated_vs_untreated`` (by subsidy); ``local_linear`` (triangular kernel, 60 万円 on either
        side; None where too few), ``manipulation_bias`` (part of it), ``bandwidth``; families:
        ``moved``, ``just_below``, ``just_above`` (reported incomes within 10 万円 of the line).

    Raises
    ------
    ParameterError
        If a parameter is out of range; a LimitError if more families are asked for than people.

    Examples
    --------
    >>> world = make("檜原村", n=400)
    >>> world.truth["effect_at_cutoff"], bool(world.truth["above_vs_below"] < 12)
    (12.0, True)
    """
    import numpy as np
    import pandas as pd

    place, n, seed = find(municipality), whole(n, "n"), seeded(seed)
    income_unit, hour_unit = say("万円"), say("時間")
    cutoff = round(measured(cutoff, "cutoff", 200, 800, income_unit), 1)
    effect = measured(effect, "effect", -60, 60, hour_unit)
    slope = measured(slope, "slope", -10, 10, hour_unit)
    takeup, leak = share(takeup, "takeup", 0, 1), share(leak, "leak", 0, 1)
    manipulated = share(manipulated, "manipulated", 0, 0.9)
    if takeup - leak < 0.1 - 1e-9:
        raise ParameterError(
            say("takeup は leak より 0.1 以上大きくしてください。"),
            where=f"takeup = {takeup}, leak = {leak}",
        )
    fits(place, n, fewest=FEWEST, youngest=YOUNGEST, oldest=OLDEST)

    who, earning, living, reporting = streams(4, NAME, VERSION, place.code, n, seed)
    people = draw(place, n, who, youngest=YOUNGEST, oldest=OLDEST)
    true_income = incomes(earning, n)
    keen = np.round(living.standard_normal(n), 6)
    y_without, y_with = hours(
        true_income, keen, (true_income - cutoff) / 100, effect, slope, living
    )
    kind = living.random(n)  # below `leak`: always gets it; from `takeup` on: never does

    income, moved = report(true_income, keen, cutoff, manipulated, reporting)
    got, got_if_honest = (
        kind < np.where(shown < cutoff, takeup, leak) for shown in (income, true_income)
    )
    people["income"] = income
    people["entitled"] = (income < cutoff).astype("int64")
    people["subsidy"] = got.astype("int64")
    people["hours"] = np.where(got, y_with, y_without)

    gain, entitled, below = y_with - y_without, income < cutoff, true_income < cutoff
    seen = people["hours"].to_numpy()
    estimate = local_linear(income - cutoff, seen, got)
    honest_estimate = local_linear(
        true_income - cutoff, np.where(got_if_honest, y_with, y_without), got_if_honest
    )
    known = estimate is not None and honest_estimate is not None
    truth = {
        "effect_at_cutoff": effect,
        "itt_at_cutoff": effect * (takeup - leak),
        "takeup_jump": takeup - leak,
        "ate": _mean(gain),
        "att": _mean(gain[got]),
        "ate_below": _mean(gain[below]),
        "ate_above": _mean(gain[~below]),
        "above_vs_below": _gap(seen, entitled),
        "treated_vs_untreated": _gap(seen, got),
        "local_linear": estimate,
        "manipulation_bias": estimate - honest_estimate if known else None,  # type: ignore[operator]
        "bandwidth": BANDWIDTH,
        "moved": int(moved.sum()),
        "just_below": int(((income >= cutoff - NEAR) & entitled).sum()),
        "just_above": int(((income < cutoff + NEAR) & ~entitled).sum()),
    }
    return Threshold(
        NAME,
        place,
        people,
        truth,
        cited(NAME, "所得の線と補助（模擬）", "A subsidy by income (simulated)", place.code),
        lambda: _story(place.name, truth, n, cutoff),
        pd.DataFrame({"y_without": y_without, "y_with": y_with}),
        cutoff,
        pd.DataFrame({"true_income": true_income, "moved": moved.astype("int64"), "keen": keen}),
    )


def incomes(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return household incomes, 万円 a year, to 1,000 円."""
    import numpy as np

    drawn = MEDIAN * np.exp(SIGMA * rng.standard_normal(n))
    return np.round(np.clip(drawn, POOREST, RICHEST), 1)


def hours(
    income: np.ndarray,
    keen: np.ndarray,
    above: np.ndarray,
    effect: float,
    slope: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return hours a year without and with the subsidy, to 0.1 hours and never negative.

    Parameters
    ----------
    income : ndarray
        Truly earned, 万円 a year.
    keen : ndarray
        Standard deviations.
    above : ndarray
        Distance from the line, 100 万円 (negative below it).
    effect, slope : float
        As in :func:`make`.
    rng : Generator
        Everything else that makes families differ.
    """
    import numpy as np

    richer = np.minimum((income - ANCHOR) / 100, 12)  # beyond, money buys no more hours
    plain = HOURS + RICHER * richer + BEND * richer**2 + KEEN * keen
    without = np.maximum(np.round(plain + CHANCE * rng.standard_normal(len(income)), 1), 0)
    gain = np.round(effect - slope * np.minimum(above, 6), 1)
    return without, np.round(np.maximum(without + gain, 0), 1)


def report(
    income: np.ndarray, keen: np.ndarray, cutoff: float, share: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return reported incomes, and who reported less than is true."""
    import numpy as np

    # Drawn for everyone, so that a larger share moves more families and changes no other.
    eager = keen + rng.standard_normal(len(income))
    told = np.round(cutoff - 0.1 - DIP * rng.random(len(income)), 1)
    near = np.flatnonzero((income >= cutoff) & (income < cutoff + REACH))
    moved = np.zeros(len(income), dtype=bool)
    moved[near[np.argsort(-eager[near], kind="stable")[: round(share * len(near))]]] = True
    return np.where(moved, told, income), moved


def local_linear(above: np.ndarray, y: np.ndarray, got: np.ndarray) -> float | None:
    """Return the jump of `y` at zero over that of `got`, each by two weighted straight lines.

    Triangular kernel, bandwidth `BANDWIDTH` (Hahn, Todd & van der Klaauw 2001; the ratio is 1 below
    the line of a sharp design). None if a side has fewer than three families, or all at one income, or if
    nobody's subsidy depends on the line.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(-50, 50) + 0.5
    >>> round(local_linear(x, 2 * x + 5 * (x < 0), x < 0), 9)
    5.0
    """
    import numpy as np

    weight = np.maximum(BANDWIDTH - np.abs(above), 0)
    ends = []
    for side in (above < 0, above >= 0):
        side &= weight > 0
        w, x = weight[side], above[side]
        if len(x) < 3 or x.max() - x.min() < 1:
            return None
        middle = (w * x).sum() / w.sum()
        pull = 1 / w.sum() - middle * (x - middle) / (w * (x - middle) ** 2).sum()
        ends.append([float((w * pull * v[side]).sum()) for v in (y, got)])
    (low_y, low_got), (high_y, high_got) = ends
    jump = low_got - high_got
    return (low_y - high_y) / jump if abs(jump) > 1e-6 else None


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if len(values) else None


def _gap(y: np.ndarray, first: np.ndarray) -> float | None:
    return float(y[first].mean() - y[~first].mean()) if 0 < first.sum() < len(y) else None


def _story(town: str, truth: dict[str, Any], n: int, cutoff: float) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちです。25～59歳の{n:,}人が、子どもの学習教室の補助に申請します。"
        "世帯の年収が{cutoff:g}万円より少ないと補助を受けられます。結果は、子どもが1年に教室で学んだ時間です。"
        "年齢と性別の割合は実際の統計に合わせました。年収、学ぶ時間、補助の効果は作りもので、{town}の実際のようすではありません。",
        town=town, n=n, cutoff=cutoff,
    )  # fmt: skip
    if truth["above_vs_below"] is not None:
        told += PARAGRAPH + say(
            "年収の多い家庭ほど、補助がなくても長く学びます。だから線の下と上をそのままくらべると、線のところの効果とは{gap:+.1f}時間ずれます。",
            gap=truth["above_vs_below"] - truth["effect_at_cutoff"],
        )
    if truth["moved"] and truth["manipulation_bias"] is not None:
        told += PARAGRAPH + say(
            "このまちでは{moved:,}世帯が年収を少なく申告し、線のところの推定を{bias:+.1f}時間動かします。",
            moved=truth["moved"],
            bias=truth["manipulation_bias"],
        )
    return told
