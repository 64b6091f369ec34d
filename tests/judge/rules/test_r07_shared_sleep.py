"""R07, hazardous shared sleep of a child under 12 months, from a visit or a report."""

from __future__ import annotations

import pytest

SEEN = "2026-03-16T10:30"
PLAIN = {"SLP-07 ada": ["plain"]}


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"SLP-07 ada": ["smoke"]}, True),
        ({"SLP-07 ada": ["alc"]}, True),
        ({"SLP-07 ada": ["drug"]}, True),
        ({"SLP-07 ada": ["small"]}, True),
        ({"SLP-07 ada": ["clutter"]}, True),
        ({"SLP-07 ada": ["sofa"]}, True),
        ({"SLP-07 ada": ["plain", "tired", "clutter"]}, True),
        ({"SLP-01 ada": ["own", "sofa"]}, True),
        ({"SLP-07 ada": ["never"]}, False),
        ({"SLP-07 ada": ["plain"]}, False),
        ({"SLP-07 ada": ["tired"]}, False),
        ({"SLP-07 ada": ["plain", "tired"]}, False),
        ({"SLP-07 ada": ["tonight"]}, False),  # R01 has it
        ({"SLP-07 ada": ["unk"]}, False),
        ({"SLP-01 ada": ["adultbed"]}, False),
        ({"SLP-01 ada": ["soft", "seat", "sib", "none"]}, False),
        ({"SLP-01 ada": ["unk"]}, False),
    ],
)
@pytest.mark.parametrize("source", ["visit", "report"])
def test_a_hazard_by_itself(family, said, fires, source):
    home = family()
    if source == "visit":
        home.visit(SEEN, said)
    else:
        home.report(
            SEEN, "public", {k: (v, "told_by_family_or_neighbour") for k, v in said.items()}
        )
    (item,) = said
    assert home.evidence("R07") == ({f"e1 {item}"} if fires else set())


@pytest.mark.parametrize(
    ("born", "on", "fires"),
    [
        ("2025-03-17", "2026-03-16", True),
        ("2025-03-16", "2026-03-16", False),
        ("2024-02-29", "2025-02-28", True),  # 12 months on 1 March
        ("2024-02-29", "2025-03-01", False),
        ("2025-03-31", "2026-03-30", True),
        ("2025-03-31", "2026-03-31", False),
    ],
)
def test_under_12_months(family, born, on, fires):
    home = family(ada=born)
    home.visit(f"{on}T00:30", {"SLP-07 ada": ["sofa"]})
    assert bool(home.fired("R07")) == fires


# What makes a shared bed hazardous, in the same event or one before it.
WITH = [
    ({"PAR-01": ["smell"]}, True),
    ({"PAR-01": ["affected"]}, True),
    ({"PAR-01": ["charge"]}, True),
    ({"PAR-02 mother": "reg"}, True),
    ({"PAR-02 father": "dep"}, True),
    ({"SLP-11": ["out", "in"]}, True),
    ({"PAR-01": ["none"]}, False),
    ({"PAR-01": ["unk"]}, False),
    ({"PAR-02 mother": "away"}, False),
    ({"PAR-02 mother": "unk"}, False),
    ({"PAR-03": "unclear"}, False),
    ({"SLP-11": ["out", "preg"]}, False),
    ({"SLP-11": ["unk"]}, False),
    ({"PAR-04 mother": "over"}, False),
]


@pytest.mark.parametrize(("hazard", "fires"), WITH)
@pytest.mark.parametrize("bed", [PLAIN, {"SLP-01 ada": ["own", "adultbed"]}])
def test_a_shared_bed_and_drink_drugs_or_smoke_in_one_event(family, bed, hazard, fires):
    home = family()
    home.report(SEEN, "midwifery", bed | hazard)
    assert home.evidence("R07") == ({f"e1 {item}" for item in bed | hazard} if fires else set())


@pytest.mark.parametrize(("hazard", "fires"), WITH)
def test_or_in_an_event_before(family, hazard, fires):
    home = family()
    home.report("2026-03-10T10:00", "police", hazard)
    home.visit(SEEN, PLAIN)
    (item,) = hazard
    assert home.evidence("R07") == ({"e2 SLP-07 ada", f"e1 {item}"} if fires else set())


@pytest.mark.parametrize(
    ("item", "bed"),
    [
        ("SLP-07 ada", ["never"]),
        ("SLP-07 ada", ["tired"]),
        ("SLP-07 ada", ["unk"]),
        ("SLP-01 ada", ["own", "bedside"]),
        ("SLP-01 ada", ["sib", "soft", "seat", "none"]),
        ("SLP-01 ada", ["unk"]),
    ],
)
def test_without_a_shared_bed_it_is_not_this_rule(family, item, bed):
    home = family()
    home.visit(SEEN, {item: bed, "PAR-01": ["affected"]})
    assert not home.fired("R07")


@pytest.mark.parametrize(
    ("hazard_at", "bed_at", "fires"),
    [
        ("2026-03-02T00:10", "2026-03-16T23:50", True),
        ("2026-03-01T23:50", "2026-03-16T00:10", False),
        ("2026-03-16T08:00", "2026-03-16T10:30", True),
        ("2026-03-17T08:00", "2026-03-16T10:30", False),  # afterwards
        ("2026-03-16T12:00", "2026-03-16T10:30", False),
        ("2026-03-16T00:30", "2026-03-30T23:30", True),  # over the change of clocks
        ("2026-03-15T23:30", "2026-03-30T00:30", False),
        ("2026-10-12T00:30", "2026-10-26T23:30", True),
        ("2026-12-20T10:00", "2027-01-03T10:00", True),
        ("2026-12-20T10:00", "2027-01-04T10:00", False),
    ],
)
@pytest.mark.parametrize(
    "hazard", [{"PAR-01": ["smell"]}, {"PAR-02 father": "reg"}, {"SLP-11": ["in"]}]
)
def test_within_the_14_days_before(family, hazard_at, bed_at, fires, hazard):
    home = family(ada="2026-02-20")
    for at, said in sorted([(hazard_at, hazard), (bed_at, PLAIN)], key=lambda told: told[0]):
        home.visit(at, said)
    assert bool(home.fired("R07")) == fires


@pytest.mark.parametrize("told_first", ["bed", "hazard"])
def test_on_record_of_the_same_minute(family, told_first):
    """Two practitioners on one visit: whose record arrives first must not matter."""
    home = family()
    for what in ("bed", "hazard")[:: 1 if told_first == "bed" else -1]:
        if what == "bed":
            home.visit(SEEN, PLAIN)
        else:
            home.visit(SEEN, {"PAR-01": ["smell"]}, agency="social_care")
    assert home.fired("R07")


def test_a_better_answer_since_does_not_take_it_back(family):
    home = family()
    home.visit("2026-03-06T10:00", {"PAR-01": ["smell"]})
    home.visit("2026-03-13T10:00", {"PAR-01": ["none"]})
    home.visit(SEEN, PLAIN)
    assert home.evidence("R07") == {"e3 SLP-07 ada", "e1 PAR-01"}


def test_what_is_learnt_late_of_before(family):
    home = family()
    home.visit(SEEN, PLAIN)
    home.report("2026-03-10T10:00", "police", {"PAR-01": ["smell"]}, received="2026-03-18T09:00")
    assert home.raised("R07") == [(SEEN, "2026-03-18T09:00")]
    assert home.fired("R07")[0].late


def test_each_infant_by_herself_and_not_the_older_child(family):
    home = family(ada="2026-01-10", ben="2025-06-10", cam="2024-01-10")
    home.visit(SEEN, PLAIN | {"SLP-07 ben": ["sofa"], "SLP-07 cam": ["sofa"]})
    assert home.children("R07") == [("ben",)]
    home.visit("2026-03-17T10:30", {"SLP-11": ["in"], "SLP-01 ada": ["adultbed"]})
    assert home.children("R07") == [("ben",), ("ada",)]


@pytest.mark.parametrize(
    ("at", "tonight", "manager", "visit"),
    [
        (SEEN, "2026-03-16T10:30", "2026-03-16T23:59", "2026-03-18T17:00"),
        ("2026-03-06T20:30", "2026-03-06T20:30", "2026-03-07T00:30", "2026-03-10T17:00"),
        ("2026-04-02T19:59", "2026-04-02T19:59", "2026-04-02T23:59", "2026-04-08T17:00"),
        ("2026-10-24T22:30", "2026-10-24T22:30", "2026-10-25T01:30", "2026-10-27T17:00"),
        ("2026-12-24T21:00", "2026-12-24T21:00", "2026-12-25T01:00", "2026-12-30T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, tonight, manager, visit):
    home = family()
    home.visit(at, {"SLP-07 ada": ["sofa"]})
    assert home.required("R07") == {
        "safety_plan_tonight visitor": tonight,
        "tell_manager visitor": manager,
        "joint_visit team_manager": visit,
    }
    assert home.fired("R07")[0].level == "S"
