"""A link that opens the right notebook with nothing installed, and what stands behind it."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import course, desk, places, request
from kit.errors import KitError, ParameterError
from kit.files import write_whole
from kit.house import home
from kit.language import NAMES, say, using
from kit.run import disk_error

BADGE = "https://mybinder.org/badge_logo.svg"


@dataclass(frozen=True)
class Link:
    """A link to one notebook: its workshop, municipality and language, and two addresses.

    ``url`` opens JupyterLab; ``phone`` opens the same notebook in Jupyter Notebook, which has no
    side bars and so fits a phone.
    """

    title: str
    municipality: str
    language: str
    url: str
    phone: str

    @property
    def label(self) -> str:
        """What the link opens, in a few words."""
        return " · ".join((self.title, self.municipality, NAMES[self.language]))

    @property
    def markdown(self) -> str:
        """A Markdown line with a badge."""
        badge = f"[![{self.label}]({BADGE})]({self.url})"
        return f"- {self.label}  {badge}  [{say('スマートフォン用')}]({self.phone})"


def links(
    repository: str,
    ref: str = "main",
    municipalities: Sequence[str] = (),
    languages: Sequence[str] = ("ja", "en"),
    *,
    hub: str = "https://mybinder.org",
) -> list[Link]:
    """Return a link for every workshop in each of these municipalities and languages.

    Parameters
    ----------
    repository : str
        Address of the public repository, ``https://github.com/ORG/REPO``.
    ref : str
        Branch, tag or commit.
    municipalities : sequence of str
        As typed; by default the one of ``workshop.toml``.
    languages : sequence of str
        Those a workshop is not written in are left out.
    hub : str
        A BinderHub; a government may run its own.

    Raises
    ------
    ParameterError
        If the repository's address cannot be one Binder opens.

    Examples
    --------
    >>> link = links("https://github.com/example/kit", "v1", ["新宿区"], ["en"])[0]
    >>> link.url  # doctest: +ELLIPSIS
    'https://mybinder.org/v2/gh/example/kit/v1?urlpath=lab%2Ftree%2Fdesk%2F...'
    """
    source = _source(repository)
    made = []
    for workshop in course.workshops():
        default = next(p.default for p in workshop.spec.parameter if p.type == "municipality")
        towns = [places.find(town) for town in municipalities or [str(default)]]
        for town in towns:
            for language in languages:
                if language not in workshop.spec.languages:
                    continue
                path = f"{desk.DESK}/{workshop.id}/{town.slug}/{language}/{workshop.id}.ipynb"
                start = f"{hub.rstrip('/')}/v2/{source}/{urllib.parse.quote(ref, safe='')}"
                with using(language):
                    name = town.name
                made.append(
                    Link(
                        workshop.localised(language).title,
                        name,
                        language,
                        url=f"{start}?urlpath={urllib.parse.quote(f'lab/tree/{path}', safe='')}",
                        phone=f"{start}?urlpath={urllib.parse.quote(f'notebooks/{path}', safe='')}",
                    )
                )
    return made


def _source(repository: str) -> str:
    """Return the provider part of a Binder address: ``gh/ORG/REPO``."""
    parts = urllib.parse.urlsplit(repository.removesuffix("/").removesuffix(".git"))
    names = parts.path.strip("/").split("/")
    if parts.scheme == "https" and parts.netloc and all(names) and len(names) >= 2:
        if parts.netloc == "github.com" and len(names) == 2:
            return f"gh/{names[0]}/{names[1]}"
        if parts.netloc == "gitlab.com":
            return "gl/" + urllib.parse.quote("/".join(names), safe="")
        return "git/" + urllib.parse.quote(urllib.parse.urlunsplit(parts), safe="")
    raise ParameterError(
        say("リポジトリの URL として読めません: {url}", url=repository),
        hint="https://github.com/ORG/REPO",
    )


def write_sheet(made: Sequence[Link], path: Path) -> None:
    """Write an A4 sheet of QR codes, one a link, to print and pin up.

    Raises
    ------
    RunError
        If `path` cannot be written.
    """
    from kit.publish import pdf

    with using(made[0].language):
        sheet = pdf.links(made)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sheet)
    except OSError as error:
        raise disk_error(error) from None


def furnish(
    output: Path, towns: Sequence[places.Municipality] | None = None
) -> tuple[int, list[KitError]]:
    """Lay every workshop's notebook, in every language, below ``output/desk/``.

    Parameters
    ----------
    output : pathlib.Path
        The folder that JupyterLab will open.
    towns : sequence of Municipality, optional
        For whom; by default for all 62.

    Returns
    -------
    tuple of (int, list of KitError)
        Notebooks laid, and the municipalities a workshop cannot be held for.
    """
    laid, left_out = 0, []
    for workshop in course.workshops():
        for town in towns or places.all_():
            try:
                planned = request.plan(
                    workshops=[workshop.id],
                    municipalities=[town.code],
                    languages=workshop.spec.languages,
                    fit=True,
                )
            except KitError as error:
                left_out.append(error)
                continue
            for run in planned.runs:
                desk.lay(run, output / desk.DESK)
                laid += 1
    return laid, left_out


if __name__ == "__main__":
    count, problems = furnish(home())
    for problem in problems:
        print(problem)
    print(say("{n} 冊のノートブックを置きました。", n=count))
