from __future__ import annotations

import urllib.parse
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kit import cli_links, links
from kit.errors import ParameterError, RunError

KIT = "https://github.com/example/kit"
PATH = "desk/rct-letters/13307-hinohara/en/rct-letters.ipynb"


def query(url: str) -> dict[str, str]:
    """What a server reads in the query of `url`: decoded once."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query, strict_parsing=True))


def letters(*arguments: str, **options: str) -> links.Link:
    """The English link to the letters' workshop in Hinohara."""
    found = links.links(*arguments, municipalities=["檜原村"], languages=["en"], **options)
    return next(link for link in found if "/rct-letters/" in urllib.parse.unquote(link.url))


# --- Binder ---------------------------------------------------------------------------------------


def test_a_binder_opens_the_same_notebook_in_three_views() -> None:
    link = letters(KIT, "v1")
    for url, view in (
        (link.url, "lab/tree"),
        (link.phone, "notebooks"),
        (link.app, "voila/render"),
    ):
        start, _, rest = url.partition("?")
        assert start == "https://mybinder.org/v2/gh/example/kit/v1"
        assert "/" not in rest, "a slash in the query must be escaped"
        assert query(url) == {"urlpath": f"{view}/{PATH}"}


@pytest.mark.parametrize(
    ("repository", "start"),
    [
        ("https://github.com/org/repo.git", "https://hub.example/v2/gh/org/repo/a%2Fb?"),
        ("https://github.com/org/repo/", "https://hub.example/v2/gh/org/repo/a%2Fb?"),
        ("https://gitlab.com/org/sub/repo", "https://hub.example/v2/gl/org%2Fsub%2Frepo/a%2Fb?"),
        ("https://git.example/org/repo/", "https://hub.example/v2/git/https%3A%2F%2Fgit.example"),
    ],
)
def test_links_name_their_provider(repository: str, start: str) -> None:
    link = letters(repository, "a/b", hub="https://hub.example/")
    for url in (link.url, link.phone, link.app):
        assert url.startswith(start)
    assert link.markdown.startswith(f"- {link.label}")


# --- JupyterHub -----------------------------------------------------------------------------------


def test_a_hub_whose_seats_are_laid_needs_no_repository() -> None:
    link = letters(kind="hub", hub="http://192.168.1.20:8000")
    assert link.url == f"http://192.168.1.20:8000/hub/user-redirect/lab/tree/{PATH}"
    assert link.app == f"http://192.168.1.20:8000/hub/user-redirect/voila/render/{PATH}"


def test_nbgitpuller_is_told_where_to_fetch_and_what_to_open() -> None:
    link = letters(
        "https://git.example.jp/org/notes.git", "main", kind="hub", hub="https://h.jp/x/"
    )
    assert link.url.startswith("https://h.jp/x/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgit.")
    assert query(link.url) == {
        "repo": "https://git.example.jp/org/notes.git",
        "branch": "main",
        # Without it the folder would be called notes.git, and the path below would not exist.
        "targetPath": "notes",
        "urlpath": f"lab/tree/notes/{PATH}",
    }
    assert query(link.phone)["urlpath"] == f"notebooks/notes/{PATH}"


def test_what_must_stay_escaped_on_the_server_is_escaped_twice() -> None:
    link = letters("https://git.example.jp/org/講座 A&B", kind="hub", hub="https://h.jp")
    name = urllib.parse.quote("講座 A&B")
    assert "urlpath=lab%2Ftree%2F%25E8%25AC%259B" in link.url
    assert query(link.url)["urlpath"] == f"lab/tree/{name}/{PATH}"
    assert query(link.url)["targetPath"] == "講座 A&B"


# --- What cannot be an address ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["", "kit", "https://github.com/", "ftp://github.com/a/b", "https:///a/b"]
)
def test_a_wrong_repository_is_told(url: str) -> None:
    with pytest.raises(ParameterError) as told:
        links.links(url)
    assert "https://github.com/ORG/REPO" in str(told.value)


@pytest.mark.parametrize(
    "hub", ["", "hub.example.jp", "javascript:alert(1)", "https://h.jp/?next=x"]
)
def test_a_wrong_hub_is_told(hub: str) -> None:
    with pytest.raises(ParameterError, match="ハブのアドレス"):
        links.links(kind="hub", hub=hub)


def test_an_unknown_kind_is_told() -> None:
    with pytest.raises(ParameterError, match="binder"):
        links.links(KIT, kind="<img src=x onerror=alert(1)>")


# --- The sheet of codes ----------------------------------------------------------------------------


def test_the_sheet_holds_the_app_as_a_code_and_the_other_views_as_links(tmp_path: Path) -> None:
    from pypdf import PdfReader

    made = [letters(KIT), letters(kind="hub", hub="https://hub.example.jp")]
    sheet = tmp_path / "new" / "qr.pdf"
    links.write_sheet(made, sheet)
    pages = PdfReader(sheet).pages
    found = {note.get_object()["/A"]["/URI"] for page in pages for note in page.get("/Annots", [])}
    assert found == {url for link in made for url in (link.url, link.phone, link.app)}
    assert "Hinohara Village" in pages[0].extract_text()


def test_the_code_is_the_address_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.publish import codes

    coded: list[str] = []
    monkeypatch.setattr(codes, "_qr", lambda url: coded.append(url) or b"<svg/>")
    link = letters(KIT)
    data = codes.links([link])
    assert coded == [link.app] and data["links"][0]["url"] == link.app


def test_a_hub_asks_for_the_word_and_a_binder_for_nothing() -> None:
    from kit.publish import codes

    said = [
        str(codes.links([link])["how"])
        for link in (letters(KIT), letters(kind="hub", hub="http://h"))
    ]
    assert "登録はいりません" in said[0] and "合言葉" in said[1]


def test_a_sheet_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="書けませんでした"):
        links.write_sheet([letters(KIT)], tmp_path / "file" / "qr.pdf")


def test_a_sheet_without_links_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="リンクがありません"):
        links.write_sheet([], tmp_path / "qr.pdf")


# --- The commands ----------------------------------------------------------------------------------


@pytest.fixture
def run() -> object:
    app = typer.Typer()
    cli_links.register(app)
    return lambda *typed: CliRunner().invoke(app, typed)


def test_the_command_prints_a_line_a_notebook(run: object) -> None:
    told = run("links", "--kind", "hub", "--hub", "https://h.jp", "-m", "檜原村", "-l", "en")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines and all(line.startswith("- ") and "voila/render" in line for line in lines)


def test_the_command_lays_the_desk(run: object, tmp_path: Path) -> None:
    told = run("desk", str(tmp_path), "-m", "檜原村", "-l", "ja")
    assert told.exit_code == 0
    laid = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.ipynb")]
    assert "desk/rct-letters/13307-hinohara/ja/rct-letters.ipynb" in laid
    assert all("/13307-hinohara/ja/" in path for path in laid)
