"""A town in which letters are sent: each person has one outcome for either letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.data.worlds.world import World
from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(eq=False, repr=False)
class Trial(World):
    """A simulated town that reveals one potential outcome a person, like life.

    Attributes
    ----------
    potential : DataFrame
        Both outcomes of every person, for the reveal: ``y_usual``, and ``y_new`` if the new letter is
        opened. Where not everybody does so, also ``opens`` (1 for those who would).
    """

    _potential: pd.DataFrame
    _history: Callable[[], pd.DataFrame]

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
            the letter each person got. A new letter left unopened is like the usual one.

        Raises
        ------
        ParameterError
            If there is not exactly one 0 or 1 for each person.
        """
        import numpy as np

        both, read = self._potential, self._read(letter)
        came = np.where(read == 1, both["y_new"].to_numpy(), both["y_usual"].to_numpy())
        return self._revealed(came, "attended")

    def opened(self, letter: Any) -> pd.Series:
        """Send the letters and see who opens a new one.

        Parameters
        ----------
        letter : array-like of 0 and 1
            As for :meth:`outcomes`.

        Returns
        -------
        Series
            1 for those who got the new letter and opened it, 0 for the others, indexed like
            ``people``. Who would have opened a letter that was not sent stays unknown.

        Raises
        ------
        ParameterError
            If there is not exactly one 0 or 1 for each person.
        """
        return self._revealed(self._read(letter), "opened")

    def _read(self, letter: Any) -> np.ndarray:
        sent = self._sent(letter)
        if "opens" not in self._potential:
            return sent
        read: np.ndarray = sent * self._potential["opens"].to_numpy()
        return read

    def _revealed(self, values: np.ndarray, name: str) -> pd.Series:
        import pandas as pd

        revealed = pd.Series(values, index=self._potential.index, name=name)
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
