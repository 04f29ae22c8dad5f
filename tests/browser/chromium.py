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


# Contrast is asked of every text there is, one by one, which is nearly all of the time. Furigana have
# the colour of their word, on the same ground: so it is asked of the words alone, and of furigana
# above large words, whose smaller letters need more. Of code, each kind of ink on each ground is
# asked once. The page is not the same afterwards.
RULES = """async part => {
    const parts = [...document.querySelectorAll(part || 'html')].filter(p => p.checkVisibility());
    const within = part ? {include: parts} : document;
    const found = async how => (await axe.run(within, {resultTypes: ['violations'], ...how})).violations;
    const faults = await found({rules: {'color-contrast': {enabled: false}}});
    const other = [];
    for (const reading of document.querySelectorAll('rt')) {
        const word = reading.parentElement;
        if (getComputedStyle(reading).color !== getComputedStyle(word).color)
            other.push({html: word.outerHTML, failureSummary: 'furigana in another colour'});
        if (parseFloat(getComputedStyle(word).fontSize) < 18) reading.remove();
    }
    for (const word of document.querySelectorAll('ruby:not(:has(rt))')) word.replaceWith(...word.childNodes);
    const seen = new Set();
    for (const ink of document.querySelectorAll('pre i')) {
        const {color, fontWeight} = getComputedStyle(ink);
        const ground = getComputedStyle(ink.closest('pre')).backgroundColor;
        const look = [ink.className, color, fontWeight, ground].join();
        if (seen.has(look)) ink.replaceWith(...ink.childNodes);
        seen.add(look);
    }
    document.body.normalize();
    if (other.length) faults.push({id: 'furigana', nodes: other});
    return [...faults, ...await found({runOnly: {type: 'rule', values: ['color-contrast']}})];
}"""


def axe(tab: Any, part: str = "") -> list[str]:
    """Return what axe-core finds in the page, or in the parts that `part` selects, its best-practice
    rules included. Ask it last: it takes furigana away."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None and found.submodule_search_locations
    source = Path(found.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")
    tab.evaluate(source)
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in tab.evaluate(RULES, part)
        for node in rule["nodes"]
    ]
