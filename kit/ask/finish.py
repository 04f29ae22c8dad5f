"""The last card: pages to take home, what was done, and, for whoever wishes, an answer file."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import artefacts
from kit.ask import sheet
from kit.ask.look import LINE, card
from kit.errors import KitError
from kit.language import current, say

if TYPE_CHECKING:
    from kit.lessons import Lesson

TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".md": "text/markdown",
    ".json": "application/json",
}
_NAME = "finish:answers"  # under which the name of the answer file is kept


class Finish:
    """Pages made from what a class wrote and found, to be downloaded and made anew.

    Each page is written at once, as HTML, PDF and Markdown, into ``artefacts/`` beside the
    notebook. Nothing is sent anywhere.

    Parameters
    ----------
    lesson : kit.lessons.Lesson
        Whose progress is looked back on.
    name : str
        Of the files, without ending.
    compose : callable
        Returns the parts: Markdown, charts, tables, and whatever shows itself as HTML. For several
        pages, a mapping of file name to parts, which takes the place of `name`.

    Raises
    ------
    KitError
        If a page's name cannot name a file. Whatever else goes wrong is told on the card.
    """

    def __init__(self, lesson: Lesson, name: str, compose: Callable[[], Any]) -> None:
        from kit.ask.live import Live

        self.lesson = lesson
        self.name = name
        self._compose = compose
        self._pages: dict[str, Any] = {}
        self._files: dict[str, bytes] = {}
        self._notes: list[str] = []
        self._trouble = ""
        self._sheet: dict[str, Any] | None = None
        self.make()
        self._live = Live(
            "finish",
            state={**self._state(), "turn": 0, "did": ""},
            words=_words(),
            on=self._heard,
            progress=lesson.progress,
        )

    @property
    def files(self) -> list[str]:
        """The names of the files that can be downloaded."""
        return list(self._files)

    # --- pages --------------------------------------------------------------------------------

    def make(self) -> None:
        """Compose the pages and write them, as the participant asks for by a button."""
        self._trouble, self._notes = "", []
        try:
            composed = self._compose()
        except Exception as error:
            self._trouble = _not_composed(error)
            return
        pages = composed if isinstance(composed, Mapping) else {self.name: composed}
        for name in pages:
            _need_name(name)
        self._pages = dict(pages)
        self._files = {n: b for n, b in self._files.items() if n.endswith(".json")}
        for name, content in self._pages.items():
            self._make(name, content)

    def _make(self, name: str, content: Any) -> None:
        makers: dict[str, Callable[[], bytes]] = {
            ".html": lambda: artefacts.page(self.lesson, content),
            ".pdf": lambda: self._pdf(name, content),
            ".md": lambda: artefacts.markdown(self.lesson, content),
        }
        for ending, make in makers.items():
            try:
                self._files[name + ending] = made = make()
            except Exception as error:
                told = error.message if isinstance(error, KitError) else str(error)
                hint = error.hint if isinstance(error, KitError) and error.hint else ""
                note = say("{file} は作れませんでした。{reason}", file=name + ending, reason=told)
                self._notes.append(f"{note} {hint}".strip())
                continue
            self._write(name + ending, made)

    def _pdf(self, name: str, content: Any) -> bytes:
        made, missing = artefacts.pdf(self.lesson, content, f"{name}.pdf")
        if missing:
            self._notes.append(
                say(
                    "PDF の書体にない文字（{characters}）は、〓 にしました。",
                    characters=" ".join(missing),
                )
            )
        return made

    def _write(self, name: str, content: bytes) -> bool:
        try:
            artefacts.write(name, content)
        except KitError as error:
            advice = say("下のボタンから、ダウンロードはできます。")
            self._trouble = card(
                "fault", say("保存できません"), error.message, error.hint or "", advice
            )
            return False
        return True

    def _renewed(self) -> None:
        """Make the pages anew if what people wrote has changed since."""
        before = {n: b for n, b in self._files.items() if n.endswith(".md")}
        try:
            composed = self._compose()
            pages = composed if isinstance(composed, Mapping) else {self.name: composed}
            now = {f"{n}.md": artefacts.markdown(self.lesson, c) for n, c in pages.items()}
        except Exception as error:
            self._trouble = _not_composed(error)
            return
        self._trouble = ""
        if now != before:
            self.make()

    # --- the answer file ----------------------------------------------------------------------

    def show_answers(self, *, voices: bool = False) -> None:
        """Show what the answer file would hold; nothing is written."""
        self._sheet = sheet.answer_sheet(self.lesson, voices=voices)
        self._redraw()

    def write_answers(self) -> str:
        """Write the answer file exactly as it was shown; return its name, or nothing."""
        if self._sheet is None:
            return ""
        content = json.dumps(self._sheet, ensure_ascii=False, indent=1) + "\n"
        name = self._answers_name()
        self._trouble = ""
        self._files[name] = content.encode()
        self._write(name, self._files[name])
        self._redraw()
        return name

    def _answers_name(self) -> str:
        """Return the same name each time, so that a second file takes the place of the first."""
        progress = self.lesson.progress
        kept = progress.kept(_NAME)
        if not (isinstance(kept, str) and len(kept) == 8 and set(kept) <= set("0123456789abcdef")):
            kept = secrets.token_hex(4)
            progress.keep(_NAME, kept)
        return f"answers-{kept}.json"

    # --- what is heard and shown ----------------------------------------------------------------

    def _heard(self, message: Mapping[str, Any]) -> None:
        kind = message["kind"]
        if kind == "make":
            self.make()
        elif kind == "fetch":
            self._fetch(message.get("name"))
        elif kind == "sheet":
            self.show_answers(voices=message.get("voices") is True)
        elif kind == "hide":
            self._sheet = None
        elif kind == "write":
            self.write_answers()
        self._redraw(did=kind)

    def _fetch(self, name: Any) -> None:
        """Send a file to the browser, as it would be made now."""
        if not isinstance(name, str) or name not in self._files:
            return
        if not name.endswith(".json"):
            self._renewed()
        if name in self._files:
            told = {"kind": "file", "name": name, "type": TYPES[Path(name).suffix]}
            self._live.send(told, buffers=[self._files[name]])

    def _redraw(self, did: str = "") -> None:
        turn = self._live.state["turn"] + 1
        self._live.redraw(**self._state(), turn=turn, did=did[:20])

    def _state(self) -> dict[str, Any]:
        shown = self._sheet
        answers = [name for name in self._files if name.endswith(".json")]
        return {
            "pages": [
                {"title": artefacts.title(content) or name, "files": self._of(name)}
                for name, content in self._pages.items()
            ],
            "where": self._where(),
            "notes": self._notes,
            "trouble": self._trouble,
            "done": sheet.done(self.lesson),
            "sheet": None
            if shown is None
            else {
                "parts": sheet.readable(self.lesson, shown),
                "voices": bool(shown["voices"]),
                "json": json.dumps(shown, ensure_ascii=False, indent=1),
            },
            "answers": answers[0] if answers else "",
        }

    def _of(self, page: str) -> list[dict[str, str]]:
        kinds = {".html": say("ページ（HTML）"), ".pdf": "PDF", ".md": "Markdown"}
        return [
            {
                "name": page + ending,
                "label": label,
                "size": _size(self._files[page + ending]),
            }
            for ending, label in kinds.items()
            if page + ending in self._files
        ]

    def _where(self) -> str:
        names = [name for name in self._files if not name.endswith(".json")]
        return say(
            "ノートブックと同じ場所の {folder} フォルダーにもあります: {names}",
            folder=artefacts.FOLDER,
            names=", ".join(names),
        )

    def static(self) -> str:
        """Return what was made as plain HTML."""
        items = "".join(
            f"<li>{escape(artefacts.title(content) or name)}: {self._links(name)}</li>"
            for name, content in self._pages.items()
        )
        notes = "".join(f'<p class="kit-note">{escape(note)}</p>' for note in self._notes)
        told = say("ノートブックでは、書いた内容で作りなおして、ダウンロードできます。")
        return (
            f'<div class="kit-finish" style="border:1px solid {LINE};padding:0.6em 1em;margin:1em 0">'
            f"<p><strong>{escape(say('持ち帰るもの'))}</strong></p><ul>{items}</ul>"
            f'{self._trouble}{notes}<p class="kit-note">{escape(told)}</p></div>'
        )

    def _links(self, page: str) -> str:
        links = ((f"{artefacts.FOLDER}/{one['name']}", one["label"]) for one in self._of(page))
        return " ".join(f'<a href="{escape(to)}">{escape(label)}</a>' for to, label in links)

    def __repr__(self) -> str:
        return say("持ち帰るもの: {names}", names=", ".join(self._files))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from kit.ask.live import bundle

        return bundle(self._live, self.static(), repr(self))


def _need_name(name: Any) -> None:
    if not isinstance(name, str) or not name or Path(name).name != name or name.startswith("."):
        raise KitError(
            say("「{name}」という名前では保存できません。", name=name),
            hint=say("英字と - だけの、短い名前にしてください。"),
        )


def _not_composed(error: Exception) -> str:
    if isinstance(error, KitError):
        return card("not-yet", say("まだ作れません"), error.message, error.hint or "")
    return card(
        "not-yet",
        say("まだ作れません"),
        say(
            "上のセルに、まだ実行していないものがあるようです。上から順に実行してから、作りなおしてください。"
        ),
        say("くわしく: {error}", error=f"{type(error).__name__}: {error}"[:200]),
    )


def _size(content: bytes) -> str:
    return f"{max(1, round(len(content) / 1000)):,} KB"


def _words() -> dict[str, str]:
    return {
        "language": current(),
        "pages": say("持ち帰るもの"),
        "get": say("{title}を {label} でダウンロード"),
        "make": say("今の内容で作りなおす"),
        "made": say("作りなおしました。"),
        "making": say("作っています…"),
        "got": say("{name} をダウンロードしました。"),
        "fresh": say("ダウンロードすると、いつも、その時に書いてある内容で作られます。"),
        "done": say("今日したこと"),
        "answers": say("名前のない回答ファイル（渡したい人だけ）"),
        "why": say(
            "教材を直すために、進行役に渡せます。作っても、どこにも送られません。"
            "渡すかどうかは、あなたが決めます。"
        ),
        "open": say("名前のない回答ファイルを作る"),
        "first": say(
            "書きだす前に、中身をぜんぶ見せます。入るのは、下にあるものだけです。"
            "名前、時刻、フォームに書いたことは入りません。"
        ),
        "voices": say("ふり返りに書いた文も入れる"),
        "voices_why": say("名前や、だれのことか分かる文があれば、入れないでください。"),
        "none": say("ありません"),
        "raw": say("ファイルの中身を、そのまま見る"),
        "write": say("このとおりに書きだす"),
        "hide": say("やめる"),
        "written": say("{name} を書きだしました。"),
        "download": say("{name} をダウンロード"),
    }
