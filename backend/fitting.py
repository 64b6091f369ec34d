"""Whether an event may join a household's record: its author, its role, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from backend.identity import IMPORT, Actor
from shared.checklist import check_answer
from shared.facts import (
    Acknowledged,
    Answer,
    Arrival,
    Decision,
    Event,
    Household,
    PlanStarted,
    Report,
    Visit,
)
from shared.ids import is_uuid7
from shared.packs import Book

AT_THE_DOOR = "ACC-01"
MOST_TOLD = 5


@dataclass(frozen=True)
class Unfit:
    """Why an item is not in the record: a stable code, and plain words."""

    code: str
    message: str


def unfit(
    item_id: str, event: Event, household: Household, actor: Actor, book: Book
) -> Unfit | None:
    """Return why this event may not join the household's record; None when it may."""
    if not is_uuid7(item_id) or event.id != item_id:
        return Unfit("wrong_id", "The id must be a UUIDv7, the same outside the event and in it.")
    if actor.role != IMPORT and (why := _not_theirs(event, actor, book)):
        return why
    problems = _people(event, household) + _answers(event, household, book)
    if not problems:
        return None
    more = len(problems) - MOST_TOLD
    told = problems[:MOST_TOLD] + ([f"and {more} more problems"] if more > 0 else [])
    return Unfit("does_not_fit", "; ".join(told))


def _not_theirs(event: Event, actor: Actor, book: Book) -> Unfit | None:
    """Why this person may not say this: nobody speaks for another, or above their role."""
    if event.by != actor.id:
        return Unfit("wrong_author", "An event is sent by the person who recorded it.")
    # What another agency told is under that agency's name, recorded by one of us.
    if not isinstance(event, Report) and event.agency and event.agency != actor.agency:
        return Unfit("wrong_agency", f"The author's agency is {actor.agency}.")
    if not isinstance(event, Acknowledged | Decision):
        return None
    if not actor.is_supervisor:
        return Unfit("not_allowed", "Only a supervisor may acknowledge or decide.")
    if event.role != actor.role:
        return Unfit("wrong_role", f"The author's role is {actor.role}.")
    if isinstance(event, Decision) and not may_decide(event.rule, actor, book):
        return Unfit("not_allowed", "This rule is another role's to decide.")
    return None


def may_decide(rule_id: str | None, actor: Actor, book: Book) -> bool:
    """Tell whether this role may decide an escalation of a rule (R17: the service manager's)."""
    if not actor.is_supervisor:
        return False
    rule = next((rule for rule in book.rules.rules if rule.id == rule_id), None)
    return rule is None or rule.decided_by is None or actor.role in rule.decided_by


def _people(event: Event, household: Household) -> list[str]:
    children: tuple[str, ...] = ()
    if isinstance(event, Arrival):
        children = (event.child,)
    elif isinstance(event, PlanStarted):
        children = event.children
    known = {child.id for child in household.children}
    return [
        f"there is no child '{child}' in this family" for child in children if child not in known
    ]


def _answers(event: Event, household: Household, book: Book) -> list[str]:
    if not isinstance(event, Visit | Report):
        return []
    problems = [
        problem
        for answer in event.answers
        for problem in check_answer(book.checklist, answer, household)
    ]
    if isinstance(event, Visit):
        problems += _whole_visit(event, book)
    return problems + _twice(event.answers)


def _whole_visit(visit: Visit, book: Book) -> list[str]:
    problems = []
    if visit.checklist not in ("", book.checklist.name):
        problems.append(f"the checklist is {book.checklist.name}, not '{visit.checklist}'")
    if all(answer.item != AT_THE_DOOR for answer in visit.answers):
        problems.append(f"a visit answers {AT_THE_DOOR}: what happened at the door")
    return problems


def _twice(answers: tuple[Answer, ...]) -> list[str]:
    seen: set[tuple[str, str | None]] = set()
    problems = []
    for answer in answers:
        key = (answer.item, answer.about)
        if key in seen:
            problems.append(f"{answer.item} is answered twice")
        seen.add(key)
    return problems
