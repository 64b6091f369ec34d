"""What is about no one rule: one escalation at a time, deciding, and arriving late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared import packs
from shared.facts import Decision
from tests.judge.conftest import london, moment

FIRST, SECOND = "2026-03-09T10:30", "2026-03-12T10:30"
LOW = {"CHD-02 ada": "patchy", "FED-03": "low", "SAF-02": ["alarm"]}

# For each rule that an event fires: what is told before, and what then fires it twice.
FIRES: dict[str, tuple[list[dict], dict | str, dict | str]] = {
    "R01": ([], {"CHD-01 ada": ["ill"]}, {"CHD-02 ada": "hostile"}),
    "R02": ([], {"HLT-01 ada": "nonmob"}, {"HLT-01 ada": "minor"}),
    "R03": ([], {"ACC-01": "refused"}, {"ACC-01": "hide"}),
    "R04": ([], {"ACC-01": "refused"}, {"ACC-01": "hide"}),
    "R05": ([{"ACC-01": "out"}], {"ACC-01": "refused"}, {"ACC-01": "hide"}),
    "R07": ([], {"SLP-07 ada": ["sofa"]}, {"SLP-01 ada": ["sofa"]}),
    "R08": ([], {"SLP-04 ada": "gap"}, {"SLP-02 ada": "fixed"}),
    "R09": ([{"SLP-06 ada": ["toy"]}], {"SLP-06 ada": ["toy"]}, {"SLP-06 ada": ["pet"]}),
    "R10": ([], {"PAR-01": ["smell"]}, {"PAR-02 mother": "dep"}),
    "R11": ([{"HYG-02": "mess"}, {"HYG-04": "few"}], {"HYG-02": "mess"}, {"HYG-02": "mess"}),
    "R12": ([], LOW | {"PAR-05": "past"}, LOW | {"HYG-02": "mess"}),
    "R13": (
        [{"HYG-02": "ok", "SAF-01": "ok"}, {"HYG-02": "mess", "SAF-01": "lim"}],
        {"HYG-02": "filthy"},
        {"SAF-01": "off"},
    ),
    "R14": ([], {"ENG-04": ["two"]}, {"ENG-04": ["one", "two"]}),
    "R15": ([], {"PAR-06": "gap"}, {"PAR-06": "gap"}),
    "R16": ([], {"ENG-01 HYG-02": "contra"}, {"ENG-01 HYG-02": "contra"}),
    "R17": ([], "ask", "ask"),
    "R19": ([], {"HLT-06 ada": "open"}, {"HLT-04 ada": "untreated"}),
    "R20": ([], {"HLT-05 ada": "key"}, {"HLT-05 ada": 2.0}),
    "R21": ([], {"CHD-03 ada": "rough"}, {"CHD-03 ada": "violent"}),
    "R22": ([], {"SAF-03": "unfit"}, {"SAF-03": "alone"}),
    "R23": ([], {"SLP-02 ada": "told"}, {"SLP-02 ada": "refused"}),
    "R25": ([], "disagree", "disagree"),
    "R26": ([], {"HYG-03": ["strong"]}, {"HYG-04": "no"}),
}


def home_before(family, rule):
    unborn = {"cam": "due 2026-06-01"} if rule == "R15" else {}
    home = family(ada="2026-01-10", **unborn)
    if rule == "R03":
        home.no_access_plan("2026-03-01T09:00")
    before = FIRES[rule][0]
    for day, said in zip(("02", "04"), before, strict=False):
        home.visit(f"2026-03-{day}T10:30", said)
    assert not home.fired(rule)
    return home


def happen(home, at, what, **more) -> str:
    if isinstance(what, str):
        return getattr(home, what)(at, **more)
    return home.visit(at, what, **more)


@pytest.mark.parametrize("rule", FIRES)
def test_while_open_it_gathers_evidence_and_brings_its_actions_again(family, rule):
    home = home_before(family, rule)
    events = [happen(home, at, FIRES[rule][n]) for n, at in ((1, FIRST), (2, SECOND))]
    (escalation,) = home.fired(rule)
    assert {held.event for held in escalation.evidence} >= set(events)
    asked = [[a.code for a in escalation.actions if a.required_by == event] for event in events]
    assert asked[0]
    assert asked[0] == asked[1]
    assert len({a.key for a in escalation.actions}) == len(escalation.actions)
    assert london(escalation.raised_at) == FIRST


@pytest.mark.parametrize("rule", FIRES)
def test_acknowledged_it_still_gathers_and_decided_the_next_is_a_new_one(family, rule):
    home = home_before(family, rule)
    first = happen(home, FIRST, FIRES[rule][1])
    home.acknowledge("2026-03-09T11:00", rule, first)
    assert home.fired(rule)[0].is_open
    role = "service_manager" if rule == "R17" else "team_manager"
    home.decide("2026-03-09T12:00", rule, first, role=role)
    second = happen(home, SECOND, FIRES[rule][2])
    assert [e.is_open for e in home.fired(rule)] == [False, True]
    assert [london(e.raised_at) for e in home.fired(rule)] == [FIRST, SECOND]
    assert second in {held.event for held in home.fired(rule)[1].evidence}


def test_which_rules_a_phone_judges_by_itself_before_leaving():
    on_device = {rule.id for rule in packs.england().rules if rule.on_device}
    assert on_device == {"R01", "R02", "R03", "R07", "R08", "R21"}


# The actions that are a decision; to decide is to do them, and nothing else.
DECISIONS = {
    "strategy_decision",
    "manager_decision",
    "referral_decision",
    "threshold_decision",
    "decision",
    "neglect_decision",
    "closure_signoff",
}


@pytest.mark.parametrize("rule", FIRES)
def test_deciding_does_only_the_actions_that_are_a_decision(family, rule):
    home = home_before(family, rule)
    first = happen(home, FIRST, FIRES[rule][1])
    home.decide("2026-03-09T12:00", rule, first, role="service_manager")
    (escalation,) = home.fired(rule)
    for action in escalation.actions:
        assert (action.done_at is not None) == (action.code in DECISIONS), action.code


@pytest.mark.parametrize("rule", ["R06", "R18"])
def test_deciding_does_no_action_that_time_alone_brought(family, rule):
    home = family(ada="2023-01-10")
    home.plan("2026-03-02T09:00")
    home.until("2026-03-18T09:00")  # not seen by the 16th, nor visited by the 17th
    home.decide("2026-03-18T10:00", rule, "e1")
    assert not home.fired(rule)[0].is_open
    assert [action.done_at for action in home.fired(rule)[0].actions if action.done_at] == []


@pytest.mark.parametrize("rule", [rule for rule in FIRES if rule not in ("R17", "R25")])
@pytest.mark.parametrize(("hours", "late"), [(2, False), (3, True), (100, True)])
def test_arrived_late_it_counts_from_when_it_was_seen_and_climbs_from_receipt(
    family, rule, hours, late
):
    in_time, home = home_before(family, rule), home_before(family, rule)
    happen(in_time, FIRST, FIRES[rule][1])
    received = london(moment(FIRST) + timedelta(hours=hours))
    happen(home, FIRST, FIRES[rule][1], received=received)
    assert home.fired(rule)[0].late == late
    assert home.raised(rule) == [(FIRST, received)]
    assert home.required(rule) == in_time.required(rule)
    assert home.ladder(rule, received) == [("team_manager", received)]


def test_a_decision_may_name_any_event_of_its_evidence(family):
    home = family()
    home.visit(FIRST, {"ACC-01": "refused"})
    second = home.visit(SECOND, {"ACC-01": "refused"})
    home.decide("2026-03-12T12:00", "R04", second)
    assert not home.fired("R04")[0].is_open


def test_a_decision_about_another_rule_or_event_closes_nothing(family):
    home = family()
    home.visit(FIRST, {"ACC-01": "refused"})
    home.decide("2026-03-09T12:00", "R08", "e1")
    home.decide("2026-03-09T12:00", "R04", "e99")
    assert home.fired("R04")[0].is_open


def test_an_old_decision_does_not_close_what_is_raised_after_it(family):
    home = family()
    home.visit(FIRST, {"ACC-01": "refused"})
    home.decide("2026-03-09T12:00", "R05", "e1")  # there is no R05 yet
    home.visit(SECOND, {"ACC-01": "refused"})
    assert home.fired("R05")[0].is_open


def test_a_decision_does_not_answer_what_was_seen_after_it(family):
    home = family()
    home.visit(FIRST, {"ACC-01": "refused"})
    home.visit(SECOND, {"ACC-01": "refused"})
    decision = Decision(**home._when("2026-03-10T09:00"), kind="decide", rule="R04", on="e1")
    home.tell(decision, at="2026-03-13T09:00")
    assert home.fired("R04")[0].is_open


def test_an_acknowledgement_may_be_received_before_what_it_answers(family):
    home = family()
    visit = home.make_visit(FIRST, {"ACC-01": "refused"})
    home.acknowledge("2026-03-09T11:05", "R04", visit.id)
    home.tell(visit, at="2026-03-09T11:10")
    assert london(home.fired("R04")[0].acknowledged_at) == "2026-03-09T11:05"


def test_each_child_has_its_own_and_what_is_about_both_joins_one(family):
    home = family(ada="2026-01-10", ben="2026-01-10")
    home.visit(FIRST, {"SLP-04 ben": "gap"})
    home.visit(SECOND, {"SLP-04 ada": "gap"})
    home.visit("2026-03-13T10:30", {"SLP-04 ben": "slope"})
    assert home.children("R08") == [("ben",), ("ada",)]
    assert [len(e.evidence) for e in home.fired("R08")] == [2, 1]


def test_a_birth_on_record_makes_her_an_infant(family):
    """Known by her due date until then; from her birth on her age counts like any other's."""
    home = family(ada="2015-01-10", cam="due 2026-03-10")
    home.arrive("2026-03-02T06:00", "birth", "cam")
    home.plan("2026-03-04T09:00", children=("cam",))
    home.visit(FIRST, {"SLP-07 cam": ["sofa"], "HLT-01 cam": "minor"})
    assert home.children("R07") == [("cam",)]
    assert home.children("R02") == [("cam",)]
    assert home.ladder("R07", "2026-04-01T00:00")[1] == ("service_manager", "2026-03-09T12:30")
    home.until("2026-03-20T09:00")
    assert home.raised("R06") == [("2026-03-11T17:00", "2026-03-11T17:00")]


def test_what_happened_before_a_decision_and_arrives_after_it_is_not_decided(family):
    home = family()
    home.decide("2026-03-12T12:00", "R08", home.visit(SECOND, {"SLP-04 ada": "gap"}))
    home.visit(FIRST, {"SLP-04 ada": "slope"}, received="2026-03-13T09:00")
    assert [(london(e.raised_at), e.is_open) for e in home.fired("R08")] == [
        (SECOND, False),
        (FIRST, True),
    ]


def test_a_quiet_visit_sets_nothing_off(family):
    home = family()
    home.full_visit(FIRST, {"SLP-05 ada": "stain", "SLP-07 ada": ["plain"], "HYG-02": "mess"})
    home.full_visit("2026-03-30T10:30")
    home.until("2026-05-30T10:30")
    assert home.rules() == set()
