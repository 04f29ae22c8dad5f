"""``kit data``: what the tables hold, where they come from, whether they are whole."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from kit.console import EXIT_FAILED, Json, err, out, plain_table
from kit.language import say

app = typer.Typer(
    name="data",
    help=say("データの一覧、くわしい説明、出典、確かめ。"),
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SHOWN = 10  # mistakes of one dataset; a lost table would bring hundreds

Name = Annotated[str, typer.Argument(help=say("データの名前"), show_default=False)]
Names = Annotated[
    list[str] | None, typer.Argument(help=say("データの名前（なければ全部）"), show_default=False)
]


@app.command("list", help=say("データの一覧を表示します。"))
def list_(as_json: Json = False) -> None:
    from kit import data
    from kit.data.about import about

    found = [about(name) for name in data.names()]
    if as_json:
        rows = [
            {
                "name": one.name,
                "title": one.title,
                "tables": {table.name: table.rows for table in one.tables},
                "citation": one.citation.line(),
            }
            for one in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = plain_table(say("名前"), say("題"), say("表（行数）"), say("時点"))
    for one in found:
        table.add_row(
            one.name,
            one.title,
            "\n".join(f"{t.name} ({t.rows:,})" for t in one.tables),
            "\n".join(_span(t.vintages) for t in one.tables),
        )
    out.print(table)


def _span(vintages: tuple[str, ...]) -> str:
    if not vintages:
        return "–"
    return vintages[0] if len(vintages) == 1 else f"{vintages[0]} – {vintages[-1]}"


@app.command(help=say("ひとつのデータをくわしく表示します。"))
def show(name: Name, as_json: Json = False) -> None:
    from kit.data.about import about, known_words

    one = about(name)
    if as_json:
        print(json.dumps(dataclasses.asdict(one), ensure_ascii=False, indent=2))
        return
    out.print(f"[bold]{escape(one.title)}[/bold]  ({one.name} {one.version})", highlight=False)
    out.print(escape(one.description), highlight=False)
    for part in one.tables:
        out.print()
        rows = say("{n:,} 行", n=part.rows)
        span = f"  {_span(part.vintages)}" if part.vintages else ""
        out.print(f"[bold]{part.name}[/bold]  {escape(part.title)}  {rows}{span}", highlight=False)
        table = plain_table(say("列"), say("意味"), say("型と単位"), say("使える値"))
        for column in part.fields:
            kind = f"{column.kind} ({column.unit})" if column.unit else column.kind
            table.add_row(*map(escape, (column.name, column.title, kind, column.allowed)))
        out.print(table)
        for source in part.sources:
            out.print(
                f"{say('出典')}: {escape(source.part())} — {known_words(source)}",
                highlight=False, soft_wrap=True,
            )  # fmt: skip
    out.print()
    for quirk in one.quirks:
        out.print(f"・{escape(quirk)}", highlight=False)


@app.command(help=say("データを 1 行ずつ確かめます。"))
def validate(names: Names = None, as_json: Json = False) -> None:
    from kit import data

    found = {name: data.validate(name) for name in names or data.names()}
    problems = [problem for some in found.values() for problem in some]
    if as_json:
        told: dict[str, list[dict[str, Any]]] = {
            name: [{"message": p.message, "where": p.where, "hint": p.hint} for p in some]
            for name, some in found.items()
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, some in found.items():
            out.print(f"{'✗' if some else '✓'} {escape(name)}", highlight=False)
            for problem in some[:SHOWN]:
                err.print(escape(str(problem)), highlight=False, soft_wrap=True)
            if len(some) > SHOWN:
                err.print(say("（ほかに {count} か所）", count=len(some) - SHOWN))
    if problems:
        raise typer.Exit(EXIT_FAILED)


@app.command(help=say("出典の書き方を表示します。"))
def cite(
    name: Name,
    table: Annotated[
        str | None, typer.Option("--table", "-t", help=say("表の名前"), show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    from kit import data

    cited = data.citation(name, table)
    if as_json:
        print(json.dumps(dataclasses.asdict(cited), ensure_ascii=False, indent=2))
        return
    print(cited.line())
    for source in cited.sources:
        print(f"  {source.path}" if source.path else f"  {source.title}")


@app.command(help=say("表を CSV で書き出します（Excel で開けます）。"))
def export(
    name: Name,
    output: Annotated[Path, typer.Argument(help=say("書き出すファイル"))],
    table: Annotated[
        str | None, typer.Option("--table", "-t", help=say("表の名前"), show_default=False)
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", "-m", help=say("区市町村の名前かコード")),
    ] = None,
    vintage: Annotated[
        str | None, typer.Option("--vintage", help=say("時点（latest で最も新しいもの）"))
    ] = None,
) -> None:
    from kit import data
    from kit.errors import DataError
    from kit.files import write_whole

    frame = data.load(name, table, municipality=municipality, vintage=vintage)
    words = data.labels(name, table)
    # With its mark in front, a double click opens UTF-8 in Excel as what it is.
    text = "\ufeff" + frame.rename(columns=words).to_csv(index=False, lineterminator="\r\n")
    try:
        write_whole(output, text)
    except OSError as error:
        raise DataError(
            say("ファイルに書けません: {reason}", reason=error.strerror or error),
            where=str(output),
            hint=say("書けるフォルダーを指定してください。"),
        ) from None
    out.print(say("書き出しました: {path}", path=output), soft_wrap=True)
    out.print(frame.attrs["citation"].line(), soft_wrap=True, highlight=False)
