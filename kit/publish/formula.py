"""A LaTeX formula as a tree of nodes that a template draws, and as words that can be read aloud."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from kit.publish import prose

Tree = dict[str, Any]

# MathML element → (kind of node, names of its parts in order)
_PARTS = {
    "mfrac": ("fraction", ("top", "bottom")),
    "msub": ("attach", ("base", "below")),
    "msup": ("attach", ("base", "above")),
    "msubsup": ("attach", ("base", "below", "above")),
    "munder": ("limits", ("base", "below")),
    "mover": ("limits", ("base", "above")),
    "munderover": ("limits", ("base", "below", "above")),
    "mroot": ("root", ("base", "index")),
}
_ROWS = frozenset(["math", "mrow", "mstyle", "mpadded", "mtd"])
_LEAVES = frozenset(["mi", "mn", "mo", "mtext", "ms"])
# What stands over a letter (a hat, a bar …) → the combining mark that a reader knows it by.
_ACCENTS = {
    **dict.fromkeys("^ˆ", "\u0302"),
    **dict.fromkeys("¯‾―_", "\u0304"),
    **dict.fromkeys("~˜", "\u0303"),
    "˙": "\u0307",
    "→": "\u20d7",
}


def formula(latex: str, *, display: bool = False) -> Tree:
    """Return the node of a formula: its ``tree`` and, in words, its ``alt``.

    Parameters
    ----------
    latex : str
        What stands between the ``$``.
    display : bool
        Whether it stands on a line of its own.

    Raises
    ------
    CourseError
        If the formula cannot be set (see :func:`kit.publish.prose.formula`).

    Examples
    --------
    >>> formula(r"\\frac{a}{b}")["alt"]
    '(a)/(b)'
    >>> formula(r"\\hat{p}_1 - \\text{受診率}")["alt"]
    'p̂_1 − 受診率'
    """
    tree = _tree(ElementTree.fromstring(prose.formula(latex, block=display)))
    return {"kind": "formula", "tree": tree, "alt": _words(tree), "display": display}


def _tree(element: ElementTree.Element) -> Tree:
    name = element.tag.rpartition("}")[2]
    if name in _LEAVES:
        upright = element.get("mathvariant") == "normal"
        return _leaf("mn" if upright else name, "".join(element.itertext()))
    parts = [_tree(child) for child in element]
    if name in _PARTS and len(parts) == len(_PARTS[name][1]):
        kind, names = _PARTS[name]
        return _accent({"kind": kind, **dict(zip(names, parts, strict=True))})
    if name == "msqrt":
        return {"kind": "root", "base": _row(parts)}
    if name == "mtable":
        return {"kind": "grid", "rows": [[_tree(cell) for cell in row] for row in element]}
    if name == "mspace":
        return {"kind": "space"}
    return _row(parts)


def _row(parts: list[Tree]) -> Tree:
    row: list[Tree] = []
    for part in parts:
        # \mathrm{ITT} comes letter by letter; it is one word.
        if row and part["kind"] == row[-1]["kind"] == "upright" and part["text"].isalpha():
            row[-1] = {"kind": "upright", "text": row[-1]["text"] + part["text"]}
        else:
            row.append(part)
    return row[0] if len(row) == 1 else {"kind": "row", "children": row}


def _leaf(name: str, text: str) -> Tree:
    text = re.sub(r"[\u2061-\u2064]", "", text.replace("\u00a0", " "))
    if name in ("mtext", "ms"):
        return {"kind": "words", "text": text}
    if name == "mo" and text == "-":
        text = "−"
    single = len(text) == 1 and name != "mn"
    return {"kind": "sign" if single else "upright", "text": text}


def _accent(node: Tree) -> Tree:
    mark = node.get("above", {}).get("text", "")
    if node["kind"] == "limits" and "below" not in node and mark in _ACCENTS:
        return {"kind": "accent", "base": node["base"], "mark": _ACCENTS[mark]}
    return node


def _words(node: Tree) -> str:
    kind = node["kind"]
    if kind == "row":
        return _tidy(" ".join(_words(child) for child in node["children"]))
    if kind == "space":
        return " "
    if kind == "fraction":
        return f"({_words(node['top'])})/({_words(node['bottom'])})"
    if kind == "root":
        index = _words(node["index"]) if "index" in node else ""
        return f"{index}√({_words(node['base'])})"
    if kind == "accent":
        return _words(node["base"]) + str(node["mark"])
    if kind == "grid":
        return "; ".join(", ".join(_words(cell) for cell in row) for row in node["rows"])
    if kind in ("attach", "limits"):
        below = f"_{_group(node['below'])}" if "below" in node else ""
        above = f"^{_group(node['above'])}" if "above" in node else ""
        return _words(node["base"]) + below + above
    return str(node["text"])


def _group(node: Tree) -> str:
    said = _words(node)
    return said if len(said) == 1 else f"({said})"


def _tidy(text: str) -> str:
    """Close the gaps a reader would not leave: after ( and before ) and a comma."""
    text = re.sub(r"([(\[|√]) +", r"\1", text)
    return re.sub(r" +([)\],|])", r"\1", re.sub(r" {2,}", " ", text)).strip()
