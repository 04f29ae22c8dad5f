"""Furigana: every kanji has its reading, the right one, and the text stays as it was."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit import places
from kit.errors import KitError
from kit.plain import analyser
from kit.plain.furigana import Part, parts, unread
from kit.plain.kana import RUN, align
from kit.plain.readings import _house

pytest.importorskip("fugashi")


def read(text: str, names: dict[str, str] | None = None) -> str:
    """Return `text` with its readings in brackets."""
    return "".join(
        part.base if part.reading is None else f"{part.base}[{part.reading}]"
        for part in parts(text, names or {})
    )


@pytest.mark.parametrize("town", places.all_(), ids=lambda town: town.code)
def test_every_municipality_is_read_as_it_calls_itself(town: places.Municipality) -> None:
    for text in (town.name_ja, f"{town.name_ja}の人口", f"東京都{town.name_ja}に"):
        readings = {}
        for part in parts(text):
            readings[part.base] = part.reading or part.base
        spoken = "".join(readings.values())
        assert town.kana in spoken, spoken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1人", "1人[ひとり]"),
        ("２人", "２人[ふたり]"),
        ("3人", "3人[にん]"),
        ("1 人で", "1 人[ひとり]で"),
        ("1,001人", "1,001人[にん]"),
        ("0.1人", "0.1人[にん]"),
        ("2人組", "2人組[ふたりぐみ]"),
        ("1人分と3人分", "1人[ひとり]分[ぶん]と3人[にん]分[ぶん]"),
        ("7月1日", "7月[がつ]1日[ついたち]"),
        ("2026年7月2日", "2026年[ねん]7月[がつ]2日[ふつか]"),
        ("12 月 20 日", "12 月[がつ] 20 日[はつか]"),
        ("7月14日と24日", "7月[がつ]14日[じゅうよっか]と24日[にじゅうよっか]"),
        ("7月31日", "7月[がつ]31日[にち]"),
        ("1日に20人", "1日[にち]に20人[にん]"),
        ("1日中", "1日中[いちにちじゅう]"),
        ("3日間と10日目", "3日[みっか]間[かん]と10日[とおか]目[め]"),
        ("5分と10分", "5分[ふん]と10分[ぷん]"),
        ("3分間、14分前", "3分[ぷん]間[かん]、14分[ぷん]前[まえ]"),
        ("2分半", "2分[ふん]半[はん]"),
        ("3分の1", "3分[ぶん]の1"),
        ("3分の休み", "3分[ぷん]の休[やす]み"),
        ("1本2本3本", "1本[ぽん]2本[ほん]3本[ぼん]"),
        ("10本、100本、1000本", "10本[ぽん]、100本[ぽん]、1000本[ぼん]"),
        ("何本", "何[なん]本[ぼん]"),
        ("4票と6票", "4票[ひょう]と6票[ぴょう]"),
        ("3階", "3階[がい]"),
        ("3百と6百と2百", "3百[びゃく]と6百[ぴゃく]と2百[ひゃく]"),
        ("3千円", "3千[ぜん]円[えん]"),
        ("1万2千人", "1万[まん]2千[せん]人[にん]"),
        ("3か月", "3か月[げつ]"),
        ("3ヶ月", "3ヶ月[かげつ]"),
        ("5か所と10か条", "5か所[しょ]と10か条[じょう]"),
        ("1回、4件、65歳以上", "1回[かい]、4件[けん]、65歳[さい]以上[いじょう]"),
        ("1行で", "1行[ぎょう]で"),
        ("23区26市5町8村", "23区[く]26市[し]5町[ちょう]8村[そん]"),
        ("2通りと4通", "2通[ふたとお]りと4通[つう]"),
        ("何人が何回", "何[なん]人[にん]が何[なん]回[かい]"),
        ("数人と数日", "数[すう]人[にん]と数[すう]日[じつ]"),
        ("3人中央値", "3人[にん]中央[ちゅうおう]値[ち]"),
        ("2行動かす", "2行[ぎょう]動[うご]かす"),
        ("5分立って", "5分立[ふんた]って"),
    ],
)
def test_a_number_and_what_it_counts_sound_together(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("送った", "送[おく]った"),
        ("取り組み", "取[と]り組[く]み"),
        ("健診に行った", "健診[けんしん]に行[い]った"),
        ("調査を行った", "調査[ちょうさ]を行[おこな]った"),
        ("何を、何と", "何[なに]を、何[なに]と"),
        ("何の数ですか", "何[なん]の数[かず]ですか"),
        ("人数と数", "人数[にんずう]と数[かず]"),
        ("分を時間に。分かる", "分[ふん]を時間[じかん]に。分[わ]かる"),
        ("私立と私", "私立[しりつ]と私[わたし]"),
        ("最小平均", "最小[さいしょう]平均[へいきん]"),
        ("国立の大学と国立市", "国立[こくりつ]の大学[だいがく]と国立市[くにたちし]"),
        ("区市町村", "区市町村[くしちょうそん]"),
        ("対照群", "対照群[たいしょうぐん]"),
        ("作成日、その日", "作成[さくせい]日[び]、その日[ひ]"),
        ("今日、明日", "今日[きょう]、明日[あした]"),
        ("間に合う、間違い、間に", "間[ま]に合[あ]う、間違[まちが]い、間[あいだ]に"),
        ("正しく言う", "正[ただ]しく言[い]う"),
        ("大文字と小文字", "大文字[おおもじ]と小文字[こもじ]"),
    ],
)
def test_a_word_is_read_as_the_words_around_it_ask(text: str, expected: str) -> None:
    assert read(text) == expected


def test_every_entry_of_the_table_is_read_as_it_says() -> None:
    for one in _house():
        found = {(start, reading) for start, reading in _positions(one.written)}
        assert {(start, reading) for start, _, reading in one.pieces} <= found, one.written


def _positions(text: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for part in parts(text):
        if part.reading:
            found.append((at, part.reading))
        at += len(part.base)
    return found


def test_a_correction_by_hand_goes_before_everything() -> None:
    names = {"1日に": "いちにちに", "角": "つの", "東京": "トウケイ"}
    assert read("1日に", names) == "1日[いちにち]に"
    assert read("三角", names).endswith("角[つの]")
    assert read("１日に東京都民", names).startswith("１日[いちにち]に東京[とうけい]")
    assert read("角") != read("角", names)


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("あ", "あ"),
        ("", ""),
        ("檜原", "hinohara"),
        ("取り組み", "とっくみ"),
        ("町", ""),
        ("檜", "桧"),
    ],
)
def test_a_reading_that_cannot_be_is_named(word: str, reading: str) -> None:
    with pytest.raises(KitError) as caught:
        parts("町", {word: reading})
    assert caught.value.where == f"[readings]: {word}"
    assert caught.value.hint


def test_a_kanji_nobody_knows_has_no_reading_and_is_told() -> None:
    assert parts("龘が") == (Part("龘"), Part("が"))
    assert unread("龘が三鷹市に") == ("龘",)
    assert unread("龘が", {"龘": "とう"}) == ()


def test_without_the_analyser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    analyser._tagger.cache_clear()
    monkeypatch.setitem(sys.modules, "fugashi", None)
    try:
        with pytest.raises(KitError) as caught:
            parts("部品がないときの町")
        assert "ebpm-workshop-kit[plain]" in str(caught.value)
    finally:
        analyser._tagger.cache_clear()


def test_text_without_kanji_needs_no_analyser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.plain.furigana.words", lambda text: pytest.fail("analysed"))
    assert parts("かな and 12") == (Part("かな and 12"),)
    assert parts("") == ()


_COMMON = "人町市村区数分日月年行方通上下中大小学生文字手紙送読書言話見時間前後今何一二三十百千万歳件回本々ヶ"
_TEXT = st.text(
    alphabet=_COMMON + "のはがをにりるたいっカタ0123456789２,. 　。、「」（）\n\t\x00ab",
    max_size=40,
)


@settings(max_examples=50, deadline=None)
@given(_TEXT)
@example("1日\x00に人\ud800が")
def test_the_parts_are_the_text_and_every_kanji_has_kana(text: str) -> None:
    found = parts(text)
    assert "".join(part.base for part in found) == text
    for part in found:
        if part.reading is None:
            assert not re.search(r"[一-鿿]", part.base), part
        else:
            assert re.fullmatch(r"[ぁ-ゖー]+", part.reading), part
            assert RUN.search(part.base)


def test_kana_of_word_and_reading_must_agree() -> None:
    assert align("書き方", "かきかた") == [(0, 1, "か"), (2, 3, "かた")]
    assert align("データ数", "でーたすう") == [(3, 4, "すう")]
    assert align("送る", "おくった") is None
