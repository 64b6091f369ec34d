"""A family's history as lines to read, and its latest visit in a few of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mobile.asked import value_words
from mobile.cannot_tell import cannot_tell, rules_words
from mobile.caseload import History
from mobile.draft import ACCESS
from mobile.plans import PLAN_WORDS
from mobile.wording import LEVELS, moment_words
from shared.checklist import level_of, rank, worst
from shared.facts import (
    Acknowledged,
    ActionDone,
    Arrival,
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
KINDS: dict[type[Event], str] = {
    Visit: "visit",
    Report: "report",
    PlanStarted: "plan",
    PlanEnded: "plan",
    HouseholdRecorded: "household",
    ClosureRequest: "closure_request",
    Decision: "decision",
    Acknowledged: "acknowledge",
    ActionDone: "action_done",
    Disagreed: "disagree",
}
OTHERS: dict[type[Event], str] = {
    HouseholdRecorded: "Who the family is was recorded",
    PlanEnded: "A plan ended",
}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event of a family's history, in a line; `left_open` names the immediate rules that it
    could not tell, "" for none."""

    at: datetime
    at_words: str
    kind: str
    words: str
    level: str
    left_open: str


def history_rows(
    history: History, name_of: Callable[[str], str], now: datetime, most: int
) -> list[HistoryRow]:
    """A family's latest events, the latest first."""
    latest = sorted(history.events, key=lambda event: event.at, reverse=True)[:most]
    return [
        HistoryRow(
            at=event.at,
            at_words=moment_words(event.at, now),
            kind=_kind(event),
            words=event_words(event, history.case.book, name_of(event.by)),
            level=_level(event, history.case.book),
            left_open=_left_open(event, history),
        )
        for event in latest
    ]


def _left_open(event: Event, history: History) -> str:
    if not isinstance(event, Visit | Report):
        return ""
    return rules_words(cannot_tell(history.case, event.id))


def last_visit(history: History, name_of: Callable[[str], str], now: datetime) -> list[str]:
    """The latest visit in a few lines: who and when, then what was low or worse."""
    visits = history.case.history.visits
    if not visits:
        return []
    entry = visits[-1]
    items = history.case.book.checklist.items
    by = name_of(entry.event.by)
    lines = [f"{moment_words(entry.event.at, now)}, {by}"]
    for seen in sorted(entry.observations, key=lambda each: -each.rank):
        if rank(seen.level) >= rank("L"):
            answer = next(
                a for a in seen.event.answers if (a.item, a.about) == (seen.item, seen.about)
            )
            words = value_words(items[seen.item], answer.value)
            lines.append(f"{LEVELS[seen.level]}: {items[seen.item].question} {words}")
    return lines


def _kind(event: Event) -> str:
    """The event's type in one word, for its mark in a list."""
    return event.kind if isinstance(event, Arrival) else KINDS[type(event)]


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
