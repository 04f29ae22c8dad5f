"""One source language, Japanese, and gettext catalogues for every other.

A message is a whole Japanese sentence with named placeholders. The kit's own messages go through
:func:`say`; a workshop's go through the :class:`Catalogue` beside its notebook.
"""

from __future__ import annotations

import contextlib
import datetime
import locale
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeGuard

from kit import po
from kit.errors import LanguageError

SOURCE = "ja"
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff01-\uff5e々〆ヶ]")


@dataclass(frozen=True)
class Language:
    """What the kit needs to know of a language.

    Parameters
    ----------
    name : str
        What it calls itself.
    locale : str
        Whose customs its dates and paper follow (Babel).
    spaced : bool
        Whether spaces stand between its words. Then sentences are joined with spaces, lists with
        commas, and places have their romanised names; else they stand as in Japanese.
    studio : bool
        Whether the commands speak it too, and not only what readers of the materials see.
    furigana : bool
        Whether its readers want to see how kanji are read.
    """

    name: str
    locale: str
    spaced: bool
    studio: bool = False
    furigana: bool = False


# Another language: one line here, one .po for each workshop, and one in kit/locale/.
LANGUAGES = {
    "ja": Language("日本語", "ja_JP", spaced=False, studio=True),
    "en": Language("English", "en_GB", spaced=True, studio=True),
    "ja-simple": Language("やさしい日本語", "ja_JP", spaced=False, furigana=True),
}
NAMES = {tag: one.name for tag, one in LANGUAGES.items()}
# Made by machine (see kit.pseudo), to look for what no catalogue reaches; shown in no list.
PSEUDO = "qps-ploc"
_MADE = Language("«Þšéûðô»", "en_GB", spaced=True)

_stack: list[str] = []


def from_environment() -> str:
    """Return the language of this machine's user: ``KIT_LANG``, else the locale, else Japanese.

    Examples
    --------
    >>> is_known(from_environment())
    True
    """
    asked = os.environ.get("KIT_LANG", "")
    if is_known(asked):
        return asked
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    spoken = re.split(r"[_.@-]", name.lower())[0]
    return spoken if spoken in LANGUAGES and LANGUAGES[spoken].studio else SOURCE


def current() -> str:
    """Return the language messages are made in now."""
    return _stack[-1] if _stack else from_environment()


def use(language: str) -> None:
    """Make messages in `language` from here on.

    Raises
    ------
    LanguageError
        If the kit does not speak it.
    """
    _stack[:] = [known(language)]


@contextlib.contextmanager
def using(language: str) -> Iterator[None]:
    """Make messages in `language` inside a ``with`` block.

    Examples
    --------
    >>> with using("en"):
    ...     current()
    'en'
    """
    before = list(_stack)
    _stack.append(known(language))
    try:
        yield
    finally:
        _stack[:] = before


def is_known(language: object) -> TypeGuard[str]:
    """Whether the kit speaks `language`.

    Examples
    --------
    >>> is_known("ja-simple"), is_known("tlh"), is_known(None)
    (True, False, False)
    """
    return language == PSEUDO or (isinstance(language, str) and language in LANGUAGES)


def about(language: str | None = None) -> Language:
    """Return what is known of `language`, the current one when left out.

    Examples
    --------
    >>> about("ja-simple").name
    'やさしい日本語'
    """
    tag = language or current()
    return _MADE if tag == PSEUDO else LANGUAGES[tag]


def spaced(language: str | None = None) -> bool:
    """Whether spaces stand between the words of `language`, of the current one when left out.

    Examples
    --------
    >>> spaced("en"), spaced("ja"), spaced("ja-simple")
    (True, False, False)
    """
    return about(language).spaced


def region(language: str | None = None) -> str:
    """Return the country whose customs `language` follows, as ISO 3166 has it.

    Examples
    --------
    >>> region("ja-simple"), region("en")
    ('JP', 'GB')
    """
    return about(language).locale.partition("_")[2]


def known(language: str) -> str:
    """Return `language` if the kit speaks it.

    Raises
    ------
    LanguageError
        If it does not; the message lists the ones it does.
    """
    if is_known(language):
        return language
    raise LanguageError(
        say("言語「{language}」はありません。", language=language),
        hint=say("使える言語: {languages}", languages=", ".join(NAMES)),
    )


def say(source: str, /, **values: object) -> str:
    """Return the kit's own message `source` in the current language, its placeholders filled.

    Parameters
    ----------
    source : str
        The Japanese sentence, with ``{name}`` placeholders.
    **values
        What the placeholders stand for. Values are inserted as they are and never interpreted.

    Examples
    --------
    >>> with using("ja"):
    ...     say("{count} 件", count=3)
    '3 件'
    """
    language = current()
    sentence = source if language == SOURCE else _heard(language).any(source) or source
    if not values:
        return sentence
    try:
        return sentence.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        # A translation with a wrong placeholder is told by kit check; nobody's class ends for it.
        return source.format(**values)


def date_text(day: datetime.date, grain: str = "day") -> str:
    """Return a date as people of the current language write it.

    Parameters
    ----------
    day : datetime.date
        The date.
    grain : {"year", "month", "day"}
        How much of it to say.

    Examples
    --------
    >>> import datetime
    >>> with using("ja"):
    ...     date_text(datetime.date(2026, 7, 1))
    '2026年7月1日'
    >>> with using("en"):
    ...     date_text(datetime.date(2026, 7, 1), "month")
    'July 2026'
    """
    from babel.dates import format_skeleton

    skeleton = {"year": "y", "month": "yMMMM", "day": "yMMMMd"}[grain]
    return str(format_skeleton(skeleton, day, locale=about().locale))


class Catalogue:
    """Translations into one language.

    Parameters
    ----------
    language : str
        BCP 47 tag.
    entries : mapping of (str, str) to str
        ``(context, source) -> translation``; only finished ones.
    stale : iterable of (str, str)
        Those whose source changed after they were translated (``fuzzy``): they are not used.

    Examples
    --------
    >>> english = Catalogue("en", {("scene", "こんにちは"): "Hello"})
    >>> english.get("scene", "こんにちは"), english.get("scene", "さようなら")
    ('Hello', None)
    """

    def __init__(
        self,
        language: str,
        entries: Mapping[tuple[str, str], str] | None = None,
        stale: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.language = language
        self.entries = dict(entries or {})
        self.stale = frozenset(stale)
        self._by_source = {source: text for (_, source), text in self.entries.items()}

    def get(self, context: str, source: str) -> str | None:
        """Return the translation of `source` in `context`, or None."""
        return self.entries.get((context, source))

    def any(self, source: str) -> str | None:
        """Return a translation of `source` from whichever context has one, or None."""
        return self._by_source.get(source)


class MadeCatalogue(Catalogue):
    """The pseudo-language: every Japanese sentence, made unlike itself by machine."""

    def __init__(self) -> None:
        super().__init__(PSEUDO)

    def get(self, context: str, source: str) -> str | None:
        """Return `source` in accented letters."""
        return self.any(source)

    def any(self, source: str) -> str | None:
        """Return `source` in accented letters."""
        from kit.pseudo import pseudo

        return pseudo(source)


def read_catalogue(path: Path, language: str) -> Catalogue:
    """Read a gettext ``.po`` file.

    Raises
    ------
    LanguageError
        If the file is missing.
    DamagedCatalogue
        If it is not a catalogue; the message names the line.
    """
    try:
        seen = path.stat()
        return _read(path, language, (seen.st_mtime_ns, seen.st_size))
    except FileNotFoundError:
        raise LanguageError(
            say("翻訳ファイルがありません。"),
            where=str(path),
            hint=say("kit translate で作れます。作るまでは日本語版を使ってください。"),
        ) from None
    except po.PoError as error:
        raise po.damaged(path, error) from None
    except OSError as error:
        raise po.DamagedCatalogue(
            say("翻訳ファイルを読めません: {error}", error=error.strerror or error),
            where=str(path),
        ) from None


@lru_cache(maxsize=64)
def _read(path: Path, language: str, seen: tuple[int, int]) -> Catalogue:
    """Read a catalogue once for each state (``seen``) of its file."""
    read = po.read(path.read_bytes())
    for again, _ in read.duplicates():
        raise po.PoError("duplicate", again.line, again.id[:40])
    return Catalogue(
        language,
        {entry.key: entry.text for entry in read.live() if entry.done},
        tuple(entry.key for entry in read.live() if entry.fuzzy),
    )


@cache
def own_catalogue(language: str) -> Catalogue:
    """Return the kit's own catalogue; an empty one for a language it is not yet written in.

    Raises
    ------
    DamagedCatalogue
        If it cannot be read.
    """
    if language == PSEUDO:
        return MadeCatalogue()
    path = own_path(language)
    return read_catalogue(path, language) if path.exists() else Catalogue(language)


@cache
def _heard(language: str) -> Catalogue:
    """Return the kit's own catalogue, or an empty one: a message about damage must be said too."""
    if language == PSEUDO:
        return MadeCatalogue()
    path = own_path(language)
    try:
        return _read(path, language, (0, 0)) if path.exists() else Catalogue(language)
    except (po.PoError, OSError):
        return Catalogue(language)


def own_path(language: str) -> Path:
    """Return where the kit's own messages in `language` are."""
    return Path(__file__).with_name("locale") / f"{language}.po"
