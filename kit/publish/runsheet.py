"""The run sheet (進行表): what a facilitator holds in the hand while teaching.

One session on one sheet of A4, both sides: when each part begins, what is done in it, what to say
first, and what to leave out when late; on the back what to prepare, for how many, and what to check.
A whole day is in :mod:`kit.publish.daysheet`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kit.language import current, say, using
from kit.publish import rundown
from kit.publish.nodes import inline, plain, printable
from kit.publish.timetable import Slot, clock, slots

if TYPE_CHECKING:
    from kit.publish.material import Material
    from kit.spec import Spec

Data = dict[str, Any]

_CLASSES = (12, 20, 32)  # people, for whom the things to prepare are counted
_SIZES = (10.6, 10.0, 9.4, 8.8, 8.2, 7.7, 7.2)  # pt of the text
_WIDE, _HIGH = 378.0, 665.0  # pt of the page that the rows have for their words


def sheet(material: Material) -> bytes:
    """Return the run sheet of one session as PDF: A4, to be printed on both sides.

    Parameters
    ----------
    material : Material
        One executed run.

    Raises
    ------
    CourseError
        If its minutes do not add up.
    RunError
        If it cannot be set; a character that no font has is named.
    """
    from kit.publish.pdf import typeset

    with using(material.language):
        data = _session(material)
        return typeset("runsheet", data, where=f"{material.spec.id}: runsheet.pdf")


def _session(material: Material) -> Data:
    spec, start = material.spec, material.start
    town = material.municipality
    made = slots(spec, material.agenda, start)
    parts = rundown.parts(material)
    rows = [_slot(slot, parts.get(slot.section.cell_id)) for slot in made]
    end = clock(start, spec.minutes)
    name = say("進行表")
    return {
        **page(name, rundown.clipped(spec.title), town.name if town else "", material.built),
        "form": "session",
        "clocked": bool(start),
        "programme": rundown.clipped(material.programme),
        "span": f"{made[0].clock}–{end}" if start else say("{n} 分", n=spec.minutes),
        "length": say("{n} 分", n=spec.minutes) if start else "",
        "end": end,
        "strip": [[s.section.minutes, s.section.skip] for s in made],
        "slots": rows,
        "sizes": _sizes(rows),
        "late": list(_late(made, start, spec)),
        "advice": [inline(rundown.clipped(line)) for line in spec.when_late],
        "shorter": [
            [plain(inline(s.section.title)), part.shorter]
            for s in made
            if (part := parts.get(s.section.cell_id)) and part.shorter
        ],
        "groups": inline(rundown.clipped(spec.groups, 220)),
        "opening": rundown.opening(material),
        **preparation([spec]),
        "checks": checks([spec]),
        "offline": offline(),
    }


def _slot(slot: Slot, part: rundown.Part | None) -> Data:
    section = slot.section
    return {
        "clock": slot.clock,
        "short": slot.short,
        "title": plain(inline(section.title)),
        "minutes": section.minutes,
        "length": say("{n} 分", n=section.minutes),
        "skip": section.skip,
        "saves": say("省略可 −{n} 分", n=section.minutes) if section.skip else "",
        "form": " → ".join(part.form) if part else "",
        "doing": part.doing if part else [],
        "first": part.first if part else "",
        "steps": part.steps if part else [],
        "more": part.more if part else [],
    }


def _sizes(rows: Sequence[Data]) -> list[float]:
    """Return sizes to try: the largest at which the rows are likely to go on one page, and less."""
    texts = [
        (
            row["title"] + row["length"] + row["form"],
            "　".join(row["doing"]),
            row["first"],
            " → ".join(row["steps"]),
            *row["more"],
        )
        for row in rows
    ]
    for at, size in enumerate(_SIZES):
        lines = sum(
            math.ceil(rundown.width(text) * size / _WIDE) for row in texts for text in row if text
        )
        blocks = sum(1 for row in texts for text in row if text)
        high = lines * 1.23 * size + (blocks - len(rows)) * 0.14 * size + len(rows) * 1.3 * size
        if high < _HIGH:
            return list(_SIZES[at:])
    return [_SIZES[-1]]


def _late(made: Sequence[Slot], start: str | None, spec: Spec) -> Iterator[Data]:
    """Yield, for each section that may be left out, what is gained and when the next begins."""
    saved = 0
    for slot, following in zip(made, [*made[1:], None], strict=True):
        if not slot.section.skip:
            continue
        saved += slot.section.minutes
        title = plain(inline(slot.section.title))
        now = clock(start, slot.section.end - saved)
        then = (
            say("「{title}」は {clock} から", title=following.section.title, clock=now)
            if following
            else say("{clock} に終わる", clock=now)
        )
        yield {
            "what": say("「{title}」を飛ばす", title=title),
            "saves": say("{n} 分取りもどす", n=slot.section.minutes),
            "then": printable(then),
            "end": say("終わりは {clock}", clock=clock(start, spec.minutes - saved)),
        }


def page(name: str, title: str, place: str, built: str) -> Data:
    """Return what every run sheet needs: its title, language, date, and the words on it.

    Parameters
    ----------
    name : str
        What kind of sheet it is.
    title : str
        Of the workshop or the programme.
    place : str
        The municipality.
    built : str
        Date it was made, ISO 8601.
    """
    language = current().partition("-")[0]
    return {
        "title": title,
        "lang": language,
        "author": say("EBPMワークショップキット"),
        "keywords": [],
        "description": f"{name}: {title}",
        "date": _date(built),
        "footer": " · ".join(part for part in (name, place, title) if part),
        "simulated": False,
        "name": name,
        "place": place,
        "say": _words(),
    }


def _date(built: str) -> Data | None:
    try:
        made = datetime.date.fromisoformat(built[:10])
    except ValueError:
        return None
    return {"year": made.year, "month": made.month, "day": made.day}


def _words() -> Data:
    return {
        "simulated": "",
        "simulated-why": "",
        "time": say("時刻"),
        "elapsed": say("経過"),
        "doing": say("すること"),
        "actual": say("実際"),
        "ends": say("終わり"),
        "short": say("飛ばしたら {clock}", clock="{clock}"),
        "day": say("日付"),
        "people": say("人数"),
        "groups": say("グループ"),
        "room": say("部屋"),
        "open": say("部屋を開ける"),
        "prepare": say("準備"),
        "materials": say("用意するもの"),
        "counts-why": say(
            "1 グループ {n} 人として数えました。右の欄は、この回の人数で書きます。", n="{n}"
        ),
        "this-time": say("この回"),
        "checks": say("始まる前に確かめる"),
        "offline": say("インターネットが使えないとき"),
        "late": say("遅れたとき"),
        "shorter": say("章ごとの、短い道とプラン B"),
        "notes": say("この回のメモ（進行役メモから）"),
        "noticed": say("気づいたこと（次の回のために）"),
        "take-home": say("持ち帰るもの"),
    }


def preparation(specs: Sequence[Spec]) -> Data:
    """Return what to prepare, counted for classes of several sizes.

    Parameters
    ----------
    specs : sequence of Spec
        The workshops of the sheet. Where their groups differ in size the smallest counts: nothing
        runs short.
    """
    size = min(rundown.group_size(spec.groups) for spec in specs)
    groups = [-(-people // size) for people in _CLASSES]
    lines = list(dict.fromkeys(line for spec in specs for line in spec.materials))
    rows = [*lines, say("卓上の QR カード（グループに 1 枚。リンクを使うとき）")]
    return {
        "size": size,
        "classes": [
            [say("{n} 人", n=people), say("{n} 班", n=count)]
            for people, count in zip(_CLASSES, groups, strict=True)
        ],
        "materials": [
            [
                inline(rundown.clipped(row)),
                [_count(row, *both) for both in zip(_CLASSES, groups, strict=True)],
            ]
            for row in rows
        ],
    }


def _count(line: str, people: int, groups: int) -> str:
    each = rundown.needed(line)
    if each is None:
        return "—"
    number, per = each
    return str(number * (people if per == "person" else groups))


def checks(specs: Sequence[Spec]) -> list[str]:
    """Return what to look at before the class comes in.

    Parameters
    ----------
    specs : sequence of Spec
        The workshops of the sheet.
    """
    lines = [
        say("プロジェクターに slides.html を映し、いちばん後ろの席から読めるか"),
        say("教室のパソコンで、ノートブックを一度、上から最後まで動かしたか（kit doctor）"),
        say("QR コードを、教室の電波につないだスマートフォンで 1 回読んだか"),
        say("worksheet.pdf を、人数分と予備 2 枚、印刷したか"),
        say("全員から見える時計があるか。この紙の時刻は、その時計に合っているか"),
        say("拡大印刷、手話、通訳、車いすの通り道が要る人に、前もって聞いたか"),
    ]
    if any(spec.simulated for spec in specs):
        lines.append(say("「模擬データです」と、はじめに口でも言う"))
    return lines


def offline() -> list[str]:
    """Return what to do in a room without internet."""
    return [
        say("前の日に、教材のフォルダーを USB メモリか共有フォルダーに写しておく"),
        say("スライドは slides.html、配布資料は handout.html。どちらも、つながなくても開く"),
        say("パソコンが動かない班は、worksheet.pdf と電卓で進める"),
    ]
