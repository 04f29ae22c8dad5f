"""The case card (事例カード): one page about a class, to share with other municipalities.

It says what kind of place it was and what was hard there, never who was in the room; what only
the facilitator knows, when, where and what to change, is left blank to be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.course import Workshop, principle
from kit.evidence import words
from kit.language import say, spaced, using
from kit.markdown import escape
from kit.results.summary import Question, Summary

# So that the card stays one page; voices take the room of one exercise.
QUESTIONS, EXERCISES, TIMES, VOICES = 2, 2, 2, 3
_LONG = 140  # characters of one voice


@dataclass(frozen=True)
class Part:
    """A heading with paragraphs, a list, or room (``lines``) to write."""

    anchor: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    lines: int = 0
    voices: bool = False


@dataclass(frozen=True)
class Card:
    """What stands on a card, as text."""

    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    licence: str
    deed: str


def card(workshop: Workshop, summary: Summary, *, voices: bool = False) -> Card:
    """Return the case card of a class.

    Parameters
    ----------
    workshop : Workshop
        What was held.
    summary : Summary
        What the room learned; its language is the card's.
    voices : bool
        Whether reflections may stand on it: only when the participants agreed to that.
    """
    with using(summary.language):
        spec = workshop.localised(summary.language)
        principles = [f"{number}. {principle(number).title}" for number in spec.principles]
        did = (spec.summary, say("持ち帰ったもの：{artefact}", artefact=spec.artefact))
        parts = [
            Part("did", say("したこと"), did),
            Part("found", say("分かったこと"), tuple(_found(summary))),
            Part(
                "hard", say("むずかしかったこと"), items=tuple(_hard(summary, EXERCISES - voices))
            ),
            Part("next", say("次に変えること"), lines=3),
            Part("contact", say("いつ・どこで、問い合わせ先（課の名前）"), lines=2),
        ]
        if voices and (said := _voices(summary)):
            parts.insert(3, Part("voices", say("参加者の声"), items=said, voices=True))
        deed = "deed.en" if spaced() else "deed.ja"
        return Card(
            title=spec.title,
            question=spec.question,
            facts=tuple(_facts(summary, spec.minutes, principles)),
            parts=tuple(part for part in parts if part.paragraphs or part.items or part.lines),
            licence=say(
                "このカードは CC BY 4.0 で使えます。写しても、直しても、自分のまちの事例を足してもかまいません。"
            ),
            deed=f"https://creativecommons.org/licenses/by/4.0/{deed}",
        )


def _facts(summary: Summary, minutes: int, principles: list[str]) -> Iterator[tuple[str, str]]:
    if summary.place:
        yield say("どんなまち"), summary.place
    if summary.people is None:
        yield say("答えを出した人"), say("少ないので出しません")
    else:
        yield say("答えを出した人"), say("{n} 人", n=summary.people)
    yield say("時間"), say("{n} 分", n=minutes)
    if summary.settings:
        yield say("設定"), say("、").join(" ".join(pair) for pair in summary.settings)
    yield say("デジタル10か条"), say("、").join(principles)


def _found(summary: Summary) -> Iterator[str]:
    if not summary.shown:
        yield say("人数が少ないので、数字は出しません。だれの答えか、分かってしまうからです。")
    elif summary.gain is None:
        yield say("前と後の両方に答えた人が少ないので、伸びは計算していません。")
    else:
        yield words.sentences(summary.gain.found, summary.gain.sure)
        yield summary.gain.cannot_tell


def _hard(summary: Summary, exercises: int) -> Iterator[str]:
    for question in summary.hardest[:QUESTIONS]:
        yield _wrong(question)
    for exercise in summary.stuck[:exercises]:
        yield say(
            "演習「{title}」：手をつけた {n} 人のうち、正解まで行ったのは {share:.0%}、"
            "試した回数の中央値は {tries:g} 回。",
            title=exercise.title,
            n=exercise.n,
            share=exercise.right,
            tries=exercise.tries,
        )
    for time in [one for one in summary.times if one.over][:TIMES]:
        yield say(
            "時間：「{title}」は予定 {planned} 分のところ、中央値 {median:.0f} 分。",
            title=time.title,
            planned=time.planned,
            median=time.median,
        )


def still_wrong(question: Question) -> str:
    """Return one sentence: how many had it wrong the last time it was asked."""
    told = {"n": question.n, "share": 1 - (question.last or 0)}
    if question.when == "both":
        return say("後でも、{n} 人のうち {share:.0%} がまちがえました。", **told)
    return say("{n} 人のうち {share:.0%} がまちがえました。", **told)


def _wrong(question: Question) -> str:
    """Return the same, with the misconception most of them chose."""
    found = question.wrong_before if question.when == "before" else question.wrong_after
    chosen = " / ".join(one.text for one in found)
    most = say("いちばん多かったまちがい：{chosen}", chosen=chosen) if chosen else ""
    return f"{question.prompt} — {words.sentences(still_wrong(question), most)}"


def _voices(summary: Summary) -> tuple[str, ...]:
    texts = [text for part in summary.voices for text in part.texts]
    short = (" ".join(text.split()) for text in texts)
    return tuple(
        text if len(text) <= _LONG else text[: _LONG - 1] + "…" for text in list(short)[:VOICES]
    )


def markdown(card: Card, language: str) -> str:
    """Return the card as Markdown; what participants wrote is escaped.

    Parameters
    ----------
    card : Card
        Made by :func:`card`.
    language : str
        Its language.
    """
    with using(language):
        blank = say("（ここに書きます）")
        lines = [f"# {card.title}", "", card.question, ""]
        lines += [f"- **{label}**: {value}" for label, value in card.facts]
        for part in card.parts:
            lines += ["", f"## {part.heading}", ""]
            lines += "\n\n".join(part.paragraphs).splitlines()
            lines += [""] if part.paragraphs and part.items else []
            lines += [f"- {escape(item) if part.voices else item}" for item in part.items]
            lines += [blank] if part.lines else []
        return "\n".join([*lines, "", "---", "", f"{card.licence} <{card.deed}>", ""])
