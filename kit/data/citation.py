"""Where a number comes from, in one line and in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.language import current, say, spaced, using

if TYPE_CHECKING:
    from kit.places import Municipality


def pick(item: Mapping[str, Any], key: str, language: str | None = None) -> str:
    """Return ``item[key]`` in `language`: its own ``<key>_<language>`` where there is one.

    A language that puts spaces between its words reads English rather than Japanese.

    Examples
    --------
    >>> pick({"title": "人口", "title_en": "Population"}, "title", "en")
    'Population'
    """
    language = language or current()
    own = item.get(f"{key}_{language.replace('-', '_')}")
    english = item.get(f"{key}_en") if spaced(language) else None
    return str(own or english or item.get(key) or "")


@dataclass(frozen=True)
class Source:
    """One publication figures were taken from.

    Parameters
    ----------
    publisher, title, date, licence : str
        In Japanese; the fields ending in ``_en`` say the same in English.
    known : {"seen", "second-hand", "not-seen"}
        How well the licence is known: its wording was read, somebody else reports it, or neither.
    path : str
        Where it is published.
    note : str
        What was taken, and how its licence was looked for.
    in_line : bool
        Whether the one-line citation names it.
    """

    publisher: str
    title: str
    date: str
    licence: str
    known: str
    path: str = ""
    note: str = ""
    publisher_en: str = ""
    title_en: str = ""
    date_en: str = ""
    licence_en: str = ""
    note_en: str = ""
    in_line: bool = True

    def part(self, language: str | None = None) -> str:
        """Return ``publisher「title」（date、licence）`` in `language`."""
        with using(language or current()):
            words = {name: pick(vars(self), name) for name in _PARTS}
            return say("{publisher}「{title}」（{date}、{licence}）", **words)


_PARTS = ("publisher", "title", "date", "licence")


@dataclass(frozen=True)
class Citation:
    """The sources of a table or a simulated world.

    Parameters
    ----------
    name : str
        Dataset or world.
    title, title_en : str
        What it is about.
    sources : tuple of Source
        What it rests on.
    simulated : str or Municipality, optional
        The place a simulated world takes its population from: its five-digit code, or itself.
        Simulated numbers are never said of the place itself, and the line says so.

    Examples
    --------
    >>> cited = Citation("x", "表", "Table", (Source("市", "統計", "2020年", "CC BY 4.0", "seen"),))
    >>> cited.line("ja")
    '出典：市「統計」（2020年、CC BY 4.0）を加工して作成'
    """

    name: str
    title: str
    title_en: str
    sources: tuple[Source, ...]
    simulated: str | Municipality | None = None

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Citation:
        # pandas copies what is tied to a table at every step of a calculation; nothing here changes.
        return self

    def line(self, language: str | None = None) -> str:
        """Return the citation in one line, as it stands under a chart.

        Parameters
        ----------
        language : str, optional
            The current language when left out.
        """
        with using(language or current()):
            parts = " / ".join(source.part() for source in self.sources if source.in_line)
            if self.simulated is None:
                return say("出典：{sources}を加工して作成", sources=parts)
            from kit.places import find

            return say(
                "模擬データ：{town}と同じ人口構成の模擬のまち（人口構成の出典：{sources}）",
                town=find(self.simulated).name,
                sources=parts,
            )

    def __str__(self) -> str:
        return self.line()

    def __add__(self, other: Citation) -> Citation:
        """Return the citation of a table put together from two; each source once.

        What is joined with a simulated world is simulated.
        """
        more = tuple(source for source in other.sources if source not in self.sources)
        names = dict.fromkeys((*self.name.split("+"), *other.name.split("+")))
        title = self.title if self.title == other.title else f"{self.title}・{other.title}"
        english = [self.title_en, *([] if self.title == other.title else [other.title_en])]
        return Citation(
            "+".join(names),
            title,
            ", ".join(english),
            self.sources + more,
            self.simulated or other.simulated,
        )

    @classmethod
    def of(cls, name: str, titles: Mapping[str, Any], sources: list[dict[str, Any]]) -> Citation:
        """Return the citation a descriptor holds."""
        fields = Source.__dataclass_fields__
        return cls(
            name,
            pick(titles, "title", "ja"),
            pick(titles, "title", "en"),
            tuple(
                Source(**{key: value for key, value in source.items() if key in fields})
                for source in sources
            ),
        )
