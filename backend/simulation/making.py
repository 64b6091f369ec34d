"""One family by its number: the case file, and the truth about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.simulation import (
    near_misses,
    patterns_repeated,
    patterns_single,
    patterns_standing,
    people,
    quiet,
    rates,
    stories,
)
from backend.simulation.chance import Chance
from backend.simulation.family import Family
from backend.simulation.planting import Due, Pattern
from shared.clocks import LONDON
from shared.packs import Book

Doc = dict[str, Any]

NEAR_MISSES_AMONG_THE_REST = 0.2


def _named(*patterns: Pattern) -> Mapping[str, Pattern]:
    return {str(each.__name__).replace("_", "-"): each for each in patterns}


PATTERNS = _named(
    *patterns_single.ALL, *patterns_repeated.ALL, *patterns_standing.ALL, *stories.ALL
)
NEAR_MISSES = _named(*near_misses.ALL)


@dataclass(frozen=True, slots=True)
class Options:
    """What shapes a family besides its number; `visits` left out is as many as families have."""

    seed: int
    quiet_share: float = 0.8
    visits: int | None = None


def make(book: Book, number: int, options: Options, planting: str | None = None) -> tuple[Doc, Doc]:
    """Return the case file of the family of this number, and the truth about it.

    The same whatever other families are made, and in what order. `planting` names the pattern or
    near miss that it must hold; left out, chance decides whether it holds one, and which.
    """
    chance = Chance(options.seed, number)
    named = planting or _planting(chance, options.quiet_share)
    family = people.family(book, f"family-{number:06}", chance, unborn=named is None)
    family.title = f"Invented family {number}"
    quiet.tell(family, care=_care(chance, named), visits=options.visits)
    due = {**PATTERNS, **NEAR_MISSES}[named](family) if named else []
    return family.doc(), _truth(family, named, due)


def _planting(chance: Chance, quiet_share: float) -> str | None:
    if chance.happens(quiet_share):
        return None
    near = chance.happens(NEAR_MISSES_AMONG_THE_REST)
    return chance.pick(list(NEAR_MISSES if near else PATTERNS))


def _care(chance: Chance, named: str | None) -> str:
    care = chance.weighed(rates.CARE)
    return "targeted" if named and care == "plan" else care  # a pattern brings a plan of its own


def _truth(family: Family, named: str | None, due: list[Due]) -> Doc:
    docs = [_due_doc(named, each) for each in due]
    is_quiet = named is None or named in NEAR_MISSES
    visits = sum(each.doc["type"] == "visit" for each in family.told)
    truth = {"case": family.id, "file": "", "quiet": is_quiet, "visits": visits}
    truth["planted"] = [] if is_quiet else docs
    if named in NEAR_MISSES:
        truth |= {"near_miss": named, "must_not_fire": docs}
    return truth


def _due_doc(named: str | None, due: Due) -> Doc:
    moment = due.at.replace(tzinfo=LONDON).isoformat()
    doc = {"pattern": named, "rules": list(due.rules), "from": moment}
    return doc | {"by_time": True} if due.by_time else doc
