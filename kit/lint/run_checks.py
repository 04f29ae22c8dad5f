"""What is wrong only in one run: answers a participant can read, another town's name."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from kit import course, edition, places
from kit.catalogue import blocks
from kit.errors import KitError
from kit.language import say, using
from kit.lint.document import CELL, DRAWING, SENTENCES, Document
from kit.lint.finding import Finding
from kit.lint.text_checks import JAPANESE, shortened
from kit.publish.forms import FORMS
from kit.run import hash_folder as hash_of
from kit.spec import Spec

_MARKUP = re.compile(r"\]\([^)]*\)|<[^<>\n]*>|[*_`#>|\[\]\\$~\s]")
_SENTENCE_END = re.compile(r"(?<=[。！？!?])|\n|(?<=\.)\s")
# Shorter ones are said by chance.
_CODE, _JAPANESE, _LATIN = 12, 12, 30
_FACILITATORS = re.compile(r"^(?:facilitator|speaker|runsheet|failed)")
_EDITIONS = {form.file: form.edition for form in FORMS}
# What may follow a town's name that is written in full: 港区役所, 空港区域 is none.
_AFTER = r"(?![一-鿿])|(?=[役民内立議長在全で])"


class Run:
    """One folder of materials and the workshop it was made from.

    Parameters
    ----------
    folder : pathlib.Path
        Where its ``run.json`` lies.
    record : mapping
        What that file says.

    Raises
    ------
    KitError, KeyError, TypeError
        If the workshop is no longer there, or the record says too little.
    """

    def __init__(self, folder: Path, record: Mapping[str, Any]) -> None:
        said = record["run"]
        self.folder = folder
        self.language = str(said["language"])
        self.workshop = course.workshop(said["workshop"])
        made_from = record.get("sources", {}).get("workshop")
        self.is_current = made_from in (None, hash_of(self.workshop.folder))
        self.parameters = self.workshop.validate(said["parameters"], language=self.language)
        self.municipality = next(
            (
                places.find(self.parameters[p.name])
                for p in self.workshop.spec.parameter
                if p.type == "municipality"
            ),
            None,
        )

    def is_for_participants(self, name: str) -> bool:
        """Say whether a participant gets the file of this name."""
        known = _EDITIONS.get(name)
        if known:
            return known == "participant"
        # Artefacts are made by the facilitator's run; of a new form we think the worst.
        inside = "/" in name or not name.endswith((".html", ".pdf", ".ipynb"))
        return not inside and not _FACILITATORS.match(name)

    @cached_property
    def _prepared(self) -> NotebookNode:
        return edition.prepare(self.workshop, self.language, self.parameters)

    @cached_property
    def secrets(self) -> dict[str, tuple[str, str]]:
        """What a participant must not read: its bare letters → where it stands, how it reads."""
        open_text = bare(_open_text(self._prepared, self.workshop.localised(self.language)))
        found: dict[str, tuple[str, str]] = {}
        for where, text in self._secret_texts():
            key = bare(text)
            shortest = _JAPANESE if JAPANESE.search(key) else _LATIN
            if where.startswith("code "):
                shortest = _CODE
            if len(key) >= shortest and key not in open_text:
                found.setdefault(key, (where.removeprefix("code "), text))
        return found

    def _secret_texts(self) -> Iterator[tuple[str, str]]:
        kinds = {cell.id: cell.cell_type for cell in self._prepared.cells}
        for secret in edition.secrets(self._prepared):
            if kinds[secret.cell_id] == "code":
                for line in secret.text.splitlines():
                    yield f"code #{secret.cell_id}", line.partition("  # ")[0]
            else:
                yield from ((f"#{secret.cell_id}", one) for one in _sentences(secret.text))
        spec = self.workshop.localised(self.language)
        for quiz in spec.quiz:
            for option in quiz.option:
                yield from ((f"quiz {quiz.id}", one) for one in _sentences(option.feedback))
        for exercise in spec.exercise:
            for text in (*exercise.hints, exercise.solution):
                yield from ((f"exercise {exercise.id}", one) for one in _sentences(text))


def bare(text: str) -> str:
    """Return text without markup, spaces and width: what is left is what a reader remembers.

    Examples
    --------
    >>> bare("**差** は `new - old`\\nです。[式](#x)")
    '差はnew-oldです。式'
    """
    return _MARKUP.sub("", unicodedata.normalize("NFKC", text))


def _sentences(text: str) -> Iterator[str]:
    for block in blocks(text):
        for sentence in _SENTENCE_END.split(block):
            if sentence and sentence.strip():
                yield sentence.strip()


def _open_text(prepared: NotebookNode, spec: Spec) -> str:
    """Return everything a participant may read: their notebook, and the questions of the spec."""
    shown = edition.participant(prepared, prepared.metadata["kit"]["language"])
    parts = [cell.source for cell in shown.cells]
    for quiz in spec.quiz:
        parts += [quiz.prompt, *(option.text for option in quiz.option)]
    for exercise in spec.exercise:
        parts += [exercise.label, *exercise.choices, *exercise.labels.values()]
    said = spec.model_dump(exclude={"quiz", "exercise"})
    return "\n".join([*parts, *course.texts(said)])


def stale(run: Run, file: str) -> Iterator[Finding]:
    """Yield a finding if the workshop has changed since the run: its answers are others now.

    Parameters
    ----------
    run : Run
        The run.
    file : str
        Path of its record.
    """
    if not run.is_current:
        yield Finding(
            *("stale", file, ""),
            say(
                "この教材を作ったあとで、ワークショップが直されています。答えのもれは調べていません。"
            ),
            say("kit build で作りなおしてから、もう一度調べます。"),
        )


def answers(document: Document, run: Run) -> Iterator[Finding]:
    """Yield the answers and notes that can be read in a participant's file.

    Parameters
    ----------
    document : Document
        A file that participants get.
    run : Run
        What it was made from.
    """
    text = bare(document.text())
    for key, (where, said) in run.secrets.items():
        if key in text:
            place = next((b.place for b in document.blocks if key in bare(b.text)), "")
            yield Finding(
                *("answer", document.file, place),
                say(
                    "参加者のファイルに、答えか進行役メモがあります（{where}）: {text}",
                    where=where,
                    text=shortened(said),
                ),
                say("そのセルのタグと、BEGIN SOLUTION のかこみを確かめます。"),
            )


def towns(document: Document, run: Run) -> Iterator[Finding]:
    """Yield where a document speaks of another municipality than its run's.

    A name that the workshop itself says to every town is none of these, nor is one that a table or
    a map of the same file shows.

    Parameters
    ----------
    document : Document
        Any file of the run.
    run : Run
        What it was made from.
    """
    if run.municipality is None:
        return
    own = {run.municipality.name_ja, run.municipality.name_en}
    shown = document.text(CELL, DRAWING)
    for block in document.blocks:
        if block.kind not in SENTENCES:
            continue
        for name in dict.fromkeys(_names().findall(block.text)):
            if name in own or name in _said_to_all(run.workshop.folder):
                continue
            if name in shown and block.kind not in ("title", "heading"):
                continue
            yield Finding(
                *("town", document.file, block.place),
                say(
                    "{own}の教材に、{other}が出てきます: {text}",
                    own=run.municipality.name,
                    other=name,
                    text=shortened(_around(block.text, name)),
                ),
                say("町の名前は、{{ municipality.name }} か lesson から取ります。"),
            )


@cache
def _names() -> re.Pattern[str]:
    """Return what finds the name of any of the municipalities, written in full."""
    japanese = sorted((town.name_ja for town in places.all_()), key=len, reverse=True)
    english = sorted((town.name_en for town in places.all_()), key=len, reverse=True)
    # 港区 and 北区 are also parts of other words: only 都 may stand in front of a name.
    before = r"(?<![一-鿿])|(?<=都)"
    return re.compile(
        f"(?:{before})(?:{'|'.join(japanese)})(?:{_AFTER})|\\b(?:{'|'.join(map(re.escape, english))})\\b"
    )


@cache
def _said_to_all(folder: Path) -> str:
    """Return the sources of a workshop and of the kit's own sentences: what they name, they name
    for every town."""
    parts = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            parts += ["".join(cell["source"]) for cell in cells]
        elif path.is_file() and path.suffix in (".toml", ".py", ".po"):
            parts.append(path.read_text(encoding="utf-8"))
    return "\n".join(parts)


def _around(text: str, name: str) -> str:
    at = text.find(name)
    return text[max(0, at - 12) : at + len(name) + 12]


def run_of(folder: Path, record: Mapping[str, Any] | None) -> Run | None:
    """Return the run whose materials lie in `folder`, or None if it cannot be told."""
    if not record:
        return None
    try:
        with using(str(record["run"]["language"])):
            return Run(folder, record)
    except (KitError, AttributeError, KeyError, TypeError):
        return None
