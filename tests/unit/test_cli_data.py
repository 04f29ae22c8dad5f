"""`kit data` says what there is, whether it is whole, and how to cite it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kit import data
from kit.cli_data import app
from kit.errors import KitError


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_list_names_every_dataset() -> None:
    listed = json.loads(run("list", "--json").stdout)
    assert [one["name"] for one in listed] == list(data.names())
    assert listed[0]["citation"].startswith("出典")
    assert all(name in run("list").stdout for name in ("municipalities", "principles"))


def test_one_is_shown_with_its_columns_sources_and_quirks() -> None:
    told = json.loads(run("show", "municipalities", "--json").stdout)
    assert told["tables"][0]["rows"] == 62 and told["quirks"]
    shown = run("show", "municipalities").stdout
    assert "population_2023" in shown and "統計センター" in shown and "年齢不詳" in shown


def test_a_citation_is_one_line_and_its_addresses() -> None:
    first, *rest = run("cite", "municipalities", "--table", "national-age").stdout.splitlines()
    assert first == data.citation("municipalities", "national-age").line("ja")
    assert rest and rest[0].strip().startswith("https://")


def test_sound_data_validates() -> None:
    result = run("validate", "municipalities")
    assert result.exit_code == 0 and "✓ municipalities" in result.stdout


def test_damage_fails_the_command_with_row_and_column(house: Path) -> None:
    original = (house / "datasets").resolve()
    (house / "datasets").unlink()
    shutil.copytree(original, house / "datasets")
    path = house / "datasets" / "municipalities" / "age-structure.csv"
    path.write_text(path.read_text("utf-8").replace("4388", "-4388", 1), "utf-8")
    result = run("validate", "--json", "municipalities")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["municipalities"]
    assert "2 行目、列 population" in problem["where"] and problem["hint"]


def test_of_many_mistakes_ten_are_shown_and_the_others_counted(house: Path) -> None:
    original = (house / "datasets").resolve()
    (house / "datasets").unlink()
    shutil.copytree(original, house / "datasets")
    path = house / "datasets" / "municipalities" / "age-structure.csv"
    path.write_text(path.read_text("utf-8").replace(",female,", ",woman,"), "utf-8")
    result = run("validate", "municipalities")
    assert result.exit_code == 1
    assert result.stderr.count("「woman」は使えない値です") == 10
    assert "ほかに 300 か所" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("show", "munisipalities"),
        ("cite", "municipalities", "--table", "ages"),
        ("export", "municipalities", "x.csv", "--municipality", "八玉子"),
        ("export", "municipalities", "x.csv", "--vintage", "2020"),
        ("export", "municipalities", "no-such-folder/x.csv"),
    ],
    ids=" ".join,
)
def test_mistakes_end_in_a_sentence_with_the_next_step(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = run(*words).exception
    assert isinstance(error, KitError) and error.hint
    assert list(tmp_path.iterdir()) == []


def test_an_exported_table_opens_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "八王子.csv"
    result = run("export", "municipalities", str(path), "-m", "八王子")
    assert path.read_bytes().startswith("\ufeff団体コード,".encode())
    assert len(path.read_text("utf-8-sig").splitlines()) == 2
    assert "出典" in result.stdout
