"""What was seen, as words: an answer, whom it is about, who says so and on what basis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.web import words
from shared.checklist import Checklist, level_of
from shared.facts import Answer, Household

_ITEM_CODE = re.compile(r" \([A-Z]{3}-\d{2}\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One answer ready for a page. `about`: a person's name, or '' for the household."""

    question: str
    answer: str
    level: str
    about: str
    basis: str
    note: str = ""
    also: str = ""
    code: str = ""


def answer_words(checklist: Checklist, code: str, value: object) -> str:
    """An answer as the checklist words it: its options' labels, a number with its unit, or text;
    None is no answer."""
    if value is None:
        return "Not answered"
    item = checklist.items.get(code)
    if item is None:
        return f"{code}: {value}"
    if isinstance(value, int | float):
        return f"{value:g} {item.unit}".strip()
    if isinstance(value, tuple | list):
        return "; ".join(item.label_of(str(each)) for each in value)
    return item.label_of(str(value))


def person_name(household: Household, person: str | None) -> str:
    """The name of a child or adult of the household; '' for nobody, the id when not on record."""
    if not person:
        return ""
    names = {child.id: child.name for child in household.children}
    names |= {adult.id: adult.name for adult in household.adults}
    return names.get(person) or person


def about_words(checklist: Checklist, household: Household, about: str | None) -> str:
    """Whom or what an answer is about: a person, or the question of a concern."""
    code, _, whom = (about or "").partition(":")
    if code in checklist.items:
        name = person_name(household, whom)
        return checklist.items[code].question.rstrip("?") + (f", {name}" if name else "")
    return person_name(household, about)


def seen(checklist: Checklist, household: Household, answer: Answer) -> Seen:
    """An answer of a visit or report, ready for a page."""
    item = checklist.items.get(answer.item)
    return Seen(
        question=item.question if item else answer.item,
        answer=answer_words(checklist, answer.item, answer.value),
        level=safe_level(checklist, answer),
        about=about_words(checklist, household, answer.about),
        basis=words.basis(answer.basis),
        note=answer.note,
        also=answer.also,
        code=answer.item,
    )


def safe_level(checklist: Checklist, answer: Answer) -> str:
    """The level of an answer; '-' for one that this checklist no longer knows."""
    item = checklist.items.get(answer.item)
    if item is None:
        return "-"
    try:
        return level_of(item, answer.value)
    except ValueError:
        return "-"


def plain_because(rule_name: str, because: str) -> str:
    """The engine's sentence without the rule's name before it and the item codes within."""
    told = _ITEM_CODE.sub("", because)
    told = told.removeprefix(f"{rule_name}: ").strip()
    return words.begin(told)


def who_words(names: Mapping[str, str], person: str | None, agency: str = "") -> str:
    """Who said or did something: the name, else the sign-in name, with the agency."""
    name = names.get(person or "", person or "")
    place = words.agency(agency) if agency else ""
    return ", ".join(filter(None, (name, place))) or "Not recorded"


def lateness(raised_at: datetime, received_at: datetime) -> str:
    """How late the office heard of it: "Arrived 5 hours late"."""
    return f"Arrived {words.duration(received_at - raised_at)} late"
