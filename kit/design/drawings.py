"""Journeys, blueprints and comparisons as pictures, with the words and tables behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.chart.text import short_names, wrap
from kit.chart.theme import AXIS, COLOURS, GRID, INK, SOFT_INK
from kit.design import wording
from kit.design.journey import ACTORS, Journey, Step
from kit.design.tables import words
from kit.language import say, spaced

if TYPE_CHECKING:
    import altair as alt


_INSIDE, _OUTSIDE = COLOURS[1], COLOURS[0]
_LABEL = 15  # em
_ROW = 40  # pixels a step
_LINE = 15  # pixels a line of text
_LANE = 164  # pixels a lane


def journey_map(journey: Journey, *, path: str) -> Any:
    """Draw each step's minutes with their range, and the feelings beside them."""
    import altair as alt
    import pandas as pd

    from kit.chart import figure

    steps = journey.of(path=path)
    names = short_names([_with_share(step) for step in steps], _LABEL, lines=2)
    inside, outside = say("窓口にいる時間"), say("窓口の外の時間")
    frame = pd.DataFrame(
        {
            "step": names,
            "minutes": [step.minutes.likely for step in steps],
            "low": [step.minutes.low for step in steps],
            "high": [step.minutes.high for step in steps],
            "place": [inside if step.channel == "counter" else outside for step in steps],
            "emotion": [step.emotion for step in steps],
            "order": range(len(steps)),
            "shown": [_time_shown(step) for step in steps],
            "lift": lifts(names),
        }
    )
    y = alt.Y("step:N", sort=None, title=None, axis=None)
    base = alt.Chart(frame).encode(y=y)
    right = max(1.0, float(frame["high"].max())) * 1.25
    scale = alt.Scale(domain=[0, right], nice=False)
    place = alt.Scale(domain=[inside, outside], range=[_INSIDE, _OUTSIDE])
    bars = base.mark_bar(size=18, stroke=INK, strokeWidth=0.5).encode(
        x=alt.X("minutes:Q", title=say("1回の時間（分）"), scale=scale),
        color=alt.Color("place:N", scale=place, legend=alt.Legend(title=None, orient="top")),
    )
    ranges = [
        base.mark_rule(color=colour, strokeWidth=wide).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q"
        )
        for colour, wide in (("white", 4), (INK, 1.5))
    ]
    text = base.mark_text(align="left", dx=6, color=INK).encode(
        x=alt.X("high:Q", scale=scale), text="shown:N"
    )
    minutes = alt.layer(bars, *ranges, text, row_names(base))
    minutes = minutes.properties(width=300, height=_ROW * len(steps))
    feelings = _feelings(frame, len(steps))
    chart = alt.hconcat(minutes, feelings, spacing=12).resolve_scale(y="shared")
    return figure(
        chart,
        title=_map_title(journey, steps, path),
        description=_map_description(journey, steps, path),
        table=_map_table(steps),
        source=journey.source or say("出典：作成者の見積もり"),
    )


def _feelings(frame: object, rows: int) -> Any:
    import json

    import altair as alt

    low, even, high = (json.dumps(word) for word in (say("つらい"), say("ふつう"), say("うれしい")))
    base = alt.Chart(frame).encode(
        y=alt.Y("step:N", sort=None, title=None, axis=None),
        x=alt.X(
            "emotion:Q",
            title=say("気持ち"),
            scale=alt.Scale(domain=[-2.4, 2.4], nice=False),
            axis=alt.Axis(
                values=[-2, 0, 2],
                labelExpr=f"datum.value < 0 ? {low} : datum.value > 0 ? {high} : {even}",
                grid=True,
                gridColor=GRID,
            ),
        ),
    )
    line = base.mark_line(color=SOFT_INK, strokeWidth=2).encode(order="order:O")
    points = base.mark_point(filled=True, size=80, opacity=1, color=SOFT_INK, shape="circle")
    return alt.layer(line, points).properties(width=150, height=_ROW * rows)


def lifts(names: list[str], line: int = _LINE) -> list[float]:
    """Return how far up each text must move for its lines to be centred on their row."""
    return [name.count("\n") * -line / 2 for name in names]


def row_names(base: Any, field: str = "step") -> Any:
    """Return the names of the rows as text: axis labels of two lines hang from their row."""
    import altair as alt

    text = base.mark_text(
        align="right",
        baseline="middle",
        dx=-10,
        dy=alt.ExprRef("datum.lift"),
        lineHeight=_LINE,
        color=INK,
    )
    return text.encode(x=alt.value(0), text=f"{field}:N")


def _with_share(step: Step) -> str:
    if step.share >= 1:
        return step.name
    return say("{step}（{share:.0%}の人）", step=step.name, share=step.share)


def _time_shown(step: Step) -> str:
    if step.days and not step.minutes.likely:
        return say("{days:g}日", days=step.days)
    shown = wording.minutes(step.minutes.likely)
    # The colour is said in words, too.
    return say("{minutes}（窓口）", minutes=shown) if step.channel == "counter" else shown


def _map_title(journey: Journey, steps: tuple[Step, ...], path: str) -> str:
    values = {
        "journey": journey.name,
        "total": wording.minutes(sum(s.share * s.minutes.likely for s in steps)),
        "counter": wording.minutes(
            sum(s.share * s.minutes.likely for s in steps if s.channel == "counter")
        ),
    }
    if path == "online":
        return say("「{journey}」の旅：オンラインで合計{total}", **values)
    return say("「{journey}」の旅：合計{total}、うち窓口は{counter}", **values)


def _map_description(journey: Journey, steps: tuple[Step, ...], path: str) -> str:
    longest = max(steps, key=lambda step: step.minutes.likely)
    hardest = min(steps, key=lambda step: step.emotion)
    online = 1.0 if path == "online" else 0.0
    first = say(
        "手順ごとの時間と気持ち。{count}の手順があり、1回の時間がいちばん長いのは"
        "「{longest}」（{minutes}）。",
        count=len(steps),
        longest=longest.name,
        minutes=wording.minutes(longest.minutes.likely),
    )
    second = say(
        "通る割合を考えた合計は{total}、そのうち窓口にいる時間は{counter}。",
        total=wording.minutes(journey.minutes(online_share=online)),
        counter=wording.minutes(journey.minutes(online_share=online, channel="counter")),
    )
    if hardest.emotion >= 0:
        return wording.joined(first, second, say("気持ちが沈む手順はない。"))
    third = say("気持ちがいちばん沈むのは「{step}」。", step=hardest.name)
    return wording.joined(first, second, third)


def _map_table(steps: tuple[Step, ...]) -> object:
    import pandas as pd

    called = words()
    return pd.DataFrame(
        {
            say("手順"): [step.name for step in steps],
            say("どこで"): [called[step.channel] for step in steps],
            say("最短（分）"): [step.minutes.low for step in steps],
            say("ふつう（分）"): [step.minutes.likely for step in steps],
            say("最長（分）"): [step.minutes.high for step in steps],
            say("通る割合"): [wording.share(step.share) for step in steps],
            say("外出（回）"): [step.trips for step in steps],
            say("日数"): [step.days for step in steps],
            say("気持ち（-2〜2）"): [step.emotion for step in steps],
        }
    )


def blueprint(journey: Journey, *, path: str) -> Any:
    """Draw four lanes side by side, time running down, with the line of visibility."""
    import altair as alt
    import pandas as pd

    from kit.chart import figure

    steps = [s for s in journey.steps if s.path in ("all", path)]
    # Em a line: Latin letters run a little wider than the half em they are counted as.
    room = 10.5 if spaced() else 12.5
    lanes = {
        "citizen": say("利用者"),
        "counter": say("フロントステージ（窓口）"),
        "back": say("バックステージ（裏側）"),
        "system": say("システム"),
    }
    cells = [
        (row, actor, _lane_text(step, actor)) for row, step in enumerate(steps) for actor in ACTORS
    ]
    frame = pd.DataFrame(
        [
            {
                "lane": place,
                "row": row,
                "from": place + 0.03,
                "to": place + 0.97,
                "top": row + 0.08,
                "bottom": row + 0.92,
                "middle": place + 0.5,
                "centre": row + 0.5,
                "text": wrap(text, room, lines=3),
                "lift": wrap(text, room, lines=3).count("\n") * -7.0,
                "kind": actor,
            }
            for row, actor, text in cells
            if text
            for place in [ACTORS.index(actor)]
        ]
    )
    x = alt.Scale(domain=[0, len(ACTORS)], nice=False)
    y = alt.Scale(domain=[-1, len(steps)], nice=False, reverse=True)

    def across(field: str) -> alt.X:
        return alt.X(field, scale=x, axis=None)

    def down(field: str) -> alt.Y:
        return alt.Y(field, scale=y, axis=None)

    boxes = (
        alt.Chart(frame)
        .mark_rect(cornerRadius=4, strokeWidth=1.5)
        .encode(
            x=across("from:Q"),
            x2="to:Q",
            y=down("top:Q"),
            y2="bottom:Q",
            fill=alt.condition(
                "datum.kind == 'citizen'", alt.value("#E6EEFF"), alt.value("#FFFFFF")
            ),
            stroke=alt.condition(
                "datum.kind == 'citizen' || datum.kind == 'counter'",
                alt.value(COLOURS[0]),
                alt.value(AXIS),
            ),
        )
    )
    texts = (
        alt.Chart(frame)
        .mark_text(
            color=INK,
            fontSize=12,
            lineHeight=14,
            baseline="middle",
            dy=alt.ExprRef("datum.lift"),
        )
        .encode(
            x=across("middle:Q"),
            y=down("centre:Q"),
            text="text:N",
        )
    )
    heads = pd.DataFrame(
        [
            {"x": ACTORS.index(a) + 0.5, "y": -0.5, "text": wrap(t, 11, lines=2)}
            for a, t in lanes.items()
        ]
    )
    headings = (
        alt.Chart(heads)
        .mark_text(color=INK, fontSize=13, fontWeight="bold", lineHeight=16)
        .encode(x=across("x:Q"), y=down("y:Q"), text="text:N")
    )
    border = pd.DataFrame([{"x": 2.0, "y": -0.95, "y2": len(steps) + 0.0}])
    visibility = (
        alt.Chart(border)
        .mark_rule(color=INK, strokeWidth=2.5, strokeDash=[7, 4])
        .encode(x=across("x:Q"), y=down("y:Q"), y2="y2:Q")
    )
    chart = alt.layer(boxes, texts, headings, visibility).properties(
        width=_LANE * len(ACTORS), height=50 * (len(steps) + 1)
    )
    table = pd.DataFrame(
        {label: [_lane_text(step, actor) for step in steps] for actor, label in lanes.items()}
    )
    return figure(
        chart,
        title=say("「{journey}」の設計図：点線の右は見えない仕事", journey=journey.name),
        description=_blueprint_description(steps),
        table=table,
        source=journey.source or say("出典：作成者の見積もり"),
    )


def _lane_text(step: Step, actor: str) -> str:
    if step.actor == actor:
        return step.name
    return {"citizen": "", "counter": step.front, "back": step.back, "system": step.system}[actor]


def _blueprint_description(steps: list[Step]) -> str:
    hidden = [step for step in steps if _lane_text(step, "back") or _lane_text(step, "system")]
    alone = [
        step
        for step in steps
        if step.actor == "citizen" and not (step.front or step.back or step.system)
    ]
    first = say(
        "左から利用者、フロントステージ、バックステージ、システムの4列で、上から下へ進む。"
        "利用者から見えない仕事があるのは{count}の手順のうち{hidden}。",
        count=len(steps),
        hidden=len(hidden),
    )
    if not alone:
        return first
    second = say(
        "役所がかかわらず、利用者だけが動く手順は{count}（{names}）。",
        count=len(alone),
        names=wording.listed(step.name for step in alone),
    )
    return wording.joined(first, second)
