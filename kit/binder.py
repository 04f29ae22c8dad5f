"""Everyone's notebooks laid ready: in a Binder image, on a JupyterHub, or for a repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit import course, desk, places, request
from kit.errors import KitError
from kit.house import home
from kit.language import say


def furnish(
    output: Path,
    towns: Sequence[places.Municipality] | None = None,
    languages: Sequence[str] = (),
) -> tuple[int, list[KitError]]:
    """Lay every workshop's participant notebook below ``output/desk/``.

    Parameters
    ----------
    output : pathlib.Path
        The folder that JupyterLab will open, or that will be pushed to a repository. A notebook
        that is already there stays as it is.
    towns : sequence of Municipality, optional
        For whom; by default for all 62.
    languages : sequence of str, optional
        By default every language a workshop is written in.

    Returns
    -------
    tuple of (int, list of KitError)
        Notebooks laid, and the municipalities a workshop cannot be held for.
    """
    laid, left_out = 0, []
    for workshop in course.workshops():
        spoken = [one for one in workshop.spec.languages if not languages or one in languages]
        if not spoken:
            continue
        for town in towns or places.all_():
            try:
                planned = request.plan(
                    workshops=[workshop.id],
                    municipalities=[town.code],
                    languages=spoken,
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
