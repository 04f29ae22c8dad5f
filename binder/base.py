"""What Binder's base image brings: the Python packages repo2docker has frozen, name by name.

repo2docker ships one conda lock a Python version; ``base.txt`` keeps what it says for ours, so that
``requirements.txt`` can leave those packages out and still agree with them.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BASE = FOLDER / "base.txt"

# .../noarch/jupyterlab-4.4.9-pyhd8ed1ab_0.conda#…: a Python package has "py" in its build string,
# or is only a name that conda-forge gives to a set of others.
_PACKAGE = re.compile(r"/(?P<name>[^/]+)-(?P<version>[^-/]+)-(?P<build>[^-/]+)\.(?:conda|tar\.bz2)")
_ON_PYPI = {
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
    "stack_data": "stack-data",
    "typing_extensions": "typing-extensions",
}
_NOT_PYTHON = {"python_abi", "libedit"}
# Abandoned names that nothing of ours asks for; PyPI's versions of them are other ones.
_LEFT = {"async-generator", "cached-property", "pickleshare", "typing-utils"}


def read_lock(text: str) -> dict[str, str]:
    """Return package → version, by PyPI's names, of a conda lock of repo2docker."""
    found = {}
    for match in _PACKAGE.finditer(text):
        name = match["name"]
        if "py" not in match["build"] or name in _NOT_PYTHON or name == "python":
            continue
        known = normal(_ON_PYPI.get(name, name))
        if known not in _LEFT:
            found[known] = match["version"]
    return dict(sorted(found.items()))


def write(packages: dict[str, str]) -> None:
    """Write ``base.txt``."""
    lines = [f"{name}=={version}" for name, version in packages.items()]
    BASE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path = BASE) -> dict[str, str]:
    """Return package → version of a list of pins; what is no pin stands with an empty version."""
    pins = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            name, _, version = line.partition("==")
            pins[normal(name)] = version.strip()
    return pins


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
