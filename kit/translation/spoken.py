"""Japanese in code that no catalogue reaches."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from kit.data.descriptors import folder_of, names, read_descriptor
from kit.data.packages import categories, labels
from kit.errors import CourseError, KitError
from kit.language import JAPANESE, SOURCE, say

# At the end of a line that must stay Japanese.
AS_IT_IS = "# 訳さない"
_SPEAKING = ("text", "note", "say")


def words_of_data(datasets: Sequence[str]) -> Iterator[str]:
    """Yield what the columns of these datasets, and the values they allow, are called."""
    for name in datasets:
        if name not in names():
            continue  # told by its own rule
        for table in read_descriptor(folder_of(name))["resources"]:
            yield from labels(name, table["name"], SOURCE).values()
            for values in categories(name, table["name"], SOURCE).values():
                yield from (*values, *values.values())


def unspoken(
    tree: ast.Module, code: str, where: str, known: frozenset[str], way: str
) -> Iterator[KitError]:
    """Yield each Japanese literal that no reader of another language would see translated.

    Parameters
    ----------
    tree, code : ast.Module, str
        The same code twice.
    where : str
        Its place, for messages.
    known : frozenset of str
        Words that are not ours: what a dataset calls its columns and values.
    way : str
        How to have a sentence translated here.

    Examples
    --------
    >>> code = 'print("町")\\nprint("村")  # 訳さない'
    >>> len(list(unspoken(ast.parse(code), code, "x", frozenset(), "")))
    1
    """
    lines = code.splitlines()
    allowed = {id(node) for node in ast.walk(tree) for node in _free(node)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and JAPANESE.search(node.value)
            and id(node) not in allowed
            and node.value not in known
            and not lines[(node.end_lineno or node.lineno) - 1].rstrip().endswith(AS_IT_IS)
        ):
            yield CourseError(
                say("日本語の文「{text}」が翻訳されません。", text=node.value[:20]),
                where=f"{where}:{node.lineno}",
                hint=say(
                    "{way} を通してください。日本語のままにする行には「{mark}」と書きます。",
                    way=way,
                    mark=AS_IT_IS,
                ),
            )


def _free(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the literals below `node` that are translated, or that only programmers read."""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in _SPEAKING:
            yield from node.args[:1]
    elif isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr):
            yield first.value  # a docstring
