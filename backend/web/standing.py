"""How a family stands now: the plans in force and the concerns that nobody has seen better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend import readings
from backend.web import answers, plan_words, words
from backend.web.plan_words import Plan
from shared.entries import Observation, by_end_of
from shared.facts import Household
from shared.history import History
from shared.packs import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A concern still open: what was seen, about whom, since when, on what basis."""

    answer: str
    question: str
    about: str
    level: str
    basis: str
    since: datetime
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Plans in force, and open concerns, gravest first."""

    plans: list[Plan]
    concerns: list[Concern]


def of(
    session: Session, household_id: str, record: Household, book: Book, now: datetime
) -> Standing:
    """The standing of a household, read from its whole history; the caller has checked scope."""
    held = readings.stored(session, household_id)
    history = History(record, book.checklist)
    for event in held.events:
        if event.id not in held.failed:
            history.add(event)
    concerns = [_concern(each, record, book) for each in history.open_concerns(by_end_of(now))]
    return Standing(
        plans=[plan_words.present(plan, record, book, now) for plan in history.plans_in_force(now)],
        concerns=sorted(concerns, key=lambda each: (each.level != "I", each.since)),
    )


def _concern(seen: Observation, record: Household, book: Book) -> Concern:
    value = next(a.value for a in seen.event.answers if (a.item, a.about) == seen.concern)
    return Concern(
        answer=answers.answer_words(book.checklist, seen.item, value),
        question=book.checklist.items[seen.item].question,
        about=answers.about_words(book.checklist, record, seen.about),
        level=seen.level,
        basis=words.basis(seen.basis),
        since=seen.event.at,
        event=seen.event.id,
    )
