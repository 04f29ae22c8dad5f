"""``kit links`` and ``kit desk``: how a class reaches its notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kit.console import err
from kit.language import say

Many = list[str]
Municipalities = Annotated[
    Many,
    typer.Option("--municipality", "-m", help=say("区市町村の名前かコード。all で全 62 区市町村")),
]
Languages = Annotated[Many, typer.Option("--lang", "-l", help=say("言語: ja, en"))]
Workshops = Annotated[
    Many, typer.Option("--workshop", "-w", help=say("ワークショップの ID（くり返せます）"))
]


def links(
    repository: Annotated[str, typer.Argument(help=say("リポジトリの URL"))] = "",
    ref: Annotated[str, typer.Option("--ref", help=say("ブランチかタグ"))] = "main",
    workshop: Workshops = [],  # noqa: B006
    municipality: Municipalities = [],  # noqa: B006
    lang: Languages = [],  # noqa: B006
    kind: Annotated[
        str, typer.Option("--kind", help=say("種類: binder, hub（JupyterHub）"))
    ] = "binder",
    hub: Annotated[
        str,
        typer.Option("--hub", help=say("BinderHub か JupyterHub の URL（なければ mybinder.org）")),
    ] = "",
    site: Annotated[
        str,
        typer.Option("--site", help=say("教材のフォルダーを置いた Web サーバーの URL")),
    ] = "",
    build: Annotated[
        Path, typer.Option("--build", help=say("--site に置いた、kit build のフォルダー"))
    ] = Path("build"),
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help=say("QR シート（PDF）の出力先"))
    ] = None,
    cards: Annotated[
        Path | None,
        typer.Option("--cards", help=say("グループごとの卓上カード（PDF）の出力先")),
    ] = None,
    groups: Annotated[str, typer.Option("--groups", help=say("グループの数"))] = "6",
    poster: Annotated[
        Path | None,
        typer.Option("--poster", help=say("壁や最初のスライドに出す、大きな QR（PDF）の出力先")),
    ] = None,
) -> None:
    """Print a Markdown line a notebook, and write the sheets of QR codes."""
    from kit import links as addresses
    from kit import places
    from kit.publish.codes import groups_of
    from kit.web import only_here

    groups_of(groups)  # said before anything is written
    towns = [town.code for town in places.all_()] if municipality == ["all"] else municipality
    if site:
        made = addresses.site_links(site, build, towns, lang, workshops=workshop)
    else:
        languages = lang or []
        made = addresses.links(
            repository, ref, towns, languages, kind=kind, hub=hub, workshops=workshop
        )
    for link in made:
        print(link.markdown)
    if made and only_here(made[0].app):
        err.print(say("このアドレスは、このパソコンからしか開けません。"), soft_wrap=True)
    if sheet:
        addresses.write_sheet(made, sheet)
        err.print(say("QR シート: {path}", path=sheet), soft_wrap=True)
    if cards:
        addresses.write_cards(made, cards, groups)
        err.print(say("卓上カード: {path}", path=cards), soft_wrap=True)
    if poster:
        addresses.write_posters(made, poster)
        err.print(say("大きな QR: {path}", path=poster), soft_wrap=True)


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
    app.command(
        "links",
        help=say("教材を開くリンクと QR コードを作ります（Binder、JupyterHub、Web サーバー）。"),
    )(links)
    app.command("desk", help=say("参加者のノートブックを、まとめて置きます（JupyterHub 用）。"))(
        desk
    )
