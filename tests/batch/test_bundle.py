"""A bundle made with real parts, and started where there is no network at all."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit import bundle, course, run
from kit.bundle import wheels
from kit.errors import KitError

ROOT = Path(__file__).resolve().parents[2]
# Kept from one test run to the next: the parts are 200 MB.
WHEELHOUSE = ROOT / ".cache" / "wheels"
VERSION = "{}.{}".format(*sys.version_info[:2])

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="the parts are fetched for this machine's own kind, and bundles know Linux on x86-64",
)


def small_build(folder: Path) -> Path:
    """Write what ``kit build`` leaves of one short run."""
    workshop = course.workshop("first-steps")
    inner = folder / workshop.id / "13201-hachioji" / "ja"
    inner.mkdir(parents=True)
    made = {"workshop": workshop.id, "parameters": workshop.validate({}, language="ja")}
    made |= {"language": "ja", "variant": "13201-hachioji", "editions": ["participant"]}
    record = {"run": made, "files": [], "built": "2026-07-01"}
    (inner / run.RECORD).write_text(json.dumps(record), encoding="utf-8")
    (folder / "index.html").write_text("<h1>目次</h1>", encoding="utf-8")
    return folder


def without_network(script: Path, home: Path) -> list[str]:
    """Return how to run `script`: in a network of its own, where that may be made."""
    probe = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    started = f'exec sh "{script}" --check --to "{home}/入れる 所" --work "{home}/仕事"'
    if probe.returncode:
        return ["sh", "-c", started]
    # JupyterLab is spoken to over the loopback, which is down in a new network.
    up = "import fcntl, socket, struct; s = socket.socket(); "
    up += "fcntl.ioctl(s, 0x8914, struct.pack('16sh', b'lo', 0x41))"
    return ["unshare", "-rn", "sh", "-c", f'"{sys.executable}" -c "{up}" && {started}']


def test_a_bundle_starts_and_runs_a_notebook_without_any_network(tmp_path: Path) -> None:
    top = tmp_path / "共有 フォルダー (1) & 教材"
    try:
        made = bundle.make(
            [small_build(top / "class")],
            top / "bundle",
            systems=["linux"],
            versions=[VERSION],
            wheelhouse=WHEELHOUSE,
        )
    except KitError as error:
        if "つながり" in str(error):
            pytest.skip("no package index can be reached, and the parts are not here yet")
        raise
    assert bundle.check(made.path).files > 200

    dead = "http://127.0.0.1:9"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path / "家 の人"),
        "LANG": "ja_JP.UTF-8",
        "PIP_INDEX_URL": f"{dead}/simple",
        "HTTP_PROXY": dead,
        "HTTPS_PROXY": dead,
        "http_proxy": dead,
        "https_proxy": dead,
    }
    (tmp_path / "家 の人").mkdir()
    command = without_network(made.path / "start.sh", tmp_path)
    first = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    assert first.returncode == 0, first.stdout + first.stderr
    assert "準備ができました" in first.stdout
    assert re.search(r"first-steps\.ipynb の \d+ 個のセルが、すべて動きました", first.stdout)
    # Nothing is written into the bundle, and the home keeps nothing of a Jupyter.
    assert bundle.check(made.path).files == made.files - 1
    assert not list((tmp_path / "家 の人").glob(".[ij]*"))
    shutil.rmtree(tmp_path / "入れる 所")  # 800 MB that pytest would keep


def test_no_network_while_making_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(wheels, "RETRIES", "1")
    with pytest.raises(KitError, match="つながりません") as told:
        bundle.make(
            [small_build(tmp_path / "class")], tmp_path / "out", wheelhouse=tmp_path / "wheels"
        )
    assert "127.0.0.1" not in str(told.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class", "wheels"]
    assert not list((tmp_path / "wheels").iterdir())
