"""R10, drink or drugs in a household with a child under 12 months, or an unborn one."""

from __future__ import annotations

import pytest

SEEN = "2026-03-02T10:30"
SMELL = {"PAR-01": ["smell"]}


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        (SMELL, {"PAR-01"}),
        ({"PAR-01": ["affected"]}, {"PAR-01"}),
        ({"PAR-01": ["charge"]}, {"PAR-01"}),
        ({"PAR-02 mother": "reg"}, {"PAR-02 mother"}),
        ({"PAR-02 father": "dep"}, {"PAR-02 father"}),
        ({"PAR-03": "unclear"}, {"PAR-03"}),
        ({"PAR-03": "nobody"}, {"PAR-03"}),
        (
            {"PAR-01": ["smell"], "PAR-02 mother": "away", "PAR-02 father": "reg"},
            {"PAR-01", "PAR-02 father"},
        ),
        ({"PAR-01": ["none"]}, set()),
        ({"PAR-01": ["unk"]}, set()),
        ({"PAR-02 mother": "away"}, set()),
        ({"PAR-02 mother": "none", "PAR-02 father": "unk"}, set()),
        ({"PAR-03": "named"}, set()),
        ({"PAR-03": "unk"}, set()),
        ({"PAR-04 mother": "harm"}, set()),
        ({"SLP-07 ada": ["alc"]}, set()),
        ({"SAF-02": ["drugs"]}, set()),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_drink_or_drugs(family, said, evidence, source):
    home = family(ada="2026-01-10", ben="2020-01-10")
    if source == "visit":
        home.visit(SEEN, said)
    else:
        home.report(SEEN, "police", {k: (v, "told_by_professional") for k, v in said.items()})
    assert home.evidence("R10") == {f"e1 {item}" for item in evidence}
    assert home.children("R10") == ([("ada", "ben")] if evidence else [])


@pytest.mark.parametrize(
    ("born", "on", "fires"),
    [
        ("2025-03-03", "2026-03-02", True),
        ("2025-03-02", "2026-03-02", False),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
        # 40 weeks before 1 December 2026 are on 24 February.
        ("due 2026-12-01", "2026-02-24", True),
        ("due 2026-12-01", "2026-02-23", False),
        ("due 2026-03-10", "2026-03-02", True),
        ("due 2026-02-20", "2026-03-02", True),  # overdue, and no birth on record
        ("due 2025-02-20 born 2025-03-02", "2026-03-02", False),
        ("due 2026-04-20 born 2026-03-30", "2026-03-02", True),  # unborn still
        ("2026-06-01", "2026-03-02", False),  # born later, and nobody knew when it was due
    ],
)
def test_an_infant_or_an_unborn_child(family, born, on, fires):
    home = family(ada=born, ben="2020-01-10")
    home.visit(f"{on}T00:30", SMELL)
    assert bool(home.fired("R10")) == fires


@pytest.mark.parametrize(
    ("named_on", "fires"),
    [("2026-02-09", True), ("2026-02-10", True), ("2026-02-11", False)],
)
def test_an_unborn_child_exists_from_the_first_event_that_names_it(family, named_on, fires):
    home = family(ben="2020-01-10", cam="due 2026-12-01")
    arrival, visit = f"{named_on}T09:00", "2026-02-10T10:30"
    if arrival < visit:
        home.arrive(arrival, "pregnancy", "cam")
    home.visit(visit, SMELL)
    if arrival > visit:
        home.arrive(arrival, "pregnancy", "cam")
    assert bool(home.fired("R10")) == fires


@pytest.mark.parametrize("how", ["plan", "answer", "decision"])
def test_whatever_event_names_it(family, how):
    home = family(ben="2020-01-10", cam="due 2026-12-01")
    if how == "plan":
        home.plan("2026-02-09T10:00", "pre_birth", children=("cam",))
    elif how == "answer":
        home.report("2026-02-09T10:00", "midwifery", {"HLT-06 cam": "wait"})
    else:
        home.rule_on("2026-02-09T10:00", "close_concern", item="HLT-06", about="cam")
    home.visit("2026-02-10T10:30", SMELL)
    assert home.children("R10") == [("ben", "cam")]


def test_before_it_exists_nothing_is_raised_for_it(family):
    home = family(ben="2020-01-10", cam="due 2026-12-01", dan="2026-06-01")
    home.visit("2026-02-10T10:30", SMELL)
    assert home.children("R26") == [("ben",)]


def test_it_is_raised_for_the_unborn_child_too(family):
    home = family(ben="2020-01-10", cam="due 2026-06-01")
    home.visit(SEEN, SMELL)
    assert home.children("R10") == [("ben", "cam")]
    assert home.fired("R10")[0].level == "S"


@pytest.mark.parametrize(
    ("at", "one", "five", "ten"),
    [
        (SEEN, "2026-03-03T17:00", "2026-03-09T17:00", "2026-03-16T17:00"),
        ("2026-03-06T22:00", "2026-03-09T17:00", "2026-03-13T17:00", "2026-03-20T17:00"),
        ("2026-04-02T16:59", "2026-04-07T17:00", "2026-04-13T17:00", "2026-04-20T17:00"),
        ("2026-03-28T22:30", "2026-03-30T17:00", "2026-04-07T17:00", "2026-04-14T17:00"),
        ("2026-12-24T10:30", "2026-12-29T17:00", "2027-01-05T17:00", "2027-01-12T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, one, five, ten):
    home = family()
    home.visit(at, SMELL)
    assert home.required("R10") == {
        "threshold_decision team_manager": one,
        "substance_referral visitor": five,
        "effect_on_child_assessment visitor": ten,
    }
