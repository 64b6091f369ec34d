"""R14, two agencies worried within 30 days."""

from __future__ import annotations

import pytest

FIRST, SECOND = "2026-03-02T10:30", "2026-03-20T10:30"
MESS = {"HYG-02": "mess"}


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ("2026-03-02T00:10", "2026-04-01T23:50", True),  # 30 days
        ("2026-03-02T23:50", "2026-04-02T00:10", False),
        ("2026-10-01T10:00", "2026-10-31T10:00", True),
        ("2026-10-01T10:00", "2026-11-01T10:00", False),
        ("2026-12-10T10:00", "2027-01-09T10:00", True),
        ("2026-12-10T10:00", "2027-01-10T10:00", False),
        ("2026-03-02T10:30", "2026-03-02T10:30", True),
    ],
)
def test_within_30_days(family, first, second, fires):
    home = family()
    home.report(first, "gp", MESS)
    home.report(second, "nursery", {"SAF-01": "lim"})
    assert home.evidence("R14") == ({"e1 HYG-02", "e2 SAF-01"} if fires else set())


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        # (agency, who), what it said
        (("gp", "dr-1", MESS), ("nursery", "n-1", {"HYG-02": "filthy"}), True),
        (("gp", "dr-1", MESS), ("gp", "dr-2", {"SAF-01": "off"}), False),
        (("police", "pc-1", {"SAF-03": "alone"}), ("housing", "h-1", MESS), True),
        (("gp", "dr-1", {"CHD-02 ada": "patchy"}), ("school", "t-1", {"CHD-02 ben": "cold"}), True),
        (("gp", "dr-1", {"ACC-01": "refused"}), ("school", "t-1", MESS), True),
        (("gp", "dr-1", {"ENG-03": "guard"}), ("school", "t-1", MESS), True),
        (("gp", "dr-1", {"HYG-02": "ok"}), ("school", "t-1", MESS), False),
        (("gp", "dr-1", {"HYG-02": "unk"}), ("school", "t-1", MESS), False),
        (("gp", "dr-1", {"HLT-02 ada": "nroll"}), ("school", "t-1", MESS), False),
        # How worried she is overall counts from S.
        (("gp", "dr-1", {"ENG-05 ada": "L"}), ("school", "t-1", MESS), False),
        (("gp", "dr-1", {"ENG-05 ada": "S"}), ("school", "t-1", MESS), True),
        (("gp", "dr-1", MESS), ("school", "t-1", {"ENG-05 ben": "L"}), False),
        (("gp", "dr-1", MESS), ("school", "t-1", {"ENG-05 ben": "I"}), True),
        # The public, and others, count by who they are.
        (("public", "grandmother", MESS), ("public", "neighbour", MESS), True),
        (("public", "neighbour", MESS), ("public", "neighbour", MESS), False),
        (("public", "", MESS), ("public", "", MESS), True),  # not known to be one
        (("gp", "", MESS), ("gp", "", MESS), False),
        (("other", "landlord", MESS), ("other", "vicar", MESS), True),
        (("other", "landlord", MESS), ("other", "landlord", MESS), False),
        (("public", "neighbour", MESS), ("gp", "dr-1", MESS), True),
        (("voluntary", "v-1", MESS), ("voluntary", "v-2", MESS), False),
    ],
)
def test_two_agencies_at_l_or_above(family, first, second, fires):
    home = family(ada="2026-01-10", ben="2020-01-10")
    for at, (agency, who, said) in zip((FIRST, SECOND), (first, second), strict=True):
        home.report(at, agency, said, by=who)
    assert bool(home.fired("R14")) == fires
    if fires:
        assert {each.split()[0] for each in home.evidence("R14")} == {"e1", "e2"}
        assert home.fired("R14")[0].level == "S"


@pytest.mark.parametrize(
    "said",
    [
        {"ACC-01": "part"},
        {"CHD-02 ada": "patchy"},
        {"SLP-05 ada": "stain"},
        {"FED-03": "low"},
        {"SAF-02": ["alarm"]},
        {"HLT-04 ada": "delay"},
        {"PAR-05": "past"},
        {"ENG-03": "guard"},
    ],
)
def test_answers_of_every_section(family, said):
    home = family()
    home.report(FIRST, "gp", MESS)
    home.report(SECOND, "nursery", said)
    assert home.fired("R14")


def test_it_is_raised_once_for_all_the_children_it_is_about(family):
    home = family(ada="2026-01-10", ben="2020-01-10", cam="2018-01-10")
    home.report(FIRST, "gp", {"CHD-02 ada": "patchy"})
    home.report(SECOND, "school", {"CHD-02 ben": "cold"})
    assert home.children("R14") == [("ada", "ben")]


def test_visits_and_reports_on_any_basis(family):
    home = family()
    home.visit(FIRST, {"HYG-02": ("mess", "told_by_parent")}, agency="health_visiting")
    home.visit("2026-03-03T10:30", MESS, agency="health_visiting", by="hv-2")
    assert not home.fired("R14")
    home.visit(SECOND, {"HLT-04 ada": ("delay", "from_record")}, agency="social_care")
    assert home.fired("R14")


def test_one_happening_reported_by_two_agencies_is_two_agencies(family):
    home = family()
    home.report(FIRST, "hospital", {"SAF-03": "brief"}, ref="attendance-7")
    home.report(SECOND, "gp", {"SAF-03": "brief"}, ref="attendance-7")
    assert home.evidence("R14") == {"e1 SAF-03", "e2 SAF-03"}


@pytest.mark.parametrize(
    ("known", "fires"),
    [
        (["two"], True),
        (["one", "two"], True),
        (["one"], False),
        (["none"], False),
        (["unk"], False),
    ],
)
def test_or_that_two_have_told_it(family, known, fires):
    home = family()
    home.visit(FIRST, {"ENG-04": known})
    assert home.evidence("R14") == ({"e1 ENG-04"} if fires else set())


def test_that_one_other_agency_is_worried_is_a_worry_of_who_asked(family):
    home = family()
    home.visit(FIRST, {"ENG-04": ["one"]})
    home.report(SECOND, "gp", MESS)
    assert home.evidence("R14") == {"e1 ENG-04", "e2 HYG-02"}


def test_what_a_late_report_completes(family):
    home = family()
    home.visit(SECOND, MESS)
    home.report(FIRST, "gp", MESS, received="2026-03-25T09:00")
    assert home.raised("R14") == [(SECOND, "2026-03-25T09:00")]
    assert home.fired("R14")[0].late


@pytest.mark.parametrize(
    ("at", "two", "five"),
    [
        ("2026-03-02T10:30", "2026-03-04T17:00", "2026-03-09T17:00"),
        ("2026-03-06T20:30", "2026-03-10T17:00", "2026-03-13T17:00"),
        ("2026-04-02T18:00", "2026-04-08T17:00", "2026-04-13T17:00"),
        ("2026-10-24T22:30", "2026-10-27T17:00", "2026-10-30T17:00"),
        ("2026-12-24T10:30", "2026-12-30T17:00", "2027-01-05T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, two, five):
    home = family()
    home.visit(at, {"ENG-04": ["two"]})
    assert home.required("R14") == {
        "information_sharing_call team_manager": two,
        "name_lead team_manager": two,
        "decision team_manager": five,
    }
