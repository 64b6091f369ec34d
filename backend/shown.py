"""What the queue and an escalation's page are given to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.left_open import LeftOpen
from shared.escalation import Escalation
from shared.facts import Child, Household
from shared.ladder import Rung


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """One escalation as a row of the queue.

    `next_action`, `next_who` and `next_due` are of the earliest action not done; '' and None when
    nothing is left; `next_before` is what it must be done before while that has no date. `rung` is
    the highest role told. `children` empty: the whole household. `left_open` is what the latest
    visit to the household could not tell.
    """

    id: str
    household: str
    household_name: str
    reference: str
    rule: str
    rule_name: str
    level: str
    children: tuple[Child, ...]
    child_names: dict[str, str]
    because: str
    raised_at: datetime
    received_at: datetime
    next_action: str
    next_who: str
    next_due: datetime | None
    next_before: str
    rung: str
    acknowledged_at: datetime | None
    acknowledged_by_name: str
    decided_at: datetime | None
    decided_by_name: str
    version: int
    late: bool
    failed: bool
    left_open: list[LeftOpen]


@dataclass(frozen=True, kw_only=True)
class ToldRole:
    """A role that has been told, and from when."""

    role: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Done:
    """An action as it was recorded: by whom, and what came of it."""

    at: datetime
    by: str
    by_name: str
    reference: str
    outcome: str
    note: str


@dataclass(frozen=True, kw_only=True)
class EscalationView:
    """One escalation with all that a supervisor needs to answer it.

    `ladder` is every rung with the time it is reached if nobody answers; `why_not` says in words
    why this person may not acknowledge or decide, '' when they may. `done` is by event id, for the
    `done_by` of required actions; one done by deciding is named there too, by its decision.
    """

    item: QueueItem
    escalation: Escalation
    household_record: Household
    ladder: list[Rung]
    told: list[ToldRole]
    names: dict[str, str]
    done: dict[str, Done]
    may_acknowledge: bool
    may_decide: bool
    why_not: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many escalations are open, and how many of them are what."""

    open: int
    overdue: int
    unacknowledged: int
    acknowledged: int
    failed: int
    held: int
    by_level: dict[str, int]
