"""By when each child must next be seen, as the pack's `seen` section says (rules R06, R17).

A child's time is cut into stretches, from one time she was seen to the next. In each stretch
plans, or concerns without a plan, ask that she be seen in time; the first that is passed counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from shared.clocks import Clock, Holidays, at_five, last_day, under_months
from shared.entries import AFTER_ALL, FROM_THE_START, Entry, Observation, Order
from shared.facts import Child, Decision, PlanStarted, Visit
from shared.history import History
from shared.items import RANKS
from shared.planruns import PlanRun
from shared.rules import Interval, SeenClock


@dataclass(frozen=True, slots=True)
class SeenDue:
    """When a child must next be seen, and the event (last seen, plan or concern) it counts from."""

    child: str
    due_at: datetime
    since: Entry | Observation


def missed(
    history: History,
    clock: SeenClock,
    holidays: Holidays,
    child: Child,
    since: Order,
    until: Order = AFTER_ALL,
    rules: Collection[str] = (),
) -> tuple[Order, list[SeenDue]]:
    """Every due time that passes unseen, from the stretch that holds `since` on, and its start.

    Only what happened before `until` is looked at; the last stretch runs on, so its due time may
    still lie ahead. Passed once, it passes again in the same stretch for a plan begun since, and
    an interval after each decision on what one of `rules` had raised.
    """
    stretches = list(_stretches(history, clock, child.id, since, until))
    first = stretches[-1][0]
    start = first.entry.order if first else FROM_THE_START
    runs = _runs(history, child.id)
    if child.born is None or not (runs or history.worries()):
        return start, []
    asking = _Asking(history, clock, holidays, child, child.born, runs)
    found = [due for each in stretches for due in _passed(asking, *each, rules)]
    return start, found


def _passed(
    asking: _Asking, last: Observation | None, following: Order, rules: Collection[str]
) -> list[SeenDue]:
    """The due times that pass in one stretch."""
    found: list[SeenDue] = []
    for due in sorted(asking.within(last, following), key=_by_due):
        begun = isinstance(due.since.event, PlanStarted) and due.since.event.at
        if not found or (begun and begun > found[-1].due_at):
            found.append(due)
    for due in found:  # grows while it is gone through: a decision may follow a decision
        for decision in _decisions_on(asking.history, due, rules):
            again = asking.within(decision, following) if decision.order < following else ()
            found.extend(sorted(again, key=_by_due)[:1])
    return found


def _decisions_on(history: History, due: SeenDue, rules: Collection[str]) -> list[Entry]:
    return [
        history.by_id[act.id]
        for act in history.acts.get(due.since.event.id, ())
        if isinstance(act, Decision)
        and act.kind == "decide"
        and act.rule in rules
        and act.at >= due.due_at
    ]


def _by_due(due: SeenDue) -> tuple[float, Order]:
    return due.due_at.timestamp(), due.since.order


def _stretches(
    history: History, clock: SeenClock, child: str, since: Order, until: Order
) -> Iterator[tuple[Observation | None, Order]]:
    """Each time the child was seen (None: never before) with the place of the next time."""
    times: list[Observation | None] = []
    for seen in reversed(history.about.get((clock.item, child), [])):
        if seen.entry.order < until and isinstance(seen.event, Visit) and clock.counts(seen):
            times.append(seen)
            if seen.entry.order < since:
                break
    else:
        times.append(None)
    following = until
    for last in times:
        yield last, following
        following = last.entry.order if last else following


def _runs(history: History, child: str) -> list[PlanRun]:
    runs = [run for plan in history.plans for run in history.runs(plan)]
    return [run for run in runs if child in run.plan.children]


@dataclass(slots=True)
class _Asking:
    """What asks that one child be seen: her plans, and the household's concerns."""

    history: History
    clock: SeenClock
    holidays: Holidays
    child: Child
    born: date
    runs: list[PlanRun]

    def within(self, last: Entry | Observation | None, following: Order) -> Iterator[SeenDue]:
        """The due times that pass between a time seen and the next."""
        yield from self._by_plans(last, following)
        yield from self._by_concerns(last, following)

    def _by_plans(self, last: Entry | Observation | None, following: Order) -> Iterator[SeenDue]:
        for run in self.runs:
            since = _later(last, run.begun)
            clock = self._interval(run.plan)
            if clock is None or since.order >= following:
                continue
            due = self._due(since, clock)
            in_force = run.ended is None or due.due_at <= run.ended.event.at
            if in_force and _unseen_at(due.due_at, following):
                yield due

    def _by_concerns(self, last: Entry | Observation | None, following: Order) -> Iterator[SeenDue]:
        for interval in self.clock.every:
            if interval.plan != "none" or self._too_old(interval, last):
                continue
            least = RANKS[interval.concern_open or "S"]
            for opened, closed in self._open_periods(least, last, following):
                since = _later(last, opened)
                day = date.fromordinal(_day(since))
                months = interval.child_under_months
                young = months is None or under_months(self.born, max(day, self.born), months)
                if young and since.order < following and (closed is None or closed > since.order):
                    yield from self._unplanned(since, interval.clock, closed, following)

    def _too_old(self, interval: Interval, last: Entry | Observation | None) -> bool:
        months = interval.child_under_months
        if months is None or last is None:
            return False
        return not under_months(self.born, date.fromordinal(_day(last)), months)

    def _open_periods(
        self, least: int, last: Entry | Observation | None, before: Order
    ) -> Iterator[tuple[Observation, Order | None]]:
        for worry in self.history.worries():
            for period in reversed(worry.periods):
                if last is not None and period.closed and period.closed <= last.order:
                    break
                if period.opened.order < before and period.opened.meaning.rank >= least:
                    yield period.opened, period.closed

    def _unplanned(
        self, since: Entry | Observation, clock: Clock, closed: Order | None, following: Order
    ) -> Iterator[SeenDue]:
        """While she is on a plan the plan says how often; when it ends the concern does again."""
        due = self._due(since, clock)
        at = due.due_at
        for run in sorted(self.runs, key=lambda run: run.begun.order):
            if run.begun.event.at <= at and (run.ended is None or run.ended.event.at >= at):
                if run.ended is None:
                    return
                at = run.ended.event.at
        if (closed is None or at.timestamp() <= closed[0]) and _unseen_at(at, following):
            yield SeenDue(due.child, at, due.since)

    def _interval(self, plan: PlanStarted) -> Clock | None:
        if plan.see_every:
            return Clock("working_days", plan.see_every)
        for interval in self.clock.every:
            if interval.plan == "any" or (interval.plan != "none" and plan.kind in interval.plan):
                return interval.clock
        return None

    def _due(self, since: Entry | Observation, clock: Clock) -> SeenDue:
        """When she must be seen, from an event; from birth, if that is later."""
        day = max(date.fromordinal(_day(since)), self.born)
        clocks = [clock]
        limit = self.clock.at_most
        if limit and under_months(self.born, day, limit[0]):
            clocks.append(limit[1])
        calendar = self.clock.calendar_under_months
        if calendar and under_months(self.born, day, calendar):
            clocks += [
                Clock("calendar_days", ceil(each.amount * 7 / 5))
                for each in clocks
                if each.kind == "working_days" and isinstance(each.amount, int)
            ]
        due = min(last_day(each, day, self.holidays) for each in clocks)
        return SeenDue(self.child.id, at_five(due), since)


def _later(last: Entry | Observation | None, begun: Entry | Observation) -> Entry | Observation:
    return last if last is not None and last.order > begun.order else begun


def _day(since: Entry | Observation) -> int:
    return since.entry.day if isinstance(since, Observation) else since.day


def _unseen_at(at: datetime, following: Order) -> bool:
    return at.timestamp() < following[0]
