"""One family's history under two rule packs: what differs, rule by rule, and whom each tells."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from backend.cluster import Sent
from backend.replaying import Replay, file_bytes, read_raw, replay
from shared import packs, rules
from shared.clocks import LONDON
from shared.escalation import Escalation
from shared.packs import Book

# How many, of a role in a month; a month is the number of months since the year 0.
Counts = dict[tuple[str, int], int]
Key = tuple[tuple[str, ...], float, frozenset[tuple[str, str | None]]]


@dataclass(frozen=True, slots=True)
class Packs:
    """Two rule packs as JSON text, so that another process or machine can compile them."""

    a: str
    b: str

    @classmethod
    def of(cls, a: Book, b: Book) -> Packs:
        """Return the packs of two books; both have the bundled checklist and holidays."""
        return cls(json.dumps(a.rules.to_doc()), json.dumps(b.rules.to_doc()))

    def books(self) -> tuple[Book, Book]:
        """Return both books, compiled once in each process."""
        return _book(self.a), _book(self.b)


@cache
def _book(text: str) -> Book:
    asked = packs.checklist()
    return Book(asked, rules.from_doc(json.loads(text), asked), packs.holidays())


class Side(NamedTuple):
    """What one pack raises by one rule in one family; `only` is what the other pack does not.

    The dates are ISO 8601, in Europe/London, None where there is nothing.
    """

    raised: int
    only: int
    first: str | None
    first_only: str | None


class RuleCompared(NamedTuple):
    """One rule in one family. `other_level`: raised under both packs, at different levels."""

    rule: str
    a: Side
    b: Side
    other_level: int


class Compared(NamedTuple):
    """One family under both packs. `months`: the first and last that its history covers.

    `told`: the rungs told by each pack. `asked`: the actions each requires, by who must do them.
    None for `months` where nothing had been received by the time that the clocks ran until.
    """

    case: str
    months: tuple[int, int] | None
    rules: tuple[RuleCompared, ...]
    told: tuple[Counts, Counts]
    asked: tuple[Counts, Counts]


def compare(both: Packs, until: datetime | None, case: Path | Sent) -> Compared:
    """Return what a case file comes to under both packs; it is read and checked once.

    Raises CannotReplay when the file is not fit to replay.
    """
    books = both.books()
    raw = case.raw if isinstance(case, Sent) else file_bytes(str(case))
    read = read_raw(raw, str(case), *books)
    a, b = (replay(read, book, until) for book in books)
    return compared(a, b)


def compared(a: Replay, b: Replay) -> Compared:
    """Return how two replays of one case differ, and the load of each."""
    begun, end = a.case.events[0].received_at, a.until
    by_a, by_b = _by_rule(a.escalations), _by_rule(b.escalations)
    return Compared(
        case=a.case.id,
        months=(month_of(begun), month_of(end)) if begun <= end else None,
        rules=tuple(
            _compare(rule, by_a.get(rule, ()), by_b.get(rule, ()))
            for rule in dict.fromkeys((*by_a, *by_b))
        ),
        told=(_told(a), _told(b)),
        asked=(_asked(a), _asked(b)),
    )


def month_of(moment: datetime) -> int:
    """Return the month of a moment in Europe/London, as months since the year 0."""
    # London is at most an hour ahead of UTC, so before 23:00 UTC it is the same day there.
    if moment.tzinfo is not LONDON and (moment.tzinfo is not UTC or moment.hour == 23):
        moment = moment.astimezone(LONDON)
    return moment.year * 12 + moment.month - 1


def _by_rule(escalations: Sequence[Escalation]) -> dict[str, list[Escalation]]:
    found: dict[str, list[Escalation]] = defaultdict(list)
    for escalation in escalations:
        found[escalation.rule].append(escalation)
    return found


def _compare(rule: str, a: Sequence[Escalation], b: Sequence[Escalation]) -> RuleCompared:
    if len(a) == len(b) and all(map(_is_same, a, b)):
        other = sum(one.level != two.level for one, two in zip(a, b, strict=True))
        return RuleCompared(rule, _side(a, ()), _side(b, ()), other)
    keys_a, keys_b = [_key(each) for each in a], [_key(each) for each in b]
    only_a, only_b = _without(a, keys_a, keys_b), _without(b, keys_b, keys_a)
    levels_a = Counter(zip(keys_a, (each.level for each in a), strict=True))
    levels_b = Counter(zip(keys_b, (each.level for each in b), strict=True))
    same, alike = len(a) - len(only_a), (levels_a & levels_b).total()
    return RuleCompared(rule, _side(a, only_a), _side(b, only_b), same - alike)


def _is_same(a: Escalation, b: Escalation) -> bool:
    """Whether their keys are plainly equal: quick to tell, and so for most families."""
    return (
        a.children == b.children
        and a.raised_at == b.raised_at
        and len(a.evidence) == len(b.evidence)
        and all(
            one.event == two.event and one.action == two.action
            for one, two in zip(a.evidence, b.evidence, strict=True)
        )
    )


def _key(escalation: Escalation) -> Key:
    """What makes an escalation of a rule the same one under both packs."""
    return (
        tuple(sorted(escalation.children)),
        escalation.raised_at.timestamp(),
        frozenset((each.event, each.action) for each in escalation.evidence),
    )


def _without(
    raised: Sequence[Escalation], keys: Sequence[Key], others: Sequence[Key]
) -> list[Escalation]:
    """The escalations that are not among the others; as often as they are not."""
    left = Counter(others)
    only = []
    for escalation, key in zip(raised, keys, strict=True):
        if left[key]:
            left[key] -= 1
        else:
            only.append(escalation)
    return only


def _side(raised: Sequence[Escalation], only: Sequence[Escalation]) -> Side:
    return Side(len(raised), len(only), _first(raised), _first(only))


def _first(raised: Sequence[Escalation]) -> str | None:
    """The date of the first, of escalations in the order they were raised."""
    return raised[0].raised_at.astimezone(LONDON).date().isoformat() if raised else None


def _told(done: Replay) -> Counts:
    counts: Counts = defaultdict(int)
    for rungs in done.told.values():
        for rung in rungs:
            counts[rung.role, month_of(rung.at)] += 1
    return dict(counts)


def _asked(done: Replay) -> Counts:
    """Required actions, each in the month it was required, or known of if that was later."""
    counts: Counts = defaultdict(int)
    for escalation in done.escalations:
        for action in escalation.actions:
            required, known = month_of(action.required_at), month_of(action.known_at)
            counts[action.who, max(required, known)] += 1
    return dict(counts)
