"""A dataset in words: what its tables hold, where they come from, what to mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.data.citation import Citation, Source, pick
from kit.data.descriptors import folder_of, read_descriptor
from kit.data.packages import citation, load, vintages
from kit.language import current, say, spaced


@dataclass(frozen=True)
class Field:
    """One column.

    Parameters
    ----------
    name, title : str
        Column name, and what a reader sees.
    kind : str
        Its type in words.
    unit, note : str
        Unit, and what the number means.
    allowed : str
        The values it may take.
    translated : bool
        Whether `note` is in the language asked for; it stays Japanese where nobody translated it.
    """

    name: str
    title: str
    kind: str
    unit: str
    note: str
    allowed: str
    translated: bool = True


@dataclass(frozen=True)
class Table:
    """One table of a dataset."""

    name: str
    title: str
    note: str
    rows: int
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    vintages: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class About:
    """A dataset as `kit data show` and its page tell it, in one language."""

    name: str
    title: str
    description: str
    version: str
    tables: tuple[Table, ...]
    quirks: tuple[str, ...]
    citation: Citation


def about(name: str) -> About:
    """Return what there is to know of a dataset, in the current language.

    Parameters
    ----------
    name : str
        See :func:`kit.data.names`.

    Raises
    ------
    DataError
        If there is no such dataset, or it is damaged.

    Examples
    --------
    >>> towns = about("municipalities")
    >>> [table.rows for table in towns.tables]
    [62, 620, 38]
    """
    package = read_descriptor(folder_of(name))
    return About(
        name,
        pick(package, "title"),
        pick(package, "description"),
        str(package.get("version", "")),
        tuple(_table(name, resource) for resource in package["resources"]),
        tuple(quirk.get(current()) or quirk["ja"] for quirk in package.get("quirks", [])),
        citation(name),
    )


def _table(name: str, resource: Mapping[str, Any]) -> Table:
    table, schema = resource["name"], resource["schema"]
    cited = Citation.of(name, resource, list(resource.get("sources", [])))
    return Table(
        table,
        pick(resource, "title"),
        pick(resource, "description"),
        len(load(name, table)),
        tuple(_field(one, schema) for one in schema["fields"]),
        tuple(schema.get("primaryKey", ())),
        vintages(name, table),
        cited.sources,
    )


def _field(one: Mapping[str, Any], schema: Mapping[str, Any]) -> Field:
    return Field(
        one["name"],
        pick(one, "title"),
        _kind(one["type"]),
        pick(one, "unit"),
        pick(one, "description"),
        _allowed(one, schema),
        not spaced()
        or not one.get("description")
        or pick(one, "description") != one["description"],
    )


def _kind(kind: str) -> str:
    return {
        "string": say("文字"),
        "integer": say("整数"),
        "number": say("数"),
        "boolean": say("はい・いいえ"),
        "date": say("日付"),
        "year": say("年"),
    }.get(kind, kind)


def _allowed(one: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return in words what a column may hold: its codes, its range, whether it may be empty."""
    limits = one.get("constraints", {})
    parts = []
    if one.get("categories"):
        words = [f"{c['value']}＝{pick(c, 'label')}" for c in one["categories"]]
        parts.append((", " if spaced() else "、").join(words))
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        parts.append(say("{low} から {high}", low=low, high=high))
    elif low is not None:
        parts.append(say("{low} 以上", low=low))
    elif high is not None:
        parts.append(say("{high} 以下", high=high))
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        if list(key["fields"]) == [one["name"]] and reference["resource"]:
            parts.append(say("表「{table}」にあるもの", table=reference["resource"]))
    if not limits.get("required"):
        parts.append(say("空のことがあります"))
    return " / ".join(parts)


def known_words(source: Source) -> str:
    """Return how well the licence of a publication is known, in words.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     known_words(Source("市", "統計", "2020年", "CC BY 4.0", "seen"))
    '条件の文を読みました'
    """
    return {
        "seen": say("条件の文を読みました"),
        "second-hand": say("ほかの文書で知りました"),
        "not-seen": say("条件の文を読めていません"),
    }[source.known]
