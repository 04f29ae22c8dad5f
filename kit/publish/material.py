"""What every form is made from: one run of one workshop, executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from kit import places
from kit.course import Principle, principle
from kit.data import Citation
from kit.outline import Section, agenda
from kit.spec import Spec


@dataclass(frozen=True)
class Material:
    """One executed run.

    Parameters
    ----------
    spec : Spec
        The workshop's spec, in `language`.
    language : str
        BCP 47 tag of everything in it.
    parameters : mapping
        The full set it ran with.
    participant, facilitator : NotebookNode
        The executed editions.
    programme : str
        Title of the programme it belongs to.
    start : str or None
        Clock time its first minute falls on, ``"13:30"``; None if nobody has set one.
    citations : tuple of Citation
        Sources of the real figures in it.
    version : str
        Version of the kit.
    built : str
        Date it was made, ISO 8601.
    links : mapping of str to str
        Label → address, e.g. of the Binder link.
    """

    spec: Spec
    language: str
    parameters: Mapping[str, Any]
    participant: NotebookNode
    facilitator: NotebookNode
    programme: str = ""
    start: str | None = None
    citations: tuple[Citation, ...] = ()
    version: str = ""
    built: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def municipality(self) -> places.Municipality | None:
        """The municipality it was made for, if the workshop asks for one."""
        for parameter in self.spec.parameter:
            if parameter.type == "municipality":
                return places.find(self.parameters[parameter.name])
        return None

    @property
    def principles(self) -> tuple[Principle, ...]:
        """The principles it serves."""
        return tuple(principle(number) for number in self.spec.principles)

    @property
    def agenda(self) -> list[Section]:
        """Its sections with their minutes."""
        return agenda(self.participant.cells)

    def clock(self, minute: int) -> str:
        """Return the time `minute` minutes after the start: ``"14:05"``, or ``"0:35"`` elapsed.

        Examples
        --------
        >>> Material(None, "ja", {}, None, None, start="13:30").clock(35)
        '14:05'
        """
        hours, minutes = (int(part) for part in (self.start or "0:00").split(":"))
        total = hours * 60 + minutes + minute
        return f"{total // 60 % 24}:{total % 60:02d}"
