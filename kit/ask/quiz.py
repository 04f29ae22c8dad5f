"""One question that answers back."""

from __future__ import annotations

import string
from html import escape
from typing import TYPE_CHECKING, Any

from kit.ask.look import LINE, WIDGETS, card
from kit.ask.panel import WIDGET_MIME
from kit.language import say

if TYPE_CHECKING:
    from kit.course import Quiz


class QuizCard:
    """A question with a button for each answer.

    A wrong answer says which misconception it rests on, and another try is free; the right one
    says why. The first answer is kept, for the class to compare before and after.

    Parameters
    ----------
    quiz : kit.course.Quiz
        Already in the reader's language.

    Notes
    -----
    On a page the question stands without its key.

    Examples
    --------
    >>> from kit.course import Quiz
    >>> card = QuizCard(Quiz(id="q", prompt="1 + 1 は？", option=(
    ...     {"text": "11", "feedback": "文字をつないだ数です。"},
    ...     {"text": "2", "right": True, "feedback": "そのとおりです。"})))
    >>> card.choose(0); card.choose(1)
    >>> card.answer, card.right_at_first
    (0, False)
    """

    def __init__(self, quiz: Quiz) -> None:
        import ipywidgets

        self.quiz = quiz
        self.answer: int | None = None
        style = "line-height:1.7;font-weight:bold;margin:0.5em 0"
        prompt = ipywidgets.HTML(
            value=f'{WIDGETS}<p id="{_id(quiz)}" style="{style}">{escape(quiz.prompt)}</p>'
        )
        self._buttons = [
            ipywidgets.Button(description=line, tooltip="", layout={"width": "100%"})
            for line in self._lines()
        ]
        for index, button in enumerate(self._buttons):
            button.on_click(lambda _, index=index: self.choose(index))
        # The live region is there from the start: one that appears with its text may go unheard.
        self._reply = ipywidgets.HTML(value='<div role="status"></div>')
        self._box = ipywidgets.VBox([prompt, *self._buttons, self._reply])
        self._box.add_class("kit-quiz")

    @property
    def right_at_first(self) -> bool | None:
        """Whether the first answer was right; None before there is one."""
        return None if self.answer is None else self.quiz.option[self.answer].right

    @property
    def reply(self) -> str:
        """What the card answered last, as HTML."""
        return str(self._reply.value)

    def choose(self, index: int) -> None:
        """Answer with option `index`, as a person would by its button."""
        if self.answer is None:
            self.answer = index
        option, button = self.quiz.option[index], self._buttons[index]
        line = self._lines()[index]
        if option.right:
            button.description = say("✓ 正解　{line}", line=line)
            button.add_class("kit-right")
            self._reply.value = card("right", say("正解"), option.feedback)
        else:
            button.description = say("× ちがいます　{line}", line=line)
            button.add_class("kit-wrong")
            again = say("もう一度、選べます。")
            self._reply.value = card("not-yet", say("ちがいます"), option.feedback, again)

    def _lines(self) -> list[str]:
        return [
            f"{letter}. {option.text}"
            for letter, option in zip(string.ascii_uppercase, self.quiz.option, strict=False)
        ]

    def static(self) -> str:
        """Return the question as plain HTML, without its key."""
        items = "".join(f"<li>{escape(option.text)}</li>" for option in self.quiz.option)
        note = say("ノートブックでは、選ぶとすぐに解説が出ます。")
        return (
            f'<fieldset class="kit-quiz" style="border:1px solid {LINE};margin:1em 0;'
            f'padding:0.5em 1em"><legend style="font-weight:bold">{escape(self.quiz.prompt)}'
            f'</legend><ol type="A" style="list-style-type:upper-alpha">{items}</ol>'
            f'<p class="kit-note">{escape(note)}</p></fieldset>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        live = self._box._repr_mimebundle_() or {}
        return {
            **({WIDGET_MIME: live[WIDGET_MIME]} if WIDGET_MIME in live else {}),
            "text/html": self.static(),
            "text/plain": "\n".join([self.quiz.prompt, *self._lines()]),
        }


def _id(quiz: Quiz) -> str:
    return f"kit-quiz-{quiz.id}"
