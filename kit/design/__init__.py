"""Service design: how a procedure is lived, what it costs the people who live it.

``procedure`` (facts of the survey) → ``Journey`` (steps and minutes) → ``Service`` (how many
people, by which channel) → ``burden`` → ``simplify`` and ``saving`` → ``compare`` and
``sensitivity``. Beside it, how a policy is thought to work: ``LogicModel``.
"""

from __future__ import annotations

import importlib
from typing import Any

# Each word and the room it lives in; a room is opened when its word is first said.
_ROOMS = {
    "Range": "journey",
    "Step": "journey",
    "Journey": "journey",
    "Service": "burden",
    "Burden": "burden",
    "Saving": "burden",
    "Change": "burden",
    "simplify": "burden",
    "saving": "burden",
    "standard_cost": "money",
    "implied_wage": "money",
    "by_population": "money",
    "compare": "choices",
    "sensitivity": "choices",
    "Comparison": "choices",
    "Sensitivity": "choices",
    "Procedure": "survey",
    "procedure": "survey",
    "procedures": "survey",
    "overview": "survey",
    "asking_for": "survey",
    "before_after": "panel",
    "slider_start": "panel",
    "LogicModel": "logic",
    "Box": "logic",
    "Arrow": "logic",
}

__all__ = sorted(_ROOMS)


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"kit.design has no {name!r}")
    return getattr(importlib.import_module(f"kit.design.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return __all__
