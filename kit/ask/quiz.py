"""One question that answers back."""

from __future__ import annotations

import string
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit.ask.look import LINE, card
from kit.errors import CourseError
from kit.language import current, say

if TYPE_CHECKING:
    from kit.course import Quiz
    from kit.progress import Progress

_ENDS = ("", "before", "after")


class QuizCard:
    """A question with its possible answers, one of which can be given.

    A wrong answer says which misconception it rests on, and another try is free; the right one
    says why. An item that is asked again at the end of the class keeps its secret the first time:
    were the key known, the second answer would show memory and not what was learnt.

    Parameters
    ----------
    quiz : kit.course.Quiz
        Already in the reader's language.
    when : {"", "before", "after"}
        The end of the class it is asked at; nothing for an item that is asked once.
    progress : kit.progress.Progress
        Keeps the first answer, and what was tried after it.

    Raises
    ------
    CourseError
        If `when` is something else.

    Notes
    -----
    On a page the question stands without its key, which is not in the widget's state either
    before it has been found.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kit.course import Quiz
    >>> from kit.progress import Progress
    >>> item = Quiz(id="q", prompt="1 + 1 は？", option=(
    ...     {"text": "11", "feedback": "文字をつないだ数です。"},
    ...     {"text": "2", "right": True, "feedback": "そのとおりです。"}))
    >>> card = QuizCard(item, "after", Progress("demo", Path("nowhere"), present=False))
    >>> card.choose(0); card.choose(1)
    >>> card.answer, card.right_at_first
    (0, False)
    """

    def __init__(self, quiz: Quiz, when: str, progress: Progress) -> None:
        from kit.ask.live import Live

        if when not in _ENDS:
            raise CourseError(
                say("クイズは「before」（はじめ）か「after」（おわり）に出します。"),
                where=f'lesson.quiz("{quiz.id}", "{when}")',
            )
        self.quiz = quiz
        self.when = when
        self.progress = progress
        # Asked once, an item has no end of its own to be kept under.
        self._end = when or (quiz.when if quiz.when != "both" else "once")
        self._draft = f"quiz:{quiz.id}:{self._end}"
        self._tried = self._kept()
        self.live = Live(
            "quiz", state=self._state(), words=self._words(), on=self._heard, progress=progress
        )

    @property
    def secret(self) -> bool:
        """Whether the key is kept for the end of the class."""
        return self.when == "before" and self.quiz.when == "both"

    @property
    def answer(self) -> int | None:
        """The option chosen first; None before there is one."""
        return self._known(self.progress.answered(self.quiz.id, self._end))

    @property
    def right_at_first(self) -> bool | None:
        """Whether the first answer was right; None before there is one."""
        return None if self.answer is None else self.quiz.option[self.answer].right

    @property
    def locked(self) -> bool:
        """Whether the answer stands for good."""
        return self.secret and self.answer is not None

    @property
    def reply(self) -> str:
        """What the card answers now, as HTML."""
        if self.locked:
            kept = say("残しました。おわりに、同じ問題をもう一度考えます。")
            return f'<p class="kit-kept">{escape(kept)}</p>{self._trouble()}'
        if not self._tried:
            return self._trouble()
        option = self.quiz.option[self._tried[-1]]
        if option.right:
            more = say("ほかの答えを選ぶと、どこがちがうのかも読めます。")
            found = card("right", say("正解"), option.feedback, self._since(), more)
        else:
            more = say("もう一度、選べます。")
            found = card("not-yet", say("ちがいます"), option.feedback, self._since(), more)
        return found + self._trouble()

    def choose(self, index: int) -> None:
        """Answer with option `index`, as a person would. An answer that stands is not changed."""
        if self.locked or self._known(index) is None:
            return
        self.progress.answer(self.quiz.id, self._end, index)
        if not self.secret:
            self._tried.append(index)
            self.progress.keep(self._draft, self._tried)
        self.live.redraw(**self._state())

    def _heard(self, message: Mapping[str, Any]) -> None:
        if message["kind"] == "answer" and self._known(message.get("option")) is not None:
            self.choose(message["option"])

    # --- what is kept -------------------------------------------------------------------------

    def _known(self, index: Any) -> int | None:
        """Return `index` if it names an option; a file or a message may say anything."""
        whole = isinstance(index, int) and not isinstance(index, bool)
        return index if whole and 0 <= index < len(self.quiz.option) else None

    def _kept(self) -> list[int]:
        """Return the options tried before the kernel was started anew, in order."""
        if self.secret or self.answer is None:
            return []
        kept = self.progress.kept(self._draft, [])
        tried = kept if isinstance(kept, list) else []
        return [index for index in tried if self._known(index) is not None] or [self.answer]

    # --- what is shown ------------------------------------------------------------------------

    def _since(self) -> str:
        """Say what was answered at the beginning, now that the end has its answer."""
        first = self._known(self.progress.answered(self.quiz.id, "before"))
        if self.when != "after" or first is None:
            return ""
        letter = string.ascii_uppercase[first]
        if not self.quiz.option[self._tried[-1]].right:
            return say("はじめは {letter} を選んでいました。", letter=letter)
        if self.quiz.option[first].right:
            return say(
                "はじめも {letter} を選んでいました。わけを、となりの人に説明できますか。",
                letter=letter,
            )
        return say(
            "はじめは {letter} を選んでいました。何が考えを変えましたか。ひと言で言ってみてください。",
            letter=letter,
        )

    def _trouble(self) -> str:
        told = self.progress.trouble
        return f'<p class="kit-note">{escape(told)}</p>' if told else ""

    def _state(self) -> dict[str, Any]:
        marks = [""] * len(self.quiz.option)
        for index in self._tried:
            marks[index] = "right" if self.quiz.option[index].right else "wrong"
        chosen = self.answer if self.locked else self._tried[-1] if self._tried else None
        if self.locked and self.answer is not None:
            marks[self.answer] = "kept"
        return {
            "prompt": self.quiz.prompt,
            "options": self._lines(),
            "marks": marks,
            "chosen": chosen,
            "locked": self.locked,
            "reply": self.reply,
        }

    def _words(self) -> dict[str, str]:
        return {
            "language": current(),
            "answer": say("答える"),
            "first": say("答えを 1 つ選んでから、「答える」を押してください。"),
            "right": say("✓ 正解"),
            "wrong": say("× ちがいます"),
            "kept": say("選んだ答え"),
        }

    def _lines(self) -> list[str]:
        return [
            f"{letter}. {option.text}"
            for letter, option in zip(string.ascii_uppercase, self.quiz.option, strict=False)
        ]

    def static(self) -> str:
        """Return the question as plain HTML, without its key."""
        items = "".join(f"<li>{escape(option.text)}</li>" for option in self.quiz.option)
        if self.secret:
            note = say("ノートブックでは、答えを選んで残し、おわりにもう一度考えます。")
        else:
            note = say("ノートブックでは、選ぶとすぐに解説が出ます。")
        return (
            f'<fieldset class="kit-quiz" style="border:1px solid {LINE};margin:1em 0;'
            f'padding:0.5em 1em"><legend style="font-weight:bold">{escape(self.quiz.prompt)}'
            f'</legend><ol type="A" style="list-style-type:upper-alpha">{items}</ol>'
            f'<p class="kit-note">{escape(note)}</p></fieldset>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        text = "\n".join([self.quiz.prompt, *self._lines()])
        return bundle(self.live, self.static(), text)
