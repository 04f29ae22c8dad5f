"""Tabulate the 62 municipalities of Tokyo from raw public tables.

    python datasets/municipalities/build.py --raw FOLDER

FOLDER holds the raw tables named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.data.building import field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent

KINDS = {
    "ward": ("特別区", "Special ward"),
    "city": ("市", "City"),
    "town": ("町", "Town"),
    "village": ("村", "Village"),
}
REGIONS = {
    "wards": ("23区", "23 wards"),
    "tama": ("多摩", "Tama"),
    "islands": ("島しょ", "Islands"),
}
# The ministry's names: class by population (Roman numerals) and by industry (figures).
PEER_GROUPS = {
    "特別区": ("特別区", "Special wards"),
    "中核市": ("中核市", "Core cities"),
    "都市Ⅱ－３": ("都市Ⅱ－３", "Cities II-3"),
    "都市Ⅲ－３": ("都市Ⅲ－３", "Cities III-3"),
    "都市Ⅳ－３": ("都市Ⅳ－３", "Cities IV-3"),
    "町村Ⅰ－２": ("町村Ⅰ－２", "Towns and villages I-2"),
    "町村Ⅱ－２": ("町村Ⅱ－２", "Towns and villages II-2"),
    "町村Ⅳ－２": ("町村Ⅳ－２", "Towns and villages IV-2"),
    "町村Ⅴ－２": ("町村Ⅴ－２", "Towns and villages V-2"),
}
SEXES = {"female": ("女", "Female"), "male": ("男", "Male")}
AGES = {
    "0-14": ("0～14歳", "0–14"),
    "15-64": ("15～64歳", "15–64"),
    "65-74": ("65～74歳", "65–74"),
    "75+": ("75歳以上", "75 and over"),
    "unknown": ("年齢不詳", "Age unknown"),
}
# SSDSE-A items: both sexes, men, women
ITEMS = {
    "all": ("A1101", "A110101", "A110102"),
    "0-14": ("A1301", "A130101", "A130102"),
    "15-64": ("A1302", "A130201", "A130202"),
    "65+": ("A1303", "A130301", "A130302"),
    "75+": ("A1419", "A141901", "A141902"),
}
COLUMN = {"both": 0, "male": 1, "female": 2}
NATIONAL_DATE = "2022-12-31"  # latest in the raw table; its population is that of 2022-01-01
LATER_YEAR = "2023"


def ages(row: dict[str, str], sex: str) -> dict[str, int]:
    """Return the five age groups of one municipality; they add up to its population."""
    count = {name: int(float(row[items[COLUMN[sex]]])) for name, items in ITEMS.items()}
    known = count["0-14"] + count["15-64"] + count["65+"]
    return {
        "0-14": count["0-14"],
        "15-64": count["15-64"],
        "65-74": count["65+"] - count["75+"],
        "75+": count["75+"],
        "unknown": count["all"] - known,
    }


def municipalities(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a municipality."""
    census = {r["code5"]: r for r in read_rows(raw / "tokyo_ssdse_a_latest_cross_section.csv")}
    later = {
        r["lgcode"]: r
        for r in read_rows(raw / "tokyo_kurashi_tokei_2019_2023.csv")
        if r["year"] == LATER_YEAR
    }
    peers = {r["lgcode"]: r for r in read_rows(raw / "tokyo_similar_municipality_groups.csv")}
    region = {label: key for key, (label, _) in REGIONS.items()}
    for town in read_rows(raw / "tokyo_municipalities.csv"):
        row = census[town["code5"]]
        split = ages(row, "both")
        yield {
            "code": town["code5"],
            "code6": town["lgcode"],
            "name_ja": town["name_ja"],
            "kana": town["name_kana"],
            "name_en": town["name_en"],
            "kind": town["type"],
            "region": region[town["region"]],
            "peer_group": peers[town["lgcode"]]["similar_group"],
            "area_km2": int(float(row["B1101"])) / 100,
            "population": int(float(row["A1101"])),
            "population_male": int(float(row["A110101"])),
            "population_female": int(float(row["A110102"])),
            "age_0_14": split["0-14"],
            "age_15_64": split["15-64"],
            "age_65_74": split["65-74"],
            "age_75_over": split["75+"],
            "age_unknown": split["unknown"],
            "foreign_residents": int(float(row["A1700"])),
            "households": int(float(row["A7101"])),
            "households_single": int(float(row["A810105"])),
            "households_single_65_over": int(float(row["A8301"])),
            "population_2023": int(later[town["lgcode"]]["pop_total"]),
            "households_2023": int(later[town["lgcode"]]["households"]),
        }


def age_structure(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a municipality, sex and age group."""
    for row in read_rows(raw / "tokyo_ssdse_a_latest_cross_section.csv"):
        for sex in SEXES:
            for age, population in ages(row, sex).items():
                yield {
                    "code": row["code5"],
                    "sex": sex,
                    "age_group": age,
                    "population": population,
                }


def national_age(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield the population of Japan by sex and five-year age group."""
    columns = {"female": "pop_f", "male": "pop_m"}
    for row in read_rows(raw / "japan_mynumber_card_by_age.csv"):
        if row["date"] != NATIONAL_DATE or row["age_group"] == "全体":
            continue
        low, _, high = row["age_group"].removesuffix("歳").removesuffix("歳以上").partition("～")
        for sex, column in columns.items():
            yield {
                "sex": sex,
                "age_from": int(low),
                "age_to": int(high) if high else None,
                "population": int(row[column]),
            }


SSDSE = source("ssdse-a", date="2020年国勢調査", date_en="2020 census")
NAMES = source("localgovjp", in_line=False)
LIFE = source("life-and-statistics", date="2023年版", date_en="2023 edition")
PEERS = source("similar-municipalities", in_line=False)
NATION = source(
    "mynumber-cards",
    title="マイナンバーカード交付状況・年齢別",
    title_en="My Number Card issuance by age",
    date="2022年1月1日の人口",
    date_en="population of 1 January 2022",
)

COUNT = {"required": True, "minimum": 0}
CODE = field("code", "string", "団体コード", "Code", required=True, pattern=r"13\d{3}", unit="5桁")
TOWN_FIELDS = [
    {**CODE, "constraints": {**CODE["constraints"], "unique": True}},
    field(
        "code6", "string", "団体コード（検査数字つき）", "Code with check digit",
        required=True, unique=True, pattern=r"13\d{4}", unit="6桁",
    ),
    field("name_ja", "string", "区市町村", "Municipality (Japanese)", required=True, unique=True),
    field("kana", "string", "よみ", "Reading", required=True, unique=True),
    field("name_en", "string", "英語名", "Municipality", required=True, unique=True),
    field("kind", "string", "種類", "Kind", categories=KINDS, required=True),
    field("region", "string", "地域", "Region", categories=REGIONS, required=True),
    field(
        "peer_group", "string", "類似団体の区分", "Peer group",
        description="総務省の類似団体の区分。人口と産業のかたちが近い団体の組です。", description_en="The ministry's groups of municipalities alike in population and industry.",
        categories=PEER_GROUPS,
    ),
    field(
        "area_km2", "number", "面積", "Area", unit="km²", required=True, minimum=0,
        description="2024年。島には、東京都の公表値と違うところがあります。", description_en="2024. For some islands it differs from Tokyo's own figures.",
    ),
    field("population", "integer", "人口", "Population", unit="人", **COUNT),
    field("population_male", "integer", "人口（男）", "Population, male", unit="人", **COUNT),
    field("population_female", "integer", "人口（女）", "Population, female", unit="人", **COUNT),
    field("age_0_14", "integer", "0～14歳", "Aged 0–14", unit="人", **COUNT),
    field("age_15_64", "integer", "15～64歳", "Aged 15–64", unit="人", **COUNT),
    field("age_65_74", "integer", "65～74歳", "Aged 65–74", unit="人", **COUNT),
    field("age_75_over", "integer", "75歳以上", "Aged 75 and over", unit="人", **COUNT),
    field(
        "age_unknown", "integer", "年齢不詳", "Age unknown", unit="人", **COUNT,
        description="年齢が分からない人。総人口から、年齢の分かる人を引いた数です。", description_en="Total population minus the people whose age is known.",
    ),
    field("foreign_residents", "integer", "外国人人口", "Foreign residents", unit="人", **COUNT),
    field("households", "integer", "世帯数", "Households", unit="世帯", **COUNT),
    field(
        "households_single", "integer", "単独世帯数", "One-person households", unit="世帯", **COUNT
    ),
    field(
        "households_single_65_over", "integer", "65歳以上の単独世帯数",
        "One-person households aged 65 and over", unit="世帯", **COUNT,
    ),
    field(
        "population_2023", "integer", "人口（2023年1月の推計）", "Population, January 2023 estimate",
        unit="人", **COUNT,
    ),
    field(
        "households_2023", "integer", "世帯数（2023年1月）", "Households, January 2023",
        unit="世帯", **COUNT,
    ),
]  # fmt: skip
AGE_FIELDS = [
    CODE,
    field("sex", "string", "性別", "Sex", categories=SEXES, required=True),
    field("age_group", "string", "年齢", "Age group", categories=AGES, required=True),
    field("population", "integer", "人口", "Population", unit="人", **COUNT),
]
NATION_FIELDS = [
    field("sex", "string", "性別", "Sex", categories=SEXES, required=True),
    field("age_from", "integer", "年齢（から）", "Age from", unit="歳", **COUNT),
    field(
        "age_to", "integer", "年齢（まで）", "Age to", unit="歳", minimum=0,
        description="この年齢を含みます。空は「以上」。", description_en="Inclusive; empty means “and over”.",
    ),
    field("population", "integer", "人口", "Population", unit="人", **COUNT),
]  # fmt: skip

DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "municipalities",
    "title": "東京都の62区市町村",
    "title_en": "The 62 municipalities of Tokyo",
    "description": (
        "区市町村のコードと名前、面積、人口、世帯、年齢構成です。"
        "人口と世帯は2020年10月1日の国勢調査、2023年の列だけは東京都の推計です。"
    ),
    "description_en": (
        "Codes, names, area, population, households and age structure. Population and households "
        "are those of the census of 1 October 2020; the 2023 columns are Tokyo's estimates."
    ),
    "version": "1.0.0",
    "quirks": [
        {
            "ja": "年齢不詳の人がいるため、年齢別の人口を足しても総人口になりません。区部でやや多く（3.3％）、足りない分は age_unknown にあります。",
            "en": "Age groups fall short of the total population because some ages are unknown; the rest is in age_unknown.",
        },
        {
            "ja": "65～74歳は「65歳以上」から「75歳以上」を引いた数です。",
            "en": "Ages 65–74 are 65 and over minus 75 and over.",
        },
        {
            "ja": "面積は2024年の値です。小笠原村（113.04）と利島村（4.04）などは、東京都の公表値（106.88、4.12）と違います。",
            "en": "Area is that of 2024. For some islands it differs from Tokyo's own figures (Ogasawara 113.04 against 106.88).",
        },
        {
            "ja": "2023年の人口は東京都の推計で、住民基本台帳の人口ではありません。",
            "en": "The 2023 population is Tokyo's estimate, not the resident register.",
        },
        {
            "ja": "全国の年齢別人口は90歳以上をまとめています。全国計より55人少なく、差の理由は元の表に書かれていません。",
            "en": "The national table ends at 90 and over, and sums to 55 fewer than the published total.",
        },
    ],
    "licenses": [
        {
            "name": "other-open",
            "title": "出典ごとに違います。各表の sources を見てください。",
            "title_en": "Differs by source: see the sources of each table.",
        }
    ],
    "resources": [
        {
            "name": "municipalities",
            "title": "区市町村",
            "title_en": "Municipalities",
            "sources": [SSDSE, NAMES, LIFE, PEERS],
            "schema": {"primaryKey": ["code"]},
        },
        {
            "name": "age-structure",
            "title": "区市町村の男女・年齢別人口",
            "title_en": "Population by sex and age group",
            "sources": [SSDSE],
            "schema": {
                "primaryKey": ["code", "sex", "age_group"],
                "foreignKeys": [
                    {
                        "fields": ["code"],
                        "reference": {"resource": "municipalities", "fields": ["code"]},
                    }
                ],
            },
        },
        {
            "name": "national-age",
            "title": "全国の男女・5歳階級別人口",
            "title_en": "Population of Japan by sex and five-year age group",
            "sources": [NATION],
            "schema": {"primaryKey": ["sex", "age_from"]},
        },
    ],
}


def main() -> None:
    raw = raw_folder("Build datasets/municipalities from raw public tables.")
    write_package(
        HERE,
        DESCRIPTOR,
        {
            "municipalities": (TOWN_FIELDS, municipalities(raw)),
            "age-structure": (AGE_FIELDS, age_structure(raw)),
            "national-age": (NATION_FIELDS, national_age(raw)),
        },
    )


if __name__ == "__main__":
    main()
