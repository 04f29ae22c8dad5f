from __future__ import annotations

import json
import urllib.parse
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kit import cli_links, links
from kit.errors import CourseError, LanguageError, ParameterError, RunError
from kit.language import using
from kit.web import web_address

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


def test_a_workshop_can_be_named_and_an_unknown_one_is_told() -> None:
    made = links.links(KIT, workshops=["rct-letters"], languages=["ja"])
    assert [link.folder for link in made] == ["rct-letters/13201-hachioji/ja"]
    with pytest.raises(CourseError, match="rct-letters"):
        links.links(KIT, workshops=["rct-leters"])


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://intra.example.jp/ebpm/", "https://intra.example.jp/ebpm"),
        (" http://192.168.1.20:8000 ", "http://192.168.1.20:8000"),
        ("https://H.jp/教 材/%E6%95%99", "https://h.jp/%E6%95%99%20%E6%9D%90/%E6%95%99"),
        ("https://h.jp/100%", "https://h.jp/100%25"),
        ("https://h.jp/a(b)<c>", "https://h.jp/a%28b%29%3Cc%3E"),
        ("http://[fe80::1]:8080/x", "http://[fe80::1]:8080/x"),
    ],
)
def test_an_address_goes_into_a_link_in_ascii(typed: str, address: str) -> None:
    assert web_address(typed, where="--site") == address


@pytest.mark.parametrize(
    "typed",
    [
        *("", "intra.example.jp", "file:///srv/ebpm", "javascript:alert(1)", "https://"),
        *("https://user:secret@h.jp/", "https://h.jp/?next=x", "https://h.jp/#top"),
        *("https://h.jp/a\nb", "https://h.jp/\u202egnp", "https://h.jp:99999/", "https://[::1"),
        *("https://<img src=x onerror=alert(1)>/", "https://a b.jp/", "https://h\\evil.jp/"),
        "https://" + "a" * 10_000 + ".jp/",
    ],
)
def test_what_is_no_address_of_a_site_is_told(typed: str) -> None:
    with pytest.raises(ParameterError, match="サイトのアドレス") as told, using("ja"):
        web_address(typed, where="--site")
    assert told.value.where == "--site" and len(str(told.value)) < 300


# --- A built folder on a web server ------------------------------------------------------------------


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What a build leaves: two languages, a run that differs, and one whose record is broken."""
    every = ["handout.html", "participant.ipynb", "slides.html", "worksheet.pdf"]
    for folder, files in (
        ("rct-letters/13201-hachioji/en", every),
        ("rct-letters/13201-hachioji/ja", every),
        ("rct-letters/13307-hinohara--letters-600/ja", ["handout.html"]),
        ("journey-time/13201-hachioji/ja", ["worksheet.pdf"]),
    ):
        workshop, variant, language = folder.split("/")
        code = variant[:5]
        town = {"13201": ("八王子市", "Hachioji City"), "13307": ("檜原村", "Hinohara Village")}[
            code
        ]
        record = {
            "run": {"workshop": workshop, "variant": variant, "language": language},
            "title": f"{workshop} ({language})",
            "municipality": {"code": code, "ja": town[0], "en": town[1]},
            "files": files,
        }
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    broken = tmp_path / "rct-letters/13104-shinjuku/ja"
    broken.mkdir(parents=True)
    (broken / "run.json").write_text("{", encoding="utf-8")
    return tmp_path


def test_a_site_links_to_what_was_made(built: Path) -> None:
    made = links.site_links("https://intra.example.jp/教材/", built)
    start = "https://intra.example.jp/%E6%95%99%E6%9D%90/rct-letters/13201-hachioji"
    assert [link.language for link in made] == ["ja", "en", "ja"], "Japanese first"
    assert [address for _, address in made[0].views] == [
        f"{start}/ja/handout.html",
        f"{start}/ja/slides.html",
        f"{start}/ja/participant.ipynb",
    ]
    assert made[1].municipality == "Hachioji City"
    assert made[2].municipality == "檜原村（letters-600）"
    assert len(made[2].views) == 1, "there are no slides of it"
    assert {link.door for link in made} == {"https://intra.example.jp/%E6%95%99%E6%9D%90/"}
    assert all("13201-hachioji" in line.markdown for line in made[:2])


def test_a_site_whose_root_holds_several_programmes_is_found_too(built: Path) -> None:
    made = links.site_links("https://h.jp", built.parent)
    assert f"https://h.jp/{built.name}/rct-letters/13201-hachioji/ja/handout.html" in {
        link.app for link in made
    }


def test_a_site_is_narrowed_by_town_language_and_workshop(built: Path) -> None:
    def found(**asked: list[str]) -> list[str]:
        towns, languages = asked.get("m", []), asked.get("l", [])
        made = links.site_links(
            "https://h.jp", built, towns, languages, workshops=asked.get("w", [])
        )
        return [link.folder for link in made]

    assert found(m=["檜原村"]) == ["rct-letters/13307-hinohara--letters-600/ja"]
    assert found(l=["en"], w=["rct-letters"]) == ["rct-letters/13201-hachioji/en"]
    with pytest.raises(ParameterError, match="この条件に合う"), using("ja"):
        found(w=["journey-time"])  # made, but not as a page
    with pytest.raises(LanguageError):
        found(l=["tlh"])
    with pytest.raises(ParameterError):
        found(m=["アトランティス"])


def test_a_folder_without_materials_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ParameterError, match="できあがった教材が") as told, using("ja"):
            links.site_links("https://h.jp", folder)
        assert "kit build" in str(told.value)


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
    monkeypatch.setattr(codes, "_drawn", lambda url, mm: coded.append(url) or b"<svg/>")
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


def test_without_links_there_is_no_sheet_card_or_poster(tmp_path: Path) -> None:
    for write in (links.write_sheet, links.write_cards, links.write_posters):
        with pytest.raises(ParameterError, match="リンクがありません"):
            write([], tmp_path / "qr.pdf")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_no_half_of_a_sheet(tmp_path: Path, full_disk: None) -> None:
    with pytest.raises(RunError, match="書けませんでした"), using("ja"):
        links.write_posters([letters(KIT)], tmp_path / "qr.pdf")
    assert not list(tmp_path.iterdir())


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


def test_the_command_writes_cards_and_posters_of_a_site(
    run: object, built: Path, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    cards, poster = tmp_path / "out" / "cards.pdf", tmp_path / "out" / "poster.pdf"
    told = run(
        *("links", "--site", "http://localhost:8000", "--build", str(built), "-l", "ja"),
        *("-m", "八王子市", "--cards", str(cards), "--groups", "3", "--poster", str(poster)),
    )
    assert told.exit_code == 0, told.output
    assert "http://localhost:8000/rct-letters/13201-hachioji/ja/handout.html" in told.stdout
    assert "このパソコンからしか" in told.stderr
    assert len(PdfReader(cards).pages) == len(PdfReader(poster).pages) == 1


def test_groups_are_looked_at_before_anything_is_written(run: object, tmp_path: Path) -> None:
    sheet = tmp_path / "qr.pdf"
    told = run("links", KIT, "--groups", "many", "--sheet", str(sheet))
    assert isinstance(told.exception, ParameterError) and not sheet.exists()


def test_the_command_lays_the_desk(run: object, tmp_path: Path) -> None:
    told = run("desk", str(tmp_path), "-m", "檜原村", "-l", "ja")
    assert told.exit_code == 0
    laid = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.ipynb")]
    assert "desk/rct-letters/13307-hinohara/ja/rct-letters.ipynb" in laid
    assert all("/13307-hinohara/ja/" in path for path in laid)
