"""R23, could not check: a gap is never taken for no concern."""

from __future__ import annotations

import pytest

FIRST, SECOND = "2026-03-02T10:30", "2026-03-09T10:30"
SLEEP, OTHER = "2026-03-11T17:00", "2026-03-16T17:00"  # 2 and 5 working days from the second


@pytest.mark.parametrize(
    ("answer", "fires"),
    [
        ("told", True),
        ("refused", True),
        ("one", False),
        ("both", False),
        ("fixed", False),
        ("none", False),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_tonights_sleep_place_was_not_seen(family, answer, fires, source):
    home = family()
    if source == "visit":
        home.full_visit(FIRST, {"SLP-02 ada": answer})
    else:
        home.report(FIRST, "midwifery", {"SLP-02 ada": answer})
    assert home.evidence("R23") == ({"e1 SLP-02 ada"} if fires else set())
    assert home.children("R23") == ([("ada",)] if fires else [])


# Every core item but ACC-01, how it looks when it could not be checked, and by when it must be.
CORE = [
    ("ACC-03 ada", None, OTHER),
    ("ACC-04", ["notask"], OTHER),
    ("CHD-01 ada", None, OTHER),
    ("SLP-01 ada", ["unk"], SLEEP),
    ("SLP-02 ada", None, SLEEP),
    ("SLP-07 ada", ["unk"], SLEEP),
    ("HLT-01 ada", "unk", OTHER),
    ("PAR-01", ["unk"], OTHER),
    ("ENG-05 ada", None, OTHER),
]


TWICE = [
    (item, unknown, due, first, second)
    for item, unknown, due in CORE
    for first in ("blank", "U")
    for second in ("blank", "U")
    if unknown is not None or (first, second) == ("blank", "blank")
]


@pytest.mark.parametrize(("item", "unknown", "due", "first", "second"), TWICE)
def test_a_core_item_on_two_completed_visits_running(family, item, unknown, due, first, second):
    home = family(ada="2026-01-10", ben="2023-01-10")
    for at, kind in ((FIRST, first), (SECOND, second)):
        assert not home.fired("R23")
        if kind == "blank":
            home.full_visit(at, blank=item)
        else:
            home.full_visit(at, {item: unknown})
    about = item.partition(" ")[2]
    assert home.children("R23") == [("ada",) if about else ("ada", "ben")]
    assert home.due("R23", "check_what_was_not_seen") == [due]
    assert {each.split()[0] for each in home.evidence("R23")} <= {"e1", "e2"}
    assert home.fired("R23")[0].level == "S"


def test_each_child_by_herself(family):
    home = family(ada="2026-01-10", ben="2023-01-10")
    for at in (FIRST, SECOND):
        home.full_visit(at, {"HLT-01 ada": "unk", "HLT-01 ben": "unk"}, agency="social_care")
    assert home.children("R23") == [("ada",), ("ben",)]


@pytest.mark.parametrize(
    ("visits", "fires"),
    [
        ([{"PAR-01": ["unk"]}, {}], False),
        ([{"PAR-01": ["unk"]}, {}, {"PAR-01": ["unk"]}], False),
        ([{"PAR-01": ["unk"]}, {"HLT-01 ada": "unk"}], False),  # not the same
        ([{"HLT-01 ada": "unk"}, {"HLT-01 ben": "unk"}], False),  # of another child
        ([{"CHD-03 ada": "none"}, {"CHD-03 ada": "none"}], False),  # not a core item
        ([{"PAR-02 mother": "unk"}, {"PAR-02 mother": "unk"}], False),
        ([{"PAR-01": ["unk"]}, {"ACC-01": "part", "PAR-01": ["unk"]}], True),
        # A visit that nobody was let in on, or a report, is not a completed visit.
        ([{"PAR-01": ["unk"]}, {"ACC-01": "refused"}, {"PAR-01": ["unk"]}], True),
        ([{"PAR-01": ["unk"]}, {"ACC-01": "out"}], False),
        ([{"PAR-01": ["unk"]}, "report", {"PAR-01": ["unk"]}], True),
        ([{"PAR-01": ["unk"]}, "report"], False),
    ],
)
def test_the_same_item_and_two_visits_running(family, visits, fires):
    home = family(ada="2026-01-10", ben="2023-01-10")
    for day, said in zip(("02", "05", "09"), visits, strict=False):
        at = f"2026-03-{day}T10:30"
        if said == "report":
            home.report(at, "police", {"PAR-01": ["none"]})
        elif said.get("ACC-01") in ("refused", "out"):
            home.visit(at, said)
        else:
            home.full_visit(at, said)
    assert bool(home.fired("R23")) == fires


@pytest.mark.parametrize(
    ("born", "fires"),
    [
        ("2025-03-10", True),  # 12 months the day after the second visit
        ("2025-03-09", False),
    ],
)
def test_an_item_that_no_longer_applies_is_not_missing(family, born, fires):
    home = family(ada=born)
    for at in (FIRST, SECOND):
        home.full_visit(at, blank="SLP-01 ada")
    assert bool(home.fired("R23")) == fires


def test_a_baby_born_between_two_visits_was_not_missed_twice(family):
    home = family(ada="2023-01-10", cam="due 2026-03-20 born 2026-03-05")
    home.visit(FIRST, {"ACC-03 ada": "awake", "ACC-04": ["all"], "PAR-01": ["none"]})
    home.visit(SECOND, {"ACC-03 ada": "awake", "ACC-04": ["all"], "PAR-01": ["none"]})
    assert {children for children in home.children("R23")} == {("ada",)}


# A plan in force, and nobody has asked what other agencies know for 30 days.
PLAN = "2025-12-01"


@pytest.mark.parametrize(
    ("plan", "asked", "visit", "fires"),
    [
        (PLAN, [], "2026-03-02", True),
        (PLAN, [("2026-01-05", ["none"])], "2026-03-02", True),
        (PLAN, [("2026-02-01", ["none"])], "2026-03-03", True),  # 30 days
        (PLAN, [("2026-02-01", ["none"])], "2026-03-02", False),  # 29
        (PLAN, [("2026-02-01", ["one"])], "2026-03-02", False),
        (PLAN, [("2026-02-01", ["two"])], "2026-03-02", False),
        (PLAN, [("2026-02-20", ["unk"])], "2026-03-02", True),
        (PLAN, [("2026-02-01", ["none"]), ("2026-03-01", ["unk"])], "2026-03-03", True),
        (PLAN, [("2026-03-02", ["none"])], "2026-03-02", False),
        ("2025-12-01 ended 2026-03-01", [], "2026-03-02", False),
        (None, [], "2026-03-02", False),
    ],
)
def test_other_agencies_not_asked_for_30_days_under_a_plan(family, plan, asked, visit, fires):
    home = family(ada="2023-01-10")
    if plan:
        start, _, ended = plan.partition(" ended ")
        name = home.plan(f"{start}T09:00", "child_in_need")
        if ended:
            home.end(f"{ended}T09:00", name)
    for day, known in asked:
        home.report(f"{day}T09:00", "social_care", {"ENG-04": known})
    home.full_visit(f"{visit}T10:30")
    assert bool(home.fired("R23")) == fires
    if fires:
        assert home.children("R23") == [("ada",)]
        assert home.due("R23", "check_what_was_not_seen") == [
            "2026-03-09T17:00" if visit == "2026-03-02" else "2026-03-10T17:00"
        ]


def test_asked_on_the_visit_itself(family):
    home = family(ada="2023-01-10")
    home.plan("2025-12-01T09:00", "child_in_need")
    home.full_visit(FIRST, {"ENG-04": ["none"]})
    assert not home.fired("R23")


@pytest.mark.parametrize("outcome", ["refused", "part"])
def test_it_is_checked_at_each_visit_and_only_there(family, outcome):
    home = family(ada="2023-01-10")
    home.plan("2025-12-01T09:00", "child_in_need")
    home.report("2026-02-20T09:00", "gp", {"HYG-02": "mess"})
    home.until("2026-03-01T09:00")
    assert not home.fired("R23")
    home.visit(FIRST, {"ACC-01": outcome})
    assert home.fired("R23")


@pytest.mark.parametrize(
    ("at", "two", "five"),
    [
        ("2026-03-06T18:30", "2026-03-10T17:00", "2026-03-13T17:00"),
        ("2026-04-02T10:30", "2026-04-08T17:00", "2026-04-13T17:00"),
        ("2026-10-24T22:30", "2026-10-27T17:00", "2026-10-30T17:00"),
        ("2026-12-24T10:30", "2026-12-30T17:00", "2027-01-05T17:00"),
    ],
)
def test_two_working_days_for_sleep_and_five_for_anything_else(family, at, two, five):
    for item, due in (("SLP-07 ada", two), ("PAR-01", five)):
        home = family()
        for when in (f"{at[:10]}T00:05", at):
            home.full_visit(when, blank=item)
        assert home.required("R23") == {"check_what_was_not_seen visitor": due}
