"""``kit doctor``: what this machine can and cannot do, and what to do about it."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from kit.house import home
from kit.language import say

_LIBRARIES = ("jupyterlab", "ipywidgets", "pandas", "altair", "vl_convert", "papermill", "typst")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: good (True), bad (False), or merely to be known (None)."""

    good: bool | None
    what: str
    advice: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at Python, the libraries, fonts, kernel, disk, memory and the browser."""
    return [
        *_python(),
        *_libraries(),
        *_rooms(),
        *_kernel(),
        *_resources(),
        *_sources(),
        *_browser(),
    ]


def _python() -> Iterator[Finding]:
    version = platform.python_version()
    good = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Finding(
        good,
        f"Python {version} ({platform.system()})",
        "" if good else say("Python 3.11、3.12、3.13 のどれかを入れてください。"),
    )
    inside = sys.prefix != sys.base_prefix
    yield Finding(
        True if inside else None,
        say("仮想環境の中で動いています。") if inside else say("仮想環境の外で動いています。"),
        "" if inside else say("py -m venv .venv で作ると、ほかの仕事とぶつかりません。"),
    )


def _libraries() -> Iterator[Finding]:
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    yield Finding(
        not missing,
        say("足りないライブラリー: {names}", names=", ".join(missing))
        if missing
        else say("必要なライブラリーがそろっています。"),
        "pip install -e ." if missing else "",
    )


def _rooms() -> Iterator[Finding]:
    fonts = sorted((home() / "templates" / "fonts").glob("*.ttf"))
    yield Finding(
        bool(fonts),
        say("日本語フォント: {names}", names=", ".join(f.stem for f in fonts) or "-"),
        "" if fonts else say("templates/fonts/ を git でもどしてください。"),
    )


def _kernel() -> Iterator[Finding]:
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"],
            capture_output=True,
            timeout=60,
            check=True,
        )
        good = "python3" in json.loads(asked.stdout)["kernelspecs"]
    except (subprocess.SubprocessError, OSError, ValueError, KeyError):
        good = False
    yield Finding(
        good,
        say("Jupyter のカーネル python3 があります。")
        if good
        else say("Jupyter のカーネル python3 がありません。"),
        "" if good else "python -m ipykernel install --sys-prefix",
    )


def _resources() -> Iterator[Finding]:
    memory = psutil.virtual_memory().available / 2**30
    yield Finding(
        memory >= 1,
        say("使えるメモリー: {gib:.1f} GiB", gib=memory),
        "" if memory >= 1 else say("ほかのアプリを閉じるか、--jobs 1 で動かしてください。"),
    )
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    yield Finding(
        free >= 1,
        say("ディスクの空き: {gib:.1f} GiB", gib=free),
        "" if free >= 1 else say("1 GiB 以上空けてください。"),
    )
    writable = os.access(Path.cwd(), os.W_OK)
    yield Finding(
        writable,
        say("今のフォルダーに書けます。") if writable else say("今のフォルダーに書けません。"),
        "" if writable else say("--output で、書けるフォルダーを指定してください。"),
    )


def _sources() -> Iterator[Finding]:
    from kit.data import sources

    if sources.is_offline():
        yield Finding(
            None,
            say("オフラインです（KIT_OFFLINE）。Web の新しい数字は読みません。"),
            say("教材は、キットに入っている表だけで作れます。"),
        )
        return
    known = bool(os.environ.get(sources.APP_ID, "").strip())
    yield Finding(
        True if known else None,
        say("e-Stat の appId が設定されています。")
        if known
        else say("e-Stat の appId は設定されていません（{name}）。", name=sources.APP_ID),
        ""
        if known
        else say("e-Stat の新しい数字を読むときだけ必要です。e-Stat のサイトで無料で作れます。"),
    )


def _browser() -> Iterator[Finding]:
    found = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    yield Finding(
        True if found else None,
        say("ブラウザー: {path}", path=found)
        if found
        else say("Chromium 系のブラウザーは見つかりませんでした。"),
        "" if found else say("教材は作れます。ブラウザーのテストだけが飛ばされます。"),
    )
