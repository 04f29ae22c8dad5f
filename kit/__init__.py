"""The vocabulary of a workshop notebook.

>>> import kit
>>> kit.lesson  # doctest: +ELLIPSIS
<function lesson at ...>
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit import ask, chart, data, design, evidence
    from kit.lessons import lesson

# jsonschema, which altair and nbformat import, would build a grammar for internationalised addresses:
# two seconds of every kernel's start, for a format that no schema of ours names. It does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"
__all__ = ["ask", "chart", "data", "design", "evidence", "lesson"]


def __getattr__(name: str) -> Any:
    # Each room opens when it is first entered: `import kit` itself stays light.
    if name == "lesson":
        return importlib.import_module("kit.lessons").lesson
    if name in __all__:
        return importlib.import_module(f"kit.{name}")
    raise AttributeError(f"module 'kit' has no attribute {name!r}")
