"""What the one blank of first-steps should hold, for every town.

The expected share comes from the same census table as the notebook. Each rival is a mistake that
people make on their first day; the check names it instead of saying "wrong".
"""

from functools import cache

from kit import data
from kit.checks import Rival, number


@cache
def _towns():
    """Figures of the census by municipality code, with the people aged 65 and over."""
    towns = data.load("municipalities").set_index("code")
    return towns.assign(older=towns["age_65_74"] + towns["age_75_over"]).to_dict("index")


def share(lesson, answer):
    """Check the share of people aged 65 and over among those whose age is known."""
    town = _towns()[lesson.municipality.code]
    older = town["older"]
    people = town["population"] - town["age_unknown"]
    expected = older / people
    everywhere = sum(each["older"] for each in _towns().values())
    return number(
        answer,
        expected=expected,
        # Whoever writes a tenth of a per cent (0.274) is right; a whole one (0.27) is told so.
        tolerance=0.0006,
        unit="share",
        why_right=lesson.text(
            "{older:,}人 ÷ {people:,}人で、{share:.1%}です。{one_in:.1f}人に1人が65歳以上です。",
            older=older,
            people=people,
            share=expected,
            one_in=people / older,
        ),
        rivals=[
            Rival(
                older,
                lesson.text("それは人数です。割合にするには、みんなの人数（people）で割ります。"),
            ),
            Rival(
                people, lesson.text("それは割る数です。65歳以上の人（older）を、この数で割ります。")
            ),
            Rival(
                people / older,
                lesson.text("割る順番が逆です。「何人に1人か」という数になっています。"),
                tolerance=0.06,
            ),
            Rival(
                100 * people / older,
                lesson.text("割る順番が逆で、100もかけています。older を左に書きます。"),
                tolerance=6,
            ),
            Rival(
                older / town["population"],
                lesson.text(
                    "年齢が分からない人も、割る数に入れています。"
                    "その人が65歳以上かどうかは分からないので、people で割ります。"
                ),
            ),
            Rival(
                older / (people - older),
                lesson.text("65歳未満の人で割っています。65歳以上の人も「みんな」のうちです。"),
            ),
            Rival(
                1 - expected,
                lesson.text("それは65歳未満の人の割合です。65歳以上の人（older）を割ります。"),
            ),
            Rival(
                town["age_75_over"] / people,
                lesson.text("それは75歳以上の人だけの割合です。65歳から74歳の人も入れます。"),
            ),
            Rival(
                town["age_65_74"] / people,
                lesson.text("それは65歳から74歳の人だけの割合です。75歳以上の人も入れます。"),
            ),
            Rival(
                older / town["households"],
                lesson.text("世帯の数で割っています。人の割合なので、人の数で割ります。"),
            ),
            Rival(
                older / everywhere,
                lesson.text(
                    "都の65歳以上の人のうち、このまちに暮らす人の割合です。まちの人の数で割ります。"
                ),
                tolerance=min(0.0006, 0.02 * older / everywhere),
            ),
            Rival(
                older - people,
                lesson.text("引き算になっています。割り算の記号は / です。"),
                tolerance=0.5,
            ),
            Rival(
                older * people,
                lesson.text("かけ算になっています。割り算の記号は / です。"),
                tolerance=0.5,
            ),
            Rival(
                older // people,
                lesson.text(
                    "0 になっています。// は、余りを捨てる割り算です。/ を1つだけ書きます。"
                ),
                tolerance=0,
            ),
            Rival(
                round(expected, 2),
                lesson.text(
                    "およその値は合っています。ほかのまちとくらべられるように、"
                    "0.123 のように小数第3位まで書きます。"
                ),
                tolerance=0.0001,
            ),
        ],
        hint=lesson.text("65歳以上の人（older）÷ 年齢が分かっている人（people）です。"),
    )
