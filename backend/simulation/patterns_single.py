"""Patterns that one event completes."""

from __future__ import annotations

from datetime import timedelta

from backend.simulation.family import Family
from backend.simulation.planting import Due, alone, days, must, start_plan, visits

_BABY = (21, 150)
_INFANT = (21, 300)


def child_alone(family: Family) -> list[Due]:
    """No capable adult is there now."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"SAF-03": "alone", "ENG-05": "I"}), "R01")


def danger_told(family: Family) -> list[Due]:
    """The police tell of violence today."""
    (at,) = days(family, _INFANT)
    family.report(at, "police", {"PAR-05": "acute"})
    return must(at, "R01")


def mark_on_a_baby(family: Family) -> list[Due]:
    """A small mark on a child who cannot move about alone."""
    at = days(family, _BABY)
    said = {"HLT-01": "nonmob", "HLT-02": "nroll", "HLT-03": "none", "ENG-05": "S"}
    return must(visits(family, at, said), "R02")


def bruise_before_crawling(family: Family) -> list[Due]:
    """A bruise on the trunk of a child of seven or eight months who only rolls."""
    at = days(family, (215, 260))
    said = {"HLT-01": "worry", "HLT-02": "rolls", "HLT-03": "vague", "ENG-05": "S"}
    return must(visits(family, at, said), "R02")


def small_mark_under_six_months(family: Family) -> list[Due]:
    """A mark called small and explained, on a child under six months."""
    at = days(family, _BABY)
    return must(visits(family, at, {"HLT-01": "minor", "HLT-03": "fits"}), "R02")


def refused_under_a_condition(family: Family) -> list[Due]:
    """The door is refused, and the plan says what must follow."""
    at = days(family, _INFANT, 5)
    conditions = [{"code": "no_access"}]
    start_plan(family, at[0], "child_protection", conditions=conditions)
    return must(visits(family, at[1:], {"ACC-01": "refused"}), "R03")


def nobody_answers(family: Family) -> list[Due]:
    """Signs that someone is in, and no answer; there is no plan."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"ACC-01": "hide"}), "R04")


def shared_sleep_with_a_smoker(family: Family) -> list[Due]:
    """The baby sleeps beside an adult who smokes."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"SLP-07": "smoke"}), "R07")


def shared_sleep_after_drugs(family: Family) -> list[Due]:
    """Sharing a bed, where regular use was told ten days before."""
    at = days(family, _INFANT, 10)
    return must(visits(family, at, {"PAR-02": "reg"}, {"SLP-07": "plain"}), "R07")


def no_cot(family: Family) -> list[Due]:
    """No safe place to sleep; a basket is provided."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"SLP-02": "fixed"}), "R08")


def broken_cot(family: Family) -> list[Due]:
    """A gap round the mattress."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"SLP-04": "gap"}), "R08")


def drink_with_an_infant(family: Family) -> list[Due]:
    """Cans and a smell of alcohol; another adult is in charge."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"PAR-01": "smell"}), "R10")


def earlier_child_and_no_assessment(family: Family) -> list[Due]:
    """A pregnancy is told of, with earlier concern and no assessment."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"PAR-06": "gap"}), "R15")


def medical_question_open(family: Family) -> list[Due]:
    """An unusual finding, and no opinion about its cause."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"HLT-06": "open"}), "R19")


def sore_skin_at_hospital(family: Family) -> list[Due]:
    """A hospital tells of raw skin, and not whether the question is answered."""
    (at,) = days(family, _INFANT)
    family.report(at, "hospital", {"HYG-01": "sore"})
    return must(at, "R19")


def not_brought_twice(family: Family) -> list[Due]:
    """Two appointments in ninety days."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"HLT-05": 2}), "R20")


def follow_up_missed(family: Family) -> list[Due]:
    """The follow-up of a hospital stay was missed."""
    (at,) = days(family, _INFANT)
    family.report(at, "hospital", {"HLT-05": "key", "HLT-06": "no"})
    return must(at, "R20")


def rough_handling(family: Family) -> list[Due]:
    """The baby is jerked and dumped down."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"CHD-03": "rough"}), "R21")


def left_with_a_child(family: Family) -> list[Due]:
    """Left with someone too young."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"SAF-03": "unfit"}), "R22")


def bedroom_only_told_of(family: Family) -> list[Due]:
    """The place to sleep is told of, and not shown."""
    at = days(family, _INFANT)
    return must(visits(family, at, {"SLP-02": "told"}), "R23")


def fear_between_adults(family: Family) -> list[Due]:
    """Control and fear now, which no narrower rule speaks of."""
    (at,) = days(family, _INFANT)
    alone(family, at, before=91, after=1)
    return must(visits(family, [at], {"PAR-05": "now"}), "R26")


def concern_told_late(family: Family) -> list[Due]:
    """A concern that reached the office three days after it was seen."""
    (at,) = days(family, _INFANT)
    family.plain_visit(at, {"SAF-03": "unfit"}, received=at + timedelta(days=3))
    return must(at, "R22")


ALL = (
    child_alone,
    danger_told,
    mark_on_a_baby,
    bruise_before_crawling,
    small_mark_under_six_months,
    refused_under_a_condition,
    nobody_answers,
    shared_sleep_with_a_smoker,
    shared_sleep_after_drugs,
    no_cot,
    broken_cot,
    drink_with_an_infant,
    earlier_child_and_no_assessment,
    medical_question_open,
    sore_skin_at_hospital,
    not_brought_twice,
    follow_up_missed,
    rough_handling,
    left_with_a_child,
    bedroom_only_told_of,
    fear_between_adults,
    concern_told_late,
)
