"""R25, professionals disagree, or a level is lowered."""

from __future__ import annotations

import pytest

AT = "2026-03-02T10:30"


@pytest.mark.parametrize(
    ("kind", "more", "children"),
    [
        ("lower_level", {"item": "HYG-01", "about": "ada", "to": "N"}, ("ada",)),
        ("lower_level", {"item": "HYG-01", "about": "ada", "to": "L"}, ("ada",)),
        ("lower_level", {"item": "HYG-01", "about": "ada", "to": "S"}, ("ada",)),
        ("lower_level", {"item": "HYG-02", "to": "N"}, ("ada", "ben")),
        ("close_concern", {"item": "HYG-01", "about": "ben"}, ("ben",)),
        ("close_concern", {"item": "HYG-02"}, ("ada", "ben")),
        ("refuse_referral", {}, ("ada", "ben")),
        ("decline_strategy_discussion", {}, ("ada", "ben")),
    ],
)
@pytest.mark.parametrize("basis", ["seen", "told_by_parent", None])
def test_a_decision_that_lowers_refuses_or_declines(family, kind, more, children, basis):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit(
        "2026-03-01T10:30", {"HYG-01 ada": ["bad"], "HYG-01 ben": ["sore"], "HYG-02": "hazard"}
    )
    decision = home.rule_on(AT, kind, basis=basis, **more)
    assert home.evidence("R25") == {decision}
    assert home.children("R25") == [children]
    assert home.fired("R25")[0].level == "S"


@pytest.mark.parametrize("agency", ["gp", "social_care", "health_visiting"])
def test_a_practitioner_records_that_she_disagrees(family, agency):
    home = family(ada="2026-01-10", ben="2023-01-10")
    said = home.disagree(AT, agency)
    assert home.evidence("R25") == {said}
    assert home.children("R25") == [("ada", "ben")]


def test_deciding_or_acknowledging_an_escalation_is_no_disagreement(family):
    home = family()
    visit = home.visit("2026-03-01T10:30", {"HYG-02": "filthy"})
    home.acknowledge("2026-03-01T11:00", "R26", visit)
    home.decide(AT, "R26", visit)
    home.ask(AT)
    assert not home.fired("R25")


def test_a_better_answer_is_no_decision(family):
    home = family()
    home.visit("2026-03-01T10:30", {"HYG-02": "filthy", "ENG-05 ada": "S"})
    home.visit(AT, {"HYG-02": "ok", "ENG-05 ada": "N"})
    assert not home.fired("R25")


@pytest.mark.parametrize(
    ("at", "two", "five", "seven", "ten"),
    [
        (AT, "2026-03-04", "2026-03-09", "2026-03-11", "2026-03-16"),
        ("2026-03-06T18:00", "2026-03-10", "2026-03-13", "2026-03-17", "2026-03-20"),
        ("2026-04-02T16:59", "2026-04-08", "2026-04-13", "2026-04-15", "2026-04-20"),
        ("2026-03-28T22:30", "2026-03-31", "2026-04-07", "2026-04-09", "2026-04-14"),
        ("2026-10-24T22:30", "2026-10-27", "2026-10-30", "2026-11-03", "2026-11-06"),
        ("2026-12-24T10:30", "2026-12-30", "2027-01-05", "2027-01-07", "2027-01-12"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, two, five, seven, ten):
    home = family()
    home.disagree(at)
    assert home.required("R25") == {
        "practitioners_talk visitor": f"{two}T17:00",
        "managers_talk team_manager": f"{five}T17:00",
        "senior_leads_talk service_manager": f"{seven}T17:00",
        "independent_chair director": f"{ten}T17:00",
    }
