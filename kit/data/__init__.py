"""Tables with their sources, and simulated worlds with their truth.

>>> from kit import data
>>> towns = data.load("municipalities")
>>> len(towns), towns.attrs["citation"].name
(62, 'municipalities')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.data.citation import Citation, Source
from kit.data.descriptors import names
from kit.data.joining import join, named
from kit.data.packages import categories, citation, labels, load, vintages
from kit.data.population import eligible
from kit.data.small import hide_small, rate
from kit.data.worlds import World, world
from kit.errors import DataError

if TYPE_CHECKING:
    from kit.data import sources


def __getattr__(name: str) -> Any:
    # Asking the web is for those who ask: the room opens when it is first entered.
    if name == "sources":
        from importlib import import_module

        return import_module("kit.data.sources")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def validate(name: str) -> list[DataError]:
    """Return everything wrong with a dataset; an empty list for a sound one.

    Examples
    --------
    >>> validate("municipalities")
    []
    """
    from kit.data.validation import validate as look

    return look(name)


__all__ = [
    "Citation",
    "Source",
    "World",
    "categories",
    "citation",
    "eligible",
    "hide_small",
    "join",
    "labels",
    "load",
    "named",
    "names",
    "rate",
    "sources",
    "validate",
    "vintages",
    "world",
]
