from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import cli

Furnish = Callable[..., Path]


def kit(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Type ``kit WORDS`` and return exit code, standard output and standard error."""
    import sys

    sys.argv = ["kit", *words]
    try:
        cli.main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_list_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = kit(capsys, "list", "--json")
    found = {w["id"]: w for w in json.loads(out)}
    assert code == 0
    assert {"rct-letters", "journey-time"} <= set(found)
    assert found["rct-letters"]["minutes"] in range(75, 91)
    assert {"ja", "en"} <= set(found["rct-letters"]["languages"])


def test_show_lists_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = kit(capsys, "show", "rct-letters")
    assert code == 0 and "letters" in out


def test_a_dry_run_makes_nothing(
    workshop_in: Furnish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop_in("ok")
    output = tmp_path / "out"
    code, out, _ = kit(
        capsys, "build", "-w", "ok", "-m", "all", "--dry-run", "--json", "-o", str(output)
    )
    assert code == 0 and len(json.loads(out)["runs"]) == 62
    assert not output.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["build", "-w", "okk"], "ok"),
        (["build", "-w", "ok", "-m", "八王寺"], "八王子市"),
        (["build", "-w", "ok", "-l", "fr"], "fr"),
        (["build", "-w", "ok", "--set", "number=99"], "10"),
        (["build", "-w", "ok", "--set", "number=many"], "整数"),
        (["build", "-w", "ok", "--set", "numbr=1"], "number"),
        (["build", "-w", "ok", "--edition", "teacher"], "facilitator"),
        (["build", "-w", "ok", "--form", "docx"], "pdf"),
        (["build", "nowhere.toml"], "nowhere.toml"),
        (["show", "okk"], "ok"),
        (["--speak", "xx", "list"], "ja"),
    ],
)
def test_a_mistake_ends_in_a_sentence_and_code_2(
    workshop_in: Furnish, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    workshop_in("ok")
    code, _, err = kit(capsys, *words)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_an_output_that_cannot_be_written_is_told(
    workshop_in: Furnish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop_in("ok")
    file = tmp_path / "file"
    file.write_text("")
    code, _, err = kit(capsys, "build", "-w", "ok", "-o", str(file / "out"))
    assert code == 2 and "--output" in err and "Traceback" not in err


def test_new_check_and_translate(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kit(capsys, "new", "my-first")[0] == 0
    assert kit(capsys, "check", "my-first")[0] == 0
    assert kit(capsys, "translate", "my-first")[0] == 0
    assert (house / "workshops" / "my-first" / "en.po").exists()


def test_check_fails_on_a_broken_workshop(
    workshop_in: Furnish, capsys: pytest.CaptureFixture[str]
) -> None:
    (workshop_in("ok") / "workshop.ipynb").write_text("{")
    code, out, _ = kit(capsys, "check", "ok", "--json")
    assert code == 1 and "workshop.ipynb" in json.loads(out)[0]["where"]


def test_links_open_the_right_notebook(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sheet = tmp_path / "qr.pdf"
    code, out, _ = kit(
        capsys, "links", "https://github.com/example/kit", "-m", "檜原村", "--sheet", str(sheet)
    )
    assert code == 0
    assert "lab%2Ftree%2Fdesk%2Frct-letters%2F13307-hinohara%2Fja%2Frct-letters.ipynb" in out
    assert "%2Fen%2F" in out
    assert sheet.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("url", ["", "kit", "https://github.com/", "ftp://github.com/a/b"])
def test_a_wrong_repository_is_told(capsys: pytest.CaptureFixture[str], url: str) -> None:
    code, _, err = kit(capsys, "links", url)
    assert code == 2 and "https://github.com/ORG/REPO" in err


def test_the_command_speaks_english(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = kit(capsys, "--speak", "en", "list")
    assert "Parameters" in out
