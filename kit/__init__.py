"""The vocabulary of a workshop notebook.

>>> import kit
>>> kit.lesson  # doctest: +ELLIPSIS
<function lesson at ...>
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit import ask, chart, data, design, evidence
    from kit.lessons import lesson

__version__ = "0.1.0"
__all__ = ["ask", "chart", "data", "design", "evidence", "lesson"]


def __getattr__(name: str) -> Any:
    # Each room opens when it is first entered: `import kit` itself stays light.
    if name == "lesson":
        return importlib.import_module("kit.lessons").lesson
    if name in __all__:
        return importlib.import_module(f"kit.{name}")
    raise AttributeError(f"module 'kit' has no attribute {name!r}")
