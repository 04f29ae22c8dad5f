"""What people touch: sliders and menus that redraw a view, quizzes that answer back.

In a notebook they are ipywidgets; on a page, which has no kernel, the same objects are plain HTML.
There is no ``Output`` widget anywhere: nbclient can hang at one.

>>> from kit import ask
>>> ask.slider("効果", 0.04, 0, 0.2, 0.01, format=".0%").show(0.04)
'4%'
"""

from __future__ import annotations

from kit.ask.controls import Choice, Slider, choice, slider
from kit.ask.panel import Panel
from kit.ask.quiz import QuizCard

__all__ = ["Choice", "Panel", "QuizCard", "Slider", "choice", "slider"]
