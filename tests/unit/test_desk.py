from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import desk
from kit.errors import RunError

Furnish = Callable[..., Path]


def test_a_notebook_somebody_has_written_in_is_left_alone(
    workshop_in: Furnish, tmp_path: Path
) -> None:
    workshop_in("ok", "number + 1")
    path = desk.place("ok", ["檜原村"], [], [], tmp_path)
    assert json.loads(path.read_text("utf-8"))["metadata"]["kit"]["language"] == "ja"
    path.write_text("わたしの答え", encoding="utf-8")
    assert desk.place("ok", ["檜原村"], [], [], tmp_path) == path
    assert path.read_text("utf-8") == "わたしの答え"


def test_a_desk_that_cannot_be_written_is_told(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("ok")
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="書けませんでした"):
        desk.place("ok", [], [], [], tmp_path / "file")


# --- opening it -----------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str], Path]]:
    """What would have been started: command, environment, folder."""
    calls: list[tuple[list[str], dict[str, str], Path]] = []

    def run(command: list[str], *, cwd: Path, env: dict[str, str], check: bool) -> object:
        calls.append((command, env, cwd))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(desk.subprocess, "run", run)
    return calls


@pytest.mark.parametrize(("app", "module"), [(False, "jupyterlab"), (True, "voila")])
@pytest.mark.parametrize("browser", [True, False])
def test_lab_or_a_page_without_code_is_started_beside_the_notebook(
    started: list[tuple[list[str], dict[str, str], Path]],
    tmp_path: Path,
    app: bool,
    module: str,
    browser: bool,
) -> None:
    path = tmp_path / "a b.ipynb"
    assert desk.launch(path, browser=browser, app=app) == 0
    [(command, environment, folder)] = started
    assert command[:4] == [sys.executable, "-m", module, "a b.ipynb"] and folder == tmp_path
    assert ("--no-browser" in command) is not browser
    kernel = Path(environment["IPYTHONDIR"], "profile_default", "ipython_kernel_config.json")
    assert "kit.room" in kernel.read_text("utf-8")
    settings = Path(environment["JUPYTERLAB_SETTINGS_DIR"]).rglob("*.jupyterlab-settings")
    said = " ".join(path.read_text("utf-8") for path in settings)
    assert "fetchNews" in said and '"windowingMode": "none"' in said


def test_the_page_is_drawn_by_our_own_template(
    started: list[tuple[list[str], dict[str, str], Path]], tmp_path: Path
) -> None:
    from voila.paths import collect_template_paths

    desk.launch(tmp_path / "a.ipynb", browser=False, app=True)
    [(_, environment, _)] = started
    roots = [environment["JUPYTER_PATH"], sys.prefix + "/share/jupyter"]
    first = collect_template_paths(["voila", "nbconvert"], "kit", prune=True, root_dirs=roots)[0]
    assert Path(first, "index.html.j2").is_file()
    assert (
        "prelaunch_hook"
        in Path(environment["JUPYTER_CONFIG_PATH"].split(":")[0], "voila.py").read_text()
    )


def test_what_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RunError, match="Voilà を始められません") as told:
        desk.launch(tmp_path / "a.ipynb", browser=False, app=True)
    assert told.value.hint is not None and "kit doctor" in told.value.hint


def test_a_folder_that_cannot_be_furnished_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.room.furnishing.write_whole", full)
    with pytest.raises(RunError, match="書けませんでした"):
        desk.launch(tmp_path / "a.ipynb", browser=False)


def test_closing_it_with_the_keyboard_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.subprocess, "run", interrupted)
    assert desk.launch(tmp_path / "a.ipynb", browser=False) == 0
