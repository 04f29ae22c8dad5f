"""``kit links`` and ``kit desk``: how a class reaches its notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kit.console import err
from kit.language import NAMES, say

Many = list[str]
Municipalities = Annotated[
    Many,
    typer.Option("--municipality", "-m", help=say("区市町村の名前かコード。all で全 62 区市町村")),
]
Languages = Annotated[Many, typer.Option("--lang", "-l", help=say("言語: ja, en"))]


def links(
    repository: Annotated[str, typer.Argument(help=say("リポジトリの URL"))] = "",
    ref: Annotated[str, typer.Option("--ref", help=say("ブランチかタグ"))] = "main",
    municipality: Municipalities = [],  # noqa: B006
    lang: Languages = [],  # noqa: B006
    kind: Annotated[
        str, typer.Option("--kind", help=say("種類: binder, hub（JupyterHub）"))
    ] = "binder",
    hub: Annotated[
        str,
        typer.Option("--hub", help=say("BinderHub か JupyterHub の URL（なければ mybinder.org）")),
    ] = "",
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help=say("QR シート（PDF）の出力先"))
    ] = None,
) -> None:
    """Print a Markdown line a notebook, and write the sheet of QR codes."""
    from kit import links as addresses
    from kit import places

    towns = [town.code for town in places.all_()] if municipality == ["all"] else municipality
    made = addresses.links(repository, ref, towns, lang or list(NAMES)[:2], kind=kind, hub=hub)
    for link in made:
        print(link.markdown)
    if sheet:
        addresses.write_sheet(made, sheet)
        err.print(say("QR シート: {path}", path=sheet), soft_wrap=True)


def desk(
    output: Annotated[Path, typer.Argument(help=say("出力先のフォルダー"), show_default=False)],
    municipality: Municipalities = [],  # noqa: B006
    lang: Languages = [],  # noqa: B006
) -> None:
    """Lay the participants' notebooks into a folder, for a JupyterHub or a repository."""
    from kit import binder, places

    towns = [places.find(town) for town in municipality if town != "all"] or None
    laid, left_out = binder.furnish(output, towns, lang)
    for problem in left_out:
        err.print(str(problem), soft_wrap=True, markup=False)
    err.print(
        say("{n} 冊のノートブックを {path} に置きました。", n=laid, path=output / "desk"),
        soft_wrap=True,
    )


def register(app: typer.Typer) -> None:
    """Hang both commands into `app`."""
    app.command("links", help=say("ノートブックを開くリンクを作ります（Binder、JupyterHub）。"))(
        links
    )
    app.command("desk", help=say("参加者のノートブックを、まとめて置きます（JupyterHub 用）。"))(
        desk
    )
