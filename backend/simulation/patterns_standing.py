"""Patterns of plans, decisions and time: what was to be done, and what was asked instead."""

from __future__ import annotations

from datetime import timedelta

from backend.simulation.family import Family
from backend.simulation.planting import (
    Due,
    alone,
    ask_to_close,
    days,
    decide,
    from_the_start,
    must,
    start_plan,
    visits,
)

_INFANT = (70, 260)


def not_seen_on_a_plan(family: Family) -> list[Due]:
    """On a protection plan, and for weeks only seen asleep."""
    at = days(family, _INFANT, 1, 10, 20)
    from_the_start(family, at[3])
    start_plan(family, at[0], "child_protection")
    asleep = {"ACC-03": "asleep"}
    visits(family, at[1:], {}, asleep, asleep)
    return [Due(("R06",), at[3], by_time=True)]


def not_seen_with_a_concern(family: Family) -> list[Due]:
    """No plan, a concern open, and the baby not seen for three weeks."""
    at = days(family, _INFANT, 22)
    from_the_start(family, at[1])
    visits(family, at, {"HYG-02": "filthy"}, {"HYG-02": "mess"})
    return [Due(("R06",), at[1], by_time=True)]


def pregnant_after_a_concern(family: Family) -> list[Due]:
    """Another baby is expected, where there was a concern before."""
    at = days(family, (100, 300), 120)
    family.plain_visit(at[0], {"SLP-05": "wet"})
    family.expect("c8", at[1].date() + timedelta(days=190))
    family.add("pregnancy", at[1], by="midwife-1", agency="midwifery", child="c8")
    return must(at[1], "R15")


def home_after_a_plan(family: Family) -> list[Due]:
    """The baby comes home from hospital, where there was a plan before the birth."""
    at = days(family, (3, 9))
    before = family.hour(family.working_day(family.born - timedelta(days=40)))
    start_plan(family, before, "pre_birth")
    family.add("discharge", at[0], by="ward-1", agency="hospital", child=family.baby)
    return must(at[0], "R15")


def closing_with_a_concern_open(family: Family) -> list[Due]:
    """The case is to be closed, and nobody saw the mattress dry."""
    at = days(family, _INFANT, 30)
    alone(family, at[1], before=30)
    family.plain_visit(at[0], {"SLP-05": "wet"})
    ask_to_close(family, at[1])
    return must(at[1], "R17")


def closing_unseen(family: Family) -> list[Due]:
    """The case is to be closed, and on the last visit the bedroom was not seen."""
    at = days(family, _INFANT, 6)
    alone(family, at[1], before=6)
    family.plain_visit(at[0], {"ACC-04": "notask"})
    ask_to_close(family, at[1])
    return must(at[1], "R17")


def cot_not_provided(family: Family) -> list[Due]:
    """The plan said a cot by a day, and nobody brought one."""
    at = days(family, _INFANT, 8, 14)
    due = at[1].date().isoformat()
    action = {"code": "cot_provided", "who": "visitor", "due": due}
    start_plan(family, at[0], "child_in_need", actions=[action])
    visits(family, at[2:], {})
    return [Due(("R18",), at[2], by_time=True)]


def disagreement(family: Family) -> list[Due]:
    """The health visitor disagrees with the social worker."""
    (at,) = days(family, _INFANT)
    reason = "I would not close this; the baby is still not shown to me."
    family.add("disagree", at, by=family.visitor, agency="health_visiting", reason=reason)
    return must(at, "R25")


def referral_refused(family: Family) -> list[Due]:
    """A referral is refused by a manager."""
    at = days(family, _INFANT, 2)
    family.plain_visit(at[0], {"SAF-03": "unfit"})
    decide(family, at[1], "refuse_referral", "The threshold is not met.")
    return must(at[1], "R25")


def lowered_on_a_word(family: Family) -> list[Due]:
    """A concern is lowered because a parent says that it is better."""
    at = days(family, _INFANT, 9)
    family.plain_visit(at[0], {"SLP-05": "wet"})
    concern = {"item": "SLP-05", "about": family.baby, "to": "N", "basis": "told_by_parent"}
    decide(family, at[1], "lower_level", "Mother says that it is dry now.", **concern)
    return must(at[1], "R16", "R25")


ALL = (
    not_seen_on_a_plan,
    not_seen_with_a_concern,
    pregnant_after_a_concern,
    home_after_a_plan,
    closing_with_a_concern_open,
    closing_unseen,
    cot_not_provided,
    disagreement,
    referral_refused,
    lowered_on_a_word,
)
