from __future__ import annotations

from pathlib import Path

import pytest

from kit import catalogue, language
from kit.errors import LanguageError
from kit.language import Catalogue, read_catalogue, say, using
from kit.translation import books, damage

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "scene"
msgid "こんにちは"
msgstr "Hello"

#, fuzzy
msgctxt "scene"
msgid "さようなら"
msgstr "Good day"

msgctxt "scene"
msgid "まだ"
msgstr ""
"""


def test_only_finished_translations_are_used(tmp_path: Path) -> None:
    path = tmp_path / "en.po"
    path.write_text(PO, encoding="utf-8")
    read = read_catalogue(path, "en")
    assert read.entries == {("scene", "こんにちは"): "Hello"}
    assert read.stale == {("scene", "さようなら")}
    assert read.any("こんにちは") == "Hello"


@pytest.mark.parametrize("text", ['msgid "a"\nmsgstr "b', "\x00\x01", 'msgid "\nfoo'])
def test_a_broken_catalogue_names_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "en.po"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LanguageError, match=r"en\.po"):
        read_catalogue(path, "en")


def test_a_missing_catalogue_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match=r"fr\.po"):
        read_catalogue(tmp_path / "fr.po", "fr")


def test_values_are_never_interpreted() -> None:
    assert say("{name} です", name="{evil} %s") == "{evil} %s です"


def test_an_unknown_language_lists_the_known() -> None:
    with pytest.raises(LanguageError, match="ja, en"):
        language.use("klingon")


def test_every_message_of_the_kit_is_in_english() -> None:
    wanted = catalogue.own_messages()
    english = language.own_catalogue("en")
    assert len(wanted) > 50
    assert [m.source for m in wanted if english.any(m.source) is None] == []


def test_the_kits_own_catalogues_break_no_sentence() -> None:
    (own,) = books.books(books.KIT)
    for tongue in own.languages():
        if own.path(tongue).exists():
            told = damage.damages(own.path(tongue), own.messages(tongue))
            assert [str(problem) for problem in told] == []


def test_messages_follow_the_language() -> None:
    with using("en"):
        assert say("数") != "数"
    assert say("数") == "数"


def test_a_block_without_translation_stays_japanese() -> None:
    import nbformat

    cell = nbformat.v4.new_markdown_cell("# 題\n\n本文", id="scene")
    english = Catalogue("en", {("scene", "# 題"): "# Title"})
    assert catalogue.translate(cell, english) == ('# Title\n\n<div lang="ja">\n\n本文\n\n</div>')
    code = nbformat.v4.new_code_cell("# 数える\nx = 1  # そのまま", id="scene")
    counted = Catalogue("en", {("scene", "数える"): "Count"})
    assert catalogue.translate(code, counted) == "# Count\nx = 1  # そのまま"


def test_the_sentences_in_code_are_translated_where_they_stand() -> None:
    import nbformat

    code = '''# 数える
print(lesson.text("町は{n}です", n=1), lesson.text("""一行
二行"""), lesson.text("a" "b"))
note = lesson.note(
    "長い文の"
    "つづき",
)  # 日本語'''
    english = Catalogue(
        "en",
        {
            ("scene", "数える"): "Count",
            ("scene", "町は{n}です"): 'The "town" is {n}',
            ("scene", "一行\n二行"): "one\ntwo",
            ("scene", "長い文のつづき"): "A long sentence",
        },
    )
    cell = nbformat.v4.new_code_cell(code, id="scene")
    translated = catalogue.translate(cell, english)
    assert (
        translated
        == '''# Count
print(lesson.text("The \\"town\\" is {n}", n=1), lesson.text("""one
two"""), lesson.text("a" "b"))
note = lesson.note(
    "A long sentence",
)  # 日本語'''
    )
    compile(translated, "cell", "exec")
