"""What each exercise of rct-letters expects, computed from the lesson's own data and parameters."""

import unicodedata
from functools import lru_cache

from kit import data, evidence
from kit.checks import Rival, blank, not_yet, number, right
from kit.language import say

_LETTER = {"above": "A", "below": "B", "across": "C"}
KNOWN_BEFORE = ("age", "sex", "last_year", "neighbourhood")


def limits(municipality):
    """Return the ranges that the town's population sets."""
    return {"letters": (40, data.eligible(municipality))}


def advice(municipality, parameter):
    """Return what to do where a town is too small for the number of letters."""
    return say(
        "{town}の 40〜74 歳は約 {most:,} 人です。"
        "通知の数を {most:,} 以下にすると、練習として実施できます"
        "（見つけられるのは、とても大きな差だけです）。"
        "実際の事業では、近くの区市町村と合同で行う、"
        "地区ごとに時期をずらして全員に行きわたらせる、聞き取りで深く知る、"
        "の 3 つから選んでください。",
        town=municipality.name,
        most=data.eligible(municipality),
    )


@lru_cache(maxsize=8)
def _experiment(code, letters, baseline, effect, seed):
    world = data.world(
        "checkup-letters",
        municipality=code,
        n=letters,
        baseline=baseline,
        effect=min(max(effect, -baseline), 1 - baseline),
        seed=seed,
    )
    letter = evidence.randomise(world.people, seed=seed)
    people = world.people.assign(letter=letter, attended=world.outcomes(letter))
    result = evidence.difference_in_means(people, outcome="attended", treatment="letter")
    return world, people, result


def _of(lesson):
    return _experiment(
        lesson.municipality.code, lesson.letters, lesson.baseline, lesson.effect, lesson.seed
    )


def new_rate(lesson, answer):
    """The attendance to plan for: the usual one and five points."""
    usual = lesson.baseline
    return number(
        answer,
        expected=usual + 0.05,
        tolerance=0.0006,
        unit="share",
        why_right=lesson.text(
            "従来の {usual:.0%} に 5 ポイントを足して {new:.0%} です。",
            usual=usual,
            new=usual + 0.05,
        ),
        rivals=[
            Rival(
                0.05,
                lesson.text("それは差そのものです。従来の受診率に、差を足します。"),
            ),
            Rival(
                usual * 1.05,
                lesson.text("それは「5％ 増し」です。5 ポイントは、受診率に 0.05 を足します。"),
            ),
            Rival(
                usual - 0.05,
                lesson.text("引いています。見つけたいのは、増える差です。"),
            ),
            Rival(
                usual + 5,
                lesson.text(
                    "5 ポイントは、割合で書くと 0.05 です。5 を足すと 500 ポイントも増えてしまいます。"
                ),
            ),
            Rival(
                usual + 0.5,
                lesson.text("5 ポイントは 0.05 です。0.5 を足すと、50 ポイント増えてしまいます。"),
            ),
            Rival(usual, lesson.text("それは従来の受診率のままです。見つけたい差を足します。")),
        ],
        hint=lesson.text("従来の受診率に、5 ポイントを割合で書いた数を足します。"),
    )


def difference(lesson, answer):
    """New minus usual, with the comparisons that mislead as rivals."""
    world, people, result = _of(lesson)
    new, usual = (arm.mean for arm in result.arms)
    record = world.history()
    sent = record[record["letter"] == 1]["attended"].mean()
    unsent = record[record["letter"] == 0]["attended"].mean()
    rivals = [
        Rival(
            sent - unsent,
            lesson.text(
                "それは鈴木さんの記録の「送った人 − 送らなかった人」です。送る人を選んでいたので、"
                "もともと受ける人が混ざっています。くじで分けた表の数字を使います。"
            ),
        ),
        Rival(
            record["attended"].mean() - record["last_year"].mean(),
            lesson.text(
                "それは前の年との比較です。その年に起きたほかのことも、いっしょに数えています。"
            ),
        ),
        Rival(
            people["attended"].mean() - people["last_year"].mean(),
            lesson.text(
                "それは前の年との比較です。2 つの手紙を受け取った人どうしを、同じ年で比べます。"
            ),
        ),
        Rival(new, lesson.text("それは新しい通知文の受診率です。従来の通知文の受診率を引きます。")),
        Rival(usual, lesson.text("それは従来の通知文の受診率です。新しい通知文から引きます。")),
    ]
    if usual > 0:
        rivals.append(
            Rival(
                new / usual - 1,
                lesson.text("それは「何％ 増しか」という比です。ここでは引き算の差を書きます。"),
            )
        )
        rivals.append(
            Rival(new / usual, lesson.text("割り算になっています。新しい方から従来を引きます。"))
        )
    return number(
        answer,
        expected=result.estimate,
        # Whoever rounds each rate to 0.1 point may be off by a point's tenth.
        tolerance=0.0011,
        unit="share",
        why_right=lesson.text(
            "新しい通知文 {new:.1%}、従来の通知文 {usual:.1%}。差は {gap}です。",
            new=new,
            usual=usual,
            gap=evidence.amount(result.estimate, "share"),
        ),
        rivals=rivals,
        hint=lesson.text("（受診した人 ÷ 送った人）を 2 つ作り、新しい方から従来を引きます。"),
    )


def low(lesson, answer):
    """The lower end of the interval."""
    return _end(lesson, answer, -1)


def high(lesson, answer):
    """The upper end of the interval."""
    return _end(lesson, answer, +1)


def _end(lesson, answer, side):
    _, _, result = _of(lesson)
    reach = 1.96 * result.standard_error
    exact = result.confidence_interval[0 if side < 0 else 1]
    expected = result.estimate + side * reach
    if side < 0:
        told = lesson.text("下の端は {end}です。", end=evidence.amount(expected, "share"))
        hint = lesson.text("差 − 1.96 × 標準誤差 を計算します。")
    else:
        told = lesson.text("上の端は {end}です。", end=evidence.amount(expected, "share"))
        hint = lesson.text("差 ＋ 1.96 × 標準誤差 を計算します。")
    return number(
        answer,
        expected=expected,
        # Whoever remembers 1.96 as 2 has understood it.
        tolerance=max(0.0006, 0.05 * result.standard_error),
        unit="share",
        why_right=told,
        rivals=[
            Rival(
                exact,
                lesson.text("それはパソコンの区間です。少人数では、手計算より少し広くなります。"),
            ),
            Rival(
                result.estimate - side * reach,
                lesson.text("上と下が逆です。"),
            ),
            Rival(
                result.estimate + side * result.standard_error,
                lesson.text("1.96 を掛け忘れています。このままだと、68％ の区間です。"),
            ),
            Rival(
                result.estimate + side * 1.645 * result.standard_error,
                lesson.text("1.645 を掛けると、90％ の区間です。95％ の区間は、1.96 を掛けます。"),
            ),
            Rival(
                result.estimate + side * 2.576 * result.standard_error,
                lesson.text("2.58 を掛けると、99％ の区間です。95％ の区間は、1.96 を掛けます。"),
            ),
            Rival(
                side * reach - result.estimate,
                lesson.text("差の符号が逆です。新しい通知文から、従来の通知文を引いた差を使います。"),
            ),
            Rival(result.standard_error, lesson.text("それは標準誤差です。1.96 を掛けて、差に足し引きします。")),
            Rival(
                result.estimate + side * 1.96,
                lesson.text("標準誤差を掛け忘れています。"),
            ),
            Rival(result.estimate, lesson.text("それは差そのものです。")),
            Rival(side * reach, lesson.text("それは幅だけです。差に足し引きします。")),
        ],
        hint=hint,
    )


def covariates(lesson, answer):
    """Columns known before the letter was sent."""
    if answer is ... or answer is None:
        return blank()
    names = [name.strip() for name in answer.split(",")] if isinstance(answer, str) else answer
    if isinstance(names, set | frozenset):
        names = sorted(names, key=str)
    if not isinstance(names, list | tuple) or not all(isinstance(n, str) for n in names):
        return not_yet(lesson.text('["age", "sex"] のように、列の名前を並べてください。'))
    if "attended" in names:
        return not_yet(
            lesson.text(
                "attended は今年の受診、つまり結果です。"
                "結果で結果を説明すると、効果が消えてしまいます。"
            )
        )
    if "letter" in names:
        return not_yet(lesson.text("letter は比べたい手紙そのものです。説明の列には入れません。"))
    unknown = [name for name in names if name not in KNOWN_BEFORE]
    if unknown:
        return not_yet(
            lesson.text(
                "「{name}」は使えません。使えるのは {known} です。",
                name=unknown[0],
                known=", ".join(KNOWN_BEFORE),
            )
        )
    if not names:
        return not_yet(lesson.text("1 つは選んでください。"))
    if "last_year" not in names:
        return right(
            lesson.text(
                "どれも送る前に決まっていました。"
                "last_year（前の年の受診）も足すと、区間がもっとせばまります。"
            )
        )
    return right(
        lesson.text(
            "どれも送る前に決まっていました。なかでも前の年の受診が、いちばん役に立ちます。"
        )
    )


def decision(lesson, answer, line):
    """The rule written beforehand, applied to the planned interval.

    `line` is the smallest effect worth spreading, as a share; ``...`` while it is not written.
    """
    if answer is ... or answer is None:
        return blank()
    chosen = unicodedata.normalize("NFKC", answer).strip().upper() if isinstance(answer, str) else ""
    if chosen not in _LETTER.values():
        return not_yet(lesson.text('"A" か "B" か "C" を、" " で囲んで書いてください。'))
    if isinstance(line, bool) or not isinstance(line, int | float):
        return not_yet(lesson.text("先に 3 章で、「広げる線」を数字で決めてください。"))
    if not 0 <= line < 0.5:
        return not_yet(lesson.text("「広げる線」は割合で書きます。1 ポイントなら 0.01 です。"))
    _, people, result = _of(lesson)
    expected = _LETTER[result.against(line)]
    points = round(100 * line, 2)
    told = {
        "A": lesson.text("区間は、まるごと {points:g} ポイントの線より上です。", points=points),
        "B": lesson.text("区間は、まるごと {points:g} ポイントの線より下です。", points=points),
        "C": lesson.text("区間は、{points:g} ポイントの線をまたいでいます。", points=points),
    }[expected]
    if chosen == expected:
        return right(
            lesson.text("{told}きまりどおり、判断は {letter} です。", told=told, letter=expected)
        )
    if line > 0 and chosen == _LETTER[result.against(0)]:
        return not_yet(
            lesson.text(
                "区間を 0 と比べていませんか。「増えたと言えるか」ではなく、"
                "「広げる線」の {points:g} ポイントより上か下かを見ます。",
                points=points,
            )
        )
    adjusted = evidence.ancova(
        people, outcome="attended", treatment="letter", covariates=["age", "sex", "last_year"]
    )
    if chosen == _LETTER[adjusted.against(line)]:
        return not_yet(
            lesson.text(
                "共分散分析の区間で判断していませんか。都合のよい方を選ばないために、"
                "今日は 4 章の区間で判断すると決めてありました。"
            )
        )
    # From here on nothing tells which letter is right: with three of them, that would be the key.
    if chosen == ("A" if result.estimate > line else "B"):
        return not_yet(lesson.text("真ん中の数だけで決めていませんか。区間の 2 つのはしを見ます。"))
    if chosen == "C":
        return not_yet(
            lesson.text("「広げる線」は、区間の中に入っていますか。下の端と上の端の間か、外かを見ます。")
        )
    return not_yet(
        lesson.text("下の端と上の端が、線のどちら側にあるかを、3 章の表ともう一度比べてください。")
    )
