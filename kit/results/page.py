"""A summary → the facilitator's page, the case card, and JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kit
from kit.course import Workshop
from kit.errors import RunError
from kit.evidence import words
from kit.evidence.learning import INTERACTIVE, TRADITIONAL, two
from kit.files import write_whole
from kit.language import say, using
from kit.publish import look
from kit.publish.figures import Figure
from kit.results import card as cards
from kit.results.summary import FEWEST, Summary

RESULTS, CARD, CARD_TEXT, DATA = "results.html", "case-card.html", "case-card.md", "results.json"
WRONG = 3  # questions whose misconceptions are told at length
_STYLES = ("base/base.css", "results/results.css")


def write(
    workshop: Workshop, summary: Summary, folder: Path, *, voices: bool = False
) -> list[Path]:
    """Write the page, the card (HTML and Markdown) and the figures of a class into `folder`.

    Parameters
    ----------
    workshop : Workshop
        What was held.
    summary : Summary
        What the room learned.
    folder : pathlib.Path
        It is made if it is not there.
    voices : bool
        Whether reflections may stand on the card.

    Raises
    ------
    RunError
        If something cannot be written.
    """
    told = cards.card(workshop, summary, voices=voices)
    content = {
        RESULTS: page(summary),
        CARD: card_page(told, summary.language),
        CARD_TEXT: cards.markdown(told, summary.language),
        DATA: json.dumps(summary.to_dict(), ensure_ascii=False, indent=2) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in content.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise RunError(
            say("ファイルに書けません: {reason}", reason=error.strerror or error),
            where=str(folder),
            hint=say(
                "空き容量と書き込みの権限を確かめるか、--output でほかの場所を指定してください。"
            ),
        ) from None
    return [folder / name for name in content]


def page(summary: Summary) -> str:
    """Return the facilitator's page as one HTML file."""
    with using(summary.language):
        return look.render(
            "results/results.html.j2",
            language=summary.language,
            policy=look.policy(),
            css=look.css(*_STYLES),
            summary=summary,
            facts=_facts(summary),
            chart=_chart(summary),
            hidden=_hidden(summary),
            notes=_notes(summary),
            left_out=_left_out(summary.left_out or {}),
            most=WRONG,
            line=cards.still_wrong,
            people=_of,
            words=_words(summary),
        )


def card_page(card: cards.Card, language: str) -> str:
    """Return the case card as one HTML file that prints on one sheet of A4."""
    with using(language):
        return look.render(
            "results/case-card.html.j2",
            language=language,
            policy=look.policy(),
            css=look.css(*_STYLES),
            card=card,
            words={
                "skip": say("本文へ進む"),
                "card": say("事例カード"),
                "write": say("ここに書きます"),
                "made": say("EBPMワークショップキット {version}", version=kit.__version__),
            },
        )


def _of(some: int, n: int) -> str:
    return say("（{n} 人のうち {some} 人）", some=some, n=n)


def _facts(summary: Summary) -> list[tuple[str, str]]:
    if summary.people is None:
        return []
    facts = [(say("答えを出した人"), say("{n} 人", n=summary.people))]
    gain = summary.gain
    if gain is not None and gain.before is not None and gain.after is not None:
        facts.append((say("正答率（前 → 後）"), f"{gain.before:.0f}% → {gain.after:.0f}%"))
        if gain.gain is not None:
            facts.append((say("規格化ゲイン g"), two(gain.gain)))
        if gain.interval:
            low, high = map(two, gain.interval)
            facts.append((say("g の 95%区間"), say("{low}〜{high}", low=low, high=high)))
    return facts


def _chart(summary: Summary) -> Any:
    """Return the shares right before and after, by question, as a figure; None if none is shown."""
    both = [one for one in summary.questions if one.change is not None]
    if not both:
        return None
    import vl_convert

    from kit import chart
    from kit.chart import render
    from kit.chart.text import wrap

    rows = [
        # One line each, so that a phone has room for it; the table below has the whole question.
        {
            "question": wrap(f"{one.number}. {one.prompt}", 20, lines=1),
            "when": when,
            "share": 100 * (share or 0),
        }
        for one in both
        for when, share in ((say("前"), one.before), (say("後"), one.after))
    ]
    drawn = chart.bars(
        rows,
        category="question",
        value="share",
        colour="when",
        title=say("同じ問題の正答率、前と後"),
        unit="%",
        format=".0f",
        labels={"question": say("問題"), "when": say("いつ"), "share": say("正答率")},
        source=say("この教室の答えのファイル（{n} 人）。両方に答えた人だけ。", n=summary.people),
    )
    spec = vl_convert.vegalite_to_vega(render.specification(drawn), vl_version=render.VEGA_LITE)
    return Figure(spec, chart.about(drawn), prefix="gain-").html()


def _hidden(summary: Summary) -> str:
    """Return which questions are not in the gain because few answered them both times."""
    few = [str(one.number) for one in summary.questions if one.when == "both" and one.n is None]
    if not few:
        return ""
    return say(
        "問題 {numbers} は、両方に答えた人が {fewest} 人に満たないので、伸びの計算に入れていません。",
        numbers=say("、").join(few),
        fewest=FEWEST,
    )


def _notes(summary: Summary) -> list[str]:
    """Return what a facilitator should know before quoting a number."""
    low, high = TRADITIONAL, INTERACTIVE
    gain = [
        say(
            "規格化ゲイン g は、伸びる余地のうち何割を伸ばしたかです（Hake 1998）。"
            "0.3 未満を小さい、0.7 以上を大きいと呼びます。"
        ),
        say(
            "高校と大学の物理の授業では、講義中心で {low} ± {low_spread}、参加型で {high} ± {high_spread} と"
            "報告されています。長い授業を別のテストで測った値なので、この教室と比べて優劣は言えません。",
            low=low[0],
            low_spread=low[1],
            high=high[0],
            high_spread=high[1],
        ),
        say(
            "前と後にたずねる問題では、はじめに正解を見せていません。"
            "それでも、問題を覚えていて考えなおした分は、後の正答に入ります。"
        ),
    ]
    care = [
        say(
            "{fewest} 人に満たないところは、数字も人数も出しません。"
            "合計も、出した数字だけから計算しています。",
            fewest=FEWEST,
        ),
        say(
            "このまとめは、全員のファイルがそろってから 1 度だけ作ってください。"
            "1 人増えるたびに作りなおして配ると、その差から、増えた人の答えが分かってしまいます。"
        ),
        say("同じ人が 2 つの端末で答えていても、ここでは見分けられません。"),
    ]
    return [*(gain if summary.gain else ()), *care]


def _left_out(reasons: Mapping[str, int]) -> list[str]:
    """Return how many files did not count, by reason; their names stay on the command line."""
    phrases = {
        "link": say("ほかの場所へのリンク"),
        "not-a-file": say("ファイルではないもの"),
        "too-large": say("大きすぎるファイル"),
        "unreadable": say("開けないファイル"),
        "broken": say("壊れているファイル"),
        "progress": say("途中の答えのファイル"),
        "results": say("前に作った集計"),
        "format": say("答えのファイルではないもの"),
        "content": say("使えない値のあるファイル"),
        "empty": say("答えが 1 つもないファイル"),
        "unknown-workshop": say("このキットにないワークショップのファイル"),
        "other-workshop": say("ほかのワークショップのファイル"),
        "unknown-question": say("今の問題に合わないファイル"),
        "duplicate": say("中身が同じファイル"),
        "earlier": say("同じ人が前に保存したファイル"),
    }
    return [
        say("{what}: {count} 個", what=phrase, count=reasons[reason])
        for reason, phrase in phrases.items()
        if reason in reasons
    ]


def _words(summary: Summary) -> dict[str, str]:
    few = say("少ないので出しません")
    return {
        "skip": say("本文へ進む"),
        "page": say("教室のまとめ（進行役用）"),
        "nothing": say("数字は出しません"),
        "too_few": say(
            "集まった答えが {fewest} 人分に満たないので、数字はひとつも出しません。"
            "人が少ないと、だれの答えか分かってしまうからです。",
            fewest=FEWEST,
        ),
        "instead": say(
            "よかったところ、つまずいたところは、その場で話してもらうのがいちばんです。"
            "同じワークショップをもう一度開いたら、両方の回のファイルを 1 つのフォルダーに集めて、まとめて集計できます。"
        ),
        "place": say("開いたまちの種類：{place}", place=summary.place),
        "few": few,
        "none": say("なし"),
        "gain": say("どれだけ伸びたか"),
        "no_gain": say(
            "前と後の両方に答えた人が {fewest} 人以上いる問題がないので、伸びは計算していません。",
            fewest=FEWEST,
        ),
        "questions": say("問題ごとの変化"),
        "questions_table": say("正答率と、答えが変わった人の数"),
        "question": say("問題"),
        "counted": say("数えた人"),
        "missing": say("答えのない人"),
        "before": say("前の正答率"),
        "after": say("後の正答率"),
        "learned": say("誤→正"),
        "lost": say("正→誤"),
        "stayed_right": say("正→正"),
        "stayed_wrong": say("誤→誤"),
        "how_counted": say(
            "前と後にたずねた問題は、両方に答えた人だけを数えています。片方だけの問題は、その時に答えた人です。"
        ),
        "wrong": say("まちがいの多かった問題"),
        "no_wrong": say("最後は、数えた全員が全問正解でした。"),
        "right_is": say("正解"),
        "misread_before": say("前に多かった思いちがい"),
        "misread_after": say("後に多かった思いちがい"),
        "exercises": say("演習"),
        "exercises_table": say("正解した人の割合と、試した回数"),
        "exercise": say("演習の名前"),
        "touched": say("手をつけた人"),
        "untouched": say("手をつけていない人"),
        "right": say("正解した"),
        "tries": say("試した回数（中央値）"),
        "hints": say("ヒントを見た"),
        "solution": say("解答を開いた"),
        "stuck": say(
            "つまずいた人が多かったところ：{names}",
            names=words.quoted(e.title for e in summary.stuck),
        ),
        "not_stuck": say("つまずいた人が多い演習は、ありませんでした。"),
        "times": say("時間"),
        "times_table": say("予定の分と、かかった分"),
        "section": say("節"),
        "planned": say("予定（分）"),
        "unrecorded": say("記録のない人"),
        "median": say("中央値（分）"),
        "middle": say("中央の半分の人（分）"),
        "times_note": say(
            "セルを動かした間隔から計った、おおよその分です。15 分より長い間は休みとして数えません。"
            "最短と最長は 1 人の値なので、出しません。"
        ),
        "over": say(
            "予定より長くかかったところ：{names}",
            names=words.quoted(t.title for t in summary.times if t.over),
        ),
        "not_over": say("予定より大きくのびた節は、ありませんでした。"),
        "voices": say("ふり返りの声"),
        "voices_note": say(
            "順番は混ぜてあります。配る前に、名前や、だれか分かることが書かれていないか、読んで確かめてください。"
        ),
        "settings": say("この教室の設定"),
        "versions": say("教材の版：{versions}", versions=", ".join(summary.versions)),
        "mind": say("読むときの注意"),
        "left_out": say("数えなかったファイル"),
        "nobody_left_out": say("数えなかったファイルは、ありません。"),
        "made": say("EBPMワークショップキット {version}", version=kit.__version__),
    }
