"""A sum somebody typed where a number was asked for: ``513/2000 − 439/2000``."""

from __future__ import annotations

import ast
import operator
import re
import unicodedata

_LONGEST = 120
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "―": "-", "＝": "="})
_SHARE = re.compile(r"(\d+\.?\d*|\.\d+)%")
_RANGE = re.compile(r"[\d.]+-[\d.]+")  # from five to six, as likely as five less six
_SUM = re.compile(r"[-+*/().\d\s]+")
_DOES = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(text: str) -> float | None:
    """Return what a typed sum comes to, or None if it is none.

    Parameters
    ----------
    text : str
        Numbers with ``+ - * / × ÷`` and brackets, in full or half width; ``25%`` is a quarter.
        Nothing else is looked at: no name, no power, no call. ``5-6`` without a space is a range.

    Examples
    --------
    >>> round(worked_out("５１３÷2,000 − 439÷2,000"), 4), worked_out("25% - 22%=")
    (0.037, 0.03)
    >>> worked_out("2**9"), worked_out("1/0"), worked_out("__import__('os')"), worked_out("12")
    (None, None, None, None)
    """
    plain = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).translate(_SIGNS)
    plain = _SHARE.sub(r"(\1/100)", plain.replace(",", "")).strip().removesuffix("=").strip()
    if len(plain) > _LONGEST or not _SUM.fullmatch(plain) or _RANGE.fullmatch(plain):
        return None
    try:
        tree = ast.parse(plain, mode="eval").body
        return round(_value(tree), 12) if isinstance(tree, ast.BinOp) else None
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return None


def _value(tree: ast.expr) -> float:
    match tree:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _DOES:
            return float(_DOES[type(op)](_value(left), _value(right)))
    raise ValueError("not a sum")
