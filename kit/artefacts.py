"""What a participant takes home: files in ``artefacts/`` beside the notebook.

What is written is a list of parts, as an author has them at hand: Markdown, charts, tables, and
whatever else shows itself as HTML. Page, Markdown and PDF are made from the same parts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import furigana
from kit.errors import KitError
from kit.files import write_whole
from kit.html_text import text_of
from kit.language import say, using
from kit.markdown import to_html

if TYPE_CHECKING:
    from kit.lessons import Lesson

FOLDER = "artefacts"


def save(lesson: Lesson, name: str, content: Any) -> Saved:
    """Write `content` into ``artefacts/``: see :meth:`kit.lessons.Lesson.save`."""
    writer = WRITERS.get(Path(name).suffix)
    if writer is None or Path(name).name != name or name.startswith("."):
        raise KitError(
            say("「{name}」という名前では保存できません。", name=name),
            hint=say("使える形: {endings}", endings=", ".join(WRITERS)),
        )
    return write(name, writer(lesson, content))


def write(name: str, content: bytes) -> Saved:
    """Write a file into ``artefacts/``.

    Raises
    ------
    KitError
        If it cannot be written; what was there before stays.
    """
    path = Path.cwd() / FOLDER / name
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise KitError(
            say("保存できませんでした: {error}", error=error.strerror),
            where=f"{FOLDER}/{name}",
            hint=say("空き容量と書き込みの権限を確かめてください。"),
        ) from None
    return Saved(f"{FOLDER}/{name}")


class Saved:
    """Says where something was saved, with a link."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __repr__(self) -> str:
        return say("保存しました: {path}", path=self.path)

    def _repr_html_(self) -> str:
        link = f'<a href="{escape(self.path)}">{escape(self.path)}</a>'
        return f'<p class="kit-saved">{escape(say("保存しました:"))} {link}</p>'


# --- parts ----------------------------------------------------------------------------------------


def parts(content: Any) -> Iterator[Any]:
    """Yield the parts of `content`, lists opened and what is not yet written left out.

    Examples
    --------
    >>> list(parts(["# 題", ["文", None], ...]))
    ['# 題', '文']
    """
    if isinstance(content, list | tuple):
        for part in content:
            yield from parts(part)
    elif content is not None and content is not ...:
        yield content


def _is_chart(part: Any) -> bool:
    return type(part).__module__.startswith("altair.")


def _markdown_of(part: Any) -> str | None:
    """Return the Markdown that `part` is, or shows itself as."""
    if isinstance(part, str):
        return part
    shown = part._repr_markdown_() if hasattr(part, "_repr_markdown_") else None
    return shown[0] if isinstance(shown, tuple) else shown


def _html_of(part: Any) -> str:
    """Return how `part` shows itself on a page; of something alive, its still picture."""
    if hasattr(part, "_repr_html_"):
        html = part._repr_html_()
    elif hasattr(part, "_repr_mimebundle_"):
        html = part._repr_mimebundle_().get("text/html")
    else:
        html = None
    return html if isinstance(html, str) else f"<p>{escape(str(part))}</p>"


def title(content: Any) -> str:
    """Return the first heading of level 1, or nothing."""
    for part in parts(content):
        text = None if _is_chart(part) else _markdown_of(part)
        found = re.search(r"<h1>(.*?)</h1>", to_html(text or ""), re.DOTALL)
        if found:
            return text_of(found[1])
    return ""


# --- page -----------------------------------------------------------------------------------------

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1rem/1.8 "BIZ UDGothic", "Yu Gothic", "Hiragino Sans", sans-serif;
  max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff;
  overflow-wrap: anywhere; }}
body:lang(en) {{ font-family: "BIZ UDPGothic", "Segoe UI", system-ui, sans-serif; }}
h1, h2, h3, h4 {{ line-height: 1.4; break-after: avoid; }}
h1 {{ font-size: 1.6rem; }}
h2 {{ font-size: 1.2rem; border-bottom: 2px solid #1a1a1a; padding-bottom: .2rem; margin-top: 2rem; }}
h3 {{ font-size: 1.05rem; }}
.kit-overline, footer {{ font-size: .85rem; color: #595959; }}
footer {{ border-top: 1px solid #767676; margin-top: 3rem; }}
table {{ border-collapse: collapse; line-height: 1.6; }}
caption {{ text-align: left; font-weight: bold; padding: .3rem 0; }}
th, td {{ border: 1px solid #767676; padding: .3rem .6rem; vertical-align: top; text-align: left; }}
thead th {{ background: #eee; }}
tbody th {{ font-weight: normal; }}
tr, figure {{ break-inside: avoid; }}
figure, .kit-table {{ margin: 1.2rem 0; overflow-x: auto; }}
svg {{ max-width: 100%; height: auto; }}
blockquote {{ margin: 1rem 0; padding-left: 1rem; border-left: .25rem solid #767676; }}
:focus-visible {{ outline: 3px solid #0057b8; outline-offset: 2px; }}
@media screen and (max-width: 36rem) {{ figure svg {{ max-width: none !important; }} }}
@media print {{ body {{ margin: 0; max-width: none; padding: 0; font-size: 10.5pt; }} }}
@page {{ size: A4; margin: 20mm; }}
</style>
</head>
<body><main>
<p class="kit-overline">{overline}</p>
{body}
</main></body>
</html>
"""


def page(lesson: Lesson, content: Any) -> bytes:
    """Return the parts of `content` as one accessible page that needs nothing else."""
    from kit import chart

    body = []
    for part in parts(content):
        if _is_chart(part):
            body.append(_figure(chart.svg(part)))
        elif (markdown := _markdown_of(part)) is not None:
            body.append(_tables(to_html(markdown)))
        else:
            body.append(_html_of(part))
    html = "\n".join(body)
    heading = title(content)
    if not heading:
        heading = lesson.title
        html = f"<h1>{escape(heading)}</h1>\n{html}"
    titles = dict.fromkeys((heading, lesson.title))
    return _PAGE.format(
        language=lesson.language,
        title=escape(" — ".join(titles)),
        overline=escape(_overline(lesson)),
        body=furigana.over(_levelled(html)),
    ).encode()


def _overline(lesson: Lesson) -> str:
    return say("ワークショップ「{title}」で作りました", title=lesson.title)


def _figure(svg: str) -> str:
    # Too wide for a phone, a chart keeps the size of its words and is scrolled; keys can reach it.
    label = escape(say("図"))
    return f'<figure tabindex="0" role="group" aria-label="{label}">{svg}</figure>'


def _tables(html: str) -> str:
    """Give the tables of Markdown headings with a scope, and a box that keys can scroll."""
    html = html.replace("<th>", '<th scope="col">').replace("<th style", '<th scope="col" style')
    label = escape(say("表"))
    box = f'<div class="kit-table" role="group" aria-label="{label}" tabindex="0"><table>'
    return html.replace("<table>", box).replace("</table>", "</table></div>")


def _levelled(html: str) -> str:
    """Keep one heading of level 1 and leave no level out below it.

    Examples
    --------
    >>> _levelled("<h1>甲</h1><h4>乙</h4><h1>丙</h1>")
    '<h1>甲</h1><h2>乙</h2><h2>丙</h2>'
    """
    depth = 0

    def fit(match: re.Match[str]) -> str:
        nonlocal depth
        depth = min(max(int(match[2]), 2), depth + 1) if depth else 1
        return f"<h{depth}{match[3]}>{match[4]}</h{depth}>"

    return re.sub(r"<(h([1-6]))\b([^>]*)>(.*?)</\1>", fit, html, flags=re.DOTALL)


# --- Markdown -------------------------------------------------------------------------------------


def markdown(lesson: Lesson, content: Any) -> bytes:
    """Return the parts of `content` as Markdown: a chart as its words, a table as a table."""
    from kit import chart

    body = []
    for part in parts(content):
        if _is_chart(part):
            words = " ".join(chart.about(part)["description"].split())
            note = say("図そのものは、HTML と PDF に入っています。")
            body.append(f"> **{say('図')}**: {words}\n>\n> {note}")
        elif (text := _markdown_of(part)) is not None:
            body.append(_readable(text.strip("\n")))
        else:
            body.append(text_of(_html_of(part)))
    return ("\n\n".join(body) + "\n").encode()


_REFERENCE = re.compile(r"&#(\d{2,3});")


def _readable(text: str) -> str:
    """Return Markdown whose character references are signs again: people open it in an editor.

    Examples
    --------
    >>> print(_readable("従来の &#50;2&#37;（&#42;速報&#42;）"))
    従来の 22%（\\*速報\\*）
    """

    def sign(match: re.Match[str]) -> str:
        character = chr(int(match[1]))
        line = text[: match.start()].rpartition("\n")[2].strip()
        begins = character in "-+.)=:" and (not line or line.isdigit())  # a list, a heading
        return f"\\{character}" if begins or character in "\\`*_[]<>#|$~&{}!" else character

    return _REFERENCE.sub(sign, text)


# --- PDF ------------------------------------------------------------------------------------------


def pdf(lesson: Lesson, content: Any, name: str = "artefact.pdf") -> tuple[bytes, str]:
    """Return the parts of `content` as PDF, and the characters no font here has.

    Raises
    ------
    KitError
        If there is nothing here to set a PDF with, or a part cannot be set.
    """
    outputs = [_output(part) for part in parts(content)]
    try:
        with using(lesson.language):
            # The one thing a class asks of the studio, and only when a PDF is made.
            from kit.publish import memo

            return memo.pdf(outputs, title=lesson.title, overline=_overline(lesson), name=name)
    except ImportError as error:
        raise KitError(
            say("ここには、PDF を作る部品（{name}）がありません。", name=error.name or "typst"),
            hint=say("HTML は、ブラウザーの印刷から PDF にできます。"),
        ) from None


def _output(part: Any) -> dict[str, Any]:
    """Return `part` as an output of a notebook."""
    metadata: dict[str, Any] = {}
    if _is_chart(part):
        import vl_convert

        from kit import chart
        from kit.chart.render import VEGA_LITE, VEGA_MIME, specification

        spec = vl_convert.vegalite_to_vega(specification(part), vl_version=VEGA_LITE)
        data: dict[str, Any] = {VEGA_MIME: spec}
        metadata = {"kit": chart.about(part)}
    elif (text := _markdown_of(part)) is not None:
        data = {"text/markdown": text}
    else:
        data = {"text/html": _html_of(part)}
    return {"output_type": "display_data", "data": data, "metadata": metadata}


# --- other files ----------------------------------------------------------------------------------


def _csv(lesson: Lesson, frame: Any) -> bytes:
    # Excel on Japanese Windows reads UTF-8 only behind a byte order mark.
    return str(frame.to_csv(index=False, lineterminator="\r\n")).encode("utf-8-sig")


def _json(lesson: Lesson, content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, default=str).encode()


def _svg(lesson: Lesson, content: Any) -> bytes:
    from kit import chart

    return chart.svg(content).encode()


def _png(lesson: Lesson, content: Any) -> bytes:
    from kit import chart

    return chart.png(content)


WRITERS: Mapping[str, Callable[[Lesson, Any], bytes]] = {
    ".md": markdown,
    ".html": page,
    ".pdf": lambda lesson, content: pdf(lesson, content)[0],
    ".csv": _csv,
    ".json": _json,
    ".svg": _svg,
    ".png": _png,
}
