"""When a thing is due: real hours, the same day, or working days, all in Europe/London."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_FIVE = time(17, 0)
_LAST_MINUTE = time(23, 59)
_SAME_DAY_AT_LEAST = timedelta(hours=4)
_UNITS = ("minutes", "hours", "days")
_MOST_DAYS = 3660
_EPOCH, _FOREVER = date(1990, 1, 1), date(2150, 1, 1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """Bank holidays of England and Wales, given as data; `last` is the latest day in the table."""

    dates: frozenset[date]
    last: date

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is a Monday to Friday that is no bank holiday in the table."""
        return day.weekday() < 5 and day not in self.dates


@dataclass(frozen=True, slots=True)
class Clock:
    """How long there is. `amount`: a timedelta (elapsed), a number of days, None (same_day)."""

    kind: Literal["elapsed", "same_day", "working_days", "calendar_days"]
    amount: timedelta | int | None = None


def parse_clock(doc: object) -> Clock:
    """Read a clock: {"elapsed": {"hours": 1}}, {"same_day": true}, {"working_days": 2} and so on.

    Raises ValueError, in words for the author of a rule, for anything else.
    """
    if isinstance(doc, Mapping) and len(doc) == 1:
        ((kind, amount),) = doc.items()
        if kind == "same_day" and amount is True:
            return Clock("same_day")
        if kind in ("working_days", "calendar_days"):
            return Clock(kind, _count(amount, kind, least=1))
        if kind == "elapsed" and isinstance(amount, Mapping) and len(amount) == 1:
            ((unit, number),) = amount.items()
            if unit in _UNITS:
                return Clock("elapsed", timedelta(**{unit: _count(number, unit, least=0)}))
    raise ValueError(
        "a clock is one of {elapsed: {hours: 1}} (or minutes, days), {same_day: true}, "
        "{working_days: 2}, {calendar_days: 28}"
    )


def _count(number: object, unit: str, *, least: int) -> int:
    most = _MOST_DAYS * {"minutes": 1440, "hours": 24}.get(unit, 1)
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        raise ValueError(f"{unit} is a whole number from {least} to {most}")
    return number


def clock_to_doc(clock: Clock) -> dict[str, object]:
    """Return the document that `parse_clock` reads back as the same clock."""
    if isinstance(clock.amount, timedelta):
        return {"elapsed": {"minutes": int(clock.amount.total_seconds()) // 60}}
    if clock.amount is not None:
        return {clock.kind: clock.amount}
    return {"same_day": True}


def due(clock: Clock, start: datetime, holidays: Holidays) -> datetime:
    """Return when a clock that started at `start` (aware) runs out, in Europe/London.

    The day of the start is day 0. Elapsed hours are real ones, through nights, holidays and
    clock changes, so they are counted in UTC. The same day lasts until 23:59, and never less
    than four real hours. Working days end at 17:00.
    """
    if isinstance(clock.amount, timedelta):
        return _later(start, clock.amount)
    if clock.amount is not None:
        return at_five(last_day(clock, day_of(start), holidays))
    midnight = datetime.combine(day_of(start), _LAST_MINUTE, LONDON)
    soonest = _later(start, _SAME_DAY_AT_LEAST)
    return max(midnight, soonest, key=datetime.timestamp)


def _later(start: datetime, amount: timedelta) -> datetime:
    return (start.astimezone(UTC) + amount).astimezone(LONDON)


def day_of(moment: datetime) -> date:
    """Return the date in Europe/London of an aware moment."""
    return moment.astimezone(LONDON).date()


def at_five(day: date) -> datetime:
    """Return 17:00 Europe/London on a day."""
    return datetime.combine(day, _FIVE, LONDON)


def add_working_days(day: date, n: int, holidays: Holidays) -> date:
    """Return the nth working day after a day, whatever kind of day it is; n = 0 is the day."""
    if n <= 0:
        return day
    days = _working_days(holidays)
    place = bisect_right(days, day.toordinal()) + n - 1
    return date.fromordinal(days[place])


@lru_cache(maxsize=8)
def _working_days(holidays: Holidays) -> array[int]:
    """Every working day there can be a clock over, so that the nth after another is one look."""
    first, last = _EPOCH.toordinal(), _FOREVER.toordinal()
    closed = {day.toordinal() for day in holidays.dates}
    # Day 1 of the calendar was a Monday.
    return array("l", (n for n in range(first, last) if (n - 1) % 7 < 5 and n not in closed))


def last_day(clock: Clock, day: date, holidays: Holidays) -> date:
    """Return the last day of a clock of working or calendar days that started on a day."""
    if not isinstance(clock.amount, int):
        raise TypeError(f"{clock.kind} does not count days")
    if clock.kind == "working_days":
        return add_working_days(day, clock.amount, holidays)
    return day + timedelta(days=clock.amount)


def runs_out_within_a_year(holidays: Holidays, today: date) -> bool:
    """Tell whether the table ends under 12 months ahead, so that someone must bring it up to date.

    One-off holidays are announced late, so the table is loaded and never computed.
    """
    return months_old(today, holidays.last) < 12


def months_old(born: date, day: date) -> int:
    """Return the age in whole calendar months on a day; negative before birth.

    A child born on the 31st turns a month older on the 1st where the month has no such day.
    """
    months = (day.year - born.year) * 12 + day.month - born.month
    return months - (day.day < born.day)


def turns(born: date, months: int) -> date:
    """Return the day on which a child becomes so many calendar months old; see `months_old`."""
    years, month = divmod(born.month - 1 + months, 12)
    try:
        return born.replace(year=born.year + years, month=month + 1)
    except ValueError:  # no such day: the first of the next month, which every year has
        return date(born.year + years, month + 2, 1)


def under_months(born: date, day: date, n: int) -> bool:
    """Tell whether a child is born and under n calendar months old on a day."""
    return 0 <= months_old(born, day) < n
