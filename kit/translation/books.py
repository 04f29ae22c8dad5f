"""What there is to translate, and how far each translation is."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kit import catalogue, course, po
from kit.catalogue import JAPANESE, Message
from kit.course import Workshop
from kit.errors import CourseError, KitError, Problems
from kit.house import home
from kit.language import LANGUAGES, NAMES, PSEUDO, SOURCE, known, own_catalogue, own_path, say
from kit.translation import damage

KIT, ALL = "kit", "all"


@dataclass(frozen=True)
class Book:
    """A workshop, or the kit's own messages: one ``.po`` a language."""

    id: str
    declared: tuple[str, ...]
    path: Callable[[str], Path]
    messages: Callable[[str | None], list[Message]]

    def languages(self) -> list[str]:
        """Return the languages it is declared in or begun in, without the source."""
        begun = [tag for tag in LANGUAGES if tag in self.declared or self.path(tag).exists()]
        return [tag for tag in begun if tag != SOURCE]


def books(id: str) -> list[Book]:
    """Return the book called `id`: a workshop's, ``kit`` for the kit's own, ``all`` for every one.

    Raises
    ------
    CourseError
        If there is no such workshop.

    Examples
    --------
    >>> [book.id for book in books("kit")]
    ['kit']
    """
    if id == ALL:
        return [_own(), *map(of_workshop, course.workshops())]
    return [_own() if id == KIT else of_workshop(course.workshop(id))]


def _own() -> Book:
    return Book(KIT, tuple(LANGUAGES), own_path, catalogue.own_messages)


def of_workshop(workshop: Workshop) -> Book:
    """Return the book of a workshop."""
    return Book(
        workshop.id,
        workshop.spec.languages,
        lambda language: workshop.folder / f"{language}.po",
        lambda _: catalogue.messages(workshop),
    )


def translatable(language: str) -> str:
    """Return `language` if there can be a catalogue of it.

    Raises
    ------
    LanguageError, CourseError
        If the kit does not speak it, or it is the source, or made by machine.
    """
    if known(language) in (SOURCE, PSEUDO):
        raise CourseError(
            say("{language} は訳しません。", language=NAMES.get(language, language)),
            hint=", ".join(f"--lang {tag}" for tag in LANGUAGES if tag != SOURCE),
        )
    return language


@dataclass(frozen=True)
class Status:
    """How far a translation is: numbers of messages, and what is wrong with its file."""

    id: str
    language: str
    total: int
    missing: int
    fuzzy: int
    obsolete: int
    same: int
    damaged: int
    declared: bool

    @property
    def done(self) -> float:
        """The share of messages that can be shown to a reader, 0 to 1."""
        return (self.total - self.missing - self.fuzzy) / self.total if self.total else 1.0


def status(book: Book, language: str) -> Status:
    """Return how far `book` is translated into `language`; a file that is not there has nothing.

    ``same`` counts translations that say what the source says, letter by letter.
    """
    wanted = book.messages(language)
    path = book.path(language)
    entries: dict[tuple[str, str], po.Entry] = {}
    obsolete, damaged = 0, 0
    if path.exists():
        damaged = len(damage.damages(path, wanted))
        with contextlib.suppress(po.PoError, OSError):  # counted as damaged
            entries, obsolete = _entries(path)
    said = [entries.get((message.context, message.source)) for message in wanted]
    fuzzy = sum(entry is not None and entry.fuzzy for entry in said)
    done = sum(entry is not None and entry.done for entry in said)
    same = sum(entry is not None and entry.done and entry.text == entry.id for entry in said)
    declared = language in book.declared
    missing = len(wanted) - done - fuzzy
    total = len(wanted)
    return Status(book.id, language, total, missing, fuzzy, obsolete, same, damaged, declared)


def _entries(path: Path) -> tuple[dict[tuple[str, str], po.Entry], int]:
    read = po.read(path.read_bytes())
    live = {entry.key: entry for entry in read.live()}
    return live, len(read.entries) - len(live)


@dataclass(frozen=True)
class Stats:
    """How much there is to translate in one part: messages, and Japanese characters in them."""

    part: str
    messages: int
    characters: int


def stats(book: Book) -> list[Stats]:
    """Return how much there is to translate, by file.

    Examples
    --------
    >>> sum(part.messages for part in stats(books("first-steps")[0])) > 200
    True
    """
    messages, characters = Counter[str](), Counter[str]()
    for message in book.messages(None):
        part = message.where.partition("#")[0]
        if book.id == KIT:
            part = "/".join(part.split("/")[:2])
        messages[part] += 1
        characters[part] += len(JAPANESE.findall(message.source))
    return [Stats(part, messages[part], characters[part]) for part in messages]


def incomplete(book: Book, language: str) -> list[KitError]:
    """Return each message of `book` without a finished translation into `language`."""
    path = book.path(language)
    try:
        entries, _ = _entries(path) if path.exists() else ({}, 0)
    except (po.PoError, OSError):
        return []  # told as damage
    found: list[KitError] = []
    for message in book.messages(language):
        entry = entries.get((message.context, message.source))
        if entry is not None and entry.done:
            continue
        stale = entry is not None and entry.fuzzy
        text = message.source.replace("\n", " ")[:30]
        line = f":{entry.line}" if entry is not None else ""
        where = f"{_shown(path)}{line}" + (f" ({message.context})" if message.context else "")
        found.append(
            CourseError(
                say("{language} の訳が古くなっています: {text}", language=language, text=text)
                if stale
                else say("{language} の訳がありません: {text}", language=language, text=text),
                where=where,
                hint=say(
                    "kit translate merge {id} --lang {language}", id=book.id, language=language
                ),
            )
        )
    return found


def _shown(path: Path) -> str:
    return path.relative_to(home()).as_posix() if path.is_relative_to(home()) else str(path)


def usable(workshop: Workshop, language: str) -> int:
    """Return how many messages of `workshop` fall back to Japanese in `language`.

    Raises
    ------
    KitError
        If its catalogue, or the kit's own, is missing or damaged: what a class would see of it
        cannot be known.
    """
    if language in (SOURCE, PSEUDO):
        return 0
    own_catalogue(language)
    workshop.catalogue(language)
    paths = [
        workshop.folder / f"{language}.po",
        *(workshop.folder / name for name in ("workshop.toml", "workshop.ipynb", "checks.py")),
    ]
    seen = tuple(p.stat().st_mtime_ns if p.exists() else 0 for p in paths)
    missing, problems = _looked_at(workshop.folder, language, seen)
    if problems:
        raise Problems(say("翻訳ファイルに直すところがあります。"), list(problems))
    return missing


@lru_cache(maxsize=64)
def _looked_at(
    folder: Path, language: str, seen: Sequence[int]
) -> tuple[int, tuple[KitError, ...]]:
    """Look through a catalogue once for each state (``seen``) of the files it depends on."""
    workshop = Workshop(folder)
    path = folder / f"{language}.po"
    wanted = catalogue.messages(workshop)
    progress = catalogue.compare(workshop.catalogue(language), wanted)
    problems = tuple(damage.damages(path, wanted))
    return len(progress.missing) + len(progress.stale), problems
