"""Measure pages side by side, made from one executed notebook: ``python -m benchmarks.materials``.

Ours, nbconvert's three templates, and Sphinx with myst-nb and its book theme (what Jupyter Book 1
is made of), which is installed into an environment of its own. Each page is opened in Chromium
without a network; seconds are processor seconds in a fresh process, which makes the page of one
town (cold: imports and all) and then that of another (warm).
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOWNS = ("13201", "13104")
OURS = {
    "kit: handout": "kit.publish.page:handout",
    "kit: facilitator": "kit.publish.page:facilitator",
    "kit: worksheet": "kit.publish.worksheet:worksheet",
    "kit: slides": "kit.publish.slides:deck",
}
NBCONVERT = {"lab": "html", "classic": "html", "reveal": "slides"}
BOOK = "Sphinx, myst-nb, book theme"
PACKAGES = ("myst-nb", "sphinx-book-theme")
ENVIRONMENT = ROOT / ".cache" / "benchmark-others"
COLUMNS = (
    *("made by", "requests", "axe", "`lang`", "size", "pictures", "described in words"),
    *("cold", "warm"),
)
# What a reader gets of it: pictures of a size that shows something, and those with real words.
LOOK = r"""() => {
    const pictures = [...document.querySelectorAll('img, svg, canvas')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width >= 200 && box.height >= 50 && (e.tagName !== 'IMG' || e.naturalWidth > 0);
    });
    const named = e => e.alt || e.ariaLabel || e.getAttribute('aria-describedby') || '';
    return {
        lang: document.documentElement.lang,
        pictures: pictures.length,
        described: pictures.filter(e => named(e) && !/no description|^_images|^image/i.test(named(e))).length,
    };
}"""
SPREAD = "document.querySelectorAll('details').forEach(e => e.open = true)"


@dataclass(frozen=True)
class Made:
    """A page that was made twice: where the first one lies, and the seconds of both."""

    path: Path
    cold: float
    warm: float


def main() -> None:
    """Print the table."""
    today = datetime.date.today().isoformat()
    print(f"{today}, {os.cpu_count()} cores, Python {platform.python_version()}, {sys.platform}\n")
    print(f"| {' | '.join(COLUMNS)} |")
    print(f"|{' --- |' * len(COLUMNS)}")
    for row in rows():
        print(f"| {' | '.join(row)} |", flush=True)


def rows() -> Iterator[tuple[str, ...]]:
    """Yield one line of the table for each way to make a page."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        work = Path(folder)
        notebooks = executed(work)
        for name in OURS:
            yield row(name, made(["ours", name], notebooks, work / "ours.html"), browser)
        every = made(["ours", *OURS], notebooks, work / "all.html")
        yield ("kit: all four", *[""] * 6, f"{every.cold:.2f} s", f"{every.warm:.2f} s")
        for template in NBCONVERT:
            target = work / f"{template}.html"
            yield row(
                f"nbconvert: {template}", made(["nbconvert", template], notebooks, target), browser
            )
        yield book(notebooks, work, browser)


def executed(work: Path) -> list[Path]:
    """Execute the workshop in two towns; return the facilitator's notebooks."""
    from kit import batch, language, request

    with language.using("ja"):
        plan = request.plan(
            workshops=["rct-letters"], municipalities=TOWNS, languages=["ja"], forms=["notebook"]
        )
        report = batch.build(plan, work / "build")
    assert not report.failed, report.failed
    return [report.output / run.folder / "facilitator.ipynb" for run in plan.runs]


def row(name: str, page: Made, browser: Any) -> tuple[str, ...]:
    """Look at a page where there is no network, and say what was found."""
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    hosts: list[str] = []
    own = page.path.parent.as_uri()

    def look(route: Any) -> None:
        if route.request.url.startswith(own):
            route.continue_()
        else:
            hosts.append(route.request.url)
            route.abort()

    tab.route("**/*", look)
    tab.goto(page.path.as_uri())
    tab.wait_for_timeout(1500)  # what asks for a script may ask for more
    tab.evaluate(SPREAD)
    seen = tab.evaluate(LOOK)
    faults = len(rules().axe(tab))
    tab.close()
    size = sum(path.stat().st_size for path in belonging(page.path))
    return (
        name,
        str(len(set(hosts))),
        str(faults),
        seen["lang"] or "none",
        f"{size / 1000:,.0f} kB",
        str(seen["pictures"]),
        str(seen["described"]),
        f"{page.cold:.2f} s",
        f"{page.warm:.2f} s",
    )


def belonging(page: Path) -> list[Path]:
    """Return a page and the files beside it that it needs."""
    beside = page.parent / "_static"
    return [page, *(path for path in beside.rglob("*") if path.is_file())]


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser that the tests drive."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=rules().PATH, args=rules().FLAGS)
        yield browser
        browser.close()


def rules() -> Any:
    """Return the tests' own way to ask axe."""
    folder = str(ROOT / "tests" / "browser")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module("chromium")


# --- making a page, each in a fresh process -------------------------------------------------------


def made(
    how: list[str], notebooks: list[Path], target: Path, *, python: str = sys.executable
) -> Made:
    """Make the page of two towns in one fresh process."""
    told = subprocess.run(
        [python, __file__, *how, "--", *map(str, notebooks), str(target)],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout
    path, cold, warm = json.loads(told.splitlines()[-1])
    return Made(Path(path), cold, warm)


def child(arguments: list[str]) -> None:
    """What the fresh process does: print where the first page lies, and the seconds of both."""
    at = arguments.index("--")
    (kind, *names), (*notebooks, target) = arguments[:at], arguments[at + 1 :]
    taken = []
    for notebook in notebooks:
        began = time.process_time()
        path = MAKERS[kind](names, Path(notebook), Path(target))
        taken.append(time.process_time() - began)
        if len(taken) == 1:
            first = path.with_stem(f"{path.stem}-first")
            shutil.copy(path, first)
    print(json.dumps([str(first), *taken]))


def ours(names: list[str], notebook: Path, target: Path) -> Path:
    """Make some of the kit's forms."""
    import nbformat

    import kit
    from kit import course, data, language
    from kit.publish.material import Material

    record = json.loads((notebook.parent / "run.json").read_text(encoding="utf-8"))["run"]
    workshop = course.workshop("rct-letters")
    executed = nbformat.read(notebook, as_version=4)
    with language.using("ja"):
        material = Material(
            spec=workshop.localised("ja"),
            language="ja",
            parameters=record["parameters"],
            participant=executed,
            facilitator=executed,
            programme=record["programme"],
            start="13:30",
            citations=tuple(data.citation(name) for name in workshop.spec.datasets),
            version=kit.__version__,
            built="2026-07-01",
        )
        for name in names:
            module, _, function = OURS[name].partition(":")
            html = getattr(importlib.import_module(module), function)(material)
            target.write_text(html, encoding="utf-8")
    return target


def nbconvert(names: list[str], notebook: Path, target: Path) -> Path:
    """Make a page with one of nbconvert's own templates."""
    from nbconvert.exporters import get_exporter

    exporter = get_exporter(NBCONVERT[names[0]])(template_name=names[0])
    html, _ = exporter.from_filename(str(notebook))
    target.write_text(html, encoding="utf-8")
    return target


def sphinx(names: list[str], notebook: Path, target: Path) -> Path:
    """Build a site of one page; called with the other environment's Python."""
    from sphinx.cmd.build import main as build

    source = target.parent / f"book-{notebook.parent.parent.name}"
    source.mkdir()
    shutil.copy(notebook, source / "index.ipynb")
    settings = 'extensions = ["myst_nb"]\nnb_execution_mode = "off"\nlanguage = "ja"\n'
    settings += 'html_theme = "sphinx_book_theme"\nmyst_enable_extensions = ["dollarmath"]\n'
    (source / "conf.py").write_text(settings, encoding="utf-8")
    assert build(["-Q", "-b", "html", str(source), str(source / "html")]) == 0
    return source / "html" / "index.html"


def book(notebooks: list[Path], work: Path, browser: Any) -> tuple[str, ...]:
    """Measure what stands for Jupyter Book, if it can be installed here."""
    python = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES]
    if subprocess.run(install, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return (BOOK, "cannot be installed here", *[""] * (len(COLUMNS) - 2))
    page = made(["sphinx"], notebooks, work / "book.html", python=str(python))
    return row(BOOK, page, browser)


MAKERS: dict[str, Callable[[list[str], Path, Path], Path]] = {
    "ours": ours,
    "nbconvert": nbconvert,
    "sphinx": sphinx,
}

if __name__ == "__main__":
    child(sys.argv[1:]) if len(sys.argv) > 1 else main()
