"""The house rules of a workshop folder, each a small function that names what breaks it."""

from __future__ import annotations

import ast
import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from nbformat import NotebookNode

from kit import catalogue, edition, outline, places
from kit.catalogue import read_notebook
from kit.course import Workshop
from kit.edition import tags
from kit.errors import CourseError, KitError, Problems
from kit.house import home
from kit.language import SOURCE, say
from kit.translation import books, damage, spoken

KNOWN_TAGS = frozenset(
    {
        "parameters",
        "solution",
        "facilitator",
        "exercise",
        "check",
        "quiz",
        "discussion",
        "slides",
        "hide-input",
        "remove-cell",
        "no-app",
        "raises-exception",
        "skip-execution",
        "nbval-ignore-output",
        "nbval-skip",
        "nbval-raises-exception",
    }
)
_ID = re.compile(r"^[a-z][a-z0-9-]{1,63}$")
_BEGIN, _END = "# BEGIN SOLUTION", "# END SOLUTION"


@dataclass(frozen=True)
class Source:
    """A workshop being looked at, with its notebook read once.

    ``strict``: a declared language must be complete.
    """

    workshop: Workshop
    strict: bool = False

    @cached_property
    def notebook(self) -> NotebookNode:
        """The source notebook."""
        return read_notebook(self.workshop.notebook_path)

    def at(self, cell: NotebookNode | None = None) -> str:
        """Say where in the notebook something is."""
        place = f"workshops/{self.workshop.id}/workshop.ipynb"
        return f"{place}#{cell.id}" if cell is not None else place

    def code(self) -> Iterator[tuple[NotebookNode, ast.Module]]:
        """Yield each code cell with its syntax tree."""
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                yield cell, ast.parse(cell.source)


def broken(workshop: Workshop, *, strict: bool = False) -> list[KitError]:
    """Return every rule that `workshop` breaks, with where and what to do.

    With `strict`, also each sentence that a declared language does not have, or only for an
    earlier wording.
    """
    source = Source(workshop, strict)
    found: list[KitError] = []
    try:
        for cell in source.notebook.cells:
            if cell.cell_type == "code":
                _parses(cell, source)
    except KitError as error:
        return [error]
    for rule in RULES:
        try:
            found.extend(rule(source))
        except Problems as problems:
            found.extend(problems.problems)
        except KitError as error:
            found.append(error)
    return found


def _parses(cell: NotebookNode, source: Source) -> None:
    try:
        ast.parse(cell.source)
    except SyntaxError as error:
        raise CourseError(
            say("コードを読めません: {error}", error=f"{error.msg} ({error.lineno})"),
            where=source.at(cell),
            hint=say("% で始まる命令は使えません。"),
        ) from None


def cells_are_named(source: Source) -> Iterator[KitError]:
    """Ids are written by a person and stay, because translations hang on them."""
    seen: set[str] = set()
    for cell in source.notebook.cells:
        if not _ID.match(cell.id) or re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]+)*", cell.id):
            yield CourseError(
                say("セルの id「{id}」を、意味のわかる英語にしてください。", id=cell.id),
                where=source.at(cell),
                hint="ask-your-question",
            )
        if cell.id in seen:
            yield CourseError(say("同じ id のセルがあります。"), where=source.at(cell))
        seen.add(cell.id)


def tags_are_known(source: Source) -> Iterator[KitError]:
    """A misspelt tag would let a facilitator's note through to the class."""
    for cell in source.notebook.cells:
        for tag in sorted(tags(cell) - KNOWN_TAGS):
            yield CourseError(
                say("知らないタグ「{tag}」です。", tag=tag),
                where=source.at(cell),
                hint=say("使えるもの: {names}", names=", ".join(sorted(KNOWN_TAGS))),
            )


def nothing_is_stored(source: Source) -> Iterator[KitError]:
    """Outputs belong to runs; only what nbval compares is kept."""
    for cell in source.notebook.cells:
        if cell.cell_type == "code" and cell.outputs and "NBVAL_CHECK_OUTPUT" not in cell.source:
            yield CourseError(
                say("出力が残っています。"),
                where=source.at(cell),
                hint=say("JupyterLab の Clear All Outputs で消してから保存してください。"),
            )


def headings_are_in_order(source: Source) -> Iterator[KitError]:
    """One h1, at the top, and no level left out: screen readers walk by headings."""
    level, titles = 0, 0
    for cell in source.notebook.cells:
        if cell.cell_type != "markdown" or "slides" in tags(cell):
            continue
        for block in catalogue.blocks(cell.source):
            heading = re.match(r"^(#{1,6}) ", block)
            if not heading:
                continue
            depth = len(heading[1])
            titles += depth == 1
            if depth > level + 1:
                yield CourseError(
                    say("見出しの段が飛んでいます（{a} の次に {b}）。", a=level, b=depth),
                    where=source.at(cell),
                )
            level = depth
    if titles != 1:
        yield CourseError(
            say("「# 」の見出しは、はじめにひとつだけ書いてください（今は {n}）。", n=titles),
            where=source.at(),
        )


def parameters_match(source: Source) -> Iterator[KitError]:
    """The ``parameters`` cell says exactly what ``workshop.toml`` says."""
    cells = [c for c in source.notebook.cells if "parameters" in tags(c)]
    if len(cells) != 1:
        yield CourseError(
            say("parameters タグのセルをひとつだけ置いてください（今は {n}）。", n=len(cells)),
            where=source.at(),
        )
        return
    written: dict[str, object] = {}
    for node in ast.parse(cells[0].source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            written[node.target.id] = ast.literal_eval(node.value)
    spec = source.workshop.spec
    wanted: dict[str, object] = {"language": SOURCE}
    wanted.update((p.name, p.default) for p in spec.parameter)
    if written != wanted:
        parameters = {p.name: p.default for p in spec.parameter}
        yield CourseError(
            say("parameters セルと workshop.toml が違います。"),
            where=source.at(cells[0]),
            hint=say("このように書いてください:")
            + "\n"
            + edition.parameters_source(spec, parameters, SOURCE),
        )


def defaults_are_allowed(source: Source) -> Iterator[KitError]:
    """Run all with nothing changed must work."""
    source.workshop.validate({p.name: p.default for p in source.workshop.spec.parameter})
    yield from ()


def minutes_add_up(source: Source) -> Iterator[KitError]:
    """The sections' minutes are the workshop's."""
    total = sum(section.minutes for section in outline.agenda(source.notebook.cells))
    if total != source.workshop.spec.minutes:
        yield CourseError(
            say(
                "ノートブックの分の合計は {total} 分、workshop.toml は {minutes} 分です。",
                total=total,
                minutes=source.workshop.spec.minutes,
            ),
            where=source.at(),
        )


def solutions_are_marked(source: Source) -> Iterator[KitError]:
    """Every exercise hides its solution between both marks."""
    for cell in source.notebook.cells:
        begins, ends = cell.source.count(_BEGIN), cell.source.count(_END)
        if begins != ends:
            yield CourseError(
                say("「{begin}」と「{end}」の数が違います。", begin=_BEGIN, end=_END),
                where=source.at(cell),
            )
        if ("exercise" in tags(cell)) != bool(begins) and cell.cell_type == "code":
            yield CourseError(
                say("exercise タグと解答の印は、いっしょに使ってください。"), where=source.at(cell)
            )


def _named(source: Source, method: str) -> Iterator[tuple[NotebookNode, str]]:
    """Yield each cell that calls ``….method("name", …)``, with that name."""
    for cell, tree in source.code():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
            ):
                first = node.args[0] if node.args else None
                yield cell, str(first.value) if isinstance(first, ast.Constant) else ""


def calls_exist(source: Source) -> Iterator[KitError]:
    """What ``lesson.check`` and ``lesson.quiz`` name is there."""
    quizzes = {item.id for item in source.workshop.spec.quiz}
    for cell, name in _named(source, "check"):
        if not callable(getattr(source.workshop.checks, name, None)):
            yield CourseError(
                say("checks.py に「{name}」がありません。", name=name), where=source.at(cell)
            )
    for cell, name in _named(source, "quiz"):
        if name not in quizzes:
            yield CourseError(
                say("workshop.toml にクイズ「{name}」がありません。", name=name),
                where=source.at(cell),
            )


def exercises_have_help(source: Source) -> Iterator[KitError]:
    """Whoever is stuck finds hints and the worked solution: one ``[[exercise]]`` for each check."""
    spec = f"workshops/{source.workshop.id}/workshop.toml"
    written = Counter(exercise.id for exercise in source.workshop.spec.exercise)
    asked = {name: cell for cell, name in _named(source, "check")}
    for name, cell in asked.items():
        if name not in written:
            yield CourseError(
                say("「{name}」のヒントと解き方がありません。", name=name),
                where=source.at(cell),
                hint=say("workshop.toml に [[exercise]] を書いてください。"),
            )
    for name, times in written.items():
        if times > 1:
            yield CourseError(
                say("[[exercise]]「{name}」が {n} つあります。", name=name, n=times), where=spec
            )
        if name not in asked:
            yield CourseError(
                say("[[exercise]]「{name}」を確かめるセルがありません。", name=name),
                where=spec,
                hint=f'lesson.check("{name}", …)',
            )


def words_are_translatable(source: Source) -> Iterator[KitError]:
    """Japanese in code goes through ``lesson.text``; nothing else is translated."""
    known = frozenset(spoken.words_of_data(source.workshop.spec.datasets))
    for cell, tree in source.code():
        if "parameters" not in tags(cell):
            yield from spoken.unspoken(
                tree, cell.source, source.at(cell), known, 'lesson.text("…")'
            )
    path = source.workshop.folder / "checks.py"
    if path.exists():
        code = path.read_text(encoding="utf-8")
        where = f"workshops/{source.workshop.id}/checks.py"
        with contextlib.suppress(SyntaxError):  # told when it is imported
            yield from spoken.unspoken(ast.parse(code), code, where, known, 'say("…")')


def no_town_is_named(source: Source) -> Iterator[KitError]:
    """The text is for every municipality: none is written into it."""
    names = [town.name_ja for town in places.all_()]
    for cell in source.notebook.cells:
        if "parameters" in tags(cell):
            continue  # its comment names the default
        for name in names:
            if name in cell.source:
                yield CourseError(
                    say("「{name}」が文に書きこまれています。", name=name),
                    where=source.at(cell),
                    hint="{{ municipality.name }}",
                )


def texts_can_be_filled(source: Source) -> Iterator[KitError]:
    """Every ``{{ … }}`` finds its value, in every language; no answer leaks."""
    workshop = source.workshop
    for language in _sound_languages(workshop):
        parameters = workshop.validate({}, language=language)
        prepared = edition.prepare(workshop, language, parameters)
        handed = edition.write(
            edition.deliver(edition.participant(prepared, language), outputs=False)
        )
        for secret in edition.leaks(prepared, handed):
            yield CourseError(
                say("解答か進行役メモが参加者に見えます: {text}", text=secret.text[:30]),
                where=f"workshops/{workshop.id}/workshop.ipynb#{secret.cell_id}",
            )


def _sound_languages(workshop: Workshop) -> Iterator[str]:
    """Yield the languages that can be made; why another cannot is told by its own rule."""
    for language in workshop.spec.languages:
        try:
            books.usable(workshop, language)
        except KitError:
            continue
        yield language


def translations_are_sound(source: Source) -> Iterator[KitError]:
    """A catalogue can be read and breaks no markup; a declared one is there and, if asked, whole."""
    book = books.of_workshop(source.workshop)
    for language in book.languages():
        path = book.path(language)
        if path.exists():
            yield from damage.damages(path, book.messages(language))
        else:
            source.workshop.catalogue(language)  # which says that it is missing
        if source.strict and language in book.declared:
            yield from books.incomplete(book, language)


def datasets_exist(source: Source) -> Iterator[KitError]:
    """Every data set the spec names is a package in ``datasets/``."""
    for name in source.workshop.spec.datasets:
        if not (home() / "datasets" / name / "datapackage.json").exists():
            yield CourseError(
                say("データ「{name}」がありません。", name=name),
                where=f"workshops/{source.workshop.id}/workshop.toml: datasets",
            )


RULES: tuple[Callable[[Source], Iterator[KitError]], ...] = (
    cells_are_named,
    tags_are_known,
    nothing_is_stored,
    headings_are_in_order,
    parameters_match,
    defaults_are_allowed,
    minutes_add_up,
    solutions_are_marked,
    calls_exist,
    exercises_have_help,
    words_are_translatable,
    no_town_is_named,
    datasets_exist,
    texts_can_be_filled,
    translations_are_sound,
)
