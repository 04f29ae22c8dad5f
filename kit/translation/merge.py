"""A catalogue brought in step with its source: nothing a translator wrote is lost."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kit import po
from kit.catalogue import Message
from kit.files import write_whole
from kit.language import SOURCE, about

_BRACES = "python-brace-format"
_FIELD = re.compile(r"\{[a-z_]")
_NEAR = 0.6  # as Babel's and msgmerge's own


def template(wanted: Iterable[Message], project: str) -> str:
    """Return a ``.pot``: every message, no translation.

    Examples
    --------
    >>> print(template([Message("scene", "町", "a.ipynb#scene", 3)], "x").splitlines()[-4:])
    ['#: a.ipynb:3', 'msgctxt "scene"', 'msgid "町"', 'msgstr ""']
    """
    return po.written(po.Po(_header("", project), [_fresh(message) for message in wanted]))


def update(path: Path, language: str, wanted: Sequence[Message], *, project: str) -> None:
    """Write the catalogue at `path` so that it holds exactly the messages `wanted`, in their order.

    Finished translations are kept; those of a changed sentence are kept as fuzzy, with what the
    sentence said before; those of a removed sentence become obsolete. A catalogue that does not
    exist is begun.

    Raises
    ------
    DamagedCatalogue
        If the existing file cannot be read as a catalogue; it is left as it is.
    OSError
        If it cannot be written; then too it is left as it is.
    """
    write_whole(path, po.written(merged(existing(path, language, project), wanted)))


def existing(path: Path, language: str, project: str) -> po.Po:
    """Return the catalogue at `path`, or one that has only a header.

    Raises
    ------
    DamagedCatalogue
        If it cannot be read, or says something twice.
    """
    try:
        read = po.read(path.read_bytes())
    except FileNotFoundError:
        return po.Po(_header(language, project))
    except po.PoError as error:
        raise po.damaged(path, error) from None
    for again, _ in read.duplicates():
        raise po.damaged(path, po.PoError("duplicate", again.line, again.id[:40]))
    fields = {line.partition(":")[0] for line in read.header.text.splitlines()}
    ours = _header(language, project).text.splitlines(keepends=True)
    read.header.text += "".join(line for line in ours if line.partition(":")[0] not in fields)
    return read


def merged(old: po.Po, wanted: Sequence[Message]) -> po.Po:
    """Return `old` with the messages `wanted`.

    Examples
    --------
    >>> old = po.Po(po.Entry(""), [po.Entry("受診率を比べます。", "Compare.", "a")])
    >>> entry = merged(old, [Message("a", "受診率をくらべます。", "x")]).entries[0]
    >>> entry.text, entry.flags, entry.previous_id
    ('Compare.', ['fuzzy'], '受診率を比べます。')
    """
    held: dict[tuple[str, str], po.Entry] = {}
    for entry in sorted(old.entries, key=lambda entry: entry.obsolete):
        held.setdefault(entry.key, entry)
    keys = {(message.context, message.source) for message in wanted}
    left = [entry for key, entry in held.items() if key not in keys]
    # A sentence taken out long ago is nobody's earlier wording.
    changed = [entry for entry in left if entry.text and not entry.obsolete]
    entries = []
    for message in wanted:
        known = held.get((message.context, message.source))
        entry = known if known is not None else _carried(message, changed)
        entry.obsolete = False
        entry.references, entry.extracted = [message.reference], []
        entry.flags = [flag for flag in entry.flags if flag != _BRACES] + _formats(message)
        entries.append(entry)
    unclaimed = {id(entry) for entry in changed}
    gone = [
        entry
        for entry in left
        if entry.obsolete or id(entry) in unclaimed or (entry.comments and not entry.text)
    ]
    for entry in gone:
        entry.obsolete, entry.references, entry.extracted = True, [], []
    return po.Po(old.header, entries + gone, old.trailing)


def _carried(message: Message, changed: list[po.Entry]) -> po.Entry:
    """Return a new entry, with the translation of what it seems to have said before."""
    made = _fresh(message)
    before = _before(message, changed)
    if before is None:
        return made
    changed.remove(before)
    made.text, made.comments = before.text, before.comments
    made.flags = [po.FUZZY, *(flag for flag in before.flags if flag not in (po.FUZZY, _BRACES))]
    # What a translator needs is the wording that was translated, not one in between.
    between = before.fuzzy and before.previous_id is not None
    made.previous_id = before.previous_id if between else before.id
    made.previous_context = before.previous_context if between else before.context
    return made


def _before(message: Message, changed: list[po.Entry]) -> po.Entry | None:
    moved = next((entry for entry in changed if entry.id == message.source), None)
    if moved is not None:
        return moved
    here = [entry for entry in changed if (entry.context or "") == message.context]
    for candidates in (here, changed):
        near = nearest(message.source, [entry.id for entry in candidates])
        if near is not None:
            return next(entry for entry in candidates if entry.id == near)
    return None


def nearest(source: str, sources: Sequence[str]) -> str | None:
    """Return the one of `sources` that seems to be `source` reworded, or None.

    Examples
    --------
    >>> nearest("受診率を比べます。", ["町の人口です。", "受診率をくらべます。"])
    '受診率をくらべます。'
    """
    found = difflib.get_close_matches(source, sources, n=1, cutoff=_NEAR)
    return found[0] if found else None


def _fresh(message: Message) -> po.Entry:
    return po.Entry(
        message.source,
        context=message.context or None,
        references=[message.reference],
        flags=_formats(message),
    )


def _formats(message: Message) -> list[str]:
    return [_BRACES] if message.kind == "format" and _FIELD.search(message.source) else []


def _header(language: str, project: str) -> po.Entry:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M+0000")
    fields = {
        "Project-Id-Version": project,
        "POT-Creation-Date": now,
        "PO-Revision-Date": now if language else "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "",
        "Language-Team": language,
        "Language": language.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        # References are told from the top of the repository.
        "X-Poedit-Basepath": "../..",
    }
    if language:
        plurals = "nplurals=2; plural=(n != 1);" if about(language).spaced else _ONE
        fields["Plural-Forms"] = plurals
    fields["X-Source-Language"] = SOURCE
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return po.Entry("", text, flags=[] if language else [po.FUZZY])


_ONE = "nplurals=1; plural=0;"
