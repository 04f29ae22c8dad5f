"""The room a class sits in: kernels that meet a mistake with a sentence and a next step.

Loaded as an IPython extension when a kernel starts, so that a mistake made before the first cell
has run is met too; :func:`welcome` is the way in for a kernel that was started without it.
``kit open`` starts its kernels so. On a Binder or a JupyterHub, ``python -m kit.room`` writes what
is needed below ``sys.prefix`` once (:func:`furnish`).

While nobody is there (papermill, nbval, nbconvert) nothing is changed: a batch run reads IPython's
own traceback. Where somebody is, the error's name and message still stand in the notebook, and the
cell still counts as failed.
"""

from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import furigana, language, progress
from kit.room.furnishing import furnish

if TYPE_CHECKING:
    from kit.course import Workshop
    from kit.room.mistakes import Advice, Mistake

__all__ = ["furnish", "load_ipython_extension", "unload_ipython_extension", "welcome"]

_OURS = "_kit_shows"
_READABLE = {"text/html": furigana.over, "text/markdown": furigana.over_markdown}


class _Held:
    """What the lesson that was opened last has told, and whether a reader was told of a fault."""

    workshop: Workshop | None = None
    language: str = ""
    reader_told = False


def load_ipython_extension(ip: Any) -> None:
    """Show mistakes our way in this shell, and furigana to those who want them; once is enough.

    Parameters
    ----------
    ip : IPython.core.interactiveshell.InteractiveShell
        Of a kernel.
    """
    # Every way to a traceback ends here: run time, syntax, indentation, an interrupt.
    theirs = ip._showtraceback
    if not hasattr(theirs, _OURS):
        ours = _shower(ip, theirs)
        setattr(ours, _OURS, theirs)
        ip._showtraceback = ours
    formatter = ip.display_formatter
    if not hasattr(formatter.format, _OURS):
        formatter.format = _with_furigana(formatter.format)


def unload_ipython_extension(ip: Any) -> None:
    """Show mistakes IPython's way again."""
    ip._showtraceback = getattr(ip._showtraceback, _OURS, ip._showtraceback)
    formatter = ip.display_formatter
    formatter.format = getattr(formatter.format, _OURS, formatter.format)


def welcome(workshop: Workshop, spoken: str) -> None:
    """Meet mistakes in the language of the lesson that has just been opened.

    Parameters
    ----------
    workshop : Workshop
        Whose cells make the names.
    spoken : str
        The lesson's language.
    """
    _Held.workshop, _Held.language = workshop, spoken
    furigana.know(workshop.spec.readings)
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None:
        load_ipython_extension(shell)


Shower = Callable[[type[BaseException], BaseException, list[str]], None]


def _shower(ip: Any, theirs: Shower) -> Shower:
    def show(kind: type[BaseException], error: BaseException, record: list[str]) -> None:
        told = False
        if progress.someone_is_there():
            try:
                _tell(ip, error, record)
                told = True
            except Exception:
                told = False  # a fault of ours: IPython's own traceback is better than none
        theirs(kind, error, [_quiet(error)] if told else record)

    return show


def _with_furigana(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """What cells show gets readings over its words, as the Markdown around them has."""

    def form(*arguments: Any, **named: Any) -> Any:
        data, about = theirs(*arguments, **named)
        if progress.someone_is_there():
            data = {kind: _READABLE.get(kind, _as_it_is)(shown) for kind, shown in data.items()}
        return data, about

    setattr(form, _OURS, theirs)
    return form


def _as_it_is(shown: Any) -> Any:
    return shown


def _quiet(error: BaseException) -> str:
    """Return the one line that still stands where the traceback would."""
    told = error.msg if isinstance(error, SyntaxError) else str(error)
    first = next(iter(told.splitlines()), "")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _tell(ip: Any, error: BaseException, record: list[str]) -> None:
    from kit.errors import KitError
    from kit.room import advice, card, cells

    if progress.in_the_app() and _Held.reader_told:
        return  # what follows from the first fault says nothing new
    own = cells.read(_session_path())
    with language.using(_spoken(own)):
        mistake = _understood(ip, error, own)
        if progress.in_the_app():
            told, number, record = _to_a_reader(), 0, []
            _Held.reader_told = True
        else:
            told, number = advice.advise(mistake), mistake.number
            # The sentence of a KitError is all there is to read.
            record = [] if isinstance(error, KitError) else record
        shown = furigana.over(card.html(told, number, mistake.line, record))
    ip.display_pub.publish(data={"text/html": shown, "text/plain": card.text(told)})


def _to_a_reader() -> Advice:
    """Return what to say on a page without code: who reads it can neither run a cell nor mend one."""
    from kit.room.mistakes import Advice

    return Advice(
        language.say("このページの部品が、ひとつ動きませんでした。あなたのせいではありません。"),
        (
            language.say("ページを読み込みなおしてください。選んだ答えや書いた文は残っています。"),
            language.say("同じことが起きたら、進行役に知らせてください。"),
        ),
        "fault",
    )


def _spoken(own: Any) -> str:
    """Return the lesson's language; before there is one, the notebook's; then the machine's."""
    asked = _Held.language or (own.language if own else "")
    return asked if language.is_known(asked) else language.from_environment()


def _session_path() -> Path | None:
    """Return where the notebook lies that this kernel belongs to, as the server named it."""
    named = os.environ.get("JPY_SESSION_NAME", "")
    return Path(named) if named.endswith(".ipynb") else None


def _original(own: Any) -> Any:
    """Return the workshop's own notebook, headings in the reader's language where there are any."""
    from kit import course
    from kit.errors import KitError
    from kit.room import cells

    try:
        workshop = _Held.workshop or course.workshop(own.workshop)
        return cells.read(workshop.notebook_path, workshop.catalogue(language.current()))
    except (KitError, AttributeError):
        return None  # another notebook, not a workshop's


def _understood(ip: Any, error: BaseException, own: Any) -> Mistake:
    from kit.room.mistakes import Mistake

    where: dict[str, Any] = {"cell": progress.cell_here(), "names": ip.user_ns}
    where |= {"notebook": own, "original": _original(own)}
    if isinstance(error, SyntaxError):
        error = _plainer(error)
        return Mistake(error, error.lineno or 0, error.text or "", **where)
    frame, own_line = None, True
    trace = error.__traceback__
    while trace is not None:
        theirs = trace.tb_frame.f_globals is ip.user_ns
        if theirs:
            frame = trace
        own_line = theirs
        trace = trace.tb_next
    if frame is None:
        return Mistake(error, own=False, **where)
    lines = linecache.getlines(frame.tb_frame.f_code.co_filename)
    number = frame.tb_lineno
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    statement = _statement("".join(lines), number)
    return Mistake(error, number, line, statement, own=own_line, **where)


def _plainer(error: SyntaxError) -> SyntaxError:
    """Return Python's own words: IPython compiles so that an open bracket is "incomplete input"."""
    source = "".join(linecache.getlines(error.filename or ""))
    try:
        ast.parse(source)
    except SyntaxError as plain:
        return plain
    except ValueError:
        return error
    return error


def _statement(source: str, number: int) -> str:
    """Return the statement of `source` that line `number` belongs to."""
    try:
        for node in ast.parse(source).body:
            if node.lineno <= number <= (node.end_lineno or node.lineno):
                return ast.get_source_segment(source, node) or ""
    except (SyntaxError, ValueError):
        return ""
    return ""
