"""Lincolnshire's four stages for a disagreement, against the rules for England."""

from __future__ import annotations

import pytest

from tests.packs.conftest import dues

ENGLAND = {
    "practitioners_talk": "2026-04-08T17:00",
    "managers_talk": "2026-04-13T17:00",
    "senior_leads_talk": "2026-04-15T17:00",
    "independent_chair": "2026-04-20T17:00",
}
# Thursday before Easter, 15:00: Friday the 3rd and Monday the 6th are no working days.
LINCOLNSHIRE = {
    "acknowledge_disagreement": "2026-04-02T15:00",
    "practitioners_plan": "2026-04-08T17:00",
    "managers_talk": "2026-04-13T17:00",
    "liaison_officers_talk": "2026-04-13T17:00",
    "liaison_officers_plan": "2026-04-15T17:00",
    "independent_chair": "2026-04-20T17:00",
}


@pytest.fixture
def disagreed(family):
    """A health visitor disagrees, on the eve of Good Friday."""
    ada = family()
    ada.tell("2026-04-02T15:00", "disagree", agency="health_visiting", reason="She is not safe")
    return ada


def test_each_stage_has_its_date(disagreed) -> None:
    assert dues(disagreed.under("lincolnshire", "2026-04-02T15:00", "R25")) == LINCOLNSHIRE
    assert dues(disagreed.under("england", "2026-04-02T15:00", "R25")) == ENGLAND


@pytest.mark.parametrize("kind", ["refuse_referral", "decline_strategy_discussion"])
def test_a_refusal_begins_it_as_in_england(family, kind: str) -> None:
    ada = family()
    ada.tell("2026-04-02T15:00", "decision", kind=kind, role="team_manager", reason="Below it")
    assert dues(ada.under("lincolnshire", "2026-04-02T15:00", "R25")) == LINCOLNSHIRE
    assert dues(ada.under("england", "2026-04-02T15:00", "R25")) == ENGLAND


@pytest.mark.parametrize(
    ("until", "late"),
    [
        ("2026-04-02T15:00", 0),
        ("2026-04-02T15:01", 1),
        ("2026-04-08T17:00", 1),
        ("2026-04-08T17:01", 2),
        ("2026-04-13T17:01", 4),
        ("2026-04-15T17:01", 5),
        ("2026-04-20T17:00", 5),
        ("2026-04-20T17:01", 6),
    ],
)
def test_a_stage_that_nobody_takes_is_overdue_at_its_time(disagreed, until, late) -> None:
    assert len(disagreed.under("lincolnshire", until, "R18")) == late


def test_a_stage_that_is_done_is_not_overdue(disagreed) -> None:
    for at, action in (
        ("2026-04-02T15:00", "acknowledge_disagreement"),
        ("2026-04-08T16:59", "practitioners_plan"),
    ):
        disagreed.tell(at, "action_done", rule="R25", on="e1", action=action)
    assert disagreed.under("lincolnshire", "2026-04-13T17:00", "R18") == []


def test_who_is_told_is_as_in_england(disagreed) -> None:
    told = [
        disagreed.under(pack, "2026-04-10T12:00", "R25")[0]["ladder"]
        for pack in ("england", "lincolnshire")
    ]
    assert told[0] == told[1]
