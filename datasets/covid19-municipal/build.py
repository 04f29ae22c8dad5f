"""Tabulate COVID-19 cases by municipality and week, and how far they add up to Tokyo's.

    python datasets/covid19-municipal/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kit.data.building import OF_A_TOWN, field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
WEEKLY = "tokyo_covid_municipality_weekly.csv"
DAILY = "tokyo_covid_daily_2020_2021.csv"
WEEK = timedelta(days=7)


def weekly(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a municipality and week."""
    for row in read_rows(raw / WEEKLY):
        yield {
            "week_ending": row["week_ending"],
            "code": row["lgcode"][:5],
            "cumulative": int(row["cum_cases"]),
            "new": int(float(row["new_cases"])) if row["new_cases"] else None,
        }


def totals(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a week: all municipalities beside all of Tokyo."""
    towns: Counter[date] = Counter()
    for row in weekly(raw):
        towns[date.fromisoformat(row["week_ending"])] += row["cumulative"]
    tokyo = reported(raw)
    for sunday in sorted(towns):
        new_towns = towns[sunday] - towns[sunday - WEEK] if sunday - WEEK in towns else None
        new_tokyo = tokyo[sunday] - tokyo[sunday - WEEK]
        yield {
            "week_ending": sunday.isoformat(),
            "municipalities": towns[sunday],
            "tokyo": tokyo[sunday],
            "elsewhere": tokyo[sunday] - towns[sunday],
            "municipalities_new": new_towns,
            "tokyo_new": new_tokyo,
            # More cases than all of Tokyo reported: some were entered late.
            "revised": None if new_towns is None else new_towns > new_tokyo,
        }


def reported(raw: Path) -> dict[date, int]:
    """Return the cases reported in Tokyo up to each day."""
    total, upto = 0, {}
    for row in read_rows(raw / DAILY):
        total += int(float(row["cases_reported"] or 0))
        upto[date.fromisoformat(row["date"])] = total
    return upto


COUNT = {"unit": "人", "required": True, "minimum": 0}
SUNDAY = field(
    "week_ending", "date", "週の終わり", "Week ending", required=True,
    description="日曜日。この日までの数です。", description_en="A Sunday; counts are up to this day.",
)  # fmt: skip
WEEKLY_FIELDS = [
    SUNDAY,
    field("code", "string", "団体コード", "Code", required=True, pattern=r"13\d{3}", unit="5桁"),
    field(
        "cumulative", "integer", "陽性者数（累計）", "Cases, cumulative", **COUNT,
        description="その日曜日までに報告された、そのまちに住む陽性者の累計。",
        description_en="Cases among residents reported up to that Sunday.",
    ),
    field(
        "new", "integer", "陽性者数（その週）", "New cases", unit="人",
        description="前の週の累計との差。直しがあった週は、負にもなります。最初の週は空です。",
        description_en="Difference to the cumulative count a week before; negative where counts were corrected, blank in the first week.",
    ),
]  # fmt: skip
TOTAL_FIELDS = [
    {**SUNDAY, "constraints": {"required": True, "unique": True}},
    field(
        "municipalities", "integer", "62区市町村の合計（累計）", "All municipalities, cumulative",
        **COUNT,
    ),
    field(
        "tokyo", "integer", "東京都の合計（累計）", "All of Tokyo, cumulative", **COUNT,
        description="報告日別の陽性者数の累計。あとからの直しは、さかのぼって入っています。",
        description_en="Cases by day of report; later corrections were entered back in time.",
    ),
    field(
        "elsewhere", "integer", "区市町村に入らない人（累計）", "In no municipality, cumulative",
        **COUNT,
        description="都の合計から62区市町村の合計を引いた数。都外の人、調査中の人、まだ入っていない直しです。",
        description_en="Tokyo minus the municipalities: people from outside, addresses under inquiry, corrections still to come.",
    ),
    field(
        "municipalities_new", "integer", "62区市町村の合計（その週）", "All municipalities, new",
        unit="人", minimum=0, description="最初の週は空です。",
        description_en="Blank in the first week.",
    ),
    field("tokyo_new", "integer", "東京都の合計（その週）", "All of Tokyo, new", **COUNT),
    field(
        "revised", "boolean", "まとめて直した週", "Corrected in bulk",
        description="62区市町村の合計が、都全体の報告より多い週。あとから分かった人が、まとめて入っています。",
        description_en="More new cases in the municipalities than Tokyo reported: cases found later were entered together.",
    ),
]  # fmt: skip

TOWNS = source(
    "tokyo-covid19",
    title="新型コロナウイルス感染症対策サイト・陽性者数（区市町村別）",
    title_en="Tokyo COVID-19 information site, cases by municipality",
    date="2020年4月5日～2021年12月26日",
    date_en="5 April 2020 to 26 December 2021",
)
TOKYO = source(
    "tokyo-covid19",
    title="新型コロナウイルス感染症対策サイト・陽性者数（報告日別）",
    title_en="Tokyo COVID-19 information site, cases by day of report",
    date="2020年1月20日～2021年12月26日",
    date_en="20 January 2020 to 26 December 2021",
)

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "covid19-municipal",
    "title": "区市町村の新型コロナウイルス陽性者数",
    "title_en": "COVID-19 cases by municipality",
    "description": (
        "東京都の62区市町村に住む陽性者の、週ごとの累計と増えた数です。"
        "2020年4月5日から2021年12月26日まで、91週分あります。"
    ),
    "description_en": (
        "Cumulative and new cases among the residents of Tokyo's 62 municipalities, week by week: "
        "91 weeks from 5 April 2020 to 26 December 2021."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "区市町村の合計は、都の合計より少なくなります（2021年12月26日は353,259人と382,799人、92％）。元の表に、都外の人や調査中の人の行がないためです。差は表 totals の elsewhere にあります。",
            "en": "The municipalities sum to less than Tokyo (353,259 of 382,799 on 26 December 2021, 92%): people from outside and those under inquiry have no row. The rest is in `elsewhere` of the table `totals`.",
        },
        {
            "ja": "区市町村の累計は、直しが分かった週にまとめて足されています。2020年5月17日、5月24日、2021年2月14日、10月31日の週は、区市町村の合計が都の報告より多くなります（revised）。流行の山ではありません。",
            "en": "Corrections were added to the municipal counts in the week they were found. In the weeks ending 17 and 24 May 2020, 14 February and 31 October 2021 the municipalities sum to more than Tokyo reported (revised): not waves.",
        },
        {
            "ja": "2021年10月31日の週は3,683人で、都の報告は165人です。新宿区（725人）や品川区（565人）などにまとめて足されました。理由は確認できていません。",
            "en": "The week ending 31 October 2021 has 3,683 where Tokyo reported 165, most in Shinjuku (725) and Shinagawa (565). The reason is not confirmed.",
        },
        {
            "ja": "2021年2月15日に都は報告漏れ838人を発表し、葛飾区と池袋（豊島区）の保健所が多いと報じられました。2月14日の週の増え方と合います。都の報告日別では、さかのぼって入っています。",
            "en": "On 15 February 2021 Tokyo announced 838 unreported cases, most at the health centres of Katsushika and Ikebukuro (Toshima) by press reports; this fits the week ending 14 February. In Tokyo's own series they stand on their true days.",
        },
        {
            "ja": "増えた数が負の行が17あります（最小は葛飾区の−5人、2021年12月5日）。公表された累計が直されて減ったところです。負を0に直すと、合計が合わなくなります。",
            "en": "New cases are negative in 17 rows (least −5, Katsushika, 5 December 2021) where the published cumulative count was corrected downwards. Setting them to 0 breaks the sums.",
        },
        {
            "ja": "最初の週は、前の週がないので増えた数が空です。累計は0からではなく、831人から始まります。",
            "en": "New cases are blank in the first week, and cumulative counts begin at 831, not at 0.",
        },
        {
            "ja": "最後の週も日曜日まであり、途中で切れていません。2022年の表は、ライセンスの分からない別の出典なので使っていません。",
            "en": "The last week is complete. A table for 2022 exists elsewhere, without a licence, and is not used.",
        },
        {
            "ja": "小さな島や村では、累計が10人に満たないところがあります（青ヶ島村は最後まで0人）。だれのことか分かりかねない数なので、率にしたり順位をつけたりしないでください。",
            "en": "Some islands have fewer than ten cases in all (Aogashima none): too few for rates or ranks, and close to naming people.",
        },
        {
            "ja": "人口の多いまちほど多くなります。くらべるときは人口で割り、小さなまちの揺れに気をつけてください。",
            "en": "Larger towns have more cases: divide by the population to compare, and mind the noise of small towns.",
        },
    ],
    "licenses": [
        {
            "name": "CC-BY-4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
            "title": "クリエイティブ・コモンズ 表示 4.0",
            "title_en": "Creative Commons Attribution 4.0",
        }
    ],
    "resources": [
        {
            "name": "weekly",
            "title": "区市町村の週ごとの陽性者数",
            "title_en": "Cases by municipality and week",
            "description": "62区市町村が91週、すべてそろっています。",
            "description_en": "All 62 municipalities in each of 91 weeks.",
            "vintage": "week_ending",
            "sources": [TOWNS],
            "schema": {"primaryKey": ["week_ending", "code"], "foreignKeys": [OF_A_TOWN]},
        },
        {
            "name": "totals",
            "title": "62区市町村の合計と東京都の合計",
            "title_en": "All municipalities beside all of Tokyo",
            "description": "2つの表がどれだけ合うかを、このキットで計算しました。",
            "description_en": "How far the two tables agree, computed for this kit.",
            "sources": [TOWNS, TOKYO],
            "schema": {"primaryKey": ["week_ending"]},
        },
    ],
}  # fmt: skip


def main() -> None:
    raw = raw_folder("Build datasets/covid19-municipal from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {"weekly": (WEEKLY_FIELDS, weekly(raw)), "totals": (TOTAL_FIELDS, totals(raw))},
    )


if __name__ == "__main__":
    main()
