"""The judge: what each event sets off, and what the passing of time sets off.

A case is a pure function of its events, in the order they were received, and of `now`. Phone,
office and replay run the same functions and get the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from shared import gate, ladder
from shared.answering import Change, answer, planned, waiting
from shared.because import sentence
from shared.clocks import day_of
from shared.escalation import Escalation, escalation_id, from_doc
from shared.facts import Event, Household, PlanEnded, PlanStarted
from shared.gate import Demand
from shared.history import Entry, History
from shared.judging import Finding, evidence_from, judge, required
from shared.ladder import Rung
from shared.looking import Look
from shared.packs import Book
from shared.rules import Rule
from shared.seen import SeenDue, seen_due

# An event that reaches the office later than this after it happened is marked late. A proposal.
LATE_AFTER = timedelta(hours=2)
_AN_INSTANT = timedelta(microseconds=1)


class Case:
    """One household's history, and the escalations that it has set off so far."""

    def __init__(self, household: Household, book: Book) -> None:
        self.book = book
        self.history = History(household, book.checklist)
        self.escalations: list[Escalation] = []
        self.plan_actions: list[Demand] = []
        self.now: datetime | None = None

    @property
    def household(self) -> Household:
        """Who the family is, as last recorded."""
        return self.history.household

    def looking(self) -> Case:
        """A case to look ahead with: it may learn of an event, and must change nothing else."""
        other = Case(self.household, self.book)
        other.history = self.history.copy()
        other.escalations = self.escalations
        other.plan_actions = self.plan_actions
        other.now = self.now
        return other

    def demands(self) -> Iterator[Demand]:
        """Every required action, of escalations and of plans."""
        for escalation in self.escalations:
            for action in escalation.actions:
                yield Demand(action, escalation, None, escalation.children)
        yield from self.plan_actions

    def blockers(self, entry: Entry, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """What stands against the request that `entry` makes, of the kinds a rule names."""
        lists = {
            "open_concern": lambda: gate.open_concerns(self.history, entry),
            "action_not_done": lambda: gate.undone(self.demands()),
            "not_seen": lambda: gate.not_seen(self.history, entry, self.book),
            "could_not_check": lambda: gate.could_not_check(self.history, entry),
            "disagreement": lambda: gate.disagreements(self.history, entry),
        }
        return [blocker for kind in kinds for blocker in lists[kind]()]


def load(
    household: Household,
    book: Book,
    events: Sequence[Event],
    escalation_docs: Sequence[Mapping[str, Any]],
    now: datetime | None,
) -> Case:
    """A case as it stands: its events in the order received, and its stored escalations."""
    case = Case(household, book)
    case.escalations = [from_doc(doc) for doc in escalation_docs]
    for event in events:
        case.history.add(event)
        if isinstance(event, PlanStarted):
            case.plan_actions.extend(planned(event))
        answer(event, (), case.plan_actions, book.rules)
    case.now = now
    return case


def receive(case: Case, events: Sequence[Event], at: datetime) -> list[Change]:
    """Take in events received together at `at`; what changed, in order.

    Clocks are brought up to `at` first, and again afterwards: what arrives together is known
    together, so an action recorded with the visit that asked for it is not called overdue.
    """
    changes = advance(case, at)
    for event in events:
        changes.extend(_accept(case, event))
    return changes + advance(case, at)


def assess(case: Case, event: Event) -> list[Finding]:
    """What an event would set off, were it received now; the case stays as it is."""
    trial = case.looking()
    entry = trial.history.add(event)
    return judge(trial.history, entry, trial, case.book.rules, case.book.holidays)


def advance(case: Case, now: datetime) -> list[Change]:
    """Raise what time alone raises by `now` (R06, R18), each as of its own due time."""
    changes: list[Change] = []
    while True:
        pending = [each for each in _pending(case) if each.due_at < now and each.known_at <= now]
        if not pending:
            break
        first = min(pending, key=lambda each: each.received_at)
        changes.append(_open(case, first.find(), received_at=first.received_at))
    case.now = now if case.now is None else max(case.now, now)
    return changes


def next_due(case: Case, now: datetime) -> datetime | None:
    """The next moment at which `advance` raises something, or a ladder climbs a rung."""
    book = case.book
    moments = [max(each.due_at + _AN_INSTANT, each.known_at) for each in _pending(case)]
    for escalation in case.escalations:
        rung = ladder.next_rung(escalation, book.rules, book.holidays, now)
        if rung is not None:
            moments.append(rung.at)
    return min(moments, default=None)


def told(case: Case, escalation: Escalation, now: datetime) -> list[Rung]:
    """Who has been told of an escalation by `now`, and when (R24)."""
    return ladder.told(escalation, case.book.rules, case.book.holidays, now)


def _accept(case: Case, event: Event) -> list[Change]:
    entry = case.history.add(event)
    if isinstance(event, PlanStarted):
        case.plan_actions.extend(planned(event))
    early = waiting(case.history.acts, event)
    changes = answer(event, case.escalations, case.plan_actions, case.book.rules)
    for place in [entry, *case.history.later(entry)]:
        for finding in judge(case.history, place, case, case.book.rules, case.book.holidays):
            change = _apply(case, finding, event.received_at)
            if change is not None:
                changes.append(change)
    for act in early:
        changes.extend(answer(act, case.escalations, case.plan_actions, case.book.rules))
    return changes


def _apply(case: Case, finding: Finding, received_at: datetime) -> Change | None:
    """Raise a finding, or add it to the escalation that is open for the same child."""
    for action in finding.actions:
        action.known_at = max(action.known_at, received_at)
    same = [e for e in case.escalations if e.rule == finding.rule.id]
    known = next((e for e in same if e.holds(finding.evidence)), None)
    if known is not None and not known.is_open:
        return None
    shared = (e for e in same if e.is_open and _shares_child(e, finding))
    target = known or next(shared, None)
    if target is None:
        return _open(case, finding, received_at)
    return _extend(case, target, finding)


def _shares_child(escalation: Escalation, finding: Finding) -> bool:
    children = set(escalation.children)
    return bool(children.intersection(finding.children)) or not (children or finding.children)


def _extend(case: Case, escalation: Escalation, finding: Finding) -> Change | None:
    held = {evidence.key for evidence in escalation.evidence}
    asked = {action.key for action in escalation.actions}
    new = [evidence for evidence in finding.evidence if evidence.key not in held]
    demands = [action for action in finding.actions if action.key not in asked]
    against = [each for each in finding.blockers if each not in escalation.blockers]
    if not new and not demands and not against:
        return None
    escalation.evidence.extend(new)
    escalation.actions.extend(demands)
    # A new request has its own list; the same one, looked at again, only gains by it.
    escalation.blockers = finding.blockers if new else [*escalation.blockers, *against]
    joined = (*escalation.children, *finding.children)
    escalation.children = tuple(dict.fromkeys(joined))
    escalation.because = because(case, finding.rule, escalation)
    return Change("extended", escalation)


def _open(case: Case, finding: Finding, received_at: datetime) -> Change:
    rule, pack = finding.rule, case.book.rules
    day = day_of(finding.raised_at)
    young = {
        times.child_under_months: case.history.has_child_under(times.child_under_months, day)
        for times in pack.times
        if times.child_under_months is not None
    }
    first = finding.evidence[-1].event
    escalation = Escalation(
        id=escalation_id(
            case.household.id, rule.id, first, *finding.children, finding.subject or ""
        ),
        rule=rule.id,
        rule_name=rule.name,
        level=rule.level,
        children=finding.children,
        raised_at=finding.raised_at,
        received_at=received_at,
        because="",
        pack=pack.name,
        ladder_row=ladder.row_for(rule.level, young, pack),
        evidence=finding.evidence,
        actions=finding.actions,
        blockers=finding.blockers,
        late=received_at - finding.raised_at > LATE_AFTER,
        subject=finding.subject,
    )
    escalation.because = because(case, rule, escalation)
    case.escalations.append(escalation)
    return Change("raised", escalation)


def because(case: Case, rule: Rule, raised: Escalation | Finding) -> str:
    """One plain sentence: why this was raised."""
    return sentence(rule, raised, case.household, case.book.checklist, case.book.rules)


@dataclass(frozen=True, slots=True)
class Pending:
    """What time will raise: once later than `due_at`, if the office knows of it by then."""

    due_at: datetime
    known_at: datetime
    find: Callable[[], Finding]

    @property
    def received_at(self) -> datetime:
        """When the office could first know that it was overdue."""
        return max(self.due_at, self.known_at)


def _pending(case: Case) -> Iterator[Pending]:
    """What time will raise and has not yet raised."""
    raised = {e.subject for e in case.escalations if e.subject}
    for rule in case.book.rules.rules:
        if rule.raised_by_time:
            source = _overdue if "overdue" in rule.doc["when"] else _not_seen
            yield from source(case, rule, raised)


def _overdue(case: Case, rule: Rule, raised: set[str]) -> Iterator[Pending]:
    for demand in case.demands():
        action = demand.action
        own = demand.source is not None and demand.source.rule == rule.id
        if own or action.done_in_time or demand.subject in raised or _plan_over(case, demand):
            continue
        yield Pending(action.due_at, action.known_at, partial(_undone, case, rule, demand))


def _undone(case: Case, rule: Rule, demand: Demand) -> Finding:
    due_at = demand.action.due_at
    entry = case.history.by_id[demand.action.required_by]
    look = Look(case.history, entry, case, now=due_at)
    return Finding(
        rule=rule,
        children=demand.children,
        raised_at=due_at,
        evidence=[evidence_from(entry, demand.action.code)],
        actions=required(rule, look, due_at, case.book.holidays),
        subject=demand.subject,
    )


def _plan_over(case: Case, demand: Demand) -> bool:
    if demand.plan is None:
        return False
    return any(
        isinstance(step.event, PlanEnded)
        and demand.action.required_at <= step.event.at <= demand.action.due_at
        for step in case.history.plans[demand.plan]
    )


def _not_seen(case: Case, rule: Rule, raised: set[str]) -> Iterator[Pending]:
    if not case.history.entries:
        return
    before = (case.now or case.history.entries[-1].event.at, len(case.history.entries) + 2)
    clock, holidays = case.book.rules.seen, case.book.holidays
    for due in seen_due(case.history, clock, holidays, before):
        subject = f"not_seen|{due.child}|{due.since.event.id}"
        if subject not in raised:
            yield Pending(due.due_at, due.due_at, partial(_unseen, case, rule, due, subject))


def _unseen(case: Case, rule: Rule, due: SeenDue, subject: str) -> Finding:
    entry = case.history.by_id[due.since.event.id]
    child = next(c for c in case.household.children if c.id == due.child)
    look = Look(case.history, entry, case, child, now=due.due_at)
    return Finding(
        rule=rule,
        children=(due.child,),
        raised_at=due.due_at,
        evidence=[evidence_from(due.since)],
        actions=required(rule, look, due.due_at, case.book.holidays),
        subject=subject,
    )


__all__ = [
    "Case",
    "Change",
    "Finding",
    "advance",
    "assess",
    "because",
    "load",
    "next_due",
    "receive",
    "told",
]
