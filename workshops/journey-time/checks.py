"""What each blank of journey-time should hold, for every town, procedure and parameter.

Expected values come from the same survey, exercise values and parameters as the notebook. Each
rival is a mistake people really make; the check names it instead of saying "wrong".
"""

from functools import lru_cache

from kit import design
from kit.checks import Rival, number
from kit.design import wording


def outside(lesson, answer):
    """Check minutes spent outside the counter, by a person who applies there."""
    journey = _procedure(lesson.procedure, lesson.municipality).journey()
    total = journey.minutes()
    counter = journey.minutes(channel="counter")
    return number(
        answer,
        expected=total - counter,
        # Whoever reads total and share from the sentence below has both rounded.
        tolerance=0.51 + 0.005 * total,
        unit="count",
        why_right=lesson.text(
            "窓口の外で{outside:.0f}分、窓口で{counter:.0f}分です。",
            outside=total - counter,
            counter=counter,
        ),
        rivals=[
            Rival(
                counter,
                lesson.text("それは窓口にいる時間だけの値です。会議の紙と同じ数え方になっています。"),
            ),
            Rival(total, lesson.text("それは合計です。窓口にいる時間を引いてください。")),
            Rival(
                (total - counter) / 60,
                lesson.text("それは時間（60分を1）の値です。ここは分で答えます。"),
                tolerance=0.06,
            ),
            Rival(
                (total - counter) / total,
                lesson.text("それは割合です。ここは何分かを答えます。"),
                tolerance=0.0051,
            ),
            Rival(
                100 * (total - counter) / total,
                lesson.text("それは割合（%）です。ここは何分かを答えます。"),
                tolerance=0.51,
            ),
            Rival(
                total + counter,
                lesson.text("足しています。合計には、窓口にいる時間がもう入っているので、引きます。"),
            ),
        ],
        hint=lesson.text("旅の合計から、窓口にいる時間を引きます。"),
    )


def hours_a_year(lesson, answer):
    """Check hours a year of all applicants in the town."""
    procedure, service = _subject(lesson)
    minutes = service.burden().minutes.likely
    cases = service.cases
    counter = service.journey.minutes(online_share=service.online_share, channel="counter")
    expected = minutes * cases / 60
    return number(
        answer,
        expected=expected,
        tolerance=_near(expected),
        unit="hours",
        why_right=lesson.text(
            "1件は{minutes:.0f}分、それが{cases}。分を60で割って、時間になりました。",
            minutes=minutes,
            cases=wording.count(cases),
        ),
        rivals=[
            _mistake(
                minutes * cases,
                lesson.text("それは分のままの値です。60で割ると、時間になります。"),
            ),
            _mistake(
                minutes / 60,
                lesson.text("それは1件の時間です。1年の件数をかけ忘れています。"),
            ),
            _mistake(
                minutes * procedure.applications / 60,
                lesson.text(
                    "それは全国の時間です。{town}の件数（人口からの推計）をかけてください。",
                    town=lesson.municipality.name,
                ),
            ),
            _mistake(
                counter * cases / 60,
                lesson.text(
                    "それは窓口にいる時間だけの値です。調べる、集める、出かける、待つ時間も住民の時間です。"
                ),
            ),
            *(
                [
                    _mistake(
                        expected * lesson.wage,
                        lesson.text("それは円です。ここは時間までで、1時間のねうちはまだかけません。"),
                    )
                ]
                if lesson.wage > 1
                else []
            ),
            _mistake(
                service.journey.minutes() * cases / 60,
                lesson.text(
                    "それは全員が窓口で申請したときの時間です。オンラインの人も入れた平均（minutes）を使います。"
                ),
            ),
            _mistake(minutes * cases * 60, lesson.text("60をかけています。分を時間にするには、60で割ります。")),
            _mistake(
                minutes * cases / 3600,
                lesson.text("60で2回割っています。分から時間へは、1回です。"),
            ),
        ],
        hint=lesson.text("1件の分 × 1年の件数 ÷ 60 です。"),
    )


def yen_a_year(lesson, answer):
    """Check the value of those hours."""
    procedure, service = _subject(lesson)
    hours = service.burden().hours.likely
    minutes = service.burden().minutes.likely
    expected = hours * lesson.wage
    return number(
        answer,
        expected=expected,
        tolerance=_near(expected),
        unit="yen",
        why_right=lesson.text(
            "住民の時間のねうちは年に{yen}。1時間{wage:,}円は仮の値なので、桁で読みます。",
            yen=wording.yen(expected),
            wage=lesson.wage,
        ),
        rivals=[
            _mistake(hours, lesson.text("それは時間です。1時間のねうちをかけてください。")),
            _mistake(
                hours * 60 * lesson.wage,
                lesson.text("分に1時間のねうちをかけています。時間にかけてください。"),
            ),
            _mistake(
                minutes / 60 * lesson.wage,
                lesson.text("それは1件のねうちです。1年の件数をかけ忘れています。"),
            ),
            _mistake(
                minutes * procedure.applications / 60 * lesson.wage,
                lesson.text(
                    "それは全国の値です。{town}の時間にかけてください。",
                    town=lesson.municipality.name,
                ),
            ),
        ],
        hint=lesson.text("1年の時間 × 1時間のねうち です。"),
    )


def saved_by_papers(lesson, answer):
    """Check hours a year given back by asking for fewer papers."""
    procedure, service = _subject(lesson)
    change = design.Change(once_only=lesson.once_only)
    before = service.burden()
    after = service.simplify(change).burden()
    saved = design.saving(before, after)
    if saved.hours:
        why = lesson.text(
            "年に{hours}が住民に返ります。書類は{papers:.0%}減り、時間は{share:.0%}減りました。2つの割合は同じではありません。",
            hours=wording.hours(saved.hours),
            papers=lesson.once_only,
            share=saved.share,
        )
    elif procedure.attachments:
        why = lesson.text("書類を1つも減らさない設定なので、0時間です。")
    else:
        why = lesson.text(
            "この手続きは書類を求めていないので、0時間です。別の道具が要ると分かりました。"
        )
    return number(
        answer,
        expected=saved.hours,
        tolerance=_near(saved.hours),
        unit="hours",
        why_right=why,
        rivals=[
            _mistake(after.hours.likely, lesson.text("それは残った時間です。前から後を引いてください。")),
            _mistake(
                before.hours.likely,
                lesson.text("それは減らす前の時間です。減らしたあとの時間を引いてください。"),
            ),
            _mistake(
                -saved.hours,
                lesson.text("引く順番が逆です。減った分が正の数になるように、前から後を引きます。"),
            ),
            _mistake(
                before.hours.likely * lesson.once_only,
                lesson.text("書類の割合を、そのまま時間にかけた値です。書類と関係のない時間は減りません。"),
            ),
            _mistake(
                saved.minutes,
                lesson.text("それは1件で減る分です。1年の時間どうしを引いてください。"),
            ),
            Rival(
                saved.share,
                lesson.text("それは減る割合です。ここは、1年に何時間返るかを答えます。"),
                tolerance=0.0051,
            ),
            Rival(
                100 * saved.share,
                lesson.text("それは減る割合（%）です。ここは、1年に何時間返るかを答えます。"),
                tolerance=0.51,
            ),
            _mistake(
                saved.hours * 60,
                lesson.text("それは分のままの値です。60で割ると、時間になります。"),
            ),
        ],
        hint=lesson.text("前の時間から、後の時間を引きます。"),
    )


@lru_cache(maxsize=8)
def _procedure(key, town):
    return design.procedure(key, town)


def _subject(lesson):
    procedure = _procedure(lesson.procedure, lesson.municipality)
    return procedure, procedure.service(wage=lesson.wage)


def _mistake(value, message):
    # Hours beside yen are a small number: each mistake is as near as its own size allows.
    return Rival(value, message, tolerance=_near(value))


def _near(expected):
    # Rounding on paper is fine: half a per cent; a village's few hours allow a hundredth.
    return max(abs(expected) * 0.005, 0.01)
