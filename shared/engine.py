"""The judge: what each event sets off, and what the passing of time sets off.

A case is a pure function of its events, in the order they were received, and of `now`. Phone,
office and replay run the same functions and get the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared import gate, ladder
from shared.answering import Change, answer, planned, waiting
from shared.because import sentence
from shared.clocks import day_of
from shared.entries import FROM_THE_START, Entry
from shared.escalation import Escalation, escalation_id, from_doc
from shared.facts import Event, Household, PlanStarted, Report, Visit
from shared.gate import Demand
from shared.history import History
from shared.judging import Finding, evidence_from, judge, required
from shared.ladder import Rung
from shared.looking import Look
from shared.packs import Book
from shared.record import Record
from shared.rules import Rule
from shared.timed import Clocks, Pending, not_seen_subject
from shared.unknowns import Unknown, unknowns

# An event that reaches the office later than this after it happened is marked late. A proposal.
LATE_AFTER = timedelta(hours=2)
_AN_INSTANT = timedelta(microseconds=1)


class Case:
    """One household's history, and the escalations that it has set off so far."""

    def __init__(self, household: Household, book: Book, *, worded: bool = True) -> None:
        """`worded`: each change says at once why, in words; else `because` says so when asked."""
        self.book = book
        self.worded = worded
        self.history = History(household, book.checklist)
        self.record = Record()
        self.clocks = Clocks(self.history, self.record, book)
        self.now: datetime | None = None

    @property
    def household(self) -> Household:
        """Who the family is, as last recorded."""
        return self.history.household

    @property
    def escalations(self) -> list[Escalation]:
        """Everything on record, in the order it was raised."""
        return self.record.escalations

    def blockers(self, entry: Entry, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """What stands against the request that `entry` makes, of the kinds a rule names."""
        lists = {
            "open_concern": lambda: gate.open_concerns(self.history, entry),
            "action_not_done": lambda: gate.undone(self.record.demands(), entry),
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
    plans = Record()
    for event in events:
        case.history.add(event)
        if isinstance(event, PlanStarted):
            plans.plan_actions.extend(planned(event))
        answer(event, plans, book.rules)
    case.record.plan_actions = plans.plan_actions
    for doc in escalation_docs:
        _put(case, from_doc(doc))
    case.clocks.watch(case.record.demands())
    if case.history.entries:
        case.clocks.look_again(FROM_THE_START, now or case.history.entries[-1].event.at)
    case.now = now
    return case


def receive(case: Case, events: Sequence[Event], at: datetime) -> list[Change]:
    """Take in events received together at `at`; what changed, in order.

    Clocks are brought up to `at` first, and again afterwards: what arrives together is known
    together, so an action recorded with the visit that asked for it is not called overdue.
    """
    changes = _move_on(case, at)
    for event in events:
        changes.extend(_accept(case, event))
    return _worded(case, changes + _move_on(case, at))


def assess(case: Case, event: Event) -> list[Finding]:
    """What an event would set off, were it received now; the case stays as it is."""
    book = case.book
    if not isinstance(event, Visit | Report):
        trial = Case(case.household, book)
        trial.history, trial.record = case.history.copy(), case.record
        return judge(trial.history, trial.history.add(event), trial, book.rules, book.holidays)
    entry = case.history.add(event)
    try:
        return judge(case.history, entry, case, book.rules, book.holidays)
    finally:
        case.history.take_back(entry)


def cannot_tell(case: Case, event_id: str) -> list[Unknown]:
    """The immediate rules that an event on record leaves open, and what would tell."""
    return unknowns(case.history, case.history.by_id[event_id], case, case.book.rules)


def advance(case: Case, now: datetime) -> list[Change]:
    """Raise what time alone raises by `now` (R06, R18), each as of its own due time."""
    return _worded(case, _move_on(case, now))


def next_due(case: Case, now: datetime) -> datetime | None:
    """The next moment at which `advance` raises something, or a ladder climbs a rung."""
    book = case.book
    moments = [max(each.due_at + _AN_INSTANT, each.known_at) for each in case.clocks.pending()]
    for escalation in case.escalations:
        rung = ladder.next_rung(escalation, book.rules, book.holidays, now)
        if rung is not None:
            moments.append(rung.at)
    return min(moments, default=None)


def told(case: Case, escalation: Escalation, now: datetime) -> list[Rung]:
    """Who has been told of an escalation by `now`, and when (R24)."""
    return ladder.told(escalation, case.book.rules, case.book.holidays, now)


def because(case: Case, rule: Rule, raised: Escalation | Finding) -> str:
    """One plain sentence: why this was raised."""
    return sentence(rule, raised, case.history, case.book.rules)


def _accept(case: Case, event: Event) -> list[Change]:
    history, book = case.history, case.book
    known = history.household
    entry = history.add(event)
    if isinstance(event, PlanStarted):
        actions = planned(event)
        case.record.plan_actions.extend(actions)
        case.clocks.watch(actions)
    early = waiting(history.acts, event)
    changes = answer(event, case.record, book.rules)
    for place in [entry, *_to_look_at_again(history, entry, known)]:
        for finding in judge(history, place, case, book.rules, book.holidays):
            change = _apply(case, finding, event.received_at)
            if change is not None:
                changes.append(change)
    for act in early:
        changes.extend(answer(act, case.record, book.rules))
    if _moves_when_to_be_seen(case, entry):
        other_ages = history.household is not known
        case.clocks.look_again(FROM_THE_START if other_ages else entry.order, event.received_at)
    return changes


def _to_look_at_again(history: History, entry: Entry, known: Household) -> list[Entry]:
    """What happened later; and, where a child turns out to have been born, all since her birth."""
    ages = {child.id: child.born for child in known.children}
    born = [c.born for c in history.household.children if c.born and ages.get(c.id) != c.born]
    if history.household is known or not born:
        return history.later(entry)
    since = min(min(born).toordinal(), entry.day)
    return [other for other in history.entries if other.day >= since and other is not entry]


def _moves_when_to_be_seen(case: Case, entry: Entry) -> bool:
    """Whether an event can change by when a child must be seen: she was, or a concern changed."""
    if not isinstance(entry.event, Visit | Report):
        return True
    item = case.book.rules.seen.item
    is_worry = case.history.is_worry
    return any(concern[0] == item or is_worry(concern) for concern in entry.said)


def _apply(case: Case, finding: Finding, received_at: datetime) -> Change | None:
    """Raise a finding, or add it to the escalation that is open for the same child."""
    for action in finding.actions:
        action.known_at = max(action.known_at, received_at)
    known = case.record.holding(finding.rule.id, finding.evidence)
    if known is not None and not known.is_open:
        return None
    target = known or case.record.open_for(finding.rule.id, finding.children)
    if target is None:
        return _open(case, finding, received_at)
    return _extend(case, target, finding)


def _extend(case: Case, escalation: Escalation, finding: Finding) -> Change | None:
    asked = {action.key for action in escalation.actions}
    new = case.record.add_evidence(escalation, finding.evidence)
    demands = [action for action in finding.actions if action.key not in asked]
    against = [each for each in finding.blockers if each not in escalation.blockers]
    if not new and not demands and not against:
        return None
    escalation.actions.extend(demands)
    # A new request has its own list; the same one, looked at again, only gains by it.
    escalation.blockers = finding.blockers if new else [*escalation.blockers, *against]
    escalation.children = tuple(dict.fromkeys((*escalation.children, *finding.children)))
    escalation.runs = tuple(dict.fromkeys((*escalation.runs, *finding.runs)))
    children = escalation.children
    case.clocks.watch(Demand(action, escalation, None, children) for action in demands)
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
        runs=finding.runs,
        late=received_at - finding.raised_at > LATE_AFTER,
        subject=finding.subject,
    )
    _put(case, escalation)
    case.clocks.watch(
        Demand(action, escalation, None, escalation.children) for action in escalation.actions
    )
    return Change("raised", escalation)


def _put(case: Case, escalation: Escalation) -> None:
    """Put an escalation on record, with all that time has raised on it."""
    case.record.put(escalation)
    if escalation.subject and escalation.subject.startswith("not_seen|"):
        for evidence in escalation.evidence:
            for child in escalation.children:
                case.record.raised(f"not_seen|{child}|{evidence.event}", escalation)


def _worded(case: Case, changes: list[Change]) -> list[Change]:
    """Say once why each of these stands, however much was added to it."""
    if not case.worded:
        return changes
    for change in changes:
        if change.kind in ("raised", "extended"):
            change.escalation.because = ""
    for change in changes:
        escalation = change.escalation
        if not escalation.because:
            rule = case.book.rules.rule(escalation.rule)
            escalation.because = because(case, rule, escalation)
    return changes


def _move_on(case: Case, now: datetime) -> list[Change]:
    changes: list[Change] = []
    while (first := case.clocks.first(now)) is not None:
        case.clocks.drop(first)
        if isinstance(first.what, Demand):
            changes.append(_open(case, _undone(case, first.rule, first.what), first.received_at))
        else:
            changes.append(_raise_unseen(case, first))
    case.now = now if case.now is None else max(case.now, now)
    return changes


def _undone(case: Case, rule: Rule, demand: Demand) -> Finding:
    due_at = demand.action.due_at or demand.action.required_at
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


def _raise_unseen(case: Case, pending: Pending) -> Change:
    """Raise that a child was not seen in time, or add it to what is open about that."""
    due, rule = pending.what, pending.rule
    assert not isinstance(due, Demand)  # noqa: S101  (the other kind; for the type)
    entry = case.history.by_id[due.since.event.id]
    child = next(c for c in case.household.children if c.id == due.child)
    look = Look(case.history, entry, case, child, now=due.due_at)
    finding = Finding(
        rule=rule,
        children=(due.child,),
        raised_at=due.due_at,
        evidence=[evidence_from(due.since)],
        actions=required(rule, look, due.due_at, case.book.holidays),
        subject=not_seen_subject(due),
    )
    target = case.record.open_for(rule.id, finding.children)
    if target is None:
        return _open(case, finding, pending.received_at)
    case.record.raised(not_seen_subject(due), target)
    return _extend(case, target, finding) or Change("extended", target)


__all__ = [
    "Case",
    "Change",
    "Finding",
    "Unknown",
    "advance",
    "assess",
    "because",
    "cannot_tell",
    "load",
    "next_due",
    "receive",
    "told",
]
