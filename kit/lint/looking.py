"""Every file of a build, read and looked over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kit.errors import RunError
from kit.language import say
from kit.lint import (
    html_reader,
    machine_checks,
    notebook_reader,
    pdf_reader,
    picture_checks,
    run_checks,
    text_checks,
)
from kit.lint.document import PROSE, Block, Document
from kit.lint.finding import Finding
from kit.run import FAILED, PARTIAL, RECORD, read_record

_TEXTS = frozenset((".json", ".md", ".csv", ".txt", ".svg", ".toml"))
# More of one kind in one file say nothing new.
_MOST = 5


def look(folder: Path) -> list[Finding]:
    """Look over a build, a programme's folder or one run's.

    Parameters
    ----------
    folder : pathlib.Path
        Everything below it is read: pages, PDFs, notebooks, records, texts. Half-made and failed
        runs are left out.

    Returns
    -------
    list of Finding
        In the order of the files; empty if all is well.

    Raises
    ------
    RunError
        If there is no such folder, or nothing in it to look at.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "index.html").write_text('<html lang="ja"><p>{{ town }}</p>', "utf-8")
    ...     [(f.check, f.file) for f in look(Path(folder))]
    [('leftover', 'index.html')]
    """
    if not folder.is_dir():
        raise RunError(
            say("フォルダーがありません。"),
            where=folder.name,
            hint=say("kit build で作ったフォルダーを指定してください。"),
        )
    found: list[Finding] = []
    runs: dict[Path, run_checks.Run | None] = {}
    read_any = False
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or {FAILED, PARTIAL} & set(inside.parts):
            continue
        document = read(path, inside.as_posix())
        if document is None:
            continue
        read_any = True
        home = _home(path, folder)
        if home and home not in runs:
            runs[home] = run_checks.run_of(home, read_record(home))
        run = runs.get(home) if home else None
        found += _few(_findings(document, run, path))
    if not read_any:
        raise RunError(
            say("調べるファイルがありません。"),
            where=folder.name,
            hint=say("kit build で作ったフォルダーを指定してください。"),
        )
    return found


def read(path: Path, name: str) -> Document | None:
    """Return the document that a file is, or None if it is of no kind that is looked at.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str
        What to call it in findings.
    """
    kind = path.suffix.lower()
    if kind not in _TEXTS | {".html", ".pdf", ".ipynb"}:
        return None
    try:
        data = path.read_bytes()
        if kind == ".pdf":
            return pdf_reader.read(data, name)
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Document(name, unreadable=say("読めません: {error}", error=_reason(error)))
    if kind == ".html":
        return html_reader.read(text, name)
    if kind == ".ipynb":
        return notebook_reader.read(text, name)
    document = Document(name, written=[("", text)])
    if kind == ".md":
        bare = notebook_reader.without_code(text)
        document.blocks.append(Block("", text, "", PROSE, bare))
    return document


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return say("UTF-8 ではありません")


def _home(path: Path, folder: Path) -> Path | None:
    """Return the folder of the run that a file belongs to."""
    for parent in path.parents:
        if (parent / RECORD).is_file():
            return parent
        if parent == folder:
            break
    return None


def _findings(document: Document, run: run_checks.Run | None, path: Path) -> Iterator[Finding]:
    if document.unreadable:
        yield Finding(
            *("unreadable", document.file, ""),
            document.unreadable,
            say("作りなおしてください。くり返すときは、開いて目で確かめます。"),
        )
    yield from text_checks.check(document)
    yield from picture_checks.check(document)
    yield from machine_checks.check(document)
    if run is not None:
        inside = path.relative_to(run.folder).as_posix()
        yield from run_checks.towns(document, run)
        if inside == RECORD:
            yield from run_checks.stale(run, document.file)
        if run.is_current and run.is_for_participants(inside):
            yield from run_checks.answers(document, run)


def _few(findings: Iterator[Finding]) -> list[Finding]:
    """Return findings without repetition, few of each kind."""
    kept: list[Finding] = []
    count: dict[str, int] = {}
    for finding in dict.fromkeys(findings):
        count[finding.check] = count.get(finding.check, 0) + 1
        if count[finding.check] <= _MOST:
            kept.append(finding)
    return kept
