"""The worksheet as a page: the tasks of the printed one, to be filled in on a screen."""

from __future__ import annotations

import re

import materials
import pytest
from markup import Markup, steps

from kit.publish import look, sheets
from kit.publish.sheets import printed_title
from kit.publish.worksheet import worksheet
from kit.spec import Option, Quiz, Task


def quiz(prompt: str = "効果と言えますか。") -> Quiz:
    wrong = Option(text="言える", feedback="前後の比較は、季節の差をふくみます。")
    right = Option(text="まだ言えない", right=True, feedback="比べる相手が要ります。")
    return Quiz(id="before-after", prompt=prompt, when="both", option=(wrong, right))


def made(*tasks: Task, language: str = "ja", **changes: object) -> str:
    spec = materials.spec(worksheet=tasks, **{"quiz": (quiz(),)} | changes)
    return worksheet(materials.material(spec=spec, language=language))


@pytest.fixture(scope="module")
def page() -> str:
    return made(
        Task(title="1. 予想", prompt="**先に**書きます。", rows=5, minutes=3, cell="idea"),
        Task(title="計画", kind="table", columns=("項目", "書くこと"), rows=3),
        Task(title="判断", kind="table", columns=("差", "判断"), rows=1),
        Task(title="点検", kind="checklist", items=("一つ目", "二つ目")),
    )


def test_it_has_the_tasks_of_the_printed_sheet(page: str) -> None:
    read = Markup(page)
    for words in ("予想", "計画", "判断", "点検", "3 分", "先に", "項目", "書くこと", "二つ目"):
        assert words in read.text
    assert "<strong>先に</strong>" in page and "1. 予想" not in read.text
    printed = sheets.worksheet(materials.material())
    for question in (*printed["reflection"], *(card["question"] for card in printed["feedback"])):
        assert question in read.text


def test_every_place_to_write_has_a_name(page: str) -> None:
    read = Markup(page)
    labelled = {a["for"] for a in read.all("label") if "for" in a}
    for field in read.all("textarea") + [a for a in read.all("input") if a["type"] == "text"]:
        named = field.get("id") in labelled or "aria-labelledby" in field
        # Fields of a table and boxes to tick stand inside their label.
        assert named or "id" not in field
    assert page.count("<label><span>") == 8 and page.count("<legend>3 行目</legend>") == 1
    radios = {a["name"] for a in read.all("input") if a["type"] == "radio"}
    assert {"before-1", "after-1"} <= radios
    boxes = [a["name"] for a in read.all("input") if a["type"] == "checkbox"]
    assert len(boxes) == len(set(boxes)) == 2


def test_it_says_its_language_and_has_ordered_headings(page: str) -> None:
    read = Markup(page)
    assert read.all("html") == [{"lang": "ja"}] and steps(read.headings()) == []
    assert read.headings().count(1) == 1
    assert len(read.ids()) == len(set(read.ids()))
    pointed = [
        a[n]
        for _, a in read.elements
        for n in ("aria-labelledby", "aria-describedby", "for")
        if n in a
    ]
    assert set(pointed) <= set(read.ids())


def test_it_asks_nobody_for_anything_and_stores_nothing(page: str) -> None:
    read = Markup(page)
    policy = next(a["content"] for a in read.all("meta") if "http-equiv" in a)
    assert "default-src 'none'" in policy and "form-action 'none'" in policy
    assert read.all("form", "link", "iframe", "img") == []
    script = look.script("worksheet/page.js")
    assert look.policy(script) == policy and script in page
    assert not re.search("storage|cookie|fetch|XMLHttp|sendBeacon|indexedDB", script, re.IGNORECASE)
    fields = read.all("textarea", "input")
    assert fields and all(field["autocomplete"] == "off" for field in fields)


def test_the_answer_is_nowhere(page: str) -> None:
    assert "比べる相手が要ります" not in page and "季節の差" not in page
    assert not re.search("right|checked|正解", Markup(page).text)
    assert "checked" not in [name for _, a in Markup(page).elements for name in a]


def test_a_workshop_without_tasks_still_has_a_sheet() -> None:
    read = Markup(made(quiz=()))
    assert "書きながら進めるところ" not in read.text and "始める前に" not in read.text
    assert "ふりかえり" in read.text


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "</script><b>", "あ" * 10_000, "🗻 “quote” & 'it'"]
)
def test_any_text_is_shown_and_never_run(text: str) -> None:
    task = Task(title=text, prompt=text, kind="table", columns=(text,), items=(text,), rows=2)
    tick = Task(title=text, kind="checklist", items=(text,))
    read = Markup(made(task, tick, quiz=(quiz(text),), objectives=(text,), title=text))
    assert read.all("img") == [] and len(read.all("script")) == 1
    assert read.text.count(text[:9]) >= 6


def test_it_speaks_the_language_of_the_run() -> None:
    html = made(language="en")
    assert Markup(html).all("html") == [{"lang": "en"}]


def test_a_number_of_the_authors_own_is_taken_off_a_title() -> None:
    assert printed_title("12. 予想") == "予想" and printed_title("３．予想") == "予想"
    assert printed_title("2.5倍になる？") == "2.5倍になる？"
    assert printed_title("予想. そして") == "予想. そして" and printed_title("") == ""
