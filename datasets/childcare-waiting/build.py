"""Tabulate childcare waiting lists of the 47 prefectures, with what may explain them.

    python datasets/childcare-waiting/build.py --raw FOLDER

FOLDER holds the raw table named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prefectures import BY_NAME, FIELDS, ITEMS, PREFECTURES, RATE

from kit.data.building import field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
RAW = "japan_prefecture_ssdse_b_panel_2011_2022.csv"
FIRST, LAST = 2011, 2022


def prefectures(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a prefecture and year."""
    for row in read_rows(raw / RAW):
        code, name_en = BY_NAME[row["pref"]]
        if code != row["code"]:
            raise ValueError(f"{row['pref']}: code {row['code']}, not {code}")
        yield {
            "prefecture_code": code,
            "prefecture": row["pref"],
            "prefecture_en": name_en,
            "year": int(row["year"]),
            **{
                name: float(row[item]) if name == RATE else int(row[item])
                for item, name, *_ in ITEMS
            },
        }


KEYS = [
    field(
        "prefecture_code", "string", "都道府県コード", "Prefecture code", unit="2桁",
        required=True, enum=[code for code, _ in BY_NAME.values()],
    ),
    field(
        "prefecture", "string", "都道府県", "Prefecture (Japanese)",
        required=True, enum=[name for name, _ in PREFECTURES],
    ),
    field(
        "prefecture_en", "string", "都道府県（英語）", "Prefecture",
        required=True, enum=[name_en for _, name_en in PREFECTURES],
    ),
    field("year", "year", "年", "Year", required=True, minimum=FIRST, maximum=LAST),
]  # fmt: skip
QUIRKS = (
    (
        "待機児童の数え方は、2017年に変わりました。保護者が復職したくて育児休業を延ばしている子も数えます。切りかえは2017年から2018年にかけてで、自治体によって時期が違います。変わる前も、育児休業中の子を数えるかどうかは自治体によって違いました。",
        "The definition changed in 2017: children of parents who extend parental leave for want of a place count. Municipalities switched in 2017 or 2018, and had counted differently before.",
    ),
    (
        "待機児童は4月1日、施設と人口は10月1日、出生は1月から12月まで、学校は5月1日の数です。同じ年でも、待機児童が先です。元の表には年だけがあります。",
        "Waiting children are those of 1 April, nurseries and population of 1 October, births of the calendar year: within a year the waiting list comes first. The raw table gives years only.",
    ),
    (
        "2015年に子ども・子育て支援新制度が始まり、「保育所等」に認定こども園が入りました。全国で定員が7.0％増え、幼稚園の在園者が10.0％減ります（秋田県の幼稚園数は半分近くに）。保育士数も減る県があります。",
        "A new childcare system began in 2015 and certified centres became nurseries: places +7.0 %, kindergarten children −10.0 %; kindergartens of Akita nearly halved.",
    ),
    (
        "2018年に全国で保育所等が8.9％、定員が8.4％増えます。施設の数え方が広がったためとも考えられますが、元の表に説明はありません。",
        "In 2018 nurseries rise by 8.9 % and places by 8.4 % in Japan, perhaps because more kinds were counted; the raw table does not say.",
    ),
    (
        "2011年は震災の年です。宮城県と福島県の保育所等は2012年に48％と18％増えます。2011年に調べられなかった町があるためと思われます。",
        "2011 is the year of the earthquake: nurseries of Miyagi and Fukushima rise by 48 % and 18 % in 2012, probably because some towns could not be surveyed.",
    ),
    (
        "在所児数が定員より多いことがあります（564のうち158）。誤りではありません。定員をこえて預かることができるためです。",
        "Enrolled children exceed places in 158 of 564 rows: nurseries may take more than their number.",
    ),
    (
        "東京都の待機児童は、2021年まで毎年、ほかのすべての道府県より多く（2016年は8,466人、次は沖縄県の2,536人）、ほかの県の重みつき平均では届きません。0～14歳あたりの率なら、沖縄県の方が高くなります。",
        "Until 2021 Tokyo has more waiting children than any other prefecture every year, so no weighted average reaches it; per child of 0–14 Okinawa has more.",
    ),
    (
        "青森県、富山県、石川県、山梨県、鳥取県は、12年すべて0です。比や対数は使えません。",
        "Five prefectures have 0 in all twelve years: no ratios or logarithms there.",
    ),
    (
        "2015年と2020年の人口は国勢調査、ほかの年は千人単位の推計です。年齢別の人口は、この2年だけ年齢の分からない人をふくまないため、段差があります（東京都の65歳以上は、2020年に10万人減って見えます）。",
        "Populations of 2015 and 2020 are census counts. Age groups leave out unknown ages in those years only, which makes a step (65 and over in Tokyo seem to fall by 100,000 in 2020).",
    ),
    (
        "保育士数は、年ごとに20％近く動く県があります（青森県は2015年に約26％減）。",
        "Nursery teachers move by a fifth in a year in some prefectures (Aomori −26 % in 2015).",
    ),
    (
        "都道府県の英語名は、ふつうのヘボン式で、このキットが付けました。",
        "English names are plain Hepburn, given by this kit.",
    ),
)
DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "childcare-waiting",
    "title": "都道府県の待機児童",
    "title_en": "Childcare waiting lists by prefecture",
    "description": (
        "47都道府県の待機児童、保育所等、人口、出生、引っ越し、仕事などです（2011～2022年）。"
        "欠けている値はありません。"
    ),
    "description_en": (
        "Children waiting for childcare, nurseries, population, births, moves and jobs of the 47 "
        "prefectures, 2011–2022, without a gap."
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
            "name": "prefectures",
            "title": "都道府県の待機児童と保育",
            "title_en": "Waiting children and childcare by prefecture",
            "description": "都道府県と年ごとに1行。東京都の待機児童は、2016年の8,466人から2022年の300人になりました。",
            "description_en": "A row a prefecture and year. Tokyo went from 8,466 waiting in 2016 to 300 in 2022.",
            "vintage": "year",
            "sources": [source("ssdse-b", date="2025年版", date_en="2025 edition")],
            "schema": {"primaryKey": ["prefecture_code", "year"]},
        }
    ],
}


def main() -> None:
    raw = raw_folder("Build datasets/childcare-waiting from a raw public table.")
    write_package(HERE, DESCRIPTOR, {"prefectures": ([*KEYS, *FIELDS], prefectures(raw))})


if __name__ == "__main__":
    main()
