"""One event of a family's history in words: when, who, on what basis, what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.chronology import Entry
from backend.escalations import QueueItem
from backend.web import answers, plan_words, words
from backend.web.answers import Seen
from shared import packs
from shared.checklist import worst
from shared.facts import (
    Acknowledged,
    ActionDone,
    Arrival,
    ClosureRequest,
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
from shared.packs import Book

LATE = timedelta(hours=2)
GRAVEST_FIRST = "ISLUN-"
WORTH_TELLING = "ISLU"
ARRIVALS = {
    "pregnancy": "Pregnancy recorded",
    "birth": "Birth",
    "discharge": "Discharge from hospital",
    "return_home": "Return home",
}
DECISIONS = {
    "lower_level": "Decision to lower a concern",
    "close_concern": "Decision to close a concern",
    "refuse_referral": "Decision to refuse a referral",
    "decline_strategy_discussion": "Decision not to hold a strategy discussion",
    "decide": "Decision on an escalation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOff:
    """An escalation that an event is evidence for, and how many more of its rule there are."""

    id: str
    rule: str
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event ready for the chronology; `left_open` names the immediate rules it cannot tell."""

    id: str
    at: datetime
    title: str
    who: str
    level: str = ""
    lines: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    findings: list[Seen] = field(default_factory=list)
    others: int = 0
    received: str = ""
    failed: bool = False
    left_open: str = ""
    set_off: list[SetOff] = field(default_factory=list)


def tell(
    entry: Entry,
    household: Household,
    book: Book,
    now: datetime,
    raised: Sequence[QueueItem],
    left_open: str = "",
) -> Told:
    """An entry of the chronology in words; `raised` are the family's escalations."""
    event = entry.event
    findings = observations(event, household, book) if event else []
    telling = [each for each in findings if each.level in WORTH_TELLING]
    late = entry.received_at - entry.at > LATE
    return Told(
        id=entry.id,
        at=entry.at,
        title=title(event, household, book) if event else "An event that this office cannot read",
        who=", ".join(filter(None, (entry.by_name or entry.by, agency_words(entry.agency)))),
        level=worst(each.level for each in findings) if findings else "",
        lines=lines(event, household, now) if event else [],
        quotes=quotes(event) if event else [],
        findings=telling,
        others=len(findings) - len(telling),
        received=f"Reached the office {words.moment(entry.received_at, now)}" if late else "",
        failed=entry.rules_failed,
        left_open=left_open,
        set_off=_set_off(entry, raised),
    )


def _set_off(entry: Entry, raised: Sequence[QueueItem]) -> list[SetOff]:
    """Once for each rule: one visit may be why a dozen actions are overdue."""
    by_rule: dict[str, list[QueueItem]] = {}
    for each in raised:
        if each.id in entry.escalations:
            by_rule.setdefault(each.rule_name, []).append(each)
    return [SetOff(id=same[0].id, rule=rule, more=len(same) - 1) for rule, same in by_rule.items()]


def agency_words(agency: str) -> str:
    """The agency's name, '' when none is recorded."""
    return words.agency(agency) if agency else ""


def observations(event: Event, household: Household, book: Book) -> list[Seen]:
    """Every answer of a visit or report, gravest first."""
    if not isinstance(event, Visit | Report):
        return []
    seen = [answers.seen(book.checklist, household, each) for each in event.answers]
    return sorted(seen, key=lambda each: GRAVEST_FIRST.find(each.level))


def title(event: Event, household: Household, book: Book) -> str:
    """What happened, in a few words."""
    match event:
        case Visit():
            return f"Visit: {_outcome(event, book)}"
        case Arrival():
            child = answers.person_name(household, event.child)
            return f"{ARRIVALS.get(event.kind, event.kind)}: {child}"
        case Acknowledged():
            return f"Escalation taken up: {_rule_name(event.rule, book)}"
        case Report() | PlanStarted() | PlanEnded() | ClosureRequest():
            return _from_outside(event)
    return _from_us(event)


def _from_outside(event: Report | PlanStarted | PlanEnded | ClosureRequest) -> str:
    match event:
        case Report():
            return f"Report from {packs.label(event.agency or 'other')}"
        case PlanStarted():
            return f"{words.plan(event.kind)} began"
        case PlanEnded():
            return "A plan ended"
        case ClosureRequest():
            asked = "step the plan down" if event.kind == "step_down" else "close the case"
            return f"Request to {asked}"


def _from_us(event: Event) -> str:
    match event:
        case Decision():
            return DECISIONS.get(event.kind, "Decision")
        case Disagreed():
            return "A professional disagreed"
        case ActionDone():
            return f"Done: {packs.label(event.action)}"
        case HouseholdRecorded():
            return "Family’s details recorded"
    return "Event"


def _outcome(visit: Visit, book: Book) -> str:
    for answer in visit.answers:
        if answer.item == "ACC-01":
            return answers.answer_words(book.checklist, answer.item, answer.value)
    return "outcome not recorded"


def _rule_name(rule: str, book: Book) -> str:
    names = {each.id: each.name for each in book.rules.rules}
    return names.get(rule, rule)


def lines(event: Event, household: Household, now: datetime) -> list[str]:
    """What else there is to say, a line each."""
    match event:
        case Visit() if event.amends:
            return ["This corrects an earlier visit, which stays on record."]
        case PlanStarted():
            return plan_words.lines(event, household, now)
        case HouseholdRecorded():
            names = [child.name or child.id for child in event.household.children]
            names += [adult.name or adult.id for adult in event.household.adults]
            return [f"People: {words.listed(names)}"] if names else []
        case ActionDone() if event.reference:
            return [f"Reference: {event.reference}"]
        case Decision() if event.role:
            return [f"As {packs.label(event.role)}"]
    return []


def quotes(event: Event) -> list[str]:
    """The words that someone wrote."""
    match event:
        case Decision() | Disagreed():
            return [event.reason] if event.reason else []
        case ActionDone():
            return [each for each in (event.outcome, event.note) if each]
        case PlanStarted():
            return [event.words] if event.words else []
    return []


def by_section(entry: Entry, household: Household, book: Book) -> list[tuple[str, list[Seen]]]:
    """Every answer of a visit or report under the checklist's sections, in the order asked."""
    seen = observations(entry.event, household, book) if entry.event else []
    order = {code: place for place, code in enumerate(book.checklist.items)}
    seen.sort(key=lambda each: order.get(each.code, len(order)))
    names = {section.code: section.name for section in book.checklist.sections}
    sections: dict[str, list[Seen]] = {}
    for each in seen:
        sections.setdefault(names.get(each.code[:3], "Other"), []).append(each)
    return list(sections.items())
