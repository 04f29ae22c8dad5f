"""Tabulate how My Number Cards spread, by municipality of Tokyo and by age, from raw public tables.

    python datasets/mynumber-cards/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.data.building import OF_A_TOWN, field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
PANEL = "tokyo_mynumber_card_panel_2017_2022.csv"
BY_AGE = "japan_mynumber_card_by_age.csv"
FIRST, LAST = "2017-03-08", "2022-12-31"
Row = dict[str, Any]

SEXES = {"female": ("女", "Female"), "male": ("男", "Male")}
COLUMN = {"female": "f", "male": "m"}
EVERYONE = "全体"
BANDS = [(low, low + 4) for low in range(0, 100, 5)]
AGES = {
    **{f"{low}-{high}": (f"{low}～{high}歳", f"{low}–{high}") for low, high in BANDS},
    "90+": ("90歳以上", "90 and over"),
    "100+": ("100歳以上", "100 and over"),
    "all": ("すべての年齢", "All ages"),
}


def share(percent: str) -> float:
    """Return a published percentage as a share; its last digit is the third decimal."""
    return round(float(percent) / 100, 3)


def cards(raw: Path) -> Iterator[Row]:
    """Yield one row a date and municipality."""
    rows = read_rows(raw / PANEL)
    for row in sorted(rows, key=lambda one: (one["date"], one["lgcode"])):
        if row["date"] != row["card_date"]:
            raise ValueError(f"{row['date']} {row['name']}: cards counted on {row['card_date']}")
        yield {
            "date": row["date"],
            "code": row["lgcode"][:5],
            "population": int(row["population"]),
            "cards": int(row["cards"]),
            "share": share(row["rate_pct"]),
            "population_date": row["pop_date"],
        }


def band(text: str) -> tuple[str, int | None]:
    """Return the key of an age band and its first year of age.

    >>> band("0～4歳"), band("90歳以上"), band("全体")
    (('0-4', 0), ('90+', 90), ('all', None))
    """
    if text == EVERYONE:
        return "all", None
    if text.endswith("歳以上"):
        low = text.removesuffix("歳以上")
        return f"{low}+", int(low)
    low, _, high = text.removesuffix("歳").partition("～")
    return f"{low}-{high}", int(low)


def sound(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows with both sexes adding up to the population of their age.

    One row does not: its numbers by sex are those of the year before, while its total and its
    published percentages are right. The rows of the other dates that share its total have the
    numbers by sex those percentages were made with.
    """
    by_sex = {
        (row["age_group"], row["pop_all"]): (row["pop_f"], row["pop_m"])
        for row in rows
        if int(row["pop_f"]) + int(row["pop_m"]) == int(row["pop_all"])
    }
    found = []
    for row in rows:
        women, men = by_sex[row["age_group"], row["pop_all"]]
        found.append({**row, "pop_f": women, "pop_m": men})
    return found


def by_age(raw: Path) -> Iterator[Row]:
    """Yield one row a date, age band and sex, for Japan."""
    # The table by age does not say of which day its population is: the one by municipality does.
    counted_on = {row["date"]: row["pop_date"] for row in read_rows(raw / PANEL)}
    for row in sound(read_rows(raw / BY_AGE)):
        key, first_year = band(row["age_group"])
        for sex, column in COLUMN.items():
            yield {
                "date": row["date"],
                "age_group": key,
                "age_from": first_year,
                "sex": sex,
                "population": int(row[f"pop_{column}"]),
                "cards": int(row[f"cards_{column}"]),
                "share": share(row[f"rate_{column}"]),
                "population_date": counted_on[row["date"]],
            }


SHARE = field(
    "share", "number", "交付率", "Cards per person", unit="share", required=True, minimum=0, maximum=1,
    description="枚数を人口で割った、公表の値（1％の10分の1まで）。",
    description_en="Cards over population as published, to a tenth of a percent.",
)  # fmt: skip
POPULATION_DATE = field(
    "population_date", "date", "人口の日付", "Date of the population",
    required=True, enum=[f"{year}-01-01" for year in range(2016, 2023)],
    description="分母の人口の日。年に1度だけ新しくなります。",
    description_en="Of the denominator, which steps once a year.",
)  # fmt: skip
COUNTED = "その日までに交付した枚数の累計。"
COUNTED_EN = "Issued until that day, cumulative."


def date(first: str) -> Row:
    """Return the field of the date, from the first one a table has."""
    return field("date", "date", "日付", "Date", required=True, minimum=first, maximum=LAST)


FIELDS = {
    "cards": [
        date(FIRST),
        field("code", "string", "団体コード", "Code", required=True, pattern=r"13\d{3}", unit="5桁"),
        field(
            "population", "integer", "人口", "Population", unit="人", required=True, minimum=1,
            description="住民基本台帳。", description_en="Resident register.",
        ),
        field(
            "cards", "integer", "交付枚数", "Cards issued", unit="枚", required=True, minimum=0,
            description=COUNTED, description_en=COUNTED_EN,
        ),
        SHARE,
        POPULATION_DATE,
    ],
    "by-age": [
        date("2017-05-15"),
        field("age_group", "string", "年齢", "Age group", categories=AGES, required=True),
        field(
            "age_from", "integer", "年齢（から）", "Age from", unit="歳", minimum=0, maximum=100,
            description="並べるための数。空は、すべての年齢。",
            description_en="To sort by; empty for all ages.",
        ),
        field("sex", "string", "性別", "Sex", categories=SEXES, required=True),
        field("population", "integer", "人口", "Population", unit="人", required=True, minimum=1),
        field(
            "cards", "integer", "交付枚数", "Cards issued", unit="枚", required=True, minimum=0,
            description=COUNTED, description_en=COUNTED_EN,
        ),
        SHARE,
        POPULATION_DATE,
    ],
}  # fmt: skip
QUIRKS = (
    (
        "交付枚数は、それまでに交付した枚数の累計です。亡くなった人や、よそへ引っ越した人の分は引かれていません。いま持っている人の割合ではありません。",
        "Cards are counted when issued and never taken off: the share is not that of people who hold one.",
    ),
    (
        "分母の人口は年に1度だけ新しくなります（2017年8月、2018年7月、2019年9月、2020年9月、2021年8月、2022年8月）。カードは増えているのに率が下がることがあります（利島村2022年8月 －1.6ポイント、御蔵島村2018年7月 －0.7、青ヶ島村2018年7月 －0.4）。",
        "The denominator steps once a year, so the share may fall while cards rise (Toshima −1.6 points in August 2022).",
    ),
    (
        "日付の間かくは、2020年より前は1～5か月で、そろっていません。2022年4月1日はありません。2022年6月30日からは月末の日付です。前の回との差は、日数で割って比べてください。",
        "Dates are 1 to 5 months apart before 2020, 1 April 2022 is missing, and from 30 June 2022 they are month ends: divide steps by days.",
    ),
    (
        "小さな村では、何か月も枚数が変わらないことがあります（青ヶ島村で20回）。",
        "In the smallest villages the count may stand still for months (20 times in Aogashima).",
    ),
    (
        "島の34行は、元の表に団体コードがありませんでした。名前からおぎないました。",
        "Thirty-four rows of two islands had no code in the raw table; it was filled in from the name.",
    ),
    (
        "年齢別は全国の値です。区市町村ごとの年齢別はありません。2017年3月8日もありません。",
        "The table by age is national; there is none by municipality, nor for 8 March 2017.",
    ),
    (
        "いちばん上の年齢は、2022年3月までは100歳以上、5月からは90歳以上です。2022年3月までを90歳以上にそろえるには、3つを足してください。",
        "The top age is 100 and over until March 2022, 90 and over from May: add three bands to compare.",
    ),
    (
        "年齢別の枚数は、ときどき年齢を数え直すので、減ることがあります（0～4歳は2022年1月に24万枚減）。100歳以上の男性の率は98.7％まで上がり、2022年1月に約38ポイントとびます。高齢の率をそのまま信じないでください。",
        "Cards by age are re-sorted from time to time and may fall (0–4: −240,000 in January 2022). The share of men of 100 and over reaches 98.7 %: do not take it at its word.",
    ),
    (
        "年齢別の人口を足すと、全国計（すべての年齢）より55～70人少ない日があります（2017年8月から2019年7月までは一致）。枚数は、いつも一致します。",
        "Populations by age sum to 55–70 fewer than all ages on most dates; cards always agree.",
    ),
    (
        "2019年9月16日の30～34歳は、元の表の男女の人口が前の年の値のままで、足しても合計になりませんでした。合計と率に合う、同じ年の値（女3,493,161、男3,658,968）に直しました。",
        "On 16 September 2019 the raw populations of women and men of 30–34 were those of the year before; they were put right from the rows with the same total, which fit the published shares.",
    ),
    (
        "年齢別の表の population_date は、同じ日の区市町村の表から写しました。",
        "`population_date` of the table by age was taken from the table by municipality.",
    ),
)
DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "mynumber-cards",
    "title": "マイナンバーカードの交付",
    "title_en": "My Number Cards issued",
    "description": "2017年3月から2022年12月までの、区市町村ごとと、全国の年齢ごとの交付枚数です。",
    "description_en": (
        "Cards issued from March 2017 to December 2022, by municipality of Tokyo and, for Japan, "
        "by age and sex."
    ),
    "version": "1.0.0",
    "quirks": [{"ja": ja, "en": en} for ja, en in QUIRKS],
    "licenses": [
        {
            "name": "other-open",
            "title": "出典ごとに違います。各表の sources を見てください。",
            "title_en": "Differs by source: see the sources of each table.",
        }
    ],
    "resources": [
        {
            "name": "cards",
            "title": "区市町村のマイナンバーカード交付",
            "title_en": "My Number Cards by municipality",
            "description": "62区市町村の46の日付。枚数は累計です。",
            "description_en": "62 municipalities on 46 dates; cumulative.",
            "vintage": "date",
            "sources": [
                source(
                    "mynumber-cards", date="2017年3月8日～2022年12月31日",
                    date_en="8 March 2017 to 31 December 2022",
                )
            ],
            "schema": {"primaryKey": ["date", "code"], "foreignKeys": [OF_A_TOWN]},
        },
        {
            "name": "by-age",
            "title": "全国の男女・年齢別マイナンバーカード交付",
            "title_en": "My Number Cards in Japan by sex and age",
            "description": "全国の45の日付。5歳ごと。",
            "description_en": "Japan on 45 dates, by five-year age group.",
            "vintage": "date",
            "sources": [
                source(
                    "mynumber-cards", title="マイナンバーカード交付状況・年齢別",
                    title_en="My Number Card issuance by age", date="2017年5月15日～2022年12月31日",
                    date_en="15 May 2017 to 31 December 2022",
                )
            ],
            "schema": {"primaryKey": ["date", "age_group", "sex"]},
        },
    ],
}  # fmt: skip


def main() -> None:
    raw = raw_folder("Build datasets/mynumber-cards from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {"cards": (FIELDS["cards"], cards(raw)), "by-age": (FIELDS["by-age"], by_age(raw))},
    )


if __name__ == "__main__":
    main()
