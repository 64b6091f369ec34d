"""One escalation at a time, acknowledging, deciding, the ladder, what is overdue, closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from shared.clocks import LONDON
from shared.facts import (
    ActionDone,
    ClosureRequest,
    Decision,
    Disagreed,
    NoAccess,
    PlanAction,
    PlanEnded,
    PlanStarted,
)


def refuse(home, at, **more):
    return home.visit(at, {"ACC-01": "refused"}, **more)


def close(home, at, kind="close", plan=None, agency="social_care"):
    home.tell(ClosureRequest(**home._when(at), kind=kind, plan=plan, by="sw", agency=agency))


ALL_WELL = {
    "ACC-03 ada": "handled",
    "ACC-04": ["all"],
    "CHD-01 ada": ["ok"],
    "SLP-01 ada": ["own"],
    "SLP-02 ada": "both",
    "SLP-07 ada": ["never"],
    "HLT-01 ada": "none",
    "PAR-01": ["none"],
    "ENG-05 ada": "N",
}


def test_while_open_it_gathers_evidence_and_brings_its_actions_again(family):
    home = family()
    refuse(home, "2026-03-02T10:30")
    refuse(home, "2026-03-20T10:30")
    (escalation,) = home.fired("R04")
    assert [e.event for e in escalation.evidence] == ["e1", "e2"]
    assert home.due("R04", "tell_manager") == ["2026-03-03T10:30", "2026-03-21T10:30"]


def test_acknowledging_does_not_close_and_deciding_does(family):
    home = family()
    first = refuse(home, "2026-03-02T10:30")
    home.acknowledge("2026-03-02T11:00", "R04", first)
    refuse(home, "2026-03-20T10:30")
    assert len(home.fired("R04")) == 1
    home.decide("2026-03-20T12:00", "R04", first)
    refuse(home, "2026-04-10T10:30")
    assert [e.is_open for e in home.fired("R04")] == [False, True]


def test_a_decision_may_name_any_event_of_its_evidence(family):
    home = family()
    refuse(home, "2026-03-02T10:30")
    second = refuse(home, "2026-03-20T10:30")
    home.decide("2026-03-20T12:00", "R04", second)
    assert not home.fired("R04")[0].is_open


@pytest.mark.parametrize(
    ("born", "said", "rule", "rungs"),
    [
        (
            "2026-01-10",
            {"CHD-01 ada": ["ill"]},
            "R01",
            ["2026-03-06T16:00", "2026-03-06T16:30", "2026-03-06T17:00", "2026-03-06T17:30"],
        ),
        (
            "2026-01-10",
            {"SLP-04 ada": "gap"},
            "R08",
            ["2026-03-06T16:00", "2026-03-06T18:00", "2026-03-06T22:00", "2026-03-07T02:00"],
        ),
        (
            "2024-01-10",
            {"SAF-04 ada": "ext"},
            "R22",
            ["2026-03-06T16:00", "2026-03-09T17:00", "2026-03-10T17:00", "2026-03-11T17:00"],
        ),
    ],
)
def test_unanswered_it_climbs_from_receipt(family, born, said, rule, rungs):
    home = family(ada=born)
    home.visit("2026-03-06T10:00", said, received="2026-03-06T16:00")
    roles = ["team_manager", "service_manager", "head_of_service", "director"]
    assert home.ladder(rule, "2026-04-01T00:00") == list(zip(roles, rungs, strict=True))
    assert len(home.ladder(rule, rungs[1])) == 2
    assert len(home.ladder(rule, "2026-03-06T16:00")) == 1


def test_acknowledged_it_rests_until_twice_the_first_time(family):
    home = family()
    visit = home.visit("2026-03-06T10:00", {"CHD-01 ada": ["ill"]})
    home.acknowledge("2026-03-06T10:20", "R01", visit)
    assert home.ladder("R01", "2026-03-06T10:59") == [("team_manager", "2026-03-06T10:00")]
    assert home.ladder("R01", "2026-03-06T12:00")[1:] == [
        ("service_manager", "2026-03-06T11:00"),
        ("head_of_service", "2026-03-06T11:30"),
        ("director", "2026-03-06T12:00"),
    ]


def test_decided_it_stops_and_whoever_was_told_stays_told(family):
    home = family()
    visit = home.visit("2026-03-06T10:00", {"CHD-01 ada": ["ill"]})
    home.decide("2026-03-06T10:40", "R01", visit)
    assert home.ladder("R01", "2026-03-07T00:00") == [
        ("team_manager", "2026-03-06T10:00"),
        ("service_manager", "2026-03-06T10:30"),
    ]


def test_an_action_not_done_is_raised_at_its_due_time_once(family):
    home = family()
    home.no_access_plan("2026-03-01T09:00")
    visit = refuse(home, "2026-03-02T10:30")
    home.done("2026-03-02T10:50", "tell_manager", rule="R03", on=visit)
    home.until("2026-03-02T11:30")
    assert not home.fired("R18")  # due, and not yet past
    home.until("2026-03-02T11:31")
    home.until("2026-03-02T14:00")
    (overdue,) = home.fired("R18")
    assert overdue.raised_at == moment_of("2026-03-02T11:30")
    assert [(e.event, e.action) for e in overdue.evidence] == [(visit, "call_police")]
    assert home.due("R18", "do_or_redate") == ["2026-03-03T17:00"]


def moment_of(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_its_own_action_is_not_raised_again(family):
    home = family()
    refuse(home, "2026-03-02T10:30")
    home.until("2026-06-01T09:00")
    assert all(e.evidence[0].action != "do_or_redate" for e in home.fired("R18"))


def test_done_in_time_but_received_with_the_visit_is_not_overdue(family):
    home = family()
    home.no_access_plan("2026-03-01T09:00")
    visit = home.make_visit("2026-03-02T10:30", {"ACC-01": "refused"})
    calls = [
        ActionDone(**home._when("2026-03-02T10:50"), action=code, rule="R03", on=visit.id)
        for code in ("call_police", "tell_manager")
    ]
    home.tell(visit, *calls, at="2026-03-02T17:05")
    home.until("2026-03-02T20:00")
    assert not home.fired("R18")
    assert home.fired("R03")[0].late


def test_what_arrives_already_overdue_is_known_from_its_receipt(family):
    home = family()
    home.no_access_plan("2026-03-01T09:00")
    refuse(home, "2026-03-02T10:30", received="2026-03-02T17:05")
    home.until("2026-03-02T17:06")
    overdue = home.fired("R18")
    assert {f"{e.raised_at:%H:%M} {e.received_at:%H:%M}" for e in overdue} == {"11:30 17:05"}


def test_a_decision_does_not_silence_an_action_still_to_be_done(family):
    home = family()
    home.no_access_plan("2026-03-01T09:00")
    visit = refuse(home, "2026-03-02T10:30")
    home.decide("2026-03-02T10:45", "R03", visit)
    home.until("2026-03-02T12:00")
    assert {e.evidence[0].action for e in home.fired("R18")} == {"call_police", "tell_manager"}


def test_deciding_does_what_asks_for_a_decision(family):
    home = family()
    visit = home.visit("2026-03-02T10:30", {"HYG-03": ["strong"]})
    home.decide("2026-03-02T15:00", "R26", visit)
    home.until("2026-04-02T15:00")
    assert not home.overdue("manager_decision")


def test_doing_it_late_answers_what_was_raised_about_it(family):
    home = family()
    visit = home.visit("2026-03-02T10:30", {"SLP-04 ada": "gap"})
    home.until("2026-03-03T09:00")
    home.done("2026-03-03T10:00", "provide_sleep_place", rule="R08", on=visit)
    (overdue,) = home.fired("R18")
    assert overdue.is_open
    assert overdue.actions[0].done_at == moment_of("2026-03-03T10:00")


def test_an_action_dated_in_the_plan(family):
    home = family()
    due = PlanAction(code="cot_provided", who="visitor", due=moment_of("2026-03-10T17:00"))
    plan = home.plan("2026-03-01T09:00", actions=(due,))
    home.until("2026-03-10T17:01")
    (overdue,) = home.overdue("cot_provided")
    assert overdue.children == ("ada",)
    home.done("2026-03-11T09:00", "cot_provided", plan=plan)
    assert overdue.actions[0].done_at


def test_a_plan_action_done_in_time(family):
    home = family()
    due = PlanAction(code="cot_provided", who="visitor", due=moment_of("2026-03-10T17:00"))
    plan = home.plan("2026-03-01T09:00", actions=(due,))
    home.done("2026-03-09T09:00", "cot_provided", plan=plan)
    home.until("2026-03-20T09:00")
    assert not home.overdue("cot_provided")


def kinds(home):
    return {blocker["kind"] for e in home.fired("R17") for blocker in e.blockers}


def test_closing_with_nothing_against_it(family):
    home = family()
    home.visit("2026-03-02T10:30", ALL_WELL)
    close(home, "2026-03-03T10:00")
    assert home.rules() == set()


def test_an_open_concern_blocks_until_it_is_seen_better(family):
    home = family()
    home.visit("2026-03-02T10:30", ALL_WELL | {"HYG-04": "no"})
    close(home, "2026-03-02T11:00")
    assert "open_concern" in kinds(home)
    (escalation,) = home.fired("R17")
    concern = next(b for b in escalation.blockers if b["kind"] == "open_concern")
    assert (concern["item"], concern["event"]) == ("HYG-04", "e1")


@pytest.mark.parametrize(
    ("better", "still"),
    [
        ({"HYG-04": "yes"}, False),
        ({"HYG-04": "few"}, False),
        ({"HYG-04": ("yes", "told_by_parent")}, True),
        ({"HYG-04": ("yes", "from_record")}, True),
        ({"HYG-04": "unk"}, True),
        ({}, True),
    ],
)
def test_only_seen_better_lowers_a_concern(family, better, still):
    home = family()
    home.visit("2026-03-02T10:30", ALL_WELL | {"HYG-04": "no"})
    home.visit("2026-03-03T10:30", ALL_WELL | better)
    close(home, "2026-03-04T11:00")
    assert ("open_concern" in kinds(home)) == still


def test_a_named_decision_closes_the_concern_it_names(family):
    home = family()
    home.visit("2026-03-02T10:30", ALL_WELL | {"HYG-04": "no"})
    for to, still in (("S", True), ("N", False)):
        home.tell(
            Decision(**home._when("2026-03-03T10:00"), kind="lower_level", item="HYG-04", to=to)
        )
        close(home, "2026-03-04T11:00")
        (escalation,) = home.fired("R17")
        open_now = any(b["kind"] == "open_concern" for b in escalation.blockers)
        assert open_now == still


def test_every_kind_of_blocker(family):
    home = family()
    plan = home.plan("2026-01-20T09:00")
    home.visit("2026-01-22T10:30", ALL_WELL | {"ACC-03 ada": "asleep", "SLP-04 ada": "gap"})
    home.visit("2026-02-02T10:30", {"SLP-02 ada": "told"})
    home.tell(Disagreed(**home._when("2026-02-10T09:00"), reason="too soon", agency="gp"))
    close(home, "2026-03-04T11:00", kind="step_down", plan=plan)
    assert kinds(home) == {
        "open_concern",
        "action_not_done",
        "not_seen",
        "could_not_check",
        "disagreement",
    }


def test_ones_own_agencys_disagreement_is_not_anothers(family):
    home = family()
    home.visit("2026-03-02T10:30", ALL_WELL)
    said = Disagreed(**home._when("2026-03-02T12:00"), reason="x", agency="social_care")
    home.tell(said)
    close(home, "2026-03-03T10:00")
    assert kinds(home) == {"action_not_done"}  # R25 asks that they talk


@pytest.mark.parametrize("gap", [{"SLP-01 ada": ["unk"]}, {"SLP-02 ada": None}])
def test_a_core_item_not_checked_blocks(family, gap):
    home = family()
    said = {k: v for k, v in (ALL_WELL | gap).items() if v is not None}
    home.visit("2026-03-02T10:30", said)
    close(home, "2026-03-03T10:00")
    assert kinds(home) == {"could_not_check"}


def test_a_family_nobody_ever_got_in_to_is_not_closed_in_silence(family):
    home = family()
    close(home, "2026-03-03T10:00")
    assert kinds(home) == {"could_not_check"}


def test_only_a_service_manager_signs_a_closure(family):
    home = family()
    close(home, "2026-03-03T10:00")
    home.decide("2026-03-03T11:00", "R17", "e1", role="team_manager")
    assert home.fired("R17")[0].is_open
    home.decide("2026-03-03T12:00", "R17", "e1", role="service_manager")
    assert not home.fired("R17")[0].is_open
    assert home.due("R17", "closure_signoff") == ["2026-03-05T17:00"]
    home.until("2026-04-01T00:00")
    assert not home.fired("R18")


def test_a_plan_ended_before_its_action_was_due_does_not_ask_for_it(family):
    home = family()
    due = PlanAction(code="cot_provided", who="visitor", due=moment_of("2026-03-10T17:00"))
    plan = home.plan("2026-03-01T09:00", actions=(due,))
    home.tell(PlanEnded(**home._when("2026-03-05T09:00"), plan=plan))
    home.until("2026-03-20T09:00")
    assert not home.fired("R18")


def test_a_plan_that_begins_again_is_in_force_again(family):
    home = family()
    plan = home.plan("2026-02-01T09:00")
    home.tell(PlanEnded(**home._when("2026-02-10T09:00"), plan=plan))
    refuse(home, "2026-02-20T09:00")
    again = PlanStarted(
        **home._when("2026-03-01T09:00"), plan=plan, kind="child_protection", children=("ada",)
    )
    home.tell(replace(again, no_access=NoAccess()))
    refuse(home, "2026-03-02T09:00")
    assert [e.evidence[0].event for e in home.fired("R03")] == ["e6"]


def test_what_was_done_may_be_received_before_what_asked_for_it(family):
    home = family()
    home.no_access_plan("2026-03-01T09:00")
    visit = home.make_visit("2026-03-02T10:30", {"ACC-01": "refused"})
    for code in ("call_police", "tell_manager"):
        home.done("2026-03-02T10:50", code, rule="R03", on=visit.id, received="2026-03-02T11:00")
    home.acknowledge("2026-03-02T11:05", "R03", visit.id)
    home.tell(visit, at="2026-03-02T11:10")
    home.until("2026-03-02T20:00")
    assert not home.fired("R18")
    assert home.fired("R03")[0].acknowledged_at == moment_of("2026-03-02T11:05")


def test_an_old_decision_does_not_close_what_is_raised_after_it(family):
    home = family()
    first = refuse(home, "2026-03-02T10:30")
    home.decide("2026-03-02T12:00", "R05", first)  # there is no R05 yet
    home.decide("2026-03-02T12:00", "R04", first)
    refuse(home, "2026-03-20T10:30")
    assert [e.is_open for e in home.fired("R04")] == [False, True]


def test_a_plans_action_done_before_the_plan_was_received(family):
    home = family()
    home.done("2026-03-09T09:00", "cot_provided", plan="later", received="2026-03-09T09:00")
    due = PlanAction(code="cot_provided", who="visitor", due=moment_of("2026-03-10T17:00"))
    plan = PlanStarted(
        **home._when("2026-03-01T09:00"),
        plan="later",
        kind="child_in_need",
        children=("ada",),
        actions=(due,),
    )
    home.tell(plan, at="2026-03-09T10:00")
    home.until("2026-03-20T09:00")
    assert not home.overdue("cot_provided")


def test_what_a_late_event_completes_is_known_only_from_its_receipt(family):
    home = family()
    refuse(home, "2026-03-06T10:00")
    refuse(home, "2026-03-02T10:00", received="2026-03-09T10:00")  # makes the second of two
    home.until("2026-03-10T09:00")
    (second,) = home.fired("R05")
    overdue = [e for e in home.fired("R18") if e.evidence[0].action == "manager_decision"]
    assert second.received_at == moment_of("2026-03-09T10:00")
    assert {e.raised_at for e in overdue} == {moment_of("2026-03-06T18:00")}
    assert {e.received_at for e in overdue} == {moment_of("2026-03-09T10:00")}


def test_a_decision_does_not_answer_what_was_seen_after_it(family):
    home = family()
    first = refuse(home, "2026-03-02T10:30")
    refuse(home, "2026-03-04T10:30")
    home.tell(
        Decision(**home._when("2026-03-03T09:00"), kind="decide", rule="R04", on=first),
        at="2026-03-05T09:00",
    )
    assert home.fired("R04")[0].is_open


def test_a_request_that_arrives_late_meets_all_that_is_known_by_then(family):
    home = family()
    home.visit("2026-03-02T10:30", ALL_WELL)
    home.visit("2026-03-04T10:30", ALL_WELL | {"HYG-04": "no"})
    request = ClosureRequest(**home._when("2026-03-03T10:00"), kind="close", by="sw")
    home.tell(request, at="2026-03-05T10:00")
    assert "open_concern" in kinds(home)


def test_a_plans_action_due_before_the_plan_was_written_is_overdue(family):
    home = family()
    due = PlanAction(code="cot_provided", who="visitor", due=moment_of("2026-03-01T17:00"))
    home.plan("2026-03-01T17:30", actions=(due,))
    home.until("2026-03-01T18:00")
    assert home.fired("R18")


def test_what_is_overdue_when_it_arrives_is_raised_at_once(family):
    home = family()
    home.no_access_plan("2026-03-01T09:00")
    refuse(home, "2026-03-02T10:30", received="2026-03-02T17:05")
    assert {e.evidence[0].action for e in home.fired("R18")} == {"call_police", "tell_manager"}


@pytest.mark.parametrize("plan_first", [True, False])
def test_a_plan_that_begins_at_the_minute_of_the_visit_is_in_force(family, plan_first):
    home = family()
    begun = {"kind": "child_protection", "children": ("ada",), "no_access": NoAccess()}
    plan = PlanStarted(**home._when("2026-03-02T10:30"), plan="p", **begun)
    visit = home.make_visit("2026-03-02T10:30", {"ACC-01": "refused"})
    for event in (plan, visit) if plan_first else (visit, plan):
        home.tell(event)
    assert home.fired("R03")


def test_a_plan_still_holds_at_the_minute_it_ends(family):
    home = family()
    plan = home.no_access_plan("2026-02-01T09:00")
    home.tell(PlanEnded(**home._when("2026-03-02T10:30"), plan=plan))
    refuse(home, "2026-03-02T10:30")
    assert home.fired("R03")


def test_nobody_records_a_sign_off_as_done(family):
    home = family()
    close(home, "2026-03-03T10:00")
    home.done("2026-03-03T11:00", "closure_signoff", rule="R17", on="e1")
    assert home.fired("R17")[0].actions[0].done_at is None


def test_deciding_late_answers_what_was_raised_about_it(family):
    home = family()
    visit = home.visit("2026-03-02T10:30", {"HYG-03": ["strong"]})
    home.until("2026-03-04T09:00")
    home.decide("2026-03-04T10:00", "R26", visit)
    (overdue,) = home.overdue("manager_decision")
    assert overdue.actions[0].done_at == moment_of("2026-03-04T10:00")
