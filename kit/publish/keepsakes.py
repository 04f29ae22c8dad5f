"""What a participant takes away on paper, plain data for ``templates/pdf``: the certificate of
attendance, and a form for a memo of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.language import say
from kit.publish.nodes import inline, plain, printable, words
from kit.publish.sheets import Data, colophon, common, simulated

if TYPE_CHECKING:
    from kit.publish.material import Material

_GUIDE = 160  # characters of a guide; a form has one page
_OBJECTIVES = 6
# What a certificate in this language has besides its words.
_CUSTOMS = {
    "ja": {"honorific": "様", "seal": "印", "day": "　　　　年　　　月　　　日"},
    "ja-simple": {"honorific": "さん", "seal": "はんこ", "day": "　　　　ねん　　　がつ　　　にち"},
}


def certificate(material: Material) -> Data:
    """Return the certificate of attendance; name, date and issuer are written by hand."""
    spec = material.spec
    number = say("{minutes} 分", minutes=spec.minutes)
    return {
        **common(material, say("受講証")),
        "title": _titled(say("受講証"), material),
        "workshop": printable(spec.title),
        "say": simulated(material)
        | {
            "heading": say("受講証"),
            "name": say("お名前"),
            "witness": say("下のワークショップを受講されたことを、ここに証します。"),
            "workshop": say("ワークショップ"),
            "objectives": say("取り組んだこと"),
            "principles": say("行動規範"),
            "minutes": say("時間"),
            "place": say("教材の舞台"),
            "date": say("受講日"),
            "issuer": say("発行者"),
            "issuer-hint": say("主催する部署・団体と、代表者の名前"),
            "scope": say("受講したことを示すもので、資格や成績を証明するものではありません。"),
        },
        "minutes": number,
        "customs": _CUSTOMS.get(material.language),
        "programme": printable(material.programme),
        "objectives": [inline(line) for line in spec.objectives[:_OBJECTIVES]],
        "principles": [f"{p.number}. {printable(p.title)}" for p in material.principles],
        "colophon": colophon(material),
    }


def memo_form(material: Material) -> Data:
    """Return the one-page form of an evidence memo, with guide words from the workshop."""
    guide = say("書くこと：だれの、何を、何と比べたか。数字には、単位、期間、出典をそえます。")
    parts = [
        _part(
            say("問い"),
            say("決める人が、いま知りたいことを 1 文で。"),
            say("今日の例：{question}", question=plain(inline(material.spec.question))),
            room=3,
        ),
        _part(say("データが語ること"), guide, _sources(material), room=4),
        _part(
            say("どれくらい確かか"),
            say("数字のゆれ（区間、人数）と、比べ方のかたより。わからないことも書きます。"),
            options=[
                say("くじで分けて比べた"),
                say("ほかの地域や時期と比べた"),
                say("前と後だけを比べた"),
                say("聞き取り、意見"),
            ],
            room=3,
        ),
        _part(
            say("何が分かれば、考えを変えるか"),
            say("反対の結論を支える数字や事実を、先に書いておきます。"),
            room=3,
        ),
        _part(
            say("決めたこと"),
            say("理由を 1 文で。取り残される人がいないかも書きます。"),
            options=[say("進める"), say("直してから進める"), say("見送る"), say("もっと調べる")],
            room=3,
        ),
        _part(say("次の一歩"), say("だれが、いつまでに、何をするか。"), room=3),
    ]
    return {
        **common(material, say("根拠メモ")),
        "title": _titled(say("根拠メモ"), material),
        "workshop": printable(material.spec.title),
        "say": simulated(material)
        | {
            "heading": say("根拠メモ"),
            "date": say("日付"),
            "name": say("書いた人・部署"),
            "reader": say("読む人"),
            "simulated-why": _warned(material),
        },
        "parts": parts,
        "colophon": colophon(material),
    }


def _titled(form: str, material: Material) -> str:
    """Return the title of a document that is a form first, and of a workshop second."""
    return say("{form}：{workshop}", form=form, workshop=printable(material.spec.title))


def _part(
    title: str, guide: str, example: str = "", *, room: int, options: list[str] | None = None
) -> Data:
    """Return a part of the form; `room` is its share of the page."""
    return {
        "title": title,
        "guide": words(guide),
        "example": words(_short(example)),
        "options": [{"letter": "", "text": words(option)} for option in options or ()],
        "room": room,
    }


def _sources(material: Material) -> str:
    """Say where the figures of the class come from, in as many of its sources as fit."""
    parts = [part for c in material.citations for part in c.line(material.language).split(" / ")]
    shown, rest = "", list(parts)
    while rest and len(shown) + len(rest[0]) <= _GUIDE:
        shown += (" / " if shown else "") + rest.pop(0)
    if not shown:
        return _short(parts[0]) if parts else ""
    return say("{sources} ほか", sources=shown) if rest else shown


def _short(text: str) -> str:
    return text if len(text) <= _GUIDE else f"{text[: _GUIDE - 1]}…"


def _warned(material: Material) -> str:
    if not material.spec.simulated:
        return ""
    return say("今日の結果は模擬データです。このメモに写すときは「模擬データ」と書きます。")
