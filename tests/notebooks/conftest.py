"""Notebooks that run one after the other share what their kernels import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kit import warm


@pytest.fixture(scope="session", autouse=True)
def warm_kernels() -> Iterator[None]:
    """Start kernels warm where that can be done."""
    with warm.kept():
        yield
