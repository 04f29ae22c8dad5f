"""A translation as a table, for whoever has a spreadsheet and no translator's tool."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit import po
from kit.errors import CourseError, KitError, LanguageError, Problems
from kit.files import write_whole
from kit.language import say
from kit.translation import damage, merge
from kit.translation.books import Book

KEY, JAPANESE, TRANSLATION, STATUS, WHERE, SEEN = (
    *("key", "日本語", "translation 訳", "status 状態", "where 場所"),
    "seen (keep / 変えません)",
)
COLUMNS = (KEY, JAPANESE, TRANSLATION, STATUS, WHERE, SEEN)
DONE, STALE, MISSING = "done", "fuzzy", "missing"
_LIMIT = 20 * 2**20
# A spreadsheet takes such a cell for a formula (OWASP: CSV injection); an apostrophe makes it text.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Taken:
    """What came out of a table: numbers of rows, and what whoever sent it should know."""

    changed: int
    unchanged: int
    notes: tuple[str, ...]


def text_cell(text: str) -> str:
    """Return `text` as a cell that no spreadsheet calculates.

    Examples
    --------
    >>> text_cell("=1+1"), text_cell("文"), from_cell(text_cell("'- 項目"))
    ("'=1+1", '文', "'- 項目")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """Return what a cell says."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def export(book: Book, language: str, file: Path) -> int:
    """Write the translation of `book` into `language` as a table, and return its rows.

    Raises
    ------
    DamagedCatalogue
        If the catalogue cannot be read.
    CourseError
        If the table cannot be written.
    """
    entries = _entries(book, language)
    made = io.StringIO(newline="")
    table = csv.writer(made)
    table.writerow(COLUMNS)
    wanted = book.messages(language)
    for message in wanted:
        entry = entries.get((message.context, message.source), po.Entry(""))
        state = STALE if entry.fuzzy else DONE if entry.done else MISSING
        cells = (message.context, message.source, entry.text, state, message.where)
        table.writerow([*map(text_cell, cells), _seen(entry.text)])
    try:
        # With its mark, or Excel reads UTF-8 as Shift_JIS.
        write_whole(file, made.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise CourseError(
            say("ファイルを書けませんでした: {reason}", reason=error.strerror or error),
            where=str(file),
        ) from None
    return len(wanted)


def _entries(book: Book, language: str) -> dict[tuple[str, str], po.Entry]:
    read = merge.existing(book.path(language), language, book.id)
    return {entry.key: entry for entry in read.live()}


def _seen(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def take(book: Book, language: str, file: Path) -> Taken:
    """Put the translations of a table into the catalogue of `book`, all of them or none.

    A row that was not touched changes nothing. One whose Japanese has changed since is kept as
    fuzzy for what it says now; one that somebody else has worked on since is left as it is. Both
    are told.

    Raises
    ------
    Problems
        Every row and column that cannot be taken; the catalogue stays as it is.
    """
    rows = list(_rows(file))
    catalogue = merge.merged(
        merge.existing(book.path(language), language, book.id), book.messages(language)
    )
    desk = _Desk(book, language, file, catalogue)
    for number, row in rows:
        desk.put(number, row)
    if desk.problems:
        raise Problems(
            say("表に直すところがあります。何も書きかえていません。"), list(desk.problems)
        )
    if desk.changed:
        try:
            write_whole(book.path(language), po.written(catalogue))
        except OSError as error:
            raise LanguageError(
                say("ファイルを書けませんでした: {reason}", reason=error.strerror or error),
                where=str(book.path(language)),
            ) from None
    return Taken(desk.changed, len(rows) - desk.changed, tuple(desk.notes))


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each row with its number as a spreadsheet counts them."""
    try:
        if file.stat().st_size > _LIMIT:
            raise CourseError(say("ファイルが大きすぎます。"), where=str(file))
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CourseError(
            say("ファイルを読めません: {reason}", reason=error.strerror or error), where=str(file)
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CourseError(
            say("UTF-8 の表ではありません。"),
            where=f"{file}:{line}",
            hint=say("Excel では「CSV UTF-8（コンマ区切り）」を選んで保存してください。"),
        ) from None
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        lost = [name for name in COLUMNS[:3] if name not in (table.fieldnames or ())]
        if lost:
            raise CourseError(
                say("列「{names}」がありません。", names=", ".join(lost)),
                where=f"{file}:1",
                hint=say("kit translate export で作った表に書きこんでください。"),
            )
        for number, row in enumerate(table, start=2):
            cells = {key: from_cell(cell or "") for key, cell in row.items() if key in COLUMNS}
            if any(cells.values()):
                yield number, cells
    except csv.Error as error:
        raise CourseError(
            say("表として読めません: {error}", error=error), where=f"{file}:{table.line_num}"
        ) from None


class _Desk:
    """A catalogue being filled in from a table, row by row."""

    def __init__(self, book: Book, language: str, file: Path, catalogue: po.Po) -> None:
        self.file = file
        self.entries = {entry.key: entry for entry in catalogue.live()}
        wanted = book.messages(language)
        self.messages = {(message.context, message.source): message for message in wanted}
        self.changed = 0
        self.notes: list[str] = []
        self.problems: list[KitError] = []
        self.met: dict[tuple[str, str], int] = {}

    def put(self, number: int, row: Mapping[str, str]) -> None:
        source = row[JAPANESE]
        text = _ends_like(source, row[TRANSLATION])
        untouched = row.get(SEEN) == _seen(text)
        confirmed = row.get(STATUS, "").strip().lower() == DONE
        if not text.strip():
            return
        message = self.messages.get((row[KEY], source))
        if message is None and untouched:
            return
        if message is None:
            self._outdated(number, row[KEY], source, text)
            return
        entry = self.entries[(message.context, message.source)]
        if (untouched and not (entry.fuzzy and confirmed)) or self._twice(number, entry, text):
            return
        harm = damage.harm(message, text)
        if harm:
            self.problems += [self._problem(number, TRANSLATION, told, source) for told in harm]
        elif row.get(SEEN) and row[SEEN] != _seen(entry.text) and text != entry.text:
            self._note(number, say("この間に別の訳が入ったので、そのままにしました。"), source)
        elif text != entry.text or entry.fuzzy:
            entry.text = text
            entry.flags = [flag for flag in entry.flags if flag != po.FUZZY]
            entry.previous_id = entry.previous_context = None
            self.changed += 1

    def _twice(self, number: int, entry: po.Entry, text: str) -> bool:
        before = self.met.setdefault(entry.key, number)
        if before != number and text != entry.text:
            told = say("{row} 行目と同じ文に、違う訳があります", row=before)
            self.problems.append(self._problem(number, TRANSLATION, told, entry.id))
        return before != number

    def _outdated(self, number: int, context: str, source: str, text: str) -> None:
        candidates = [
            message
            for key, message in self.messages.items()
            if key[0] == context and not self.entries[key].done
        ]
        now = merge.nearest(source, [message.source for message in candidates])
        if now is None:
            self._note(number, say("この日本語は、もうありません。"), source)
            return
        message = next(message for message in candidates if message.source == now)
        if damage.harm(message, text):
            self._note(number, say("この日本語は変わりました。訳しなおしてください。"), source)
            return
        entry = self.entries[(context, now)]
        entry.text, entry.previous_id, entry.previous_context = text, source, context or None
        entry.flags = [po.FUZZY, *(flag for flag in entry.flags if flag != po.FUZZY)]
        self.changed += 1
        self._note(
            number, say("この日本語は変わりました。見直しの印を付けて取りこみました。"), source
        )

    def _note(self, number: int, told: str, source: str) -> None:
        self.notes.append(
            say("{row} 行目: {told}（{text}）", row=number, told=told, text=source[:20])
        )

    def _problem(self, number: int, column: str, told: str, source: str) -> CourseError:
        return CourseError(
            say("訳が元の文をこわします: {told}", told=told),
            where=say(
                "{file}: {row} 行目の列「{column}」", file=self.file, row=number, column=column
            ),
            hint=say("元の文: {text}", text=source.replace("\n", " ")[:60]),
        )


def _ends_like(source: str, text: str) -> str:
    """Return `text` with the line breaks at its ends that `source` has."""
    body = text.strip("\n")
    start = "\n" if source.startswith("\n") else ""
    end = "\n" if source.endswith("\n") else ""
    return f"{start}{body}{end}" if body else ""
