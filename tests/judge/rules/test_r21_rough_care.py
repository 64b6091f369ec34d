"""R21, rough or frightening care of one child: at once, or on two dates within 60 days."""

from __future__ import annotations

import pytest

SEEN = "2026-03-02T10:30"


@pytest.mark.parametrize(
    ("how", "fires"),
    [
        ("rough", True),
        ("violent", True),
        ("restrained", False),
        ("clumsy", False),
        ("gentle", False),
        ("none", False),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_how_the_child_was_handled(family, how, fires, source):
    home = family(ada="2026-01-10", ben="2022-01-10")
    if source == "visit":
        home.visit(SEEN, {"CHD-03 ben": how})
    else:
        home.report(SEEN, "nursery", {"CHD-03 ben": (how, "told_by_child")})
    assert home.evidence("R21") == ({"e1 CHD-03 ben"} if fires else set())
    assert home.children("R21") == ([("ben",)] if fires else [])


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ({"CHD-02 ada": "cold"}, {"CHD-02 ada": "cold"}, True),
        ({"CHD-02 ada": "cold"}, {"CHD-02 ada": "hostile"}, True),
        ({"CHD-02 ada": "hostile"}, {"CHD-02 ada": "hostile"}, True),
        ({"CHD-02 ada": "cold"}, {"CHD-02 ada": "patchy"}, False),
        ({"CHD-02 ada": "cold"}, {"CHD-02 ben": "cold"}, False),
        ({"CHD-01 ada": ["flat"]}, {"CHD-01 ada": ["flat"]}, True),
        ({"CHD-01 ada": ["off", "distress"]}, {"CHD-01 ada": ["flat", "distress"]}, True),
        ({"CHD-01 ada": ["flat"]}, {"CHD-01 ada": ["off"]}, False),
        ({"CHD-01 ada": ["flat"]}, {"CHD-01 ada": ["ill"]}, False),
        ({"CHD-01 ada": ["flat"]}, {"CHD-01 ben": ["flat"]}, False),
        ({"CHD-01 ada": ["flat"]}, {"CHD-02 ada": "cold"}, False),  # each by itself
        ({"CHD-03 ada": "restrained"}, {"CHD-03 ada": "restrained"}, False),
    ],
)
def test_on_two_dates(family, first, second, fires):
    home = family(ada="2026-01-10", ben="2022-01-10")
    home.visit(SEEN, first)
    assert not home.fired("R21")
    home.report("2026-03-20T10:30", "nursery", second)
    expected = {f"e{n} {item}" for n, said in ((1, first), (2, second)) for item in said}
    assert home.evidence("R21") == (expected if fires else set())
    assert home.children("R21") == ([("ada",)] if fires else [])


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ("2026-03-02T10:30", "2026-05-01T10:30", True),  # 60 days
        ("2026-03-02T10:30", "2026-05-02T10:30", False),
        ("2026-11-20T10:30", "2027-01-19T10:30", True),
        ("2026-11-20T10:30", "2027-01-20T10:30", False),
        ("2026-03-02T10:30", "2026-03-02T16:30", False),  # one date
        ("2026-03-29T23:30", "2026-03-30T00:10", True),  # both on the 29th in UTC
        ("2026-03-29T00:10", "2026-03-29T23:50", False),
    ],
)
@pytest.mark.parametrize("said", [{"CHD-02 ada": "cold"}, {"CHD-01 ada": ["distress"]}])
def test_on_two_dates_within_60_days(family, first, second, fires, said):
    home = family()
    home.visit(first, said)
    home.visit(second, said, agency="social_care")
    assert bool(home.fired("R21")) == fires


def test_warmth_in_between_does_not_take_it_back(family):
    home = family()
    home.visit(SEEN, {"CHD-02 ada": "cold"})
    home.visit("2026-03-10T10:30", {"CHD-02 ada": "warm"})
    home.visit("2026-03-20T10:30", {"CHD-02 ada": "cold"})
    assert home.evidence("R21") == {"e1 CHD-02 ada", "e3 CHD-02 ada"}


@pytest.mark.parametrize(
    ("at", "same_day", "one"),
    [
        (SEEN, "2026-03-02T23:59", "2026-03-03T17:00"),
        ("2026-03-06T19:59", "2026-03-06T23:59", "2026-03-09T17:00"),
        ("2026-03-06T20:01", "2026-03-07T00:01", "2026-03-09T17:00"),
        ("2026-04-02T22:00", "2026-04-03T02:00", "2026-04-07T17:00"),
        ("2026-03-28T22:30", "2026-03-29T03:30", "2026-03-30T17:00"),
        ("2026-10-24T22:30", "2026-10-25T01:30", "2026-10-26T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, same_day, one):
    home = family()
    home.visit(at, {"CHD-03 ada": "rough"})
    assert home.required("R21") == {
        "manager_talk visitor": same_day,
        "body_seen visitor": same_day,
        "referral_decision team_manager": one,
    }
    assert home.fired("R21")[0].level == "S"
