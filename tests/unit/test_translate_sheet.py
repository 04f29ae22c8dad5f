"""Translations as tables: for volunteers with a spreadsheet, and safe from what comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import author, po
from kit.errors import CourseError, KitError, LanguageError, Problems
from kit.translation import books, sheet

Furnish = Callable[..., Path]
Rows = list[dict[str, str]]


@pytest.fixture
def book(workshop_in: Furnish) -> books.Book:
    markdown = "- 項目です\n\n{{ municipality.name }}の人口です。\n\nふつうの文です。"
    workshop_in("ok", markdown=markdown)
    author.merge("ok", "en")
    return books.books("ok")[0]


def rows(file: Path) -> Rows:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def save(file: Path, table: Rows, encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def fill(table: Rows, source: str, translation: str, **cells: str) -> None:
    row = next(row for row in table if source in row[sheet.JAPANESE])
    row[sheet.TRANSLATION] = translation
    row.update({getattr(sheet, name.upper()): cell for name, cell in cells.items()})


def said(book: books.Book) -> dict[str, po.Entry]:
    return {e.id: e for e in po.read(book.path("en").read_bytes()).live()}


def test_excel_opens_what_is_exported(book: books.Book, tmp_path: Path) -> None:
    file = tmp_path / "en.csv"
    assert sheet.export(book, "en", file) == len(book.messages("en"))
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    table = rows(file)
    assert list(table[0]) == list(sheet.COLUMNS)
    assert {row[sheet.STATUS] for row in table} == {"missing"}
    assert any(row[sheet.JAPANESE] == "'- 項目です" for row in table)
    assert any(row[sheet.WHERE] == "workshops/ok/workshop.ipynb#title" for row in table)


def test_what_is_filled_in_comes_back(book: books.Book, tmp_path: Path) -> None:
    file = tmp_path / "en.csv"
    sheet.export(book, "en", file)
    table = rows(file)
    fill(table, "項目", "- An item")
    fill(table, "人口です", "The population of {{ municipality.name }}.\r\n")
    taken = sheet.take(book, "en", save(file, table))
    assert (taken.changed, taken.notes) == (2, ())
    assert said(book)["- 項目です"].text == "- An item"
    population = "The population of {{ municipality.name }}."
    assert said(book)["{{ municipality.name }}の人口です。"].text == population
    before = book.path("en").read_bytes()
    sheet.export(book, "en", file)
    assert sheet.take(book, "en", file).changed == 0
    assert book.path("en").read_bytes() == before


@pytest.mark.parametrize("start", ["=HYPERLINK(1)", "+1", "-1", "@SUM", "\t=1", "'=1", "''+"])
def test_no_cell_is_calculated_and_none_is_changed(start: str) -> None:
    cell = sheet.text_cell(start)
    assert cell.startswith("'") and sheet.from_cell(cell) == start


def test_damage_is_told_by_row_and_column_and_nothing_is_written(
    book: books.Book, tmp_path: Path
) -> None:
    file = tmp_path / "en.csv"
    sheet.export(book, "en", file)
    table = rows(file)
    fill(table, "ふつうの文", "An ordinary sentence.")
    fill(table, "人口です", "The population.")
    fill(table, "# 試験", "Test")
    before = book.path("en").read_bytes()
    with pytest.raises(Problems) as caught:
        sheet.take(book, "en", save(file, table))
    told = str(caught.value)
    number = 2 + next(i for i, r in enumerate(table) if "人口です" in r[sheet.JAPANESE])
    assert f"{number} 行目" in told and sheet.TRANSLATION in told and "municipality.name" in told
    assert len(caught.value.problems) == 2
    assert book.path("en").read_bytes() == before


def test_japanese_that_changed_meanwhile_is_noticed(
    book: books.Book, tmp_path: Path, house: Path
) -> None:
    file = tmp_path / "en.csv"
    sheet.export(book, "en", file)
    table = rows(file)
    fill(table, "ふつうの文です", "An ordinary sentence.")
    fill(table, "項目", "- An item")
    notebook = house / "workshops" / "ok" / "workshop.ipynb"
    text = notebook.read_text("utf-8").replace("ふつうの文です", "ごくふつうの文です")
    notebook.write_text(text.replace("- 項目です", "まったく別のことを書きました"), "utf-8")
    taken = sheet.take(book, "en", save(file, table))
    assert len(taken.notes) == 2 and "変わりました" in taken.notes[1]
    entry = said(book)["ごくふつうの文です。"]
    assert (entry.text, entry.fuzzy) == ("An ordinary sentence.", True)
    assert entry.previous_id == "ふつうの文です。"


def test_somebody_elses_work_is_not_overwritten(book: books.Book, tmp_path: Path) -> None:
    early, late = tmp_path / "early.csv", tmp_path / "late.csv"
    for file in (early, late):
        sheet.export(book, "en", file)
    for file, words in ((early, "First."), (late, "Second.")):
        table = rows(file)
        fill(table, "ふつうの文", words)
        taken = sheet.take(book, "en", save(file, table))
    assert said(book)["ふつうの文です。"].text == "First."
    assert taken.changed == 0 and "別の訳" in taken.notes[0]


def test_a_stale_translation_can_be_confirmed(book: books.Book, tmp_path: Path) -> None:
    path, file = book.path("en"), tmp_path / "en.csv"
    read = po.read(path.read_bytes())
    entry = next(e for e in read.entries if e.id == "ふつうの文です。")
    entry.text, entry.flags = "Ordinary.", ["fuzzy"]
    path.write_text(po.written(read), "utf-8")
    sheet.export(book, "en", file)
    table = rows(file)
    assert sheet.take(book, "en", file).changed == 0 and said(book)["ふつうの文です。"].fuzzy
    fill(table, "ふつうの文", "Ordinary.", status="Done")
    assert sheet.take(book, "en", save(file, table)).changed == 1
    assert said(book)["ふつうの文です。"].done


def test_two_translations_of_one_sentence_are_told(book: books.Book, tmp_path: Path) -> None:
    file = tmp_path / "en.csv"
    sheet.export(book, "en", file)
    table = rows(file)
    fill(table, "ふつうの文", "One.")
    table.append({**next(r for r in table if r[sheet.TRANSLATION]), sheet.TRANSLATION: "Two."})
    with pytest.raises(Problems, match="違う訳"):
        sheet.take(book, "en", save(file, table))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "読めません"),
        (b"", "列"),
        (b"a,b\n1,2\n", "列"),
        ("key,日本語\n1,2\n".encode(), "translation"),
        ("key,日本語,translation 訳\nx,町,town\n".encode("cp932"), "UTF-8"),
        ('key,日本語,translation 訳\nx,"町\n'.encode(), "表として"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_told(
    book: books.Book, tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "bad.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CourseError, match=told) as caught:
        sheet.take(book, "en", file)
    assert "bad.csv" in str(caught.value)


def test_a_full_disk_leaves_everything_as_it_was(
    book: books.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "en.csv"
    sheet.export(book, "en", file)
    table = rows(file)
    fill(table, "ふつうの文", "Ordinary.")
    save(file, table)
    before = book.path("en").read_bytes(), file.read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LanguageError, match="No space"):
        sheet.take(book, "en", file)
    with pytest.raises(CourseError, match="No space"):
        sheet.export(book, "en", file)
    assert (book.path("en").read_bytes(), file.read_bytes()) == before


def test_a_broken_catalogue_takes_nothing(book: books.Book, tmp_path: Path) -> None:
    file = tmp_path / "en.csv"
    sheet.export(book, "en", file)
    book.path("en").write_bytes(b'msgid "a')
    with pytest.raises(KitError, match=r"en\.po"):
        sheet.take(book, "en", file)
    assert book.path("en").read_bytes() == b'msgid "a'
