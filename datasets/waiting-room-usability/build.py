"""Tabulate how thirty people took a wait in a virtual doctor's office, told why or not.

    python datasets/waiting-room-usability/build.py --raw FOLDER

FOLDER holds the folder ``vr_queue`` with the tables named below. People become numbers in the order
of the raw tables. The same folder always gives the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kit.data.building import field, raw_folder, source, write_package

HERE = Path(__file__).resolve().parent
FOLDER = "vr_queue"
SUS, TLX = "SUS_sus.csv", "NASA_TLX_nasatlx.csv"
RESPONSES = "TreatmentResponses_TreatmentResponses.csv"
FDS = {"before": "FDS_pre_fds.csv", "after": "FDS_post_fds.csv"}

AGREEMENT = {
    "Strongly disagree": 1,
    "Somewhat disagree": 2,
    "Neither agree nor disagree": 3,
    "Somewhat agree": 4,
    "Strongly agree": 5,
}
LIKELIHOOD = {"Very unlikely": 1, "Unlikely": 2, "Neutral": 3, "Likely": 4, "Very likely": 5}
STRENGTH = {"Absent": 1, "Mild": 2, "Moderate": 3, "Strong": 4, "Very Strong": 5}
TREATMENTS = {"With_Notification": "told", "Without_Notification": "not-told"}

CONDITIONS = {
    "told": ("遅れの理由を知らせる", "Told the reason"),
    "not-told": ("知らせない", "Not told"),
}
OCCASIONS = {"before": ("実験の前", "Before"), "after": ("実験の後", "After")}
# Our own short labels: the wording of the questionnaires is not repeated here.
SUS_ITEMS = (
    ("また使いたい", "Would use it often"),
    ("複雑すぎる", "Too complex"),
    ("使いやすい", "Easy to use"),
    ("人の助けがいる", "Needs someone's help"),
    ("機能がまとまっている", "Works as a whole"),
    ("ちぐはぐ", "Inconsistent"),
    ("すぐ覚えられる", "Quick to learn"),
    ("扱いにくい", "Awkward"),
    ("自信をもって使えた", "Felt confident"),
    ("先に覚えることが多い", "Much to learn first"),
)
TLX_SCALES = {
    "mental": ("MentalDemand", "頭の負担", "Mental demand"),
    "physical": ("PhysicalDemand", "体の負担", "Physical demand"),
    "temporal": ("TemporalDemand", "時間の圧力", "Temporal demand"),
    "effort": ("Effort", "努力", "Effort"),
    "frustration": ("Frustration", "いらだち", "Frustration"),
    "performance": ("Performance", "出来の悪さ", "Poor performance"),
}
FDS_ITEMS = 28


def score(answers: Sequence[int]) -> float:
    """Return the System Usability Scale of ten answers from 1 to 5 (Brooke, 1996).

    Odd items count from 1 upwards, even ones from 5 downwards; the sum times 2.5 is 0 to 100.

    >>> score([3] * 10), score([5, 1] * 5)
    (50.0, 100.0)
    """
    odd = sum(answer - 1 for answer in answers[::2])
    even = sum(5 - answer for answer in answers[1::2])
    return 2.5 * (odd + even)


def people(raw: Path, name: str, encoding: str = "utf-8") -> Iterator[tuple[int, list[str]]]:
    """Yield number and answers of each person; the tables must list them in one order."""
    known = table(raw, SUS)[1:]
    rows = table(raw, name, encoding)[1:]
    for number, (first, row) in enumerate(zip(known, rows, strict=True), start=1):
        if row[0] != first[0]:
            raise ValueError(f"{name}: person {number} is another one")
        yield number, row[1:]


def table(raw: Path, name: str, encoding: str = "utf-8") -> list[list[str]]:
    """Return a raw table, its header first."""
    with (raw / FOLDER / name).open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def usability(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a person: ten answers and the score."""
    for number, row in people(raw, SUS):
        answers = [AGREEMENT[answer] for answer in row]
        items = {f"sus_{n:02}": answer for n, answer in enumerate(answers, start=1)}
        yield {"participant": number, **items, "score": score(answers)}


def responses(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a person and period."""
    for number, row in people(raw, RESPONSES):
        for period, start in ((1, 0), (2, 4)):
            treatment, estimate, frustration, leaving = row[start : start + 4]
            yield {
                "participant": number,
                "period": period,
                "condition": TREATMENTS[treatment],
                "time_estimate": float(estimate),
                "frustration": int(frustration),
                "exit_likelihood": LIKELIHOOD[leaving],
            }


def workload(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a person: six scales."""
    if table(raw, TLX)[0][1:] != [column for column, _, _ in TLX_SCALES.values()]:
        raise ValueError(f"{TLX}: the scales stand in another order")
    for number, row in people(raw, TLX):
        yield {"participant": number, **dict(zip(TLX_SCALES, map(int, row), strict=True))}


def discomfort(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a person and occasion: 28 answers and their sum."""
    for occasion, name in FDS.items():
        for number, row in people(raw, name, "cp1252"):
            answers = [STRENGTH[answer] for answer in row]
            items = {f"fds_{n:02}": answer for n, answer in enumerate(answers, start=1)}
            yield {
                "participant": number,
                "occasion": occasion,
                "total": sum(answers),
                **items,
            }


def participants(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a person: which condition came first."""
    for row in responses(raw):
        if row["period"] == 1:
            yield {"participant": row["participant"], "first_condition": row["condition"]}


RATING = {"required": True, "minimum": 1, "maximum": 5}
PERSON = field(
    "participant", "integer", "参加者", "Participant", required=True, minimum=1, maximum=30
)
ONE_PERSON = {**PERSON, "constraints": {**PERSON["constraints"], "unique": True}}
CONDITION = {"categories": CONDITIONS, "required": True}
PARTICIPANT_FIELDS = [
    ONE_PERSON,
    field("first_condition", "string", "はじめの条件", "First condition", **CONDITION),
]
USABILITY_FIELDS = [
    ONE_PERSON,
    *(
        field(
            f"sus_{n:02}", "integer", title, title_en, **RATING,
            description="1＝まったくそう思わない、5＝とてもそう思う。" + ("高いほど良い。" if n % 2 else "低いほど良い。"),
            description_en="1 strongly disagree to 5 strongly agree; " + ("high is good." if n % 2 else "low is good."),
        )
        for n, (title, title_en) in enumerate(SUS_ITEMS, start=1)
    ),
    field(
        "score", "number", "SUS得点", "SUS score", unit="点", required=True, minimum=0, maximum=100,
        description="奇数の項目は答え−1、偶数の項目は5−答えを足し、2.5倍した0～100点（Brooke 1996）。百分率ではありません。",
        description_en="Answer − 1 for odd items, 5 − answer for even ones, summed and times 2.5 (Brooke, 1996): 0 to 100, not a percentage.",
    ),
]  # fmt: skip
RESPONSE_FIELDS = [
    PERSON,
    field("period", "integer", "何回目", "Period", required=True, minimum=1, maximum=2),
    field("condition", "string", "条件", "Condition", **CONDITION),
    field(
        "time_estimate", "number", "待ったと感じた時間", "Estimated wait", unit="分",
        required=True, minimum=0,
        description="元の資料に単位がありません。実際の待ちが約3分なので、分とみられます。",
        description_en="The unit is not documented; the wait lasted about 3 minutes, so minutes are likely.",
    ),
    field(
        "frustration", "integer", "いらだち", "Frustration", **RATING,
        description="1＝いちばん低い、5＝いちばん高い。", description_en="1 lowest to 5 highest.",
    ),
    field(
        "exit_likelihood", "integer", "帰りたくなったか", "Likelihood of leaving", **RATING,
        description="1＝とてもありそうにない、5＝とてもありそう。",
        description_en="1 very unlikely to 5 very likely.",
    ),
]  # fmt: skip
WORKLOAD_FIELDS = [
    ONE_PERSON,
    *(
        field(
            name, "integer", title, title_en, unit="点", required=True, minimum=0, maximum=100,
            description="0＝うまくできた、100＝失敗。" if name == "performance" else "0＝とても低い、100＝とても高い。",
            description_en="0 perfect to 100 failure." if name == "performance" else "0 very low to 100 very high.",
        )
        for name, (_, title, title_en) in TLX_SCALES.items()
    ),
]  # fmt: skip
DISCOMFORT_FIELDS = [
    PERSON,
    field("occasion", "string", "いつ", "Occasion", categories=OCCASIONS, required=True),
    field(
        "total", "integer", "合計", "Total", unit="点",
        required=True, minimum=FDS_ITEMS, maximum=5 * FDS_ITEMS,
        description="28項目の和。高いほど、思いどおりにならないことに耐えにくい。",
        description_en="Sum of 28 items; high means that frustration is harder to bear.",
    ),
    *(
        field(f"fds_{n:02}", "integer", f"項目{n}", f"Item {n}", **RATING)
        for n in range(1, FDS_ITEMS + 1)
    ),
]  # fmt: skip

STUDY = source("vr-queue")
OF_A_PERSON = {
    "fields": ["participant"],
    "reference": {"resource": "participants", "fields": ["participant"]},
}

DESCRIPTOR: dict[str, Any] = {
    "profile": "tabular-data-package",
    "name": "waiting-room-usability",
    "title": "待合室の使いやすさ調査",
    "title_en": "Usability of a waiting room",
    "description": (
        "30人がバーチャルの診療所の受付で約3分待った実験の回答です。全員が、遅れの理由を知らされる条件と"
        "知らされない条件の両方を体験しました。参加者は番号だけで、日本の自治体の調査ではありません。"
    ),
    "description_en": (
        "Answers of 30 people who waited about three minutes at the desk of a virtual doctor's "
        "office, once told the reason for the delay and once not. People are numbers; this is not a "
        "survey of a Japanese municipality."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "SUS、NASA-TLX は、2つの条件を両方終えたあとに1回だけ答えています。条件どうしをくらべる数ではありません。くらべられるのは表 responses だけです。",
            "en": "SUS and NASA-TLX were answered once, after both conditions, and do not compare them; only the table `responses` does.",
        },
        {
            "ja": "順番は15人ずつです。2回目は慣れや疲れの影響をうけるので、period といっしょに見てください。",
            "en": "Fifteen people had each order. Second periods carry practice and fatigue: look at `period` too.",
        },
        {
            "ja": "知らせる条件では、受付のことばのほかに、前に並ぶ客の返事も聞こえます。知らせの内容だけの効果ではありません。",
            "en": "In the told condition the customer in front answers as well: the effect is not that of the reason alone.",
        },
        {
            "ja": "待ったと感じた時間の単位は、元の資料に書かれていません。実際の待ちは約3分で、答えは1～12です。",
            "en": "The unit of the estimated wait is not documented; the wait lasted about 3 minutes and answers run from 1 to 12.",
        },
        {
            "ja": "NASA-TLX の「出来」だけは、高いほど悪い意味です。ほかの5つが15以下なのに100と答えた人がいて、逆に読まれたかもしれません。6つの平均をとるときは注意してください。",
            "en": "On the performance scale high is bad. One person answered 100 with the other five at 15 or less and may have read it the other way round: mind this when averaging.",
        },
        {
            "ja": "NASA-TLX は21目盛りなので、値はすべて5の倍数です。重みづけはありません。",
            "en": "NASA-TLX has 21 ticks, so all values are multiples of 5; there are no weights.",
        },
        {
            "ja": "SUS の文は、元の資料に標準の言い方と、少し違う言い方の両方があります。どちらが画面に出たかは分かりません。1人は10項目すべて3（得点50）です。",
            "en": "The documents give the SUS items in the standard wording and in another; which was shown is not known. One person answered 3 throughout (score 50).",
        },
        {
            "ja": "不満への耐えにくさ（FDS）は実験の前と後に答えていますが、くらべる相手（実験に参加しなかった人）がいません。前後の差を、実験の効果とは言えません。",
            "en": "The Frustration Discomfort Scale was answered before and after, without anybody who did not take part: a difference is no effect of the experiment.",
        },
        {
            "ja": "質問の文は転載していません。SUS の見出しはこのキットの短い言いかえ、FDS は項目の番号だけです。",
            "en": "The questionnaires are not reprinted: SUS items have short labels of this kit, FDS items numbers only.",
        },
        {
            "ja": "30人の集め方、年齢、性別は、この表にありません。ほかの人にも当てはまるとは限りません。",
            "en": "How the thirty were found, their ages and sexes are not here: do not generalise.",
        },
    ],
    "licenses": [
        {
            "name": "Apache-2.0",
            "path": "https://www.apache.org/licenses/LICENSE-2.0",
            "title": "Apache License 2.0（値を番号に直し、得点を計算しました）",
            "title_en": "Apache License 2.0 (answers were coded as numbers and scores computed)",
        }
    ],
    "resources": [
        {
            "name": "usability",
            "title": "使いやすさ（SUS）",
            "title_en": "Usability (SUS)",
            "description": "実験のあとの10項目と得点。1行が1人です。",
            "description_en": "Ten items after the experiment, and the score; one row a person.",
            "sources": [STUDY],
            "schema": {"primaryKey": ["participant"], "foreignKeys": [OF_A_PERSON]},
        },
        {
            "name": "responses",
            "title": "条件ごとの回答",
            "title_en": "Answers by condition",
            "description": "1行が1人の1回です。30人が2回ずつ、60行あります。",
            "description_en": "One row a person and period: 30 people twice.",
            "sources": [STUDY],
            "schema": {"primaryKey": ["participant", "period"], "foreignKeys": [OF_A_PERSON]},
        },
        {
            "name": "workload",
            "title": "作業の負担（NASA-TLX）",
            "title_en": "Workload (NASA-TLX)",
            "description": "実験のあとの6つの尺度。1行が1人です。",
            "description_en": "Six scales after the experiment; one row a person.",
            "sources": [STUDY],
            "schema": {"primaryKey": ["participant"], "foreignKeys": [OF_A_PERSON]},
        },
        {
            "name": "discomfort",
            "title": "不満への耐えにくさ（FDS）",
            "title_en": "Frustration discomfort (FDS)",
            "description": "実験の前と後の28項目と合計。項目の順は Harrington (2005) の順です。",
            "description_en": "28 items before and after, and their sum; in the order of the questionnaire (Harrington, 2005).",
            "sources": [STUDY],
            "schema": {"primaryKey": ["participant", "occasion"], "foreignKeys": [OF_A_PERSON]},
        },
        {
            "name": "participants",
            "title": "参加者と順番",
            "title_en": "Participants and order",
            "description": "どちらの条件が先だったか。1行が1人です。",
            "description_en": "Which condition came first; one row a person.",
            "sources": [STUDY],
            "schema": {"primaryKey": ["participant"]},
        },
    ],
}  # fmt: skip


def main() -> None:
    raw = raw_folder("Build datasets/waiting-room-usability from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {
            "usability": (USABILITY_FIELDS, usability(raw)),
            "responses": (RESPONSE_FIELDS, responses(raw)),
            "workload": (WORKLOAD_FIELDS, workload(raw)),
            "discomfort": (DISCOMFORT_FIELDS, discomfort(raw)),
            "participants": (PARTICIPANT_FIELDS, participants(raw)),
        },
    )


if __name__ == "__main__":
    main()
