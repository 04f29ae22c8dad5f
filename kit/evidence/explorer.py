"""How many people does it take? The power of an experiment, moved by hand before it is held."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from kit.ask.controls import slider
from kit.errors import ParameterError
from kit.evidence import power as formulas
from kit.evidence import words
from kit.language import say

if TYPE_CHECKING:
    from kit.ask.panel import Panel

ENOUGH = 0.80  # the power that is usually planned for (Cohen 1988)
FEW = 10  # expected events an arm below which the normal approximation is rough
POINTS = 40  # of the curve

Point = tuple[float, float]


def power_explorer(
    *,
    baseline: float,
    effect: float,
    per_group: int,
    cluster_size: int = 1,
    likeness: float = 0.0,
) -> Panel:
    """Return sliders for a planned experiment and what they mean for its power.

    Two equal groups, a share as outcome, a two-sided test at 5 per cent: Fleiss, Levin & Paik
    (2003), eq. 4.14; the design effect 1 + (m − 1)ρ of whole clusters by Kish (1965). See
    :mod:`kit.evidence.power`.

    Parameters
    ----------
    baseline : float
        The share in the group with the usual treatment.
    effect : float
        The smallest difference worth finding, as a share: 0.04 is four percentage points; below
        zero for a decrease.
    per_group : int
        People in each of the two groups.
    cluster_size : int
        People in a cluster (a school, a neighbourhood) that is assigned as a whole; 1 if each
        person is.
    likeness : float
        How alike the people of a cluster are, from 0 to 1: the intra-cluster correlation ρ.

    Raises
    ------
    KitError
        If a value cannot be: a share outside 0 and 1, an effect of nothing, a group of nobody.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     panel = power_explorer(baseline=0.22, effect=0.04, per_group=900)
    ...     "100 回のうち約 51 回" in panel.html
    True
    """
    from kit.ask.panel import Panel

    _power(baseline, effect, per_group, cluster_size, likeness)  # what cannot be is told at once
    points = round(100 * effect, 1)
    ends = (0.5, max(30.0, points)) if points > 0 else (min(-30.0, points), -0.5)
    return Panel(
        _view,
        {
            "per_group": slider(
                say("1 つのグループの人数"),
                per_group,
                min(10, per_group),
                max(2000, 3 * per_group),
                10,
                unit=say("人"),
            ),
            "baseline": slider(say("いまの割合"), baseline, 0.01, 0.99, 0.01, format=".0%"),
            "points": slider(
                say("見つけたい最小の差"),
                points,
                *ends,
                0.5,
                format="+.1f",
                unit=say("ポイント"),
            ),
            "cluster_size": slider(
                say("まとめて割り付ける人数"),
                cluster_size,
                1,
                max(100, cluster_size),
                unit=say("人"),
                help=say(
                    "学校や地区ごとに割り付けるときの、1 つのまとまりの人数。1 人ずつなら 1。"
                ),
            ),
            "likeness": slider(
                say("まとまりの中の似かた（級内相関）"),
                likeness,
                0.0,
                max(0.3, likeness),
                0.01,
                format=".2f",
                help=say("同じまとまりの人が似ているほど、大きな数。0 なら、少しも似ていません。"),
            ),
        },
    )


def _power(
    baseline: float, effect: float, per_group: float, cluster_size: float, likeness: float
) -> float:
    alike = formulas.design_effect(cluster_size, likeness)
    if not 0 < baseline + effect < 1:
        raise ParameterError(
            say("この差を足すと、割合が 0％ から 100％ の間に収まりません。"),
            hint=say("いまの割合か、見つけたい差を変えてください。"),
        )
    if effect == 0:
        raise ParameterError(
            say("差が 0 の効果は、何人調べても見つけられません。"),
            hint=say("「これだけ変われば意味がある」という最小の差を決めてください。"),
        )
    people = per_group / alike
    if 0 < people < 1 <= per_group:
        people = 1  # a group of people alike says no less than one of them
    return formulas.power_two_proportions(baseline, baseline + effect, people)


def _view(
    *, per_group: int, baseline: float, points: float, cluster_size: int, likeness: float
) -> list[Any]:
    effect = points / 100
    now = _power(baseline, effect, per_group, cluster_size, likeness)
    alike = formulas.design_effect(cluster_size, likeness)
    bare = formulas.sample_size_two_proportions(baseline, baseline + effect, rounded=False)
    clusters = math.ceil(bare * alike / cluster_size - 1e-9)
    needed = clusters * cluster_size
    top = _round_up(max(1.6 * needed, 1.15 * per_group))

    def at(n: float) -> tuple[float, float]:
        return n, _power(baseline, effect, n, cluster_size, likeness)

    # Closer together where the curve bends.
    curve = [at(max(1.0, top * (step / POINTS) ** 2)) for step in range(POINTS + 1)]
    table = [at(top * step / 8) for step in range(1, 9)]
    told = [_found(now, points), _needed(now, needed, clusters, cluster_size)]
    if alike > 1:
        told.append(
            say(
                "まとまりの中の人は似ているので、{n:,} 人を調べても、"
                "1 人ずつ割り付けた {as_many:,} 人分のことしか分かりません。",
                n=per_group,
                as_many=max(1, round(per_group / alike)),
            )
        )
    if per_group * min(baseline, baseline + effect, 1 - baseline, 1 - baseline - effect) < FEW:
        told.append(say("当てはまる人（か、当てはまらない人）が少ないので、この確率は目安です。"))
    lead, *rest = told
    return [
        f"<p><strong>{escape(lead)}</strong></p><p>{escape(words.sentences(*rest))}</p>",
        _picture(curve, table, (per_group, now), needed, top),
    ]


def _found(now: float, points: float) -> str:
    """Say the power to people who have never heard of it."""
    times = round(100 * now)
    difference = words.amount(points / 100, "share")
    if times >= 100:
        return say("本当に {difference}の差があれば、ほぼ必ず見つかります。", difference=difference)
    return say(
        "本当に {difference}の差があるとき、この人数で同じ実験を 100 回すると、"
        "100 回のうち約 {times} 回で差が見つかり、約 {missed} 回は見逃します。",
        difference=difference,
        times=times,
        missed=100 - times,
    )


def _needed(now: float, needed: int, clusters: int, cluster_size: int) -> str:
    sentence = (
        say("100 回のうち 80 回見つけるには、1 つのグループに {n:,} 人が要ります。", n=needed)
        if cluster_size == 1
        else say(
            "100 回のうち 80 回見つけるには、1 つのグループに {clusters:,} まとまり"
            "（{n:,} 人）が要ります。",
            clusters=clusters,
            n=needed,
        )
    )
    enough = (
        say("いまの人数は足りています。") if now >= ENOUGH else say("いまの人数では足りません。")
    )
    return words.sentences(sentence, enough)


def _round_up(n: float) -> int:
    """Return a round number not below `n`, for the end of an axis."""
    step = 10 ** math.floor(math.log10(max(n, 10))) / 2
    return int(math.ceil(n / step) * step)


def _picture(
    curve: list[Point], table: list[Point], here: tuple[int, float], needed: int, top: int
) -> Any:
    import altair as alt
    from altair.utils import schemapi

    from kit import chart
    from kit.chart import theme
    from kit.chart.axes import y_axis
    from kit.chart.frame import records
    from kit.chart.text import Style

    n, now = here
    x = alt.X(
        "n:Q",
        title=say("1 つのグループの人数（人）"),
        scale={"domain": [0, top], "nice": False},
        axis={"format": ",d", "tickCount": 6, "grid": False},
    )
    y = alt.Y(
        "power:Q",
        scale={"domain": [0, 1]},
        axis=y_axis(say("見つけられる確率（検出力）"), Style(".0%"), 1.0),
    )
    line: Any = {"type": "line", "color": theme.COLOURS[0]}
    dot: Any = {"type": "point", "size": 130, "color": theme.COLOURS[1], "opacity": 1}
    rule: Any = {"type": "rule", "strokeDash": [5, 4], "color": theme.INK}
    # The curve rises to the right: below it there is room on the right, above it on the left.
    late = n > top / 2
    note: Any = {
        "type": "text",
        "align": "right" if late else "left",
        "dx": -10 if late else 12,
        "dy": -14 if late else 16 if now > 0.12 else 2,
        "fontWeight": "bold",
    }
    goal: Any = {"type": "text", "align": "left", "dx": 4, "dy": -8}
    spot = records([{"n": n, "power": now, "note": say("いま {power:.0%}", power=now)}])
    aim = records([{"n": 0, "power": ENOUGH, "note": say("目安 {power:.0%}", power=ENOUGH)}])
    with schemapi.debug_mode(False):
        drawn = alt.layer(
            alt.Chart(aim, mark=rule).encode(y),
            alt.Chart(records({"n": n, "power": p} for n, p in curve), mark=line).encode(x, y),
            alt.Chart(spot, mark=dot).encode(x, y),
            alt.Chart(spot, mark=note).encode(x, y, alt.Text("note:N")),
            alt.Chart(aim, mark=goal).encode(x, y, alt.Text("note:N")),
        ).properties(width=560, height=240)
        return chart.figure(
            drawn,
            title=say("人数を増やすと、差を見つけやすくなる"),
            description=say(
                "グループの人数と、差を見つけられる確率の曲線。いまの {n:,} 人では {power:.0%}。"
                "{needed:,} 人で {enough:.0%} になる。",
                n=n,
                power=now,
                needed=needed,
                enough=ENOUGH,
            ),
            table={
                "columns": [say("1 つのグループの人数（人）"), say("見つけられる確率（検出力）")],
                "rows": [[f"{n:,.0f}", f"{p:.0%}"] for n, p in table],
            },
            source=say("計算による（2 つの割合の差の検定、有意水準 5％、両側）"),
        )
