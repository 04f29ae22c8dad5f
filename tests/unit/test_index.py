"""The index finds and opens everything a build has made."""

from __future__ import annotations

import json
import re
import urllib.parse
from pathlib import Path

import materials
import pytest
from markup import Markup, steps

from kit.publish import index
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


def test_the_filter_is_hidden_until_a_script_shows_it(html: str) -> None:
    assert [form for form in Markup(html).all("form") if "hidden" not in form] == []


def test_an_empty_programme_has_an_index_too() -> None:
    assert "半日コース" in index.page("半日コース", [], "ja")


def test_names_and_reasons_are_text() -> None:
    entry = index.Entry("w", "<b>題", "港区", "ja", "failed", reason="<script>x</script>")
    read = Markup(index.page("<i>", [entry], "ja"))
    assert len(read.all("script")) == 1 and read.all("b", "i") == []


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
