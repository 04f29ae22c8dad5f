"""Before and after, side by side, quick enough to follow a slider."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from kit.chart.theme import AXIS, COLOURS, INK
from kit.design import wording
from kit.design.burden import Burden, Service, saving
from kit.language import say

_BAR = (
    '<span style="display:inline-block;height:1.1em;width:{width:.1f}%;background:{colour};'
    'border:1px solid {ink};vertical-align:middle;box-sizing:border-box"></span>'
)


def before_after(before: Service, after: Service) -> str:
    """Return a sentence and a table with bars: hours and yen a year now and afterwards.

    HTML rather than a chart: it is drawn anew while a slider moves, and a table is what a screen
    reader can walk through.
    """
    old, new = before.burden(), after.burden()
    longest = max(_hours(old), _hours(new)) or 1.0
    columns = (_column(before, old, longest, AXIS), _column(after, new, longest, COLOURS[0]))
    names = (
        say("1年の時間"),
        say("時間のねうち（1年）"),
        say("1件の時間"),
        say("1件の外出"),
        say("窓口にいる時間の割合"),
        say("1年の件数"),
    )
    cell = f'style="border:1px solid {AXIS};padding:.3em .6em;text-align:left;width:{{}}%"'
    body = "".join(
        f'<tr><th scope="row" {cell.format(30)}>{escape(name)}</th>'
        + "".join(f"<td {cell.format(35)}>{value}</td>" for value in values)
        + "</tr>"
        for name, *values in zip(names, *columns, strict=True)
    )
    heads = (say("くらべるもの"), say("いま"), say("変えたあと"))
    head = "".join(f'<th scope="col" {cell.format(33)}>{escape(text)}</th>' for text in heads)
    caption = say("いまと、変えたあと（時間は仮の値）")
    return (
        f'<div style="color:{INK};background:#fff;padding:.5em">'
        f"<p><strong>{escape(_sentence(old, new))}</strong></p>"
        '<table style="border-collapse:collapse;width:100%;table-layout:fixed">'
        f"<caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _column(service: Service, found: Burden, longest: float, colour: str) -> list[str]:
    hours, value = found.hours, found.time_value
    counter = service.journey.minutes(online_share=service.online_share, channel="counter")
    share = counter / found.minutes.likely if found.minutes.likely else None
    bar = _BAR.format(width=100 * _hours(found) / longest, colour=colour, ink=INK)
    return [
        f"<strong>{escape(wording.hours(hours.likely if hours else None))}</strong><br>{bar}",
        escape(wording.yen(value.likely if value else None)),
        escape(wording.minutes(found.minutes.likely)),
        escape(say("{trips:.1f}回", trips=found.trips)),
        escape(wording.share(share)),
        escape(wording.count(service.cases)),
    ]


def _hours(found: Burden) -> float:
    return found.hours.likely if found.hours else found.minutes.likely


def _sentence(old: Burden, new: Burden) -> str:
    saved = saving(old, new)
    hours, yen = saved.hours, saved.yen
    if hours is None or yen is None:
        return saved.sentence
    if old.minutes == new.minutes and abs(hours) < 1e-9:
        return say("まだ何も変えていません。つまみを動かしてください。")
    if abs(hours) < 1e-9:
        first = say("1年の時間は変わりません。")
    elif hours > 0:
        first = say(
            "1年に{hours}、{yen}分の時間が住民に返ります。",
            hours=wording.hours(hours),
            yen=wording.yen(yen),
        )
    else:
        first = say(
            "1年に{hours}、{yen}分の時間を、住民からよけいに取ります。",
            hours=wording.hours(-hours),
            yen=wording.yen(-yen),
        )
    trips = saved.of("trips")
    if trips > 0.005:
        second = say("外出は1件あたり{trips:.1f}回減ります。", trips=trips)
    elif trips < -0.005:
        second = say("外出は1件あたり{trips:.1f}回増えます。", trips=-trips)
    else:
        second = say("外出の回数は変わりません。")
    return wording.joined(first, second)


@dataclass(frozen=True)
class Start:
    """Where sliders begin and end: ``cases``, ``online_share``, ``most`` cases, ``step``."""

    cases: int
    online_share: float
    most: int
    step: int


def slider_start(service: Service) -> Start:
    """Return rounded values to start sliders from: at least one case, so that they can move.

    Examples
    --------
    >>> from kit.design.journey import Journey, Step
    >>> way = Journey("届", (Step("出す", 5),))
    >>> slider_start(Service(way, 13778, 0.0606))
    Start(cases=13800, online_share=0.06, most=28000, step=100)
    >>> slider_start(Service(way, 0.3)).cases, slider_start(Service(way, None)).cases
    (1, 1000)
    """
    known = 1000.0 if service.cases is None else service.cases
    step = 10 ** max(0, math.floor(math.log10(max(known, 1.0))) - 2)
    cases = max(1, round(known / step) * step)
    most = max(10, math.ceil(2 * cases / (10 * step)) * 10 * step)
    return Start(cases, round(service.online_share, 2), most, step)
