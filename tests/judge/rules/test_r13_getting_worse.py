"""R13, the same item rises twice running, or the items at S or above over three visits running."""

from __future__ import annotations

import pytest

DAYS = [f"2026-03-{day:02}T10:30" for day in range(2, 20)]


@pytest.mark.parametrize(
    ("item", "answers", "rising"),
    [
        # The events of the evidence, the third answer that rises last; None where none may fire.
        ("SLP-05 ada", "clean stain wet", "e1 e2 e3"),
        ("SLP-05 ada", "clean clean stain wet", "e2 e3 e4"),
        ("SLP-05 ada", "clean stain clean stain foul", "e3 e4 e5"),
        ("HYG-02", "ok mess hazard", "e1 e2 e3"),
        ("HYG-02", "ok filthy hazard", "e1 e2 e3"),
        ("HYG-02", "mess filthy hazard", "e1 e2 e3"),
        ("PAR-04 mother", "ok strain over", "e1 e2 e3"),
        ("ENG-05 ada", "N L S", "e1 e2 e3"),
        ("ENG-03", "open guard pattern", "e1 e2 e3"),
        # What could not be checked is no answer that is better.
        ("SLP-05 ada", "clean unk stain unk wet", "e1 e3 e5"),
        ("SLP-05 ada", "stain wet", None),
        ("SLP-05 ada", "clean wet", None),
        ("SLP-05 ada", "clean stain stain", None),
        ("SLP-05 ada", "clean clean stain", None),
        ("SLP-05 ada", "stain wet foul", None),  # both at S
        ("SLP-05 ada", "clean stain clean wet", None),
        ("SLP-05 ada", "clean stain stain wet", None),
        ("SLP-05 ada", "wet stain clean", None),
        ("SLP-05 ada", "unk stain wet", None),
        ("HLT-02 ada", "nroll rolls crawl", None),  # no level
    ],
)
def test_one_item_on_three_successive_answers(family, item, answers, rising):
    home = family()
    for at, answer in zip(DAYS, answers.split(), strict=False):
        home.report(at, "gp", {item: answer})
    assert home.evidence("R13") == (
        {f"{event} {item}" for event in rising.split()} if rising else set()
    )


@pytest.mark.parametrize(
    ("item", "answers"),
    [("HLT-05 ada", [0.0, 1.0, 2.0]), ("SLP-09 ada", [18.0, 21.0, 25.0])],
)
def test_a_number_rises_by_the_level_of_its_band(family, item, answers):
    home = family()
    for at, answer in zip(DAYS, answers, strict=False):
        home.report(at, "gp", {item: answer})
    assert home.fired("R13")


def test_of_several_options_the_gravest_counts(family):
    home = family()
    for at, answer in zip(DAYS, (["clear"], ["toy", "loose"], ["toy", "cord"]), strict=False):
        home.report(at, "gp", {"SLP-06 ada": answer})
    assert home.fired("R13")


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ([{"SLP-05 ada": "clean"}, {"SLP-05 ben": "stain"}, {"SLP-05 ada": "wet"}], False),
        (
            [{"SLP-05 ada": "clean"}, {"SLP-05 ada": "stain"}, {"SLP-05 ben": "clean"}]
            + [{"SLP-05 ada": "wet"}],
            True,
        ),
        ([{"PAR-04 mother": "ok"}, {"PAR-04 father": "strain"}, {"PAR-04 mother": "over"}], False),
        ([{"HYG-02": "ok"}, {"HYG-04": "few"}, {"HYG-03": ["strong"]}], False),
    ],
)
def test_of_the_same_child_adult_or_household(family, said, fires):
    home = family(ada="2026-01-10", ben="2025-06-10")
    for at, answer in zip(DAYS, said, strict=False):
        home.report(at, "gp", answer)
    assert bool(home.fired("R13")) == fires


def test_any_agency_any_basis_and_however_long_it_takes(family):
    home = family(ada="2026-01-10", ben="2022-01-10")
    home.visit("2023-03-02T10:30", {"SLP-05 ben": "clean"})
    home.report("2024-03-02T10:30", "gp", {"SLP-05 ben": ("stain", "told_by_parent")})
    home.visit("2026-03-02T10:30", {"SLP-05 ben": "wet"}, agency="social_care")
    assert home.children("R13") == [("ben",)]
    assert home.fired("R13")[0].level == "S"


def test_each_child_by_herself(family):
    home = family(ada="2026-01-10", ben="2025-06-10")
    for at, answer in zip(DAYS, ("clean", "stain", "wet"), strict=False):
        home.report(at, "gp", {"SLP-05 ada": answer, "SLP-05 ben": answer})
    assert home.children("R13") == [("ada",), ("ben",)]


ONE, TWO = {"HYG-04": "no"}, {"SAF-01": "off", "SLP-05 ada": "wet"}
THREE = TWO | {"FED-03": "short"}


@pytest.mark.parametrize(
    ("visits", "fires"),
    [
        ([{}, ONE, TWO], True),
        ([ONE, TWO, THREE], True),
        ([{}, {}, ONE, TWO], True),
        ([{}, ONE, {"ACC-01": "part", "SAF-01": "off", "SLP-05 ada": "wet"}], True),
        ([{}, ONE], False),
        ([{}, ONE, {"SAF-01": "off"}], False),
        ([{}, TWO, ONE], False),
        ([{}, ONE, {}, TWO], False),
        ([{}, {}, THREE], False),
        # What is at L is not counted, nor what could not be checked.
        ([{}, {"HYG-04": "few"}, {"HYG-02": "mess", "HYG-03": ["some"]}], False),
        ([{}, ONE, {"SAF-01": "off", "SLP-05 ada": "stain", "SLP-02 ada": "told"}], False),
        # A visit that nobody was let in on is not completed.
        ([{}, ONE, {"ACC-01": "refused"}, TWO], True),
        ([{}, {"ACC-01": "refused"}, {"ACC-01": "in", **TWO}], False),
    ],
)
def test_items_at_s_over_three_completed_visits_running(family, visits, fires):
    home = family()
    for at, said in zip(DAYS, visits, strict=False):
        home.visit(at, said)
    assert bool(home.fired("R13")) == fires


@pytest.mark.parametrize(
    ("visits", "fires"),
    [
        # One item, about more and more children.
        ([{}, {"SLP-05 ada": "wet"}, {"SLP-05 ada": "wet", "SLP-05 ben": "wet"}], True),
        # More items, though first about two children.
        ([{"SLP-05 ada": "wet", "SLP-05 ben": "wet"}, {"SLP-05 ada": "wet"} | ONE, THREE], True),
        ([{}, {"SLP-05 ada": "wet"}, {"SLP-05 ben": "wet"}], False),
    ],
)
def test_items_of_the_family_whoever_they_are_about(family, visits, fires):
    home = family(ada="2026-01-10", ben="2025-06-10")
    for at, said in zip(DAYS, visits, strict=False):
        home.visit(at, said)
    assert home.children("R13") == ([("ada", "ben")] if fires else [])


def test_a_report_is_no_visit(family):
    home = family()
    home.visit(DAYS[0], {})
    home.report(DAYS[1], "gp", ONE)
    home.visit(DAYS[2], TWO)
    assert not home.fired("R13")
    between = family()
    between.visit(DAYS[0], {})
    between.visit(DAYS[1], ONE)
    between.report(DAYS[2], "gp", {"HYG-02": "mess"})
    between.visit(DAYS[3], TWO, agency="social_care")
    assert between.fired("R13")


def test_what_a_late_answer_completes(family):
    home = family()
    home.report(DAYS[0], "gp", {"HYG-02": "ok"})
    home.report(DAYS[2], "gp", {"HYG-02": "filthy"})
    home.report(DAYS[1], "gp", {"HYG-02": "mess"}, received="2026-03-10T09:00")
    assert home.raised("R13") == [(DAYS[2], "2026-03-10T09:00")]
    assert home.fired("R13")[0].late


@pytest.mark.parametrize(
    ("at", "one", "five"),
    [
        ("2026-03-04T10:30", "2026-03-05T17:00", "2026-03-11T17:00"),
        ("2026-04-02T18:00", "2026-04-07T17:00", "2026-04-13T17:00"),
        ("2026-03-28T22:30", "2026-03-30T17:00", "2026-04-07T17:00"),
        ("2026-12-24T10:30", "2026-12-29T17:00", "2027-01-05T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, one, five):
    home = family()
    home.report("2026-02-20T10:00", "gp", {"HYG-02": "ok"})
    home.report("2026-02-21T10:00", "gp", {"HYG-02": "mess"})
    home.report(at, "gp", {"HYG-02": "filthy"})
    assert home.required("R13") == {"review_run team_manager": one, "next_visit visitor": five}
