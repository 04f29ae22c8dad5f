"""The world "checkup-letters": does a better-worded letter bring people to a health check-up?

**Who lives there.** People of 40 to 74, as many as letters are sent. Sex and age follow the
municipality's margins by proportional allocation with largest remainders (Hamilton's method): by sex
and 40–64 / 65–74 first, then by single year. 65–74 by sex is the census count; 40–64 is the census
count of 15–64 narrowed by the national age structure (:mod:`kit.data.population`).

**How they behave (invented).** Each person has an inclination to come, Beta-distributed with mean
`baseline` and a + b = 10/3, higher for older people and alike within a neighbourhood. Last year's
attendance and this year's are drawn from the same inclination, each on its own: who came last year is
more inclined than others, but not as much as it looks (regression to the mean:
P(come | did not come last year) = a / (a + b + 1)). Both are systematic samples (Madow 1949), so that
the share that comes with the usual letter is `baseline` to within one person.

**What the letter does (invented).** It brings some who would have stayed away, mostly those in two
minds (weight p(1 − p)), and puts off one for every ten it brings; with `effect` zero it changes nobody.
They are drawn without replacement (Efraimidis & Spirakis 2006), so ``truth["ate"]`` is `effect`
to within half a person, and exact for these people.

**Who opens it (invented).** Everybody, or the share `opened`: mostly people inclined to come anyway. A
new letter left unopened works like the usual one, and nobody can open a letter that was not sent:
one-sided non-compliance (Angrist, Imbens & Rubin 1996). Sending then has a smaller effect
(``truth["itt"]``) than opening has on those who open (``truth["late"]``), and comparing by who opened
overstates both.

**Neighbours.** Letters may be given out by neighbourhood: ``truth["icc"]`` is what the design effect
1 + (m − 1) ρ needs (Kish 1965).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.data.population import eligible, find, groups
from kit.data.worlds.asked import seeded, share, whole
from kit.data.worlds.draws import streams
from kit.data.worlds.earlier import MOST, trial
from kit.data.worlds.inclination import come, intraclass, lean, opens, respond, settle
from kit.data.worlds.told import cited
from kit.data.worlds.trial import Trial
from kit.errors import ParameterError
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "checkup-letters"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST = 20


def make(
    municipality: object = "13201",
    n: int = 4000,
    baseline: float = 0.22,
    effect: float = 0.04,
    opened: float = 1.0,
    seed: int = 1,
) -> Trial:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has; ``"tokyo"`` for all 62 municipalities together.
    n : int
        People who get a letter, from 20 to the number of 40–74-year-olds.
    baseline : float
        Share who come with the usual letter, 0.01 to 0.95.
    effect : float
        What the new letter adds to that share if it is opened, −0.5 to 0.5; ``baseline + effect``
        stays within 0 and 1.
    opened : float
        Share who open the new letter if they get it, 0.05 to 1.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Trial
        ``people``: citizen_id, sex, age (years), neighbourhood, last_year (1 came last year).
        ``potential``: y_usual, y_new, and opens if `opened` is less than one. ``truth``: ``ate``
        (exact mean of y_new − y_usual for these people), ``effect`` (as asked), ``usual`` and ``new``
        (shares who come if everyone opens that letter), ``baseline`` (as asked), ``last_year``
        (share), ``helped`` and ``harmed`` (shares whom the letter brings and puts off if opened),
        ``opened`` (share), ``itt`` (effect of sending), ``late`` (effect on those who open),
        ``per_protocol`` and ``as_treated`` (what the misleading comparisons show; see
        :func:`misled`), ``icc`` (intra-neighbourhood correlation of y_usual), ``n``,
        ``neighbourhoods``.

    Raises
    ------
    ParameterError
        If a parameter is out of range; if `n` is more than live there, what to do instead.

    Examples
    --------
    >>> world = make("青ヶ島村", n=60)
    >>> sorted(world.people.columns)
    ['age', 'citizen_id', 'last_year', 'neighbourhood', 'sex']
    >>> bool(abs(world.truth["ate"] - 0.04) <= 0.5 / 60 + 1e-12)
    True
    >>> half = make(n=4000, effect=0.1, opened=0.5).truth
    >>> half["itt"] < half["late"] < half["as_treated"]
    True
    """
    import pandas as pd

    place = find(municipality)
    n, seed = whole(n, "n"), seeded(seed)
    baseline = share(baseline, "baseline", 0.01, 0.95)
    effect = share(effect, "effect", -0.5, 0.5)
    opened = share(opened, "opened", 0.05, 1)
    if not 0 <= baseline + effect <= 1:
        raise ParameterError(
            say("baseline と effect を足した割合が、0 から 1 の外に出ます。"),
            where=f"baseline = {baseline}, effect = {effect}",
            hint=say("effect を小さくしてください。"),
        )
    check_number(place, n)

    who, leaning, this_year, earlier, opening = streams(5, NAME, VERSION, place.code, n, seed)
    people, latent = settle(groups(place), n, who)
    inclination = lean(latent, baseline, leaning)
    people["last_year"] = come(inclination, leaning)
    usual = come(inclination, this_year)
    new = respond(usual, inclination, effect, this_year)
    read = opens(inclination, opened, opening)
    potential = pd.DataFrame({"y_usual": usual, "y_new": new}, index=people.index)
    if opened < 1:
        potential["opens"] = read
    truth = {
        "ate": float((new - usual).mean()),
        "effect": effect,
        "usual": float(usual.mean()),
        "new": float(new.mean()),
        "baseline": baseline,
        "last_year": float(people["last_year"].mean()),
        "helped": float((new > usual).mean()),
        "harmed": float((new < usual).mean()),
        "opened": float(read.mean()),
        "itt": float((read * (new - usual)).mean()),
        "late": float((new - usual)[read == 1].mean()),
        **misled(usual, new, read),
        "icc": intraclass(usual, people["neighbourhood"].to_numpy()),
        "n": n,
        "neighbourhoods": int(people["neighbourhood"].max()),
    }
    source = cited(NAME, "健診の通知（模擬）", "Check-up letters (simulated)", place.code)
    state = earlier.bit_generator.state

    def history() -> pd.DataFrame:
        earlier.bit_generator.state = state  # the same record however often it is asked for
        return trial(groups(place), min(n, MOST), baseline, effect, earlier, source)

    def story() -> str:
        return _story(place, n, opened)

    return Trial(NAME, place, people, truth, source, story, potential, history)


def misled(usual: np.ndarray, new: np.ndarray, read: np.ndarray) -> dict[str, float]:
    """Return what comparing by who opened the letter shows, when half the letters are new.

    Parameters
    ----------
    usual, new : ndarray
        Outcomes of every person without and with the new letter opened.
    read : ndarray
        1 for those who open it if they get it.

    Returns
    -------
    dict
        ``per_protocol``: those who opened it against all who got the usual letter.
        ``as_treated``: those who opened it against everybody else. Means over all ways to give out
        the letters; both equal the effect where everybody opens.
    """
    import numpy as np

    readers, others = float(new[read == 1].mean()), usual[read == 0]
    rest = float(np.concatenate([usual, others]).mean())
    return {"per_protocol": readers - float(usual.mean()), "as_treated": readers - rest}


def check_number(place: Municipality, n: int) -> None:
    """Refuse a number of letters the town cannot fill.

    Raises
    ------
    ParameterError
        Saying how many are possible, and what to do instead.
    """
    most = eligible(place)
    where = f"n = {n}"
    if n > most:
        raise ParameterError(
            say(
                "{town}の40～74歳は約{most:,}人です。{n:,}人には送れません。",
                town=place.name, most=most, n=n,
            ),
            where=where,
            hint=say(
                "{most:,} 以下にするか、近くの区市町村と合同で行う形にして、大きい方の名前を選んでください。",
                most=most,
            ),
        )  # fmt: skip
    if n < FEWEST:
        raise ParameterError(
            say("人数は {fewest} 人以上にしてください。", fewest=FEWEST),
            where=where,
            hint=say("{fewest} から {most:,} まで選べます。", fewest=FEWEST, most=most),
        )


def _story(place: Municipality, n: int, opened: float) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちです。健診の対象になる40～74歳のうち、{n:,}人に通知を送ります。"
        "年齢と性別の割合は実際の統計に合わせました。65～74歳は2020年の国勢調査の人数、40～64歳は15～64歳の人数を全国の年齢構成で分けた推計です。"
        "受診するかどうかと、新しい通知の効果は作りもので、{town}の実際の受診のようすではありません。",
        town=place.name,
        n=n,
    )
    if opened == 1:
        return told
    return (
        told
        + "\n\n"
        + say(
            "新しい通知を開くのは、受け取った人の{percent:g}％です。もともと受診しやすい人ほどよく開くので、"
            "開いた人とほかの人をくらべると、通知の効果は大きく見えすぎます。開かなければ、いつもの通知と同じです。",
            percent=round(100 * opened, 1),
        )
    )
