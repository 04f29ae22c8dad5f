"""Twelve procedures an ordinary citizen meets: chosen by hand, each truly in the survey."""

from __future__ import annotations

# key, procedure_id, title, title_en, what a teacher should know (Japanese, English)
FEATURED = [
    (
        "moving-in", "9062", "転入届", "Moving-in notice",
        "オンライン件数は0件です。添付書類は「資格証明書」に分類されていますが、分類が実態に合うかは分かりません。",
        "No online applications. The attachment is classed as a certificate of qualification, which may not fit.",
    ),
    (
        "moving-out", "9064", "転出届（カードの特例以外）", "Moving-out notice (not by card)",
        "オンラインでできる転出届は別の行（120164、481,332件）です。この行だけを見ると0％に見えます。",
        "The moving-out notice that can be made online is another row (120164, 481,332 cases); this row alone looks like 0%.",
    ),
    (
        "birth", "13165", "出生届", "Birth registration",
        "オンライン化は「実施済」ですが、オンライン件数は0件です。",
        "Marked as online, yet no online applications.",
    ),
    (
        "child-allowance", "204038", "児童手当の認定請求", "Child allowance claim",
        "92,343件は出生届746,085件に比べて少なく、すべての申請を数えているかは分かりません。",
        "92,343 is small beside 746,085 birth registrations: it may not count every claim.",
    ),
    (
        "medical-support", "45747", "自立支援医療の支給認定申請",
        "Medical support for persons with disabilities",
        "住民票と所得・納税の証明書を求めます。件数は丸い数（300万件）です。",
        "Asks for a resident record and a tax certificate. The volume is a round figure (3,000,000).",
    ),
    (
        "pension-exemption", "52015", "国民年金保険料の免除・納付猶予申請",
        "National pension premium exemption",
        "処理期間は45日です。",
        "Processing takes 45 days.",
    ),
    (
        "old-age-pension", "51934", "老齢年金の請求", "Old-age pension claim",
        "同じ件数の行がもう一つあります（51931、国民年金法による分）。足すと二重に数えます。",
        "Another row (51931, under another law) has the same volume: do not add them up.",
    ),
    (
        "passport", "14243", "パスポートの申請（国内）", "Passport application (in Japan)",
        "戸籍の添付が求められます。オンラインは約8％です。",
        "Asks for a family register document. About 8% are online.",
    ),
    (
        "tax-return", "57538", "所得税の確定申告", "Income tax return",
        "申請する人に事業者も含みます。オンラインは約69％です。",
        "Filed by businesses, too. About 69% are online.",
    ),
    (
        "parental-leave-benefit", "52941", "育児休業給付金の申請（初回）",
        "Childcare leave benefit (first claim)",
        "件数は丸い数（50万件）です。勤め先を通して申請することが多い手続きです。",
        "The volume is a round figure (500,000). Usually filed through the employer.",
    ),
    (
        "parking-certificate", "2853", "車庫証明の申請", "Parking space certificate",
        "件数は丸い数（750万件）です。申請する人に事業者も含みます。",
        "The volume is a round figure (7,500,000). Filed by businesses, too.",
    ),
    (
        "death", "13167", "死亡届", "Death registration",
        "オンライン化は「実施済」ですが、オンライン件数は0件です。",
        "Marked as online, yet no online applications.",
    ),
]  # fmt: skip
