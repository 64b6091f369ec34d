"""R11: the same concern on three dates within 60 days; and what late events add."""

from __future__ import annotations

import pytest


def wet(home, *days, item="SLP-05 ada", answer="wet"):
    for day in days:
        home.visit(f"{day}T10:30", {item: answer})


def test_three_dates_within_60_days(family):
    home = family()
    wet(home, "2026-03-02", "2026-03-20")
    assert not home.fired("R11")
    wet(home, "2026-05-01")  # 60 days after the first
    (escalation,) = home.fired("R11")
    assert [e.event for e in escalation.evidence] == ["e1", "e2", "e3"]
    assert escalation.because.endswith(
        "(SLP-05) about ada, seen on 2 March, 20 March and 1 May 2026 by health visiting: "
        "three dates within 60 days."
    )


def test_61_days_is_too_long(family):
    home = family()
    wet(home, "2026-03-02", "2026-03-20", "2026-05-02")
    assert not home.fired("R11")


def test_one_date_counts_once(family):
    home = family()
    wet(home, "2026-03-02", "2026-03-20")
    home.visit("2026-03-20T16:00", {"SLP-05 ada": "wet"})
    assert not home.fired("R11")


def test_low_answers_count_and_any_agency_and_child(family):
    home = family(ada="2026-01-10", ben="2023-01-10")
    home.visit("2026-03-02T10:30", {"SLP-05 ada": "clean"})
    home.report("2026-03-03T10:30", "hospital", {"SLP-05 ben": "wet"})
    home.visit("2026-03-04T10:30", {"SLP-05 ada": "foul"}, agency="social_care")
    assert not home.fired("R11")  # clean is level N
    home.visit("2026-03-05T10:30", {"SLP-05 ada": "stain"})
    assert home.fired("R11")[0].children == ("ben", "ada")


@pytest.mark.parametrize(
    ("items", "fires"),
    [
        (("HYG-02", "HYG-03", "HYG-04"), True),
        (("SAF-01", "SAF-02", "SAF-03"), False),
    ],
)
def test_cleanliness_is_one_concern_and_other_items_are_each_their_own(family, items, fires):
    low = {"HYG-02": "mess", "HYG-03": ["some"], "HYG-04": "few"}
    low |= {"SAF-01": "lim", "SAF-02": ["alarm"], "SAF-03": "brief"}
    home = family()
    for day, item in zip(("02", "03", "04"), items, strict=True):
        home.visit(f"2026-03-{day}T10:30", {item: low[item]})
    assert bool(home.fired("R11")) == fires


def test_getting_in_and_working_together_do_not_count(family):
    home = family()
    for day in ("02", "03", "04"):
        home.visit(f"2026-03-{day}T10:30", {"ACC-04": ["putoff"], "ENG-03": "guard"})
    assert not home.fired("R11")


def test_one_happening_reported_by_two_agencies_counts_once(family):
    home = family()
    wet(home, "2026-03-02")
    home.report("2026-03-10T10:00", "hospital", {"SLP-05 ada": "wet"}, ref="attendance-7")
    home.report("2026-03-11T10:00", "gp", {"SLP-05 ada": "wet"}, ref="attendance-7")
    assert not home.fired("R11")
    home.report("2026-03-12T10:00", "gp", {"SLP-05 ada": "wet"}, ref="attendance-8")
    assert home.fired("R11")


def test_a_happening_counts_on_the_date_that_makes_one_more(family):
    home = family()
    wet(home, "2026-03-02", "2026-03-10")
    home.report("2026-03-10T12:00", "hospital", {"SLP-05 ada": "wet"}, ref="attendance-7")
    assert not home.fired("R11")
    home.report("2026-03-11T10:00", "gp", {"SLP-05 ada": "wet"}, ref="attendance-7")
    assert home.fired("R11")


def test_what_is_told_counts_too(family):
    home = family()
    for day in ("02", "03", "04"):
        home.visit(f"2026-03-{day}T10:30", {"SLP-05 ada": ("wet", "told_by_parent")})
    assert home.fired("R11")


def test_a_late_visit_completes_a_run_and_says_it_is_late(family):
    home = family()
    wet(home, "2026-03-02", "2026-03-20")
    home.visit("2026-03-10T10:30", {"SLP-05 ada": "wet"}, received="2026-03-22T09:00")
    (escalation,) = home.fired("R11")
    assert escalation.late
    assert f"{escalation.raised_at:%d}" == "20"
    assert f"{escalation.received_at:%d}" == "22"


def test_a_late_visit_makes_a_moved_one_count(family):
    home = family()
    moved = {"ACC-01": "out", "ACC-02": "drop"}
    home.visit("2026-03-20T10:30", moved)
    assert home.rules() == set()
    home.visit("2026-03-02T10:30", moved, received="2026-03-21T09:00")
    (escalation,) = home.fired("R04")
    assert [e.event for e in escalation.evidence] == ["e1"]


def test_windows_use_the_london_calendar(family):
    home = family()
    home.visit("2026-03-28T23:30", {"SLP-05 ada": "wet"})
    home.visit("2026-03-29T00:30", {"SLP-05 ada": "wet"})  # the clocks go forward at 01:00
    home.visit("2026-03-29T02:30", {"SLP-05 ada": "wet"})
    assert not home.fired("R11")
    home.visit("2026-03-30T00:10", {"SLP-05 ada": "wet"})
    assert home.fired("R11")
