"""``kit lint``: the materials of a build looked over for what no eye should have to find."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kit.console import EXIT_FAILED, Json, err, out
from kit.language import say


def lint(
    folder: Annotated[
        Path, typer.Argument(help=say("kit build で作ったフォルダー"), show_default=False)
    ],
    as_json: Json = False,
) -> None:
    """Print what is wrong in a build; end with 1 if anything is."""
    from kit import lint as materials

    findings = materials.look(folder)
    if as_json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            err.print(escape(str(finding)), highlight=False, soft_wrap=True)
        out.print(
            say("直すところ: {n} 件", n=len(findings))
            if findings
            else say("直すところはありません。"),
            highlight=False,
        )
    if findings:
        raise typer.Exit(EXIT_FAILED)


def register(app: typer.Typer) -> None:
    """Hang the command into `app`."""
    app.command(
        "lint",
        help=say(
            "できた教材を調べます（言語、図の説明、答えのもれ、ほかの町の名前、機械の名前）。"
        ),
    )(lint)
