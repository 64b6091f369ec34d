"""The list of families and one family's page, as rows that a screen shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from mobile.cannot_tell import OpenVisit, left_open
from mobile.caseload import Caseload, Contact, History
from mobile.chronicle import HistoryRow, history_rows, last_visit
from mobile.draft import ACCESS
from mobile.drafts import Drafts
from mobile.outbox import Outbox
from mobile.plans import PLAN_WORDS, ConditionShown, conditions
from mobile.todo import VISITOR, Todo, todos
from mobile.wording import child_words, day_words, due_words, moment_words
from shared import engine
from shared.checklist import rank, worst
from shared.clocks import day_of
from shared.escalation import Escalation, from_doc
from shared.facts import Child

HISTORY_SHOWN = 12


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One line of the list of families. `level`: the gravest open escalation, "" for none.

    `open_words` names that escalation and what is due of her; `decision` is the latest word of a
    supervisor about this family.
    """

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
    open_words: str
    decision: str


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
class FamilyPage:
    """All that a family's page shows. `left_open`: what could not be told at the latest visit."""

    row: FamilyRow
    phone: str
    adults: tuple[str, ...]
    conditions: list[ConditionShown]
    left_open: list[OpenVisit]
    escalations: list[EscalationRow]
    history: list[HistoryRow]
    last_visit: list[str]
    contacts: list[Contact]


class Families:
    """Reads of the caseload for screens."""

    def __init__(self, caseload: Caseload, outbox: Outbox, drafts: Drafts) -> None:
        self._caseload = caseload
        self._outbox = outbox
        self._drafts = drafts

    def rows(self, now: datetime) -> list[FamilyRow]:
        """Every family: those with a visit in progress first, then the gravest, then by name."""
        stored: dict[str, list[Escalation]] = {}
        for doc in self._caseload.escalations():
            plain = {key: value for key, value in doc.items() if key != "household"}
            stored.setdefault(doc["household"], []).append(from_doc(plain))
        drafts = {card.household: card.id for card in self._drafts.cards(now)}
        unsent = Counter(item.household for item in self._outbox.items() if item.state != "safe")
        rows = []
        for summary in self._caseload.households():
            household = summary["id"]
            found = stored.get(household, [])
            if unsent[household] and self._caseload.book() is not None:
                found = self._caseload.history(household, now).case.escalations
            rows.append(self._row(summary, found, drafts.get(household), unsent[household], now))
        return sorted(rows, key=_rank)

    def page(self, household: str, now: datetime) -> FamilyPage:
        """One family's page. KeyError when it is not on this phone."""
        row = next((row for row in self.rows(now) if row.id == household), None)
        if row is None:
            raise KeyError(household)
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
            left_open=left_open(history.case),
            history=history_rows(history, self._caseload.person, now, HISTORY_SHOWN),
            last_visit=last_visit(history, self._caseload.person, now),
            contacts=contacts,
        )

    def _row(
        self,
        summary: Mapping[str, Any],
        escalations: Sequence[Escalation],
        draft: str | None,
        unsent: int,
        now: datetime,
    ) -> FamilyRow:
        record = summary["record"] or {}
        running = [each for each in escalations if each.is_open]
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
            level=worst([each.level for each in running]) if running else "",
            escalations=len(running),
            last_visit=at,
            last_words=self._last_words(at, visit["access"] if visit else "", now),
            draft=draft,
            unsent=unsent,
            open_words=self._open_words(running, now),
            decision=self._decision(escalations, now),
        )

    def _open_words(self, running: Sequence[Escalation], now: datetime) -> str:
        """The gravest open escalation, and the first thing due of her: "" for none."""
        book = self._caseload.book()
        if not running or book is None:
            return ""
        gravest = max(running, key=lambda each: (rank(each.level), each.raised_at))
        mine = [a for a in gravest.actions if a.who == VISITOR and a.done_at is None]
        if not mine:
            return gravest.rule_name
        first = min(mine, key=lambda action: action.by_when)
        what = book.rules.label(first.code)
        when = (
            due_words(first.due_at, now)
            if first.due_at
            else f"before {book.rules.label(first.before)}"
        )
        return f"{gravest.rule_name}: {what[0].lower()}{what[1:]}, {when}"

    def _decision(self, escalations: Sequence[Escalation], now: datetime) -> str:
        """The latest acknowledgement or decision, with its reason: "" for none."""
        latest = max(escalations, key=_answered_at, default=None)
        if latest is None or (latest.decided_at is None and latest.acknowledged_at is None):
            return ""
        words = self._answer_words(latest, now)
        return f"{words}: {latest.decision_reason}" if latest.decision_reason else words

    def _answer_words(self, escalation: Escalation, now: datetime) -> str:
        if escalation.decided_at is not None:
            who = self._caseload.person(escalation.decided_by or "")
            return f"Decided by {who}, {moment_words(escalation.decided_at, now)}"
        if escalation.acknowledged_at is not None:
            who = self._caseload.person(escalation.acknowledged_by or "")
            return f"Acknowledged by {who}, {moment_words(escalation.acknowledged_at, now)}"
        return ""

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
                actions=todos(each.actions, case, contacts, now),
                is_open=each.is_open,
            )
            for each in found
        ]

    def _state(self, case: engine.Case, escalation: Escalation, known: bool, now: datetime) -> str:
        """Where an escalation stands, by the office's own times where the office knows of it."""
        answered = self._answer_words(escalation, now)
        if answered:
            return answered
        if not known:
            return "The office is told when this is sent"
        rungs = engine.told(case, escalation, now)
        role = case.book.rules.label(rungs[-1].role) if rungs else "the office"
        return f"Waiting for the {role}" if rungs else f"Waiting for {role}"


def _answered_at(escalation: Escalation) -> datetime:
    never = datetime.min.replace(tzinfo=UTC)
    return escalation.decided_at or escalation.acknowledged_at or never


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
