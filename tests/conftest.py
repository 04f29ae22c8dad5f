"""Houses to test in: the real one, and small ones that a test may damage."""

from __future__ import annotations

import dataclasses
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import sampled
from hypothesis import settings

from kit import language
from kit.house import home

# How long an example takes is the machine's business, and no test's.
settings.register_profile("kit", deadline=None)
settings.load_profile("kit")

ROOT = Path(__file__).resolve().parent.parent

SPEC = """
id = "{id}"
title = "試験用のワークショップ"
question = "動きますか。"
summary = "試験にだけ使います。"
minutes = 10
principles = [9]
audience = "試験"
objectives = ["動くこと"]
artefact = "なし"
languages = ["ja"]

[[parameter]]
name = "municipality"
type = "municipality"
label = "区市町村"
default = "13201"

[[parameter]]
name = "number"
type = "int"
label = "数"
default = 3
minimum = 1
maximum = 10
unit = "個"

[[parameter]]
name = "team"
type = "text"
label = "課の名前"
default = "企画課"
"""

PARAMETERS = """municipality: str = "13201"  # 区市町村: 八王子市
number: int = 3  # 数 (個)
team: str = "企画課"  # 課の名前
language: str = "ja"  # 言語"""


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    """Messages in Japanese, whatever the machine speaks."""
    with language.using("ja"):
        yield


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which nothing can be written any more."""
    opened = Path.open

    def full(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if set(mode) & set("wax+"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return opened(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", full)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with data and templates but no workshop, free to be damaged."""
    top = tmp_path / "house"
    (top / "workshops").mkdir(parents=True)
    for room in ("datasets", "templates", "kit"):
        (top / room).symlink_to(home() / room)
    monkeypatch.setenv("KIT_HOME", str(top))
    return top


@pytest.fixture
def workshop_in(house: Path) -> Callable[..., Path]:
    """Return a function that furnishes the house with a small workshop running `code`."""

    def furnish(id: str, *code: str, markdown: str = "", spec: str = SPEC) -> Path:
        folder = house / "workshops" / id
        folder.mkdir()
        (folder / "workshop.toml").write_text(spec.replace("{id}", id), encoding="utf-8")
        cells = [
            nbformat.v4.new_markdown_cell(
                f"# 試験\n\n{markdown}",
                id="title",
                metadata={"workshop": {"minutes": 10}, "slideshow": {"slide_type": "slide"}},
            ),
            nbformat.v4.new_code_cell(
                PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}
            ),
        ]
        for number, source in enumerate(code):
            tags = ["exercise"] if "BEGIN SOLUTION" in source else []
            cells.append(
                nbformat.v4.new_code_cell(source, id=f"cell-{number}", metadata={"tags": tags})
            )
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, folder / "workshop.ipynb")
        return folder

    return furnish


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample programme, as far as tests look at it; quick when nothing has changed."""
    from kit import batch, request

    output = ROOT / ".cache" / "sample"
    with language.using("ja"):
        plan = request.plan("half-day")
        runs = tuple(run for run in plan.runs if run.label in sampled.RUNS)
        assert len(runs) == len(sampled.RUNS)
        report = batch.build(dataclasses.replace(plan, runs=runs), output)
    assert not report.failed, "\n".join(result.error for result in report.failed)
    return report.output


def copy_room(house: Path, room: str) -> Path:
    """Turn a linked room of a test house into a copy that may be changed."""
    linked = house / room
    source = linked.resolve()
    linked.unlink()
    shutil.copytree(source, linked)
    return linked
