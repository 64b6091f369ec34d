"""R05, a second failed access of the household within 14 days, whoever called on whom and why."""

from __future__ import annotations

import pytest

FIRST, SECOND = "2026-03-02T10:30", "2026-03-04T10:30"
REFUSED = {"ACC-01": "refused"}
MOVED = {"ACC-01": "out", "ACC-02": "drop"}


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ("2026-03-02T10:30", "2026-03-16T23:50", True),
        ("2026-03-02T10:30", "2026-03-17T00:10", False),
        ("2026-03-02T10:30", "2026-03-02T16:00", True),
        ("2026-10-19T10:30", "2026-11-02T10:30", True),  # over the night the clocks go back
        ("2026-10-19T10:30", "2026-11-03T10:30", False),
        ("2026-03-16T10:30", "2026-03-30T23:30", True),  # 22:30 in UTC
        ("2026-03-16T10:30", "2026-03-31T00:30", False),  # still the 30th in UTC
        ("2026-12-24T10:30", "2027-01-07T10:30", True),
        ("2026-12-24T10:30", "2027-01-08T10:30", False),
    ],
)
def test_within_14_days_by_the_london_calendar(family, first, second, fires):
    home = family()
    home.visit(first, REFUSED)
    home.visit(second, REFUSED)
    assert home.evidence("R05") == ({"e1 ACC-01", "e2 ACC-01"} if fires else set())


@pytest.mark.parametrize(
    ("first", "second", "evidence"),
    [
        ({"ACC-01": "out"}, {"ACC-01": "unsafe"}, {"e1 ACC-01", "e2 ACC-01"}),
        ({"ACC-01": "gone"}, {"ACC-01": "hide"}, {"e1 ACC-01", "e2 ACC-01"}),
        ({"ACC-03 ada": "absent"}, {"ACC-03 ben": "withheld"}, {"e1 ACC-03 ada", "e2 ACC-03 ben"}),
        (REFUSED, {"ACC-03 ben": "absent"}, {"e1 ACC-01", "e2 ACC-03 ben"}),
        (REFUSED, MOVED, set()),  # excused, so no failed access
        (MOVED, REFUSED, set()),
        (MOVED, MOVED, set()),  # the second counts, the first does not
        (REFUSED, {"ACC-01": "in"}, set()),
        (REFUSED, {"ACC-03 ada": "absent_ok"}, set()),
        ({"ACC-01": "hide", "ACC-03 ada": "withheld"}, {"ACC-01": "in"}, set()),  # one visit
    ],
)
def test_any_mix_of_children_and_reasons(family, first, second, evidence):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit(FIRST, first)
    home.visit(SECOND, second)
    assert home.evidence("R05") == evidence
    if evidence:
        assert home.children("R05") == [("ada", "ben")]


def test_any_mix_of_agencies(family):
    home = family()
    home.visit(FIRST, REFUSED, agency="social_care", by="sw")
    home.visit(SECOND, REFUSED, agency="midwifery", by="mw")
    assert home.fired("R05")


def test_reports_are_not_visits(family):
    home = family()
    home.visit(FIRST, REFUSED)
    home.report(SECOND, "midwifery", REFUSED)
    assert not home.fired("R05")


def test_as_well_as_r03_or_r04(family):
    planned, other = family(), family()
    planned.no_access_plan("2026-02-20T09:00")
    for home in (planned, other):
        home.visit(FIRST, REFUSED)
        home.visit(SECOND, REFUSED)
    assert {"R03", "R05"} <= planned.rules()
    assert {"R04", "R05"} <= other.rules()
    assert other.fired("R05")[0].level == "S"


def test_a_third_joins_with_all_that_is_within_14_days_of_it(family):
    home = family()
    for at in (FIRST, "2026-03-10T10:30", "2026-03-20T10:30"):
        home.visit(at, REFUSED)
    assert len(home.fired("R05")) == 1
    assert home.evidence("R05") == {"e1 ACC-01", "e2 ACC-01", "e3 ACC-01"}
    assert home.due("R05", "manager_decision") == ["2026-03-10T18:30", "2026-03-20T18:30"]


def test_a_decision_on_the_first_does_not_take_it_out_of_the_window(family):
    home = family()
    home.visit(FIRST, REFUSED)
    home.decide("2026-03-03T09:00", "R04", "e1")
    home.visit(SECOND, REFUSED)
    assert home.fired("R05")


def test_what_a_late_visit_completes(family):
    home = family()
    home.visit("2026-03-06T10:00", REFUSED)
    home.visit("2026-03-02T10:00", REFUSED, received="2026-03-09T10:00")
    assert home.raised("R05") == [("2026-03-06T10:00", "2026-03-09T10:00")]
    assert home.fired("R05")[0].late


@pytest.mark.parametrize(
    ("born", "plan", "seen", "discussion"),
    [
        ("2025-03-05", None, "2026-03-05T10:30", "2026-03-04T23:59"),  # 12 months tomorrow
        ("2025-03-04", None, "2026-03-05T17:00", None),  # 12 months today
        ("2025-03-04", "child_in_need", "2026-03-05T17:00", "2026-03-04T23:59"),
        ("2021-01-10", "child_protection", "2026-03-05T17:00", "2026-03-04T23:59"),
        ("2021-01-10", "child_protection ended", "2026-03-05T17:00", None),
        ("due 2026-05-01", None, "2026-03-05T17:00", None),  # not born yet
    ],
)
def test_what_it_requires_by_age_and_plan(family, born, plan, seen, discussion):
    home = family(ada="2016-01-10", ben=born)
    if plan:
        kind, _, ended = plan.partition(" ")
        name = home.plan("2026-02-20T10:00", kind, children=("ben",))
        if ended:
            home.end("2026-03-03T10:30", name)
    home.visit(FIRST, REFUSED)
    home.visit(SECOND, REFUSED)
    expected = {
        "manager_decision team_manager": "2026-03-04T18:30",
        "child_seen team_manager": seen,
        "strategy_discussion team_manager": discussion,
    }
    assert home.required("R05") == {what: due for what, due in expected.items() if due}


@pytest.mark.parametrize(
    ("at", "eight_hours", "a_day", "discussion", "next_working_day"),
    [
        (
            "2026-04-02T20:00",
            "2026-04-03T04:00",
            "2026-04-03T20:00",
            "2026-04-03T00:00",
            "2026-04-07T17:00",
        ),
        (
            "2026-03-28T20:00",
            "2026-03-29T05:00",
            "2026-03-29T21:00",
            "2026-03-29T00:00",
            "2026-03-30T17:00",
        ),
        (
            "2026-10-24T20:00",
            "2026-10-25T03:00",
            "2026-10-25T19:00",
            "2026-10-25T00:00",
            "2026-10-26T17:00",
        ),
        (
            "2026-12-24T16:00",
            "2026-12-25T00:00",
            "2026-12-25T16:00",
            "2026-12-24T23:59",
            "2026-12-29T17:00",
        ),
    ],
)
def test_due_over_nights_holidays_and_clock_changes(
    family, at, eight_hours, a_day, discussion, next_working_day
):
    infant, older = family(ada="2026-01-10"), family(ada="2020-01-10")
    for home in (infant, older):
        home.visit(f"{at[:10]}T09:00", REFUSED)
        home.visit(at, REFUSED)
        assert home.due("R05", "manager_decision") == [eight_hours]
    assert infant.due("R05", "child_seen") == [a_day]
    assert infant.due("R05", "strategy_discussion") == [discussion]
    assert older.due("R05", "child_seen") == [next_working_day]
