"""Rules that one visit or report meets, and the nearest misses that do not."""

from __future__ import annotations

import pytest

from shared.facts import NoAccess, PlanEnded


@pytest.mark.parametrize(
    ("said", "children"),
    [
        ({"CHD-01 ada": ["ill"]}, [("ada",)]),
        ({"SLP-02 ada": "none"}, [("ada",)]),
        ({"PAR-01": ["charge"]}, [("ada", "ben")]),
        ({"CHD-01 ada": ["ill"], "CHD-03 ben": "violent"}, [("ada",), ("ben",)]),
        ({"ENG-05 ben": "I"}, [("ben",)]),
        ({"PAR-04 mother": "harm"}, [("ada", "ben")]),
        ({"CHD-01 ada": ["distress"]}, []),
        ({"CHD-03 ada": "none"}, []),
    ],
)
def test_r01_any_answer_of_immediate_danger(family, said, children):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit("2026-03-02T10:30", said)
    assert [e.children for e in home.fired("R01")] == children
    if children:
        assert home.due("R01", "call_999")[0] == "2026-03-02T10:30"
        assert home.due("R01", "tell_manager")[0] == "2026-03-02T10:45"
        assert home.due("R01", "strategy_discussion")[0] == "2026-03-02T23:59"


def test_r01_from_a_report_too(family):
    home = family()
    home.report("2026-03-02T22:30", "hospital", {"HLT-01 ada": "grave"})
    assert home.due("R01", "strategy_discussion") == ["2026-03-03T02:30"]


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"ACC-01": "refused"}, True),
        ({"ACC-01": "hide"}, True),
        ({"ACC-01": "gone"}, True),
        ({"ACC-01": "out", "ACC-02": "ann"}, True),
        ({"ACC-01": "in", "ACC-03 ada": "withheld"}, True),
        ({"ACC-01": "in", "ACC-03 ada": "absent"}, True),
        ({"ACC-01": "out", "ACC-02": "unann"}, False),
        ({"ACC-01": "out"}, False),
        ({"ACC-01": "unsafe"}, False),
        ({"ACC-01": "in", "ACC-03 ben": "withheld"}, False),
        ({"ACC-01": "in", "ACC-03 ada": "absent_ok"}, False),
    ],
)
def test_r03_the_plans_condition_counts_the_outcome(family, said, fires):
    home = family(ada="2026-01-10", ben="2021-01-10")
    home.no_access_plan("2026-02-01T09:00", children=("ada",))
    home.visit("2026-03-02T10:30", said)
    assert bool(home.fired("R03")) == fires
    if fires:
        assert home.fired("R03")[0].children == ("ada",)
        assert home.fired("R03")[0].level == "I"
        assert home.due("R03", "call_police") == ["2026-03-02T11:30"]
        assert home.due("R03", "strategy_discussion") == ["2026-03-02T23:59"]
        assert not home.fired("R04")


def test_r03_needs_a_plan_in_force(family):
    home = family()
    plan = home.no_access_plan("2026-02-01T09:00")
    ended = PlanEnded(**home._when("2026-03-01T23:59"), plan=plan)
    home.tell(ended)
    home.visit("2026-03-02T10:30", {"ACC-01": "refused"})
    assert not home.fired("R03")
    assert home.fired("R04")


def test_r03_counts_what_the_plan_says(family):
    home = family()
    home.no_access_plan("2026-02-01T09:00", no_access=NoAccess(outcomes=("unsafe",)))
    home.visit("2026-03-02T10:30", {"ACC-01": "refused"})
    assert not home.fired("R03")
    home.visit("2026-03-03T10:30", {"ACC-01": "unsafe"})
    assert home.fired("R03")


def test_r03_a_plan_without_the_condition_is_r04(family):
    home = family()
    home.plan("2026-02-01T09:00")
    home.visit("2026-03-02T10:30", {"ACC-01": "refused"})
    assert home.rules() >= {"R04"}
    assert not home.fired("R03")


@pytest.mark.parametrize("outcome", ["out", "hide", "refused", "gone", "unsafe"])
def test_r04_every_failed_access(family, outcome):
    home = family()
    home.visit("2026-03-02T10:30", {"ACC-01": outcome})
    assert home.due("R04", "tell_manager") == ["2026-03-03T10:30"]
    assert home.due("R04", "child_seen") == ["2026-03-03T17:00"]


@pytest.mark.parametrize(
    ("born", "before", "due"),
    [
        ("2026-01-10", None, "2026-03-03T17:00"),  # under 12 months
        ("2025-03-02", None, "2026-03-09T17:00"),  # 12 months to the day: otherwise
        ("2025-03-03", None, "2026-03-03T17:00"),  # one day younger
        ("2022-01-10", "child_protection", "2026-03-03T17:00"),
        ("2022-01-10", "child_in_need", "2026-03-04T17:00"),
        ("2022-01-10", "concern", "2026-03-04T17:00"),
        ("2021-03-02", "concern", "2026-03-09T17:00"),  # five years to the day
        ("2022-01-10", None, "2026-03-09T17:00"),
    ],
)
def test_r04_how_soon_the_child_must_be_seen(family, born, before, due):
    home = family(ada=born)
    if before == "concern":
        home.visit("2026-02-20T10:00", {"HYG-02": "filthy"})
    elif before:
        home.plan("2026-02-20T10:00", before)
    home.visit("2026-03-02T10:30", {"ACC-01": "refused"})
    assert home.due("R04", "child_seen") == [due]


def test_r04_a_visit_the_family_moved_does_not_count_the_first_time_in_60_days(family):
    home = family()
    moved = {"ACC-01": "out", "ACC-02": "drop"}
    home.visit("2026-03-02T10:30", moved)
    assert home.rules() == set()
    home.visit("2026-05-01T10:30", moved)  # 60 days later: the second within 60
    assert home.rules() == {"R04"}


def test_r04_61_days_after_moving_a_visit_it_is_the_first_again(family):
    home = family()
    moved = {"ACC-01": "out", "ACC-02": "drop"}
    home.visit("2026-03-02T10:30", moved)
    home.visit("2026-05-02T10:30", moved)
    assert home.rules() == set()


@pytest.mark.parametrize(
    ("second", "fires"), [("2026-03-16T09:00", True), ("2026-03-17T09:00", False)]
)
def test_r05_two_failed_accesses_within_14_days(family, second, fires):
    home = family()
    home.visit("2026-03-02T10:30", {"ACC-01": "out"}, agency="social_care")
    home.visit(second, {"ACC-01": "in", "ACC-03 ada": "withheld"})
    assert bool(home.fired("R05")) == fires
    if fires:
        assert home.due("R05", "manager_decision") == ["2026-03-16T17:00"]
        assert home.due("R05", "child_seen") == ["2026-03-17T09:00"]
        assert home.due("R05", "strategy_discussion") == ["2026-03-16T23:59"]
        assert {e.event for e in home.fired("R05")[0].evidence} == {"e1", "e2"}


def test_r05_for_an_older_child_without_a_plan(family):
    home = family(ada="2021-01-10")
    home.visit("2026-03-02T10:30", {"ACC-01": "out"})
    home.visit("2026-03-03T10:30", {"ACC-01": "out"})
    assert home.due("R05", "child_seen") == ["2026-03-04T17:00"]
    assert home.due("R05", "strategy_discussion") == []


def test_r05_fires_as_well_as_r03(family):
    home = family()
    home.no_access_plan("2026-02-01T09:00")
    home.visit("2026-03-02T10:30", {"ACC-01": "refused"})
    home.visit("2026-03-04T10:30", {"ACC-01": "refused"})
    assert {"R03", "R05"} <= home.rules()


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"SLP-02 ada": "fixed"}, True),
        ({"SLP-02 ada": "none"}, True),
        ({"SLP-01 ada": ["own", "none"]}, True),
        ({"SLP-04 ada": "gap"}, True),
        ({"SLP-04 ada": "softs"}, True),
        ({"SLP-04 ada": "slope"}, True),
        ({"SLP-04 ada": "cover"}, False),
        ({"SLP-02 ada": "refused"}, False),
        ({"SLP-01 ada": ["sofa"]}, False),
    ],
)
def test_r08_no_safe_sleep_place_tonight(family, said, fires):
    home = family()
    home.visit("2026-03-06T10:30", said)
    assert bool(home.fired("R08")) == fires
    if fires:
        assert home.due("R08", "provide_sleep_place") == ["2026-03-06T23:59"]
        assert home.due("R08", "sleep_place_seen_in_use") == ["2026-03-10T17:00"]


def test_r08_each_child_by_herself(family):
    home = family(ada="2026-01-10", ben="2026-01-10")
    home.visit("2026-03-06T10:30", {"SLP-04 ada": "gap", "SLP-04 ben": "slope"})
    assert [e.children for e in home.fired("R08")] == [("ada",), ("ben",)]


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"SAF-03": "unfit"}, True),
        ({"SAF-03": "alone"}, True),
        ({"SAF-04 ada": "ext"}, True),
        ({"SAF-03": "brief"}, False),
        ({"SAF-04 ada": "long"}, False),
    ],
)
def test_r22_left_or_shut_away(family, said, fires):
    home = family()
    home.visit("2026-03-06T10:30", said)
    assert bool(home.fired("R22")) == fires


def test_r22_two_reports_on_two_dates_are_two(family):
    home = family()
    home.report("2026-03-06T10:30", "nursery", {"SAF-03": "brief"}, ref="one")
    home.report("2026-03-07T10:30", "gp", {"SAF-03": "brief"}, ref="one")
    assert home.fired("R22")


@pytest.mark.parametrize(
    ("second", "fires"), [("2026-05-05T09:00", True), ("2026-05-06T09:00", False)]
)
def test_r22_left_briefly_on_two_dates_within_60_days(family, second, fires):
    home = family()
    home.visit("2026-03-06T10:30", {"SAF-03": "brief"})
    home.visit("2026-03-06T15:30", {"SAF-03": "brief"})
    assert not home.fired("R22")  # one date
    home.visit(second, {"SAF-03": "brief"})
    assert bool(home.fired("R22")) == fires


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"HYG-03": ["strong"]}, True),
        ({"SAF-01": "off"}, True),
        ({"SLP-03 ada": "front"}, True),
        ({"HLT-05 ada": 1.0}, False),
        ({"HYG-03": ["some"]}, False),
        ({"CHD-03 ada": "rough"}, False),  # R21 has it
        ({"HLT-05 ada": 2.0}, False),  # R20 has it
        ({"CHD-03 ada": "none"}, False),
        ({"SLP-04 ada": "gap"}, False),  # R08 has it
        ({"ACC-01": "refused"}, False),  # R04 has it
        ({"CHD-01 ada": ["ill"]}, False),  # R01 has it
    ],
)
def test_r26_no_significant_answer_ends_in_silence(family, said, fires):
    home = family()
    home.visit("2026-03-06T10:30", said)
    assert bool(home.fired("R26")) == fires


def test_r26_takes_only_what_no_other_rule_took(family):
    home = family()
    home.visit("2026-03-06T10:30", {"SLP-04 ada": "gap", "CHD-03 ada": "restrained"})
    (escalation,) = home.fired("R26")
    assert [e.item for e in escalation.evidence] == ["CHD-03"]
    assert home.fired("R08")


def test_a_quiet_visit_sets_nothing_off(family):
    home = family()
    home.visit(
        "2026-03-06T10:30", {"SLP-05 ada": "stain", "SLP-07 ada": ["plain"], "HYG-02": "mess"}
    )
    assert home.rules() == set()
