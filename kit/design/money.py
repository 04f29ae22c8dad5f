"""The arithmetic of the Standard Cost Model, and sharing out a national number."""

from __future__ import annotations

import math

from kit.errors import KitError
from kit.language import say

# National population on 1 October 2020: Statistics Bureau, 2020 Population Census.
NATION = 126_146_099


def standard_cost(minutes: float, wage: float, cases: float, *, outlay: float = 0.0) -> float:
    """Return yen a year: (minutes / 60 × wage + outlay) × cases.

    Parameters
    ----------
    minutes : float
        Minutes a case.
    wage : float
        Value of an hour, yen.
    cases : float
        Cases a year: people × times a year.
    outlay : float
        Yen a case out of the pocket: fares, fees for certificates.

    Raises
    ------
    KitError
        If a number is negative or missing.

    References
    ----------
    SCM Network (2005), International Standard Cost Model Manual: cost = price (tariff × time) ×
    quantity (population × frequency).

    Examples
    --------
    >>> standard_cost(90, 2500, 1000)
    3750000.0
    """
    for name, value in {"minutes": minutes, "wage": wage, "cases": cases, "outlay": outlay}.items():
        if not 0 <= value < math.inf:
            raise KitError(
                say("{name} には 0 以上の数を入れてください。", name=name), where=f"{value}"
            )
    return (minutes / 60 * wage + outlay) * cases


def implied_wage(cost: float, hours: float) -> float:
    """Return the value of an hour that a published cost and its hours imply, in yen.

    Raises
    ------
    KitError
        If `hours` is not positive.

    Examples
    --------
    The businesses' burden that Japan's Council for Regulatory Reform measured:

    >>> round(implied_wage(820.8e9, 322.77e6))
    2543
    """
    if not hours > 0:
        raise KitError(say("時間が 0 なので、1時間あたりを計算できません。"))
    return cost / hours


def by_population(
    national: float | None, residents: float, *, nation: float = NATION
) -> float | None:
    """Return a national number shared out by population: an estimate, never a count of the town.

    Examples
    --------
    >>> round(by_population(3_000_000, 579_355))
    13778
    """
    if national is None or national != national:
        return None
    if not nation > 0 or residents < 0:
        raise KitError(
            say("人口は 0 より大きい数にしてください。"), where=f"{residents} / {nation}"
        )
    return national * residents / nation
