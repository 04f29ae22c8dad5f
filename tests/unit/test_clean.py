"""What a cell puts out is rebuilt from an allow-list before it stands on a page."""

from __future__ import annotations

import pytest
from markup import Markup

from kit.publish.clean import clean
from kit.publish.prose import Outline


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java&#10;script:alert(1)">x</a>',
        '<iframe src="https://x.example"></iframe>',
        '<svg><script>alert(1)</script><a xlink:href="javascript:x"><text>x</text></a></svg>',
        '<svg><use href="https://x.example#a"/><image href="https://x.example/a.png"/></svg>',
        "<svg><foreignObject><iframe srcdoc='<script>x</script>'></iframe></foreignObject></svg>",
        '<svg><animate attributeName="href" to="javascript:alert(1)"/></svg>',
        '<math><mtext><img src=x onerror="alert(1)"></mtext></math>',
        '<p style="background:url(https://x.example/a)">x</p>',
        "<style>@import url(https://x.example)</style>",
        '<link rel="stylesheet" href="https://x.example/a.css">',
        '<meta http-equiv="refresh" content="0;url=https://x.example">',
        '<form action="https://x.example"><button formaction="javascript:x">x</button></form>',
        '<input type="image" src="https://x.example/a.png" onfocus=alert(1) autofocus>',
        '<video src="https://x.example/v"><source src="https://x.example/v"></video>',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
        "<!--><img src=x onerror=alert(1)>-->",
        '<rect fill="url(https://x.example/a)"/>',
    ],
)
def test_nothing_runs_and_nothing_is_fetched(source: str) -> None:
    page = Markup(clean(source))
    assert page.addresses() == []
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "style", "iframe", "object", "form", "link", "meta", "base"}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert "javascript" not in attributes.get("href", "")
        assert "url(h" not in "".join(attributes.values())


def test_tables_and_drawings_come_through() -> None:
    source = (
        "<table><caption>人数</caption><thead><tr><th>群</th></tr></thead>"
        "<tbody><tr><th>新</th><td>2,000</td></tr></tbody></table>"
        '<svg viewBox="0 0 9 9" role="img" aria-label="図"><defs><clipPath id="c"></clipPath></defs>'
        '<g clip-path="url(#c)"><rect width="4" height="4" fill="#005AFF"/></g></svg>'
    )
    page = Markup(made := clean(source, prefix="a-"))
    assert [cell["scope"] for cell in page.all("th")] == ["col", "row"]
    assert 'viewBox="0 0 9 9"' in made and "<clipPath" in made
    assert page.all("div") == [
        {"class": "table", "role": "group", "aria-labelledby": "a-table-1"}
    ], "a box that a wide table scrolls in"
    assert page.ids() == ["a-table-1", "a-c"] and 'clip-path="url(#a-c)"' in made


def test_a_wide_table_can_be_scrolled_with_keys() -> None:
    cells = "".join(f"<td>{n}</td>" for n in range(4))
    page = Markup(clean(f"<table><tr>{cells}</tr><tr>{cells}</tr></table>"))
    assert page.all("div") == [{"class": "table", "tabindex": "0"}]


def test_a_table_that_has_its_box_gets_no_other() -> None:
    page = Markup(clean('<div tabindex="0"><table><tr><td>1</td></tr></table></div>'))
    assert page.all("div") == [{"tabindex": "0"}]


def test_text_is_text() -> None:
    assert str(clean("a &lt;b&gt; & c")) == "a &lt;b&gt; &amp; c"


def test_what_is_open_is_closed() -> None:
    assert str(clean("<div><p>a<b>b</div>c")) == "<div><p>a<b>b</b></p></div>c"


def test_references_follow_their_ids() -> None:
    made = clean('<label for="q">問</label><input type="radio" id="q" name="n">', prefix="x-")
    assert str(made) == '<label for="x-q">問</label><input type="radio" id="x-q" name="x-n">'


def test_headings_fit_into_the_page() -> None:
    outline = Outline(top=2)
    outline.level(2)
    assert str(clean("<h5>小</h5>", level=outline.level)) == "<h3>小</h3>"


def test_what_works_only_in_a_notebook_is_left_out() -> None:
    assert str(clean('<p>値</p><div class="kit-live"><div><input type="range"></div></div>後')) == (
        "<p>値</p>後"
    )


def test_furigana_stay_above_their_word() -> None:
    ruby = "<ruby>通知文<rp>（</rp><rt>つうちぶん</rt><rp>）</rp></ruby>"
    assert clean(ruby) == ruby


def test_a_shape_that_closes_itself_does_so_still() -> None:
    assert clean('<svg><path d="M0,0"/><g></g></svg>') == '<svg><path d="M0,0"/><g></g></svg>'
    assert clean("<p/>x") == "<p>x</p>"


def test_the_same_output_is_read_once_unless_it_has_a_heading() -> None:
    wanted: list[int] = []

    def level(asked: int) -> int:
        wanted.append(asked)
        return asked + 1

    for _ in range(2):
        assert clean("<h2>差</h2>", level=level) == "<h3>差</h3>"
        assert clean("<b id='a'>差</b>", prefix="x-", level=level) == '<b id="x-a">差</b>'
    assert wanted == [2, 2] and clean("<b id='a'>差</b>", prefix="y-") == '<b id="y-a">差</b>'
