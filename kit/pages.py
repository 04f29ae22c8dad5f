"""A programme's own pages: its index, its data pages, its day sheets; left alone if unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kit import hashes, ledger
from kit.files import write_whole
from kit.language import using
from kit.plan import Plan
from kit.run import FAILED, PARTIAL, RECORD, Result, today

_NOTE = "pages.json"
_OWN = ("index.html", "*/index.html", "data/**/*.html", "runsheet/*.pdf")


def write(folder: Path, plan: Plan, results: Sequence[Result]) -> tuple[str, ...]:
    """Write the pages of a programme's folder, unless they are as they would be written.

    Parameters
    ----------
    folder : pathlib.Path
        The programme's folder.
    plan : Plan
        What was built.
    results : sequence of Result
        How its runs ended.

    Returns
    -------
    tuple of str
        What was found wrong in the plan while writing them.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    note = ledger.folder_for(folder) / _NOTE
    key = _depends_on(folder, plan, results)
    if (notes := _unchanged(note, key, folder)) is not None:
        return notes
    from kit.publish import datapages, daysheet, index

    days, problems = daysheet.write_days(folder, plan, today())
    first = plan.programme.languages[0]
    with using(first):
        data = datapages.write(folder, plan.programme.languages)
        title = plan.programme.title_in(first)
        page = index.write(folder, title, results, first, data, days)
    write_whole(folder / index.PAGE, page)
    notes = tuple(map(str, problems))
    described = {"key": key, "notes": notes, "sha256": dict(_hashes(folder))}
    write_whole(note, json.dumps(described, ensure_ascii=False, indent=2) + "\n")
    return notes


def _depends_on(folder: Path, plan: Plan, results: Sequence[Result]) -> str:
    return hashes.digest(
        {
            "house": ledger.whole_house(),
            "programme": plan.programme.model_dump(),
            "runs": [(run.label, run.start, dict(run.parameters)) for run in plan.runs],
            "failed": [(r.label, r.error) for r in results if r.status == "failed"],
            "records": dict(_records(folder)),
        }
    )


def _records(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob(f"*/*/*/{RECORD}")):
        inside = path.relative_to(folder)
        if inside.parts[0] not in (FAILED, PARTIAL):
            yield inside.as_posix(), hashes.hash_file(path)


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(_pages(folder)):
        yield path.relative_to(folder).as_posix(), hashes.hash_file(path)


def _pages(folder: Path) -> Iterable[Path]:
    return {path for pattern in _OWN for path in folder.glob(pattern)}


def _unchanged(note: Path, key: str, folder: Path) -> tuple[str, ...] | None:
    """Return the notes of the last time if nothing has changed since, else None."""
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        if said["key"] == key and said["sha256"] == dict(_hashes(folder)):
            return tuple(said["notes"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None
