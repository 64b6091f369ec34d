"""What people's acts say to what is on record: taken up, decided, done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.escalation import Escalation, RequiredAction
from shared.facts import Acknowledged, ActionDone, Decision, Event, PlanStarted
from shared.gate import Demand
from shared.record import Record
from shared.rules import Pack


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to an escalation."""

    kind: Literal["raised", "extended", "acknowledged", "decided", "action_done"]
    escalation: Escalation


def planned(event: PlanStarted) -> list[Demand]:
    """The actions a plan demands from its start."""
    return [
        Demand(
            RequiredAction(
                code=action.code,
                who=action.who,
                due_at=action.due,
                required_by=event.id,
                required_at=event.at,
                known_at=event.received_at,
            ),
            None,
            event.plan,
            event.children,
        )
        for action in event.actions
    ]


def answer(event: Event, record: Record, pack: Pack) -> list[Change]:
    """Apply an acknowledgement, a decision or an action done; what it changed."""
    match event:
        case Acknowledged():
            return [
                _acknowledge(e, event)
                for e in record.named(event.rule, event.on)
                if e.is_open and e.acknowledged_at is None and e.raised_at <= event.at
            ]
        case Decision(kind="decide"):
            decided = [
                e
                for e in record.named(event.rule, event.on)
                if e.is_open and _covers(event, e) and _may_decide(e, event, pack)
            ]
            changes = [_decide(e, event) for e in decided]
            return changes + _done_late(event, _asking_for_a_decision(decided), record)
        case ActionDone():
            return _done(event, record, pack)
    return []


def waiting(acts: Mapping[str, Sequence[Event]], for_event: Event) -> list[Event]:
    """The acts on record that name an event only now received, or its plan.

    An outbox may be sent in any order, so the record of a call can arrive before its visit.
    """
    found = [act for act in acts.get(for_event.id, ()) if getattr(act, "on", "") == for_event.id]
    if isinstance(for_event, PlanStarted):
        plan = for_event.plan
        found += [act for act in acts.get(plan, ()) if getattr(act, "plan", "") == plan]
    return found


def _acknowledge(escalation: Escalation, event: Acknowledged) -> Change:
    escalation.acknowledged_at = event.at
    escalation.acknowledged_by = event.by
    escalation.acknowledged_received_at = event.received_at
    return Change("acknowledged", escalation)


def _covers(event: Decision, escalation: Escalation) -> bool:
    """A decision answers what had happened by then; what was seen after it is not yet decided."""
    latest = max(evidence.at for evidence in escalation.evidence)
    return max(escalation.raised_at, latest) <= event.at


def _may_decide(escalation: Escalation, event: Decision, pack: Pack) -> bool:
    allowed = pack.rule(escalation.rule).decided_by
    return allowed is None or event.role in allowed


def _decide(escalation: Escalation, event: Decision) -> Change:
    escalation.decided_at = event.at
    escalation.decided_by = event.by
    escalation.decided_received_at = event.received_at
    escalation.decision_reason = event.reason
    return Change("decided", escalation)


def _asking_for_a_decision(decided: Iterable[Escalation]) -> list[Demand]:
    return [
        Demand(action, escalation, None, escalation.children)
        for escalation in decided
        for action in escalation.actions
        if action.done_by_deciding and action.done_at is None
    ]


def _done(event: ActionDone, record: Record, pack: Pack) -> list[Change]:
    """Mark every demand for the action that was made by then and not done before."""
    demands = [d for d in record.plan_actions if event.plan and d.plan == event.plan]
    for escalation in record.named(event.rule, event.on):
        signed = pack.rule(escalation.rule).decided_by is not None
        demands += [
            Demand(action, escalation, None, escalation.children)
            for action in escalation.actions
            # What only a named role may sign is done by her decision, not by anybody's word.
            if not (signed and action.done_by_deciding)
        ]
    return _done_late(event, [d for d in demands if _answers(event, d.action)], record)


def _done_late(event: Event, demands: Sequence[Demand], record: Record) -> list[Change]:
    """Mark demands done; what was raised because one was overdue is thereby done as well."""
    overdue = record.about(demand.subject for demand in demands)
    late = [action for e in overdue for action in e.actions if action.done_at is None]
    for action in [*(demand.action for demand in demands), *late]:
        action.done_at, action.done_by = event.at, event.id
    touched = [demand.source for demand in demands if demand.source] + overdue
    return [Change("action_done", e) for e in {e.id: e for e in touched}.values()]


def _answers(event: ActionDone, action: RequiredAction) -> bool:
    return action.code == event.action and action.done_at is None and action.required_at <= event.at
