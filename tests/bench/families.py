"""Invented histories of any length for measuring: whole visits, seeded, mostly ordinary answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from shared import checklist as checklists
from shared import ids
from shared.checklist import Asked
from shared.clocks import LONDON, day_of
from shared.facts import Adult, Answer, Child, Event, Household, Visit
from shared.items import Band, Checklist, Item
from shared.packs import Book

FIRST_DAY = datetime(2026, 1, 5, 10, 0, tzinfo=LONDON)
SPAN_DAYS = 200
# How many of the answers are grave: in an ordinary family, and in one with many troubles.
FEW, MANY = 0.01, 0.1


def household(children: int = 4) -> Household:
    """A family whose youngest is a few weeks old when the history begins."""
    born = FIRST_DAY.date() - timedelta(days=20)
    return Household(
        id="bench",
        name="Bench",
        children=tuple(
            Child(id=f"c{i}", name=f"Child {i}", born=born - timedelta(days=500 * i))
            for i in range(children)
        ),
        adults=(Adult(id="a0", name="Adult", relation="mother"),),
    )


def visits(
    book: Book, family: Household, count: int, *, items: int = 45, grave: float = FEW
) -> Iterator[Visit]:
    """This many visits over 200 days, each answering ACC-01 and up to `items` items."""
    chance = random.Random(20260105)
    for number in range(count):
        at = FIRST_DAY + timedelta(days=SPAN_DAYS * number / count)
        yield visit(book.checklist, family, at, chance, items, grave)


def alike(
    book: Book, family: Household, until: datetime, count: int, apart: timedelta
) -> list[Visit]:
    """This many visits, the last `apart` before `until`, that ask alike however far back."""
    chance = random.Random(7)
    asked = asked_on(book.checklist, family, until)
    return [
        visit(book.checklist, family, until - apart * back, chance, asked=asked)
        for back in reversed(range(1, count + 1))
    ]


def asked_on(checklist: Checklist, family: Household, at: datetime) -> list[Asked]:
    """What a visit at `at` asks beside ACC-01."""
    asked = checklists.applicable(checklist, family, day_of(at))
    return [each for each in asked if each.item.code != "ACC-01"]


def visit(
    checklist: Checklist,
    family: Household,
    at: datetime,
    chance: random.Random,
    items: int = 45,
    grave: float = FEW,
    asked: list[Asked] | None = None,
) -> Visit:
    """One visit at `at`, received when it happened; of its answers about so many are grave."""
    asked = asked or asked_on(checklist, family, at)
    drawn = chance.sample(range(len(asked)), len(asked))
    # What every visit must check comes before the rest.
    drawn.sort(key=lambda place: not asked[place].item.core)
    some = sorted(drawn[: items - 1])
    answers = [Answer(item="ACC-01", value="in")]
    answers += [
        Answer(
            item=asked[i].item.code,
            about=asked[i].about,
            value=_value(asked[i].item, chance, grave),
        )
        for i in some
    ]
    return Visit(
        id=ids.uuid7(int(at.timestamp() * 1000), chance.randbytes(10)),
        at=at,
        received_at=at,
        by="hv-1",
        agency="health_visiting",
        answers=tuple(answers),
    )


def _value(item: Item, chance: random.Random, grave: float) -> str | tuple[str, ...] | float:
    """An ordinary answer; now and then, by chance, a grave one (or one that says "unknown")."""
    if item.kind == "text":
        return "Nothing new since the last visit."
    well = [option.code for option in item.options if option.level in "-N"]
    ill = [option.code for option in item.options if option.level not in "-N"]
    is_grave = chance.random() < grave
    if item.kind == "number":
        return _within(chance.choice([b for b in item.bands if (b.level not in "-N") == is_grave]))
    code = chance.choice((ill if is_grave else well) or ill or well)
    return (code,) if item.kind == "multi" else code


def _within(band: Band) -> float:
    """A number that lies in a band."""
    edges = (band.from_, band.to, band.above, band.below)
    tried = [edge + step for edge in edges if edge is not None for step in (0, 1, -1)]
    return next(number for number in tried if number >= 0 and band.holds(number))


def in_order(events: Iterator[Visit]) -> list[Event]:
    """The events as a list, in the order received."""
    return sorted(events, key=lambda event: event.received_at)
