"""Times, durations and ages read as a person would say them, on the London clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.web import words
from shared.clocks import LONDON, Clock
from shared.facts import Child

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "today 14:05"),
        (NOW - timedelta(hours=14, minutes=5), "today 00:00"),
        (NOW - timedelta(hours=14, minutes=6), "yesterday 23:59"),
        (NOW + timedelta(days=1), "tomorrow 14:05"),
        (NOW - timedelta(days=2), "Fri 20 Nov 14:05"),
        (NOW - timedelta(days=400), "18 Oct 2025 15:05"),
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC), "Wed 1 Jul 10:00"),
    ],
)
def test_a_moment_is_told_on_the_london_clock(at: datetime, said: str) -> None:
    assert words.moment(at, NOW) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=125), "2 hours 5 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1, hours=3, minutes=59), "1 day 3 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=1200, hours=4), "1,200 days"),
        (-timedelta(minutes=40), "40 minutes"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert words.duration(length) == said


def test_due_times_are_overdue_soon_or_later() -> None:
    soon = words.due(NOW + timedelta(minutes=35), NOW)
    assert (soon.moment, soon.relative, soon.state) == ("today 14:40", "in 35 minutes", "soon")
    over = words.due(NOW - timedelta(hours=4, minutes=10), NOW)
    assert (over.relative, over.state) == ("4 hours 10 minutes overdue", "overdue")
    assert words.due(NOW + timedelta(hours=3), NOW).state == "later"
    assert words.due(NOW, NOW).state == "soon"


def test_a_due_time_across_the_clock_change_is_told_in_real_hours() -> None:
    # On 25 October 2026 London's clocks go back at 02:00: 01:30 to 02:30 is two hours.
    before = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    after = datetime(2026, 10, 25, 2, 30, tzinfo=LONDON)
    assert words.due(after.astimezone(UTC), before.astimezone(UTC)).relative == "in 2 hours"


@pytest.mark.parametrize(
    ("child", "said"),
    [
        (Child(id="a", born=date(2026, 11, 22)), "born today"),
        (Child(id="a", born=date(2026, 11, 9)), "13 days old"),
        (Child(id="a", born=date(2026, 10, 1)), "7 weeks old"),
        (Child(id="a", born=date(2026, 8, 19)), "3 months old"),
        (Child(id="a", born=date(2024, 3, 2)), "2 years 8 months old"),
        (Child(id="a", born=date(2023, 11, 22)), "3 years old"),
        (Child(id="a", due=date(2027, 1, 5)), "unborn, due 5 January 2027"),
        (Child(id="a"), "unborn"),
    ],
)
def test_a_childs_age_is_told_as_people_say_it(child: Child, said: str) -> None:
    assert words.age(child, date(2026, 11, 22)) == said


def test_a_clock_is_told_as_the_time_it_gives() -> None:
    assert words.allowed(Clock("elapsed", timedelta(0))) == "at once"
    assert words.allowed(Clock("elapsed", timedelta(hours=1))) == "within 1 hour"
    assert words.allowed(Clock("same_day")) == "the same day"
    assert words.allowed(Clock("working_days", 2)) == "within 2 working days"


def test_lists_are_joined_as_in_a_sentence() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_every_level_has_a_word_of_its_own() -> None:
    told = [words.level(code) for code in "ISLUN-"]
    assert len(set(told)) == len(told)
    assert "score" not in " ".join(told).lower()
