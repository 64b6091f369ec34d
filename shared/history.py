"""A household's events in the order they happened, indexed once for the questions rules ask."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import TypeVar

from shared.checklist import level_of
from shared.clocks import day_of, under_months
from shared.facts import (
    Acknowledged,
    ActionDone,
    Answer,
    Arrival,
    Child,
    Decision,
    Disagreed,
    Event,
    Household,
    HouseholdRecorded,
    PlanEnded,
    PlanStarted,
    Report,
    Visit,
)
from shared.items import Checklist, Item

RANKS = {"-": -2, "U": -1, "N": 0, "L": 1, "S": 2, "I": 3}
LOW, SIGNIFICANT, IMMEDIATE = RANKS["L"], RANKS["S"], RANKS["I"]
# A pregnancy is counted from 40 weeks before the due date (terms of the rules, "unborn").
PREGNANCY = timedelta(weeks=40)

# When it happened; then, at one moment, what begins before what is seen and what ends after it;
# then the order of receipt.
Order = tuple[datetime, int] | tuple[datetime, int, int]
Concern = tuple[str, str | None]


@dataclass(slots=True, eq=False)
class Observation:
    """One answer as rules see it: chosen codes, level, and when it happened.

    Never changed once made; not frozen only because a frozen one takes three times as long to make.
    """

    event: Visit | Report
    answer: Answer
    item: str
    codes: tuple[str, ...]
    level: str
    rank: int
    about: str | None
    basis: str
    day: int
    order: Order

    @property
    def concern(self) -> Concern:
        """The item and whom it is about: what a level rises and falls on."""
        return (self.item, self.about)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One event in its place: `order` is when it happened, then when it was received."""

    event: Event
    order: Order
    day: int
    observations: tuple[Observation, ...] = ()

    def codes(self, item: str, about: str | None = None) -> tuple[str, ...]:
        """The codes answered to `item` about the household, or about one child or adult."""
        for seen in self.observations:
            if seen.item == item and seen.about == about:
                return seen.codes
        return ()

    @property
    def completed(self) -> bool:
        """A completed visit: the visitor was let in, wholly or in part."""
        return bool(set(self.codes("ACC-01")) & {"in", "part"})


_T = TypeVar("_T", Entry, Observation)
_by_order = attrgetter("order")
_by_day = attrgetter("day")


@dataclass(slots=True)
class History:
    """All of a household's events; every list is in the order things happened."""

    household: Household
    checklist: Checklist
    entries: list[Entry] = field(default_factory=list)
    by_id: dict[str, Entry] = field(default_factory=dict)
    visits: list[Entry] = field(default_factory=list)
    answered: dict[str, list[Observation]] = field(default_factory=dict)
    worrying: dict[str, list[Observation]] = field(default_factory=dict)
    about: dict[Concern, list[Observation]] = field(default_factory=dict)
    plans: dict[str, list[Entry]] = field(default_factory=dict)
    decisions: list[Entry] = field(default_factory=list)
    acts: list[Event] = field(default_factory=list)
    disagreements: list[Entry] = field(default_factory=list)
    _serious: set[Concern] = field(default_factory=set)
    _named: dict[str, datetime] = field(default_factory=dict)
    _recorded_at: datetime | None = None

    def add(self, event: Event) -> Entry:
        """Put an event in its place and return it there."""
        order = (event.at, _place(event), len(self.entries))
        observations = tuple(self._observe(event, order))
        entry = Entry(event, order, day_of(event.at).toordinal(), observations)
        _insert(self.entries, entry)
        self.by_id[event.id] = entry
        for seen in observations:
            _insert(self.answered.setdefault(seen.item, []), seen)
            _insert(self.about.setdefault(seen.concern, []), seen)
            if seen.rank >= LOW:
                _insert(self.worrying.setdefault(seen.item, []), seen)
            if seen.rank >= SIGNIFICANT:
                self._serious.add(seen.concern)
        self._file(event, entry)
        return entry

    def _observe(self, event: Event, order: Order) -> Iterator[Observation]:
        if isinstance(event, (Visit, Report)):
            day = day_of(event.at).toordinal()
            items = self.checklist.items
            for answer in event.answers:
                item = items[answer.item]
                level = level_of(item, answer.value)
                codes = _codes(item, answer.value)
                yield Observation(
                    event,
                    answer,
                    answer.item,
                    codes,
                    level,
                    RANKS[level],
                    answer.about,
                    answer.basis,
                    day,
                    order,
                )

    def _file(self, event: Event, entry: Entry) -> None:
        if isinstance(event, (Acknowledged, ActionDone, Decision)):
            self.acts.append(event)
        match event:
            case Visit():
                _insert(self.visits, entry)
            case HouseholdRecorded():
                if self._recorded_at is None or event.at >= self._recorded_at:
                    self.household, self._recorded_at = event.household, event.at
            case PlanStarted() | PlanEnded():
                _insert(self.plans.setdefault(event.plan, []), entry)
            case Decision():
                _insert(self.decisions, entry)
            case Disagreed():
                _insert(self.disagreements, entry)
        for child in _children_named(event):
            self._named[child] = min(event.at, self._named.get(child, event.at))

    def until(self, entry: Entry, seen: Sequence[Observation]) -> int:
        """How many of `seen` had happened by `entry`, itself included."""
        if not seen or seen[-1].order <= entry.order:
            return len(seen)
        return bisect_right(seen, entry.order, key=_by_order)

    def within(
        self, entry: Entry, days: int, items: Iterable[str], *, at_least: str | None = None
    ) -> list[Observation]:
        """What was answered to `items` by `entry` and at most `days` calendar dates before it.

        With `at_least` only what can reach that level is looked through, and may be returned.
        """
        held = self.answered if at_least is None else self.worrying
        found: list[Observation] = []
        for item in items:
            seen = held.get(item)
            if seen:
                start = bisect_left(seen, entry.day - days, key=_by_day)
                found.extend(seen[start : self.until(entry, seen)])
        return found

    def visits_within(self, entry: Entry, days: int | None = None) -> list[Entry]:
        """Visits by `entry`, itself included, at most `days` calendar dates before it."""
        end = bisect_right(self.visits, entry.order, key=_by_order)
        start = 0 if days is None else bisect_left(self.visits, entry.day - days, key=_by_day)
        return self.visits[start:end]

    def later(self, entry: Entry) -> list[Entry]:
        """Events already held that happened after `entry`."""
        if self.entries[-1] is entry:
            return []
        return self.entries[bisect_right(self.entries, entry.order, key=_by_order) :]

    def plans_in_force(self, at: datetime) -> list[PlanStarted]:
        """The plans in force at a moment, as they then stood; at its last moment one still is."""
        held = [self.plan_at(plan, at) for plan in self.plans]
        return [plan for plan in held if plan is not None]

    def plan_at(self, plan: str, at: datetime) -> PlanStarted | None:
        """A plan as it stood at a moment; None before it began and after it ended."""
        last: Event | None = None
        for step in self.plans.get(plan, ()):
            ends = isinstance(step.event, PlanEnded)
            if step.event.at < at or (step.event.at == at and not ends):
                last = step.event
        return last if isinstance(last, PlanStarted) else None

    def children_here(self, day: date) -> list[Child]:
        """The born children of the household on a day."""
        return [c for c in self.household.children if c.born and c.born <= day]

    def unborn(self, at: datetime) -> list[Child]:
        """Unborn children by `at`: named by an event, or within 40 weeks of the due date."""
        day = day_of(at)
        return [c for c in self.household.children if self._is_unborn(c, at, day)]

    def _is_unborn(self, child: Child, at: datetime, day: date) -> bool:
        if child.born and child.born <= day:
            return False
        named = self._named.get(child.id)
        if named is not None and named <= at:
            return True
        return child.due is not None and child.due - PREGNANCY <= day

    def has_child_under(self, months: int, day: date) -> bool:
        """Whether a child under so many calendar months lives in the household on a day."""
        return any(
            c.born is not None and under_months(c.born, day, months)
            for c in self.children_here(day)
        )

    def open_concerns(
        self, before: Order, *, received_by: datetime | None = None
    ) -> list[Observation]:
        """The observation that opened each concern still open, of all that happened before.

        With `received_by` also of what happened later and had been received by then.

        Open: the level reached S, and nothing since answered N or L with basis seen, and no named
        decision lowered or closed it. Any other later answer leaves it open.
        """
        concerns = sorted(self._serious, key=lambda key: (key[0], key[1] or ""))
        opened = [self._opened_by(concern, before, received_by) for concern in concerns]
        return [seen for seen in opened if seen is not None]

    def _opened_by(
        self, concern: Concern, before: Order, received_by: datetime | None
    ) -> Observation | None:
        opened: Observation | None = None
        decided = [e for e in self.decisions if _closes(e.event, concern)]
        steps: list[Observation | Entry] = [*self.about[concern], *decided]
        for step in sorted(steps, key=_by_order):
            if step.order >= before and not (received_by and step.event.received_at <= received_by):
                continue
            if isinstance(step, Entry) or (step.basis == "seen" and step.level in ("N", "L")):
                opened = None
            elif step.rank >= SIGNIFICANT:
                opened = opened or step
        return opened

    def copy(self) -> History:
        """A history that can be added to without changing this one."""
        return replace(
            self,
            entries=self.entries[:],
            by_id=dict(self.by_id),
            visits=self.visits[:],
            answered={item: seen[:] for item, seen in self.answered.items()},
            worrying={item: seen[:] for item, seen in self.worrying.items()},
            about={concern: seen[:] for concern, seen in self.about.items()},
            plans={plan: steps[:] for plan, steps in self.plans.items()},
            decisions=self.decisions[:],
            acts=self.acts[:],
            disagreements=self.disagreements[:],
            _serious=set(self._serious),
            _named=dict(self._named),
        )


def _place(event: Event) -> int:
    if isinstance(event, (HouseholdRecorded, PlanStarted)):
        return 0
    return 2 if isinstance(event, PlanEnded) else 1


def _closes(event: Event, concern: Concern) -> bool:
    """Whether a decision lowers this concern to N or L, or closes it."""
    if not isinstance(event, Decision) or (event.item, event.about) != concern:
        return False
    return event.kind == "close_concern" or (event.kind == "lower_level" and event.to in ("N", "L"))


def _insert(ordered: list[_T], new: _T) -> None:
    if not ordered or ordered[-1].order <= new.order:
        ordered.append(new)
    else:
        insort(ordered, new, key=_by_order)


def _codes(item: Item, value: str | tuple[str, ...] | float) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return (value,) if item.kind != "text" else ()
    band = item.band_of(value)
    return (band.code,) if band else ()


def _children_named(event: Event) -> Iterator[str]:
    match event:
        case Visit() | Report():
            yield from (a.about for a in event.answers if a.about)
        case PlanStarted():
            yield from event.children
        case Arrival():
            yield event.child
        case Decision():
            if event.about:
                yield event.about
