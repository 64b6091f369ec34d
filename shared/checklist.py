"""Which items of the checklist apply today, the level of an answer, and checking an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.clocks import under_months
from shared.facts import Answer, Child, Household
from shared.items import LEVELS, Band, Checklist, Item, Option, Section, level_of, rank, worst
from shared.spelling import did_you_mean, listed, quoted

__all__ = [
    "LEVELS",
    "Asked",
    "Band",
    "Checklist",
    "Item",
    "Option",
    "Section",
    "answer_value",
    "applicable",
    "check_answer",
    "level_of",
    "rank",
    "worst",
]

LONGEST_WORDS = 20_000
LARGEST_NUMBER = 1_000_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Asked:
    """An item that applies, and whom or what it is asked about (None for the household)."""

    item: Item
    about: str | None


def answer_value(item: Item, raw: object) -> str | tuple[str, ...] | float:
    """Return an answer as the record holds it, from what JSON or YAML gave.

    Raises ValueError in plain words: what was wrong, what is allowed, the nearest valid code.
    """
    if item.kind == "text":
        return _words(item, raw)
    if item.kind == "multi":
        return _codes(item, raw)
    if item.kind == "number" and not isinstance(raw, str):
        return _number(item, raw)
    if not isinstance(raw, str):
        raise ValueError(f"{item.code} takes one answer: {listed(item.levels)}.")
    return _code(item, raw)


def _code(item: Item, raw: str) -> str:
    if raw not in item.levels:
        number = "a number or " if item.kind == "number" else ""
        raise ValueError(
            f"{item.code} has no answer {quoted(raw)}; it takes {number}{listed(item.levels)}."
            f"{did_you_mean(raw, item.levels)}"
        )
    return raw


def _codes(item: Item, raw: object) -> tuple[str, ...]:
    codes = [raw] if isinstance(raw, str) else raw
    if not isinstance(codes, list | tuple) or not all(isinstance(each, str) for each in codes):
        raise ValueError(f"{item.code} takes a list of answers: {listed(item.levels)}.")
    if not codes:
        raise ValueError(f"{item.code} needs at least one answer: {listed(item.levels)}.")
    if len(codes) > len(item.levels) or len(set(codes)) != len(codes):
        raise ValueError(f"{item.code} has an answer more than once.")
    return tuple(_code(item, each) for each in codes)


def _number(item: Item, raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        also = f", or {listed(item.levels)}" if item.levels else ""
        raise ValueError(f"{item.code} takes a number ({item.unit}){also}.")
    # Comparisons that fail for NaN and the infinities as well.
    if not -LARGEST_NUMBER <= raw <= LARGEST_NUMBER:
        raise ValueError(f"{item.code} takes an ordinary number ({item.unit}).")
    if item.band_of(raw) is None:
        raise ValueError(f"{item.code} cannot be {raw:g} ({item.unit}).")
    return raw


def _words(item: Item, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"{item.code} takes words.")
    if len(raw) > LONGEST_WORDS:
        raise ValueError(f"{item.code} takes at most {LONGEST_WORDS} characters.")
    return raw


def check_answer(checklist: Checklist, answer: Answer, household: Household) -> list[str]:
    """Return what is wrong with an answer, in plain words that name the item; [] when nothing is.

    A note may be missing where one is expected: the doorstep is no place to lose an answer over.
    """
    item = checklist.items.get(answer.item)
    if item is None:
        near = did_you_mean(answer.item, checklist.items)
        return [f"there is no item {quoted(answer.item)} in {checklist.name}.{near}"]
    problems = []
    try:
        if item.kind == "multi" and not isinstance(answer.value, tuple):
            raise ValueError(f"{item.code} takes a list of answers: {listed(item.levels)}.")
        answer_value(item, answer.value)
    except ValueError as wrong:
        problems.append(str(wrong))
    if answer.basis not in checklist.bases:
        problems.append(
            f"{item.code} has the basis {quoted(answer.basis)}; it is one of "
            f"{listed(checklist.bases)}.{did_you_mean(answer.basis, checklist.bases)}"
        )
    about = _about_problem(checklist, item, answer.about, household)
    return [*problems, about] if about else problems


def _about_problem(
    checklist: Checklist, item: Item, about: str | None, household: Household
) -> str | None:
    if item.per == "household":
        if about is not None:
            return f"{item.code} is about the household, so it has no 'about'."
        return None
    if about is None:
        return f"{item.code} needs 'about': which {item.per.replace('_', ' ')} it is about."
    if item.per == "agreed_action":
        fits = _CODE.fullmatch(about)
        return None if fits else f"{item.code} is about {quoted(about)}, which names no action."
    if item.per == "open_concern":
        return _concern_problem(checklist, item, about, household)
    return _person_problem(item.code, item.per, about, household)


def _concern_problem(
    checklist: Checklist, item: Item, about: str, household: Household
) -> str | None:
    code, _, whom = about.partition(":")
    concern = checklist.items.get(code)
    if concern is None or concern.per not in ("household", "child", "adult"):
        near = did_you_mean(code, checklist.items)
        return f"{item.code} is about {quoted(about)}, which names no concern.{near}"
    if concern.per == "household":
        return f"{item.code}: {code} is about the household; write {code}." if whom else None
    return _person_problem(item.code, concern.per, whom, household)


def _person_problem(code: str, per: str, about: str, household: Household) -> str | None:
    people = household.children if per == "child" else household.adults
    if any(each.id == about for each in people):
        return None
    known = [each.id for each in people]
    which = f"one of {listed(known)}" if known else f"no {per}, since none is recorded"
    return (
        f"{code} is about {quoted(about)}, which is no {per} of this household; "
        f"it can be {which}.{did_you_mean(about, known)}"
    )


def applicable(
    checklist: Checklist,
    household: Household,
    day: date,
    *,
    open_concerns: Sequence[str] = (),
    agreed_actions: Sequence[str] = (),
    answers: Iterable[Answer] = (),
) -> list[Asked]:
    """Return what is asked of this household on a day, in the checklist's order.

    `open_concerns` are "ITEM" or "ITEM:person"; `agreed_actions` are action codes or ids;
    `answers` are those already given today, on which some items depend.
    """
    born = [each for each in household.children if each.born is not None and each.born <= day]
    given = {(each.item, each.about): each.value for each in answers}
    asked: list[Asked] = []
    for item in checklist.items.values():
        whom: Iterable[str | None]
        if item.per == "child":
            fits = [each for each in born if _child_fits(item, each.born, each.bottle_fed, day)]
            whom = [each.id for each in fits if _item_fits(item, given, each.id)]
        elif item.per == "adult":
            whom = [each.id for each in household.adults]
        elif item.per == "household":
            young = any(_child_fits(item, each.born, None, day) for each in born)
            age = "child_under_months" in item.applies
            whom = [None] if (young or not age) and _item_fits(item, given, None) else []
        else:
            whom = open_concerns if item.per == "open_concern" else agreed_actions
        asked.extend(Asked(item, each) for each in whom)
    return asked


def asked_of_one(
    checklist: Checklist, months: int | None, bottle_fed: bool | None
) -> tuple[tuple[str, str | None], ...]:
    """Return what is asked in a household of one child of that age (None: unborn), no adults.

    Each item with "child", or None for the household; worked out once.
    """
    key = (months, bottle_fed)
    if key not in checklist.asked:
        day = date(2024, 12, 1)
        born = None
        if months is not None:
            years, rest = divmod(day.year * 12 + day.month - 1 - months, 12)
            born = date(years, rest + 1, 1)
        child = Child(id="child", born=born, bottle_fed=bottle_fed)
        household = Household(id="", children=(child,))
        checklist.asked[key] = tuple(
            (each.item.code, each.about) for each in applicable(checklist, household, day)
        )
    return checklist.asked[key]


def _child_fits(item: Item, born: date | None, bottle_fed: bool | None, day: date) -> bool:
    months = item.applies.get("child_under_months")
    if months is not None and (born is None or not under_months(born, day, months)):
        return False
    # Not knowing how a baby is fed is no reason to leave the bottles unseen.
    return not ("bottle_fed" in item.applies and bottle_fed is False)


def _item_fits(item: Item, given: Mapping[tuple[str, str | None], Any], about: str | None) -> bool:
    other = item.applies.get("item")
    if other is None:
        return True
    value = given.get((other, about))
    codes = value if isinstance(value, tuple) else (value,)
    return value is not None and any(code not in item.applies["not_in"] for code in codes)
