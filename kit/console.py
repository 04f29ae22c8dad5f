"""What the ``kit`` commands write on, and end with."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kit.language import say

EXIT_FAILED, EXIT_WRONG, EXIT_INTERRUPTED = 1, 2, 130

out, err = Console(), Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help=say("JSON で出します（スクリプト用）。"))]


def plain_table(*headings: str) -> Table:
    """Return a table without lines, its columns named."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
