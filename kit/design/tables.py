"""Journeys as tables: what a learner types or pastes, and what a notebook shows."""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from kit.design.journey import Range, Step
from kit.errors import KitError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd

# What a learner may write as a heading. The field's own name always works too.
HEADINGS = {
    "name": ("手順", "step"),
    "minutes_low": ("最短", "分(最短)", "shortest", "minutes (shortest)"),
    "minutes": ("分", "ふつう", "分(ふつう)", "usual", "minutes (usual)"),
    "minutes_high": ("最長", "分(最長)", "longest", "minutes (longest)"),
    "actor": ("だれが", "who"),
    "channel": ("どこで", "where"),
    "path": ("通る人", "way"),
    "kind": ("手間の種類", "cost"),
    "share": ("通る割合", "share"),
    "redo": ("出直し", "redo"),
    "trips": ("外出", "trips"),
    "documents": ("書類", "papers"),
    "yen": ("円", "yen"),
    "days": ("日数", "days"),
    "emotion": ("気持ち", "feeling"),
    "front": ("窓口", "counter"),
    "back": ("裏側", "back office"),
    "system": ("システム", "system"),
    "then": ("次", "next"),
}
# What a learner may write in a cell.
WORDS = {
    "actor": {
        "citizen": ("利用者", "住民", "本人"),
        "counter": ("窓口",),
        "back": ("裏側", "審査", "back office"),
        "system": ("システム",),
    },
    "channel": {
        "home": ("家", "自宅"),
        "phone": ("電話",),
        "travel": ("移動",),
        "waiting": ("待合", "待つ"),
        "counter": ("窓口",),
        "online": ("オンライン", "スマホ"),
        "office": ("別の窓口", "別の役所", "ほかの役所", "another office"),
    },
    "path": {
        "all": ("全員",),
        "counter": ("窓口の人", "窓口"),
        "online": ("オンラインの人", "オンライン"),
    },
    "kind": {
        "learning": ("調べる", "学習"),
        "compliance": ("こなす", "順守", "遵守"),
        "psychological": ("気持ち", "心理"),
    },
}  # fmt: skip
_TRUE = {"はい", "○", "true", "yes", "1"}
_FALSE = {"いいえ", "", "false", "no", "0"}
_NUMBERS = ("share", "trips", "documents", "yen", "days", "emotion")


def _plain(value: Any) -> str:
    """Return `value` as text with full-width digits, letters and brackets made narrow."""
    return unicodedata.normalize("NFKC", str(value)).strip()


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or _plain(value) in (
        "", "<NA>", "nan"
    )  # fmt: skip


def _field(heading: Any) -> str:
    asked = _plain(heading).casefold()
    shown = labels()
    for name, headings in HEADINGS.items():
        if asked in {name, *(_plain(text).casefold() for text in (shown[name], *headings))}:
            return name
    raise KitError(
        say("「{heading}」という列は分かりません。", heading=heading),
        hint=say(
            "使える列: {headings}", headings=", ".join(label[0] for label in HEADINGS.values())
        ),
    )


def _word(name: str, value: Any) -> str:
    asked = _plain(value).casefold()
    called = words()
    for meaning, given in WORDS[name].items():
        shown = called.get(f"{name}:{meaning}", called[meaning])
        if asked in {meaning, *(_plain(text).casefold() for text in (shown, *given))}:
            return meaning
    known = ", ".join(given[0] for given in WORDS[name].values())
    raise KitError(
        say("「{value}」は使えません。", value=value),
        hint=say("使えるもの: {choices}", choices=known),
    )


def _number(value: Any) -> float:
    text = _plain(value).replace(",", "").replace("−", "-")
    for unit in ("分", "円", "回", "通", "日"):
        text = text.removesuffix(unit)
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise KitError(
            say("「{value}」は数として読めません。", value=value),
            hint=say("数字だけを書いてください（例: 15）。"),
        ) from None
    return number


def _value(name: str, value: Any) -> Any:
    if name in WORDS:
        return _word(name, value)
    if name in _NUMBERS:
        number = _number(value)
        return int(number) if name == "emotion" and number == int(number) else number
    if name == "redo":
        asked = _plain(value).casefold()
        if asked not in _TRUE | _FALSE:
            raise KitError(say("「{value}」は使えません。", value=value), hint="はい / いいえ")
        return asked in _TRUE
    return str(value).strip()


def _minutes(row: dict[str, Any]) -> Range | None:
    given = {name: row.get(name) for name in ("minutes_low", "minutes", "minutes_high")}
    if all(_is_empty(value) for value in given.values()):
        return None
    if isinstance(given["minutes"], Range | tuple | list):
        return Range.of(given["minutes"])
    numbers = {name: _number(v) for name, v in given.items() if not _is_empty(v)}
    # One number known: nothing is invented about the others.
    likely = numbers.get("minutes", sum(numbers.values()) / len(numbers))
    return Range(
        numbers.get("minutes_low", likely), likely, numbers.get("minutes_high", likely)
    )  # fmt: skip


def steps_from_frame(frame: pd.DataFrame) -> tuple[Step, ...]:
    """Return the rows of `frame` as steps; see :meth:`kit.design.Journey.from_frame`."""
    columns = [_field(column) for column in frame.columns]
    for name in ("name", "minutes"):
        if name not in columns:
            raise KitError(say("「{heading}」の列がありません。", heading=HEADINGS[name][0]))
    repeated = next((name for name in columns if columns.count(name) > 1), None)
    if repeated:
        raise KitError(say("「{heading}」の列が2つあります。", heading=HEADINGS[repeated][0]))
    steps = []
    for number, cells in enumerate(frame.itertuples(index=False, name=None), start=1):
        row = dict(zip(columns, cells, strict=True))
        if all(_is_empty(value) for value in cells):
            continue
        steps.append(_step(row, number))
    return tuple(steps)


def _step(row: dict[str, Any], number: int) -> Step:
    at = ""
    try:
        at = HEADINGS["minutes"][0]
        minutes = _minutes(row)
        passes_days = not _is_empty(row.get("days"))
        if minutes is None and not passes_days:
            raise KitError(
                say("時間（分）が空です。"),
                hint=say("測れていないときは、仮の値を入れてください。"),
            )
        values: dict[str, Any] = {}
        for name, value in row.items():
            if not name.startswith("minutes") and not _is_empty(value):
                at = HEADINGS[name][0]
                values[name] = _value(name, value)
        at = ""
        return Step(**{"name": "", **values}, minutes=minutes or Range(0, 0, 0))
    except KitError as error:
        place = say("{row} 行目「{step}」", row=number, step=row.get("name", ""))
        error.where = " ".join(part for part in (place, at) if part)
        raise


def frame_from_text(text: str) -> pd.DataFrame:
    """Return lines of cells divided by commas or tabs as a table; the first line is the heading.

    Raises
    ------
    KitError
        If there is no heading with a row below it, or a row has more cells than the heading.
    """
    import pandas as pd

    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(lines) < 2:
        raise KitError(
            say("表が空です。"), hint=say("1行目に列の名前、2行目から手順を書いてください。")
        )
    divider = "\t" if "\t" in lines[0] else ","
    if divider == ",":
        lines = [line.replace("，", ",") for line in lines]
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=divider))
    heading, *body = rows
    for number, row in enumerate(body, start=1):
        if len(row) > len(heading):
            raise KitError(
                say("列の数が合いません。"),
                where=say("{row} 行目「{step}」", row=number, step=row[0]),
                hint=say("セルの中に「,」があれば取ってください（1,000 ではなく 1000）。"),
            )
    padded = [row + [""] * (len(heading) - len(row)) for row in body]
    return pd.DataFrame(padded, columns=[cell.strip() for cell in heading], dtype=object)


def frame_from_steps(steps: Sequence[Step]) -> pd.DataFrame:
    """Return `steps` as a tidy table that :func:`steps_from_frame` reads back."""
    import pandas as pd

    rows = []
    for step in steps:
        row = {f.name: getattr(step, f.name) for f in fields(step) if f.name != "minutes"}
        row["then"] = row["then"] or ""
        low, likely, high = step.minutes.low, step.minutes.likely, step.minutes.high
        rows.append({**row, "minutes_low": low, "minutes": likely, "minutes_high": high})
    order = list(HEADINGS)
    return pd.DataFrame(rows)[order]


def labels() -> dict[str, str]:
    """Return the heading of each column in the current language."""
    return {
        "name": say("手順"),
        "minutes_low": say("最短（分）"),
        "minutes": say("ふつう（分）"),
        "minutes_high": say("最長（分）"),
        "actor": say("だれが"),
        "channel": say("どこで"),
        "path": say("通る人"),
        "kind": say("手間の種類"),
        "share": say("通る割合"),
        "redo": say("出直し"),
        "trips": say("外出（回）"),
        "documents": say("書類（通）"),
        "yen": say("出費（円）"),
        "days": say("日数"),
        "emotion": say("気持ち（-2〜2）"),
        "front": say("窓口（フロントステージ）"),
        "back": say("裏側（バックステージ）"),
        "system": say("システム"),
        "then": say("次"),
    }


def words() -> dict[str, str]:
    """Return what actors, channels, paths and kinds of cost are called in the current language.

    A key ``column:code`` goes before the plain ``code`` in that column.
    """
    return {
        "citizen": say("利用者"),
        "counter": say("窓口"),
        "back": say("裏側"),
        "system": say("システム"),
        "home": say("自宅"),
        "phone": say("電話"),
        "travel": say("移動"),
        "waiting": say("待合"),
        "online": say("オンライン"),
        "office": say("別の窓口や役所"),
        "all": say("全員"),
        "path:counter": say("窓口の人"),
        "path:online": say("オンラインの人"),
        "yes": say("はい"),
        "no": say("いいえ"),
        "learning": say("調べる手間"),
        "compliance": say("こなす手間"),
        "psychological": say("気持ちの負担"),
    }
