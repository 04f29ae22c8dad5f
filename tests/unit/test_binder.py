from __future__ import annotations

import re
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from kit import binder, links, places
from kit.house import home

FOLDER = home() / "binder"
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.!+]*)")


@pytest.fixture(scope="module")
def base() -> ModuleType:
    """binder/base.py, which is a script beside the kit and no part of it."""
    sys.path.insert(0, str(FOLDER))
    try:
        import base as module
    finally:
        sys.path.remove(str(FOLDER))
    return module


# --- the notebooks --------------------------------------------------------------------------------


def test_every_link_leads_to_a_notebook_that_is_there(tmp_path: Path) -> None:
    towns = [places.find("青ヶ島村"), places.find("世田谷区")]
    laid, left_out = binder.furnish(tmp_path, towns)
    made = links.links("https://github.com/example/kit", "v1", [town.code for town in towns])
    assert (laid, left_out) == (len(made), [])
    for link in made:
        for url, view in (
            (link.url, "lab/tree/"),
            (link.phone, "notebooks/"),
            (link.app, "voila/render/"),
        ):
            path = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["urlpath"][0]
            assert path.startswith(view) and path.isascii()
            assert (tmp_path / path.removeprefix(view)).is_file(), path


def test_one_language_is_laid_where_one_is_asked_for(tmp_path: Path) -> None:
    binder.furnish(tmp_path, [places.find("檜原村")], ["en"])
    found = list(tmp_path.rglob("*.ipynb"))
    assert found and {path.parent.name for path in found} == {"en"}


def test_nothing_is_laid_in_a_language_no_workshop_has(
    tmp_path: Path, workshop_in: Callable[..., Path]
) -> None:
    workshop_in("only-japanese")
    binder.furnish(tmp_path, [places.find("檜原村")], ["en"])
    assert not list(tmp_path.rglob("only-japanese.ipynb"))


def test_what_somebody_wrote_is_left_when_the_desk_is_laid_again(tmp_path: Path) -> None:
    binder.furnish(tmp_path, [places.find("檜原村")], ["ja"])
    path = next(tmp_path.rglob("*.ipynb"))
    path.write_text("わたしの答え", encoding="utf-8")
    binder.furnish(tmp_path, [places.find("檜原村")], ["ja"])
    assert path.read_text(encoding="utf-8") == "わたしの答え"


def test_a_participant_is_laid_no_answers(tmp_path: Path) -> None:
    binder.furnish(tmp_path, [places.find("檜原村")], ["ja"])
    for path in tmp_path.rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text
        assert not any(cell.get("outputs") for cell in nbformat.read(path, 4).cells)


# --- the image ------------------------------------------------------------------------------------


def test_the_image_has_pinned_versions_only() -> None:
    lines = (FOLDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 20
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_the_image_leaves_alone_what_its_base_brings(base: ModuleType) -> None:
    brought, added = base.read(), base.read(FOLDER / "requirements.txt")
    assert {"jupyterlab", "ipywidgets", "notebook", "jupyterhub"} <= set(brought)
    assert not set(brought) & set(added)


def test_the_image_has_the_versions_of_the_lock(base: ModuleType) -> None:
    lock = base.read(home() / "requirements.lock")
    for name, version in base.read(FOLDER / "requirements.txt").items():
        # Where a platform has a version of its own, the lock has a condition behind it.
        assert name in lock and (";" in lock[name] or lock[name] == version), name


def test_what_a_room_imports_is_in_the_image(base: ModuleType) -> None:
    there = set(base.read()) | set(base.read(FOLDER / "requirements.txt"))
    assert {"altair", "vl-convert-python", "pandas", "statsmodels", "anywidget", "voila"} <= there
    assert {"typst", "segno", "babel"} <= there  # the memo's PDF, and the kit's own languages


def test_a_conda_lock_is_read_by_pypis_names(base: ModuleType) -> None:
    text = "\n".join(
        f"https://conda.example/{where}/{name}#0123abc"
        for where, name in (
            ("noarch", "jupyterlab-4.4.9-pyhd8ed1ab_0.conda"),
            ("noarch", "jupyterhub-base-5.4.0-pyhc90fa1f_0.conda"),
            ("linux-64", "jsonpointer-3.0.0-py311h38be061_2.conda"),
            ("linux-64", "python-3.11.14-hfe2f287_1_cpython.conda"),
            ("linux-64", "openssl-3.5.4-h26f9b46_0.conda"),
            ("noarch", "typing_extensions-4.15.0-pyhcf101f3_0.tar.bz2"),
        )
    )
    assert base.read_lock(text) == {
        "jsonpointer": "3.0.0",
        "jupyterhub": "5.4.0",
        "jupyterlab": "4.4.9",
        "typing-extensions": "4.15.0",
    }


def test_the_python_of_the_image_is_one_the_kit_supports() -> None:
    import tomllib

    version = (FOLDER / "runtime.txt").read_text().strip().removeprefix("python-")
    project = tomllib.loads((home() / "pyproject.toml").read_text())["project"]
    from packaging.specifiers import SpecifierSet

    assert version in SpecifierSet(project["requires-python"])
