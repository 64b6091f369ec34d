"""Who an invented family is, and the habits that all their visits find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from backend.simulation import rates
from backend.simulation.answering import Answering, Habit
from backend.simulation.chance import Chance
from backend.simulation.family import Family
from shared.facts import Child
from shared.packs import Book

FIRST_BIRTH = date(2022, 6, 1)
_BIRTHS_OVER_DAYS = 900


def family(book: Book, name: str, chance: Chance, *, unborn: bool = True) -> Family:
    """Return a family of whom nothing is told yet; `unborn`: the baby may be unborn to the end."""
    baby = _baby(chance)
    children = [baby]
    if chance.happens(rates.TWINS):
        children.append(replace(baby, id="c2"))
    older = chance.weighed(rates.SIBLINGS)
    assert baby.born is not None  # noqa: S101  (for the type)
    children += [
        Child(id=f"s{n}", born=baby.born - timedelta(days=chance.whole(420, 700) * n))
        for n in range(1, older + 1)
    ]
    if unborn and chance.happens(rates.STILL_UNBORN):
        children = [replace(c, born=None, birth_weight_g=None) if c.due else c for c in children]
    adults = ["mother"] if chance.happens(rates.ONE_PARENT) else ["mother", "father"]
    if chance.happens(rates.GRANDMOTHER):
        adults.append("grandmother")
    made = Family(
        id=name,
        title="",
        chance=chance,
        answering=Answering(
            book.checklist,
            chance,
            room=chance.whole(34, 40) / 2,
            thermometer=not chance.happens(rates.NO_THERMOMETER),
        ),
        holidays=book.holidays,
        children=children,
        adults=adults,
        visitor=f"hv-{chance.whole(1, 40)}",
        worker=f"sw-{chance.whole(1, 20)}",
    )
    _take_up_habits(made)
    return made


def _baby(chance: Chance) -> Child:
    born = FIRST_BIRTH + timedelta(days=chance.whole(0, _BIRTHS_OVER_DAYS))
    early = chance.happens(rates.BORN_EARLY)
    weeks = chance.whole(33, 36) if early else chance.whole(37, 41)
    return Child(
        id="c1",
        born=born,
        due=born + timedelta(days=7 * (40 - weeks) - chance.whole(0, 6)),
        gestation_weeks=weeks,
        birth_weight_g=10 * (chance.whole(180, 280) if early else chance.whole(260, 420)),
        bottle_fed=chance.weighed(rates.FED_BY_BOTTLE),
    )


def _take_up_habits(family: Family) -> None:
    """What the family answers at every visit that asks, for all or some of the time."""
    due = family.children[0].due or FIRST_BIRTH
    chance = family.chance
    if chance.happens(rates.SMOKES_OUTSIDE):
        _take_up(family, "SLP-11", None, Habit(["out"]))
    expecting = "cover" if chance.happens(rates.ASSESSED_BEFORE_BIRTH) else "new"
    _take_up(family, "PAR-06", None, Habit(expecting, until=family.children[0].born or date.max))
    _adults_habits(family, due)
    for child in family.children:
        if child.due is not None:
            _ways_with_a_baby(family, child, due)
        if chance.happens(rates.BEHIND_AND_FOLLOWED):
            followed = Habit("followed", note="Speech therapy is following it.")
            _take_up(family, "CHD-05", child.id, followed)


def _take_up(family: Family, item: str, about: str | None, habit: Habit) -> None:
    family.answering.habits.setdefault((item, about), []).append(habit)


def _adults_habits(family: Family, due: date) -> None:
    chance = family.chance
    if chance.happens(rates.PAST_ABUSE):
        _take_up(family, "PAR-05", None, Habit("past"))
    for adult in family.adults:
        if chance.happens(rates.DRINKS_NOW_AND_THEN):
            now_and_then = Habit("away", note="Wine at weekends, another adult in charge.")
            _take_up(family, "PAR-02", adult, now_and_then)
    if chance.happens(rates.LOW_WITH_SUPPORT):
        low = due + timedelta(days=chance.whole(14, 120))
        over = low + timedelta(days=chance.whole(30, 200))
        strain = Habit("strain", low, over, "Low; sees her GP, has support.")
        _take_up(family, "PAR-04", "mother", strain)


def _ways_with_a_baby(family: Family, baby: Child, due: date) -> None:
    chance = family.chance
    cat = Habit(["pet"], note="A cat; the door is kept shut at night.")
    ways = [
        (rates.NIGHTS_ONLY, "SLP-08", Habit("night")),
        (rates.CAT_AT_HOME, "SLP-06", cat),
        (rates.SWADDLES, "SLP-10", Habit(["swad"], until=due + timedelta(days=60))),
        (0 if baby.bottle_fed is not None else rates.ONLY_BREASTFED, "FED-01", Habit("na")),
    ]
    for rate, item, habit in ways:
        if chance.happens(rate):
            _take_up(family, item, baby.id, habit)
    if chance.happens(rates.SHARES_A_BED):
        until = due + timedelta(days=chance.whole(60, 200))
        said = "By choice; neither parent smokes or drinks, a clear bed."
        _take_up(family, "SLP-07", baby.id, Habit(["plain"], until=until, note=said))
        _take_up(family, "SLP-01", baby.id, Habit(["adultbed"], until=until))
