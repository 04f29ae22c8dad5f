"""One page to find and open everything a build has made."""

from __future__ import annotations

import contextlib
import posixpath
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import places
from kit.errors import KitError
from kit.files import write_whole
from kit.language import NAMES, PSEUDO, about, say, using
from kit.publish import look, ruby
from kit.publish.datapages import Link
from kit.publish.index_entries import Entry, entries
from kit.publish.index_finder import Bilingual, File, data_for, files_of, in_each, once
from kit.run import Result

__all__ = ["Entry", "page", "write"]

_STYLES = ("base/base.css", "index/index.css")
_SCRIPT = "index/finder.js"
PAGE = "index.html"
# Above this many links the plain lists would weigh more than all the rest of the page.
_LINKS = 3000


def write(
    folder: Path,
    programme: str,
    results: Iterable[Result],
    language: str,
    data: Sequence[Link] = (),
    days: Sequence[Path] = (),
) -> str:
    """Return the index of a programme's folder: this build's runs, then what lies there besides.

    Of a large build, the plain list of each workshop's files (for who reads without scripts) is
    written beside them, as ``<workshop>/index.html``.

    Parameters
    ----------
    folder : pathlib.Path
        ``build/<programme>``.
    programme : str
        Its title.
    results : iterable of Result
        How the runs of this build ended.
    language : str
        Language of the index itself.
    data : sequence of Link
        The pages of the datasets.
    days : sequence of pathlib.Path
        The run sheets of whole days.

    Raises
    ------
    OSError
        If a list cannot be written.
    """
    with using(language):
        found = entries(folder, results)
    apart = _weigh_much(found)
    for id in dict.fromkeys(entry.workshop for entry in found):
        path = folder / id / PAGE
        if not apart:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, list_page(programme, found, id, language))
    return page(programme, found, language, data, [_day_sheet(folder, path) for path in days])


def _day_sheet(folder: Path, path: Path) -> tuple[str, str, str]:
    """Return language, place and relative path of ``<place>-<language>.pdf``."""
    tongue = max((t for t in (*NAMES, PSEUDO) if path.stem.endswith(f"-{t}")), key=len)
    code = path.stem.removesuffix(f"-{tongue}")
    # A programme without a municipality has another word there.
    with using(tongue), contextlib.suppress(KitError):
        code = places.find(code.partition("-")[0]).name
    return tongue, code, path.relative_to(folder).as_posix()


def page(
    programme: str,
    entries: Sequence[Entry],
    language: str,
    data: Sequence[Link] = (),
    days: Sequence[tuple[str, str, str]] = (),
) -> str:
    """Return the index as one HTML file.

    Parameters
    ----------
    programme : str
        Title of the programme.
    entries : sequence of Entry
        In the order to be listed.
    language : str
        Language of the page; its headings are repeated in the materials' other languages.
    data : sequence of Link
        The pages of the datasets, those read by the workshops listed first.
    days : sequence of (str, str, str)
        Language, place and path of the run sheet of a whole day.
    """
    spoken = _spoken(entries, language)
    with using(language):
        script = look.script(_SCRIPT)
        failed = [entry for entry in entries if entry.failed]
        html = look.render(
            "index/index.html.j2",
            **_common(entries, language, spoken),
            policy=look.policy(script),
            script=script,
            finder=data_for(entries, spoken),
            programme=programme,
            total=len(entries),
            good=len(entries) - len(failed),
            failed=failed,
            shelves=_shelves(entries, language),
            apart=_weigh_much(entries),
            days=days,
            data=_read_first(data, {entry.workshop for entry in entries}),
        )
        return ruby.over_parts(html)


def list_page(programme: str, entries: Sequence[Entry], workshop: str, language: str) -> str:
    """Return the plain list of one workshop's files as one HTML file.

    Parameters
    ----------
    programme : str
        Title of the programme.
    entries : sequence of Entry
        Those of other workshops are left out.
    workshop : str
        Id of the workshop, in whose folder the page will lie.
    language : str
        Language of the page.
    """
    own = [entry for entry in entries if entry.workshop == workshop]
    with using(language):
        html = look.render(
            "index/list.html.j2",
            **_common(own, language, _spoken(own, language)),
            policy=look.policy(),
            programme=programme,
            shelf=_shelves(own, language)[0],
            here=workshop,
        )
        return ruby.over_parts(html)


def _common(entries: Sequence[Entry], language: str, spoken: Sequence[str]) -> Mapping[str, object]:
    return {
        "language": language,
        "css": look.css(*_STYLES),
        "names": {tag: about(tag).name for tag in (*NAMES, PSEUDO)},
        "groups": _groups(files_of(entries, spoken)),
        "words": _words(spoken),
        "quote": _quote,
        "size": size_text,
        "day": _day_in,
    }


def _spoken(entries: Sequence[Entry], language: str) -> list[str]:
    return list(dict.fromkeys([language, *(entry.language for entry in entries)]))


def _weigh_much(entries: Sequence[Entry]) -> bool:
    return sum(len(entry.files) + len(entry.artefacts) for entry in entries) > _LINKS


def _quote(path: str, start: str = "") -> str:
    """Return a path as a link from a page in the folder `start`, percent-encoded.

    Examples
    --------
    >>> _quote("rct-letters/メモ 1.csv")
    'rct-letters/%E3%83%A1%E3%83%A2%201.csv'
    >>> _quote("rct-letters/x/ja/slides.html", "rct-letters")
    'x/ja/slides.html'
    """
    quoted = urllib.parse.quote(posixpath.relpath(path, start) if start else path)
    # "./" keeps a name with a colon from being read as a scheme.
    return f"./{quoted}" if ":" in path.split("/")[0] else quoted


def size_text(count: int) -> str:
    """Return a number of bytes as people read it.

    Examples
    --------
    >>> size_text(12), size_text(189026), size_text(1085869)
    ('1 KB', '190 KB', '1.1 MB')
    """
    kilo = -(-count // 1000)
    return f"{kilo} KB" if kilo < 1000 else f"{count / 1e6:.1f} MB"


def _day_in(iso: str, language: str) -> str:
    with using(language):
        return look.day(iso)


def _read_first(data: Sequence[Link], listed: set[str]) -> list[tuple[Link, bool]]:
    """Return the datasets, those the workshops `listed` read in front and marked."""
    marked = [(link, bool(listed.intersection(link.workshops))) for link in data]
    return sorted(marked, key=lambda pair: not pair[1])


@dataclass(frozen=True)
class _Shelf:
    """One workshop: what its runs have in common, and for each place its entries."""

    id: str
    titles: Bilingual
    principles: Sequence[tuple[int, str]]
    citations: Bilingual
    days: Sequence[str]
    count: int
    simulated: bool
    places: list[tuple[Bilingual, list[Entry]]]


def _shelves(entries: Sequence[Entry], language: str) -> list[_Shelf]:
    """Return the workshops in the order of their first entries."""
    from kit.course import principle

    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.workshop, []).append(entry)
    return [
        _Shelf(
            id,
            once((entry.language, entry.title) for entry in run),
            [(number, principle(number).title) for number in run[0].principles],
            _cited(run, language),
            sorted({entry.built for entry in run if entry.built}),
            len(run),
            run[0].simulated,
            _by_place(run),
        )
        for id, run in found.items()
    ]


def _cited(entries: Sequence[Entry], language: str) -> Bilingual:
    """Return the sources in the page's language where there is a run in it, else as they are."""
    own = [entry for entry in entries if entry.language == language and entry.citations]
    return once((entry.language, line) for entry in own or entries for line in entry.citations)


def _by_place(entries: Sequence[Entry]) -> list[tuple[Bilingual, list[Entry]]]:
    spots: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.variant):
        spots.setdefault(entry.variant, []).append(entry)
    return [
        (once((entry.language, entry.place) for entry in here), here) for here in spots.values()
    ]


def _groups(files: Sequence[File]) -> list[tuple[str, list[File]]]:
    """Return the files by whom they are for: ``participant``, ``facilitator``, ``other``."""
    found: dict[str, list[File]] = {}
    for file in files:
        found.setdefault(file.whose, []).append(file)
    order = ("participant", "facilitator", "other", "artefacts")
    return [(whose, found[whose]) for whose in order if whose in found]


def _words(spoken: Sequence[str]) -> dict[str, Bilingual]:
    sentences: dict[str, Callable[[], str]] = {
        "skip": lambda: say("教材の一覧へ進む"),
        "index": lambda: say("教材の一覧"),
        "total": lambda: say("教材"),
        "good": lambda: say("できた"),
        "bad": lambda: say("できなかった"),
        "problems": lambda: say("できなかった教材"),
        "cell": lambda: say("止まったセル"),
        "repeat": lambda: say("もう一度作る命令"),
        "earlier": lambda: say("前に作ったもの"),
        "find": lambda: say("教材をさがす"),
        "typed": lambda: say("区市町村、題名、言語、形などの言葉（いくつでも）"),
        "workshop": lambda: say("ワークショップ"),
        "municipality": lambda: say("区市町村"),
        "language": lambda: say("言語"),
        "principle": lambda: say("10か条"),
        "form": lambda: say("形"),
        "all": lambda: say("すべて"),
        "reset": lambda: say("条件を消す"),
        "share": lambda: say("この画面のアドレスを送ると、同じ条件で開けます。"),
        "workshops": lambda: say("ワークショップごとの一覧"),
        "made": lambda: say("作成日"),
        "sources": lambda: say("数字の出典とライセンス"),
        "simulated": lambda: say("結果の数字は模擬データです。実在の町の結果ではありません。"),
        "files": lambda: say("すべてのファイル"),
        "back": lambda: say("教材をさがすページへもどる"),
        "days": lambda: say("一日の進行表（進行役用）"),
        "data": lambda: say("データの説明"),
        "read": lambda: say("この教材で使用"),
        "licence": lambda: say(
            "教材の文章は CC BY 4.0、コードは MIT、文字の形（BIZ UDゴシック）は SIL Open Font License 1.1 で使えます。"
            "データのライセンスは、それぞれの説明に書いてあります。"
        ),
        "participant": lambda: say("参加者用"),
        "facilitator": lambda: say("進行役用"),
        "other": lambda: say("そのほか"),
        "artefacts": lambda: say("持ち帰るもの（見本）"),
    }
    return {key: in_each(spoken, make) for key, make in sentences.items()}
