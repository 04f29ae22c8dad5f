"""Tabulate who built Tokyo's COVID-19 site and when: counts from its change history, no names.

    python datasets/covid19-site-contributions/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.data.building import field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
DAILY = "tokyo_covid19_site_commits_daily.csv"
RANKS = "tokyo_covid19_site_contributor_rank.csv"

# our column -> that of the raw table
COLUMNS = {
    "commits": "commits_all",
    "bot_commits": "commits_bot",
    "human_commits": "commits_human",
    "work_commits": "commits_human_nonmerge",
    "merged_requests": "pr_merges",
    "translation_commits": "l10n_commits_human",
    "contributors": "human_authors",
    "newcomers": "first_time_human_authors",
}


def daily(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a day."""
    for row in read_rows(raw / DAILY):
        made = {name: int(row[column]) for name, column in COLUMNS.items()}
        if made["commits"] != made["bot_commits"] + made["human_commits"]:
            raise ValueError(f"{row['date']}: bots and people do not add up")
        yield {"date": row["date"], **made}


def contributors(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a contributor, the busiest first."""
    for row in read_rows(raw / RANKS):
        yield {"rank": int(row["rank"]), "commits": int(row["commits"])}


def count(
    name: str, title: str, title_en: str, unit: str, text: str, text_en: str
) -> dict[str, Any]:
    return field(
        name, "integer", title, title_en,
        unit=unit, description=text, description_en=text_en, required=True, minimum=0,
    )  # fmt: skip


DAILY_FIELDS = [
    field("date", "date", "日付", "Date", required=True, unique=True),
    count(
        "commits", "コミット", "Commits", "件",
        "コードや文章への変更の記録。人と自動のプログラムの両方です。",
        "Recorded changes, by people and by programs.",
    ),
    count(
        "bot_commits", "自動のコミット", "Commits by bots", "件",
        "データの自動更新など。名前と件名の規則で見分けました。",
        "Such as automatic updates of data; told by a rule on name and subject.",
    ),
    count(
        "human_commits", "人のコミット", "Commits by people", "件",
        "人のコミット。取りこみ（マージ）の記録もふくみます。",
        "Commits by people, merges included.",
    ),
    count(
        "work_commits", "人の変更", "Commits by people, without merges", "件",
        "人のコミットのうち、取りこみの記録を除いた数。",
        "Commits by people that change something themselves.",
    ),
    count(
        "merged_requests", "取りこまれた提案", "Merged pull requests", "件",
        "プルリクエスト（変更の提案）を取りこんだ記録。人のコミットの一部です。",
        "Merges of pull requests; part of the commits by people.",
    ),
    count(
        "translation_commits", "翻訳のコミット", "Commits to translations", "件",
        "翻訳についての人のコミット。見分けた規則は、元の表に書かれていません。",
        "Commits by people to translations; the rule that told them is not recorded.",
    ),
    count(
        "contributors", "その日に動いた人", "People active", "人",
        "その日にコミットした人。日ごとに数えるので、足しても全体の人数にはなりません。",
        "People with a commit on that day; days cannot be summed into people.",
    ),
    count(
        "newcomers", "はじめての人", "Newcomers", "人",
        "その日にはじめてコミットした人。全部の日を足すと、全体の人数になります。",
        "People whose first commit is of that day; the sum over all days is all people.",
    ),
]  # fmt: skip
RANK_FIELDS = [
    field(
        "rank", "integer", "順位", "Rank", required=True, unique=True, minimum=1,
        description="変更の多い順。同じ数の人にも、別々の順位がついています。",
        description_en="The busiest first; ties have ranks of their own.",
    ),
    field(
        "commits", "integer", "人の変更", "Commits, without merges", unit="件", required=True,
        minimum=1, description="全部の期間の数。取りこみの記録は除きます。",
        description_en="Over the whole period, without merges.",
    ),
]  # fmt: skip

HISTORY = source(
    "tokyo-covid19-history",
    date="2020年2月29日～2021年2月16日",
    date_en="29 February 2020 to 16 February 2021",
)

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "covid19-site-contributions",
    "title": "新型コロナウイルス対策サイトへの貢献",
    "title_en": "Contributions to Tokyo's COVID-19 site",
    "description": (
        "東京都の新型コロナウイルス感染症対策サイトが、公開の場でどう作られたかの記録です。"
        "変更の履歴から件数だけを数え、名前は入っていません。"
    ),
    "description_en": (
        "How Tokyo's COVID-19 site was built in the open: counts from its change history, without "
        "names."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "はじめの数週間の履歴は書き直され、同じコミットが2回ずつ残っていました。時刻・人・件名が同じものを1つにして、13,754件が9,759件になりました。",
            "en": "The first weeks of the history were rewritten and stood there twice. Commits of the same time, author and subject were made one: 13,754 became 9,759.",
        },
        {
            "ja": "人と自動のプログラムは、名前と件名の規則で見分けました。9,759件のうち3,071件が自動です。規則なので、まちがいもありえます。",
            "en": "Bots were told by a rule on name and subject: 3,071 of 9,759. A rule can be wrong.",
        },
        {
            "ja": "人は、小文字にした作者の名前で数えました。2つの名前を使った人は2人になります。",
            "en": "A person is a lower-cased author name; whoever used two names counts twice.",
        },
        {
            "ja": "はじめての人の合計は368人、順位の表は350人です。差の18人は、順位の表が数えない「取りこみ」だけをした人と思われますが、確かめていません。",
            "en": "Newcomers sum to 368, the ranks hold 350 people: the other 18 are probably people who only merged, which the ranks leave out; this was not confirmed.",
        },
        {
            "ja": "サイトの公開は2020年3月3日～4日です。それより前の日は、公開前の少人数の作業です（4～11人）。くらべるときは分けてください。",
            "en": "The site opened on 3 to 4 March 2020; the days before are those of a small team (4 to 11 people).",
        },
        {
            "ja": "自動のコミットは2020年3月14日にはじめて現れます。全体の件数だけを見ると、人の活動が続いているように見えます。",
            "en": "Bots first appear on 14 March 2020; the total alone makes people look busier than they were.",
        },
        {
            "ja": "履歴は別の人の写しから取りました。2021年2月8日から15日までの8日間は0件、16日は3件で終わります。写しの都合かもしれないので、終わりのころを活動の減りと読まないでください。",
            "en": "The history is that of a copy. Eight days from 8 February 2021 have no commit and the 16th, the last, has 3: perhaps the copy's doing, so do not read the end as a decline.",
        },
        {
            "ja": "日付の区切りの時刻（日本時間かどうか）は、元の表に書かれていません。",
            "en": "The time zone of the dates is not recorded.",
        },
        {
            "ja": "コミットの数は、貢献の大きさではありません。課題の報告、話し合い、確認、デザインは数えられていません。",
            "en": "Commits do not measure contribution: reports, discussion, review and design are not counted.",
        },
    ],
    "licenses": [
        {
            "name": "MIT",
            "title": "MIT（コードのライセンス。ここにあるのは件数だけです）",
            "title_en": "MIT (that of the code; these are counts only)",
        }
    ],
    "resources": [
        {
            "name": "daily",
            "title": "毎日のコミットと人",
            "title_en": "Commits and people day by day",
            "description": "1行が1日です。354日続きます。0は、記録のない日です。",
            "description_en": "One row a day, 354 days without a gap; 0 is a day without a commit.",
            "sources": [HISTORY],
            "schema": {"primaryKey": ["date"]},
        },
        {
            "name": "contributors",
            "title": "人ごとの変更の数",
            "title_en": "Commits by contributor",
            "description": "1行が1人です。名前はありません。",
            "description_en": "One row a person, without names.",
            "sources": [HISTORY],
            "schema": {"primaryKey": ["rank"]},
        },
    ],
}  # fmt: skip


def main() -> None:
    raw = raw_folder("Build datasets/covid19-site-contributions from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {"daily": (DAILY_FIELDS, daily(raw)), "contributors": (RANK_FIELDS, contributors(raw))},
    )


if __name__ == "__main__":
    main()
