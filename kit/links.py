"""Addresses that open a workshop: a notebook on a Binder or a JupyterHub, or pages on a web server."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import course, desk, places
from kit.errors import ParameterError
from kit.files import write_whole
from kit.language import NAMES, about, known, say, spaced, using
from kit.run import RECORD, disk_error, read_record
from kit.web import web_address

BADGE = "https://mybinder.org/badge_logo.svg"
MYBINDER = "https://mybinder.org"
KINDS = ("binder", "hub")
SITE = "site"

# What a Jupyter server calls its three views of one notebook, and a built folder its three forms.
VIEWS = {"url": "lab/tree", "phone": "notebooks", "app": "voila/render"}
_FORMS = {"url": "participant.ipynb", "phone": "slides.html", "app": "handout.html"}

Address = Callable[[str], str]


@dataclass(frozen=True)
class Link:
    """One workshop for one municipality in one language, and three addresses.

    On a Jupyter server (``kind`` is ``binder`` or ``hub``) ``url`` opens JupyterLab, ``phone``
    Jupyter Notebook, which has no side bars and so fits a phone, and ``app`` Voilà: the same
    notebook as a page without code. On a web server (``site``) they are the participant's
    notebook, the slides and the page; what a build has not made is empty. ``door`` is a short
    address to type, from where a person finds the way; ``folder`` is where the same materials lie
    in a built folder.
    """

    title: str
    municipality: str
    language: str
    url: str
    phone: str
    app: str
    kind: str = "binder"
    door: str = ""
    folder: str = ""

    @property
    def label(self) -> str:
        """What the link opens, in a few words."""
        return " · ".join((self.title, self.municipality, about(self.language).name))

    @property
    def views(self) -> list[tuple[str, str]]:
        """Name and address of each view; the first is the one for a QR code."""
        if self.kind == SITE:
            named = (
                (say("ページ"), self.app),
                (say("スライド"), self.phone),
                (say("ノートブック"), self.url),
            )
        else:
            named = (
                (say("アプリ（コードのない画面）"), self.app),
                (say("パソコンで開く"), self.url),
                (say("コードも見る"), self.phone),
            )
        return [(name, address) for name, address in named if address]

    @property
    def markdown(self) -> str:
        """A Markdown line: a badge (or the word JupyterLab), the app, the phone's notebook."""
        if self.kind == SITE:
            return f"- {self.label}  " + "  ".join(f"[{name}]({url})" for name, url in self.views)
        shown = f"![{self.label}]({BADGE})" if self.kind == "binder" else "JupyterLab"
        views = (
            f"[{shown}]({self.url})",
            f"[{say('アプリ（コードのない画面）')}]({self.app})",
            f"[{say('スマートフォン用')}]({self.phone})",
        )
        return f"- {self.label}  {'  '.join(views)}"


def links(
    repository: str = "",
    ref: str = "main",
    municipalities: Sequence[str] = (),
    languages: Sequence[str] = (),
    *,
    kind: str = "binder",
    hub: str = "",
    workshops: Sequence[str] = (),
) -> list[Link]:
    """Return a link for every workshop in each of these municipalities and languages.

    Parameters
    ----------
    repository : str
        For a Binder, this kit's public repository. For a JupyterHub, the repository of notebooks
        that nbgitpuller fetches (see :func:`kit.binder.furnish`); without one, the notebooks are
        expected in ``desk/`` of everyone's folder.
    ref : str
        Branch, tag or commit; for nbgitpuller a branch.
    municipalities : sequence of str
        As typed; by default the one of ``workshop.toml``.
    languages : sequence of str
        Those a workshop is not written in are left out; by default all that it is written in.
    kind : str
        ``binder`` or ``hub``.
    hub : str
        Address of the BinderHub (by default mybinder.org) or of the JupyterHub.
    workshops : sequence of str
        Ids; by default all.

    Raises
    ------
    ParameterError
        If an address cannot be one that opens, or the kind is unknown.
    CourseError
        If there is no such workshop.

    Examples
    --------
    >>> link = links("https://github.com/example/kit", "v1", ["新宿区"], ["en"])[0]
    >>> link.app  # doctest: +ELLIPSIS
    'https://mybinder.org/v2/gh/example/kit/v1?urlpath=voila%2Frender%2Fdesk%2F...'
    >>> links(kind="hub", hub="https://hub.example.jp")[0].url  # doctest: +ELLIPSIS
    'https://hub.example.jp/hub/user-redirect/lab/tree/desk/...'
    """
    address, folder = _door(kind, repository, ref, hub)
    made = []
    for workshop in [course.workshop(id) for id in workshops] or course.workshops():
        default = next(p.default for p in workshop.spec.parameter if p.type == "municipality")
        towns = [places.find(town) for town in municipalities or [str(default)]]
        for town in towns:
            for language in workshop.spec.languages:
                if languages and language not in languages:
                    continue
                run = f"{workshop.id}/{town.slug}/{language}"
                path = f"{folder}{desk.DESK}/{run}/{workshop.id}.ipynb"
                views = {
                    name: address(f"{view}/{urllib.parse.quote(path)}")
                    for name, view in VIEWS.items()
                }
                with using(language):
                    where = town.name
                title = workshop.localised(language).title
                made.append(Link(title, where, language, **views, kind=kind, folder=run))
    return made


def site_links(
    site: str,
    build: Path,
    municipalities: Sequence[str] = (),
    languages: Sequence[str] = (),
    *,
    workshops: Sequence[str] = (),
) -> list[Link]:
    """Return a link for every run in a built folder that a web server shows.

    Parameters
    ----------
    site : str
        Address of the folder on the server: ``https://intra.example.jp/ebpm/``.
    build : pathlib.Path
        The folder as it lies here, ``build/half-day``, or the one that holds it.
    municipalities, languages, workshops : sequence of str
        Only these; by default all that was made.

    Raises
    ------
    ParameterError
        If the address cannot be one that opens, the folder holds no materials, or nothing in it is
        what was asked for.
    """
    start = web_address(site, where="--site")
    towns = {places.find(town).code for town in municipalities}
    wanted = {known(language) for language in languages}
    ids = {course.workshop(id).id for id in workshops}
    made, seen = [], False
    for folder, record in _records(build):
        seen = True
        run, town = record["run"], record.get("municipality")
        if (
            (ids and run["workshop"] not in ids)
            or (wanted and run["language"] not in wanted)
            or (towns and (not town or town["code"] not in towns))
        ):
            continue
        link = _site_link(start, folder, record)
        if link.app:
            made.append(link)
    if made:
        return made
    if seen:
        raise ParameterError(
            say("この条件に合うページが、フォルダーにありません。"),
            where=str(build),
            hint=say("-w、-m、-l を見直すか、page の形も入れて kit build で作ってください。"),
        )
    raise ParameterError(
        say("できあがった教材が、このフォルダーにありません。"),
        where=f"--build {build}",
        hint=say("kit build で作ったフォルダー（build/half-day など）を指定してください。"),
    )


def _records(build: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the folder of each run below `build`, as its address will have it, and its record."""
    spoken = {language: at for at, language in enumerate(NAMES)}
    found = {
        path.parent for depth in ("*/*/*", "*/*/*/*") for path in build.glob(f"{depth}/{RECORD}")
    }
    for folder in sorted(found, key=lambda f: (f.parent, spoken.get(f.name, len(spoken)))):
        record = read_record(folder)
        if record is not None and {"run", "files", "title"} <= record.keys():
            yield folder.relative_to(build).as_posix(), record


def _site_link(start: str, folder: str, record: Mapping[str, Any]) -> Link:
    run, language = record["run"], record["run"]["language"]
    town = record.get("municipality") or {}
    differs = run["variant"].partition("--")[2]
    place = town.get("en" if spaced(language) else "ja", "")
    made = {
        name: f"{start}/{urllib.parse.quote(f'{folder}/{file}')}" if file in record["files"] else ""
        for name, file in _FORMS.items()
    }
    where = (
        f"{place}（{differs}）"
        if differs and not spaced(language)
        else f"{place} {differs}".strip()
    )
    return Link(
        record["title"], where, language, **made, kind=SITE, door=f"{start}/", folder=folder
    )


def _door(kind: str, repository: str, ref: str, hub: str) -> tuple[Address, str]:
    """Return how a path on the server becomes an address, and the folder the desk lies in there."""
    if kind == "binder":
        start = f"{web_address(hub or MYBINDER)}/v2/{_source(repository)}/{_escaped(ref)}"
        # BinderHub decodes urlpath once and puts it after the server's own address.
        return lambda path: f"{start}?urlpath={_escaped(path)}", ""
    if kind == "hub":
        start = f"{web_address(hub)}/hub/user-redirect"
        if not repository:
            return lambda path: f"{start}/{path}", ""
        name = _split(repository)[1][-1].removesuffix(".git")
        # targetPath: without it nbgitpuller would clone "notes.git" into a folder of that name.
        fetched = {"repo": repository.rstrip("/"), "branch": ref, "targetPath": name}
        query = urllib.parse.urlencode(fetched, quote_via=urllib.parse.quote, safe="")
        return lambda path: f"{start}/git-pull?{query}&urlpath={_escaped(path)}", f"{name}/"
    raise ParameterError(
        say("リンクの種類は binder か hub です: {kind}", kind=kind), where="--kind"
    )


def _escaped(text: str) -> str:
    """Return `text` as one value of a query: what was escaped before is escaped again."""
    return urllib.parse.quote(text, safe="")


def _split(repository: str) -> tuple[urllib.parse.SplitResult, list[str]]:
    """Return the parts of a repository's address, and the names on its path."""
    parts = urllib.parse.urlsplit(repository.rstrip("/"))
    names = parts.path.strip("/").split("/")
    if parts.scheme == "https" and parts.netloc and all(names) and len(names) >= 2:
        return parts, names
    raise ParameterError(
        say("リポジトリの URL として読めません: {url}", url=repository),
        hint="https://github.com/ORG/REPO",
    )


def _source(repository: str) -> str:
    """Return the provider part of a Binder address: ``gh/ORG/REPO``."""
    parts, names = _split(repository.rstrip("/").removesuffix(".git"))
    if parts.netloc == "github.com" and len(names) == 2:
        return f"gh/{_escaped(names[0])}/{_escaped(names[1])}"
    if parts.netloc == "gitlab.com":
        return f"gl/{_escaped('/'.join(names))}"
    return f"git/{_escaped(urllib.parse.urlunsplit(parts))}"


def write_sheet(made: Sequence[Link], path: Path) -> None:
    """Write an A4 sheet of QR codes, one a link, to print and pin up.

    Parameters
    ----------
    made : sequence of Link
        At least one; the sheet speaks the language of the first.
    path : pathlib.Path
        The PDF; its folder is made.

    Raises
    ------
    RunError
        If `path` cannot be written.
    ParameterError
        If there is no link, or an address is too long for a code.
    """
    from kit.publish import codes

    _write(path, codes.overview(_some(made)))


def write_cards(made: Sequence[Link], path: Path, groups: str | int = 6) -> None:
    """Write a card for the table of each group, four to an A4 page, for each link.

    Parameters
    ----------
    made : sequence of Link
        At least one; each card speaks its link's language.
    path : pathlib.Path
        The PDF; its folder is made.
    groups : str or int
        How many groups there are.

    Raises
    ------
    RunError
        If `path` cannot be written.
    ParameterError
        If there is no link, an address is too long for a code, or `groups` is no number of groups.
    """
    from kit.publish import codes

    _write(path, codes.cards(_some(made), codes.groups_of(groups)))


def write_posters(made: Sequence[Link], path: Path) -> None:
    """Write one large QR code a page, for the wall or the first slide, for each link.

    Parameters
    ----------
    made : sequence of Link
        At least one; each page speaks its link's language.
    path : pathlib.Path
        The PDF; its folder is made.

    Raises
    ------
    RunError
        If `path` cannot be written.
    ParameterError
        If there is no link, or an address is too long for a code.
    """
    from kit.publish import codes

    _write(path, codes.posters(_some(made)))


def _some(made: Sequence[Link]) -> Sequence[Link]:
    if made:
        return made
    raise ParameterError(
        say("この言語のワークショップがないので、リンクがありません。"), where="--lang"
    )


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise disk_error(error) from None
