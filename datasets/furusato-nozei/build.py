"""Tabulate hometown tax donations to Tokyo's municipalities from a raw public table.

    python datasets/furusato-nozei/build.py --raw FOLDER

FOLDER holds the raw table named below. The same folder always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.data.building import OF_A_TOWN, field, raw_folder, read_rows, source, write_package

HERE = Path(__file__).resolve().parent
RAW = "tokyo_furusato_nozei_fy2008_2020.csv"
FIRST, LAST = 2008, 2020
# The raw column says 2020 because it stands beside the donations of 2020. Its values are those the
# ministry published for the taxes of 2021: Yokohama's 17,695,500 in the same raw source is the
# 17.695 billion yen reported for them, and the 62 make up six tenths of Tokyo's 107,915 million.
TAXED = 2021
Row = dict[str, Any]


def donations(raw: Path) -> Iterator[Row]:
    """Yield one row a municipality and fiscal year."""
    for row in read_rows(raw / RAW):
        received, number = int(row["donation_received_kyen"]), int(row["donation_count"])
        # Three wards list millions of yen from zero gifts until 2014: nobody wrote the number down.
        uncounted = number == 0 and received > 0
        yield {
            "code": row["code5"],
            "fiscal_year": int(row["fy"]),
            "received": received,
            "donations": None if uncounted else number,
        }


def deductions(raw: Path) -> Iterator[Row]:
    """Yield one row a municipality: what its residents' donations took off its tax."""
    for row in read_rows(raw / RAW):
        if row["tax_deduction_kyen_fy2020"]:
            yield {
                "code": row["code5"],
                "fiscal_year": TAXED,
                "deduction": int(float(row["tax_deduction_kyen_fy2020"])),
            }


CODE = field("code", "string", "団体コード", "Code", required=True, pattern=r"13\d{3}", unit="5桁")
FIELDS = {
    "donations": [
        CODE,
        field(
            "fiscal_year", "year", "年度", "Fiscal year", required=True, minimum=FIRST, maximum=LAST,
            description="4月から翌年3月まで。", description_en="April to March of the next year.",
        ),
        field(
            "received", "integer", "受け入れた寄附の額", "Donations received", unit="千円",
            required=True, minimum=0,
        ),
        field(
            "donations", "integer", "受け入れた寄附の件数", "Number of donations", unit="件", minimum=0,
            description="空は、額があるのに件数が書かれていない年度です。",
            description_en="Empty where an amount is given and no number.",
        ),
    ],
    "deductions": [
        CODE,
        field(
            "fiscal_year", "year", "課税の年度", "Fiscal year of the tax",
            required=True, minimum=TAXED, maximum=TAXED,
            description="前の年の1月から12月までの寄附を、この年度の住民税から引きます。",
            description_en="Donations of the calendar year before are taken off this year's tax.",
        ),
        field(
            "deduction", "integer", "住民税の控除額", "Tax deducted from residents", unit="千円",
            required=True, minimum=0,
            description="区市町村の分。都民税の分はふくみません。",
            description_en="The municipality's part, without Tokyo's.",
        ),
    ],
}  # fmt: skip
QUIRKS = (
    (
        "額の単位は千円です。利島村の2014年度は1件なのに0です。千円に満たない額が丸められたものと思われます。",
        "Amounts are in thousand yen. Toshima 2014 has one donation of 0, probably less than a thousand yen.",
    ),
    (
        "文京区、大田区、荒川区の2008～2014年度は、額があるのに件数が0でした。書かれていないものとして空にしました（21のセル）。ほかの0は、寄附がなかった年度です。",
        "Bunkyo, Ota and Arakawa list amounts but zero donations for 2008–2014: those 21 numbers are left empty. Every other zero means no donation.",
    ),
    (
        "わずかな大口の寄附が、額を決める年度があります（品川区の2010年度は31件で15億2千万円、渋谷区の2017年度は14件で6億円）。1件あたりの額や伸び率は、件数といっしょに見てください。",
        "A few large gifts may decide a year (Shinagawa 2010: 1.52 billion yen from 31; Shibuya 2017: 0.6 billion from 14). Read averages and growth with the number beside.",
    ),
    (
        "2015年度にワンストップ特例が始まり、2019年6月から返礼品が規制されました。前後をそのまま比べないでください。",
        "The one-stop exception began in 2015, and return gifts have been regulated since June 2019: mind both when comparing years.",
    ),
    (
        "控除額は2021年度の課税の値です。元の表の列の名前は「2020年度」ですが、総務省が2021年度分として公表し、報道された額と、横浜市（同じ出典の全国の表）の値が一致します。62の合計（647億円）は、東京都全体の控除額1,079億円の6割（区市町村の分）にあたります。",
        "Deductions are those of the taxes of fiscal 2021. The raw column says 2020, but its source agrees with what was reported for 2021 (Yokohama), and the 62 make up 60 % of Tokyo's 107.9 billion yen, the municipal part.",
    ),
    (
        "受け入れは年度（4月から3月）、控除のもとになる寄附は暦年（2020年1月から12月）です。引き算は、期間が3か月ずれた数どうしの計算になります。",
        "Donations are by fiscal year, the ones behind the deductions by calendar year 2020: a difference mixes periods three months apart.",
    ),
    (
        "控除額がそのまま町の損になるわけではありません。地方交付税を受ける団体では、減った税の75％が交付税で補われます。特別区など、受けない団体では補われません。返礼品や送料などの費用は、受け入れた額から引かれていません。",
        "A deduction is not the loss itself: three quarters are made up for where a municipality receives local allocation tax, nothing for the wards. Costs of gifts are not taken off the amounts received.",
    ),
    (
        "御蔵島村の9、青ヶ島村の7、武蔵野市の6など、寄附が0件の年度があります（16団体、51のセル）。1件あたりの額は計算できません。",
        "Sixteen municipalities had years without a donation (Mikurajima 9, Aogashima 7, Musashino 6): there is no average to compute.",
    ),
)
DESCRIPTOR = {
    "profile": "tabular-data-package",
    "name": "furusato-nozei",
    "title": "ふるさと納税",
    "title_en": "Hometown tax donations (furusato nozei)",
    "description": (
        "東京都の62区市町村が受け入れたふるさと納税の額と件数（2008～2020年度）と、"
        "住民の寄附による住民税の控除額（2021年度）です。"
    ),
    "description_en": (
        "Donations to Tokyo's 62 municipalities (fiscal 2008–2020), and the tax they lost to their "
        "residents' donations elsewhere (fiscal 2021)."
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
            "name": "donations",
            "title": "受け入れたふるさと納税",
            "title_en": "Donations received",
            "description": "区市町村と年度ごとの、受け入れた額と件数。",
            "description_en": "Amount and number by municipality and fiscal year.",
            "vintage": "fiscal_year",
            "sources": [
                source("furusato-nozei", date="2008～2020年度", date_en="fiscal years 2008–2020")
            ],
            "schema": {"primaryKey": ["code", "fiscal_year"], "foreignKeys": [OF_A_TOWN]},
        },
        {
            "name": "deductions",
            "title": "ふるさと納税による住民税の控除額",
            "title_en": "Tax deducted for furusato nozei",
            "description": "住民がほかの自治体などへ寄附したことで、その町の住民税から引かれた額。",
            "description_en": "What residents' donations took off the municipality's own tax.",
            "vintage": "fiscal_year",
            "sources": [
                source(
                    "furusato-nozei",
                    title="ふるさと納税に関する現況調査（住民税控除額の実績等）",
                    title_en="Survey on furusato nozei (tax deductions)",
                    date="2021年度課税",
                    date_en="taxes of fiscal 2021",
                )
            ],
            "schema": {"primaryKey": ["code", "fiscal_year"], "foreignKeys": [OF_A_TOWN]},
        },
    ],
}


def main() -> None:
    raw = raw_folder("Build datasets/furusato-nozei from a raw public table.")
    write_package(
        HERE,
        DESCRIPTOR,
        {
            "donations": (FIELDS["donations"], donations(raw)),
            "deductions": (FIELDS["deductions"], deductions(raw)),
        },
    )


if __name__ == "__main__":
    main()
