"""Which runs of the sample programme the tests make: what a language changes does not change from
town to town, so each is made for the village and one other place, and Japanese for all three."""

from __future__ import annotations

WARD, CITY, VILLAGE = "13104-shinjuku", "13201-hachioji", "13307-hinohara"
TOWNS = {"ja": (WARD, CITY, VILLAGE), "en": (CITY, VILLAGE), "ja-simple": (WARD, VILLAGE)}
RUNS = [
    f"{workshop}/{town}/{language}"
    for workshop in ("rct-letters", "journey-time")
    for language, towns in TOWNS.items()
    for town in towns
]
