"""The workshop's own parameters in the hands of a class: checked, kept, and taken back."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

import kit
from kit import places, progress
from kit.ask import Controls
from kit.ask.live import WIDGET_MIME
from kit.errors import ParameterError, Problems
from kit.language import using

EVIL = '<img src=x onerror="alert(1)"></script>'
FILE = "rct-letters.progress.json"


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(progress.SWITCH, "on")
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    with using("ja"):
        yield


def lesson(**parameters: Any) -> Any:
    """Open the lesson as a kernel does that has just started."""
    progress._OPEN.clear()
    return kit.lesson("rct-letters", **parameters)


def field(panel: Controls, name: str) -> dict[str, Any]:
    return next(f for f in panel._live.state["fields"] if f["name"] == name)


def send(panel: Controls, name: Any, value: Any) -> None:
    panel._live.hear({"kind": "set", "name": name, "value": value})


# --- choosing -------------------------------------------------------------------------------------


def test_what_is_chosen_holds_for_the_cells_below() -> None:
    opened = lesson()
    panel = opened.controls()
    send(panel, "letters", 2000)
    send(panel, "team", "保険年金課")
    assert (opened.letters, opened.team) == (2000, "保険年金課")
    assert opened.given["letters"] == 4000
    assert panel._live.state["changed"] == [
        "通知の数: 4,000 通 → 2,000 通",
        "部署の名前: 健康推進課 → 保険年金課",
    ]
    assert panel._live.state["stale"]


def test_a_town_is_chosen_by_its_place_in_the_menu() -> None:
    opened = lesson(letters=400)
    panel = opened.controls("municipality")
    menu = field(panel, "municipality")
    send(panel, "municipality", menu["options"].index("新宿区"))
    assert opened.municipality.name_ja == "新宿区"


def test_the_menu_has_every_town_by_kind_and_sound() -> None:
    menu = field(lesson().controls(), "municipality")
    assert [name for name, _ in menu["groups"]] == ["区", "市", "町と村"]
    members = [index for _, group in menu["groups"] for index in group]
    assert members == list(range(62)) and len(menu["options"]) == len(menu["spoken"]) == 62
    assert [menu["options"][i] for i in (0, 1)] == ["足立区", "荒川区"]
    assert "はちおうじし hachioji city 13201" in " ".join(menu["spoken"])
    kana = [place.kana for place in places.all_() if place.kind == "city"]
    cities = [menu["options"][i] for i in menu["groups"][1][1]]
    assert cities == [places.find(k).name_ja for k in sorted(kana)]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [(5, "範囲の外"), ("150000", "範囲の外"), ("たくさん", "整数"), ("1.5", "整数"), ("", "整数")],
)
def test_a_wrong_value_changes_nothing_and_is_told_at_its_field(value: Any, sentence: str) -> None:
    opened = lesson()
    panel = opened.controls()
    send(panel, "letters", value)
    assert opened.letters == 4000 and not Path(FILE).exists()
    assert sentence in panel._live.state["troubles"]["letters"]
    send(panel, "letters", "１，２００ 通")
    assert opened.letters == 1200 and panel._live.state["troubles"] == {}


def test_a_village_asks_for_fewer_letters_and_both_then_hold_together() -> None:
    opened = lesson()
    panel = opened.controls()
    panel.choose(municipality="檜原村")
    assert opened.municipality.name_ja == "八王子市"
    assert "檜原村では" in panel.troubles["letters"]
    panel.choose(letters=300)
    assert (opened.municipality.name_ja, opened.letters) == ("檜原村", 300)
    assert not panel.troubles


def test_a_limit_of_a_parameter_not_shown_is_told_where_the_hand_was() -> None:
    panel = lesson().controls("municipality")
    panel.choose(municipality="檜原村")
    assert "通知の数" in panel.troubles["municipality"]


def test_back_to_the_first_values() -> None:
    opened = lesson(letters=2000)
    panel = opened.controls()
    panel.choose(letters=3000)
    panel.choose(letters=1)
    panel._live.hear({"kind": "reset"})
    assert opened.letters == 2000 and not panel.troubles
    assert panel._live.state["changed"] == [] and not panel._live.state["stale"]
    assert json.loads(Path(FILE).read_text())["drafts"] == {}


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(ParameterError, match="lettres"):
        lesson().controls("lettres")
    opened = lesson()
    with pytest.raises(Problems):
        opened.set(letters=1, seed=-1)
    assert (opened.letters, opened.seed) == (4000, 1)


@pytest.mark.parametrize(
    "value",
    [None, True, [], {}, [1], math.nan, math.inf, 10**400, EVIL, "あ" * 10_000, "\ud83d", -1, 99.5],
)
def test_a_browser_may_send_anything(value: Any) -> None:
    opened = lesson()
    panel = opened.controls()
    before = dict(opened.parameters)
    for name in (*before, EVIL, None, 7, value):
        send(panel, name, value)
        json.dumps(panel._live.state, allow_nan=False).encode("utf-8", "strict")
    for message in ({"kind": "set"}, {"kind": value}, {"kind": "set", "name": "letters"}):
        panel._live.hear(message)
    opened.workshop.validate(opened.parameters)
    assert opened.municipality.name_ja == "八王子市" and opened.letters == 4000
    assert EVIL not in panel.static()


# --- keeping --------------------------------------------------------------------------------------


def test_a_choice_survives_a_restart_when_the_cell_is_run_again() -> None:
    lesson().controls().choose(letters=2000, team="保険年金課")
    opened = lesson()
    assert opened.letters == 4000
    panel = opened.controls("letters")
    assert (opened.letters, opened.team) == (2000, "保険年金課")
    # The cells below have yet to be run: nothing has to be done again.
    assert not panel._live.state["stale"] and panel._live.state["changed"]


def test_run_all_again_in_the_same_kernel_counts_from_the_first_values() -> None:
    opened = lesson()
    opened.controls().choose(letters=2000)
    again = opened.controls()
    assert again._live.state["changed"] == ["通知の数: 4,000 通 → 2,000 通"]


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        ({"letters": 1}, {}),
        ({"letters": 1, "team": "税務課"}, {"team": "税務課"}),
        ({"municipality": "13307"}, {}),
        ({"municipality": "99999", "seed": 7}, {"seed": 7}),
        ({"gone": 3, "seed": 7}, {"seed": 7}),
        ({"seed": [], "team": None}, {}),
        (["letters"], {}),
        ("letters", {}),
    ],
)
def test_a_kept_value_that_will_no_longer_do_is_dropped_with_a_sentence(
    kept: Any, left: dict[str, Any]
) -> None:
    content = {"format": progress.FORMAT, "workshop": "rct-letters", "drafts": {"parameters": kept}}
    Path(FILE).write_text(json.dumps(content))
    opened = lesson()
    panel = opened.controls()
    assert dict(opened.parameters) == {**opened.given, **left}
    known = isinstance(kept, dict) and set(kept) - set(left) - {"gone"}
    told = panel._live.state["dropped"]
    assert len(told) == (len(known) if known else 0)
    assert all("はじめの値にもどしました" in sentence for sentence in told)


def test_nothing_is_applied_while_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson().controls().choose(letters=2000)
    monkeypatch.delenv(progress.SWITCH)
    opened = lesson()
    assert not opened.progress.writes
    opened.controls()
    assert opened.letters == 4000


def test_a_full_disk_is_told_and_the_choice_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress, "write_whole", full)
    opened = lesson()
    panel = opened.controls()
    panel.choose(letters=2000)
    assert opened.letters == 2000 and "No space left" in panel._live.state["kept"]


# --- showing --------------------------------------------------------------------------------------


def test_a_page_has_a_table_of_the_parameters() -> None:
    panel = lesson(team=EVIL[:60]).controls()
    bundle = panel._repr_mimebundle_()
    assert list(bundle) == [WIDGET_MIME, "text/html", "text/plain"]
    still = bundle["text/html"]
    assert "<caption" in still and "八王子市" in still and "4,000 通" in still
    assert "<img" not in still and not re.search(r'\bid="', still)


def test_what_to_do_next_depends_on_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    told = lesson().controls()._live.words
    assert "Run Selected Cell and All Below" in told["next"] and not told["reload"]
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    told = lesson().controls()._live.words
    assert "Run Selected" not in told["next"] and told["reload"]


@pytest.mark.parametrize("id", ["rct-letters", "journey-time"])
def test_every_number_can_be_reached_with_keys(id: str) -> None:
    progress._OPEN.clear()
    for one in kit.lesson(id).controls()._live.state["fields"]:
        if one["kind"] != "slider" or one["boxed"]:
            continue
        assert one["low"] <= one["value"] <= one["high"]
        assert 40 <= (one["high"] - one["low"]) / one["step"] <= 1001
        assert one["from"] <= one["low"] < one["from"] + one["step"]
        # A slider standing on round numbers meets the value it starts from.
        steps = (one["value"] - one["from"]) / one["step"]
        assert steps == pytest.approx(round(steps)), one["name"]


def test_on_a_page_a_choice_has_its_names_and_not_the_words_of_code() -> None:
    page = kit.lesson("journey-time").controls().static()
    assert "転入届、転出届" in page and "moving-in" not in page
