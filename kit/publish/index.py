"""One page to find and open everything a build has made."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kit import course, places
from kit.errors import KitError
from kit.language import NAMES, say, using
from kit.publish import look
from kit.publish.datapages import Link
from kit.run import FAILED, PARTIAL, RECORD, Result, read_record

_STYLES = ("base/base.css", "index/index.css")
_SCRIPT = "index/filter.js"
_CELL = re.compile(r"^(?P<workshop>\S+)/workshop\.ipynb#(?P<cell>\S+) \((?P<edition>\w+); ")

Bilingual = list[tuple[str, str]]


@dataclass(frozen=True)
class Entry:
    """One run as the index lists it.

    Parameters
    ----------
    workshop : str
        Id of the workshop.
    title : str
        Its title, in `language`.
    place : str
        For whom: the municipality in `language`, and what differs from the defaults.
    language : str
        BCP 47 tag of the materials.
    status : str
        ``made``, ``unchanged`` or ``failed``.
    files : mapping of str to str
        File name → path relative to the index.
    artefacts : mapping of str to str
        What the class takes home: file name → path relative to the index.
    cell, reason : str
        For a failed run: the cell, and what it said.
    words : str
        More words to find it by: codes, kana, other spellings.
    """

    workshop: str
    title: str
    place: str
    language: str
    status: str
    files: Mapping[str, str] = field(default_factory=dict)
    artefacts: Mapping[str, str] = field(default_factory=dict)
    cell: str = ""
    reason: str = ""
    words: str = ""

    @property
    def failed(self) -> bool:
        """Whether the run did not go through."""
        return self.status == "failed"


def write(
    folder: Path,
    programme: str,
    results: Iterable[Result],
    language: str,
    data: Sequence[Link] = (),
) -> str:
    """Return the index of a programme's folder: this build's runs, then what lies there besides.

    Parameters
    ----------
    folder : pathlib.Path
        ``build/<programme>``.
    programme : str
        Its title.
    results : iterable of Result
        How the runs of this build ended.
    language : str
        Language of the index itself.
    data : sequence of Link
        The pages of the datasets.
    """
    with using(language):
        entries = [_entry(folder, result) for result in results]
        listed = {(e.workshop, e.place, e.language) for e in entries}
        for record in sorted(folder.glob(f"*/*/*/{RECORD}")):
            label = record.parent.relative_to(folder).as_posix()
            if label.split("/")[0] in (FAILED, PARTIAL):
                continue
            entry = _entry(folder, Result(label, "unchanged"))
            if (entry.workshop, entry.place, entry.language) not in listed:
                entries.append(entry)
    return page(programme, entries, language, data)


def _entry(folder: Path, result: Result) -> Entry:
    workshop, variant, language = result.label.split("/")
    record = read_record(folder / result.label) or {}
    names: Sequence[str] = [
        n for n in record.get("files", ()) if (folder / result.label / n).is_file()
    ]
    files = {name: f"{result.label}/{name}" for name in names if "/" not in name}
    artefacts = {n.split("/", 1)[1]: f"{result.label}/{n}" for n in names if "/" in n}
    if record:
        files[RECORD] = f"{result.label}/{RECORD}"
    cell, reason = _failure(result.error)
    if result.status == "failed":
        kept = sorted((folder / FAILED / result.label).glob("*.ipynb"))
        files["failed.ipynb"] = kept[0].relative_to(folder).as_posix() if kept else ""
    place, words = _place(variant, language)
    return Entry(
        workshop,
        str(record.get("title") or _title(workshop, language)),
        place,
        language,
        result.status,
        {name: path for name, path in files.items() if path},
        artefacts,
        cell,
        reason,
        f"{words} {result.label}",
    )


def _failure(error: str) -> tuple[str, str]:
    """Return the cell that failed and what it said, from a result's message."""
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    found = next((match for line in lines if (match := _CELL.match(line))), None)
    said = [line for line in lines if not _CELL.match(line) and not line.startswith("→")]
    return (found["cell"] if found else ""), "\n".join(said[:3])


def _title(workshop: str, language: str) -> str:
    try:
        return course.workshop(workshop).localised(language).title
    except KitError:
        return workshop


def _place(variant: str, language: str) -> tuple[str, str]:
    """Return the place a variant's folder name means, and other words for it."""
    first, *rest = variant.split("--")
    changed = "、".join(rest) if language == "ja" else ", ".join(rest)
    try:
        town = places.find(first.split("-")[0])
    except KitError:
        return variant, ""
    with using(language):
        name = town.name
    shown = f"{name}（{changed}）" if changed and language == "ja" else name
    if changed and language != "ja":
        shown = f"{name} ({changed})"
    return shown, " ".join((town.code, town.name_ja, town.kana, town.name_en))


def page(programme: str, entries: Sequence[Entry], language: str, data: Sequence[Link] = ()) -> str:
    """Return the index as one HTML file.

    Parameters
    ----------
    programme : str
        Title of the programme.
    entries : sequence of Entry
        In the order to be listed.
    language : str
        Language of the page; its headings are repeated in the materials' other languages.
    data : sequence of Link
        The pages of the datasets, those read by the workshops listed first.
    """
    spoken = list(dict.fromkeys([language, *(entry.language for entry in entries)]))
    with using(language):
        script = look.script(_SCRIPT)
        failed = [entry for entry in entries if entry.failed]
        return look.render(
            "index/index.html.j2",
            language=language,
            policy=look.policy(script),
            css=look.css(*_STYLES),
            script=script,
            programme=programme,
            total=len(entries),
            good=len(entries) - len(failed),
            failed=failed,
            workshops=_by_workshop(entries),
            data=_read_first(data, {entry.workshop for entry in entries}),
            names=NAMES,
            forms=_forms(spoken),
            words=_words(spoken),
            quote=_quote,
        )


def _quote(path: str) -> str:
    """Percent-encode a relative path.

    Examples
    --------
    >>> _quote("rct-letters/メモ 1.csv")
    'rct-letters/%E3%83%A1%E3%83%A2%201.csv'
    """
    # "./" keeps a name with a colon from being read as a scheme.
    quoted = urllib.parse.quote(path)
    return f"./{quoted}" if ":" in path.split("/")[0] else quoted


def _read_first(data: Sequence[Link], listed: set[str]) -> list[tuple[Link, bool]]:
    """Return the datasets, those the workshops `listed` read in front and marked."""
    marked = [(link, bool(listed.intersection(link.workshops))) for link in data]
    return sorted(marked, key=lambda pair: not pair[1])


@dataclass(frozen=True)
class _Shelf:
    """One workshop: its titles, and for each place its entries."""

    id: str
    titles: Bilingual
    places: list[tuple[Bilingual, str, list[Entry]]]


def _by_workshop(entries: Sequence[Entry]) -> list[_Shelf]:
    shelves = []
    order = {entry.workshop: at for at, entry in reversed(list(enumerate(entries)))}
    for id, run in groupby(sorted(entries, key=lambda e: order[e.workshop]), lambda e: e.workshop):
        found = list(run)
        spots: dict[str, list[Entry]] = {}
        for entry in found:
            spots.setdefault(_spot(entry), []).append(entry)
        shelves.append(
            _Shelf(
                id,
                _pairs((entry.language, entry.title) for entry in found),
                [
                    (
                        _pairs((entry.language, entry.place) for entry in here),
                        " ".join(f"{e.place} {e.title} {e.words}" for e in here).casefold(),
                        here,
                    )
                    for here in spots.values()
                ],
            )
        )
    return shelves


def _spot(entry: Entry) -> str:
    """Return what the entries of one place in several languages have in common."""
    label = entry.words.split()[-1] if entry.words else entry.place
    return label.rsplit("/", 1)[0]


def _pairs(pairs: Iterable[tuple[str, str]]) -> Bilingual:
    """Return (language, text) once a text.

    Examples
    --------
    >>> _pairs([("ja", "港区"), ("en", "Minato City"), ("ja", "港区")])
    [('ja', '港区'), ('en', 'Minato City')]
    """
    seen: dict[str, str] = {}
    for language, text in pairs:
        seen.setdefault(text, language)
    return [(language, text) for text, language in seen.items()]


def _in_each(spoken: Sequence[str], make: Callable[[], str]) -> Bilingual:
    pairs = []
    for language in spoken:
        with using(language):
            pairs.append((language, make()))
    return _pairs(pairs)


def _forms(spoken: Sequence[str]) -> list[tuple[Bilingual, list[tuple[str, Bilingual]]]]:
    """Return whom the files are for, with each file name and what it is."""
    participant: list[tuple[str, Callable[[], str]]] = [
        ("handout.html", lambda: say("ページ")),
        ("slides.html", lambda: say("スライド")),
        ("worksheet.pdf", lambda: say("ワークシート")),
        ("participant.ipynb", lambda: say("ノートブック")),
    ]
    facilitator: list[tuple[str, Callable[[], str]]] = [
        ("facilitator.pdf", lambda: say("進行表と解説")),
        ("facilitator.html", lambda: say("ページ")),
        ("facilitator.ipynb", lambda: say("ノートブック（解答つき）")),
        ("failed.ipynb", lambda: say("途中までのノートブック")),
        ("run.json", lambda: say("作成の記録")),
    ]
    groups: list[tuple[Callable[[], str], list[tuple[str, Callable[[], str]]]]] = [
        (lambda: say("参加者用"), participant),
        (lambda: say("進行役用"), facilitator),
    ]
    return [
        (_in_each(spoken, who), [(name, _in_each(spoken, what)) for name, what in files])
        for who, files in groups
    ]


def _words(spoken: Sequence[str]) -> dict[str, Bilingual]:
    sentences: dict[str, Callable[[], str]] = {
        "skip": lambda: say("教材の一覧へ進む"),
        "index": lambda: say("教材の一覧"),
        "total": lambda: say("教材"),
        "good": lambda: say("できた"),
        "bad": lambda: say("できなかった"),
        "problems": lambda: say("できなかった教材"),
        "cell": lambda: say("止まったセル"),
        "earlier": lambda: say("前に作ったもの"),
        "find": lambda: say("区市町村や題名でさがす"),
        "none": lambda: say("あてはまる教材がありません。"),
        "artefacts": lambda: say("持ち帰るもの（見本）"),
        "workshops": lambda: say("ワークショップ"),
        "data": lambda: say("データの説明"),
        "read": lambda: say("この教材で使用"),
    }
    return {key: _in_each(spoken, make) for key, make in sentences.items()}
