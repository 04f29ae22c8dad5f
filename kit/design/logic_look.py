"""A gentle look at a logic model: what a machine can honestly see, said as questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.chart.text import wrap
from kit.design.logic import COLUMNS, Box, LogicModel, columns
from kit.language import say

# What is done is often counted in these words. They are a reason to ask, not a proof.
_DEEDS = re.compile(
    r"(?:開催|実施|配布|発行|発送|設置|研修|講座|相談会|周知|広報)(?:した|の)?(?:回|件|枚|部|個|通)?数"
    r"|(?:参加|受講|来場|出席)者数|配った(?:枚|部)数"
    r"|\bnumber of (?:sessions|events|leaflets|letters|flyers|copies|participants|attendees"
    r"|seminars|courses|workshops|posters)\b",
    re.IGNORECASE,
)


def problems(model: LogicModel) -> list[str]:
    """Return what is worth another thought: see :meth:`kit.design.logic.LogicModel.problems`.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     problems(LogicModel())
    ['まだ何も書かれていません。どの列からでも、書きはじめられます。']
    """
    if not model.boxes:
        return [say("まだ何も書かれていません。どの列からでも、書きはじめられます。")]
    found = [*_empty(model)]
    for column in COLUMNS:
        for box in model.of(column):
            found.extend(_box(model, box))
    return [*found, *_arrows(model), *_circles(model)]


def named(box: Box) -> str:
    """Return what a sentence calls a box.

    Examples
    --------
    >>> named(Box("a", "inputs", "職員"))
    '職員'
    """
    if box.text.strip():
        return wrap(box.text, 30, lines=1)
    return say("{column}の空の箱", column=columns()[box.column][0])


def _empty(model: LogicModel) -> Iterator[str]:
    for column, (name, meaning) in columns().items():
        if not model.of(column):
            yield say("「{column}」の列が空です。{meaning}", column=name, meaning=meaning)


def _box(model: LogicModel, box: Box) -> Iterator[str]:
    name = named(box)
    if not box.text.strip():
        yield say("「{box}」があります。言葉を入れるか、消してください。", box=name)
        return
    if box.column == "outcomes":
        yield from _outcome(model, box)
    if box.indicator.strip() and not box.source.strip():
        yield say(
            "「{box}」の指標は、どのデータで分かりますか。出どころがまだありません。", box=name
        )
    if box.column != COLUMNS[0] and not model.before(box):
        yield say("「{box}」へ来る矢印がありません。何があれば、そうなりますか。", box=name)
    if box.column != COLUMNS[-1] and not model.after(box):
        yield say("「{box}」から出る矢印がありません。何のためのものですか。", box=name)


def _outcome(model: LogicModel, box: Box) -> Iterator[str]:
    """Ask whether an outcome is one: what is done is easily sold as what has changed."""
    name = named(box)
    if not box.indicator.strip():
        yield say("「{box}」は成果です。変わったことを、どの指標で確かめますか。", box=name)
    for output in model.of("outputs"):
        if _same(output.text, box.text):
            yield say("「{box}」が、産出と成果の両方にあります。相手の何が変わりますか。", box=name)
        elif box.indicator.strip() and _same(output.indicator, box.indicator):
            yield say(
                "成果「{box}」の指標が、産出「{output}」と同じです。"
                "したことの量ではなく、相手の変化を測れますか。",
                box=name,
                output=named(output),
            )
    if counted := _DEEDS.search(box.indicator):
        yield say(
            "成果「{box}」の指標に「{words}」とあります。"
            "したことの量でしょうか、それとも相手の変化でしょうか。",
            box=name,
            words=counted[0],
        )


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and "".join(one.split()) == "".join(other.split())


def _arrows(model: LogicModel) -> Iterator[str]:
    for arrow in model.arrows:
        start, end = model.box(arrow.start), model.box(arrow.end)
        if not arrow.reason.strip():
            yield say(
                "「{start}」→「{end}」の矢印に、そう言える理由がまだありません。",
                start=named(start),
                end=named(end),
            )
        if COLUMNS.index(end.column) < COLUMNS.index(start.column):
            yield say(
                "「{start}」→「{end}」の矢印が、右から左へ戻っています。",
                start=named(start),
                end=named(end),
            )


def _circles(model: LogicModel) -> list[str]:
    """Name each way that comes back to where it began, once."""
    following: dict[str, list[str]] = {box.key: [] for box in model.boxes}
    for arrow in model.arrows:
        following[arrow.start].append(arrow.end)
    done: set[str] = set()
    found: list[str] = []

    def walk(key: str, way: list[str]) -> None:
        if key in way:
            circle = [*way[way.index(key) :], key]
            names = " → ".join(named(model.box(k)) for k in circle)
            found.append(say("矢印がひと回りして、もとへ戻っています: {circle}", circle=names))
            return
        if key in done:
            return
        for after in following[key]:
            walk(after, [*way, key])
        done.add(key)

    for box in model.boxes:
        walk(box.key, [])
    return found
