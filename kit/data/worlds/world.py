"""What every simulated town has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.citation import Citation
from kit.places import Municipality

if TYPE_CHECKING:
    import pandas as pd


@dataclass(eq=False, repr=False)
class World:
    """A simulated town.

    Parameters
    ----------
    name : str
        Name of the world.
    municipality : Municipality
        Whose population it has.
    people : DataFrame
        One row a person (or visit, or answer: the world's own page says), as a class sees it.
    truth : dict
        What a class tries to find; see the world's own page for the keys.
    citation : Citation
        Where its population comes from; its line says that the rest is simulated.

    Attributes
    ----------
    story : str
        What this world is, in which units and with which assumptions, in the current language.
    """

    name: str
    municipality: Municipality
    people: pd.DataFrame
    truth: dict[str, Any]
    citation: Citation
    _story: Callable[[], str]

    def __post_init__(self) -> None:
        self.people.attrs["citation"] = self.citation

    def __repr__(self) -> str:
        # A cell that ends in `world` must not give the truth away.
        kind = type(self).__name__
        return f"{kind}({self.name!r}, {self.municipality.name}, n={len(self.people):,})"

    @property
    def story(self) -> str:
        return self._story()
