"""The editions of a workshop in all its languages come to the same numbers."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from numbers import Number
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit import course, edition, language


def numbers(value: Any, depth: int = 0) -> Iterator[float]:
    """Yield the numbers in a result: of a table, of its columns; of an object, of its fields."""
    if isinstance(value, pd.DataFrame | pd.Series):
        frame = value.to_frame() if isinstance(value, pd.Series) else value
        for column in frame.select_dtypes("number"):
            yield from frame[column].astype(float)
    elif isinstance(value, np.ndarray):
        yield from (float(one) for one in value.ravel() if isinstance(one, Number))
    elif isinstance(value, Number) and not isinstance(value, complex):
        yield float(value)  # type: ignore[arg-type]
    elif depth < 4 and isinstance(value, Mapping):
        for item in value.values():
            yield from numbers(item, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple):
        for item in value:
            yield from numbers(item, depth + 1)
    elif depth < 4 and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name), depth + 1)


def worked_out(id: str, spoken: str) -> dict[str, list[float]]:
    """Return the numbers under each name that the facilitator's edition ends with."""
    workshop = course.workshop(id)
    prepared = edition.prepare(workshop, spoken, workshop.validate({}, language=spoken))
    names: dict[str, Any] = {"display": lambda *shown: None}  # as a kernel has it
    with language.using(spoken):
        for cell in edition.facilitator(prepared).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"{id}#{cell.id}", "exec"), names)
    # A list may be in the order of its names, which is not the same in every language.
    found = {name: sorted(map(told, numbers(names[name]))) for name in names if name[0] != "_"}
    return {name: values for name, values in found.items() if values}


def told(number: float) -> float:
    """Return a number as exactly as anybody reads it."""
    return float(f"{number:.9g}") if math.isfinite(number) else 0.0


@pytest.mark.parametrize("id", course.workshop_ids())
def test_every_language_comes_to_the_same_numbers(
    id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    japanese = worked_out(id, "ja")
    assert sum(map(len, japanese.values())) > 20
    others = [tag for tag in course.workshop(id).spec.languages if tag != language.SOURCE]
    for spoken in (*others, language.PSEUDO):
        assert worked_out(id, spoken) == japanese, spoken
