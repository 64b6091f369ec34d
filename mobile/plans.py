"""The conditions of the plans in force, in full and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mobile.wording import day_words
from shared import engine
from shared.checklist import Checklist
from shared.clocks import day_of
from shared.facts import PlanStarted

PLAN_WORDS = {
    "child_protection": "Child protection plan",
    "child_in_need": "Child in need plan",
    "early_help": "Early help plan",
    "pre_birth": "Pre-birth plan",
    "looked_after": "Looked-after child plan",
}
ANNOUNCED_OUT = "out_announced"


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """A plan's condition in full; `met`: this visit meets it."""

    plan: str
    title: str
    words: str
    counts: list[str]
    met: bool


def conditions(case: engine.Case, now: datetime, *, met: bool = False) -> list[ConditionShown]:
    """The no-access conditions of the plans in force, in full."""
    plans = case.history.plans_in_force(now)
    checklist = case.book.checklist
    return [_condition(plan, checklist, now, met) for plan in plans if plan.no_access]


def _condition(plan: PlanStarted, checklist: Checklist, now: datetime, met: bool) -> ConditionShown:
    since = day_words(day_of(plan.at), day_of(now))
    outcomes = plan.no_access.outcomes if plan.no_access else ()
    return ConditionShown(
        plan=plan.plan,
        title=f"{PLAN_WORDS.get(plan.kind, plan.kind)}, since {since}: no-access condition",
        words=plan.words,
        counts=[_outcome_words(outcome, checklist) for outcome in outcomes],
        met=met,
    )


def _outcome_words(outcome: str, checklist: Checklist) -> str:
    if outcome == ANNOUNCED_OUT:
        return "No answer on a visit that the family expected"
    for code in ("ACC-01", "ACC-03"):
        if outcome in checklist.items[code].levels:
            return checklist.items[code].label_of(outcome)
    return outcome
