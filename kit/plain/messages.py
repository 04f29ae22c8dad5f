"""The sentences of a workshop, or of the kit itself, in one language: what is measured."""

from __future__ import annotations

from dataclasses import dataclass

from kit import catalogue
from kit.course import workshop
from kit.errors import LanguageError
from kit.language import SOURCE, known, own_catalogue, say
from kit.plain.sentences import Sentence, sentences

KIT = "kit"  # what a command line calls the kit's own messages
_JAPANESE = ("ja", "ja-simple")


@dataclass(frozen=True)
class Text:
    """What a workshop says in one language, beside what it says in Japanese.

    ``missing`` counts the messages that have no finished translation; they are in neither list.
    """

    name: str
    language: str
    sentences: tuple[Sentence, ...]
    source: tuple[Sentence, ...]
    missing: int = 0


def text(name: str, language: str) -> Text:
    """Return the sentences of a workshop's messages.

    Parameters
    ----------
    name : str
        A workshop's id, or ``kit`` for the kit's own messages.
    language : str
        ``ja-simple``, or ``ja`` for the source itself.

    Raises
    ------
    CourseError
        If there is no such workshop.
    LanguageError
        If the language is not Japanese, or `name` has no catalogue for it.

    Examples
    --------
    >>> found = text("first-steps", "ja")
    >>> found.sentences == found.source, found.missing
    (True, 0)
    """
    if known(language) not in _JAPANESE:
        raise LanguageError(
            say("読みやすさを測れるのは、日本語だけです。"),
            where=language,
            hint=say("使える言語: {languages}", languages=", ".join(_JAPANESE)),
        )
    if name == KIT:
        own = own_catalogue(language)
        found = [(m.where, m.source, own.any(m.source)) for m in catalogue.own_messages()]
    else:
        course = workshop(name)
        translated = course.catalogue(language)
        found = [
            (m.context, m.source, translated.get(m.context, m.source))
            for m in catalogue.messages(course)
        ]
    if language == SOURCE:
        found = [(where, source, source) for where, source, _ in found]
    done = [(where, source, translation) for where, source, translation in found if translation]
    if not done:
        raise LanguageError(
            say("「{name}」に言語「{language}」の文がありません。", name=name, language=language),
            where=name,
            hint=say("kit translate で作れます。作るまでは日本語版を使ってください。"),
        )
    return Text(
        name,
        language,
        tuple(one for where, _, said in done for one in sentences(said, where)),
        tuple(one for where, source, _ in done for one in sentences(source, where)),
        len(found) - len(done),
    )
