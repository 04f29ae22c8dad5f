"""Simulated towns whose truth is known.

A world has real margins (how many people, of which sex and age) and invented behaviour. What
happens in it is never said of the real town: it is 「模擬データ」 of a town with the same population.
One module a world, each with a function ``make``.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from kit.data.descriptors import unknown
from kit.data.worlds.world import World
from kit.errors import ParameterError
from kit.language import say

WORLDS = {
    "residents": "kit.data.worlds.residents",
    "checkup-letters": "kit.data.worlds.letters",
    "online-rollout": "kit.data.worlds.rollout",
    "subsidy-threshold": "kit.data.worlds.threshold",
    "waiting-times": "kit.data.worlds.waiting",
    "job-programme": "kit.data.worlds.programme",
    "resident-survey": "kit.data.worlds.survey",
    "service-counter": "kit.data.worlds.counter",
    "usability-sessions": "kit.data.worlds.usability",
    "consultation-records": "kit.data.worlds.records",
    "project-votes": "kit.data.worlds.votes",
}


def world(name: str, **parameters: Any) -> World:
    """Make a simulated town.

    Parameters
    ----------
    name : str
        One of :data:`WORLDS`; each one's parameters, truth and assumptions stand in its module.

        ============================  ======================================================
        ``"residents"``               everybody of a municipality, or of all Tokyo
        ``"checkup-letters"``         letters by lot, some never opened, neighbourhoods alike
        ``"online-rollout"``          online applications in waves: event study
        ``"subsidy-threshold"``       a subsidy by income, with or without manipulation
        ``"waiting-times"``           waits before and after a change, with season
        ``"job-programme"``           a programme people chose themselves; hidden confounder
        ``"resident-survey"``         non-response by age and channel
        ``"service-counter"``         visitors, counters and queues
        ``"usability-sessions"``      tasks, times, problems found, SUS
        ``"consultation-records"``    personal records to attack and to protect
        ``"project-votes"``           votes on local projects within a budget
        ============================  ======================================================
    **parameters
        ``municipality`` and the world's own parameters, among them ``seed``. The same parameters
        always give the same world, to the bit.

    Raises
    ------
    DataError
        If there is no such world.
    ParameterError
        If a parameter is unknown, of the wrong type or out of range.

    Examples
    --------
    >>> town = world("checkup-letters", municipality="八王子市", n=400, seed=1)
    >>> len(town.people), town.truth["ate"]
    (400, 0.04)
    """
    if name not in WORLDS:
        raise unknown(say("模擬のまち「{name}」はありません。", name=name), name, WORLDS)
    make = importlib.import_module(WORLDS[name]).make
    known = list(inspect.signature(make).parameters)
    for key in parameters:
        if key not in known:
            raise ParameterError(
                say("「{key}」という設定はありません。", key=key),
                where=f"world({name!r}, {key}=…)",
                hint=say("使える設定: {known}", known=", ".join(known)),
            )
    made: World = make(**parameters)
    return made


__all__ = ["WORLDS", "World", "world"]
