"""A family's history as immutable facts: the people, and the events that happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

BASES = (
    "seen",
    "told_by_child",
    "told_by_parent",
    "told_by_family_or_neighbour",
    "told_by_professional",
    "from_record",
)
AGENCIES = (
    "health_visiting",
    "social_care",
    "midwifery",
    "hospital",
    "gp",
    "ambulance",
    "police",
    "early_help",
    "nursery",
    "school",
    "housing",
    "substance_service",
    "mental_health",
    "probation",
    "foster_carer",
    "residential_care",
    "voluntary",
    "public",
    "other",
)
ARRIVALS = ("pregnancy", "birth", "discharge", "return_home")
DECISIONS = (
    "lower_level",
    "close_concern",
    "refuse_referral",
    "decline_strategy_discussion",
    "decide",
)

EVENT_TYPES = (
    "household",
    "visit",
    "report",
    "plan",
    *ARRIVALS,
    "closure_request",
    "decision",
    "disagree",
    "acknowledge",
    "action_done",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One child; `born` wins over `due` from that day on. Weights in grams, gestation in weeks."""

    id: str
    name: str = ""
    born: date | None = None
    due: date | None = None
    gestation_weeks: int | None = None
    birth_weight_g: int | None = None
    bottle_fed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """An adult of the household, or one who looks after a child of it."""

    id: str
    name: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Who the family is, as last recorded."""

    id: str
    name: str = ""
    address: str = ""
    phone: str = ""
    children: tuple[Child, ...] = ()
    adults: tuple[Adult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to one checklist item.

    `value`: an option's code (choice), codes (multi), a number, or words (text). A number item
    may hold an option's code instead ("unk"). `about`: the child's or adult's id; None means the
    household. `also`: what the item records besides (people, rooms, dates), as words.
    """

    item: str
    value: str | tuple[str, ...] | float
    about: str | None = None
    basis: str = "seen"
    note: str = ""
    also: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event says: `at` when it happened, `received_at` when the office got it."""

    id: str
    at: datetime
    received_at: datetime
    by: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRecorded(Event):
    """The family's people and address, whole; the latest one stands."""

    household: Household


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Event):
    """A visit, let in or not. `shown`: the rules the device showed before leaving."""

    answers: tuple[Answer, ...]
    checklist: str = ""
    left_at: datetime | None = None
    shown: tuple[str, ...] = ()
    amends: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Event):
    """What another agency told us. Two reports with one `event_ref` are one happening."""

    answers: tuple[Answer, ...]
    event_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAccess:
    """A plan's condition: on these outcomes of a visit the plan's no-access steps begin."""

    outcomes: tuple[str, ...] = ("hide", "refused", "gone", "out_announced", "absent", "withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAction:
    """An action written in a plan; `due` is a moment."""

    code: str
    who: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStarted(Event):
    """A plan begins. `see_every`: working days between times seen, None for the rule's default."""

    plan: str
    kind: str
    children: tuple[str, ...]
    see_every: int | None = None
    no_access: NoAccess | None = None
    actions: tuple[PlanAction, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnded(Event):
    """A plan did end."""

    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival(Event):
    """A pregnancy, birth, discharge from hospital, or return home of a child."""

    kind: str
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRequest(Event):
    """Someone asks to close the case, or to step a plan down."""

    kind: str
    plan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Event):
    """A named decision. `rule` with `on` names an escalation by an event of its evidence."""

    kind: str
    role: str = ""
    reason: str = ""
    rule: str | None = None
    on: str | None = None
    item: str | None = None
    about: str | None = None
    to: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreed(Event):
    """A practitioner records that she disagrees, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Event):
    """Someone with the duty has taken an escalation up."""

    rule: str
    on: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(Event):
    """A required action, or one of a plan, was done: a call with its reference and outcome."""

    action: str
    rule: str | None = None
    on: str | None = None
    plan: str | None = None
    note: str = ""
    reference: str = ""
    outcome: str = ""
