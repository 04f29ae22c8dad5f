"""Write binder/requirements.txt from requirements.lock, less what Binder's own base brings."""

from __future__ import annotations

import re
from pathlib import Path

# The base image pins its own JupyterLab and ipywidgets; two of each would not start.
BASE = {"jupyterlab", "jupyterlab-server", "jupyter-server", "notebook", "ipywidgets"}
BASE |= {"jupyterlab-widgets", "widgetsnbextension"}
# What `make test` needs and a class does not.
TEST = {"pytest", "pytest-xdist", "nbval", "hypothesis", "playwright", "axe-core-python", "mypy"}
TEST |= {
    "ruff",
    "import-linter",
    "fonttools",
    "pypdf",
    "causaldata",
    "mypy-extensions",
    "execnet",
    "grimp",
}

folder = Path(__file__).parent
lines = (folder.parent / "requirements.lock").read_text(encoding="utf-8").splitlines()
kept = [
    line
    for line in lines
    if (name := re.match(r"[A-Za-z0-9._-]+", line)) and name[0].lower() not in BASE | TEST
]
(folder / "requirements.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
