"""What a run depends on is told part by part, and nothing is taken on trust."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, SPEC, copy_room

from kit import explain, hashes, kept, ledger, request
from kit.plan import Run

Furnish = Callable[..., Path]
BOTH = SPEC.replace('languages = ["ja"]', 'languages = ["ja", "en"]')
PO = """
#: workshop.ipynb#title
msgctxt "title"
msgid "# 試験"
msgstr "# Test"

#: workshop.ipynb#cell-0
msgctxt "cell-0"
msgid "答え"
msgstr "Answer"
"""


@pytest.fixture
def run(workshop_in: Furnish) -> Run:
    workshop_in("ok", 'lesson.text("答え")', "number + 1  # BEGIN SOLUTION", spec=BOTH)
    (one,) = request.plan().runs
    return one


def now(run: Run, name: str = "facilitator", **reads: object) -> ledger.Parts:
    ledger.look_anew()
    return ledger.execution(run, name, **reads)  # type: ignore[arg-type]


def published(run: Run) -> ledger.Parts:
    ledger.look_anew()
    return ledger.publishing(run)


def changed(before: ledger.Parts, after: ledger.Parts) -> set[str]:
    return {part for part in {*before, *after} if before.get(part) != after.get(part)}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_prose_is_published_code_is_executed(run: Run, house: Path) -> None:
    notebook = house / "workshops" / "ok" / "workshop.ipynb"
    before, pages = now(run), published(run)
    edit(notebook, "# 試験", "# 試験です")
    assert now(run) == before
    assert changed(pages, published(run)) == {"text"}
    edit(notebook, "number + 1", "number + 2")
    assert changed(before, now(run)) == {"cells"}


def test_dates_of_files_mean_nothing(run: Run, house: Path) -> None:
    before, pages = now(run), published(run)
    for path in (house / "workshops" / "ok").iterdir():
        os.utime(path, (1, 1))
    assert (now(run), published(run)) == (before, pages)


def test_only_a_reader_depends_on_a_dataset(run: Run, house: Path) -> None:
    datasets = copy_room(house, "datasets")
    name = "administrative-procedures"
    alone, reader = now(run), now(run, reads=[name])
    with (datasets / name / "procedures.csv").open("a") as file:
        file.write("\n")
    assert now(run) == alone
    assert changed(reader, now(run, reads=[name])) == {f"datasets/{name}"}


def test_a_template_is_published(run: Run, house: Path) -> None:
    before, pages = now(run), published(run)
    with (copy_room(house, "templates") / "handout" / "page.css").open("a") as file:
        file.write("\n")
    assert now(run) == before
    assert changed(pages, published(run)) == {"templates"}


@pytest.mark.parametrize(
    ("path", "executed", "pages"),
    [
        ("chart/rows.py", {"kit"}, set()),
        ("publish/page.py", set(), {"studio"}),
        ("cli.py", set(), set()),
    ],
)
def test_the_kit_itself_counts_where_it_is_used(
    run: Run, house: Path, path: str, executed: set[str], pages: set[str]
) -> None:
    before = now(run), published(run)
    with (copy_room(house, "kit") / path).open("a") as file:
        file.write("\n")
    assert changed(before[0], now(run)) == executed
    assert changed(before[1], published(run)) == pages


def test_a_memo_depends_on_what_sets_it(run: Run, house: Path) -> None:
    templates = copy_room(house, "templates")
    before = now(run, reads=[ledger.MEMO])
    for name, differs in (
        ("handout.typ", set()),
        ("memo.typ", {"press"}),
        ("house.typ", {"press"}),
    ):
        with (templates / "pdf" / name).open("a") as file:
            file.write("\n")
        assert changed(before, now(run, reads=[ledger.MEMO])) == differs


def test_a_translation_touches_its_own_language_only(run: Run, house: Path) -> None:
    catalogue = house / "workshops" / "ok" / "en.po"
    catalogue.write_text(f'msgid ""\nmsgstr "Language: en\\n"\n{PO}', "utf-8")
    (english,) = request.plan(languages=["en"]).runs
    before, pages = now(english), published(english)
    japanese = now(run), published(run)
    edit(catalogue, "# Test", "# A test")
    assert now(english) == before
    assert changed(pages, published(english)) == {"text"}
    edit(catalogue, "Answer", "The answer")
    assert changed(before, now(english)) == {"cells", "en.po"}
    assert (now(run), published(run)) == japanese


def test_a_parameter_and_a_version_are_told_by_name(
    run: Run, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = now(run)
    (other,) = request.plan(settings=["number=5"]).runs
    assert changed(before, now(other)) == {"parameter/number"}
    monkeypatch.setattr(ledger, "_version", lambda name: "0" if name == "pandas" else "1")
    after = now(run)
    assert before["version/pandas"] != after["version/pandas"] == "0"


def test_participant_and_facilitator_are_looked_at_apart(run: Run, house: Path) -> None:
    participant, facilitator = now(run, "participant"), now(run)
    notebook = house / "workshops" / "ok" / "workshop.ipynb"
    cells = nbformat.read(notebook, 4)
    cells.cells.append(nbformat.v4.new_code_cell("1", id="secret", metadata={"tags": ["solution"]}))
    nbformat.write(cells, notebook)
    assert now(run, "participant") == participant
    assert changed(facilitator, now(run)) == {"cells"}


def test_the_studio_is_what_the_import_contracts_call_so() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    forbidden = {
        module.removeprefix("kit.")
        for contract in contracts["contracts"]
        if contract["name"].startswith("The classroom")
        for module in contract["forbidden_modules"]
    }
    # How kernels are run may well change what they put out.
    assert forbidden - ledger.STUDIO <= {"engine", "execution", "watch", "warm", "plain"}


# What is kept of an execution


def outcome() -> kept.Outcome:
    shown = {"output_type": "stream", "name": "stdout", "text": "町\n"}
    return kept.Outcome(
        parts={"cells": "1"},
        reads=("municipalities",),
        cells={"a": {"outputs": [shown], "execution_count": 3}},
        metadata={"widgets": {"x": 1}},
        artefacts={"メモ/a.csv": b"1\n"},
        snapshots=({"url": "u"},),
        seconds=1.5,
    )


def test_an_outcome_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.zip"
    kept.write(outcome(), path)
    assert kept.read(path) == outcome()
    assert kept.parts_of(path) == ({"cells": "1"}, ("municipalities",))
    first = path.read_bytes()
    kept.write(outcome(), path)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-30], lambda b: b"", lambda b: b[:60] + b"?" + b[61:]]
)
def test_a_damaged_outcome_is_none(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.zip"
    assert kept.read(path) is None and kept.parts_of(path) is None
    kept.write(outcome(), path)
    path.write_bytes(damage(path.read_bytes()))
    assert kept.read(path) is None and kept.parts_of(path) is None


def test_outputs_come_back_to_their_cells() -> None:
    cells = [
        nbformat.v4.new_markdown_cell("新しい文", id="text"),
        nbformat.v4.new_code_cell("print('町')", id="a"),
    ]
    filled = outcome().put_into(nbformat.v4.new_notebook(cells=cells))
    assert filled.cells[0].source == "新しい文"
    assert filled.cells[1].outputs[0].text == "町\n" and filled.cells[1].execution_count == 3
    assert filled.metadata.widgets.x == 1
    assert cells[1].outputs == []


# How a run stands


def lay(run: Run, output: Path) -> Path:
    """Lay a result as a build would, without making one."""
    folder = output / run.folder
    folder.mkdir(parents=True)
    (folder / "page.html").write_text("<p>", "utf-8")
    record = {
        "execution": {name: now(run, name) for name in run.editions},
        "publishing": ledger.publishing(run),
        "reads": {},
        "seconds": {"participant": 2, "facilitator": 3, "publish": 1},
        "sha256": {"page.html": hashes.hash_file(folder / "page.html")},
    }
    record["seal"] = ledger.seal(record)
    (folder / "run.json").write_text(json.dumps(record), "utf-8")
    at = ledger.folder_for(output)
    for name in run.editions:
        kept.write(kept.Outcome(now(run, name)), kept.path(at, run, name))
    hashes.keep_trees(at, [now(run), ledger.publishing(run)])
    return folder


def standing(run: Run, output: Path) -> tuple[str, list[str]]:
    ledger.look_anew()
    found = explain.look(run, output)
    return found.todo, explain.reasons(found, output)


def test_what_is_unchanged_is_left(run: Run, tmp_path: Path) -> None:
    assert standing(run, tmp_path / "out") == ("execute", ["まだ作っていません。"])
    lay(run, tmp_path / "out")
    assert standing(run, tmp_path / "out") == ("nothing", [])


@pytest.mark.parametrize("name", ["page.html", "run.json"])
def test_a_lost_or_changed_file_is_published_again(run: Run, tmp_path: Path, name: str) -> None:
    path = lay(run, tmp_path / "out") / name
    times = path.stat().st_atime, path.stat().st_mtime
    path.write_text(
        path.read_text("utf-8").replace("<p>", "<b>").replace('"publish": 1', '"publish": 2')
    )
    os.utime(path, times)
    assert standing(run, tmp_path / "out")[0] == "publish"
    path.unlink()
    todo, why = standing(run, tmp_path / "out")
    assert todo == "publish" and why


def test_without_what_was_kept_a_lost_file_needs_an_execution(run: Run, tmp_path: Path) -> None:
    folder = lay(run, tmp_path / "out")
    (folder / "page.html").unlink()
    kept.path(ledger.folder_for(tmp_path / "out"), run, "participant").write_bytes(b"PK")
    assert standing(run, tmp_path / "out")[0] == "execute"


def test_the_reason_names_the_cell_and_the_file(run: Run, house: Path, tmp_path: Path) -> None:
    lay(run, tmp_path / "out")
    edit(house / "workshops" / "ok" / "workshop.ipynb", "number + 1", "number + 2")
    todo, why = standing(run, tmp_path / "out")
    assert todo == "execute" and "変わりました: workshops/ok/workshop.ipynb#cell-1" in why
    edit(house / "workshops" / "ok" / "workshop.ipynb", "number + 2", "number + 1")
    edit(house / "workshops" / "ok" / "workshop.toml", "動くこと", "動いたこと")
    assert standing(run, tmp_path / "out")[1] == ["変わりました: workshops/ok/workshop.toml"]


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"execution": 3}', '{"reads": 1, "sha256": 2}', "null"]
)
def test_a_record_of_nobodys_is_made_anew(run: Run, tmp_path: Path, text: str) -> None:
    (lay(run, tmp_path / "out") / "run.json").write_text(text)
    assert standing(run, tmp_path / "out")[0] in ("execute", "publish")
