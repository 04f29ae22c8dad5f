from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import binder, desk, places
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


def test_every_link_leads_to_a_notebook_that_is_there(tmp_path: Path) -> None:
    towns = [places.find("青ヶ島村"), places.find("世田谷区")]
    laid, left_out = binder.furnish(tmp_path, towns)
    assert (laid, left_out) == (8, [])
    links = binder.links("https://github.com/example/kit", "v1", [t.code for t in towns])
    assert len(links) == 8
    for link in links:
        for url, opens in ((link.url, "lab/tree/"), (link.phone, "notebooks/")):
            path = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["urlpath"][0]
            assert path.startswith(opens) and path.isascii()
            assert (tmp_path / path.removeprefix(opens)).is_file(), path


@pytest.mark.parametrize(
    ("repository", "start"),
    [
        ("https://github.com/org/repo.git", "https://hub.example/v2/gh/org/repo/a%2Fb?"),
        ("https://gitlab.com/org/sub/repo", "https://hub.example/v2/gl/org%2Fsub%2Frepo/a%2Fb?"),
        ("https://git.example/org/repo/", "https://hub.example/v2/git/https%3A%2F%2Fgit.example"),
    ],
)
def test_links_name_their_provider(repository: str, start: str) -> None:
    link = binder.links(repository, "a/b", hub="https://hub.example/")[0]
    assert link.url.startswith(start)
    assert link.markdown.startswith(f"- {link.label}")
