"""The columns taken from SSDSE-A: which item each comes from, and what its number means.

An item's year is that of the survey behind it; ``when`` says which moment of the year that survey
asks about.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kit.data.building import field


class Item(NamedTuple):
    """One item of SSDSE-A as a column of ours."""

    code: str
    name: str
    title: str
    title_en: str
    unit: str
    note: str = ""
    note_en: str = ""
    kind: str = "integer"


CALENDAR = ("1月から12月まで。", "January to December. ")
MAY = ("5月1日。", "On 1 May. ")
OCTOBER = ("10月1日。", "On 1 October. ")
DECEMBER = (
    "2年に1度、12月31日。働いている場所で数えます。",
    "Every other year, on 31 December; counted where they work.",
)
AT_SCHOOL = (
    "国立と私立をふくみ、学校のある場所で数えます。",
    "National and private schools included; counted where the school stands.",
)
JAPANESE = (
    "日本人だけ。都内の引っ越しもふくみます。",
    "Japanese nationals only; moves within Tokyo included.",
)
ALL_IN_ONE = "小学校と中学校の数にはふくまれません。"
ALL_IN_ONE_EN = "Not among the elementary and junior high schools."


def _at(when: tuple[str, str], what: tuple[str, str] = ("", "")) -> tuple[str, str]:
    return when[0] + what[0], (when[1] + what[1]).strip()


ANNUAL = (
    Item("A4101", "births", "出生数", "Births", "人", *_at(CALENDAR)),
    Item("A4200", "deaths", "死亡数", "Deaths", "人", *_at(CALENDAR)),
    Item("A5101", "in_migrants", "転入者数", "In-migrants", "人", *_at(CALENDAR, JAPANESE)),
    Item("A5102", "out_migrants", "転出者数", "Out-migrants", "人", *_at(CALENDAR, JAPANESE)),
    Item("A9101", "marriages", "婚姻件数", "Marriages", "組", *_at(CALENDAR)),
    Item("A9201", "divorces", "離婚件数", "Divorces", "組", *_at(CALENDAR)),
    Item("B1101", "area_km2", "面積", "Area", "km²", kind="number"),
    Item(
        "B1103", "habitable_area_km2", "可住地面積", "Habitable area", "km²", kind="number",
        note="林野と主な湖沼をのぞいた面積。", note_en="Area without forests and main lakes.",
    ),
    Item("E1101", "kindergartens", "幼稚園数", "Kindergartens", "園", *_at(MAY, AT_SCHOOL)),
    Item(
        "E1501", "kindergarten_children", "幼稚園の在園者数", "Kindergarten children", "人",
        *_at(MAY, AT_SCHOOL),
    ),
    Item("E2101", "elementary_schools", "小学校数", "Elementary schools", "校", *_at(MAY, AT_SCHOOL)),
    Item(
        "E2401", "elementary_teachers", "小学校の教員数", "Elementary school teachers", "人",
        *_at(MAY, AT_SCHOOL),
    ),
    Item(
        "E2501", "elementary_pupils", "小学校の児童数", "Elementary school pupils", "人",
        *_at(MAY, AT_SCHOOL),
    ),
    Item(
        "E3101", "junior_high_schools", "中学校数", "Junior high schools", "校",
        *_at(MAY, AT_SCHOOL),
    ),
    Item(
        "E3401", "junior_high_teachers", "中学校の教員数", "Junior high school teachers", "人",
        *_at(MAY, AT_SCHOOL),
    ),
    Item(
        "E3501", "junior_high_students", "中学校の生徒数", "Junior high school students", "人",
        *_at(MAY, AT_SCHOOL),
    ),
    Item(
        "E3901", "compulsory_schools", "義務教育学校数", "Compulsory education schools", "校",
        *_at(MAY, ("小中一貫の学校。" + ALL_IN_ONE, "Grades 1 to 9. " + ALL_IN_ONE_EN)),
    ),
    Item(
        "E3904", "compulsory_teachers", "義務教育学校の教員数",
        "Compulsory education school teachers", "人", *_at(MAY, (ALL_IN_ONE, ALL_IN_ONE_EN)),
    ),
    Item(
        "E3905", "compulsory_lower_pupils", "義務教育学校の児童数（前期課程）",
        "Compulsory education school pupils, grades 1–6", "人",
        *_at(MAY, (ALL_IN_ONE, ALL_IN_ONE_EN)),
    ),
    Item(
        "E3906", "compulsory_upper_students", "義務教育学校の生徒数（後期課程）",
        "Compulsory education school students, grades 7–9", "人",
        *_at(MAY, (ALL_IN_ONE, ALL_IN_ONE_EN)),
    ),
    Item("E4101", "high_schools", "高等学校数", "High schools", "校", *_at(MAY, AT_SCHOOL)),
    Item(
        "E4501", "high_school_students", "高等学校の生徒数", "High school students", "人",
        *_at(MAY, AT_SCHOOL),
    ),
    Item(
        "J250302", "nurseries", "保育所等数", "Nurseries", "施設",
        *_at(OCTOBER, ("認定こども園などをふくみます。", "Certified centres for early childhood included.")),
    ),
    Item("I510120", "general_hospitals", "一般病院数", "General hospitals", "施設", *_at(OCTOBER)),
    Item(
        "I5102", "clinics", "一般診療所数", "Clinics", "施設",
        *_at(OCTOBER, ("ベッドが20床未満の医療機関。", "Fewer than 20 beds, or none.")),
    ),
    Item("I5103", "dental_clinics", "歯科診療所数", "Dental clinics", "施設", *_at(OCTOBER)),
    Item("I6100", "doctors", "医師数", "Doctors", "人", *DECEMBER),
    Item("I6200", "dentists", "歯科医師数", "Dentists", "人", *DECEMBER),
    Item("I6300", "pharmacists", "薬剤師数", "Pharmacists", "人", *DECEMBER),
    Item(
        "D1202", "administrative_staff", "一般行政部門の職員数", "General administrative staff", "人",
        "4月1日。教育、消防、公営企業をのぞきます。",
        "On 1 April; without education, fire service and public enterprises.",
    ),
)  # fmt: skip
SETTLEMENT = (
    Item("D3201", "revenue", "歳入決算総額", "Total revenue", "千円"),
    Item(
        "D320101", "local_tax", "地方税", "Local tax", "千円",
        "特別区には、都が集める固定資産税や法人住民税がふくまれません。",
        "For the wards without the property and corporate taxes that Tokyo collects.",
    ),
    Item("D3203", "expenditure", "歳出決算総額", "Total expenditure", "千円"),
    Item(
        "D320303", "welfare_expenditure", "民生費", "Welfare expenditure", "千円",
        "子ども、高齢者、障害のある人、生活保護などの費用。",
        "Children, older people, people with disabilities, public assistance.",
    ),
    Item("D320308", "public_works_expenditure", "土木費", "Public works expenditure", "千円"),
    Item("D320310", "education_expenditure", "教育費", "Education expenditure", "千円"),
    Item(
        "D320311", "disaster_recovery_expenditure", "災害復旧費", "Disaster recovery expenditure", "千円",
        "0は、その年度に支出がなかったことです。", "0 means that nothing was spent that year.",
    ),
)  # fmt: skip
# The two ratios SSDSE-A repeats from the table of fiscal indices, a year longer.
RATIOS = {"D2203": "current_balance_ratio", "D2211": "debt_service_ratio"}


def value(item: Item, cell: str) -> int | float | None:
    """Return a cell in the column's unit; None where nothing was published.

    >>> value(ANNUAL[0], "627.0"), value(ANNUAL[6], "1166.0"), value(ANNUAL[0], "")
    (627, 11.66, None)
    """
    if not cell:
        return None
    whole = int(float(cell))
    return whole / 100 if item.unit == "km²" else whole  # published in hectares


def column(item: Item) -> dict[str, Any]:
    """Return the field of an item: empty where its survey did not ask, never below zero."""
    return field(
        item.name, item.kind, item.title, item.title_en, unit=item.unit,
        description=item.note, description_en=item.note_en, minimum=0,
    )  # fmt: skip
