"""The list of families and one family's page, as rows that a screen shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mobile.caseload import Caseload, Contact, History
from mobile.draft import ACCESS
from mobile.drafts import Drafts
from mobile.outbox import Outbox
from mobile.plans import PLAN_WORDS, ConditionShown, conditions
from mobile.todo import Todo, todos
from mobile.wording import child_words, day_words, moment_words
from shared import engine
from shared.checklist import level_of, rank, worst
from shared.clocks import day_of
from shared.escalation import Escalation
from shared.facts import (
    Acknowledged,
    ActionDone,
    Arrival,
    Child,
    ClosureRequest,
    Decision,
    Disagreed,
    Event,
    HouseholdRecorded,
    PlanEnded,
    PlanStarted,
    Report,
    Visit,
)
from shared.packs import Book

ARRIVALS = {
    "pregnancy": "A pregnancy was recorded",
    "birth": "A child was born",
    "discharge": "A child came home from hospital",
    "return_home": "A child came back to live at home",
}
OTHERS: dict[type[Event], str] = {
    HouseholdRecorded: "Who the family is was recorded",
    PlanEnded: "A plan ended",
}


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One line of the list of families. `level`: the gravest open escalation, "" for none."""

    id: str
    name: str
    address: str
    children: tuple[str, ...]
    plan: str
    level: str
    escalations: int
    last_visit: datetime | None
    last_words: str
    draft: str | None
    unsent: int


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """One escalation as the practitioner sees it."""

    id: str
    rule: str
    name: str
    level: str
    because: str
    raised_at: datetime
    state: str
    reason: str
    actions: list[Todo]
    is_open: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event of a family's history, in a line."""

    at: datetime
    at_words: str
    words: str
    level: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """All that a family's page shows."""

    row: FamilyRow
    phone: str
    adults: tuple[str, ...]
    conditions: list[ConditionShown]
    escalations: list[EscalationRow]
    history: list[HistoryRow]
    contacts: list[Contact]


class Families:
    """Reads of the caseload for screens."""

    def __init__(self, caseload: Caseload, outbox: Outbox, drafts: Drafts) -> None:
        self._caseload = caseload
        self._outbox = outbox
        self._drafts = drafts

    def rows(self, now: datetime) -> list[FamilyRow]:
        """Every family: those with a visit in progress first, then the gravest, then by name."""
        escalations: dict[str, list[tuple[str, bool]]] = {}
        for doc in self._caseload.escalations():
            found = escalations.setdefault(doc["household"], [])
            found.append((doc["level"], doc["decided_at"] is None))
        drafts = {card.household: card.id for card in self._drafts.cards(now)}
        unsent = Counter(item.household for item in self._outbox.items() if item.state != "safe")
        rows = []
        for summary in self._caseload.households():
            household = summary["id"]
            if unsent[household]:
                case = self._caseload.history(household, now).case
                escalations[household] = [(e.level, e.is_open) for e in case.escalations]
            levels = [level for level, is_open in escalations.get(household, ()) if is_open]
            draft = drafts.get(household)
            rows.append(self._row(summary, levels, draft, unsent[household], now))
        return sorted(rows, key=_rank)

    def page(self, household: str, now: datetime) -> FamilyPage:
        """One family's page. KeyError when it is not on this phone."""
        row = next(row for row in self.rows(now) if row.id == household)
        history = self._caseload.history(household, now)
        contacts = self._caseload.contacts()
        return FamilyPage(
            row=row,
            phone=history.household.phone,
            adults=tuple(
                f"{a.name or a.id}, {a.relation}" if a.relation else a.name or a.id
                for a in history.household.adults
            ),
            conditions=conditions(history.case, now),
            escalations=self._escalations(history, contacts, now),
            history=self._events(history, now),
            contacts=contacts,
        )

    def _row(
        self,
        summary: Mapping[str, Any],
        levels: Sequence[str],
        draft: str | None,
        unsent: int,
        now: datetime,
    ) -> FamilyRow:
        record = summary["record"] or {}
        visit = summary["last_visit"]
        at = datetime.fromisoformat(visit["at"]) if visit else None
        return FamilyRow(
            id=summary["id"],
            name=record.get("name") or summary["name"] or summary["id"],
            address=record.get("address", ""),
            children=tuple(
                child_words(_child(each), day_of(now)) for each in record.get("children", ())
            ),
            plan=_plan(summary["plans"].values(), now),
            level=worst(levels) if levels else "",
            escalations=len(levels),
            last_visit=at,
            last_words=self._last_words(at, visit["access"] if visit else "", now),
            draft=draft,
            unsent=unsent,
        )

    def _last_words(self, at: datetime | None, access: str, now: datetime) -> str:
        book = self._caseload.book()
        if at is None or book is None:
            return "No visit on record yet"
        day = day_words(day_of(at), day_of(now))
        return f"Last visit {day}: {book.checklist.items[ACCESS].label_of(access)}"

    def _escalations(
        self, history: History, contacts: Sequence[Contact], now: datetime
    ) -> list[EscalationRow]:
        case = history.case
        known = {doc["id"] for doc in self._caseload.escalations(case.household.id)}
        found = sorted(case.escalations, key=lambda e: (not e.is_open, -rank(e.level), e.raised_at))
        return [
            EscalationRow(
                id=each.id,
                rule=each.rule,
                name=each.rule_name,
                level=each.level,
                because=each.because,
                raised_at=each.raised_at,
                state=self._state(case, each, each.id in known, now),
                reason=each.decision_reason,
                actions=todos(each.actions, case.book.rules, contacts, now),
                is_open=each.is_open,
            )
            for each in found
        ]

    def _state(self, case: engine.Case, escalation: Escalation, known: bool, now: datetime) -> str:
        """Where an escalation stands, by the office's own times where the office knows of it."""
        if escalation.decided_at is not None:
            who = self._caseload.person(escalation.decided_by or "")
            return f"Decided by {who}, {moment_words(escalation.decided_at, now)}"
        if escalation.acknowledged_at is not None:
            who = self._caseload.person(escalation.acknowledged_by or "")
            return f"Acknowledged by {who}, {moment_words(escalation.acknowledged_at, now)}"
        if not known:
            return "The office is told when this is sent"
        rungs = engine.told(case, escalation, now)
        role = case.book.rules.label(rungs[-1].role) if rungs else "the office"
        return f"Waiting for the {role}" if rungs else f"Waiting for {role}"

    def _events(self, history: History, now: datetime) -> list[HistoryRow]:
        latest = sorted(history.events, key=lambda event: event.at, reverse=True)
        return [
            HistoryRow(
                at=event.at,
                at_words=moment_words(event.at, now),
                words=event_words(event, history.case.book, self._caseload.person(event.by)),
                level=_level(event, history.case.book),
            )
            for event in latest
        ]


def event_words(event: Event, book: Book, by: str) -> str:
    """One event in a line."""
    label = book.rules.label
    match event:
        case Visit():
            access = [str(a.value) for a in event.answers if a.item == ACCESS]
            said = "".join(book.checklist.items[ACCESS].label_of(code) for code in access)
            return f"Visit by {by}: {said}"
        case Report():
            return f"Report from {label(event.agency)}"
        case Arrival():
            return ARRIVALS[event.kind]
        case ActionDone():
            more = "; ".join(each for each in (event.outcome, event.reference, event.note) if each)
            return f"{label(event.action)}: done by {by}" + (f" ({more})" if more else "")
        case PlanStarted():
            return f"{PLAN_WORDS.get(event.kind, event.kind)} began"
        case Decision() | Disagreed() | ClosureRequest() | Acknowledged():
            return _said(event, by)
    return OTHERS.get(type(event), "Recorded")


def _said(event: Decision | Disagreed | ClosureRequest | Acknowledged, by: str) -> str:
    match event:
        case Decision():
            return f"Decision by {by}: {event.reason}"
        case Disagreed():
            return f"{by} disagreed: {event.reason}"
        case ClosureRequest():
            asked = "close the case" if event.kind == "close" else "step the plan down"
            return f"{by} asked to {asked}"
    return f"Acknowledged by {by}"


def _level(event: Event, book: Book) -> str:
    if not isinstance(event, (Visit, Report)):
        return ""
    items = book.checklist.items
    return worst([level_of(items[a.item], a.value) for a in event.answers] or ["-"])


def _child(doc: Mapping[str, Any]) -> Child:
    born, due = (date.fromisoformat(doc[key]) if key in doc else None for key in ("born", "due"))
    return Child(id=doc["id"], name=doc.get("name", ""), born=born, due=due)


def _plan(plans: Iterable[Mapping[str, Any]], now: datetime) -> str:
    """The plan in force, and whether it carries a condition, for the list of families."""
    running = [p for p in plans if "kind" in p and not (p.get("end") and _past(p["end"], now))]
    if not running:
        return ""
    name = PLAN_WORDS.get(running[0]["kind"], running[0]["kind"])
    condition = any("no_access" in p["conditions"] for p in running)
    return f"{name}. No-access condition." if condition else f"{name}."


def _past(at: str, now: datetime) -> bool:
    return datetime.fromisoformat(at) <= now


def _rank(row: FamilyRow) -> tuple[bool, int, str]:
    return (row.draft is None, -rank(row.level) if row.level else 1, row.name.lower())
