"""Answers of the same people at two times, as arrays of people × questions: 1, 0, NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, SupportsFloat

from kit.errors import ParameterError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def matched(before: Any, after: Any) -> tuple[Sequence[Any], np.ndarray, np.ndarray]:
    """Return the questions' names, and both times as arrays of people × questions.

    Parameters
    ----------
    before, after : DataFrame or nested sequence
        One row a person, one column a question: 1, 0, or missing. Two DataFrames are matched by
        their labels, anything else by position.

    Raises
    ------
    ParameterError
        If the two do not fit together, or hold anything but 0, 1 and missing.

    Examples
    --------
    >>> names, first, second = matched([[0, None]], [[1, 1]])
    >>> list(names), first.tolist(), second.tolist()
    ([1, 2], [[0.0, nan]], [[1.0, 1.0]])
    """
    if _labelled(before) and _labelled(after):
        after = _same_labels(before, after)
    names = next((list(part.columns) for part in (before, after) if _labelled(part)), None)
    first, second = _numbers(_grid(before)), _numbers(_grid(after))
    if first.shape != second.shape:
        shapes = (f"{rows} × {columns}" for rows, columns in (first.shape, second.shape))
        raise ParameterError(
            say("前と後で、人数か問題の数が違います。"),
            where=" / ".join(shapes),
            hint=say("1 行を 1 人、1 列を 1 問にして、同じ順に並べてください。"),
        )
    return names or range(1, first.shape[1] + 1), first, second


def _labelled(answers: Any) -> bool:
    return hasattr(answers, "columns") and hasattr(answers, "index")


def _same_labels(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    for ours, theirs in ((before.index, after.index), (before.columns, after.columns)):
        if not (ours.is_unique and theirs.is_unique and set(ours) == set(theirs)):
            raise ParameterError(
                say("前と後の表で、人か問題の名前がそろっていません。"),
                hint=say("行の名前（人）と列の名前（問題）を、前と後で同じにしてください。"),
            )
    return after.loc[before.index, before.columns]


def _grid(answers: Any) -> np.ndarray:
    """Return a table as an array of people × questions, its values as they are."""
    import numpy as np

    if _labelled(answers):
        answers = answers.to_numpy()
    if isinstance(answers, np.ndarray) and answers.ndim == 2:
        return answers
    try:
        if isinstance(answers, str | bytes | Mapping):
            raise TypeError
        rows = [list(row) for row in answers]
        grid = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
        for at, row in enumerate(rows):
            for place, value in zip(range(grid.shape[1]), row, strict=True):
                grid[at, place] = value
    except (TypeError, ValueError):
        raise ParameterError(
            say("答えの表になっていません。"),
            hint=say("1 行を 1 人、1 列を 1 問にした表を渡してください。"),
        ) from None
    return grid


def _numbers(values: np.ndarray) -> np.ndarray:
    """Return the answers as 1, 0 and NaN."""
    import numpy as np

    if values.dtype.kind not in "bif":
        import pandas as pd

        values = np.where(pd.isna(values), np.nan, values.astype(object))
        texts = [value for value in values.ravel() if not _is_number(value)]
        if texts:
            raise _not_an_answer(texts[0])
    numbers = values.astype(float)
    strange = ~(np.isnan(numbers) | (numbers == 0) | (numbers == 1))
    if strange.any():
        raise _not_an_answer(float(numbers[strange][0]))
    return numbers


def _is_number(value: object) -> bool:
    return isinstance(value, SupportsFloat) and not isinstance(value, complex)


def _not_an_answer(value: object) -> ParameterError:
    return ParameterError(
        say("答えには 1（正解）、0（誤り）、空（答えていない）だけが使えます。"),
        where=repr(value)[:40],
    )
