"""Each dataset's page says what its columns mean, where they come from and what to mind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from markup import Markup, steps

from kit import data
from kit.data.about import about
from kit.data.descriptors import folder_of, read_descriptor
from kit.language import using
from kit.publish import datapages, index


@pytest.fixture(scope="module")
def pages() -> dict[tuple[str, str], str]:
    return {
        (name, language): datapages.page(name, language)
        for name in data.names()
        for language in ("ja", "en")
    }


def test_every_field_source_and_quirk_is_on_the_page(pages: dict[tuple[str, str], str]) -> None:
    for (name, language), html in pages.items():
        text = Markup(html).text
        package = read_descriptor(folder_of(name))
        for quirk in package["quirks"]:
            assert "".join(quirk[language].split()) in "".join(text.split())
        for resource in package["resources"]:
            assert all(field["name"] in text for field in resource["schema"]["fields"])
            for source in resource["sources"]:
                licence = source["licence_en"] if language == "en" else source["licence"]
                assert licence in text


def test_pages_are_whole_documents(pages: dict[tuple[str, str], str]) -> None:
    for (name, language), html in pages.items():
        read = Markup(html)
        assert read.headings()[0] == 1 and read.headings().count(1) == 1, name
        assert steps(read.headings()) == []
        assert read.all("html") == [{"lang": language}]
        assert len(read.ids()) == len(set(read.ids()))
        assert len(html.encode()) < 100_000
        assert all(cell["scope"] in ("col", "row") for cell in read.all("th"))


def test_rows_are_those_of_the_tables() -> None:
    for name in data.names():
        for table in about(name).tables:
            assert table.rows == len(data.load(name, table.name))


def test_an_unchanged_page_is_left_alone(tmp_path: Path) -> None:
    datapages.write(tmp_path, ["ja"])
    path = tmp_path / "data" / "ja" / "municipalities.html"
    before = path.stat().st_mtime_ns
    datapages.write(tmp_path, ["ja"])
    assert path.stat().st_mtime_ns == before
    path.write_text("half", encoding="utf-8")
    datapages.write(tmp_path, ["ja"])
    assert "</html>" in path.read_text("utf-8")


def test_a_damaged_dataset_leaves_the_others_their_pages(house: Path) -> None:
    original = (house / "datasets").resolve()
    (house / "datasets").unlink()
    shutil.copytree(original, house / "datasets")
    (house / "datasets" / "principles" / "datapackage.json").write_text("{", encoding="utf-8")
    links = datapages.write(house / "build", ["ja"])
    assert len(links) == len(data.names()) - 1


def test_the_index_lists_what_the_workshops_read_first(tmp_path: Path) -> None:
    with using("ja"):
        links = datapages.write(tmp_path, ["ja", "en"])
        entry = index.Entry("rct-letters", "題", "八王子市", "ja", "made")
        html = index.page("半日", [entry], "ja", links)
    hrefs = [a["href"] for a in Markup(html).all("a") if a["href"].startswith("data/")]
    assert hrefs[0] == "data/ja/municipalities.html"
    assert len(hrefs) == 2 * len(data.names())
    assert all((tmp_path / href).is_file() for href in hrefs)
