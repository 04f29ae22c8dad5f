"""The sentences of a message: what a reader reads of it, without marks, code and placeholders."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# A value or a piece of code is one word of its sentence, whatever its length: it is read as 1.
_VALUE = "1"
_DROPPED = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*\s*$|\Z)|<!--.*?-->|!\[[^\]]*\]\([^)]*\)"
    r"|^ {0,3}>[^\n]*$|^[ |:-]+$|\{%.*?%\}",
    re.DOTALL | re.MULTILINE,
)
_VALUES = re.compile(
    r"\$\$.+?\$\$|\$[^$\n]+\$|(`+).+?\1|\{\{.*?\}\}|\{[a-z_]\w*[^{}]*\}|https?://[!-;=?-~]+",
    re.DOTALL,
)
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_LINE_START = re.compile(
    r"^(?:\s*(?:[-*+]|#{1,6}|>|\d{1,2}[.)])\s+)+(?:\[[ x]\]\s+|[□☐]\s*)?", re.M
)
_EMPHASIS = re.compile(r"\*+|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|~~")
# Steps with an arrow between them are read one by one.
_SENTENCE = re.compile(r"[^。！？\n|→]*[。！？]+[」』）)]*|[^。！？\n|→]+")
_LATIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ENDED = re.compile(r"[。！？][」』）)]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a heading or label (``whole`` is False), and the place it stands in."""

    text: str
    where: str = ""
    whole: bool = True

    @property
    def characters(self) -> int:
        """How long it is: spaces do not count, numbers and Latin words as one character each run."""
        return len("".join(_LATIN.sub("1", self.text).split()))


def sentences(message: str, where: str = "") -> Iterator[Sentence]:
    """Yield the sentences of a message (Markdown), and its headings and labels.

    A block quotation is somebody else's text, and left out.

    Parameters
    ----------
    message : str
        Markdown with placeholders: ``{name}`` or ``{{ name }}``.
    where : str, optional
        What the sentences are to say about where they stand.

    Examples
    --------
    >>> [s.text for s in sentences("## 4. 数\\n\\n- **{n}人**が`x`を[見た](a.html)。次。")]
    ['数', '1人が1を見た。', '次。']
    """
    text = _VALUES.sub(_VALUE, _DROPPED.sub("", message))
    text = html.unescape(_TAG.sub("", _LINK.sub(r"\1", text)))
    text = _EMPHASIS.sub("", _LINE_START.sub("", text))
    for found in _SENTENCE.finditer(text):
        if words := found[0].strip():
            yield Sentence(words, where, bool(_ENDED.search(words)))
