"""gettext ``.po`` files: read strictly, every entry with its line, and written without loss.

Babel forgets what a changed sentence said before (``#|``) and takes a string that is cut off for a
finished one. The format is small, so it is read here.
Source: GNU gettext manual, "The Format of PO Files".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import LanguageError

FUZZY = "fuzzy"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s*(?=\")")
_CHARSET = re.compile(r"charset=([\w.-]+)", re.IGNORECASE)


class PoError(ValueError):
    """What is wrong with a file: its `kind`, the `line`, and the `text` that stands there."""

    def __init__(self, kind: str, line: int, text: str = "") -> None:
        super().__init__(f"line {line}: {kind} {text}".rstrip())
        self.kind, self.line, self.text = kind, line, text


class DamagedCatalogue(LanguageError):
    """A catalogue that is there, but cannot be used as it is."""


def damaged(path: Path, error: PoError) -> DamagedCatalogue:
    """Return what is wrong with the file at `path`, told to whoever has to mend it."""
    from kit.language import say  # which reads its own messages with what is here

    reasons = {
        "bom": say("ファイルのはじめに BOM があります。"),
        "utf-16": say("UTF-16 で保存されています。"),
        "encoding": say("UTF-8 ではない文字があります。"),
        "charset": say("文字コードが UTF-8 ではありません: {text}", text=error.text),
        "syntax": say(".po の書き方と違います: {text}", text=error.text),
        "string": say('「"」で囲まれていません: {text}', text=error.text),
        "escape": say("使えない「\\」の書き方です: {text}", text=error.text),
        "plural": say("複数形（msgid_plural）は使いません。"),
        "unfinished": say("途中で終わっています。"),
        "duplicate": say("同じ文が二度あります: {text}", text=error.text),
    }
    encoded = error.kind in ("bom", "utf-16", "encoding", "charset")
    return DamagedCatalogue(
        say("翻訳ファイルを読めません: {error}", error=reasons[error.kind]),
        where=f"{path}:{error.line}",
        hint=say("BOM のない UTF-8 で保存しなおしてください。")
        if encoded
        else say("Poedit で開くか、msgfmt --check で調べてください。"),
    )


@dataclass
class Entry:
    """One message and what is known of it.

    Parameters
    ----------
    id, text : str
        The source sentence, and its translation (empty if there is none).
    context : str or None
        Where it is said.
    comments, extracted, references, flags : list of str
        The translator's comments, the extractor's, ``file:line``, and ``fuzzy`` and the like.
    previous_context, previous_id : str or None
        What a fuzzy entry said before its source changed.
    obsolete : bool
        Whether its source is gone.
    line : int
        Of the file it was read from.
    """

    id: str
    text: str = ""
    context: str | None = None
    comments: list[str] = field(default_factory=list)
    extracted: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    previous_context: str | None = None
    previous_id: str | None = None
    obsolete: bool = False
    line: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Context and source, by which an entry is found."""
        return self.context or "", self.id

    @property
    def fuzzy(self) -> bool:
        """Whether its source changed after it was translated."""
        return FUZZY in self.flags

    @property
    def done(self) -> bool:
        """Whether its translation can be shown to a reader."""
        return bool(self.text.strip()) and not self.fuzzy and not self.obsolete


@dataclass
class Po:
    """A catalogue: its header, its entries in order, and comments after the last of them."""

    header: Entry
    entries: list[Entry] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)

    def live(self) -> Iterator[Entry]:
        """Yield the entries that are in use."""
        return (entry for entry in self.entries if not entry.obsolete)

    def duplicates(self) -> Iterator[tuple[Entry, Entry]]:
        """Yield each entry that stands twice, with the one before it."""
        seen: dict[tuple[str, str], Entry] = {}
        for entry in self.live():
            if entry.key in seen:
                yield entry, seen[entry.key]
            seen.setdefault(entry.key, entry)


def read(content: bytes) -> Po:
    """Read the content of a ``.po`` file.

    Raises
    ------
    PoError
        Naming the line: ``bom``, ``utf-16``, ``encoding``, ``charset``, ``syntax``, ``string``,
        ``escape``, ``plural`` or ``unfinished``.

    Examples
    --------
    >>> read(b'msgctxt "a"\\nmsgid "b"\\nmsgstr "c"\\n').entries[0].key
    ('a', 'b')
    """
    lines = _decoded(content).split("\n")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        reader.take(line.strip(), number)
    return reader.whole(len(lines))


def _decoded(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        raise PoError("bom", 1)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PoError("utf-16", 1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PoError("encoding", line) from None


class _Reader:
    """The entries read so far, and the one that is being read."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._begin()

    def _begin(self) -> None:
        self.entry = Entry("")
        self.parts: dict[str, list[str]] = {}
        self.last = ""

    def take(self, line: str, number: int) -> None:
        if not line:
            self.last = ""
            return
        if line.startswith("#~"):
            line = line[2:].lstrip()
            if line.startswith("|"):
                self._previous(line[1:].lstrip(), number)
            else:
                self._statement(line, number, obsolete=True)
        elif line.startswith("#|"):
            self._previous(line[2:].lstrip(), number)
        elif line.startswith("#"):
            self._comment(line)
        else:
            self._statement(line, number, obsolete=False)

    def _finish_if_whole(self) -> None:
        if "msgstr" in self.parts:
            self._finish()

    def _comment(self, line: str) -> None:
        self._finish_if_whole()
        self.last = ""
        entry, rest = self.entry, line[2:].strip()
        if line.startswith("#:"):
            entry.references += rest.split()
        elif line.startswith("#,"):
            entry.flags += [flag.strip() for flag in rest.split(",") if flag.strip()]
        elif line.startswith("#."):
            entry.extracted.append(rest)
        else:
            entry.comments.append(line[1:].removeprefix(" "))

    def _previous(self, line: str, number: int) -> None:
        self._finish_if_whole()
        self._string(line, number, "previous ")

    def _statement(self, line: str, number: int, *, obsolete: bool) -> None:
        keyword = _KEYWORD.match(line)
        # Poedit and msgmerge leave no blank line before the next entry of their own accord.
        if keyword and keyword[1] in ("msgctxt", "msgid") and "msgstr" in self.parts:
            self._finish()
        self._string(line, number, "")
        if keyword and not self.entry.line:
            self.entry.line, self.entry.obsolete = number, obsolete

    def _string(self, line: str, number: int, of: str) -> None:
        keyword = _KEYWORD.match(line)
        if keyword:
            if "[" in keyword[1] or keyword[1] == "msgid_plural":
                raise PoError("plural", number)
            name, line = of + keyword[1], line[keyword.end() :]
            out_of_order = (name == "msgid" and "msgid" in self.parts) or (
                name == "msgstr" and "msgid" not in self.parts
            )
            if name in self.parts or out_of_order:
                raise PoError("syntax", number, line[:40])
            self.parts[name], self.last = [], name
        elif not line.startswith('"') or not self.last:
            raise PoError("syntax", number, line[:40])
        found = _STRING.fullmatch(line.strip())
        if found is None:
            raise PoError("string", number, line[:40])
        self.parts[self.last].append(_unescaped(found[1], number))

    def _finish(self) -> None:
        said = {name: "".join(parts) for name, parts in self.parts.items()}
        entry = self.entry
        entry.context, entry.id, entry.text = said.get("msgctxt"), said["msgid"], said["msgstr"]
        entry.previous_context = said.get("previous msgctxt")
        entry.previous_id = said.get("previous msgid")
        self.entries.append(entry)
        self._begin()

    def whole(self, lines: int) -> Po:
        self._finish_if_whole()
        if self.parts:
            raise PoError("unfinished", self.entry.line or lines)
        header = Entry("")
        if self.entries and self.entries[0].key == ("", ""):
            header = self.entries.pop(0)
        declared = _CHARSET.search(header.text)
        if declared and declared[1].lower() not in ("utf-8", "utf8", "charset"):
            raise PoError("charset", header.line, declared[1])
        for entry in self.entries:
            if not entry.id:
                raise PoError("syntax", entry.line, 'msgid ""')
        return Po(header, self.entries, self.entry.comments)


def _unescaped(text: str, number: int) -> str:
    def meant(mark: re.Match[str]) -> str:
        if mark[1] not in _ESCAPES:
            raise PoError("escape", number, mark[0])
        return _ESCAPES[mark[1]]

    return re.sub(r"\\(.)", meant, text) if "\\" in text else text


def written(catalogue: Po) -> str:
    """Return a catalogue as the text of a ``.po`` file; obsolete entries come last.

    Examples
    --------
    >>> print(written(Po(Entry(""), [Entry("b", "c", "a", flags=["fuzzy"])])))
    msgid ""
    msgstr ""
    <BLANKLINE>
    #, fuzzy
    msgctxt "a"
    msgid "b"
    msgstr "c"
    <BLANKLINE>
    """
    in_use = sorted(catalogue.entries, key=lambda entry: entry.obsolete)
    blocks = ["\n".join(_lines(entry)) for entry in (catalogue.header, *in_use)]
    if catalogue.trailing:
        blocks.append("\n".join(_commented(catalogue.trailing)))
    return "\n\n".join(blocks) + "\n"


def _commented(comments: list[str]) -> Iterator[str]:
    return (f"# {comment}".rstrip() for comment in comments)


def _lines(entry: Entry) -> Iterator[str]:
    gone = "#~ " if entry.obsolete else ""
    yield from _commented(entry.comments)
    yield from (f"#. {comment}".rstrip() for comment in entry.extracted)
    yield from (f"#: {place}" for place in entry.references)
    if entry.flags:
        yield f"#, {', '.join(entry.flags)}"
    before = "#~| " if entry.obsolete else "#| "
    if entry.previous_context is not None:
        yield from (before + line for line in _quoted("msgctxt", entry.previous_context))
    if entry.previous_id is not None:
        yield from (before + line for line in _quoted("msgid", entry.previous_id))
    if entry.context is not None:
        yield from (gone + line for line in _quoted("msgctxt", entry.context))
    yield from (gone + line for line in _quoted("msgid", entry.id))
    yield from (gone + line for line in _quoted("msgstr", entry.text))


def _quoted(keyword: str, text: str) -> list[str]:
    lines = re.findall(r"[^\n]*\n|[^\n]+", text) or [""]
    shown = ['"' + "".join(_WRITTEN.get(char, char) for char in line) + '"' for line in lines]
    return [f"{keyword} {shown[0]}"] if len(shown) == 1 else [f'{keyword} ""', *shown]
