"""Which change first, how sure of it, and which guess to measure next."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.design import wording
from kit.design.burden import Change, Service, saving
from kit.errors import KitError
from kit.language import say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# A saving of less than a tenth of a second a case is none.
_NOTHING = 1e-3


@dataclass(frozen=True)
class Comparison:
    """What several changes would save.

    ``frame`` has one row a change: ``change`` (label), ``minutes``, ``hours`` and ``trips``
    (saved a case, a year and a case, as planned; hours empty where the cases are unknown; below
    zero where a change costs more), ``minutes_low``,
    ``minutes_high`` (5th and 95th percentile of the draws), ``best_share`` (share of the draws in
    which it saves most). ``draws`` and ``seed`` say how it was drawn.
    """

    service: Service
    frame: pd.DataFrame
    draws: int
    seed: int

    @property
    def best(self) -> str | None:
        """Label of the change that saves most as planned; None if none saves anything."""
        top = self.frame.loc[self.frame["minutes"].idxmax()]
        return str(top["change"]) if top["minutes"] > _NOTHING else None

    @property
    def best_share(self) -> float:
        """Share of the draws in which the best change as planned is the best; 0 without one."""
        if self.best is None:
            return 0.0
        return float(self.frame.set_index("change").loc[self.best, "best_share"])

    @property
    def sentence(self) -> str:
        """The result in words."""
        if self.best is None:
            return say("どの案でも、利用者の時間は減りません。")
        row = self.frame.set_index("change").loc[self.best]
        first = say(
            "計画どおりなら、いちばん減るのは「{change}」で、1件あたり{minutes}です。",
            change=self.best,
            minutes=wording.minutes(row["minutes"]),
        )
        second = say(
            "仮の値と実現の度合いを{draws:,}通りに変えても、{share:.0%}でこの案が1位でした。",
            draws=self.draws,
            share=self.best_share,
        )
        return wording.joined(first, second)

    def chart(self) -> Any:
        """Draw what each change saves a case, with the spread of the draws."""
        from kit.design.rankings import comparison

        return comparison(self)

    def __repr__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Sensitivity:
    """How much each guess moves the result.

    ``frame`` has one row a step, widest first: ``step``, ``low``, ``high`` (minutes a case over
    all applicants if this step alone is at its shortest or longest), ``swing`` (their distance),
    ``best_low``, ``best_high`` (the change that then saves most), ``flips`` (True if that is
    another one than now). ``base`` is the burden now, minutes a case.
    """

    frame: pd.DataFrame
    base: float
    best: str | None

    @property
    def first(self) -> str | None:
        """The step to measure first: the widest that changes the order, else the widest."""
        if self.frame.empty or self.frame["swing"].max() <= _NOTHING:
            return None
        flips = self.frame[self.frame["flips"]]
        return str((flips if len(flips) else self.frame).iloc[0]["step"])

    @property
    def sentence(self) -> str:
        """The result in words."""
        if self.first is None:
            return say("幅のある仮の値がないので、どれを測っても結論は動きません。")
        row = self.frame.set_index("step").loc[self.first]
        if row["flips"]:
            return say(
                "次に測るなら「{step}」です。この値しだいで、いちばん減る案が入れ替わります。",
                step=self.first,
            )
        return say(
            "次に測るなら「{step}」です。結果をいちばん大きく動かしますが（{swing}の幅）、"
            "どれか1つの値が外れただけでは、1位の案は変わりません。",
            step=self.first,
            swing=wording.minutes(row["swing"]),
        )

    def chart(self) -> Any:
        """Draw a tornado: the widest guess on top."""
        from kit.design.rankings import tornado

        return tornado(self)

    def __repr__(self) -> str:
        return self.sentence


def compare(
    service: Service, changes: Sequence[Change], *, draws: int = 2000, seed: int = 1
) -> Comparison:
    """Return what each of `changes` alone would save, and how often each would be the best.

    Every step's minutes are drawn from the triangular distribution of their range, independently,
    the same draw for all changes; how much of a change really happens is drawn from its
    ``delivered``. The headline figures are those of the likely values with everything delivered.

    Parameters
    ----------
    service : Service
        As it is now.
    changes : sequence of Change
        At least one; labels must differ.
    draws : int
        Number of draws.
    seed : int
        Start of the random numbers; the same seed gives the same result.

    Raises
    ------
    KitError
        If there is no change, or two have one label.
    """
    import numpy as np
    import pandas as pd

    _must_differ(changes)
    generator = np.random.default_rng(seed)
    steps = service.journey.of()
    minutes = np.column_stack([step.minutes.draw(draws, generator) for step in steps])
    before = service.burden()
    drawn = []
    rows = []
    for change in changes:
        delivered = change.delivered.draw(draws, generator)
        drawn.append(_saved(service, change, minutes, delivered))
        planned = saving(before, service.simplify(change).burden())
        rows.append(
            {
                "change": change.label,
                "minutes": planned.minutes,
                "hours": planned.hours,
                "trips": planned.of("trips"),
                "minutes_low": float(np.quantile(drawn[-1], 0.05)),
                "minutes_high": float(np.quantile(drawn[-1], 0.95)),
            }
        )
    table = np.column_stack(drawn)
    winner = np.where(table.max(axis=1) > _NOTHING, table.argmax(axis=1), -1)
    frame = pd.DataFrame(rows)
    frame["best_share"] = [float((winner == place).mean()) for place in range(len(changes))]
    return Comparison(service, frame, draws, seed)


def sensitivity(service: Service, changes: Sequence[Change] = ()) -> Sensitivity:
    """Return how far each step's range alone moves the burden, and whether it changes the order.

    One at a time, analytic: the step's minutes are put at their low and at their high end, all
    others stay at their likely value.
    """
    import pandas as pd

    base = service.burden().minutes.likely
    best = _best(service, changes)
    rows = []
    for step in service.journey.of():
        ends: dict[str, Any] = {}
        for end in ("low", "high"):
            fixed = {step.name: {"minutes": getattr(step.minutes, end)}}
            other = dataclasses.replace(service, journey=service.journey.changed(fixed))
            ends[end] = other.burden().minutes.likely
            ends[f"best_{end}"] = _best(other, changes)
        swing = ends["high"] - ends["low"]
        flips = any(ends[f"best_{end}"] != best for end in ("low", "high"))
        rows.append({"step": step.name, **ends, "swing": swing, "flips": flips})
    frame = pd.DataFrame(rows).sort_values("swing", ascending=False, kind="stable")
    return Sensitivity(frame.reset_index(drop=True), base, best)


def _best(service: Service, changes: Sequence[Change]) -> str | None:
    if not changes:
        return None
    before = service.burden()
    saved = [saving(before, service.simplify(change).burden()).minutes for change in changes]
    top = max(range(len(saved)), key=saved.__getitem__)
    return changes[top].label if saved[top] > _NOTHING else None


def _saved(
    service: Service, change: Change, minutes: np.ndarray, delivered: np.ndarray
) -> np.ndarray:
    """Return the minutes saved in each draw: :func:`kit.design.simplify`, all draws at once."""
    import numpy as np

    now = service.online_share
    target = now if change.online_share is None else max(now, change.online_share)
    online = now + delivered * (target - now)
    saved = np.zeros(len(delivered))
    for step, spent in zip(service.journey.of(), minutes.T, strict=True):
        on_path = {"all": np.ones_like(online), "counter": 1 - online, "online": online}[step.path]
        share = step.share * on_path
        pace = np.ones_like(online)
        if step.documents:
            share = share * (1 - change.once_only * delivered)
        if step.redo:
            share = share * (1 - change.guidance * delivered)
        if step.kind == "learning":
            pace = 1 - change.guidance * delivered
        saved += spent * (step.weight(now) - share * pace)
    return saved


def _must_differ(changes: Sequence[Change]) -> None:
    labels = [change.label for change in changes]
    if not labels or len(set(labels)) < len(labels):
        raise KitError(say("比べる案がないか、同じ名前の案があります。"), where=", ".join(labels))
