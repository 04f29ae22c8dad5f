"""``kit bundle``: a class's materials, notebooks and parts for places without internet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from kit.console import EXIT_INTERRUPTED, Json, err, out
from kit.language import say

if TYPE_CHECKING:
    from kit.bundle import Made

Paths = list[Path]
Many = list[str]


def bundle(
    builds: Annotated[
        Paths,
        typer.Option("--build", "-b", help=say("入れる教材（例 build/half-day。くり返せます）")),
    ] = [],  # noqa: B006 (typer reads the default)
    output: Annotated[Path, typer.Option("--output", "-o", help=say("できるフォルダー"))] = Path(
        "build/ebpm-workshop"
    ),
    as_zip: Annotated[
        bool, typer.Option("--zip", help=say("フォルダーでなく ZIP にします。"))
    ] = False,
    platform: Annotated[
        Many, typer.Option("--platform", help=say("使う PC: windows, linux（くり返せます）"))
    ] = ["windows", "linux"],  # noqa: B006
    python_version: Annotated[
        Many,
        typer.Option(
            "--python-version", help=say("使う PC の Python: 3.11, 3.12, 3.13（くり返せます）")
        ),
    ] = ["3.11", "3.12", "3.13"],  # noqa: B006
    python: Annotated[
        Path | None,
        typer.Option(
            "--python",
            help=say("Python のない Windows のために入れる、Python の ZIP"),
            show_default=False,
        ),
    ] = None,
    wheels: Annotated[
        Path, typer.Option("--wheels", help=say("集めた部品を、次のために取っておくフォルダー"))
    ] = Path("build/wheels"),
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            help=say("コピーしたものが、もとのとおりかを確かめます。"),
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a bundle, or compare one with what it was."""
    from kit import bundle as bundles

    if check is not None:
        checked = bundles.check(check)
        if as_json:
            print(json.dumps({"files": checked.files, "bytes": checked.bytes}, indent=2))
        else:
            out.print(
                say("{n} 個のファイルは、すべて元のとおりです。", n=checked.files), highlight=False
            )
        return
    try:
        made = bundles.make(
            builds,
            output,
            systems=platform,
            versions=python_version,
            python=python,
            wheelhouse=wheels,
            as_zip=as_zip,
            on_step=lambda text: err.print(escape(text), highlight=False, soft_wrap=True),
        )
    except KeyboardInterrupt:
        err.print(say("中断しました。集めた部品は残っています。"))
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if as_json:
        print(json.dumps(_described(made), ensure_ascii=False, indent=2))
    else:
        _show(made)


def _described(made: Made) -> dict[str, object]:
    return {
        "path": made.path.as_posix(),
        "bytes": made.bytes,
        "files": made.files,
        "notebooks": made.notebooks,
        "parts": made.parts,
        "downloaded": made.new,
        "built": list(made.built),
        "seconds": round(made.seconds, 1),
        "notes": list(made.notes),
    }


def _show(made: Made) -> None:
    for note in made.notes:
        out.print(escape(note), highlight=False, soft_wrap=True)
    out.print(
        say(
            "ノートブック {notebooks} 冊、部品 {parts} 個（新しく集めたもの {new} 個）、{mb:,} MB、{seconds:.0f} 秒",
            notebooks=made.notebooks,
            parts=made.parts,
            new=made.new,
            mb=round(made.bytes / 1e6),
            seconds=made.seconds,
        ),
        highlight=False,
    )
    out.print(say("できました: {path}", path=made.path), soft_wrap=True)
    out.print(
        say("コピーした先では、kit bundle --check か start.bat --verify で確かめられます。"),
        highlight=False,
    )


def register(app: typer.Typer) -> None:
    """Hang the command into `app`."""
    app.command(
        "bundle", help=say("インターネットのない場所のために、教材と部品をひとつにまとめます。")
    )(bundle)
