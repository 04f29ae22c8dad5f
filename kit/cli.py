"""The ``kit`` command: what a facilitator, an author or a script types."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

import kit
from kit import (
    cli_build,
    cli_bundle,
    cli_class,
    cli_data,
    cli_links,
    cli_lint,
    cli_readability,
    cli_translate,
    course,
)
from kit.cli_build import Languages, Municipalities, Settings
from kit.console import EXIT_FAILED, EXIT_WRONG, Json, err, out, plain_table
from kit.errors import KitError
from kit.language import SOURCE, current, known, say, use

app = typer.Typer(
    name="kit",
    help=say("EBPM とサービスデザインのワークショップ教材を作ります。"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cli_data.app)
app.add_typer(cli_class.app)
app.add_typer(cli_translate.app)

Many = list[str]
WorkshopID = Annotated[str, typer.Argument(help=say("ワークショップの ID"), show_default=False)]


def main() -> None:
    """Run the command; a mistake of the user's ends in a sentence, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console in cp932 cannot print every character of a translation.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except KitError as error:
        err.print(escape(str(error)), style="red", highlight=False, soft_wrap=True)
        sys.exit(EXIT_WRONG)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _version(asked: bool) -> None:
    if asked:
        print(f"kit {kit.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    spoken: Annotated[
        str | None,
        typer.Option("--speak", help=say("このコマンドの言語（ja, en）"), show_default=False),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=say("版を表示します。")),
    ] = False,
) -> None:
    if spoken:
        use(known(spoken))


@app.command("list", help=say("ワークショップの一覧を表示します。"))
def list_(as_json: Json = False) -> None:
    found = course.workshops()
    if as_json:
        print(json.dumps([_described(w) for w in found], ensure_ascii=False, indent=2))
        return
    table = plain_table("ID", say("題"), say("分"), say("原則"), say("言語"), say("パラメーター"))
    for w in found:
        spec = w.localised(_language_of(w))
        table.add_row(
            w.id,
            spec.title,
            str(spec.minutes),
            ", ".join(str(n) for n in spec.principles),
            ", ".join(spec.languages),
            ", ".join(p.name for p in spec.parameter),
        )
    out.print(table)


@app.command(help=say("ひとつのワークショップをくわしく表示します。"))
def show(id: WorkshopID, as_json: Json = False) -> None:
    w = course.workshop(id)
    if as_json:
        print(json.dumps(_described(w), ensure_ascii=False, indent=2))
        return
    spec = w.localised(_language_of(w))
    out.print(f"[bold]{escape(spec.title)}[/bold]  ({w.id}, {say('{n} 分', n=spec.minutes)})")
    out.print(escape(spec.question), escape(spec.summary), sep="\n", end="\n\n", highlight=False)
    for goal in spec.objectives:
        out.print(f"・{escape(goal)}", highlight=False)
    out.print()
    for number in spec.principles:
        out.print(f"{number} {escape(course.principle(number).title)}", highlight=False)
    out.print()
    table = plain_table(say("パラメーター"), say("意味"), say("初期値"), say("使える値"))
    for p in spec.parameter:
        table.add_row(p.name, p.label, str(p.default), p.allowed().replace(" / ", "\n"))
    out.print(table)


def _language_of(w: course.Workshop) -> str:
    return current() if current() in w.spec.languages else SOURCE


def _described(w: course.Workshop) -> dict[str, Any]:
    spec = w.localised(_language_of(w))
    keep = {"id", "title", "question", "summary", "minutes", "principles", "objectives"}
    described = spec.model_dump(include=keep | {"languages", "datasets", "artefact", "simulated"})
    return described | {"parameters": [p.model_dump() for p in spec.parameter]}


cli_build.register(app)


@app.command("open", help=say("参加者用ノートブックを作って JupyterLab で開きます。"))
def open_(
    id: WorkshopID,
    municipality: Municipalities = [],  # noqa: B006
    lang: Languages = [],  # noqa: B006
    settings: Settings = [],  # noqa: B006
    output: Annotated[Path, typer.Option("--output", "-o", help=say("出力先"))] = Path("build"),
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help=say("ブラウザーを開くか"))
    ] = True,
    as_app: Annotated[
        bool, typer.Option("--app", help=say("コードの見えないページとして開きます（Voilà）。"))
    ] = False,
) -> None:
    from kit import desk

    path = desk.place(id, municipality, lang, settings, output)
    if as_app:
        out.print(say("ページとして開きます: {path}", path=path), soft_wrap=True)
    else:
        out.print(say("JupyterLab で開きます: {path}", path=path), soft_wrap=True)
    raise typer.Exit(desk.launch(path, browser=browser, app=as_app))


@app.command(help=say("新しいワークショップのフォルダーを作ります。"))
def new(id: WorkshopID) -> None:
    from kit import author

    folder = author.new(id)
    out.print(say("作りました: {path}", path=folder), soft_wrap=True)
    out.print(say("次は kit check {id} と kit open {id} を試してください。", id=id))


@app.command(help=say("ワークショップとデータの決まりを確かめます。"))
def check(
    ids: Annotated[
        Many | None, typer.Argument(help=say("ワークショップの ID（なければ全部とデータ）"))
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help=say("訳が 1 文でも欠けるか古ければ、直すところとします。")),
    ] = False,
    as_json: Json = False,
) -> None:
    from kit import author

    problems = author.check(ids or [], strict=strict)
    if as_json:
        print(json.dumps([_as_dict(p) for p in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            err.print(escape(str(problem)), highlight=False, soft_wrap=True)
        if not problems:
            out.print(say("直すところはありません。"))
    if problems:
        raise typer.Exit(EXIT_FAILED)


def _as_dict(error: KitError) -> dict[str, Any]:
    return {"message": error.message, "where": error.where, "hint": error.hint}


@app.command(help=say("この機械でできること、できないことを調べます。"))
def doctor(as_json: Json = False) -> None:
    from kit import doctor as examine

    findings = examine.examine()
    if as_json:
        print(json.dumps([f.to_dict() for f in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark = {True: "✓", False: "✗", None: "–"}[finding.good]
            out.print(f"{mark} {escape(finding.what)}", highlight=False, soft_wrap=True)
            if finding.advice:
                out.print(f"    → {escape(finding.advice)}", highlight=False, soft_wrap=True)
    if any(f.good is False for f in findings):
        raise typer.Exit(EXIT_FAILED)


for part in (cli_links, cli_lint, cli_bundle, cli_readability):
    part.register(app)


if __name__ == "__main__":
    main()
