"""Fields to fill in, kept as people write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit.ask.controls import Field, Text, words
from kit.ask.look import LINE
from kit.ask.views import drawn
from kit.errors import KitError
from kit.language import say

if TYPE_CHECKING:
    from kit.progress import Progress

_RULE = "＿" * 20  # a line to write on, on paper


class Form:
    """Fields that hold what a class writes, and what follows from it below them.

    Parameters
    ----------
    id : str
        Under which it is kept.
    fields : mapping of str to Field
        Made by :func:`kit.ask.text`, :func:`kit.ask.slider` and :func:`kit.ask.choice`. What a
        field holds at first counts as given.
    title : str
        What is filled in.
    view : callable, optional
        Takes the fields' values by name; returns HTML, charts, tables, notes, or a list of them.
    progress : kit.progress.Progress, optional
        Where what people write is kept.

    Notes
    -----
    On a page the form is a table of what is written in it, with room to write where nothing is.

    Examples
    --------
    >>> from kit.ask import slider, text
    >>> plan = Form("plan", {"who": text("だれに"), "people": slider("人数", 100, 10, 900)})
    >>> plan.set(who="全世帯に", people=5000)
    >>> plan["who"], plan["people"]
    ('全世帯に', 900)
    """

    def __init__(
        self,
        id: str,
        fields: Mapping[str, Field],
        *,
        title: str = "",
        view: Callable[..., Any] | None = None,
        progress: Progress | None = None,
    ) -> None:
        from kit.ask.live import Live

        self.id = id
        self.fields = dict(fields)
        self.title = title
        self.view = view
        self._progress = progress
        # Only what somebody touched is kept: a default stays in the language of the lesson.
        self._touched = self._kept()
        self._values: dict[str, Any] = {
            name: field.read(self._touched[name], field.value)
            if name in self._touched
            else field.value
            for name, field in self.fields.items()
        }
        self._live = Live(
            "form",
            state={**self._state(), "heard": ""},
            words={**words(), **_saving(), "title": title},
            on=self._heard,
            progress=progress,
            parts=("fields",),
        )

    def __getitem__(self, name: str) -> Any:
        """Return what the field `name` holds now.

        Raises
        ------
        KitError
            If there is no such field.
        """
        return self._values[self._known(name)]

    @property
    def values(self) -> dict[str, Any]:
        """What the fields hold now, by name."""
        return dict(self._values)

    @property
    def html(self) -> str:
        """What the view shows now."""
        return str(self._live.state["html"])

    def set(self, **values: Any) -> None:
        """Fill in fields, as a person would.

        Parameters
        ----------
        **values
            By name; a number beyond an end is that end.

        Raises
        ------
        KitError
            If there is no such field.
        """
        self._write({self._known(n): self.fields[n].position(v) for n, v in values.items()})

    def _known(self, name: str) -> str:
        if name in self.fields:
            return name
        raise KitError(
            say("フォーム「{id}」に「{name}」という欄はありません。", id=self.id, name=name),
            hint=say("ある欄: {names}", names=", ".join(self.fields)),
        )

    def _kept(self) -> dict[str, Any]:
        found = self._progress.kept(f"form:{self.id}") if self._progress else None
        return {n: p for n, p in found.items() if n in self.fields} if type(found) is dict else {}

    def _heard(self, message: Mapping[str, Any]) -> None:
        written, turn = message.get("values"), message.get("turn")
        if message["kind"] == "write" and isinstance(written, Mapping):
            self._write(written, turn[:60] if isinstance(turn, str) else "")

    def _write(self, positions: Mapping[Any, Any], turn: str = "") -> None:
        for name, field in self.fields.items():
            if name in positions:
                self._values[name] = field.read(positions[name], self._values[name])
                self._touched[name] = field.position(self._values[name])
        if self._progress is not None:
            self._progress.keep(f"form:{self.id}", self._touched)
        self._live.redraw(**self._state(), heard=turn)

    def _state(self) -> dict[str, Any]:
        return {
            "fields": [
                {"name": name, **field.field(self._values[name])}
                for name, field in self.fields.items()
            ],
            "html": self._draw(),
            "trouble": self._progress.trouble if self._progress else "",
        }

    def _draw(self) -> str:
        view, values = self.view, self.values
        if view is None:
            return ""
        return drawn(
            lambda: view(**values),
            failed=say("描けません"),
            advice=say("この値の組み合わせでは計算できませんでした。別の値を試してください。"),
        )

    def static(self) -> str:
        """Return the form as plain HTML: what is written, room to write where nothing is."""
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL}">{escape(field.label)}</th>'
            f'<td style="{_CELL}">{_written(field, self._values[name])}</td></tr>'
            for name, field in self.fields.items()
        )
        caption = (
            f'<caption style="text-align:left;font-weight:bold">{escape(self.title)}</caption>'
        )
        note = say("ノートブックでは、ここに書きこめます。")
        return (
            f'<div class="kit-form"><table style="border-collapse:collapse;line-height:1.7">'
            f"{caption if self.title else ''}<tbody>{rows}</tbody></table>"
            f'<p class="kit-note">{escape(note)}</p>{self.html}</div>'
        )

    def __repr__(self) -> str:
        return "\n".join(
            f"{field.label}: {field.show(self._values[name])}"
            for name, field in self.fields.items()
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        return bundle(self._live, self.static(), repr(self))


class Reflection:
    """A place for a reflection in the participant's own words, kept as a voice.

    Parameters
    ----------
    id : str
        Under which it is kept.
    prompt : str
        What to think about.
    progress : kit.progress.Progress
        Where it is kept; it leaves the room only if its writer puts it into an answer file.

    Notes
    -----
    On a page there are the prompt and lines to write on, never what was written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from kit.progress import Progress
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     mine = Progress("rct-letters", pathlib.Path(folder))
    ...     tomorrow = Reflection("tomorrow", "明日、だれに話しますか。", mine)
    ...     tomorrow.write("係長に")
    ...     mine.voiced("tomorrow")
    '係長に'
    """

    MOST = 2000

    def __init__(self, id: str, prompt: str, progress: Progress) -> None:
        from kit.ask.live import Live

        self.id = id
        self.prompt = prompt
        self._progress = progress
        self._note = say(
            "名前や個人が分かることは書かないでください。どこにも送られません。"
            "最後のカードで回答ファイルに入れるかどうかを、自分で選べます。"
        )
        self._field = Text(prompt, progress.voiced(id), 3, self._note, self.MOST)
        self._live = Live(
            "form",
            state={**self._state(), "heard": ""},
            words={**words(), **_saving(), "title": ""},
            on=self._heard,
            progress=progress,
            parts=("fields",),
        )

    @property
    def text(self) -> str:
        """What is written now."""
        return self._progress.voiced(self.id)

    def write(self, text: str) -> None:
        """Write, as a person would."""
        self._write({"text": text})

    def _heard(self, message: Mapping[str, Any]) -> None:
        written, turn = message.get("values"), message.get("turn")
        if message["kind"] == "write" and isinstance(written, Mapping):
            self._write(written, turn[:60] if isinstance(turn, str) else "")

    def _write(self, written: Mapping[Any, Any], turn: str = "") -> None:
        if "text" in written:
            self._progress.voice(self.id, self._field.read(written["text"], self.text))
        self._live.redraw(**self._state(), heard=turn)

    def _state(self) -> dict[str, Any]:
        fields = [{"name": "text", **self._field.field(self.text)}]
        return {"fields": fields, "html": "", "trouble": self._progress.trouble}

    def static(self) -> str:
        """Return the prompt and lines to write on."""
        return (
            f'<div class="kit-form"><p><strong>{escape(self.prompt)}</strong></p>'
            f"<p>{_empty(2)}</p></div>"
        )

    def __repr__(self) -> str:
        return self.prompt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        return bundle(self._live, self.static(), repr(self))


_CELL = f"border:1px solid {LINE};padding:0.3em 0.7em;text-align:left;vertical-align:top"


def _saving() -> dict[str, str]:
    """Return what ``js/form.js`` says about the keeping."""
    return {
        "keeps": say("ここに入れたことは、自動で残ります。"),
        "kept": say("残しました。"),
        "late": say(
            "まだ残せていません。しばらく待っても変わらなければ、書いた文を控えてから、"
            "このページを開きなおしてください。"
        ),
    }


def _written(field: Field, value: Any) -> str:
    """Return what a field holds as HTML; lines to write on if it is nothing."""
    shown = field.show(value)
    if not shown.strip():
        return _empty(min(3, field.rows) if isinstance(field, Text) else 1)
    return escape(shown).replace("\n", "<br>")


def _empty(lines: int) -> str:
    label = escape(say("書くところ"))
    return f'<span role="img" aria-label="{label}">{"<br>".join([_RULE] * lines)}</span>'
