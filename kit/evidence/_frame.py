"""The door of the estimators: a tidy frame comes in, clean arrays go on.

Japanese column names, brackets and units are welcome because no formula is ever parsed. What is
missing is counted and dropped; what cannot be a number is told.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.errors import DataError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """Complete rows: outcome `y`, treatment `d`, design columns `x`, cluster numbers `g`."""

    y: np.ndarray
    d: np.ndarray
    x: np.ndarray
    g: np.ndarray | None
    outcome: str
    treatment: str
    covariates: tuple[str, ...]
    total: int
    missing: dict[str, int]
    lost_by_arm: tuple[int, int, int, int]  # lost and all: new arm, usual arm
    source: Any

    @property
    def n(self) -> int:
        """Rows without a gap."""
        return len(self.y)

    @property
    def dropped(self) -> int:
        """Rows left out."""
        return self.total - self.n

    @property
    def binary(self) -> bool:
        """Whether the outcome is a yes or no."""
        return bool(((self.y == 0) | (self.y == 1)).all())


def clean(
    data: pd.DataFrame,
    *,
    outcome: str,
    treatment: str,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    source: Any = None,
) -> Table:
    """Return the complete rows of `data` as numbers.

    Raises
    ------
    DataError
        A column is missing or named twice, holds words where numbers belong, or an arm is empty.
    """
    import numpy as np
    import pandas as pd

    if isinstance(covariates, str):
        covariates = (covariates,)
    columns = {outcome: column(data, outcome)}
    for name in (treatment, *covariates, *([cluster] if cluster else [])):
        if name == outcome:
            raise DataError(say("列「{name}」を、結果とそれ以外の両方に使っています。", name=name))
        columns[name] = column(data, name)
    frame = pd.DataFrame(columns)
    frame[outcome] = number(frame[outcome], outcome)
    frame[treatment] = zero_or_one(frame[treatment], treatment)
    gaps = frame.isna()
    whole = ~gaps.any(axis=1)
    arms = [frame[treatment] == 1, frame[treatment] == 0]
    kept = frame[whole]
    d = kept[treatment].to_numpy(dtype=float)
    for value in (1, 0):
        if (d == value).sum() < 2:
            raise DataError(
                say(
                    "「{name}」が {value} の人は {count} 人です。"
                    "比べるには、0 と 1 の両方に 2 人以上が要ります。",
                    name=treatment,
                    value=value,
                    count=int((d == value).sum()),
                ),
                hint=say("欠けている値で除かれた人は {count} 人です。", count=int((~whole).sum())),
            )
    x = design(kept, covariates)
    g = None
    if cluster:
        g, _ = pd.factorize(kept[cluster])
    return Table(
        y=kept[outcome].to_numpy(dtype=float),
        d=d,
        x=x,
        g=None if g is None else np.asarray(g),
        outcome=outcome,
        treatment=treatment,
        covariates=tuple(covariates),
        total=len(frame),
        missing={str(name): int(count) for name, count in gaps.sum().items() if count},
        lost_by_arm=(
            int((arms[0] & ~whole).sum()),
            int(arms[0].sum()),
            int((arms[1] & ~whole).sum()),
            int(arms[1].sum()),
        ),
        source=source if source is not None else data.attrs.get("citation"),
    )


def column(data: pd.DataFrame, name: str) -> pd.Series:
    """Return one column, or say which one was probably meant."""
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        raise DataError(say("表（DataFrame）を渡してください。"), where=type(data).__name__)
    if name not in data.columns:
        names = [str(c) for c in data.columns]
        near = difflib.get_close_matches(str(name), names, n=1) or names[:8]
        raise DataError(
            say("列「{name}」がありません。", name=name),
            hint=say("ある列: {names}", names=", ".join(near)),
        )
    found = data[name]
    if isinstance(found, pd.DataFrame):
        raise DataError(say("列「{name}」が二つ以上あります。", name=name))
    return found


def number(series: pd.Series, name: str) -> pd.Series:
    """Return `series` as floats with NaN for gaps; words are an error, not a gap."""
    import numpy as np
    import pandas as pd

    values = (
        pd.to_numeric(series, errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
    )
    words = np.isnan(values) & ~series.isna().to_numpy()
    if words.any():
        raise DataError(
            say(
                "列「{name}」に、数でない値「{value}」があります。",
                name=name,
                value=series[words].iloc[0],
            ),
            hint=say("数に直すか、欠けているなら空にしてください。"),
        )
    if np.isinf(values).any():
        raise DataError(say("列「{name}」に、無限大の値があります。", name=name))
    return pd.Series(values, index=series.index)


def zero_or_one(series: pd.Series, name: str) -> pd.Series:
    """Return a treatment column as 1.0 (new), 0.0 (usual) or NaN."""
    values = number(series, name)
    wrong = values.dropna()[~values.dropna().isin([0.0, 1.0])]
    if len(wrong):
        raise DataError(
            say(
                "列「{name}」は 0（従来）か 1（新しい方）で書いてください"
                "（{value:g} がありました）。",
                name=name,
                value=wrong.iloc[0],
            )
        )
    return values


def design(frame: pd.DataFrame, covariates: Sequence[str]) -> np.ndarray:
    """Return the covariates as centred columns; words become one column a level but the first.

    Columns that repeat what the others already say are left out.
    """
    import numpy as np
    import pandas as pd

    columns: list[np.ndarray] = []
    for name in covariates:
        values = frame[name]
        if pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
            columns.append(number(values, name).to_numpy())
        else:
            codes, levels = pd.factorize(values.astype(str), sort=True)
            columns.extend((codes == level).astype(float) for level in range(1, len(levels)))
    kept: list[np.ndarray] = []
    basis: list[np.ndarray] = []
    for values in columns:
        centred = values - values.mean()
        size = np.linalg.norm(centred)
        rest = centred.copy()
        for direction in basis:
            rest -= direction * (direction @ rest)
        length = np.linalg.norm(rest)
        if size > 0 and length > 1e-8 * size:
            basis.append(rest / length)
            kept.append(centred)
    return np.column_stack(kept) if kept else np.empty((len(frame), 0))
