"""What a run sheet says about each section, read from a workshop's cells and the notes on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kit.language import say
from kit.publish.nodes import Node, inline, markdown, plain, printable
from kit.publish.sheets import printed_title

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from kit.publish.material import Material

_MORE = 2  # points
_LONGEST = 110  # characters of Japanese; Latin letters are about half as wide
_SENTENCE = re.compile(r"^.*?(?:。|[.!?](?=\s|$)|$)", re.DOTALL)
_ARROW = re.compile(r"\s*→\s*")
_LATE = re.compile(r"(?:\d+\s*分)?遅れ|プラン\s*B|.{0,24}\blate\b|plan b\b", re.IGNORECASE)
_LABEL = re.compile(r"^[^：:。、,]{1,24}[：:]\s*")
_NEIGHBOUR = re.compile(r"となりの人|neighbour", re.IGNORECASE)
_SHEET = re.compile(r"(?:ワークシート|worksheet)\s*(\d+)", re.IGNORECASE)

_NUMBERS = {
    word: n
    for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight"], 1)
}
_NUMBER = rf"(\d+|{'|'.join(_NUMBERS)})"
_SIZES = (
    # 「3〜4 人」「2人組」; 「1人1台」 says what each person has, not how many sit together.
    re.compile(r"(?:(\d+)\s*[〜～–-]\s*)?(\d+)\s*人(?!\s*に?\s*[\d一])"),
    re.compile(rf"(?:^|groups? of ){_NUMBER}(?: (?:or|to) {_NUMBER})?\b(?! \w+ each)", re.I),
)
_PAIR = re.compile(r"\bpair", re.IGNORECASE)
_EACH = (
    ("group", re.compile(r"(?:班|グループ)に\s*(\d+)|(?:1|一)\s*(?:班|グループ)に?\s*(\d+)")),
    ("person", re.compile(r"(?:1|一)\s*人に?\s*(\d+)")),
    ("group", re.compile(rf"(?:{_NUMBER}\b.*)?\b(?:per|each|a) (?:group|table|team)\b", re.I)),
    ("person", re.compile(rf"(?:{_NUMBER}\b.*)?\b(?:per person|each person|each)\b", re.I)),
)
_GROUP = 4


@dataclass
class Part:
    """What is done in one section.

    Parameters
    ----------
    form : list of str
        Who works with whom, in order: everyone, alone, in pairs, in groups.
    doing : list of str
        What participants do there: a quiz, an exercise, a page of the worksheet.
    first : str
        The first sentence of the facilitator's note.
    steps : list of str
        The note's steps, where it gives them as ``a → b → c``.
    more : list of str
        Where it does not: what its next points begin with.
    shorter : str
        What the note says about being late.
    """

    form: list[str] = field(default_factory=list)
    doing: list[str] = field(default_factory=list)
    first: str = ""
    steps: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    shorter: str = ""


def parts(material: Material) -> dict[str, Part]:
    """Return what is done in each section, by the id of the cell that opens it.

    Parameters
    ----------
    material : Material
        One executed run.
    """
    return _Reader(material).parts


def opening(material: Material) -> list[str]:
    """Return the points of the notes that stand before the first section.

    Parameters
    ----------
    material : Material
        One executed run.
    """
    first = {section.cell_id for section in material.agenda[:1]}
    points: list[str] = []
    for cell in material.facilitator.cells:
        if cell.id in first:
            break
        if _is_note(cell):
            lists = (node for node in markdown(cell.source) if node["kind"] == "list")
            points += [
                clipped(plain(item), 2 * _LONGEST) for node in lists for item in node["items"]
            ]
    return points


def group_size(text: str) -> int:
    """Return how many people at most sit together, by what a spec says about groups; else four.

    Examples
    --------
    >>> group_size("3〜4 人で 1 台。"), group_size("1人1台。となりの人と2人組で。"), group_size("")
    (4, 2, 4)
    >>> group_size("Groups of five or six."), group_size("One device each. Pair up.")
    (6, 2)
    """
    for pattern in _SIZES:
        found = pattern.search(text)
        if found:
            size = max(_number(part) for part in found.groups() if part)
            if 2 <= size <= 12:
                return size
    return 2 if _PAIR.search(text) else _GROUP


def needed(text: str) -> tuple[int, str] | None:
    """Return how many of a thing, and for each ``person`` or each ``group``, if `text` says so.

    Examples
    --------
    >>> needed("ワークシート（1人1枚）"), needed("班に 2 つのサイコロ"), needed("付せん 2 色")
    ((1, 'person'), (2, 'group'), None)
    >>> needed("One die or coin per group"), needed("Worksheets (one each) and pens")
    ((1, 'group'), (1, 'person'))
    """
    for per, pattern in _EACH:
        found = pattern.search(text)
        if found:
            number = next((part for part in found.groups() if part), "1")
            return _number(number), per
    return None


def clipped(text: str, longest: int = _LONGEST) -> str:
    """Return as much of `text` as a row of the sheet has room for.

    Parameters
    ----------
    text : str
        What is said.
    longest : int
        Characters of Japanese; Latin letters count half.

    Examples
    --------
    >>> clipped("短い文。"), len(clipped("長" * 10_000)) < 200
    ('短い文。', True)
    """
    text, room = printable(text).replace("\n", " "), 2 * longest
    for at, letter in enumerate(text):
        room -= 1 if ord(letter) < 0x2000 else 2
        if room < 0:
            return text[:at].rstrip() + "…"
    return text


def width(text: str) -> float:
    """Return about how wide `text` is set, in em.

    Examples
    --------
    >>> width("進行表"), width("ab")
    (3.0, 1.1)
    """
    return sum(0.55 if ord(letter) < 0x2000 else 1.0 for letter in text)


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or min(int(word), 999)


class _Reader:
    """The facilitator's notebook, cell by cell."""

    def __init__(self, material: Material) -> None:
        self.parts: dict[str, Part] = {}
        self.pairs = group_size(material.spec.groups) == 2
        self.tasks = material.spec.worksheet
        self.told: set[int] = set()
        self.exercises = 0
        opens = {section.cell_id for section in material.agenda}
        part: Part | None = None
        for cell in material.facilitator.cells:
            if cell.id in opens:
                part = self.parts.setdefault(cell.id, Part())
            # Exercises are numbered through the book, as in the guide with the answers.
            self.read(cell, part or Part())
        for part in self.parts.values():
            part.form = part.form or [say("全員")]

    def read(self, cell: NotebookNode, part: Part) -> None:
        tags = frozenset(cell.metadata.get("tags", ()))
        if tags & {"slides", "remove-cell", "parameters"}:
            return
        if _is_note(cell):
            _note(markdown(cell.source), part)
        elif "quiz" in tags:
            _once(part.doing, say("クイズ"))
            _once(part.form, say("一人で"))
        elif "discussion" in tags:
            pair = self.pairs or _NEIGHBOUR.search(cell.source)
            _once(part.doing, say("話し合い"))
            _once(part.form, say("2人で") if pair else say("班で"))
        elif tags & {"exercise", "solution"} and cell.cell_type == "code":
            self.exercises += 1
            _once(part.doing, say("演習 {number}", number=self.exercises))
            _once(part.form, say("2人で") if self.pairs else say("班で"))
        for number in self.sheets(cell):
            title = printed_title(plain(inline(self.tasks[number - 1].title)))
            name = say("ワークシート {number}", number=number)
            part.doing.append(say("{name}「{title}」", name=name, title=clipped(title)))

    def sheets(self, cell: NotebookNode) -> Iterator[int]:
        """Yield the tasks of the worksheet that `cell` names or is named by, each once."""
        named = {number for number, task in enumerate(self.tasks, 1) if task.cell == cell.id}
        if cell.cell_type == "markdown":
            # A task that names no cell belongs where the text first speaks of it.
            spoken = {int(found[1]) for found in _SHEET.finditer(cell.source)}
            named |= {number for number, task in enumerate(self.tasks, 1) if not task.cell} & spoken
        yield from sorted(named - self.told)
        self.told |= named


def _is_note(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and "facilitator" in cell.metadata.get("tags", ())


def _once(words: list[str], word: str) -> None:
    if word not in words:
        words.append(word)


def _note(nodes: Sequence[Node], part: Part) -> None:
    for text, timed in _points(nodes):
        body = _LABEL.sub("", text)
        body = body[:1].upper() + body[1:]
        steps = [clipped(step) for step in _ARROW.split(body) if step.strip("。. ")]
        if timed and len(steps) > 1 and not part.steps:
            part.steps = steps
        elif _LATE.match(text):
            part.shorter = part.shorter or clipped(body)
        elif not part.first:
            part.first = _sentence(text)
        elif not timed and len(part.more) < _MORE and not (_LABEL.match(text) or "→" in text):
            part.more.append(_sentence(text))
    if part.steps:
        part.more = []


def _points(nodes: Sequence[Node]) -> Iterator[tuple[str, bool]]:
    """Yield each paragraph and each point of a list, and whether a bold label gives its minutes."""
    for node in nodes:
        if node["kind"] == "paragraph":
            yield _text(node["children"])
        elif node["kind"] == "list":
            yield from (_text(item[0].get("children", ())) for item in node["items"] if item)


def _text(children: Sequence[Node]) -> tuple[str, bool]:
    text = "".join(plain([child]) for child in children)
    label = plain(children[:1]) if children and children[0]["kind"] == "strong" else ""
    return text, any(letter.isdecimal() for letter in label)


def _sentence(text: str) -> str:
    match = _SENTENCE.match(text)
    return clipped(match[0] if match else "")
