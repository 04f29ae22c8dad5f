"""Every edition and form of the sample programme: both workshops, all languages, a ward, a city
and a village."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import nbformat
import papermill
import pytest
from pypdf import PdfReader
from sampled import RUNS

from kit import course, edition, outline, places
from kit.run import RECORD, read_record

pytestmark = pytest.mark.kernel

FORMS = (
    "participant.ipynb",
    "handout.html",
    "slides.html",
    "worksheet.pdf",
    "facilitator.ipynb",
    "facilitator.html",
    "facilitator.pdf",
)
FOR_PARTICIPANTS = ("participant.ipynb", "handout.html", "slides.html", "worksheet.pdf")
# Of a PDF with furigana, a text reader finds words and readings in turns: without hiragana, what is
# left of a sentence still tells it from every other.
READINGS = re.compile(r"<rt>[^<]*(?:</rt>)?")
HIRAGANA = re.compile(r"[\u3040-\u309f]")


@pytest.fixture(params=RUNS)
def folder(request: pytest.FixtureRequest, sample: Path) -> Path:
    return sample / request.param


def readable(path: Path) -> str:
    """What a person can read in a form, and what a text editor shows of it."""
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in PdfReader(path).pages)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells) + text
    return text + unescape(re.sub(r"<[^>]+>", "", READINGS.sub("", text)))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", HIRAGANA.sub("", text))


def prepared(folder: Path) -> nbformat.NotebookNode:
    record = read_record(folder)
    assert record is not None
    run = record["run"]
    return edition.prepare(course.workshop(run["workshop"]), run["language"], run["parameters"])


def test_every_form_is_there(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None
    assert set(FORMS) <= set(record["files"])
    assert any(name.startswith("artefacts/") for name in record["files"])
    for name in record["files"]:
        assert (folder / name).stat().st_size > 0, name
    assert record["citations"]


def test_no_answer_is_in_what_participants_get(folder: Path) -> None:
    source = prepared(folder)
    assert len(list(edition.secrets(source))) > 5
    for name in FOR_PARTICIPANTS:
        text = readable(folder / name)
        assert [s.text for s in edition.leaks(source, text)] == [], name
    assert edition.leaks(source, readable(folder / "facilitator.ipynb"))


def test_the_key_of_the_quiz_is_not_on_paper_or_page(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None
    workshop = course.workshop(record["run"]["workshop"])
    spec = workshop.localised(record["run"]["language"])
    assert 4 <= len(spec.quiz) <= 6
    for name in ("handout.html", "slides.html", "worksheet.pdf"):
        text = squeezed(readable(folder / name))
        for item in spec.quiz:
            assert squeezed(item.prompt) in text or name == "slides.html"
            for option in item.option:
                assert squeezed(option.feedback) not in text, (name, item.id)


def test_nothing_is_left_to_fill_in_and_no_other_town_is_named(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None
    own = record["municipality"]["code"]
    others = [town.name_ja for town in places.all_() if town.code != own]
    for name in FORMS:
        text = readable(folder / name)
        assert "{{" not in text, name
        if name.endswith((".html", ".pdf")):
            assert [town for town in others if town in text] == [], name


@pytest.mark.parametrize("folder", [r for r in RUNS if r.endswith("/en")], indirect=True)
def test_the_english_edition_is_in_english(folder: Path) -> None:
    text = "\n".join(c.source for c in prepared(folder).cells)
    japanese = re.findall(r"[\u3040-\u30ff]{2,}", text)
    assert len(japanese) < 20, japanese


@pytest.mark.parametrize("folder", [r for r in RUNS if "rct-letters" in r], indirect=True)
def test_simulated_results_are_labelled(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None and record["simulated"]
    word = "simulated" if folder.name == "en" else "模擬データ"
    for name in ("handout.html", "slides.html", "worksheet.pdf", "facilitator.pdf"):
        assert squeezed(word) in squeezed(readable(folder / name)).lower(), name


def test_the_minutes_of_the_run_sheet_add_up(folder: Path) -> None:
    record = read_record(folder)
    assert record is not None
    minutes = course.workshop(record["run"]["workshop"]).spec.minutes
    assert 75 <= minutes <= 90
    assert sum(section.minutes for section in outline.agenda(prepared(folder).cells)) == minutes


@pytest.mark.parametrize("run", ["rct-letters/13307-hinohara/en", "journey-time/13104-shinjuku/ja"])
def test_the_handed_out_notebook_runs_as_it_is(sample: Path, run: str, tmp_path: Path) -> None:
    papermill.execute_notebook(
        sample / run / "participant.ipynb",
        tmp_path / "out.ipynb",
        cwd=tmp_path,
        progress_bar=False,
        kernel_name="python3",
        execution_timeout=120,
    )


def test_no_card_says_that_something_broke(folder: Path) -> None:
    # A composition, a view or a check that fails is told on a card, and stops no run.
    for name in ("facilitator.ipynb", "handout.html", "facilitator.html"):
        assert "kit-fault" not in (folder / name).read_text(encoding="utf-8"), name


def test_pages_are_small(sample: Path) -> None:
    for path in sample.rglob("*.html"):
        assert path.stat().st_size < 400_000, path


def test_the_record_names_the_source(sample: Path) -> None:
    for path in sample.rglob(RECORD):
        record = json.loads(path.read_text("utf-8"))
        assert set(record["sources"]) >= {"workshop", "datasets/municipalities"}
