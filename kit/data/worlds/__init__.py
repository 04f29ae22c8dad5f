"""Simulated towns whose truth is known.

A world has real margins (how many people, of which sex and age) and invented behaviour. It reveals
one potential outcome a person, like life; the other is kept for the end of the class. What happens
in a world is never said of the real town: it is 「模擬データ」 of a town with the same population.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.citation import Citation
from kit.data.descriptors import unknown
from kit.errors import ParameterError
from kit.language import say
from kit.places import Municipality

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

WORLDS = {"checkup-letters": "kit.data.worlds.letters"}


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
        One row a person, and no outcome.
    truth : dict
        What a class tries to find; see the world's own page for the keys.
    citation : Citation
        Where its population comes from; its line says that the rest is simulated.

    Attributes
    ----------
    story : str
        What this world is, in the current language.
    potential : DataFrame
        Both outcomes of every person, for the reveal.
    """

    name: str
    municipality: Municipality
    people: pd.DataFrame
    truth: dict[str, Any]
    citation: Citation
    _potential: pd.DataFrame
    _story: Callable[[], str]
    _history: Callable[[], pd.DataFrame]

    def __repr__(self) -> str:
        # A cell that ends in `world` must not give the truth away.
        return f"World({self.name!r}, {self.municipality.name}, n={len(self._potential):,})"

    @property
    def story(self) -> str:
        return self._story()

    @property
    def potential(self) -> pd.DataFrame:
        return self._potential.copy()

    def outcomes(self, letter: Any) -> pd.Series:
        """Send the letters and see who comes.

        Parameters
        ----------
        letter : array-like of 0 and 1
            1 for the new letter, 0 for the usual one: one for each person, in the order of
            ``people``; a Series is matched by its index.

        Returns
        -------
        Series
            1 for those who came, 0 for the others, indexed like ``people``. Only the outcome of
            the letter each person got.

        Raises
        ------
        ParameterError
            If there is not exactly one 0 or 1 for each person.
        """
        import numpy as np
        import pandas as pd

        sent = self._sent(letter)
        both = self._potential
        came = np.where(sent == 1, both["y_new"].to_numpy(), both["y_usual"].to_numpy())
        revealed = pd.Series(came, index=both.index, name="attended")
        revealed.attrs["citation"] = self.citation
        return revealed

    def _sent(self, letter: Any) -> np.ndarray:
        import numpy as np
        import pandas as pd

        people = len(self._potential)
        hint = say(
            "people の各行に 0（いつもの通知）か 1（新しい通知）をひとつずつ渡してください。"
        )
        if isinstance(letter, pd.DataFrame | str | bytes) or letter is ... or letter is None:
            raise ParameterError(
                say("通知の割り当てが、0 と 1 の列になっていません。"),
                where="outcomes()",
                hint=hint,
            )
        if isinstance(letter, pd.Series) and len(letter) == people:
            if not letter.index.is_unique or set(letter.index) != set(self._potential.index):
                raise ParameterError(
                    say("割り当ての見出し（index）が people と合いません。"),
                    where="outcomes()",
                    hint=hint,
                )
            letter = letter.reindex(self._potential.index)
        given: np.ndarray = np.asarray(letter)
        if given.ndim != 1 or len(given) != people:
            raise ParameterError(
                say(
                    "割り当ては {people:,} 人分が必要ですが、{given:,} 個あります。",
                    people=people,
                    given=given.size,
                ),
                where="outcomes()",
                hint=hint,
            )
        valid = pd.Series(given).isin([0, 1]).to_numpy()
        if not valid.all():
            raise ParameterError(
                say("0 と 1 でない割り当てが {count:,} 個あります。", count=int((~valid).sum())),
                where="outcomes()",
                hint=hint,
            )
        return given.astype("int64")

    def history(self) -> pd.DataFrame:
        """Return the record of an earlier trial in which staff chose who got the new letter."""
        return self._history()


def world(name: str, **parameters: Any) -> World:
    """Make a simulated town.

    Parameters
    ----------
    name : str
        ``"checkup-letters"`` (:func:`kit.data.worlds.letters.make`).
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


def streams(count: int, *key: object) -> list[np.random.Generator]:
    """Return independent random streams that depend on `key` and on nothing else.

    PCG64 seeded by a BLAKE2 hash of the key: the same on every machine and in every process.

    Examples
    --------
    >>> one, again = streams(1, "a", 1)[0], streams(1, "a", 1)[0]
    >>> int(one.integers(10**9)) == int(again.integers(10**9))
    True
    """
    import numpy as np

    digest = hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=16).digest()
    root = np.random.SeedSequence(int.from_bytes(digest, "big"))
    return [np.random.Generator(np.random.PCG64(child)) for child in root.spawn(count)]


def whole(value: Any, name: str) -> int:
    """Return a parameter as a whole number.

    Raises
    ------
    ParameterError
        If it is not one.
    """
    try:
        if isinstance(value, bool | str | bytes) or int(value) != value:
            raise ValueError
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(
            say("{name} には整数を入れてください。", name=name), where=f"{name} = {value!r}"[:80]
        ) from None


def share(value: Any, name: str, low: float, high: float) -> float:
    """Return a parameter as a share between `low` and `high`.

    Raises
    ------
    ParameterError
        If it is not a number, or outside; 22 where 0.22 is meant is told so.
    """
    try:
        if isinstance(value, bool | str | bytes):
            raise ValueError
        number = float(value)
        if not low <= number <= high:
            raise ValueError
        return number
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(
            say(
                "{name} は {low} から {high} の割合です（22％は 0.22 と書きます）。",
                name=name,
                low=low,
                high=high,
            ),
            where=f"{name} = {value!r}"[:80],
        ) from None
