"""QR codes on paper: a sheet of all links, a card for each group's table, a page for the wall.

Each code stands beside its address in letters, for whoever types, and beside a plan for a room
without internet. Codes are ISO/IEC 18004 at level M or better, black on white, with the quiet zone
of four modules; one whose modules would print too fine for a phone is refused.
"""

from __future__ import annotations

import io
import re
import unicodedata
import urllib.parse
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kit.errors import ParameterError
from kit.language import about, current, say, using
from kit.publish.nodes import inline, words
from kit.publish.rundown import clipped

if TYPE_CHECKING:
    from kit.links import Link
    from kit.publish.material import Material

Data = dict[str, Any]

QUIET = 4  # modules of white on each side
FINEST = 0.35  # mm a module: what a phone reads at arm's length, from office paper
SHEET, COVER, CARD, POSTER = 38, 36, 47, 128  # mm of a code with its quiet zone
MOST_GROUPS = 60
_TITLE = 60  # characters of Japanese that a card has room for
_BREAKS = re.compile(r"(?<=[/?&=])|(?<=%2F)|(?=-)")


def links(made: Sequence[Link]) -> Data:
    """Return the sheet of QR codes, in the current language."""
    title = say("ワークショップを開くリンク")
    return {
        **_page(title),
        "how": inline(_how(made[0].kind)),
        "offline": _offline(""),
        "links": [_item(link, SHEET) for link in made],
    }


def overview(made: Sequence[Link]) -> bytes:
    """Return the sheet of QR codes as PDF, in the language of the first link.

    Parameters
    ----------
    made : sequence of Link
        See :func:`kit.links.links` and :func:`kit.links.site_links`.

    Raises
    ------
    ParameterError
        If an address is too long for its code.
    RunError
        If it cannot be set.
    """
    from kit.publish.pdf import typeset

    with using(made[0].language):
        return typeset("links", links(made), where="links.pdf", readings={})


def cards(made: Sequence[Link], groups: int) -> bytes:
    """Return the cards for the tables as PDF: A6, four to a page of A4, for each link.

    Parameters
    ----------
    made : sequence of Link
        Each card speaks its link's language.
    groups : int
        How many groups there are.

    Raises
    ------
    ParameterError
        If an address is too long for its code.
    RunError
        If it cannot be set.
    """
    with using(made[0].language):
        return _placards(say("卓上の QR カード"), [], made, groups)


def posters(made: Sequence[Link]) -> bytes:
    """Return one large code a page as PDF, for each link.

    Parameters
    ----------
    made : sequence of Link
        Each page speaks its link's language.

    Raises
    ------
    ParameterError
        If an address is too long for its code.
    RunError
        If it cannot be set.
    """
    with using(made[0].language):
        return _placards(say("壁にはる QR コード"), made, [], 0)


def sheet(material: Material, groups: int = 6) -> bytes:
    """Return the QR sheet of one run as PDF: a page for the wall, then cards for the groups.

    Parameters
    ----------
    material : Material
        One executed run; the first of its `links` is what the codes open.
    groups : int
        How many groups there are.

    Raises
    ------
    ParameterError
        If it has no link, or the address is too long for its code.
    RunError
        If it cannot be set.
    """
    from kit.links import SITE, Link

    address = next(iter(material.links.values()), "")
    if not re.match(r"https?://", address):
        raise ParameterError(
            say("QR コードにするリンクがありません。"),
            where=material.spec.id,
            hint=say("教材を置く場所を決めてから、kit links --site で作れます。"),
        )
    town = material.municipality
    place = town.name if town else ""
    link = Link(material.spec.title, place, material.language, "", "", address, SITE)
    with using(material.language):
        return _placards(say("QR シート"), [link], [link], groups)


def groups_of(typed: str | int) -> int:
    """Return how many groups are meant.

    Raises
    ------
    ParameterError
        If it is not a whole number from 1 to 60.

    Examples
    --------
    >>> groups_of("８")
    8
    """
    text = unicodedata.normalize("NFKC", str(typed)).strip()
    if re.fullmatch(r"[0-9]{1,4}", text) and 1 <= int(text) <= MOST_GROUPS:
        return int(text)
    raise ParameterError(
        say(
            "グループの数は 1 から {most} までの整数です: {typed}",
            most=MOST_GROUPS,
            typed=str(typed)[:40],
        ),
        where="--groups",
    )


def _placards(title: str, walls: Sequence[Link], tables: Sequence[Link], groups: int) -> bytes:
    from kit.publish.pdf import typeset

    numbers = range(1, groups + 1)
    data = {
        **_page(title),
        "posters": [_placard(link, POSTER, 0) for link in walls],
        "cards": [_placard(link, CARD, number) for link in tables for number in numbers],
    }
    return typeset("qr", data, where="qr.pdf", readings={})


def _page(title: str) -> Data:
    return {
        "title": title,
        "lang": current().split("-")[0],
        "author": say("EBPMワークショップキット"),
        "keywords": [],
        "description": title,
        "date": None,
        "footer": title,
        "simulated": False,
        "say": {"simulated": "", "simulated-why": "", "offline": say("つながらないとき")},
    }


def _how(kind: str) -> str:
    if kind == "hub":
        return say(
            "カメラで読み取り、席の番号と合言葉を入れると、ブラウザーの中でワークショップが"
            "始まります。名前やメールアドレスはいりません。"
        )
    if kind == "binder":
        return say(
            "カメラで読み取ると、ブラウザーの中でワークショップが始まります。"
            "はじめは数分かかることがあります。登録はいりません。"
        )
    return say("カメラで読み取ると、教材のページが開きます。登録はいりません。")


def _steps(kind: str) -> list[str]:
    opened = {
        "hub": say("席の番号と合言葉を入れる。名前はいりません。"),
        "binder": say("開くまで待つ。はじめは数分かかります。"),
    }
    return [
        say("カメラを QR コードに向けて、出てきたリンクを押す。"),
        opened.get(kind, say("開いたページを、上から読みながら進む。")),
        say("手が止まったら、この札を立てる。進行役が行きます。"),
    ]


def _offline(folder: str) -> list[str]:
    """Say where the same materials are when the network is not there."""
    page = f"{clipped(folder)}/handout.html" if folder else "handout.html"
    return [
        say("紙で：ワークシート（worksheet.pdf）と電卓で、同じ答えまで行けます。"),
        say("USB メモリか共有フォルダーで：{page} を開きます。", page=page),
        say("となりのグループの画面を、いっしょに見ます。"),
    ]


def _item(link: Link, mm: float) -> Data:
    """A phone reads the code and gets the app; whoever has a keyboard gets JupyterLab."""
    with using(link.language):
        (_, main), *others = link.views
        return {
            "lang": link.language.split("-")[0],
            "title": inline(clipped(link.title, _TITLE)),
            "place": words(f"{clipped(link.municipality, _TITLE)} · {about(link.language).name}"),
            "url": main,
            "typed": [part for part in _BREAKS.split(main) if part],
            "door": link.door,
            "door-typed": _typed(link.door),
            "others": [{"url": url, "name": name} for name, url in others],
            "code": picture(
                main, mm, say("{label} を開く QR コード", label=clipped(link.label, 2 * _TITLE))
            ),
        }


def _typed(address: str) -> str:
    """Return an address as a person types it: Japanese, not its percent signs.

    Examples
    --------
    >>> _typed("https://a.example/%E6%95%99%E6%9D%90/"), _typed("https://a.example/a%20b")
    ('https://a.example/教材/', 'https://a.example/a%20b')
    """
    # A space, a mark with a meaning or a letter no font here has stays as it is in the code.
    text = re.sub(r"(?:%[89A-F][0-9A-F])+", lambda run: urllib.parse.unquote(run[0]), address)
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return address
    return text if not re.search(r"[\s\ufffd]", text) else address


def _placard(link: Link, mm: float, group: int) -> Data:
    with using(link.language):
        return {
            **_item(link, mm),
            "say": {
                "named": say("グループ {number}", number=group),
                "type": say("打つとき"),
                "door": say("短いアドレス（開いたら、一覧から選びます）"),
                "offline": say("つながらないとき"),
                "where": say("置き場所"),
            },
            "how": inline(_how(link.kind)),
            "steps": _steps(link.kind),
            "offline": _offline(link.folder),
            "mm": mm,
        }


def picture(url: str, mm: float, alt: str) -> Data:
    """Return `url` as a QR code, a picture node for Typst.

    Parameters
    ----------
    url : str
        What a phone opens.
    mm : float
        How wide it is printed, its quiet zone included.
    alt : str
        What it is, in words.

    Raises
    ------
    ParameterError
        If a phone could not read it at that size.

    Examples
    --------
    >>> picture("https://example.jp", 25, "a code")["format"]
    'svg'
    """
    return {"kind": "picture", "format": "svg", "bytes": _drawn(url, mm), "alt": alt}


@lru_cache(maxsize=256)
def _drawn(url: str, mm: float) -> bytes:
    import segno

    try:
        code = segno.make(url, error="m", micro=False)
        fine = mm / code.symbol_size(border=QUIET)[0] < FINEST
    except segno.DataOverflowError:
        fine = True
    if fine:
        raise ParameterError(
            say("アドレスが長すぎて、{mm} mm の QR コードでは読み取れません。", mm=mm),
            where=say("{start}…（{n} 文字）", start=url[:60], n=len(url)),
            hint=say("短いアドレスから転送するか、フォルダーの名前を短くしてください。"),
        )
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", xmldecl=False, scale=4, border=QUIET, light="white")
    return drawing.getvalue()
