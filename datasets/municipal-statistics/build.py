"""Tabulate yearly statistics of the 62 municipalities of Tokyo from raw public tables.

    python datasets/municipal-statistics/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from items import ANNUAL, RATIOS, SETTLEMENT, column, value

from kit.data.building import OF_A_TOWN, field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
SSDSE_A = "tokyo_ssdse_a_panel_annual.csv"
LIFE = "tokyo_kurashi_tokei_2019_2023.csv"
INDICES = "tokyo_fiscal_indices_fy2005_2021.csv"
CARDS = "tokyo_mynumber_card_panel_2017_2022.csv"  # its denominators are register populations
Row = dict[str, Any]


def annual(raw: Path) -> Iterator[Row]:
    """Yield one row a municipality and year; an item no survey asked for that year is empty."""
    for row in read_rows(raw / SSDSE_A):
        yield {
            "code": row["code5"],
            "year": int(row["ref_year"]),
            **{item.name: value(item, row[item.code]) for item in ANNUAL},
        }


def population(raw: Path) -> Iterator[Row]:
    """Yield one row a municipality and edition, in the order of the codes."""
    rows = read_rows(raw / LIFE)
    for row in sorted(rows, key=lambda one: (one["lgcode"], one["year"])):
        yield {
            "code": row["lgcode"][:5],
            "year": int(row["year"]),
            "area_km2": float(row["area_km2"]),
            "population": int(row["pop_total"]),
            "population_male": int(row["pop_male"]),
            "population_female": int(row["pop_female"]),
            "share_65_over": float(row["share_65plus"]),
            "households": int(row["households"]),
            "elementary_pupils": int(row["elementary_pupils"]),
            "junior_high_students": int(row["junior_high_students"]),
        }


def register_population(raw: Path) -> Iterator[Row]:
    """Yield the population of each 1 January the card statistics divide by."""
    found = {
        (row["lgcode"][:5], int(row["pop_date"][:4])): int(row["population"])
        for row in read_rows(raw / CARDS)
    }
    for (code, year), people in sorted(found.items()):
        yield {"code": code, "year": year, "population": people}


def fiscal(raw: Path) -> Iterator[Row]:
    """Yield one row a municipality and fiscal year of the main fiscal indices."""
    for row in read_rows(raw / INDICES):
        yield {
            "code": row["lgcode"][:5],
            "fiscal_year": int(row["fy"]),
            "fiscal_capacity_index": float(row["fiscal_capacity_index"]),
            # The wards of 2010 and 2011 carry five decimals; everyone else has the printed one.
            "current_balance_ratio": round(float(row["current_balance_ratio"]), 1),
            "debt_service_ratio": float(row["debt_service_ratio"]),
            "future_burden_ratio": number(row["future_burden_ratio"]),
            "laspeyres": number(row["laspeyres"]),
        }


def settlement(raw: Path) -> Iterator[Row]:
    """Yield one row a municipality and settled fiscal year."""
    for row in read_rows(raw / SSDSE_A):
        if row["D3201"]:
            yield {
                "code": row["code5"],
                "fiscal_year": int(row["ref_year"]),
                **{item.name: value(item, row[item.code]) for item in SETTLEMENT},
                **{name: float(row[code]) for code, name in RATIOS.items()},
            }


def number(cell: str) -> float | None:
    return float(cell) if cell else None


CODE = field("code", "string", "団体コード", "Code", required=True, pattern=r"13\d{3}", unit="5桁")
ONE = {"required": True, "minimum": 1}


def year(first: int, last: int, *, from_april: bool = False, **said: str) -> Row:
    """Return the field of time of a table."""
    name, title, title_en = ("year", "年", "Year")
    if from_april:
        name, title, title_en = ("fiscal_year", "年度", "Fiscal year")
        said |= {
            "description": "4月から翌年3月まで。",
            "description_en": "April to March of the next year.",
        }
    limits = {"required": True, "minimum": first, "maximum": last}
    return field(name, "year", title, title_en, **said, **limits)


def ratio(name: str, title: str, title_en: str, note: str, note_en: str, **limits: Any) -> Row:
    """Return the field of a published ratio."""
    return field(
        name, "number", title, title_en, description=note, description_en=note_en, **limits
    )


CURRENT_BALANCE = ratio(
    "current_balance_ratio", "経常収支比率", "Current balance ratio",
    "毎年きまって入るお金のうち、毎年きまって出る費用にあてた割合。高いほど、ゆとりがありません。",
    "Share of regular revenue spent on regular costs; the higher, the less room.",
    unit="％", required=True, minimum=0, maximum=200,
)  # fmt: skip
DEBT_SERVICE = ratio(
    "debt_service_ratio", "実質公債費比率", "Debt service ratio",
    "収入に対する、借金の返済の割合（3年平均）。0より小さいこともあります。",
    "Debt service against revenue (three-year mean); may be below zero.",
    unit="％", required=True, minimum=-25, maximum=50,
)  # fmt: skip
FIELDS = {
    "annual": [CODE, year(2014, 2024), *map(column, ANNUAL)],
    "population": [
        CODE,
        year(
            2019, 2023,
            description="版の年。人口は、その年の1月1日の推計です。",
            description_en="Of the edition; the population is that of its 1 January.",
        ),
        field("area_km2", "number", "面積", "Area", unit="km²", required=True, minimum=1),
        field("population", "integer", "人口（推計）", "Population (estimate)", unit="人", **ONE),
        field("population_male", "integer", "人口（男）", "Population, male", unit="人", **ONE),
        field("population_female", "integer", "人口（女）", "Population, female", unit="人", **ONE),
        field(
            "share_65_over", "number", "65歳以上の割合", "Share aged 65 and over", unit="share",
            required=True, minimum=0, maximum=1,
        ),
        field("households", "integer", "世帯数", "Households", unit="世帯", **ONE),
        field(
            "elementary_pupils", "integer", "小学校の児童数", "Elementary school pupils", unit="人",
            description="版の前の年の5月1日。", description_en="On 1 May of the year before.", **ONE,
        ),
        field(
            "junior_high_students", "integer", "中学校の生徒数", "Junior high school students",
            unit="人",
            description="版の前の年の5月1日。", description_en="On 1 May of the year before.", **ONE,
        ),
    ],
    "register-population": [
        CODE,
        year(
            2016, 2022,
            description="その年の1月1日。", description_en="On 1 January of this year.",
        ),
        field(
            "population", "integer", "人口（住民基本台帳）", "Population (resident register)",
            unit="人", **ONE,
        ),
    ],
    "fiscal": [
        CODE,
        year(2005, 2021, from_april=True),
        ratio(
            "fiscal_capacity_index", "財政力指数", "Fiscal capacity index",
            "標準的な行政に必要なお金に対する、標準的な税収の割合（3年平均）。1なら、つりあいます。",
            "Standard revenue against standard need (three-year mean); 1 means balance.",
            required=True, minimum=0, maximum=3,
        ),
        CURRENT_BALANCE,
        DEBT_SERVICE,
        ratio(
            "future_burden_ratio", "将来負担比率", "Future burden ratio",
            "収入に対する、これから返すお金の割合。2008年度からの空は「－」（負担がない）です。",
            "Future liabilities against revenue; from 2008 on, empty means “–”, no burden.",
            unit="％", minimum=0.1, maximum=350,
        ),
        ratio(
            "laspeyres", "ラスパイレス指数", "Laspeyres index of salaries",
            "国の職員を100としたときの、職員の給与の水準。2007年度はありません。",
            "Salaries where those of national staff are 100; none for 2007.",
            minimum=50, maximum=150,
        ),
    ],
    "settlement": [
        CODE,
        year(2015, 2022, from_april=True),
        *(
            one | {"constraints": {"required": True, **one["constraints"]}}
            for one in map(column, SETTLEMENT)
        ),
        CURRENT_BALANCE,
        DEBT_SERVICE,
    ],
}  # fmt: skip

SSDSE = source("ssdse-a", date="2018～2026年版", date_en="2018–2026 editions")
TITLES = {
    "annual": (
        "区市町村の毎年の統計", "Yearly statistics of the municipalities",
        "出生、死亡、引っ越し、学校、医療、職員など。調べた年は項目によって違い、ない年は空です（出生は2023年まで、学校は2024年まで）。",
        "Births, deaths, moves, schools, health care, staff. Years differ by item (births to 2023, schools to 2024); the rest is empty.",
        [SSDSE],
    ),
    "population": (
        "区市町村の人口と世帯（1月の推計）", "Population and households, January estimates",
        "東京都の推計人口。住民基本台帳の人口ではありません。",
        "Tokyo's own estimates, not the resident register.",
        [source("life-and-statistics", date="2019～2023年版", date_en="2019–2023 editions")],
    ),
    "register-population": (
        "区市町村の人口（住民基本台帳）", "Population by the resident register",
        "カードの交付率の分母として公表された人口。7年分そろった、割り算のための人口です。",
        "Published as the denominator of the card rate; seven years to divide by.",
        [
            source(
                "mynumber-cards", date="2016～2022年1月1日の人口",
                date_en="population of 1 January, 2016–2022",
            )
        ],
    ),
    "fiscal": (
        "区市町村の財政の指標", "Fiscal indices of the municipalities",
        "財政力指数、経常収支比率、実質公債費比率、将来負担比率、ラスパイレス指数。",
        "Fiscal capacity, current balance, debt service, future burden, salaries.",
        [source("fiscal-indices", date="2005～2021年度", date_en="fiscal years 2005–2021")],
    ),
    "settlement": (
        "区市町村の決算", "Settled accounts of the municipalities",
        "歳入、地方税、歳出と、そのうちの民生費、土木費、教育費、災害復旧費。",
        "Revenue, local tax, expenditure, and some of its parts.",
        [SSDSE],
    ),
}  # fmt: skip
QUIRKS = (
    (
        "空は「その年は調べていない、または公表されていない」、0は「なかった」です。医師などは偶数年、職員は2021年から、保育所等と義務教育学校は2019年から。2014年の行には医師、歯科医師、薬剤師だけ、2015年の行には病院と診療所だけがあります。",
        "Empty means not surveyed or not published; 0 means none. Doctors are counted in even years, staff from 2021, nurseries and compulsory education schools from 2019.",
    ),
    (
        "元の表には年だけがあり、月日はありません。項目の説明にある月日は、もとの調査のきまりによります。",
        "The raw table gives years only; the day named in a field's description is that of the survey behind it.",
    ),
    (
        "小さな村では、出生や死亡が年に数人で、0の年もあります。1人の違いで率が大きく動きます。",
        "The smallest villages have a few births and deaths a year, sometimes none: one person moves the rate.",
    ),
    (
        "転入と転出は都内どうしの引っ越しもふくむので、62を足しても東京都の数になりません。差し引き（転入－転出）は、東京都の差し引きと同じになります。",
        "In- and out-migrants include moves within Tokyo: the 62 do not add up to Tokyo's own number, only their difference does.",
    ),
    (
        "学校は国立と私立をふくみ、ある場所で数えます。千代田区では、中学校の生徒が小学校の児童より多くなります。",
        "Schools are counted where they stand, private ones included: Chiyoda has more junior high students than elementary pupils.",
    ),
    (
        "利島村の小学校と中学校は、2024年に義務教育学校になりました。小学校と中学校は0ですが、学校がなくなったのではありません。",
        "Toshima's schools became one compulsory education school in 2024: the zeroes do not mean that it has no school.",
    ),
    (
        "2016年の出生と婚姻、2017年の死亡と婚姻は、62の合計が東京都の数（SSDSE-B）より1～2少なくなります。ほかの年は一致します。",
        "Births and marriages of 2016 and deaths and marriages of 2017 sum to one or two fewer than Tokyo in SSDSE-B; other years agree.",
    ),
    (
        "面積は途中で増えます（2020年の江東区2.83km²、大田区1.03km²、2023年の小笠原村6.16km²など）。東京都の表（population）の面積とも、島で違います。",
        "Areas grow on the way (Koto +2.83 km² and Ota +1.03 in 2020, Ogasawara +6.16 in 2023) and differ from Tokyo's own for some islands.",
    ),
    (
        "推計人口（population）は、2021年版と2022年版のあいだで、新島村が7.6％減り、国立市の世帯が5.8％増えるなど、とびがあります。国勢調査に合わせて推計の出発点を替えたためと思われますが、元の表に説明はありません。2021年版までの合計は、前後の10月の人口（SSDSE-B）より0.5～0.6％少なく、2022年版では0.3％です。",
        "January estimates jump between the 2021 and 2022 editions (Niijima −7.6 %, households of Kunitachi +5.8 %), probably because a new census became their base; the raw table does not say. Up to 2021 they sum to 0.5–0.6 % less than the Octobers around them in SSDSE-B, in 2022 to 0.3 %.",
    ),
    (
        "児童数と生徒数は、population の版の年の前の年の5月1日の値です。annual の1年前の値と、310のセルすべてが一致します。",
        "Pupils in `population` are those of 1 May of the year before the edition: all 310 cells equal `annual` one year earlier.",
    ),
    (
        "特別区の財政は、都との財政調整を通したものです。区と市町村の指標や税は、そのままでは比べられません。将来負担比率は、23区のどの年も「－」（負担がない）です。",
        "The wards' finances pass through an adjustment with Tokyo: do not compare them with cities as they are. No ward ever has a future burden ratio.",
    ),
    (
        "将来負担比率の空には、2つの意味があります。2007年度までは指標がありませんでした。2008年度からは「－」（負担がない）です。0や欠測として平均しないでください。",
        "An empty future burden ratio means two things: no such index until 2007, “–” (no burden) from 2008 on.",
    ),
    (
        "2007年度のラスパイレス指数は、公表の表にありません。2012年度と2013年度は、国の職員の給与が一時的に減らされたため、ほとんどの町で8ほど高くなります。",
        "There is no Laspeyres index for 2007. In 2012 and 2013 it is about 8 higher almost everywhere, because national salaries were cut for a time.",
    ),
    (
        "実質公債費比率は、2006年度から2007年度に、市の中央値が12.0から5.8へ下がります。計算のしかたが変わったためと思われますが、元の表に説明はありません。",
        "The median debt service ratio of the cities falls from 12.0 to 5.8 between 2006 and 2007, probably a new formula; the raw table does not say.",
    ),
    (
        "2008年度の特別区の値は、元の表ではかっこ付きで印刷されていました。2010年度と2011年度の特別区の経常収支比率は、元の表の小数5桁を、ほかと同じ1桁に丸めました。",
        "The wards' values of 2008 were printed in parentheses. Their current balance ratios of 2010 and 2011 had five decimals and were rounded to one, as all others.",
    ),
    (
        "2020年度の歳入と歳出がふくらむのは、1人10万円の特別定額給付金などのためです。",
        "Revenue and expenditure swell in 2020 with the cash benefit of 100,000 yen a person.",
    ),
    (
        "settlement と fiscal の経常収支比率と実質公債費比率は、重なる2015～2021年度の434のセルすべてで一致します。",
        "The two ratios agree between `settlement` and `fiscal` in all 434 cells of 2015–2021.",
    ),
)


def resource(name: str) -> Row:
    title, title_en, description, description_en, sources = TITLES[name]
    time = FIELDS[name][1]["name"]
    return {
        "name": name,
        "title": title,
        "title_en": title_en,
        "description": description,
        "description_en": description_en,
        "vintage": time,
        "sources": sources,
        "schema": {"primaryKey": ["code", time], "foreignKeys": [OF_A_TOWN]},
    }


DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "municipal-statistics",
    "title": "区市町村の統計",
    "title_en": "Statistics of the municipalities",
    "description": (
        "東京都の62区市町村の、毎年の統計、人口、財政の指標、決算です。"
        "公表された数だけを、ない年は空のまま並べました。"
    ),
    "description_en": (
        "Yearly statistics, population, fiscal indices and accounts of Tokyo's 62 municipalities: "
        "published numbers only, empty where there are none."
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
    "resources": [resource(name) for name in TITLES],
}


def main() -> None:
    raw = raw_folder("Build datasets/municipal-statistics from raw public tables.")
    made = {
        "annual": annual(raw),
        "population": population(raw),
        "register-population": register_population(raw),
        "fiscal": fiscal(raw),
        "settlement": settlement(raw),
    }
    write_package(HERE, DESCRIPTOR, {name: (FIELDS[name], rows) for name, rows in made.items()})


if __name__ == "__main__":
    main()
