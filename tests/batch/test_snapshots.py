"""What a notebook read from the web is written into the record of its run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Site
from source_room import TABLE, quiet, running

from kit import batch, request, run
from kit.data.sources import store

FIXTURES = (quiet, running)  # pytest finds them by their being here


@pytest.mark.kernel
def test_the_record_of_a_run_holds_the_snapshot(
    site: Site, tmp_path: Path, workshop_in: Callable[..., Path]
) -> None:
    url = site.serve("/a.csv", TABLE)
    workshop_in("live", f"from kit.data import sources\nlen(sources.csv({url!r}))")
    report = batch.build(request.plan(forms=["notebook"]), tmp_path / "out", jobs=1)
    assert not report.failed, report.failed
    (path,) = (tmp_path / "out").rglob(run.RECORD)
    (snapshot,) = json.loads(path.read_text("utf-8"))["snapshots"]
    assert (snapshot["origin"], snapshot["url"]) == ("live", url)
    assert snapshot["sha256"] == store.describe(url, TABLE).sha256
    assert len(site.requests) == 1  # the second edition used the copy of the first
    assert not list(path.parent.rglob(run.SNAPSHOTS))
