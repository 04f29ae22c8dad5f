"""A logic model: how a policy is thought to work, from what goes in to what changes in the end.

A :class:`LogicModel` holds boxes in five columns and arrows between them, each with the reason why
it should hold. What a machine can see of its weak places it says as questions; no score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kit.errors import KitError
from kit.language import say

COLUMNS = ("inputs", "activities", "outputs", "outcomes", "impact")
TEXT_LIMIT = 300  # characters in a box, an indicator or a source
REASON_LIMIT = 600
BOX_LIMIT, ARROW_LIMIT = 60, 200


@dataclass(frozen=True)
class Box:
    """One thing in a logic model.

    Parameters
    ----------
    key : str
        Under which arrows find it.
    column : {"inputs", "activities", "outputs", "outcomes", "impact"}
        Where it stands.
    text : str
        What it is.
    indicator, source : str
        By what it is measured, and where that figure comes from.
    """

    key: str
    column: str
    text: str = ""
    indicator: str = ""
    source: str = ""


@dataclass(frozen=True)
class Arrow:
    """One thing leading to another: from key ``start`` to key ``end``, because of ``reason``."""

    start: str
    end: str
    reason: str = ""


@dataclass(frozen=True)
class LogicModel:
    """Boxes in five columns and the arrows between them.

    Raises
    ------
    KitError
        If a box stands in no known column, two boxes have one key, or an arrow leads from or to
        a box that is not there, to itself, or twice the same way.

    Examples
    --------
    >>> model = LogicModel.sketch(
    ...     activities=["出張講座をひらく"],
    ...     outcomes=[("予約のしかたが分かる", "予約できた人の割合", "講座後の調査")],
    ...     arrows=[("出張講座をひらく", "予約のしかたが分かる", "実機で練習するから")],
    ... )
    >>> [box.text for box in model.of("outcomes")], model.after(model.of("activities")[0])[0].text
    (['予約のしかたが分かる'], '予約のしかたが分かる')
    """

    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "boxes", tuple(self.boxes))
        object.__setattr__(self, "arrows", tuple(self.arrows))
        keys = [box.key for box in self.boxes]
        for box in self.boxes:
            if box.column not in COLUMNS:
                raise KitError(
                    say("「{column}」という列はありません。", column=box.column),
                    where=box.text,
                    hint=say("使えるもの: {choices}", choices=", ".join(COLUMNS)),
                )
            if not box.key or keys.count(box.key) > 1:
                raise KitError(
                    say("箱の名前「{key}」が空か、2回使われています。", key=box.key), where=box.text
                )
        ways = [(arrow.start, arrow.end) for arrow in self.arrows]
        for start, end in ways:
            if start == end or not {start, end} <= set(keys) or ways.count((start, end)) > 1:
                raise KitError(
                    say("「{start}」から「{end}」への矢印は引けません。", start=start, end=end),
                    hint=say("矢印は、ちがう2つの箱の間に1本だけ引けます。"),
                )

    @classmethod
    def sketch(
        cls,
        *,
        title: str = "",
        arrows: Iterable[Sequence[str]] = (),
        **columns: Iterable[str | Sequence[str]],
    ) -> LogicModel:
        """Return a model written down as lists.

        Parameters
        ----------
        title : str
            What the model is about.
        arrows : iterable of (str, str) or (str, str, str)
            Text of the box it starts from, of the box it leads to, and the reason.
        **columns
            ``inputs``, ``activities``, ``outputs``, ``outcomes``, ``impact``: what stands in
            each, a text or (text, indicator, source).

        Raises
        ------
        KitError
            As the class itself.
        """
        boxes: list[Box] = []
        for column, things in columns.items():
            for thing in things:
                parts = (thing,) if isinstance(thing, str) else tuple(thing)
                boxes.append(Box(f"b{len(boxes) + 1}", column, *parts))
        boxes.sort(key=lambda box: COLUMNS.index(box.column) if box.column in COLUMNS else -1)
        keys = {box.text: box.key for box in boxes}
        found = [
            Arrow(keys.get(start, start), keys.get(end, end), *reason)
            for start, end, *reason in arrows
        ]
        return cls(tuple(boxes), tuple(found), title)

    @classmethod
    def read(cls, plain: object) -> LogicModel:
        """Return what can be used of `plain`, which may be anything: what a browser sent, a draft.

        The inverse of :meth:`plain`. What is not a box or an arrow is left out, and what is too
        long is cut.

        Examples
        --------
        >>> LogicModel.read({"boxes": [{"key": "a", "column": "inputs", "text": "職員"}, 7, {}]}).boxes
        (Box(key='a', column='inputs', text='職員', indicator='', source=''),)
        >>> LogicModel.read("x") == LogicModel()
        True
        """
        given = plain if isinstance(plain, Mapping) else {}
        boxes: dict[str, Box] = {}
        for item in _list(given.get("boxes")):
            key, column = as_typed(item.get("key"), 40), item.get("column")
            if key and key not in boxes and isinstance(column, str) and column in COLUMNS:
                words = (as_typed(item.get(n), TEXT_LIMIT) for n in ("text", "indicator", "source"))
                boxes[key] = Box(key, column, *words)
        boxes = dict(list(boxes.items())[:BOX_LIMIT])
        arrows: dict[tuple[str, str], Arrow] = {}
        for item in _list(given.get("arrows")):
            way = as_typed(item.get("start"), 40), as_typed(item.get("end"), 40)
            if way[0] != way[1] and way not in arrows and set(way) <= set(boxes):
                arrows[way] = Arrow(*way, as_typed(item.get("reason"), REASON_LIMIT))
        title = as_typed(given.get("title"), TEXT_LIMIT)
        return cls(tuple(boxes.values()), tuple(arrows.values())[:ARROW_LIMIT], title)

    def plain(self) -> dict[str, Any]:
        """Return the model as JSON can say it."""
        return {
            "boxes": [asdict(box) for box in self.boxes],
            "arrows": [asdict(arrow) for arrow in self.arrows],
            "title": self.title,
        }

    def of(self, column: str) -> tuple[Box, ...]:
        """Return the boxes of `column`, from above to below."""
        return tuple(box for box in self.boxes if box.column == column)

    def box(self, key: str) -> Box:
        """Return the box with `key`.

        Raises
        ------
        KeyError
            If there is none.
        """
        for box in self.boxes:
            if box.key == key:
                return box
        raise KeyError(key)

    def after(self, box: Box) -> tuple[Box, ...]:
        """Return the boxes that `box` leads to."""
        return tuple(self.box(arrow.end) for arrow in self.arrows if arrow.start == box.key)

    def before(self, box: Box) -> tuple[Box, ...]:
        """Return the boxes that lead to `box`."""
        return tuple(self.box(arrow.start) for arrow in self.arrows if arrow.end == box.key)

    def problems(self) -> list[str]:
        """Return what is worth another thought, each a sentence that names the box.

        A machine sees whether a reason or an indicator stands there, not whether it is true: an
        empty list does not say that the model holds.
        """
        from kit.design.logic_look import problems

        return problems(self)

    def picture(self) -> Any:
        """Draw the model: five columns, numbered arrows, dashed where no reason is given."""
        from kit.design.logic_picture import picture

        return picture(self)

    def tables(self) -> list[Any]:
        """Return the model as two tables: what stands where, and what leads where and why."""
        from kit.design.logic_picture import tables

        return tables(self)

    def markdown(self) -> str:
        """Return the model as Markdown for a memo: a table of boxes, then the arrows."""
        from kit.markdown import escape

        def cell(text: str) -> str:
            return escape(" ".join(text.split())) or "—"

        headings = (say("列"), say("箱の内容"), say("指標"), say("データの出どころ"))
        lines = [f"| {' | '.join(headings)} |", "|---|---|---|---|"]
        for column, (name, _) in columns().items():
            for box in self.of(column) or (Box("", column),):
                row = (name, cell(box.text), cell(box.indicator), cell(box.source))
                lines.append(f"| {' | '.join(row)} |")
        lines.append("")
        for arrow in self.arrows:
            start, end = cell(self.box(arrow.start).text), cell(self.box(arrow.end).text)
            reason = cell(arrow.reason) if arrow.reason.strip() else say("（理由はまだありません）")
            lines.append(say("- {start} → {end}：{reason}", start=start, end=end, reason=reason))
        return "\n".join(lines).rstrip() + "\n"


def columns() -> dict[str, tuple[str, str]]:
    """Return each column's name and what belongs into it, in the current language."""
    return {
        "inputs": (say("投入"), say("使うもの。人、お金、時間、場所。")),
        "activities": (say("活動"), say("それを使って、わたしたちがすること。")),
        "outputs": (
            say("産出"),
            say("活動からじかに出るもの。回数や部数、参加した人数で数えます。"),
        ),
        "outcomes": (say("成果"), say("相手に起きる変化。知る、できるようになる、行動が変わる。")),
        "impact": (say("インパクト"), say("その先でめざす、まちや暮らしの姿。")),
    }


def _list(value: object) -> list[Mapping[str, Any]]:
    items = value[:1000] if isinstance(value, list | tuple) else ()
    return [item for item in items if isinstance(item, Mapping)]


def as_typed(value: object, limit: int) -> str:
    """Return a text as it was typed, cut, without half characters: no file can hold them.

    Examples
    --------
    >>> as_typed("予約\\ud83d", 10), as_typed("長い", 1), as_typed(None, 9)
    ('予約\ufffd', '長', '')
    """
    if not isinstance(value, str):
        return ""
    return value[:limit].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
