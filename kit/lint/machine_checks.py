"""Traces of the machine that made a file: paths, user and host names."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import socket
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kit.house import home
from kit.language import say
from kit.lint.document import Document, words
from kit.lint.finding import Finding
from kit.lint.text_checks import shortened

# Folders that are somebody's own. A name in front means that it is part of an address or a path
# inside the build.
_PATHS = re.compile(
    r"(?<![\w.~/%+-])(?:file://)?/(?:home|Users|root|tmp|private/tmp|private/var|var/folders|mnt/[a-z]|work)/[\w.@~+-][^\s\"'<>\\)]*"
    r"|(?<![\w/])[A-Za-z]:(?:\\{1,4}|/)(?:Users|Documents and Settings|Temp|Windows)(?:\\{1,4}|/)[^\s\"'<>]*"
    r"|(?<![\w\\])\\\\\\\\[A-Za-z][\w-]+\\\\[\w$-]+"
)
# Names that say nothing of anybody.
_NOBODYS = words("""root user users admin administrator runner ubuntu debian jovyan docker vagrant nobody guest
    localhost host server computer desktop laptop build builder worker notebook jupyter default
    test kit tokyo""")


def check(document: Document) -> Iterator[Finding]:
    """Yield where a document names this machine, its user or a folder of it.

    Parameters
    ----------
    document : Document
        Any file.
    """
    for place, text in document.written:
        if not any(sign in text for sign in _signs()):
            continue
        if found := _PATHS.search(text) or _own().search(text):
            yield Finding(
                *("machine", document.file, place),
                say(
                    "作った人の機械の名前やフォルダーが入っています: {text}",
                    text=shortened(found[0], 60),
                ),
                say("出力やメタデータに、フォルダーの場所や利用者の名前を書かないようにします。"),
            )


@cache
def _signs() -> tuple[str, ...]:
    """Return what a text holds if there is anything to look for in it."""
    folders = (
        "/home/",
        "/Users/",
        "/root/",
        "/tmp/",
        "/private/",
        "/var/folders/",
        "/mnt/",
    )
    return (*folders, ":\\", ":/Users", "\\\\", str(home()), *filter(_tells, _names()))


@cache
def _own() -> re.Pattern[str]:
    """Return what finds the names of this machine, its user and its folders."""
    folders = {str(Path.home()), str(home()), tempfile.gettempdir(), str(Path.cwd())}
    long = [re.escape(folder) + r"(?=[/\\])" for folder in folders if folder.count(os.sep) > 1]
    names = [rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in _names() if _tells(name)]
    return re.compile("|".join([*long, *names]) or r"(?!)")


def _names() -> set[str]:
    names = {socket.gethostname(), socket.gethostname().partition(".")[0], Path.home().name}
    with contextlib.suppress(OSError, KeyError):  # the user of a container may have no name
        names.add(getpass.getuser())
    return names


def _tells(name: str) -> bool:
    return len(name) >= 4 and name.casefold() not in _NOBODYS
