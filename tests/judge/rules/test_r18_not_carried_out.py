"""R18, a required action or one dated in a plan that passes its due time undone."""

from __future__ import annotations

import pytest

from shared.facts import ActionDone, PlanAction, PlanStarted
from tests.judge.conftest import london, moment

SEEN = "2026-03-02T10:30"


def cot(due="2026-03-10T17:00"):
    return {"actions": (PlanAction(code="cot_provided", who="visitor", due=moment(due)),)}


def refused(home, at=SEEN):
    home.no_access_plan("2026-02-24T09:00")
    return home.visit(at, {"ACC-01": "refused"})


def of_visit(said):
    return lambda home: home.visit(SEEN, said)


# Every kind of clock: how it comes about, the action, when it is due, and when to do or redate it.
DEMANDS = [
    (of_visit({"CHD-01 ada": ["ill"]}), "call_999", "2026-03-02T10:30", "2026-03-03T17:00"),
    (of_visit({"CHD-01 ada": ["ill"]}), "tell_manager", "2026-03-02T10:45", "2026-03-03T17:00"),
    (refused, "call_police", "2026-03-02T11:30", "2026-03-03T17:00"),
    (
        of_visit({"SLP-04 ada": "gap"}),
        "provide_sleep_place",
        "2026-03-02T23:59",
        "2026-03-03T17:00",
    ),
    (of_visit({"ACC-01": "out"}), "tell_manager", "2026-03-03T10:30", "2026-03-04T17:00"),
    (of_visit({"HYG-04": "no"}), "manager_decision", "2026-03-03T17:00", "2026-03-04T17:00"),
    (
        of_visit({"SLP-04 ada": "gap"}),
        "sleep_place_seen_in_use",
        "2026-03-04T17:00",
        "2026-03-05T17:00",
    ),
    (of_visit({"HLT-06 ada": "open"}), "medical_opinion", "2026-03-09T17:00", "2026-03-10T17:00"),
    (lambda home: home.ask(SEEN), "closure_signoff", "2026-03-04T17:00", "2026-03-05T17:00"),
    (lambda home: home.disagree(SEEN), "senior_leads_talk", "2026-03-11T17:00", "2026-03-12T17:00"),
    (
        lambda home: home.plan("2026-03-02T09:00", **cot()) and "e1",
        "cot_provided",
        "2026-03-10T17:00",
        "2026-03-11T17:00",
    ),
    (
        lambda home: home.plan("2026-03-02T09:00", **cot("2026-03-06T09:15")) and "e1",
        "cot_provided",
        "2026-03-06T09:15",
        "2026-03-09T17:00",
    ),
    (lambda home: home.plan(SEEN) and "e1", "visit_child", "2026-03-10T17:00", "2026-03-11T17:00"),
]


@pytest.mark.parametrize(("history", "action", "due", "redate"), DEMANDS)
def test_every_kind_of_demand_once_when_its_time_has_passed(family, history, action, due, redate):
    home = family()
    event = history(home)
    home.until(due)
    assert not home.overdue(action)  # due, and not yet past
    home.until(f"{due}:30")
    assert home.overdue(action)
    home.until("2026-05-01T09:00")
    (overdue,) = home.overdue(action)
    assert [(e.event, e.action) for e in overdue.evidence] == [(event, action)]
    assert home.raised("R18")[home.fired("R18").index(overdue)] == (due, due)
    assert [(a.code, a.who) for a in overdue.actions] == [("do_or_redate", "team_manager")]
    assert london(overdue.actions[0].due_at) == redate
    assert overdue.children == ("ada",)
    assert overdue.level == "S"


@pytest.mark.parametrize(
    ("at", "due", "redate"),
    [
        ("2026-04-01T10:30", "2026-04-02T17:00", "2026-04-07T17:00"),
        ("2026-04-02T10:30", "2026-04-07T17:00", "2026-04-08T17:00"),
        ("2026-03-05T18:00", "2026-03-06T17:00", "2026-03-09T17:00"),
        ("2026-12-23T10:30", "2026-12-24T17:00", "2026-12-29T17:00"),
        ("2026-03-27T10:30", "2026-03-30T17:00", "2026-03-31T17:00"),
        ("2026-10-23T10:30", "2026-10-26T17:00", "2026-10-27T17:00"),
    ],
)
def test_one_working_day_after_the_due_time(family, at, due, redate):
    home = family(ada="2023-01-10")
    home.visit(at, {"HYG-04": "no"})
    home.until("2027-01-20T09:00")
    assert home.raised("R18")[0] == (due, due)
    assert home.required("R18") == {"do_or_redate team_manager": redate}


def test_its_own_action_is_not_raised_again(family):
    home = family()
    refused(home)
    home.until("2026-06-01T09:00")
    assert home.fired("R18")
    assert not home.overdue("do_or_redate")


def test_each_action_by_itself(family):
    home = family()
    visit = refused(home)
    home.done("2026-03-02T10:50", "tell_manager", rule="R03", on=visit)
    home.until("2026-03-02T23:59")
    assert [e.evidence[0].action for e in home.fired("R18")] == ["call_police"]
    home.until("2026-03-03T00:01")
    assert [e.evidence[0].action for e in home.fired("R18")] == [
        "call_police",
        "strategy_discussion",
    ]


def test_an_action_that_was_brought_again_is_overdue_again(family):
    home = family()
    home.visit(SEEN, {"SLP-04 ada": "gap"})
    home.visit("2026-03-04T10:30", {"SLP-04 ada": "slope"})
    home.until("2026-03-05T09:00")
    assert len(home.fired("R08")) == 1
    assert [e.evidence[0].event for e in home.overdue("provide_sleep_place")] == ["e1", "e2"]


@pytest.mark.parametrize(
    ("done", "overdue"),
    [("2026-03-02T10:31", 0), ("2026-03-02T11:30", 0), ("2026-03-02T11:31", 1)],
)
def test_done_by_its_due_time_or_not(family, done, overdue):
    home = family()
    visit = refused(home)
    for action in ("call_police", "tell_manager"):
        home.done(done, action, rule="R03", on=visit)
    home.until("2026-03-02T20:00")
    assert len(home.overdue("call_police")) == overdue


def test_another_action_done_is_not_this_one(family):
    home = family()
    visit = refused(home)
    home.done("2026-03-02T10:50", "tell_manager", rule="R03", on=visit)
    home.done("2026-03-02T10:50", "call_police", rule="R03", on="e99")
    home.until("2026-03-02T20:00")
    assert home.overdue("call_police")


def test_done_late_answers_what_was_raised_and_takes_nothing_back(family):
    home = family()
    visit = home.visit(SEEN, {"SLP-04 ada": "gap"})
    home.until("2026-03-03T09:00")
    home.done("2026-03-03T10:00", "provide_sleep_place", rule="R08", on=visit)
    (overdue,) = home.fired("R18")
    assert overdue.is_open
    assert overdue.actions[0].done_at == moment("2026-03-03T10:00")


def test_a_decision_does_not_silence_an_action_still_to_be_done(family):
    home = family()
    home.decide("2026-03-02T10:45", "R03", refused(home))
    home.until("2026-03-02T12:00")
    assert {e.evidence[0].action for e in home.fired("R18")} == {"call_police", "tell_manager"}


def test_deciding_does_what_asks_for_a_decision(family):
    home = family(ada="2023-01-10")
    home.decide("2026-03-02T15:00", "R26", home.visit(SEEN, {"HYG-03": ["strong"]}))
    home.until("2026-04-02T15:00")
    assert not home.fired("R18")


def test_deciding_late_answers_what_was_raised_about_it(family):
    home = family()
    visit = home.visit(SEEN, {"HYG-03": ["strong"]})
    home.until("2026-03-04T09:00")
    home.decide("2026-03-04T10:00", "R26", visit)
    (overdue,) = home.overdue("manager_decision")
    assert overdue.actions[0].done_at == moment("2026-03-04T10:00")


# An action dated in a plan.
@pytest.mark.parametrize(
    ("ended", "overdue"),
    [
        (None, True),
        ("2026-03-09T17:00", False),
        ("2026-03-10T16:59", False),
        ("2026-03-10T17:30", True),
    ],
)
def test_a_plan_that_is_over_before_the_action_is_due(family, ended, overdue):
    home = family()
    plan = home.plan("2026-03-05T09:00", **cot())
    if ended:
        home.end(ended, plan)
    home.until("2026-03-20T09:00")
    assert bool(home.overdue("cot_provided")) == overdue


@pytest.mark.parametrize("begun", ["2026-03-06T09:00", "2026-03-06T09:01"])
def test_a_plan_renewed_with_a_new_date(family, begun):
    home = family(ada="2023-01-10")
    plan = home.plan("2026-03-05T09:00", "child_in_need", **cot())
    home.end("2026-03-06T09:00", plan)
    again = {"plan": plan, "kind": "child_in_need", "children": ("ada",)}
    home.tell(PlanStarted(**home._when(begun), **again, **cot("2026-03-20T17:00")))
    home.until("2026-03-21T09:00")
    (overdue,) = home.overdue("cot_provided")
    assert london(overdue.raised_at) == "2026-03-20T17:00"


@pytest.mark.parametrize(("done", "overdue"), [("2026-03-09", False), ("2026-03-11", True)])
def test_a_plans_action_done(family, done, overdue):
    home = family()
    plan = home.plan("2026-03-05T09:00", **cot())
    home.done(f"{done}T09:00", "cot_provided", plan=plan)
    home.until("2026-03-20T09:00")
    assert bool(home.overdue("cot_provided")) == overdue


def test_a_plans_action_done_late_answers_what_was_raised(family):
    home = family()
    plan = home.plan("2026-03-05T09:00", **cot())
    home.until("2026-03-10T17:01")
    home.done("2026-03-11T09:00", "cot_provided", plan=plan)
    (overdue,) = home.overdue("cot_provided")
    assert overdue.actions[0].done_at == moment("2026-03-11T09:00")


def test_for_the_children_of_the_plan(family):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.plan("2026-03-05T09:00", "child_in_need", children=("ben",), **cot())
    home.until("2026-03-11T09:00")
    (overdue,) = home.overdue("cot_provided")
    assert overdue.children == ("ben",)


def test_a_plans_action_due_before_the_plan_was_written(family):
    home = family()
    home.plan("2026-03-05T17:30", **cot("2026-03-05T17:00"))
    home.until("2026-03-05T18:00")
    assert home.overdue("cot_provided")


# What arrives late, or before what asked for it.
def test_what_is_overdue_when_it_arrives_is_raised_at_once_as_of_its_due_time(family):
    home = family()
    home.no_access_plan("2026-02-24T09:00")
    home.visit(SEEN, {"ACC-01": "refused"}, received="2026-03-02T17:05")
    assert {e.evidence[0].action for e in home.fired("R18")} == {"call_police", "tell_manager"}
    assert home.raised("R18") == [("2026-03-02T11:30", "2026-03-02T17:05")] * 2


def test_done_in_time_and_received_with_what_asked_for_it(family):
    home = family()
    home.no_access_plan("2026-02-24T09:00")
    visit = home.make_visit(SEEN, {"ACC-01": "refused"})
    calls = [
        ActionDone(**home._when("2026-03-02T10:50"), action=code, rule="R03", on=visit.id)
        for code in ("call_police", "tell_manager")
    ]
    home.tell(visit, *calls, at="2026-03-02T17:05")
    home.until("2026-03-02T20:00")
    assert not home.fired("R18")


def test_what_was_done_may_be_received_before_what_asked_for_it(family):
    home = family()
    home.no_access_plan("2026-02-24T09:00")
    visit = home.make_visit(SEEN, {"ACC-01": "refused"})
    for code in ("call_police", "tell_manager"):
        home.done("2026-03-02T10:50", code, rule="R03", on=visit.id, received="2026-03-02T11:00")
    home.tell(visit, at="2026-03-02T11:10")
    home.until("2026-03-02T20:00")
    assert not home.fired("R18")


def test_a_plans_action_done_before_the_plan_was_received(family):
    home = family()
    home.done("2026-03-09T09:00", "cot_provided", plan="later")
    began = {"plan": "later", "kind": "child_in_need", "children": ("ada",)}
    home.tell(
        PlanStarted(**home._when("2026-03-05T09:00"), **began, **cot()), at="2026-03-09T10:00"
    )
    home.until("2026-03-20T09:00")
    assert not home.overdue("cot_provided")


def test_what_a_late_event_completes_is_known_only_from_its_receipt(family):
    home = family()
    home.visit("2026-03-06T10:00", {"ACC-01": "refused"})
    home.visit("2026-03-02T10:00", {"ACC-01": "refused"}, received="2026-03-09T10:00")
    (overdue,) = home.overdue("manager_decision")
    at = home.fired("R18").index(overdue)
    assert home.raised("R18")[at] == ("2026-03-06T18:00", "2026-03-09T10:00")
