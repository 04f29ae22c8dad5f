"""Two shares compared: intervals that hold for small and empty cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.errors import DataError
from kit.evidence import _fit
from kit.evidence._frame import clean
from kit.evidence.effect import Effect
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd


def difference_in_proportions(
    data: pd.DataFrame,
    *,
    outcome: str,
    treatment: str,
    randomised: bool = True,
    estimand: str | None = None,
    level: float = 0.95,
    source: Any = None,
) -> Effect:
    """Compare two shares with Newcombe's hybrid score interval; good for small and empty cells.

    The standard error is the plain √(p₁q₁/n₁ + p₀q₀/n₀); where both shares are 0 or 1 it is
    taken from the interval. Parameters as in :func:`difference_in_means`.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"letter": [1] * 20 + [0] * 20, "attended": [0] * 40})
    >>> effect = difference_in_proportions(data, outcome="attended", treatment="letter")
    >>> [round(end, 3) for end in effect.confidence_interval]
    [-0.161, 0.161]
    """
    question = _fit.Question(level, randomised, estimand, "share")
    table = clean(data, outcome=outcome, treatment=treatment, source=source)
    if not table.binary:
        raise DataError(
            say("列「{name}」は 0（いいえ）か 1（はい）だけで書いてください。", name=outcome)
        )
    return _fit.from_shares(table, question, say("割合の差（ニューカムの信頼区間）"))
