"""The steps of a journey as rows of a form: all text, read with patience."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from kit.design.journey import ACTORS, CHANNELS, FEELINGS, KINDS, PATHS, Journey, Range, Step
from kit.design.logic import as_typed
from kit.design.tables import _number, labels, words
from kit.errors import KitError
from kit.language import say

ROW_LIMIT, TEXT_LIMIT, NUMBER_LIMIT = 60, 200, 20
CHOICES: Mapping[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "kind": KINDS,
    "path": PATHS,
    "actor": ACTORS,
    "emotion": tuple(str(feeling) for feeling in FEELINGS),
}
MINUTES = ("minutes_low", "minutes", "minutes_high")
NUMBERS = ("trips", "documents", "yen", "share", "days")
_WORDS = ("front", "back", "system")  # of the blueprint: a row carries them along
_DEFAULTS = {"channel": "home", "kind": "compliance", "path": "all", "actor": "citizen"} | {
    "emotion": "0",
    "share": "100",
}

Row = dict[str, str]
Troubles = dict[str, dict[str, str]]


def rows_of(journey: Journey) -> list[Row]:
    """Return the steps of `journey` as rows; ``then`` names the key of a row.

    Examples
    --------
    >>> row, = rows_of(Journey("写し", (Step("窓口", (5, 10, 20), channel="counter"),)))
    >>> row["minutes_low"], row["minutes"], row["minutes_high"], row["share"]
    ('5', '10', '20', '100')
    """
    keys = {step.name: f"s{number}" for number, step in enumerate(journey.steps, start=1)}
    return [
        # Always in one order: the browser sees by it whether it holds the same.
        empty_row(keys[step.name])
        | {
            "name": step.name,
            "minutes_low": _shown(step.minutes.low),
            "minutes": _shown(step.minutes.likely),
            "minutes_high": _shown(step.minutes.high),
            **{name: str(getattr(step, name)) for name in CHOICES},
            **{name: _shown(getattr(step, name)) for name in ("trips", "documents", "yen", "days")},
            "share": _shown(step.share * 100),
            **{name: getattr(step, name) for name in _WORDS},
            "redo": "yes" if step.redo else "",
            "then": keys.get(step.then or "", step.then or ""),
        }
        for step in journey.steps
    ]


def empty_row(key: str) -> Row:
    """Return the row of a step that is still to be written."""
    names = ("name", *MINUTES, *CHOICES, *NUMBERS, *_WORDS, "redo", "then")
    return {"key": key} | dict.fromkeys(names, "") | _DEFAULTS


def mended(given: object) -> list[Row]:
    """Return what can be used of `given`, which may be anything: rows of text, as they were typed.

    Examples
    --------
    >>> mended([7, {"key": "a", "name": "窓口", "channel": "moon"}])[0]["channel"]
    'home'
    """
    rows: dict[str, Row] = {}
    for item in given[:1000] if isinstance(given, list) else ():
        key = as_typed(item.get("key"), 40) if isinstance(item, Mapping) else ""
        if not key or key in rows or len(rows) == ROW_LIMIT:
            continue
        row = empty_row(key)
        for name in row:
            if name == "key":
                continue
            number = name in MINUTES or name in NUMBERS
            text = as_typed(item.get(name), NUMBER_LIMIT if number else TEXT_LIMIT)
            if name not in CHOICES or text in CHOICES[name]:
                row[name] = text
        rows[key] = row
    return list(rows.values())


def read(rows: list[Row], *, name: str, source: str) -> tuple[Journey | None, Troubles]:
    """Return the journey that `rows` say, or None and what is wrong.

    Parameters
    ----------
    rows : list of dict
        Made by :func:`rows_of` or :func:`mended`.
    name, source : str
        Of the journey.

    Returns
    -------
    Journey or None, dict
        Sentences by the key of the row and the name of the field; what concerns the whole stands
        under ``""``.

    Examples
    --------
    >>> from kit.language import using
    >>> row = empty_row("a") | {"name": "窓口", "minutes": "じゅう"}
    >>> with using("ja"):
    ...     read([row], name="写し", source="")[1]["a"]["minutes"]
    '「じゅう」は数として読めません。数字だけを書いてください（例: 15）。'
    """
    troubles: Troubles = {}
    steps = []
    names = {row["key"]: row["name"].strip() for row in rows}
    taken: set[str] = set()
    for row in rows:
        if _untouched(row):
            continue
        wrong: dict[str, str] = {}
        step = _step(row, names, wrong)
        if names[row["key"]] in taken:
            wrong["name"] = say(
                "同じ名前の手順があります。別の名前にしてください（例: 1回目・2回目）。"
            )
        taken.add(names[row["key"]])
        if wrong:
            troubles[row["key"]] = wrong
        elif step is not None:
            steps.append(step)
    if troubles:
        return None, troubles
    try:
        return Journey(name, tuple(steps), source), {}
    except KitError as error:
        return None, {"": {"": _told(error)}}


def _untouched(row: Row) -> bool:
    """Whether nothing has been typed yet: a row just added is neither wrong nor a step."""
    return not any(str(row[name]).strip() for name in ("name", *MINUTES))


def _step(row: Row, names: Mapping[str, str], wrong: dict[str, str]) -> Step | None:
    """Return the step a row says; put what is wrong with a field into `wrong`."""
    if not row["name"].strip():
        wrong["name"] = say("手順に名前を付けてください。")
    values: dict[str, Any] = {name: row[name] for name in CHOICES}
    values |= {name: row[name].strip() for name in _WORDS}
    numbers = {name: _amount(row, name, wrong) for name in (*MINUTES, *NUMBERS)}
    minutes = _minutes(numbers, wrong)
    share = 100.0 if numbers["share"] is None else numbers["share"]
    if not 0 <= share <= 100:
        wrong.setdefault("share", say("0 から 100 までの数を書いてください。"))
    if wrong:
        return None
    values |= {name: numbers[name] or 0.0 for name in ("trips", "documents", "yen", "days")}
    values |= {"emotion": int(row["emotion"]), "redo": row["redo"] == "yes", "share": share / 100}
    then = names.get(row["then"]) or ("end" if row["then"] == "end" else None)
    return Step(row["name"].strip(), minutes, then=then, **values)


def _amount(row: Row, name: str, wrong: dict[str, str]) -> float | None:
    """Return a number of the row; None if nothing is written, or nothing that can be used."""
    text = row[name].strip()
    if not text:
        return None
    try:
        number = _number(text)
    except KitError as error:
        wrong[name] = _told(error)
        return None
    if name == "share" and text.endswith(("%", "％")):
        number *= 100
    if not 0 <= number < math.inf:
        wrong[name] = say("0 以上の数を書いてください。")
        return None
    return number


def _minutes(numbers: Mapping[str, float | None], wrong: dict[str, str]) -> Range:
    known = [number for name in MINUTES if (number := numbers[name]) is not None]
    nothing = Range(0, 0, 0)
    if set(MINUTES) & set(wrong):
        return nothing
    if not known:
        if not numbers["days"]:
            wrong["minutes"] = say(
                "時間（分）が空です。測れていないときは、仮の値を入れてください。"
            )
        return nothing
    # One number known: nothing is invented about the others.
    likely = numbers["minutes"] if numbers["minutes"] is not None else sum(known) / len(known)
    low, high = numbers["minutes_low"], numbers["minutes_high"]
    try:
        return Range(likely if low is None else low, likely, likely if high is None else high)
    except KitError as error:
        wrong["minutes"] = _told(error)
        return nothing


def _told(error: KitError) -> str:
    from kit.design.wording import joined

    return joined(error.message, error.hint or "")


def _shown(number: float) -> str:
    return format(number, ".10g")


def names() -> dict[str, str]:
    """Return what each field is called, in the current language."""
    return labels() | {"share": say("通る割合（%）"), "emotion": say("気持ち")}


def choices() -> dict[str, list[list[str]]]:
    """Return the menus: for each field the values and what they are called."""
    called = words()
    feelings = (
        say("とてもつらい"),
        say("つらい"),
        say("ふつう"),
        say("うれしい"),
        say("とてもうれしい"),
    )
    menus = {
        name: [[value, called.get(f"{name}:{value}", called.get(value, value))] for value in values]
        for name, values in CHOICES.items()
    }
    signs = ("−2", "−1", "0", "1", "2")
    menus["emotion"] = [
        [str(value), f"{sign} {word}"]
        for value, sign, word in zip(FEELINGS, signs, feelings, strict=True)
    ]
    return menus
