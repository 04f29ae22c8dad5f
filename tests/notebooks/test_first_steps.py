"""The 30 minutes for beginners, as built for a ward in Japanese and a village of 170 in English."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from test_sample import FOR_PARTICIPANTS, FORMS, readable

from kit import batch, course, edition, language, outline, request
from kit.run import read_record

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folder of each run, by language."""
    folders = {}
    for town, spoken in (("新宿区", "ja"), ("青ヶ島村", "en")):
        with language.using("ja"):
            planned = request.plan(
                workshops=["first-steps"], municipalities=[town], languages=[spoken]
            )
            report = batch.build(planned, tmp_path_factory.mktemp(spoken))
        assert not report.failed, report.failed[0].error
        folders[spoken] = report.output / planned.runs[0].folder
    return folders


@pytest.fixture(params=["ja", "en"])
def folder(request: pytest.FixtureRequest, built: dict[str, Path]) -> Path:
    return built[request.param]


def test_every_form_is_there_and_the_sheet_to_take_home(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None
    assert set(FORMS) <= set(record["files"])
    assert {f"artefacts/my-town.{ending}" for ending in ("html", "md", "pdf")} <= set(
        record["files"]
    )
    sheet = "".join(p.extract_text() for p in PdfReader(folder / "artefacts/my-town.pdf").pages)
    assert record["municipality"][folder.name] in sheet


def test_participants_get_no_answer(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None
    run = record["run"]
    source = edition.prepare(course.workshop("first-steps"), run["language"], run["parameters"])
    assert sum(section.minutes for section in outline.agenda(source.cells)) == 30
    for name in FOR_PARTICIPANTS:
        assert [s.text for s in edition.leaks(source, readable(folder / name))] == [], name
    for name in FORMS:
        assert "{{" not in readable(folder / name), name


def test_no_card_says_that_something_broke(folder: Path) -> None:
    for name in ("facilitator.ipynb", "handout.html", "facilitator.html"):
        assert "kit-fault" not in (folder / name).read_text("utf-8"), name
