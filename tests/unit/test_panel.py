"""What moves a picture: numbers and menus that take anything a browser sends, and a view that lasts."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit import chart, language
from kit.ask import Panel, choice, live, slider, text
from kit.ask.controls import Choice, Slider, Text, words
from kit.ask.panel import to_html
from kit.errors import KitError

EVIL = '<img src=x onerror="alert(1)">'
NONSENSE: list[Any] = [None, True, [], {}, "", "abc", EVIL, "１" * 10_000, "😀", math.nan, 10**400]


@pytest.fixture(autouse=True)
def japanese() -> Any:
    with language.using("ja"):
        yield


def drawing(share: float) -> Any:
    return chart.bars(
        {"arm": ["甲", "乙"], "rate": [0.2, share]},
        category="arm",
        value="rate",
        title="受診率",
        format=".1%",
        source="模擬データ",
    )


# --- controls -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 5, "high": 1},
        {"low": 1, "high": 1},
        {"high": math.inf},
        {"value": 99},
        {"value": math.nan},
        {"step": 0},
        {"step": -1},
        {"format": "五"},
        {"format": ".3g"},
        {"format": ".2d"},
    ],
)
def test_a_slider_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(KitError):
        slider(**({"label": "数", "value": 3, "low": 1, "high": 9} | wrong))


def test_numpy_numbers_reach_the_browser_as_plain_ones() -> None:
    control = slider("数", np.int64(3), np.int64(1), np.int64(9), np.int64(1))
    assert control.whole and type(control.value) is int
    share = slider("率", np.float64(0.1), 0, 1, 0.1)
    assert type(share.value) is float
    json.dumps([control.field(3), share.field(0.1)])


def test_whole_ends_and_a_part_step_move_in_parts_without_dust() -> None:
    control = slider("倍率", 0, 0, 1, 0.05)
    assert not control.whole
    assert control.read(0.15000000000000002) == 0.15
    assert control.show(0.15) == "0.15"


def test_a_share_moves_and_is_typed_in_per_cent() -> None:
    share = slider("受診率", 0.04, 0, 0.2, 0.01, format=".0%")
    field = share.field(0.04)
    assert (field["value"], field["high"], field["step"], field["unit"]) == (4, 20, 1, "%")
    assert [share.read(raw) for raw in (7, "7", "７％", "7.4 %", "0.1")] == [0.07] * 4 + [0.0]


@pytest.mark.parametrize("value", [0.07, 0.29, 0.57, 1.0])
def test_a_share_survives_the_way_to_the_browser_and_back(value: float) -> None:
    share = slider("率", 0.5, 0, 1, 0.01, format=".0%")
    assert share.read(share.field(value)["value"]) == value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,200", 1200), ("１２００", 1200), ("1200 通", 1200), (" 1 200 ", 1200), ("1200.4", 1200)],
)
def test_a_number_may_be_typed_as_people_write_it(typed: str, meant: int) -> None:
    assert slider("通数", 1000, 0, 5000, unit="通").read(typed) == meant


def test_beyond_an_end_is_that_end_and_minus_has_many_shapes() -> None:
    points = slider("差", 0, -10, 10)
    assert [points.read(raw) for raw in (99, "-99", "−3", "ー3", "－3")] == [10, -10, -3, -3, -3]


@pytest.mark.parametrize("raw", NONSENSE)
def test_what_is_no_number_leaves_the_old_value(raw: Any) -> None:
    assert slider("数", 3, 1, 9).read(raw, 5) in (5, 9)
    assert slider("率", 0.5, 0, 1, format=".0%").read(raw, 0.2) in (0.2, 1.0)


def test_a_number_is_shown_with_its_separators_and_unit() -> None:
    assert slider("通数", 1000, 0, 5000, unit="通").show(1200) == "1,200 通"
    assert slider("差", 0.5, -1, 1, 0.1, format="+.1f").show(0.5) == "+0.5"


def test_a_choice_needs_options_and_a_value_among_them() -> None:
    with pytest.raises(KitError):
        choice("通知", [])
    with pytest.raises(KitError, match="新しい"):
        choice("通知", ["いつもの"], value="新しい")
    assert choice("通知", ["甲", "乙"]).value == "甲"


@pytest.mark.parametrize("raw", [*NONSENSE, -1, 2, 1.5])
def test_a_choice_that_is_not_offered_leaves_the_old_one(raw: Any) -> None:
    menu = choice("通知", {"いつもの": "plain", "新しい": "new"})
    assert menu.read(raw, "new") == "new"
    assert menu.read(1) == menu.read("新しい") == "new"


def test_a_text_is_cut_to_its_length_and_fit_for_a_file() -> None:
    line = text("問い", most=10)
    assert line.read("あ" * 10_000) == "あ" * 10
    assert line.read("一\r\n二\x00三\x1b") == "一 二 三 "
    assert text("問い", rows=3).read("一\r\n二") == "一\n二"
    line.read("半分 \ud83d の絵").encode("utf-8")
    assert line.read(EVIL) == EVIL[:10]
    assert line.read(7, "前") == line.read(None, "前") == "前"


def test_a_text_without_room_is_refused() -> None:
    for wrong in ({"rows": 0}, {"most": 0}, {"default": "長い", "most": 1}):
        with pytest.raises(KitError, match="問い"):
            text("問い", **wrong)  # type: ignore[arg-type]


def test_every_control_describes_itself_in_plain_json() -> None:
    controls: list[Slider | Choice | Text] = [
        slider("数", 3, 1, 9, help="説明"),
        choice("通知", {"甲": object()}),
        text("問い", rows=2),
    ]
    for control, kind in zip(controls, ("slider", "choice", "text"), strict=True):
        field = json.loads(json.dumps(control.field(control.value)))
        assert field["kind"] == kind and field["label"] and "help" in field
    assert all(isinstance(word, str) and word for word in words().values())


# --- panel ----------------------------------------------------------------------------------------


def counter() -> Panel:
    return Panel(lambda n: f"<p>{n}</p>", {"n": slider("人数", 3, 1, 9)})


def test_moving_a_control_redraws() -> None:
    panel = counter()
    assert panel.html == "<p>3</p>"
    panel.set(n=5)
    assert panel.html == "<p>5</p>"
    assert panel.values == {"n": 5}


def test_the_kernel_says_which_move_it_has_answered() -> None:
    panel = counter()
    panel._live.hear({"kind": "set", "values": {"n": 7}, "turn": "turn-1"})
    state = panel._live.state
    assert (state["html"], state["answered"], state["fields"][0]["value"]) == (
        "<p>7</p>",
        "turn-1",
        7,
    )
    panel._live.hear({"kind": "set", "values": {"n": 7}, "turn": "turn-2"})
    assert panel._live.state["answered"] == "turn-2"  # even where nothing else has changed


@pytest.mark.parametrize("raw", NONSENSE)
def test_a_browser_may_send_anything(raw: Any) -> None:
    panel = counter()
    for message in (
        {"kind": "set", "values": {"n": raw, EVIL: raw, 7: raw}, "turn": raw},
        {"kind": "set", "values": raw},
        {"kind": "set"},
        {"kind": "reset", "values": {"n": 5}},
        {"kind": raw, "values": {"n": 5}},
    ):
        panel._live.hear(message)
    assert panel.values["n"] in (3, 9)
    assert EVIL not in panel.html
    assert (
        isinstance(panel._live.state["answered"], str) and len(panel._live.state["answered"]) <= 60
    )


def test_a_view_may_give_a_chart_html_a_list_or_nothing() -> None:
    shown = to_html(["<p>文</p>", drawing(0.3), None, [1.5]])
    assert shown.startswith('<p>文</p><div class="kit-chart">') and shown.endswith("1.5")
    assert 'role="img"' in shown
    assert to_html(EVIL) == EVIL  # HTML of the author's own
    assert "<img" not in to_html([type("T", (), {"__str__": lambda self: EVIL})()])


def test_an_error_in_the_view_is_a_kind_sentence() -> None:
    def view(n: int) -> str:
        if n > 3:
            raise ZeroDivisionError(EVIL)
        return "よい"

    panel = Panel(view, {"n": slider("人数", 3, 1, 9)})
    panel.set(n=4)
    assert "別の値を試してください" in panel.html
    assert "Traceback" not in panel.html and "<img" not in panel.html
    panel.set(n=2)
    assert panel.html == "よい"


def test_a_kit_error_in_the_view_says_its_own_sentence() -> None:
    def view(n: int) -> str:
        raise KitError("人数が足りません。", hint="増やしてください。")

    html = Panel(view, {"n": slider("人数", 3, 1, 9)}).html
    assert "人数が足りません。" in html and "増やしてください。" in html


def test_a_stub_in_the_view_waits() -> None:
    assert "まだ書かれていません" in Panel(lambda: ..., {}).html


def test_the_bundle_has_a_widget_and_a_still_picture_of_it() -> None:
    panel = Panel(
        lambda rate, arm: drawing(rate),
        {
            "rate": slider(EVIL, 0.3, 0, 1, 0.01, format=".0%"),
            "arm": choice("通知", {EVIL: 1}, 1),
        },
    )
    bundle = panel._repr_mimebundle_()
    assert list(bundle) == [live.WIDGET_MIME, "text/html", "text/plain"]
    still = bundle["text/html"]
    assert still.startswith("<figure") and "<svg " in still
    assert "30%" in still and "ノートブックでは" in still
    assert "<img" not in still and "&lt;img" in still
    assert "<script" not in still and "<input" not in still


def test_the_still_picture_shows_the_present_state() -> None:
    panel = counter()
    panel.set(n=8)
    assert "<p>8</p>" in panel.static() and "<strong>8</strong>" in panel.static()


def test_the_scripts_put_no_words_of_a_person_into_html() -> None:
    script = counter()._live._esm
    # The one assignment shows what our own Python made.
    assert script.count("innerHTML") == 1 and "view.innerHTML = html" in script
    assert "eval(" not in script and "http" not in script


def test_the_styles_touch_only_the_kits_own_controls() -> None:
    for path in Path(live.__file__).with_name("js").glob("*.css"):
        sheet = re.sub(
            r"/\*.*?\*/|@(?:media|container|supports)[^{]*\{",
            "",
            path.read_text(encoding="utf-8"),
            flags=re.S,
        )
        for selectors in re.findall(r"([^{}]+)\{", sheet):
            while "(" in selectors:
                selectors = re.sub(r"\([^()]*\)", "", selectors)
            for one in selectors.split(","):
                assert ".kit-" in one, f"{path.name}: {one.strip()}"


def test_styles_of_two_controls_stand_beside_each_other() -> None:
    other = counter()._live.__class__("fields", state={}, words={}, on=lambda message: None)
    assert other._anywidget_id != counter()._live._anywidget_id
