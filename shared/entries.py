"""One event in its place in a history, and each answer it gave, as rules see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.facts import Answer, Event, Household, Report, Visit
from shared.items import Meaning

# When it happened, in seconds; then, at one moment, what begins before what is seen and what ends
# after it; then the order of receipt.
Order = tuple[float, int, float]
Concern = tuple[str, str | None]


@dataclass(slots=True, eq=False)
class Observation:
    """One answer in its place: which event gave it, and what it says to a rule."""

    entry: Entry
    answer: Answer
    meaning: Meaning
    # This answer as evidence, once a rule has asked for it.
    kept: Any = None

    @property
    def event(self) -> Visit | Report:
        """The visit or report that gave the answer."""
        return self.entry.event  # type: ignore[return-value]  # only those two have answers

    @property
    def item(self) -> str:
        """The checklist item."""
        return self.meaning.item

    @property
    def codes(self) -> tuple[str, ...]:
        """The chosen codes."""
        return self.meaning.codes

    @property
    def level(self) -> str:
        """The level of the answer."""
        return self.meaning.level

    @property
    def rank(self) -> int:
        """How grave: -2 no level, -1 could not check, 0 none, 1 low, 2 significant, 3 immediate."""
        return self.meaning.rank

    @property
    def about(self) -> str | None:
        """The child's or adult's id; None for the household."""
        return self.answer.about

    @property
    def basis(self) -> str:
        """Whether it was seen, or who told."""
        return self.answer.basis

    @property
    def order(self) -> Order:
        """When it happened, among all that happened."""
        return self.entry.order

    @property
    def concern(self) -> Concern:
        """The item and whom it is about: what a level rises and falls on."""
        return (self.meaning.item, self.answer.about)


@dataclass(slots=True, eq=False)
class Entry:
    """One event in its place: `order` is when it happened, `day` its London date as a number.

    `said` is what was answered; `completed` a visit on which the visitor was let in.
    """

    event: Event
    order: Order
    day: int
    said: dict[Concern, Observation] = field(default_factory=dict)
    completed: bool = False
    # What was asked and not found out of the core items, and of which household.
    unchecked: tuple[Household, list[Concern]] | None = None
    # Never filled: an event is evidence of one thing here and another there.
    kept: Any = None

    @property
    def observations(self) -> list[Observation]:
        """What was answered, in the order of the event."""
        return list(self.said.values())

    def codes(self, item: str, about: str | None = None) -> tuple[str, ...]:
        """The codes answered to `item` about the household, or about one child or adult."""
        seen = self.said.get((item, about))
        return seen.meaning.codes if seen else ()


FROM_THE_START: Order = (float("-inf"), 0, 0)
AFTER_ALL: Order = (float("inf"), 9, float("inf"))


def by_end_of(moment: datetime) -> Order:
    """The place after everything that had happened by a moment."""
    return (moment.timestamp(), 9, float("inf"))
