"""Runs the rules over a household's history; where they fail, a person is told instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import structlog

from shared import engine, ladder
from shared.escalation import Escalation, Evidence, RequiredAction, escalation_id
from shared.facts import Acknowledged, Decision, Event, Household, HouseholdRecorded
from shared.ladder import Rung
from shared.packs import Book

# No rule of the pack: what stands in the queue when the rules could not be run on an event.
RULES_FAILED = "R00"
_NAME = "The rules could not be run"
_log = structlog.get_logger()


@dataclass(kw_only=True)
class Judged:
    """A household's case after something happened to it.

    `case` is None when its history cannot be judged at all; then only `failures` can be said.
    """

    case: engine.Case | None
    failed: dict[str, str] = field(default_factory=dict)  # event id: the kind of error
    failures: list[Escalation] = field(default_factory=list)

    @property
    def escalations(self) -> list[Escalation]:
        """Everything on record for the household."""
        return [*(self.case.escalations if self.case else ()), *self.failures]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events in the order they are judged."""
    return sorted(events, key=order)


def order(event: Event) -> tuple[datetime, bool, datetime, str]:
    """Return what events are judged in the order of: as received, then as they happened.

    What came together has one received time, so any order of sending it is the same to the
    rules; the family's record goes before what was seen there.
    """
    return event.received_at, not isinstance(event, HouseholdRecorded), event.at, event.id


def receive(
    load: Callable[[], engine.Case], events: Sequence[Event], at: datetime, household: str
) -> tuple[engine.Case | None, dict[str, str]]:
    """Return the case after `events`, received together at `at`, and those the rules failed on.

    The rules failing never keeps an event out: it is left aside, and a person is told.
    """
    try:
        case = load()
        engine.receive(case, events, at)
    except Exception as error:
        _log.exception("rules_failed", household=household, events=[e.id for e in events])
        return _one_by_one(load, events, at, type(error).__name__)
    return case, {}


def _one_by_one(
    load: Callable[[], engine.Case], events: Sequence[Event], at: datetime, first: str
) -> tuple[engine.Case | None, dict[str, str]]:
    """Find which of the events fail, each tried with those that passed before it."""
    passed: list[Event] = []
    failed: dict[str, str] = {}
    case, error = _attempt(load, [], at)
    if case is None:
        return None, dict.fromkeys((event.id for event in events), error or first)
    for event in events:
        tried, error = _attempt(load, [*passed, event], at)
        if tried is None:
            failed[event.id] = error
        else:
            passed.append(event)
            case = tried
    return case, failed


def _attempt(
    load: Callable[[], engine.Case], events: Sequence[Event], at: datetime
) -> tuple[engine.Case | None, str]:
    try:
        case = load()
        engine.receive(case, events, at)
    except Exception as error:  # whatever it is, it is reported by the caller as a failure
        return None, type(error).__name__
    return case, ""


def advance(load: Callable[[], engine.Case], now: datetime, household: str) -> engine.Case | None:
    """Return the case with its clocks moved to `now`, or None when the rules fail."""
    try:
        case = load()
        engine.advance(case, now)
    except Exception:
        _log.exception("clocks_failed", household=household)
        return None
    return case


def from_the_start(
    household: str, events: Sequence[Event], failed: dict[str, str], now: datetime, book: Book
) -> Judged:
    """Return the case as it comes out when everything is judged again, as it was received."""
    case = engine.Case(Household(id=household), book)
    for at, together in groupby(in_order(events), key=attrgetter("received_at")):
        engine.receive(case, [event for event in together if event.id not in failed], at)
    engine.advance(case, now)
    return Judged(case=case, failed=failed, failures=failures(household, events, failed, book))


def failures(
    household: str, events: Iterable[Event], failed: dict[str, str], book: Book
) -> list[Escalation]:
    """Return one escalation for each event the rules failed on, as people answered it since."""
    raised: dict[str, Escalation] = {}
    for event in in_order(events):
        if event.id in failed:
            raised[event.id] = _failure(household, event, book)
        elif isinstance(event, Acknowledged | Decision) and event.rule == RULES_FAILED:
            _answer(raised.get(event.on or ""), event)
    return list(raised.values())


def _failure(household: str, event: Event, book: Book) -> Escalation:
    youngest = {times.child_under_months or 0: True for times in book.rules.times}
    return Escalation(
        id=escalation_id(household, RULES_FAILED, event.id),
        rule=RULES_FAILED,
        rule_name=_NAME,
        level="I",
        children=(),
        raised_at=event.at,
        received_at=event.received_at,
        because="This was recorded, and the rules could not be run on it."
        " Nothing has been checked: a person must read it.",
        pack=book.rules.name,
        ladder_row=ladder.row_for("I", youngest, book.rules),
        evidence=[Evidence(event=event.id, at=event.at, by=event.by, agency=event.agency)],
        actions=[
            RequiredAction(
                code="manager_decision",
                who="team_manager",
                due_at=event.received_at,
                required_by=event.id,
                required_at=event.at,
                known_at=event.received_at,
                done_by_deciding=True,
            )
        ],
    )


def _answer(failure: Escalation | None, event: Acknowledged | Decision) -> None:
    if failure is None or not failure.is_open:
        return
    if isinstance(event, Acknowledged):
        failure.acknowledged_at = failure.acknowledged_at or event.at
        failure.acknowledged_by = failure.acknowledged_by or event.by
        known = failure.acknowledged_received_at or event.received_at
        failure.acknowledged_received_at = known
    elif event.kind == "decide":
        failure.decided_at, failure.decided_by = event.at, event.by
        failure.decided_received_at, failure.decision_reason = event.received_at, event.reason
        for action in failure.actions:
            action.done_at, action.done_by = event.at, event.id


def told(escalation: Escalation, book: Book, now: datetime) -> list[Rung]:
    """Return who has been told by `now`, and when."""
    return ladder.told(escalation, book.rules, book.holidays, now)


def next_clock(judged: Judged, book: Book, now: datetime) -> datetime | None:
    """Return when the household's clocks must move next."""
    moments = []
    if judged.case is not None:
        moments.append(engine.next_due(judged.case, now))
    for failure in judged.failures:
        rung = ladder.next_rung(failure, book.rules, book.holidays, now)
        moments.append(rung.at if rung else None)
    return min((moment for moment in moments if moment is not None), default=None)


def no_later_than_received(event: Event) -> Event:
    """Return the event as having happened at the latest when it was received.

    A phone's clock may run ahead; nothing can have been seen after the office was told of it.
    """
    return replace(event, at=min(event.at, event.received_at))
