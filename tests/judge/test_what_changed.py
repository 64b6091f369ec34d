"""What each thing that is told, or time, changes: raised, extended, answered; and what is asked."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date

import pytest

from shared import engine, packs, rules
from shared.facts import Acknowledged, ActionDone, Decision, HouseholdRecorded, PlanStarted, Report
from tests.judge.conftest import answers, london, moment

FIRST, SECOND = "2026-03-09T10:30", "2026-03-11T10:30"
REFUSED = {"ACC-01": "refused"}
PLAIN = {"SLP-07 ada": ["plain"]}


def late_report(home, at, said):
    report = Report(**home._when(at), agency="gp", by="x", answers=said)
    return replace(report, received_at=moment("2026-03-10T09:00"))


def named(changes):
    return [(change.kind, change.escalation.rule) for change in changes]


def test_what_is_raised_extended_and_answered_is_said_in_order(family):
    home = family()
    first, second = home.make_visit(FIRST, REFUSED), home.make_visit(SECOND, REFUSED)
    assert named(home.tell(first)) == [("raised", "R04")]
    when = home._when("2026-03-09T11:00")
    on = {"rule": "R04", "on": first.id, "by": "tm", "role": "team_manager"}
    assert named(home.tell(Acknowledged(**when, **on))) == [("acknowledged", "R04")]
    assert named(home.tell(Acknowledged(**home._when("2026-03-09T11:01"), **on))) == []
    told = {"action": "tell_manager", "rule": "R04", "on": first.id}
    when = home._when("2026-03-09T12:00")
    assert named(home.tell(ActionDone(**when, **told))) == [("action_done", "R04")]
    home.until("2026-03-10T17:00")
    assert named(engine.advance(home.case, moment("2026-03-10T17:01"))) == [("raised", "R18")]
    assert named(home.tell(second)) == [("extended", "R04"), ("raised", "R05")]
    decided = Decision(**home._when("2026-03-11T12:00"), kind="decide", reason="why", **on)
    assert named(home.tell(decided)) == [("decided", "R04")]


def test_what_is_learnt_late_adds_evidence_only(family):
    home = family()
    home.visit("2026-03-06T10:30", {"PAR-01": ["smell"]})
    home.visit(FIRST, PLAIN)
    asked = len(home.fired("R07")[0].actions)
    dep = answers({"PAR-02 mother": "dep"})
    late = engine.receive(
        home.case,
        [late_report(home, "2026-03-07T10:30", dep)],
        moment("2026-03-10T09:00"),
    )
    assert ("extended", "R07") in named(late)
    assert home.evidence("R07") == {"e2 SLP-07 ada", "e1 PAR-01", "e3 PAR-02 mother"}
    assert len(home.fired("R07")[0].actions) == asked


def test_a_plan_learnt_of_late_asks_sooner_and_adds_no_evidence(family):
    home = family(ada="2022-01-10")
    home.visit(FIRST, REFUSED)
    assert home.due("R04", "child_seen") == ["2026-03-16T17:00"]
    plan = {"plan": "p", "kind": "child_protection", "children": ("ada",)}
    begun = PlanStarted(**home._when("2026-03-02T09:00"), **plan)
    assert named(home.tell(begun, at="2026-03-09T12:00")) == [("extended", "R04")]
    assert home.due("R04", "child_seen") == ["2026-03-16T17:00", "2026-03-10T17:00"]
    assert home.evidence("R04") == {"e1 ACC-01"}
    home.until("2026-03-10T18:00")
    assert len(home.overdue("child_seen")) == 1


def test_a_concern_learnt_of_late_stands_against_a_request_to_close(family):
    home = family()
    home.full_visit("2026-03-02T10:30", blank="PAR-01")
    home.ask(FIRST)
    known = len(home.fired("R17")[0].blockers)
    changes = engine.receive(
        home.case,
        [late_report(home, "2026-03-06T10:30", answers({"HYG-02": "filthy"}))],
        moment("2026-03-10T09:00"),
    )
    assert ("extended", "R17") in named(changes)
    blockers = home.fired("R17")[0].blockers
    assert "HYG-02" in {b.get("item") for b in blockers[known:]}
    assert {b.get("item") for b in blockers[:known]} == {"PAR-01"}


def test_what_changes_nothing_is_not_said_to_have_changed(family):
    home = family()
    home.visit(FIRST, {"SLP-04 ada": "gap"})
    changes = engine.receive(
        home.case,
        [late_report(home, "2026-03-06T10:30", answers({"HYG-02": "ok"}))],
        moment("2026-03-10T09:00"),
    )
    assert ("extended", "R08") not in named(changes)


def test_what_was_asked_for_again_and_not_done_is_overdue_by_itself_and_answered_so(family):
    home = family(ada="2016-01-10")
    home.visit(FIRST, {"HYG-04": "no"})
    home.done("2026-03-10T09:00", "manager_decision", rule="R26", on="e1")
    second = home.visit(SECOND, {"HYG-04": "no"})
    (escalation,) = home.fired("R26")
    home.until("2026-03-12T17:01")
    (overdue,) = home.overdue("manager_decision")
    due = escalation.actions[1].due_at
    assert overdue.subject == f"{escalation.id}|manager_decision|{second}|{due}"
    assert overdue.children == ("ada",)
    home.done("2026-03-13T09:00", "manager_decision", rule="R26", on=second)
    assert london(overdue.actions[0].done_at) == "2026-03-13T09:00"


def test_what_was_raised_of_a_child_unseen_is_not_raised_again_after_it_is_loaded(family):
    home = family(ada="2023-01-10")
    first = home.plan("2026-03-02T09:00")
    second = home.plan("2026-03-18T09:00", "child_protection")
    home.until("2026-04-02T09:00")
    assert first != second
    assert home.evidence("R06") == {"e1", "e3"}
    docs = [e.to_doc() for e in home.case.escalations]
    events = [entry.event for entry in home.case.history.entries]
    case = engine.load(home.household, packs.book(), events, docs, home.case.now)
    assert {e.rule for e in case.escalations} == {"R06", "R18"}
    later = engine.advance(case, moment("2026-04-02T10:00"))
    assert later == []
    assert [e.to_doc() for e in case.escalations] == docs


@pytest.mark.parametrize(
    ("born", "due"),
    [
        ("2025-03-11", "2026-03-11T17:00"),  # 12 months on the day after the due time
        ("2025-03-10", "2026-03-13T17:00"),  # 12 months on the day of the due time
    ],
)
def test_how_soon_what_is_overdue_must_be_done_goes_by_the_day_it_was_due(family, born, due):
    doc = copy.deepcopy(packs.rule_docs()["england"])
    (rule,) = (each for each in doc["rules"] if each["id"] == "R18")
    rule["actions"] = [
        {
            "do": "do_or_redate",
            "who": "team_manager",
            "first_of": [
                {"if": {"child_under_months": 12}, "due": {"working_days": 1}},
                {"due": {"working_days": 3}},
            ],
        }
    ]
    pack = rules.from_doc(doc, packs.checklist())
    home = family(packs.Book(packs.checklist(), pack, packs.holidays()), ada=born)
    home.visit(FIRST, {"HYG-04": "no"})
    home.until("2026-03-10T17:01")
    (overdue,) = home.overdue("manager_decision")
    assert london(overdue.actions[0].due_at) == due


def put_right(home, at, *, born):
    """The household recorded afresh, with another date of birth of ada, or with the same."""
    children = tuple(replace(c, born=born) if c.id == "ada" else c for c in home.household.children)
    people = replace(home.household, children=children, adults=home.household.adults[:1])
    return home.tell(HouseholdRecorded(**home._when(at), household=people))


@pytest.mark.parametrize("born", [date(2025, 12, 1), date(2026, 3, 9)])
def test_all_since_her_birth_is_looked_at_again_where_that_is_put_right(family, born):
    home = family(ada="2023-01-10", ben="2022-01-10", cam="due 2026-09-01")
    home.visit(FIRST, {"HLT-01 ada": "minor", "HLT-01 ben": "minor"})
    assert not home.fired("R02")
    assert ("raised", "R02") in named(put_right(home, "2026-03-12T09:00", born=born))
    assert home.raised("R02") == [(FIRST, "2026-03-12T09:00")]
    assert home.children("R02") == [("ada",)]


def test_a_household_with_the_same_children_changes_nothing(family):
    home = family(ada="2025-12-01", cam="due 2026-09-01")
    home.visit(FIRST, {"HLT-01 ada": "minor"})
    before = [e.to_doc() for e in home.case.escalations]
    assert put_right(home, "2026-03-09T11:00", born=date(2025, 12, 1)) == []
    assert [e.to_doc() for e in home.case.escalations] == before
