"""What the index's search knows: entries → small tables that a script on the page reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kit import places
from kit.course import principle
from kit.language import about, say, using
from kit.publish import look
from kit.publish.forms import FORMS
from kit.publish.index_entries import Entry, town_of
from kit.run import RECORD

Bilingual = list[tuple[str, str]]
FORMATS = {"html": "HTML", "pdf": "PDF", "ipynb": "ipynb", "json": "JSON"}


@dataclass(frozen=True)
class File:
    """A file of runs as the index names it.

    Parameters
    ----------
    name : str
        Its name in a run's folder.
    whose : {"participant", "facilitator", "artefacts", "other"}
        Whom it is for.
    labels : list of (str, str)
        (language, what it is called).
    """

    name: str
    whose: str
    labels: Bilingual

    @property
    def format(self) -> str:
        """What kind of file it is, in a word: ``PDF``, ``HTML``, ``ipynb``.

        Examples
        --------
        >>> File("worksheet.pdf", "participant", []).format
        'PDF'
        """
        ending = self.name.rpartition(".")[2]
        return FORMATS.get(ending, ending)


def once(pairs: Iterable[tuple[str, str]]) -> Bilingual:
    """Return (language, text) once a text.

    Examples
    --------
    >>> once([("ja", "港区"), ("en", "Minato City"), ("ja", "港区")])
    [('ja', '港区'), ('en', 'Minato City')]
    """
    seen: dict[str, str] = {}
    for language, text in pairs:
        seen.setdefault(text, language)
    return [(language, text) for text, language in seen.items()]


def in_each(spoken: Sequence[str], make: Callable[[], str]) -> Bilingual:
    """Return what `make` says in each language, each text once."""
    return once(_each(spoken, make).items())


def _each(spoken: Sequence[str], make: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language in spoken:
        with using(language):
            said[language] = make()
    return said


def files_of(entries: Sequence[Entry], spoken: Sequence[str]) -> list[File]:
    """Return the files that the entries have, the known forms first, in their order."""
    there = dict.fromkeys(name for entry in entries for name in entry.files)
    known: dict[str, tuple[str, Callable[[], str]]] = {
        form.file: (form.edition, form.label) for form in FORMS
    }
    known["failed.ipynb"] = ("facilitator", lambda: say("途中までのノートブック"))
    known[RECORD] = ("facilitator", lambda: say("作成の記録"))
    found = [
        File(name, whose, in_each(spoken, label))
        for name, (whose, label) in known.items()
        if name in there
    ]
    found += [File(name, "other", [(spoken[0], name)]) for name in there if name not in known]
    kept = dict.fromkeys(name for entry in entries for name in entry.artefacts)
    return found + [File(name, "artefacts", [(spoken[0], name)]) for name in kept]


def data_for(entries: Sequence[Entry], spoken: Sequence[str]) -> Markup:
    """Return the tables as JSON that may stand inside a ``<script>``."""
    text = json.dumps(tables(entries, spoken), ensure_ascii=False, separators=(",", ":"))
    # No text in it can end the element it stands in.
    return Markup(text.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " "))


def tables(entries: Sequence[Entry], spoken: Sequence[str]) -> dict[str, Any]:
    """Return the tables: what many runs share is written once, and a run is a row of numbers.

    Parameters
    ----------
    entries : sequence of Entry
        In the order to be listed.
    spoken : sequence of str
        Languages of the materials, the page's own first.
    """
    files = files_of(entries, spoken)
    at = {(file.whose == "artefacts", file.name): number for number, file in enumerate(files)}
    workshops, spots, tongues, days, sets = (_Numbered() for _ in range(5))
    rows: list[list[Any]] = []
    for entry in entries:
        held = sorted(
            (at[kept, name], path)
            for kept, those in ((False, entry.files), (True, entry.artefacts))
            for name, path in those.items()
        )
        row: list[Any] = [
            workshops.number(entry.workshop),
            spots.number(entry.variant),
            tongues.number(entry.language),
            int(entry.failed),
            days.number(entry.built),
            sets.number(tuple(number for number, _ in held)),
            [-(-entry.sizes.get(path, 0) // 1000) for _, path in held],
        ]
        odd = [
            [n, path]
            for n, (number, path) in enumerate(held)
            if path != _path(entry, files[number])
        ]
        rows.append([*row, odd] if odd else row)
    return {
        "workshops": [_workshop(id, entries) for id in workshops.seen],
        "places": [_spot(variant, entries) for variant in spots.seen],
        "languages": [[tag, about(tag).name] for tag in tongues.seen],
        "days": [_each(spoken, lambda day=day: look.day(day)) for day in days.seen],  # type: ignore[misc]
        "files": [[file.name, file.whose, dict(file.labels), file.format] for file in files],
        "sets": list(sets.seen),
        "principles": [
            [number, principle(number).title]
            for number in sorted({n for entry in entries for n in entry.principles})
        ],
        "kinds": [[kind, _kind(kind)] for kind in places.KINDS],
        "words": _each_word(spoken),
        "runs": rows,
    }


class _Numbered:
    """Things in the order they were first seen, each known by its number."""

    def __init__(self) -> None:
        self.seen: dict[Any, int] = {}

    def number(self, thing: Any) -> int:
        return self.seen.setdefault(thing, len(self.seen))


def _path(entry: Entry, file: File) -> str:
    """Return where a file of a run lies unless something is said about it."""
    folder = "artefacts/" if file.whose == "artefacts" else ""
    return f"{entry.workshop}/{entry.variant}/{entry.language}/{folder}{file.name}"


def _workshop(id: str, entries: Sequence[Entry]) -> list[Any]:
    own = [entry for entry in entries if entry.workshop == id]
    titles = _first((entry.language, entry.title) for entry in own)
    numbers = own[0].principles
    words = [id, *titles.values()]
    for number in numbers:
        words += [principle(number).title_ja, principle(number).title_en]
    return [id, titles, list(numbers), " ".join(words)]


def _spot(variant: str, entries: Sequence[Entry]) -> list[Any]:
    own = [entry for entry in entries if entry.variant == variant]
    names = _first((entry.language, entry.place) for entry in own)
    words = f"{variant} {' '.join(names.values())}"
    town = town_of(variant)
    if town is None:
        return [variant, names, variant, "", own[0].place, words]
    words += f" {town.kana} {town.name_ja} {town.name_en} {town.code6}"
    # A list offers the municipality itself, without what differs from the defaults.
    return [variant, names, town.code, town.kind, town.name, words]


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the first text of each language."""
    found: dict[str, str] = {}
    for language, text in pairs:
        found.setdefault(language, text)
    return found


def _kind(kind: str) -> str:
    sentences = {"ward": say("区部"), "city": say("市部"), "town": say("町"), "village": say("村")}
    return sentences[kind]


def _each_word(spoken: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    sentences: dict[str, Callable[[], str]] = {
        "participant": lambda: say("参加者用"),
        "facilitator": lambda: say("進行役用"),
        "other": lambda: say("そのほか"),
        "artefacts": lambda: say("持ち帰るもの（見本）"),
        "bad": lambda: say("できなかった"),
        "earlier": lambda: say("前に作ったもの"),
        "built": lambda: say("{day} に作成", day="{day}"),
        "found": lambda: say(
            "{total} 件のうち、{found} 件が見つかりました。", total="{total}", found="{found}"
        ),
        "shown": lambda: say("はじめの {shown} 枚を表示しています。", shown="{shown}"),
        "none": lambda: say("あてはまる教材がありません。言葉や条件を減らしてみてください。"),
        "more": lambda: say("つづきを見る（あと {left} 枚）", left="{left}"),
    }
    return {key: _each(spoken, make) for key, make in sentences.items()}
