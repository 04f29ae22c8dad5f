"""Just enough of an HTML reader for tests to ask a page simple questions."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise


class Markup(HTMLParser):
    """The elements of a page in order, and what a reader reads.

    >>> page = Markup('<p lang="ja">人<script>x</script></p>')
    >>> page.all("p"), page.text
    ([{'lang': 'ja'}], '人')
    """

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._silent = 0
        self.feed(source)
        self.close()

    @property
    def text(self) -> str:
        return "".join(self._words)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def headings(self) -> list[int]:
        return [
            int(tag[1]) for tag, _ in self.elements if tag in ("h1", "h2", "h3", "h4", "h5", "h6")
        ]

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def addresses(self) -> list[str]:
        """Everything a browser might fetch by itself."""
        fetched = ("src", "srcset", "poster", "data", "action", "formaction", "xlink:href")
        found = [a[name] for _, a in self.elements for name in fetched if name in a]
        return found + [a["href"] for a in self.all("link", "base", "use", "image") if "href" in a]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data)


def steps(levels: list[int]) -> list[tuple[int, int]]:
    """Return the places where a heading's level jumps by more than one."""
    return [(a, b) for a, b in pairwise(levels) if b > a + 1]
