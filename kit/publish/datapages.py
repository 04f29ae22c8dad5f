"""A page for each dataset: its fields, sources, licences and quirks.

They lie in ``data/<language>/`` of a build, for whoever asks where a number comes from in a room
without internet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import kit
from kit import course, data
from kit.data.about import About, about, known_words
from kit.data.citation import Source, pick
from kit.data.descriptors import DESCRIPTOR, folder_of, read_descriptor
from kit.errors import KitError
from kit.files import write_whole
from kit.house import home
from kit.language import say, spaced, using
from kit.publish import look, ruby

FOLDER = "data"
_TEMPLATE = "data/data.html.j2"
_STYLES = ("base/base.css", "data/data.css")


@dataclass(frozen=True)
class Link:
    """A dataset as the index names it.

    Parameters
    ----------
    titles : list of (str, str)
        (language, title).
    paths : list of (str, str)
        (language, path relative to the index).
    workshops : tuple of str
        Ids of the workshops that read it.
    """

    titles: list[tuple[str, str]]
    paths: list[tuple[str, str]]
    workshops: tuple[str, ...]


def write(folder: Path, languages: Sequence[str]) -> list[Link]:
    """Write the page of every dataset below `folder`, in each language, and return their links.

    Parameters
    ----------
    folder : pathlib.Path
        ``build/<programme>``. A page that would come out the same is left alone.
    languages : sequence of str
        Languages of the materials.

    Raises
    ------
    OSError
        If a page cannot be written.
    """
    readers = _readers()
    links = []
    for name in data.names():
        titles, paths = [], []
        for language in languages:
            path = folder / FOLDER / language / f"{name}.html"
            try:
                with using(language):
                    titles.append((language, pick(read_descriptor(folder_of(name)), "title")))
                    state = _state(name, language)
                    if not _stands(path, state):
                        path.parent.mkdir(parents=True, exist_ok=True)
                        write_whole(path, page(name, language, state))
            except KitError:
                continue  # a damaged dataset fails the runs that read it, not the others' index
            paths.append((language, path.relative_to(folder).as_posix()))
        if paths:
            links.append(Link(titles, paths, readers.get(name, ())))
    return links


def _readers() -> dict[str, tuple[str, ...]]:
    """Return dataset -> ids of the workshops that read it."""
    found: dict[str, tuple[str, ...]] = {}
    for id in course.workshop_ids():
        try:
            names = course.workshop(id).spec.datasets
        except KitError:
            continue
        for name in names:
            found[name] = (*found.get(name, ()), id)
    return found


def _state(name: str, language: str) -> str:
    """Return what a page is made from, in one word."""
    parts = [
        folder_of(name) / DESCRIPTOR,
        *(home() / "templates" / one for one in (_TEMPLATE, *_STYLES)),
        Path(__file__),
        Path(kit.__file__).parent / "locale" / f"{language}.po",
    ]
    digest = hashlib.sha256(kit.__version__.encode())
    for part in parts:
        digest.update(part.read_bytes() if part.exists() else b"")
    return digest.hexdigest()[:16]


def _stands(path: Path, state: str) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            return f'name="kit-state" content="{state}"' in file.read(2000)
    except (OSError, UnicodeDecodeError):
        return False


def page(name: str, language: str, state: str = "") -> str:
    """Return the page of one dataset as one HTML file.

    Parameters
    ----------
    name : str
        See :func:`kit.data.names`.
    language : str
        Language of the page.
    state : str
        What it is made from, to be found again in the page.

    Raises
    ------
    DataError
        If the dataset does not exist or is damaged.
    """
    with using(language):
        told = about(name)
        html = look.render(
            _TEMPLATE,
            language=language,
            policy=look.policy(),
            css=look.css(*_STYLES),
            state=state,
            about=_with_words(told, language),
            spans={table.name: _span(table.vintages) for table in told.tables},
            words=_words(),
        )
        return ruby.over(html, {})


def _with_words(told: About, language: str) -> Any:
    """Return `told` with each source beside what is said of it."""
    tables: Any = tuple(
        replace(table, sources=tuple(_said(table.sources, language)))  # type: ignore[arg-type]
        for table in told.tables
    )
    return replace(told, tables=tables)


def _said(sources: Iterable[Source], language: str) -> Iterator[tuple[Source, Mapping[str, Any]]]:
    for source in sources:
        fields = vars(source)
        said = {key: pick(fields, key) for key in ("publisher", "title", "date", "licence", "note")}
        translated = not spaced(language) or not source.note or bool(source.note_en)
        yield source, {**said, "known": known_words(source), "translated": translated}


def _span(vintages: Sequence[str]) -> str:
    if len(vintages) < 2:
        return "".join(vintages)
    return say(
        "{first} から {last} まで（{count} 時点）",
        first=vintages[0],
        last=vintages[-1],
        count=len(vintages),
    )


def _words() -> dict[str, str]:
    return {
        "skip": say("本文へ進む"),
        "data": say("データの説明"),
        "back": say("教材の一覧へもどる"),
        "quirks": say("読むときの注意"),
        "table": say("表"),
        "rows": say("行数"),
        "span": say("時点"),
        "key": say("1 行を決める列"),
        "fields": say("列の説明"),
        "field": say("列"),
        "meaning": say("意味"),
        "kind": say("型と単位"),
        "allowed": say("使える値"),
        "sources": say("出典と利用条件"),
        "publication": say("出典"),
        "date": say("時点"),
        "licence": say("利用条件"),
        "known": say("確かさ"),
        "cite": say("引用するとき"),
        "mind": say("教材の外で使うときは、公表元の条件を読んでください。"),
        "made": say("EBPMワークショップキット {version}", version=kit.__version__),
    }
