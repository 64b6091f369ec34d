"""R04, a failed or refused access that meets no plan's condition."""

from __future__ import annotations

import pytest

SEEN = "2026-03-02T10:30"
REFUSED = {"ACC-01": "refused"}
MOVED = {"ACC-01": "out", "ACC-02": "drop"}


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ({"ACC-01": "out"}, {"ACC-01"}),
        ({"ACC-01": "out", "ACC-02": "ann"}, {"ACC-01"}),
        ({"ACC-01": "out", "ACC-02": "unann"}, {"ACC-01"}),
        ({"ACC-01": "hide"}, {"ACC-01"}),
        ({"ACC-01": "refused"}, {"ACC-01"}),
        ({"ACC-01": "gone"}, {"ACC-01"}),
        ({"ACC-01": "unsafe"}, {"ACC-01"}),
        # Moved by the family excuses only that nobody was in.
        ({"ACC-01": "hide", "ACC-02": "drop"}, {"ACC-01"}),
        ({"ACC-01": "refused", "ACC-02": "drop"}, {"ACC-01"}),
        ({"ACC-01": "in", "ACC-03 ben": "absent"}, {"ACC-03 ben"}),
        ({"ACC-01": "in", "ACC-02": "drop", "ACC-03 ben": "absent"}, {"ACC-03 ben"}),
        ({"ACC-01": "part", "ACC-02": "drop", "ACC-03 ada": "withheld"}, {"ACC-03 ada"}),
        ({"ACC-01": "part", "ACC-03 ada": "withheld"}, {"ACC-03 ada"}),
        (MOVED, set()),
        ({"ACC-01": "in"}, set()),
        ({"ACC-01": "part"}, set()),
        ({"ACC-01": "alarm"}, set()),
        ({"ACC-03 ada": "absent_ok"}, set()),
        ({"ACC-03 ada": "glimpse"}, set()),
        ({"ACC-03 ada": "asleep"}, set()),
        ({"ACC-03 ada": "risk"}, set()),
    ],
)
def test_what_is_a_failed_access(family, said, evidence):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit(SEEN, said)
    assert {item.removeprefix("e1 ") for item in home.evidence("R04")} == evidence
    if evidence:
        assert home.fired("R04")[0].level == "S"


def test_one_visit_is_one_failed_access(family):
    home = family(ada="2026-01-10", ben="2023-01-10", cam="2021-01-10")
    home.visit(SEEN, {"ACC-03 ada": "withheld", "ACC-03 ben": "absent", "ACC-03 cam": "awake"})
    assert home.children("R04") == [("ada", "ben")]
    assert len(home.due("R04", "child_seen")) == 1


def test_a_report_is_not_a_visit(family):
    home = family()
    home.report(SEEN, "midwifery", REFUSED)
    assert not home.fired("R04")


@pytest.mark.parametrize(
    ("moved_before", "on", "fires"),
    [
        ("2026-03-02", "2026-05-01", True),  # 60 days later: the second within 60
        ("2026-03-02", "2026-05-02", False),  # 61: the first again
        ("2026-11-20", "2027-01-19", True),
        ("2026-11-20", "2027-01-20", False),
        ("2026-03-02", "2026-03-02", True),
    ],
)
def test_a_visit_the_family_moved_is_excused_once_in_60_days(family, moved_before, on, fires):
    home = family()
    home.visit(f"{moved_before}T09:30", MOVED, agency="midwifery")
    assert home.rules() == set()
    home.visit(f"{on}T10:30", MOVED)
    assert bool(home.fired("R04")) == fires


@pytest.mark.parametrize(
    "earlier",
    [
        REFUSED,
        {"ACC-01": "refused", "ACC-02": "drop"},
        {"ACC-01": "hide", "ACC-02": "drop"},
        {"ACC-01": "out", "ACC-02": "ann"},
    ],
)
def test_only_a_visit_that_was_moved_uses_up_the_excuse(family, earlier):
    home = family()
    home.visit("2026-02-20T10:00", earlier)
    home.visit(SEEN, MOVED)
    assert home.evidence("R04") == {"e1 ACC-01"}


def test_a_late_visit_makes_a_moved_one_count(family):
    home = family()
    home.visit("2026-03-20T10:30", MOVED)
    assert home.rules() == set()
    home.visit(SEEN, MOVED, received="2026-03-21T09:00")
    assert home.evidence("R04") == {"e1 ACC-01"}
    assert home.due("R04", "tell_manager") == ["2026-03-21T10:30"]


SOON, TWO_DAYS, FIVE_DAYS = "2026-03-03T17:00", "2026-03-04T17:00", "2026-03-09T17:00"


@pytest.mark.parametrize(
    ("born", "before", "due"),
    [
        ("2026-01-10", None, SOON),
        ("2025-03-03", None, SOON),  # 12 months tomorrow
        ("2025-03-02", None, FIVE_DAYS),  # 12 months today
        ("2022-01-10", "child_protection", SOON),
        ("2018-01-10", "child_protection", SOON),
        ("2022-01-10", "child_protection ended", FIVE_DAYS),
        ("2022-01-10", "child_in_need", TWO_DAYS),
        ("2022-01-10", "early_help", TWO_DAYS),
        ("2022-01-10", "child_in_need ended", FIVE_DAYS),
        ("2021-03-03", "child_in_need", TWO_DAYS),  # five tomorrow
        ("2021-03-02", "child_in_need", FIVE_DAYS),  # five today
        ("2022-01-10", None, FIVE_DAYS),
    ],
)
def test_how_soon_the_child_must_be_seen_by_age_and_plan(family, born, before, due):
    home = family(ada=born)
    if before:
        kind, _, ended = before.partition(" ")
        plan = home.plan("2026-02-20T10:00", kind)
        if ended:
            home.end("2026-03-01T10:00", plan)
    home.visit(SEEN, REFUSED)
    assert home.due("R04", "child_seen") == [due]


@pytest.mark.parametrize(
    ("earlier", "due"),
    [
        ([("2026-02-20T10:00", {"HYG-02": "filthy"})], TWO_DAYS),
        ([("2026-03-02T10:29", {"CHD-02 ben": "cold"})], TWO_DAYS),
        ([("2026-02-20T10:00", {"PAR-04 mother": "over"})], TWO_DAYS),
        ([("2024-02-20T10:00", {"HYG-02": ("filthy", "told_by_parent")})], TWO_DAYS),
        ([("2026-02-20T10:00", {"HYG-02": "mess"})], FIVE_DAYS),  # never reached S
        (
            [
                ("2026-02-20T10:00", {"HYG-02": "filthy"}),
                ("2026-02-27T10:00", {"HYG-02": "mess"}),
            ],
            FIVE_DAYS,  # seen to be better
        ),
        (
            [
                ("2026-02-20T10:00", {"HYG-02": "filthy"}),
                ("2026-02-27T10:00", {"HYG-02": ("ok", "told_by_parent")}),
            ],
            TWO_DAYS,  # said to be
        ),
        # What this visit itself finds was not open before it.
        ([], FIVE_DAYS),
    ],
)
def test_how_soon_with_a_concern_open_before_this_visit(family, earlier, due):
    home = family(ada="2022-01-10", ben="2015-01-10")
    for at, said in earlier:
        home.visit(at, said)
    home.visit(SEEN, REFUSED | {"HYG-03": ["strong"]})
    assert home.due("R04", "child_seen") == [due]


def test_an_earlier_refusal_is_itself_a_concern_that_is_open(family):
    home = family(ada="2022-01-10")
    home.visit("2026-01-20T10:30", REFUSED)
    home.visit(SEEN, REFUSED)
    assert home.due("R04", "child_seen") == ["2026-01-27T17:00", TWO_DAYS]


def test_any_child_of_the_household_counts(family):
    home = family(ada="2015-01-10", ben="2026-01-10")
    home.visit(SEEN, {"ACC-01": "in", "ACC-03 ada": "withheld"})
    assert home.due("R04", "child_seen") == [SOON]


def test_an_unborn_child_on_a_protection_plan_counts(family):
    home = family(ada="2015-01-10", cam="due 2026-05-01")
    home.plan("2026-02-20T10:00", children=("cam",))
    home.visit(SEEN, REFUSED)
    assert home.due("R04", "child_seen") == [SOON]


@pytest.mark.parametrize(
    ("at", "a_day", "seen"),
    [
        (SEEN, "2026-03-03T10:30", SOON),
        ("2026-03-06T18:45", "2026-03-07T18:45", "2026-03-09T17:00"),  # Friday evening
        ("2026-04-02T10:30", "2026-04-03T10:30", "2026-04-07T17:00"),  # Easter
        ("2026-12-24T10:30", "2026-12-25T10:30", "2026-12-29T17:00"),
        ("2026-03-28T18:00", "2026-03-29T19:00", "2026-03-30T17:00"),  # clocks go forward
        ("2026-10-24T18:00", "2026-10-25T17:00", "2026-10-26T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, a_day, seen):
    home = family(ada="2026-01-10")
    home.visit(at, REFUSED)
    assert home.required("R04") == {"tell_manager visitor": a_day, "child_seen team_manager": seen}


@pytest.mark.parametrize(
    ("at", "two", "five"),
    [
        ("2026-04-02T10:30", "2026-04-08T17:00", "2026-04-13T17:00"),
        ("2026-12-24T10:30", "2026-12-30T17:00", "2027-01-05T17:00"),
        ("2026-10-23T10:30", "2026-10-27T17:00", "2026-10-30T17:00"),
    ],
)
def test_two_and_five_working_days(family, at, two, five):
    planned = family(ada="2023-01-10")
    planned.plan("2026-02-20T10:00", "child_in_need")
    other = family(ada="2023-01-10")
    for home, due in ((planned, two), (other, five)):
        home.visit(at, REFUSED)
        assert home.due("R04", "child_seen") == [due]
