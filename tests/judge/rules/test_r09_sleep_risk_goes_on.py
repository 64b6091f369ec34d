"""R09, the same sleep item again after advice: twice running, or at S on two dates in 60 days."""

from __future__ import annotations

import pytest

# Two events running that answered the item. The first at which no event may fire is left out.
RUNNING = [
    ("SLP-01 ada", ["sib"], ["sib"], True),
    ("SLP-01 ada", ["seat"], ["sib", "own"], True),
    ("SLP-01 ada", ["adultbed"], ["adultbed"], False),  # a matter for advice
    ("SLP-01 ada", ["adultbed", "own"], ["adultbed"], False),
    ("SLP-02 ada", "one", "one", True),
    ("SLP-02 ada", "both", "one", False),
    ("SLP-03 ada", "med", "med", True),
    ("SLP-04 ada", "cover", "cover", True),
    ("SLP-05 ada", "stain", "stain", True),
    ("SLP-05 ada", "stain", "wet", True),
    ("SLP-05 ada", "wet", "stain", True),
    ("SLP-05 ada", "wet", "clean", False),
    ("SLP-05 ada", "clean", "wet", False),
    ("SLP-06 ada", ["toy"], ["loose", "pet"], True),
    ("SLP-07 ada", ["plain"], ["plain"], False),
    ("SLP-07 ada", ["tired"], ["tired", "plain"], False),
    ("SLP-07 ada", ["small"], ["smoke", "plain"], True),
    ("SLP-08 ada", "night", "night", True),
    ("SLP-09 ada", 15.0, 22.0, True),
    ("SLP-09 ada", 15.0, 18.0, False),
    ("SLP-10 ada", ["hat"], ["swad"], True),
    ("SLP-11", ["in"], ["out", "in"], True),
    ("SLP-11", ["out"], ["out"], False),  # below S, a matter for advice
    ("SLP-11", ["preg"], ["in"], False),
    ("SLP-12 ada", "vague", "vague", True),
    ("FED-01 ada", "part", "part", False),
    ("SAF-04 ada", "long", "long", False),
    ("HLT-04 ada", "delay", "delay", False),
]


@pytest.mark.parametrize(("item", "first", "second", "fires"), RUNNING)
def test_on_two_events_running(family, item, first, second, fires):
    home = family()
    home.visit("2026-03-02T10:30", {item: first})
    assert not home.fired("R09")
    home.visit("2026-03-09T10:30", {item: second})
    assert home.evidence("R09") == ({f"e1 {item}", f"e2 {item}"} if fires else set())


@pytest.mark.parametrize(
    ("days", "fires"),
    [
        ([("2026-03-02", "stain"), ("2026-03-02", "stain")], True),  # two events of one day
        ([("2025-03-02", "stain"), ("2026-03-09", "stain")], True),  # however far apart
        ([("2026-03-02", "stain"), ("2026-03-05", "clean"), ("2026-03-09", "stain")], False),
        ([("2026-03-02", "stain"), ("2026-03-05", None), ("2026-03-09", "stain")], True),
        # What could not be checked is never taken for better.
        ([("2026-03-02", "stain"), ("2026-03-05", "unk"), ("2026-03-09", "stain")], True),
        # At S on two dates within 60 days, whatever was answered in between.
        ([("2026-03-02", "wet"), ("2026-03-05", "clean"), ("2026-03-09", "foul")], True),
        ([("2026-03-02", "wet"), ("2026-03-05", "clean"), ("2026-05-01", "wet")], True),
        ([("2026-03-02", "wet"), ("2026-03-05", "clean"), ("2026-05-02", "wet")], False),
        ([("2026-11-20", "wet"), ("2026-12-05", "clean"), ("2027-01-19", "wet")], True),
        ([("2026-11-20", "wet"), ("2026-12-05", "clean"), ("2027-01-20", "wet")], False),
        ([("2026-03-02", "wet"), ("2026-03-02", "clean"), ("2026-03-02", "wet")], False),
        ([("2026-03-02", "wet"), ("2026-03-05", "clean"), ("2026-03-09", "stain")], False),
    ],
)
def test_what_lies_between(family, days, fires):
    home = family()
    for hour, (day, answer) in enumerate(days):
        home.visit(f"{day}T{9 + hour:02}:30", {"SLP-05 ada": answer} if answer else {})
    assert bool(home.fired("R09")) == fires


@pytest.mark.parametrize(
    ("item", "answer", "better"),
    [
        ("SLP-01 ada", ["sofa"], ["own"]),
        ("SLP-01 ada", ["adultbed", "none"], ["bedside"]),
        *[("SLP-07 ada", [each], ["never"]) for each in ("smoke", "alc", "drug", "small")],
        *[("SLP-07 ada", ["plain", each], ["never"]) for each in ("clutter", "sofa", "tonight")],
        ("SLP-11", ["in"], ["none"]),
    ],
)
def test_what_is_significant_counts_either_way(family, item, answer, better):
    """Running, however far apart; and on two dates, though it was better in between."""
    running, dates = family(ada="2025-10-10"), family(ada="2025-10-10")
    running.visit("2026-01-02T10:30", {item: answer})
    running.visit("2026-05-02T10:30", {item: answer})
    assert running.fired("R09")
    for day, said in (("02", answer), ("03", better), ("04", answer)):
        dates.visit(f"2026-03-{day}T10:30", {item: said})
    assert dates.fired("R09")


@pytest.mark.parametrize(
    ("item", "answers", "fires"),
    [
        ("SLP-01 ada", (["sib"], ["adultbed"], ["sib"]), True),
        ("SLP-07 ada", (["small"], ["plain", "tired"], ["small"]), True),
        ("SLP-11", (["in"], ["out"], ["in"]), True),
        ("SLP-01 ada", (["sib"], ["adultbed"], ["adultbed"]), False),
        ("SLP-01 ada", (["sib"], ["own"], ["sib"]), False),
    ],
)
def test_a_matter_for_advice_is_passed_over(family, item, answers, fires):
    """It does not count, and it is no sign that the risk is gone either."""
    home = family(ada="2025-10-10")
    for month, answer in zip(("01", "03", "05"), answers, strict=True):
        home.visit(f"2026-{month}-10T10:30", {item: answer})
    assert bool(home.fired("R09")) == fires


def test_two_dates_by_the_london_calendar(family):
    home = family()
    home.visit("2026-03-29T23:30", {"SLP-05 ada": "wet"})  # 22:30 in UTC
    home.visit("2026-03-29T23:40", {"SLP-05 ada": "clean"})
    home.visit("2026-03-30T00:30", {"SLP-05 ada": "wet"})  # 23:30 of the day before in UTC
    assert home.evidence("R09") == {"e1 SLP-05 ada", "e3 SLP-05 ada"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"SLP-05 ada": "wet"}, {"SLP-05 ben": "wet"}),  # another child
        ({"SLP-05 ada": "wet"}, {"SLP-06 ada": ["pillow"]}),  # another item
        ({"SLP-05 ada": "wet", "SLP-05 ben": "wet"}, {}),  # one event
    ],
)
def test_another_child_or_item_is_not_the_same(family, first, second):
    home = family(ada="2026-01-10", ben="2025-12-10")
    home.visit("2026-03-02T10:30", first)
    home.visit("2026-03-09T10:30", second)
    assert not home.fired("R09")


def test_from_visits_and_reports_of_any_agency_on_any_basis(family):
    home = family()
    home.report("2026-03-02T10:30", "gp", {"SLP-10 ada": (["hat"], "told_by_parent")})
    home.visit("2026-03-09T10:30", {"SLP-10 ada": ["swad"]}, agency="social_care")
    assert home.evidence("R09") == {"e1 SLP-10 ada", "e2 SLP-10 ada"}
    home.report("2026-03-10T10:30", "hospital", {"SLP-10 ada": ["hat"]})
    assert "e3 SLP-10 ada" in home.evidence("R09")


def test_each_child_by_herself(family):
    home = family(ada="2026-01-10", ben="2025-12-10")
    for day in ("02", "09"):
        home.visit(f"2026-03-{day}T10:30", {"SLP-05 ada": "stain", "SLP-05 ben": "stain"})
    assert home.children("R09") == [("ada",), ("ben",)]


def test_for_the_child_and_smoke_for_all_children(family):
    home = family(ada="2026-01-10", ben="2023-01-10")
    for day in ("02", "09"):
        home.visit(f"2026-03-{day}T10:30", {"SLP-05 ben": "stain"})
    assert home.children("R09") == [("ben",)]  # a mattress is asked about up to five years
    smoke = family(ada="2026-01-10", ben="2023-01-10")
    for day in ("02", "09"):
        smoke.visit(f"2026-03-{day}T10:30", {"SLP-11": ["in"]})
    assert smoke.children("R09") == [("ada", "ben")]


def test_what_a_late_event_completes_or_stands_between(family):
    home = family()
    home.visit("2026-03-09T10:30", {"SLP-05 ada": "stain"})
    home.visit("2026-03-02T10:30", {"SLP-05 ada": "stain"}, received="2026-03-10T09:00")
    assert home.raised("R09") == [("2026-03-09T10:30", "2026-03-10T09:00")]
    home.visit("2026-03-05T10:30", {"SLP-05 ada": "clean"}, received="2026-03-11T09:00")
    assert len(home.fired("R09")) == 1  # nothing is taken back


@pytest.mark.parametrize(
    ("at", "five", "ten"),
    [
        ("2026-03-02T10:30", "2026-03-09T17:00", "2026-03-16T17:00"),
        ("2026-04-02T19:59", "2026-04-13T17:00", "2026-04-20T17:00"),
        ("2026-03-27T18:30", "2026-04-07T17:00", "2026-04-14T17:00"),
        ("2026-12-23T10:30", "2027-01-04T17:00", "2027-01-11T17:00"),
        ("2026-10-24T22:30", "2026-10-30T17:00", "2026-11-06T17:00"),
    ],
)
def test_what_it_requires_of_whom_and_by_when(family, at, five, ten):
    home = family()
    home.visit(f"{at[:10]}T09:00", {"SLP-05 ada": "stain"})
    home.visit(at, {"SLP-05 ada": "stain"})
    assert home.required("R09") == {
        "joint_visit team_manager": five,
        "written_sleep_plan visitor": five,
        "referral_decision team_manager": ten,
    }
    assert home.fired("R09")[0].level == "S"
