"""A first draft of a procedure's journey: the survey's facts, with exercise values for minutes.

No survey says how long people take. Every number here is a teacher's guess made to be replaced:
each has a shortest, a usual and a longest value, and the class is sent out to measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.design.journey import Journey, Range, Step
from kit.design.survey import attachment_name
from kit.language import say

if TYPE_CHECKING:
    from kit.design.survey import Procedure

# Who issues a certificate: those of one issuer are fetched on one trip.
TOWN = ("resident-record", "family-register", "income-tax", "personal-seal")
REGISTRY = ("company-register", "property-register", "company-seal")
INSURANCE = ("insurance-payment",)

NEAR, FAR = Range(20, 40, 90), Range(30, 80, 180)  # there and back: town office, any other
FETCH = Range(20, 60, 90)  # there and back for certificates (a convenience store at best)
ISSUE = Range(5, 10, 30)  # asking for one certificate and getting it
FEE = 300  # yen a certificate
REDO_SHARE, REDO_PER_PAPER, REDO_MOST = 0.05, 0.05, 0.25


def draft(procedure: Procedure, travel: Range | None = None) -> Journey:
    """Return the journey of `procedure` with exercise values (仮の値).

    Parameters
    ----------
    procedure : Procedure
        What the survey says: papers, office, days.
    travel : Range, optional
        Minutes to the counter and back, instead of the exercise value.
    """
    redo = min(REDO_SHARE + REDO_PER_PAPER * len(procedure.attachments), REDO_MOST)
    way = travel or way_to(procedure)
    steps = [
        Step(
            say("何が必要か調べる"),
            Range(5, 20, 60),
            kind="learning",
            emotion=-1,
            front=say("ホームページ、お知らせ、電話"),
            back=say("要綱を読みかえて案内文を書く"),
        ),
        Step(
            say("電話で確かめる"),
            Range(5, 10, 20),
            channel="phone",
            kind="learning",
            share=0.3,
            emotion=-1,
            front=say("電話に出る"),
            back=say("担当に確かめる"),
        ),
        *_papers(procedure),
        *_at_the_counter(procedure, way, redo),
        *_online(redo),
        *_afterwards(procedure),
    ]
    return Journey(
        procedure.title,
        tuple(steps),
        source=say("仮の値：教室用の見積もり。自分の窓口で測って直します"),
    )


def _papers(procedure: Procedure) -> list[Step]:
    steps = []
    for category in procedure.attachments:
        name = attachment_name(category)
        issuer = next((i for i in (TOWN, REGISTRY, INSURANCE) if category in i), None)
        if issuer is None:
            steps.append(
                Step(
                    say("{paper}をそろえる", paper=name),
                    Range(10, 30, 90),
                    documents=1,
                    emotion=-1,
                    back=say("届いた書類を1通ずつ確かめる"),
                )
            )
            continue
        together = sum(category in issuer for category in procedure.attachments)
        same_house = issuer is TOWN and procedure.at_town_office
        if same_house:
            steps.append(
                Step(
                    say("同じ庁舎の別の窓口で{paper}を取る", paper=name),
                    Range(5, 15, 40),
                    channel="office",
                    path="counter",
                    documents=1,
                    yen=FEE,
                    emotion=-1,
                    front=say("証明書を出す"),
                    back=say("証明書を見て同じ内容を入力する"),
                    system=say("もとのデータは庁内にある"),
                )
            )
        steps.append(
            Step(
                say("オンラインでも{paper}は取りに行く", paper=name)
                if same_house
                else say("{paper}を取りに行く", paper=name),
                Range(
                    FETCH.low / together + ISSUE.low,
                    FETCH.likely / together + ISSUE.likely,
                    FETCH.high / together + ISSUE.high,
                ),
                channel="office",
                path="online" if same_house else "all",
                trips=1 / together,
                documents=1,
                yen=FEE,
                emotion=-1,
                front=say("証明書を出す"),
                back=say("証明書を見て同じ内容を入力する"),
                system=say("もとのデータは役所にある"),
            )
        )
    return steps


def way_to(procedure: Procedure) -> Range:
    """Return the exercise value for the way to the counter and back, minutes."""
    return NEAR if procedure.at_town_office else FAR


def _at_the_counter(procedure: Procedure, way: Range, redo: float) -> list[Step]:
    fare = 300 if procedure.at_town_office else 600
    return [
        Step(say("申請書に書く"), Range(5, 15, 30), path="counter", front=say("記入例を置く")),
        Step(
            say("時間をつくって窓口へ行き、帰る"),
            way,
            channel="travel",
            path="counter",
            trips=1,
            yen=fare,
            emotion=-1,
        ),
        Step(
            say("窓口で順番を待つ"),
            Range(5, 20, 60),
            channel="waiting",
            path="counter",
            emotion=-1,
            front=say("順番に呼ぶ"),
        ),
        Step(
            say("窓口で手続きする"),
            Range(5, 10, 20),
            channel="counter",
            path="counter",
            front=say("受け付け、書類を確かめる"),
            back=say("申請書の内容を入力する"),
            system=say("業務システム"),
        ),
        Step(
            say("足りないものがあって出直す"),
            Range(way.low + 10, way.likely + 30, way.high + 60),
            channel="travel",
            path="counter",
            share=redo,
            redo=True,
            trips=1,
            yen=fare,
            emotion=-2,
            front=say("足りない書類を伝える"),
            back=say("預かった申請を保管する"),
        ),
    ]


def _online(redo: float) -> list[Step]:
    return [
        Step(
            say("ログインして本人確認をする"),
            Range(3, 10, 30),
            channel="online",
            path="online",
            emotion=-1,
            system=say("申請システム、本人確認"),
        ),
        Step(
            say("画面に入力する"),
            Range(5, 15, 40),
            channel="online",
            path="online",
            front=say("入力画面"),
            back=say("届いた申請を確かめる"),
            system=say("申請システム"),
        ),
        Step(
            say("差し戻されて送りなおす"),
            Range(5, 20, 60),
            channel="online",
            path="online",
            share=redo,
            redo=True,
            emotion=-2,
            front=say("差し戻しの通知を送る"),
            back=say("不備を見つけて差し戻す"),
            system=say("申請システム"),
        ),
    ]


def _afterwards(procedure: Procedure) -> list[Step]:
    steps = []
    if procedure.processing_days:
        steps.append(
            Step(
                say("結果を待つ"),
                kind="psychological",
                days=procedure.processing_days,
                emotion=-1,
                back=say("審査して、決定する"),
                system=say("業務システム"),
            )
        )
        steps.append(
            Step(
                say("どうなったか問い合わせる"),
                Range(5, 10, 20),
                channel="phone",
                kind="psychological",
                share=0.1,
                emotion=-2,
                front=say("電話に出る"),
                back=say("書類をさがして答える"),
            )
        )
    steps.append(
        Step(
            say("結果を受け取って確かめる"),
            Range(2, 5, 10),
            emotion=1,
            front=say("通知を送る、渡す"),
            system=say("台帳に記録する"),
        )
    )
    return steps
