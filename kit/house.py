"""Where the rooms of the project lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from kit.errors import KitError


def home() -> Path:
    """Return the project folder: the one that holds ``workshops/`` and ``datasets/``.

    ``KIT_HOME`` names it where the package is not beside its rooms; otherwise it is the folder
    above the package.

    Raises
    ------
    KitError
        If neither place holds the rooms.

    Examples
    --------
    >>> (home() / "workshops").is_dir()
    True
    """
    candidates = [Path(__file__).resolve().parent.parent]
    if named := os.environ.get("KIT_HOME"):
        candidates.insert(0, Path(named))
    for folder in candidates:
        if (folder / "workshops").is_dir() and (folder / "datasets").is_dir():
            return folder
    raise KitError(
        "キットのフォルダーが見つかりません / The kit's folder was not found.",
        where=", ".join(str(folder) for folder in candidates),
        hint="KIT_HOME=…/ebpm-workshop-kit, or: pip install -e .",
    )
