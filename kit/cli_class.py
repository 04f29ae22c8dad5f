"""``kit class``: what a room learned, from the answer files its participants handed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from kit.console import EXIT_FAILED, Json, err, out
from kit.language import SOURCE, current, known, say

if TYPE_CHECKING:
    from kit.results.answers import Reading
    from kit.results.summary import Summary

app = typer.Typer(
    name="class",
    help=say("教室でのことをまとめます。"),
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
OUTPUT = "results"


@app.callback()
def _group() -> None:
    # A group of one command would otherwise be that command, without its name.
    pass


@app.command(help=say("答えのファイルから、進行役のまとめと事例カードを作ります。"))
def summarise(
    folder: Annotated[
        Path, typer.Argument(help=say("集めた answers-….json のフォルダー"), show_default=False)
    ],
    workshop: Annotated[
        str | None,
        typer.Option(
            "--workshop", "-w", help=say("このワークショップだけ（ID）"), show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=say("出力先（なければ、フォルダーの中の results）"),
            show_default=False,
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", "-l", help=say("ページの言語: ja, en"), show_default=False),
    ] = None,
    voices: Annotated[
        bool,
        typer.Option(
            "--voices",
            help=say("事例カードに、参加者の声ものせます（本人たちがよいと言ったとき）。"),
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    from kit.results import answers

    if lang is not None:
        known(lang)
    reading = answers.read(folder, workshop=workshop)
    made = _write(reading, output or folder / OUTPUT, lang, voices)
    if as_json:
        print(json.dumps(_told(made, reading), ensure_ascii=False, indent=2))
    else:
        _show(made, reading)
    if not made:
        raise typer.Exit(EXIT_FAILED)


def _write(
    reading: Reading, output: Path, lang: str | None, voices: bool
) -> list[tuple[Summary, list[Path]]]:
    """Write the results of each workshop; several have a folder each."""
    from kit import course
    from kit.results import page
    from kit.results.summary import summarise as count

    made = []
    for id, sheets in reading.sheets.items():
        held = course.workshop(id)
        language = lang or (current() if current() in held.spec.languages else SOURCE)
        summary = count(held, sheets, language, reading.left_out)
        folder = output / id if len(reading.sheets) > 1 else output
        made.append((summary, page.write(held, summary, folder, voices=voices)))
    return made


def _told(made: Sequence[tuple[Summary, list[Path]]], reading: Reading) -> dict[str, Any]:
    return {
        "results": [
            {**summary.to_dict(), "files": [str(path) for path in paths]} for summary, paths in made
        ],
        "left_out": [
            {"file": one.name, "reason": one.reason, "message": one.sentence}
            for one in reading.left_out
        ],
    }


def _show(made: Sequence[tuple[Summary, list[Path]]], reading: Reading) -> None:
    for one in reading.left_out:
        err.print(f"– {escape(one.sentence)}", highlight=False, soft_wrap=True)
    for summary, paths in made:
        out.print(f"[bold]{escape(summary.title)}[/bold]", highlight=False, soft_wrap=True)
        out.print(escape(_in_short(summary)), highlight=False, soft_wrap=True)
        for path in paths:
            out.print(f"  {escape(str(path))}", highlight=False, soft_wrap=True)
    if not made:
        err.print(say("数えられる答えのファイルが、1 つもありませんでした。"))
    elif reading.left_out:
        err.print(say("数えなかったファイルが {count} 個あります。", count=len(reading.left_out)))


def _in_short(summary: Summary) -> str:
    from kit.results.summary import FEWEST

    if not summary.shown:
        return say("答えが {fewest} 人分に満たないので、数字は出しません。", fewest=FEWEST)
    if summary.gain is None:
        return say("{n} 人分をまとめました。伸びは計算していません。", n=summary.people)
    return summary.gain.found
