"""What lies in a build's folder → the entries its index lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit import course, places
from kit.errors import KitError
from kit.house import home
from kit.language import say, using
from kit.run import FAILED, PARTIAL, RECORD, Result, read_record
from kit.spec import Spec

_CELL = re.compile(
    r"^(?P<workshop>\S+)/workshop\.ipynb#(?P<cell>\S+) \((?P<edition>\w+); (?P<parameters>.*)\)$"
)
# What may stand in a command without quotes, in cmd.exe, PowerShell and sh alike.
_BARE = re.compile(r"[\w.,:=+-]+")
_Specs = Callable[[str, str], Spec | None]


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
    built : str
        Day the files were made, ISO 8601.
    sizes : mapping of str to int
        Path → bytes.
    principles : tuple of int
        Numbers of the principles the workshop serves.
    citations : tuple of str
        Sources and licences of the figures in it, in `language`.
    simulated : bool
        Whether its results are of a simulated town.
    command : str
        For a failed run: what to type to make it again.
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
    built: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    principles: tuple[int, ...] = ()
    citations: tuple[str, ...] = ()
    simulated: bool = False
    command: str = ""

    @property
    def failed(self) -> bool:
        """Whether the run did not go through."""
        return self.status == "failed"

    @property
    def variant(self) -> str:
        """Folder name of the set of parameters it was made with.

        Examples
        --------
        >>> Entry("w", "題", "港区", "ja", "made", words="港区 w/13103-minato/ja").variant
        '13103-minato'
        """
        label = self.words.rpartition(" ")[2].split("/")
        return label[1] if len(label) == 3 else self.place


def entries(folder: Path, results: Iterable[Result]) -> list[Entry]:
    """Return the runs of this build, then the whole ones that lie in `folder` besides.

    Parameters
    ----------
    folder : pathlib.Path
        ``build/<programme>``.
    results : iterable of Result
        How the runs of this build ended.
    """
    specs: _Specs = cache(_spec)
    found = {result.label: _entry(folder, result, specs) for result in results}
    for record in sorted(folder.glob(f"*/*/*/{RECORD}")):
        label = record.parent.relative_to(folder).as_posix()
        if label not in found and label.split("/")[0] not in (FAILED, PARTIAL):
            found[label] = _entry(folder, Result(label, "unchanged"), specs)
    return list(found.values())


def _entry(folder: Path, result: Result, specs: _Specs) -> Entry:
    workshop, variant, language = result.label.split("/")
    record = read_record(folder / result.label) or {}
    paths = {name: f"{result.label}/{name}" for name in _texts(record.get("files"))}
    if record:
        paths[RECORD] = f"{result.label}/{RECORD}"
    if result.status == "failed":
        for kept in sorted((folder / FAILED / result.label).glob("*.ipynb"))[:1]:
            paths["failed.ipynb"] = kept.relative_to(folder).as_posix()
    sizes = {path: size for path in paths.values() if (size := _size(folder / path)) is not None}
    there = {name: path for name, path in paths.items() if path in sizes}
    cell, parameters, reason = _failure(result.error)
    town = town_of(variant)
    spec = specs(workshop, language)
    return Entry(
        workshop,
        str(record.get("title") or (spec.title if spec else workshop)),
        _place(variant, language, town),
        language,
        result.status,
        {name: path for name, path in there.items() if "/" not in name},
        {name.split("/", 1)[1]: path for name, path in there.items() if "/" in name},
        cell,
        reason,
        " ".join((*_spellings(town), result.label)),
        built=str(record.get("built") or ""),
        sizes=sizes,
        principles=spec.principles if spec else (),
        citations=tuple(_texts(record.get("citations"))),
        simulated=bool(record.get("simulated", spec.simulated if spec else False)),
        command=_command(folder, result, parameters, spec) if result.status == "failed" else "",
    )


def _size(path: Path) -> int | None:
    """Return the size of a file in bytes, or None if it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def _texts(value: Any) -> list[str]:
    """Return the texts of a list out of a record that somebody may have edited."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _failure(error: str) -> tuple[str, dict[str, Any], str]:
    """Return the cell that failed, the parameters it ran with and what it said.

    Examples
    --------
    >>> _failure("division by zero\\n  a/workshop.ipynb#count (participant; n=3)\\n  → x")
    ('count', {'n': 3}, 'division by zero')
    """
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    found = next((match for line in lines if (match := _CELL.match(line))), None)
    said = [line for line in lines if not _CELL.match(line) and not line.startswith("→")]
    if found is None:
        return "", {}, "\n".join(said[:3])
    return found["cell"], dict(_keywords(found["parameters"])), "\n".join(said[:3])


def _keywords(written: str) -> Iterator[tuple[str, Any]]:
    """Yield the parameters out of ``name=value, …`` as a run's message writes them."""
    try:
        call = ast.parse(f"f({written})", mode="eval").body
    except (SyntaxError, ValueError):
        return
    for keyword in getattr(call, "keywords", ()):
        if keyword.arg and isinstance(keyword.value, ast.Constant):
            yield keyword.arg, keyword.value.value


def _command(folder: Path, result: Result, parameters: Mapping[str, Any], spec: Spec | None) -> str:
    """Return what makes the run again, into the same folder."""
    workshop, variant, language = result.label.split("/")
    town = town_of(variant)
    words = ["kit", "build"]
    if (home() / "workshops" / f"{folder.name}.toml").is_file():
        words.append(folder.name)
    words += ["-w", workshop, *(["-m", town.code] if town else []), "-l", language]
    fitted = False
    for parameter in spec.parameter if spec else ():
        named = f"{parameter.name}-"
        written = [p.removeprefix(named) for p in variant.split("--") if p.startswith(named)]
        value = parameters.get(parameter.name, written[0] if written else parameter.default)
        if written:
            words += ["--set", _quoted(f"{parameter.name}={value}")]
        elif parameter.type in ("int", "float") and value != parameter.default:
            fitted = True
    if fitted:
        words.append("--fit")
    if folder.parent.name != "build":
        # Not the folder itself: the page goes to others, and says nothing of this machine.
        words += ["-o", say("出力先")]
    return " ".join(words)


def _quoted(word: str) -> str:
    """Return a word as it is typed.

    Examples
    --------
    >>> _quoted("letters=600"), _quoted('team=福祉課 "A"')
    ('letters=600', '"team=福祉課 \\\\"A\\\\""')
    """
    if _BARE.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _spec(workshop: str, language: str) -> Spec | None:
    """Return the workshop's spec, or None if it is no longer there or not in that language."""
    try:
        return course.workshop(workshop).localised(language)
    except KitError:
        return None


def town_of(variant: str) -> places.Municipality | None:
    """Return the municipality that the folder name of a set of parameters means.

    Examples
    --------
    >>> town_of("13201-hachioji--letters-600").name_ja
    '八王子市'
    """
    try:
        return places.find(variant.split("--")[0].split("-")[0])
    except KitError:
        return None


def _place(variant: str, language: str, town: places.Municipality | None) -> str:
    """Return the place a variant's folder name means."""
    if town is None:
        return variant
    with using(language):
        name = town.name
        rest = variant.split("--")[1:]
        if not rest:
            return name
        return say("{town}（{settings}）", town=name, settings=", ".join(rest))


def _spellings(town: places.Municipality | None) -> Sequence[str]:
    return (town.code, town.name_ja, town.kana, town.name_en) if town else ()
