"""What was typed after ``kit build`` → a plan."""

from __future__ import annotations

from collections.abc import Sequence

from kit import course
from kit import plan as planning
from kit.errors import ParameterError, Problems
from kit.language import say
from kit.plan import ALL, Entry, Grid, Plan, Programme

AD_HOC = "class"


def plan(
    batch: str | None = None,
    *,
    workshops: Sequence[str] = (),
    municipalities: Sequence[str] = (),
    languages: Sequence[str] = (),
    settings: Sequence[str] = (),
    editions: Sequence[str] = (),
    forms: Sequence[str] = (),
    start: str | None = None,
    fit: bool = False,
) -> Plan:
    """Return the plan of a batch file, of options, or of a batch file changed by options.

    Parameters
    ----------
    batch : str, optional
        A batch file, or the name of one in ``workshops/``. Without it every workshop (or those
        named) is built for the default municipality (or those named).
    workshops, municipalities, languages, editions, forms : sequence of str
        Narrow or replace what the batch file says.
    settings : sequence of str
        ``name=value`` each; the same name twice gives a grid.
    start : str, optional
        Clock time of the first workshop.
    fit : bool
        See :class:`kit.plan.Programme`.

    Raises
    ------
    CourseError, ParameterError, Problems
        Before anything is made.
    """
    if batch:
        path = planning.find_batch(batch)
        programme, id, where = planning.read_programme(path), path.stem, path.name
    else:
        entries = [Entry(id=id) for id in (workshops or course.workshop_ids())]
        title = {"ja": "ワークショップ教材", "en": "Workshop materials"}
        programme, id, where = Programme(title=title, workshop=entries), AD_HOC, ""
    changes: dict[str, object] = {}
    if batch and workshops:
        changes["workshop"] = _chosen(programme, workshops)
    for key, values in (("languages", languages), ("editions", editions), ("forms", forms)):
        if values:
            changes[key] = list(values)
    if start:
        changes["start"] = _clock(start)
    if fit:
        changes["fit"] = True
    asked = _asked(municipalities, settings)
    if asked:
        changes["grid"] = {**programme.grid, **asked}
        entries = changes.get("workshop", programme.workshop)  # type: ignore[assignment]
        changes["workshop"] = [_without(entry, asked) for entry in entries]
    return planning.plan(programme.model_copy(update=changes), id=id, where=where)


def _chosen(programme: Programme, ids: Sequence[str]) -> list[Entry]:
    for id in ids:
        course.workshop(id)
        if id not in [entry.id for entry in programme.workshop]:
            raise ParameterError(
                say("このプログラムにワークショップ「{id}」はありません。", id=id),
                where="--workshop",
                hint=", ".join(entry.id for entry in programme.workshop),
            )
    return [entry for entry in programme.workshop if entry.id in ids]


def _asked(municipalities: Sequence[str], settings: Sequence[str]) -> Grid:
    grid: dict[str, list[str | int | float]] = {}
    wrong = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            wrong.append(
                ParameterError(
                    say("「{setting}」は「名前=値」の形で書いてください。", setting=setting),
                    where="--set",
                    hint="--set letters=600",
                )
            )
            continue
        grid.setdefault(name.strip(), []).append(value.strip())
    if wrong:
        raise Problems(say("オプションに直すところがあります。"), list(wrong))
    if municipalities:
        grid["municipality"] = list(municipalities)
    found: Grid = dict(grid)
    if grid.get("municipality") == [ALL]:
        found["municipality"] = ALL
    return found


def _without(entry: Entry, asked: Grid) -> Entry:
    """Let what was typed win over what the entry says."""
    grid = {name: value for name, value in entry.grid.items() if name not in asked}
    changes: dict[str, object] = {"grid": grid}
    if "municipality" in asked:
        changes["include"] = []
    return entry.model_copy(update=changes)


def _clock(text: str) -> str:
    hour, _, minute = text.partition(":")
    if hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60:
        return f"{int(hour)}:{int(minute):02d}"
    raise ParameterError(
        say("時刻は 13:30 のように書いてください: {text}", text=text), where="--start"
    )
