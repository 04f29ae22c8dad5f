"""``python -m kit.room``: make the kernels and the apps of this Python environment ours."""

from __future__ import annotations

from kit.room.furnishing import furnish

for written in furnish():
    print(written)
