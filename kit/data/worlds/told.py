"""What a world says of where its people come from."""

from __future__ import annotations

import dataclasses

from kit.data.citation import Citation
from kit.data.packages import citation
from kit.data.population import TOKYO


def cited(name: str, title: str, title_en: str, code: str) -> Citation:
    """Return the citation of a world whose people have the sex and age of a real place.

    It names the sources of these margins alone: the rest of a world was never published by anyone.
    Its one line names the place's own statistics; the list has the national ones too.

    Parameters
    ----------
    name : str
        Name of the world.
    title, title_en : str
        What it is about, saying that it is simulated.
    code : str
        Five digits: the municipality, or Tokyo, whose population it has.

    Examples
    --------
    >>> cited("x", "窓口（模擬）", "Counter (simulated)", "13201").line("ja")[:24]
    '模擬データ：八王子市と同じ人口構成の模擬のまち（'
    """
    sources = citation("municipalities", "age-structure").sources + tuple(
        dataclasses.replace(source, in_line=False)
        for source in citation("municipalities", "national-age").sources
    )
    # `places.find` knows municipalities only, and returns a place that is already found as it is.
    place = TOKYO if code == TOKYO.code else code
    return Citation(name, title, title_en, sources, place)
