from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from kit import bundle, cli_bundle, course, language, run
from kit.bundle import carried, contents, front, manifest, start, targets, wheels
from kit.errors import KitError, ParameterError, Problems
from kit.files import write_whole
from kit.house import home

HOSTILE = "<img src=x onerror=alert(1)></script>&"


# ---- a small build, small parts, and a bundle made of them ----


def write_build(folder: Path, **changes: object) -> Path:
    """Write what ``kit build`` leaves for one run, as far as a bundle looks at it."""
    workshop = course.workshop("first-steps")
    town = "13201-hachioji"
    inner = folder / workshop.id / town / "ja"
    inner.mkdir(parents=True)
    (inner / "handout.html").write_text("<p>配布</p>", encoding="utf-8")
    made = {
        "workshop": workshop.id,
        "parameters": workshop.validate({}, language="ja"),
        "language": "ja",
        "variant": town,
        "editions": ["participant", "facilitator"],
        "forms": ["page"],
        "programme": f"半日 {HOSTILE}",
    }
    record = {"run": made, "files": ["handout.html"], "built": "2026-07-01", **changes}
    (inner / run.RECORD).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    (folder / "index.html").write_text("<h1>目次</h1>", encoding="utf-8")
    (folder / "report.json").write_text(json.dumps({"output": str(folder)}), encoding="utf-8")
    (folder / "failed").mkdir()
    (folder / "failed" / "x.ipynb").write_text(str(folder), encoding="utf-8")
    return folder


def write_wheel(
    folder: Path, name: str, version: str, *needs: str, tag: str = "py3-none-any"
) -> Path:
    path = folder / f"{name}-{version}-{tag}.whl"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {need}" for need in needs),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/module.py", "x = 1\n")
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n\n")
    return path


def small_parts(folder: Path, target: targets.Target) -> wheels.Fetched:
    folder.mkdir(parents=True, exist_ok=True)
    made = [write_wheel(folder, "alpha", "1.0"), write_wheel(folder, "pip", "26.0")]
    return wheels.Fetched({target: [wheels._described(path) for path in made]})


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return write_build(tmp_path / "half-day")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kit of 10 MB, and no index."""
    monkeypatch.setattr(contents, "copy_kit", lambda to: to.mkdir())
    monkeypatch.setattr(contents, "_index_hosts", lambda: {"mirror.example.lg.jp"})
    monkeypatch.setattr(
        wheels, "fetch", lambda asked, house, on_step: small_parts(house, next(iter(asked)))
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bundle with the real kit in it, in a folder as people name them."""
    top = tmp_path_factory.mktemp("共有 フォルダー")
    with pytest.MonkeyPatch.context() as patch, language.using("ja"):
        patch.setattr(contents, "_index_hosts", lambda: set())
        patch.setattr(
            wheels, "fetch", lambda asked, house, on_step: small_parts(house, next(iter(asked)))
        )
        made = bundle.make(
            [write_build(top / "half-day")], top / "bundle", wheelhouse=top / "wheels"
        )
    assert (made.notebooks, made.parts) == (1, 2)
    yield made.path


# ---- what is in it ----


def test_a_bundle_has_everything_a_class_opens(whole: Path) -> None:
    for name in (
        "start.bat",
        "start.sh",
        "index.html",
        "README-ja.txt",
        "README-easy.txt",
        "README-en.txt",
        "setup/start.py",
        "setup/start.json",
        "materials/half-day/index.html",
        "materials/half-day/first-steps/13201-hachioji/ja/handout.html",
        "desk/first-steps/13201-hachioji/ja/first-steps.ipynb",
        "kit/workshops/first-steps/workshop.toml",
        "kit/kit/locale/en.po",
        "kit/datasets/municipalities/datapackage.json",
        "kit/templates/fonts/OFL.txt",
        "kit/LICENSE",
        "wheels/alpha-1.0-py3-none-any.whl",
    ):
        assert (whole / name).is_file(), name


def test_nothing_made_on_this_machine_goes_along(whole: Path) -> None:
    names = [path.relative_to(whole).as_posix() for path in whole.rglob("*")]
    assert not [
        name for name in names if re.search(r"pycache|\.pyc|egg-info|report\.json|/\.", name)
    ]
    assert not [name for name in names if "failed" in name]
    assert contents.leaks(whole, [str(home()), str(whole.parent)]) == []


def test_the_kit_in_the_bundle_finds_its_own_rooms(whole: Path) -> None:
    code = "import kit.house, kit.course; print(kit.house.home()); kit.course.workshop_ids()"
    environment = {**os.environ, "PYTHONPATH": str(whole / "kit"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("KIT_HOME", None)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=whole,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(whole / "kit")


def test_the_first_page_leads_to_every_programme_and_shows_a_hostile_title_as_text(
    whole: Path,
) -> None:
    page = (whole / "index.html").read_text(encoding="utf-8")
    assert 'href="materials/half-day/index.html"' in page
    assert "&lt;img src=x" in page and "<img" not in page
    assert "default-src &#39;none&#39;" in page and not re.search(
        r"(src|href|url\()=?.?https?:", page
    )
    linked = re.findall(r'href="([^"#]+)"', page)
    assert linked and all((whole / name).is_file() for name in linked)


def test_readme_texts_open_in_notepad(whole: Path) -> None:
    for name in front.READMES:
        data = (whole / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n") > 10
        assert "{{" not in data.decode()
        assert max(map(len, data.decode().splitlines())) <= 80


# ---- start.bat, read as cmd.exe would ----


@pytest.fixture
def bat(whole: Path) -> list[str]:
    data = (whole / "start.bat").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    return data.decode("ascii").splitlines()


def test_every_label_is_there_once_and_every_part_ends(bat: list[str]) -> None:
    labels = [line[1:] for line in bat if line.startswith(":")]
    asked = re.findall(r"goto :(\w+)", "\n".join(bat))
    assert len(labels) == len(set(labels))
    assert set(asked) == set(labels)
    assert bat[-1] == "exit /b 4"
    for before, line in itertools.pairwise(bat):
        if line.startswith((":run_", ":no_python", ":not_extracted")):
            assert before == "" or before.startswith(("goto", "exit"))


def test_paths_are_always_quoted_and_nothing_special_stands_free(bat: list[str]) -> None:
    for line in bat:
        if line.startswith(("rem ", "@echo", ":")):
            continue
        free = re.sub(r'"[^"]*"', "", line)
        assert "%HERE%" not in free and "%START%" not in free and "%CARRIED%" not in free, line
        assert line.count('"') % 2 == 0, line
        assert not re.search(r"[&|()^!]", free), line
        # "\" before a closing quote would swallow it in the program that is called.
        assert '%HERE%"' not in line or line.startswith("set "), line
        assert "%~dp0" not in line or line == 'set "HERE=%~dp0"'


def test_every_python_is_tried_before_it_is_used_and_its_answer_looked_at(bat: list[str]) -> None:
    tried = [n for n, line in enumerate(bat) if "--suits" in line]
    assert len(tried) == 5
    for number in tried:
        assert bat[number].endswith("--suits >nul 2>nul")
        assert re.fullmatch(r'if "%ERRORLEVEL%"=="0" goto :run_\w+', bat[number + 1])
    assert next(line for line in bat if line.startswith("py -3.")).startswith("py -3.13")
    for version in targets.VERSIONS:
        assert any(line.startswith(f"py -{version} ") for line in bat)
    assert not any(re.search(r"powershell|chcp|runas|\bcall\b", line) for line in bat)


def test_start_sh_is_valid_and_says_what_is_missing(whole: Path, tmp_path: Path) -> None:
    shell = shutil.which("sh") or "/bin/sh"
    script = whole / "start.sh"
    assert os.access(script, os.X_OK)
    subprocess.run([shell, "-n", str(script)], check=True)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    alone = {"PATH": str(tools)}
    none = subprocess.run([shell, str(script)], env=alone, capture_output=True, text=True)
    assert (none.returncode, "index.html" in none.stderr) == (3, True)
    lonely = tmp_path / "start.sh"
    shutil.copy(script, lonely)
    cut = subprocess.run([shell, str(lonely)], env=alone, capture_output=True, text=True)
    assert (cut.returncode, "展開" in cut.stderr) == (4, True)


# ---- what start.py does on the other machine ----


def test_a_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    for key, texts in json.loads(start.TEXTS.read_text(encoding="utf-8")).items():
        fields = [sorted(re.findall(r"\{(\w+)\}", texts[one])) for one in ("ja", "en")]
        assert fields[0] == fields[1], key


def test_a_python_the_bundle_has_no_parts_for_is_not_taken(
    whole: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held = start.read(whole)
    assert start.target_of(held, ("win-amd64", "3.11"))
    assert start.target_of(held, ("win32", "3.11")) is None
    monkeypatch.setattr(start, "__file__", str(whole / "setup" / "start.py"))
    monkeypatch.setattr(start, "here", lambda: ("win-amd64", "3.14"))
    monkeypatch.setenv("KIT_LANG", "ja")
    assert start.main(["--suits"]) == 1
    assert start.main([]) == 2
    assert "win-amd64 3.14" in capsys.readouterr().err


def test_a_damaged_copy_is_noticed(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "写し"
    shutil.copytree(whole, copy)
    held = start.read(copy)
    assert start.damaged(copy, held) == []
    (copy / "start.sh").write_bytes(b"")
    (copy / "kit" / "LICENSE").unlink()
    assert sorted(start.damaged(copy, held)) == ["kit/LICENSE", "start.sh"]
    with pytest.raises(start.Trouble, match="kit/LICENSE"):
        start.copy_checked(copy, held, "kit/", tmp_path / "place")
    (copy / "manifest.json").write_text('{"files": ', encoding="utf-8")
    with pytest.raises(start.Trouble):
        start.read(copy)


def test_a_copy_is_compared_where_there_is_no_kit(
    whole: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    monkeypatch.setattr(start, "__file__", str(copy / "setup" / "start.py"))
    monkeypatch.setenv("KIT_LANG", "ja")
    assert start.main(["--verify"]) == 0
    assert "すべて元のとおり" in capsys.readouterr().out
    (copy / "start.sh").write_bytes(b"")
    assert start.main(["--verify"]) == 2
    assert "start.sh" in capsys.readouterr().err


def test_a_place_too_deep_for_windows_is_told(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = start.read(whole)["targets"][0]
    base = Path("/家")
    assert start.choose(whole, target, [base]).parent == base
    monkeypatch.setattr(start, "fits", lambda place, held: place.parent.name == "c")
    monkeypatch.setattr(start.os, "name", "nt")
    assert start.choose(whole, target, [base, base / "c"]).parent == base / "c"
    with pytest.raises(start.Trouble, match="--to"):
        start.choose(whole, target, [base])


def test_what_somebody_has_written_in_a_notebook_stays(whole: Path, tmp_path: Path) -> None:
    work = tmp_path / "仕事"
    assert start.lay(whole / "desk", work) == 1
    notebook = next(work.rglob("*.ipynb"))
    notebook.write_text("mine", encoding="utf-8")
    assert start.lay(whole / "desk", work) == 0
    assert notebook.read_text(encoding="utf-8") == "mine"


def test_a_full_disk_is_told_before_anything_is_installed(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = start.read(whole)
    target = {**held["targets"][0], "bytes": 1 << 60}
    with pytest.raises(start.Trouble, match="MB"):
        start.set_up(whole, held, target, tmp_path / "place")
    assert not (tmp_path / "place").exists()


def test_paths_stay_within_what_windows_takes() -> None:
    target = {"longest": 160}
    user = Path("C:/Users/yamada-taro/AppData/Local/ebpm-kit/0123abcd-3.11")
    assert start.fits(user, target)
    assert not start.fits(user / ("深" * 60), target)
    assert wheels._installed("a/b.py").endswith("b.cpython-311.pyc")


def test_the_hash_of_every_part_goes_to_pip_and_needless_ones_are_left_out(tmp_path: Path) -> None:
    held = {"files": {"wheels/a.whl": "11", "wheels/r.whl": "22"}}
    parts = [
        {"name": "a", "version": "1", "file": "a.whl"},
        {"name": "rfc3987-syntax", "version": "1", "file": "r.whl"},
    ]
    assert start._requirements(tmp_path, held, {"wheels": parts}, tmp_path / "r.txt") == 1
    assert (tmp_path / "r.txt").read_text() == "a==1 --hash=sha256:11\n"


def test_an_embeddable_python_is_opened_up_once(tmp_path: Path) -> None:
    listed = tmp_path / "python311._pth"
    listed.write_text("python311.zip\n.\n\n# Uncomment\n#import site\n", encoding="utf-8")
    start.open_up(listed)
    lines = listed.read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == [r"Lib\site-packages", "import site"]
    assert lines.count("import site") == 1 and "python311.zip" in lines


def test_this_machines_own_settings_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.lg.jp/simple")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "/elsewhere")
    monkeypatch.setenv("https_proxy", "http://proxy.example.lg.jp:8080")
    seen = start.surroundings()
    assert not {"PIP_INDEX_URL", "PYTHONPATH", "JUPYTER_CONFIG_DIR", "https_proxy"} & seen.keys()
    assert seen["KIT_OFFLINE"] == "1"


def test_a_damaged_part_is_named_when_pip_refuses_it(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    held, log = start.read(copy), tmp_path / "setup.log"
    log.write_text("ERROR: something else\n", encoding="utf-8")
    with pytest.raises(start.Trouble, match="something else"):
        start._tell_why(copy, held, log)
    (copy / "wheels" / "alpha-1.0-py3-none-any.whl").unlink()
    with pytest.raises(start.Trouble, match=r"alpha-1\.0"):
        start._tell_why(copy, held, log)


# ---- the parts ----


@pytest.fixture
def index(house: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[str, ...]]]:
    """A house that needs little, and an index that has some of it."""
    (house / "pyproject.toml").write_text(
        '[project]\ndependencies = ["alpha[fast]>=1"]\n', encoding="utf-8"
    )
    (house / "requirements.lock").write_text(
        "alpha==1.0\nbeta==2.0\nwinonly==3.0 ; sys_platform == 'win32'\n"
        "posixonly==4.0 ; os_name != 'nt'\nspeed==5.0 ; python_full_version < '3.12'\n"
        "speed==5.5 ; python_full_version >= '3.12'\nunused==9.9\n",
        encoding="utf-8",
    )
    needs = {
        "alpha": [
            'winonly; sys_platform == "win32"',
            'posixonly; os_name != "nt"',
            'speed; extra == "fast"',
            "beta",
        ],
        "beta": ["alpha"],  # a circle
    }
    calls: dict[str, list[tuple[str, ...]]] = {"download": [], "wheel": []}
    sources = {"beta"}

    def pip(kind: str, *arguments: str) -> str | None:
        calls[kind].append(arguments)
        flag = "--dest" if kind == "download" else "--wheel-dir"
        to = Path(arguments[arguments.index(flag) + 1])
        for asked in arguments:
            name, sign, version = asked.partition("==")
            if name != "pip" and not sign:
                continue
            if kind == "download" and name in sources:
                return f"ERROR: No matching distribution found for {asked}\n"
            tag = "cp311-cp311-win_amd64" if name == "winonly" else "py3-none-any"
            write_wheel(to, name, version or "26.0", *needs.get(name, []), tag=tag)
        return None

    monkeypatch.setattr(wheels, "_pip", pip)
    return calls


def names(held: list[wheels.Wheel]) -> list[str]:
    return [f"{wheel.name} {wheel.version}" for wheel in held]


def test_what_only_the_other_system_needs_is_fetched_too(
    index: dict[str, list[tuple[str, ...]]], tmp_path: Path
) -> None:
    windows, linux = targets.targets(["windows", "linux"], ["3.11"])
    found = wheels.fetch([windows, linux], tmp_path / "wheels")
    common = ["alpha 1.0", "beta 2.0", "pip 26.0"]
    assert names(found.wheels[windows]) == [*common, "speed 5.0", "winonly 3.0"]
    assert names(found.wheels[linux]) == [*common, "posixonly 4.0", "speed 5.0"]
    assert found.built == ["beta 2.0"]
    assert all("--only-binary=:all:" in call for call in index["download"])


def test_a_second_bundle_fetches_nothing_again(
    index: dict[str, list[tuple[str, ...]]], tmp_path: Path
) -> None:
    asked = targets.targets(["windows"], ["3.11"])
    first = wheels.fetch(asked, tmp_path / "wheels")
    index["download"].clear()
    again = wheels.fetch(asked, tmp_path / "wheels")
    assert (first.new, again.new, index["download"]) == (5, 0, [])
    assert not list((tmp_path / "wheels").glob(".partial*"))


def test_another_python_takes_its_own_versions(
    index: dict[str, list[tuple[str, ...]]], tmp_path: Path
) -> None:
    found = wheels.fetch(targets.targets(["linux"], ["3.12"]), tmp_path / "wheels")
    assert "speed 5.5" in names(next(iter(found.wheels.values())))


def test_a_part_with_no_wheel_for_the_target_is_named(
    index: dict[str, list[tuple[str, ...]]], tmp_path: Path
) -> None:
    with pytest.raises(KitError, match=r"winonly.*Python 3.12"):
        wheels.fetch(targets.targets(["windows"], ["3.12"]), tmp_path / "wheels")


def test_a_lock_that_lacks_a_package_is_named(
    index: dict[str, list[tuple[str, ...]]], house: Path, tmp_path: Path
) -> None:
    (house / "requirements.lock").write_text("alpha==1.0\n", encoding="utf-8")
    with pytest.raises(KitError, match=r"requirements.lock"):
        wheels.fetch(targets.targets(["linux"], ["3.11"]), tmp_path / "wheels")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("WARNING: Retrying (Retry(total=1)) after NewConnectionError('x')", "つながりません"),
        ("ERROR: No matching distribution found for nosuch==1.0", "nosuch==1.0"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "ディスク"),
        ("No module named pip", "pip がありません"),
        ("", "部品を集められません"),
    ],
)
def test_what_pip_says_becomes_a_sentence_without_its_index(
    house: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    (house / "pyproject.toml").write_text('[project]\ndependencies = ["alpha"]\n', encoding="utf-8")
    (house / "requirements.lock").write_text("alpha==1.0\n", encoding="utf-8")
    failed = SimpleNamespace(
        returncode=1, stderr=f"Looking in https://mirror.example.lg.jp\n{said}"
    )
    monkeypatch.setattr(wheels.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(KitError, match=told) as error:
        wheels.fetch(targets.targets(["windows"], ["3.11"]), house / "wheels")
    assert "mirror" not in str(error.value)
    assert list((house / "wheels").iterdir()) == []


def test_a_damaged_part_is_named(index: dict[str, list[tuple[str, ...]]], tmp_path: Path) -> None:
    house = tmp_path / "wheels"
    house.mkdir()
    (house / "alpha-1.0-py3-none-any.whl").write_bytes(b"half")
    with pytest.raises(KitError, match=r"alpha-1.0"):
        wheels.fetch(targets.targets(["linux"], ["3.11"]), house)


@pytest.mark.parametrize(("systems", "versions"), [(["mac"], ["3.11"]), (["linux"], ["3.9"])])
def test_an_unknown_machine_is_refused(systems: list[str], versions: list[str]) -> None:
    with pytest.raises(ParameterError, match="使えるもの"):
        targets.targets(systems, versions)


# ---- a Python brought along ----


def program(machine: int = 0x8664) -> bytes:
    header = bytearray(0x90)
    header[:2] = b"MZ"
    struct.pack_into("<I", header, 0x3C, 0x80)
    header[0x80:0x84] = b"PE\0\0"
    struct.pack_into("<H", header, 0x84, machine)
    return bytes(header)


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_an_embeddable_python_is_recognised_and_unpacked(tmp_path: Path) -> None:
    files = {"python.exe": program(), "python312.dll": b"", "python312._pth": b"."}
    brought = carried.examine(zipped(tmp_path / "embed.zip", files))
    assert (brought.version, brought.top) == ("3.12", "")
    carried.unpack(brought, tmp_path / "out")
    assert (tmp_path / "out" / "python.exe").read_bytes() == program()


def test_a_standalone_python_is_recognised(tmp_path: Path) -> None:
    source = tmp_path / "python"
    (source / "Lib").mkdir(parents=True)
    (source / "python.exe").write_bytes(program())
    (source / "python313.dll").write_bytes(b"")
    (source / "Lib" / "os.py").write_text("", encoding="utf-8")
    path = tmp_path / "cpython-install_only.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(source, "python")
    brought = carried.examine(path)
    assert (brought.version, brought.top) == ("3.13", "python")
    carried.unpack(brought, tmp_path / "out")
    assert (tmp_path / "out" / "Lib" / "os.py").is_file()


@pytest.mark.parametrize(
    "files",
    [
        {"readme.txt": b""},
        {"python.exe": program(0x14C), "python311.dll": b""},
        {"python.exe": b"#!/bin/sh", "python311.dll": b""},
        {"python.exe": program()},
        {"python.exe": b"MZ"},
    ],
    ids=["no-python", "32-bit", "a-script", "no-version", "too-short"],
)
def test_what_is_no_windows_python_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(ParameterError, match="使えません"):
        carried.examine(zipped(tmp_path / "x.zip", files))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"text")
    for path in (tmp_path / "x.zip", tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(ParameterError):
            carried.examine(path)


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "C:/evil.txt", "..\\evil.txt"])
def test_an_archive_writes_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    files = {"python.exe": program(), "python311.dll": b"", name: b"evil"}
    brought = carried.examine(zipped(tmp_path / "x.zip", files))
    with pytest.raises(ParameterError):
        carried.unpack(brought, tmp_path / "in" / "out")
    assert not list(tmp_path.rglob("evil*"))


# ---- mistakes, and what stays behind ----


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "partial" in path.name]


def test_a_folder_without_materials_is_told_with_those_near_by(build: Path) -> None:
    with pytest.raises(KitError, match=r"--build .*half-day"):
        contents.find(build.parent)
    with pytest.raises(KitError, match="kit build half-day"):
        contents.find(build / "nowhere")
    with pytest.raises(KitError, match="--build build/half-day"):
        bundle.make([], build.parent / "out")


def test_what_is_there_already_is_never_overwritten(build: Path, quick: None) -> None:
    (build.parent / "out").mkdir()
    with pytest.raises(KitError, match="もうあります"):
        bundle.make([build], build.parent / "out")


def test_two_builds_of_one_name_are_refused(build: Path, quick: None) -> None:
    other = write_build(build.parent / "other" / "half-day")
    with pytest.raises(KitError, match="同じ名前"):
        bundle.make([build, other], build.parent / "out", wheelhouse=build.parent / "w")


def test_a_full_disk_leaves_nothing_half(
    build: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str | bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(manifest, "write_whole", full)
    for as_zip in (False, True):
        with pytest.raises(KitError, match="No space left"):
            bundle.make([build], build.parent / "out", wheelhouse=build.parent / "w", as_zip=as_zip)
    assert not leftovers(build.parent) and not (build.parent / "out").exists()


def test_a_file_that_names_this_machine_stops_the_bundle(
    build: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = next(build.rglob("handout.html"))
    for told in (str(build.resolve()), json.dumps(str(home())), "https://mirror.example.lg.jp/x"):
        page.write_text(f"<p>{told}</p>", encoding="utf-8")
        with pytest.raises(KitError, match=r"handout.html"):
            bundle.make([build], build.parent / "out", wheelhouse=build.parent / "w")
        assert not leftovers(build.parent)


def test_the_machines_index_is_known_by_its_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://me:secret@mirror.example.lg.jp:8080/simple")
    said = SimpleNamespace(stdout="global.index-url='https://other.example.lg.jp/simple'\n")
    monkeypatch.setattr(contents.subprocess, "run", lambda *_, **__: said)
    found = contents._index_hosts()
    assert {"mirror.example.lg.jp", "other.example.lg.jp"} <= found
    assert not [word for word in found if "secret" in word]


def test_a_missing_file_and_a_foreign_record_are_told(build: Path, quick: None) -> None:
    next(build.rglob("handout.html")).unlink()
    with pytest.raises(KitError, match=r"handout.html"):
        bundle.make([build], build.parent / "out", wheelhouse=build.parent / "w")
    odd = write_build(build.parent / "odd", run={"workshop": "nowhere", "editions": []})
    with pytest.raises(KitError, match="ノートブックを作れません"):
        bundle.make([odd], build.parent / "out", wheelhouse=build.parent / "w")
    assert not leftovers(build.parent)


def test_answers_and_built_parts_are_told(build: Path, quick: None) -> None:
    made = bundle.make([build], build.parent / "out", wheelhouse=build.parent / "w")
    assert any("答え入り" in note for note in made.notes)


# ---- comparing a copy ----


def test_a_zip_is_one_folder_and_can_be_compared(build: Path, quick: None) -> None:
    made = bundle.make([build], build.parent / "教材", wheelhouse=build.parent / "w", as_zip=True)
    assert made.path.name == "教材.zip"
    with zipfile.ZipFile(made.path) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {"教材"}
        assert archive.getinfo("教材/start.sh").external_attr >> 16 & 0o111
    assert bundle.check(made.path).files == made.files - 1


def test_every_difference_of_a_copy_is_named(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    assert bundle.check(copy).files > 100
    (copy / "start.sh").unlink()
    (copy / "start.bat").write_bytes(b"")
    (copy / "virus.exe").write_bytes(b"")
    with pytest.raises(Problems) as told:
        bundle.check(copy)
    assert len(told.value.problems) == 3
    assert all(name in str(told.value) for name in ("start.sh", "start.bat", "virus.exe"))


def test_what_is_no_bundle_cannot_be_compared(tmp_path: Path) -> None:
    zipped(tmp_path / "x.zip", {"a.txt": b""})
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nowhere", tmp_path / "folder", tmp_path / "x.zip"):
        with pytest.raises(KitError, match="kit bundle"):
            bundle.check(path)


# ---- the command ----


@pytest.fixture
def typed() -> Callable[..., tuple[int, str]]:
    app = typer.Typer()
    app.callback()(lambda: None)
    cli_bundle.register(app)

    def run_it(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["bundle", *arguments])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout

    return run_it


def test_the_command_makes_and_compares(
    typed: Callable[..., tuple[int, str]], build: Path, quick: None
) -> None:
    out, house = str(build.parent / "out"), str(build.parent / "w")
    code, said = typed("-b", str(build), "-o", out, "--wheels", house, "--json")
    told = json.loads(said)
    assert (code, told["notebooks"], told["path"]) == (0, 1, out)
    assert typed("--check", out)[0] == 0
    write_whole(Path(out) / "start.sh", "")
    with pytest.raises(Problems):
        typed("--check", out)
