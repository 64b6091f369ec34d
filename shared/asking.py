"""What a visit left open: the questions that applied, and were not answered or not checked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from shared.checklist import asked_of_one
from shared.clocks import turns
from shared.entries import Concern, Entry
from shared.facts import Household, Visit
from shared.items import Checklist

# Questions that make sense at a door that did not open.
_AT_THE_DOOR = ("ACC-01", "ACC-02")


class Asking:
    """The questions that apply to a household, whatever else is answered."""

    def __init__(self, checklist: Checklist, household: Household) -> None:
        self.household = household
        self.child_ids = frozenset(child.id for child in household.children)
        self._checklist = checklist
        limits = {item.applies.get("child_under_months", 0) for item in checklist.items.values()}
        self._ages = sorted(limits | {0})
        # For each child the days on which she reaches the ages that questions depend on.
        self._turns = [
            [turns(child.born, months).toordinal() for months in self._ages] if child.born else []
            for child in household.children
        ]
        self._core: dict[tuple[int, ...], tuple[Concern, ...]] = {}

    def on(self, day: int) -> set[Concern]:
        """Each item that applies on a day (as a number), and whom it is about."""
        return set(self._asked(self._stages(day)))

    def unknown(self, entry: Entry) -> frozenset[Concern]:
        """What a visit or report left open: answered U; and, let in on a visit, not at all.

        At a door that did not open only what is answered there is asked.
        """
        unchecked = frozenset(c for c, seen in entry.said.items() if seen.meaning.level == "U")
        if not isinstance(entry.event, Visit):
            return unchecked
        asked = self.on(entry.day)
        if not entry.completed:
            asked = {concern for concern in asked if concern[0] in _AT_THE_DOOR}
        return unchecked | (asked - entry.said.keys())

    def unchecked_core(self, visit: Entry) -> list[Concern]:
        """The core items that applied on a completed visit and were answered U, or not at all."""
        if visit.unchecked is None or visit.unchecked[0] is not self.household:
            visit.unchecked = (self.household, self._unchecked(visit))
        return visit.unchecked[1]

    def _unchecked(self, visit: Entry) -> list[Concern]:
        stages = self._stages(visit.day)
        core = self._core.get(stages)
        if core is None:
            items = self._checklist.items
            asked = (each for each in self._asked(stages) if items[each[0]].core)
            core = self._core[stages] = tuple(dict.fromkeys(asked))
        said = visit.said
        return [c for c in core if c not in said or said[c].meaning.level == "U"]

    def _stages(self, day: int) -> tuple[int, ...]:
        """Which of the checklist's ages each child has reached; 0 for the unborn."""
        return tuple([bisect_right(reached, day) for reached in self._turns])

    def _asked(self, stages: tuple[int, ...]) -> Iterator[Concern]:
        for child, stage in zip(self.household.children, stages, strict=True):
            # An unborn child is asked nothing of; what is asked of the household is.
            months = self._ages[stage - 1] if stage else None
            for code, about in asked_of_one(self._checklist, months, child.bottle_fed):
                yield code, child.id if about else None
        for item in self._checklist.items.values():
            if item.per == "adult":
                yield from ((item.code, adult.id) for adult in self.household.adults)
