"""The same experiment many times over: what chance alone makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from kit.errors import DataError, ParameterError
from kit.evidence import words
from kit.evidence._fit import FEW_EVENTS
from kit.evidence.intervals import newcombe
from kit.evidence.power import checked_share, quantile
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

COLUMNS = 36


def repeat_experiment(
    baseline: float,
    effect: float,
    n: int,
    *,
    n_baseline: int | None = None,
    draws: int = 200,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Run the same experiment many times over in imagination.

    Parameters
    ----------
    baseline, effect : float
        The true share with the usual treatment, and what the new one adds; the sum is kept
        between 0 and 1.
    n, n_baseline : int
        People in the new and the usual arm.
    draws, seed : int
        How many experiments, and where chance starts.

    Returns
    -------
    DataFrame
        One row an experiment: ``estimate``, ``low``, ``high`` (Wald interval; Newcombe's
        where fewer than five came or stayed away), ``detected``
        (the interval leaves out zero).

    Examples
    --------
    >>> many = repeat_experiment(.50, .25, 50, draws=4000)
    >>> bool(.70 < many["detected"].mean() < .78)
    True
    """
    import numpy as np

    n_baseline = n if n_baseline is None else n_baseline
    if min(n, n_baseline) < 1:
        raise ParameterError(say("どちらのグループにも 1 人以上が要ります。"))
    rng = np.random.default_rng(seed)
    new = rng.binomial(n, min(max(baseline + effect, 0.0), 1.0), draws) / n
    usual = rng.binomial(n_baseline, checked_share(baseline, ends=True), draws) / n_baseline
    error = np.sqrt(new * (1 - new) / n + usual * (1 - usual) / n_baseline)
    return _told(new, n, usual, n_baseline, error, level)


def redraw_lots(
    usual: Any,
    new: Any,
    *,
    share: float = 0.5,
    draws: int = 200,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Draw the lots of one and the same town again and again (its randomisation distribution).

    Only a simulated world can do this: it knows what each person would do with either treatment.

    Parameters
    ----------
    usual, new : array-like
        Each person's outcome with the usual and with the new treatment.
    share : float
        Share of people who get the new treatment.
    draws, seed, level
        As in :func:`repeat_experiment`.

    Returns
    -------
    DataFrame
        As :func:`repeat_experiment`.

    Examples
    --------
    >>> many = redraw_lots([0, 1, 0, 1] * 50, [1, 1, 0, 1] * 50, draws=400)
    >>> bool(abs(many["estimate"].mean() - .25) < .01)
    True
    """
    import numpy as np

    y0, y1 = np.asarray(usual, dtype=float), np.asarray(new, dtype=float)
    n = len(y0)
    ones = round(checked_share(share) * n)
    if len(y1) != n or min(ones, n - ones) < 2:
        raise DataError(say("どちらのグループにも 2 人以上が要ります。"))
    rng = np.random.default_rng(seed)
    ones_mean, zeros_mean, error = (np.empty(draws) for _ in range(3))
    for draw in range(draws):
        order = rng.permutation(n)
        one, zero = y1[order[:ones]], y0[order[ones:]]
        ones_mean[draw], zeros_mean[draw] = one.mean(), zero.mean()
        error[draw] = np.sqrt(one.var(ddof=1) / ones + zero.var(ddof=1) / (n - ones))
    binary = bool(np.isin(y0, (0, 1)).all() and np.isin(y1, (0, 1)).all())
    return _told(ones_mean, ones, zeros_mean, n - ones, error, level, binary=binary)


def _told(
    new: np.ndarray,
    n: int,
    usual: np.ndarray,
    n_usual: int,
    error: np.ndarray,
    level: float,
    *,
    binary: bool = True,
) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    estimate = new - usual
    reach = quantile(1 - (1 - level) / 2) * error
    low, high = estimate - reach, estimate + reach
    if binary:
        # The same rule as in difference_in_means: too few of either kind, Newcombe's interval.
        events = [np.minimum(new, 1 - new) * n, np.minimum(usual, 1 - usual) * n_usual]
        few = np.minimum(*events) < FEW_EVENTS
        low[few], high[few] = newcombe(new[few], n, usual[few], n_usual, level)
    detected = (low > 0) | (high < 0)
    return pd.DataFrame({"estimate": estimate, "low": low, "high": high, "detected": detected})


def picture_of_repeats(
    many: pd.DataFrame,
    *,
    title: str,
    truth: float | None = None,
    mine: float | None = None,
    unit: str = "share",
    source: Any = None,
) -> Any:
    """Draw repeated experiments as a heap of dots, one dot an experiment.

    Parameters
    ----------
    many : DataFrame
        From :func:`repeat_experiment` or :func:`redraw_lots`.
    title : str
        What the picture says.
    truth, mine : float, optional
        The true effect and one's own estimate, drawn as lines.
    unit : str
        Unit of the outcome.
    source : Citation or str, optional
        Where the numbers come from; "simulated" if not given.

    Returns
    -------
    altair chart
        With its description, its table and its source.
    """
    import numpy as np
    from altair.utils import schemapi

    from kit import chart

    kinds = [say("増えたと言える"), say("言い切れない"), say("減ったと言える")]
    sign = np.where(many["detected"], np.sign(many["estimate"]), 0).astype(int)
    counts = [int((sign == way).sum()) for way in (1, 0, -1)]
    middle = words.amount(float(many["estimate"].median()), unit)
    # What is put together here is known to be sound; altair's checks would take half the time of
    # a move in a panel.
    with schemapi.debug_mode(False):
        return chart.figure(
            _heap(many["estimate"].to_numpy(), sign, kinds, unit, truth=truth, mine=mine),
            title=title,
            description=say(
                "{draws} 回の実験を点で積み上げた図。"
                "増えたと言えるのは {up} 回、言い切れないのは {unsure} 回、"
                "減ったと言えるのは {down} 回。推定の真ん中は {middle}。",
                draws=len(many),
                up=counts[0],
                unsure=counts[1],
                down=counts[2],
                middle=middle,
            ),
            table={
                "columns": [say("95％信頼区間から"), say("実験の数")],
                "rows": [[kind, f"{count:,}"] for kind, count in zip(kinds, counts, strict=True)],
            },
            source=source or say("模擬データ"),
        )


def _heap(
    estimates: np.ndarray,
    sign: np.ndarray,
    kinds: list[str],
    unit: str,
    *,
    truth: float | None,
    mine: float | None,
) -> Any:
    import altair as alt
    import numpy as np

    from kit.chart import theme
    from kit.chart.frame import records

    shown = words.scaled(1, unit) * estimates
    marks = [words.scaled(v, unit) for v in (0.0, truth, mine) if v is not None]
    low, high = min(*shown, *marks), max(*shown, *marks)
    width = _width(shown, high - low)
    places = np.floor((shown - low) / width + 0.5).astype(int)
    heaps: dict[int, int] = {}
    dots = []
    for place, way in sorted(zip(places.tolist(), (-sign).tolist(), strict=True)):
        heaps[place] = heaps.get(place, 0) + 1
        dots.append({"x": low + place * width, "y": heaps[place], "kind": kinds[1 + way]})
    top = 1.3 * max(heaps.values()) + 1
    # Plain mappings: altair copies every unset property of an alt.Legend at each step.
    legend = {"orient": "bottom", "title": None}
    inks = [theme.COLOURS[0], theme.AXIS, theme.COLOURS[1]]

    def by_kind(channel: Any, values: list[str]) -> Any:
        return channel("kind:N", legend=legend, scale={"domain": kinds, "range": values})

    size = max(14.0, min(70.0, 9000 / max(top, 12) ** 2))
    mark: Any = {"type": "point", "size": size, "strokeWidth": 1.5, "opacity": 1}
    heap = alt.Chart(records(dots), mark=mark).encode(
        alt.X(
            "x:Q",
            title=say("推定された差（{unit}）", unit=words.unit_name(unit)),
            scale={"zero": False},
        ),
        alt.Y("y:Q", axis=None, scale={"domain": [0, top]}),
        by_kind(alt.Stroke, inks),
        by_kind(alt.Fill, [inks[0], "white", inks[2]]),
        by_kind(alt.Shape, ["circle", "circle", "square"]),
    )
    named = ((0.0, say("差なし"), [2, 2]), (truth, say("真の効果"), [1, 0]))
    lines = []
    for row, (value, label, dash) in enumerate((*named, (mine, say("自分たちの推定"), [7, 3]))):
        if value is not None:
            at = words.scaled(value, unit)
            # One step down each: lines that stand close must not write over each other.
            place = {"x": at, "y": top * (1 - 0.08 * row), "left": at == max(marks)}
            lines.append({**place, "label": label, "dash": dash})
    return alt.layer(heap, *_lines(records(lines))).properties(width=560, height=230)


def _width(values: np.ndarray, span: float) -> float:
    """Return the width of a column; whole steps where few people make the estimates jump."""
    import numpy as np

    width = max(span, 1e-9) / COLUMNS
    gaps = np.diff(np.unique(np.round(values, 9)))
    step = float(gaps.min()) if len(gaps) else width
    return math.ceil(width / step - 1e-6) * step if step > width / 6 else width


def _lines(data: Any) -> list[Any]:
    """Return the upright lines, each with its own dash, and the words beside them."""
    import altair as alt

    rule: Any = {"type": "rule", "strokeWidth": 1.8}
    text: Any = {
        "type": "text",
        "align": {"expr": "datum.left ? 'left' : 'right'"},
        "dx": {"expr": "datum.left ? 5 : -5"},
        "baseline": "top",
    }
    x = alt.X("x:Q")
    return [
        alt.Chart(data, mark=rule).encode(x, alt.StrokeDash("dash:N", scale=None)),
        alt.Chart(data, mark=text).encode(x, alt.Y("y:Q"), alt.Text("label:N")),
    ]
