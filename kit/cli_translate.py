"""``kit translate``: catalogues begun, kept in step, counted, and sent to volunteers as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from kit.console import EXIT_FAILED, Json, err, out, plain_table
from kit.errors import CourseError, KitError
from kit.language import LANGUAGES, SOURCE, say


class _Group(TyperGroup):
    """``kit translate ID`` means ``kit translate merge ID``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["merge", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="translate",
    help=say("翻訳ファイルを作り、今の日本語に合わせ、進みぐあいを調べます。"),
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode=None,
)

ID = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help=say("ワークショップの ID、キット自身の言葉は kit、全部は all"),
        show_default=False,
    ),
]
One = Annotated[str, typer.Option("--lang", "-l", help=say("言語"), show_default=False)]
Many = Annotated[list[str], typer.Option("--lang", "-l", help=say("言語（くり返せます）"))]


@app.command(help=say("訳す文のひな形（.pot）を作ります。"))
def extract(
    id: ID,
    output: Annotated[
        Path, typer.Option("--output", "-o", help=say("出力先のフォルダー"))
    ] = Path(),
) -> None:
    from kit.files import write_whole
    from kit.translation import books, merge

    for book in books.books(id):
        path = output / f"{book.id}.pot"
        try:
            output.mkdir(parents=True, exist_ok=True)
            write_whole(path, merge.template(book.messages(None), book.id))
        except OSError as error:
            raise CourseError(
                say("ファイルを書けませんでした: {reason}", reason=error.strerror or error),
                where=str(path),
            ) from None
        out.print(say("作りました: {path}", path=path), soft_wrap=True, highlight=False)


@app.command(help=say("翻訳ファイル（.po）を今の日本語に合わせます。"))
def merge(id: ID, lang: Many = []) -> None:  # noqa: B006 (typer reads the default)
    from kit import author

    done, failed = [], []
    for book, language in _asked(id, lang):
        try:
            done.append(author.merge(book.id, language))
        except KitError as error:
            failed.append(error)
    _show(done)
    _tell(failed)


@app.command(help=say("訳の進みぐあいを表示します。"))
def status(id: ID = "all", lang: Many = [], as_json: Json = False) -> None:  # noqa: B006
    from kit.translation import books

    found = [books.status(book, language) for book, language in _asked(id, lang)]
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        _show(found)


@app.command(help=say("訳す量を数えます。"))
def stats(id: ID, as_json: Json = False) -> None:
    from kit.translation import books

    found = [(book.id, part) for book in books.books(id) for part in books.stats(book)]
    if as_json:
        rows = [{"id": id, **asdict(part)} for id, part in found]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = plain_table(say("ファイル"), say("文"), say("日本語の文字"))
    for _, part in found:
        table.add_row(part.part, f"{part.messages:,}", f"{part.characters:,}")
    total = [sum(getattr(p, name) for _, p in found) for name in ("messages", "characters")]
    table.add_row(say("合計"), *(f"{number:,}" for number in total))
    out.print(table)


@app.command(help=say("訳を表（CSV）に書き出します。表計算ソフトで訳せます。"))
def export(
    id: ID,
    file: Annotated[Path, typer.Argument(help=say("書き出す CSV ファイル"), show_default=False)],
    lang: One,
) -> None:
    from kit.translation import books, sheet

    rows = sheet.export(_one(id), books.translatable(lang), file)
    out.print(say("{rows} 行を書き出しました: {path}", rows=rows, path=file), soft_wrap=True)


@app.command("import", help=say("表（CSV）に書かれた訳を取りこみます。"))
def import_(
    id: ID,
    file: Annotated[Path, typer.Argument(help=say("訳の入った CSV ファイル"), show_default=False)],
    lang: One,
) -> None:
    from kit.translation import books, sheet

    taken = sheet.take(_one(id), books.translatable(lang), file)
    for note in taken.notes:
        err.print(escape(note), highlight=False, soft_wrap=True)
    out.print(
        say(
            "取りこんだ訳 {changed}、そのままの行 {unchanged}",
            changed=taken.changed,
            unchanged=taken.unchanged,
        ),
        highlight=False,
    )


def _one(id: str) -> Any:
    from kit.translation import books

    if id == books.ALL:
        raise CourseError(
            say("表は、ひとつずつ作ります。"), hint=say("all の代わりに ID を書いてください。")
        )
    return books.books(id)[0]


def _asked(id: str, languages: list[str]) -> Iterator[tuple[Any, str]]:
    """Yield each book with each language asked for; by default, with those it is written in, or
    the first it would be."""
    from kit.translation import books

    chosen = [books.translatable(language) for language in languages]
    first = next(tag for tag in LANGUAGES if tag != SOURCE)
    for book in books.books(id):
        for language in chosen or book.languages() or [first]:
            yield book, language


def _show(found: list[Any]) -> None:
    if not found:
        return
    heads = (say("言語"), say("文"), say("未訳"), say("見直し"), say("使わない訳"))
    table = plain_table("ID", *heads, say("元と同じ"), say("こわれた訳"))
    for one in found:
        numbers = (one.total, one.missing, one.fuzzy, one.obsolete, one.same, one.damaged)
        name = one.language if one.declared else f"({one.language})"
        table.add_row(one.id, name, *map(str, numbers))
    out.print(table)


def _tell(failed: list[KitError]) -> None:
    for error in failed:
        err.print(escape(str(error)), style="red", highlight=False, soft_wrap=True)
    if failed:
        raise typer.Exit(EXIT_FAILED)
