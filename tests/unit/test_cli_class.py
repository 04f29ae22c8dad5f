"""`kit class summarise` turns a folder of answer files into pages, and says what it left out."""

from __future__ import annotations

import json
from pathlib import Path

import answers as rooms
import pytest
from typer.testing import CliRunner, Result

from kit import language
from kit.cli_class import app
from kit.errors import KitError

FILES = ["case-card.html", "case-card.md", "results.html", "results.json"]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["summarise", *map(str, words)])


def made_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_class_is_summed_up_beside_its_files(tmp_path: Path) -> None:
    result = run(rooms.hand_in(tmp_path, rooms.room(12)))
    assert result.exit_code == 0 and made_in(tmp_path / "results") == FILES
    assert "通知文を変えると受診は増えるか" in result.stdout
    assert "同じ問題に前と後で答えた 12 人の正答率は" in result.stdout
    assert "results.html" in result.stdout and result.stderr == ""
    again = run(tmp_path)
    assert again.stdout == result.stdout, "its own results are not read again"


def test_results_beside_the_answers_are_passed_over(tmp_path: Path) -> None:
    rooms.hand_in(tmp_path, rooms.room(6))
    assert run(tmp_path, "-o", tmp_path).exit_code == 0
    again = run(tmp_path, "-o", tmp_path)
    assert again.exit_code == 0 and "results.json は、前に作った集計です" in again.stderr


def test_what_was_left_out_is_told_by_name(tmp_path: Path) -> None:
    rooms.hand_in(tmp_path, rooms.room(6))
    (tmp_path / "[red]broken[bold].json").write_text("{", encoding="utf-8")
    (tmp_path / "clear\x1b[2J.json").write_text("[]", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 0
    assert "[red]broken[bold].json は壊れていて" in result.stderr
    assert "\x1b" not in result.stderr and "clear [2J.json" in result.stderr
    assert "数えなかったファイルが 2 個あります" in result.stderr


def test_a_small_class_is_told_kindly(tmp_path: Path) -> None:
    result = run(rooms.hand_in(tmp_path, rooms.room(4)))
    assert result.exit_code == 0
    assert "答えが 5 人分に満たないので、数字は出しません" in result.stdout
    assert "4 人" not in result.stdout
    assert json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))["people"] is None


def test_two_workshops_have_a_folder_each_and_one_can_be_picked(tmp_path: Path) -> None:
    sheets = rooms.room(5) + rooms.room(5, "journey-time")
    folder = rooms.hand_in(tmp_path / "in", sheets)
    assert run(folder, "--output", tmp_path / "both").exit_code == 0
    assert made_in(tmp_path / "both") == ["journey-time", "rct-letters"]
    one = run(folder, "--workshop", "journey-time", "--output", tmp_path / "one")
    assert one.exit_code == 0 and made_in(tmp_path / "one") == FILES
    assert one.stderr.count("ほかのワークショップのものです") == 5


def test_json_is_for_scripts_and_nothing_else_is_on_that_line(tmp_path: Path) -> None:
    rooms.hand_in(tmp_path, rooms.room(7))
    (tmp_path / "bad.json").write_text("", encoding="utf-8")
    told = json.loads(run(tmp_path, "--json").stdout)
    (result,) = told["results"]
    assert result["people"] == 7 and len(result["files"]) == 4
    assert told["left_out"][0]["file"] == "bad.json"
    assert told["left_out"][0]["reason"] == "broken"


def test_pages_are_in_the_language_asked_for(tmp_path: Path) -> None:
    folder = rooms.hand_in(tmp_path, rooms.room(4))
    assert run(folder, "--lang", "en").exit_code == 0
    assert '<html lang="en">' in (tmp_path / "results" / "results.html").read_text("utf-8")
    with language.using("en"):
        assert run(folder, "--lang", "ja").exit_code == 0
    assert '<html lang="ja">' in (tmp_path / "results" / "case-card.html").read_text("utf-8")


def test_voices_stand_on_the_card_only_if_asked(tmp_path: Path) -> None:
    sheets = [rooms.sheet(voices={"tomorrow": f"声その{at}"}) for at in range(5)]
    folder = rooms.hand_in(tmp_path, sheets)
    run(folder)
    assert "声その" not in (tmp_path / "results" / "case-card.md").read_text("utf-8")
    run(folder, "--voices")
    assert "声その" in (tmp_path / "results" / "case-card.md").read_text("utf-8")


def test_a_folder_of_nothing_usable_fails_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 1 and made_in(tmp_path) == ["a.json"]
    assert "a.json は、答えのファイルではありません" in result.stderr
    assert "1 つもありませんでした" in result.stderr


@pytest.mark.parametrize(
    "more",
    [["--workshop", "rct-leters"], ["--lang", "xx"], ["--output", "a-file/inside"]],
    ids=" ".join,
)
def test_mistakes_end_in_a_sentence_with_the_next_step(
    more: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    error = run(rooms.hand_in(tmp_path / "in", rooms.room(5)), *more).exception
    assert isinstance(error, KitError) and error.hint
    assert not (tmp_path / "in" / "results").exists()


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_a_folder_without_files_is_a_mistake_too(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    error = run(tmp_path / folder).exception
    assert isinstance(error, KitError) and error.hint
