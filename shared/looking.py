"""What a condition is given to look at, and how it picks the answers it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from shared.checklist import Checklist
from shared.facts import Child
from shared.history import RANKS, Entry, History, Observation

Proof = Observation | Entry
Answer = list[Proof] | Literal[False] | None
Test = Callable[["Look"], Answer]
Doc = Mapping[str, Any]
Make = Callable[[Doc, "Vocabulary"], Test]


class Standing(Protocol):
    """What conditions ask of the case beside its history: see `engine.Case`."""

    book: Any

    def blockers(self, entry: Entry, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """What stands against the request that `entry` makes."""


@dataclass(slots=True)
class Look:
    """One look at one event: for the whole household, or for one `child` of it."""

    history: History
    entry: Entry
    case: Standing
    child: Child | None = None
    met: dict[str, bool] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    blockers: list[dict[str, Any]] = field(default_factory=list)
    children: tuple[str, ...] = ()
    now: datetime | None = None

    @property
    def at(self) -> datetime:
        """The moment looked at: when the event happened, or when time raised something."""
        return self.now or self.entry.event.at

    def concerns(self, seen: Observation) -> bool:
        """Whether an observation is about this look's child, or about the whole household."""
        if self.child is None or seen.about == self.child.id:
            return True
        return all(seen.about != other.id for other in self.history.household.children)


class BadCondition(ValueError):
    """A condition the language does not have; the schema catches this first, with its line."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What conditions may say: the words of the language, the checklist's items, the terms."""

    checklist: Checklist
    conditions: Mapping[str, Make]
    terms: dict[str, Test]

    def compile(self, doc: Doc) -> Test:
        """One condition to a function. Raises BadCondition for a word the language lacks."""
        for word, make in self.conditions.items():
            if word in doc:
                return make(doc, self)
        raise BadCondition(f"no condition among {sorted(doc)}")


Selector = Callable[[Observation], bool]


def items_of(doc: Doc, checklist: Checklist) -> tuple[str, ...]:
    """The item codes an answer condition names: one, several, `any`, or whole sections."""
    named = doc["answer"]
    if named == "any":
        return tuple(c for c in checklist.items if c not in doc.get("except", ()))
    codes = [named] if isinstance(named, str) else list(named)
    found: list[str] = []
    for code in codes:
        section = [item.code for item in checklist.items.values() if item.section == code]
        found.extend(section or [code])
    return tuple(code for code in found if code not in doc.get("except", ()))


def selector(doc: Doc, checklist: Checklist) -> Selector:
    """Whether an observation is one the condition means; see `answer` in the schema."""
    items = frozenset(items_of(doc, checklist))
    options = frozenset(doc["in"]) if "in" in doc else None
    least = RANKS[doc["at_least"]] if "at_least" in doc else None
    below = RANKS[doc["below"]] if "below" in doc else None
    bases = frozenset(doc["basis"]) if "basis" in doc else None
    leave_out = [selector(other, checklist) for other in doc.get("unless", ())]
    rank = _rank_ignoring(doc.get("ignoring", {}), checklist)

    def means(seen: Observation) -> bool:
        if least is not None and rank(seen) < least:
            return False
        if seen.item not in items:
            return False
        if below is not None and rank(seen) >= below:
            return False
        if options is not None and options.isdisjoint(seen.codes):
            return False
        if bases is not None and seen.basis not in bases:
            return False
        return not any(other(seen) for other in leave_out)

    return means


def _rank_of(seen: Observation) -> int:
    return seen.rank


def _rank_ignoring(
    ignored: Mapping[str, Sequence[str]], checklist: Checklist
) -> Callable[[Observation], int]:
    """An observation's rank, or its rank without the options that do not count here."""
    if not ignored:
        return _rank_of

    def rank(seen: Observation) -> int:
        if seen.item not in ignored:
            return seen.rank
        kept = [code for code in seen.codes if code not in ignored[seen.item]]
        levels = {option.code: option.level for option in checklist.items[seen.item].options}
        return max((RANKS[levels[code]] for code in kept), default=RANKS["-"])

    return rank


def truth(value: bool) -> Answer:
    """A plain yes or no as an answer without evidence of its own."""
    return [] if value else False
