"""By when each child must next be seen, as the pack's `seen` section says (rules R06, R17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from shared.clocks import Holidays, add_working_days, at_five, day_of, under_months
from shared.facts import Child, PlanStarted
from shared.history import RANKS, Entry, History, Observation, Order
from shared.rules import Interval, SeenClock


@dataclass(frozen=True, slots=True)
class SeenDue:
    """A child's next due time, and the event (last seen, plan or concern) it counts from."""

    child: str
    due_at: datetime
    since: Entry | Observation


def seen_due(
    history: History, clock: SeenClock, holidays: Holidays, before: Order
) -> list[SeenDue]:
    """For each child with an interval running: the earliest time she must next be seen."""
    found = []
    for child in history.household.children:
        running = list(_running(history, clock, holidays, before, child))
        if running:
            found.append(min(running, key=lambda due: due.due_at))
    return found


def _running(
    history: History, clock: SeenClock, holidays: Holidays, before: Order, child: Child
) -> Iterator[SeenDue]:
    at = before[0]
    if child.born is None or child.born > day_of(at):
        return
    plans = [plan for plan in history.plans_in_force(at) if child.id in plan.children]
    for plan in plans:
        begun = history.by_id[plan.id]
        days = plan.see_every or _default_days(clock, plan)
        if days:
            yield _due(history, clock, holidays, before, child, begun, days)
    if not plans:
        yield from _without_plan(history, clock, holidays, before, child)


def _default_days(clock: SeenClock, plan: PlanStarted) -> int | None:
    for interval in clock.every:
        if interval.plan == "any" or (interval.plan != "none" and plan.kind in interval.plan):
            return interval.working_days
    return None


def _without_plan(
    history: History, clock: SeenClock, holidays: Holidays, before: Order, child: Child
) -> Iterator[SeenDue]:
    for interval in clock.every:
        if interval.plan == "none" and _young_enough(interval, child, before):
            least = RANKS[interval.concern_open or "S"]
            held = [seen for seen in history.open_concerns(before) if seen.rank >= least]
            if held:
                first = min(held, key=lambda seen: seen.order)
                days = interval.working_days
                yield _due(history, clock, holidays, before, child, first, days)


def _young_enough(interval: Interval, child: Child, before: Order) -> bool:
    months = interval.child_under_months
    return months is None or (
        child.born is not None and under_months(child.born, day_of(before[0]), months)
    )


def _due(
    history: History,
    clock: SeenClock,
    holidays: Holidays,
    before: Order,
    child: Child,
    begun: Entry | Observation,
    working_days: int,
) -> SeenDue:
    seen = [
        observation
        for observation in history.about.get((clock.item, child.id), [])
        if observation.order < before and clock.counts(observation)
    ]
    since: Entry | Observation = max([begun, *seen[-1:]], key=lambda each: each.order)
    assert child.born is not None  # noqa: S101  (only born children are counted; for the type)
    day = max(day_of(since.order[0]), child.born)
    if clock.at_most and under_months(child.born, day, clock.at_most[0]):
        working_days = min(working_days, clock.at_most[1])
    due = add_working_days(day, working_days, holidays)
    if clock.calendar_under_months and under_months(child.born, day, clock.calendar_under_months):
        due = min(due, day + timedelta(days=ceil(working_days * 7 / 5)))
    return SeenDue(child.id, at_five(due), since)
