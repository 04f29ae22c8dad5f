"""An exercise: what the check says, a place to answer without code, hints and the worked way."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit import checks
from kit.checks import Verdict
from kit.language import current, say
from kit.markdown import to_html

if TYPE_CHECKING:
    from kit.ask.live import Live
    from kit.ask.look import State
    from kit.lessons import Lesson
    from kit.spec import Exercise

Typed = str | list[str]
_LIMIT = {"number": 200, "text": 2000}


class CheckCard:
    """What `name` of ``checks.py`` says about an answer, and all the help there is.

    Parameters
    ----------
    lesson : kit.lessons.Lesson
        Whose data and parameters the answer is compared with.
    name : str
        The function of ``checks.py``, and the ``[[exercise]]`` of ``workshop.toml`` with its help.
    answer : object
        What the code says; ``...`` while nothing is written.
    context : mapping of str to object
        What else the function needs; callables are asked whenever an answer is checked.

    Notes
    -----
    On a page there is the verdict alone. Hints, solution and the answer typed into the card are
    sent to the browser only when they are asked for, so that a published notebook holds none.
    While the code says ``...``, a right answer typed before is checked again and shown.

    Examples
    --------
    >>> import kit
    >>> from kit.language import using
    >>> with using("ja"):
    ...     card = kit.lesson("rct-letters", baseline=0.2).check("new_rate", 0.25)
    >>> card.state, card.verdict.word
    ('right', '正解')
    """

    def __init__(self, lesson: Lesson, name: str, answer: Any, context: Mapping[str, Any]) -> None:
        self.lesson = lesson
        self.name = name
        self.progress = lesson.progress
        self._context = dict(context)
        self._live: Live | None = None
        self._typed: Typed = ""
        self.verdict = self._judge(answer)
        self._count(answer)
        self.exercise = self._exercise()
        if self.verdict.state == "blank" and (kept := self._kept()):
            self._typed, self.verdict = kept, self._judge(kept)
        self._hints, self._solved = self._asked_before()

    @property
    def state(self) -> State:
        """``"blank"``, ``"not-yet"``, ``"right"`` or ``"fault"``."""
        return self.verdict.state

    @property
    def message(self) -> str:
        """What the check says, in a sentence."""
        return self.verdict.message

    @property
    def detail(self) -> str:
        """A second sentence, or nothing."""
        return self.verdict.detail

    def __repr__(self) -> str:
        return repr(self.verdict)

    # --- the answer ---------------------------------------------------------------------------

    def _judge(self, answer: Any) -> Verdict:
        """Ask the check; whatever goes wrong in it is not the learner's fault."""
        try:
            known = {
                name: part() if callable(part) else part for name, part in self._context.items()
            }
            verdict = getattr(self.lesson.workshop.checks, self.name)(self.lesson, answer, **known)
        except Exception as error:
            return checks.fault(error)
        if isinstance(verdict, Verdict):
            return verdict
        return checks.fault(f"{self.name}: {type(verdict).__name__}")

    def _count(self, answer: Any) -> None:
        try:
            written = repr(answer)
        except Exception:  # an object of the learner's own may fail even here
            written = type(answer).__name__
        self.progress.attempt(self.name, self.verdict.state, written)

    def _kept(self) -> Typed:
        return self._read(self.progress.kept(f"check:{self.name}")) or ""

    def _read(self, answer: Any) -> Typed | None:
        """Return `answer` as this exercise takes it; None if it cannot be one."""
        kind = self.exercise.answer if self.exercise else "none"
        choices = self.exercise.choices if self.exercise else ()
        if kind in _LIMIT:
            return answer[: _LIMIT[kind]].strip() if isinstance(answer, str) else None
        if kind == "choice":
            return answer if isinstance(answer, str) and answer in (*choices, "") else None
        if kind == "choices" and isinstance(answer, list):
            return [choice for choice in choices if choice in answer]
        return None

    def attempt(self, answer: Typed) -> None:
        """Answer in the card, as a person would: text, a choice or a list of choices."""
        typed = self._read(answer)
        if typed is None:
            return
        self._typed = typed
        if typed:
            self.verdict = self._judge(typed)
            self._count(typed)
        else:
            self.verdict = checks.blank(
                say("答えを入れてから、「答えを確かめる」を押してください。")
            )
        if self.state == "right":
            self.progress.keep(f"check:{self.name}", typed)
        self._redraw()

    # --- the help -----------------------------------------------------------------------------

    def _exercise(self) -> Exercise | None:
        spec = self.lesson.workshop.localised(self.lesson.language)
        return next((item for item in spec.exercise if item.id == self.name), None)

    def _asked_before(self) -> tuple[int, bool]:
        """Return the help that was open when the kernel went; who has finished needs none of it."""
        record = self.progress.check(self.name)
        if self.exercise is None or self.state == "right":
            return 0, False
        asked = record["hints"] if isinstance(record["hints"], int) else 0
        return max(0, min(asked, len(self.exercise.hints))), record["solution"] is True

    def hint(self) -> None:
        """Open the next hint; after the last one there is the solution to open."""
        if self.exercise and self._hints < len(self.exercise.hints):
            self._hints += 1
            self.progress.hinted(self.name, self._hints)
            self._redraw()

    def solve(self) -> None:
        """Open the worked solution, once every hint is open or the answer is right."""
        if self.exercise is None or self._next() != "solution":
            return
        self._solved = True
        if self.state != "right":  # afterwards it is to compare, and no help
            self.progress.shown(self.name)
        self._redraw()

    def _next(self) -> str:
        if self.exercise is None or self._solved:
            return ""
        done = self.state == "right" or self._hints >= len(self.exercise.hints)
        return "solution" if done else "hint"

    # --- what is shown ------------------------------------------------------------------------

    @property
    def live(self) -> Live | None:
        """The card in a room; None where nothing is known but the verdict."""
        from kit.ask.live import Live

        if self._live is None and self.exercise is not None:
            self._live = Live(
                "exercise",
                state=self._state(),
                words=self._words(),
                on=self._heard,
                progress=self.progress,
            )
        return self._live

    def _heard(self, message: Mapping[str, Any]) -> None:
        if message["kind"] == "try":
            self.attempt(self._meant(message.get("answer")))
        elif message["kind"] == "hint":
            self.hint()
        elif message["kind"] == "solution":
            self.solve()

    def _meant(self, answer: Any) -> Any:
        """Return the choices that a message names by their places."""
        assert self.exercise is not None
        choices = dict(enumerate(self.exercise.choices))
        if self.exercise.answer not in ("choice", "choices"):
            return answer
        if not isinstance(answer, list) or not all(type(place) is int for place in answer):
            return None
        named = [choices[place] for place in answer if place in choices]
        return named if self.exercise.answer == "choices" else "".join(named[:1])

    def _redraw(self) -> None:
        if self._live is not None:
            self._live.redraw(**self._state())

    def _state(self) -> dict[str, Any]:
        assert self.exercise is not None
        trouble = self.progress.trouble
        # Who has written the answer as code has no use for a second place to write it.
        done = self.state == "right" and not self._typed
        return {
            "verdict": self._repr_html_()
            + (f'<p class="kit-note">{escape(trouble)}</p>' if trouble else ""),
            "answer": "none" if done else self.exercise.answer,
            "choices": [self.exercise.called(choice) for choice in self.exercise.choices],
            "typed": self._places() if self.exercise.choices else self._typed,
            "hints": list(self.exercise.hints[: self._hints]),
            "total": len(self.exercise.hints),
            "next": self._next(),
            "solution": to_html(self.exercise.solution) if self._solved else "",
        }

    def _places(self) -> list[int]:
        assert self.exercise is not None
        chosen = [self._typed] if isinstance(self._typed, str) else self._typed
        return [place for place, one in enumerate(self.exercise.choices) if one in chosen]

    def _words(self) -> dict[str, str]:
        assert self.exercise is not None
        without = say("コードを書かずに、ここで答えることもできます。")
        if self.exercise.answer == "number":
            without = say(
                "コードを書かずに、ここで答えることもできます。30/100 - 25/100 のような式のままでも"
                "かまいません。"
            )
        return {
            "language": current(),
            "label": self.exercise.label,
            "without": without,
            "check": say("答えを確かめる"),
            "more": say("ヒント（{n}/{total}）"),
            "hint": say("ヒント {n}"),
            "solve": say("解き方を見る"),
            "solution": say("解き方"),
        }

    def _repr_html_(self) -> str:
        return self.verdict._repr_html_()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        if self.live is None:
            return {"text/html": self._repr_html_(), "text/plain": repr(self)}
        return bundle(self.live, self._repr_html_(), repr(self))
