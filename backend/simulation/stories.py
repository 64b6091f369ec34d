"""Longer stories, in which several rules must speak one after the other."""

from __future__ import annotations

from backend.simulation.family import Family
from backend.simulation.planting import Due, alone, ask_to_close, days, must, start_plan, visits


def slow_neglect(family: Family) -> list[Due]:
    """A home that goes down over four months: each visit a little worse, none of them alarming."""
    at = days(family, (90, 150), 26, 52, 78, 104)
    alone(family, at[4], before=104)
    said = [
        {"HYG-02": "ok"},
        {"HYG-02": "mess"},
        {"HYG-02": "mess", "HYG-04": "few"},
        {"HYG-03": "some", "SLP-05": "stain", "FED-03": "low"},
        {"HYG-02": "filthy", "SLP-05": "wet", "FED-03": "short"},
    ]
    visits(family, at, *said)
    return [Due(("R11",), at[3]), Due(("R12", "R13"), at[4])]


def closed_door(family: Family) -> list[Due]:
    """On a protection plan with a no-access condition: seldom in, then refused, then not shown."""
    at = days(family, (90, 240), 4, 12, 20, 27)
    alone(family, at[4], before=27)
    start_plan(family, at[0], "child_protection", conditions=[{"code": "no_access"}])
    family.plain_visit(at[1], {"ACC-03": "glimpse"}, social=True)
    family.plain_visit(at[2], {"ACC-01": "out"}, expected="ann", social=True)
    family.plain_visit(at[3], {"ACC-01": "refused"}, expected="unann")
    family.plain_visit(at[4], {"ACC-03": "withheld"}, social=True)
    return [
        Due(("R03",), at[2]),
        Due(("R03", "R05"), at[3]),
        Due(("R06",), at[4], by_time=True),
    ]


def drugs_and_a_newborn(family: Family) -> list[Due]:
    """Cannabis in pregnancy is known to the midwife; then the newborn sleeps in the same bed."""
    before = days(family, (-50, -30))
    family.report(before[0], "midwifery", {"PAR-02": "reg"})
    at = days(family, (11, 16), 8)
    family.plain_visit(at[0], {"PAR-02": "reg", "SLP-11": "in"})
    family.plain_visit(at[1], {"SLP-07": "plain", "SLP-01": "adultbed"})
    return [Due(("R10",), before[0]), Due(("R10",), at[0]), Due(("R07",), at[1])]


def closed_hopefully(family: Family) -> list[Due]:
    """Left alone in a cot for long, told to be better, not seen to be, and asked to be closed."""
    at = days(family, (120, 240), 15, 40, 55)
    alone(family, at[3], before=55)
    family.plain_visit(at[0], {"SAF-04": "ext", "CHD-01": "flat"})
    family.report(at[1], "voluntary", {"SAF-04": "ext"})
    about = f"ENG-01 SAF-04:{family.baby}"
    family.plain_visit(at[2], {about: ("unseen", "told_by_parent"), "SLP-02": "told"})
    ask_to_close(family, at[3])
    return [*must(at[0], "R22"), *must(at[2], "R23"), *must(at[3], "R17")]


ALL = (slow_neglect, closed_door, drugs_and_a_newborn, closed_hopefully)
