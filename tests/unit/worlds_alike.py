"""What the tests of several simulated towns look at in the same way."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kit import data
from kit.data.population import BLOCKS, SEXES, by_age, find
from kit.data.worlds import World
from kit.house import home


def fingerprint(world: World, *tables: str) -> str:
    """Return the SHA-256 of `people` and further tables of a world, as CSV."""
    frames = [getattr(world, name) for name in ("people", *tables)]
    text = "".join(frame.to_csv(index=False, lineterminator="\n") for frame in frames)
    return hashlib.sha256(text.encode()).hexdigest()


def elsewhere(name: str, *tables: str, **parameters: Any) -> str:
    """Return the fingerprint a fresh process gives, in which strings hash otherwise."""
    code = (
        "import json, sys; from worlds_alike import data, fingerprint;"
        "name, tables, parameters = json.loads(sys.argv[1]);"
        "print(fingerprint(data.world(name, **parameters), *tables))"
    )
    root = home()
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps([name, tables, parameters])],
        cwd=root, capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": f"{root}:{root / 'tests' / 'unit'}"},
    )  # fmt: skip
    return done.stdout.strip()


def margins_off(people: pd.DataFrame, town: str, youngest: int, oldest: int = 99) -> float:
    """Return by how many people the worst block of ages and sex misses the town's margins."""
    known = by_age(find(town).code).astype(float)
    known[:, :youngest] = 0
    known[:, oldest + 1 :] = 0
    expected = known * len(people) / known.sum()
    worst = 0.0
    for row, sex in enumerate(SEXES):
        mine = people.loc[people["sex"] == sex, "age"].to_numpy()
        counts = np.bincount(mine, minlength=100)
        for low, high in pairwise(BLOCKS):
            worst = max(worst, abs(counts[low:high].sum() - expected[row, low:high].sum()))
    return worst


def fresh(name: str, **parameters: Any) -> Any:
    """Return a world by its name."""
    return data.world(name, **parameters)
