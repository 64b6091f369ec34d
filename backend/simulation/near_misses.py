"""One day outside the window, or one answer short: the rule named must stay silent then."""

from __future__ import annotations

from datetime import timedelta

from backend.simulation.family import Family, Said
from backend.simulation.planting import (
    Due,
    ask_to_close,
    days,
    decide,
    from_the_start,
    must,
    start_plan,
    visits,
)

_INFANT = (70, 260)
_WALKING = (400, 650)


def _on_dates(family: Family, gap: int, *said: Said) -> list[Due]:
    """Tell a visit, and another so many days later, and nothing else before."""
    at = days(family, _INFANT, gap)
    from_the_start(family, at[1])
    return must(visits(family, at, *said))


def _rules(due: list[Due], *rules: str) -> list[Due]:
    return [Due(rules, each.at, each.by_time) for each in due]


def second_refusal_after_15_days(family: Family) -> list[Due]:
    """Two failed visits, a day too far apart."""
    return _rules(_on_dates(family, 15, {"ACC-01": "refused"}, {"ACC-01": "out"}), "R05")


def moved_by_the_family(family: Family) -> list[Due]:
    """The family asks for another day, once."""
    at = days(family, _INFANT)
    from_the_start(family, at[0])
    family.plain_visit(at[0], {"ACC-01": "out"}, expected="drop")
    return must(at[0], "R04")


def moved_under_a_condition(family: Family) -> list[Due]:
    """The same, on a plan whose condition counts only announced visits."""
    at = days(family, _INFANT, 5)
    from_the_start(family, at[1])
    start_plan(family, at[0], "child_protection", conditions=[{"code": "no_access"}])
    family.plain_visit(at[1], {"ACC-01": "out"}, expected="drop")
    return must(at[1], "R03")


def third_time_after_61_days(family: Family) -> list[Due]:
    """A messy home three times, the first a day too long ago."""
    at = days(family, _INFANT, 30, 61)
    from_the_start(family, at[2])
    return must(visits(family, at, *[{"HYG-02": "mess"}] * 3), "R11")


def one_happening_told_twice(family: Family) -> list[Due]:
    """Three reports, two of which tell of the same happening."""
    at = days(family, _INFANT, 10, 11)
    from_the_start(family, at[2])
    family.plain_visit(at[0] - timedelta(days=7))
    for moment, agency, ref in zip(at, ("gp", "nursery", "hospital"), ("a", "b", "b"), strict=True):
        family.report(moment, agency, {"SLP-05": "stain"}, event_ref=ref)
    return must(at[2], "R11")


def pillow_again_after_61_days(family: Family) -> list[Due]:
    """A pillow in the cot twice, a day too far apart, and clear between."""
    at = days(family, _INFANT, 30, 61)
    from_the_start(family, at[2])
    said: list[Said] = [{"SLP-06": each} for each in ("pillow", "clear", "pillow")]
    return must(visits(family, at, *said), "R09")


def bed_sharing_by_choice(family: Family) -> list[Due]:
    """Sharing a bed, with no hazard, on two visits running."""
    said = {"SLP-07": "plain", "SLP-01": "adultbed"}
    return _rules(_on_dates(family, 14, said, said), "R07", "R09")


def bed_sharing_after_15_days(family: Family) -> list[Due]:
    """Sharing a bed, where regular use was told a day too long ago."""
    return _rules(_on_dates(family, 15, {"PAR-02": "reg"}, {"SLP-07": "plain"}), "R07")


def three_sections(family: Family) -> list[Due]:
    """Low answers in three sections, not four."""
    first = {"SLP-06": "loose", "HYG-03": "some"}
    return _rules(_on_dates(family, 20, first, {"FED-03": "low"}), "R12")


def fourth_section_after_31_days(family: Family) -> list[Due]:
    """Low answers in four sections, the first two a day too long ago."""
    first = {"SLP-06": "loose", "HYG-03": "some"}
    return _rules(_on_dates(family, 31, first, {"FED-03": "low", "SAF-02": "alarm"}), "R12")


def up_and_down(family: Family) -> list[Due]:
    """Messy, in order, filthy: it does not rise twice running."""
    at = days(family, _INFANT, 28, 56)
    from_the_start(family, at[2])
    said = [{"HYG-02": each} for each in ("mess", "ok", "filthy")]
    return must(visits(family, at, *said), "R13")


def two_agencies_after_31_days(family: Family) -> list[Due]:
    """Two agencies, a day too far apart."""
    at = days(family, _INFANT, 31)
    from_the_start(family, at[1])
    family.report(at[0], "nursery", {"HYG-01": "grub"})
    family.plain_visit(at[1], {"FED-03": "low"})
    return must(at[1], "R14")


def tidy_61_days_before(family: Family) -> list[Due]:
    """Filthy unannounced, a day too long after the announced visit."""
    at = days(family, _INFANT, 61)
    from_the_start(family, at[1])
    family.plain_visit(at[0], {"HYG-02": "ok"})
    family.plain_visit(at[1], {"HYG-02": "filthy"}, expected="unann")
    return must(at[1], "R16")


def cold_again_after_61_days(family: Family) -> list[Due]:
    """Ignored and blamed twice, a day too far apart."""
    return _rules(_on_dates(family, 61, {"CHD-02": "cold"}, {"CHD-02": "cold"}), "R21")


def lapse_again_after_61_days(family: Family) -> list[Due]:
    """A short lapse twice, a day too far apart."""
    return _rules(_on_dates(family, 61, {"SAF-03": "brief"}, {"SAF-03": "brief"}), "R22")


def bruise_on_a_walking_child(family: Family) -> list[Due]:
    """A bruise on the shin of a child who walks, and an account that fits."""
    at = days(family, _WALKING)
    said = {"HLT-01": "minor", "HLT-02": "walk", "HLT-03": "fits"}
    return must(visits(family, at, said), "R02")


def seen_in_time(family: Family) -> list[Due]:
    """On a protection plan, and seen awake on the last day."""
    at = days(family, (150, 260), 14)
    from_the_start(family, at[1])
    start_plan(family, at[0] - timedelta(minutes=5), "child_protection")
    visits(family, at, {}, {})
    return [Due(("R06",), at[1], by_time=True)]


def cot_provided_in_time(family: Family) -> list[Due]:
    """The plan's cot was provided the day before."""
    at = days(family, (150, 260), 7, 8, 10)
    from_the_start(family, at[3])
    due = {"code": "cot_provided", "who": "visitor", "due": at[2].date().isoformat()}
    start_plan(family, at[0], "child_in_need", actions=[due])
    who = {"by": family.visitor, "agency": "health_visiting"}
    family.add("action_done", at[1], **who, plan="p1", action="cot_provided")
    family.plain_visit(at[3])
    return [Due(("R18",), at[3], by_time=True)]


def one_appointment_missed(family: Family) -> list[Due]:
    """One appointment, not two."""
    return must(visits(family, days(family, _INFANT), {"HLT-05": 1}), "R20")


def drink_without_an_infant(family: Family) -> list[Due]:
    """Regular use, where the youngest is over a year old."""
    return must(visits(family, days(family, _WALKING), {"PAR-02": "reg"}), "R10")


def marks_looked_for_next_time(family: Family) -> list[Due]:
    """Not looked at once, and looked at on the next visit."""
    return _rules(_on_dates(family, 14, {"HLT-01": "unk"}, {}), "R23")


def pregnant_and_no_concern(family: Family) -> list[Due]:
    """Another baby is expected, and there was never a concern."""
    at = days(family, (100, 300), 120)
    from_the_start(family, at[1])
    family.plain_visit(at[0])
    family.expect("c8", at[1].date() + timedelta(days=190))
    family.add("pregnancy", at[1], by="midwife-1", agency="midwifery", child="c8")
    return must(at[1], "R15")


def closing_with_nothing_open(family: Family) -> list[Due]:
    """The concern was seen to be better before the case is to be closed."""
    at = days(family, _INFANT, 20, 25)
    from_the_start(family, at[2])
    family.plain_visit(at[0], {"SLP-05": "stain"})
    family.plain_visit(at[1], {"SLP-05": "clean"})
    ask_to_close(family, at[2])
    return must(at[2], "R17")


def mark_explained_at_hospital(family: Family) -> list[Due]:
    """A hospital tells of a small mark, and that no question is open."""
    (at,) = days(family, _WALKING)
    family.report(at, "hospital", {"HLT-01": "minor", "HLT-03": "fits", "HLT-06": "no"})
    return must(at, "R19")


def no_waterproof_cover(family: Family) -> list[Due]:
    """A sound mattress without a cover."""
    return must(visits(family, days(family, _INFANT), {"SLP-04": "cover"}), "R08")


def decided_and_not_lowered(family: Family) -> list[Due]:
    """A manager decides on an escalation, and lowers nothing."""
    at = days(family, _INFANT, 1)
    name = family.plain_visit(at[0], {"SAF-03": "unfit"})
    decide(family, at[1], "decide", "Grandmother will sit in.", rule="R22", on=name)
    return must(at[1], "R25")


def significant_and_answered(family: Family) -> list[Due]:
    """A significant answer that another rule has taken up."""
    return must(visits(family, days(family, _INFANT), {"SAF-03": "unfit"}), "R26")


def grave_but_not_now(family: Family) -> list[Due]:
    """Significant, and nobody in danger now."""
    return must(visits(family, days(family, _INFANT), {"PAR-05": "now", "ENG-05": "S"}), "R01")


ALL = (
    second_refusal_after_15_days,
    moved_by_the_family,
    moved_under_a_condition,
    third_time_after_61_days,
    one_happening_told_twice,
    pillow_again_after_61_days,
    bed_sharing_by_choice,
    bed_sharing_after_15_days,
    three_sections,
    fourth_section_after_31_days,
    up_and_down,
    two_agencies_after_31_days,
    tidy_61_days_before,
    cold_again_after_61_days,
    lapse_again_after_61_days,
    bruise_on_a_walking_child,
    seen_in_time,
    cot_provided_in_time,
    one_appointment_missed,
    drink_without_an_infant,
    marks_looked_for_next_time,
    pregnant_and_no_concern,
    closing_with_nothing_open,
    mark_explained_at_hospital,
    no_waterproof_cover,
    decided_and_not_lowered,
    significant_and_answered,
    grave_but_not_now,
)
