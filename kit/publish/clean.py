"""HTML from a notebook's outputs → HTML that shows the same and can run nothing.

Everything is rebuilt from an allow-list: an element, attribute or style that is not on it is left
out. The page's content security policy says no a second time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from markupsafe import Markup


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VOID = _set("br col hr img input wbr")
_HTML = _set("""a abbr article aside b blockquote br button caption cite code col colgroup dd del details dfn
    div dl dt em fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd
    label legend li mark meter ol output p pre progress q rp rt ruby s samp section small span
    strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr""")
_SVG = _set("""svg g path rect circle ellipse line polyline polygon text tspan defs clippath lineargradient
    radialgradient stop title desc marker pattern""")
_MATH = _set("""math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover
    mtable mtr mtd mstyle mpadded""")
_ALLOWED = _HTML | _SVG | _MATH
# What these hold is not text for readers: it goes with them.
_SILENT = _set("""animate animatetransform applet audio base canvas embed foreignobject frame frameset iframe
    image link meta noembed noframes noscript object plaintext script select set style template
    textarea use video xmp""")
_SILENT_VOID = _set("base embed frame link meta")

_EVERYWHERE = _set("class id lang dir title role style")
_PLAIN = _set("""alt alttext checked cite colspan datetime disabled display for headers height high low max
    min name open optimum reversed rowspan scope span start tabindex type value width
    clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family
    font-size font-style font-weight gradienttransform gradientunits letter-spacing marker-end
    marker-mid marker-start markerheight markerunits markerwidth offset opacity orient
    patterntransform patternunits points preserveaspectratio r refx refy rx ry stop-color
    stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width text-anchor textlength transform viewbox x x1 x2
    xmlns y y1 y2
    accent columnalign fence form lspace mathvariant rspace separator stretchy""")
# SVG spells these with capitals; html.parser does not keep them.
_CAMEL = {
    name.lower(): name
    for name in _set("""clipPath linearGradient radialGradient gradientTransform gradientUnits
    markerHeight markerUnits markerWidth patternTransform patternUnits preserveAspectRatio refX refY
    textLength viewBox""")
}
_ROLES = _set("""cell columnheader group img list listitem meter none note presentation progressbar row
    rowgroup rowheader status table""")
_INPUTS = frozenset(("radio", "checkbox"))
_POINTERS = _set(
    "for headers aria-labelledby aria-describedby aria-controls aria-details aria-owns"
)
_STYLE = re.compile(
    r"^(?:background(?:-color)?|border(?:-[a-z-]+)?|box-sizing|color|column-gap|display|fill|flex(?:-[a-z]+)?"
    r"|align-items|justify-content|font-(?:size|weight|style|family|variant-numeric)|gap"
    r"|grid-template-columns|height|letter-spacing|line-height|list-style(?:-type)?"
    r"|margin(?:-[a-z]+)?|max-width|min-width|opacity|overflow-x|padding(?:-[a-z]+)?|row-gap|stroke"
    r"|stroke-[a-z]+|text-align|text-anchor|text-decoration|vertical-align|white-space|width)$"
)
_STYLE_VALUE = re.compile(r"^[^\\;{}<>@]*$")
_LINK = re.compile(r"^(?:https?://|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"^data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$")
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)")

# An element of this class works only in a notebook: a page leaves it out.
DROP = "kit-live"


def clean(source: str, *, prefix: str = "", level: Callable[[int], int] | None = None) -> Markup:
    """Return `source` rebuilt from what a page may hold.

    Parameters
    ----------
    source : str
        HTML that a cell put out.
    prefix : str
        Put before every id and every reference to one, so that ids stay unique on a page.
    level : callable, optional
        Fits a heading's level into the page (see :meth:`kit.publish.prose.Outline.level`).

    Examples
    --------
    >>> print(clean('<p onclick="x()">人<script>x()</script><a href="javascript:x()">口</a>'))
    <p>人<a>口</a></p>
    >>> print(clean('<b id="n">1</b><i aria-labelledby="n">', prefix="c1-"))
    <b id="c1-n">1</b><i aria-labelledby="c1-n"></i>
    """
    # Most outputs have no heading: they are the same in each form, and read once.
    return _built(source, prefix, level) if "<h" in source.lower() else _once(source, prefix)


@lru_cache(maxsize=256)
def _once(source: str, prefix: str) -> Markup:
    return _built(source, prefix, None)


def _built(source: str, prefix: str, level: Callable[[int], int] | None) -> Markup:
    builder = _Builder(prefix, level)
    builder.feed(source)
    builder.close()
    return Markup(builder.result())


@dataclass
class _Table:
    """A table being read: where the box it scrolls in begins, and what is known for it so far."""

    at: int
    number: int
    caption: str = ""
    columns: int = 0
    rows: int = 0


class _Builder(HTMLParser):
    def __init__(self, prefix: str, level: Callable[[int], int] | None) -> None:
        super().__init__(convert_charrefs=True)
        self.prefix = prefix
        self.level = level
        self.out: list[str] = []
        # As it was called, as it is written, whether keys can reach it.
        self.open: list[tuple[str, str, bool]] = []
        self.tables: list[_Table] = []
        self.count = 0
        self.silent: list[str] = []

    def result(self) -> str:
        while self.open:
            self._close()
        return "".join(self.out)

    def _close(self) -> str:
        called, written, _ = self.open.pop()
        self.out.append(f"</{written}>")
        if called == "table":
            self._box(self.tables.pop())
        return called

    # -- events ------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Only foreign elements close themselves; "<div/>" opens a div, as in a browser.
        self._start(tag, attrs, closed=self._inside("svg", "math"))

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            while tag in self.silent and self.silent.pop() != tag:
                pass
            return
        if not any(called == tag for called, *_ in self.open):
            return
        while self._close() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(html.escape(data, quote=False))

    # -- elements ----------------------------------------------------------------------------

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, closed: bool) -> None:
        values = {name: value or "" for name, value in attrs}
        if self.silent or self._unwanted(tag, values):
            if not closed and tag not in _SILENT_VOID and tag not in _VOID:
                self.silent.append(tag)
            return
        if tag not in _ALLOWED or (tag in _SVG and tag != "svg" and not self._inside("svg")):
            return
        if tag == "input" and values.get("type") not in _INPUTS:
            return
        written = self._written(tag, values)
        self._note_table(tag, values)
        self.out.append(f"<{written}{self._attributes(tag, values)}{'/' if closed else ''}>")
        if not closed and tag not in _VOID:
            self.open.append((tag, written, "tabindex" in values))

    def _unwanted(self, tag: str, values: dict[str, str]) -> bool:
        live = DROP in values.get("class", "").split()
        return live or tag in _SILENT

    def _inside(self, *tags: str) -> bool:
        return any(called in tags for called, *_ in self.open)

    def _written(self, tag: str, values: dict[str, str]) -> str:
        if re.fullmatch("h[1-6]", tag):
            wanted = int(tag[1])
            return f"h{self.level(wanted) if self.level else wanted}"
        if tag == "th" and "scope" not in values:
            values["scope"] = "col" if self._inside("thead") else "row"
        return _CAMEL.get(tag, tag)

    def _note_table(self, tag: str, values: dict[str, str]) -> None:
        if tag == "table":
            self.count += 1
            self.out.append("")
            self.tables.append(_Table(len(self.out) - 1, self.count))
        if not self.tables:
            return
        table = self.tables[-1]
        if tag == "caption":
            values.setdefault("id", f"table-{table.number}")
            table.caption = self.prefix + values["id"]
        elif tag == "tr":
            table.rows += 1
        elif tag in ("td", "th") and table.rows <= 1:
            table.columns += 1

    def _box(self, table: _Table) -> None:
        """Put a table into a box it can scroll in, which keys can reach if it may have to."""
        label = f' role="group" aria-labelledby="{table.caption}"' if table.caption else ""
        reach = ' tabindex="0"' if table.columns > 3 else ""
        if any(reachable for *_, reachable in self.open):
            return  # it stands in such a box already
        self.out[table.at] = f'<div class="table"{label}{reach}>'
        self.out.append("</div>")

    def _attributes(self, tag: str, values: dict[str, str]) -> str:
        if tag == "img":
            values.setdefault("alt", "")
        kept = []
        for name, value in values.items():
            safe = self._attribute(tag, name, value)
            if safe is not None:
                kept.append(f' {_CAMEL.get(name, name)}="{html.escape(safe)}"')
        return "".join(kept)

    def _attribute(self, tag: str, name: str, value: str) -> str | None:
        """Return the value to write, or None to leave the attribute out."""
        if name == "href":
            if tag != "a" or not _LINK.match(value.strip()):
                return None
            return f"#{self.prefix}{value[1:]}" if value.startswith("#") else value.strip()
        if name == "src":
            return value if tag == "img" and _PICTURE.match(value) else None
        if name == "style":
            return _style(value) or None
        if name == "role":
            return value if value in _ROLES else None
        if name in ("id", "name"):
            return self.prefix + value if value else None
        if name in _POINTERS:
            return " ".join(self.prefix + one for one in value.split()) or None
        if name == "tabindex":
            return value if value in ("0", "-1") else None
        if name == "border" or (tag in ("table", "td", "th") and name == "width"):
            return None
        allowed = (
            name in _EVERYWHERE or name in _PLAIN or re.fullmatch(r"(aria|data)-[a-z-]+", name)
        )
        if not allowed:
            return None
        if "url(" in value.lower():
            local = _LOCAL_URL.sub(rf"url(#{self.prefix}\1)", value)
            return local if re.fullmatch(r"url\(#[\w.:-]+\)", local) else None
        return value


def _style(value: str) -> str:
    kept = []
    for declaration in value.split(";"):
        name, colon, setting = declaration.partition(":")
        name, setting = name.strip().lower(), setting.strip()
        unsafe = not colon or "url(" in setting.lower() or "expression" in setting.lower()
        if unsafe or not _STYLE.match(name) or not _STYLE_VALUE.match(setting):
            continue
        kept.append(f"{name}:{setting}")
    return ";".join(kept)
