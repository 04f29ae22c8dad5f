"""The world "service-counter": why people wait although there are enough counters on average.

**Who comes.** Visits by residents of 18 and over; sex and age follow the municipality's margins
(:mod:`kit.data.worlds.people`). How often people come is invented.

**When they come (invented).** A Poisson process, `per_hour` on average; with `peak` above one the rate
follows a wave over the day, highest after three tenths of it (unit-rate process, its clock changed by
the cumulative rate: Çinlar 1975). Each day begins with nobody waiting; those in line at closing time
are served.

**What they need (invented).** Exponential service times with mean `minutes`, or log-normal ones with
the same mean and half its standard deviation. Which procedure it is follows from the time, so that all
times together keep their distribution. With `patience` each leaves after an exponential time in line.

**What happens** is simulated exactly (:mod:`kit.data.worlds.queues`): one line, first come, first
served. The same visitors with the same needs can be served by another number of counters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.population import find
from kit.data.worlds import people as residents
from kit.data.worlds.asked import counted, measured, one_of, seeded
from kit.data.worlds.chances import pick, words
from kit.data.worlds.draws import streams
from kit.data.worlds.observed import PARAGRAPH
from kit.data.worlds.queues import erlang_c, mean_wait, serve
from kit.data.worlds.told import cited
from kit.data.worlds.world import World
from kit.errors import LimitError, ParameterError
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAME = "service-counter"
VERSION = 1  # part of the seed: a change of the recipe is a change of the world
YOUNGEST = 18
FEWEST, MOST = 30, 1_000_000  # visits expected
COUNTERS = 100
VARIATION = {"exponential": 1.0, "lognormal": 0.5}  # standard deviation over mean
BUSIEST = 0.3  # of the day gone
PROCEDURES = ("certificate", "insurance", "childcare", "moving")
# Times short, middling and long (in mean service times), and which procedures they are.
LONGER = (0.5, 1.5)
MIX = ((0.8, 0.1, 0.05, 0.05), (0.4, 0.25, 0.2, 0.15), (0.1, 0.25, 0.25, 0.4))


@dataclass(eq=False, repr=False)
class Counter(World):
    """Visits to a counter, which can be staffed otherwise."""

    _visits: pd.DataFrame

    def staffed(self, counters: int) -> pd.DataFrame:
        """Return what the same visitors would have met with another number of counters.

        Parameters
        ----------
        counters : int
            1 to 100.

        Returns
        -------
        DataFrame
            As ``people``.

        Raises
        ------
        ParameterError
            If it is not a whole number from 1 to 100.
        """
        met = attend(self._visits, counted(counters, "counters", 1, COUNTERS))
        met.attrs["citation"] = self.citation
        return met


def make(
    municipality: object = "13201",
    counters: int = 4,
    per_hour: float = 32,
    minutes: float = 6,
    hours: int = 8,
    days: int = 5,
    service: str = "exponential",
    peak: float = 1,
    patience: float | None = None,
    seed: int = 1,
) -> Counter:
    """Make the world.

    Parameters
    ----------
    municipality : str, int or Municipality
        Whose population it has; ``"tokyo"`` for all 62 municipalities together.
    counters : int
        Counters open, 1 to 100.
    per_hour : float
        Visitors an hour on average, 0.1 to 10,000.
    minutes : float
        Mean service time in minutes, 0.1 to 120.
    hours : int
        Hours a day is open, 1 to 24.
    days : int
        Days, 1 to 1,000, each of which begins with nobody waiting.
    service : {"exponential", "lognormal"}
        Distribution of the service times.
    peak : float
        Rate of arrivals at the busiest time over the mean rate, 1 to 2.
    patience : float, optional
        Mean minutes people would wait, 0.1 to 600; for ever when left out.
    seed : int
        Other visitors of the same kind; not negative.

    Returns
    -------
    Counter
        ``people``, one row a visit: visit_id, day (from 1), sex, age (years), procedure, arrival
        (minutes after opening), start and end of the service (NaN for those who left), wait
        (minutes), counter (from 1; 0 for those who left), abandoned (0/1).

        ``truth``: ``per_hour``, ``minutes``, ``counters`` as asked; ``load`` (erlangs),
        ``utilisation`` (load over counters), ``peak_load`` (at the busiest time); for an endless day
        at the mean load from which nobody leaves, ``chance_of_waiting`` (Erlang's C) and ``mean_wait``
        (minutes; infinite at a load of one a counter or more; for log-normal times both are
        approximations); ``naive_wait`` (what average rates alone suggest: none below that load);
        and of these visits ``visits``, ``share_waited``, ``average_wait``, ``longest_wait``,
        ``average_minutes``, ``minutes_by_procedure``, ``abandoned`` (share), and
        ``average_wait_one_more`` (the same visitors with one counter more).

    Raises
    ------
    ParameterError
        If a parameter is of the wrong kind or out of range; if more people would come in a day
        than live there, what to do instead.

    Examples
    --------
    >>> truth = make("八王子市", counters=4, per_hour=32, minutes=6).truth
    >>> truth["load"], round(truth["chance_of_waiting"], 4), round(truth["mean_wait"], 2)
    (3.2, 0.5964, 4.47)
    >>> truth["naive_wait"], truth["average_wait"] > 1
    (0.0, True)
    """
    place = find(municipality)
    counters, seed = counted(counters, "counters", 1, COUNTERS), seeded(seed)
    per_hour = measured(per_hour, "per_hour", 0.1, 10_000, say("人"))
    minutes = measured(minutes, "minutes", 0.1, 120, say("分"))
    hours, days = counted(hours, "hours", 1, 24), counted(days, "days", 1, 1000)
    service = one_of(service, "service", tuple(VARIATION))
    peak = measured(peak, "peak", 1, 2, say("倍"))
    if patience is not None:
        patience = measured(patience, "patience", 0.1, 600, say("分"))
    check_crowd(place, per_hour, hours, days)

    key = (NAME, VERSION, place.code, per_hour, hours, days, seed)
    coming, needing, who, asking, waiting = streams(5, *key)
    visits = arrive(rates(per_hour, hours, peak), days, coming)
    number = len(visits)
    visitors = residents.draw(place, number, who, youngest=YOUNGEST)
    visits["sex"], visits["age"] = visitors["sex"], visitors["age"]
    needed = need(number, minutes, service, needing)
    visits["procedure"] = procedures(needed / minutes, asking)
    visits["needed"] = needed
    if patience is not None:
        visits["patience"] = (patience * waiting.standard_exponential(number)).round(3)

    people = attend(visits, counters)
    truth = _expected(counters, per_hour, minutes, hours, service, peak)
    truth |= _met(people, visits, counters)
    return Counter(
        NAME,
        place,
        people,
        truth,
        cited(NAME, "窓口の待ち時間（模擬）", "Service counter (simulated)", place.code),
        lambda: _story(place, truth, hours, days, peak, patience),
        visits,
    )


def check_crowd(place: Municipality, per_hour: float, hours: int, days: int) -> None:
    """Refuse more visitors a day than live there, and too few or too many visits to look at.

    Raises
    ------
    ParameterError
        Saying what to change.
    """
    daily, most = per_hour * hours, residents.living(place, youngest=YOUNGEST)
    where = f"per_hour = {per_hour:g}, hours = {hours}, days = {days}"
    if daily > most:
        raise LimitError(
            say(
                "{town}の18歳以上は約{most:,}人です。1日に{daily:,.0f}人は来られません。",
                town=place.name, most=most, daily=daily,
            ),
            where=where,
            hint=say("per_hour を {limit:g} 以下にしてください。", limit=most // hours),
        )  # fmt: skip
    if daily * days < FEWEST:
        raise ParameterError(
            say("来る人が{fewest}人に届かない見込みです。", fewest=FEWEST),
            where=where,
            hint=say("days を増やしてください。"),
        )
    if daily * days > MOST:
        raise ParameterError(
            say("来る人が{most:,}人を超える見込みです。", most=MOST),
            where=where,
            hint=say("days を減らしてください。"),
        )


def rates(per_hour: float, hours: int, peak: float) -> np.ndarray:
    """Return the arrivals expected in each hour: a wave with mean `per_hour`.

    Examples
    --------
    >>> rates(30, 4, 1).tolist(), rates(30, 4, 1.5).round(1).tolist()
    ([30.0, 30.0, 30.0, 30.0], [37.6, 45.0, 22.4, 15.0])
    """
    import numpy as np

    middle = (np.arange(hours) + 0.5) / hours
    wave = np.cos(2 * np.pi * (middle - BUSIEST)) if hours > 2 else np.zeros(hours)
    if hours > 2:
        wave = wave / wave.max()
    return np.round(per_hour * (1 + (peak - 1) * wave), 6)


def arrive(hourly: np.ndarray, days: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return day and minute of each arrival."""
    import numpy as np
    import pandas as pd

    expected = float(hourly.sum())
    enough = int(expected + 10 * expected**0.5 + 20)
    clock = np.cumsum(np.round(rng.standard_exponential((days, enough)), 9), axis=1)
    day, which = np.nonzero(clock < expected)
    cumulative = np.concatenate([[0.0], np.cumsum(hourly)])
    minute = np.interp(clock[day, which], cumulative, 60.0 * np.arange(len(cumulative)))
    return pd.DataFrame(
        {
            "visit_id": np.arange(1, len(day) + 1, dtype="int64"),
            "day": (day + 1).astype("int64"),
            "arrival": np.round(minute, 3),
        }
    )


def need(number: int, minutes: float, service: str, rng: np.random.Generator) -> np.ndarray:
    """Return service times in minutes, of a mean and distribution; a thousandth at least."""
    import numpy as np

    if service == "exponential":
        times = rng.standard_exponential(number)
    else:
        variance = np.log1p(VARIATION[service] ** 2)
        times = np.exp(np.sqrt(variance) * rng.standard_normal(number) - variance / 2)
    return np.maximum(np.round(minutes * times, 3), 0.001)


def procedures(times: np.ndarray, rng: np.random.Generator) -> pd.Series:
    """Return what each visit was for, given its time in mean service times."""
    import numpy as np

    band = np.searchsorted(LONGER, np.round(times, 9))
    return words(PROCEDURES, pick(MIX, band, rng))


def attend(visits: pd.DataFrame, counters: int) -> pd.DataFrame:
    """Return what the visitors meet, day by day, at so many counters."""
    import pandas as pd

    served = serve(
        visits["arrival"].to_numpy(),
        visits["needed"].to_numpy(),
        counters,
        day=visits["day"].to_numpy(),
        patience=visits["patience"].to_numpy() if "patience" in visits else None,
    )
    known = ["visit_id", "day", "sex", "age", "procedure", "arrival"]
    met = {
        "start": served.start,
        "end": (served.start + visits["needed"]).round(3),
        "wait": served.wait,
        "counter": served.counter,
        "abandoned": (served.counter == 0).astype("int64"),
    }
    return pd.DataFrame({**{name: visits[name] for name in known}, **met})


def _expected(
    counters: int, per_hour: float, minutes: float, hours: int, service: str, peak: float
) -> dict[str, Any]:
    load = round(per_hour / 60 * minutes, 9)
    overload = max(0.0, load / counters - 1)
    return {
        "per_hour": per_hour,
        "minutes": minutes,
        "counters": counters,
        "load": load,
        "utilisation": load / counters,
        "peak_load": round(float(rates(per_hour, hours, peak).max()) / 60 * minutes, 9),
        "chance_of_waiting": erlang_c(counters, load),
        "mean_wait": mean_wait(counters, load, minutes, VARIATION[service]),
        # At constant rates a line grows only under overload, evenly over the day.
        "naive_wait": overload * 60 * hours / 2,
    }


def _met(people: pd.DataFrame, visits: pd.DataFrame, counters: int) -> dict[str, Any]:
    by_procedure = visits.groupby("procedure")["needed"].mean()
    return {
        "visits": len(people),
        "share_waited": float((people["wait"] > 0).mean()),
        "average_wait": float(people["wait"].mean()),
        "longest_wait": float(people["wait"].max()),
        "average_minutes": float(visits["needed"].mean()),
        "minutes_by_procedure": {name: float(value) for name, value in by_procedure.items()},
        "abandoned": float(people["abandoned"].mean()),
        "average_wait_one_more": float(attend(visits, counters + 1)["wait"].mean()),
    }


def _story(
    place: Municipality,
    truth: dict[str, Any],
    hours: int,
    days: int,
    peak: float,
    patience: float | None,
) -> str:
    told = say(
        "{town}と同じ人口構成の模擬のまちの、窓口の記録です。窓口の数は{counters}、開いているのは1日{hours}時間、{days}日分です。"
        "平均して1時間に{per_hour:g}人が来て、ひとり{minutes:g}分かかります。来る時刻も、かかる時間も、ばらつきます。時間の単位は分です。"
        "来る人の年齢と性別の割合は実際の統計に合わせました。来る回数と時間は作りもので、{town}の窓口の実際のようすではありません。"
        "仕事の量は窓口{load:g}つ分なので、平均だけで考えると待ち時間は{naive:.1f}分です。それでも、来る人が重なれば列ができ、この記録の待ち時間は平均{wait:.1f}分です。"
        "毎日、だれも待っていないところから始まります。同じ混み方がずっと続くと考える計算（アーランC式）では、たいてい、これより長めに出ます。",
        town=place.name,
        counters=truth["counters"],
        hours=hours,
        days=days,
        per_hour=truth["per_hour"],
        minutes=truth["minutes"],
        load=truth["load"],
        naive=truth["naive_wait"],
        wait=truth["average_wait"],
    )
    if peak > 1:
        told += PARAGRAPH + say("いちばん混む時刻には、平均の{peak:g}倍の人が来ます。", peak=peak)
    if patience is not None:
        told += PARAGRAPH + say("待ちきれずに帰る人もいます。がまんできる時間は平均{patience:g}分です。", patience=patience)  # fmt: skip
    return told
