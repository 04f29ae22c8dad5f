"""How hard a text is to read: the published measure, the counts, the limits, the command."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from kit import cli_readability, course
from kit.errors import CourseError, KitError, LanguageError
from kit.language import Catalogue, using
from kit.plain import messages
from kit.plain.readability import (
    EASIEST_SCORE,
    LONGEST,
    broken,
    is_double_negative,
    jreadability,
    level,
    measure,
)
from kit.plain.school_kanji import YEAR
from kit.plain.sentences import Sentence, sentences

pytest.importorskip("fugashi")


@pytest.fixture(autouse=True)
def _in_japanese():
    with using("ja"):
        yield


# What the package jreadability 1.1.5 gives for the same texts.
SCORES = [
    ("おはようございます！今日は天気がいいですね。", 6.438),
    ("健診に行った人を数えます。", 3.9644),
    ("対照群と処置群の差を、標準誤差で割ります。", 1.184),
    (
        "個人情報の取り扱いに関する規程を策定し、所管部署において適切な管理を実施する必要がある。",
        1.0218,
    ),
]


def of(*texts: str) -> list[Sentence]:
    return [one for text in texts for one in sentences(text, "scene")]


@pytest.mark.parametrize(("text", "expected"), SCORES)
def test_the_score_is_the_published_one(text: str, expected: float) -> None:
    assert jreadability([one.text for one in of(text)]) == pytest.approx(expected, abs=0.001)


def test_a_plain_sentence_scores_easier_than_an_official_one() -> None:
    plain = of("手紙を送りました。たくさんの人が健診に行きました。")
    official = of("通知文の送付により、健康診査の受診者数の増加が確認されました。")
    assert measure(plain).score > EASIEST_SCORE > measure(official).score  # type: ignore[operator]


@pytest.mark.parametrize(
    ("score", "name"),
    [(6.4, "初級前半"), (5.5, "初級前半"), (5.49, "初級後半"), (4.5, "初級後半"), (4.49, "中級前半"),
     (3.4, "中級後半"), (1.5, "上級前半"), (0.5, "上級後半"), (-2.0, "上級後半")],
)  # fmt: skip
def test_levels_begin_where_they_are_published_to(score: float, name: str) -> None:
    assert level(score) == name


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("# 4. 数を見る", ["数を見る"]),
        ("- **{n}人**が見た。\n- 次に`x = 1`を動かす。", ["1人が見た。", "次に1を動かす。"]),
        ("| 町 | 人 |\n| --- | --- |\n| {{ p.town }} | 3 |", ["町", "人", "1", "3"]),
        ("式は$a = b$です。[文](人.html)と![図](図.png)", ["式は1です。", "文と"]),
        ("```\nコード\n```\n文。", ["文。"]),
        ("進め方（1分）→ 読む → 話す。", ["進め方（1分）", "読む", "話す。"]),
        ("> 御清栄のこととお慶び申し上げます。\n> 次。\n\n文。", ["文。"]),
        ("「はい。」と言う。", ["「はい。」", "と言う。"]),
        ("<b>文</b>&amp;文<!-- 文 -->", ["文&文"]),
        ("", []),
        ("`x`{n}", ["11"]),
    ],
)
def test_only_what_is_read_is_a_sentence(message: str, expected: list[str]) -> None:
    assert [one.text for one in sentences(message)] == expected


def test_headings_are_no_sentences_and_latin_words_count_as_one() -> None:
    found = of("## 題\n\n本は『Administrative Burden』です。")
    assert [one.whole for one in found] == [False, True]
    assert found[1].characters == len("本は『1』です。")


@pytest.mark.parametrize(
    "text",
    ["書かなければなりません。", "出さないと、もらえません。", "できないわけではありません。",
     "少なくなくはない。", "知らない人はいません。", "言わずにはいられない。"],
)  # fmt: skip
def test_a_denied_denial_is_found(text: str) -> None:
    assert is_double_negative(Sentence(text))


@pytest.mark.parametrize(
    "text",
    ["人が少ないので、足りません。", "書かないでください。", "分からないことを書きます。",
     "見えないところはしません。", "答えた人と答えなかった人にちがいはありません。", "書くと、できます。"],
)  # fmt: skip
def test_a_plain_denial_is_none(text: str) -> None:
    assert not is_double_negative(Sentence(text))


def test_counts_are_of_the_sentences() -> None:
    found = measure(of("# 題名\n\n人が見る。質問される。"))
    assert (found.sentences, found.labels, found.mean) == (2, 1, 5.5)
    assert found.hard == {"質問": 1}
    assert [one.text for one in found.passives] == ["質問される。"]
    assert found.kanji == pytest.approx(4 / 11)


def test_nothing_to_measure_is_no_score() -> None:
    found = measure([])
    assert found.score is None and found.longest is None and found.mean == 0


def test_what_breaks_the_limits_is_named_with_its_place() -> None:
    long = "人" + "の町" * 30 + "です。"
    faults = broken(of(long, "書かなければなりません。", "龘です。"), "demo ja-simple")
    text = "\n".join(str(fault) for fault in faults)
    assert f"{len(long)} 字" in text and long in text
    assert "二重否定" in text and "龘" in text
    assert all(str(fault.where).startswith("demo ja-simple") for fault in faults)
    assert "demo ja-simple: scene" in {fault.where for fault in faults}


def test_a_text_as_a_whole_can_be_too_hard() -> None:
    faults = broken(of("住民税課税証明書交付申請書提出期限延長。" * 3))
    assert any("漢字" in fault.message for fault in faults)
    assert any("読みやすさ" in fault.message for fault in faults)


def test_a_plain_text_breaks_nothing() -> None:
    assert broken(of("手紙を送りました。人が来ました。" + "あ" * (LONGEST - 1) + "。")) == []


def test_school_kanji_are_those_of_the_notice() -> None:
    count = [sum(year == one for year in YEAR.values()) for one in range(1, 7)]
    assert count == [80, 160, 200, 202, 193, 191]
    assert (YEAR["一"], YEAR["阪"], YEAR["論"]) == (1, 4, 6)
    assert "頼" not in YEAR


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    """Run the command on the translations given."""

    def run(translation, *options: str):
        def catalogue(self, language: str) -> Catalogue:
            from kit import catalogue as messages

            entries = {
                (m.context, m.source): said
                for m in messages.messages(self)
                if (said := translation(m.source))
            }
            return Catalogue(language, entries)

        monkeypatch.setattr("kit.course.Workshop.catalogue", catalogue)
        app = typer.Typer()
        cli_readability.register(app)
        with using("ja"):
            return CliRunner().invoke(app, ["first-steps", *options])

    return run


def test_the_command_passes_plain_text(run) -> None:
    result = run(lambda source: "手紙をおくりました。")
    assert result.exit_code == 0
    assert "初級" in result.output and "直すところはありません" in result.output


def test_the_command_fails_hard_text_and_names_the_cell(run) -> None:
    result = run(lambda source: "人の町" * 30 + "です。" if "セル" in source else "見ます。")
    assert result.exit_code == 1
    assert "first-steps ja-simple: workshop" in result.output


def test_the_command_tells_scripts_everything(run) -> None:
    result = run(lambda source: "見ます。" if "セル" in source else None, "--json", "--worst", "1")
    report = json.loads(result.stdout)
    assert report["missing"] > 0 and len(report["longest"]) == 1
    assert report["measure"]["level"] == "初級前半" and report["problems"] == []


def test_a_catalogue_without_a_sentence_is_said(run) -> None:
    result = run(lambda source: None)
    assert isinstance(result.exception, LanguageError)


def test_the_source_is_measured_but_held_to_no_limit(run) -> None:
    result = run(lambda source: None, "--lang", "ja")
    assert result.exit_code == 0 and "やさしい" not in result.output.splitlines()[0]


def test_other_languages_and_workshops_are_refused() -> None:
    with pytest.raises(LanguageError):
        messages.text("first-steps", "en")
    with pytest.raises(CourseError):
        messages.text("no-such", "ja")
    with pytest.raises(KitError):
        messages.text("first-steps", "xx")


@pytest.mark.parametrize("id", [*course.workshop_ids(), messages.KIT])
def test_the_plain_editions_of_the_house_keep_to_the_limits(id: str) -> None:
    text = messages.text(id, "ja-simple")
    names = {} if id == messages.KIT else course.workshop(id).spec.readings
    assert [str(fault) for fault in broken(text.sentences, id, names)] == []
    assert measure(text.sentences).score > measure(text.source).score
