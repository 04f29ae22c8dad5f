"""``kit readability``: how hard a workshop is to read, and which sentences make it so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from kit.console import EXIT_FAILED, Json, err, out, plain_table
from kit.language import SOURCE, say

if TYPE_CHECKING:
    from kit.plain.messages import Text
    from kit.plain.readability import Measure

_HARD_SHOWN = 10


def readability(
    id: Annotated[
        str,
        typer.Argument(
            help=say("ワークショップの ID（キット自身の言葉は kit）"), show_default=False
        ),
    ],
    lang: Annotated[
        str, typer.Option("--lang", "-l", help=say("言語（ja-simple か ja）"))
    ] = "ja-simple",
    as_json: Json = False,
    worst: Annotated[int, typer.Option("--worst", min=0, help=say("見せる長い文の数"))] = 5,
) -> None:
    """Print how hard a text is to read beside its Japanese source; end with 1 if it is too hard.

    Only やさしい日本語 is held to limits.
    """
    from kit.plain import messages
    from kit.plain.readability import broken, measure

    text = messages.text(id, lang)
    here, source = measure(text.sentences), measure(text.source)
    faults = []
    if lang != SOURCE:
        faults = broken(text.sentences, f"{id} {lang}", _names(id))
    longest = sorted(text.sentences, key=lambda one: -one.characters)[:worst]
    if as_json:
        report = {
            "name": id,
            "language": lang,
            "missing": text.missing,
            "measure": _numbers(here),
            "source": _numbers(source),
            "longest": [
                {"where": one.where, "characters": one.characters, "text": one.text}
                for one in longest
            ],
            "problems": [
                {"message": one.message, "where": one.where, "hint": one.hint} for one in faults
            ],
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _show(text, here, source)
        for one in longest:
            out.print(
                escape(f"{one.characters:>4}  {one.where}: {one.text}"),
                highlight=False,
                soft_wrap=True,
            )
        for fault in faults:
            err.print(escape(str(fault)), highlight=False, soft_wrap=True)
        if lang != SOURCE and not faults:
            out.print(say("直すところはありません。"), highlight=False)
    if faults:
        raise typer.Exit(EXIT_FAILED)


def _names(id: str) -> dict[str, str]:
    """Return the readings a workshop has of its own."""
    from kit.course import workshop
    from kit.plain.messages import KIT

    return {} if id == KIT else workshop(id).spec.readings


def _numbers(found: Measure) -> dict[str, Any]:
    from kit.plain.readability import level

    return {
        "sentences": found.sentences,
        "labels": found.labels,
        "jreadability": None if found.score is None else round(found.score, 2),
        "level": None if found.score is None else level(found.score),
        "characters_mean": round(found.mean, 1),
        "characters_longest": found.longest.characters if found.longest else 0,
        "words_mean": round(found.words, 1),
        "kanji_share": round(found.kanji, 3),
        "hard_words": dict(found.hard.most_common()),
        "double_negatives": [one.text for one in found.double_negatives],
        "passives": [one.text for one in found.passives],
    }


def _show(text: Text, here: Measure, source: Measure) -> None:
    from kit.language import NAMES

    columns = [(NAMES[text.language], here)]
    if text.language != SOURCE:
        columns.append((NAMES[SOURCE], source))
    table = plain_table("", *(name for name, _ in columns))
    for label, cells in _rows([measure for _, measure in columns]):
        table.add_row(label, *cells)
    out.print(table)
    if text.missing:
        out.print(say("訳のない文: {n}", n=text.missing), highlight=False)
    if here.hard:
        common = "、".join(f"{word} {count}" for word, count in here.hard.most_common(_HARD_SHOWN))
        out.print(
            say("よく出るむずかしい漢語: {words}", words=common), highlight=False, soft_wrap=True
        )


def _rows(found: list[Measure]) -> list[tuple[str, list[str]]]:
    from kit.plain.readability import level

    def score(one: Measure) -> str:
        return "–" if one.score is None else f"{one.score:.2f} {level(one.score)}"

    return [
        (say("読みやすさ（jReadability）"), [score(one) for one in found]),
        (say("文の数"), [f"{one.sentences:,}" for one in found]),
        (say("見出しやラベルの数"), [f"{one.labels:,}" for one in found]),
        (say("1 文の字数（平均）"), [f"{one.mean:.1f}" for one in found]),
        (
            say("いちばん長い文の字数"),
            [str(one.longest.characters) if one.longest else "–" for one in found],
        ),
        (say("1 文の語数（平均）"), [f"{one.words:.1f}" for one in found]),
        (say("漢字の割合"), [f"{one.kanji:.1%}" for one in found]),
        (
            say("むずかしい漢語（小学 5 年以上の漢字を含むもの）"),
            [f"{sum(one.hard.values()):,}" for one in found],
        ),
        (say("二重否定"), [str(len(one.double_negatives)) for one in found]),
        (say("受け身（〜れる）"), [str(len(one.passives)) for one in found]),
    ]


def register(app: typer.Typer) -> None:
    """Hang the command into `app`."""
    app.command(
        "readability", help=say("文の読みやすさを測ります（やさしい日本語のきまりも確かめます）。")
    )(readability)
