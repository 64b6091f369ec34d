"""How a family stands now: the plans in force, the concerns that nobody has seen better, and what
the latest visit could not tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend import left_open
from backend.web import answers, left_open_words, plan_words, words
from backend.web.left_open_words import Left
from backend.web.plan_words import Plan
from shared import engine
from shared.entries import Observation, by_end_of
from shared.facts import Household
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
    """Plans in force; open concerns, gravest first; what could not be told at the latest visit."""

    plans: list[Plan]
    concerns: list[Concern]
    left_open: list[Left]


def of(case: engine.Case, now: datetime) -> Standing:
    """The standing of a household, read from its whole history."""
    history, record, book = case.history, case.household, case.book
    concerns = [_concern(each, record, book) for each in history.open_concerns(by_end_of(now))]
    return Standing(
        plans=[plan_words.present(plan, record, book, now) for plan in history.plans_in_force(now)],
        concerns=sorted(concerns, key=lambda each: (each.level != "I", each.since)),
        left_open=left_open_words.tell(left_open.latest(case), history, book),
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
