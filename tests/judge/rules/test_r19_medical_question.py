"""R19, a medical question left open."""

from __future__ import annotations

import pytest

SEEN = "2026-03-02T10:30"


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ({"HLT-06 ada": "open"}, True),
        ({"HLT-06 ada": "wait"}, False),
        ({"HLT-06 ada": "no"}, False),
        ({"HLT-06 ada": "unk"}, False),
        ({"HLT-04 ada": "untreated"}, True),
        ({"HLT-04 ada": "delay"}, False),
        ({"HLT-04 ada": "emerg"}, False),  # R01 has it
        ({"HLT-04 ada": "well"}, False),
        ({"HLT-04 ada": "unk"}, False),
        ({"HLT-04 ada": "untreated", "HLT-06 ada": "no"}, True),
        ({"HLT-01 ada": "worry"}, False),  # only where a hospital reports it
        ({"HYG-01 ada": ["bad"]}, False),
    ],
)
@pytest.mark.parametrize("source", ["visit", "gp", "visit by a hospital"])
def test_from_a_visit_or_a_report_of_any_agency(family, said, fires, source):
    home = family(ada="2023-01-10")
    if source == "gp":
        home.report(SEEN, "gp", said)
    else:
        agency = "hospital" if source == "visit by a hospital" else "health_visiting"
        home.visit(SEEN, said, agency=agency)
    assert bool(home.fired("R19")) == fires


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ({"HLT-01 ada": "minor"}, {"HLT-01 ada"}),
        ({"HLT-01 ada": "nonmob"}, {"HLT-01 ada"}),
        ({"HLT-01 ada": "worry"}, {"HLT-01 ada"}),
        ({"HLT-01 ada": "grave"}, {"HLT-01 ada"}),
        ({"HYG-01 ada": ["sore"]}, {"HYG-01 ada"}),
        ({"HYG-01 ada": ["grub", "bad"]}, {"HYG-01 ada"}),
        ({"HLT-01 ada": "worry", "HLT-06 ada": "wait"}, {"HLT-01 ada"}),
        ({"HLT-01 ada": "worry", "HLT-06 ada": "unk"}, {"HLT-01 ada"}),
        ({"HLT-01 ada": "worry", "HLT-06 ben": "no"}, {"HLT-01 ada"}),  # of another child
        ({"HLT-01 ada": "worry", "HLT-06 ada": "open"}, {"HLT-01 ada", "HLT-06 ada"}),
        ({"HLT-01 ada": "worry", "HLT-06 ada": "no"}, set()),
        ({"HYG-01 ada": ["sore"], "HLT-06 ada": "no"}, set()),
        ({"HLT-01 ada": "none"}, set()),
        ({"HLT-01 ada": "known"}, set()),
        ({"HLT-01 ada": "unk"}, set()),
        ({"HYG-01 ada": ["grub"]}, set()),
        ({"HYG-01 ada": ["ok"]}, set()),
        ({"HYG-01 ada": ["unk"]}, set()),
        ({"HYG-02": "filthy", "SLP-05 ada": "foul"}, set()),
    ],
)
def test_from_a_report_of_a_hospital(family, said, evidence):
    home = family(ada="2023-01-10", ben="2021-01-10")
    home.report(SEEN, "hospital", said)
    assert home.evidence("R19") == {f"e1 {item}" for item in evidence}
    assert home.children("R19") == ([("ada",)] if evidence else [])


@pytest.mark.parametrize("agency", ["gp", "ambulance", "midwifery", "health_visiting"])
def test_a_mark_reported_by_another_agency(family, agency):
    home = family(ada="2023-01-10")
    home.report(SEEN, agency, {"HLT-01 ada": "worry", "HYG-01 ada": ["sore"]})
    assert not home.fired("R19")


@pytest.mark.parametrize("order", ["before", "after"])
def test_no_question_said_in_another_report_does_not_answer_this_one(family, order):
    home = family(ada="2023-01-10")
    at = {"before": "2026-03-01T10:00", "after": "2026-03-03T10:00"}[order]
    told = [(SEEN, {"HLT-01 ada": "worry"}), (at, {"HLT-06 ada": "no"})]
    for when, said in sorted(told, key=lambda each: each[0]):
        home.report(when, "hospital", said)
    assert home.fired("R19")


@pytest.mark.parametrize(
    ("at", "one", "five"),
    [
        (SEEN, "2026-03-03T17:00", "2026-03-09T17:00"),
        ("2026-03-06T22:00", "2026-03-09T17:00", "2026-03-13T17:00"),
        ("2026-04-02T18:00", "2026-04-07T17:00", "2026-04-13T17:00"),
        ("2026-12-24T10:30", "2026-12-29T17:00", "2027-01-05T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, one, five):
    home = family()
    home.visit(at, {"HLT-06 ada": "open"})
    assert home.required("R19") == {
        "ask_for_medical_opinion named_nurse": one,
        "medical_opinion named_nurse": five,
    }
    assert home.fired("R19")[0].level == "S"
