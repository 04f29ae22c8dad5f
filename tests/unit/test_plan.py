from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit import plan as planning
from kit import request
from kit.errors import CourseError, KitError, ParameterError, Problems

Furnish = Callable[..., Path]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "class.toml"
    path.write_text(text, encoding="utf-8")
    return path


def planned(tmp_path: Path, text: str) -> planning.Plan:
    return request.plan(str(write(tmp_path, text)))


def test_a_grid_is_expanded(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("ok")
    plan = planned(
        tmp_path,
        """title = {ja = "会"}
[grid]
municipality = ["13101", "八王子", " Hinohara "]
[[workshop]]
id = "ok"
grid = {number = [1, 2]}
include = [{municipality = "青ヶ島村", number = 9}]
exclude = [{municipality = "八王子市", number = 2}]
""",
    )
    assert [run.variant for run in plan.runs] == [
        "13101-chiyoda--number-1",
        "13101-chiyoda--number-2",
        "13201-hachioji--number-1",
        "13307-hinohara--number-1",
        "13307-hinohara--number-2",
        "13402-aogashima--number-9",
    ]


def test_all_means_every_municipality(workshop_in: Furnish) -> None:
    workshop_in("ok")
    assert len(request.plan(workshops=["ok"], municipalities=["all"]).runs) == 62


def test_every_mistake_is_told_together(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("ok")
    with pytest.raises(Problems) as caught:
        planned(
            tmp_path,
            """title = {ja = "会"}
languages = ["ja", "fr"]
forms = ["pages"]
[[workshop]]
id = "okk"
[[workshop]]
id = "ok"
grid = {municipality = ["八王子し", "13201"], number = [99, "たくさん"], nmber = 1}
""",
        )
    told = str(caught.value)
    for part in (
        "okk",
        "「ok」",
        "pages",
        "fr",
        "八王子市",
        "13201",
        "99",
        "たくさん",
        "「number」",
    ):
        assert part in told, part
    assert "class.toml" in told
    assert told.count("八王子し") == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("title = {ja='会'}\nworkshops = []\n", "workshop"),
        ("title = {ja='会'\n", "TOML"),
        ("title = {ja='会'}\n", "workshop"),
        ("title = {ja='会'}\nstart = '25:00'\n[[workshop]]\nid = 'ok'\n", "start"),
    ],
)
def test_a_wrong_batch_file_names_the_key(
    workshop_in: Furnish, tmp_path: Path, text: str, named: str
) -> None:
    workshop_in("ok")
    with pytest.raises(KitError) as caught:
        planned(tmp_path, text)
    assert named in str(caught.value) and "class.toml" in str(caught.value)


def test_an_unknown_programme_names_the_nearest(house: Path) -> None:
    (house / "workshops" / "half-day.toml").write_text("")
    with pytest.raises(CourseError, match="half-day"):
        request.plan("half-dya")


def test_options_win_over_the_batch_file(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("ok")
    path = write(
        tmp_path,
        """title = {ja = "会"}
[[workshop]]
id = "ok"
grid = {municipality = ["13101", "13102"], number = [1, 2]}
include = [{municipality = "13103"}]
""",
    )
    plan = request.plan(str(path), municipalities=["三鷹市"], settings=["number=5"])
    assert [run.variant for run in plan.runs] == ["13204-mitaka--number-5"]


def test_times_follow_each_other(workshop_in: Furnish, tmp_path: Path) -> None:
    workshop_in("one")
    workshop_in("two")
    plan = planned(
        tmp_path,
        """title = {ja = "会"}
start = "23:45"
[[workshop]]
id = "one"
pause = 15
[[workshop]]
id = "two"
""",
    )
    assert [run.start for run in plan.runs] == ["23:45", "0:10"]


@pytest.mark.parametrize("setting", ["number", "=5", "number 5"])
def test_a_setting_without_a_value_is_told(workshop_in: Furnish, setting: str) -> None:
    workshop_in("ok")
    with pytest.raises(Problems, match="名前=値"):
        request.plan(settings=[setting])


def test_a_wrong_clock_is_told(workshop_in: Furnish) -> None:
    workshop_in("ok")
    with pytest.raises(ParameterError, match="13:30"):
        request.plan(start="午後 1 時")


def test_a_village_too_small_is_told_what_to_do(workshop_in: Furnish) -> None:
    folder = workshop_in("ok")
    (folder / "checks.py").write_text(
        "def limits(town):\n    return {'number': (None, 2)}\n"
        "def advice(town, parameter):\n    return '隣の村と合わせてください。'\n"
    )
    with pytest.raises(Problems) as caught:
        request.plan(municipalities=["青ヶ島村"])
    assert "青ヶ島村" in str(caught.value) and "隣の村と合わせてください。" in str(caught.value)
    fitted = request.plan(municipalities=["青ヶ島村"], fit=True)
    assert fitted.runs[0].parameters["number"] == 2
    assert "数" in fitted.notes[0]


@pytest.mark.parametrize("value", ["../../etc", "a/b", "x" * 80, "..", "CON", "名前"])
def test_a_text_value_never_becomes_a_path(workshop_in: Furnish, value: str) -> None:
    workshop_in("ok")
    folder = request.plan(settings=[f"team={value}"]).runs[0].folder
    assert len(folder.parts) == 3
    assert folder.parts[1].isascii() and ".." not in folder.parts
