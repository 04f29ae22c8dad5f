"""A sheet of QR codes: plain data for ``templates/pdf/links.typ``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kit.language import NAMES, current, say, using
from kit.publish.nodes import inline, words

if TYPE_CHECKING:
    from kit.links import Link


def links(made: Sequence[Link]) -> dict[str, Any]:
    """Return the sheet of QR codes, in the current language."""
    title = say("ワークショップを開くリンク")
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
        "how": inline(_how(made[0].kind)),
        "links": [_item(link) for link in made],
    }


def _how(kind: str) -> str:
    if kind == "hub":
        return say(
            "カメラで読み取り、席の番号と合言葉を入れると、ブラウザーの中でワークショップが"
            "始まります。名前やメールアドレスはいりません。"
        )
    return say(
        "カメラで読み取ると、ブラウザーの中でワークショップが始まります。"
        "はじめは数分かかることがあります。登録はいりません。"
    )


def _item(link: Link) -> dict[str, Any]:
    """A phone reads the code and gets the app; whoever has a keyboard gets JupyterLab."""
    with using(link.language):
        return {
            "title": inline(link.title),
            "place": words(f"{link.municipality} · {NAMES[link.language]}"),
            "url": link.app,
            "others": [
                {"url": link.url, "name": say("パソコンで開く")},
                {"url": link.phone, "name": say("コードも見る")},
            ],
            "code": {
                "kind": "picture",
                "format": "svg",
                "bytes": _qr(link.app),
                "alt": say("{label} を開く QR コード", label=link.label),
            },
        }


def _qr(url: str) -> bytes:
    """Return `url` as an SVG drawing of a QR code (ISO/IEC 18004)."""
    import segno

    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, scale=4)
    return drawing.getvalue()
