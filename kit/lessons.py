"""What a workshop notebook talks to: its parameters, sentences, checks, quizzes and artefacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kit import course, language, outline, places, progress, room
from kit.errors import ParameterError
from kit.language import say
from kit.markdown import escape

if TYPE_CHECKING:
    from kit.artefacts import Saved
    from kit.ask import (
        Cards,
        CheckCard,
        Controls,
        Door,
        Field,
        Finish,
        Form,
        JourneyEditor,
        LogicModel,
        Panel,
        QuizCard,
        Reflection,
    )
    from kit.design.journey import Journey
    from kit.places import Municipality
    from kit.table import Table


def lesson(id: str, *, language: str = "ja", **parameters: Any) -> Lesson:
    """Open the lesson of workshop `id` with these parameters.

    Parameters
    ----------
    id : str
        The workshop, e.g. ``"rct-letters"``.
    language : str
        Language of everything the lesson says.
    **parameters
        As in ``workshop.toml``; those left out take their default.

    Raises
    ------
    CourseError, LanguageError
        If there is no such workshop or language.
    ParameterError
        If a parameter is unknown, of the wrong type or out of range.
    """
    return Lesson(course.workshop(id), language, parameters)


class Lesson:
    """One workshop being held: see :func:`lesson`."""

    def __init__(
        self, workshop: course.Workshop, language_: str, parameters: Mapping[str, Any]
    ) -> None:
        from kit import chart

        language.use(language_)
        self.language = language_
        self.workshop = workshop
        self._catalogue = workshop.catalogue(language_)
        self._spec = workshop.localised(language_)
        self.parameters: Mapping[str, Any] = MappingProxyType(
            workshop.validate(parameters, language=language_)
        )
        self.given = self.parameters
        self.progress = progress.of(workshop.id, Path.cwd())
        self._listen()
        room.welcome(workshop, language_)
        chart.enable()

    def _listen(self) -> None:
        """Follow which section the class is in, by the cells that are run."""
        sections = outline.sections_of_cells(self.workshop.notebook_path)
        mine = self.progress
        progress.before_each_cell(lambda cell: mine.enter(sections.get(cell, "")))

    @property
    def title(self) -> str:
        """The workshop's title."""
        return self._spec.title

    @property
    def municipality(self) -> Municipality:
        """The municipality the class is held for.

        Raises
        ------
        ParameterError
            If the workshop has no such parameter.
        """
        for parameter in self._spec.parameter:
            if parameter.type == "municipality":
                return places.find(self.parameters[parameter.name])
        raise ParameterError(say("このワークショップは区市町村を選びません。"))

    def set(self, **parameters: Any) -> None:
        """Change parameters for the cells below; all of them, or none if one will not do.

        :attr:`given` keeps those the class was opened with.

        Raises
        ------
        Problems
            Every mistake together.
        """
        whole = {**self.parameters, **parameters}
        self.parameters = MappingProxyType(self.workshop.validate(whole, language=self.language))

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["parameters"][name]
        except KeyError:
            raise AttributeError(name) from None

    def text(self, source: str, /, **values: Any) -> str:
        """Return the workshop's sentence `source` in the lesson's language, placeholders filled.

        Parameters
        ----------
        source : str
            The Japanese sentence with ``{name}`` placeholders; format specs are allowed.
        **values
            What the placeholders stand for; inserted as they are.
        """
        sentence = self._catalogue.any(source) or source
        return sentence.format(**values) if values else sentence

    def note(self, source: str, /, **values: Any) -> Any:
        """Return a Markdown paragraph for display, translated; values are shown as plain text."""
        from IPython.display import Markdown

        shown = {k: escape(v) if isinstance(v, str) else v for k, v in values.items()}
        return Markdown(self.text(source, **shown))

    def table(
        self,
        frame: Any,
        *,
        caption: str,
        labels: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        limit: int = 30,
    ) -> Table:
        """Return `frame` as a table that screen readers can walk through.

        Parameters
        ----------
        frame : pandas.DataFrame
            What to show; at most `limit` rows.
        caption : str
            What the table shows.
        labels, formats : mapping, optional
            Column to heading; column to format spec such as ``".1%"``.
        """
        from kit.table import html_table

        return html_table(frame, caption=caption, labels=labels, formats=formats, limit=limit)

    # --- answers ------------------------------------------------------------------------------

    def check(self, name: str, answer: Any, **context: Any) -> CheckCard:
        """Compare `answer` with what the data and parameters of this lesson say.

        The card says nothing written yet, not yet (and which mistake it is) or right (and why it
        matters); it has hints in steps, the worked solution if asked, and a place to answer
        without code. Never raises: an error inside a check is the kit's fault, and says so.

        Parameters
        ----------
        name : str
            A function of ``checks.py``.
        answer
            What the participant wrote; ``...`` while nothing is written.
        **context
            What else the check needs; a callable is asked when the answer is checked.
        """
        from kit.ask import CheckCard

        return CheckCard(self, name, answer, context)

    def quiz(self, id: str, when: str = "") -> QuizCard:
        """Return the quiz item `id` of ``workshop.toml``, asked ``"before"`` or ``"after"`` class.

        Raises
        ------
        CourseError
            If there is none.
        """
        from kit.ask import QuizCard

        for item in self._spec.quiz:
            if item.id == id:
                return QuizCard(item, when, self.progress)
        raise course.CourseError(
            say("クイズ「{id}」はありません。", id=id),
            where=str(self.workshop.folder / "workshop.toml"),
            hint=", ".join(item.id for item in self._spec.quiz),
        )

    def quizzes(self, when: str) -> None:
        """Show the items asked ``"before"`` or ``"after"`` the class."""
        from IPython.display import display

        for item in self._spec.quiz:
            if item.when in (when, "both"):
                display(self.quiz(item.id, when))

    def reflect(self, id: str, prompt: str) -> Reflection:
        """Return a place for a reflection in the participant's own words, kept as they write."""
        from kit.ask import Reflection

        return Reflection(id, prompt, self.progress)

    # --- things to move and to fill in --------------------------------------------------------

    def controls(self, *names: str) -> Controls:
        """Return a panel of the workshop's own parameters.

        What is chosen holds for the cells below once they are run again, and after a restart.

        Parameters
        ----------
        *names : str
            Of ``workshop.toml``; all of them if none is named.
        """
        from kit.ask import Controls

        return Controls(self, names)

    def panel(self, view: Callable[..., Any], **controls: Any) -> Panel:
        """Return sliders and menus that redraw `view` when they are moved.

        Parameters
        ----------
        view : callable
            Takes the controls' values by name; returns HTML, a chart, or a list of both.
        **controls
            Made by :func:`kit.ask.slider` and :func:`kit.ask.choice`.
        """
        from kit.ask import Panel

        return Panel(view, controls)

    def form(
        self,
        id: str,
        fields: Mapping[str, Field],
        *,
        title: str = "",
        view: Callable[..., Any] | None = None,
    ) -> Form:
        """Return fields to fill in; ``form["name"]`` is what they hold, kept as people write.

        Parameters
        ----------
        id : str
            Under which it is kept.
        fields : mapping of str to Field
            Made by :func:`kit.ask.text`, :func:`kit.ask.slider` and :func:`kit.ask.choice`.
        title : str
            What is filled in.
        view : callable, optional
            Takes the fields' values by name and returns what is shown below them.
        """
        from kit.ask import Form

        return Form(id, fields, title=title, view=view, progress=self.progress)

    def cards(self, id: str, cards: Iterable[str], *, title: str, **options: Any) -> Cards:
        """Return cards to sort: see :class:`kit.ask.Cards`."""
        from kit.ask import Cards

        return Cards(id, cards, title=title, progress=self.progress, **options)

    def logic_model(self, id: str, **options: Any) -> LogicModel:
        """Return a canvas for a logic model: see :class:`kit.ask.LogicModel`."""
        from kit.ask import LogicModel

        return LogicModel(id, progress=self.progress, **options)

    def journey_editor(self, id: str, journey: Journey, **options: Any) -> JourneyEditor:
        """Return an editor for the steps of a journey: see :class:`kit.ask.JourneyEditor`."""
        from kit.ask import JourneyEditor

        return JourneyEditor(id, journey, progress=self.progress, **options)

    def reveal(self, label: str, view: Callable[[], Any], *, opened: Any = False) -> Door:
        """Return a door: `view` is asked for, and shown, when somebody opens it.

        Parameters
        ----------
        label : str
            What the button says.
        view : callable
            Returns HTML, charts, tables, or a list of them.
        opened : object
            ``True`` opens it at once.
        """
        from kit.ask import Door

        return Door(label, view, opened=opened is True, progress=self.progress)

    # --- things to take home ------------------------------------------------------------------

    def save(self, name: str, content: Any) -> Saved:
        """Write something to take home into ``artefacts/`` beside the notebook.

        Parameters
        ----------
        name : str
            File name; its ending says the form: ``.md``, ``.html`` (Markdown, charts and tables,
            one or a list), ``.csv`` (a DataFrame, readable by Excel), ``.json``, ``.svg``,
            ``.png`` (a chart).
        content
            What to write.

        Raises
        ------
        KitError
            If the name or the ending will not do, or the file cannot be written.
        """
        from kit import artefacts

        return artefacts.save(self, name, content)

    def finish(self, name: str, compose: Callable[[], Any]) -> Finish:
        """Return the last card: the participant's artefact, and an anonymous answer sheet.

        Parameters
        ----------
        name : str
            Of the files, without ending: ``result-memo`` becomes ``.html``, ``.md`` and ``.pdf``.
        compose : callable
            Returns the parts, Markdown, charts and tables, from what the forms hold now; for several
            artefacts, a mapping of name to parts. Asked at once, and again whenever the participant
            makes them anew.
        """
        from kit.ask import Finish

        return Finish(self, name, compose)

    def __repr__(self) -> str:
        return f"{self.title} ({self.workshop.id}, {self.language}, {dict(self.parameters)})"
