"""R02, injury in a non-mobile child: HLT-01, with age and with what the child can do alone."""

from __future__ import annotations

import pytest

SEEN = "2026-03-02T10:30"
SIX_MONTHS_TOMORROW, SIX_MONTHS_TODAY = "2025-09-03", "2025-09-02"
TWO_YEARS = "2024-03-01"


@pytest.mark.parametrize(
    ("born", "mark", "fires"),
    [
        # Any mark at all on a child who cannot move about alone: at any age.
        (SIX_MONTHS_TOMORROW, "nonmob", True),
        (TWO_YEARS, "nonmob", True),
        ("2018-03-01", "nonmob", True),
        # A small mark: only under 6 months.
        (SIX_MONTHS_TOMORROW, "minor", True),
        (SIX_MONTHS_TODAY, "minor", False),
        # One that worries, or is grave: under 6 months, whatever the child can do.
        (SIX_MONTHS_TOMORROW, "worry", True),
        (SIX_MONTHS_TODAY, "worry", False),
        (SIX_MONTHS_TOMORROW, "grave", True),
        (SIX_MONTHS_TODAY, "grave", False),
        (SIX_MONTHS_TOMORROW, "none", False),
        (SIX_MONTHS_TOMORROW, "known", False),
        (SIX_MONTHS_TOMORROW, "unk", False),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_the_mark_and_the_age(family, born, mark, fires, source):
    home = family(ada=born)
    if source == "visit":
        home.visit(SEEN, {"HLT-01 ada": mark})
    else:
        home.report(SEEN, "hospital", {"HLT-01 ada": mark})
    assert home.evidence("R02") == ({"e1 HLT-01 ada"} if fires else set())


@pytest.mark.parametrize(
    ("born", "on", "fires"),
    [
        ("2025-08-31", "2026-02-28", True),  # there is no 31 February: six months on 1 March
        ("2025-08-31", "2026-03-01", False),
        ("2025-08-28", "2026-02-27", True),
        ("2025-08-28", "2026-02-28", False),
        ("2024-02-29", "2024-08-28", True),
        ("2024-02-29", "2024-08-29", False),
        ("2025-07-31", "2026-01-30", True),
        ("2025-07-31", "2026-01-31", False),
    ],
)
def test_six_months_by_the_calendar(family, born, on, fires):
    home = family(ada=born)
    home.visit(f"{on}T00:10", {"HLT-01 ada": "minor"})
    assert bool(home.fired("R02")) == fires


def test_no_correction_for_being_born_early(family):
    home = family(ada="due 2025-11-02 born 2025-09-02")
    home.visit(SEEN, {"HLT-01 ada": "minor"})
    assert not home.fired("R02")


@pytest.mark.parametrize(
    ("can", "fires"),
    [
        ("nroll", True),
        ("rolls", True),
        ("dis", True),
        ("crawl", False),
        ("cruise", False),
        ("walk", False),
    ],
)
@pytest.mark.parametrize("mark", ["worry", "grave"])
def test_a_worrying_mark_on_a_child_not_yet_mobile(family, can, mark, fires):
    home = family(ada=TWO_YEARS)
    home.visit(SEEN, {"HLT-01 ada": mark, "HLT-02 ada": can})
    assert bool(home.fired("R02")) == fires


def test_a_small_mark_does_not_ask_what_the_child_can_do(family):
    home = family(ada=SIX_MONTHS_TODAY)
    home.visit(SEEN, {"HLT-01 ada": "minor", "HLT-02 ada": "nroll"})
    assert not home.fired("R02")


@pytest.mark.parametrize(
    ("known", "fires"),
    [
        ([("2026-02-02", "ada", "rolls")], True),
        ([("2024-09-02", "ada", "rolls")], True),  # however long ago
        ([("2026-02-02", "ada", "rolls"), ("2026-02-20", "ada", "crawl")], False),
        ([("2026-02-02", "ada", "crawl"), ("2026-02-20", "ada", "rolls")], True),
        ([("2026-02-02", "ben", "rolls")], False),
        ([("2026-02-02", "ada", "crawl"), ("2026-02-20", "ben", "rolls")], False),
        ([], False),
    ],
)
def test_what_the_child_could_last_do_up_to_then(family, known, fires):
    home = family(ada=TWO_YEARS, ben="2025-05-01")
    for day, who, can in known:
        home.report(f"{day}T09:00", "nursery", {f"HLT-02 {who}": can})
    home.visit(SEEN, {"HLT-01 ada": "worry"})
    assert bool(home.fired("R02")) == fires


def test_what_she_could_do_later_does_not_count(family):
    home = family(ada=TWO_YEARS)
    home.visit("2026-02-02T10:00", {"HLT-02 ada": "crawl"})
    home.visit(SEEN, {"HLT-01 ada": "worry"})
    home.visit("2026-03-03T10:00", {"HLT-02 ada": "rolls"})
    assert not home.fired("R02")


def test_what_is_learnt_late_of_what_she_could_do_counts(family):
    home = family(ada=TWO_YEARS)
    home.visit(SEEN, {"HLT-01 ada": "worry"})
    home.visit("2026-02-02T10:00", {"HLT-02 ada": "dis"}, received="2026-03-04T09:00")
    assert home.raised("R02") == [(SEEN, "2026-03-04T09:00")]
    assert home.fired("R02")[0].late
    assert home.due("R02", "call_paediatrician") == ["2026-03-02T11:30"]


@pytest.mark.parametrize("told_first", ["the mark", "what she can do"])
def test_what_she_can_do_on_record_of_the_same_minute(family, told_first):
    """Two practitioners on one visit: whose record arrives first must not matter."""
    home = family(ada=TWO_YEARS)
    for what in ("the mark", "what she can do")[:: 1 if told_first == "the mark" else -1]:
        if what == "the mark":
            home.visit(SEEN, {"HLT-01 ada": "worry"})
        else:
            home.visit(SEEN, {"HLT-02 ada": "rolls"}, agency="social_care")
    assert home.fired("R02")


def test_each_child_by_herself(family):
    home = family(ada="2026-01-10", ben=TWO_YEARS)
    home.visit(SEEN, {"HLT-01 ada": "minor", "HLT-01 ben": "worry", "HLT-02 ben": "walk"})
    assert home.children("R02") == [("ada",)]
    assert home.fired("R02")[0].level == "S"


@pytest.mark.parametrize(
    ("at", "an_hour", "a_day"),
    [
        (SEEN, "2026-03-02T11:30", "2026-03-03T10:30"),
        ("2026-04-03T16:00", "2026-04-03T17:00", "2026-04-04T16:00"),  # Good Friday
        ("2026-12-31T23:30", "2027-01-01T00:30", "2027-01-01T23:30"),
        ("2026-03-28T18:00", "2026-03-28T19:00", "2026-03-29T19:00"),  # clocks go forward
        ("2026-03-29T00:30", "2026-03-29T02:30", "2026-03-30T01:30"),
        ("2026-10-24T18:00", "2026-10-24T19:00", "2026-10-25T17:00"),  # and back
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, an_hour, a_day):
    home = family()
    home.visit(at, {"HLT-01 ada": "nonmob"})
    assert home.required("R02") == {
        "call_social_care visitor": an_hour,
        "call_paediatrician visitor": an_hour,
        "medical_examination paediatrician": a_day,
        "strategy_decision team_manager": a_day,
    }
