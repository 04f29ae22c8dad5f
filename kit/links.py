"""Addresses that open a participant's notebook: on a Binder or on a JupyterHub, in three views."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import course, desk, places
from kit.errors import ParameterError
from kit.files import write_whole
from kit.language import NAMES, say, using
from kit.run import disk_error

BADGE = "https://mybinder.org/badge_logo.svg"
MYBINDER = "https://mybinder.org"
KINDS = ("binder", "hub")

# What a Jupyter server calls its three views of one notebook.
VIEWS = {"url": "lab/tree", "phone": "notebooks", "app": "voila/render"}

Address = Callable[[str], str]


@dataclass(frozen=True)
class Link:
    """One notebook, its workshop, municipality and language, and three addresses.

    ``url`` opens JupyterLab; ``phone`` opens Jupyter Notebook, which has no side bars and so fits a
    phone; ``app`` opens Voilà: the same notebook as a page without code. ``kind`` is ``binder`` or
    ``hub``.
    """

    title: str
    municipality: str
    language: str
    url: str
    phone: str
    app: str
    kind: str = "binder"

    @property
    def label(self) -> str:
        """What the link opens, in a few words."""
        return " · ".join((self.title, self.municipality, NAMES[self.language]))

    @property
    def markdown(self) -> str:
        """A Markdown line: a badge (or the word JupyterLab), the app, the phone's notebook."""
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
    languages: Sequence[str] = ("ja", "en"),
    *,
    kind: str = "binder",
    hub: str = "",
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
        Those a workshop is not written in are left out.
    kind : str
        ``binder`` or ``hub``.
    hub : str
        Address of the BinderHub (by default mybinder.org) or of the JupyterHub.

    Raises
    ------
    ParameterError
        If an address cannot be one that opens, or the kind is unknown.

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
    for workshop in course.workshops():
        default = next(p.default for p in workshop.spec.parameter if p.type == "municipality")
        towns = [places.find(town) for town in municipalities or [str(default)]]
        for town in towns:
            for language in languages:
                if language not in workshop.spec.languages:
                    continue
                path = (
                    f"{folder}{desk.DESK}/{workshop.id}/{town.slug}/{language}/{workshop.id}.ipynb"
                )
                views = {
                    name: address(f"{view}/{urllib.parse.quote(path)}")
                    for name, view in VIEWS.items()
                }
                with using(language):
                    where = town.name
                title = workshop.localised(language).title
                made.append(Link(title, where, language, **views, kind=kind))
    return made


def _door(kind: str, repository: str, ref: str, hub: str) -> tuple[Address, str]:
    """Return how a path on the server becomes an address, and the folder the desk lies in there."""
    if kind == "binder":
        start = f"{_hub(hub or MYBINDER)}/v2/{_source(repository)}/{_escaped(ref)}"
        # BinderHub decodes urlpath once and puts it after the server's own address.
        return lambda path: f"{start}?urlpath={_escaped(path)}", ""
    if kind == "hub":
        start = f"{_hub(hub)}/hub/user-redirect"
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


def _hub(address: str) -> str:
    """Return the address of a hub without a slash at its end."""
    parts = urllib.parse.urlsplit(address.strip())
    if parts.scheme in ("http", "https") and parts.netloc and not (parts.query or parts.fragment):
        return address.strip().rstrip("/")
    raise ParameterError(
        say("ハブのアドレスとして読めません: {url}", url=address),
        where="--hub",
        hint="https://hub.example.jp",
    )


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
        return f"gh/{names[0]}/{names[1]}"
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
        If there is no link.
    """
    from kit.publish import pdf

    if not made:
        raise ParameterError(
            say("この言語のワークショップがないので、リンクがありません。"), where="--lang"
        )
    with using(made[0].language):
        sheet = pdf.links(made)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sheet)
    except OSError as error:
        raise disk_error(error) from None
