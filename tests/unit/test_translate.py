"""Catalogues: read strictly, kept in step without loss, and told when they are damaged."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from typer.testing import CliRunner

from kit import author, catalogue, course, edition, language, po, rules
from kit.catalogue import Message
from kit.cli import app
from kit.errors import KitError, LanguageError, Problems
from kit.language import PSEUDO, using
from kit.pseudo import is_list_of_values, outside, pseudo
from kit.publish import nodes, prose
from kit.translation import books, damage, merge

Furnish = Callable[..., Path]

WHOLE = """# 訳者のメモ
msgid ""
msgstr ""
"Project-Id-Version: x\\n"
"Content-Type: text/plain; charset=utf-8\\n"

# 訳者のことば
#. 書き手のことば
#: workshop.ipynb:3
#, fuzzy, max-length:40
#| msgctxt "scene"
#| msgid "前の文"
msgctxt "scene"
msgid ""
"一行目\\n"
"二行目"
msgstr "\\"first\\"\\tand \\\\"

# なくなった文
#~ msgctxt "scene"
#~ msgid "昔の文"
#~ msgstr "Old"

# 最後のメモ
"""


def test_a_round_trip_loses_nothing() -> None:
    assert po.written(po.read(WHOLE.encode())) == WHOLE
    assert po.written(po.read(WHOLE.replace("\n", "\r\n").encode())) == WHOLE


def test_other_tools_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    wanted = [
        Message("a", '引用 "と" \\ と\tタブ', "x.ipynb#a", 3, "markdown"),
        Message("b", "一行目\n二行目 {name}", "checks.py", 9, "format"),
    ]
    merge.update(path, "ja-simple", wanted, project="x")
    read = polib.pofile(str(path))
    assert [(e.msgctxt, e.msgid, e.occurrences) for e in read] == [
        ("a", wanted[0].source, [("x.ipynb", "3")]),
        ("b", wanted[1].source, [("checks.py", "9")]),
    ]
    theirs = polib.pofile(WHOLE)
    (entry, gone), ours = theirs, po.read(WHOLE.encode()).entries
    assert (entry.msgid, entry.msgstr, entry.flags) == (ours[0].id, ours[0].text, ours[0].flags)
    assert (entry.previous_msgid, entry.tcomment) == ("前の文", ours[0].comments[0])
    assert gone.obsolete and ours[1].obsolete


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="GNU gettext is not here")
def test_msgfmt_finds_nothing_to_mend(tmp_path: Path) -> None:
    held = course.workshop("first-steps")
    wanted = catalogue.messages(held)
    path = tmp_path / "en.po"
    shutil.copy(held.folder / "en.po", path)
    merge.update(path, "en", wanted, project=held.id)
    for spoken in ("en", "ja-simple"):
        path = tmp_path / f"{spoken}.po"
        merge.update(path, spoken, wanted, project=held.id)
        made = subprocess.run(
            ["msgfmt", "--check", "-o", tmp_path / "x.mo", path], capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
    template = tmp_path / "x.pot"
    template.write_text(merge.template(wanted, held.id), encoding="utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", tmp_path / "x.mo", template], check=True)


BROKEN = {
    "bom": ('\ufeffmsgid "a"\nmsgstr "b"\n'.encode(), ":1"),
    "utf-16": ('msgid "a"\n'.encode("utf-16"), ":1"),
    "shift_jis": ('msgid "a"\nmsgstr "b"\n\nmsgid "町"\n'.encode("cp932"), ":4"),
    "charset": (WHOLE.replace("utf-8", "EUC-JP").encode(), ":2"),
    "cut off": (b'msgid "a"\nmsgstr "b', ":2"),
    "no end": (b'msgid "a"\nmsgstr "b"\n\nmsgid "c"\n', ":4"),
    "a word": (b'msgid "a"\nmsgstr "b"\nhello\n', ":3"),
    "twice the same keyword": (b'msgid "a"\nmsgid "b"\nmsgstr "c"\n', ":2"),
    "no id": (b'msgstr "c"\n', ":1"),
    "a stray quotation mark": (b'msgid "a"b"\nmsgstr "c"\n', ":1"),
    "an unknown escape": (b'msgid "a"\nmsgstr "\\q"\n', ":2"),
    "plural": (b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', ":2"),
    "twice": (b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', ":4"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_catalogue_is_named_with_its_line_and_left_alone(
    tmp_path: Path, kind: str
) -> None:
    content, line = BROKEN[kind]
    path = tmp_path / "en.po"
    path.write_bytes(content)
    for use in (
        lambda: language.read_catalogue(path, "en"),
        lambda: merge.update(path, "en", [Message("", "町", "x")], project="x"),
    ):
        with pytest.raises(LanguageError) as caught:
            use()
        assert str(caught.value.where).endswith(f"en.po{line}")
    assert str(path) in str(damage.damages(path, [])[0].where)
    assert path.read_bytes() == content


HARM = [
    ("format", "{n} 件です", "{m} items", "{m}"),
    ("format", "{n} 件です", "items", "{n}"),
    ("format", "{n:,} 件です", "{n:.1f} items", "{n:.1f}"),
    ("format", "{n} 件です", "{n items", "{ }"),
    ("format", "{n} 件です", "{n.__class__} items", "__class__"),
    ("format", "**太字** {n}", "**bold {n}", "**"),
    ("markdown", "{{ p.letters }} 通", "{{ p.letter }} letters", "p.letter"),
    ("markdown", "{{ p.letters }} 通", "letters", "{{ p.letters }}"),
    ("markdown", "{{ p.letters }} 通", "{{ p.letters } letters", "{{ }}"),
    ("markdown", "{% if p.x %}町{% endif %}", "{% if p.x %}town", "endif"),
    ("markdown", "## 題", "Title", "##"),
    ("markdown", "## 題", "### Title", "##"),
    ("markdown", "題", "# Title", "見出し"),
    ("markdown", "[町](https://example.jp)", "[town](https://example.jp", "閉じて"),
    ("markdown", "[町](https://example.jp)", "[town](https://evil.example)", "evil"),
    ("markdown", "[町](https://example.jp)", "town", "なくなって"),
    ("markdown", "`name` です", "`name is", "`"),
    ("markdown", "`name` です", "name", "`name`"),
    ("markdown", "```\nx\n```", "```\nx\n", "```"),
    ("markdown", "**町**", "**town", "**"),
    ("markdown", "町は $n$ 人", "town $n people", "$"),
    ("markdown", "<b>町</b>", "<b>town", "<b>"),
    ("markdown", "町", "<script>town</script>", "<script>"),
    ("markdown", "| 町 | 人 |\n|---|---|\n| 港 | 1 |", "| t | p |\n|---|---|\n| 1 |", "3 行目"),
    ("markdown", "| 町 | 人 |\n|---|---|\n| 港 | 1 |", "| t | p |\n|---|---|", "3 行"),
    ("markdown", "- 町\n- 村", "town, village", "箇条書き"),
    ("markdown", "町\n", "town", "改行"),
    ("markdown", "町", "to\x07wn", "読めない"),
    ("comment", "数える", "count\nimport os", "1 行"),
    ("format", "手順,分,円\n待つ,5,0", "step,minutes,yen\nwait, and wait,5,0", "値の一覧"),
    ("text", "[町](https://example.jp)", "[town](", "閉じて"),
]


@pytest.mark.parametrize(("kind", "source", "translation", "told"), HARM)
def test_a_translation_that_breaks_its_sentence_is_told(
    kind: catalogue.Kind, source: str, translation: str, told: str
) -> None:
    assert told in " ".join(damage.harm(Message("a", source, "x", 1, kind), translation))


@pytest.mark.parametrize(
    ("kind", "source", "translation"),
    [
        ("format", "{n:,} 件（{town}）", "{town}: {n:,} or {n}"),
        ("format", "かっこ {{ }}", "Braces {{ }}"),
        ("markdown", '{{ "{:.0%}".format(p.x) }} です', 'It is {{ "{:.0%}".format(p.x) }}.'),
        ("markdown", "`|` と `a`", "`a`, `a` and `|`"),
        ("markdown", "値段は \\$5 です", "It costs \\$5"),
        ("markdown", "- 町", "- one\n- two"),
        ("comment", "BEGIN **", "anything `"),
    ],
)
def test_a_translation_may_say_it_in_its_own_way(
    kind: catalogue.Kind, source: str, translation: str
) -> None:
    assert damage.harm(Message("a", source, "x", 1, kind), translation) == []


def entry(text: str, source: str, translation: str) -> str:
    """Fill in the translation of one sentence."""
    read = po.read(text.encode())
    next(e for e in read.entries if e.id == source).text = translation
    return po.written(read)


def test_what_a_translator_wrote_survives_changes(tmp_path: Path) -> None:
    path = tmp_path / "en.po"
    first = [Message("a", s, "x") for s in ("受診率を比べます。", "消えます。", "のこる文です。")]
    merge.update(path, "en", first, project="p")
    text = path.read_text("utf-8")
    for source, said in (
        ("受診率を比べます。", "Compare."),
        ("消えます。", "Gone."),
        ("のこる文です。", "Stay."),
    ):
        text = entry(text, source, said)
    text = text.replace(
        '#: x\nmsgctxt "a"\nmsgid "受診', '# 迷った\n#: x\n#, no-wrap\nmsgctxt "a"\nmsgid "受診'
    )
    path.write_text(text, "utf-8")
    second = [Message("a", "のこる文です。", "x", 7), Message("a", "受診率をくらべます。", "x", 9)]
    merge.update(path, "en", second, project="p")
    read = po.read(path.read_bytes())
    stay, changed, gone = read.entries
    assert (stay.text, stay.references) == ("Stay.", ["x:7"])
    assert (changed.text, changed.previous_id) == ("Compare.", "受診率を比べます。")
    assert changed.flags == ["fuzzy", "no-wrap"] and changed.comments == ["迷った"]
    assert gone.obsolete and gone.text == "Gone."
    third = [
        *second[:1],
        Message("a", "受診率をくらべましょう。", "x", 9),
        Message("a", "消えます。", "x"),
    ]
    merge.update(path, "en", third, project="p")
    read = po.read(path.read_bytes())
    assert read.entries[1].previous_id == "受診率を比べます。"  # what was translated
    assert read.entries[2].done  # it came back
    before = path.read_bytes()
    merge.update(path, "en", third, project="p")
    assert path.read_bytes() == before


def test_a_sentence_that_moves_to_another_cell_keeps_its_translation(tmp_path: Path) -> None:
    old = po.Po(po.Entry(""), [po.Entry("町の人口です。", "The town.", "a")])
    (moved,) = merge.merged(old, [Message("b", "町の人口です。", "x")]).entries
    assert (moved.text, moved.fuzzy, moved.previous_context) == ("The town.", True, "a")


def test_a_full_disk_leaves_the_catalogue_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workshop_in: Furnish
) -> None:
    folder = workshop_in("ok")
    author.merge("ok", "en")
    before = (folder / "en.po").read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LanguageError, match="No space"):
        author.merge("ok", "en")
    assert (folder / "en.po").read_bytes() == before
    assert list(folder.glob("*.partial")) == []


def declared(folder: Path, *languages: str) -> None:
    spec = folder / "workshop.toml"
    wanted = ", ".join(f'"{language}"' for language in ("ja", *languages))
    spec.write_text(spec.read_text("utf-8").replace('["ja"]', f"[{wanted}]"), "utf-8")


def test_a_declared_language_must_be_complete_only_when_strict(workshop_in: Furnish) -> None:
    folder = workshop_in("ok", "import kit")
    declared(folder, "en")
    author.merge("ok", "en")
    assert rules.broken(course.workshop("ok")) == []
    told = [str(p) for p in rules.broken(course.workshop("ok"), strict=True)]
    assert len(told) == len(catalogue.messages(course.workshop("ok")))
    assert all("workshops/ok/en.po:" in line for line in told)
    assert any("(title)" in line for line in told)


def test_a_language_that_is_only_begun_may_have_gaps(workshop_in: Furnish) -> None:
    folder = workshop_in("ok")
    author.merge("ok", "en")
    assert rules.broken(course.workshop("ok"), strict=True) == []
    path = folder / "en.po"
    path.write_text(entry(path.read_text("utf-8"), "# 試験", "Test"), "utf-8")
    (told,) = rules.broken(course.workshop("ok"))
    assert "en.po:" in str(told) and "(title)" in str(told) and "見出し" in str(told)


def test_missing_blocks_stay_japanese_and_say_so(workshop_in: Furnish) -> None:
    folder = workshop_in("ok", markdown="ひとつ\n\nふたつ")
    author.merge("ok", "en")
    path = folder / "en.po"
    text = entry(path.read_text("utf-8"), "# 試験", "# Test")
    path.write_text(entry(text, "ふたつ", "Two"), "utf-8")
    held = course.workshop("ok")
    made = edition.prepare(held, "en", held.validate({}, language="en"))
    assert made.cells[0].source == '# Test\n\n<div lang="ja">\n\nひとつ\n\n</div>\n\nTwo'
    total = len(catalogue.messages(held))
    assert made.metadata["kit"]["fallback"] == total - 2
    assert "fallback" not in edition.prepare(held, "ja", held.validate({})).metadata["kit"]


def test_a_block_that_fell_back_is_read_as_japanese() -> None:
    source = '<div lang="ja">\n\n## 問い\n\n</div>\n\nText\n\n<div lang="ja">\n\n- 一\n\n</div>'
    with using("en"):
        outline = prose.Outline(top=2)
        page = str(prose.html(source, outline=outline, anchor="ask"))
        kinds = [node["kind"] for node in nodes.markdown(source)]
    assert '<h2 lang="ja" id="ask">問い</h2>' in page and '<ul lang="ja">' in page
    assert "<p>Text</p>" in page and "div" not in page
    assert [heading.text for heading in outline.headings] == ["問い"]
    assert kinds == ["heading", "paragraph", "list"]


@pytest.mark.parametrize("content", [BROKEN["cut off"][0], None])
def test_a_damaged_catalogue_stops_its_own_language_alone(
    workshop_in: Furnish, content: bytes | None
) -> None:
    from kit import request, run

    folder = workshop_in("ok")
    declared(folder, "en")
    author.merge("ok", "en")
    path = folder / "en.po"
    text = path.read_text("utf-8")
    path.write_bytes(content or entry(text, "# 試験", "Test").encode())
    planned = request.plan(workshops=["ok"], languages=["ja", "en"])
    assert [one.language for one in planned.runs] == ["ja", "en"]
    result = run.carry_out(planned.runs[1], folder.parent.parent / "build")
    assert result.status == "failed" and "en.po:" in result.error
    held = course.workshop("ok")
    assert edition.prepare(held, "ja", held.validate({})).cells


def test_a_damaged_catalogue_of_the_kit_stops_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "en.po"
    path.write_bytes(BROKEN["cut off"][0])
    monkeypatch.setattr(language, "own_path", lambda _: path)
    language.own_catalogue.cache_clear()
    language._heard.cache_clear()
    try:
        with using("en"):
            assert language.say("{count} 件", count=3) == "3 件"
            with pytest.raises(KitError, match="翻訳ファイル"):
                language.own_catalogue("en")
    finally:
        language.own_catalogue.cache_clear()
        language._heard.cache_clear()


def test_a_wrong_placeholder_of_ours_ends_no_class(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = language.Catalogue("en", {("", "{count} 件"): "{number} items"})
    monkeypatch.setattr(language, "_heard", lambda _: wrong)
    with using("en"):
        assert language.say("{count} 件", count=3) == "3 件"


def test_a_damaged_catalogue_fails_as_problems_of_the_run(workshop_in: Furnish) -> None:
    folder = workshop_in("ok")
    author.merge("ok", "en")
    path = folder / "en.po"
    path.write_text(entry(path.read_text("utf-8"), "# 試験", "Test"), "utf-8")
    with pytest.raises(Problems, match="見出し"):
        books.usable(course.workshop("ok"), "en")


def test_another_language_is_one_line_and_one_file(
    workshop_in: Furnish, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workshop_in("ok", "print('ok')")
    with pytest.raises(LanguageError):
        author.merge("ok", "pt")
    line = language.Language("Português", "pt_BR", spaced=True)
    monkeypatch.setitem(language.LANGUAGES, "pt", line)
    assert author.merge("ok", "pt").language == "pt"
    path = folder / "pt.po"
    path.write_text(entry(path.read_text("utf-8"), "# 試験", "# Teste"), "utf-8")
    held = course.workshop("ok")
    made = edition.prepare(held, "pt", held.validate({}, language="pt"))
    assert made.cells[0].source == "# Teste"
    with using("pt"):
        from kit.data.citation import pick

        assert pick({"title": "人口", "title_en": "Population"}, "title") == "Population"
        assert pick({"title": "人口", "title_pt": "População"}, "title") == "População"
        assert course.places.find("13204").name == "Mitaka City"


def test_plain_japanese_uses_japanese_labels_and_names() -> None:
    from kit.data.citation import pick

    with using("ja-simple"):
        assert pick({"title": "人口", "title_en": "Population"}, "title") == "人口"
        assert course.places.find("13204").name == "三鷹市"


def test_a_language_of_readers_needs_only_what_readers_see() -> None:
    places = {message.where for message in catalogue.own_messages("ja-simple")}
    assert {"kit/checks.py", "kit/places.py", "workshops/rct-letters/checks.py"} <= places
    assert not places & {"kit/cli.py", "kit/doctor.py", "kit/rules.py", "kit/po.py"}


def test_the_pseudo_language_breaks_nothing_and_leaves_no_japanese() -> None:
    for held in course.workshops():
        for message in catalogue.messages(held):
            made = pseudo(message.source)
            assert damage.harm(message, made) == [], message
            if is_list_of_values(made):
                continue
            assert pseudo(made) == made
            if "```" not in made and "`" not in made and "http" not in made:
                assert not language.JAPANESE.search(outside(made)), made
    assert PSEUDO not in language.NAMES


def test_the_pseudo_language_is_longer() -> None:
    sources = [m.source for m in catalogue.messages(course.workshop("first-steps"))]
    wide = sum(2 if language.JAPANESE.match(c) else 1 for s in sources for c in s)
    assert 1.25 < sum(len(pseudo(s)) for s in sources) / wide < 1.55


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["translate", *arguments])
    if isinstance(result.exception, KitError):
        return 2, str(result.exception)
    return result.exit_code, result.output


def test_the_commands_of_a_translator(workshop_in: Furnish, tmp_path: Path) -> None:
    folder = workshop_in("ok")
    assert run("extract", "ok", "-o", str(tmp_path / "new"))[0] == 0
    assert 'msgid "# 試験"' in (tmp_path / "new" / "ok.pot").read_text("utf-8")
    assert run("ok", "--lang", "en")[0] == 0 and (folder / "en.po").exists()
    code, told = run("status", "ok")
    assert code == 0 and "(en)" in told
    code, told = run("stats", "ok", "--json")
    assert code == 0 and '"part": "workshops/ok/workshop.ipynb"' in told
    assert run("merge", "ok", "-l", "ja")[0] == 2
    assert run("merge", "nowhere", "-l", "en")[0] == 2
    assert run("merge", "ok", "-l", PSEUDO)[0] == 2


def test_one_broken_file_does_not_stop_the_others(workshop_in: Furnish) -> None:
    for id in ("one", "two"):
        workshop_in(id)
        author.merge(id, "en")
    (course.workshop("one").folder / "en.po").write_bytes(BROKEN["cut off"][0])
    before = len((course.workshop("two").folder / "en.po").read_text("utf-8"))
    notebook = course.workshop("two").notebook_path
    notebook.write_text(notebook.read_text("utf-8").replace("# 試験", "# 試験です"), "utf-8")
    done, failed = [], []
    for id in ("one", "two"):
        try:
            done.append(author.merge(id, "en"))
        except KitError as error:
            failed.append(str(error))
    assert len(failed) == 1 and "one/en.po:2" in failed[0]
    assert len((course.workshop("two").folder / "en.po").read_text("utf-8")) > before
    counted = books.status(books.books("one")[0], "en")
    assert counted.damaged == 1 and counted.missing == counted.total


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = '日本語'", True),
        ("x = f'{1} 件です'", True),
        ("x = lesson.text('町')", False),
        ("x = lesson.note('町')", False),
        ("x = lesson.text(f'{1} 件です')", True),
        ("x = '日本語'  # 訳さない", False),
        ("# 日本語の説明\nx = 1", False),
        ("frame['世帯数']", False),
    ],
)
def test_japanese_that_meets_no_catalogue_is_told(
    workshop_in: Furnish, code: str, told: bool
) -> None:
    from conftest import SPEC

    spec = SPEC.replace('languages = ["ja"]', 'languages = ["ja"]\ndatasets = ["municipalities"]')
    workshop_in("ok", code, spec=spec)
    found = [str(p) for p in rules.broken(course.workshop("ok"))]
    assert len(found) == told
    assert not told or ("ok/workshop.ipynb#cell-0:1" in found[0] and "# 訳さない" in found[0])


def test_japanese_in_checks_is_told_and_docstrings_are_not(workshop_in: Furnish) -> None:
    folder = workshop_in("ok")
    code = '"""説明"""\n\n\ndef one(lesson, answer):\n    """説明"""\n    return "ちがいます"\n'
    (folder / "checks.py").write_text(code, "utf-8")
    (told,) = rules.broken(course.workshop("ok"))
    assert "checks.py:6" in str(told)
