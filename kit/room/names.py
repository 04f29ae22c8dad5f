"""A name that is not there: not run yet, misspelt, deleted, or never a name."""

from __future__ import annotations

import re

from kit.language import say
from kit.room.cells import Place
from kit.room.mistakes import Advice, Mistake, nearest


def missing(mistake: Mistake) -> Advice | None:
    """Return what to tell about a :class:`NameError`."""
    name = str(getattr(mistake.error, "name", None) or "")
    if not name or not mistake.own:
        return None
    if mistake.makers(name):
        return _made_elsewhere(mistake, name)
    like = nearest(name, mistake.known_names())
    if like:
        return Advice(
            say("「{name}」という名前はありません。{like} のことですか。", name=name, like=like),
            (say("つづりを {like} に直して、もう一度実行してください。", like=like),),
        )
    if mistake.original and name in mistake.original.makers:
        return _deleted(name, mistake.original.makers[name][0])
    if not name.isascii():
        return Advice(
            say("「{name}」は、名前ではなく文字のようです。", name=name),
            (say('文字は、" と " ではさんで "{name}" と書きます。', name=name),),
        )
    return Advice(
        say("「{name}」という名前は、まだありません。", name=name),
        (
            say("つづりを確かめてください。大文字と小文字も区別します。"),
            say('文字のつもりで書いたのなら、" と " ではさんで "{name}" と書きます。', name=name),
        ),
    )


def _made_elsewhere(mistake: Mistake, name: str) -> Advice:
    book = mistake.notebook or mistake.original
    assert book is not None
    here = book.numbers.get(mistake.cell)
    if "lesson" not in mistake.names and _last_before(book.makers.get("lesson", ()), here):
        return Advice(
            say(
                "カーネル（計算する部分）が新しくなったか、はじめのセルをまだ実行していません。"
                "選んだ答えや書いた文は残っています。"
            ),
            (_run_above(),),
        )
    places = mistake.makers(name)
    place = _last_before(places, here)
    if place is None and any(p.cell == mistake.cell for p in places):
        return Advice(
            say("「{name}」を使う行が、「{name}」を作る行より上にあります。", name=name),
            (say("このセルの中で、{name} = … の行を先に書いてください。", name=name),),
        )
    if place is None:
        return Advice(
            say(
                "「{name}」は、ここより下の、{place}のセルで作られます。",
                name=name,
                place=places[0].text,
            ),
            (say("そのセルを先に実行してから、ここに戻ってください。"),),
        )
    return Advice(
        say("「{name}」は、{place}のセルで作られます。", name=name, place=place.text),
        (say("そのセルを先に実行してください。"), _run_above()),
    )


def _run_above() -> str:
    return say(
        "このセルを選び、メニューの「Run」→「Run All Above Selected Cell」で、"
        "上のセルをまとめて実行できます。終わったら、このセルをもう一度実行します。"
    )


def _deleted(name: str, place: Place) -> Advice:
    return Advice(
        say(
            "「{name}」を作るセル（{place}）が、このノートブックにありません。"
            "消してしまったのかもしれません。",
            name=name,
            place=place.text,
        ),
        (
            say("いま消したところなら、メニューの「Edit」→「Undo Cell Operation」で戻ります。"),
            say(
                "戻らないときは、このファイルの名前を変えてから、教室のリンク（または kit open）で"
                "開きなおすと、新しい写しができます。"
            ),
        ),
    )


def attribute(mistake: Mistake) -> Advice | None:
    """Return what to tell about an :class:`AttributeError` that is a slip of the pen."""
    error = mistake.error
    name, holder = getattr(error, "name", None), getattr(error, "obj", None)
    # A table raises it in its own code; what counts is who wrote the name.
    if not isinstance(name, str) or not re.search(rf"\.\s*{re.escape(name)}\b", mistake.line):
        return None
    like = nearest(name, [n for n in dir(holder) if not n.startswith("_")])
    if like is None:
        return None
    return Advice(
        say("「.{name}」はありません。.{like} のことですか。", name=name, like=like),
        (say("つづりを {like} に直して、もう一度実行してください。", like=like),),
    )


def _last_before(places: tuple[Place, ...], here: int | None) -> Place | None:
    """Return the lowest of the cells that stand above the one that ran."""
    above = [place for place in places if here is None or place.number < here]
    return above[-1] if above else None
