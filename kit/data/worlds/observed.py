"""Towns whose people have two outcomes each, of which life shows one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.data.worlds.people import fits
from kit.data.worlds.world import World
from kit.errors import ParameterError
from kit.places import Municipality

if TYPE_CHECKING:
    import pandas as pd

PARAGRAPH = "\n\n"  # between the parts of a story: sentences are joined otherwise in every language


@dataclass(eq=False, repr=False)
class Observed(World):
    """A simulated town in which what was done is already done.

    Attributes
    ----------
    potential : DataFrame
        What would have happened to every row of ``people`` without and with the policy, for the
        reveal; the world's own page names the columns.
    """

    _potential: pd.DataFrame

    @property
    def potential(self) -> pd.DataFrame:
        return self._potential.copy()


def enough(place: Municipality, n: int, product: str, *, fewest: int, youngest: int) -> None:
    """Refuse a number of people the place does not have, where it is a product of parameters.

    Parameters
    ----------
    place, n, fewest, youngest
        As in :func:`kit.data.worlds.people.fits`.
    product : str
        The parameters whose product `n` is.

    Raises
    ------
    ParameterError
        As :func:`~kit.data.worlds.people.fits` does, naming the parameters.
    """
    try:
        fits(place, n, fewest=fewest, youngest=youngest)
    except ParameterError as error:
        raise type(error)(error.message, where=f"{product} = {n}", hint=error.hint) from None
