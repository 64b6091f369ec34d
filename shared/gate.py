"""What stands against closing a case or stepping a plan down: every blocker, listed (R17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.escalation import Escalation, RequiredAction
from shared.facts import ClosureRequest, Disagreed, Event
from shared.history import Entry, History
from shared.patterns import unchecked_core
from shared.seen import seen_due

Blocker = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Demand:
    """A required action with what asked for it: an escalation, or a plan."""

    action: RequiredAction
    source: Escalation | None
    plan: str | None
    children: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What names this demand, should it become overdue."""
        source = self.source.id if self.source else self.plan
        return "|".join((source or "", *map(str, self.action.key)))


def open_concerns(history: History, entry: Entry) -> Iterator[Blocker]:
    """Each concern at S or above that nobody has seen better or closed by name."""
    for seen in history.open_concerns(entry.order, received_by=entry.event.received_at):
        yield {
            "kind": "open_concern",
            "item": seen.item,
            "about": seen.about,
            "answer": list(seen.codes),
            "event": seen.event.id,
            "since": seen.event.at.isoformat(),
        }


def undone(demands: Iterator[Demand]) -> Iterator[Blocker]:
    """Each required action without a record that it was done, due or not yet."""
    for demand in demands:
        if demand.action.done_at is None:
            yield {
                "kind": "action_not_done",
                "action": demand.action.code,
                "who": demand.action.who,
                "due_at": demand.action.due_at.isoformat(),
                "rule": demand.source.rule if demand.source else None,
                "plan": demand.plan,
                "event": demand.action.required_by,
            }


def not_seen(history: History, entry: Entry, book: Any) -> Iterator[Blocker]:
    """Each child on a plan in force who has not been seen within the plan's interval."""
    at = entry.event.at
    plans = history.plans_in_force(at)
    stepped = entry.event.plan if isinstance(entry.event, ClosureRequest) else None
    on_plan = {c for plan in plans if stepped in (None, plan.plan) for c in plan.children}
    for due in seen_due(history, book.rules.seen, book.holidays, entry.order):
        if due.child in on_plan and due.due_at < at:
            yield {
                "kind": "not_seen",
                "child": due.child,
                "due_at": due.due_at.isoformat(),
                "event": _event_of(due.since).id,
            }


def could_not_check(history: History, entry: Entry) -> Iterator[Blocker]:
    """Each core item that was U or blank on the latest completed visit.

    Where no visit was ever completed everything is blank, which stands against closing as well.
    """
    completed = [visit for visit in history.visits if visit.completed and _known(visit, entry)]
    if not completed:
        yield {"kind": "could_not_check", "item": None, "about": None, "event": None}
        return
    for item, about in unchecked_core(history, completed[-1]):
        yield {
            "kind": "could_not_check",
            "item": item,
            "about": about,
            "event": completed[-1].event.id,
        }


def disagreements(history: History, entry: Entry) -> Iterator[Blocker]:
    """Each disagreement that another agency than the asker's has recorded."""
    asker = entry.event.agency
    for held in history.disagreements:
        said = held.event
        another = not asker or said.agency != asker
        if another and _known(held, entry) and isinstance(said, Disagreed):
            yield {
                "kind": "disagreement",
                "agency": said.agency,
                "by": said.by,
                "reason": said.reason,
                "event": said.id,
            }


def _known(other: Entry, request: Entry) -> bool:
    """What happened before a request stands against it; so does all the office had by then."""
    return other.order < request.order or other.event.received_at <= request.event.received_at


def _event_of(since: Any) -> Event:
    event: Event = since.event
    return event
