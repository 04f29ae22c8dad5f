"""What the room is set up with: kernels, the page without code, and what a notebook says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from kit import course, language, room
from kit.room import app, cells, furnishing


def notebook(*parts: tuple[str, str] | str, **about: str) -> str:
    """Return a notebook: text as it is, code as pairs of id and source."""
    made = [
        nbformat.v4.new_markdown_cell(part, id=f"text-{number}")
        if isinstance(part, str)
        else nbformat.v4.new_code_cell(part[1], id=part[0])
        for number, part in enumerate(parts)
    ]
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=made, metadata={"kit": about})))


# --- what a notebook makes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a: int = 1\nb: str", ["a"]),
        ("for i in x:\n    total += i", ["i", "total"]),
        ("def f(x):\n    inner = 1\nclass C:\n    y = 1", ["f", "C"]),
        ("with open(p) as file:\n    (a, *b) = file", ["file", "a", "b"]),
        ("[x for x in y]\nlambda z: z", []),
        ("import a.b, c as d\nfrom e import f", ["a", "d", "f"]),
        ("%matplotlib inline\n!ls\nx = 1", ["x"]),
        ("x = 1\ny == 2\nz = (", ["x", "z"]),
        ("x[0] = 1\nx.y = 2", []),
        ("\0", []),
    ],
)
def test_names_made(source: str, names: list[str]) -> None:
    assert cells.names_made(source) == names


def test_every_name_of_the_workshops_is_found_in_a_section() -> None:
    for workshop in course.workshops():
        book = cells.read(workshop.notebook_path)
        assert book is not None and "lesson" in book.makers
        with_sections = [p for places in book.makers.values() for p in places if p.section]
        assert len(with_sections) > 5


def test_cells_a_participant_never_gets_make_nothing(tmp_path: Path) -> None:
    content = json.loads(notebook(("a", "secret = 1"), ("b", "open_ = 1")))
    content["cells"][0]["metadata"]["tags"] = ["solution"]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(content))
    book = cells.read(path)
    assert book is not None and list(book.makers) == ["open_"]


# --- furnishing -----------------------------------------------------------------------------------


def test_kernels_below_a_prefix_load_the_room(tmp_path: Path) -> None:
    (tmp_path / "share/jupyter/voila/templates/kit").mkdir(parents=True)
    (tmp_path / "share/jupyter/voila/templates/kit/old").write_text("")
    written = room.furnish(tmp_path)
    assert all(path.exists() for path in written)
    kernel = json.loads((tmp_path / "etc/ipython/ipython_kernel_config.json").read_text())
    assert kernel["InteractiveShellApp"]["extra_extensions"] == ["kit.room"]
    assert (tmp_path / "share/jupyter/voila/templates/kit/index.html.j2").exists()
    assert not (tmp_path / "share/jupyter/voila/templates/kit/old").exists()
    config = SimpleNamespace(VoilaConfiguration=SimpleNamespace())
    exec((tmp_path / "etc/jupyter/voila.py").read_text(), {"c": config})
    assert config.VoilaConfiguration.prelaunch_hook is app.prepare
    assert config.VoilaConfiguration.show_tracebacks is False


def test_what_the_machine_had_set_is_still_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", "theirs")
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    variables = furnishing.surround(tmp_path)
    assert variables["JUPYTER_PATH"].endswith("theirs")
    assert variables["JUPYTER_CONFIG_PATH"] == str(tmp_path / "jupyter")
    assert all(Path(value.split(":")[0]).exists() for value in variables.values())


def test_a_page_without_code_has_the_words_of_its_language() -> None:
    book = nbformat.from_dict(json.loads(notebook("# 題", ("a", "1"), ("b", "2"), language="en")))
    book.cells[1].outputs = [{"output_type": "error"}]
    book.cells[2].metadata.tags = ["no-app"]
    made = app.prepare(SimpleNamespace(xsrf_token=b"token"), book, "")
    assert made.metadata.kit_app["language"] == "en" and made.metadata.kit_app["xsrf"] == "token"
    assert made.metadata.kit_app["words"]["reload"] == "Reload"
    assert [cell.id for cell in made.cells] == ["text-0", "a"] and made.cells[1].outputs == []
    book.metadata.kit = "<script>"
    assert app.prepare(None, book, "").metadata.kit_app["language"] in language.NAMES


def test_the_room_is_light_to_enter() -> None:
    code = "import sys, kit.room; print(*sorted({'pandas', 'IPython', 'pydantic', 'traitlets', 'altair'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
