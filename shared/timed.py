"""What time alone will raise: an action that passes its due time, a child not seen in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.entries import AFTER_ALL, Order
from shared.gate import Demand
from shared.history import History
from shared.record import Record
from shared.rules import Rule
from shared.seen import SeenDue, missed


@dataclass(frozen=True, slots=True)
class Pending:
    """What time will raise: once later than `due_at`, if the office knows of it by then."""

    rule: Rule
    what: Demand | SeenDue
    due_at: datetime
    known_at: datetime

    @property
    def received_at(self) -> datetime:
        """When the office could first know that it was overdue."""
        return max(self.due_at, self.known_at)


class Clocks:
    """The clocks that run in one case; each is dropped once it is done in time or raised."""

    def __init__(self, history: History, record: Record, book: Any) -> None:
        self._history, self._record, self._book = history, record, book
        timed = [rule for rule in book.rules.rules if rule.raised_by_time]
        self._overdue = [rule for rule in timed if "overdue" in rule.doc["when"]]
        self._not_seen = [rule for rule in timed if "not_seen" in rule.doc["when"]]
        self._own = {rule.id for rule in self._overdue}
        self._soonest: float | None = None
        self._undone: dict[str, Demand] = {}
        self._unseen: dict[str, list[Pending]] = {}

    def watch(self, demands: Iterable[Demand]) -> None:
        """Run the clocks of required actions; those of R18 itself climb by the ladder alone."""
        for demand in demands:
            if demand.action.due_at is None or (demand.source and demand.source.rule in self._own):
                continue
            subject = demand.subject
            if not self._record.is_raised(subject):
                self._undone[subject] = demand
        self._soonest = None

    def look_again(self, since: Order, known_at: datetime) -> None:
        """Work out afresh, from a place in the history on, by when each child must be seen."""
        history = self._history
        if not (history.plans or history.worries()):
            return
        self._soonest = None
        clock, holidays = self._book.rules.seen, self._book.holidays
        for rule in self._not_seen:
            for child in history.household.children:
                start, dues = missed(history, clock, holidays, child, since, rules=(rule.id,))
                kept = [p for p in self._unseen.get(child.id, ()) if _begun(p) < start]
                self._unseen[child.id] = kept + [
                    Pending(rule, due, due.due_at, known_at)
                    for due in dues
                    if not self._record.is_raised(not_seen_subject(due))
                ]

    def first(self, now: datetime) -> Pending | None:
        """What is to be raised first of all that is overdue and known by `now`."""
        if self._soonest is None:
            self._soonest = min(map(_by_receipt, self.pending()), default=float("inf"))
        if now.timestamp() < self._soonest:
            return None
        late = [each for each in self.pending() if each.due_at < now and each.known_at <= now]
        if not late:
            self._soonest = None  # what was nearest has been done
        return min(late, key=_in_turn, default=None)

    def pending(self) -> Iterator[Pending]:
        """What time will raise and has not yet raised."""
        for subject, demand in list(self._undone.items()):
            action = demand.action
            if action.done_in_time or self._plan_over(demand) or action.due_at is None:
                del self._undone[subject]
                continue
            for rule in self._overdue:
                yield Pending(rule, demand, action.due_at, action.known_at)
        for dues in self._unseen.values():
            yield from dues

    def drop(self, raised: Pending) -> None:
        """Stop the clock of what has been raised."""
        self._soonest = None
        if isinstance(raised.what, Demand):
            del self._undone[raised.what.subject]
        else:
            child = raised.what.child
            self._unseen[child] = [each for each in self._unseen[child] if each is not raised]

    def _plan_over(self, demand: Demand) -> bool:
        if demand.plan is None or demand.action.due_at is None:
            return False
        for run in self._history.runs(demand.plan):
            if any(step.event.id == demand.action.required_by for step in run.steps):
                return run.ended is not None and run.ended.event.at <= demand.action.due_at
        return False


def not_seen_subject(due: Demand | SeenDue) -> str:
    """What names a child's not having been seen since an event."""
    return f"not_seen|{due.child}|{due.since.event.id}" if isinstance(due, SeenDue) else ""


def _begun(pending: Pending) -> Order:
    return pending.what.since.order if isinstance(pending.what, SeenDue) else AFTER_ALL


def _in_turn(pending: Pending) -> tuple[float, str]:
    """First what could be known first; of one moment, in an order that does not hang on a list."""
    what = pending.what
    subject = not_seen_subject(what) if isinstance(what, SeenDue) else what.subject
    return pending.received_at.timestamp(), subject


def _by_receipt(pending: Pending) -> float:
    return pending.received_at.timestamp()
