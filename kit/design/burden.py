"""What a procedure costs the people who go through it: minutes, trips, papers, money, a year.

Three costs are told apart (Herd & Moynihan 2018, *Administrative Burden*, chapter 1): learning
what there is and what is asked, complying with it, and what it does to one's feelings. Time is
added up as the Standard Cost Model does (SCM Network 2005, *International Standard Cost Model
Manual*): time × people × frequency, priced at a value of time. The psychological cost is never
turned into yen: it is counted as the moments that hurt.

Ranges are added end by end (all steps at their shortest, all at their longest): analytic, no
simulation, and no claim that errors of guesses cancel out.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.design import wording
from kit.design.journey import KINDS, Journey, Range, Step
from kit.errors import KitError
from kit.language import say

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Change:
    """One way to simplify.

    Parameters
    ----------
    label : str
        What it is called.
    once_only : float
        Share of the attachments no longer asked for, 0 to 1 (the once-only principle): whoever
        fetched them needs neither the minutes nor the trip nor the fee.
    online_share : float, optional
        Share of applicants to apply online, 0 to 1. A share already higher stays.
    guidance : float
        Share by which better guidance shortens learning and lessens doing things twice, 0 to 1.
    delivered : Range
        How much of this really happens, 1 = as planned. Only :func:`kit.design.compare` draws
        from it.

    Raises
    ------
    KitError
        If a share is outside 0 to 1.
    """

    label: str = ""
    once_only: float = 0.0
    online_share: float | None = None
    guidance: float = 0.0
    delivered: Range = field(default_factory=lambda: Range(0.5, 1, 1))

    def __post_init__(self) -> None:
        for name in ("once_only", "online_share", "guidance"):
            _share(getattr(self, name), f"{self.label}: {name}")
        object.__setattr__(self, "delivered", Range.of(self.delivered))
        _share(self.delivered.high, f"{self.label}: delivered")

    def applied(self, step: Step) -> Step:
        """Return `step` as it is once the change is made, the online share apart."""
        share, minutes = step.share, step.minutes
        if step.documents:
            share *= 1 - self.once_only
        if step.redo:
            share *= 1 - self.guidance
        if step.kind == "learning":
            minutes = minutes.scaled(1 - self.guidance)
        return dataclasses.replace(step, share=share, minutes=minutes)

    def lessened(self, delivered: float, online_now: float) -> Change:
        """Return the change of which only the share `delivered` happens."""
        target = self.online_share
        if target is not None:
            target = online_now + delivered * (max(online_now, target) - online_now)
        return dataclasses.replace(
            self,
            once_only=self.once_only * delivered,
            online_share=target,
            guidance=self.guidance * delivered,
        )


@dataclass(frozen=True)
class Service:
    """A journey, and how many people go through it, by which channel, at what value of time.

    Parameters
    ----------
    journey : Journey
        The steps.
    cases : float or None
        Applications a year; None where nobody knows. May be less than one.
    online_share : float
        Share of applications made online, 0 to 1.
    wage : float
        Value of an hour of the applicants' time, yen: an assumption, to be named as one.
    basis : str
        What `cases` rests on, e.g. 推計（人口按分）; shown beside every yearly figure.

    Raises
    ------
    KitError
        If a number is negative or a share outside 0 to 1.
    """

    journey: Journey
    cases: float | None
    online_share: float = 0.0
    wage: float = 2500.0
    basis: str = ""

    def __post_init__(self) -> None:
        if self.cases is not None and self.cases != self.cases:
            object.__setattr__(self, "cases", None)
        for name in ("cases", "wage"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < math.inf:
                raise KitError(
                    say("{name} には 0 以上の数を入れてください。", name=name), where=f"{value}"
                )
        _share(self.online_share, "online_share")

    def burden(self) -> Burden:
        """Return what the procedure costs its people as it is."""
        steps = self.journey.of()
        weights = [step.weight(self.online_share) for step in steps]

        def average(amount: str) -> float:
            pairs = zip(weights, steps, strict=True)
            return sum(weight * getattr(step, amount) for weight, step in pairs)

        def spent(end: str, kind: str | None = None) -> float:
            pairs = zip(weights, steps, strict=True)
            return sum(
                weight * getattr(step.minutes, end)
                for weight, step in pairs
                if kind in (None, step.kind)
            )

        return Burden(
            service=self,
            minutes=Range(spent("low"), spent("likely"), spent("high")),
            trips=average("trips"),
            documents=average("documents"),
            outlay=average("yen"),
            hard_moments=sum(
                weight for weight, step in zip(weights, steps, strict=True) if step.emotion < 0
            ),
            minutes_by_kind={kind: spent("likely", kind) for kind in KINDS},
        )

    def simplify(self, change: Change) -> Service:
        """Return the service after `change`, as planned."""
        return simplify(self, change)

    def at(self, **values: Any) -> Service:
        """Return the service with other cases, online share, value of time or journey."""
        return dataclasses.replace(self, **values)


@dataclass(frozen=True)
class Burden:
    """What a procedure costs its people: each figure a case, and its product with the cases.

    ``minutes`` is a :class:`Range`; its likely value is what the sentences say. ``trips``,
    ``documents``, ``outlay`` (yen) and ``hard_moments`` (steps with a feeling below zero) are
    averages over all applicants.
    """

    service: Service
    minutes: Range
    trips: float
    documents: float
    outlay: float
    hard_moments: float
    minutes_by_kind: dict[str, float]

    @property
    def hours(self) -> Range | None:
        """Hours a year, or None where the number of cases is unknown."""
        cases = self.service.cases
        return None if cases is None else self.minutes.scaled(cases / 60)

    @property
    def time_value(self) -> Range | None:
        """Hours a year × value of an hour, yen."""
        return None if self.hours is None else self.hours.scaled(self.service.wage)

    def kinds(self) -> pd.DataFrame:
        """Return the three costs, minutes a case: ``kind`` (its name), ``minutes``."""
        import pandas as pd

        from kit.design.tables import words

        called = words()
        found = self.minutes_by_kind.items()
        return pd.DataFrame([(called[kind], m) for kind, m in found], columns=["kind", "minutes"])

    def yearly(self, amount: str) -> float | None:
        """Return ``trips``, ``documents``, ``outlay`` or ``hard_moments`` a year."""
        cases = self.service.cases
        return None if cases is None else float(getattr(self, amount)) * cases

    @property
    def sentence(self) -> str:
        """The result in two sentences."""
        first = say(
            "1件あたり{minutes}（{low}〜{high}）、外出{trips:.1f}回、書類{documents:.1f}通。",
            minutes=wording.minutes(self.minutes.likely),
            low=wording.minutes(self.minutes.low),
            high=wording.minutes(self.minutes.high),
            trips=self.trips,
            documents=self.documents,
        )
        if self.hours is None or self.time_value is None:
            return wording.joined(first, say("件数が分からないので、年間の値は出せません。"))
        basis = say("（{basis}）", basis=self.service.basis) if self.service.basis else ""
        second = say(
            "{cases}{basis}なので、1年では{hours}、1時間{wage:,.0f}円とすれば{yen}です。",
            cases=wording.count(self.service.cases),
            basis=basis,
            hours=wording.hours(self.hours.likely),
            wage=self.service.wage,
            yen=wording.yen(self.time_value.likely),
        )
        return wording.joined(first, second)

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.sentence)}</p>"


@dataclass(frozen=True)
class Saving:
    """What is saved between two burdens; negative where the change costs people more."""

    before: Burden
    after: Burden

    @property
    def minutes(self) -> float:
        """Likely minutes a case."""
        return self.before.minutes.likely - self.after.minutes.likely

    @property
    def hours(self) -> float | None:
        """Likely hours a year, or None where the number of cases is unknown."""
        if self.before.hours is None or self.after.hours is None:
            return None
        return self.before.hours.likely - self.after.hours.likely

    @property
    def share(self) -> float | None:
        """Saved share of the minutes before; None where there were none."""
        before = self.before.minutes.likely
        return self.minutes / before if before else None

    @property
    def yen(self) -> float | None:
        """Value of the hours saved a year, yen."""
        return None if self.hours is None else self.hours * self.before.service.wage

    def of(self, amount: str) -> float:
        """Return what a case is saved of ``"trips"``, ``"documents"`` or ``"outlay"``."""
        return float(getattr(self.before, amount) - getattr(self.after, amount))

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if abs(self.minutes) < 1e-9:
            return say("利用者の時間は変わりません。")
        shown = {
            "minutes": wording.minutes(abs(self.minutes)),
            "share": wording.share(abs(self.share) if self.share is not None else None),
        }
        if self.minutes > 0:
            each = say("1件あたり{minutes}（{share}）減ります。", **shown)
        else:
            each = say("1件あたり{minutes}（{share}）増えます。", **shown)
        if self.hours is None:
            return each
        yearly = say("1年では{hours}です。", hours=wording.hours(abs(self.hours)))
        return wording.joined(each, yearly)

    def __repr__(self) -> str:
        return self.sentence


def simplify(service: Service, change: Change) -> Service:
    """Return `service` after `change`, as planned.

    Examples
    --------
    >>> way = Journey("申請", (
    ...     Step("証明書を取りに行く", 60, channel="travel", trips=1, documents=1),
    ...     Step("窓口", 10, channel="counter"),
    ... ))
    >>> simplify(Service(way, 600), Change(once_only=0.5)).burden().hours.likely
    400.0
    """
    online = service.online_share
    if change.online_share is not None:
        online = max(online, change.online_share)
    steps = tuple(
        change.applied(step) if step.actor == "citizen" else step for step in service.journey.steps
    )
    return dataclasses.replace(
        service, journey=dataclasses.replace(service.journey, steps=steps), online_share=online
    )


def saving(before: Burden, after: Burden) -> Saving:
    """Return what the people are saved between two burdens."""
    return Saving(before, after)


def _share(value: float | None, where: str) -> None:
    if value is not None and not 0 <= value <= 1:
        raise KitError(
            say("割合は 0 から 1 の間にしてください。"),
            where=f"{where} = {value}",
            hint=say("30% は 0.3 と書きます。"),
        )
