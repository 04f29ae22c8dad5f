"""What printed sheets say, plain data for ``templates/pdf``: the common part, and the worksheet."""

from __future__ import annotations

import datetime
import re
import string
from typing import TYPE_CHECKING, Any

from kit.language import say
from kit.publish.nodes import Node, inline, printable

if TYPE_CHECKING:
    from kit.publish.material import Material
    from kit.spec import Quiz, Task

Data = dict[str, Any]

_HEIGHT = 12  # mm of a row to write in
_TALL = 20  # of the only row of a table: what is written in it is longer


def common(material: Material, title: str) -> Data:
    """Return what every sheet needs: its title, language, date, and the words on every page."""
    spec, town = material.spec, material.municipality
    language = material.language.split("-")[0]
    place = town.name if town else ""
    kit = say("EBPMワークショップキット")
    return {
        "title": printable(spec.title),
        "lang": language,
        "author": kit,
        "keywords": [p.title for p in material.principles],
        "description": f"{title}: {printable(spec.summary)}",
        "date": _date(material.built),
        "place": place,
        "overline": " / ".join(part for part in (title, printable(material.programme)) if part),
        "footer": " · ".join(part for part in (title, place, printable(spec.title)) if part),
        "question": _sentences(inline(spec.question)),
        "simulated": spec.simulated,
    }


def worksheet(material: Material) -> Data:
    """Return the participant's sheet. Nothing in it says which answer is right."""
    spec = material.spec
    return {
        **common(material, say("ワークシート")),
        "say": simulated(material)
        | {
            "date": say("日付"),
            "name": say("名前（書かなくてもかまいません）"),
            "group": say("グループ名"),
            "question": say("今日の問い"),
            "objectives": say("今日できるようになること"),
            "before": say("始める前に"),
            "before-why": say("いまの考えで選びます。調べたり相談したりしなくてかまいません。"),
            "tasks": say("書きながら進めるところ"),
            "after": say("終わりに"),
            "after-why": say("もう一度選びます。始める前の答えと比べてみましょう。"),
            "reflection": say("ふりかえり"),
            "feedback": say("ご意見カード"),
            "feedback-why": say(
                "教材を直すために使います。名前は書きません。切り取って進行役に渡してください。"
            ),
        },
        "objectives": [inline(line) for line in spec.objectives],
        "before": [question(item) for item in spec.quiz if item.when in ("before", "both")],
        "after": [question(item) for item in spec.quiz if item.when in ("after", "both")],
        "tasks": [task(item) for item in spec.worksheet],
        "reflection": [
            say("今日の内容を、どの仕事で使えそうですか。"),
            say("最初の一歩として、いつまでに、だれと、何をしますか。"),
        ],
        "feedback": _feedback(),
    }


def _sentences(nodes: list[Node]) -> list[Node]:
    """Give each Japanese sentence of a display line a line of its own."""
    lines: list[Node] = []
    for node in nodes:
        if node["kind"] != "text":
            lines.append(node)
            continue
        for number, part in enumerate(re.split(r"(?<=[。？！])(?=[^」』）])", node["text"])):
            lines.extend([{"kind": "break"}] if number else [])
            lines.append({"kind": "text", "text": part})
    return lines


def simulated(material: Material) -> Data:
    """Return the words that say the figures are simulated, if they are."""
    if not material.spec.simulated:
        return {"simulated": "", "simulated-why": ""}
    town = material.municipality
    why = (
        say(
            "結果の数字は「{town}と同じ人口構成の模擬のまち」のもので、実在の結果ではありません。",
            town=town.name,
        )
        if town
        else say("結果の数字は模擬のまちのもので、実在の結果ではありません。")
    )
    return {"simulated": say("模擬データ"), "simulated-why": why}


def _date(built: str) -> Data | None:
    try:
        day = datetime.date.fromisoformat(built[:10])
    except ValueError:
        return None
    return {"year": day.year, "month": day.month, "day": day.day}


def question(item: Quiz) -> Data:
    """Return a quiz item as it is asked: nothing in it says which answer is right."""
    letters = string.ascii_uppercase
    options = [
        {"letter": letters[at : at + 1], "text": inline(o.text)} for at, o in enumerate(item.option)
    ]
    return {"kind": "question", "prompt": inline(item.prompt), "options": options}


def printed_title(title: str) -> str:
    """Return a task's title without a number of its own: the sheet numbers them.

    Examples
    --------
    >>> printed_title("1. 予想"), printed_title("2.5倍になるか")
    ('予想', '2.5倍になるか')
    """
    return re.sub(r"^\d+[.．](?!\d)\s*", "", title)


def task(item: Task) -> Data:
    """Return a task of the worksheet."""
    return {
        # The sheet numbers them; an author may have done so too.
        "title": inline(printed_title(item.title)),
        "prompt": inline(item.prompt),
        "kind": item.kind if item.kind != "table" or item.columns else "lines",
        "rows": item.rows,
        "height": _TALL if item.rows == 1 else _HEIGHT,
        "columns": [inline(column) for column in item.columns],
        "items": [inline(line) for line in item.items],
        "time": say("{minutes} 分", minutes=item.minutes) if item.minutes else "",
    }


def _feedback() -> list[Data]:
    return [
        {
            "question": say("今日の内容は、自分の仕事に役立ちそうですか。"),
            "scale": [say("思う"), say("まあ思う"), say("あまり思わない"), say("思わない")],
        },
        {
            "question": say("進む速さはどうでしたか。"),
            "scale": [say("速すぎた"), say("ちょうどよい"), say("ゆっくりすぎた")],
        },
        {"question": say("いちばん役に立ったことを一つ書いてください。"), "scale": []},
        {"question": say("変えたほうがよいことを一つ書いてください。"), "scale": []},
    ]


def settings(material: Material) -> list[list[str]]:
    """Return the parameters of the run: what each is called, and its value."""
    return [
        [printable(p.label), printable(p.shown(material.parameters.get(p.name, p.default)))]
        for p in material.spec.parameter
    ]


def colophon(material: Material) -> str:
    """Return what made the sheet, and when."""
    made = [say("EBPMワークショップキット"), material.version, material.built[:10]]
    return " ".join(part for part in made if part)
