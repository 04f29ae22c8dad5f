"""What a run depends on, and why it would have to be made again.

A run has two layers. What its cells put out depends on its *execution* parts, one set for each
edition; what readers open depends on these and on its *publishing* parts. Each part has a name and
the hash (or the value) it had, so that a difference can be told: see :mod:`kit.explain`. Dates of
files play no role.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import kit
from kit import course, edition
from kit.catalogue import read_notebook, translate
from kit.hashes import digest, files_below, hash_file, hash_folder, tree_of
from kit.house import home
from kit.language import SOURCE
from kit.plan import Run

Parts = dict[str, str]

FOLDER = ".ledger"
MEMO = "memo"  # what a run has read that has set a PDF from inside a notebook
ALWAYS_READ = ("municipalities", "principles")  # names of towns, titles of principles
OF_WORKSHOP = ("workshop.toml", "checks.py")

# The kit's modules that no cell runs. What neither list names is taken for what cells run.
STUDIO = frozenset(
    (
        *("plan", "run", "batch", "edition", "catalogue", "rules", "author", "request", "desk"),
        *("doctor", "binder", "links", "publish", "results", "lint", "bundle", "console"),
        *("cli", "cli_build", "cli_class", "cli_data", "cli_links", "cli_lint", "cli_bundle"),
        *("cli_translate", "cli_readability", "translation", "__main__"),
        *("ledger", "kept", "explain", "lock", "workers", "failure", "pages", "hashes"),
        "plain",
    )
)
# Of these, the ones that make what readers open.
_PRESS = ("publish", "edition", "catalogue", "run", "plain")
_TEMPLATES = ("base", "fonts", "handout", "pdf", "slides", "worksheet")
_EXECUTES = (
    *("ipykernel", "ipython", "ipywidgets", "anywidget", "pandas", "numpy", "scipy"),
    *("statsmodels", "altair", "vl-convert-python"),
)
_PUBLISHES = (
    *("typst", "jinja2", "markdown-it-py", "latex2mathml", "pygments", "segno"),
    *("vl-convert-python", "nbformat"),
)
_CELL_KEYS = ("tags", "workshop", "slideshow", "jupyter")
_IMPORT = re.compile(r'^#import "([^"]+)"', re.MULTILINE)
_FROM_PUBLISH = re.compile(r"^\s*(?:from kit\.publish(?:\.(\w+))? )?import (.+)$", re.MULTILINE)


def look_anew() -> None:
    """Forget what files held: another build begins, and they may have changed."""
    for remembered in (
        *(files_below, _workshop, _classroom, _studio, _declared, _dataset, _citation),
        *(_of_notebook, _of_workshop, _messages, _own_messages, _memo),
    ):
        remembered.cache_clear()


def execution(run: Run, name: str, reads: Iterable[str] = ()) -> Parts:
    """Return what the outputs of an edition's cells depend on.

    Parameters
    ----------
    run : Run
        From a plan.
    name : {"participant", "facilitator"}
        The edition.
    reads : iterable of str
        What it was seen to read the last time: datasets, and ``memo`` for one that set a PDF.
    """
    folder = _workshop(run.workshop)
    reads = frozenset(reads)
    parts = {
        "language": run.language,
        "cells": _of_notebook(folder, run.language)[name],
        **_classroom(),
        **_of_workshop(folder),
        **_words(folder, run.language, studio=False),
        **{f"parameter/{key}": repr(value) for key, value in sorted(run.parameters.items())},
        **{f"datasets/{one}": _dataset(one) for one in sorted({*ALWAYS_READ, *reads} - {MEMO})},
    }
    if MEMO in reads:
        parts |= {"press": _memo(), **_versions(("typst",))}
    return parts


def publishing(run: Run) -> Parts:
    """Return what the files of a run depend on besides what its cells put out."""
    folder = _workshop(run.workshop)
    return {
        "text": _of_notebook(folder, run.language)["text"],
        **_studio(),
        "editions": ", ".join(run.editions),
        "forms": ", ".join(run.forms),
        "programme": run.programme,
        "start": run.start or "",
        **_of_workshop(folder),
        **_words(folder, run.language, studio=True),
        **{f"parameter/{key}": repr(value) for key, value in sorted(run.parameters.items())},
        **{f"datasets/{one}": _dataset(one) for one in ALWAYS_READ},
        **{f"citation/{one}": _citation(one) for one in _declared(folder)},
    }


def whole_house() -> str:
    """Return a hash of all that a programme's own pages (index, data, day sheets) are made from."""
    rooms = {name: hash_folder(home() / name) for name in ("workshops", "datasets", "templates")}
    return digest({**rooms, "kit": hash_folder(home() / "kit"), **_versions(_PUBLISHES)})


def folder_for(output: Path) -> Path:
    """Return where the ledger of a programme's folder lies: beside it, not inside.

    The programme's folder is handed on as it is; what was executed holds every answer.

    Examples
    --------
    >>> folder_for(Path("build/half-day")).as_posix()
    'build/.ledger/half-day'
    """
    return output.parent / FOLDER / output.name


def _below(room: str, folders: Iterable[str]) -> dict[str, str]:
    starts = tuple(f"{folder}/" for folder in folders)
    return {n: value for n, value in files_below(home() / room).items() if n.startswith(starts)}


def _kit(wanted: Callable[[str], bool]) -> dict[str, str]:
    """Return the files of the kit's modules that are wanted; catalogues are looked at apart."""
    return {
        name: value
        for name, value in files_below(home() / "kit").items()
        if wanted(name.partition("/")[0].removesuffix(".py")) and not name.startswith("locale/")
    }


@cache
def _workshop(id: str) -> Path:
    return home() / "workshops" / id


@cache
def _classroom() -> Parts:
    """Return what the cells of every run depend on."""
    return {
        "kit": tree_of("kit", _kit(lambda module: module not in STUDIO)),
        "fonts": tree_of("templates", _below("templates", ("fonts", "base/measure"))),
        "system": f"{platform.system()} {platform.machine()}",
        **_versions(_EXECUTES),
    }


@cache
def _studio() -> Parts:
    """Return what the files of every run depend on."""
    return {
        "studio": tree_of("kit", _kit(lambda module: module in _PRESS)),
        "templates": tree_of("templates", _below("templates", _TEMPLATES)),
        **_versions(_PUBLISHES),
    }


@cache
def _declared(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(course.workshop(folder.name).spec.datasets))


@cache
def _dataset(name: str) -> str:
    return tree_of(f"datasets/{name}", files_below(home() / "datasets" / name))


@cache
def _citation(name: str) -> str:
    return files_below(home() / "datasets" / name).get("datapackage.json", "")


@cache
def _of_workshop(folder: Path) -> Parts:
    files = files_below(folder)
    return {name: files.get(name, "") for name in OF_WORKSHOP}


@cache
def _of_notebook(folder: Path, language: str) -> Parts:
    """Return hashes of the cells that run, for each edition, and of all that is read.

    The values of a run's parameters are parts of their own, so one look serves all towns.
    """
    workshop = course.workshop(folder.name)
    catalogue = workshop.catalogue(language)
    notebook = read_notebook(workshop.notebook_path)
    prepared = type(notebook)(notebook, cells=[type(c)(c) for c in notebook.cells])
    for cell in prepared.cells:
        if "parameters" not in edition.tags(cell) and language != SOURCE:
            cell["source"] = translate(cell, catalogue)
    editions = {
        "participant": edition.participant(prepared, language),
        "facilitator": edition.facilitator(prepared),
    }
    found = {
        name: tree_of(
            "",
            {
                _called(workshop.id, cell): digest([cell.source, sorted(edition.tags(cell))])
                for cell in made.cells
                if cell.cell_type == "code" and "parameters" not in edition.tags(cell)
            },
        )
        for name, made in editions.items()
    }
    found["text"] = tree_of("", dict(_read(workshop.id, prepared.cells)))
    return found


def _read(id: str, cells: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for cell in cells:
        metadata = {key: cell.metadata.get(key) for key in _CELL_KEYS}
        yield _called(id, cell), digest([cell.cell_type, cell.source, metadata])
    yield f"workshops/{id}/workshop.ipynb", digest([cell.id for cell in cells])


def _called(id: str, cell: Any) -> str:
    return f"workshops/{id}/workshop.ipynb#{cell.id}"


def _words(folder: Path, language: str, *, studio: bool) -> Parts:
    """Return hashes of the translations that code asks for while it runs."""
    if language == SOURCE:
        return {}
    return {
        f"{language}.po": _messages(folder, language),
        f"kit/locale/{language}.po": _own_messages(language, studio),
    }


@cache
def _messages(folder: Path, language: str) -> str:
    """Return a hash of a workshop's translations but for its prose, which is in the cells."""
    workshop = course.workshop(folder.name)
    prose = {c.id for c in read_notebook(workshop.notebook_path).cells if c.cell_type != "code"}
    entries = workshop.catalogue(language).entries
    spoken = {source for context, source in entries if context not in prose}
    return digest(
        [[*key, text] for key, text in entries.items() if key[0] not in prose or key[1] in spoken]
    )


@cache
def _own_messages(language: str, studio: bool) -> str:
    """Return a hash of the kit's translations: all, or those that not only the studio says."""
    path = home() / "kit" / "locale" / f"{language}.po"
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    entries = (block for block in text.split("\n\n") if studio or _said_by_cells(block))
    return digest(list(entries))


def _said_by_cells(entry: str) -> bool:
    said = re.findall(r"kit/(\w+)", "\n".join(re.findall(r"^#: .*$", entry, re.MULTILINE)))
    return not said or any(module not in STUDIO for module in said)


@cache
def _memo() -> str:
    """Return a hash of the press that a notebook asks for a PDF: :mod:`kit.publish.memo`."""
    files = {f"publish/{m}.py" for m in _imported("memo")}
    modules = {f"kit/{n}": value for n, value in files_below(home() / "kit").items() if n in files}
    templates = files_below(home() / "templates")
    wanted, found = ["memo.typ"], set[str]()
    while wanted:
        name = wanted.pop()
        path = home() / "templates" / "pdf" / name
        if name not in found and path.is_file():
            found.add(name)
            wanted += _IMPORT.findall(path.read_text(encoding="utf-8"))
    pages = {f"templates/pdf/{name}": templates[f"pdf/{name}"] for name in found}
    return tree_of("", modules | pages)


def _imported(module: str) -> set[str]:
    """Return the modules of :mod:`kit.publish` that one of them needs, itself included."""
    known = {name for name in files_below(home() / "kit") if name.startswith("publish/")}
    wanted, found = [module], set[str]()
    while wanted:
        name = wanted.pop()
        if name in found or f"publish/{name}.py" not in known:
            continue
        found.add(name)
        text = (home() / "kit" / "publish" / f"{name}.py").read_text(encoding="utf-8")
        for inside, names in _FROM_PUBLISH.findall(text):
            wanted += [inside] if inside else re.findall(r"\w+", names)
    return found


def _versions(names: Iterable[str]) -> Parts:
    return {"version/kit": kit.__version__, **{f"version/{n}": _version(n) for n in names}} | {
        "version/python": platform.python_version()
    }


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def seal(record: Mapping[str, Any]) -> str:
    """Return what a record has as its ``seal``: the hash of all the rest of it.

    Examples
    --------
    >>> record = {"title": "題"}
    >>> seal(record) == seal({**record, "seal": seal(record)})
    True
    """
    return digest({key: value for key, value in record.items() if key != "seal"})


def damaged(folder: Path, record: Mapping[str, Any]) -> list[str]:
    """Return the files of a result that are missing or are not what they were when it was made.

    Parameters
    ----------
    folder : pathlib.Path
        A run's folder.
    record : mapping
        Its ``run.json``.
    """
    if record.get("seal") != seal(record):
        return ["run.json"]
    base = os.fspath(folder)  # thousands of files: a Path for each would cost as much as reading it
    return [name for name, value in record["sha256"].items() if _hash(f"{base}/{name}") != value]


def _hash(path: str) -> str | None:
    try:
        return hash_file(path)
    except OSError:
        return None
