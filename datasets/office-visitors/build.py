"""Tabulate weekly visitors to the metropolitan government, and who still took the subway.

    python datasets/office-visitors/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kit.data.building import field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
OFFICES = "tokyo_agency_weekly_visitors.csv"
RIDERSHIP = "tokyo_metro_ridership_weekly_change.csv"

BUILDINGS = {"building_1": "第一庁舎計", "building_2": "第二庁舎計", "assembly": "議事堂計"}
BANDS = {
    "change_0630_0730": "6:30~7:30",
    "change_0730_0930": "7:30~9:30",
    "change_0930_1030": "9:30~10:30",
}
# Lies within the row before it (28 December to 3 January), when the offices were closed.
REPEATED = ("2021-01-01", "2021-01-03")

# National holidays that fall on Monday to Friday (some were moved for the Olympic Games), and the
# days on which the offices are closed around New Year.
HOLIDAYS = """
2020-01-01 2020-01-13 2020-02-11 2020-02-24 2020-03-20 2020-04-29 2020-05-04 2020-05-05 2020-05-06
2020-07-23 2020-07-24 2020-08-10 2020-09-21 2020-09-22 2020-11-03 2020-11-23
2021-01-01 2021-01-11 2021-02-11 2021-02-23 2021-04-29 2021-05-03 2021-05-04 2021-05-05
2021-07-22 2021-07-23 2021-08-09 2021-09-20 2021-09-23 2021-11-03 2021-11-23
"""
NEW_YEAR = """
2020-01-02 2020-01-03 2020-12-29 2020-12-30 2020-12-31
"""
CLOSED = {date.fromisoformat(day) for day in (HOLIDAYS + NEW_YEAR).split()}


def workdays(start: date, end: date) -> int:
    """Return how many days from `start` to `end`, both included, the offices were open.

    >>> workdays(date(2020, 5, 4), date(2020, 5, 10))
    2
    """
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return sum(day.weekday() < 5 and day not in CLOSED for day in days)


def span(row: dict[str, str]) -> dict[str, Any]:
    """Return the days a row covers, and the Monday of the week they end in."""
    start, end = date.fromisoformat(row["begin"]), date.fromisoformat(row["end"])
    return {
        "week": (end - timedelta(days=end.weekday())).isoformat(),
        "start": row["begin"],
        "end": row["end"],
        "workdays": workdays(start, end),
    }


def offices(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a week."""
    for row in read_rows(raw / OFFICES):
        visitors = {name: int(row[column]) for name, column in BUILDINGS.items()}
        if (row["begin"], row["end"]) == REPEATED:
            if any(visitors.values()):
                raise ValueError(f"{REPEATED[0]}: visitors in a row that was to be empty")
            continue
        yield {**span(row), **visitors}


def ridership(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a week."""
    for row in read_rows(raw / RIDERSHIP):
        yield {**span(row), **{name: float(row[column]) for name, column in BANDS.items()}}


SPAN_FIELDS = [
    field(
        "week", "date", "週", "Week", required=True, unique=True,
        description="その週の月曜日。2つの表はこの列で合わせられます。",
        description_en="Monday of the week; joins the two tables.",
    ),
    field(
        "start", "date", "はじめの日", "First day", required=True, unique=True,
        description="公表された表のとおり。", description_en="As published.",
    ),
    field(
        "end", "date", "終わりの日", "Last day", required=True, unique=True,
        description="公表された表のとおり。", description_en="As published.",
    ),
    field(
        "workdays", "integer", "開庁日", "Working days", unit="日",
        required=True, minimum=0, maximum=5,
        description="期間のうち、土日、祝日、12月29日～1月3日を除いた日数。このキットで数えました。",
        description_en="Days of the period without weekends, national holidays and 29 December to 3 January; counted for this kit.",
    ),
]  # fmt: skip


def visitors(name: str, title: str, title_en: str) -> dict[str, Any]:
    return field(
        name, "integer", title, title_en, unit="人", required=True, minimum=0,
        description="開庁日の1週間の合計。0は、開庁日のない週です。",
        description_en="Sum over the week's working days; 0 in a week without any.",
    )  # fmt: skip


def change(name: str, start: str, end: str) -> dict[str, Any]:
    return field(
        name, "number", f"{start}～{end}の増減", f"Change, {start}–{end}", unit="%", required=True, minimum=-100,
        description="2020年1月20日～24日の平均とくらべた増減（％）。−30は3割減です。",
        description_en="Per cent change against the mean of 20 to 24 January 2020; −30 is three tenths less.",
    )  # fmt: skip


OFFICE_FIELDS = [
    *SPAN_FIELDS,
    visitors("building_1", "第一本庁舎", "Main Building 1"),
    visitors("building_2", "第二本庁舎", "Main Building 2"),
    visitors("assembly", "議会議事堂", "Assembly Building"),
]
RIDERSHIP_FIELDS = [
    *SPAN_FIELDS,
    change("change_0630_0730", "6:30", "7:30"),
    change("change_0730_0930", "7:30", "9:30"),
    change("change_0930_1030", "9:30", "10:30"),
]

VISITORS = source(
    "tokyo-covid19",
    title="新型コロナウイルス感染症対策サイト・都庁来庁者数の推移",
    title_en="Tokyo COVID-19 information site, visitors to the metropolitan government",
    date="2020年1月1日～2021年12月26日",
    date_en="1 January 2020 to 26 December 2021",
)
SUBWAY = source(
    "tokyo-covid19",
    title="新型コロナウイルス感染症対策サイト・都営地下鉄の利用者数の推移",
    title_en="Tokyo COVID-19 information site, Toei Subway ridership",
    date="2020年2月10日～2021年12月23日",
    date_en="10 February 2020 to 23 December 2021",
)

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "office-visitors",
    "title": "都庁に来た人と、都営地下鉄に乗った人",
    "title_en": "Visitors to Tokyo's government offices, and subway ridership",
    "description": (
        "2020年から2021年の週ごとに、都庁の3つの建物に来た人の数と、"
        "都営地下鉄の朝の利用者がコロナ前からどれだけ変わったかです。"
    ),
    "description_en": (
        "Week by week in 2020 and 2021: visitors to three buildings of the metropolitan government, "
        "and how far morning ridership of the Toei Subway differed from January 2020."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "来庁者は、土日祝日を除く開庁日の1週間の合計です。祝日のある週は、その分だけ少なくなります。開庁日（workdays）で割ってからくらべてください。",
            "en": "Visitors are summed over working days; a week with holidays has fewer. Divide by `workdays` before comparing.",
        },
        {
            "ja": "0が並ぶのは2020年1月1日～5日だけで、年末年始の閉庁です。来たい人がいなかったのではありません。",
            "en": "Zeroes occur only for 1 to 5 January 2020, when the offices were closed: not a lack of demand.",
        },
        {
            "ja": "2020年12月28日～2021年1月3日の週は、開庁日が28日の1日だけです。元の表には、この週と重なる2021年1月1日～3日の0の行もあり、除きました。",
            "en": "The week of 28 December 2020 has one working day. The raw table repeats its last days (1 to 3 January 2021, all zero); that row was dropped.",
        },
        {
            "ja": "来庁者がどう数えられたか（職員や見学の人をふくむか）は、確認できていません。",
            "en": "How visitors were counted, and whether staff or sightseers are among them, is not confirmed.",
        },
        {
            "ja": "コロナ前の来庁者は、2020年1月から2月の数週間だけです。前の年とくらべて季節の影響を除くことはできません。",
            "en": "Only a few weeks of January and February 2020 come before the epidemic: the season cannot be removed by the year before.",
        },
        {
            "ja": "地下鉄は人数ではなく、2020年1月20日～24日の平均からの増減（％）です。3つの時間帯の人数が分からないので、平均して朝全体の値にはできません。",
            "en": "Ridership is a percentage change, not a count; without the counts the three bands cannot be averaged into one.",
        },
        {
            "ja": "地下鉄の利用者は、都営4路線の自動改札を出た人の数です。速報で、あとから直ることがあります。",
            "en": "Riders are exits through the gates of four Toei lines; figures were provisional.",
        },
        {
            "ja": "地下鉄の期間は平日です。週のはじめや終わりの祝日は除かれていますが、週の途中の祝日が平均に入っているかは確認できていません。",
            "en": "Subway periods are weekdays, cut short at holidays at their ends; whether a holiday in mid-week is in the mean is not confirmed.",
        },
        {
            "ja": "お盆と年末は、通勤そのものが減ります。2020年12月28日は1日だけ、2021年12月20日の週は木曜日までの値です。",
            "en": "Commuting itself falls in mid-August and at the end of the year. The row of 28 December 2020 is one day; the last ends on a Thursday.",
        },
        {
            "ja": "2021年8月16日の週のはじめの日は、元の表で15日（日曜日）になっています。そのままにし、week は月曜日にしました。",
            "en": "The week of 16 August 2021 begins on Sunday the 15th in the raw table; left as it is, with Monday in `week`.",
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
            "name": "offices",
            "title": "都庁の来庁者数",
            "title_en": "Visitors to the metropolitan government",
            "description": "1行が1週です。104週続きます。",
            "description_en": "One row a week, 104 weeks without a gap.",
            "sources": [VISITORS],
            "schema": {"primaryKey": ["week"]},
        },
        {
            "name": "ridership",
            "title": "都営地下鉄の利用者の増減",
            "title_en": "Change in Toei Subway ridership",
            "description": "1行が1週の平日です。98週続きます。",
            "description_en": "One row a week (its weekdays), 98 weeks without a gap.",
            "sources": [SUBWAY],
            "schema": {"primaryKey": ["week"]},
        },
    ],
}  # fmt: skip


def main() -> None:
    raw = raw_folder("Build datasets/office-visitors from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {"offices": (OFFICE_FIELDS, offices(raw)), "ridership": (RIDERSHIP_FIELDS, ridership(raw))},
    )


if __name__ == "__main__":
    main()
