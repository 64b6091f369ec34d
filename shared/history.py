"""A household's events in the order they happened, indexed once for the questions rules ask."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import TypeVar

from shared.asking import Asking
from shared.clocks import day_of, under_months
from shared.entries import AFTER_ALL, Concern, Entry, Observation, Order
from shared.facts import (
    Acknowledged,
    ActionDone,
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
from shared.items import RANKS, Checklist, Meaning
from shared.planruns import PlanRun, runs_of
from shared.worries import Worry

LOW, SIGNIFICANT, IMMEDIATE = RANKS["L"], RANKS["S"], RANKS["I"]
# A pregnancy is counted from 40 weeks before the due date (terms of the rules, "unborn").
PREGNANCY = timedelta(weeks=40)
_LET_IN = frozenset(("in", "part"))

_T = TypeVar("_T", Entry, Observation)
_by_order = attrgetter("order")
_by_day = attrgetter("day")


def _by_moment(held: Entry | Observation) -> float:
    return held.order[0]


def _day_of_observation(seen: Observation) -> int:
    return seen.entry.day


@dataclass(slots=True)
class History:
    """All of a household's events; every list is in the order things happened."""

    household: Household
    checklist: Checklist
    entries: list[Entry] = field(default_factory=list)
    by_id: dict[str, Entry] = field(default_factory=dict)
    visits: list[Entry] = field(default_factory=list)
    completed: list[Entry] = field(default_factory=list)
    about: dict[Concern, list[Observation]] = field(default_factory=dict)
    worrying: list[Observation] = field(default_factory=list)
    plans: dict[str, list[Entry]] = field(default_factory=dict)
    arrivals: list[Entry] = field(default_factory=list)
    acts: dict[str, list[Event]] = field(default_factory=dict)
    disagreements: list[Entry] = field(default_factory=list)
    _received: int = 0
    _worries: dict[Concern, Worry] = field(default_factory=dict)
    _closings: dict[Concern, list[Entry]] = field(default_factory=dict)
    _recorded_at: datetime | None = None
    _recorded: Household = field(init=False)
    _asking: Asking | None = None

    def __post_init__(self) -> None:
        self._recorded = self.household

    @property
    def child_ids(self) -> frozenset[str]:
        """The ids of the household's children."""
        return self.asking.child_ids

    @property
    def asking(self) -> Asking:
        """What is asked of this household, and what a visit to it left open."""
        if self._asking is None or self._asking.household is not self.household:
            self._asking = Asking(self.checklist, self.household)
        return self._asking

    def add(self, event: Event) -> Entry:
        """Put an event in its place and return it there."""
        self._received += 1
        order = (event.at.timestamp(), _place(event), self._received)
        entry = Entry(event, order, day_of(event.at).toordinal())
        _insert(self.entries, entry)
        self.by_id[event.id] = entry
        if isinstance(event, (Visit, Report)):
            self._observe(event, entry)
        else:
            self._file(event, entry)
        return entry

    def _observe(self, event: Visit | Report, entry: Entry) -> None:
        about, said, worries = self.about, entry.said, self._worries
        known, is_last = self.checklist.meanings, self.entries[-1] is entry
        for answer in event.answers:
            concern = (answer.item, answer.about)
            if concern in said:
                continue
            means = known.get((answer.item, answer.value))
            if means is None:
                means = self.checklist.meaning(answer.item, answer.value)
            said[concern] = seen = Observation(entry, answer, means)
            line = about.get(concern)
            if line is None:
                about[concern] = [seen]
            elif is_last:
                line.append(seen)
            else:
                _insert(line, seen)
            if means.rank >= LOW or concern in worries:
                self._weigh(seen, concern, is_last)
        if isinstance(event, Visit):
            _insert(self.visits, entry)
            entry.completed = not _LET_IN.isdisjoint(entry.codes("ACC-01"))
            if entry.completed:
                _insert(self.completed, entry)

    def _weigh(self, seen: Observation, concern: Concern, is_last: bool) -> None:
        if seen.meaning.rank >= LOW:
            _insert(self.worrying, seen)
        if concern in self._worries:
            self._worries[concern].add(seen, is_latest=is_last)
        elif seen.meaning.rank >= SIGNIFICANT:
            self._begin_worry(concern, seen)

    def _begin_worry(self, concern: Concern, first: Observation) -> None:
        closings = self._closings.setdefault(concern, [])
        self._worries[concern] = Worry(self.about[concern], closings)
        self._worries[concern].begin(first)
        worries = sorted(self._worries.items(), key=_by_name)
        self._worries.clear()
        self._worries.update(worries)

    def _file(self, event: Event, entry: Entry) -> None:
        for named in _named_by(event):
            self.acts.setdefault(named, []).append(event)
        match event:
            case HouseholdRecorded():
                if self._recorded_at is None or event.at >= self._recorded_at:
                    self._recorded, self._recorded_at = event.household, event.at
                    self.household = self._with_births(event.household)
            case PlanStarted() | PlanEnded():
                _insert(self.plans.setdefault(event.plan, []), entry)
            case Arrival():
                _insert(self.arrivals, entry)
                self.household = self._with_births(self._recorded)
            case Decision() if event.item and _closes(event):
                concern = (event.item, event.about)
                _insert(self._closings.setdefault(concern, []), entry)
                if concern in self._worries:
                    self._worries[concern].add(entry, is_latest=self.entries[-1] is entry)
            case Disagreed():
                _insert(self.disagreements, entry)

    def _with_births(self, household: Household) -> Household:
        """The household with each child as born whose birth, or coming home, is on record."""
        children = tuple(
            child if child.born else replace(child, born=self._born(child))
            for child in household.children
        )
        return (
            household if children == household.children else replace(household, children=children)
        )

    def _born(self, child: Child) -> date | None:
        """The day of the birth on record; home without one, the due date if that is earlier."""
        came = [
            e for e in self.arrivals if isinstance(e.event, Arrival) and e.event.child == child.id
        ]
        for kinds in (("birth",), ("discharge", "return_home")):
            days = [date.fromordinal(e.day) for e in came if getattr(e.event, "kind", "") in kinds]
            if days:
                earliest = days[0]
                return earliest if kinds == ("birth",) else min(earliest, child.due or earliest)
        return None

    def until(self, entry: Entry, seen: list[Observation]) -> int:
        """How many of `seen` had happened by `entry`; all of the same minute is known together."""
        if not seen or seen[-1].entry.order[0] <= entry.order[0]:
            return len(seen)
        return bisect_right(seen, entry.order[0], key=_by_moment)

    def successive(self, seen: Observation) -> Iterator[Observation]:
        """Answers to the same item about the same one, from this one back."""
        line = self.about[seen.concern]
        for n in range(self.until(seen.entry, line) - 1, -1, -1):
            yield line[n]

    def worrying_within(self, entry: Entry, days: int) -> list[Observation]:
        """Answers at L or above by `entry` and at most `days` calendar dates before it."""
        seen = self.worrying
        start = bisect_left(seen, entry.day - days, key=_day_of_observation)
        return seen[start : self.until(entry, seen)]

    def answers_within(
        self, entry: Entry, days: int, means: Callable[[Meaning], bool]
    ) -> list[Observation]:
        """Answers of a certain meaning, whatever their level; slower than `worrying_within`."""
        found: list[Observation] = []
        for line in self.about.values():
            start = bisect_left(line, entry.day - days, key=_day_of_observation)
            found += [s for s in line[start : self.until(entry, line)] if means(s.meaning)]
        return sorted(found, key=_by_order)

    def visits_within(self, entry: Entry, days: int) -> list[Entry]:
        """Visits by `entry`, itself included, at most `days` calendar dates before it."""
        end = bisect_right(self.visits, entry.order[0], key=_by_moment)
        start = bisect_left(self.visits, entry.day - days, key=_by_day)
        return self.visits[start:end]

    def completed_by(self, entry: Entry, visits: int) -> list[Entry]:
        """The latest so many completed visits by `entry`, itself included, in order."""
        end = bisect_right(self.completed, entry.order, key=_by_order)
        return self.completed[max(0, end - visits) : end]

    def later(self, entry: Entry) -> list[Entry]:
        """Events already held that happened after `entry`, or at the same minute."""
        start = len(self.entries)
        while start and self.entries[start - 1].order[0] >= entry.order[0]:
            start -= 1
        return [other for other in self.entries[start:] if other is not entry]

    def runs(self, plan: str) -> list[PlanRun]:
        """The stretches of time over which a plan was in force."""
        return list(runs_of(self.plans.get(plan, ())))

    def plans_in_force(self, at: datetime) -> list[PlanStarted]:
        """The plans in force at a moment, as they then stood; at its last moment one still is."""
        held = [self.plan_at(plan, at) for plan in self.plans]
        return [plan for plan in held if plan is not None]

    def plan_at(self, plan: str, at: datetime) -> PlanStarted | None:
        """A plan as it stood at a moment; None before it began and after it ended."""
        stood = [run.plan_at(at.timestamp()) for run in self.runs(plan)]
        return next((each for each in reversed(stood) if each is not None), None)

    def begun(self, plan: str, at: datetime) -> Entry:
        """What began the stretch over which a plan is in force at a moment."""
        moment = at.timestamp()
        runs = self.runs(plan)
        return next((r.begun for r in reversed(runs) if r.plan_at(moment)), runs[0].begun)

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
        if child.due is not None and child.due - PREGNANCY <= day:
            return True
        return any(child.id in _children_named(e) for e in self.entries if e.event.at <= at)

    def has_child_under(self, months: int, day: date) -> bool:
        """Whether a child under so many calendar months lives in the household on a day."""
        return any(
            c.born is not None and under_months(c.born, day, months)
            for c in self.household.children
        )

    def is_worry(self, concern: Concern) -> bool:
        """Whether a concern has ever reached S."""
        return concern in self._worries

    def worries(self) -> Collection[Worry]:
        """Every concern that ever reached S, with the stretches over which it was open."""
        return self._worries.values()

    def open_concerns(
        self, before: Order, *, received_by: datetime | None = None
    ) -> list[Observation]:
        """The observation that opened each concern still open, of all that happened before.

        With `received_by` also each that is open in the light of all received by then.

        Open: the level reached S, and nothing since answered N or L with basis seen, and no named
        decision lowered or closed it. Any other later answer leaves it open.
        """
        found = []
        for worry in self._worries.values():
            opened = worry.open_at(before)
            if opened is None and received_by is not None:
                at_once = (before[0], *AFTER_ALL[1:])
                known = worry.known_by(received_by)
                opened = worry.open_at(at_once) or known.open_at(AFTER_ALL)
            if opened is not None:
                found.append(opened)
        return found

    def copy(self) -> History:
        """A history that can be added to without changing this one."""
        other = History(self._recorded, self.checklist)
        for entry in sorted(self.entries, key=lambda each: each.order[2]):
            other.add(entry.event)
        return other

    def take_back(self, entry: Entry) -> None:
        """Forget a visit or report that was added only to look ahead."""
        for concern, seen in reversed(entry.said.items()):
            _remove(self.about[concern], seen)
            if not self.about[concern]:
                del self.about[concern]
            if seen.meaning.rank >= LOW:
                _remove(self.worrying, seen)
            if concern in self._worries:
                self._worries[concern].take_back(seen)
                if not self._worries[concern].periods:
                    del self._worries[concern]
        _remove(self.entries, entry)
        del self.by_id[entry.event.id]
        if isinstance(entry.event, Visit):
            _remove(self.visits, entry)
            if entry.completed:
                _remove(self.completed, entry)


def _by_name(each: tuple[Concern, Worry]) -> tuple[str, str]:
    return (each[0][0], each[0][1] or "")


def _place(event: Event) -> int:
    if isinstance(event, (HouseholdRecorded, PlanStarted)):
        return 0
    return 2 if isinstance(event, (PlanEnded, Decision)) else 1


def _closes(event: Decision) -> bool:
    """Whether a decision lowers the concern it names to N or L, or closes it."""
    return event.kind == "close_concern" or (event.kind == "lower_level" and event.to in ("N", "L"))


def _named_by(event: Event) -> list[str]:
    """The event, and the plan, that an act is about."""
    match event:
        case Acknowledged() | Decision():
            named = [event.on]
        case ActionDone():
            named = [event.on, event.plan]
        case _:
            named = []
    return [each for each in named if each is not None]


def _insert(ordered: list[_T], new: _T) -> None:
    if not ordered or ordered[-1].order <= new.order:
        ordered.append(new)
    else:
        insort(ordered, new, key=_by_order)


def _remove(ordered: list[_T], old: _T) -> None:
    if ordered[-1] is old:
        ordered.pop()
    else:
        ordered.remove(old)


def _children_named(entry: Entry) -> set[str | None]:
    match entry.event:
        case PlanStarted() as plan:
            return {*plan.children}
        case Arrival() as arrival:
            return {arrival.child}
        case Decision() as decision:
            return {decision.about}
    return {about for _, about in entry.said}
