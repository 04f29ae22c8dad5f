"""What people touch: sliders, quizzes, exercises, forms, cards and canvases that answer back.

In a notebook they are drawn by scripts of our own (:mod:`kit.ask.live`); on a page, which has no
kernel, the same objects are plain HTML. There is no ``Output`` widget anywhere: nbclient can hang
at one.

>>> from kit import ask
>>> ask.slider("効果", 0.04, 0, 0.2, 0.01, format=".0%").show(0.04)
'4%'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.ask.cards import Cards
    from kit.ask.controls import Choice, Field, Slider, Text, choice, slider, text
    from kit.ask.door import Door
    from kit.ask.exercise import CheckCard
    from kit.ask.finish import Finish
    from kit.ask.form import Form, Reflection
    from kit.ask.journey_editor import JourneyEditor
    from kit.ask.logic_model import LogicModel
    from kit.ask.panel import Panel
    from kit.ask.quiz import QuizCard
    from kit.ask.settings import Controls

# Each word and the room it lives in; a room is opened when its word is first said.
_ROOMS = {
    "Cards": "cards",
    "CheckCard": "exercise",
    "Choice": "controls",
    "Controls": "settings",
    "Door": "door",
    "Field": "controls",
    "Finish": "finish",
    "Form": "form",
    "JourneyEditor": "journey_editor",
    "LogicModel": "logic_model",
    "Panel": "panel",
    "QuizCard": "quiz",
    "Reflection": "form",
    "Slider": "controls",
    "Text": "controls",
    "choice": "controls",
    "slider": "controls",
    "text": "controls",
}

__all__ = [
    "Cards",
    "CheckCard",
    "Choice",
    "Controls",
    "Door",
    "Field",
    "Finish",
    "Form",
    "JourneyEditor",
    "LogicModel",
    "Panel",
    "QuizCard",
    "Reflection",
    "Slider",
    "Text",
    "choice",
    "slider",
    "text",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"kit.ask.{_ROOMS[name]}"), name)
