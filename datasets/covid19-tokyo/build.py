"""Tabulate two years of COVID-19 in Tokyo, day by day, and the measures in force.

    python datasets/covid19-tokyo/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.data.building import field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
DAILY = "tokyo_covid_daily_2020_2021.csv"
MEASURES = "tokyo_covid_measures.csv"

# our column -> that of the raw table
COUNTS = {
    "cases_reported": "cases_reported",
    "cases_confirmed": "cases_confirmed",
    "cases_by_onset": "cases_by_onset",
    "tests": "tests",
    "calls_information": "call_center_calls",
    "calls_7119": "fever_7119_calls",
    "calls_consultation": "advice_center_calls",
    "calls_fever_center": "fever_center_calls",
    "hard_transports": "tokyo_rule_cases",
    "hospitalised": "hospitalised",
    "severe": "severe",
    "deaths_total": "deaths_cum",
    "dose1_total": "vacc_all_cum_1st_dose",
    "dose2_total": "vacc_all_cum_2nd_dose",
    "dose1_65_total": "vacc_older_people_cum_1st_dose",
    "dose2_65_total": "vacc_older_people_cum_2nd_dose",
}
# On its last day the raw table has 0 where nothing had been counted yet: all cases reported up to
# that day are already among those confirmed up to the day before.
LAST_DAY = "2021-12-27"
NOT_YET_COUNTED = ("cases_confirmed", "cases_by_onset")

KINDS = {
    "emergency": ("緊急事態宣言", "State of emergency"),
    "priority": ("まん延防止等重点措置", "Priority measures"),
}
RAW_KINDS = {"emergency": "emergency", "manbo": "priority"}
CONFIRMED = {
    "cited": ("東京都のページを引く文書で確認", "In a document that cites Tokyo's page"),
    "third-party": ("個人のページと一致（公式の文書は未確認）", "Agrees with private pages only"),
}


def daily(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a day."""
    for row in read_rows(raw / DAILY):
        made: dict[str, Any] = {
            name: int(float(row[column])) if row[column] else None
            for name, column in COUNTS.items()
        }
        if row["date"] == LAST_DAY:
            if any(made[name] for name in NOT_YET_COUNTED):
                raise ValueError(f"{LAST_DAY}: counted after all")
            made |= dict.fromkeys(NOT_YET_COUNTED)
        share = row["positivity_rate"]
        yield {"date": row["date"], "positivity": float(share) if share else None, **made}


def measures(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a period."""
    for row in read_rows(raw / MEASURES):
        name, _, number = row["measure"].partition("_")
        kind = RAW_KINDS[name]
        yield {
            "start": row["start"],
            "end": row["end"],
            "kind": kind,
            "number": int(number),
            "confirmed": "cited" if kind == "emergency" else "third-party",
        }


def count(
    name: str, title: str, title_en: str, unit: str, text: str, text_en: str
) -> dict[str, Any]:
    return field(
        name, "integer", title, title_en,
        unit=unit, description=text, description_en=text_en, minimum=0,
    )  # fmt: skip


RECORDS = (
    "ワクチン接種記録システム（VRS）への報告を、住んでいる都道府県で集計した累計。医療従事者などは入りません。",
    "Cumulative, from the national vaccination records by residence; health workers are not in it.",
)
OLDER = (
    "65歳以上の累計。対象は約311万人と公表されています。",
    "Cumulative, aged 65 and over; about 3.11 million people were eligible.",
)
DAILY_FIELDS = [
    field("date", "date", "日付", "Date", required=True, unique=True),
    count(
        "cases_reported", "陽性者数（報告日）", "Cases by day of report", "人",
        "保健所が発生届を出した日で数えます。チャーター機の帰国者とクルーズ船の乗客は入りません。",
        "By the day a health centre sent the notification; without charter flights and cruise ships.",
    ),
    count(
        "cases_confirmed", "陽性者数（確定日）", "Cases by day of diagnosis", "人",
        "医師が検査で陽性を確かめた日で数えます。",
        "By the day a doctor confirmed the positive test.",
    ),
    count(
        "cases_by_onset", "陽性者数（発症日）", "Cases by day of onset", "人",
        "症状が出た日で数えます。症状のない人と、日の分からない人は入りません。",
        "By the day symptoms began; without people who had none or did not know the day.",
    ),
    count(
        "tests", "検査件数", "Tests", "件",
        "検体をとった日で数えます（一部は判明日）。1人を何回も数えることがあり、2020年5月13日からは抗原検査も入ります。",
        "By the day of sampling (some by that of the result). A person may be tested more than once; antigen tests from 13 May 2020.",
    ),
    field(
        "positivity", "number", "陽性率", "Positivity", unit="share", minimum=0, maximum=1,
        description="7日間の陽性の平均を、7日間の検査人数の平均で割った、公表された値。分母は tests ではありません。",
        description_en="As published: 7-day mean of positives over 7-day mean of people tested. Its denominator is not `tests`.",
    ),
    count(
        "calls_information", "コールセンターの相談", "Calls to the information line", "件",
        "新型コロナコールセンター（一般の相談）。2020年1月29日から。",
        "General COVID-19 call centre, from 29 January 2020.",
    ),
    count(
        "calls_7119", "#7119の発熱等の相談", "Fever calls to #7119", "件",
        "東京消防庁救急相談センターへの、発熱などの相談。",
        "Calls about fever to the fire department's advice line.",
    ),
    count(
        "calls_consultation", "受診相談窓口の相談", "Calls to the consultation desk", "件",
        "新型コロナ受診相談窓口（帰国者・接触者電話相談センター）。2020年10月30日17時に終わりました。",
        "Consultation desk for returnees and contacts; closed on 30 October 2020 at 17:00.",
    ),
    count(
        "calls_fever_center", "発熱相談センターの相談", "Calls to the fever centre", "件",
        "東京都発熱相談センター。2020年10月30日17時に始まりました。受診相談窓口とは別の数え方です。",
        "Tokyo fever consultation centre; opened on 30 October 2020 at 17:00. Not the same count as the desk before it.",
    ),
    count(
        "hard_transports", "東京ルールの適用", "Ambulance cases hard to place", "件",
        "救急隊が5つの医療機関に断られたか、20分たっても搬送先が決まらなかった件数。",
        "Cases where five hospitals had refused or 20 minutes had passed without a hospital.",
    ),
    count(
        "hospitalised", "入院患者", "In hospital", "人",
        "その日に入院している人。2020年5月11日までは、宿泊療養や自宅療養の人も入っています。",
        "On that day. Up to 11 May 2020 people cared for in hotels or at home are counted too.",
    ),
    count(
        "severe", "重症患者", "Severe cases", "人",
        "入院のうち、人工呼吸器（ECMOを含む）を使う人。この数え方は2020年4月27日からです。",
        "In hospital on a ventilator or ECMO; counted so from 27 April 2020.",
    ),
    count(
        "deaths_total", "死亡（累計）", "Deaths, cumulative", "人",
        "公表された累計。亡くなった日で数えたものではありません。",
        "Cumulative as announced, not by the day of death.",
    ),
    count("dose1_total", "ワクチン1回目（累計）", "First doses, cumulative", "回", *RECORDS),
    count("dose2_total", "ワクチン2回目（累計）", "Second doses, cumulative", "回", *RECORDS),
    count("dose1_65_total", "1回目・65歳以上（累計）", "First doses, 65 and over", "回", *OLDER),
    count("dose2_65_total", "2回目・65歳以上（累計）", "Second doses, 65 and over", "回", *OLDER),
]  # fmt: skip
MEASURE_FIELDS = [
    field("start", "date", "はじめの日", "First day", required=True, unique=True),
    field("end", "date", "終わりの日", "Last day", required=True, unique=True),
    field("kind", "string", "種類", "Kind", categories=KINDS, required=True),
    field("number", "integer", "何回目", "Number", required=True, minimum=1, maximum=4),
    field("confirmed", "string", "日付の確かさ", "How dates were checked", categories=CONFIRMED, required=True),
]  # fmt: skip

SITE = source(
    "tokyo-covid19",
    date="2020年1月14日～2021年12月27日",
    date_en="14 January 2020 to 27 December 2021",
)
PERIODS = source("tokyo-measures", date="2020年4月～2022年3月", date_en="April 2020 to March 2022")

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "covid19-tokyo",
    "title": "東京都の新型コロナウイルス感染症",
    "title_en": "COVID-19 in Tokyo",
    "description": (
        "東京都の新型コロナウイルス感染症対策サイトが公表した、2020年1月から2021年12月までの毎日の数と、"
        "緊急事態宣言などの期間です。"
    ),
    "description_en": (
        "Daily figures of Tokyo's COVID-19 site from January 2020 to December 2021, and the periods "
        "of the states of emergency and priority measures."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "空のところは、まだ公表が始まっていないか、もう終わった項目です。途中の欠けはありません。2021年12月27日の確定日別と発症日別は、元の表では0ですが、まだ数えていない値なので空にしました。",
            "en": "A blank means that publication had not begun or was over; there are no gaps between. Cases by diagnosis and by onset of 27 December 2021 stand as 0 in the raw table; they had not been counted yet and are blank here.",
        },
        {
            "ja": "受診相談窓口は2020年10月30日17時に終わり、発熱相談センターに引きつがれました。この日は両方に数があります（792件と347件）。窓口は土日に平日の約半分、センターは土日のほうが多く、つないで1本の線にはできません。",
            "en": "The consultation desk ended on 30 October 2020 at 17:00 and the fever centre went on; that day has both (792 and 347). Weekends were about half of weekdays at the desk and higher than weekdays at the centre: they do not join into one series.",
        },
        {
            "ja": "発熱相談センターの数に、COCOA専用ダイヤルの相談が入っているかは確認できていません。",
            "en": "Whether the fever centre's count includes the hotline for the COCOA app is not confirmed.",
        },
        {
            "ja": "入院患者は2020年5月12日に1,096人減りました。前日までは宿泊療養や自宅療養の人も数えていたためです。",
            "en": "Patients in hospital fall by 1,096 on 12 May 2020: up to the day before, people in hotels or at home were counted.",
        },
        {
            "ja": "重症患者は2020年4月27日に66人から93人になりました。この日から今の数え方です。それより前は、くらべられません。",
            "en": "Severe cases go from 66 to 93 on 27 April 2020, when today's definition began; do not compare with the days before.",
        },
        {
            "ja": "曜日と祝日で大きく変わります。検査の平均は月曜8,666件、日曜1,763件で、連休のあとは増えます。7日間の平均か、同じ曜日でくらべてください。",
            "en": "Days of the week and holidays matter: tests average 8,666 on Mondays and 1,763 on Sundays, and rise after holidays. Use 7-day means or compare the same weekday.",
        },
        {
            "ja": "検査の範囲は途中で広がりました。陽性率は、2020年4月9日までは健康安全研究センターだけ、4月10日からPCRセンター、5月7日から医療機関の保険適用の検査も入ります。抗原検査の陰性は6月17日から入ります。",
            "en": "Testing widened: positivity rests on the public laboratory alone up to 9 April 2020, PCR centres from 10 April, insured tests at clinics from 7 May, and negative antigen tests from 17 June.",
        },
        {
            "ja": "tests は、元の表に説明がないため、値の動きとサイトの注記から「検査実施件数」と判断しました。",
            "en": "The raw table does not say which count `tests` is; its course and the site's notes show that of tests, not of people.",
        },
        {
            "ja": "発症日別は全部の陽性者の69％です（265,403人と382,834人）。また、終わりの10日ほどは、まだ報告が届いていないため少なく見えます。",
            "en": "Cases by onset are 69% of all (265,403 of 382,834), and the last ten days or so are still incomplete.",
        },
        {
            "ja": "報告日別と確定日別の合計は、どちらも382,834人です。同じ人を、別の日に数えています。",
            "en": "Cases by report and by diagnosis both sum to 382,834: the same people on different days.",
        },
        {
            "ja": "あとから見つかった報告漏れは、さかのぼって入っています。2021年1月7日は、当時の発表では2,447人、この表では2,520人です。当時の人が見ていた数とは違います。",
            "en": "Cases found later were entered back in time: 7 January 2021 was announced as 2,447 and is 2,520 here. People of that day saw other numbers.",
        },
        {
            "ja": "死亡の累計は発表の累計です。2020年6月24日から7月14日までの21日間は325人のままです。",
            "en": "Deaths are as announced; the total stays at 325 for 21 days from 24 June to 14 July 2020.",
        },
        {
            "ja": "緊急事態宣言4回の日付は、東京都のページを引く文書で確かめました。まん延防止等重点措置3回の日付は、個人のページとは一致しますが、公式の文書では確かめていません（confirmed）。",
            "en": "The dates of the four states of emergency were checked in a document that cites Tokyo's page; those of the three priority measures agree with private pages, no official document was read (confirmed).",
        },
        {
            "ja": "期間の表に、休校や営業時間の短縮など、ほかの要請は入っていません。重点措置は、都内の一部の区市だけを対象にしたことがあります。",
            "en": "Closures of schools, shorter hours and other requests are not in the table of periods. Priority measures did not always cover all of Tokyo.",
        },
    ],
    "licenses": [
        {
            "name": "CC-BY-4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
            "title": "クリエイティブ・コモンズ 表示 4.0（サイトの内容物。期間の表は事実です）",
            "title_en": "Creative Commons Attribution 4.0 (the site's content; the periods are facts)",
        }
    ],
    "resources": [
        {
            "name": "daily",
            "title": "毎日の数",
            "title_en": "Day by day",
            "description": "1行が1日です。2020年1月14日から2021年12月27日まで、714日続きます。",
            "description_en": "One row a day, 714 days without a gap.",
            "sources": [SITE],
            "schema": {"primaryKey": ["date"]},
        },
        {
            "name": "measures",
            "title": "緊急事態宣言とまん延防止等重点措置",
            "title_en": "States of emergency and priority measures",
            "description": "東京都に出た期間です。はじめの日も終わりの日もふくみます。",
            "description_en": "Periods that applied to Tokyo; both days are included.",
            "sources": [PERIODS],
            "schema": {"primaryKey": ["kind", "number"]},
        },
    ],
}  # fmt: skip


def main() -> None:
    raw = raw_folder("Build datasets/covid19-tokyo from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {"daily": (DAILY_FIELDS, daily(raw)), "measures": (MEASURE_FIELDS, measures(raw))},
    )


if __name__ == "__main__":
    main()
