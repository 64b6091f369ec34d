"""What is about the household is one escalation for all its children, not one for each."""

from __future__ import annotations

import pytest

SEEN = "2026-03-09T10:30"


@pytest.mark.parametrize(
    ("rule", "happens"),
    [
        ("R16", lambda home: home.visit(SEEN, {"ENG-01 HYG-02": "contra"})),
        (
            "R16",
            lambda home: home.rule_on(SEEN, "close_concern", item="HYG-02", basis="told_by_parent"),
        ),
        ("R17", lambda home: home.ask(SEEN)),
        ("R25", lambda home: home.disagree(SEEN)),
        ("R14", lambda home: home.visit(SEEN, {"ENG-04": ["two"]})),
        ("R26", lambda home: home.visit(SEEN, {"HYG-04": "no"})),
    ],
)
def test_one_for_all_the_children(family, rule, happens):
    home = family(ada="2026-01-10", ben="2023-01-10", cam="due 2026-06-01")
    happens(home)
    assert home.children(rule) == [("ada", "ben", "cam")]


def test_of_a_plan_that_is_to_end_it_is_for_the_children_of_the_plan(family):
    home = family(ada="2026-01-10", ben="2023-01-10", cam="2020-01-10")
    plan = home.plan("2026-02-02T09:00", children=("ada", "ben"))
    home.ask(SEEN, "end", plan=plan)
    assert home.children("R17") == [("ada", "ben")]
