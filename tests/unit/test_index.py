"""The index finds and opens everything a build has made."""

from __future__ import annotations

import json
import re
import shlex
import urllib.parse
from pathlib import Path
from typing import Any

import materials
import pytest
from many_entries import many_entries
from markup import Markup, steps

from kit.language import using
from kit.publish import forms, index, index_entries
from kit.run import Result


@pytest.fixture(scope="module")
def html() -> str:
    return index.page("半日コース", materials.entries(), "ja")


def test_every_file_of_every_run_is_linked(html: str) -> None:
    links = {urllib.parse.unquote(a["href"]) for a in Markup(html).all("a")}
    for entry in materials.entries():
        assert set(entry.files.values()) | set(entry.artefacts.values()) <= links


def test_links_are_relative_and_encoded(html: str) -> None:
    for a in Markup(html).all("a"):
        assert a["href"].isascii() and not a["href"].startswith(("/", "http", "file"))


def test_two_links_never_sound_the_same(html: str) -> None:
    files = re.findall(r'<a href="([^"#]+)">(.*?)</a>', html, re.DOTALL)
    named: dict[str, str] = {}
    for href, words in files:
        text = Markup(words).text
        assert named.setdefault(text, href) == href


def test_a_failed_run_says_which_cell_and_why(html: str) -> None:
    text = Markup(html).text
    assert "compute-the-effect" in text and "町の人口より多く" in text and "青ヶ島村" in text


def test_totals_are_counted(html: str) -> None:
    assert re.findall(r"<dd>(\d+)</dd>", html) == ["12", "11", "1"]


def test_headings_are_in_order_and_the_language_is_said(html: str) -> None:
    read = Markup(html)
    assert read.headings()[0] == 1 and read.headings().count(1) == 1
    assert steps(read.headings()) == [] and read.all("html") == [{"lang": "ja"}]
    assert len(read.ids()) == len(set(read.ids()))


def test_names_in_other_languages_are_marked_as_such(html: str) -> None:
    assert '<span lang="en">Hachioji City</span>' in html


def test_the_search_is_hidden_until_a_script_shows_it(html: str) -> None:
    assert [form for form in Markup(html).all("form") if "hidden" not in form] == []


def test_an_empty_programme_has_an_index_too() -> None:
    assert "半日コース" in index.page("半日コース", [], "ja")


def test_names_and_reasons_are_text() -> None:
    entry = index.Entry("w", "<b>題", "港区", "ja", "failed", reason="<script>x</script>")
    read = Markup(index.page("<i>", [entry], "ja"))
    assert len(read.all("script")) == 2 and read.all("b", "i") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "</script><b>",
        "x" * 10_000,
        "👩🏽‍💻",
        "<!--<script>",
        "\u2028",
    ],
)
def test_whatever_a_name_holds_the_page_stays_whole(hostile: str) -> None:
    label = f"w/{hostile}/ja"
    entry = index.Entry(
        *(
            "w",
            hostile,
            hostile,
            "ja",
            "failed",
            {hostile: label},
            {hostile: label},
            hostile,
            hostile,
        ),
        citations=(hostile,),
        command=hostile,
    )
    read = Markup(index.page(hostile, [entry, entry], "ja"))
    assert len(read.all("script")) == 2 and read.all("b", "img") == []
    assert len(read.all("html")) == len(read.all("footer")) == 1
    kept = finder(index.page("試し", [entry, entry], "ja"))
    assert kept["workshops"][0][1]["ja"] == hostile.replace("\u2028", " ")


def finder(html: str) -> dict[str, Any]:
    """Return the tables that the page's search reads."""
    found = re.search(r'<script type="application/json" id="runs">(.*?)</script>', html, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def addresses(tables: dict[str, Any]) -> set[str]:
    """Return every file the search can lead to, put together as its script does."""
    found = set()
    for workshop, place, language, _, _, held, _, *odd in tables["runs"]:
        folder = "/".join(
            (
                tables["workshops"][workshop][0],
                tables["places"][place][0],
                tables["languages"][language][0],
            )
        )
        elsewhere = dict(odd[0]) if odd else {}
        for at, number in enumerate(tables["sets"][held]):
            name, whose = tables["files"][number][:2]
            inside = "artefacts/" if whose == "artefacts" else ""
            found.add(elsewhere.get(at, f"{folder}/{inside}{name}"))
    return found


def test_the_search_leads_to_every_file(html: str) -> None:
    wanted = {
        path for e in materials.entries() for path in (*e.files.values(), *e.artefacts.values())
    }
    assert addresses(finder(html)) == wanted


def test_every_form_has_its_name_in_the_index() -> None:
    files = {form.file: f"w/13101-chiyoda/ja/{form.file}" for form in forms.FORMS}
    entry = index.Entry("w", "題", "千代田区", "ja", "made", files, words="w/13101-chiyoda/ja")
    html = index.page("試し", [entry], "ja")
    with using("ja"):
        for form in forms.FORMS:
            assert form.label() in html
    assert [file[0] for file in finder(html)["files"]] == [form.file for form in forms.FORMS]


def test_a_file_nobody_told_the_index_about_is_listed_by_its_name() -> None:
    files = {"new-form.pdf": "w/13101-chiyoda/ja/new-form.pdf"}
    entry = index.Entry("w", "題", "千代田区", "ja", "made", files, words="w/13101-chiyoda/ja")
    html = index.page("試し", [entry], "ja")
    assert "w/13101-chiyoda/ja/new-form.pdf" in html and "そのほか" in Markup(html).text
    assert finder(html)["files"][0][:2] == ["new-form.pdf", "other"]


def test_each_workshop_says_its_principles_sources_and_day() -> None:
    text = Markup(index.page("試し", many_entries(2, 3), "ja")).text
    assert "1 顧客視点でデザインしよう" in text and "2026年7月1日" in text
    assert "CC BY 4.0）を加工して作成" in text and "実在の町の結果ではありません" in text


def test_sizes_are_said_beside_each_file() -> None:
    html = index.page("試し", many_entries(1, 1, ("ja",)), "ja")
    assert "HTML 40 KB" in html and "PDF 41 KB" in html


def test_fifteen_hundred_runs_fit_into_one_light_page() -> None:
    entries = many_entries()
    html = index.page("全部", entries, "ja")
    assert len(entries) == 1500 and len(html.encode()) < 250_000
    assert len(addresses(finder(html))) == sum(len(e.files) + len(e.artefacts) for e in entries)


def test_a_large_build_lists_its_files_in_a_page_for_each_workshop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = [f"w-{n}/13101-chiyoda/{language}" for n in (1, 2) for language in ("ja", "en")]
    for label in labels:
        lay(tmp_path, label, "handout.html", "artefacts/メモ.md")
    monkeypatch.setattr(index, "_LINKS", 3)
    html = index.write(tmp_path, "試し", [Result(label, "made") for label in labels], "ja")
    assert {a["href"] for a in Markup(html).all("a")} >= {"w-1/index.html", "w-2/index.html"}
    listed = Markup((tmp_path / "w-1" / "index.html").read_text("utf-8"))
    links = [urllib.parse.unquote(a["href"]) for a in listed.all("a") if a["href"][0] != "#"]
    assert len(links) == 7 and "13101-chiyoda/ja/artefacts/メモ.md" in links
    assert all((tmp_path / "w-1" / link).resolve().is_file() or "index" in link for link in links)
    assert steps(listed.headings()) == [] and not listed.all("script")
    monkeypatch.setattr(index, "_LINKS", 3000)
    index.write(tmp_path, "試し", [Result(label, "made") for label in labels], "ja")
    assert not (tmp_path / "w-1" / "index.html").exists(), "no stale list stays behind"


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    lay(tmp_path, "w/13101-chiyoda/ja", "handout.html")
    monkeypatch.setattr(index, "_LINKS", 0)
    monkeypatch.setattr(index, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        index.write(tmp_path, "試し", [], "ja")


def lay(folder: Path, label: str, *names: str, title: str = "試験") -> None:
    for name in (*names, "run.json"):
        path = folder / label / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    record = {"title": title, "files": [*names, "run.json"]}
    (folder / label / "run.json").write_text(json.dumps(record), encoding="utf-8")


def test_what_a_build_left_is_found(tmp_path: Path) -> None:
    label = "rct-letters/13201-hachioji--letters-600/ja"
    lay(tmp_path, label, "handout.html", "artefacts/メモ.md")
    lay(tmp_path, "rct-letters/13101-chiyoda/en", "slides.html")
    html = index.write(tmp_path, "試し", [Result(label, "made")], "ja")
    links = {urllib.parse.unquote(a["href"]) for a in Markup(html).all("a")}
    assert f"{label}/handout.html" in links and f"{label}/artefacts/メモ.md" in links
    assert "rct-letters/13101-chiyoda/en/slides.html" in links, "made by an earlier build"
    assert "八王子市（letters-600）" in html and "Chiyoda City" in html


def test_a_failed_run_links_what_there_is_of_it(tmp_path: Path) -> None:
    kept = tmp_path / "failed" / "rct-letters" / "13201-hachioji" / "ja" / "participant.ipynb"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}", encoding="utf-8")
    error = "ZeroDivisionError: division by zero\n  rct-letters/workshop.ipynb#cell-1 (participant; n=3)\n  → x"
    html = index.write(
        tmp_path, "試し", [Result("rct-letters/13201-hachioji/ja", "failed", 1.0, error)], "ja"
    )
    text = Markup(html).text
    assert "cell-1" in text and "ZeroDivisionError" in text and "n=3" not in text
    assert "failed/rct-letters/13201-hachioji/ja/participant.ipynb" in html


FAILURE = (
    "ZeroDivisionError: division by zero\n"
    "  rct-letters/workshop.ipynb#cell-1 (participant; municipality='13201', letters=600, team='福祉 \"A\"')\n"
    "  → x"
)


@pytest.mark.parametrize(
    ("folder", "variant", "command"),
    [
        (
            "build/half-day",
            "13201-hachioji",
            "kit build half-day -w rct-letters -m 13201 -l ja --fit",
        ),
        (
            "build/class",
            "13201-hachioji--letters-600--team-0a1b2c3d",
            'kit build -w rct-letters -m 13201 -l ja --set letters=600 --set "team=福祉 \\"A\\""',
        ),
        (
            "out/class",
            "13201-hachioji--letters-600",
            "kit build -w rct-letters -m 13201 -l ja --set letters=600 -o 出力先",
        ),
    ],
)
def test_a_failed_run_says_what_to_type_to_make_it_again(
    tmp_path: Path, folder: str, variant: str, command: str
) -> None:
    result = Result(f"rct-letters/{variant}/ja", "failed", 1.0, FAILURE)
    with using("ja"):
        (entry,) = index_entries.entries(tmp_path / folder, [result])
        assert entry.command == command
        words = shlex.split(entry.command.replace(" -o 出力先", " -o x"))
        assert words[:2] == ["kit", "build"]
    assert str(tmp_path) not in index.page("試し", [entry], "ja")


def test_a_damaged_record_takes_nothing_else_with_it(tmp_path: Path) -> None:
    lay(tmp_path, "rct-letters/13101-chiyoda/ja", "handout.html")
    lay(tmp_path, "rct-letters/13201-hachioji/ja", "handout.html")
    bad = tmp_path / "rct-letters/13201-hachioji/ja/run.json"
    for text in ("{", '{"files": 3, "citations": "x", "built": null}', "[]"):
        bad.write_text(text, encoding="utf-8")
        html = index.write(tmp_path, "試し", [], "ja")
        assert "rct-letters/13101-chiyoda/ja/handout.html" in html


def test_a_file_that_has_gone_is_not_listed(tmp_path: Path) -> None:
    label = "rct-letters/13101-chiyoda/ja"
    lay(tmp_path, label, "handout.html", "slides.html")
    (tmp_path / label / "slides.html").unlink()
    assert "slides.html" not in index.write(tmp_path, "試し", [], "ja")


def test_a_run_shows_its_files_in_the_order_of_their_use_not_of_the_alphabet() -> None:
    from kit.publish.index_finder import tables

    told = tables(materials.entries(), ["ja", "en"])
    assert all(list(held) == sorted(held) for held in told["sets"])
    names = [told["files"][number][0] for number in told["sets"][0]]
    assert names[0] == "handout.html"
