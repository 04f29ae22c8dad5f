"""Chance that is the same on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


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
