"""A logic model: the model itself, the look at it, its picture, and the canvas it is drawn on."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import chart
from kit.ask import LogicModel as Canvas
from kit.design import Arrow, Box, LogicModel, logic
from kit.errors import KitError
from kit.language import using
from kit.markdown import to_html
from kit.progress import Progress
from kit.publish.clean import clean

HOSTILE = "<img src=x onerror=alert(1)></script>"
SOUND = LogicModel.sketch(
    title="予約を広げる",
    inputs=["職員2人"],
    activities=["出張講座をひらく"],
    outputs=[("講座に来た人", "参加者数", "申込名簿")],
    outcomes=[("予約のしかたが分かる", "一人で予約できた人の割合", "講座後の調査")],
    impact=["用事をすませやすいまち"],
    arrows=[
        ("職員2人", "出張講座をひらく", "2人で月4回ひらける"),
        ("出張講座をひらく", "講座に来た人", "家の近くでひらくから"),
        ("講座に来た人", "予約のしかたが分かる", "実機で練習するから"),
        ("予約のしかたが分かる", "用事をすませやすいまち", "電話の混みが減るから"),
    ],
)


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress("w", tmp_path, present=True)


@pytest.fixture(autouse=True)
def _japanese():
    with using("ja"):
        yield


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the picture out: it takes longer than all else."""
    monkeypatch.setattr(Canvas, "_svg", lambda self: "<svg></svg>")


def changed(**columns: object) -> LogicModel:
    """Return a model of one column or two, to be looked at."""
    return LogicModel.sketch(**columns)  # type: ignore[arg-type]


# --- the model ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "arrows"),
    [
        ([Box("a", "dreams")], []),
        ([Box("a", "inputs"), Box("a", "impact")], []),
        ([Box("", "inputs")], []),
        ([Box("a", "inputs")], [Arrow("a", "a")]),
        ([Box("a", "inputs")], [Arrow("a", "b")]),
        ([Box("a", "inputs"), Box("b", "impact")], [Arrow("a", "b"), Arrow("a", "b", "二度")]),
    ],
)
def test_an_author_is_told_about_a_model_that_does_not_hang_together(boxes, arrows) -> None:
    with pytest.raises(KitError):
        LogicModel(tuple(boxes), tuple(arrows))


def test_an_arrow_to_a_text_that_is_nowhere_is_refused() -> None:
    with pytest.raises(KitError):
        LogicModel.sketch(inputs=["職員"], arrows=[("職員", "どこにもない箱")])


def test_what_is_written_down_is_read_back_the_same() -> None:
    assert LogicModel.read(SOUND.plain()) == SOUND


@pytest.mark.parametrize(
    "plain",
    [
        None, 7, "x", [], {"boxes": 7}, {"boxes": [None, 7, []], "arrows": [None]},
        {"boxes": [{"key": ["a"], "column": "inputs"}, {"key": "a", "column": ["inputs"]}]},
        {"arrows": [{"start": "a", "end": "b"}]}, {"title": 7},
    ],
)  # fmt: skip
def test_nothing_can_be_used_of_nonsense(plain: object) -> None:
    assert LogicModel.read(plain) == LogicModel()


def test_what_is_too_long_or_too_much_is_cut() -> None:
    boxes = [{"key": f"b{n}", "column": "inputs", "text": "あ" * 10_000} for n in range(500)]
    arrows = [{"start": f"b{n}", "end": f"b{m}"} for n in range(40) for m in range(40)]
    read = LogicModel.read({"boxes": boxes, "arrows": arrows})
    assert len(read.boxes) == logic.BOX_LIMIT and len(read.arrows) == logic.ARROW_LIMIT
    assert {len(box.text) for box in read.boxes} == {logic.TEXT_LIMIT}


def test_half_an_emoji_does_not_reach_a_file() -> None:
    box = {"key": "a", "column": "inputs", "text": "予約\ud83d"}
    assert LogicModel.read({"boxes": [box]}).boxes[0].text.encode()


# --- the look -----------------------------------------------------------------------------------


def test_a_model_with_reasons_indicators_and_sources_raises_no_question() -> None:
    assert SOUND.problems() == []


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (changed(inputs=["職員"]), "「成果」の列が空です"),
        (changed(inputs=["職員"]), "「職員」から出る矢印がありません"),
        (changed(outcomes=["分かる"]), "「分かる」は成果です。変わったことを、どの指標で"),
        (changed(outcomes=["分かる"]), "「分かる」へ来る矢印がありません"),
        (changed(outputs=[("来た人", "人数", "")]), "「来た人」の指標は、どのデータで"),
        (changed(outputs=[""]), "「産出の空の箱」があります"),
        (changed(outputs=["講座 の回数"], outcomes=["講座の回数"]), "産出と成果の両方にあります"),
        (
            changed(outputs=[("講座", "人数", "名簿")], outcomes=[("分かる", "人 数", "名簿")]),
            "成果「分かる」の指標が、産出「講座」と同じです",
        ),
        (changed(outcomes=[("分かる", "講座の開催回数", "日報")]), "「開催回数」とあります"),
        (changed(outcomes=[("know", "Number of leaflets", "log")]), "「Number of leaflets」とあり"),
        (
            changed(inputs=["職員"], activities=["講座"], arrows=[("職員", "講座", " ")]),
            "「職員」→「講座」の矢印に、そう言える理由がまだありません",
        ),
        (
            changed(inputs=["職員"], impact=["まち"], arrows=[("まち", "職員", "税")]),
            "「まち」→「職員」の矢印が、右から左へ戻っています",
        ),
        (
            changed(outcomes=["甲", "乙"], arrows=[("甲", "乙", "x"), ("乙", "甲", "x")]),
            "もとへ戻っています: 甲 → 乙 → 甲",
        ),
    ],
)
def test_the_look_names_the_box_and_asks(model: LogicModel, asked: str) -> None:
    assert any(asked in sentence for sentence in model.problems()), model.problems()


def test_an_indicator_of_change_is_not_taken_for_a_count_of_deeds() -> None:
    for indicator in ("外出の回数", "65歳以上の予約の割合", "事故の件数"):
        model = changed(outcomes=[("変わる", indicator, "調査")])
        assert not any("とあります" in sentence for sentence in model.problems())


def test_a_long_circle_is_told_once() -> None:
    names = [f"箱{n}" for n in range(30)]
    arrows = [(a, b, "x") for a, b in zip(names, [*names[1:], names[0]], strict=True)]
    model = LogicModel.sketch(outcomes=names, arrows=arrows)
    assert sum("もとへ戻って" in sentence for sentence in model.problems()) == 1


# --- picture and words --------------------------------------------------------------------------


def test_the_picture_says_in_words_what_it_shows() -> None:
    told = chart.about(SOUND.picture())
    assert "箱が5個、矢印が4本" in told["description"]
    assert "「講座に来た人」から「予約のしかたが分かる」へ" in told["description"]
    assert told["table"]["rows"][2][:3] == ["産出", "講座に来た人", "参加者数"]


def test_the_picture_draws_text_as_text_and_every_box() -> None:
    model = LogicModel.sketch(inputs=[HOSTILE, "😀" * 50], impact=["あ" * 300])
    drawn = chart.svg(model.picture())
    assert "<img" not in drawn and "</script" not in drawn
    assert "&lt;img" in drawn and "…" in drawn


def test_an_empty_model_is_a_picture_of_five_columns() -> None:
    drawn = chart.svg(LogicModel().picture())
    assert all(name in drawn for name, _ in logic.columns().values())


def test_a_line_passes_a_column_between_its_boxes() -> None:
    from kit.design.logic_picture import _place, _ways

    model = LogicModel.sketch(
        inputs=["職員"],
        activities=["講座", "案内"],
        impact=["まち"],
        arrows=[("職員", "まち", "直接")],
    )
    placed, _ = _place(model)
    ((_, way),) = _ways(model, placed)
    for box in (p for p in placed.values() if p.box.column == "activities"):
        within = [y for x, y in way if box.left <= x <= box.right]
        assert within and not any(box.top <= y <= box.bottom for y in within)


def test_the_memo_has_the_boxes_and_the_reasons_as_plain_text() -> None:
    model = LogicModel.sketch(
        inputs=["a|b **太字**"], impact=[HOSTILE], arrows=[("a|b **太字**", HOSTILE)]
    )
    html = to_html(model.markdown())
    assert html.count("<tr>") == 6 and "<strong>" not in html and "<img" not in html
    assert "（理由はまだありません）" in html
    assert "実機で練習するから" in SOUND.markdown()


# --- the canvas ---------------------------------------------------------------------------------


def test_what_is_drawn_is_heard_looked_at_and_there_again_after_a_restart(mine: Progress) -> None:
    canvas = Canvas("m", progress=mine, title="予約を広げる")
    assert len(canvas.problems()) == 1 and not canvas.touched
    canvas._live.hear({"kind": "draft", "draft": SOUND.plain(), "turn": 4})
    state = canvas._live.state
    assert canvas.model == SOUND and state["turn"] == 4 and state["problems"] == []
    assert "職員2人" in state["picture"] and state["trouble"] == ""
    again = Canvas("m", progress=Progress("w", mine.path.parent), title="予約を広げる")
    assert again.model == SOUND and again.touched


def test_messages_of_nonsense_leave_an_empty_canvas_and_no_error(mine: Progress, undrawn) -> None:
    canvas = Canvas("m", progress=mine, start=SOUND)
    nonsense = (None, 7, "x", [], {"boxes": "x"}, {"boxes": [{"key": 1}]})
    for turn, draft in enumerate(nonsense, start=1):
        canvas.set(SOUND)
        canvas._live.hear({"kind": "draft", "draft": draft, "turn": turn})
        assert canvas.model.boxes == () and canvas.model.title == SOUND.title


def test_the_example_stays_what_one_can_go_back_to(mine: Progress, undrawn) -> None:
    canvas = Canvas("m", progress=mine, start=SOUND.plain())
    canvas.set(LogicModel())
    assert LogicModel.read(canvas._live.state["start"]) == SOUND


def test_on_paper_there_are_picture_and_tables_that_a_page_keeps(mine: Progress) -> None:
    canvas = Canvas("m", progress=mine, start=SOUND)
    page = str(clean(canvas.static(), prefix="c-"))
    assert "<svg" in page and page.count("<table") == 2 and "実機で練習するから" in page
    assert "一人で予約できた人の割合" in repr(canvas.model) and "投入: 職員2人" in repr(canvas)


def test_on_paper_an_empty_canvas_says_what_belongs_where(mine: Progress, undrawn) -> None:
    assert "相手に起きる変化" in Canvas("m", progress=mine).static()


def test_a_read_only_canvas_shows_what_is_kept_without_a_widget(mine: Progress, undrawn) -> None:
    Canvas("m", progress=mine).set(SOUND)
    shown = Canvas("m", progress=mine, read_only=True)._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"} and "職員2人" in shown["text/plain"]


def test_a_full_disk_is_told_and_the_model_holds(mine: Progress, undrawn, monkeypatch) -> None:
    canvas = Canvas("m", progress=mine)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.progress.write_whole", full)
    canvas.set(SOUND)
    assert canvas.model.boxes == SOUND.boxes
    assert "No space left" in canvas._live.state["trouble"]
