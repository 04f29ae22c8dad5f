"""A room's answer files with a known truth, and the pages made of them, for tests."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from kit import course
from kit.language import using
from kit.results import answers, card, page
from kit.results.contents import Contents, contents
from kit.results.summary import Summary, summarise

HOSTILE = '<img src=x onerror="alert(1)"></script>{{ 7*7 }} **太字**'
WORDS = (
    "比べる相手を先に決める、というのが新鮮でした。",
    "自分の課でも、通知文で試してみたい。",
    "信頼区間の読み方に、やっと慣れました。",
    "上司に 20 秒で言う練習が、いちばん難しかった。",
    "数字が小さくても「効果なし」とは言えない。明日の会議で使います。",
    "表計算しか使ったことがなかったけれど、最後まで動かせました。",
    "もう少し、計画を書く時間がほしかった。",
)


def sheet(workshop: str = "rct-letters", **parts: Any) -> dict[str, Any]:
    """Return an answer sheet that holds nothing but `parts`."""
    empty = {"quiz": {}, "checks": {}, "minutes": {}, "voices": {}, "parameters": {}}
    about = {"format": "kit-answers/1", "workshop": workshop, "version": "0.1.0", "language": "ja"}
    return {**about, **empty, **parts}


@cache
def _inside(workshop: str) -> Contents:
    return contents(course.workshop(workshop), "ja")


def room(
    people: int,
    workshop: str = "rct-letters",
    *,
    seed: int = 1,
    before: float = 0.4,
    after: float = 0.7,
    answering: float = 1.0,
) -> list[dict[str, Any]]:
    """Return the sheets of a plausible room.

    Parameters
    ----------
    people : int
        How many hand in a sheet.
    before, after : float
        The true chance of a right answer to any item, at both ends of the class.
    answering : float
        The chance that an item is answered at all at one end.
    """
    held = course.workshop(workshop)
    spec, inside = held.spec, _inside(workshop)
    dice = random.Random(seed)
    parameters = {p.name: p.default for p in spec.parameter}
    sheets = []
    for _ in range(people):
        quiz: dict[str, dict[str, int]] = {}
        for item in spec.quiz:
            ends = {"both": ("before", "after")}.get(item.when, (item.when,))
            right = next(at for at, option in enumerate(item.option) if option.right)
            wrong = [at for at in range(len(item.option)) if at != right]
            for end in ends:
                if dice.random() >= answering:
                    continue
                hit = dice.random() < (before if end == "before" else after)
                # One misconception is commoner than the others.
                missed = dice.choices(wrong, [3, *[1] * (len(wrong) - 1)])[0]
                quiz.setdefault(item.id, {})[end] = right if hit else missed
        checks = {}
        for at, name in enumerate(inside.exercises):
            tries = 1 + min(int(dice.expovariate(1 / (0.4 + 0.5 * at))), 9)
            solved = dice.random() < 0.97 - 0.09 * at
            opened = not solved and dice.random() < 0.6
            hints = dice.randrange(3) if tries > 1 else 0
            checks[name] = {"tries": tries, "right": solved, "hints": hints, "solution": opened}
        minutes = {
            section.cell_id: round(max(0.3, dice.gauss(1.15, 0.3)) * section.minutes, 1)
            for section in inside.sections
        }
        voices = {id: dice.choice(WORDS) for id in inside.prompts if dice.random() < 0.7}
        parts = {"quiz": quiz, "checks": checks, "minutes": minutes, "voices": voices}
        sheets.append(sheet(workshop, parameters=dict(parameters), **parts))
    return sheets


def hand_in(folder: Path, sheets: list[dict[str, Any]]) -> Path:
    """Write each sheet into `folder` as a participant's last card would."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, one in enumerate(sheets):
        name = f"answers-{at * 2654435761 % 2**32:08x}.json"
        (folder / name).write_text(json.dumps(one, ensure_ascii=False), encoding="utf-8")
    return folder


def summary(
    sheets: list[dict[str, Any]], workshop: str = "rct-letters", language: str = "ja"
) -> Summary:
    """Return the summary of sheets that are all as they should be."""
    read = [answers.Sheet.model_validate(one) for one in sheets]
    return summarise(course.workshop(workshop), read, language)


def pages(language: str = "ja", people: int = 24) -> dict[str, str]:
    """Return the facilitator's page and the case card of a room, one participant hostile."""
    sheets = room(people, answering=0.93)
    sheets[0]["voices"] = dict.fromkeys(sheets[0]["voices"] or ["tomorrow"], HOSTILE)
    held = course.workshop("rct-letters")
    found = summary(sheets, language=language)
    with using(language):
        told = card.card(held, found, voices=True)
        return {"results": page.page(found), "case-card": page.card_page(told, language)}
