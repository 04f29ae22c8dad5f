"""A small run of a made-up workshop, for tests of what is published from runs."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kit import places
from kit.course import principle
from kit.outline import agenda
from kit.publish.datapages import Link
from kit.publish.index import Entry
from kit.spec import Parameter, Spec

VEGA = "application/vnd.vega.v5+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
# What a hostile or careless value may bring along; a page has to show it as text.
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7*7 }} **太字**'


@cache
def compiled(kind: str) -> dict[str, Any]:
    """Return a small Vega 5 chart as the notebook's renderer would put it out."""
    import vl_convert

    rows = {
        "bars": [
            {"a": f"{n}歳代", "v": v}
            for n, v in zip((40, 50, 60, 70), (18, 21, 26, 31), strict=True)
        ],
        "dots": [
            {"x": n % 17, "y": (n * 7) % 23, "g": "新" if n % 2 else "従来"} for n in range(60)
        ],
    }[kind]
    bars = {
        "x": {"field": "v", "type": "quantitative", "title": "受診率（％）"},
        "y": {"field": "a", "type": "nominal", "title": None},
    }
    dots = {
        "x": {"field": "x", "type": "quantitative", "title": "週"},
        "y": {"field": "y", "type": "quantitative", "title": "人数"},
        "color": {"field": "g", "type": "nominal", "title": "通知文"},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.20.json",
        "title": {
            "text": "年代別の受診率" if kind == "bars" else "週ごとの受診者",
            "anchor": "start",
        },
        "width": 480,
        "data": {"values": rows},
        "mark": "bar" if kind == "bars" else "point",
        "encoding": bars if kind == "bars" else dots,
        "config": {"font": "BIZ UDGothic", "aria": False},
    }
    return dict(vl_convert.vegalite_to_vega(spec, vl_version="5.20"))


def chart(kind: str = "bars") -> Any:
    """Return a chart output with what kit.chart writes beside it."""
    about = {
        "description": "年代別の受診率の横棒グラフ。40歳代の18％から70歳代の31％まで、年代が上がるほど高い。",
        "table": {
            "columns": ["年代", "受診率（％）"],
            "rows": [
                ["40歳代", "18.0"],
                ["50歳代", "21.0"],
                ["60歳代", "26.0"],
                ["70歳代", "31.0"],
            ],
        },
        "source": "出典：模擬データ（八王子市と同じ人口構成の模擬のまち）",
    }
    data = {VEGA: compiled(kind), "text/plain": about["description"]}
    return new_output("display_data", data=data, metadata={"kit": about})


def html(text: str, *, widget: bool = False) -> Any:
    """Return a text/html output, as a widget's fallback if asked."""
    data = {"text/html": text}
    if widget:
        data[WIDGET] = {"model_id": "0" * 32, "version_major": 2, "version_minor": 0}
    return new_output("display_data", data=data)


def markdown(id: str, text: str, *tags: str, slide: str = "", minutes: int = 0, **plan: Any) -> Any:
    """Return a Markdown cell."""
    return _dressed(new_markdown_cell(text, id=id), tags, slide, minutes, plan)


def code(id: str, text: str, *tags: str, outputs: tuple[Any, ...] = (), slide: str = "") -> Any:
    """Return an executed code cell."""
    cell = new_code_cell(text, id=id, outputs=list(outputs), execution_count=1)
    return _dressed(cell, tags, slide, 0, {})


def _dressed(
    cell: Any, tags: tuple[str, ...], slide: str, minutes: int, plan: dict[str, Any]
) -> Any:
    if tags:
        cell.metadata["tags"] = list(tags)
    if slide:
        cell.metadata["slideshow"] = {"slide_type": slide}
    if minutes:
        cell.metadata["workshop"] = {"minutes": minutes, **plan}
    return cell


# As kit.ask writes what a page shows in place of a widget.
PANEL = """<figure class="kit-panel" style="margin:1em 0"><p>受ける人: <b>880</b> 人</p>
<svg width="300" height="40" viewBox="0 0 300 40" role="img" aria-label="差は4ポイント">
<rect id="r" width="240" height="24" y="8" fill="#005AFF"/><text x="246" y="26">4</text></svg>
<script>alert(1)</script><figcaption><ul class="kit-settings"><li>送る数: <strong>4,000</strong></li></ul>
<p class="kit-note">ノートブックでは、この値を動かして試せます。</p></figcaption></figure>"""
QUIZ = """<fieldset class="kit-quiz" style="border:1px solid var(--jp-border-color1, #767676);padding:0.5em 1em">
<legend style="font-weight:bold">受診率が前年より上がりました。通知文の効果と言えますか。</legend>
<ol type="A" style="list-style-type:upper-alpha"><li>言える</li><li>これだけでは言えない</li></ol>
<p class="kit-note">ノートブックでは、選ぶとすぐに解説が出ます。</p></fieldset>"""
VERDICT = """<div class="kit-card kit-not-yet" role="status"
 style="border-left:0.35em solid #A33A00;padding:0.5em 0.9em;color:var(--jp-content-font-color1, #1a1a1a)">
<p style="margin:0"><span style="background:#A33A00;color:#fff;padding:0.1em 0.6em">△ もう少し</span>
これは前後比較の値です。</p></div>"""
BLANK = """<div class="kit-card kit-blank" role="status"><p>… まだ書かれていません。</p></div>"""
TABLE = """<table class="kit-table"><caption>送る前の2つのグループ</caption><thead><tr><th scope="col">項目</th>
<th scope="col">従来</th><th scope="col">新しい</th><th scope="col">差</th><th scope="col">標準化した差</th></tr></thead>
<tbody><tr><th scope="row">平均年齢</th><td>58.3</td><td>58.1</td><td>−0.2</td><td>0.02</td></tr></tbody></table>"""


MEMO = """### 結果メモ

#### まだ分からないこと

- [ ] 来年も同じ効果が続くか

| 項目 | どう調べたか、その長い説明 | 結果とその読み方の説明 |
| --- | --- | --- |
| くじで分けた | 分けたあとに年齢と前の年の受診をくらべました | 似ていました。目安は0.1より小さいことです |
"""


def notebook(*, facilitator: bool = False) -> nbformat.NotebookNode:
    """Return the executed edition."""
    cells = [
        markdown(
            "title",
            "# 通知文を変えると受診は増えるか\n\n八王子市の健康推進課の佐藤さんは、\n毎年4,000通の受診勧奨の通知を送っています。",
        ),
        code(
            "parameters",
            'municipality: str = "13201"  # 区市町村: 八王子市\nletters: int = 4000  # 送る数 (通)',
            "parameters",
        ),
        code("set-up", 'import kit\n\nlesson = kit.lesson("rct-letters")', "hide-input"),
        markdown(
            "scene",
            "## 「たぶん効きました」\n\n> 「去年より受診率が上がりました。新しい通知文のおかげです。」\n\n議会でこう答えたら、次の質問は何でしょうか。*比べる相手* がいません。",
            slide="slide",
            minutes=10,
        ),
        markdown(
            "slide-question",
            "- 何と比べますか\n- だれに送りますか\n- 何人いれば足りますか",
            "slides",
            slide="-",
        ),
        code(
            "before-quiz", 'lesson.quiz("before-after")', "quiz", outputs=(html(QUIZ, widget=True),)
        ),
        markdown(
            "idea",
            "## くじで分ける\n\n2つの通知文をくじで送り分けると、送る前の2つのグループは平均すれば同じです。\n差 $\\hat{\\tau}$ は次の式で求めます。\n\n$$\n\\hat{\\tau} = \\bar{Y}_1 - \\bar{Y}_0\n$$\n\n2つのグループの人数\n| グループ | 人数 | 前年の受診率 | 平均年齢 |\n|---|--:|--:|--:|\n| 従来の通知文 | 2,000 | 21.8% | 58.3 |\n| 新しい通知文 | 2,000 | 22.1% | 58.1 |",
            slide="slide",
            minutes=15,
        ),
        code(
            "draw-ages",
            "lesson.chart_of_ages()",
            "hide-input",
            outputs=(chart(),),
            slide="subslide",
        ),
        code("slider", "lesson.panel(view)", "hide-input", outputs=(html(PANEL, widget=True),)),
        markdown("compute", "## 差を求める", minutes=25),
        markdown(
            "compute-how",
            "### 練習1　受診率の差\n\n新しい通知文の受診率から、従来の通知文の受診率を引きます。",
        ),
        code(
            "compute-the-effect",
            'new = sent.loc[sent["letter"] == 1, "attended"].mean()  # 新しい通知文\nusual = sent.loc[sent["letter"] == 0, "attended"].mean()\n# ここに書きます\ndifference = ...\nlesson.check("difference", difference)',
            "exercise",
            outputs=(html(BLANK),),
        ),
        code(
            "dots",
            "print(len(sent))\nchart",
            outputs=(
                new_output("stream", name="stdout", text="4000\n"),
                chart("dots"),
                html(TABLE),
                html(VERDICT),
            ),
        ),
        code(
            "memo-text",
            "Markdown(memo)",
            "hide-input",
            outputs=(new_output("display_data", data={"text/markdown": MEMO}),),
        ),
        markdown(
            "talk",
            "### グループで（5分）\n\n1. この差は、町の人みんなに言えますか。\n2. 議会にはどう答えますか。",
            "discussion",
        ),
        markdown(
            "memo",
            '## メモにまとめる\n\n`lesson.save` でメモを保存します。くわしくは[白書](https://example.org/a?b=1&c=2)へ。\n\n```python\nlesson.save("memo.md", text)\n```',
            slide="slide",
            minutes=40,
            skip=True,
        ),
        code("hidden", "1/0", "remove-cell"),
    ]
    if facilitator:
        task = next(cell for cell in cells if cell.id == "compute-the-effect")
        task.source = task.source.replace(
            "# ここに書きます\ndifference = ...",
            "# BEGIN SOLUTION\n# 引き算です\ndifference = new - usual\n# END SOLUTION",
        )
        task.outputs = [html(VERDICT)]
        cells.insert(
            4,
            markdown(
                "scene-note",
                "**進め方**　答えを言わずに、1分だけ待ちます。\n\n遅れているときは、次の節を飛ばします。",
                "facilitator",
            ),
        )
        cells.insert(
            -2,
            code(
                "answer",
                "difference = new - usual\ndifference",
                "solution",
                outputs=(
                    new_output("execute_result", data={"text/plain": "0.0412"}, execution_count=9),
                ),
            ),
        )
    return new_notebook(cells=cells)


def spec(**changes: Any) -> Spec:
    """Return the made-up workshop's spec."""
    values: dict[str, Any] = {
        "id": "rct-letters",
        "title": "通知文を変えると受診は増えるか",
        "question": "新しい通知文に切り替える予算を、来年度も要求しますか。",
        "summary": "健診の通知文を例に、くじで分けて比べる方法を学びます。",
        "minutes": 90,
        "principles": (4, 7, 9),
        "audience": "統計やプログラミングが初めての職員",
        "objectives": (
            "比べる相手を決められる。",
            "必要な人数を計算できる。",
            "差とその確かさを言葉で説明できる。",
        ),
        "artefact": "評価計画と結果メモ",
        "simulated": True,
        "languages": ("ja", "en"),
        "parameter": (
            Parameter(name="municipality", type="municipality", label="区市町村", default="13201"),
            Parameter(name="letters", type="int", label="送る数", default=4000, unit="通"),
            Parameter(name="team", type="text", label="課の名前", default="健康推進課"),
        ),
    }
    return Spec(**values | changes)


def material(**changes: Any) -> Any:
    """Return what a form is made from; anything may be replaced by name."""
    participant = notebook()
    values: dict[str, Any] = {
        "spec": spec(),
        "language": "ja",
        "municipality": places.find("13201"),
        "parameters": {"municipality": "13201", "letters": 4000, "team": "健康推進課"},
        "programme": "半日コース",
        "start": "13:30",
        "participant": participant,
        "facilitator": notebook(facilitator=True),
        "citations": (
            SimpleNamespace(
                line=lambda language: (
                    "出典：統計センター「SSDSE-A」（2020年国勢調査）を加工して作成"
                )
            ),
        ),
        "version": "0.1.0",
        "built": "2026-07-01",
        "links": {},
        "principles": tuple(principle(n) for n in (4, 7, 9)),
    }
    values |= changes
    values.setdefault("agenda", agenda(values["participant"].cells))
    values.setdefault("clock", lambda minute: _clock(values["start"], minute))
    return SimpleNamespace(**values)


def _clock(start: str | None, minute: int) -> str:
    hours, minutes = (int(part) for part in (start or "0:00").split(":"))
    total = hours * 60 + minutes + minute
    return f"{total // 60 % 24}:{total % 60:02d}"


def entries() -> list[Entry]:
    """Return what a small build leaves for its index: two languages, one run that failed."""
    towns = [
        ("13101-chiyoda", "千代田区", "Chiyoda City"),
        ("13201-hachioji", "八王子市", "Hachioji City"),
        ("13402-aogashima", "青ヶ島村", "Aogashima Village"),
    ]
    titles = {
        "rct-letters": ("通知文を変えると受診は増えるか", "Does a better letter raise check-ups?"),
        "journey-time": ("手続きの時間を測る", "Measuring what a procedure costs"),
    }
    names = (
        "handout.html",
        "slides.html",
        "worksheet.pdf",
        "participant.ipynb",
        "facilitator.pdf",
        "facilitator.html",
        "facilitator.ipynb",
        "run.json",
    )
    made = []
    for id, both in titles.items():
        for slug, *town in towns:
            for at, language in enumerate(("ja", "en")):
                label = f"{id}/{slug}/{language}"
                bad = (id, slug, language) == ("rct-letters", "13402-aogashima", "ja")
                made.append(
                    Entry(
                        id,
                        both[at],
                        town[at],
                        language,
                        "failed" if bad else "made",
                        {} if bad else {name: f"{label}/{name}" for name in names},
                        {} if bad else {"結果メモ.md": f"{label}/artefacts/結果メモ.md"},
                        "compute-the-effect" if bad else "",
                        "「送る数」が町の人口より多くなっています。" if bad else "",
                        f"{slug[:5]} {town[0]} {town[1]} {label}",
                    )
                )
    return made


def links() -> list[Link]:
    """Return the data pages an index of two languages points to."""
    titles = [("ja", "東京都の62区市町村"), ("en", "The 62 municipalities of Tokyo")]
    paths = [("ja", "data/ja/municipalities.html"), ("en", "data/en/municipalities.html")]
    return [Link(titles, paths, ("rct-letters",))]
