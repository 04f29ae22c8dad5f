"""What people write is kept, comes back, and is never read as anything but words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kit import progress as progress_module
from kit.ask import Form, Reflection, choice, slider, text
from kit.ask.live import WIDGET_MIME
from kit.errors import KitError
from kit.progress import Progress
from kit.publish.clean import clean
from kit.publish.outputs import from_html

EVIL = '</script><img src=x onerror="alert(1)">'
FIELDS = {
    "who": text("だれに"),
    "why": text("なぜ", "読みやすくするため", rows=3),
    "share": slider("割合", 0.3, 0.0, 1.0, 0.01, format=".0%"),
    "how": choice("分け方", {"くじ": "lots", "地区": "area"}),
}


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress("rct-letters", tmp_path, present=True)


def again(mine: Progress) -> Progress:
    """The same participant after the kernel was restarted."""
    return Progress(mine.workshop, mine.path.parent, present=True)


def form(mine: Progress, **changes: Any) -> Form:
    return Form("plan", FIELDS, title="評価計画", progress=mine, **changes)


def write(form: Form | Reflection, turn: Any = "t-1", **values: Any) -> None:
    form._live.hear({"kind": "write", "values": values, "turn": turn})


def test_a_field_holds_its_default_until_somebody_writes(mine: Progress) -> None:
    plan = form(mine)
    assert plan.values == {"who": "", "why": "読みやすくするため", "share": 0.3, "how": "lots"}
    write(plan, who="全世帯に", share=45, how=1)
    assert plan["who"] == "全世帯に" and plan["share"] == 0.45 and plan["how"] == "area"


def test_what_is_written_comes_back_after_a_restart(mine: Progress) -> None:
    write(form(mine), who="全世帯に", share=45, how=1, why="")
    back = form(again(mine))
    assert back.values == {"who": "全世帯に", "why": "", "share": 0.45, "how": "area"}


def test_an_untouched_default_is_not_kept(mine: Progress) -> None:
    """It would come back in Japanese in the English class."""
    write(form(mine), who="全世帯に")
    english = FIELDS | {"why": text("Why", "To read it easily", rows=3)}
    assert Form("plan", english, progress=again(mine))["why"] == "To read it easily"


def test_setting_is_writing(mine: Progress) -> None:
    form(mine).set(who="全世帯に", share=0.45, how="area")
    assert form(again(mine)).values["share"] == 0.45
    assert form(again(mine))["how"] == "area"


def test_the_browser_is_told_which_words_were_heard(mine: Progress) -> None:
    plan = form(mine)
    write(plan, "turn-7", who="全世帯に")
    assert plan._live.state["heard"] == "turn-7"
    assert plan._live.state["trouble"] == ""
    assert plan._live.state["fields"][0]["value"] == "全世帯に"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": "write"},
        {"kind": "write", "values": "x"},
        {"kind": "write", "values": ["who"]},
        {"kind": "write", "values": {"nobody": "x", 3: "y"}},
        {"kind": "write", "values": {"who": 3, "why": None, "share": {}, "how": "x"}},
        {"kind": "write", "values": {"share": float("nan"), "how": True}, "turn": {"a": 1}},
        {"kind": "burn", "values": {"who": "x"}},
        {"kind": ["write"]},
        "write",
        None,
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing(mine: Progress, message: Any) -> None:
    plan = form(mine)
    before = plan.values
    plan._live.hear(message)
    assert plan.values == before


def test_words_are_words_however_they_look(mine: Progress) -> None:
    plan = form(mine)
    write(plan, who=EVIL, why="一\n二\x1b[2J\ud83d")
    assert plan["who"] == EVIL and plan["why"] == "一\n二 [2J"
    page = plan._repr_mimebundle_()["text/html"]
    assert "<img" not in page and "&lt;img" in page and "一<br>二" in page
    assert form(again(mine))["who"] == EVIL


def test_a_very_long_text_is_cut_to_what_the_field_holds(mine: Progress) -> None:
    plan = form(mine)
    write(plan, who="あ" * 10_000)
    assert plan["who"] == "あ" * 500
    write(plan, who="🐟" * 10_000)
    assert set(plan["who"]) == {"🐟"} and len(plan["who"]) <= 500
    json.loads(mine.path.read_text(encoding="utf-8"))


def test_a_full_disk_is_told_and_the_words_stay(
    mine: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    plan = form(mine)
    monkeypatch.setattr(progress_module, "write_whole", full)
    write(plan, who="全世帯に")
    assert plan["who"] == "全世帯に"
    assert "空き容量" in plan._live.state["trouble"]


def test_a_kept_file_of_nonsense_is_no_trouble(mine: Progress) -> None:
    for kept in ("x", 3, [1], {"who": 3, "share": "x", "how": {}, "nobody": 1}, None):
        mine.keep("form:plan", kept)
        assert (
            form(again(mine)).values == form(Progress("x", Path("nowhere"), present=False)).values
        )


def test_a_field_that_is_not_there_is_named_with_those_that_are(mine: Progress) -> None:
    plan = form(mine)
    with pytest.raises(KitError, match="whom") as told:
        _ = plan["whom"]
    assert "who, why, share, how" in str(told.value)
    with pytest.raises(KitError, match="whom"):
        plan.set(whom="x")


# --- the view below -------------------------------------------------------------------------------


def test_the_view_follows_what_is_written(mine: Progress) -> None:
    plan = form(mine, view=lambda who, share, **rest: f"<p>{len(who)}, {share:.2f}</p>")
    assert plan.html == "<p>0, 0.30</p>"
    write(plan, who="全世帯に", share=50)
    assert plan.html == "<p>4, 0.50</p>"
    assert plan.html in plan.static()


def test_a_view_may_give_a_note_or_a_list(mine: Progress) -> None:
    from IPython.display import Markdown

    plan = form(mine, view=lambda **values: [Markdown("**甲**"), ["<p>乙</p>", None]])
    assert "<strong>甲</strong>" in plan.html and "<p>乙</p>" in plan.html


def test_an_error_in_the_view_is_a_kind_sentence(mine: Progress) -> None:
    def view(share: float, **rest: Any) -> str:
        if share > 0.5:
            raise KitError("割合が大きすぎます。", hint="小さくしてください。")
        raise ZeroDivisionError(EVIL)

    plan = form(mine, view=view)
    assert "別の値を試してください" in plan.html and "<img" not in plan.html
    plan.set(share=0.9)
    assert "割合が大きすぎます。" in plan.html and "小さくしてください。" in plan.html


# --- on paper -------------------------------------------------------------------------------------


def test_the_page_shows_what_is_written_and_room_for_the_rest(mine: Progress) -> None:
    plan = form(mine)
    write(plan, how=1)
    bundle = plan._repr_mimebundle_()
    assert list(bundle) == [WIDGET_MIME, "text/html", "text/plain"]
    page = str(clean(bundle["text/html"]))
    assert "評価計画" in page and "読みやすくするため" in page and "30%" in page and "地区" in page
    assert page.count('scope="row"') == 4 and "<input" not in page and " id=" not in plan.static()
    empty = page.split("だれに")[1].split("</tr>")[0]
    assert "＿＿＿" in empty and 'aria-label="書くところ"' in empty


def test_paper_has_lines_to_write_on(mine: Progress) -> None:
    nodes = from_html(form(mine).static())
    fields = next(node for node in nodes if node["kind"] == "terms")
    assert fields["rows"][0][1] == [{"kind": "room", "lines": 1}]


# --- reflections ----------------------------------------------------------------------------------


def test_a_reflection_is_kept_as_a_voice(mine: Progress) -> None:
    tomorrow = Reflection("tomorrow", "明日、だれに話しますか。", mine)
    write(tomorrow, text="係長に " + EVIL)
    assert mine.voiced("tomorrow") == "係長に " + EVIL
    back = Reflection("tomorrow", "明日、だれに話しますか。", again(mine))
    assert back._live.state["fields"][0]["value"] == "係長に " + EVIL
    write(back, text=" ")
    assert again(mine).voiced("tomorrow") == ""


def test_a_reflection_asks_for_no_names(mine: Progress) -> None:
    tomorrow = Reflection("tomorrow", "明日、だれに話しますか。", mine)
    assert "名前や個人が分かることは書かないでください" in tomorrow._live.state["fields"][0]["help"]


def test_a_page_never_holds_what_was_reflected(mine: Progress) -> None:
    tomorrow = Reflection("tomorrow", f"明日{EVIL}", mine)
    tomorrow.write("係長に")
    bundle = tomorrow._repr_mimebundle_()
    assert "係長に" not in bundle["text/html"] + bundle["text/plain"]
    assert "＿＿＿" in bundle["text/html"] and "<img" not in bundle["text/html"]


@pytest.mark.parametrize("wrong", [3, None, ["x"], {"a": 1}])
def test_a_reflection_that_is_no_text_changes_nothing(mine: Progress, wrong: Any) -> None:
    tomorrow = Reflection("tomorrow", "明日", mine)
    tomorrow.write("係長に")
    write(tomorrow, text=wrong)
    tomorrow._live.hear({"kind": "write", "values": wrong})
    assert tomorrow.text == "係長に"


# --- the script -----------------------------------------------------------------------------------


def test_the_script_puts_in_as_html_only_what_python_made() -> None:
    folder = Path(progress_module.__file__).parent / "ask" / "js"
    for name, own in (("form", {"html"}), ("door", {"html"}), ("finish", {"state.trouble"})):
        source = (folder / f"{name}.js").read_text(encoding="utf-8")
        assert set(re.findall(r"innerHTML = ([\w.]+)", source)) == own
        assert not re.search(r"\beval\b|https?://|document\.write|outerHTML|insertAdjacent", source)
