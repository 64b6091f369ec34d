"""What a visit left open: the questions that applied, and were not answered or not checked."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from shared.checklist import asked_of_one
from shared.clocks import day_of, months_old
from shared.entries import Concern, Entry
from shared.facts import Household, Visit
from shared.items import Checklist

# Questions that make sense at a door that did not open.
_AT_THE_DOOR = ("ACC-01", "ACC-02")


class Asking:
    """The questions that apply to a household, whatever else is answered."""

    def __init__(self, checklist: Checklist, household: Household) -> None:
        self.household = household
        self._checklist = checklist
        limits = {item.applies.get("child_under_months", 0) for item in checklist.items.values()}
        self._ages = sorted(limits | {0})
        self._asked: dict[tuple[int, ...], frozenset[Concern]] = {}
        self._core: dict[tuple[int, ...], tuple[Concern, ...]] = {}

    def on(self, day: date) -> frozenset[Concern]:
        """Each item that applies on a day, and whom it is about."""
        return self._at(self._stages(day))

    def unknown(self, entry: Entry) -> frozenset[Concern]:
        """What a visit or report left open: answered U; and, let in on a visit, not at all.

        At a door that did not open only what is answered there is asked.
        """
        unchecked = frozenset(c for c, seen in entry.said.items() if seen.meaning.level == "U")
        if not isinstance(entry.event, Visit):
            return unchecked
        asked = self.on(day_of(entry.event.at))
        if not entry.completed:
            asked = frozenset(concern for concern in asked if concern[0] in _AT_THE_DOOR)
        return unchecked | (asked - entry.said.keys())

    def unchecked_core(self, visit: Entry) -> list[Concern]:
        """The core items that applied on a completed visit and were answered U, or not at all."""
        stages = self._stages(date.fromordinal(visit.day))
        core = self._core.get(stages)
        if core is None:
            items = self._checklist.items
            asked = sorted(self._at(stages), key=str)
            core = self._core[stages] = tuple(c for c in asked if items[c[0]].core)
        said = visit.said
        return [c for c in core if c not in said or said[c].meaning.level == "U"]

    def _stages(self, day: date) -> tuple[int, ...]:
        """Which of the checklist's ages each child has reached; 0 for the unborn."""
        return tuple(
            bisect_right(self._ages, months_old(child.born, day)) if child.born else 0
            for child in self.household.children
        )

    def _at(self, stages: tuple[int, ...]) -> frozenset[Concern]:
        asked = self._asked.get(stages)
        if asked is None:
            asked = self._asked[stages] = frozenset(self._apply(stages))
        return asked

    def _apply(self, stages: tuple[int, ...]) -> set[Concern]:
        adults = [item.code for item in self._checklist.items.values() if item.per == "adult"]
        asked: set[Concern] = {(code, a.id) for a in self.household.adults for code in adults}
        for child, stage in zip(self.household.children, stages, strict=True):
            # An unborn child is asked nothing of; what is asked of the household is.
            months = self._ages[stage - 1] if stage else None
            for code, about in asked_of_one(self._checklist, months, child.bottle_fed):
                asked.add((code, child.id if about else None))
        return asked
