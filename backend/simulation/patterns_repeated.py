"""Patterns that repeat, add up or get worse, until one more event completes them."""

from __future__ import annotations

from backend.simulation.family import Family, Said
from backend.simulation.planting import (
    Due,
    alone,
    days,
    from_the_start,
    must,
    start_plan,
    visits,
)

_INFANT = (70, 260)


def two_refusals(family: Family) -> list[Due]:
    """Refused, and nobody in within two weeks."""
    at = days(family, _INFANT, family.chance.whole(3, 14))
    return must(visits(family, at, {"ACC-01": "refused"}, {"ACC-01": "out"}), "R05")


def child_twice_not_shown(family: Family) -> list[Due]:
    """The baby is not to be seen, on two visits by two agencies in two weeks."""
    at = days(family, _INFANT, family.chance.whole(3, 14))
    family.plain_visit(at[0], {"ACC-03": "withheld"})
    family.plain_visit(at[1], {"ACC-03": "absent"}, social=True)
    return must(at[1], "R05")


def advice_not_followed(family: Family) -> list[Due]:
    """A pillow in the cot, on two dates within sixty days."""
    at = days(family, _INFANT, family.chance.whole(10, 60))
    return must(visits(family, at, {"SLP-06": "pillow"}, {"SLP-06": "pillow"}), "R09")


def toys_again(family: Family) -> list[Due]:
    """Toys in the cot on two visits running."""
    at = days(family, _INFANT, 21)
    alone(family, at[1], before=21)
    return must(visits(family, at, {"SLP-06": "toy"}, {"SLP-06": "toy"}), "R09")


def dirt_three_times(family: Family) -> list[Due]:
    """Low answers about cleanliness, by three agencies on three dates within sixty days."""
    at = days(family, _INFANT, 25, family.chance.whole(40, 60))
    family.plain_visit(at[0], {"HYG-02": "mess"})
    family.report(at[1], "nursery", {"HYG-01": "grub"})
    family.plain_visit(at[2], {"HYG-04": "few"}, social=True)
    return must(at[2], "R11")


def stain_three_times(family: Family) -> list[Due]:
    """The same stained mattress on three visits."""
    at = days(family, _INFANT, 28, 56)
    return must(visits(family, at, *[{"SLP-05": "stain"}] * 3), "R11")


def small_things_together(family: Family) -> list[Due]:
    """One low answer in each of four sections, within thirty days."""
    at = days(family, _INFANT, family.chance.whole(7, 30))
    first = {"SLP-06": "loose", "HYG-03": "some"}
    return must(visits(family, at, first, {"FED-03": "low", "SAF-02": "alarm"}), "R12")


def three_significant_things(family: Family) -> list[Due]:
    """Three different significant answers within ninety days."""
    at = days(family, _INFANT, 40, family.chance.whole(60, 90))
    said = {"SLP-03": "front"}, {"HYG-02": "filthy"}, {"PAR-04": "over"}
    return must(visits(family, at, *said), "R12")


def kitchen_gets_worse(family: Family) -> list[Due]:
    """The kitchen is in order, then messy, then filthy."""
    at = days(family, _INFANT, 28, 56)
    alone(family, at[2], before=56)
    said = [{"HYG-02": each} for each in ("ok", "mess", "filthy")]
    return must(visits(family, at, *said), "R13")


def more_each_time(family: Family) -> list[Due]:
    """Nothing significant, then one thing, then two others."""
    at = days(family, _INFANT, 28, 56)
    alone(family, at[2], before=56)
    said: list[Said] = [{}, {"SLP-03": "side"}, {"SAF-02": "choke", "HYG-02": "filthy"}]
    return must(visits(family, at, *said), "R13")


def two_agencies(family: Family) -> list[Due]:
    """A nursery and the health visitor, each with a low answer, within thirty days."""
    at = days(family, _INFANT, family.chance.whole(3, 30))
    family.report(at[0], "nursery", {"HYG-01": "grub"})
    family.plain_visit(at[1], {"FED-03": "low"})
    return must(at[1], "R14")


def two_neighbours(family: Family) -> list[Due]:
    """Two members of the public, who count as two."""
    at = days(family, _INFANT, family.chance.whole(2, 30))
    for moment, by in zip(at, ("a neighbour", "a grandmother"), strict=True):
        answers = family.answers({"SAF-04": "long"}, "told_by_family_or_neighbour")
        family.add("report", moment, by=by, agency="public", answers=answers)
    return must(at[1], "R14")


def tidy_when_announced(family: Family) -> list[Due]:
    """In order on an announced visit, filthy on one that was not."""
    at = days(family, _INFANT, family.chance.whole(5, 60))
    alone(family, at[1], before=60)
    family.plain_visit(at[0], {"HYG-02": "ok"})
    family.plain_visit(at[1], {"HYG-02": "filthy"}, expected="unann")
    return must(at[1], "R16")


def said_better_seen_not(family: Family) -> list[Due]:
    """Said to be better, seen not to be."""
    at = days(family, _INFANT, 20)
    again = {f"ENG-01 SLP-05:{family.baby}": "contra", "SLP-05": "wet"}
    return must(visits(family, at, {"SLP-05": "wet"}, again), "R16")


def cold_twice(family: Family) -> list[Due]:
    """The baby is ignored and blamed, on two dates within sixty days."""
    at = days(family, _INFANT, family.chance.whole(7, 60))
    return must(visits(family, at, {"CHD-02": "cold"}, {"CHD-02": "cold"}), "R21")


def left_for_a_moment_twice(family: Family) -> list[Due]:
    """Short lapses, on two dates within sixty days."""
    at = days(family, _INFANT, family.chance.whole(7, 60))
    return must(visits(family, at, {"SAF-03": "brief"}, {"SAF-03": "brief"}), "R22")


def marks_not_looked_for_twice(family: Family) -> list[Due]:
    """The child's skin could not be looked at, on two visits running."""
    at = days(family, _INFANT, 14)
    from_the_start(family, at[1])
    return must(visits(family, at, {"HLT-01": "unk"}, {"HLT-01": None}), "R23")


def agencies_never_asked(family: Family) -> list[Due]:
    """On a plan, and nobody asked other agencies for more than thirty days."""
    at = days(family, _INFANT, 10, 20, 31)
    alone(family, at[3], before=31)
    start_plan(family, at[0], "child_in_need")
    return must(visits(family, at[1:], {}, {"ENG-04": "unk"}, {}), "R23")


ALL = (
    two_refusals,
    child_twice_not_shown,
    advice_not_followed,
    toys_again,
    dirt_three_times,
    stain_three_times,
    small_things_together,
    three_significant_things,
    kitchen_gets_worse,
    more_each_time,
    two_agencies,
    two_neighbours,
    tidy_when_announced,
    said_better_seen_not,
    cold_twice,
    left_for_a_moment_twice,
    marks_not_looked_for_twice,
    agencies_never_asked,
)
