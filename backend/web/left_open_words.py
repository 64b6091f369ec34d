"""What a visit could not tell, in words: each immediate rule, for whom, and what would tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from flask import url_for

from backend.left_open import LeftOpen
from backend.web import answers, words
from shared.entries import Concern
from shared.facts import Household
from shared.history import History
from shared.packs import Book

MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question that would tell. `about` is '' for the household; `why` it does not."""

    words: str
    about: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One immediate rule; `why` counts the questions that would tell."""

    id: str
    name: str
    children: str
    why: str
    questions: list[Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What one visit or report left open."""

    event: str
    at: datetime
    rules: list[Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The same in a line, with where to read it whole. `at` is None where visits differ."""

    words: str
    at: datetime | None
    url: str


def tell(left: Sequence[LeftOpen], history: History, book: Book) -> list[Left]:
    """What each event left open, whole."""
    return [
        Left(event=event, at=same[0].at, rules=[_rule(each, history, book) for each in same])
        for event, same in _by_event(left)
    ]


def line(
    left: Sequence[LeftOpen], household_id: str, children: Mapping[str, str], book: Book
) -> Line | None:
    """What the latest visit left open, in a line; None when nothing is. `children` are names."""
    if not left:
        return None
    visits = _by_event(left)
    return Line(
        words=names(left, children, book, most=MOST_NAMES),
        at=left[0].at if len(visits) == 1 else None,
        url=url_for("household.page", household_id=household_id, _anchor="left-open"),
    )


def names(
    left: Sequence[LeftOpen], children: Mapping[str, str], book: Book, *, most: int | None = None
) -> str:
    """The rules by name: "Immediate danger, Hazardous shared sleep (Ada) and 2 more"."""
    named = list(dict.fromkeys(_name(each, children, book) for each in left))
    if most and len(named) > most:
        named = [*named[: most - 1], f"{len(named) - most + 1} more"]
    return words.listed(named)


def _by_event(left: Sequence[LeftOpen]) -> list[tuple[str, list[LeftOpen]]]:
    return [(event, list(same)) for event, same in groupby(left, key=attrgetter("event"))]


def child_names(record: Household) -> dict[str, str]:
    """The children's names by their ids."""
    return {child.id: child.name for child in record.children}


def _name(each: LeftOpen, children: Mapping[str, str], book: Book) -> str:
    rule, whom = _rule_name(each.rule, book), _whom(each, children)
    return f"{rule} ({whom})" if whom else rule


def _rule_name(rule: str, book: Book) -> str:
    return next((each.name for each in book.rules.rules if each.id == rule), rule)


def _whom(each: LeftOpen, children: Mapping[str, str]) -> str:
    return words.listed([children.get(child) or child for child in each.children])


def _rule(each: LeftOpen, history: History, book: Book) -> Rule:
    entry = history.by_id[each.event]
    checked = sum(question in entry.said for question in each.questions)
    return Rule(
        id=each.rule,
        name=_rule_name(each.rule, book),
        children=_whom(each, child_names(history.household)),
        why=_counts(len(each.questions) - checked, checked),
        questions=[_question(question, each.event, history, book) for question in each.questions],
    )


def _counts(blank: int, checked: int) -> str:
    told = []
    if blank:
        told.append(f"{words.count(blank, 'question')} not answered")
    if checked:
        told.append(f"{words.count(checked, 'question')} could not be checked")
    return ", ".join(told) or "the rule could not be run"


def _question(question: Concern, event: str, history: History, book: Book) -> Question:
    code, about = question
    seen = history.by_id[event].said.get(question)
    why = "not answered"
    if seen is not None:
        told = seen.answer.reason or answers.answer_words(book.checklist, code, seen.answer.value)
        why = f"could not check: {told}"
    return Question(
        words=book.checklist.items[code].question,
        about=answers.about_words(book.checklist, history.household, about),
        why=why,
    )
