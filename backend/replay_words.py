"""What a replay says of an event, in the same words for a terminal and for a page."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from backend.replaying import Replay
from shared import facts
from shared.clocks import LONDON
from shared.facts import Event

NOTE = (
    "Levels, thresholds and clocks are proposals, to be signed off locally. A rule asks for a "
    "decision and a reason; it decides nothing."
)


def when(moment: datetime) -> str:
    """A moment by the London clock: "5 Jun 2018 10:15"."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


def done_by(event: Event) -> str:
    """Who recorded an event, and for whom they work."""
    return ", ".join(each for each in (event.by, event.agency.replace("_", " ")) if each)


def known(done: Replay) -> list[Event]:
    """What had reached the office by the end of a replay, who the family is left out."""
    return [
        event
        for event in done.case.events
        if not isinstance(event, facts.HouseholdRecorded) and event.received_at <= done.until
    ]


def kind(event: Event) -> str:
    """What an event is, in a few words; of a visit or report not what was seen."""
    if isinstance(event, facts.PlanStarted):
        condition = ", with the no-access condition" if event.no_access else ""
        return f"{event.kind.replace('_', ' ')} plan {event.plan} begins{condition}"
    if isinstance(event, facts.PlanEnded):
        return f"plan {event.plan} ends"
    if isinstance(event, facts.Arrival):
        return f"{event.kind.replace('_', ' ')}: {event.child}"
    if isinstance(event, facts.ClosureRequest):
        return f"request to {event.kind.replace('_', ' ')}{f' {event.plan}' if event.plan else ''}"
    if isinstance(event, facts.Decision):
        on = f" on {event.rule}" if event.rule else f" on {event.item}" if event.item else ""
        return f"decision, {event.kind.replace('_', ' ')}{on}: {event.reason}"
    if isinstance(event, facts.Disagreed):
        return f"disagrees: {event.reason}"
    if isinstance(event, facts.Acknowledged):
        return f"acknowledges {event.rule}"
    if isinstance(event, facts.ActionDone):
        return f"done: {event.action.replace('_', ' ')} {event.note}".rstrip()
    return "visit" if isinstance(event, facts.Visit) else "report"


def raised_by(done: Replay) -> dict[str, list[str]]:
    """What each event raised, or added to; what only counted later is not marked."""
    marks: dict[str, list[str]] = defaultdict(list)
    for escalation in done.escalations:
        if escalation.subject is not None:
            continue  # raised by time, not by an event
        for evidence in escalation.evidence:
            if evidence.at < escalation.raised_at:
                continue
            first = evidence.at == escalation.raised_at
            mark = escalation.rule if first else f"{escalation.rule} again"
            if mark not in marks[evidence.event]:
                marks[evidence.event].append(mark)
    return marks
