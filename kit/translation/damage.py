"""A translation that would break what it is put into: placeholders, markup, code."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from kit import po
from kit.catalogue import Kind, Message
from kit.errors import CourseError, KitError
from kit.language import say
from kit.pseudo import is_list_of_values

_JINJA = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}")
_STATEMENT = re.compile(r"\{%-?\s*(.*?)\s*-?%\}")
_HEADING = re.compile(r"^(#{1,6})\s")
_FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_FORMULA = re.compile(r"(?<!\\)\$\$?[^$]+\$\$?")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]*(?:\([^()\s]*\))?[^()\s]*)\)")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:\s[^<>]*)?(/?)>")
_VOID = frozenset(("br", "hr", "img", "wbr"))
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")


def harm(message: Message, translation: str) -> list[str]:
    """Return what `translation` damages of what `message` says, each as a sentence.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     harm(Message("", "{n} 件", "x", kind="format"), "{m} items")
    ['{n} がありません', '知らない {m} があります']
    """
    return list(_found(message.kind, message.source, translation))


@lru_cache(maxsize=8192)
def _found(kind: Kind, source: str, translation: str) -> tuple[str, ...]:
    return tuple(told for look in _LOOKS[kind] for told in look(source, translation))


def _signs(source: str, translation: str) -> Iterator[str]:
    if _CONTROL.search(translation):
        yield say("読めない文字が入っています")
    # GNU gettext asks for both or neither.
    ends = ("startswith", "endswith")
    if any(getattr(source, end)("\n") != getattr(translation, end)("\n") for end in ends):
        yield say("はじめか終わりの改行が、元の文と違います")


def _one_line(source: str, translation: str) -> Iterator[str]:
    if "\n" in translation:
        yield say("コードの説明は 1 行で書きます（2 行目はプログラムとして動いてしまいます）")


def _fields(source: str, translation: str) -> Iterator[str]:
    """Compare ``{name}`` and how each is written (PEP 3101)."""
    try:
        wanted = _named(source)
    except ValueError:
        return  # never filled in
    try:
        given = _named(translation)
    except ValueError:
        yield say("{mark} の数が合いません", mark="{ }")
        return
    yield from _missing_and_new(
        {f"{{{name}}}" for name in wanted}, {f"{{{name}}}" for name in given}
    )
    for name in wanted.keys() & given.keys():
        for written in given[name] - wanted[name] - {""}:
            yield say("知らない {mark} があります", mark=f"{{{name}{written}}}")


def _named(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is not None:
            written = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            found.setdefault(name, set()).add(written)
    return found


def _holes(source: str, translation: str) -> Iterator[str]:
    """Compare ``{{ value }}`` and ``{% statement %}``."""
    for pattern, opening, closing in ((_JINJA, "{{", "}}"), (_STATEMENT, "{%", "%}")):
        if opening == "{%":  # a value may be written with a format that ends in %}
            source, translation = _JINJA.sub("", source), _JINJA.sub("", translation)
        if translation.count(opening) != translation.count(closing):
            yield say("{mark} の数が合いません", mark=f"{opening} {closing}")
            return
        wanted, given = pattern.findall(source), pattern.findall(translation)
        shown = f"{opening} {{}} {closing}"
        yield from _missing_and_new(
            {shown.replace("{}", one) for one in wanted},
            {shown.replace("{}", one) for one in given},
        )


def _missing_and_new(wanted: set[str], given: set[str]) -> Iterator[str]:
    for name in sorted(wanted - given):
        yield say("{mark} がありません", mark=name)
    for name in sorted(given - wanted):
        yield say("知らない {mark} があります", mark=name)


def _headings(source: str, translation: str) -> Iterator[str]:
    wanted, given = (_HEADING.match(text) for text in (source, translation))
    if (wanted and wanted[1]) != (given and given[1]):
        yield say("見出しの印「{mark}」が違います", mark=wanted[1] if wanted else "")


def _code(source: str, translation: str) -> Iterator[str]:
    if len(_FENCE.findall(source)) != len(_FENCE.findall(translation)):
        yield say("コードの囲み「```」が違います")
        return
    wanted, given = (Counter(m[1] for m in _CODE.findall(t)) for t in (source, translation))
    loose = ["`" in _CODE.sub("", text) for text in (source, translation)]
    if loose == [False, True] and not _FENCE.search(source):
        yield say("「`」が閉じていません")
    elif sum(given.values()) < len(wanted):
        lost = ", ".join(f"`{code}`" for code in wanted if code not in given)
        yield say("コードがなくなっています: {lost}", lost=lost)


def _links(source: str, translation: str) -> Iterator[str]:
    bare = _without_code(translation)
    whole = len(re.findall(r"\]\(", _LINK.sub("", bare)))
    if whole:
        yield say("リンクが閉じていません")
        return
    wanted, given = (set(_LINK.findall(_without_code(t))) for t in (source, translation))
    for address in sorted(wanted - given):
        yield say("リンクがなくなっています: {address}", address=address)
    for address in sorted(given - wanted):
        yield say("元の文にないリンクがあります: {address}", address=address)


def _bold(source: str, translation: str) -> Iterator[str]:
    for mark in ("**", "~~"):
        wanted, given = (_without_code(text).count(mark) % 2 for text in (source, translation))
        if given and not wanted:
            yield say("「{mark}」が閉じていません", mark=mark)
    wanted, given = (len(re.findall(r"(?<!\\)\$", _without_code(t))) for t in (source, translation))
    if given % 2 and not wanted % 2:
        yield say("「{mark}」が閉じていません", mark="$")


def _tags(source: str, translation: str) -> Iterator[str]:
    wanted, given = (set(_names(text)) for text in (source, translation))
    for name in sorted(wanted - given):
        yield say("{mark} がありません", mark=f"<{name}>")
    for name in sorted(given - wanted):
        yield say("知らない {mark} があります", mark=f"<{name}>")
    for name in _unclosed(translation) - _unclosed(source):
        yield say("「{mark}」が閉じていません", mark=f"<{name}>")


def _names(text: str) -> Iterator[str]:
    return (tag[2].lower() for tag in _TAG.finditer(_without_code(text)))


def _unclosed(text: str) -> set[str]:
    open_: Counter[str] = Counter()
    for closes, name, itself in _TAG.findall(_without_code(text)):
        if not itself and name.lower() not in _VOID:
            open_[name.lower()] += -1 if closes else 1
    return {name for name, count in open_.items() if count}


def _tables(source: str, translation: str) -> Iterator[str]:
    wanted, given = _table(source), _table(translation)
    if not wanted:
        return
    if len(wanted) != len(given):
        yield say("表の行の数が違います（元は {n} 行）", n=len(wanted))
    elif wanted != given:
        row = next(at for at, (a, b) in enumerate(zip(wanted, given, strict=True), 1) if a != b)
        yield say("表の {row} 行目の「|」の数が違います", row=row)


def _table(text: str) -> list[int]:
    """Return how many bars each row of a table has; nothing if the text is none."""
    lines = _CODE.sub("", _FORMULA.sub("", text)).splitlines()
    rule = next((at for at, line in enumerate(lines) if "|" in line and _RULE.match(line)), None)
    if not rule:
        return []
    counts = [len(_BAR.findall(line)) for line in lines[rule - 1 :]]
    return counts


def _lists(source: str, translation: str) -> Iterator[str]:
    wanted, given = (bool(_ITEM.match(text)) for text in (source, translation))
    if wanted and not given:
        yield say("箇条書きの印がなくなっています")


def _values(source: str, translation: str) -> Iterator[str]:
    if is_list_of_values(source):
        wanted, given = ([line.count(",") for line in t.split("\n")] for t in (source, translation))
        if wanted != given:
            yield say("値の一覧の、行か「,」の数が違います")


def _without_code(text: str) -> str:
    return _FORMULA.sub("", _CODE.sub("", text))


Look = Callable[[str, str], Iterable[str]]
_MARKUP: tuple[Look, ...] = (_code, _links, _bold, _tags, _tables)
_LOOKS: dict[Kind, tuple[Look, ...]] = {
    "markdown": (_signs, _holes, _headings, *_MARKUP, _lists),
    "text": (_signs, _holes, *_MARKUP),
    "format": (_signs, _fields, _values, *_MARKUP),
    "comment": (_signs, _one_line),
}


def damages(path: Path, wanted: Iterable[Message]) -> list[KitError]:
    """Return everything that is wrong with the catalogue at `path`, with its line.

    Parameters
    ----------
    path : pathlib.Path
        A ``.po`` file.
    wanted : iterable of Message
        What it translates; entries that translate nothing are not looked at.
    """
    try:
        read = po.read(path.read_bytes())
    except po.PoError as error:
        return [po.damaged(path, error)]
    except OSError as error:
        return [
            po.DamagedCatalogue(
                say("翻訳ファイルを読めません: {error}", error=error.strerror or error),
                where=str(path),
            )
        ]
    found: list[KitError] = [
        po.damaged(path, po.PoError("duplicate", again.line, again.id[:40]))
        for again, _ in read.duplicates()
    ]
    known = {(message.context, message.source): message for message in wanted}
    for entry in read.live():
        message = known.get(entry.key)
        if message is not None and entry.done:
            found += [_told(path, entry, told) for told in harm(message, entry.text)]
    return found


def _told(path: Path, entry: po.Entry, told: str) -> CourseError:
    where = f"{path}:{entry.line}" + (f" ({entry.context})" if entry.context else "")
    return CourseError(
        say("訳が元の文をこわします: {told}", told=told),
        where=where,
        hint=say("元の文: {text}", text=entry.id.replace("\n", " ")[:60]),
    )
