"""A plan in words: for whom, how often they are to be seen, and its no-access condition in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.web import answers, words
from shared import packs
from shared.clocks import day_of
from shared.facts import Household, NoAccess, PlanStarted
from shared.packs import Book

# `out_announced` and `out` are the plan's own words for an answer to two questions.
OUTCOMES = {
    "out_announced": "nobody answers, although the visit was announced",
    "absent": "a child on the plan is not seen, and nobody can confirm where they are",
    "withheld": "the adults will not let the visitor see a child on the plan",
    "hide": "nobody answers, but there are signs that someone is in",
    "refused": "the visitor is refused at the door or by phone",
    "gone": "the family is no longer at the address and nobody knows where they are",
    "out": "nobody answers and there is no sign of anyone in",
    "unsafe": "the visitor leaves because it is not safe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan in force, ready for the family's page."""

    name: str
    since: str
    lines: list[str]
    words: str
    outcomes: list[str]
    steps: list[str]


def present(plan: PlanStarted, household: Household, book: Book, now: datetime) -> Plan:
    """A plan in force in words."""
    return Plan(
        name=words.plan(plan.kind),
        since=words.short_day(day_of(plan.at)),
        lines=lines(plan, household, now, condition=False),
        words=plan.words,
        outcomes=outcomes(plan.no_access),
        steps=no_access_steps(book) if plan.no_access else [],
    )


def lines(
    plan: PlanStarted, household: Household, now: datetime, *, condition: bool = True
) -> list[str]:
    """What the plan says, a line each."""
    children = [answers.person_name(household, child) for child in plan.children]
    told = [f"For {words.listed(children)}"] if children else []
    if plan.see_every:
        told.append(f"To be seen at least every {words.count(plan.see_every, 'working day')}")
    told += [
        f"{packs.label(action.code)}: {packs.label(action.who)}, by {words.moment(action.due, now)}"
        for action in plan.actions
    ]
    if condition and plan.no_access:
        told.append(f"No-access condition: if {', or '.join(outcomes(plan.no_access))}")
    return told


def outcomes(condition: NoAccess | None) -> list[str]:
    """What brings the no-access condition into force, each in full words."""
    return [OUTCOMES.get(code, code) for code in condition.outcomes] if condition else []


def no_access_steps(book: Book) -> list[str]:
    """What must then be done, of whom, by when: the actions of the rule for the condition."""
    # The rule that the language's no-access test stands in; a pack may leave it out.
    rule = next((each for each in book.rules.rules if each.id == "R03"), None)
    if rule is None:
        return []
    return [
        f"{packs.label(each.code)} ({packs.label(each.who)}, {words.allowed(branch.clock)})"
        for each in rule.actions
        for branch in each.branches[:1]
        if branch.clock
    ]
