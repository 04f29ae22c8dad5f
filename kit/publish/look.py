"""What all HTML forms share: templates, styles, the content security policy, small formats."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from kit.house import home
from kit.language import date_text


@cache
def environment() -> jinja2.Environment:
    """Return the Jinja environment over ``templates/``: strict, and everything escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(home() / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> str:
    """Return a template of ``templates/`` filled with `values`."""
    return environment().get_template(template).render(values)


@cache
def css(*names: str) -> Markup:
    """Return style sheets of ``templates/`` joined, without comments and indentation.

    Examples
    --------
    >>> "/*" in css("base/base.css")
    False
    """
    text = "\n".join((home() / "templates" / name).read_text(encoding="utf-8") for name in names)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return Markup(re.sub(r"\s*\n\s*", "\n", text).strip())


@cache
def script(name: str) -> Markup:
    """Return a script of ``templates/`` exactly as it will stand in the page."""
    return Markup((home() / "templates" / name).read_text(encoding="utf-8"))


def policy(*scripts: str) -> str:
    """Return the content security policy of a page: it may ask nobody for anything.

    Parameters
    ----------
    *scripts : str
        Inline scripts that may run, known by their hash; none by default.

    Examples
    --------
    >>> policy()
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    """
    rules = ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"]
    if scripts:
        hashes = [
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts
        ]
        rules.append("script-src " + " ".join(f"'sha256-{one}'" for one in hashes))
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def day(iso: str) -> str:
    """Return an ISO date as people write it in the current language; other text as it is.

    Examples
    --------
    >>> from kit.language import using
    >>> with using("ja"):
    ...     day("2026-07-01T09:00:00"), day("")
    ('2026年7月1日', '')
    """
    try:
        found = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return date_text(found)
