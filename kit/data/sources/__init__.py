"""Live sources, for a room with internet: e-Stat, CKAN catalogues, CSV and Excel files.

Every function returns a table of text with its citation and its snapshot. What was fetched is kept
under the hash of its content; where a source cannot be reached, the last copy or a packaged table
takes its place, and a :class:`SourceNotice` says so. With ``KIT_OFFLINE=1`` nothing is asked for.

>>> from kit.data import sources
>>> sources.number("▲１，２３４"), sources.era("令和5年度").year
(-1234, 2023)
"""

from __future__ import annotations

from kit.data.encodings import read_text
from kit.data.japanese import When, era, number, numbers
from kit.data.sources.catalogue import CATALOGUES, ckan
from kit.data.sources.fetch import is_offline, offline
from kit.data.sources.files import csv, excel
from kit.data.sources.portal import APP_ID, estat
from kit.data.sources.snapshot import SourceNotice, noted, noted_in, snapshots

__all__ = [
    "APP_ID",
    "CATALOGUES",
    "SourceNotice",
    "When",
    "ckan",
    "csv",
    "era",
    "estat",
    "excel",
    "is_offline",
    "noted",
    "noted_in",
    "number",
    "numbers",
    "offline",
    "read_text",
    "snapshots",
]
