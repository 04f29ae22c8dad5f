"""The machines a bundle is for: which wheels they take, and how they answer a marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from packaging.tags import Tag, compatible_tags, cpython_tags

from kit.errors import ParameterError
from kit.language import say

VERSIONS = ("3.11", "3.12", "3.13")
# The first is what pip is asked for by; machines of the last ten years take all of them.
_LINUX = [
    *(f"manylinux_2_{minor}_x86_64" for minor in range(28, 16, -1)),
    "manylinux2014_x86_64",
    *(f"manylinux_2_{minor}_x86_64" for minor in range(16, 4, -1)),
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
    "linux_x86_64",
]
_WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
}
_POSIX = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
}
PLATFORMS = ("windows", "linux")


@dataclass(frozen=True)
class Target:
    """A machine the bundle is to work on: ``windows`` or ``linux`` (x86-64), and its Python.

    Examples
    --------
    >>> Target("windows", "3.11").platform
    'win-amd64'
    >>> Target("linux", "3.12").markers["sys_platform"]
    'linux'
    """

    system: str
    version: str

    @property
    def platform(self) -> str:
        """The platform as ``sysconfig`` names it."""
        return "win-amd64" if self.system == "windows" else "linux-x86_64"

    @property
    def label(self) -> str:
        """The target for people to read."""
        return f"{'Windows' if self.system == 'windows' else 'Linux'}, Python {self.version}"

    @property
    def tags(self) -> list[str]:
        """The platform tags of wheels that install there, the best first."""
        return ["win_amd64"] if self.system == "windows" else _LINUX

    @property
    def markers(self) -> dict[str, str]:
        """What environment markers are compared with there.

        The first release of the version: what is chosen for it runs on all later ones too.
        """
        return {
            **(_WINDOWS if self.system == "windows" else _POSIX),
            "implementation_name": "cpython",
            "implementation_version": f"{self.version}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
            "python_full_version": f"{self.version}.0",
            "python_version": self.version,
            "extra": "",
        }


def targets(systems: Sequence[str], versions: Sequence[str]) -> list[Target]:
    """Return the targets that were asked for.

    Raises
    ------
    ParameterError
        If there is no such system, or the kit does not run on such a Python.

    Examples
    --------
    >>> [target.label for target in targets(["windows"], ["3.11"])]
    ['Windows, Python 3.11']
    """
    for key, asked, known in (
        ("--platform", systems, PLATFORMS),
        ("--python-version", versions, VERSIONS),
    ):
        for value in asked:
            if value not in known:
                raise ParameterError(
                    say("「{value}」はありません。", value=value),
                    where=key,
                    hint=say("使えるもの: {names}", names=", ".join(known)),
                )
    return [
        Target(system, version)
        for system in dict.fromkeys(systems)
        for version in dict.fromkeys(versions)
    ]


@cache
def order(target: Target) -> dict[Tag, int]:
    """Return the tags of wheels that install on a target, each with its place: 0 is the best."""
    version = tuple(int(part) for part in target.version.split("."))
    short = f"cp{target.version.replace('.', '')}"
    tags = [
        *cpython_tags(version, platforms=target.tags),
        *compatible_tags(version, short, target.tags),
    ]
    return {tag: place for place, tag in enumerate(tags)}
