"""What stands against closing a case or stepping a plan down: every blocker, listed (R17).

A request meets what had happened by then, and as well what the office had been told by the time it
received the request. What stands against it in either light is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.entries import Entry
from shared.escalation import Escalation, RequiredAction
from shared.facts import ClosureRequest, Disagreed
from shared.history import History
from shared.seen import missed

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


def undone(demands: Iterable[Demand], entry: Entry) -> Iterator[Blocker]:
    """Each required action that was not on record as done when asked, due or not yet."""
    for demand in demands:
        action = demand.action
        if action.done_at is None or action.done_at > entry.event.at:
            yield {
                "kind": "action_not_done",
                "action": action.code,
                "who": action.who,
                "due_at": action.due_at.isoformat() if action.due_at else None,
                "rule": demand.source.rule if demand.source else None,
                "plan": demand.plan,
                "event": action.required_by,
            }


def not_seen(history: History, entry: Entry, book: Any) -> Iterator[Blocker]:
    """Each child on a plan in force who has not been seen within the plan's interval."""
    at, before = entry.event.at, entry.order
    stepped = entry.event.plan if isinstance(entry.event, ClosureRequest) else None
    plans = [plan for plan in history.plans_in_force(at) if stepped in (None, plan.plan)]
    on_plan = {child for plan in plans for child in plan.children}
    for child in history.household.children:
        if child.id in on_plan:
            _, late = missed(history, book.rules.seen, book.holidays, child, before, before)
            for due in late[:1]:
                yield {
                    "kind": "not_seen",
                    "child": child.id,
                    "due_at": due.due_at.isoformat(),
                    "event": due.since.event.id,
                }


def could_not_check(history: History, entry: Entry) -> Iterator[Blocker]:
    """Each core item that was U or blank on the latest completed visit.

    Where no visit was ever completed everything is blank, which stands against closing as well.
    """
    by_then = [v for v in history.completed if v.order[0] <= entry.order[0]][-1:]
    known = [v for v in history.completed if v.event.received_at <= entry.event.received_at][-1:]
    if not by_then and not known:
        yield {"kind": "could_not_check", "item": None, "about": None, "event": None}
    for visit in {id(visit): visit for visit in (*by_then, *known)}.values():
        for item, about in history.asking.unchecked_core(visit):
            yield {
                "kind": "could_not_check",
                "item": item,
                "about": about,
                "event": visit.event.id,
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
    by_then = other.order[0] <= request.order[0]
    return by_then or other.event.received_at <= request.event.received_at
