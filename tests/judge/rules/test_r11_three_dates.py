"""R11, the same concern at L or above on three dates within 60 days."""

from __future__ import annotations

import pytest

WET = {"SLP-05 ada": "wet"}


def seen(home, *days, said=WET):
    for day in days:
        home.visit(f"{day}T10:30", said)


@pytest.mark.parametrize(
    ("days", "fires"),
    [
        (["2026-03-02", "2026-03-20"], False),
        (["2026-03-02", "2026-03-20", "2026-05-01"], True),  # 60 days after the first
        (["2026-03-02", "2026-03-20", "2026-05-02"], False),
        (["2026-03-02", "2026-03-03", "2026-03-04"], True),
        (["2026-03-02", "2026-03-20", "2026-03-20"], False),  # one date counts once
        (["2026-11-20", "2026-12-31", "2027-01-19"], True),
        (["2026-11-20", "2026-12-31", "2027-01-20"], False),
        (["2024-01-01", "2024-02-29", "2024-03-01"], True),  # a leap year
        (["2024-01-01", "2024-02-29", "2024-03-02"], False),
        (["2026-09-01", "2026-10-25", "2026-10-31"], True),
    ],
)
def test_three_dates_within_60_days(family, days, fires):
    home = family()
    seen(home, *days[:-1])
    assert not home.fired("R11")
    seen(home, days[-1])
    assert home.evidence("R11") == (
        {f"e{n} SLP-05 ada" for n in range(1, len(days) + 1)} if fires else set()
    )


def test_what_is_too_old_is_no_evidence_and_a_fourth_date_joins(family):
    home = family()
    seen(home, "2026-01-05", "2026-03-02", "2026-03-20", "2026-03-30")
    assert home.evidence("R11") == {f"e{n} SLP-05 ada" for n in (2, 3, 4)}
    seen(home, "2026-04-10")
    assert len(home.fired("R11")) == 1
    assert home.evidence("R11") == {f"e{n} SLP-05 ada" for n in (2, 3, 4, 5)}


def test_dates_are_those_of_the_london_calendar(family):
    home = family()
    for at in ("2026-03-28T23:30", "2026-03-29T00:30", "2026-03-29T02:30"):
        home.visit(at, WET)  # the clocks go forward at 01:00
    assert not home.fired("R11")
    home.visit("2026-03-30T00:10", WET)  # still the 29th in UTC
    assert home.fired("R11")


# Each section that counts: three answers on three dates, and whether they are one concern.
CONCERNS = [
    (("HYG-01 ada", ["grub"]), ("HYG-02", "mess"), ("HYG-04", "few"), True),
    (("HYG-02", "mess"), ("HYG-03", ["some"]), ("HYG-02", "filthy"), True),
    (("FED-01 ada", "part"), ("FED-03", "low"), ("FED-04 ada", "late"), True),
    (("FED-02 ada", "help"), ("FED-02 ada", "wrong"), ("FED-01 ada", "dirty"), True),
    (("HYG-02", "mess"), ("HYG-03", ["some"]), ("FED-03", "low"), False),
    (("SAF-01", "lim"), ("SAF-02", ["alarm"]), ("SAF-03", "brief"), False),
    (("SLP-05 ada", "wet"), ("SLP-06 ada", ["toy"]), ("SLP-04 ada", "cover"), False),
    (("CHD-02 ada", "patchy"), ("CHD-03 ada", "clumsy"), ("CHD-05 ada", "followed"), False),
    (("HLT-04 ada", "delay"), ("HLT-05 ada", 1.0), ("HLT-06 ada", "wait"), False),
    (("PAR-04 mother", "strain"), ("PAR-04 father", "over"), ("PAR-04 mother", "strain"), True),
    (("PAR-02 mother", "away"), ("PAR-04 mother", "strain"), ("PAR-05", "past"), False),
    (("CHD-05 ada", "followed"), ("CHD-05 ada", "followed"), ("CHD-05 ada", "behind"), True),
    (("SAF-04 ada", "long"), ("SAF-04 ada", "long"), ("SAF-04 ada", "long"), True),
    (("HLT-05 ada", 1.0), ("HLT-05 ada", 1.0), ("HLT-05 ada", 1.0), True),
    (("PAR-06", "new"), ("PAR-06", "new"), ("PAR-06", "new"), True),
    # Getting in and working together do not count, nor what is well or could not be checked.
    (("ACC-01", "part"), ("ACC-01", "part"), ("ACC-01", "part"), False),
    (("ACC-01", "refused"), ("ACC-01", "hide"), ("ACC-01", "refused"), False),
    (("ACC-04", ["no"]), ("ACC-04", ["no"]), ("ACC-04", ["no"]), False),
    (("ENG-03", "guard"), ("ENG-03", "guard"), ("ENG-03", "guard"), False),
    (("ENG-05 ada", "S"), ("ENG-05 ada", "S"), ("ENG-05 ada", "S"), False),
    (("SLP-05 ada", "wet"), ("SLP-05 ada", "clean"), ("SLP-05 ada", "stain"), False),
    (("SLP-05 ada", "wet"), ("SLP-05 ada", "unk"), ("SLP-05 ada", "stain"), False),
    (("HLT-02 ada", "nroll"), ("HLT-02 ada", "nroll"), ("HLT-02 ada", "nroll"), False),
]


@pytest.mark.parametrize(("first", "second", "third", "fires"), CONCERNS)
def test_what_is_the_same_concern(family, first, second, third, fires):
    home = family()
    for day, (item, answer) in zip(("02", "03", "04"), (first, second, third), strict=True):
        home.visit(f"2026-03-{day}T10:30", {item: answer})
    assert bool(home.fired("R11")) == fires


def test_any_agency_basis_and_child(family):
    home = family(ada="2026-01-10", ben="2023-01-10", cam="2021-01-10")
    home.visit("2026-03-02T10:30", {"SLP-05 ada": ("stain", "told_by_parent")})
    home.report("2026-03-03T10:30", "hospital", {"SLP-05 ben": "wet"})
    home.visit("2026-03-04T10:30", {"SLP-05 ada": "foul"}, agency="social_care")
    assert home.children("R11") == [("ada", "ben")]
    assert home.fired("R11")[0].level == "S"


@pytest.mark.parametrize(
    ("reports", "fires"),
    [
        ([("2026-03-10", "7"), ("2026-03-11", "7")], False),  # one happening counts once
        ([("2026-03-10", "7"), ("2026-03-11", "8")], True),
        ([("2026-03-10", "7"), ("2026-03-11", None)], True),
        ([("2026-03-02", "7"), ("2026-03-11", "7")], False),
    ],
)
def test_one_happening_reported_by_two_agencies_counts_once(family, reports, fires):
    home = family()
    seen(home, "2026-03-02")
    for agency, (day, ref) in zip(("hospital", "gp"), reports, strict=True):
        home.report(f"{day}T12:00", agency, WET, ref=ref)
    assert bool(home.fired("R11")) == fires


def test_three_happenings_each_reported_twice_are_three_where_three_dates_are_theirs(family):
    """The third can only be counted on the 4th, since the others need the 2nd and the 3rd."""
    home = family()
    for ref in ("third", "first", "second"):
        home.report("2026-03-02T10:00", "hospital", WET, ref=ref)
    for ref in ("first", "second"):
        home.report("2026-03-03T10:00", "gp", WET, ref=ref)
    assert not home.fired("R11")
    home.report("2026-03-04T10:00", "gp", WET, ref="third")
    assert home.fired("R11")


def test_it_counts_on_the_date_that_makes_one_more(family):
    home = family()
    seen(home, "2026-03-02", "2026-03-10")
    home.report("2026-03-10T12:00", "hospital", WET, ref="attendance-7")
    assert not home.fired("R11")
    home.report("2026-03-11T10:00", "gp", WET, ref="attendance-7")
    assert home.fired("R11")


def test_neither_a_decision_nor_a_closed_case_empties_the_window(family):
    home = family()
    seen(home, "2026-03-02", "2026-03-03")
    home.decide("2026-03-03T12:00", "R26", "e1")
    home.rule_on("2026-03-03T12:00", "close_concern", item="SLP-05", about="ada", basis="seen")
    request = home.ask("2026-03-04T10:00")
    home.decide("2026-03-04T12:00", "R17", request, role="service_manager")
    seen(home, "2026-03-20")
    assert home.fired("R11")


def test_what_a_late_visit_completes(family):
    home = family()
    seen(home, "2026-03-02", "2026-03-20")
    home.visit("2026-03-10T10:30", WET, received="2026-03-22T09:00")
    assert home.raised("R11") == [("2026-03-20T10:30", "2026-03-22T09:00")]
    assert home.fired("R11")[0].late


def test_it_says_what_was_counted(family):
    home = family()
    seen(home, "2026-03-02", "2026-03-20", "2026-05-01")
    assert home.fired("R11")[0].because.endswith(
        "(SLP-05) about ada, seen on 2 March, 20 March and 1 May 2026 by health visiting: "
        "three dates within 60 days."
    )


@pytest.mark.parametrize(
    ("days", "at", "one", "ten"),
    [
        (["2026-03-02", "2026-03-03"], "2026-03-04T10:30", "2026-03-05T17:00", "2026-03-18T17:00"),
        (["2026-03-02", "2026-03-03"], "2026-04-02T21:30", "2026-04-07T17:00", "2026-04-20T17:00"),
        (["2026-03-02", "2026-03-03"], "2026-03-28T22:30", "2026-03-30T17:00", "2026-04-14T17:00"),
        (["2026-12-02", "2026-12-03"], "2026-12-24T10:30", "2026-12-29T17:00", "2027-01-12T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, days, at, one, ten):
    home = family()
    seen(home, *days)
    home.visit(at, WET)
    assert home.required("R11") == {
        "review_run team_manager": one,
        "neglect_tool visitor": ten,
        "multi_agency_meeting team_manager": ten,
    }
