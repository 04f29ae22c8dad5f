"""What a workshop notebook talks to: its parameters, sentences, checks, quizzes and artefacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape as html_escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kit import course, language, places
from kit.errors import KitError, ParameterError
from kit.files import write_whole
from kit.language import say
from kit.markdown import escape, to_html

if TYPE_CHECKING:
    from kit.ask import Panel, QuizCard
    from kit.checks import Verdict
    from kit.places import Municipality
    from kit.table import Table

ARTEFACTS = "artefacts"


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
        chart.enable()

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

    def check(self, name: str, answer: Any) -> Verdict:
        """Compare `answer` with what the data and parameters of this lesson say.

        Never raises: an error inside a check is the kit's fault, and says so.
        """
        from kit.checks import fault

        try:
            verdict: Verdict = getattr(self.workshop.checks, name)(self, answer)
        except Exception as error:
            return fault(error)
        return verdict

    def quiz(self, id: str) -> QuizCard:
        """Return the quiz item `id` of ``workshop.toml``.

        Raises
        ------
        CourseError
            If there is none.
        """
        from kit.ask import QuizCard

        for item in self._spec.quiz:
            if item.id == id:
                return QuizCard(item)
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
                display(self.quiz(item.id))

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
        writer = _WRITERS.get(Path(name).suffix)
        if writer is None or Path(name).name != name or name.startswith("."):
            raise KitError(
                say("「{name}」という名前では保存できません。", name=name),
                hint=say("使える形: {endings}", endings=", ".join(_WRITERS)),
            )
        path = Path.cwd() / ARTEFACTS / name
        try:
            path.parent.mkdir(exist_ok=True)
            write_whole(path, writer(self, content))
        except OSError as error:
            raise KitError(
                say("保存できませんでした: {error}", error=error.strerror),
                where=str(path),
                hint=say("空き容量と書き込みの権限を確かめてください。"),
            ) from None
        return Saved(f"{ARTEFACTS}/{name}")

    def __repr__(self) -> str:
        return f"{self.title} ({self.workshop.id}, {self.language}, {dict(self.parameters)})"


class Saved:
    """Says where something was saved, with a link."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __repr__(self) -> str:
        return say("保存しました: {path}", path=self.path)

    def _repr_html_(self) -> str:
        link = f'<a href="{html_escape(self.path)}">{html_escape(self.path)}</a>'
        return f'<p class="kit-saved">{html_escape(say("保存しました:"))} {link}</p>'


def _csv(lesson: Lesson, frame: Any) -> bytes:
    # Excel on Japanese Windows reads UTF-8 only behind a byte order mark.
    return str(frame.to_csv(index=False, lineterminator="\r\n")).encode("utf-8-sig")


def _json(lesson: Lesson, content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, default=str).encode()


def _svg(lesson: Lesson, content: Any) -> bytes:
    from kit import chart

    return chart.svg(content).encode()


def _png(lesson: Lesson, content: Any) -> bytes:
    from kit import chart

    return chart.png(content)


_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1rem/1.8 "BIZ UDGothic", "Yu Gothic", "Hiragino Sans", sans-serif;
  max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }}
body:lang(en) {{ font-family: "BIZ UDPGothic", "Segoe UI", system-ui, sans-serif; }}
h1, h2, h3 {{ line-height: 1.4; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid #767676; padding: .3rem .6rem; }}
svg {{ max-width: 100%; height: auto; }}
@page {{ size: A4; margin: 20mm; }}
</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""


def _html(lesson: Lesson, content: Any) -> bytes:
    from kit import chart

    parts = content if isinstance(content, list) else [content]
    body = []
    for part in parts:
        if isinstance(part, str):
            body.append(to_html(part))
        elif hasattr(part, "_repr_html_") and not hasattr(part, "to_dict"):
            body.append(part._repr_html_())
        else:
            body.append(chart.svg(part))
    page = _PAGE.format(
        language=lesson.language, title=html_escape(lesson.title), body="\n".join(body)
    )
    return page.encode()


_WRITERS: dict[str, Callable[[Lesson, Any], bytes]] = {
    ".md": lambda lesson, content: str(content).encode(),
    ".html": _html,
    ".csv": _csv,
    ".json": _json,
    ".svg": _svg,
    ".png": _png,
}
