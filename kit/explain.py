"""How a run stands: unchanged, to be published again, or to be executed; and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import hashes, kept, ledger
from kit.errors import KitError
from kit.language import say
from kit.ledger import Parts
from kit.plan import Run
from kit.run import read_record

NOTHING, PUBLISH, EXECUTE = "nothing", "publish", "execute"
_PUBLISHING = "publishing"
_FILES = ("cells", "text", "kit", "studio", "templates", "fonts", "press")  # hashes of many files


@dataclass(frozen=True)
class Change:
    """A part of what a run depends on: its name, and what it was and is (``""``: was not there)."""

    part: str
    before: str
    now: str


@dataclass(frozen=True)
class Standing:
    """How a run stands.

    Parameters
    ----------
    run : Run
        It.
    todo : {"nothing", "publish", "execute"}
        What has to be done.
    changes : tuple of Change
        What it depends on that is not what it was.
    damaged : tuple of str
        Files of the result that are missing or were changed.
    made : bool
        Whether there is a result at all.
    seconds : float or None
        How long the same took the last time.
    error : str
        What is wrong with what it is made from, if that can be told already.
    """

    run: Run
    todo: str
    changes: tuple[Change, ...] = ()
    damaged: tuple[str, ...] = ()
    made: bool = True
    seconds: float | None = None
    error: str = ""


def look(run: Run, output: Path) -> Standing:
    """Return how `run` stands in the programme's folder `output`.

    Every file of its result is read and compared by its hash; dates mean nothing.

    Parameters
    ----------
    run : Run
        From a plan.
    output : pathlib.Path
        The programme's folder.
    """
    record = read_record(output / run.folder) or {}
    before = _recorded(record)
    try:
        now = {
            **{name: ledger.execution(run, name, _reads(record, name)) for name in run.editions},
            _PUBLISHING: ledger.publishing(run),
        }
        damaged = tuple(ledger.damaged(output / run.folder, record)) if record else ()
    except KitError as error:
        return Standing(run, EXECUTE, made=bool(record), error=str(error))
    except (KeyError, TypeError, AttributeError):
        return Standing(run, EXECUTE, made=False)  # a record of another version, or of nobody's
    if before == now and not damaged:
        return Standing(run, NOTHING)
    stale, outcomes = [], {}
    for name in run.editions:
        outcomes[name] = found = kept.parts_of(kept.path(ledger.folder_for(output), run, name))
        if found is None or found[0] != ledger.execution(run, name, found[1]):
            stale.append(name)
    changes = list(_changes(before, now))
    if not record:
        changes = [
            change
            for name in stale
            if (found := outcomes[name])
            for change in _differences(found[0], ledger.execution(run, name, found[1]))
        ]
    return Standing(
        run,
        EXECUTE if stale else PUBLISH,
        tuple(dict.fromkeys(changes)),
        damaged,
        bool(record),
        _seconds(record, [*stale, "publish"]),
    )


def reasons(standing: Standing, output: Path) -> list[str]:
    """Return why a run does not stand as it is, a sentence each, in the current language.

    Parameters
    ----------
    standing : Standing
        From :func:`look`.
    output : pathlib.Path
        The programme's folder.
    """
    if standing.error:
        return standing.error.splitlines()
    told = [] if standing.made else [say("まだ作っていません。")]
    told += [
        sentence
        for change in standing.changes
        for sentence in _sentences(change, standing.run, ledger.folder_for(output))
    ]
    told += [
        say("できたファイルが消えたか、変わりました: {name}", name=n) for n in standing.damaged
    ]
    if standing.todo == EXECUTE and not told:
        told.append(say("実行の結果がとってありません。"))
    return list(dict.fromkeys(told))


def _recorded(record: Mapping[str, Any]) -> dict[str, Any]:
    execution = record.get("execution")
    editions = execution if isinstance(execution, dict) else {}
    return {**editions, _PUBLISHING: record.get(_PUBLISHING)}


def _reads(record: Mapping[str, Any], name: str) -> Iterable[str]:
    reads = record.get("reads", {})
    return [str(one) for one in reads.get(name, ())]


def _changes(before: Mapping[str, Any], now: Mapping[str, Parts]) -> Iterator[Change]:
    for name, parts in now.items():
        yield from _differences(before.get(name) or {}, parts)


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    if not before:
        return
    for part in sorted({*before, *now}):
        if before.get(part) != now.get(part):
            yield Change(part, before.get(part, ""), now.get(part, ""))


def _seconds(record: Mapping[str, Any], steps: Iterable[str]) -> float | None:
    taken = record.get("seconds")
    if not isinstance(taken, dict):
        return None
    return sum(float(taken.get(step, 0)) for step in steps)


def _sentences(change: Change, run: Run, ledger_folder: Path) -> Iterator[str]:
    kind, _, name = change.part.partition("/")
    if change.part in _FILES or kind == "datasets":
        files = sorted(_changed_files(change, ledger_folder)) or [change.part]
        for file in files:
            yield say("変わりました: {name}", name=file)
    elif kind == "parameter":
        yield say(
            "パラメーター {name}: {before} → {now}",
            name=name,
            before=change.before or "–",
            now=change.now or "–",
        )
    elif kind == "version":
        yield say(
            "{name} の版: {before} → {now}",
            name=name,
            before=change.before or "–",
            now=change.now or "–",
        )
    elif kind == "citation":
        yield say("変わりました: {name}", name=f"datasets/{name}/datapackage.json")
    elif change.part in ledger.OF_WORKSHOP or change.part == f"{run.language}.po":
        yield say("変わりました: {name}", name=f"workshops/{run.workshop}/{change.part}")
    else:
        yield say("変わりました: {name}", name=change.part)


def _changed_files(change: Change, ledger_folder: Path) -> Iterator[str]:
    before = hashes.tree(ledger_folder, change.before)
    now = hashes.tree(ledger_folder, change.now)
    if before is None or now is None:
        return
    for file in {*before, *now}:
        if before.get(file) != now.get(file):
            yield file
