"""What can be wrong with any text: its language, what was left in it, what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.language import NAMES, say
from kit.lint.document import CELL, CODE, FORMULA, HEADING, PROSE, SENTENCES, TITLE, Block, Document
from kit.lint.finding import Finding

JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ々〆一-鿿]")
_LATIN = re.compile(r"[A-Za-z]")
_ADDRESS = re.compile(r"\S*(?:https?://|www\.|@)\S*|\S+\.(?:html|pdf|ipynb|csv|json|md)\b")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
# What a sentence has and a name has not.
_ENGLISH = re.compile(
    r"\b(?:the|a|an|of|to|and|is|are|was|in|with|that|this|for|by|it|you|your)\b", re.IGNORECASE
)
_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}", re.DOTALL)
_VALUE = re.compile(r"(?<![\w.])(?:NaN|nan|undefined|\[object Object\]|Ellipsis)(?![\w.])")
_LATEX = re.compile(r"\\(?:begin|end|frac|hat|bar|sqrt|sum|text|cdot|times|left|right)\b|\$\$")
# UTF-8 that was read as Shift_JIS or Latin-1; a character nobody could decode; an empty place.
_GARBLED = re.compile(r"\ufffd|(?:[縺繧繝][\u0080-\uffff]){3}|(?:[ãäå][\u0080-\u00bf]){3}")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def check(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with the text of a document.

    Parameters
    ----------
    document : Document
        Any file.
    """
    yield from _language(document)
    yield from _leftovers(document)
    yield from _glyphs(document)


def _language(document: Document) -> Iterator[Finding]:
    declared = document.language
    sentences = [block for block in document.blocks if block.kind in SENTENCES]
    if document.file.endswith((".html", ".pdf", ".ipynb")) and not declared and sentences:
        yield Finding(
            *("language", document.file, ""),
            say("何語で書かれているか、書いてありません。"),
            say("lang を書きます。読み上げの声が、これで決まります。"),
        )
        return
    own = "".join(
        b.bare for b in sentences if b.language == declared and b.kind in (PROSE, HEADING)
    )
    if declared and len(own) > 200 and (_share(own) < 0.15) == _is_japanese(declared):
        yield Finding(
            *("language", document.file, ""),
            say("lang は「{language}」ですが、文はその言語ではありません。", language=declared),
            say("ページの lang と翻訳ファイル（.po）を確かめます。"),
        )
        return
    for block in document.blocks:
        if block.kind in SENTENCES | {CELL} and (wrong := _wrong_language(block)):
            yield Finding(
                *("language", document.file, block.place),
                say(
                    "「{language}」の部分に、別の言語の文があります: {text}",
                    language=block.language,
                    text=shortened(wrong),
                ),
                say("訳すか、その部分に lang を書きます。"),
            )


def _is_japanese(language: str) -> bool:
    return language.partition("-")[0] == "ja"


def _share(text: str) -> float:
    """Return the share of Japanese characters among the letters."""
    japanese, latin = len(JAPANESE.findall(text)), len(_LATIN.findall(text))
    return japanese / (japanese + latin) if japanese + latin else 0.0


def _wrong_language(block: Block) -> str:
    """Return the text if it is a sentence of another language than the block says."""
    text = block.bare
    # Most blocks are settled by a glance.
    if block.language not in NAMES or text.isascii() != _is_japanese(block.language):
        return ""
    text = _ADDRESS.sub("", text)
    japanese = len(JAPANESE.findall(text))
    if _is_japanese(block.language):
        # Names and terms may stand in Latin letters; a sentence may not.
        english = len(_ENGLISH.findall(text))
        words = re.findall(r"[A-Za-z']{2,}", text)
        return text if len(words) >= 6 and english >= 2 else ""
    # A name in its own writing may stand in a sentence; kana with it make it a sentence.
    return text if japanese >= 8 and _share(text) > 0.3 and _KANA.search(text) else ""


def _leftovers(document: Document) -> Iterator[Finding]:
    suspicious = re.compile(
        "|".join(p.pattern for p in (_BRACES, _VALUE, _LATEX)) + "|&", re.DOTALL
    )
    if not suspicious.search("\n".join(block.bare for block in document.blocks)):
        return
    for block in document.blocks:
        if block.kind == FORMULA:
            if "&" in block.text or _LATEX.search(block.text):
                yield Finding(
                    *("formula", document.file, block.place),
                    say(
                        "数式に、式になっていない記号があります: {text}", text=shortened(block.text)
                    ),
                    say("数式を 1 行ずつに分けます（aligned の & は使えません）。"),
                )
        elif block.kind in SENTENCES | {CELL}:
            text = block.bare
            if found := _BRACES.search(text):
                yield Finding(
                    *("leftover", document.file, block.place),
                    say("埋まっていない {{{{ }}}} があります: {text}", text=shortened(found[0])),
                    say("workshop.ipynb の、その名前を確かめます。"),
                )
            if document.file.endswith((".html", ".pdf")) and (found := _LATEX.search(text)):
                yield Finding(
                    *("formula", document.file, block.place),
                    say("数式が、式にならずに残っています: {text}", text=shortened(found[0])),
                    say("$ … $ のかこみを確かめます。"),
                )
            if block.kind != TITLE and (found := _VALUE.search(text)):
                yield Finding(
                    *("leftover", document.file, block.place),
                    say("値のない所が、文に出ています: {text}", text=shortened(found[0])),
                    say("値がないときの言い方を、コードに書きます。"),
                )


def _glyphs(document: Document) -> Iterator[Finding]:
    for place in dict.fromkeys(document.boxes):
        yield Finding(
            *("glyph", document.file, place),
            say("フォントにない字が、四角になっています。"),
            say("ほかの字に書きかえるか、templates/fonts/subset.py で字を加えます。"),
        )
    text = document.text()
    if not (_GARBLED.search(text) or _PRIVATE.search(text)):
        return
    for block in document.blocks:
        found = _GARBLED.search(block.text) or (
            _PRIVATE.search(block.text) if block.kind != CODE else None
        )
        if found:
            around = block.text[max(0, found.start() - 8) : found.end() + 8]
            yield Finding(
                *("glyph", document.file, block.place),
                say("文字化けしています: {text}", text=shortened(around)),
                say("元の文を UTF-8 で書きなおします。"),
            )


def shortened(text: str, length: int = 40) -> str:
    """Return text on one line, short enough for a message.

    Examples
    --------
    >>> shortened("一行目\\n二行目", 5)
    '一行目 二…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"
