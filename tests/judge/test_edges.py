"""A case by itself: put by and taken up again, asked what it would say, and when to look next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter

import pytest

from shared import engine, packs
from shared.escalation import escalation_id
from shared.facts import (
    Arrival,
    Child,
    ClosureRequest,
    Decision,
    Disagreed,
    HouseholdRecorded,
    NoAccess,
    PlanAction,
    PlanStarted,
    Visit,
)
from tests.judge.conftest import Family, answers, london, moment

INSTANT = timedelta(microseconds=1)


def docs(home):
    return [escalation.to_doc() for escalation in home.case.escalations]


def cot(due):
    return (PlanAction(code="cot_provided", who="visitor", due=moment(due)),)


# Everything that a case must remember: plans and their actions, who was seen, what is asked for,
# what was answered before its question came, decisions, and what time has raised.
LIFE = [
    lambda home: home.plan(
        "2026-03-02T09:00", no_access=NoAccess(), actions=cot("2026-03-10T17:00")
    ),
    lambda home: home.visit("2026-03-03T10:00", {"ACC-03 ada": "handled", "SLP-04 ada": "gap"}),
    lambda home: home.visit("2026-03-04T10:00", {"ACC-01": "refused"}),
    lambda home: home.acknowledge("2026-03-04T11:00", "R03", "e4"),
    lambda home: home.until("2026-03-06T12:00"),
    lambda home: home.decide("2026-03-06T13:00", "R03", "e4"),
    lambda home: home.acknowledge("2026-03-06T14:00", "R05", "e13"),  # whose visit comes late
    lambda home: home.visit("2026-03-07T10:00", {"HYG-02": "filthy", "ACC-03 ben": "awake"}),
    lambda home: home.until("2026-03-12T12:00"),
    lambda home: home.done("2026-03-12T13:00", "cot_provided", plan="p2"),
    lambda home: home.ask("2026-03-13T10:00"),
    lambda home: home.decide("2026-03-13T11:00", "R17", "e10", role="service_manager"),
    lambda home: home.end("2026-03-16T10:00", "p2"),
    lambda home: home.visit("2026-03-05T10:00", {"ACC-01": "hide"}, received="2026-03-17T10:00"),
    lambda home: home.arrive("2026-03-18T10:00", "pregnancy", "cam"),
    lambda home: home.until("2026-04-30T12:00"),
]


def at_home(family):
    return family(ada="2026-01-10", ben="2023-01-10", cam="due 2026-09-01")


class Told(Family):
    """A family that keeps its events in the order they were received."""

    def __init__(self, *given, **born):
        super().__init__(*given, **born)
        self.received = []

    def tell(self, *events, at=None):
        at = moment(at) if at else events[0].received_at
        self.received += [replace(event, received_at=at) for event in events]
        return engine.receive(self.case, self.received[-len(events) :], at)


def told() -> Told:
    return Told(packs.book(), ada="2026-01-10", ben="2023-01-10", cam="due 2026-09-01")


@pytest.mark.parametrize("after", range(1, len(LIFE)))
def test_a_case_put_by_and_taken_up_again_goes_on_as_if_it_never_had_been(after):
    whole, home = told(), told()
    for n, step in enumerate(LIFE):
        step(whole)
        if n == after:
            now = home.case.now
            home.case = engine.load(home.household, packs.book(), home.received, docs(home), now)
            assert home.case.now == now
        step(home)
    # What is raised as of one moment may stand in another order.
    assert sorted(docs(home), key=itemgetter("id")) == sorted(docs(whole), key=itemgetter("id"))
    assert {"R03", "R05", "R06", "R08", "R15", "R17", "R18"} <= home.rules()
    assert engine.next_due(home.case, home.case.now) == engine.next_due(whole.case, whole.case.now)


def test_taken_up_without_a_time_it_stands_at_its_last_event(family):
    home = told()
    home.plan("2026-03-02T09:00")
    case = engine.load(home.household, packs.book(), home.received, [], None)
    assert case.now is None
    assert london(engine.next_due(case, moment("2026-03-02T09:00"))) == "2026-03-09T17:00"
    empty = engine.load(home.household, packs.book(), [], [], None)
    assert engine.next_due(empty, moment("2026-03-02T09:00")) is None


def test_the_clock_never_goes_back(family):
    home = family()
    home.until("2026-03-10T09:00")
    home.until("2026-03-09T09:00")
    assert london(home.case.now) == "2026-03-10T09:00"


def test_next_due_is_when_something_is_raised_or_climbs_and_not_before():
    home, at = told(), moment("2026-03-02T08:00")
    LIFE[0](home), LIFE[1](home), LIFE[2](home)
    moments = []
    while (due := engine.next_due(home.case, max(at, home.case.now))) is not None:
        at, before = due, standing(home, due - INSTANT)
        assert standing(home, due) != before, due
        moments.append(london(due))
        if due > moment("2026-06-01T00:00"):
            break
    assert moments[:6] == [
        "2026-03-04T10:30",
        "2026-03-04T11:00",
        "2026-03-04T11:00",
        "2026-03-04T11:30",
        "2026-03-04T13:00",
        "2026-03-04T17:00",
    ]
    assert engine.next_due(home.case, moment("2026-12-31T00:00")) is None


def standing(home, now):
    """What is on record by a moment, and who has been told."""
    home.case.now = None
    engine.advance(home.case, now)
    return [(e.id, len(engine.told(home.case, e, now))) for e in home.case.escalations]


WOULD = {
    "visit": lambda home: home.make_visit("2026-03-09T10:30", {"SLP-04 ada": "gap"}),
    "closure": lambda home: ClosureRequest(
        **home._when("2026-03-09T10:30"), kind="close", agency="social_care", by="sw"
    ),
}


@pytest.mark.parametrize("kind", WOULD)
def test_asked_what_an_event_would_set_off_it_says_and_stays_as_it_is(family, kind):
    asked, other = family(), family()
    for home in (asked, other):
        home.visit("2026-03-02T10:30", {"HYG-02": "filthy"})
        home.until("2026-03-09T10:30")
    before = docs(asked)
    event = WOULD[kind](asked)
    findings = engine.assess(asked.case, event)
    assert engine.assess(asked.case, event) == findings
    assert docs(asked) == before
    assert len(asked.case.history.entries) == 1
    other.tell(WOULD[kind](other))
    raised = [e for e in other.case.escalations if e.raised_at == event.at]
    assert [f.rule.id for f in findings] == [e.rule for e in raised] != []
    assert [f.evidence for f in findings] == [e.evidence for e in raised]
    assert [f.blockers for f in findings] == [e.blockers for e in raised]
    asked.tell(event)
    assert docs(asked) == docs(other)


ASKED_ONLY = {
    "visit": lambda when: Visit(
        **when, agency="gp", by="x", answers=answers({"ACC-01": "refused", "HYG-02": "ok"})
    ),
    "plan": lambda when: PlanStarted(
        **when, plan="p", kind="child_protection", children=("ada",), no_access=NoAccess()
    ),
    "decision": lambda when: Decision(
        **when, kind="close_concern", item="HYG-02", by="tm", role="team_manager", reason="why"
    ),
    "birth": lambda when: Arrival(**when, kind="birth", child="ada", agency="hospital"),
    "disagreement": lambda when: Disagreed(**when, agency="gp", by="x", reason="Too soon"),
}


@pytest.mark.parametrize("kind", ASKED_ONLY)
def test_what_was_only_asked_never_happened(family, kind):
    asked, other = family(), family()
    for home in (asked, other):
        home.visit("2026-03-02T10:30", {"HYG-02": "filthy"})
    engine.assess(asked.case, ASKED_ONLY[kind](asked._when("2026-03-03T10:30")))
    other._when("2026-03-03T10:30")  # which takes the same name
    for home in (asked, other):
        home.visit("2026-03-04T10:30", {"ACC-01": "refused"})
        home.ask("2026-03-05T10:30")
        home.until("2026-05-05T10:30")
    assert docs(asked) == docs(other)


def test_why_is_said_at_once_or_when_asked(family):
    said = family()
    silent = family()
    silent.case = engine.Case(silent.household, packs.book(), worded=False)
    for home in (said, silent):
        home.visit("2026-03-02T10:30", {"SLP-04 ada": "gap"})
    first = said.fired("R08")[0].because
    assert first
    assert silent.fired("R08")[0].because == ""
    rule = packs.england().rule("R08")
    assert engine.because(silent.case, rule, silent.fired("R08")[0]) == first
    for home in (said, silent):
        home.visit("2026-03-03T10:30", {"SLP-02 ada": "fixed"})
    second = said.fired("R08")[0].because
    assert second != first
    assert engine.because(silent.case, rule, silent.fired("R08")[0]) == second


def test_the_three_answers_are_asked_of_an_event_on_record(family):
    home = family()
    event = home.visit("2026-03-02T10:30", {"HLT-01 ada": "unk"})
    assert engine.cannot_tell(home.case, event)


@pytest.mark.parametrize("outcome", ["in", "part"])
def test_a_visit_moved_by_the_family_at_which_somebody_was_in_was_not_the_one_excuse(
    family, outcome
):
    home = family()
    home.visit("2026-03-02T10:30", {"ACC-01": outcome, "ACC-02": "drop"})
    home.visit("2026-03-09T10:30", {"ACC-01": "out", "ACC-02": "drop"})
    assert not home.fired("R04")
    home.visit("2026-03-16T10:30", {"ACC-01": "out", "ACC-02": "drop"})
    assert home.fired("R04")


def test_all_that_is_kept_of_an_escalation(family):
    home = family()
    home.visit("2026-03-02T10:30", {"SLP-04 ada": "gap"}, received="2026-03-02T13:00")
    asked = {
        "required_by": "e1",
        "required_at": "2026-03-02T10:30:00+00:00",
        "known_at": "2026-03-02T13:00:00+00:00",
        "done_by_deciding": False,
        "before": "",
        "done_at": None,
        "done_by": None,
    }
    assert home.fired("R08")[0].to_doc() == {
        "id": escalation_id("family", "R08", "e1", "ada", ""),
        "rule": "R08",
        "rule_name": "No safe sleep place tonight",
        "level": "S",
        "children": ["ada"],
        "raised_at": "2026-03-02T10:30:00+00:00",
        "received_at": "2026-03-02T13:00:00+00:00",
        "because": "“What is the sleep surface like?”: Gap round the mattress, or broken or"
        " home-made frame (SLP-04) about ada, seen on 2 March 2026 by health visiting.",
        "pack": "england/1",
        "ladder_row": 1,
        "evidence": [
            {
                "event": "e1",
                "at": "2026-03-02T10:30:00+00:00",
                "by": "hv-1",
                "agency": "health_visiting",
                "item": "SLP-04",
                "answer": "gap",
                "about": "ada",
                "level": "S",
                "basis": "seen",
                "note": "",
                "action": None,
            }
        ],
        "actions": [
            {
                "code": "provide_sleep_place",
                "who": "team_manager",
                "due_at": "2026-03-02T23:59:00+00:00",
            }
            | asked,
            {
                "code": "sleep_place_seen_in_use",
                "who": "visitor",
                "due_at": "2026-03-04T17:00:00+00:00",
            }
            | asked,
        ],
        "blockers": [],
        "runs": [],
        "late": True,
        "subject": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "acknowledged_received_at": None,
        "decided_at": None,
        "decided_by": None,
        "decided_received_at": None,
        "decision_reason": "",
    }


def test_an_escalation_has_the_name_of_its_last_evidence_and_of_what_was_overdue(family):
    home = family()
    home.visit("2026-03-02T10:30", {"ACC-01": "out"})
    home.visit("2026-03-04T10:30", {"ACC-01": "out"})
    (two,) = home.fired("R05")
    assert [held.event for held in two.evidence] == ["e1", "e2"]
    assert two.id == escalation_id("family", "R05", "e2", "ada", "")
    home.until("2026-03-05T12:00")
    for overdue in home.fired("R18"):
        assert overdue.subject.endswith(("Z", "+00:00")) and "|" in overdue.subject
        event = overdue.evidence[0].event
        assert overdue.id == escalation_id("family", "R18", event, "ada", overdue.subject)
    assert len({each.id for each in home.fired()}) == len(home.fired())


def test_a_date_of_birth_put_right_shows_what_had_been_missed(family):
    home = family(ada="2023-01-10")
    home.plan("2026-03-01T09:00")
    home.visit("2026-03-02T10:30", {"ACC-03 ada": "handled"})
    home.visit("2026-03-12T10:30", {"ACC-03 ada": "handled"})
    right = replace(home.household, children=(Child(id="ada", born=date(2026, 2, 10)),))
    home.tell(HouseholdRecorded(**home._when("2026-03-13T09:00"), household=right))
    assert home.raised("R06") == [("2026-03-09T17:00", "2026-03-13T09:00")]


def test_a_child_who_joins_the_household_is_waited_for_too(family):
    home = family(ada="2023-01-10")
    home.plan("2026-03-02T09:00", children=("ada", "ben"))
    joined = (*home.household.children, Child(id="ben", born=date(2022, 2, 10)))
    both = replace(home.household, children=joined)
    home.tell(HouseholdRecorded(**home._when("2026-03-03T09:00"), household=both))
    home.visit("2026-03-04T10:30", {"ACC-03 ada": "handled"})
    home.until("2026-03-17T09:00")
    assert home.children("R06") == [("ben",)]


def test_a_record_of_nothing_but_that_she_was_seen_moves_when_she_must_be_next(family):
    home = family(ada="2023-01-10")
    home.plan("2026-03-02T09:00")
    seen = answers({"ACC-03 ada": "handled"})
    home.tell(Visit(**home._when("2026-03-09T10:30"), agency="gp", by="x", answers=seen))
    home.until("2026-03-20T09:00")
    assert not home.fired("R06")
    home.until("2026-03-24T09:00")
    assert home.raised("R06") == [("2026-03-23T17:00", "2026-03-23T17:00")]


def test_the_next_rung_is_reached_by_working_days(family):
    home = family(ada="2016-01-10")
    home.visit("2026-04-02T10:30", {"HYG-04": "no"})  # before Easter
    home.acknowledge("2026-04-02T11:00", "R26", "e1")
    (due,) = {
        r.at for r in engine.told(home.case, home.fired("R26")[0], moment("2026-04-08T17:00"))
    } - {moment("2026-04-02T10:30")}
    assert london(due) == "2026-04-08T17:00"
    home.decide("2026-04-02T12:00", "R26", "e1")
    assert engine.next_due(home.case, moment("2026-04-02T12:00")) is None


def test_asked_twice_to_close_each_request_has_its_own_list(family):
    home = family()
    home.full_visit("2026-03-02T10:30", {"HYG-02": "filthy"})
    home.done("2026-03-02T11:00", "manager_decision", rule="R26", on="e1")
    first = home.ask("2026-03-03T10:30")
    assert [b["kind"] for b in home.fired("R17")[0].blockers] == ["open_concern"]
    home.full_visit("2026-03-04T10:30", {"HYG-02": "ok"})
    second = home.ask("2026-03-05T10:30")
    (asked,) = home.fired("R17")
    assert [held.event for held in asked.evidence] == [first, second]
    assert {(b["kind"], b["action"]) for b in asked.blockers} == {
        ("action_not_done", "closure_signoff")
    }
    # What is learnt late of the time before both: the list of the latest gains it.
    home.report("2026-03-02T12:00", "gp", {"HYG-03": ["strong"]}, received="2026-03-06T09:00")
    kinds = [(b["kind"], b.get("item")) for b in home.fired("R17")[0].blockers]
    assert kinds[0] == ("action_not_done", None)
    assert kinds.count(("open_concern", "HYG-03")) == 1


def test_what_was_decided_is_not_raised_again_when_it_is_looked_at_again(family):
    home = family()
    first = home.visit("2026-03-09T10:30", {"ACC-01": "refused", "SLP-04 ada": "gap"})
    home.decide("2026-03-09T12:00", "R04", first)
    home.report("2026-03-06T10:30", "gp", {"HYG-02": "mess"}, received="2026-03-10T09:00")
    assert [e.is_open for e in home.fired("R04")] == [False]
    assert [e.is_open for e in home.fired("R08")] == [True]


def test_what_joined_a_decided_escalation_does_not_go_to_the_one_that_came_after(family):
    home = family()
    first = home.visit("2026-03-09T10:30", {"ACC-01": "refused"})
    home.decide("2026-03-09T12:00", "R04", first)
    home.visit("2026-03-11T10:30", {"ACC-01": "refused"})
    home.report("2026-03-06T10:30", "gp", {"HYG-02": "mess"}, received="2026-03-12T09:00")
    assert [[h.event for h in e.evidence] for e in home.fired("R04")] == [["e1"], ["e3"]]
