"""R22, left, or shut away."""

from __future__ import annotations

import pytest

SEEN = "2026-03-06T10:30"


@pytest.mark.parametrize(
    ("said", "children"),
    [
        ({"SAF-03": "unfit"}, ("ada", "ben")),
        ({"SAF-03": "alone"}, ("ada", "ben")),
        ({"SAF-04 ben": "ext"}, ("ben",)),
        ({"SAF-03": "brief"}, None),
        ({"SAF-03": "ok"}, None),
        ({"SAF-03": "unk"}, None),
        ({"SAF-04 ben": "long"}, None),
        ({"SAF-04 ben": "unk"}, None),
        ({"CHD-03 ben": "restrained"}, None),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_left_or_shut_away(family, said, children, source):
    home = family(ada="2026-01-10", ben="2024-01-10")
    if source == "visit":
        home.visit(SEEN, said)
    else:
        home.report(
            SEEN, "public", {k: (v, "told_by_family_or_neighbour") for k, v in said.items()}
        )
    (item,) = said
    assert home.evidence("R22") == ({f"e1 {item}"} if children else set())
    assert home.children("R22") == ([children] if children else [])


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ("2026-03-06T10:30", "2026-05-05T09:00", True),  # 60 days
        ("2026-03-06T10:30", "2026-05-06T09:00", False),
        ("2026-03-06T10:30", "2026-03-06T15:30", False),  # one date
        ("2026-10-24T23:50", "2026-10-25T00:10", True),
        ("2026-03-29T23:30", "2026-03-30T00:10", True),  # both on the 29th in UTC
        ("2026-12-01T10:30", "2027-01-30T10:30", True),
        ("2026-12-01T10:30", "2027-01-31T10:30", False),
    ],
)
def test_left_briefly_on_two_dates_within_60_days(family, first, second, fires):
    home = family()
    home.visit(first, {"SAF-03": "brief"})
    home.report(second, "nursery", {"SAF-03": "brief"})
    assert home.evidence("R22") == ({"e1 SAF-03", "e2 SAF-03"} if fires else set())


@pytest.mark.parametrize(
    ("first", "second", "evidence"),
    [
        ("brief", "ok", set()),
        ("brief", "unk", set()),
        ("ok", "brief", set()),
        ("unfit", "brief", {"e1 SAF-03"}),  # that it was worse before makes no second date
    ],
)
def test_another_answer_is_no_second_date(family, first, second, evidence):
    home = family()
    home.visit(SEEN, {"SAF-03": first})
    home.visit("2026-03-09T10:30", {"SAF-03": second})
    assert home.evidence("R22") == evidence


def test_each_child_by_herself(family):
    home = family(ada="2025-01-10", ben="2024-01-10")
    home.visit(SEEN, {"SAF-04 ada": "ext", "SAF-04 ben": "ext"})
    assert home.children("R22") == [("ada",), ("ben",)]


def test_two_reports_on_two_dates_are_two_even_of_one_happening(family):
    home = family()
    home.report(SEEN, "nursery", {"SAF-03": "brief"}, ref="one")
    home.report("2026-03-07T10:30", "gp", {"SAF-03": "brief"}, ref="one")
    assert home.fired("R22")


def test_up_to_two_hours_twice_is_not_this_rule(family):
    home = family()
    home.visit(SEEN, {"SAF-04 ada": "long"})
    home.visit("2026-03-09T10:30", {"SAF-04 ada": "long"})
    assert not home.fired("R22")


@pytest.mark.parametrize(
    ("at", "same_day", "three", "five"),
    [
        (SEEN, "2026-03-06T23:59", "2026-03-11T17:00", "2026-03-13T17:00"),
        ("2026-03-06T20:01", "2026-03-07T00:01", "2026-03-11T17:00", "2026-03-13T17:00"),
        ("2026-04-02T19:59", "2026-04-02T23:59", "2026-04-09T17:00", "2026-04-13T17:00"),
        ("2026-03-28T22:30", "2026-03-29T03:30", "2026-04-01T17:00", "2026-04-07T17:00"),
        ("2026-12-24T10:30", "2026-12-24T23:59", "2026-12-31T17:00", "2027-01-05T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, same_day, three, five):
    home = family()
    home.visit(at, {"SAF-04 ada": "ext"})
    assert home.required("R22") == {
        "manager_talk visitor": same_day,
        "unannounced_visit visitor": three,
        "neglect_decision team_manager": five,
    }
    assert home.fired("R22")[0].level == "S"
