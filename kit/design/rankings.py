"""Which change, and which guess: comparisons as pictures, with the words and tables behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.chart.text import short_names
from kit.chart.theme import COLOURS, INK, MUTED
from kit.design import wording
from kit.design.drawings import lifts, row_names
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

    from kit.design.choices import Comparison, Sensitivity


def comparison(result: Comparison) -> Any:
    """Draw what each change saves a case as planned, with the spread of the draws."""
    import altair as alt

    from kit.chart import figure

    frame = result.frame.copy()
    # The share stands under the name: a narrow screen has no room for it beside the bar.
    frame["label"] = [
        "\n".join((name, say("1位の割合 {share}", share=wording.share(share))))
        for name, share in zip(
            short_names(list(frame["change"]), 12, lines=2), frame["best_share"], strict=True
        )
    ]
    frame["lift"] = lifts(list(frame["label"]))
    frame["shown"] = [wording.minutes(minutes) for minutes in frame["minutes"]]
    frame["end"] = frame[["minutes", "minutes_high"]].max(axis=1)
    low = min(0.0, float(frame["minutes_low"].min()), float(frame["minutes"].min()))
    high = max(1.0, float(frame["end"].max()))
    low -= 0.03 * (high - low) if low < 0 else 0.0
    scale = alt.Scale(domain=[low, low + (high - low) * 1.3], nice=False)
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort=None, axis=None))
    bars = base.mark_bar(size=22, color=COLOURS[0]).encode(
        x=alt.X("minutes:Q", title=say("1件あたり減る時間（分）"), scale=scale)
    )
    spread = [
        base.mark_rule(color=colour, strokeWidth=wide).encode(
            x=alt.X("minutes_low:Q", scale=scale), x2="minutes_high:Q"
        )
        for colour, wide in (("white", 5), (INK, 2))
    ]
    text = base.mark_text(align="left", dx=8, color=INK).encode(
        x=alt.X("end:Q", scale=scale), text="shown:N"
    )
    shown = frame[["change", "minutes", "minutes_low", "minutes_high", "best_share"]].rename(
        columns={
            "change": say("案"),
            "minutes": say("減る時間（分・計画どおり）"),
            "minutes_low": say("5%点（分）"),
            "minutes_high": say("95%点（分）"),
            "best_share": say("1位の割合"),
        }
    )
    return figure(
        alt.layer(bars, *spread, text, row_names(base, "label")).properties(
            width=480, height=52 * len(frame)
        ),
        title=say("どの案が、利用者の時間をいちばん減らすか"),
        description=_comparison_description(result),
        table=shown,
        source=result.service.journey.source or say("出典：作成者の見積もり"),
    )


def _comparison_description(result: Comparison) -> str:
    parts = [
        say("{change}は{minutes}", change=change, minutes=wording.minutes(minutes))
        for change, minutes in result.frame[["change", "minutes"]].itertuples(index=False)
    ]
    return say(
        "横棒グラフ。1件あたり減る時間は、計画どおりなら{parts}。細い線は、仮の値と実現の度合いを"
        "変えた{draws:,}通りの、下から5%と上から5%を除いた幅。",
        parts=wording.listed(parts),
        draws=result.draws,
    )


def _tornado_description(frame: pd.DataFrame) -> str:
    widest = frame.iloc[0]
    first = say(
        "横棒グラフ。幅がいちばん大きいのは「{step}」で、1件あたりの時間が{low:,.0f}分から"
        "{high:,.0f}分まで動く。",
        step=widest["step"],
        low=widest["low"],
        high=widest["high"],
    )
    flips = [step for step, changes in zip(frame["step"], frame["flips"], strict=True) if changes]
    if not flips:
        return wording.joined(first, say("1つだけで1位の案を入れ替えるものはない。"))
    second = say("1つだけで1位の案を入れ替えるのは、{steps}。", steps=wording.listed(flips))
    return wording.joined(first, second)


def tornado(result: Sensitivity, *, limit: int = 8) -> Any:
    """Draw how far each step's range moves the burden; steps that change the order stand out."""
    import altair as alt
    import pandas as pd

    from kit.chart import figure

    frame = result.frame[result.frame["swing"] > 0].head(limit).copy()
    if frame.empty:
        frame = result.frame.head(limit).copy()
    frame["label"] = short_names(list(frame["step"]), 15, lines=2)
    changes, keeps = say("◆ 1位の案が入れ替わる"), say("1位の案は変わらない")
    frame["lift"] = lifts(list(frame["label"]))
    frame["effect"] = [changes if flips else keeps for flips in frame["flips"]]
    frame["shown"] = [
        say("{low:,.0f}〜{high:,.0f}分 ◆", low=low, high=high)
        if flips
        else say("{low:,.0f}〜{high:,.0f}分", low=low, high=high)
        for low, high, flips in zip(frame["low"], frame["high"], frame["flips"], strict=True)
    ]
    low, high = float(frame["low"].min()), float(frame["high"].max())
    margin = max(1.0, high - low)
    scale = alt.Scale(domain=[low - margin * 0.1, high + margin * 0.6], nice=False, zero=False)
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort=None, axis=None))
    bars = base.mark_bar(size=18, stroke=INK, strokeWidth=0.5).encode(
        x=alt.X("low:Q", title=say("1件あたりの時間（分・全員の平均）"), scale=scale),
        x2="high:Q",
        color=alt.Color(
            "effect:N",
            scale=alt.Scale(domain=[changes, keeps], range=[COLOURS[1], MUTED]),
            legend=alt.Legend(title=None, orient="top"),
        ),
    )
    text = base.mark_text(align="left", dx=6, color=INK).encode(
        x=alt.X("high:Q", scale=scale), text="shown:N"
    )
    now = (
        alt.Chart(pd.DataFrame({"x": [result.base]}))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x=alt.X("x:Q", scale=scale))
    )
    shown = frame[["step", "low", "high", "swing", "effect"]].rename(
        columns={
            "step": say("手順"),
            "low": say("最短のとき（分）"),
            "high": say("最長のとき（分）"),
            "swing": say("幅（分）"),
            "effect": say("順位"),
        }
    )
    return figure(
        alt.layer(bars, now, text, row_names(base, "label")).properties(
            width=420, height=36 * len(frame)
        ),
        title=say("どの仮の値が、結果を大きく動かすか"),
        description=_tornado_description(frame),
        table=shown,
        source=say("仮の値を1つずつ最短・最長に変えて計算"),
    )
