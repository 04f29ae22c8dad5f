"""What an author and a translator do: begin a workshop, check it, keep its catalogue in step."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence

from kit import course, data, rules
from kit.errors import CourseError, KitError, LanguageError
from kit.house import home
from kit.language import say
from kit.translation import books, damage
from kit.translation import merge as catalogues

_ID = re.compile(r"^[a-z][a-z0-9-]{1,39}$")


def new(id: str) -> str:
    """Make ``workshops/<id>/`` from ``templates/workshop/`` and return its path.

    Raises
    ------
    CourseError
        If the id will not do or is taken.
    """
    if not _ID.match(id):
        raise CourseError(
            say("ID「{id}」は使えません。", id=id),
            hint=say("英小文字、数字、ハイフンで書いてください。例: open-data"),
        )
    folder = home() / "workshops" / id
    if folder.exists():
        raise CourseError(say("ワークショップ「{id}」はもうあります。", id=id), where=str(folder))
    partial = folder.with_name(f".{id}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(home() / "templates" / "workshop", partial)
    for path in partial.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("new-workshop", id), "utf-8")
    partial.rename(folder)
    return folder.relative_to(home()).as_posix()


def check(ids: Sequence[str] = (), *, strict: bool = False) -> list[KitError]:
    """Return every house rule broken by these workshops; without ids, by all, the data and the kit.

    Parameters
    ----------
    ids : sequence of str
        Workshops; by default all, and with them the data and the kit's own catalogues.
    strict : bool
        Whether a declared language must also have every sentence, none of them stale.
    """
    problems: list[KitError] = []
    for id in ids or course.workshop_ids():
        try:
            problems.extend(rules.broken(course.workshop(id), strict=strict))
        except KitError as error:
            problems.append(error)
    if not ids:
        for name in data.names():
            problems.extend(data.validate(name))
        problems.extend(_own_catalogues(strict))
    return problems


def _own_catalogues(strict: bool) -> Iterator[KitError]:
    """Yield what is wrong with the kit's own messages in the languages it has."""
    (own,) = books.books(books.KIT)
    for language in own.languages():
        path = own.path(language)
        if path.exists():
            yield from damage.damages(path, own.messages(language))
        if strict:
            yield from books.incomplete(own, language)


def merge(id: str, language: str) -> books.Status:
    """Bring the catalogue of `id` in step with its Japanese, and return how far it is.

    Parameters
    ----------
    id : str
        A workshop, or ``kit``.
    language : str
        Any but the source.

    Raises
    ------
    KitError
        If there is no such workshop or language, or the catalogue cannot be read or written.
    """
    (book,) = books.books(id)
    language = books.translatable(language)
    try:
        catalogues.update(book.path(language), language, book.messages(language), project=book.id)
    except OSError as error:
        raise LanguageError(
            say("ファイルを書けませんでした: {reason}", reason=error.strerror or error),
            where=str(book.path(language)),
        ) from None
    return books.status(book, language)
