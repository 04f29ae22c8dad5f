"""A procedure as a person lives it: steps with minutes, trips, papers, money and feelings.

A :class:`Journey` is a short table. What a service blueprint adds (what the counter, the back
office and the systems do at that moment) stands in the same row, so that there is one table to
write and one to correct.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.errors import KitError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

END = "end"
ACTORS = ("citizen", "counter", "back", "system")
CHANNELS = ("home", "phone", "travel", "waiting", "counter", "online", "office")
PATHS = ("all", "counter", "online")
KINDS = ("learning", "compliance", "psychological")
FEELINGS = (-2, -1, 0, 1, 2)


@dataclass(frozen=True)
class Range:
    """A number that is not known exactly: at least ``low``, usually ``likely``, at most ``high``.

    It says how unsure *we* are of one average, not how people differ from each other.

    Raises
    ------
    KitError
        Unless 0 ≤ low ≤ likely ≤ high, all finite.

    Examples
    --------
    >>> Range.of((5, 10, 30)).mean
    15.0
    >>> Range.of(7)
    Range(low=7.0, likely=7.0, high=7.0)
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        for name in ("low", "likely", "high"):
            object.__setattr__(self, name, float(getattr(self, name)))
        numbers = (self.low, self.likely, self.high)
        shown = say("最短 {low:g}・ふつう {likely:g}・最長 {high:g}", **dataclasses.asdict(self))
        if any(number != number or math.isinf(number) for number in numbers):
            raise KitError(
                say("数が入っていません。"),
                where=shown,
                hint=say("測れていないときは、仮の値を入れてください。"),
            )
        if min(numbers) < 0:
            raise KitError(say("0 より小さい数は使えません。"), where=shown)
        if not self.low <= self.likely <= self.high:
            raise KitError(
                say("最短・ふつう・最長の順に大きくなっていません。"),
                where=shown,
                hint=say("小さい数から順に書いてください。"),
            )

    @classmethod
    def of(cls, value: Range | float | Sequence[float]) -> Range:
        """Return `value` as a range: one number is known exactly, three are low, likely, high."""
        if isinstance(value, Range):
            return value
        if isinstance(value, Sequence) and not isinstance(value, str):
            if len(value) == 3:
                return cls(*value)
        else:
            try:
                return cls(value, value, value)
            except (TypeError, ValueError):
                pass
        raise KitError(
            say("「{value}」は数として読めません。", value=value),
            hint=say("数を1つ、または最短・ふつう・最長の3つを書いてください。"),
        )

    @property
    def mean(self) -> float:
        """Mean of the triangular distribution, (low + likely + high) / 3."""
        return (self.low + self.likely + self.high) / 3

    @property
    def is_exact(self) -> bool:
        """True if low and high are the same number."""
        return self.low == self.high

    def scaled(self, factor: float) -> Range:
        """Return the range times `factor` (0 or more)."""
        return Range(self.low * factor, self.likely * factor, self.high * factor)

    def draw(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """Return `count` draws from the triangular distribution of this range."""
        import numpy as np

        if self.is_exact:
            return np.full(count, self.likely)
        return generator.triangular(self.low, self.likely, self.high, size=count)


@dataclass(frozen=True)
class Step:
    """One thing that happens on the way through a procedure.

    Parameters
    ----------
    name : str
        What happens, in the words of the person who does it.
    minutes : Range or float or (low, likely, high)
        Minutes it takes whoever does it, once.
    actor : {"citizen", "counter", "back", "system"}
        Who does it. Only what citizens do is their burden.
    channel : {"home", "phone", "travel", "waiting", "counter", "online", "office"}
        Where it happens; ``office`` is another office than the one that decides.
    path : {"all", "counter", "online"}
        Whose way leads here: everyone's, or only that of people who apply at the counter or
        online.
    kind : {"learning", "compliance", "psychological"}
        Which cost it is (Herd & Moynihan 2018, chapter 1).
    share : float
        Share of the people on that path who go through it, 0 to 1: how a way back is written
        without a loop.
    redo : bool
        True if it is done only because something went wrong before.
    trips, documents, yen : float
        Journeys out of the house, papers to be attached, money out of the pocket.
    days : float
        Calendar days that pass here without anybody's minutes.
    emotion : int
        -2 (very hard) to 2 (very glad).
    front, back, system : str
        What the counter, the back office and the systems do at that moment.
    then : str, optional
        Name of the step that follows; by default the next in the list. ``"end"`` ends.
    """

    name: str
    minutes: Range = field(default_factory=lambda: Range(0, 0, 0))
    actor: str = "citizen"
    channel: str = "home"
    path: str = "all"
    kind: str = "compliance"
    share: float = 1.0
    redo: bool = False
    trips: float = 0.0
    documents: float = 0.0
    yen: float = 0.0
    days: float = 0.0
    emotion: int = 0
    front: str = ""
    back: str = ""
    system: str = ""
    then: str | None = None

    def __post_init__(self) -> None:
        if not str(self.name).strip():
            raise KitError(say("手順に名前がありません。"))
        try:
            object.__setattr__(self, "minutes", Range.of(self.minutes))
        except KitError as error:
            error.where = say(
                "手順「{step}」の時間: {where}", step=self.name, where=error.where or ""
            )
            raise
        for name, allowed in (
            ("actor", ACTORS),
            ("channel", CHANNELS),
            ("path", PATHS),
            ("kind", KINDS),
            ("emotion", FEELINGS),
        ):
            if getattr(self, name) not in allowed:
                self._refuse(
                    name, say("使えるもの: {choices}", choices=", ".join(map(str, allowed)))
                )
        for name in ("trips", "documents", "yen", "days"):
            if not 0 <= getattr(self, name) < math.inf:
                self._refuse(name, say("0 以上の数を書いてください。"))
        if not 0 <= self.share <= 1:
            self._refuse("share", say("0 から 1 の割合を書いてください。"))

    def _refuse(self, name: str, hint: str) -> None:
        raise KitError(
            say("手順「{step}」の {field} に {value} は使えません。", step=self.name,
                field=name, value=getattr(self, name)),
            where=f"{self.name}: {name}",
            hint=hint,
        )  # fmt: skip

    def weight(self, online_share: float) -> float:
        """Return the share of all applicants who go through this step (0 to 1)."""
        on_path = {"all": 1.0, "counter": 1 - online_share, "online": online_share}[self.path]
        return self.share * on_path


@dataclass(frozen=True)
class Journey:
    """The steps of one procedure, from the first thought of it to its end.

    Raises
    ------
    KitError
        If there is no step a citizen does, two steps have one name, or following ``then`` from
        some step never reaches the end.

    Examples
    --------
    >>> way = Journey("写しをもらう", (
    ...     Step("調べる", 10, kind="learning"),
    ...     Step("役所へ行く", 40, channel="travel", path="counter", trips=1),
    ...     Step("窓口", 5, channel="counter", path="counter"),
    ... ))
    >>> way.minutes(), way.minutes(online_share=1), way.trips()
    (55.0, 10.0, 1.0)
    """

    name: str
    steps: tuple[Step, ...]
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        names = [step.name for step in self.steps]
        if not any(step.actor == "citizen" for step in self.steps):
            raise KitError(
                say("「{journey}」に利用者の手順がありません。", journey=self.name),
                hint=say("少なくとも1つ、利用者がすることを書いてください。"),
            )
        for name in names:
            if names.count(name) > 1:
                raise KitError(
                    say("手順「{step}」が2回あります。", step=name),
                    where=self.name,
                    hint=say("別の名前にしてください（例: 1回目・2回目）。"),
                )
        self._must_end(names)

    def _must_end(self, names: list[str]) -> None:
        following = {
            step.name: step.then or (names[place + 1] if place + 1 < len(names) else END)
            for place, step in enumerate(self.steps)
        }
        for first in names:
            seen = [first]
            while (at := following[seen[-1]]) != END:
                if at not in following:
                    raise KitError(
                        say("「{step}」の次の手順「{next}」がありません。", step=seen[-1], next=at),
                        where=self.name,
                    )
                if at in seen:
                    raise KitError(
                        say("この旅は終わりません: {loop}", loop=" → ".join([*seen, at])),
                        where=self.name,
                        hint=say(
                            "出直しは、戻る矢印ではなく、通る人の割合（share）で書いてください。"
                        ),
                    )
                seen.append(at)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, name: str = "", source: str = "") -> Journey:
        """Read a journey from a tidy table, one row a step.

        Parameters
        ----------
        frame : pandas.DataFrame
            Columns named as the fields of :class:`Step` or by their Japanese or English labels;
            ``minutes_low`` and ``minutes_high`` may stand beside ``minutes``. Only the name is
            required; an empty cell takes the field's default, but minutes may not be empty.

        Raises
        ------
        KitError
            Naming the row and the column.
        """
        from kit.design.tables import steps_from_frame

        return cls(name, steps_from_frame(frame), source)

    @classmethod
    def from_text(cls, text: str, *, name: str = "", source: str = "") -> Journey:
        """Read a journey from lines of cells divided by commas or tabs, as pasted from Excel.

        The first line names the columns, see :meth:`from_frame`.
        """
        from kit.design.tables import frame_from_text

        return cls.from_frame(frame_from_text(text), name=name, source=source)

    def frame(self) -> pd.DataFrame:
        """Return the steps as a tidy table, columns in English."""
        from kit.design.tables import frame_from_steps

        return frame_from_steps(self.steps)

    def table(self) -> pd.DataFrame:
        """Return the steps as people read them, headings and words in the current language.

        :meth:`from_frame` reads it back.
        """
        from kit.design.tables import labels, words

        called = words()
        frame = self.frame()
        for column in ("actor", "channel", "path", "kind"):
            frame[column] = [called.get(f"{column}:{w}", called[w]) for w in frame[column]]
        frame["redo"] = [called["yes"] if again else called["no"] for again in frame["redo"]]
        return frame.rename(columns=labels())

    def of(self, actor: str = "citizen", path: str | None = None) -> tuple[Step, ...]:
        """Return the steps of `actor`; with `path` only those on that way."""
        return tuple(
            step
            for step in self.steps
            if step.actor == actor and (path is None or step.path in ("all", path))
        )

    def minutes(self, *, online_share: float = 0.0, channel: str | None = None) -> float:
        """Return a citizen's likely minutes a case, averaged over all applicants.

        Parameters
        ----------
        online_share : float
            Share of people who apply online, 0 to 1.
        channel : str, optional
            Count only what happens there, e.g. ``"counter"``.
        """
        return sum(
            step.weight(online_share) * step.minutes.likely
            for step in self.of()
            if channel is None or step.channel == channel
        )

    def trips(self, *, online_share: float = 0.0) -> float:
        """Return journeys out of the house a case, averaged over all applicants."""
        return sum(step.weight(online_share) * step.trips for step in self.of())

    def changed(self, changes: Mapping[str, Mapping[str, Any]]) -> Journey:
        """Return a copy in which the steps named take other values: ``{"窓口": {"minutes": 8}}``.

        Raises
        ------
        KitError
            If a step is not there.
        """
        names = {step.name for step in self.steps}
        for name in changes:
            if name not in names:
                raise KitError(
                    say("手順「{step}」はありません。", step=name),
                    where=self.name,
                    hint=say("使えるもの: {choices}", choices=", ".join(sorted(names))),
                )
        steps = (dataclasses.replace(step, **changes.get(step.name, {})) for step in self.steps)
        return dataclasses.replace(self, steps=tuple(steps))

    def map(self, *, path: str = "counter") -> Any:
        """Draw the journey map of a person on `path`: steps, minutes, feelings."""
        from kit.design.drawings import journey_map

        return journey_map(self, path=path)

    def blueprint(self, *, path: str = "counter") -> Any:
        """Draw the service blueprint: four lanes and the line of visibility."""
        from kit.design.drawings import blueprint

        return blueprint(self, path=path)
