"""R06, a child not seen for too long: what it requires, gap after gap, and what is known late."""

from __future__ import annotations

import pytest

OLDER, INFANT = "2023-01-10", "2025-09-01"
HANDLED = {"ACC-03 ada": "handled"}


# The second due time is that of the discussion, None where none is asked for.
@pytest.mark.parametrize(
    ("born", "kind", "see_every", "seen", "visit", "discussion"),
    [
        (OLDER, "child_protection", None, "2026-03-02", "2026-03-17T17:00", None),
        (
            OLDER,
            "child_protection",
            None,
            "2026-03-19",
            "2026-04-07T17:00",
            None,
        ),  # Maundy Thursday
        (OLDER, "child_in_need", 19, "2026-03-02", "2026-03-30T17:00", None),
        (OLDER, "child_in_need", None, "2026-03-02", "2026-03-31T17:00", "2026-03-30T23:59"),
        (OLDER, "child_in_need", 25, "2026-03-02", "2026-04-09T17:00", "2026-04-08T23:59"),
        (INFANT, "child_protection", None, "2026-04-02", "2026-04-17T17:00", None),
    ],
)
def test_what_it_requires_of_whom_and_by_when(
    family, born, kind, see_every, seen, visit, discussion
):
    home = family(ada=born)
    home.plan(f"{seen}T09:00", kind, see_every=see_every)
    home.visit(f"{seen}T10:30", HANDLED)
    home.until("2026-05-30T09:00")
    expected = {
        "visit_child visitor": visit,
        "strategy_discussion team_manager": discussion,
    }
    assert home.required("R06") == {what: due for what, due in expected.items() if due}


@pytest.mark.parametrize(
    ("record", "asked"),
    [
        (None, True),
        (("nursery", "2026-03-20T09:00", "awake"), False),
        (("hospital", "2026-03-03T09:00", "handled"), False),  # 19 working days before
        (("hospital", "2026-03-02T08:00", "handled"), True),
        (("nursery", "2026-03-20T09:00", "asleep"), True),
    ],
)
def test_a_discussion_where_no_agency_has_recorded_her_awake_for_20_working_days(
    family, record, asked
):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00", "child_in_need")
    if record:
        agency, at, how = record
        home.report(at, agency, {"ACC-03 ada": how})
    home.until("2026-03-30T17:01")
    assert home.due("R06", "strategy_discussion") == (["2026-03-30T23:59"] if asked else [])


@pytest.mark.parametrize("before", [None, ("2025-12-20T10:30", HANDLED)])
def test_a_discussion_where_nobody_has_recorded_her_for_longer_or_ever(family, before):
    home = family(ada=OLDER)
    if before:
        home.visit(*before)
    home.plan("2026-03-02T09:00")
    home.until("2026-03-16T17:01")
    assert home.due("R06", "strategy_discussion") == ["2026-03-16T23:59"]


def test_a_second_gap_joins_while_it_is_open_and_is_new_after_a_decision(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    home.until("2026-03-17T09:00")
    home.visit("2026-03-17T10:00", HANDLED)
    home.until("2026-04-01T09:00")  # 31 March and no visit
    assert len(home.fired("R06")) == 1
    assert home.due("R06", "visit_child") == ["2026-03-17T17:00", "2026-04-01T17:00"]
    home.decide("2026-04-01T10:00", "R06", "e1")
    home.visit("2026-04-01T11:00", HANDLED)
    home.until("2026-04-30T09:00")
    assert [at for at, _ in home.raised("R06")] == ["2026-03-16T17:00", "2026-04-17T17:00"]


def test_once_for_each_gap_however_long_it_lasts(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    for day in ("2026-03-18", "2026-04-15", "2026-06-30"):
        home.until(f"{day}T09:00")
    assert home.due("R06", "visit_child") == ["2026-03-17T17:00"]


def test_several_gaps_known_only_later(family):
    home = family(ada=OLDER)
    home.plan("2026-01-05T09:00")
    visits = [home.make_visit(at, HANDLED) for at in ("2026-02-02T10:30", "2026-03-02T10:30")]
    home.tell(*visits, at="2026-03-30T09:00")
    assert sorted(home.due("R06", "visit_child")) == [
        "2026-01-20T17:00",
        "2026-02-17T17:00",
        "2026-03-17T17:00",
    ]
    assert {held.split()[0] for held in home.evidence("R06")} == {"e1", "e3", "e4"}


def test_a_visit_in_time_that_arrives_in_time(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    home.visit("2026-03-10T10:30", HANDLED, received="2026-03-16T16:00")
    home.until("2026-03-17T09:00")
    assert not home.fired("R06")


def test_a_visit_in_time_that_arrives_too_late_takes_nothing_back(family):
    home = family(ada=OLDER)
    home.plan("2026-03-02T09:00")
    home.until("2026-03-16T18:00")
    home.visit("2026-03-10T10:30", HANDLED, received="2026-03-17T09:00")
    assert home.raised("R06") == [("2026-03-16T17:00", "2026-03-16T17:00")]


def test_a_plan_that_is_received_late(family):
    """Raised as of the due time, and known from the receipt."""
    home = family(ada=OLDER)
    home.visit("2026-02-20T10:30", HANDLED)
    home.plan("2026-03-02T09:00", received="2026-03-20T09:00")
    assert home.raised("R06") == [("2026-03-16T17:00", "2026-03-20T09:00")]
    assert home.due("R06", "visit_child") == ["2026-03-17T17:00"]


def test_decided_and_still_not_seen_it_is_raised_again_an_interval_after_the_decision(family):
    home = family(ada="2023-01-10")
    home.plan("2026-03-02T09:00", children=("ada",))
    home.until("2026-03-17T09:00")
    (first,) = home.fired("R06")
    home.decide("2026-03-17T10:00", "R06", first.evidence[0].event)
    home.until("2026-03-31T17:00")
    assert len(home.fired("R06")) == 1
    home.until("2026-03-31T17:01")  # ten working days after the decision
    _, second = home.fired("R06")
    assert second.is_open
    assert "not seen since a decision on 17 March 2026" in second.because
    home.decide("2026-04-01T10:00", "R06", second.evidence[0].event)
    home.visit("2026-04-02T10:00", {"ACC-03 ada": "awake"})
    home.until("2026-04-16T09:00")
    assert len(home.fired("R06")) == 2
