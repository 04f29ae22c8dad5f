"""A participant's way through a workshop, in JupyterLab, Notebook 7 and the app: answered wrong, then
right, a slider moved by keys, a page taken home, the kernel lost, nothing lost with it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rooms
from chromium import axe

from kit import course
from kit.edition import deliver, participant, prepare, write
from kit.language import using
from kit.lessons import Lesson

pytestmark = pytest.mark.browser

# Of each workshop: an exercise, a wrong answer, and what the card then says.
WAYS = {
    "first-steps": ("share", "2", "もう一歩"),
    "journey-time": ("outside", "-3", "もう一歩"),
    "rct-letters": ("new_rate", "5.22", "500 ポイント"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with every workshop's notebook on it."""
    desk = tmp_path_factory.mktemp("desk")
    for id in WAYS:
        workshop = course.workshop(id)
        with using("ja"):
            prepared = prepare(workshop, "ja", workshop.validate({}))
            handed = deliver(participant(prepared, "ja"), outputs=False)
        (desk / f"{id}.ipynb").write_text(write(handed), encoding="utf-8")
    return desk


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[rooms.Room]:
    with rooms.serve("lab", folder) as room:
        yield room


@pytest.fixture(params=["notebook", "voila"])
def room(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Iterator[rooms.Room]:
    shutil.copy(folder / "rct-letters.ipynb", tmp_path)
    with rooms.serve(request.param, tmp_path) as room:
        yield room


def right_answer(id: str, name: str) -> str:
    """What the solution in the source notebook comes to, for the workshop's own parameters."""
    lesson = Lesson(course.workshop(id), "ja", {})
    candidates = {
        "rct-letters": lambda: lesson.baseline + 0.05,
        "journey-time": lambda: outside_minutes(lesson),
        "first-steps": lambda: older_share(lesson),
    }
    answer = f"{candidates[id]():.4f}"
    assert lesson.check(name, answer).state == "right", answer
    return answer


def outside_minutes(lesson: Lesson) -> float:
    from kit import design

    survey = design.procedure(lesson.procedure, municipality=lesson.municipality.code)
    journey = survey.journey()
    return journey.minutes() - journey.minutes(channel="counter")


def older_share(lesson: Lesson) -> float:
    from kit import data

    town = data.load("municipalities", municipality=lesson.municipality.code).iloc[0]
    older = town["age_65_74"] + town["age_75_over"]
    return float(older / (town["population"] - town["age_unknown"]))


def in_sight(part: Any) -> Any:
    """Scroll to a part of the notebook: what is out of sight is not drawn."""
    deadline = time.monotonic() + 30
    part = part.first
    while not part.is_visible():
        assert time.monotonic() < deadline, "it does not appear"
        part.evaluate(
            "part => (part.closest('.jp-Cell') ?? part).scrollIntoView({block: 'center'})"
        )
        part.page.wait_for_timeout(300)
    part.scroll_into_view_if_needed()
    return part


def open_in(chromium: Any, room: rooms.Room, id: str) -> tuple[Any, list[str]]:
    page = chromium.new_page(viewport={"width": 1280, "height": 1600})
    refused = rooms.asked_elsewhere(page, room.address)
    page.goto(room.url(f"{id}.ipynb"))
    if room.kind == "voila":
        page.wait_for_selector(".kit-finish", state="attached", timeout=180_000)
    else:
        rooms.run_all(page)
    return page, refused


def go_through(page: Any, room: rooms.Room, id: str) -> None:
    """Everything a participant does, and the restart in the middle of it."""
    name, wrong, told = WAYS[id]
    card = in_sight(page.locator(".kit-exercise"))
    field = card.locator("input[type=text]")
    for answer, word in ((wrong, told), (right_answer(id, name), "正解")):
        field.fill(answer)
        field.press("Enter")
        card.locator(".kit-verdict").get_by_text(word).first.wait_for(timeout=15_000)

    panel = in_sight(page.locator(".kit-panel"))
    rooms.move_a_slider(panel)

    quiz = in_sight(page.locator(".kit-question"))
    quiz.locator("input[type=radio]").nth(1).check()
    quiz.locator("button").click()
    page.locator(".kit-quiz-reply").first.get_by_text("残しました").wait_for(timeout=15_000)

    finish = in_sight(page.locator(".kit-finish"))
    finish.get_by_role("button", name="今の内容で作りなおす").click()
    with page.expect_download(timeout=60_000) as download:
        finish.locator('button[data-name$=".pdf"]').first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    assert list((room.folder / "artefacts").glob("*.html"))
    assert axe(page, ".kit-live") == []


def after_a_restart(page: Any, room: rooms.Room) -> None:
    if room.kind == "voila":
        page.reload()
        page.wait_for_selector(".kit-finish", state="attached", timeout=180_000)
    else:
        restart_and_run_all(page)
    card = in_sight(page.locator(".kit-exercise"))
    card.locator(".kit-verdict").get_by_text("正解").first.wait_for(timeout=15_000)
    quiz = in_sight(page.locator(".kit-question"))
    assert quiz.locator("input[type=radio]").nth(1).is_checked()
    assert quiz.locator("input[type=radio]").nth(0).is_disabled()


def restart_and_run_all(page: Any) -> None:
    page.click('.lm-MenuBar-item:has-text("Run")')
    page.click('[data-command="runmenu:restart-and-run-all"]')
    page.click(".jp-Dialog .jp-mod-accept")
    page.wait_for_timeout(2000)
    rooms.wait_until_idle(page, 180)


@pytest.mark.parametrize("id", sorted(WAYS))
def test_a_participant_goes_through_in_lab(chromium: Any, lab: rooms.Room, id: str) -> None:
    page, refused = open_in(chromium, lab, id)
    go_through(page, lab, id)
    after_a_restart(page, lab)
    assert refused == []
    page.close()


def test_a_participant_goes_through_elsewhere(chromium: Any, room: rooms.Room) -> None:
    page, refused = open_in(chromium, room, "rct-letters")
    go_through(page, room, "rct-letters")
    after_a_restart(page, room)
    assert refused == []
    page.close()
