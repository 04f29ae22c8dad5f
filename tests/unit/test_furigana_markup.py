"""Furigana in pages and notebook cells: everything else stays to the letter."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit.markdown import to_html
from kit.plain import markup
from kit.plain.kana import KANJI

pytest.importorskip("fugashi")
_CAPTION = re.compile(
    r'<span><span style="display:table-cell">(.*?)</span><span style="[^"]*">.*?</span></span>'
)
_READING = re.compile(r"</?ruby>|<rt>[ぁ-ゖー]*</rt>")


def bare(page: str) -> str:
    return _READING.sub("", page)


_COMMON = "人町市村区数分日月年行方通上下中大小学生文字手紙送読書言話見時間前後今何一二三十百千万歳件回本々ヶ"
_TEXT = st.text(
    alphabet=_COMMON + "のはがをにりるたいっカタ0123456789２,. 　。、「」（）\n\t\x00ab",
    max_size=40,
)


_PIECES = st.one_of(
    _TEXT.map(lambda text: text.replace("\x00", "")),
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                '<a title="人>町">',
                "</a>",
                "<br>",
                "<li>",
                "<td>",
                "&amp;",
            ),
            *(
                "&lt;script&gt;",
                "&#20154;",
                "<!-- 人 -->",
                "<",
                "a<b",
                ">",
                '"',
                "'",
                "&",
                "<code>人</code>",
            ),
            *(
                "<script>x='人</p>'</script>",
                "<svg><text>人</text></svg>",
                "<math><mi>人</mi></math>",
            ),
            *(
                '<span lang="en">人</span>',
                '<i class="no-ruby">人</i>',
                "<ruby>人<rt>ひと</rt></ruby>",
            ),
            *(
                "<select><option>町</select>",
                "<textarea>人<b></textarea>",
                "<pre>町</pre>",
                "<a t='人",
            ),
        ]
    ),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
@example("&#20154;<b>&#20154;")
@example("1&nbsp;<i>人</i>&amp;<i>人口&lt;")
def test_without_the_readings_a_page_is_as_it_was(page: str) -> None:
    assert bare(markup.html(page)) == bare(page)


class _Reader(HTMLParser):
    """Collects the kanji a reader sees without furigana, outside what is to be left alone."""

    silent = (
        "code",
        "pre",
        "svg",
        "math",
        "option",
        "script",
        "style",
        "textarea",
        "ruby",
        "title",
    )

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.plain = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in ("br",):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not set(self.inside) & set(self.silent):
            self.plain += data


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["p", "b", "h2", "td", "button", "summary"]), _TEXT), max_size=6
    )
)
def test_no_kanji_of_a_page_is_left_without_furigana(rows: list[tuple[str, str]]) -> None:
    page = "".join(f"<{tag}>{text}</{tag}>\n" for tag, text in rows)
    reader = _Reader()
    reader.feed(markup.html(page))
    assert not re.search(r"[一-鿿]", reader.plain)


@pytest.mark.parametrize(
    "page",
    [
        "<code>表</code>",
        "<pre>表</pre><kbd>表</kbd><samp>表</samp>",
        "<svg><title>表</title><g><svg/></g><text>表</text></svg>",
        "<math><mtext>表</mtext></math>",
        "<head><title>表</title></head>",
        "<script>'表</p>'</script><style>/*表*/</style>",
        "<textarea>表<p></textarea><select><option>表</select>",
        '<p lang="en">表<b>表</b></p>',
        "<p lang=zh-Hans>表</p>",
        '<p translate="no">表</p>',
        "<p class='a no-ruby b'>表<i>表</i></p>",
        "<!-- 表 --><!doctype 表>",
        '<img alt="表"><a title="表>表"></a>',
        "<!-- 表",
    ],
)
def test_what_is_no_japanese_text_is_left_alone(page: str) -> None:
    assert markup.html(page) == page


def test_a_japanese_block_in_a_foreign_page_gets_furigana() -> None:
    page = '<html lang="en"><p>表</p><p lang="ja">表</p><p>表</p></html>'
    assert markup.html(page).count("<ruby>") == 1
    assert markup.html('<p lang="ja-simple">表</p>').count("<ruby>") == 1


def test_marks_in_a_line_do_not_change_how_it_is_read() -> None:
    assert markup.html("<b>3</b>人") == "<b>3</b><ruby>人<rt>にん</rt></ruby>"
    assert markup.html("<code>3</code>人") == "<code>3</code><ruby>人<rt>にん</rt></ruby>"
    assert bare(markup.html("市<strong>民</strong>課")) == "市<strong>民</strong>課"
    assert markup.html("<td>3</td><td>人</td>").endswith("<ruby>人<rt>ひと</rt></ruby></td>")
    assert markup.html("1<b>人</b>") == "1<b><ruby>人<rt>ひとり</rt></ruby></b>"


def test_hostile_text_stays_escaped() -> None:
    page = "<p>&lt;img src=x onerror=人&gt;&amp;町&quot;</p>"
    done = markup.html(page)
    assert bare(done) == page
    assert done.count("<") == page.count("<") + 8


def test_a_page_uses_the_readings_of_its_workshop() -> None:
    assert "<rt>かど</rt>" in markup.html("<p>角を</p>", {"角": "かど"})
    assert "<rt>つの</rt>" in markup.html("<p>角を</p>", {"角": "つの"})


@pytest.mark.parametrize(
    "source",
    [
        "```python\n# 表\n```\n",
        "~~~\n表\n```\n~~~",
        "`表` ``表`表``",
        "$表$ と $$\n表\n$$ `".replace("と", ""),
        "![表](表.png)",
        "<https://例.jp/表>",
        "[x](表.html) [y][表]",
        "[表]: https://example.org/",
        '<a title="表">x</a> <!-- 表 -->',
        "<code>表</code><script>'表'</script>",
        "{{ 表 }} {% if 表 %}",
    ],
)
def test_what_is_no_text_in_a_cell_is_left_alone(source: str) -> None:
    assert markup.markdown(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "# 題名\n\nこれは**重要**です。*町*と__村__。\n\n1. 方法\n2. 人\n",
        "- 1人が[町の文](人.html)を`読む`\n- \\*人\\* 3 * 4 人\n",
        "| 町 | 人数 |\n|---|---|\n| 檜原村 | **1人** |\n",
        "> **引用文**\n> 次の行\n\n本文<b>太字</b>&amp;人&#20154;",
        "**開いたまま\n\n人",
    ],
)
def test_a_cell_renders_as_before_but_for_the_readings(source: str) -> None:
    from markdown_it import MarkdownIt

    render = MarkdownIt("commonmark").enable("table").render
    done = render(markup.markdown(source))
    assert _CAPTION.sub(r"\1", done) == render(source)
    assert not KANJI.search(
        _CAPTION.sub("", re.sub(r"<code>.*?</code>|<[^>]*\.html[^>]*>", "", done))
    )


def test_a_cell_asks_nothing_of_a_renderer_that_jupyterlab_drops() -> None:
    done = markup.markdown("町の人")
    assert "<ruby" not in done and "<rt" not in done
    assert "&lt;" not in to_html("町") and done.count("<span>") == 2


def test_an_output_in_a_notebook_can_have_the_same_captions() -> None:
    done = markup.html("<p>町</p>", captions=True)
    assert "<ruby" not in done and _CAPTION.sub(r"\1", done) == "<p>町</p>"
