"""Measure what a simulated town costs: ``python -m benchmarks.worlds`` prints a Markdown table.

Each figure is a median of fresh processes, from the call to the finished table; importing pandas is not
part of it, reading the margins is. Beside it stands the plain NumPy draw of the same columns in the same
process, each column on its own from its own shares: what a notebook would write without margins,
neighbours, households or a truth.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.data.population import LIFETIME, SEXES, TOKYO, by_age, eligible, members

if TYPE_CHECKING:
    import pandas as pd

MILLION, TOKYO_PEOPLE = 1_000_000, 14_047_594
REPEATS = 3


def main() -> None:
    """Print the table."""
    print("| what | measured |\n| --- | --- |")
    for what, measured in rows():
        print(f"| {what} | {measured} |")


def rows() -> list[tuple[str, str]]:
    """Seconds, rows per second, peak memory, and how the plain draw compares."""
    return [
        row("one million letters (`checkup-letters`)", "checkup-letters", MILLION),
        row("one million residents (`residents`)", "residents", MILLION),
        row("all 14 million residents of Tokyo", "residents", TOKYO_PEOPLE),
    ]


def row(what: str, name: str, n: int) -> tuple[str, str]:
    """Measure a world in fresh processes."""
    code = f"from benchmarks.worlds import once; once({name!r}, {n})"
    found = [
        json.loads(subprocess.run([sys.executable, "-c", code], check=True, stdout=-1).stdout)
        for _ in range(REPEATS)
    ]
    seconds, plain, peak = (
        statistics.median(one[key] for one in found) for key in ("seconds", "plain", "peak")
    )
    return what, (
        f"{seconds:.2f} s, {n / seconds / 1e6:.1f} million rows a second, peak {peak:.2f} GiB; "
        f"{seconds / plain:.1f} × the plain NumPy draw ({plain:.2f} s)"
    )


def once(name: str, n: int) -> None:
    """Make a world, then draw its columns plainly, and print both times as JSON."""
    import pandas  # noqa: F401

    from kit import data

    began = time.perf_counter()
    town = data.world(name, municipality="tokyo", n=n)
    seconds = time.perf_counter() - began
    assert len(town.people) == n
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
    del town
    draw = plainly(name)
    began = time.perf_counter()
    assert len(draw(n)) == n
    plain = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "plain": plain, "peak": peak}))


def plainly(name: str) -> Callable[[int], pd.DataFrame]:
    """Return a function that draws the columns of a world, each on its own."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    ages = by_age(TOKYO.code).sum(axis=0).astype(float)
    towns = np.array([by_age(town.code).sum() for town in members(TOKYO)], dtype=float)

    def letters(n: int) -> pd.DataFrame:
        old = ages[40:75] / ages[40:75].sum()
        assert eligible(TOKYO) >= n
        return pd.DataFrame(
            {
                "citizen_id": np.arange(1, n + 1),
                "sex": pd.Series(np.array(SEXES, dtype=object)[rng.integers(0, 2, n)], dtype="str"),
                "age": rng.choice(np.arange(40, 75), n, p=old),
                "neighbourhood": rng.integers(1, n // 40, n),
                "last_year": (rng.random(n) < 0.22).astype("int64"),
                "y_usual": (rng.random(n) < 0.22).astype("int64"),
                "y_new": (rng.random(n) < 0.26).astype("int64"),
            }
        )

    def residents(n: int) -> pd.DataFrame:
        codes = rng.choice(len(towns), n, p=towns / towns.sum()).astype("int8")
        sexes = rng.integers(0, 2, n, dtype="int8")
        living = (rng.random(n) < 0.74).astype("int8")
        columns = {
            "citizen_id": np.arange(1, n + 1, dtype="int32"),
            "code": pd.Categorical.from_codes(codes, [town.code for town in members(TOKYO)]),
            "sex": pd.Categorical.from_codes(sexes, list(SEXES)),
            "age": rng.choice(LIFETIME, n, p=ages / ages.sum()).astype("uint8"),
            "living": pd.Categorical.from_codes(living, ["alone", "with_others"]),
            "household_id": rng.integers(1, n // 2, n, dtype="int32"),
        }
        return pd.DataFrame(columns, copy=False)

    return letters if name == "checkup-letters" else residents


if __name__ == "__main__":
    main()
