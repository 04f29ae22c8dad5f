"""What the browser tests drive, and the accessibility rules they ask."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

PATH = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def axe(tab: Any, part: str = "") -> list[str]:
    """Return what axe-core finds in the page, or in the parts that `part` selects, its best-practice
    rules included."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None and found.submodule_search_locations
    source = Path(found.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")
    tab.evaluate(source)
    result = tab.evaluate(
        """part => {
            const parts = [...document.querySelectorAll(part || 'html')].filter(p => p.checkVisibility());
            return axe.run(part ? {include: parts} : document, {resultTypes: ['violations']});
        }""",
        part,
    )
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
