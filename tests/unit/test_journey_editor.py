"""The rows of a journey and the editor they are written in."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from kit import design
from kit.ask import JourneyEditor
from kit.design import Journey, Step, journey_rows
from kit.language import using
from kit.progress import Progress
from kit.publish.clean import clean

HOSTILE = "<img src=x onerror=alert(1)></script>"
WAY = Journey(
    "写しをもらう",
    (
        Step("調べる", (5, 15, 40), kind="learning", emotion=-1),
        Step("役所へ行く", (30, 60, 90), channel="travel", path="counter", trips=1, yen=300),
        Step("窓口", (5, 10, 20), channel="counter", path="counter", front="受け取る"),
        Step("画面で出す", 10, channel="online", path="online"),
        Step("出直す", 70, channel="travel", path="counter", share=0.2, redo=True),
    ),
    "班で測った値",
)


@pytest.fixture(autouse=True)
def _japanese():
    with using("ja"):
        yield


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress("w", tmp_path, present=True)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the map out: it takes longer than all else."""
    monkeypatch.setattr(JourneyEditor, "_map", lambda self: escape(self.journey.name))


def rows(**changes: str) -> list[journey_rows.Row]:
    """Return the rows of the way, the first one changed."""
    first, *others = journey_rows.rows_of(WAY)
    return [first | changes, *others]


def sends(editor: JourneyEditor, draft: object, turn: object = 1) -> None:
    editor._live.hear({"kind": "draft", "draft": draft, "turn": turn})


def read(given: list[journey_rows.Row]) -> tuple[Journey | None, journey_rows.Troubles]:
    return journey_rows.read(given, name=WAY.name, source=WAY.source)


# --- rows ---------------------------------------------------------------------------------------


def test_rows_say_the_journey_and_are_read_back() -> None:
    assert read(journey_rows.rows_of(WAY)) == (WAY, {})
    row, *_ = rows_there = journey_rows.rows_of(WAY)
    assert journey_rows.mended(rows_there) == rows_there
    # The order counts, too: by it the browser sees that nothing has changed.
    assert list(journey_rows.mended(rows_there)[0]) == list(row) == list(journey_rows.empty_row(""))


@pytest.mark.parametrize("procedure", design.procedures())
def test_every_draft_of_the_survey_can_be_edited(procedure: str) -> None:
    journey = design.procedure(procedure, "13307").journey()
    again, troubles = read(journey_rows.rows_of(journey))
    assert again is not None and troubles == {}
    assert again.minutes() == pytest.approx(journey.minutes())
    assert [step.name for step in again.steps] == [step.name for step in journey.steps]


def test_a_step_that_leads_elsewhere_still_does_when_that_step_is_renamed() -> None:
    way = Journey("往復", (Step("甲", 1, then="丙"), Step("乙", 1), Step("丙", 1)))
    changed = journey_rows.rows_of(way)
    changed[2]["name"] = "丙の新しい名前"
    again, _ = read(changed)
    assert again is not None and again.steps[0].then == "丙の新しい名前"


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"name": " "}, "name", "名前を付けて"),
        ({"name": "窓口"}, "name", ""),
        ({"minutes": "十五"}, "minutes", "「十五」は数として読めません"),
        ({"minutes": "-5"}, "minutes", "0 以上"),
        ({"minutes": "inf"}, "minutes", "0 以上"),
        ({"minutes": "nan"}, "minutes", "0 以上"),
        ({"minutes": "50"}, "minutes", "順に大きくなっていません"),
        ({"minutes": "", "minutes_low": "", "minutes_high": ""}, "minutes", "時間（分）が空"),
        ({"share": "120"}, "share", "0 から 100"),
        ({"trips": "1e999"}, "trips", "0 以上"),
        ({"yen": HOSTILE}, "yen", "数として読めません"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changes, field: str, told: str) -> None:
    journey, troubles = read(rows(**changes))
    assert journey is None
    (at,) = troubles.values()
    assert (list(at) == [field] and told in at[field]) or field == "name"


def test_the_second_step_of_one_name_is_the_one_told() -> None:
    _, troubles = read(rows(name="窓口"))
    assert list(troubles) == ["s3"] and "同じ名前" in troubles["s3"]["name"]


@pytest.mark.parametrize(
    ("changes", "minutes"),
    [
        ({"minutes": "１５"}, (5, 15, 40)),
        ({"minutes": "15分"}, (5, 15, 40)),
        ({"minutes_low": "", "minutes_high": ""}, (15, 15, 15)),
        ({"minutes": ""}, (5, 22.5, 40)),
        ({"minutes_high": "1,000"}, (5, 15, 1000)),
    ],
)
def test_numbers_are_read_as_people_write_them(changes, minutes) -> None:
    journey, troubles = read(rows(**changes))
    assert journey is not None, troubles
    found = journey.steps[0].minutes
    assert (found.low, found.likely, found.high) == minutes


def test_no_step_of_a_citizen_is_told_of_the_whole() -> None:
    staff = [row | {"actor": "back"} for row in rows()]
    journey, troubles = read(staff)
    assert journey is None and "利用者" in troubles[""][""]


@pytest.mark.parametrize(
    "given", [None, 7, "x", {}, [None, 7, []], [{"key": ["a"]}], [{"name": "甲"}]]
)
def test_nothing_can_be_used_of_nonsense(given: object) -> None:
    assert journey_rows.mended(given) == []


def test_too_much_is_cut_and_unknown_words_take_the_default() -> None:
    row = {"key": "a", "name": "あ" * 10_000, "minutes": "9" * 99, "kind": HOSTILE, "emotion": 7}
    many = [{**row, "key": f"r{n}"} for n in range(500)]
    found = journey_rows.mended([row, row, *many])
    assert len(found) == journey_rows.ROW_LIMIT and len(found[0]["name"]) == 200
    assert (found[0]["kind"], found[0]["emotion"]) == ("compliance", "0")


# --- the editor ---------------------------------------------------------------------------------


def test_what_is_written_is_heard_kept_and_there_again(mine: Progress, undrawn: None) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    sends(editor, {"name": "証明書", "way": "online", "rows": rows(minutes="20")}, turn=2)
    assert editor.journey.steps[0].minutes.likely == 20 and editor.journey.name == "証明書"
    state = editor._live.state
    assert state["turn"] == 2 and state["troubles"] == {} and "証明書" in state["preview"]
    again = JourneyEditor("mine", WAY, progress=Progress("w", mine.path.parent))
    assert again.journey == editor.journey and again.draft()["way"] == "online"


def test_a_wrong_number_leaves_the_last_good_journey_even_after_a_restart(mine, undrawn) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    sends(editor, editor.draft() | {"rows": rows(minutes="20")})
    sends(editor, editor.draft() | {"rows": rows(minutes="たくさん")}, turn=2)
    assert editor.journey.steps[0].minutes.likely == 20 and len(editor.troubles) == 1
    again = JourneyEditor("mine", WAY, progress=Progress("w", mine.path.parent))
    assert again.journey.steps[0].minutes.likely == 20
    assert again.draft()["rows"][0]["minutes"] == "たくさん"
    assert again._live.state["troubles"]["s1"]["minutes"]


def test_a_table_from_excel_takes_the_place_of_the_rows(mine: Progress, undrawn: None) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    pasted = (
        "手順\tどこで\t最短\t分\t最長\n案内をさがす\t自宅\t5\t15\t40\n窓口で出す\t窓口\t5\t10\t20"
    )
    editor._live.hear({"kind": "paste", "text": pasted, "turn": 5})
    assert [step.name for step in editor.journey.steps] == ["案内をさがす", "窓口で出す"]
    assert editor._live.state["turn"] == 5 and "2 行" in editor._live.state["pasted"]
    sends(editor, editor.draft(), turn=6)
    assert editor._live.state["pasted"] == ""


@pytest.mark.parametrize(
    "text",
    ["", HOSTILE, "手順,分\n窓口,たくさん", "手順\n窓口", "あ" * 200_000, "手順,分\n甲,1\n甲,1"],
)
def test_a_table_that_cannot_be_read_is_told_and_nothing_is_lost(mine, undrawn, text: str) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    assert not editor.paste(text)
    assert editor.journey == WAY and editor._live.state["pasted"]


def test_a_table_longer_than_the_editor_is_refused(mine: Progress, undrawn: None) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    assert not editor.paste("手順,分\n" + "\n".join(f"手順{n},1" for n in range(61)))
    assert "60" in editor._live.state["pasted"] and editor.journey == WAY


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "draft", "draft": 7, "turn": 1}, {"kind": "draft", "draft": {"rows": 7}, "turn": 1},
        {"kind": "draft", "draft": {"name": 7, "way": []}, "turn": 1},
        {"kind": "draft", "draft": {"good": [7], "rows": {}}, "turn": "x"},
        {"kind": "paste", "text": 7, "turn": 1}, {"kind": "paste", "text": "x", "turn": None},
        {"kind": "boo"}, {},
    ],
)  # fmt: skip
def test_messages_of_nonsense_change_nothing(mine: Progress, undrawn: None, message) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    editor._live.hear(message)
    assert editor.journey == WAY and not editor.touched


def test_rows_all_deleted_are_told_and_the_journey_stands(mine: Progress, undrawn: None) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    sends(editor, {"name": "", "way": "counter", "rows": []})
    assert editor.journey == WAY and editor.draft()["rows"] == [] and editor.troubles


def test_a_full_disk_is_told_and_the_journey_holds(mine, undrawn, monkeypatch) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.progress.write_whole", full)
    sends(editor, editor.draft() | {"rows": rows(minutes="20")})
    assert editor.journey.steps[0].minutes.likely == 20
    assert "No space left" in editor._live.state["trouble"]


def test_the_preview_says_both_ways_and_draws_the_one_chosen(mine: Progress) -> None:
    editor = JourneyEditor(
        "mine", WAY, progress=mine, view=lambda way: f"<p>{len(way.steps)}歩</p>"
    )
    preview = editor._live.state["preview"]
    assert "窓口で申請する人：合計99分（うち窓口に10分）、外出1.0回。" in preview
    assert "オンラインで申請する人：合計25分、外出0.0回。" in preview
    assert "<svg" in preview and "<p>5歩</p>" in preview


def test_what_hangs_on_the_journey_is_renewed_after_each_change(mine, undrawn) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine)
    seen: list[float] = []
    editor.whenever_changed(lambda: seen.append(editor.journey.steps[0].minutes.likely))
    sends(editor, editor.draft() | {"rows": rows(minutes="20")})
    sends(editor, editor.draft() | {"rows": rows(minutes="x")}, turn=2)
    editor.set(WAY)
    assert seen == [20, 20, 15]


def test_a_view_that_fails_says_so_kindly(mine: Progress, undrawn: None) -> None:
    editor = JourneyEditor("mine", WAY, progress=mine, view=lambda way: 1 / 0)
    assert "描けません" in editor._live.state["preview"]


def test_a_way_nobody_goes_has_no_map(mine: Progress) -> None:
    only = Journey("画面", (Step("画面で出す", 10, path="online"),))
    assert "まだありません" in JourneyEditor("x", only, progress=mine)._live.state["preview"]


def test_on_paper_there_are_the_table_and_the_map_and_text_is_text(mine, undrawn) -> None:
    hostile = Journey(HOSTILE, (Step(HOSTILE, 5), Step("窓口", 5, channel="counter", trips=1)))
    page = str(clean(JourneyEditor("x", hostile, progress=mine).static(), prefix="c-"))
    assert "<img" not in page and "</script" not in page and page.count("<table") == 1
    assert "外出（回）" in page and "出費（円）" not in page and "通る割合" not in page
