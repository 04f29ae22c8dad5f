"""The lint finds each fault that was planted, and nothing in clean materials."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from kit import cli_lint, course, edition, lint
from kit.errors import RunError
from kit.language import using
from kit.lint import html_reader, machine_checks, notebook_reader, pdf_reader, picture_checks

WORKSHOP, TOWN = "rct-letters", "13201"
RUN = Path("rct-letters/13201-hachioji/ja")
CHART = """<figure class="chart"><figcaption id="c-t">年代別の受診率</figcaption>
<div class="drawing"><svg role="img" aria-labelledby="c-t"><path d="M0 0L9 {length}"/></svg></div>
<p class="words" id="c-w">{words}</p><details class="data"><summary>数字を表で見る</summary><table>
<caption>受診率</caption><tr><th>年代</th><th>受診率</th></tr><tr><th>40歳代</th><td>18.0%</td></tr>
<tr><th>70歳代</th><td>31.0%</td></tr></table></details></figure>"""
GOOD_WORDS = "横棒グラフ。40歳代の18％から70歳代の31％まで、年代が上がるほど高い。"
BODY = f"""<h1>通知文を変えると受診は増えるか</h1>
<p id="scene">八王子市の健康推進課では、毎年4,000通の受診勧奨の通知を送っています。去年より受診率が上がりました。</p>
<p><code>{{{{ x }}}}</code> は埋めない書き方です。<math><mi>y</mi><mo>=</mo><mn>1</mn></math></p>
{CHART.format(words=GOOD_WORDS, length=1)}
<p lang="en" id="english">This is what the English speakers in the room are going to read.</p>"""


def page(body: str = BODY, language: str = "ja") -> str:
    return f'<!DOCTYPE html><html lang="{language}"><head><title>題</title></head><body><main>{body}</main></body></html>'


Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Lay a run's folder out, clean but for what is handed over."""

    def lay(**files: str | bytes) -> Path:
        with using("ja"):
            parameters = course.workshop(WORKSHOP).validate({"municipality": TOWN})
        record = {"run": {"workshop": WORKSHOP, "language": "ja", "parameters": parameters}}
        contents: dict[str, str | bytes] = {"run.json": json.dumps(record), "handout.html": page()}
        for name, content in files.items():
            contents[name.replace("__", ".")] = content
        folder = tmp_path / RUN
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(data)
        return tmp_path

    return lay


def found(folder: Path) -> list[tuple[str, str, str]]:
    with using("ja"):
        return [(one.check, Path(one.file).name, one.place) for one in lint.look(folder)]


def checks(folder: Path) -> list[str]:
    return [check for check, *_ in found(folder)]


def test_clean_materials_are_clean(lay: Lay) -> None:
    assert found(lay()) == []


# -- language ------------------------------------------------------------------------------------


def test_a_page_that_says_another_language_than_it_speaks(lay: Lay) -> None:
    assert ("language", "handout.html", "") in found(lay(handout__html=page(BODY * 3, "en")))
    english = "<h1>Letters</h1>" + "<p>The letter brought more people to the check-up.</p>" * 9
    assert ("language", "handout.html", "") in found(lay(handout__html=page(english, "ja")))


def test_a_page_that_says_no_language(lay: Lay) -> None:
    assert checks(lay(handout__html="<p>だれの声で読めばよいか分かりません。</p>")) == ["language"]


def test_a_foreign_part_that_is_not_marked(lay: Lay) -> None:
    lost = BODY.replace(' lang="en"', "")
    assert found(lay(handout__html=page(lost))) == [("language", "handout.html", "#english")]
    japanese = page("<h1>Letters</h1><p id='p'>ここだけ日本語の文が残っています。</p>", "en")
    assert found(lay(handout__html=japanese)) == [("language", "handout.html", "#p")]


def test_names_and_addresses_need_no_mark(lay: Lay) -> None:
    body = (
        BODY
        + "<p>JupyterLab Notebook Voilà Altair pandas numpy</p><p>https://example.org/the/of/and/to/a/b</p>"
    )
    assert found(lay(handout__html=page(body))) == []
    english = "<h1>Letters</h1><p>In Hachioji City (八王子市) letters are sent every year.</p>"
    assert found(lay(handout__html=page(english, "en"))) == []


# -- what was left over --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planted", "check"),
    [
        ("{{ municipality.name }}の町", "leftover"),
        ("{% if x %}町", "leftover"),
        ("受診率は nan ％です", "leftover"),
        ("差は $$x$$ です", "formula"),
        ("差は \\frac{a}{b} です", "formula"),
        ("<math><mi>a</mi><mo>&amp;</mo><mi>b</mi></math>", "formula"),
        ("<math><mtext>\\begin{aligned}</mtext></math>", "formula"),
        ("文字\ufffd化け", "glyph"),
        ("譁蟄怜喧縺代縺ｧ縺吶縺ｦ".replace("譁", "縺ァ"), "glyph"),
        ("外字\ue001です", "glyph"),
    ],
)
def test_what_was_left_over(lay: Lay, planted: str, check: str) -> None:
    body = BODY + f'<p id="here">{planted}</p>'
    assert found(lay(handout__html=page(body))) == [(check, "handout.html", "#here")]


def test_in_code_braces_are_code(lay: Lay) -> None:
    body = BODY + "<pre>f'{{x}}' = nan</pre><p>書き方は <code>{{ 名前 }}</code> です。</p>"
    assert found(lay(handout__html=page(body))) == []


# -- descriptions --------------------------------------------------------------------------------


@pytest.mark.parametrize("filler", ["図", "image", "Chart 1", "グラフ", "plot.png", "　"])
def test_a_description_that_says_nothing(lay: Lay, filler: str) -> None:
    body = BODY.replace(GOOD_WORDS, filler)
    assert checks(lay(handout__html=page(body))) == ["description"]
    image = BODY + f'<img src="data:image/png;base64,AA==" alt="{filler}">'
    if filler.strip():
        assert checks(lay(handout__html=page(image))) == ["description"]


def test_a_description_of_other_numbers_is_stale(lay: Lay) -> None:
    stale = BODY.replace("40歳代の18％から70歳代の31％", "若い人の22％からお年寄りの45％")
    assert checks(lay(handout__html=page(stale))) == ["description"]


def test_two_charts_with_one_description(lay: Lay) -> None:
    other = BODY + CHART.format(words=GOOD_WORDS, length=2)
    assert checks(lay(handout__html=page(other))) == ["description"]
    same = BODY + CHART.format(words=GOOD_WORDS, length=1)
    assert found(lay(handout__html=page(same))) == [], "the same chart may be shown twice"


def test_numbers_are_compared_as_they_are_written() -> None:
    cells = ("新", "0.3124", "旧", "1,204", "平均", "12")
    say = lambda words, **more: picture_checks.stale_numbers(  # noqa: E731
        picture_checks.Picture("", words, cells, 3, **more)
    )
    assert say("新は31.2％、旧は1204人、平均12") == [] and say("3 つの値") == []
    assert say("新は３１％") == [], "full-width figures are figures"
    assert say("新は45％、旧は980人") == ["45", "980"]
    assert say("新は45％、旧は980人", whole=False) == [], "what is not shown cannot be compared"


def test_a_stale_description_in_a_notebook(lay: Lay) -> None:
    table = {"columns": ["年代", "率"], "rows": [["40歳代", "18.0"], ["70歳代", "31.0"]]}
    about = {"kit": {"description": "22％から45％まで。", "table": table}}
    output = {"output_type": "display_data", "data": {"text/plain": "図"}, "metadata": about}
    folder = lay(facilitator__ipynb=notebook(outputs=[output]))
    assert found(folder) == [("description", "facilitator.ipynb", "#cell")]


def notebook(source: str = "x = 1", outputs: list[Any] | None = None, **metadata: Any) -> str:
    cell = {
        "id": "cell",
        "cell_type": "code",
        "source": source,
        "outputs": outputs or [],
        "metadata": {},
    }
    kept = {"kit": {"language": "ja"}} | metadata
    return json.dumps({"cells": [cell], "metadata": kept, "nbformat": 4, "nbformat_minor": 5})


# -- answers -------------------------------------------------------------------------------------


def secrets_of(kind: str) -> str:
    """Return something of the real workshop that no participant may read."""
    workshop = course.workshop(WORKSHOP)
    with using("ja"):
        prepared = edition.prepare(workshop, "ja", workshop.validate({"municipality": TOWN}))
    cells = {cell.id: cell.cell_type for cell in prepared.cells}
    open_text = "".join(c.source for c in edition.participant(prepared, "ja").cells)
    if kind in ("code", "markdown"):
        wanted = (s.text for s in edition.secrets(prepared) if cells[s.cell_id] == kind)
        return max((text for text in wanted if text not in open_text and "\n" not in text), key=len)
    if kind == "quiz":
        return max((o.feedback for q in workshop.spec.quiz for o in q.option), key=len)
    return max((hint for e in workshop.spec.exercise for hint in e.hints), key=len)


@pytest.mark.parametrize("kind", ["code", "markdown", "quiz", "hint"])
def test_an_answer_in_a_participants_file(lay: Lay, kind: str) -> None:
    secret = secrets_of(kind)
    shown = f"<pre>{secret}</pre>" if kind == "code" else f"<p>{secret.replace('**', '')}</p>"
    folder = lay(
        handout__html=page(BODY + shown), slides__html=page(), facilitator__html=page(BODY + shown)
    )
    told = {(check, name) for check, name, _ in found(folder)}
    assert told == {("answer", "handout.html")}, "the facilitator may read it"
    folder = lay(
        handout__html=page(), participant__ipynb=notebook(secret), facilitator__html=page()
    )
    assert {(check, name) for check, name, _ in found(folder)} == {("answer", "participant.ipynb")}


def test_a_form_nobody_told_it_about_is_a_participants(lay: Lay) -> None:
    secret = f"<pre>{secrets_of('code')}</pre>"
    assert checks(lay(new_form__html=page(BODY + secret))) == ["answer"]


def test_a_run_older_than_its_workshop_is_told_so(lay: Lay) -> None:
    folder = lay()
    path = folder / RUN / "run.json"
    record = json.loads(path.read_text("utf-8")) | {"sources": {"workshop": "another"}}
    secret = f"<pre>{secrets_of('code')}</pre>"
    assert found(lay(run__json=json.dumps(record), handout__html=page(BODY + secret))) == [
        ("stale", "run.json", "")
    ]


# -- towns ---------------------------------------------------------------------------------------


def test_another_towns_name(lay: Lay) -> None:
    body = BODY + '<p id="here">奥多摩町の健康推進課から送ります。</p>'
    assert found(lay(handout__html=page(body))) == [("town", "handout.html", "#here")]
    body = BODY + '<p lang="en" id="here">Sent by the office of Okutama Town.</p>'
    assert found(lay(handout__html=page(body))) == [("town", "handout.html", "#here")]
    titled = page().replace("<title>題", "<title>題 | 港区")
    assert checks(lay(handout__html=titled)) == ["town"]


@pytest.mark.parametrize(
    "words", ["羽田空港区域の手続き", "東北区間を歩く", "市区町村の一覧", "Kitano and Minatomirai"]
)
def test_a_word_that_only_looks_like_a_town(lay: Lay, words: str) -> None:
    assert found(lay(handout__html=page(BODY + f"<p>{words}</p>"))) == []


def test_a_table_of_all_towns_may_name_them(lay: Lay) -> None:
    rows = "".join(f"<tr><th>{name}</th><td>1</td></tr>" for name in ("港区", "奥多摩町"))
    body = BODY + f"<table>{rows}</table><p>最も高いのは奥多摩町です。</p>"
    assert found(lay(handout__html=page(body))) == []
    assert checks(lay(handout__html=page("<h2>奥多摩町の受診</h2>" + body))) == ["town"]


# -- the machine ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trace",
    [
        "/home/sato/work/x.ipynb",
        "/Users/sato/Desktop",
        "/tmp/abc/kernel.json",
        r"C:\\Users\\sato\\workshops",
        "file:///home/sato/x",
        "/var/folders/x1/T/y",
    ],
)
def test_a_folder_of_somebodys_machine(lay: Lay, trace: str) -> None:
    assert checks(lay(handout__html=page(BODY + f"<!-- {trace} -->"))) == ["machine"]
    assert checks(lay(handout__html=page(), facilitator__ipynb=notebook(path=trace))) == ["machine"]
    (lay(facilitator__ipynb=notebook()) / "report.json").write_text(json.dumps({"output": trace}))
    assert found(lay()) == [("machine", "report.json", "")]


def test_the_name_of_the_user_or_the_machine(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "satohanako")
    monkeypatch.setattr(socket, "gethostname", lambda: "pc-0042.city.example")
    for cached in (machine_checks._own, machine_checks._signs):
        cached.cache_clear()
    for name in ("satohanako", "pc-0042"):
        assert checks(lay(handout__html=page(BODY + f"<!-- {name} -->"))) == ["machine"]
    assert found(lay(handout__html=page())) == []
    monkeypatch.undo()
    for cached in (machine_checks._own, machine_checks._signs):
        cached.cache_clear()


@pytest.mark.parametrize(
    "path", ["https://example.org/home/x", "./tmp/x.csv", "artefacts/tmp/memo.md"]
)
def test_addresses_and_paths_inside_the_build_are_nobodys(lay: Lay, path: str) -> None:
    assert found(lay(handout__html=page(BODY + f'<a href="{path}">x</a>'))) == []


# -- PDF -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def press() -> Callable[[str], bytes]:
    import typst

    from kit.house import home

    fonts = [str(home() / "templates" / "fonts")]

    def press(body: str) -> bytes:
        head = '#set document(title: "題", author: "キット")\n#set text(font: "BIZ UDGothic", lang: "ja")\n'
        return bytes(
            typst.compile((head + body).encode(), font_paths=fonts, ignore_system_fonts=True)
        )

    return press


SENTENCE = "八王子市の健康推進課では、毎年4,000通の受診勧奨の通知を送っています。"


def test_a_clean_pdf_is_clean(lay: Lay, press: Callable[[str], bytes]) -> None:
    pdf = press(SENTENCE * 9)
    assert found(lay(worksheet__pdf=pdf)) == []
    pypdf = pytest.importorskip("pypdf")
    import io

    theirs = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    ours = pdf_reader.read(pdf).text("prose")
    assert "".join(ours.split()) == "".join(theirs.split())


def test_faults_in_a_pdf(lay: Lay, press: Callable[[str], bytes]) -> None:
    for body, check in (
        (f"{SENTENCE} \\{{\\{{ town \\}}\\}}", "leftover"),
        (f"{SENTENCE} 奥多摩町です。", "town"),
        (f"{SENTENCE} {secrets_of('quiz')}", "answer"),
        (f"{SENTENCE} ᚠᚡ", "glyph"),
        (f'#set text(lang: "en")\n{SENTENCE * 9}', "language"),
        (f'#set document(keywords: "/home/sato/x")\n{SENTENCE}', "machine"),
    ):
        assert check in checks(lay(worksheet__pdf=press(body))), check


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"not a pdf", b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm>>endobj"]
)
def test_a_pdf_that_cannot_be_read_is_told(lay: Lay, data: bytes) -> None:
    assert "unreadable" in checks(lay(worksheet__pdf=data))


# -- what is no build ----------------------------------------------------------------------------


def test_broken_files_are_told_and_the_others_still_read(lay: Lay) -> None:
    folder = lay(
        facilitator__ipynb="{",
        slides__html=b"\xff\xfe\x00",
        handout__html=page(BODY + "<p>{{ x }}</p>"),
    )
    told = {(check, name) for check, name, _ in found(folder)}
    assert told == {
        ("unreadable", "facilitator.ipynb"),
        ("unreadable", "slides.html"),
        ("leftover", "handout.html"),
    }


@pytest.mark.parametrize(
    "record",
    [
        "{",
        "[]",
        '{"run": 3}',
        '{"run": {"workshop": "rct-letters", "language": "ja", "parameters": {}}, "sources": []}',
        '{"run": {"workshop": "gone", "language": "ja"}}',
    ],
)
def test_without_its_workshop_a_run_is_still_read(lay: Lay, record: str) -> None:
    assert checks(lay(run__json=record, handout__html=page("<p>{{ x }}は日本語です</p>"))) == [
        "leftover"
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "</script>",
        "x" * 10_000,
        "👩🏽‍💻" * 500,
        "<svg><svg>",
        "<figure class=chart>",
    ],
)
def test_hostile_html_is_read_to_its_end(hostile: str) -> None:
    read = html_reader.read(page(f"<p>{hostile}</p><p id='end'>おわり</p>"))
    assert "おわり" in read.text()
    assert notebook_reader.read(hostile).unreadable


def test_a_folder_that_is_not_there_or_empty(tmp_path: Path) -> None:
    with using("ja"):
        with pytest.raises(RunError, match="フォルダーがありません"):
            lint.look(tmp_path / "none")
        with pytest.raises(RunError, match="調べるファイルがありません"):
            lint.look(tmp_path)


def test_many_of_a_kind_are_told_a_few_times(lay: Lay) -> None:
    body = BODY + "".join(f"<p id='p{n}'>{{{{ x{n} }}}}</p>" for n in range(50))
    assert 1 < len(found(lay(handout__html=page(body)))) <= 5


def test_half_made_and_failed_runs_are_left_out(lay: Lay) -> None:
    folder = lay()
    for name in ("failed", ".partial"):
        (folder / name).mkdir()
        (folder / name / "x.html").write_text("{{ x }}", encoding="utf-8")
    assert found(folder) == []


# -- the command ---------------------------------------------------------------------------------


def test_the_command_tells_and_ends_with_one(lay: Lay) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    cli_lint.register(app)
    with using("ja"):
        fine = CliRunner().invoke(app, ["lint", str(lay())])
        assert fine.exit_code == 0
        bad = lay(handout__html=page(BODY + "<p>{{ x }}</p>"))
        told = CliRunner().invoke(app, ["lint", str(bad), "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)[0]["check"] == "leftover"


def test_signs_of_comparison_in_code_hide_nothing_between_them() -> None:
    from kit.lint.run_checks import bare

    assert "差は「新-旧」です" in bare("if a < b:\n\n差は「新 - 旧」です\n\nc > d")
