"""One thing that is wrong in a built file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong, where, and what to do about it.

    Parameters
    ----------
    check : str
        Which check found it: ``language``, ``leftover``, ``formula``, ``glyph``, ``description``,
        ``answer``, ``town``, ``machine``, ``stale`` or ``unreadable``.
    file : str
        Path inside the folder that was looked over.
    place : str
        Where in the file: the nearest id, a page, a cell; "" if it is the whole file.
    what, hint : str
        What is wrong and what to do, in the current language.

    Examples
    --------
    >>> print(Finding("glyph", "a/handout.html", "#scene", "文字化けです。", "元の文を直します。"))
    a/handout.html #scene [glyph] 文字化けです。
      → 元の文を直します。
    """

    check: str
    file: str
    place: str
    what: str
    hint: str

    def __str__(self) -> str:
        where = f"{self.file} {self.place}".strip()
        return f"{where} [{self.check}] {self.what}\n  → {self.hint}"
