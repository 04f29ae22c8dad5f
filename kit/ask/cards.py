"""Cards to sort: into an order, or into groups with names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from kit.ask.draft import Draft
from kit.errors import KitError
from kit.language import say
from kit.progress import Progress


class Cards(Draft):
    """Cards with buttons ↑ and ↓, or with a menu of groups; both can also be dragged.

    Parameters
    ----------
    id : str
        Under which the order is kept.
    cards : iterable of str
        What stands on them, in the order they lie at first.
    title : str
        What is to be done with them.
    progress : kit.progress.Progress
        Where it is kept.
    groups : iterable of str, optional
        Names of the groups they are to be put into; without them, they are put into an order.

    Raises
    ------
    KitError
        If there are no cards, or two cards or two groups are the same.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cards = Cards("rank", ["甲", "乙", "丙"], title="順位",
    ...                   progress=Progress("w", Path(folder)))
    >>> cards.set(order=["丙", "甲", "乙"])
    >>> cards.order
    ['丙', '甲', '乙']
    """

    def __init__(
        self,
        id: str,
        cards: Iterable[str],
        *,
        title: str,
        progress: Progress,
        groups: Iterable[str] | None = None,
    ) -> None:
        self.title = title
        self.cards = _different(cards, say("カード"))
        self._names = () if groups is None else _different(groups, say("組"))
        self._lie = dict.fromkeys(self.cards, "")
        words = {
            "title": title,
            "help": self._help(),
            "rest": say("まだ分けていないカード"),
            "group": say("「{name}」を入れる組"),
            "grouped": say("「{name}」を「{group}」に入れました。"),
            "empty": say("（まだありません）"),
        }
        self._open("cards", id, words=words, progress=progress)

    @property
    def order(self) -> list[str]:
        """The cards as they lie now."""
        return list(self._lie)

    @property
    def groups(self) -> dict[str, list[str]]:
        """The cards in each group; those not yet put into one are in none."""
        return {
            name: [c for c, group in self._lie.items() if group == name] for name in self._names
        }

    def set(
        self,
        *,
        order: Iterable[str] | None = None,
        groups: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Lay the cards as somebody would: in `order`, and into `groups`."""
        into = {card: name for name, cards in (groups or {}).items() for card in cards}
        wanted = [*(self.order if order is None else order)]
        self.put([{"card": card, "group": into.get(card, "")} for card in wanted])

    # --- draft --------------------------------------------------------------------------------

    def draft(self) -> list[dict[str, str]]:
        return [{"card": card, "group": group} for card, group in self._lie.items()]

    def take(self, draft: object) -> None:
        lie: dict[str, str] = {}
        for item in draft if isinstance(draft, list) else ():
            card, group = (
                (item.get("card"), item.get("group")) if isinstance(item, dict) else ("", "")
            )
            if isinstance(card, str) and card in self.cards and card not in lie:
                lie[card] = group if isinstance(group, str) and group in self._names else ""
        # A card that the draft does not know lies at the end, as at first.
        self._lie = {**lie, **{card: "" for card in self.cards if card not in lie}}

    def shown(self) -> dict[str, Any]:
        return {"groups": list(self._names)}

    # --- on paper -----------------------------------------------------------------------------

    def _help(self) -> str:
        if self._names:
            return say("カードごとに、入れる組を選びます。引っぱって動かすこともできます。")
        return say("↑と↓のボタンで並べかえます。引っぱって動かすこともできます。")

    def static(self) -> str:
        if self._names:
            rest = [card for card, group in self._lie.items() if not group]
            parts = self.groups | ({say("まだ分けていないカード"): rest} if rest else {})
            shown = "".join(
                f"<p><strong>{escape(name)}</strong></p>{_items('ul', cards)}"
                for name, cards in parts.items()
            )
        else:
            shown = _items("ol", self.order)
        note = say("ノートブックでは、カードを動かせます。")
        if not self.touched:
            note = say("まだ動かしていません。ノートブックでは、カードを動かせます。")
        return (
            f'<figure class="kit-cards" style="margin:1em 0"><figcaption><strong>'
            f"{escape(self.title)}</strong></figcaption>{shown}"
            f'<p class="kit-note">{escape(note)}</p></figure>'
        )

    def __repr__(self) -> str:
        if self._names:
            lines = [f"{name}: {', '.join(cards)}" for name, cards in self.groups.items()]
        else:
            lines = [f"{place}. {card}" for place, card in enumerate(self.order, start=1)]
        return "\n".join([self.title, *lines])


def _items(tag: str, texts: list[str]) -> str:
    if not texts:
        return f"<p>{escape(say('（まだありません）'))}</p>"
    return f"<{tag}>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + f"</{tag}>"


def _different(texts: Iterable[str], what: str) -> tuple[str, ...]:
    found = tuple(str(text) for text in texts)
    if not found:
        raise KitError(say("{what}が1つもありません。", what=what))
    for text in found:
        if found.count(text) > 1:
            raise KitError(say("{what}「{text}」が2回あります。", what=what, text=text))
    return found
