"""What a visit left open: the questions that applied, and were not answered or not checked."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from shared.checklist import applicable
from shared.clocks import day_of, months_old
from shared.entries import Concern, Entry
from shared.facts import Household, Visit
from shared.items import Checklist


@dataclass(slots=True)
class Asking:
    """The questions that apply to a household, kept by the ages of its children."""

    checklist: Checklist
    household: Household
    _ages: list[int] = field(default_factory=list)
    _asked: dict[tuple[int, ...], frozenset[Concern]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        limits = {
            item.applies.get("child_under_months", 0) for item in self.checklist.items.values()
        }
        self._ages = sorted(limits | {0})

    def on(self, day: date) -> frozenset[Concern]:
        """Each item that applies on a day whatever else is answered, and whom it is about."""
        key = tuple(
            bisect_right(self._ages, months_old(child.born, day)) if child.born else 0
            for child in self.household.children
        )
        if key not in self._asked:
            asked = applicable(self.checklist, self.household, day)
            self._asked[key] = frozenset((each.item.code, each.about) for each in asked)
        return self._asked[key]

    def unknown(self, entry: Entry) -> frozenset[Concern]:
        """What a visit or report left open: answered U; and, let in on a visit, not at all.

        At a door that did not open only what is answered there is asked.
        """
        if entry.unknown is None or entry.unknown[0] is not self.household:
            entry.unknown = (self.household, self._left_open(entry))
        return entry.unknown[1]

    def _left_open(self, entry: Entry) -> frozenset[Concern]:
        unchecked = frozenset(c for c, seen in entry.said.items() if seen.meaning.level == "U")
        if not isinstance(entry.event, Visit):
            return unchecked
        asked = self.on(day_of(entry.event.at))
        if not entry.completed:
            asked = frozenset(concern for concern in asked if concern[0] in _AT_THE_DOOR)
        return unchecked | (asked - entry.said.keys())

    def unchecked_core(self, entry: Entry) -> frozenset[Concern]:
        """The core items that applied on a visit and were answered U, or not at all."""
        items = self.checklist.items
        return frozenset(concern for concern in self.unknown(entry) if items[concern[0]].core)


_AT_THE_DOOR = ("ACC-01", "ACC-02")
