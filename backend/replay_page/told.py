"""What a page tells: an event, an escalation, a clock, in words and ready to be set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.escalation import Escalation
from shared.facts import Event

LEVELS = {"I": "Immediate", "S": "Significant", "L": "Low", "U": "Could not check"}
LEVELS |= {"N": "No concern", "-": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer given at a visit or in a report."""

    level: str
    words: str
    basis: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTold:
    """One thing that was recorded. `assumed` is what its author says is assumed of it, or ""."""

    event: Event
    anchor: str
    at: datetime
    when: str
    title: str
    level: str
    who: str
    received: str
    assumed: str
    findings: list[Finding]
    others: int
    words: str
    raised: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTold:
    """A required action with its clock. `state`: done, late, overdue or running.

    `due_at` is None while what it must be done before has no date yet; `due` says so in words.
    """

    action: str
    who: str
    required_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    due: str
    state: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTold:
    """One thing that made a rule fire: what, who says so when on what basis, and the note."""

    level: str
    words: str
    source: str
    note: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTold:
    """A record that an escalation rests on: where it stands, in a few words, and which answers."""

    anchor: str
    words: str
    items: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A required action with each of its clocks."""

    action: str
    who: str
    clocks: list[ClockTold]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Who was told, and when."""

    role: str
    at: datetime
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationTold:
    """One escalation. `rests_on_assumed`: part of what it rests on has an assumed date."""

    anchor: str
    raised: Escalation
    when: str
    children: str
    late: str
    rests_on_assumed: bool
    evidence: list[EvidenceTold]
    records: list[RecordTold]
    blockers: list[tuple[str, list[str]]]
    clocks: list[ClockTold]
    required: list[Required]
    told: list[Rung]
    answers: list[str]


@dataclass(frozen=True, slots=True)
class History:
    """All that a replay has to tell, each part in the order it happened."""

    events: list[EventTold]
    escalations: list[EscalationTold]


def is_of_what_was_not_done(each: EscalationTold) -> bool:
    """Whether it was raised since a required action was not done."""
    return bool(each.raised.evidence and each.raised.evidence[0].action)
