"""Drawing lots, and looking whether the lots were fair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.errors import DataError, ParameterError
from kit.evidence import _frame
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_STREAM = 20


def randomise(
    people: pd.DataFrame,
    *,
    seed: int,
    share: float = 0.5,
    within: str | None = None,
    cluster: str | None = None,
) -> pd.Series:
    """Draw lots: 1 for the new treatment, 0 for the usual one.

    The number of ones is fixed beforehand (complete randomisation), so that no unlucky draw
    leaves an arm empty.

    Parameters
    ----------
    people : DataFrame
        One row a person.
    seed : int
        Where chance starts; write it into the plan, and anyone can repeat the draw.
    share : float
        Share of people (or of clusters) who get the new treatment.
    within : str, optional
        Draw separately within each value of this column (stratified randomisation).
    cluster : str, optional
        Draw whole groups, the values of this column, instead of persons.

    Returns
    -------
    Series
        0 or 1, with the index of `people`.

    Raises
    ------
    DataError
        If there are fewer than two units to draw from, or a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"district": [1, 1, 2, 2]})
    >>> int(randomise(people, seed=1).sum())
    2
    >>> randomise(people, seed=1, within="district").groupby(people["district"]).sum().tolist()
    [1, 1]
    """
    import numpy as np
    import pandas as pd

    if not 0 < share < 1:
        raise ParameterError(
            say("分ける割合は 0 と 1 の間で書いてください（{share}）。", share=share)
        )
    if seed < 0:
        raise ParameterError(say("乱数の種は 0 以上の整数です（{seed}）。", seed=seed))
    if within and cluster:
        raise ParameterError(say("within と cluster は、どちらか一方だけ使えます。"))
    # A stream of its own: a world made from the same seed must not steer the lots.
    rng = np.random.default_rng([int(seed), _STREAM])
    if cluster:
        units = pd.Index(_frame.column(people, cluster).unique())
        lots = pd.Series(_draw(len(units), share, rng), index=units)
        return people[cluster].map(lots).astype(int).rename("letter")
    drawn = np.zeros(len(people), dtype=int)
    if within is None:
        drawn[:] = _draw(len(people), share, rng)
    else:
        _check_units(len(people))
        codes, levels = pd.factorize(
            _frame.column(people, within), sort=True, use_na_sentinel=False
        )
        places = [np.flatnonzero(codes == level) for level in range(len(levels))]
        # Largest remainders: the total is right even where strata are odd or of one person.
        quota = np.array([share * len(place) for place in places])
        ones = np.floor(quota + 1e-9).astype(int)
        order = np.argsort(-(quota - ones) + 1e-6 * rng.random(len(places)), kind="stable")
        ones[order[: round(share * len(people)) - int(ones.sum())]] += 1
        for place, count in zip(places, ones, strict=True):
            drawn[rng.permutation(place)[:count]] = 1
    return pd.Series(drawn, index=people.index, name="letter")


def _check_units(count: int) -> None:
    if count < 2:
        raise DataError(
            say("くじで分けるには 2 つ以上要ります（今は {count}）。", count=count),
            hint=say("人数を増やすか、まとまりを小さくしてください。"),
        )


def _draw(count: int, share: float, rng: np.random.Generator) -> np.ndarray:
    import numpy as np

    _check_units(count)
    ones = min(max(round(share * count), 1), count - 1)
    return rng.permutation(np.repeat([1, 0], [ones, count - ones]))


def balance(data: pd.DataFrame, *, treatment: str, covariates: Sequence[str]) -> pd.DataFrame:
    """Compare two groups before anything was done to them.

    The standardised difference is the difference in means over the root of the mean of the two
    variances (Austin 2009); below 0.1 in size is usually called balanced. Words become one row a
    level.

    Returns
    -------
    DataFrame
        ``covariate``, ``level`` (of words, else empty), ``new``, ``usual`` (means),
        ``standardised_difference`` (0 where nothing varies).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"letter": [1, 1, 0, 0], "age": [40, 50, 42, 52]})
    >>> table = balance(people, treatment="letter", covariates=["age"])
    >>> round(table["standardised_difference"].item(), 2)
    -0.28
    """
    import numpy as np
    import pandas as pd

    arm = _frame.zero_or_one(_frame.column(data, treatment), treatment)
    if (arm == 1).sum() < 1 or (arm == 0).sum() < 1:
        raise DataError(say("どちらのグループにも 1 人以上が要ります。"))
    rows = []
    for name in covariates:
        values = _frame.column(data, name)
        if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
            parts = [("", _frame.number(values, name))]
        else:
            levels = sorted(values.dropna().astype(str).unique())
            parts = [(level, (values.astype(str) == level).astype(float)) for level in levels]
        for level, part in parts:
            new, usual = part[arm == 1], part[arm == 0]
            spread = float(np.sqrt((new.var() + usual.var()) / 2)) if len(data) > 2 else 0.0
            gap = new.mean() - usual.mean()
            standardised = float(gap / spread) if spread > 0 else 0.0
            rows.append((name, level, new.mean(), usual.mean(), standardised))
    columns = ["covariate", "level", "new", "usual", "standardised_difference"]
    frame = pd.DataFrame(rows, columns=columns)
    if "citation" in data.attrs:
        frame.attrs["citation"] = data.attrs["citation"]
    return frame
