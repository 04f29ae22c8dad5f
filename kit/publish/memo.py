"""A participant's own pages as PDF: the one thing of the studio that the classroom asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kit import furigana
from kit.errors import RunError
from kit.language import current, say
from kit.publish import outputs
from kit.publish.nodes import Node, plain, printable
from kit.publish.pdf import typeset

UNKNOWN = "〓"  # what printers set for a character they have no type for
_CODE = re.compile(r"\(U\+([0-9A-F]{4,6})\)")


def pdf(
    shown: Sequence[Mapping[str, Any]], *, title: str, overline: str, name: str
) -> tuple[bytes, str]:
    """Return pages of `shown` as PDF/UA-1 on A4 in the current language, and what was not set.

    Parameters
    ----------
    shown : sequence of mapping
        Outputs as a notebook holds them (``output_type``, ``data``, ``metadata``).
    title : str
        If there is no heading of level 1 to take it from.
    overline : str
        What these pages belong to; above the title and at the foot of each page.
    name : str
        Of the file, for errors.

    Returns
    -------
    pdf : bytes
        The pages; the same for the same `shown`.
    missing : str
        Characters that no font here has: a person may write anything. ``〓`` stands for them.

    Raises
    ------
    RunError
        If the pages cannot be set.
    CourseError
        If a formula or a chart cannot be drawn.

    Examples
    --------
    >>> output = {"output_type": "display_data", "data": {"text/markdown": "# 計画 🐟"}}
    >>> made, missing = pdf([output], title="", overline="ワークショップ", name="plan.pdf")
    >>> made[:5], missing
    (b'%PDF-', '🐟')
    """
    body = [node for output in shown for node in outputs.shown(output)]
    title, body = _headed(title, body)
    language = current().partition("-")[0]
    data = {
        "title": title,
        "lang": language,
        "author": say("EBPMワークショップキット"),
        "keywords": [],
        "description": " · ".join(part for part in (title, printable(overline)) if part),
        "date": None,
        "overline": printable(overline),
        "footer": " · ".join(part for part in (title, printable(overline)) if part),
        "simulated": False,
        "say": {"simulated": "", "simulated-why": ""},
        "body": body,
    }
    try:
        return typeset("memo", data, where=name, readings=furigana.readings()), ""
    except RunError as error:
        missing = "".join(chr(int(code, 16)) for code in _CODE.findall(error.message))
        if not missing:
            raise
    known = _without(data, dict.fromkeys(map(ord, missing), UNKNOWN))
    return typeset("memo", known, where=name, readings=furigana.readings()), missing


def _headed(title: str, body: list[Node]) -> tuple[str, list[Node]]:
    """Take the title out of the first heading, and leave no level out below it."""
    first = next((node for node in body if node["kind"] == "heading"), None)
    if first is not None and first["level"] == 1:
        title = plain(first["children"])
        body = [node for node in body if node is not first]
    levelled, depth = [], 0
    for node in body:
        if node["kind"] == "heading":
            depth = min(max(1, node["level"] - 1), depth + 1)
            node = {**node, "level": depth}
        levelled.append(node)
    return printable(title), levelled


def _without(value: Any, signs: Mapping[int, str]) -> Any:
    """Return `value` with `signs` replaced in every text."""
    if isinstance(value, str):
        return value.translate(signs)
    if isinstance(value, dict):
        return {key: _without(item, signs) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without(item, signs) for item in value]
    return value
