"""An editor for the steps of a journey, with its map below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit.ask.draft import Draft
from kit.ask.views import drawn
from kit.design import Journey, journey_rows, tables, wording
from kit.design.logic import as_typed
from kit.errors import KitError
from kit.language import say
from kit.progress import Progress

if TYPE_CHECKING:
    from kit.table import Table

_PASTE_LIMIT = 50_000  # characters
_WAYS = ("counter", "online")


class JourneyEditor(Draft):
    """Steps to write, move, add and delete; or a table to paste, as it comes from Excel.

    What is wrong is told beside its field; until it is mended, the last good journey stands.

    Parameters
    ----------
    id : str
        Under which it is kept.
    journey : kit.design.Journey
        What stands there at first.
    progress : kit.progress.Progress
        Where it is kept.
    title : str
        What is written down; the name of the journey if not given.
    view : callable, optional
        Takes the journey; returns HTML, charts, tables or a list of them, shown below the map.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from kit.design import Step
    >>> way = Journey("写し", (Step("調べる", 10), Step("窓口", (3, 5, 9), channel="counter")))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     editor = JourneyEditor("mine", way, progress=Progress("w", Path(folder)))
    >>> editor.journey == way, editor.paste("手順,分\\n調べる,20\\n窓口,5"), editor.journey.minutes()
    (True, True, 25.0)
    """

    def __init__(
        self,
        id: str,
        journey: Journey,
        *,
        progress: Progress,
        title: str = "",
        view: Callable[[Journey], Any] | None = None,
    ) -> None:
        self.journey = journey
        self.title = title or journey.name
        self.view = view
        self._first = journey
        self._rows = self._good = journey_rows.rows_of(journey)
        self._name = journey.name
        self._way = _WAYS[0]
        self._troubles: journey_rows.Troubles = {}
        self._pasted = ""
        self._drawn: tuple[tuple[Journey, str], str] | None = None
        words = _words(self.title) | {"new": journey_rows.empty_row("")}
        self._open("journey_editor", id, words=words, progress=progress)

    @property
    def troubles(self) -> list[str]:
        """What is wrong with the rows now, each a sentence; empty if :attr:`journey` is up to date."""
        return [told for row in self._troubles.values() for told in row.values()]

    def set(self, journey: Journey) -> None:
        """Put the steps of `journey` into the editor, as somebody would."""
        self.put(self.draft() | {"name": journey.name, "rows": journey_rows.rows_of(journey)})

    def paste(self, text: str) -> bool:
        """Take a pasted table in the place of the rows; return whether it could be read.

        The first line names the columns: see :meth:`kit.design.Journey.from_text`.
        """
        return self._paste(text, self._live.state["turn"] + 1)

    def _paste(self, text: str, turn: int) -> bool:
        draft = self.draft()
        try:
            pasted = Journey.from_text(as_typed(text, _PASTE_LIMIT), name=self._name)
            if len(pasted.steps) > journey_rows.ROW_LIMIT:
                raise KitError(
                    say("手順が多すぎます（{limit} 行まで）。", limit=journey_rows.ROW_LIMIT)
                )
        except KitError as error:
            parts = (error.where, error.message, error.hint)
            self._pasted = " ".join(part for part in parts if part)
            self._change(draft, turn)
            return False
        self._pasted = say("{count} 行を読みました。", count=len(pasted.steps))
        self._change(draft | {"rows": journey_rows.rows_of(pasted)}, turn)
        return True

    def _hear(self, message: Mapping[str, Any]) -> None:
        text, turn = message.get("text"), message.get("turn")
        if message["kind"] != "paste":
            self._pasted = ""
            super()._hear(message)
        elif isinstance(text, str) and type(turn) is int and 0 <= turn < 2**53:
            self._paste(text, turn)

    # --- draft --------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        return {"name": self._name, "way": self._way, "rows": self._rows}

    def keepsake(self) -> dict[str, Any]:
        return self.draft() | ({"good": self._good} if self._troubles else {})

    def take(self, draft: object) -> None:
        given = draft if isinstance(draft, Mapping) else {}
        if isinstance(given.get("name"), str):
            self._name = as_typed(given["name"], journey_rows.TEXT_LIMIT)
        if given.get("way") in _WAYS:
            self._way = given["way"]
        for rows in (given.get("good"), given.get("rows")):
            if isinstance(rows, list):
                self._rows = journey_rows.mended(rows)
                self._read()

    def _read(self) -> None:
        first = self._first
        name = self._name.strip() or first.name
        journey, self._troubles = journey_rows.read(self._rows, name=name, source=first.source)
        if journey is not None:
            self.journey, self._good = journey, self._rows

    def shown(self) -> dict[str, Any]:
        return {
            "troubles": self._troubles,
            "pasted": self._pasted,
            "preview": self._preview(),
        }

    # --- what follows from it -----------------------------------------------------------------

    def _preview(self) -> str:
        key = (self.journey, self._way)
        if self.view is not None or self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw())
        return self._drawn[1]

    def _draw(self) -> str:
        return drawn(
            lambda: [
                *(f"<p>{escape(_total(self.journey, way))}</p>" for way in _ways(self.journey)),
                self._map(),
                self.view(self.journey) if self.view else None,
            ],
            failed=say("描けません"),
            advice=say("この手順からは描けませんでした。数を見なおしてください。"),
        )

    def _map(self) -> Any:
        if self.journey.of(path=self._way):
            return self.journey.map(path=self._way)
        return f"<p>{escape(say('この人が通る手順は、まだありません。'))}</p>"

    # --- on paper -----------------------------------------------------------------------------

    def table(self) -> Table:
        """Return the steps as a table for readers, without the columns that say nothing."""
        from kit.table import html_table

        return html_table(_worth_showing(self.journey), caption=self.journey.name, limit=100)

    def static(self) -> str:
        note = say("ノートブックでは、手順を書きかえられます。")
        return (
            f'<div class="kit-journey" style="margin:1em 0">{self.table()._repr_html_()}'
            f'<p class="kit-note">{escape(note)}</p>{self._preview()}</div>'
        )

    def __repr__(self) -> str:
        steps = [
            f"{number}. {step.name}: {wording.minutes(step.minutes.likely)}"
            for number, step in enumerate(self.journey.steps, start=1)
        ]
        return "\n".join([self.title, *steps])


def _ways(journey: Journey) -> list[str]:
    """Return the ways somebody can go: one where all steps are everyone's."""
    special = [way for way in _WAYS if any(step.path == way for step in journey.of())]
    return list(_WAYS) if special else [_WAYS[0]]


def _total(journey: Journey, way: str) -> str:
    online = 1.0 if way == "online" else 0.0
    values = {
        "minutes": wording.minutes(journey.minutes(online_share=online)),
        "trips": journey.trips(online_share=online),
        "counter": wording.minutes(journey.minutes(online_share=online, channel="counter")),
    }
    if way == "online":
        return say("オンラインで申請する人：合計{minutes}、外出{trips:.1f}回。", **values)
    return say(
        "窓口で申請する人：合計{minutes}（うち窓口に{counter}）、外出{trips:.1f}回。", **values
    )


def _worth_showing(journey: Journey) -> Any:
    """Return the table of the steps without the columns that say nothing."""
    table = journey.table()
    called = tables.labels()
    always = [called[name] for name in ("name", "channel", *journey_rows.MINUTES)]
    # Of these the usual value, the same everywhere, goes without saying.
    usual = [called[name] for name in ("actor", "path", "share", "redo")]

    def speaks(column: str) -> bool:
        values = set(table[column])
        return len(values) > 1 or not (column in usual or values <= {"", 0})

    return table[[column for column in table if column in always or speaks(column)]]


def _words(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "help": say("手順ごとに書きかえます。分からない時間は、最短と最長を広くとります。"),
        "journey": say("手続きの名前"),
        "names": journey_rows.names(),
        "menus": journey_rows.choices(),
        "numbers": [*journey_rows.MINUTES, *journey_rows.NUMBERS],
        "limits": {
            "rows": journey_rows.ROW_LIMIT,
            "text": journey_rows.TEXT_LIMIT,
            "number": journey_rows.NUMBER_LIMIT,
            "paste": _PASTE_LIMIT,
        },
        "step": say("手順 {place}：{name}"),
        "blank": say("（名前がまだありません）"),
        "more": say("外出、書類、出費、気持ちなど"),
        "below": say("＋ この下に足す"),
        "below_of": say("「{name}」の下に手順を足す"),
        "add": say("＋ 手順を足す"),
        "added": say("{place}番目に手順を足しました。名前と時間を入れてください。"),
        "full": say("これ以上は足せません。"),
        "delete": say("消す"),
        "delete_of": say("「{name}」を消す"),
        "deleted": say("「{name}」を消しました。"),
        "restart": say("はじめの表に戻す"),
        "restarted": say("はじめの表に戻しました。"),
        "wrong": say("直すところが{count}か所あります。下の地図は、その前の、読めた表のものです。"),
        "paste": say("Excelの表を貼り付ける"),
        "paste_help": say(
            "1行目は列の名前です（手順、どこで、最短、分、最長、外出、書類、円、気持ち…）。"
            "いまの表と入れ替わります。"
        ),
        "pasted": say("貼り付けるところ"),
        "replace": say("この表に入れ替える"),
        "way": say("地図に出す人"),
        "ways": [["counter", say("窓口で申請する人")], ["online", say("オンラインで申請する人")]],
        "preview": say("旅の地図"),
    }
