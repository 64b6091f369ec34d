"""What people's acts say to what is on record: taken up, decided, done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.escalation import Escalation, RequiredAction
from shared.facts import Acknowledged, ActionDone, Decision, Event, PlanStarted
from shared.gate import Demand
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


def answer(
    event: Event, escalations: Sequence[Escalation], plan_actions: Sequence[Demand], pack: Pack
) -> list[Change]:
    """Apply an acknowledgement, a decision or an action done; what it changed."""
    match event:
        case Acknowledged():
            return [
                _acknowledge(e, event)
                for e in named(escalations, event.rule, event.on)
                if e.is_open and e.acknowledged_at is None and e.raised_at <= event.at
            ]
        case Decision(kind="decide"):
            decided = [
                e
                for e in named(escalations, event.rule, event.on)
                if e.is_open and _covers(event, e) and _may_decide(e, event, pack)
            ]
            changes = [_decide(e, event) for e in decided]
            return changes + _done_late(event, _asking_for_a_decision(decided), escalations)
        case ActionDone():
            return _done(event, escalations, plan_actions, pack)
    return []


def waiting(acts: Iterable[Event], for_event: Event) -> list[Event]:
    """The acts on record that name an event only now received, or its plan.

    An outbox may be sent in any order, so the record of a call can arrive before its visit.
    """
    plan = for_event.plan if isinstance(for_event, PlanStarted) else None
    return [
        act
        for act in acts
        if getattr(act, "on", None) == for_event.id
        or (plan is not None and getattr(act, "plan", None) == plan)
    ]


def named(escalations: Iterable[Escalation], rule: str | None, on: str | None) -> list[Escalation]:
    """The escalations of a rule whose evidence includes an event."""
    return [
        escalation
        for escalation in escalations
        if escalation.rule == rule and any(held.event == on for held in escalation.evidence)
    ]


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


def _done(
    event: ActionDone,
    escalations: Sequence[Escalation],
    plan_actions: Sequence[Demand],
    pack: Pack,
) -> list[Change]:
    """Mark every demand for the action that was made by then and not done before."""
    demands = [demand for demand in plan_actions if event.plan and demand.plan == event.plan]
    for escalation in named(escalations, event.rule, event.on):
        signed = pack.rule(escalation.rule).decided_by is not None
        demands += [
            Demand(action, escalation, None, escalation.children)
            for action in escalation.actions
            # What only a named role may sign is done by her decision, not by anybody's word.
            if not (signed and action.done_by_deciding)
        ]
    return _done_late(event, [d for d in demands if _answers(event, d.action)], escalations)


def _done_late(
    event: Event, demands: Sequence[Demand], escalations: Sequence[Escalation]
) -> list[Change]:
    """Mark demands done; what was raised because one was overdue is thereby done as well."""
    subjects = {demand.subject for demand in demands}
    overdue = [e for e in escalations if e.subject in subjects]
    late = [action for e in overdue for action in e.actions if action.done_at is None]
    for action in [*(demand.action for demand in demands), *late]:
        action.done_at, action.done_by = event.at, event.id
    touched = [demand.source for demand in demands if demand.source] + overdue
    return [Change("action_done", e) for e in {e.id: e for e in touched}.values()]


def _answers(event: ActionDone, action: RequiredAction) -> bool:
    return action.code == event.action and action.done_at is None and action.required_at <= event.at
