"""What an author and a translator do: begin a workshop, check it, keep its catalogue in step."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from kit import catalogue, course, data, rules
from kit.errors import CourseError, KitError
from kit.house import home
from kit.language import NAMES, SOURCE, known, read_catalogue, say

_ID = re.compile(r"^[a-z][a-z0-9-]{1,39}$")


def new(id: str) -> str:
    """Make ``workshops/<id>/`` from ``templates/workshop/`` and return its path.

    Raises
    ------
    CourseError
        If the id will not do or is taken.
    """
    if not _ID.match(id):
        raise CourseError(
            say("ID「{id}」は使えません。", id=id),
            hint=say("英小文字、数字、ハイフンで書いてください。例: open-data"),
        )
    folder = home() / "workshops" / id
    if folder.exists():
        raise CourseError(say("ワークショップ「{id}」はもうあります。", id=id), where=str(folder))
    partial = folder.with_name(f".{id}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(home() / "templates" / "workshop", partial)
    for path in partial.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("new-workshop", id), "utf-8")
    partial.rename(folder)
    return folder.relative_to(home()).as_posix()


def check(ids: Sequence[str] = ()) -> list[KitError]:
    """Return every house rule broken by these workshops; without ids, by all, and by the data."""
    problems: list[KitError] = []
    for id in ids or course.workshop_ids():
        try:
            problems.extend(rules.broken(course.workshop(id)))
        except KitError as error:
            problems.append(error)
    if not ids:
        for name in data.names():
            problems.extend(data.validate(name))
    return problems


def translate(id: str, language: str) -> catalogue.Progress:
    """Bring the catalogue of `id` in step with its Japanese; ``kit`` means the kit's own messages.

    Raises
    ------
    KitError
        If there is no such workshop or language, or the catalogue cannot be read.
    """
    if known(language) == SOURCE:
        raise CourseError(
            say("{language} は元の言語です。", language=NAMES[SOURCE]), hint="--lang en"
        )
    if id == "kit":
        wanted = catalogue.own_messages()
        path = home() / "kit" / "locale" / f"{language}.po"
        catalogue.update(path, language, wanted, project="kit")
        return catalogue.compare(read_catalogue(path, language), wanted)
    workshop = course.workshop(id)
    wanted = catalogue.messages(workshop)
    path = workshop.folder / f"{language}.po"
    catalogue.update(path, language, wanted, project=id)
    return catalogue.compare(read_catalogue(path, language), wanted)
