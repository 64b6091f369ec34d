"""Knowsley's procedure on no access: what fires, and by when, against the rules for England."""

from __future__ import annotations

import pytest

from tests.packs.conftest import dues


def test_a_child_whom_another_professional_placed_was_still_not_seen(family) -> None:
    ada = family()
    # The Tuesday before Easter: Friday the 3rd and Monday the 6th are no working days.
    ada.visit("2026-03-31T10:00", ACC_03="absent_ok")
    assert ada.under("england", "2026-04-30T00:00", "R04") == []
    assert dues(ada.under("knowsley", "2026-04-01T00:00", "R04")) == {
        "tell_manager": "2026-04-01T10:00",
        "set_date": "2026-04-01T10:00",
        "child_seen": "2026-04-09T17:00",
    }


@pytest.mark.parametrize("acc_03", ["handled", "awake", "asleep", "glimpse"])
def test_a_child_who_was_seen_in_any_way_is_no_matter_for_it(family, acc_03: str) -> None:
    ada = family()
    ada.visit("2026-03-31T10:00", ACC_03=acc_03)
    assert ada.under("knowsley", "2026-04-30T00:00", "R04") == []


@pytest.mark.parametrize(
    ("born", "said", "seen_by"),
    [
        ("2023-09-01", {"ACC_01": "refused"}, "2026-04-09T17:00"),
        ("2025-04-01", {"ACC_01": "refused"}, "2026-04-01T17:00"),  # 11 months
        ("2025-03-31", {"ACC_01": "refused"}, "2026-04-09T17:00"),  # 12 months that day
        ("2025-04-01", {"ACC_03": "absent"}, "2026-04-01T17:00"),
        ("2025-04-01", {"ACC_03": "absent_ok"}, "2026-04-09T17:00"),  # others have seen her
    ],
)
def test_the_child_is_seen_in_five_working_days_or_sooner(family, born, said, seen_by) -> None:
    ada = family(born)
    ada.visit("2026-03-31T10:00", **said)
    assert dues(ada.under("knowsley", "2026-04-01T00:00", "R04"))["child_seen"] == seen_by


@pytest.mark.parametrize(
    ("said", "seen_by"),
    [({"ACC_01": "refused"}, "2026-04-02T17:00"), ({"ACC_03": "absent_ok"}, "2026-04-09T17:00")],
)
def test_sooner_with_a_plan_and_nobody_who_has_seen_her(family, said, seen_by) -> None:
    ada = family()
    ada.plan("2026-03-30T09:00", "child_in_need")
    ada.visit("2026-03-31T10:00", **said)
    assert dues(ada.under("knowsley", "2026-04-01T00:00", "R04"))["child_seen"] == seen_by


@pytest.mark.parametrize("said", [{"ACC_01": "refused"}, {"ACC_01": "out", "ACC_02": "drop"}])
def test_no_access_is_dated_as_in_england(family, said) -> None:
    ada = family()
    ada.visit("2026-03-31T10:00", **said)
    england = dues(ada.under("england", "2026-04-01T00:00", "R04"))
    knowsley = dues(ada.under("knowsley", "2026-04-01T00:00", "R04"))
    assert {code: at for code, at in knowsley.items() if code != "set_date"} == england


def test_a_condition_of_the_plan_still_comes_first(family) -> None:
    ada = family()
    ada.plan("2026-03-30T09:00", "child_protection", conditions=[{"code": "no_access"}])
    ada.visit("2026-03-31T10:00", ACC_01="refused")
    raised = ada.under("knowsley", "2026-03-31T12:00")
    assert {each["rule"] for each in raised} >= {"R03"}
    assert not any(each["rule"] == "R04" for each in raised)


def test_setting_the_date_is_the_managers_decision(family) -> None:
    ada = family()
    visit = ada.visit("2026-03-31T10:00", ACC_03="absent_ok")
    ada.tell(
        "2026-03-31T16:00", "decision", kind="decide", role="team_manager", rule="R04", on=visit,
        reason="To be seen on 2 April",
    )  # fmt: skip
    (raised,) = ada.under("knowsley", "2026-04-02T00:00", "R04")
    done = {action["code"]: action["done_at"] for action in raised["actions"]}
    assert done["set_date"] == "2026-03-31T16:00:00+01:00"
    assert done["child_seen"] is None


@pytest.mark.parametrize(
    ("kind", "rule", "seen_by"),
    [
        ("section_47", "KNO-1", "2026-04-03T17:00"),  # Good Friday: calendar days
        ("assessment", "KNO-2", "2026-04-05T17:00"),
    ],
)
def test_an_enquiry_and_an_assessment_have_their_own_clock(family, kind, rule, seen_by) -> None:
    ada = family()
    ada.plan("2026-04-02T15:00", kind)
    assert dues(ada.under("knowsley", "2026-04-02T16:00", rule)) == {"child_seen": seen_by}
    assert ada.under("england", "2026-04-02T16:00") == []
    assert ada.under("knowsley", seen_by, "R18") == []
    late = ada.under("knowsley", seen_by.replace("17:00", "17:01"), "R18")
    assert [each["evidence"][0]["action"] for each in late] == ["child_seen"]


def test_no_other_plan_has_it(family) -> None:
    ada = family()
    ada.plan("2026-04-02T15:00", "child_protection")
    assert ada.under("knowsley", "2026-04-02T16:00") == []
