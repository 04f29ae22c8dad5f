"""A sheet of QR codes: plain data for ``templates/pdf/links.typ``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.language import NAMES, current, say
from kit.publish.nodes import inline, words

if TYPE_CHECKING:
    from kit.binder import Link


def links(made: Sequence[Link]) -> dict[str, Any]:
    """Return the sheet of QR codes, in the current language."""
    title = say("ノートブックを開くリンク")
    return {
        "title": title,
        "lang": current().split("-")[0],
        "region": None,
        "author": say("EBPMワークショップキット"),
        "keywords": [],
        "description": title,
        "date": None,
        "footer": title,
        "simulated": False,
        "say": {"simulated": "", "simulated-why": ""},
        "how": inline(
            say(
                "カメラで読み取ると、ブラウザーの中でノートブックが開きます。"
                "はじめは数分かかることがあります。登録はいりません。"
            )
        ),
        "links": [
            {
                "title": inline(link.title),
                "place": words(f"{link.municipality} · {NAMES[link.language]}"),
                "url": link.phone,
                "code": {
                    "kind": "picture",
                    "format": "svg",
                    "bytes": _qr(link.phone),
                    "alt": say("{label} を開く QR コード", label=link.label),
                },
            }
            for link in made
        ],
    }


def _qr(url: str) -> bytes:
    """Return `url` as an SVG drawing of a QR code (ISO/IEC 18004)."""
    import segno

    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, scale=4)
    return drawing.getvalue()
