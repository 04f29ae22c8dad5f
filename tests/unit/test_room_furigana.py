"""Furigana in a room: what cells show and controls say is read as the text around it is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kit import furigana, progress, room
from kit.ask.live import Live
from kit.language import using

pytest.importorskip("fugashi")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A kernel's shell that shows what it is told to, with somebody at the keyboard."""
    monkeypatch.setattr(progress, "someone_is_there", lambda: True)
    monkeypatch.setattr("kit.ask.live.someone_is_there", lambda: True)
    formatter = SimpleNamespace(format=lambda shown: (dict(shown), {}))
    return SimpleNamespace(_showtraceback=lambda *_: None, display_formatter=formatter)


def test_what_a_cell_shows_gets_them_for_those_who_want_them(shell: SimpleNamespace) -> None:
    room.load_ipython_extension(shell)
    shown = {"text/html": "<p>人口</p>", "text/markdown": "**人口**", "text/plain": "人口"}
    with using("ja"):
        assert shell.display_formatter.format(shown)[0] == shown
    with using("ja-simple"):
        data, _ = shell.display_formatter.format(shown)
    assert data["text/html"] == "<p><ruby>人口<rt>じんこう</rt></ruby></p>"
    assert "じんこう" in data["text/markdown"] and data["text/plain"] == "人口"
    room.unload_ipython_extension(shell)
    with using("ja-simple"):
        assert shell.display_formatter.format(shown)[0] == shown


def test_nothing_is_changed_while_nobody_is_there(
    shell: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "someone_is_there", lambda: False)
    room.load_ipython_extension(shell)
    with using("ja-simple"):
        assert shell.display_formatter.format({"text/html": "人口"})[0] == {"text/html": "人口"}


def test_a_control_tells_its_script_how_its_words_are_read(shell: SimpleNamespace) -> None:
    def live() -> Live:
        words = {"check": "答えをたしかめる"}
        return Live("quiz", state={"prompt": "1人と2人"}, words=words, on=lambda message: None)

    with using("ja"):
        assert live().furigana == {}
    with using("ja-simple"):
        control = live()
        assert control.furigana["答"] == [["答", "こた"]]
        assert control.furigana["1人"] == [["1人", "ひとり"]]
        control.redraw(prompt="人口")
    assert control.furigana["人口"] == [["人口", "じんこう"]] and "答" in control.furigana


def test_one_word_read_in_two_ways_is_told_apart_by_what_follows() -> None:
    with using("ja-simple"):
        found = furigana.of(["町へ行った", "会を行う"])
    ways = {key: pieces for key, pieces in found.items() if key.startswith("行")}
    assert ways["行"] == [["行", "い"]] and ways["行う"] == [["行", "おこな"]]


def test_without_the_dictionary_a_class_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.errors import KitError
    from kit.plain import markup

    def missing(*_: object) -> str:
        raise KitError("ない")

    monkeypatch.setattr(markup, "html", missing)
    monkeypatch.setattr("kit.plain.furigana.parts", missing)
    with using("ja-simple"):
        assert furigana.over("<p>人口</p>") == "<p>人口</p>"
        assert furigana.of("人口") == {} and furigana.readings() is None


def test_a_workshop_reads_a_word_its_own_way() -> None:
    furigana.know({"市場": "いちば"})
    try:
        with using("ja-simple"):
            assert furigana.of("市場") == {"市場": [["市場", "いちば"]]}
    finally:
        furigana.know({})
