"""One Chromium for every browser test; without it they say that they were skipped, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from chromium import FLAGS, PATH

ROOMS = ("test_app", "test_class", "test_room")  # each with a server of its own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one server together, whatever worker gets them."""
    for item in items:
        if item.path.stem in ROOMS:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if PATH is None:
        pytest.skip("Chromium is not installed on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PATH, args=FLAGS)
        yield browser
        browser.close()
