"""The history of a quiet family: the visits that they have, and what comes with them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from backend.simulation import rates
from backend.simulation.answering import Doc, Value
from backend.simulation.chance import Chance
from backend.simulation.family import Family
from backend.simulation.people import FIRST_BIRTH
from shared.facts import Child

# The five contacts that every family is offered, in days from birth: antenatal, new baby, six to
# eight weeks, nine to twelve months, two to two and a half years.
CONTACTS = ((-84, -70), (10, 14), (42, 56), (275, 365), (730, 910))
_PLAN_GAP = (12, 20)  # days between visits on a plan: in time, with room for one that is moved
_EXTRA_GAP = (14, 42)
FEWEST_VISITS = 3
# What other agencies tell of now and then: who, what, and the child's age in days.
_TELLINGS: tuple[tuple[str, dict[str, Value], int], ...] = (
    ("nursery", {"HYG-01": ["grub"]}, 270),
    ("nursery", {"HLT-01": "minor", "HLT-03": "fits"}, 420),
    ("gp", {"HLT-05": 1}, 60),
    ("hospital", {"HLT-01": "minor", "HLT-03": "fits", "HLT-06": "no"}, 420),
    ("midwifery", {"PAR-04": "strain"}, 5),
    ("housing", {"HYG-03": ["some"]}, 30),
    ("early_help", {"FED-03": "low"}, 60),
)


def tell(family: Family, *, care: str, visits: int | None = None) -> None:
    """Tell the history of a quiet family.

    `care` is a key of `rates.CARE`. `visits` is about how many there are, instead of what the
    kind of care brings with it.
    """
    chance = family.chance
    unborn = family.children[0].born is None
    day_zero = family.children[0].born or family.children[0].due or FIRST_BIRTH
    ends = 930 if visits or care == "plan" else _ends_at(chance)
    if unborn:
        ends = -chance.whole(1, 40)
    _arrive(family, day_zero, unborn)
    planned = _contacts(chance, ends)
    if visits:
        planned = _spread(planned, visits, ends)
    elif care == "targeted" and not unborn:
        planned += _extra(chance, planned)
    plan = _plan_days(chance) if care == "plan" and not visits and not unborn else None
    if plan:
        begins, ends, ended = plan  # a plan that is still running is where the history ends
        planned = [each for each in planned if each < begins or (ended and each > ends + 40)]
    for count, days in enumerate(sorted(set(planned))):
        contact = any(least <= days <= most for least, most in CONTACTS)
        day = family.working_day(day_zero + timedelta(days=days))
        _call(family, day, whole=count == 0 or (contact and not visits))
    if plan:
        _tell_plan(family, *plan)
    elif care == "targeted" and not unborn and chance.happens(rates.CLOSES):
        _ask_to_close(family)
    _tell_of_others(family, day_zero, ends)
    if care != "plan" and ends > 700 and chance.happens(rates.PREGNANT_AGAIN):
        _expect_again(family, day_zero + timedelta(days=ends))


def _ends_at(chance: Chance) -> int:
    ages = [0, *rates.HISTORY_ENDS_AT_DAYS]
    most = chance.weighed(rates.HISTORY_ENDS_AT_DAYS)
    least = dict((b, a) for a, b in pairwise(ages))[most]
    return chance.whole(max(60, least), most)


def _contacts(chance: Chance, ends: int) -> list[int]:
    held = [chance.whole(*days) for days in CONTACTS if chance.happens(rates.CONTACT_HELD)]
    held = [days for days in held if days <= ends]
    first = 15 if ends > 15 else CONTACTS[0][0]
    while len(set(held)) < FEWEST_VISITS:
        held.append(chance.whole(first, ends))
    return held


def _spread(planned: list[int], visits: int, ends: int) -> list[int]:
    """About so many visits, evenly from the new baby's first to the end, contacts included."""
    planned = planned[:visits]
    more = visits - len(planned)
    return planned + [16 + (ends - 16) * n // max(1, more) for n in range(more)]


def _extra(chance: Chance, planned: list[int]) -> list[int]:
    """Visits every two to six weeks, for some months of the first two years."""
    days = chance.whole(20, 60)
    until = min(days + chance.whole(90, 700), max(*planned, 120))
    least, most = _EXTRA_GAP
    often = chance.whole(least, most)  # each family has a rhythm of its own
    found = []
    while days < until:
        found.append(days)
        days += chance.whole(often, min(often + 14, most))
    return found


def _plan_days(chance: Chance) -> tuple[int, int, bool]:
    """When a plan begins and is to end, in days from birth, and whether it does end."""
    begins = chance.whole(95, 300)
    return begins, begins + chance.whole(120, 600), chance.happens(rates.PLAN_HAS_ENDED)


def _call(
    family: Family, day: date, *, whole: bool, social: bool = False, seen: bool = False
) -> tuple[date, bool]:
    """Tell one visit, and the one before it that the family moved, if they did.

    Returns its day, and whether every born child was seen awake; `seen`: they are in any case.
    """
    chance = family.chance
    at = family.hour(day)
    if chance.happens(rates.MOVED):
        moved = family.answers({"ACC-01": "out", "ACC-02": "drop"})
        family.visit(at, moved, social=social, **_received(family, at))
        day = family.working_day(day + timedelta(days=chance.whole(1, 3)))
        at = family.hour(day)
    how = {c.id: _seen(family, c, day, seen) for c in family.children if c.born and c.born <= day}
    also = ("ENG-04",) if social else ()
    answers = family.answering.ordinary(family.household(), day, whole=whole, also=also, seen=how)
    if chance.happens(rates.CUT_SHORT):
        answers[0]["answer"] = "part"
    if chance.happens(rates.UNANNOUNCED):
        _expected(answers, "unann")
    family.visit(at, answers, social=social, **_received(family, at))
    return day, all(each in ("handled", "awake") for each in how.values())


def _expected(answers: list[Doc], how: str) -> None:
    for each in answers:
        if each["item"] == "ACC-02":
            each["answer"] = how


def _seen(family: Family, child: Child, day: date, in_any_case: bool) -> str:
    chance = family.chance
    if child.due is not None:
        draw = chance.draw()
        if in_any_case or draw < rates.BABY_HELD:
            return "handled"
        return "awake" if draw < rates.BABY_HELD + rates.BABY_AWAKE else "asleep"
    three = child.born is not None and (day - child.born).days >= 3 * 365
    if not in_any_case and three and chance.happens(rates.AT_NURSERY_OR_SCHOOL):
        return "absent_ok"
    if not in_any_case and not three and chance.happens(rates.WITH_RELATIVES):
        return "absent"
    return "awake"


def _received(family: Family, at: datetime) -> dict[str, datetime]:
    """When the office got it, where that was not at once: out of signal, or left for days."""
    chance = family.chance
    draw = chance.draw()
    if draw < rates.RECEIVED_DAYS_LATER:
        day = at.date() + timedelta(days=chance.whole(1, 4))
        return {"received": datetime.combine(day, time(8, chance.whole(0, 59)))}
    if draw < rates.RECEIVED_DAYS_LATER + rates.RECEIVED_HOURS_LATER:
        return {"received": at + timedelta(minutes=chance.whole(20, 360))}
    return {}


def _arrive(family: Family, day_zero: date, unborn: bool) -> None:
    chance = family.chance
    babies = [child.id for child in family.children if child.due is not None]
    if chance.happens(rates.KNOWN_BEFORE_BIRTH) or unborn:
        booked = family.working_day(day_zero - timedelta(days=chance.whole(150, 200)))
        for baby in babies:
            at = datetime.combine(booked, time(11, 0))
            family.add("pregnancy", at, by="midwife-1", agency="midwifery", child=baby)
    if not unborn and chance.happens(rates.BIRTH_NOTIFIED):
        for baby in babies:
            at = datetime.combine(day_zero, time(6, 30))
            family.add("birth", at, by="ward-1", agency="hospital", child=baby)


def _tell_plan(family: Family, begins: int, ends: int, ended: bool) -> None:
    """A child in need plan, with each child seen within twenty working days of the last time."""
    chance = family.chance
    day = family.working_day(family.born + timedelta(days=begins))
    last = family.born + timedelta(days=ends)
    start = family.hour(day)
    who = {"by": family.worker, "agency": "social_care"}
    children = [each.id for each in family.children]
    kind = {"action": "start", "plan": "p1", "kind": "child_in_need", "children": children}
    family.add("plan", start, **who, **kind)
    seen, count = False, 0
    day = family.working_day(day + timedelta(days=chance.whole(2, 5)))
    while day < last:
        held, seen = _call(family, day, whole=count == 0, social=count % 3 != 2, seen=not seen)
        gap = chance.whole(*_PLAN_GAP) if seen else chance.whole(2, 4)
        day, count = family.working_day(held + timedelta(days=gap)), count + 1
    if ended:
        asked = family.hour(family.working_day(held + timedelta(days=2)))
        family.add("closure_request", asked, **who, kind="end", plan="p1")
        end = family.hour(family.working_day(asked.date() + timedelta(days=3)))
        family.add("plan", end, **who, action="end", plan="p1")


def _ask_to_close(family: Family) -> None:
    last = max(each.at for each in family.told if each.doc["type"] == "visit")
    day = family.working_day(last.date() + timedelta(days=family.chance.whole(2, 9)))
    who = {"by": family.visitor, "agency": "health_visiting"}
    family.add("closure_request", family.hour(day), **who, kind="close")


def _tell_of_others(family: Family, day_zero: date, ends: int) -> None:
    chance = family.chance
    fits: list[tuple[str, dict[str, Value], int]] = [t for t in _TELLINGS if t[2] < ends]
    if not (chance.happens(rates.OTHER_AGENCY_TELLS) and fits):
        return
    agency, said, age = chance.pick(fits)
    day = family.working_day(day_zero + timedelta(days=chance.whole(age, ends)))
    family.report(family.hour(day), agency, said)


def _expect_again(family: Family, last: date) -> None:
    booked = family.working_day(last + timedelta(days=family.chance.whole(10, 90)))
    family.expect("c9", booked + timedelta(days=200))
    at = datetime.combine(booked, time(11, 0))
    family.add("pregnancy", at, by="midwife-1", agency="midwifery", child="c9")
