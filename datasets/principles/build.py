"""Tabulate the ten principles, their mechanisms, and a crosswalk to two other standards.

    python datasets/principles/build.py

There is no raw table: the words stand beside this script, in ``words/*.toml``. The same words
always give the same bytes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kit.data.building import field, source, write_package

HERE = Path(__file__).resolve().parent

STANDARDS = {
    "gov-uk": ("英国 GOV.UK サービス標準", "GOV.UK Service Standard"),
    "us-dsp": ("米国 デジタルサービス・プレイブック", "U.S. Digital Services Playbook"),
}
STRENGTHS = {
    "main": ("ねらいが同じ", "Same aim"),
    "partial": ("一部が重なる", "Partly the same"),
}
KINDS = {
    "guideline": ("ガイドライン", "Guideline"),
    "platform": ("共通の道具と基盤", "Common tools and platforms"),
    "training": ("学ぶ場", "Training"),
    "exchange": ("役所どうしのやりとり", "Exchange between governments"),
    "participation": ("住民などの参加", "Participation"),
    "partnership": ("民間との協力", "Partnership"),
    "disclosure": ("公開", "Disclosure"),
    "method": ("進め方", "Method"),
}

Rows = list[dict[str, Any]]


def words(name: str) -> dict[str, Rows]:
    """Return the tables of ``words/<name>.toml``."""
    return tomllib.loads((HERE / "words" / f"{name}.toml").read_text("utf-8"))


def mechanisms(principles: Rows) -> Iterator[dict[str, Any]]:
    """Yield one row a mechanism, in the order of the principles."""
    for principle in principles:
        for place, mechanism in enumerate(principle["mechanism"], start=1):
            yield {
                "id": f"m{principle['number']:02}-{place}",
                "principle": principle["number"],
                **mechanism,
            }


def standards() -> Iterator[dict[str, Any]]:
    """Yield one row a point of each standard, numbered in its own order."""
    points = words("standards")
    for standard in STANDARDS:
        for number, point in enumerate(points[standard], start=1):
            yield {
                "id": f"{standard}-{number:02}",
                "standard": standard,
                "number": number,
                **point,
            }


def without_equal(principles: Rows, points: Rows, matches: Rows) -> Iterator[dict[str, str]]:
    """Yield the quirks that say where the crosswalk has no match of the same aim.

    They are counted from the matches, so that they cannot tell another story than the table.
    """
    for standard, (label, label_en) in STANDARDS.items():
        own = [point for point in points if point["standard"] == standard]
        ids = {point["id"] for point in own}
        same = [m for m in matches if m["strength"] == "main" and m["point"] in ids]
        aims = {m["principle"] for m in same}
        equals = {m["point"] for m in same}
        lonely = [str(p["number"]) for p in principles if p["number"] not in aims]
        loose = [str(point["number"]) for point in own if point["id"] not in equals]
        ja, en = [], []
        if lonely:
            ja.append(f"{label}には、10か条の{'・'.join(lonely)}とねらいが同じ項目がありません。")
            en.append(f"No point of the {label_en} has the aim of principle {_listed(lonely)}.")
        if loose:
            whose = "また、この標準" if ja else label
            ja.append(f"{whose}の{'・'.join(loose)}は、どの条とも一部が重なるだけです。")
            en.append(f"No principle matches its point {_listed(loose)} more than in part.")
        if ja:
            yield {"ja": "".join(ja), "en": " ".join(en)}


def _listed(numbers: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(numbers[:-1]), numbers[-1]) if part)


TOKYO = source("tokyo-principles")
GOV_UK = source("gov-uk-service-standard")
US_DSP = source("us-digital-services-playbook")

TITLES = [
    field("title", "string", "題", "Title (Japanese)", required=True),
    field("title_en", "string", "題（英語）", "Title", required=True),
]
SUMMARY = [
    field("summary", "string", "どういうことか", "Summary (Japanese)", required=True),
    field("summary_en", "string", "どういうことか（英語）", "Summary", required=True),
]
WHY = [
    field("why", "string", "なぜか", "Reason (Japanese)", required=True),
    field("why_en", "string", "なぜか（英語）", "Reason", required=True),
]
TEN: dict[str, Any] = {"required": True, "minimum": 1, "maximum": 10}
GUIDELINE = r"[a-z]+(-[a-z]+)*"
POINT = r"(gov-uk|us-dsp)-\d{2}"

PRINCIPLE_FIELDS = [
    field("number", "integer", "番号", "Number", unique=True, **TEN),
    *TITLES,
    field(
        "short", "string", "短い名前", "Short name (Japanese)", required=True, unique=True,
        description="図や表の見出しに使う、このキットの呼び名です。", description_en="This kit's short name, for charts and headings.",
    ),
    field("short_en", "string", "短い名前（英語）", "Short name", required=True, unique=True),
    *SUMMARY,
    *WHY,
    field(
        "question", "string", "自分への問い", "Question to ask oneself (Japanese)", required=True,
        description="話し合いのはじめに使えるように、このキットが作った問いです。", description_en="A question of this kit's to begin a discussion with.",
    ),
    field("question_en", "string", "自分への問い（英語）", "Question to ask oneself", required=True),
    field("do_not", "string", "やってほしくないこと", "Do not (Japanese)", required=True),
    field("do_not_en", "string", "やってほしくないこと（英語）", "Do not", required=True),
]  # fmt: skip
MECHANISM_FIELDS = [
    field("id", "string", "記号", "ID", required=True, unique=True, pattern=r"m\d{2}-\d"),
    field("principle", "integer", "条の番号", "Principle", **TEN),
    field("kind", "string", "種類", "Kind", categories=KINDS, required=True),
    field(
        "guideline", "string", "ガイドライン", "Guideline", pattern=GUIDELINE,
        description="3つの技術ガイドラインのどれかを指すときだけ入ります。", description_en="Only where it is one of the three technical guidelines.",
    ),
    *TITLES,
    field("description", "string", "何をするか", "Description (Japanese)", required=True),
    field("description_en", "string", "何をするか（英語）", "Description", required=True),
]  # fmt: skip
GUIDELINE_FIELDS = [
    field("id", "string", "記号", "ID", required=True, unique=True, pattern=GUIDELINE),
    *TITLES,
    *SUMMARY,
    *WHY,
]
CYCLE_FIELDS = [
    field("step", "integer", "順番", "Step", required=True, unique=True, minimum=1),
    *TITLES,
    *SUMMARY,
    field(
        "next_step", "integer", "次の順番", "Next step", required=True, minimum=1,
        description="最後の順番からは、2番に戻ります。", description_en="The last step leads back to the second.",
    ),
]  # fmt: skip
STANDARD_FIELDS = [
    field("id", "string", "記号", "ID", required=True, unique=True, pattern=POINT),
    field("standard", "string", "標準", "Standard", categories=STANDARDS, required=True),
    field("number", "integer", "番号", "Number", required=True, minimum=1, maximum=14),
    field(
        "title", "string", "題", "Title (Japanese)", required=True,
        description="このキットの訳です。公式の日本語の題ではありません。", description_en="This kit's translation, not an official Japanese title.",
    ),
    field(
        "title_en", "string", "題（英語）", "Title", required=True, description="公式の題です。", description_en="The official title."
    ),
    field("gist", "string", "要するに", "Gist (Japanese)", required=True),
    field("gist_en", "string", "要するに（英語）", "Gist", required=True),
]  # fmt: skip
CROSSWALK_FIELDS = [
    field("principle", "integer", "条の番号", "Principle", **TEN),
    field("point", "string", "項目の記号", "Point", required=True, pattern=POINT),
    field("strength", "string", "重なり", "Match", categories=STRENGTHS, required=True),
    field("reason", "string", "どこが重なるか", "Reason (Japanese)", required=True),
    field("reason_en", "string", "どこが重なるか（英語）", "Reason", required=True),
]


def looks_into(column: str, table: str, key: str) -> dict[str, Any]:
    """Return a foreign key of one column into `table`."""
    return {"fields": [column], "reference": {"resource": table, "fields": [key]}}


QUIRKS = [
    {
        "ja": "日本語の条の題は公式のものです。そのほかの文と、英語の題は、このキットが書きました。文書の言葉を引くときは、元の文書を見てください。",
        "en": "The Japanese titles of the principles are official; every other sentence, and their English titles, are this kit's. To quote the document, go to the document.",
    },
    {
        "ja": "対応のさせ方は、このキットの判断です。公式の対応表ではありません。話し合って変えてかまいません。",
        "en": "The matching is this kit's own judgement, not an official table. Discuss it, and change it.",
    },
    {
        "ja": "仕組みは、文書に名前のあるものだけです。文書はどの条の終わりにも「など」を付けていて、これで全部ではありません。",
        "en": "Only the mechanisms the document names are here. It ends each list with “and others”, so there are more.",
    },
    {
        "ja": "ガイドラインの理由と見直しの順番は、図の中の文字から読み取りました。図の線や位置は見ていません。",
        "en": "The reasons for the guidelines and the order of the cycle were read from the words of two figures, without their lines and places.",
    },
]

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "principles",
    "title": "デジタル10か条と、英国・米国の標準との対応",
    "title_en": "The ten principles for digital services, with two standards from abroad",
    "description": (
        "東京都の行動規範（デジタル10か条）、3つの技術ガイドライン、それを支える仕組みを、"
        "このキットの言葉で短くまとめました。その文書が参考に挙げる、英国の Service Manual（サービス標準はその柱です）と"
        "米国の Digital Services Playbook との対応も付けています。"
    ),
    "description_en": (
        "Tokyo's ten principles, the three technical guidelines and the mechanisms behind them, in "
        "this kit's own words; with a crosswalk to the two works the document names as references: "
        "the British Service Manual, whose core is the Service Standard, and the U.S. Digital "
        "Services Playbook."
    ),
    "version": "1.0.0",
    "licenses": [
        {
            "name": "CC-BY-4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
            "title": "このキットが書いた文は CC BY 4.0 です。公式の題は、それぞれの公表元のものです。",
            "title_en": "The sentences written for this kit are under CC BY 4.0; official titles are their publishers'.",
        }
    ],
    "resources": [
        {
            "name": "principles",
            "title": "デジタル10か条",
            "title_en": "The ten principles",
            "sources": [TOKYO],
            "schema": {"primaryKey": ["number"]},
        },
        {
            "name": "mechanisms",
            "title": "10か条を支える仕組み",
            "title_en": "Mechanisms behind the principles",
            "sources": [TOKYO],
            "schema": {
                "primaryKey": ["id"],
                "foreignKeys": [
                    looks_into("principle", "principles", "number"),
                    looks_into("guideline", "guidelines", "id"),
                ],
            },
        },
        {
            "name": "guidelines",
            "title": "3つの技術ガイドライン",
            "title_en": "The three technical guidelines",
            "sources": [TOKYO],
            "schema": {"primaryKey": ["id"]},
        },
        {
            "name": "cycle",
            "title": "ガイドラインを見直す順番",
            "title_en": "How a guideline is revised",
            "sources": [TOKYO],
            "schema": {
                "primaryKey": ["step"],
                "foreignKeys": [looks_into("next_step", "cycle", "step")],
            },
        },
        {
            "name": "standards",
            "title": "英国と米国の標準の項目",
            "title_en": "Points of the British and American standards",
            "sources": [GOV_UK, US_DSP],
            "schema": {"primaryKey": ["id"]},
        },
        {
            "name": "crosswalk",
            "title": "10か条と標準の対応",
            "title_en": "Crosswalk from the principles to the standards",
            "sources": [TOKYO, GOV_UK, US_DSP],
            "schema": {
                "primaryKey": ["principle", "point"],
                "foreignKeys": [
                    looks_into("principle", "principles", "number"),
                    looks_into("point", "standards", "id"),
                ],
            },
        },
    ],
}


def main() -> None:
    principles = words("principles")["principle"]
    guidelines = words("guidelines")
    points = list(standards())
    matches = words("crosswalk")["match"]
    write_package(
        HERE,
        {**DESCRIPTOR, "quirks": [*QUIRKS, *without_equal(principles, points, matches)]},
        {
            "principles": (PRINCIPLE_FIELDS, principles),
            "mechanisms": (MECHANISM_FIELDS, mechanisms(principles)),
            "guidelines": (GUIDELINE_FIELDS, guidelines["guideline"]),
            "cycle": (CYCLE_FIELDS, guidelines["step"]),
            "standards": (STANDARD_FIELDS, points),
            "crosswalk": (CROSSWALK_FIELDS, matches),
        },
    )


if __name__ == "__main__":
    main()
