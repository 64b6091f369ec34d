"""Clocks: working days over every kind of holiday, real hours over clock changes, ages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import packs
from shared.clocks import (
    LONDON,
    Clock,
    add_working_days,
    at_five,
    clock_to_doc,
    day_of,
    due,
    last_day,
    months_old,
    parse_clock,
    runs_out_within_a_year,
    turns,
    under_months,
)

DAYS = st.dates(date(2019, 1, 1), date(2028, 6, 30))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-04-02", 1, "2026-04-07"),  # Maundy Thursday: over Good Friday and Easter Monday
        ("2026-08-29", 1, "2026-09-01"),  # a Saturday before a bank holiday Monday
        ("2027-12-24", 1, "2027-12-29"),  # Christmas on a Saturday, two substitute days
        ("2026-03-30", 15, "2026-04-22"),
        ("2025-11-24", 45, "2026-01-29"),
        ("2026-04-20", 45, "2026-06-24"),
        ("2026-03-25", 10, "2026-04-10"),
        ("2026-12-07", 20, "2027-01-07"),
        ("2022-09-16", 1, "2022-09-20"),  # the State Funeral
        ("2023-05-05", 1, "2023-05-09"),  # the coronation
    ],
)
def test_working_days(start, days, end):
    at = datetime.fromisoformat(start + "T10:00").replace(tzinfo=LONDON)
    found = due(Clock("working_days", days), at, packs.holidays())
    assert found == at_five(date.fromisoformat(end))
    assert (found.hour, found.minute, found.tzinfo) == (17, 0, LONDON)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-28T18:00+00:00", 24, "2026-03-29T19:00+01:00"),
        ("2026-03-29T00:30+00:00", 4, "2026-03-29T05:30+01:00"),
        ("2026-10-24T18:00+01:00", 24, "2026-10-25T17:00+00:00"),
        ("2026-10-25T00:30+01:00", 4, "2026-10-25T03:30+00:00"),
    ],
)
def test_elapsed_hours_are_real_ones_over_a_clock_change(start, hours, end):
    clock = Clock("elapsed", timedelta(hours=hours))
    found = due(clock, datetime.fromisoformat(start), packs.holidays())
    assert found.isoformat(timespec="minutes") == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-02-03T10:30+00:00", "2026-02-03T23:59+00:00"),
        ("2026-02-03T19:59+00:00", "2026-02-03T23:59+00:00"),
        ("2026-02-03T20:00+00:00", "2026-02-04T00:00+00:00"),
        ("2026-07-03T23:30+00:00", "2026-07-04T23:59+01:00"),  # already the 4th in London
        ("2026-03-28T22:30+00:00", "2026-03-29T03:30+01:00"),  # four real hours, one skipped
        ("2026-10-24T22:30+01:00", "2026-10-25T01:30+00:00"),  # four real hours, one twice
    ],
)
def test_the_same_day_is_never_less_than_four_hours(start, end):
    found = due(Clock("same_day"), datetime.fromisoformat(start), packs.holidays())
    assert found.isoformat(timespec="minutes") == end


@given(DAYS, st.integers(0, 60))
def test_working_days_agree_with_counting_one_at_a_time(day, n):
    found = add_working_days(day, n, packs.holidays())
    between = (day + timedelta(days=i) for i in range(1, (found - day).days + 1))
    assert sum(packs.holidays().is_working_day(each) for each in between) == n
    assert n == 0 or packs.holidays().is_working_day(found)


@given(st.datetimes(datetime(2019, 1, 1), datetime(2028, 6, 30), timezones=st.just(UTC)))
def test_every_clock_ends_after_it_starts(start):
    for clock in (Clock("same_day"), Clock("working_days", 1), Clock("elapsed", timedelta(1))):
        assert due(clock, start, packs.holidays()) > start


def test_the_table_is_whole_and_tells_when_it_runs_out():
    table = packs.holidays()
    assert len(table.dates) == 83
    assert table.last == date(2028, 12, 26)
    assert all(each.weekday() < 5 for each in table.dates)
    assert not runs_out_within_a_year(table, date(2027, 12, 26))
    assert runs_out_within_a_year(table, date(2027, 12, 27))
    assert runs_out_within_a_year(table, date(2029, 1, 1))


@pytest.mark.parametrize(
    "doc",
    [
        {"elapsed": {"minutes": 0}},
        {"elapsed": {"hours": 24}},
        {"elapsed": {"days": 3}},
        {"same_day": True},
        {"working_days": 2},
    ],
)
def test_a_clock_is_read_and_written(doc):
    clock = parse_clock(doc)
    assert parse_clock(clock_to_doc(clock)) == clock


@pytest.mark.parametrize(
    "doc",
    [
        None,
        {},
        {"working_days": 0},
        {"working_days": True},
        {"working_days": 1.5},
        {"working_days": 10**9},
        {"same_day": False},
        {"elapsed": {"hours": -1}},
        {"elapsed": {"hours": 1, "minutes": 1}},
        {"elapsed": {"weeks": 1}},
        {"elapsed": {"hours": 1}, "same_day": True},
    ],
)
def test_anything_else_is_no_clock(doc):
    with pytest.raises(ValueError):
        parse_clock(doc)


@pytest.mark.parametrize(
    ("born", "day", "months"),
    [
        ("2026-01-10", "2027-01-09", 11),
        ("2026-01-10", "2027-01-10", 12),
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-31", "2026-03-01", 1),
        ("2024-02-29", "2025-02-28", 11),
        ("2026-05-01", "2026-04-30", -1),
    ],
)
def test_age_in_calendar_months(born, day, months):
    assert months_old(date.fromisoformat(born), date.fromisoformat(day)) == months


def test_a_child_not_yet_born_is_under_no_age():
    assert not under_months(date(2026, 5, 1), date(2026, 4, 30), 12)
    assert under_months(date(2026, 5, 1), date(2027, 4, 30), 12)
    assert not under_months(date(2026, 5, 1), date(2027, 5, 1), 12)


def test_the_day_is_that_of_london():
    assert day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("doc", "clock"),
    [
        ({"same_day": True}, Clock("same_day")),
        ({"working_days": 2}, Clock("working_days", 2)),
        ({"calendar_days": 28}, Clock("calendar_days", 28)),
        ({"elapsed": {"minutes": 90}}, Clock("elapsed", timedelta(minutes=90))),
        ({"elapsed": {"hours": 24}}, Clock("elapsed", timedelta(hours=24))),
        # Ten years and a little is the longest.
        ({"working_days": 3660}, Clock("working_days", 3660)),
        ({"calendar_days": 3660}, Clock("calendar_days", 3660)),
        ({"elapsed": {"days": 3660}}, Clock("elapsed", timedelta(days=3660))),
        ({"elapsed": {"hours": 87840}}, Clock("elapsed", timedelta(days=3660))),
        ({"elapsed": {"minutes": 5270400}}, Clock("elapsed", timedelta(days=3660))),
    ],
)
def test_what_each_clock_is_read_as(doc, clock):
    assert parse_clock(doc) == clock


ONE_OF = (
    "a clock is one of {elapsed: {hours: 1}} (or minutes, days), {same_day: true}, "
    "{working_days: 2}, {calendar_days: 28}"
)


@pytest.mark.parametrize(
    ("doc", "words"),
    [
        ({"working_days": 3661}, "working_days is a whole number from 1 to 3660"),
        ({"calendar_days": 0}, "calendar_days is a whole number from 1 to 3660"),
        ({"elapsed": {"days": 3661}}, "days is a whole number from 0 to 3660"),
        ({"elapsed": {"hours": 87841}}, "hours is a whole number from 0 to 87840"),
        ({"elapsed": {"minutes": 5270401}}, "minutes is a whole number from 0 to 5270400"),
        ({"elapsed": 3}, ONE_OF),
        ({"lasts": {"hours": 1}}, ONE_OF),
        ({"fortnights": 1}, ONE_OF),
    ],
)
def test_what_is_wrong_with_a_clock_is_said_in_words(doc, words):
    with pytest.raises(ValueError) as raised:
        parse_clock(doc)
    assert str(raised.value) == words


def test_no_working_day_after_a_day_is_the_day_whatever_it_is():
    for day in (date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 4)):  # Good Friday is the 3rd
        assert add_working_days(day, 0, packs.holidays()) == day


def test_only_a_clock_of_days_has_a_last_day():
    day = date(2026, 4, 2)
    assert last_day(Clock("calendar_days", 3), day, packs.holidays()) == date(2026, 4, 5)
    with pytest.raises(TypeError, match=r"^same_day does not count days$"):
        last_day(Clock("same_day"), day, packs.holidays())


@pytest.mark.parametrize(
    ("born", "months", "day"),
    [
        ("2026-01-10", 3, "2026-04-10"),
        ("2026-01-10", 12, "2027-01-10"),
        ("2026-10-10", 3, "2027-01-10"),
        ("2025-08-31", 6, "2026-03-01"),
        ("2023-08-31", 18, "2025-03-01"),
        ("2026-03-31", 1, "2026-05-01"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29"),
    ],
)
def test_the_day_a_child_turns_so_many_months(born, months, day):
    born, day = date.fromisoformat(born), date.fromisoformat(day)
    assert turns(born, months) == day
    assert (months_old(born, day - timedelta(days=1)), months_old(born, day)) == (
        months - 1,
        months,
    )
