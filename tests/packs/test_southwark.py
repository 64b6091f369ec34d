"""Southwark's procedure on seeing children: what fires, and when, against the rules for England."""

from __future__ import annotations

import pytest

from tests.packs.conftest import dues

SEEN = {"ACC_03": "awake"}


def seen_in_january(family, kind: str = "child_protection", born: str = "2023-09-01"):
    """A child on a plan, last seen on Monday 5 January 2026."""
    ada = family(born)
    ada.plan("2026-01-05T09:00", kind)
    ada.visit("2026-01-05T10:00", **SEEN)
    return ada


@pytest.mark.parametrize(
    ("pack", "due"), [("england", "2026-01-19T17:00"), ("southwark", "2026-02-02T17:00")]
)
def test_on_a_protection_plan_four_weeks_not_ten_working_days(family, pack, due) -> None:
    ada = seen_in_january(family)
    assert ada.under(pack, due, "R06") == []
    (raised,) = ada.under(pack, due.replace("17:00", "17:01"), "R06")
    assert raised["raised_at"][:16] == due


@pytest.mark.parametrize("pack", ["england", "southwark"])
@pytest.mark.parametrize(
    ("kind", "born", "due"),
    [
        ("child_in_need", "2023-09-01", "2026-02-02T17:00"),  # 20 working days
        ("child_protection", "2025-10-20", "2026-01-12T17:00"),  # under 3 months: 5 of them
    ],
)
def test_other_plans_and_the_youngest_stay_as_in_england(family, pack, kind, born, due) -> None:
    ada = seen_in_january(family, kind, born)
    assert ada.under(pack, due, "R06") == []
    assert [e["raised_at"][:16] for e in ada.under(pack, "2026-02-02T18:00", "R06")][0] == due


def test_four_weeks_bring_the_lead_workers_actions_and_six_any_agencys(family) -> None:
    ada = seen_in_january(family)
    found = dues(ada.under("southwark", "2026-02-02T18:00", "R06"))
    assert found == {
        "visit_child": "2026-02-03T17:00",
        "set_actions": "2026-02-02T23:59",
        "seen_by_any_agency": "2026-02-16T17:00",
        "strategy_discussion": "2026-02-02T23:59",
    }
    late = {each["evidence"][0]["action"] for each in ada.under("southwark", "2026-02-16", "R18")}
    assert late == {"visit_child", "set_actions", "strategy_discussion"}
    at_six_weeks = ada.under("southwark", "2026-02-16T17:01", "R18")
    assert "seen_by_any_agency" in {each["evidence"][0]["action"] for each in at_six_weeks}


def test_a_child_whom_another_agency_saw_is_not_asked_for_at_six_weeks(family) -> None:
    ada = seen_in_january(family)
    answers = [{"item": "ACC-03", "answer": "awake"}]
    ada.tell("2026-01-20T11:00", "report", agency="gp", answers=answers)
    found = dues(ada.under("southwark", "2026-02-02T18:00", "R06"))
    assert set(found) == {"visit_child", "set_actions"}


def unseen_bed(family, *seen: str):
    """A baby's visits a week apart, each with an answer about her sleep place; all else found out.

    Only the first visit is without a visit before it.
    """
    ada = family("2025-06-01")
    for n, slp_02 in enumerate(seen):
        ada.visit(
            f"2026-03-{2 + 7 * n:02}T10:00", **SEEN, SLP_02=slp_02, SLP_01=["own"],
            SLP_07=["never"], ACC_04=["all"], CHD_01=["ok"], HLT_01="none", PAR_01=["none"],
            ENG_05="N",
        )  # fmt: skip
    return ada


@pytest.mark.parametrize(
    ("seen", "england", "southwark"),
    [
        (["told"], [2], []),
        (["told", "told"], [2], [9]),
        (["refused", "told"], [2], [9]),
        (["told", "both", "told"], [2], []),
        (["both", "refused", "refused"], [9], [16]),
        (["both", "one", "both"], [], []),
    ],
)
def test_the_bedroom_is_seen_at_least_on_alternate_visits(family, seen, england, southwark) -> None:
    ada = unseen_bed(family, *seen)
    for pack, days in (("england", england), ("southwark", southwark)):
        raised = ada.under(pack, "2026-03-17T00:00", "R23")
        assert [int(each["raised_at"][8:10]) for each in raised] == days, pack


def test_a_refusal_that_r23_leaves_is_not_lost(family) -> None:
    ada = unseen_bed(family, "refused")
    assert {each["rule"] for each in ada.under("southwark", "2026-03-02T12:00")} == {"R26"}


def test_what_stays_unchecked_is_dated_by_what_it_is_about(family) -> None:
    ada = unseen_bed(family, "told", "told")
    assert dues(ada.under("southwark", "2026-03-10T00:00", "R23")) == {
        "check_what_was_not_seen": "2026-03-11T17:00"
    }
