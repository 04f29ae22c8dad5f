"""Charts for every eye: colours with shapes beside, a computed description, the table, the source.

>>> import pandas as pd
>>> from kit.language import using
>>> from kit import chart
>>> visits = pd.DataFrame({"窓口": ["市民課", "税務課"], "人数": [120, 80]})
>>> with using("ja"):
...     drawn = chart.bars(visits, category="窓口", value="人数", unit="人", title="来庁者",
...                        source="模擬データ")
>>> chart.about(drawn)["source"]
'模擬データ'

Altair takes about a second to load: it is imported with the first chart, not with the kit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.chart.counts import histogram
    from kit.chart.frame import figure
    from kit.chart.maps import boundaries, tiles
    from kit.chart.plane import dots, lines
    from kit.chart.render import about, enable, html, png, svg
    from kit.chart.rows import bars, intervals

_ROOMS = {
    "bars": "rows",
    "intervals": "rows",
    "lines": "plane",
    "dots": "plane",
    "histogram": "counts",
    "tiles": "maps",
    "boundaries": "maps",
    "figure": "frame",
    "about": "render",
    "enable": "render",
    "html": "render",
    "png": "render",
    "svg": "render",
}

__all__ = [
    "about",
    "bars",
    "boundaries",
    "dots",
    "enable",
    "figure",
    "histogram",
    "html",
    "intervals",
    "lines",
    "png",
    "svg",
    "tiles",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
