"""Papermill's saving costs a part of the time, and loses nothing at the end."""

from __future__ import annotations

import pytest

from kit import engine
from kit.engine import saving_seldom


class Manager:
    """Saves; each time takes a second of a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time, self.saved = 0.0, 0
        monkeypatch.setattr(engine.time, "monotonic", lambda: self.time)

    def save(self, **_: object) -> None:
        self.time += 1
        self.saved += 1


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Manager:
    return Manager(monkeypatch)


def test_saving_takes_no_more_than_a_tenth_of_the_time(manager: Manager) -> None:
    with saving_seldom(manager):
        for _ in range(200):
            manager.save()
            manager.time += 0.5
    assert manager.saved == 12  # of 112 seconds
    manager.save()
    assert manager.saved == 13


def test_a_cell_that_takes_long_is_saved_before_and_after(manager: Manager) -> None:
    with saving_seldom(manager):
        for _ in range(5):
            manager.save()
            manager.time += 60
    assert manager.saved == 5


def test_after_a_failure_papermill_saves_as_ever(manager: Manager) -> None:
    with pytest.raises(ZeroDivisionError), saving_seldom(manager):
        manager.save()
        manager.save()
        raise ZeroDivisionError
    assert manager.saved == 1
    manager.save()
    manager.save()
    assert manager.saved == 3
