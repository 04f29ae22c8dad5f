"""The 47 prefectures in the order of their codes, and the columns taken from SSDSE-B."""

from __future__ import annotations

from kit.data.building import field

# Japanese name and its plain Hepburn, without the suffix
PREFECTURES = (
    ("北海道", "Hokkaido"), ("青森県", "Aomori"), ("岩手県", "Iwate"), ("宮城県", "Miyagi"),
    ("秋田県", "Akita"), ("山形県", "Yamagata"), ("福島県", "Fukushima"), ("茨城県", "Ibaraki"),
    ("栃木県", "Tochigi"), ("群馬県", "Gunma"), ("埼玉県", "Saitama"), ("千葉県", "Chiba"),
    ("東京都", "Tokyo"), ("神奈川県", "Kanagawa"), ("新潟県", "Niigata"), ("富山県", "Toyama"),
    ("石川県", "Ishikawa"), ("福井県", "Fukui"), ("山梨県", "Yamanashi"), ("長野県", "Nagano"),
    ("岐阜県", "Gifu"), ("静岡県", "Shizuoka"), ("愛知県", "Aichi"), ("三重県", "Mie"),
    ("滋賀県", "Shiga"), ("京都府", "Kyoto"), ("大阪府", "Osaka"), ("兵庫県", "Hyogo"),
    ("奈良県", "Nara"), ("和歌山県", "Wakayama"), ("鳥取県", "Tottori"), ("島根県", "Shimane"),
    ("岡山県", "Okayama"), ("広島県", "Hiroshima"), ("山口県", "Yamaguchi"), ("徳島県", "Tokushima"),
    ("香川県", "Kagawa"), ("愛媛県", "Ehime"), ("高知県", "Kochi"), ("福岡県", "Fukuoka"),
    ("佐賀県", "Saga"), ("長崎県", "Nagasaki"), ("熊本県", "Kumamoto"), ("大分県", "Oita"),
    ("宮崎県", "Miyazaki"), ("鹿児島県", "Kagoshima"), ("沖縄県", "Okinawa"),
)  # fmt: skip
BY_NAME = {
    name: (f"{number:02}", name_en) for number, (name, name_en) in enumerate(PREFECTURES, start=1)
}
CALENDAR = ("1月から12月まで。", "January to December.")
MAY = ("5月1日。国立と私立をふくみます。", "On 1 May; national and private ones included.")
OCTOBER = ("10月1日。", "On 1 October.")
AUTUMN_PEOPLE = (
    "10月1日。2015年と2020年は国勢調査の人数、ほかの年は千人単位の推計です。",
    "On 1 October; census counts in 2015 and 2020, estimates in thousands otherwise.",
)
MOVES = (
    "1月から12月まで。日本人だけ。都道府県をこえる引っ越し。",
    "January to December; Japanese nationals moving between prefectures.",
)
MONTHS = (
    "12か月の数を足したもの。パートをのぞきます。",
    "Sum of the twelve monthly numbers, part-time work excluded.",
)
# SSDSE-B item, column, titles, unit, note in both languages
ITEMS = (
    ("J250502", "waiting", "待機児童数", "Children waiting", "人",
     "4月1日。保育所等に入れるのを待っている子ども。",
     "On 1 April; children waiting for a place in a nursery."),
    ("J2505", "capacity", "保育所等の定員", "Nursery places", "人", *OCTOBER),
    ("J2506", "enrolled", "保育所等の在所児数", "Children enrolled", "人", *OCTOBER),
    ("J2503", "nurseries", "保育所等数", "Nurseries", "施設", *OCTOBER),
    ("J2526", "nursery_teachers", "保育士数", "Nursery teachers", "人", *OCTOBER),
    ("A1101", "population", "人口", "Population", "人", *AUTUMN_PEOPLE),
    ("A1301", "age_0_14", "0～14歳", "Aged 0–14", "人", *AUTUMN_PEOPLE),
    ("A1303", "age_65_over", "65歳以上", "Aged 65 and over", "人", *AUTUMN_PEOPLE),
    ("A4101", "births", "出生数", "Births", "人", *CALENDAR),
    ("A4103", "fertility_rate", "合計特殊出生率", "Total fertility rate", "", *CALENDAR),
    ("A4200", "deaths", "死亡数", "Deaths", "人", *CALENDAR),
    ("A5101", "in_migrants", "転入者数", "In-migrants", "人", *MOVES),
    ("A5102", "out_migrants", "転出者数", "Out-migrants", "人", *MOVES),
    ("A9101", "marriages", "婚姻件数", "Marriages", "組", *CALENDAR),
    ("A9201", "divorces", "離婚件数", "Divorces", "組", *CALENDAR),
    ("E1101", "kindergartens", "幼稚園数", "Kindergartens", "園", *MAY),
    ("E1301", "kindergarten_teachers", "幼稚園の教員数", "Kindergarten teachers", "人", *MAY),
    ("E1501", "kindergarten_children", "幼稚園の在園者数", "Kindergarten children", "人", *MAY),
    ("E2501", "elementary_pupils", "小学校の児童数", "Elementary school pupils", "人", *MAY),
    ("F3102", "job_seekers", "有効求職者数", "Active job seekers", "人", *MONTHS),
    ("F3103", "job_openings", "有効求人数", "Active job openings", "人", *MONTHS),
    ("L3221", "household_spending", "1か月の消費支出", "Household spending a month", "円",
     "2人以上の世帯。県庁のある市の値で、標本が小さく、年ごとの揺れがあります。",
     "Households of two or more in the prefectural capital; a small sample, noisy by year."),
)  # fmt: skip
# The only column that is not a whole number
RATE = "fertility_rate"
FIELDS = [
    field(
        name, "number" if name == RATE else "integer", title, title_en, unit=unit,
        description=note, description_en=note_en, required=True,
        # Waiting lists may be empty; nothing else of a whole prefecture is.
        minimum={"waiting": 0, RATE: 0.5}.get(name, 1),
        **({"maximum": 3} if name == RATE else {}),
    )
    for _, name, title, title_en, unit, note, note_en in ITEMS
]  # fmt: skip
