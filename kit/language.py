"""One source language, Japanese, and gettext catalogues for every other.

A message is a whole Japanese sentence with named placeholders. The kit's own messages go through
:func:`say`; a workshop's go through the :class:`Catalogue` beside its notebook.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import locale
import os
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from kit.errors import LanguageError

SOURCE = "ja"
NAMES = {"ja": "日本語", "en": "English", "ja-simple": "やさしい日本語"}

_stack: list[str] = []


def from_environment() -> str:
    """Return the language of this machine's user: ``KIT_LANG``, else the locale, else Japanese.

    Examples
    --------
    >>> from_environment() in NAMES
    True
    """
    asked = os.environ.get("KIT_LANG", "")
    if asked in NAMES:
        return asked
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "en" if name.lower().startswith("en") else SOURCE


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


def known(language: str) -> str:
    """Return `language` if the kit speaks it.

    Raises
    ------
    LanguageError
        If it does not; the message lists the ones it does.
    """
    if language in NAMES:
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
    sentence = source if language == SOURCE else own_catalogue(language).any(source) or source
    return sentence.format(**values) if values else sentence


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
    locale = {"en": "en_GB"}.get(current(), current().partition("-")[0])
    return str(format_skeleton(skeleton, day, locale=locale))


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


def read_catalogue(path: Path, language: str) -> Catalogue:
    """Read a gettext ``.po`` file.

    Raises
    ------
    LanguageError
        If the file is missing or is not a catalogue.
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


@lru_cache(maxsize=64)
def _read(path: Path, language: str, seen: tuple[int, int]) -> Catalogue:
    """Read a catalogue once for each state (``seen``) of its file."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        content = path.read_bytes()
        _whole(content.decode("utf-8"))
        messages = read_po(io.BytesIO(content), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise LanguageError(
            say("翻訳ファイルを読めません: {error}", error=error),
            where=str(path),
            hint=say("Poedit で開くか、msgfmt --check で調べてください。"),
        ) from None
    entries: dict[tuple[str, str], str] = {}
    stale: list[tuple[str, str]] = []
    for message in messages:
        if not message.id:
            continue
        key = (message.context or "", str(message.id))
        if message.fuzzy:
            stale.append(key)
        elif message.string:
            entries[key] = str(message.string)
    return Catalogue(language, entries, tuple(stale))


def _whole(text: str) -> None:
    """Refuse a file that was cut off: Babel reads an unfinished string as a finished one."""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line.startswith(("msg", '"')) and not (line.endswith('"') and line.count('"') > 1):
            raise ValueError(f"line {number}: {line[:40]}")


@cache
def own_catalogue(language: str) -> Catalogue:
    """Return the kit's own catalogue; an empty one for a language it is not yet written in."""
    path = Path(__file__).with_name("locale") / f"{language}.po"
    return read_catalogue(path, language) if path.exists() else Catalogue(language)
