"""The world "consultation-records": names are gone, and people can still be found.

**Who lives there.** Residents of 18 and over, eight for each record (or everybody, in a small place);
sex and age follow the municipality's margins (:mod:`kit.data.worlds.people`), and so do the shares who
live alone among those under 65 and over (one-person households of the 2020 census). They live in
invented neighbourhoods of about 400 people. With whom the others live is invented.

**What is published (invented).** Some of them came for a consultation once in a year: the records
hold neighbourhood, sex, age, household, the day, and the topic, which is nobody's business. Names are
left out.

**What anybody may know (invented).** A share `listed` of all residents, whether they came or not,
stands in a public list with neighbourhood, sex, age and household. Identifiers (R0001, L0001) are
numbers by lot: no real person is meant.

**The attack** (linkage; Sweeney 2002): a record that is the only one of its kind is joined to the list,
where one person alone fits it. Some of these matches are right, and some wrong: the person listed may
have a double who came, and is not listed.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.packages import load
from kit.data.population import find, members
from kit.data.worlds import people as residents
from kit.data.worlds.asked import seeded, share, whole
from kit.data.worlds.chances import pick, words
from kit.data.worlds.draws import streams
from kit.data.worlds.inclination import come
from kit.data.worlds.told import cited
from kit.data.worlds.world import World
from kit.errors import LimitError, ParameterError
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "consultation-records"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
FEWEST, YOUNGEST = 20, 18
RESIDENTS = 8  # for each record
NEIGHBOURS = 400  # residents a neighbourhood, about
KNOWN = ("neighbourhood", "sex", "age", "household")  # what the list and the records share
HOUSEHOLDS = ("single", "couple", "with_children", "with_parents")
# Of those who do not live alone, with whom, by age from 18, 35, 50 and 65.
FROM = (18, 35, 50, 65)
COMPANY = ((0.2, 0.2, 0.6), (0.2, 0.65, 0.15), (0.35, 0.5, 0.15), (0.65, 0.33, 0.02))
TOPICS = ("tax", "childcare", "work", "health", "care", "debt", "violence")
# What people of each household ask about.
ASKED = {
    "single": (0.2, 0.0, 0.25, 0.25, 0.1, 0.18, 0.02),
    "couple": (0.25, 0.1, 0.15, 0.2, 0.2, 0.07, 0.03),
    "with_children": (0.15, 0.5, 0.12, 0.08, 0.05, 0.06, 0.04),
    "with_parents": (0.2, 0.05, 0.3, 0.15, 0.2, 0.08, 0.02),
}
FIRST_DAY, DAYS = datetime.date(2025, 4, 1), 365
BAND = 10  # years, of the coarser release
TOP = 75  # and older are one band


@dataclass(eq=False, repr=False)
class Records(World):
    """Records of consultations, and a public list of residents."""

    _listed: pd.DataFrame
    _key: pd.DataFrame

    @property
    def listed(self) -> pd.DataFrame:
        """The public list: list_id, neighbourhood, sex, age, household."""
        table = self._listed.copy()
        table.attrs["citation"] = self.citation
        return table

    @property
    def key(self) -> pd.DataFrame:
        """Whose record is whose: record_id, list_id (empty for who is not on the list)."""
        return self._key.copy()


def make(
    municipality: object = "13201", n: int = 1000, listed: float = 0.3, seed: int = 1
) -> Records:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has; ``"tokyo"`` for all 62 municipalities together.
    n : int
        Records, from 20 to half the number of residents of 18 and over.
    listed : float
        Share of the residents who stand in the public list, 0.05 to 1.
    seed : int
        Another number, another town of the same kind; not negative.

    Returns
    -------
    Records
        ``people``, one row a consultation: record_id, neighbourhood (from 1), sex, age (years),
        household (``"single"``, ``"couple"``, ``"with_children"``, ``"with_parents"``), date
        (``"2025-04-01"`` …), topic. ``listed``: the public list. ``key``: whose record is whose.

        ``truth``: ``k`` (size of the smallest group of records alike in neighbourhood, sex, age and
        household) and ``unique`` (records alone in their group); ``k_with_date`` and
        ``unique_with_date`` (with the day); ``matched`` (records joined by the linkage attack),
        ``correct`` (rightly) and ``precision`` (share of the matches, None without any);
        ``naive_matched`` (without names nobody can be found: 0) and ``naive_correct`` (as if each
        match were right); the same with ages in bands of ten years as ``banded_…``;
        ``alone_in_town`` (records of somebody unlike any other resident: these are never wrong);
        ``records``, ``listed``, ``residents``, ``neighbourhoods``.

    Raises
    ------
    ParameterError
        If a parameter is of the wrong kind or out of range; if `n` is more than can be, what to do
        instead.

    Examples
    --------
    >>> world = make("八王子市", n=1000)
    >>> truth = world.truth
    >>> truth["k"], truth["naive_matched"] < truth["correct"] < truth["matched"]
    (1, True)
    """
    import numpy as np

    place = find(municipality)
    n, seed = whole(n, "n"), seeded(seed)
    listed = share(listed, "listed", 0.05, 1)
    living = min(RESIDENTS * n, check_number(place, n))

    who, home, visit, paper = streams(4, NAME, VERSION, place.code, n, seed)
    town = residents.draw(place, living, who, youngest=YOUNGEST)
    number = max(2, round(living / NEIGHBOURS))
    town["neighbourhood"] = home.permutation(np.arange(living) % number) + 1
    town["household"] = households(place, town["age"].to_numpy(), home)
    records = consult(town, n, visit)
    on_list = write_list(town, round(listed * living), paper)
    key = records[["record_id", "citizen_id"]].merge(on_list[["list_id", "citizen_id"]], how="left")
    key = key.drop(columns="citizen_id")
    key["list_id"] = key["list_id"].fillna("").astype("str")
    truth = _truth(town, records, on_list, key) | {"neighbourhoods": number}
    return Records(
        NAME,
        place,
        records.drop(columns="citizen_id"),
        truth,
        cited(NAME, "相談の記録（模擬）", "Records of consultations (simulated)", place.code),
        lambda: _story(place, truth),
        on_list.drop(columns="citizen_id"),
        key,
    )


def check_number(place: Municipality, n: int) -> int:
    """Return how many residents of 18 and over there are, if they can have `n` consultations.

    Raises
    ------
    ParameterError
        If `n` is less than 20, or more than one for every two residents.
    """
    living = residents.living(place, youngest=YOUNGEST)
    hint = say("{fewest:,} から {most:,} まで選べます。", fewest=FEWEST, most=living // 2)
    if n > living // 2:
        raise LimitError(
            say(
                "{town}の18歳以上は約{living:,}人です。{n:,}件の相談は多すぎます。",
                town=place.name, living=living, n=n,
            ),
            where=f"n = {n}"[:80],
            hint=hint,
        )  # fmt: skip
    if n < FEWEST:
        raise ParameterError(
            say("相談は {fewest} 件以上にしてください。", fewest=FEWEST),
            where=f"n = {n}",
            hint=hint,
        )
    return living


def households(place: Municipality, age: np.ndarray, rng: np.random.Generator) -> pd.Series:
    """Return with whom each lives: alone as many as in the census, by under and over 65."""
    import numpy as np

    census = load("municipalities")
    census = census[census["code"].isin([town.code for town in members(place)])].sum(
        numeric_only=True
    )
    old = census["age_65_74"] + census["age_75_over"]
    young = residents.living(place, youngest=YOUNGEST, oldest=64)
    alone_old = census["households_single_65_over"]
    alone_young = census["households_single"] - alone_old
    chance = np.where(age >= 65, alone_old / old, alone_young / young)
    alone = come(np.round(np.minimum(chance, 1.0), 9), rng)
    band = np.searchsorted(FROM, age, "right") - 1
    company = 1 + pick(COMPANY, band, rng)
    return words(HOUSEHOLDS, np.where(alone == 1, 0, company))


def consult(town: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the records of `n` residents, drawn by lot, in the order of their days."""
    import numpy as np

    came = town.iloc[rng.permutation(len(town))[:n]]
    weekdays = [
        day.isoformat()
        for day in (FIRST_DAY + datetime.timedelta(days=count) for count in range(DAYS))
        if day.weekday() < 5
    ]
    when = rng.integers(len(weekdays), size=n)
    whose = came["household"].map({name: row for row, name in enumerate(HOUSEHOLDS)}).to_numpy()
    asked = pick([ASKED[name] for name in HOUSEHOLDS], whose, rng)
    records = came[["citizen_id", *KNOWN]].reset_index(drop=True)
    records["date"] = words(tuple(weekdays), when)
    records["topic"] = words(TOPICS, asked)
    records = records.iloc[np.argsort(when, kind="stable")].reset_index(drop=True)
    records.insert(0, "record_id", _numbers("R", n))
    return records


def write_list(town: pd.DataFrame, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the public list: so many residents, drawn by lot, in an order by lot."""
    on_list = town.iloc[rng.permutation(len(town))[:number]]
    on_list = on_list[["citizen_id", *KNOWN]].reset_index(drop=True)
    on_list.insert(0, "list_id", _numbers("L", number))
    return on_list


def match(records: pd.DataFrame, listed: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
    """Return the matches of a linkage attack: one record of its kind, and one person it fits.

    Parameters
    ----------
    records, listed : DataFrame
        With record_id and list_id, and the columns `known`.
    known : sequence of str
        Columns both share.

    Returns
    -------
    DataFrame
        record_id, list_id.
    """
    known = list(known)
    alone = records[~records.duplicated(known, keep=False)]
    fitting = listed[~listed.duplicated(known, keep=False)]
    return alone.merge(fitting, on=known)[["record_id", "list_id"]]


def band(age: pd.Series) -> pd.Series:
    """Return the first year of each ten-year band of age; 75 and older are one.

    Examples
    --------
    >>> import pandas as pd
    >>> band(pd.Series([18, 39, 40, 74, 75, 99])).tolist()
    [10, 30, 40, 70, 75, 75]
    """
    return (age // BAND * BAND).where(age < TOP, TOP)


def _truth(
    town: pd.DataFrame, records: pd.DataFrame, listed: pd.DataFrame, key: pd.DataFrame
) -> dict[str, Any]:
    truth: dict[str, Any] = {}
    coarse = {"age": lambda table: band(table["age"])}
    releases = {
        "": (records, listed),
        "banded_": (records.assign(**coarse), listed.assign(**coarse)),
    }
    for name, (released, published) in releases.items():
        sizes = released.groupby(list(KNOWN))["record_id"].transform("size")
        with_date = released.groupby([*KNOWN, "date"])["record_id"].transform("size")
        matches = match(released, published, KNOWN)
        right = len(matches.merge(key, on=["record_id", "list_id"]))
        truth |= {
            f"{name}k": int(sizes.min()),
            f"{name}unique": int((sizes == 1).sum()),
            f"{name}k_with_date": int(with_date.min()),
            f"{name}unique_with_date": int((with_date == 1).sum()),
            f"{name}matched": len(matches),
            f"{name}correct": right,
            f"{name}precision": right / len(matches) if len(matches) else None,
        }
    alone = town[~town.duplicated(list(KNOWN), keep=False)]
    return truth | {
        "naive_matched": 0,
        "naive_correct": truth["matched"],
        "alone_in_town": int(records["citizen_id"].isin(alone["citizen_id"]).sum()),
        "records": len(records),
        "listed": len(listed),
        "residents": len(town),
    }


def _numbers(letter: str, count: int) -> pd.Series:
    import pandas as pd

    digits = max(4, len(str(count)))
    return pd.Series([f"{letter}{one:0{digits}d}" for one in range(1, count + 1)], dtype="str")


def _story(place: Municipality, truth: dict[str, Any]) -> str:
    return say(
        "{town}と同じ人口構成の模擬のまちの、相談の記録です。18歳以上の{residents:,}人が{neighbourhoods}の地区に住み、そのうち{records:,}人が1年のあいだに一度ずつ相談に来ました。"
        "年齢と性別、ひとり暮らしの割合は実際の統計に合わせました。地区、相談の中身、番号は作りもので、実在の人も{town}の実際の相談も含みません。"
        "記録に名前はありません。けれども、住民の{listed:,}人が載った公開の名簿があり、地区、性別、年齢、世帯がわかります。"
        "記録の中にひとりしかいない人を名簿と突き合わせると、{matched:,}件がひとりに結び付き、そのうち正しいのは{correct:,}件です。"
        "年齢を10歳きざみにすると、結び付くのは{banded:,}件、正しいのは{right:,}件になります。",
        town=place.name,
        residents=truth["residents"],
        neighbourhoods=truth["neighbourhoods"],
        records=truth["records"],
        listed=truth["listed"],
        matched=truth["matched"],
        correct=truth["correct"],
        banded=truth["banded_matched"],
        right=truth["banded_correct"],
    )
