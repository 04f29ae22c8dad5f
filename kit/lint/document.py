"""A built file as the checks see it, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field


def words(text: str) -> frozenset[str]:
    """Return the words of a text.

    Examples
    --------
    >>> sorted(words("td th"))
    ['td', 'th']
    """
    return frozenset(text.split())


# Kinds of text. What is drawn, coded or computed is not a sentence of a language.
PROSE, HEADING, CELL, LABEL, TITLE = "prose", "heading", "cell", "label", "title"
CODE, FORMULA, DRAWING = "code", "formula", "drawing"
SENTENCES = frozenset((PROSE, HEADING, LABEL, TITLE))


@dataclass(frozen=True)
class Block:
    """A piece of text that stands by itself.

    Parameters
    ----------
    place : str
        Where it stands.
    text : str
        What a reader reads.
    language : str
        The language it says it is in; "" if it says none.
    kind : str
        One of the kinds above.
    bare : str
        The text without code that stands inside a sentence.
    """

    place: str
    text: str
    language: str = ""
    kind: str = PROSE
    bare: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart or image and what is said about it for those who do not see it.

    Parameters
    ----------
    place : str
        Where it stands.
    words : str
        Its description.
    cells : tuple of str
        The cells of its data table; empty if it has none.
    rows : int
        Rows of that table.
    whole : bool
        Whether all of the data is in the table.
    drawn : str
        What tells its drawing from another's.
    """

    place: str
    words: str
    cells: tuple[str, ...] = ()
    rows: int = 0
    whole: bool = True
    drawn: str = ""


@dataclass
class Document:
    """One file.

    Parameters
    ----------
    file : str
        Path inside the folder that was looked over.
    language : str
        The language it declares; "" if it declares none.
    """

    file: str
    language: str = ""
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    # Everything that is written in the file, to be searched for the machine's names.
    written: list[tuple[str, str]] = field(default_factory=list)
    # Places where a glyph is missing.
    boxes: list[str] = field(default_factory=list)
    # Why its text could not be read; "" if it could.
    unreadable: str = ""

    def text(self, *kinds: str) -> str:
        """Return all text of these kinds (by default all), a block a line."""
        return "\n".join(b.text for b in self.blocks if not kinds or b.kind in kinds)
