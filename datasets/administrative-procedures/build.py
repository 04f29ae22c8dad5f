"""Tabulate the procedures a citizen applies for from the survey of administrative procedures.

    python datasets/administrative-procedures/build.py --raw FOLDER

FOLDER holds ``admin_procedures_2025_citizen_applications.csv``: the survey's rows whose kind is
「申請等」, whose applicant includes 「国民等」, and whose volume is above zero.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from featured import FEATURED
from words import (
    APPLICANTS,
    ATTACHMENTS,
    EVENTS,
    FEES,
    IDENTITY,
    MINISTRIES,
    NO_ATTACHMENT,
    OFFICES,
    PROCEDURES,
    RECIPIENTS,
    STATUSES,
)

from kit.data.building import field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
RAW = "admin_procedures_2025_citizen_applications.csv"
Words = Mapping[str, tuple[str, str, str]]
ROUND = 1000
# kinds of attachment with a column of their own; the rest stand in `attachments` only
FLAGGED = (
    "resident-record",
    "family-register",
    "income-tax",
    "personal-seal",
    "company-register",
    "property-register",
    "qualification",
    "other",
)

DAYS = {"日": 1.0, "営業日": 7 / 5, "週": 7.0, "週間": 7.0, "年": 365.0} | dict.fromkeys(
    ("月", "ヶ月", "カ月", "か月"), 30.0
)
AT_ONCE = {"0", "即時", "直ちに"}
_UNIT = "|".join(sorted(DAYS, key=len, reverse=True))
PERIOD = re.compile(
    rf"(?:約|最長)?(?:(?:\d+(?:\.\d+)?(?:{_UNIT})?)?[~-])?(\d+(?:\.\d+)?)({_UNIT})"
    r"(?:程度|以内|以下)?"
)


def days(text: str) -> int | None:
    """Return a processing period in calendar days, or None where the text does not say one.

    The upper end of a range counts. A week has 7 days, a month 30, a year 365; five working days
    make a week. A bare number has no unit and gives None, except 0.

    >>> [days(text) for text in ("１日～1月", "45日", "2週間程度", "7営業日以内", "即時", "規定無し")]
    [30, 45, 14, 10, 0, None]
    """
    plain = unicodedata.normalize("NFKC", text).replace("～", "~").replace("〜", "~").strip()
    if plain in AT_ONCE:
        return 0
    found = PERIOD.fullmatch(plain)
    return round(float(found[1]) * DAYS[found[2]]) if found else None


def one_line(text: str) -> str:
    """Join the lines of a quoted cell: a bracket goes on directly, anything else after 「／」."""
    return re.sub(r"\s*\r?\n\s*", "／", text.strip()).replace("／（", "（")


def code(words: Words, text: str) -> str | None:
    """Return the code of one answer, None where there is none; a new wording stops the build."""
    return words[text][0] if text else None


def codes(words: Words, text: str) -> str | None:
    """Return the codes of several answers divided by ``"; "``."""
    return "; ".join(words[part][0] for part in text.split("; ")) if text else None


def flag(attachment: str) -> str:
    """Return the column that says whether `attachment` (a code) is asked for."""
    return "attach_" + attachment.replace("-", "_")


def procedures(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a procedure, the largest volume first."""
    for row in read_rows(raw / RAW):
        listed = row["申請時に添付させる書類"]
        asked = [] if listed in ("", NO_ATTACHMENT) else listed.split("; ")
        names = [ATTACHMENTS[one][0] for one in asked]
        applications, online = int(row["総手続件数"]), int(row["オンライン手続件数"])
        ways = ("online", "offline")
        text = {
            way: one_line(row[f"処理期間({label})"])
            for way, label in zip(ways, ("オンライン", "非オンライン"), strict=True)
        }
        yield {
            "procedure_id": row["手続ID"],
            "procedure": one_line(row["手続名"]),
            "procedure_en": PROCEDURES.get(row["手続ID"]),
            "ministry": row["所管府省庁"],
            "law": one_line(row["法令名"]),
            "applicant": code(APPLICANTS, row["手続主体"]),
            "recipient": code(RECIPIENTS, row["手続の受け手"]),
            "online_status": code(STATUSES, row["オンライン化の実施状況"]),
            "fee": code(FEES, row["手数料等の納付有無"]),
            "processing_online": text["online"] or None,
            "processing_offline": text["offline"] or None,
            "processing_online_days": days(text["online"]),
            "processing_offline_days": days(text["offline"]),
            "identity_check": codes(IDENTITY, row["申請等における本人確認手法"]),
            "attachments": "; ".join(names) if listed else None,
            "attachment_count": len(names) if listed else None,
            **{flag(one): one in names if listed else None for one in FLAGGED},
            "life_events": codes(EVENTS, row["手続が行われるイベント(個人)"]),
            "office": row["申請を提出する機関"] or None,
            "applications": applications,
            "online_applications": online,
            "offline_applications": int(row["非オンライン手続件数"]),
            "online_share": online / applications,
            "round_figure": applications >= ROUND and applications % ROUND == 0,
        }


def featured() -> Iterator[dict[str, Any]]:
    """Yield the procedures chosen by hand."""
    names = ("key", "procedure_id", "title", "title_en", "note", "note_en")
    for row in FEATURED:
        yield dict(zip(names, row, strict=True))


def labels(words: Words) -> dict[str, tuple[str, str]]:
    return {one: (label, label_en) for one, label, label_en in words.values()}


def own_labels(words: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {label: (label, label_en) for label, label_en in words.items()}


COUNT = {"required": True, "minimum": 0}
IDENTIFIER = field(
    "procedure_id", "string", "手続ID", "Procedure ID",
    required=True, pattern=r"(P|DP)?\d+", description="調査の手続ID。文字です（P、DPで始まるものがあります）。", description_en="Id of the survey. It is text: some begin with P or DP.",
)  # fmt: skip
PROCEDURE_FIELDS = [
    {**IDENTIFIER, "constraints": {**IDENTIFIER["constraints"], "unique": True}},
    field("procedure", "string", "手続き", "Procedure (Japanese)", required=True),
    field(
        "procedure_en", "string", "手続き（英語）", "Procedure",
        description="このキットの訳で、公式の英語名ではありません。件数の多いものと暮らしに近いものだけにあります。", description_en="This kit's translation, not an official name; only for the most frequent and the most familiar ones.",
    ),
    field(
        "ministry", "string", "所管府省庁", "Ministry",
        categories=own_labels(MINISTRIES), required=True,
    ),
    field("law", "string", "法令", "Law", required=True),
    field("applicant", "string", "申請する人", "Applicant", categories=labels(APPLICANTS), required=True),
    field("recipient", "string", "受け手", "Recipient", categories=labels(RECIPIENTS), required=True),
    field(
        "online_status", "string", "オンライン化の状況", "Online status",
        categories=labels(STATUSES), required=True,
    ),
    field("fee", "string", "手数料", "Fee", categories=labels(FEES)),
    field("processing_online", "string", "処理期間（オンライン）", "Processing time online, as answered"),
    field("processing_offline", "string", "処理期間（オンライン以外）", "Processing time otherwise, as answered"),
    field(
        "processing_online_days", "integer", "処理日数（オンライン）", "Processing days online",
        unit="日", minimum=0,
        description="答えの文を読んだ値。幅のある答えは長い方、1週は7日、1月は30日。読めない答えは空。", description_en="Read from the answer: the longer end of a range, a week 7 days, a month 30 days; empty where it cannot be read.",
    ),
    field(
        "processing_offline_days", "integer", "処理日数（オンライン以外）", "Processing days otherwise",
        unit="日", minimum=0, description="processing_online_days と同じ読み方です。", description_en="Read in the same way as processing_online_days.",
    ),
    field(
        "identity_check", "string", "本人確認", "Identity check",
        categories=labels(IDENTITY), closed=False, description="複数のときは「; 」で区切ります。", description_en="Several are divided by “; ”.",
    ),
    field(
        "attachments", "string", "添付書類", "Attachments",
        categories=labels(ATTACHMENTS), closed=False,
        description="書類の種類。「; 」で区切ります。添付なしも回答なしも空で、attachment_count で区別します。", description_en="Kinds of document, divided by “; ”. Empty both for none and for no answer: attachment_count tells them apart.",
    ),
    field(
        "attachment_count", "integer", "添付書類の種類の数", "Kinds of attachments",
        unit="種類", minimum=0, description="0は添付なし、空は回答なし。「その他」はいくつあっても1と数えます。", description_en="0 is none, empty is no answer. “Other” counts as one, however many there are.",
    ),
    *(
        field(flag(one), "boolean", f"添付：{label}", f"Attachment: {label_en[0].lower()}{label_en[1:]}")
        for one, label, label_en in ATTACHMENTS.values()
        if one in FLAGGED
    ),
    field(
        "life_events", "string", "ライフイベント", "Life events",
        categories=labels(EVENTS), closed=False, description="複数のときは「; 」で区切ります。", description_en="Several are divided by “; ”.",
    ),
    field(
        "office", "string", "提出先", "Where to apply",
        categories=own_labels(OFFICES), closed=False, description="複数のときは「; 」で区切ります。", description_en="Several are divided by “; ”.",
    ),
    field(
        "applications", "integer", "件数", "Applications", unit="件/年", required=True, minimum=1,
        description="1年の件数。府省庁の推計や丸めた数を含みます。", description_en="Cases a year, among them estimates and rounded figures of the ministries.",
    ),
    field("online_applications", "integer", "オンライン件数", "Online applications", unit="件/年", **COUNT),
    field("offline_applications", "integer", "オンライン以外の件数", "Other applications", unit="件/年", **COUNT),
    field(
        "online_share", "number", "オンラインの割合", "Online share",
        unit="share", required=True, minimum=0, maximum=1,
    ),
    field(
        "round_figure", "boolean", "丸い数", "Round figure", required=True,
        description="件数が1,000以上で1,000の倍数なら1。推計の可能性があります。", description_en="1 where the number is a multiple of 1,000 from 1,000 up: it may be an estimate.",
    ),
]  # fmt: skip
FEATURED_FIELDS = [
    field("key", "string", "名前", "Key", required=True, unique=True, pattern="[a-z-]+"),
    IDENTIFIER,
    field("title", "string", "手続き", "Procedure (Japanese)", required=True),
    field("title_en", "string", "手続き（英語）", "Procedure", required=True),
    field("note", "string", "読むときの注意", "Note (Japanese)", required=True),
    field("note_en", "string", "読むときの注意（英語）", "Note", required=True),
]

SURVEY = source("administrative-procedures")

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "administrative-procedures",
    "title": "国民等が行う申請などの行政手続",
    "title_en": "Administrative procedures that citizens apply for",
    "description": (
        "国の法令に基づく手続きのうち、国民等が行う申請等で、件数が1件以上あるものです。"
        "全国の件数で、東京都や区市町村だけの件数ではありません。"
    ),
    "description_en": (
        "Procedures under national law that citizens apply for, with at least one application. "
        "Volumes are national, not those of Tokyo or a municipality."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "件数は府省庁の回答です。推計や丸めた数が混じり、1,000件以上では千の倍数が目立ちます（round_figure）。",
            "en": "Volumes are answers of ministries: estimates and rounded figures are among them (round_figure).",
        },
        {
            "ja": "住民票の写しなど、オンライン件数がちょうど半分の行があります。数えた値ではなさそうです。",
            "en": "Some rows, such as copies of resident records, are online for exactly one half: hardly a count.",
        },
        {
            "ja": "「実施済」でもオンライン件数が0件の行が699あります。オンラインでできることと、使われることは別です。",
            "en": "In 699 rows the procedure is online but nobody used it: possible is not the same as used.",
        },
        {
            "ja": "同じ手続きが法令ごとに別の行になることがあります（老齢年金の51931と51934は同じ件数）。足すと二重に数えます。",
            "en": "One procedure may stand in several rows, one a law (51931 and 51934 have the same volume).",
        },
        {
            "ja": "手続名が2行に分かれた5つの行は、1行につなぎました。",
            "en": "Five procedure names written on two lines were joined.",
        },
        {
            "ja": "元の全件の表にはオンライン件数が総件数を上回る行があると記録されていますが、この表にはありません。",
            "en": "Rows with more online applications than applications are reported of the full table; there is none here.",
        },
        {
            "ja": "件数がどの年度のものかは、手元の資料では確認できませんでした。調査は令和6年度（2024年度）です。",
            "en": "The year of the volumes could not be confirmed; the survey is that of fiscal 2024.",
        },
        {
            "ja": "運転免許の更新、印鑑登録、要介護認定、国民健康保険の加入は、この表にありません。",
            "en": "Renewal of driving licences, seal registration, long-term care certification and joining national health insurance are not in this table.",
        },
    ],
    "licenses": [
        {
            "name": "other-open",
            "title": "公共データ利用規約（第1.0版）。このデータへの個別の表示は未確認です。",
            "title_en": "Public Data License (Version 1.0); not confirmed for this very file.",
        }
    ],
    "resources": [
        {
            "name": "procedures",
            "title": "手続き",
            "title_en": "Procedures",
            "sources": [SURVEY],
            "schema": {"primaryKey": ["procedure_id"]},
        },
        {
            "name": "featured",
            "title": "暮らしの中で出会う手続き",
            "title_en": "Procedures a citizen meets",
            "description": "進行役や参加者が選びやすいように、このキットで選んだ12の手続きです。",
            "description_en": "Twelve procedures chosen for this kit, so that facilitators and participants find one easily.",
            "sources": [SURVEY],
            "schema": {
                "primaryKey": ["key"],
                "foreignKeys": [
                    {
                        "fields": ["procedure_id"],
                        "reference": {"resource": "procedures", "fields": ["procedure_id"]},
                    }
                ],
            },
        },
    ],
}


def main() -> None:
    raw = raw_folder("Build datasets/administrative-procedures from the raw survey table.")
    write_package(
        HERE,
        DESCRIPTOR,
        {
            "procedures": (PROCEDURE_FIELDS, procedures(raw)),
            "featured": (FEATURED_FIELDS, featured()),
        },
    )


if __name__ == "__main__":
    main()
