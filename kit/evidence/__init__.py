"""What a policy changed, and how sure we may be: estimators that all return an :class:`Effect`.

Names load their module on first use, so that ``import kit`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOMS = {
    "kit.evidence.words": ("amount",),
    "kit.evidence.effect": ("Arm", "Assumption", "Effect", "compare"),
    "kit.evidence.experiments": (
        "ancova",
        "difference_in_means",
        "late",
    ),
    "kit.evidence.intervals": ("newcombe_interval",),
    "kit.evidence.proportions": ("difference_in_proportions",),
    "kit.evidence.assignment": ("balance", "randomise"),
    "kit.evidence.power": (
        "chance_of_false_alarm",
        "design_effect",
        "minimum_detectable_effect",
        "power_two_proportions",
        "sample_size_two_proportions",
        "survey_sample_size",
    ),
    "kit.evidence.explorer": ("power_explorer",),
    "kit.evidence.learning": ("ItemChange", "LearningGain", "learning_gain"),
    "kit.evidence.repeats": ("picture_of_repeats", "redraw_lots", "repeat_experiment"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
