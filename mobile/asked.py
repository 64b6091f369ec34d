"""What is asked at a visit, as rows that a screen shows: the item, its answer, and last time's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mobile.caseload import History
from mobile.given import Given, Key, Value, as_answer
from mobile.wording import BASES, day_words
from shared.checklist import Asked, Checklist, Item, level_of, worst
from shared.clocks import day_of
from shared.facts import Answer, Household
from shared.rules import Pack

COULD_NOT = "U"


@dataclass(frozen=True, slots=True)
class LastTime:
    """The answer at the latest earlier visit, in words. Shown beside, never chosen for her."""

    words: str
    level: str
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question as asked today, about the household or one person."""

    item: Item
    about: str | None
    about_words: str
    given: Given
    level: str
    last: LastTime | None

    @property
    def key(self) -> Key:
        """What tells it from every other row."""
        return (self.item.code, self.about)

    @property
    def answer(self) -> Answer | None:
        """The answer as the visit will carry it; None while there is none."""
        return as_answer(self.key, self.given)


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far a section is: how many questions, how many answered, the gravest level so far."""

    code: str
    name: str
    asked: int
    answered: int
    worst: str


def could_not_check_value(item: Item) -> Value | None:
    """The answer that stands for "could not check", where the item has one."""
    code = next((each.code for each in item.options if each.level == COULD_NOT), None)
    if code is None:
        return None
    return (code,) if item.kind == "multi" else code


def level(item: Item, given: Given) -> str:
    """The level of what was entered: "-" for nothing, U for what could not be checked."""
    if given.value is None:
        return COULD_NOT if given.reason else "-"
    return level_of(item, given.value)


def value_words(item: Item, value: Value) -> str:
    """An answer in the checklist's own words; a number with its unit."""
    if isinstance(value, tuple):
        return "; ".join(item.label_of(code) for code in value)
    if isinstance(value, str):
        return value if item.kind == "text" else item.label_of(value)
    return f"{value:g} {item.unit}".strip()


def about_words(about: str | None, item: Item, household: Household, rules: Pack) -> str:
    """Whom or what a question is about: a person's name, a concern, an agreed action."""
    if about is None:
        return ""
    people = {each.id: each.name or each.id for each in household.children}
    people |= {each.id: each.name or each.id for each in household.adults}
    if item.per == "agreed_action":
        return rules.label(about)
    if item.per == "open_concern":
        code, _, whom = about.partition(":")
        return f"{code}, {people.get(whom, whom)}" if whom else code
    return people.get(about, about)


def last_time(history: History, key: Key, item: Item, today: date) -> LastTime | None:
    """What was answered last time, by the latest visit or report that says."""
    seen = history.case.history.about.get(key)
    if not seen:
        return None
    observation = seen[-1]
    answer = next(a for a in observation.event.answers if (a.item, a.about) == key)
    day = day_words(day_of(observation.event.at), today)
    basis = BASES.get(answer.basis, answer.basis)
    return LastTime(
        words=f"{day[0].upper()}{day[1:]}: {value_words(item, answer.value)} ({basis})",
        level=observation.level,
        at=observation.event.at,
        by=observation.event.by,
        note=answer.note,
    )


def progress(
    checklist: Checklist, asked: Sequence[Asked], given: Mapping[Key, Given]
) -> list[SectionProgress]:
    """Each section that asks something today, in order, and how far it is."""
    found = []
    for section in checklist.sections:
        mine = [each for each in asked if each.item.section == section.code]
        entered = [(each.item, given.get((each.item.code, each.about), Given())) for each in mine]
        if mine:
            found.append(
                SectionProgress(
                    code=section.code,
                    name=section.name,
                    asked=len(mine),
                    answered=sum(each.is_answered for _, each in entered),
                    worst=worst(level(item, each) for item, each in entered),
                )
            )
    return found
