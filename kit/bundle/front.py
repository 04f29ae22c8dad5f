"""The outside of a bundle: what is double-clicked, and what is read first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kit.bundle.carried import Carried
from kit.bundle.contents import Build
from kit.bundle.targets import Target
from kit.bundle.wheels import Wheel
from kit.house import home
from kit.publish import look

READMES = ("README-ja.txt", "README-easy.txt", "README-en.txt")


def write(
    folder: Path,
    builds: Mapping[str, Build],
    parts: Mapping[Target, Sequence[Wheel]],
    brought: Carried | None,
) -> None:
    """Write the scripts, the README texts and the first page into `folder`.

    Raises
    ------
    OSError
        If one cannot be written.
    """
    templates = home() / "templates" / "bundle"
    # cmd.exe loses its place in a file whose lines end as Unix ends them.
    (folder / "start.bat").write_bytes(_crlf((templates / "start.bat").read_text("ascii")).encode())
    script = folder / "start.sh"
    script.write_bytes((templates / "start.sh").read_bytes())
    script.chmod(0o755)
    values = {"systems": systems(list(parts), brought), "megabytes": megabytes(parts)}
    for name in READMES:
        text = look.render(f"bundle/{name}", **values)
        # Notepad knows UTF-8 by its mark.
        (folder / name).write_bytes(_crlf(text + "\n").encode("utf-8-sig"))
    page = look.render(
        "bundle/index.html.j2",
        css=look.css("base/base.css", "bundle/index.css"),
        policy=look.policy(),
        programmes=[(name, build.titles) for name, build in builds.items()],
        **values,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def systems(targets: Sequence[Target], brought: Carried | None) -> str:
    """Return the targets in one line.

    Examples
    --------
    >>> systems([Target("windows", "3.11"), Target("windows", "3.12")], None)
    'Windows (Python 3.11, 3.12)'
    """
    versions: dict[str, list[str]] = {}
    for target in targets:
        versions.setdefault(target.label.partition(",")[0], []).append(target.version)
    listed = [f"{system} (Python {', '.join(known)})" for system, known in versions.items()]
    if brought:
        listed.append(f"Windows + Python {brought.version} (python/)")
    return " / ".join(listed)


def megabytes(parts: Mapping[Target, Sequence[Wheel]]) -> int:
    """Return what setting up takes on the machine that takes most, in round figures."""
    most = max(sum(wheel.bytes for wheel in held) for held in parts.values())
    return -(-most // (50 << 20)) * 50


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
